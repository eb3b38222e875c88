/** Where a picture lies on a canvas that shows the whole of it. */

export interface Fit {
  scale: number;
  x: number;
  y: number;
  w: number;
  h: number;
}

/** Return how a picture of w x h is shown whole in a box, in pixels of the box. */
export function contain(w: number, h: number, boxW: number, boxH: number): Fit {
  const scale = Math.min(boxW / w, boxH / h);
  return { scale, x: (boxW - w * scale) / 2, y: (boxH - h * scale) / 2, w: w * scale, h: h * scale };
}

/** Return a point of the picture in pixels of the box; mirrored as the picture is. */
export function onBox(fit: Fit, x: number, y: number, mirror: boolean): [number, number] {
  const across = x * fit.scale;
  return [fit.x + (mirror ? fit.w - across : across), fit.y + y * fit.scale];
}
