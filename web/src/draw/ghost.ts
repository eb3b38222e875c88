/** The ghost: a translucent outline of the start position, standing where the person should be. */

import type { Ghost } from "../net/protocol";
import { AMBER, INK, OK, WHITE } from "./colours";
import type { Fit } from "./place";

/** Share of the picture that a ghost fills, where its floor lies, and how far it stretches to fit the person. */
const FILLS = 0.64;
const FLOOR = 0.87;
const STRETCH = 1.3;
const GO_S = 0.6;
const WORTH = 0.06;

/** Half widths along a limb, in torso lengths (from ANSUR II, as in the live window). */
const LIMBS: ReadonlyArray<readonly [number, number, number, number]> = [
  [11, 13, 0.125, 0.095], [13, 15, 0.092, 0.062], [15, 19, 0.062, 0.05],
  [12, 14, 0.125, 0.095], [14, 16, 0.092, 0.062], [16, 20, 0.062, 0.05],
  [23, 25, 0.19, 0.13], [25, 27, 0.128, 0.082], [27, 29, 0.08, 0.062], [29, 31, 0.062, 0.05], [27, 31, 0.075, 0.05],
  [24, 26, 0.19, 0.13], [26, 28, 0.128, 0.082], [28, 30, 0.08, 0.062], [30, 32, 0.062, 0.05], [28, 32, 0.075, 0.05],
];
const TRUNK: ReadonlyArray<readonly [number, number]> = [[0, 0.17], [0.25, 0.235], [0.62, 0.19], [1, 0.215]];
const [SHOULDER, WAIST, HIP] = [0.12, 0.09, 0.14];
const [NECK, HEAD, HEAD_LONG] = [0.115, 0.185, 0.235];

type P = [number, number];
const mix = (a: P, b: P, f: number): P => [a[0] + (b[0] - a[0]) * f, a[1] + (b[1] - a[1]) * f];

export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

function head(g: Ghost): P | null {
  const [nose, left, right] = [g.points[0], g.points[7], g.points[8]];
  return nose && left && right ? mix(mix(left, right, 0.5), nose, 0.28) : null;
}

/** Return the sides of a ghost in torso lengths about its hips, ball and floor included. */
export function extent(g: Ghost): Box {
  const box = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  const take = (x: number, y: number, less: number, more: number): void => {
    box.left = Math.min(box.left, x - less);
    box.top = Math.min(box.top, y - less);
    box.right = Math.max(box.right, x + more);
    box.bottom = Math.max(box.bottom, y + more);
  };
  for (const p of g.points) if (p) take(p[0], p[1], 0.15, 0.12);
  const h = head(g);
  if (h) take(h[0], h[1], HEAD_LONG, HEAD_LONG);
  if (g.ball) take(g.ball[0], g.ball[1], g.ball[2], g.ball[2]);
  box.bottom = Math.max(box.bottom, g.floor);
  return box;
}

/** Return the hull of two discs as a path. */
function capsule(path: Path2D, a: P, b: P, r: number, s: number): void {
  const d = Math.hypot(b[0] - a[0], b[1] - a[1]);
  const piece = new Path2D();
  if (d <= Math.abs(r - s)) {
    const [c, radius] = r > s ? [a, r] : [b, s];
    piece.arc(c[0], c[1], radius, 0, 2 * Math.PI);
  } else {
    const angle = Math.atan2(b[1] - a[1], b[0] - a[0]);
    const open = Math.acos((r - s) / d);
    piece.arc(a[0], a[1], r, angle + open, angle - open + 2 * Math.PI);
    piece.arc(b[0], b[1], s, angle - open, angle + open);
    piece.closePath();
  }
  path.addPath(piece);
}

function quad(path: Path2D, corners: ReadonlyArray<readonly [P, number]>): void {
  // The hull of four discs: all pairs as capsules, and what lies between them.
  for (let i = 0; i < corners.length; i++) {
    for (let j = i + 1; j < corners.length; j++) capsule(path, corners[i]![0], corners[j]![0], corners[i]![1], corners[j]![1]);
  }
  const piece = new Path2D();
  const order = [0, 1, 3, 2].map((i) => corners[i]![0]);
  // All pieces go round the same way: two that go against each other would leave a hole where they overlap.
  const area = order.reduce((sum, a, i) => sum + a[0] * order[(i + 1) % 4]![1] - a[1] * order[(i + 1) % 4]![0], 0);
  if (area < 0) order.reverse();
  piece.moveTo(...order[0]!);
  for (const p of order.slice(1)) piece.lineTo(...p);
  piece.closePath();
  path.addPath(piece);
}

/** Return the body of a ghost as one path, in torso lengths about its hips. */
function bodyPath(g: Ghost): Path2D {
  const path = new Path2D();
  const p = (i: number): P | null => g.points[i] ?? null;
  for (const [i, j, r, s] of LIMBS) {
    const [a, b] = [p(i), p(j)];
    if (a && b) capsule(path, a, b, r, s);
  }
  const [ls, rs, lh, rh] = [p(11), p(12), p(23), p(24)];
  if (ls && rs && lh && rh) {
    const [top, low] = [mix(ls, rs, 0.5), mix(lh, rh, 0.5)];
    for (let i = 0; i + 1 < TRUNK.length; i++) {
      const [[f, r], [e, s]] = [TRUNK[i]!, TRUNK[i + 1]!];
      capsule(path, mix(top, low, f), mix(top, low, e), r, s);
    }
    const waist = ([[ls, lh], [rs, rh]] as const).map(([s, h]) => mix(mix(s, h, 0.58), [mix(s, h, 0.58)[0] + low[0] - h[0], mix(s, h, 0.58)[1] + low[1] - h[1]], 0.12));
    quad(path, [[ls, SHOULDER], [rs, SHOULDER], [waist[0]!, WAIST], [waist[1]!, WAIST]]);
    quad(path, [[waist[0]!, WAIST], [waist[1]!, WAIST], [lh, HIP], [rh, HIP]]);
    const h = head(g);
    if (h) {
      capsule(path, mix(top, h, 0.1), h, NECK, NECK);
      const [le, re, lm, rm] = [p(2), p(5), p(9), p(10)];
      const tilt = le && re && lm && rm ? Math.atan2(mix(le, re, 0.5)[1] - mix(lm, rm, 0.5)[1], mix(le, re, 0.5)[0] - mix(lm, rm, 0.5)[0]) : Math.PI / 2;
      const piece = new Path2D();
      piece.ellipse(h[0], h[1], HEAD_LONG, HEAD, tilt, 0, 2 * Math.PI);
      path.addPath(piece);
    }
  }
  return path;
}

/** Where a person is, in pixels of the canvas. */
export interface Whereabouts {
  x: number;
  floor: number;
  torso: number;
}

/** Where one ghost at a time is put together. */
let layer: HTMLCanvasElement | null = null;
/** The outlines that were made. */
const PATHS = new WeakMap<Ghost, Path2D>();

function pathOf(g: Ghost): Path2D {
  let path = PATHS.get(g);
  if (!path) PATHS.set(g, (path = bodyPath(g)));
  return path;
}

/** Draw a ghost with its hips at a point. */
export function paintGhost(
  ctx: CanvasRenderingContext2D,
  g: Ghost,
  hips: { x: number; y: number },
  torso: number,
  flip: boolean,
  good: boolean,
): void {
  layer ??= document.createElement("canvas");
  [layer.width, layer.height] = [ctx.canvas.width, ctx.canvas.height];
  const c = layer.getContext("2d");
  if (!c) return;
  const line = Math.max(0.022 * torso, 1.5);
  const body = new Path2D();
  const flat = new DOMMatrix([flip ? -torso : torso, 0, 0, torso, hips.x, hips.y]);
  body.addPath(pathOf(g), flat);
  const colour = good ? OK : WHITE;
  const box = extent(g);
  // The floor.
  ctx.save();
  ctx.globalAlpha = 0.6;
  ctx.strokeStyle = WHITE;
  ctx.lineWidth = line / 2;
  ctx.beginPath();
  const [left, right] = flip ? [-box.right, -box.left] : [box.left, box.right];
  ctx.moveTo(hips.x + left * torso, hips.y + g.floor * torso);
  ctx.lineTo(hips.x + right * torso, hips.y + g.floor * torso);
  ctx.stroke();
  if (g.ball) {
    const [x, y, r] = [hips.x + (flip ? -1 : 1) * g.ball[0] * torso, hips.y + g.ball[1] * torso, g.ball[2] * torso];
    ctx.beginPath();
    ctx.arc(x, y, r, 0, 2 * Math.PI);
    ctx.fillStyle = AMBER;
    ctx.globalAlpha = 0.26;
    ctx.fill();
    ctx.globalAlpha = 0.92;
    ctx.strokeStyle = AMBER;
    ctx.lineWidth = line;
    ctx.stroke();
  }
  ctx.restore();
  // The rim: the body drawn thick, the body itself taken out of it.
  c.lineJoin = "round";
  for (const [tint, width, alpha] of [[INK, 5 * line, 0.35], [colour, 2 * line, 0.92]] as const) {
    c.clearRect(0, 0, layer.width, layer.height);
    c.globalCompositeOperation = "source-over";
    c.fillStyle = c.strokeStyle = tint;
    c.lineWidth = width;
    c.stroke(body);
    c.fill(body);
    c.globalCompositeOperation = "destination-out";
    c.fill(body);
    ctx.globalAlpha = alpha;
    ctx.drawImage(layer, 0, 0);
  }
  ctx.globalAlpha = 0.3;
  ctx.fillStyle = colour;
  c.clearRect(0, 0, layer.width, layer.height);
  c.globalCompositeOperation = "source-over";
  c.fillStyle = colour;
  c.fill(body);
  ctx.drawImage(layer, 0, 0);
  ctx.globalAlpha = 1;
}

/** A ghost that goes to where the person is. */
export class GhostPlace {
  private heading: number;
  private place: Whereabouts | null = null;
  private t: number | null = null;
  private readonly box: Box;

  constructor(readonly ghost: Ghost) {
    this.heading = ghost.heading;
    this.box = extent(ghost);
  }

  /** Draw it. heading: +1 where head or face is to point to the right of the canvas, 0 as before. */
  draw(ctx: CanvasRenderingContext2D, fit: Fit, t: number, heading: number, person: Whereabouts | null, good: boolean): void {
    if (heading) this.heading = heading;
    const flip = this.heading !== this.ghost.heading;
    const [bw, bh] = [this.box.right - this.box.left, this.box.bottom - this.box.top];
    const own = Math.min((FILLS * fit.w) / bw, (FILLS * fit.h) / bh);
    let aim: Whereabouts = { x: fit.x + fit.w / 2, floor: fit.y + FLOOR * fit.h, torso: own };
    if (person) {
      const torso = Math.min(Math.max(person.torso, own / STRETCH), own * STRETCH, (0.94 * fit.w) / bw, (0.86 * fit.h) / bh);
      const offset = ((this.box.left + this.box.right) / 2) * torso * (flip ? -1 : 1);
      const half = (bw * torso) / 2;
      const clip = (v: number, low: number, high: number): number => Math.min(Math.max(v, low), high);
      aim = {
        x: clip(person.x + offset, fit.x + half + 0.02 * fit.w, fit.x + fit.w - half - 0.02 * fit.w),
        floor: clip(person.floor + 0.1 * torso, fit.y + bh * torso + 0.08 * fit.h, fit.y + 0.96 * fit.h),
        torso,
      };
    }
    const now = this.place ?? aim;
    const far = Math.max(Math.abs(aim.x - now.x) / fit.w, Math.abs(aim.floor - now.floor) / fit.h, Math.abs(Math.log(aim.torso / now.torso)));
    const share = far > WORTH ? 1 - Math.exp(-Math.max(this.t === null ? 99 : t - this.t, 0) / GO_S) : 0;
    this.t = t;
    this.place = {
      x: now.x + (aim.x - now.x) * share,
      floor: now.floor + (aim.floor - now.floor) * share,
      torso: now.torso + (aim.torso - now.torso) * share,
    };
    const { x, floor, torso } = this.place;
    const offset = ((this.box.left + this.box.right) / 2) * torso * (flip ? -1 : 1);
    paintGhost(ctx, this.ghost, { x: x - offset, y: floor - this.box.bottom * torso }, torso, flip, good);
  }
}
