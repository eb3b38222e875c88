import { expect, test } from "vitest";

import { frameItem, pictureItem } from "../src/net/items";

const frame = { t: 12.5, w: 640, h: 360, luma: 201.6, speaking: false };

test("a frame in which nobody was found is a head of 24 bytes", () => {
  const view = new DataView(frameItem(7, { ...frame, pose: null }));
  expect(view.byteLength).toBe(24);
  expect([view.getUint8(0), view.getUint8(1)]).toEqual([1, 0]);
  expect([view.getUint16(2, true), view.getUint16(4, true)]).toEqual([640, 360]);
  expect([view.getUint8(6), view.getUint8(7)]).toEqual([202, 255]);
  expect(view.getUint32(8, true)).toBe(7);
  expect(view.getFloat64(16, true)).toBe(12.5);
});

test("landmarks, world landmarks and the picture for the ball follow in this order", () => {
  const pose = { image: new Float32Array(132).fill(2), world: new Float32Array(132).fill(-3) };
  pose.image[131] = 0.25;
  const view = new DataView(frameItem(1, { ...frame, luma: null, pose, speaking: true, small: new Uint8Array([9, 8]) }));
  expect(view.byteLength).toBe(24 + 2 * 528 + 2);
  expect(view.getUint8(1)).toBe(1 + 2 + 4);
  expect(view.getUint8(6)).toBe(255);
  expect(view.getFloat32(24, true)).toBe(2);
  expect(view.getFloat32(24 + 524, true)).toBe(0.25);
  expect(view.getFloat32(552, true)).toBe(-3);
  expect([view.getUint8(1080), view.getUint8(1081)]).toEqual([9, 8]);
});

test("a picture follows its head", () => {
  const data = new Uint8Array(pictureItem(3, frame, new Uint8Array([1, 2, 3])));
  expect(data[0]).toBe(2);
  expect([...data.slice(24)]).toEqual([1, 2, 3]);
});
