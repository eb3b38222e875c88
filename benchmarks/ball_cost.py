"""What finding the gym ball costs beside the pose model.

    python benchmarks/ball_cost.py CLIP... [--max-side 640] [--json FILE]

Every frame goes through the pose estimator and then, with its pose, through the ball finder, in one run and one thread
of calls. Printed are milliseconds a frame of each, spread over all frames, and their ratio. The first frame of a clip
loads models and is left out; so is the first picture of the process in which a ball is looked for, because OpenCV makes
its colour tables then. That is paid once and printed first.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from formcheck.errors import FormcheckError
from formcheck.sight.ball import BallFinder, find_ball
from formcheck.sight.models.store import resolve_model
from formcheck.sight.pose.estimator import MediaPipePose
from formcheck.sight.video.source import open_source


def cost(clip: Path, model: Path, max_side: int) -> dict[str, float | str]:
    """Run one clip and return milliseconds a frame."""
    pose_s: list[float] = []
    ball_s: list[float] = []
    found = 0
    finder = BallFinder()
    with MediaPipePose(model) as estimator, open_source(clip, max_side=max_side) as source:
        for frame in source:
            a = time.perf_counter()
            pose = estimator.estimate(frame.t, frame.image)
            b = time.perf_counter()
            ball = finder.update(frame.t, frame.image, pose)
            c = time.perf_counter()
            pose_s.append(b - a)
            ball_s.append(c - b)
            found += ball is not None
    pose_ms, ball_ms = (1e3 * statistics.fmean(s[1:] or s) for s in (pose_s, ball_s))
    return {
        "clip": clip.stem,
        "frames": float(len(ball_s)),
        "found": found / max(len(ball_s), 1),
        "pose_ms": pose_ms,
        "ball_ms": ball_ms,
        "ball_worst_ms": 1e3 * max(ball_s[1:] or ball_s),
        "ratio": ball_ms / pose_ms,
    }


def warm_up() -> float:
    """Look for a ball in a grey picture and return how long that took (ms)."""
    start = time.perf_counter()
    find_ball(np.full((180, 320, 3), 128, np.uint8))
    return 1e3 * (time.perf_counter() - start)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("clips", nargs="+", type=Path)
    parser.add_argument("--model", type=Path, help="a .task bundle (default: the package's own)")
    parser.add_argument("--max-side", type=int, default=640)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args(argv)
    try:
        model = options.model or resolve_model(quiet=True)
        once = warm_up()
        print(f"once a process: {once:.0f} ms", flush=True)
        rows = []
        for clip in options.clips:
            rows.append(r := cost(clip, model, options.max_side))
            print(
                f"{r['clip']!s:32} {r['frames']:5.0f} frames  found {r['found']:.2f}  pose {r['pose_ms']:5.1f} ms"
                f"  ball {r['ball_ms']:4.2f} ms (worst {r['ball_worst_ms']:.0f})  {100 * float(r['ratio']):.1f} %",
                flush=True,
            )
    except FormcheckError as e:
        print(e, file=sys.stderr)
        return 1
    share = sum(float(r["ball_ms"]) * float(r["frames"]) for r in rows)
    share /= sum(float(r["pose_ms"]) * float(r["frames"]) for r in rows)
    print(f"all: the ball costs {100 * share:.1f} % of the pose")
    if options.json:
        options.json.write_text(
            json.dumps({"clips": rows, "once_ms": once, "ratio": share}, indent=1) + "\n", encoding="utf-8"
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
