/** The start position of an exercise as a small picture. */

import { useEffect, useRef } from "preact/hooks";

import { extent, paintGhost } from "../draw/ghost";
import type { Ghost } from "../net/protocol";

export function GhostPicture({ ghost, wide = false }: { ghost: Ghost | null; wide?: boolean }) {
  const ref = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const canvas = ref.current;
    const ctx = canvas?.getContext("2d");
    if (!canvas || !ctx || !ghost) return undefined;
    const paint = (): void => {
      const { width, height } = canvas.getBoundingClientRect();
      if (!width || !height) return;
      const dense = Math.min(window.devicePixelRatio || 1, 2);
      [canvas.width, canvas.height] = [Math.round(width * dense), Math.round(height * dense)];
      const box = extent(ghost);
      const [w, h] = [box.right - box.left, box.bottom - box.top];
      const torso = Math.min((0.92 * canvas.width) / w, (0.9 * canvas.height) / h);
      const x = canvas.width / 2 - ((box.left + box.right) / 2) * torso;
      const y = canvas.height / 2 - ((box.top + box.bottom) / 2) * torso;
      paintGhost(ctx, ghost, { x, y }, torso, false, false);
    };
    paint();
    const watch = new ResizeObserver(paint);
    watch.observe(canvas);
    return () => watch.disconnect();
  }, [ghost]);
  return ghost ? <canvas ref={ref} class={wide ? "ghost wide" : "ghost"} aria-hidden="true" /> : null;
}
