"""How fast the live coach is: frames a second, and how long from the picture to the screen and to the spoken cue.

    python benchmarks/live_latency.py [--seconds 60] [--clip plane-correct] [--no-window] [--json FILE]

A camera on this machine (MJPEG over HTTP, 640 x 480, 30 pictures a second, in a process of its own) plays a sample
video; ``formcheck live`` judges it with the real pose model and shows it in a real window (set DISPLAY; Xvfb will do).
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import platform
import sys
import threading
import time
from collections.abc import Iterator
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path

import cv2
import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from formcheck.coaching.coach.plan import single_plan  # noqa: E402
from formcheck.judging.exercises import exercises  # noqa: E402
from formcheck.live.app import Live, LiveOptions  # noqa: E402
from formcheck.sight.video.source import open_source  # noqa: E402
from tests.sight.camera.mjpeg_server import MjpegServer, encode_jpeg  # noqa: E402

SIZE, FPS = (640, 480), 30.0


def pictures(video: Path) -> list[bytes]:
    """Return the pictures of a video at 30 a second, in 640 x 480, as JPEG."""
    out: list[bytes] = []
    with open_source(video) as source:
        for frame in source:
            h, w = frame.image.shape[:2]
            scale = min(SIZE[0] / w, SIZE[1] / h)
            small = cv2.resize(frame.image, (round(w * scale), round(h * scale)))
            whole = np.full((SIZE[1], SIZE[0], 3), 60, np.uint8)
            y, x = (SIZE[1] - small.shape[0]) // 2, (SIZE[0] - small.shape[1]) // 2
            whole[y : y + small.shape[0], x : x + small.shape[1]] = small
            jpeg = encode_jpeg(whole)
            while len(out) <= frame.t * FPS:
                out.append(jpeg)
    return out


def serve(video: Path, pipe: Connection) -> None:
    """Play a video over and over as a network camera."""
    jpegs = pictures(video)

    def endless() -> Iterator[bytes]:
        for i in count():
            yield jpegs[i % len(jpegs)]

    with MjpegServer(jpegs[0]) as server:
        pipe.send(server.url)
        server.play(endless(), FPS)


def main() -> None:
    """Run the benchmark and print its table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--clip", default="plane-correct")
    parser.add_argument("--no-window", action="store_true")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    video = ROOT / "sample_videos" / f"{options.clip}.mp4"
    exercise = next(e for e in exercises() if options.clip.startswith(e))
    ours, theirs = multiprocessing.Pipe()
    camera = multiprocessing.Process(target=serve, args=(video, theirs), daemon=True)
    camera.start()
    app = Live(
        LiveOptions(
            single_plan(exercise, 0),
            camera=ours.recv(),
            window=not options.no_window,
            introduce=False,
            history=False,
        )
    )
    judged: list[float] = []

    def stop_later() -> None:
        while app.result.timings.judged == 0:
            time.sleep(0.05)
        began, before = time.perf_counter(), app.result.timings.judged
        time.sleep(options.seconds)
        judged.append((app.result.timings.judged - before) / (time.perf_counter() - began))
        app.stop()

    threading.Thread(target=stop_later, daemon=True).start()
    app.run()
    camera.terminate()
    timings = app.result.timings
    table = timings.table()
    both = float(np.sum(timings.judging) + np.sum(timings.drawing)) / float(np.sum(timings.inference))
    facts = {
        "clip": options.clip,
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "judged_per_s": round(judged[0], 2),
        "judged": timings.judged,
        "dropped": timings.dropped,
        "judging_and_drawing_to_inference": round(both, 3),
        **table,
    }
    for name, value in facts.items():
        print(f"{name:34s} {value}")
    if options.json is not None:
        options.json.write_text(json.dumps(facts, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
