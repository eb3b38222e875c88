/** The binary items that a camera sends (docs/protocol.md, "Items"). */

import type { Pose } from "../pose/landmarks";

export const LANDMARKS = 1;
export const PICTURE = 2;
const POSE = 1;
const SPEAKING = 2;
const BALL = 4;
const HEAD = 24;
const POINTS = 33 * 4 * 4;

export interface Frame {
  t: number;
  w: number;
  h: number;
  luma: number | null;
  pose: Pose | null;
  speaking: boolean;
  /** A small picture in which the computer looks for the ball. */
  small?: Uint8Array | null;
}

/** Return a frame as it goes over the wire, under number n. */
export function frameItem(n: number, frame: Frame): ArrayBuffer {
  const small = frame.small ?? null;
  const length = HEAD + (frame.pose ? 2 * POINTS : 0) + (small?.length ?? 0);
  const view = head(LANDMARKS, n, frame, length, (frame.pose ? POSE : 0) | (small ? BALL : 0));
  if (frame.pose) {
    floats(view, HEAD, frame.pose.image);
    floats(view, HEAD + POINTS, frame.pose.world);
  }
  if (small) new Uint8Array(view.buffer).set(small, length - small.length);
  return view.buffer as ArrayBuffer;
}

/** Return a picture, for the computer to find the body in, as it goes over the wire. */
export function pictureItem(n: number, frame: Omit<Frame, "pose" | "small">, jpeg: Uint8Array): ArrayBuffer {
  const view = head(PICTURE, n, { ...frame, pose: null }, HEAD + jpeg.length, 0);
  new Uint8Array(view.buffer).set(jpeg, HEAD);
  return view.buffer as ArrayBuffer;
}

function head(kind: number, n: number, frame: Frame, length: number, flags: number): DataView {
  const view = new DataView(new ArrayBuffer(length));
  view.setUint8(0, kind);
  view.setUint8(1, flags | (frame.speaking ? SPEAKING : 0));
  view.setUint16(2, frame.w, true);
  view.setUint16(4, frame.h, true);
  view.setUint8(6, frame.luma === null || !Number.isFinite(frame.luma) ? 255 : Math.min(Math.round(frame.luma), 254));
  view.setUint8(7, 255);
  view.setUint32(8, n, true);
  view.setFloat64(16, frame.t, true);
  return view;
}

function floats(view: DataView, offset: number, values: Float32Array): void {
  values.forEach((v, i) => view.setFloat32(offset + 4 * i, v, true));
}
