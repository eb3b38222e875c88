"""A long live session in simulated time: memory, threads and the lag of speech, minute by minute.

    python benchmarks/live_soak.py [--minutes 30] [--fps 30]

The judging thread runs as in ``formcheck live`` with a camera that plays the poses of sample videos over and over as
fast as they are taken; every picture is drawn, every utterance goes to a voice of simulated time. Only the pose model
and the screen are left out.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from formcheck.analysis.options import Options
from formcheck.analysis.track import make_track
from formcheck.coaching.coach.phrases import Phrases
from formcheck.coaching.coach.plan import Plan, Step
from formcheck.coaching.coach.workout import Workout
from formcheck.coaching.voice.utterances import Utterance, speech_seconds
from formcheck.judging.session.session import Session
from formcheck.live.judging import JudgeLoop
from formcheck.live.painter import Painter
from formcheck.sight.camera.camera import CameraFrame
from formcheck.sight.pose.types import Pose, Track

ROOT = Path(__file__).resolve().parents[1]
CLIPS = ("plane-correct", "swan-neck-back", "toe-squat-correct")


def memory_mb() -> float:
    """Return the resident memory of this process (MB)."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        return pages * resource.getpagesize() / 1e6
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


@dataclass
class Voice:
    """Speaks in simulated time: an utterance lasts as long as it would, and only one can wait."""

    until: float = 0.0
    now: float = 0.0
    said: int = 0
    worst_late_s: float = 0.0

    @property
    def speaking(self) -> bool:
        """Whether it is speaking now."""
        return self.now < self.until

    def say(self, utterance: Utterance, now: float) -> None:
        """Say it if it may still begin when the one before is over."""
        begins = max(self.until, now)
        if begins - utterance.t <= utterance.good_for_s:
            self.until = begins + speech_seconds(utterance.text)
            self.said += 1
            self.worst_late_s = max(self.worst_late_s, begins - utterance.t)

    def hush(self) -> None:
        """Fall silent."""
        self.until = self.now


class Poses:
    """A camera and an estimator in one: pictures without content, and the poses that belong to them."""

    dropped = 0
    message = ""
    state = "live"
    retry_in = None
    persons = None

    def __init__(self, tracks: list[Track], minutes: float, fps: float, voice: Voice) -> None:
        self._items = self._played(tracks, minutes * 60, fps)
        self._picture = np.full((480, 640, 3), 90, np.uint8)
        self._pose: Pose | None = None
        self._index = 0
        self._voice = voice

    @staticmethod
    def _played(tracks: list[Track], seconds: float, fps: float) -> Iterator[tuple[float, Pose | None]]:
        """Give times and poses: each track for its share of the time, over and over, at the frame rate."""
        t = 0.0
        share = seconds / len(tracks)
        for k, track in enumerate(tracks):
            observations = list(track)
            times = track.t - track.t[0]
            while t < share * (k + 1):
                local = t % (times[-1] + 1 / fps)
                i = int(np.searchsorted(times, local + 1e-9, side="right")) - 1
                yield t, observations[i].pose
                t += 1 / fps

    def newest(self, after: int, timeout: float) -> CameraFrame | None:
        """Return the next picture."""
        try:
            t, self._pose = next(self._items)
        except StopIteration:
            self.state = "ended"
            return None
        self._index += 1
        self._voice.now = t
        return CameraFrame(t, self._picture, time.perf_counter(), self._index)

    def estimate(self, t: float, image: object) -> Pose | None:
        """Return its pose."""
        return self._pose


def main() -> None:
    """Run the soak and print a table and its facts as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--fps", type=float, default=30.0)
    options = parser.parse_args()
    tracks = []
    with TemporaryDirectory() as folder:
        for clip in CLIPS:
            file = Path(folder) / f"{clip}.track.npz"
            tracks.append(make_track(ROOT / "sample_videos" / f"{clip}.mp4", file, options=Options()))
    share = options.minutes * 60 / len(CLIPS)
    names = ("plane", "swan", "toe-squat")
    voice = Voice()
    camera = Poses(tracks, options.minutes, options.fps, voice)
    phrases = Phrases("en")
    workout = Workout(
        Plan("soak", tuple(Step(n, 0, 0.0) for n in names)),
        phrases,
        session_of=lambda e: Session(e, live=True),
        introduce=False,
    )
    loop = JudgeLoop(camera, camera, workout, voice)  # type: ignore[arg-type]  # as much of a camera as it needs
    painter = Painter(phrases, mirror=True)
    loop.start()
    rows, version, minute, step = [], 0, 0, 0
    while not loop.over:
        version, shown = loop.newer(version, 1.0)
        if shown is None or not shown.fresh:
            continue
        painter.paint(shown)
        if shown.t >= share * (step + 1) and step + 1 < len(names):
            step += 1
            loop.command(workout.skip)
        if shown.t >= 60 * (minute + 1):
            minute += 1
            reps = sum(len(r.reps) for r in workout.results)
            rows.append((minute, memory_mb(), threading.active_count(), voice.said, voice.worst_late_s, reps))
            print(
                f"minute {minute:3d}  {rows[-1][1]:7.1f} MB  {rows[-1][2]} threads  "
                f"{rows[-1][3]} utterances, latest {rows[-1][4]:.2f} s late",
                flush=True,
            )
    loop.join()
    if loop.error is not None:
        raise loop.error
    first, last = rows[min(1, len(rows) - 1)], rows[-1]
    print(
        json.dumps(
            {
                "minutes": len(rows),
                "memory_mb_minute_2": round(first[1], 1),
                "memory_mb_end": round(last[1], 1),
                "threads_minute_2": first[2],
                "threads_end": last[2],
                "utterances": last[3],
                "worst_late_s": round(last[4], 3),
                "sets": {r.exercise.id: len(r.reps) for r in workout.results},
            }
        )
    )


if __name__ == "__main__":
    main()
