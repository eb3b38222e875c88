/** Pictures made small enough to be sent. */

const QUALITY = 0.75;

/** Return the size of a picture whose longer side is to be at most so many pixels. */
export function within(w: number, h: number, most: number): [number, number] {
  const k = Math.min(1, most / Math.max(w, h));
  return [Math.max(1, Math.round(w * k)), Math.max(1, Math.round(h * k))];
}

/** Return the whole picture as a JPEG whose longer side is at most so many pixels, null where that cannot be had. */
export async function jpeg(picture: CanvasImageSource, w: number, h: number, most: number): Promise<Uint8Array | null> {
  const [width, height] = within(w, h, most);
  let blob: Blob | null;
  if (typeof OffscreenCanvas === "undefined") {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [width, height];
    drawSmall(canvas.getContext("2d"), picture, width, height);
    blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
  } else {
    const canvas = new OffscreenCanvas(width, height);
    drawSmall(canvas.getContext("2d"), picture, width, height);
    blob = await canvas.convertToBlob({ type: "image/jpeg", quality: QUALITY });
  }
  return blob ? new Uint8Array(await blob.arrayBuffer()) : null;
}

/** Draw a picture smaller, every pixel of it counted: by default browsers leave most of them out, and rims turn ragged. */
function drawSmall(ctx: CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D | null, picture: CanvasImageSource, w: number, h: number): void {
  if (!ctx) return;
  ctx.imageSmoothingEnabled = true;
  ctx.imageSmoothingQuality = "high";
  ctx.drawImage(picture, 0, 0, w, h);
}
