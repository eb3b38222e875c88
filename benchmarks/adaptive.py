"""What looking at fewer frames saves, and whether the results stay the same.

    python benchmarks/adaptive.py CLIP... [--fps 30] [--repeat N] [--json FILE]

Each clip is first coded anew at 30 frames a second (needs ffmpeg), as phones record. In one run, by turns, on the same
clips: (a) a bare loop that decodes each frame and gives it to MediaPipe's pose landmarker; (b) formcheck with every
frame; (c) formcheck with adaptive sampling. Printed are the times of (b) and (c) by that of (a), on the clock and of
the processor (which other work on the machine disturbs less), whether (b) and (c) found the same repetitions and
faults, and how far their joint angles are apart at the moments both looked at.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from passes import bare_pass, exercise_of, machine

ANGLES = tuple(f"{j}_{s}" for j in ("knee", "hip", "elbow", "shoulder", "line") for s in ("left", "right"))


def recoded(clip: Path, fps: float, folder: Path) -> Path:
    """Return the clip coded anew at a frame rate."""
    out = folder / clip.name
    words = ["ffmpeg", "-v", "error", "-y", "-i", str(clip), "-r", f"{fps:g}", "-crf", "18", "-an", str(out)]
    subprocess.run(words, check=True)
    return out


def timed(call: Callable[[], Any]) -> tuple[float, float, Any]:
    """Return the seconds that a call took, on the clock and of the processor, and what it returned."""
    began, cpu = time.perf_counter(), time.process_time()
    out = call()
    return time.perf_counter() - began, time.process_time() - cpu, out


def judged(clip: Path, exercise: str, *, adaptive: bool) -> Any:
    """Return the analysis of a clip."""
    from formcheck.analysis.clip import analyze_clip
    from formcheck.analysis.options import Options

    options = Options(adaptive=adaptive, every_frame=not adaptive)
    return analyze_clip(clip, exercise, options=options, keep_measures=True)


def findings(report: dict[str, Any]) -> tuple[Any, Any]:
    """Return the list of repetitions and the fault ids."""
    reps = [(r.get("block") or r["side"], r["counted"]) for r in report["reps"]]
    return reps, sorted(f["id"] for f in report["faults"])


def apart(full: dict[str, Any], few: dict[str, Any]) -> tuple[float, float]:
    """Return the mean and the 95th percentile of the differences of joint angles (degrees) at the same moments."""
    at = {round(float(t), 3): i for i, t in enumerate(full["t"])}
    pairs = [(at[round(float(t), 3)], k) for k, t in enumerate(few["t"]) if round(float(t), 3) in at]
    i, k = (np.array(x) for x in zip(*pairs, strict=True))
    d = np.concatenate([np.abs(full[n][i] - few[n][k]) for n in ANGLES if n in full and n in few])
    d = d[np.isfinite(d)]
    return float(d.mean()), float(np.percentile(d, 95))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark from the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("clips", nargs="+", type=Path, metavar="CLIP")
    parser.add_argument("--fps", type=float, default=30.0, help="frame rate the clips are coded to (default 30)")
    parser.add_argument("--repeat", type=int, default=1, metavar="N", help="runs of each (default 1)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures there")
    args = parser.parse_args(arguments)
    from formcheck.files import write_json
    from formcheck.sight.models.store import resolve_model

    facts = machine()
    print(f"{facts['cpu']}, {facts['cores']} cores, load {facts['load_1min']}")
    bare = bare_pass(Path(resolve_model()), 960)
    rows = []
    with tempfile.TemporaryDirectory() as temp:
        for n, clip in enumerate(args.clips):
            exercise = exercise_of(clip)
            again = recoded(clip, args.fps, Path(temp))
            if n == 0:  # the first, cold run of each does not count
                judged(again, exercise, adaptive=True)
            runs = []
            for _ in range(args.repeat):
                a = timed(lambda clip=again: bare(clip))  # type: ignore[misc]
                b, c = (
                    timed(lambda clip=again, e=exercise, few=few: judged(clip, e, adaptive=few))  # type: ignore[misc]
                    for few in (False, True)
                )
                runs.append((a, b, c))
            passed, full, few = (x[2] for x in runs[-1])
            mean, high = apart(full.measures, few.measures)

            def ratio(which: int, clock: int, runs: Sequence[Any] = runs) -> float:
                return float(statistics.median(r[which][clock] / r[0][clock] for r in runs))

            row = {
                "clip": clip.stem,
                "frames": passed.frames,
                "used": few.frames,
                "bare_s": statistics.median(r[0][0] for r in runs),
                "every_ratio": ratio(1, 0),
                "adaptive_ratio": ratio(2, 0),
                "every_cpu": ratio(1, 1),
                "adaptive_cpu": ratio(2, 1),
                "same": findings(full.report) == findings(few.report),
                "angles_mean_deg": mean,
                "angles_p95_deg": high,
            }
            rows.append(row)
            print("  ".join(f"{k} {v:.3f}" if isinstance(v, float) else f"{k} {v}" for k, v in row.items()), flush=True)
            if not row["same"]:
                print(f"    every frame: {findings(full.report)}\n    adaptive:    {findings(few.report)}")
    for name in ("every_ratio", "adaptive_ratio", "every_cpu", "adaptive_cpu", "angles_mean_deg"):
        print(f"{name}: median {statistics.median(r[name] for r in rows):.3f}, worst {max(r[name] for r in rows):.3f}")
    print(f"same findings in {sum(r['same'] for r in rows)} of {len(rows)} clips")
    if args.json:
        write_json(args.json, {"schema": "formcheck.adaptive/1", "machine": facts, "fps": args.fps, "clips": rows})
    return 0


if __name__ == "__main__":
    sys.exit(main())
