"""What the whole analysis costs beyond the pose model alone.

    python benchmarks/pose_overhead.py CLIP... [--repeat N] [--json FILE]

In one run, by turns, on the same clips: (a) a bare loop that decodes the clip with PyAV and gives each frame to
MediaPipe's pose landmarker in VIDEO mode, nothing else; (b) formcheck's analysis without video and page. Printed are
frames a second of each, and the median over pairs of (b)'s time a frame by (a)'s. Opening the clip and loading the
model count in both; importing the packages and the first, cold run of each do not.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

PACKAGES = ("formcheck", "mediapipe", "av", "numpy", "opencv-contrib-python")


@dataclass(frozen=True)
class Timed:
    """One pass over a clip: seconds from the call to the last frame, and the frames that went through."""

    seconds: float
    frames: int

    @property
    def per_frame(self) -> float:
        """Seconds a frame."""
        return self.seconds / self.frames


@dataclass(frozen=True)
class Pair:
    """The bare loop and the analysis on the same clip, one after the other."""

    clip: str
    bare: Timed
    full: Timed

    @property
    def ratio(self) -> float:
        """Time of the analysis by that of the bare loop, a frame."""
        return self.full.per_frame / self.bare.per_frame


Pass = Callable[[Path], Timed]


def bare_pass(model: Path, max_side: int) -> Pass:
    """Return a pass that only decodes and runs the pose model.

    Parameters
    ----------
    model : path
        A ``.task`` bundle.
    max_side : int
        Larger frames are made this large while they are converted, as the analysis does.
    """
    import av
    import mediapipe as mp
    import numpy as np
    from mediapipe.tasks.python import BaseOptions, vision

    def run(clip: Path) -> Timed:
        start = time.perf_counter()
        options = vision.PoseLandmarkerOptions(
            base_options=BaseOptions(model_asset_path=str(model)), running_mode=vision.RunningMode.VIDEO, num_poses=1
        )
        frames, last = 0, -1
        with vision.PoseLandmarker.create_from_options(options) as landmarker, av.open(str(clip)) as container:
            container.streams.video[0].thread_type = "AUTO"
            for frame in container.decode(video=0):
                scale = min(1.0, max_side / max(frame.width, frame.height))
                size = {"width": round(frame.width * scale), "height": round(frame.height * scale)}
                rgb = frame.reformat(**size, format="rgb24").to_ndarray()
                turns = round((getattr(frame, "rotation", 0) or 0) / 90) % 4
                image = mp.Image(mp.ImageFormat.SRGB, np.ascontiguousarray(np.rot90(rgb, turns)))
                last = max(last + 1, int((frame.time or 0.0) * 1000))
                landmarker.detect_for_video(image, last)
                frames += 1
        return Timed(time.perf_counter() - start, frames)

    return run


def full_pass(exercise: str | None) -> Pass:
    """Return a pass of formcheck's analysis, without video and page.

    Parameters
    ----------
    exercise : str, optional
        Otherwise it comes from the truth file beside the clip or from the clip's name.
    """
    from formcheck.analysis import analyze_clip

    def run(clip: Path) -> Timed:
        name = exercise or exercise_of(clip)
        start = time.perf_counter()
        analysis = analyze_clip(clip, name, video=False)
        return Timed(time.perf_counter() - start, analysis.frames)

    return run


def exercise_of(clip: Path) -> str:
    """Return the exercise that a clip shows, by its truth file, else the longest id that its name starts with."""
    truth = clip.with_suffix(".json")
    if truth.is_file():
        return str(json.loads(truth.read_text(encoding="utf-8-sig"))["exercise"])
    from formcheck.exercises import exercises

    fitting = [i for i in exercises() if clip.stem.startswith(i)]
    if not fitting:
        raise SystemExit(f"{clip}: cannot tell the exercise: give it with -e")
    return str(max(fitting, key=len))


def measure(
    clips: Sequence[Path], bare: Pass, full: Pass, repeat: int, said: Callable[[Pair], None] | None = None
) -> list[Pair]:
    """Run both passes by turns on each clip, changing which goes first, so that a slow drift of the machine cancels.

    Parameters
    ----------
    clips : sequence of paths
        What to run on.
    bare, full : callables
        Take a clip and return what the pass took.
    repeat : int
        Pairs a clip.
    said : callable, optional
        Called with each pair.
    """
    bare(clips[0])
    full(clips[0])
    pairs = []
    for turn in range(repeat):
        for place, clip in enumerate(clips):
            if (turn + place) % 2 == 0:
                a = bare(clip)
                b = full(clip)
            else:
                b = full(clip)
                a = bare(clip)
            if not a.frames or not b.frames:
                raise SystemExit(f"{clip}: no frames (bare {a.frames}, analysis {b.frames})")
            pairs.append(Pair(clip.name, a, b))
            if said:
                said(pairs[-1])
    return pairs


def machine() -> dict[str, Any]:
    """Return what the figures depend on."""
    cpu = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.is_file():
        names = [
            line.split(":", 1)[1].strip() for line in info.read_text().splitlines() if line.startswith("model name")
        ]
        cpu = names[0] if names else cpu
    versions = {}
    for package in PACKAGES:
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            continue
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    load = round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None
    return {
        "cpu": cpu,
        "cores": usable,
        "load_1min": load,
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "packages": versions,
    }


def summary(pairs: Sequence[Pair], facts: dict[str, Any]) -> dict[str, Any]:
    """Return the figures as plain JSON values."""

    def rate(passes: Sequence[Timed]) -> float:
        return round(sum(p.frames for p in passes) / sum(p.seconds for p in passes), 2)

    ratios = sorted(p.ratio for p in pairs)
    return {
        "schema": "formcheck.pose-overhead/1",
        "machine": facts,
        "bare_frames_per_s": rate([p.bare for p in pairs]),
        "formcheck_frames_per_s": rate([p.full for p in pairs]),
        "ratio_median": round(statistics.median(ratios), 3),
        "ratio_min": round(ratios[0], 3),
        "ratio_max": round(ratios[-1], 3),
        "same_frames": all(p.bare.frames == p.full.frames for p in pairs),
        "pairs": [{**asdict(p), "ratio": round(p.ratio, 3)} for p in pairs],
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark from the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("clips", nargs="+", type=Path, metavar="CLIP")
    parser.add_argument("--repeat", type=int, default=3, metavar="N", help="pairs a clip (default 3)")
    parser.add_argument("-e", "--exercise", help="otherwise from the truth file beside the clip or from its name")
    parser.add_argument("--model", type=Path, help="a .task bundle; otherwise the installed one")
    parser.add_argument("--max-side", type=int, default=960, help="largest side given to the bare loop (default 960)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures there")
    args = parser.parse_args(arguments)
    missing = [str(c) for c in args.clips if not c.is_file()]
    if missing:
        parser.error("no such clip: " + ", ".join(missing))
    if args.repeat < 1:
        parser.error("--repeat must be 1 or more")

    from formcheck.files import write_json
    from formcheck.pose.store import resolve_model

    facts = machine()
    print(f"{facts['cpu']}, {facts['cores']} cores, load {facts['load_1min']}, {facts['system']}")
    print(f"Python {facts['python']}, " + ", ".join(f"{k} {v}" for k, v in facts["packages"].items()))
    bare = bare_pass(args.model or Path(resolve_model()), args.max_side)

    def say(p: Pair) -> None:
        rates = f"bare {1 / p.bare.per_frame:6.1f}  formcheck {1 / p.full.per_frame:6.1f} frames/s"
        print(f"{p.clip:40s} {p.bare.frames:5d} frames  {rates}  ratio {p.ratio:.3f}", flush=True)

    pairs = measure(args.clips, bare, full_pass(args.exercise), args.repeat, say)
    out = summary(pairs, facts)
    print(f"bare pose loop   {out['bare_frames_per_s']:8.1f} frames/s")
    print(f"formcheck        {out['formcheck_frames_per_s']:8.1f} frames/s")
    spread = f"{out['ratio_min']}–{out['ratio_max']}"
    print(f"ratio of times   {out['ratio_median']:8.3f} median of {len(pairs)} pairs ({spread})")
    if not out["same_frames"]:
        print("note: the analysis did not use every frame; the ratio is of the times a frame")
    if args.json:
        write_json(args.json, out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
