/** How much a found body looks like a body; the same sums as the computer's own (formcheck/sight/pose/plausibility.py). */

import { at, type Pose } from "./landmarks";

export const MIN_PLAUSIBILITY = 0.5;
const MAX_NECK = 0.95;
/** From joint, to joint, least and most length in shoulder-hip distances. */
const SEGMENTS: ReadonlyArray<readonly [number, number, number, number]> = [
  [23, 25, 0.5, 1.4], [24, 26, 0.5, 1.4], [25, 27, 0.5, 1.4], [26, 28, 0.5, 1.4],
  [11, 13, 0.3, 1.0], [12, 14, 0.3, 1.0], [13, 15, 0.25, 0.95], [14, 16, 0.25, 0.95],
];

type Point = readonly [number, number, number];

function point(points: Float32Array, i: number): Point {
  const p = at(points, i);
  return [p.x, p.y, p.z];
}

const mid = (a: Point, b: Point): Point => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2, (a[2] + b[2]) / 2];
const far = (a: Point, b: Point): number => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);

/** Return 0-1: the share of what should hold of a body that does hold, weighted by visibility. */
export function plausibility(pose: Pose): number {
  const w = pose.world;
  const shoulder = mid(point(w, 11), point(w, 12));
  const hip = mid(point(w, 23), point(w, 24));
  const torso = far(shoulder, hip);
  if (!Number.isFinite(torso) || torso < 0.15) return 0;
  let good = 0;
  let total = 6;
  for (const [from, to, least, most] of SEGMENTS) {
    const weight = 0.2 + Math.min(at(w, from).v, at(w, to).v);
    const length = far(point(w, from), point(w, to)) / torso;
    total += weight;
    if (length >= least && length <= most) good += weight;
  }
  const nose = point(w, 0);
  if (far(nose, shoulder) <= MAX_NECK * torso) good += 2;
  if (far(nose, hip) > 0.7 * torso) good += 2;
  const limits = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 11; i < 29; i++) {
    const p = at(pose.image, i);
    limits[0] = Math.min(limits[0]!, p.x);
    limits[1] = Math.max(limits[1]!, p.x);
    limits[2] = Math.min(limits[2]!, p.y);
    limits[3] = Math.max(limits[3]!, p.y);
  }
  const span = Math.max(limits[1]! - limits[0]!, limits[3]! - limits[2]!);
  if (torsoPx(pose) > 0.08 * span) good += 2;
  const seen = [11, 12, 23, 24].reduce((sum, i) => sum + at(w, i).v, 0) / 4;
  return (good / total) * Math.min(1, 0.4 + 0.9 * seen);
}

/** Length of the trunk in the picture, px. */
export function torsoPx(pose: Pose): number {
  const [a, b, c, d] = [11, 12, 23, 24].map((i) => at(pose.image, i)) as [At, At, At, At];
  return Math.hypot(a.x + b.x - c.x - d.x, a.y + b.y - c.y - d.y) / 2;
}

type At = ReturnType<typeof at>;
