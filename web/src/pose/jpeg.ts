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
    canvas.getContext("2d")?.drawImage(picture, 0, 0, width, height);
    blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
  } else {
    const canvas = new OffscreenCanvas(width, height);
    canvas.getContext("2d")?.drawImage(picture, 0, 0, width, height);
    blob = await canvas.convertToBlob({ type: "image/jpeg", quality: QUALITY });
  }
  return blob ? new Uint8Array(await blob.arrayBuffer()) : null;
}
