/** What the page and the thread that finds the body say to each other. */

import type { Delegate } from "./finder";
import type { Pose } from "./landmarks";

export type ToWorker =
  | { kind: "open"; wasm: string; model: Uint8Array; delegate: Delegate | null }
  | { kind: "picture"; picture: ImageBitmap; t: number; small: boolean };

/** A judged picture: t in seconds of the camera, luma 0-255. */
export interface Found {
  kind: "found";
  t: number;
  w: number;
  h: number;
  pose: Pose | null;
  luma: number;
  /** A small JPEG for the ball, where it was asked for. */
  small: Uint8Array | null;
  /** Milliseconds it took. */
  took: number;
}

export type FromWorker =
  | { kind: "ready"; delegate: Delegate }
  | { kind: "unable"; why: string }
  | { kind: "failed"; why: string }
  | Found;
