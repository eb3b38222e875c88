/** The picture with the body on it, and the ghost where one is to be. */

import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";

import { GhostPlace, type Whereabouts } from "../draw/ghost";
import { contain, onBox } from "../draw/place";
import { drawBall, drawRaised, drawSkeleton } from "../draw/skeleton";
import type { Exercise } from "../net/protocol";
import { at, JOINTS } from "../pose/landmarks";
import type { Body, Engine } from "./engine";

/** Seconds for which a body that is no longer found stays on the picture. */
const STAYS_S = 1.2;

interface StageProps {
  engine: Engine;
  video: RefObject<HTMLVideoElement | null>;
  exercise: Exercise | null;
  mirror: boolean;
  label: string;
}

export function Stage({ engine, video, exercise, mirror, label }: StageProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const latest = useRef({ exercise, mirror });
  latest.current = { exercise, mirror };
  useEffect(() => {
    let frame = 0;
    let ghost: GhostPlace | null = null;
    let painted = "";
    const paint = (): void => {
      frame = requestAnimationFrame(paint);
      const c = canvas.current;
      const ctx = c?.getContext("2d");
      if (!c || !ctx) return;
      const now = latest.current;
      // Nothing is painted twice: phones grow warm.
      const old = engine.body !== null && engine.now - engine.body.t >= STAYS_S;
      const what = [engine.body?.t, engine.moment?.n, engine.moment?.t, old, now.mirror, now.exercise?.id, c.clientWidth, c.clientHeight, video.current?.videoWidth].join();
      if (what === painted) return;
      painted = what;
      const dense = Math.min(window.devicePixelRatio || 1, 2);
      const [width, height] = [Math.round(c.clientWidth * dense), Math.round(c.clientHeight * dense)];
      if (c.width !== width || c.height !== height) [c.width, c.height] = [width, height];
      ctx.clearRect(0, 0, width, height);
      const v = video.current;
      const body = engine.body;
      const [w, h] = v?.videoWidth ? [v.videoWidth, v.videoHeight] : body ? [body.w, body.h] : [16, 9];
      const fit = contain(w, h, width, height);
      const { moment } = engine;
      const kind = moment?.scene.kind;
      const there = body && engine.now - body.t < STAYS_S ? body : null;
      if (moment?.scene.ghost && (kind === "setup" || kind === "countdown") && now.exercise?.ghost) {
        if (ghost?.ghost !== now.exercise.ghost) ghost = new GhostPlace(now.exercise.ghost);
        const heading = (moment.setup?.heading ?? 0) * (now.mirror ? -1 : 1);
        ghost.draw(ctx, fit, engine.now, heading, there ? whereabouts(there, fit, now.mirror) : null, moment.scene.ok === true);
      }
      if (there && kind !== "rest" && kind !== "summary" && kind !== "paused" && kind !== "intro") {
        const judged = kind === "work" ? (moment?.judged ?? null) : null;
        drawSkeleton(ctx, fit, now.mirror, { points: there.points, faults: judged?.faults ?? [], bones: judged?.bones ?? [] });
        if (judged?.ball && moment?.size) {
          const k = w / moment.size[0];
          drawBall(ctx, fit, now.mirror, { x: k * judged.ball.x, y: k * judged.ball.y, r: k * judged.ball.r });
        }
      }
      if (moment?.raised && moment.size) {
        const k = w / moment.size[0];
        drawRaised(ctx, fit, now.mirror, [k * moment.raised.hand[0], k * moment.raised.hand[1]], moment.raised.progress);
      }
    };
    paint();
    return () => cancelAnimationFrame(frame);
  }, [engine, video]);
  return (
    <div class="picture" role="img" aria-label={label}>
      {engine.options.role === "camera" ? <video ref={video} class={mirror ? "mirrored" : ""} muted playsInline autoPlay /> : null}
      <canvas ref={canvas} />
    </div>
  );
}

/** Return where a body is on the canvas: the middle of its hips, its lowest joint, its trunk. */
function whereabouts(body: Body, fit: ReturnType<typeof contain>, mirror: boolean): Whereabouts | null {
  const p = (i: number): [number, number] => {
    const q = at(body.points, i);
    return onBox(fit, q.x, q.y, mirror);
  };
  const [ls, rs, lh, rh] = [p(11), p(12), p(23), p(24)];
  const torso = Math.hypot(ls[0] + rs[0] - lh[0] - rh[0], ls[1] + rs[1] - lh[1] - rh[1]) / 2;
  const lows = JOINTS.filter((i) => at(body.points, i).v >= 0.5).map((i) => p(i)[1]);
  if (!lows.length || !(torso > 0)) return null;
  return { x: (lh[0] + rh[0]) / 2, floor: Math.max(...lows), torso };
}
