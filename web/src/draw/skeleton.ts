/** The body on the picture: bones, joints, and rings where something is wrong. */

import type { Fault } from "../net/protocol";
import { at, BONES, JOINTS } from "../pose/landmarks";
import { AMBER, FAULT, INK, NEUTRAL, OK, WHITE } from "./colours";
import { type Fit, onBox } from "./place";

const NAMES = [
  "nose", "left_eye_inner", "left_eye", "left_eye_outer", "right_eye_inner", "right_eye", "right_eye_outer",
  "left_ear", "right_ear", "mouth_left", "mouth_right", "left_shoulder", "right_shoulder", "left_elbow", "right_elbow",
  "left_wrist", "right_wrist", "left_pinky", "right_pinky", "left_index", "right_index", "left_thumb", "right_thumb",
  "left_hip", "right_hip", "left_knee", "right_knee", "left_ankle", "right_ankle", "left_heel", "right_heel",
  "left_foot_index", "right_foot_index",
];
/** Below this a landmark is a guess, and drawn thin. */
const SEEN = 0.5;

export interface Marked {
  /** 33 times x, y, z, visibility, in pixels of the picture. */
  points: Float32Array;
  faults: readonly Fault[];
  /** Whether it is being judged and nothing is wrong. */
  good: boolean;
}

/** Return the numbers of the joints that are at fault. */
export function atFault(faults: readonly Fault[]): Set<number> {
  const out = new Set<number>();
  for (const fault of faults) {
    for (const joint of fault.joints) {
      const i = NAMES.indexOf(joint);
      if (i >= 0) out.add(i);
    }
  }
  return out;
}

export function drawSkeleton(ctx: CanvasRenderingContext2D, fit: Fit, mirror: boolean, body: Marked): void {
  const unit = Math.max(Math.min(fit.h, 0.8 * fit.w), 48);
  const wrong = atFault(body.faults);
  const place = (i: number): { x: number; y: number; seen: boolean } | null => {
    const p = at(body.points, i);
    if (!Number.isFinite(p.x) || !Number.isFinite(p.y) || p.v < 0.1) return null;
    const [x, y] = onBox(fit, p.x, p.y, mirror);
    if (x < -fit.w || x > 2 * fit.w + fit.x || y < -fit.h || y > 2 * fit.h + fit.y) return null;
    return { x, y, seen: p.v >= SEEN };
  };
  ctx.lineCap = "round";
  for (const pass of ["edge", "line"] as const) {
    for (const [a, b] of BONES) {
      const [p, q] = [place(a), place(b)];
      if (!p || !q) continue;
      const bad = wrong.has(a) && wrong.has(b);
      const seen = p.seen && q.seen;
      const width = unit * (seen ? 0.0105 : 0.0055);
      ctx.setLineDash(seen || pass === "edge" ? [] : [unit * 0.012, unit * 0.018]);
      ctx.globalAlpha = pass === "edge" ? 0.45 : seen ? 1 : 0.7;
      ctx.strokeStyle = pass === "edge" ? INK : bad ? FAULT : body.good ? OK : NEUTRAL;
      ctx.lineWidth = pass === "edge" ? width + unit * 0.0056 : width;
      ctx.beginPath();
      ctx.moveTo(p.x, p.y);
      ctx.lineTo(q.x, q.y);
      ctx.stroke();
    }
  }
  ctx.setLineDash([]);
  ctx.globalAlpha = 1;
  for (const i of JOINTS) {
    const p = place(i);
    if (!p?.seen) continue;
    ctx.fillStyle = WHITE;
    ctx.beginPath();
    ctx.arc(p.x, p.y, unit * 0.0105, 0, 2 * Math.PI);
    ctx.fill();
  }
  for (const i of wrong) {
    const p = place(i);
    if (!p) continue;
    for (const [colour, width] of [[INK, 0.017], [FAULT, 0.009]] as const) {
      ctx.strokeStyle = colour;
      ctx.globalAlpha = colour === INK ? 0.5 : 1;
      ctx.lineWidth = unit * width;
      ctx.beginPath();
      ctx.arc(p.x, p.y, unit * 0.05, 0, 2 * Math.PI);
      ctx.stroke();
    }
  }
  ctx.globalAlpha = 1;
}

export function drawBall(ctx: CanvasRenderingContext2D, fit: Fit, mirror: boolean, ball: { x: number; y: number; r: number }): void {
  const [x, y] = onBox(fit, ball.x, ball.y, mirror);
  ctx.strokeStyle = AMBER;
  ctx.lineWidth = Math.max(fit.h * 0.006, 2);
  ctx.setLineDash([10, 8]);
  ctx.beginPath();
  ctx.arc(x, y, ball.r * fit.scale, 0, 2 * Math.PI);
  ctx.stroke();
  ctx.setLineDash([]);
}
