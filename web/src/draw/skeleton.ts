/** The body on the picture: bones, joints, and rings where something is wrong. */

import type { Bone, Fault } from "../net/protocol";
import { at, BONES, JOINTS } from "../pose/landmarks";
import { AMBER, FAULT, INK, NEUTRAL, OK, UNKNOWN, WHITE } from "./colours";
import { type Fit, onBox } from "./place";

/** Below this a landmark is a guess, and drawn thin. */
const SEEN = 0.5;

export interface Marked {
  /** 33 times x, y, z, visibility, in pixels of the picture. */
  points: Float32Array;
  faults: readonly Fault[];
  bones: readonly Bone[];
}

type State = Bone[2] | "neutral";
const COLOURS: Record<State, string> = { good: OK, bad: FAULT, unknown: UNKNOWN, neutral: NEUTRAL };
/** The one that matters most is drawn last. */
const ORDER: readonly State[] = ["neutral", "unknown", "good", "bad"];

/** Return all lines that are to be drawn, with their states: those that were judged, and the others of a skeleton. */
export function lines(bones: readonly Bone[]): Array<[number, number, State]> {
  const name = (a: number, b: number): string => `${Math.min(a, b)}-${Math.max(a, b)}`;
  const judged = new Map(bones.map((bone) => [name(bone[0], bone[1]), bone]));
  const others = BONES.filter(([a, b]) => !judged.has(name(a, b))).map(([a, b]): [number, number, State] => [a, b, "neutral"]);
  return [...others, ...judged.values()].sort((p, q) => ORDER.indexOf(p[2]) - ORDER.indexOf(q[2]));
}

export function drawSkeleton(ctx: CanvasRenderingContext2D, fit: Fit, mirror: boolean, body: Marked): void {
  const unit = Math.max(Math.min(fit.h, 0.8 * fit.w), 48);
  const place = (i: number): { x: number; y: number; seen: boolean } | null => {
    const p = at(body.points, i);
    if (!Number.isFinite(p.x) || !Number.isFinite(p.y) || p.v < 0.1) return null;
    const [x, y] = onBox(fit, p.x, p.y, mirror);
    if (x < -fit.w || x > 2 * fit.w + fit.x || y < -fit.h || y > 2 * fit.h + fit.y) return null;
    return { x, y, seen: p.v >= SEEN };
  };
  ctx.lineCap = "round";
  for (const [a, b, state] of lines(body.bones)) {
    const [p, q] = [place(a), place(b)];
    if (!p || !q) continue;
    const seen = p.seen && q.seen && state !== "unknown";
    const width = unit * (state === "neutral" || !seen ? 0.0055 : 0.0105);
    for (const pass of ["edge", "line"] as const) {
      ctx.setLineDash(seen || pass === "edge" ? [] : [unit * 0.012, unit * 0.018]);
      ctx.globalAlpha = pass === "edge" ? 0.45 : 1;
      ctx.strokeStyle = pass === "edge" ? INK : COLOURS[state];
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
  for (const i of new Set(body.faults.flatMap((f) => f.joints))) {
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
  const decided = body.faults.find((f) => f.decided && f.joints.length);
  const spot = decided ? place(decided.joints[0]!) : null;
  if (decided?.decided && spot) label(ctx, fit, unit, spot, decided.decided);
}

/** Write a few words beside a joint, within the picture. */
function label(ctx: CanvasRenderingContext2D, fit: Fit, unit: number, at: { x: number; y: number }, text: string): void {
  const px = Math.max(unit * 0.046, 12);
  ctx.font = `600 ${px}px system-ui, sans-serif`;
  ctx.textBaseline = "middle";
  const w = ctx.measureText(text).width + px;
  const h = 1.6 * px;
  const right = at.x + 0.08 * unit + w < fit.x + fit.w;
  const x = right ? at.x + 0.08 * unit : Math.max(at.x - 0.08 * unit - w, fit.x);
  const y = Math.min(Math.max(at.y - h / 2, fit.y), fit.y + fit.h - h);
  ctx.fillStyle = INK;
  ctx.globalAlpha = 0.78;
  ctx.beginPath();
  ctx.roundRect?.(x, y, w, h, h / 4);
  ctx.fill();
  ctx.globalAlpha = 1;
  ctx.fillStyle = WHITE;
  ctx.fillText(text, x + px / 2, y + h / 2);
}

/** Radius and width of the ring round a raised hand, shares of the picture's shorter side (as on the computer's screen). */
const [RAISED, RAISED_WIDTH] = [0.085, 0.024];

/** Draw a ring round a raised hand, full once it was up for long enough; at the edge it stays within the picture. */
export function drawRaised(ctx: CanvasRenderingContext2D, fit: Fit, mirror: boolean, hand: [number, number], share: number): void {
  const side = Math.min(fit.w, fit.h);
  const [r, width] = [Math.max(RAISED * side, 12), Math.max(RAISED_WIDTH * side, 4)];
  const [hx, hy] = onBox(fit, hand[0], hand[1], mirror);
  const room = r + width;
  const x = Math.min(Math.max(hx, fit.x + room), fit.x + fit.w - room);
  const y = Math.min(Math.max(hy, fit.y + room), fit.y + fit.h - room);
  for (const [colour, line, part] of [[INK, 2 * width, 1], [WHITE, width / 3, 1], [OK, width, share]] as const) {
    ctx.strokeStyle = colour;
    ctx.lineWidth = line;
    ctx.beginPath();
    ctx.arc(x, y, r, -Math.PI / 2, -Math.PI / 2 + 2 * Math.PI * Math.min(part, 1));
    ctx.stroke();
  }
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
