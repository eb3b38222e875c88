/** Pictures turned by quarter turns, and the poses found in them turned back. */

import { N_LANDMARKS, type Pose } from "./landmarks";

/** Quarter turns anticlockwise. */
export type Turn = 0 | 1 | 2 | 3;

/** Return a pose found in the turned picture in the coordinates of the picture of size w x h. */
export function turnedBack(pose: Pose, turn: Turn, w: number, h: number): Pose {
  if (turn === 0) return pose;
  const image = pose.image.slice();
  const world = pose.world.slice();
  for (let i = 0; i < N_LANDMARKS; i++) {
    const k = 4 * i;
    const [x, y] = [pose.image[k]!, pose.image[k + 1]!];
    const [wx, wy] = [pose.world[k]!, pose.world[k + 1]!];
    if (turn === 1) {
      [image[k], image[k + 1]] = [w - y, x];
      [world[k], world[k + 1]] = [-wy, wx];
    } else if (turn === 2) {
      [image[k], image[k + 1]] = [w - x, h - y];
      [world[k], world[k + 1]] = [-wx, -wy];
    } else {
      [image[k], image[k + 1]] = [y, h - x];
      [world[k], world[k + 1]] = [wy, -wx];
    }
  }
  return { image, world };
}

/** Draw a picture turned, so that the whole of it fills the canvas, which is resized to hold it. */
export function drawTurned(
  canvas: OffscreenCanvas | HTMLCanvasElement,
  picture: CanvasImageSource,
  w: number,
  h: number,
  turn: Turn,
): void {
  const across = turn % 2 === 1;
  canvas.width = across ? h : w;
  canvas.height = across ? w : h;
  const ctx = canvas.getContext("2d") as CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D | null;
  if (!ctx) throw new Error("no 2D canvas");
  ctx.translate(canvas.width / 2, canvas.height / 2);
  ctx.rotate((-turn * Math.PI) / 2);
  ctx.drawImage(picture, -w / 2, -h / 2, w, h);
}
