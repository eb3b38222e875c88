import { expect, test } from "vitest";

import { within } from "../src/pose/jpeg";
import type { Pose } from "../src/pose/landmarks";
import { mean } from "../src/pose/light";
import { plausibility } from "../src/pose/plausibility";
import { turnedBack } from "../src/pose/turns";

/** A standing body, metres about the hips; pixels are a hundredth of that, moved into the picture. */
function standing(): Pose {
  const joints: Record<number, [number, number]> = {
    0: [0, -0.7], 11: [0.18, -0.5], 12: [-0.18, -0.5], 13: [0.2, -0.2], 14: [-0.2, -0.2], 15: [0.2, 0.05], 16: [-0.2, 0.05],
    23: [0.1, 0], 24: [-0.1, 0], 25: [0.1, 0.42], 26: [-0.1, 0.42], 27: [0.1, 0.84], 28: [-0.1, 0.84],
  };
  const pose = { image: new Float32Array(132), world: new Float32Array(132) };
  for (let i = 0; i < 33; i++) {
    const [x, y] = joints[i] ?? [0, 0];
    pose.world.set([x, y, 0, 1], 4 * i);
    pose.image.set([300 + 100 * x, 200 + 100 * y, 0, 1], 4 * i);
  }
  return pose;
}

test("a standing body is believed, a heap of joints is not", () => {
  expect(plausibility(standing())).toBeGreaterThan(0.95);
  const heap = { image: new Float32Array(132).fill(1), world: new Float32Array(132).fill(0.01) };
  expect(plausibility(heap)).toBe(0);
  const unseen = standing();
  for (let i = 0; i < 33; i++) unseen.world[4 * i + 3] = 0;
  expect(plausibility(unseen)).toBeCloseTo(0.4, 5);
});

test("a point found in a turned picture goes back to where it was", () => {
  const [w, h] = [640, 360];
  const [x, y] = [100, 50];
  // The same point in the picture turned anticlockwise by one, two and three quarter turns.
  const turned = { 1: [y, w - x], 2: [w - x, h - y], 3: [h - y, x] } as const;
  for (const turn of [1, 2, 3] as const) {
    const pose = { image: new Float32Array(132), world: new Float32Array(132) };
    pose.image.set(turned[turn], 0);
    const back = turnedBack(pose, turn, w, h);
    expect([back.image[0], back.image[1]]).toEqual([x, y]);
  }
});

test("brightness is the mean of the colours, whatever the opacity", () => {
  expect(mean(new Uint8ClampedArray([10, 20, 30, 255, 40, 50, 60, 0]))).toBe(35);
});

test("a picture is made smaller, never larger, and keeps its shape", () => {
  expect(within(1280, 720, 160)).toEqual([160, 90]);
  expect(within(90, 120, 160)).toEqual([90, 120]);
});
