"""What the benchmarks share: the bare pose loop, the clip's exercise, and what the figures depend on."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

PACKAGES = ("formcheck", "mediapipe", "av", "numpy", "opencv-contrib-python")


@dataclass(frozen=True)
class Timed:
    """One pass over a clip: seconds from the call to the last frame, and the frames that went through."""

    seconds: float
    frames: int


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


def exercise_of(clip: Path) -> str:
    """Return the exercise that a clip shows, by its truth file, else the longest id that its name starts with."""
    truth = clip.with_suffix(".json")
    if truth.is_file():
        return str(json.loads(truth.read_text(encoding="utf-8-sig"))["exercise"])
    from formcheck.judging.exercises import exercises

    fitting = [i for i in exercises() if clip.stem.startswith(i)]
    if not fitting:
        raise SystemExit(f"{clip}: cannot tell the exercise: name it like plane-anna.mp4, or put <clip>.json beside it")
    return str(max(fitting, key=len))


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


def peak_mb() -> float:
    """Return the most memory this process has had so far, MB."""
    status = Path("/proc/self/status")
    if status.is_file():
        # Not ru_maxrss: that remembers the process which started this one.
        kib = [line.split()[1] for line in status.read_text().splitlines() if line.startswith("VmHWM")]
        return int(kib[0]) * 1024 / 1e6
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def below(pid: int) -> Iterator[int]:
    """Yield the processes below one; none where that cannot be told."""
    with suppress(OSError, ValueError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in map(int, (task / "children").read_text().split()):
                yield child
                yield from below(child)


def children_mb(pid: int) -> float:
    """Return what the processes below one have in memory beside the libraries, which they share with it, MB."""
    kib = 0
    for child in below(pid):
        with suppress(OSError, ValueError):
            lines = Path(f"/proc/{child}/status").read_text().splitlines()
            kib += sum(int(line.split()[1]) for line in lines if line.startswith("RssAnon:"))
    return kib * 1024 / 1e6


def cpu_s() -> float:
    """Return the CPU seconds of this process and of those started here that have ended, and of theirs."""
    return sum(os.times()[:4])


def piece(clip: Path, seconds: float, out: Path) -> Path:
    """Return the first seconds of a clip as a clip of its own (needs ffmpeg)."""
    words = ["ffmpeg", "-v", "error", "-y", "-i", str(clip), "-t", f"{seconds:g}", "-crf", "18", "-an", str(out)]
    subprocess.run(words, check=True)
    return out
