/** How bright a picture is. */

const [W, H] = [32, 24];
let canvas: OffscreenCanvas | HTMLCanvasElement | null = null;

/** Return the mean brightness of a picture, 0-255, as the computer takes it: the mean of the three colours. */
export function brightness(picture: CanvasImageSource): number {
  canvas ??= typeof OffscreenCanvas === "undefined" ? document.createElement("canvas") : new OffscreenCanvas(W, H);
  [canvas.width, canvas.height] = [W, H];
  const ctx = canvas.getContext("2d", { willReadFrequently: true }) as OffscreenCanvasRenderingContext2D | null;
  if (!ctx) return NaN;
  ctx.drawImage(picture, 0, 0, W, H);
  return mean(ctx.getImageData(0, 0, W, H).data);
}

/** Return the mean of the colours of RGBA pixels, the opacity left out. */
export function mean(rgba: Uint8ClampedArray): number {
  let sum = 0;
  for (let i = 0; i < rgba.length; i += 4) sum += rgba[i]! + rgba[i + 1]! + rgba[i + 2]!;
  return sum / (0.75 * rgba.length);
}
