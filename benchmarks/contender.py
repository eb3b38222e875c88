"""One way of going through a clip, in a process of its own: asked in lines of JSON, answers in lines of JSON.

    python benchmarks/contender.py bare|every|adaptive|two|video|two-video|track|page
    python benchmarks/contender.py first recorded|live CLIP EXERCISE

Each question is ``{"clip": ..., "exercise": ...}``; each answer has the seconds (wall clock and CPU), the frames and
the most memory so far. ``first`` answers with the time (as of ``time.time``) of its first judged frame, and ends.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from passes import bare_pass, cpu_s, peak_mb

#: Longer side (px) of the pictures given to the bare loop: the analysis' own.
MAX_SIDE = 960
#: A track is judged so often in one run: once takes too short a time to be measured well.
AGAIN = 5

Ask = Callable[[Path, str], dict[str, Any]]


def bare() -> Ask:
    """Return the way that only decodes and runs the pose model."""
    from formcheck.sight.models.store import resolve_model

    through = bare_pass(resolve_model(), MAX_SIDE)

    def ask(clip: Path, _: str) -> dict[str, Any]:
        frames = through(clip).frames
        return {"frames": frames, "used": frames}

    return ask


def judged(*, video: bool = False, **options: Any) -> Ask:
    """Return the way of the analysis, without files or with those of the annotated video."""
    from formcheck.analysis.clip import analyze_clip
    from formcheck.analysis.options import Options

    def ask(clip: Path, exercise: str) -> dict[str, Any]:
        with tempfile.TemporaryDirectory() as folder:
            out = folder if video else None
            report = analyze_clip(clip, exercise, out, options=Options(**options), video=video, html=False).report
        return {"frames": report["source"]["frames"], "used": report["source"]["frames_used"], **found(report)}

    return ask


def from_track(*, page: bool) -> Ask:
    """Return the way from a track to report and measures, and the page."""
    from formcheck.analysis.clip import analyze_clip

    def ask(clip: Path, exercise: str) -> dict[str, Any]:
        with tempfile.TemporaryDirectory() as folder:
            for _ in range(AGAIN):
                report = analyze_clip(clip, exercise, folder, html=page, force=True).report
        frames = AGAIN * report["source"]["frames"]
        return {"frames": frames, "used": frames, **found(report)}

    return ask


def found(report: dict[str, Any]) -> dict[str, Any]:
    """Return the repetitions and the fault ids of a report."""
    return {
        "reps": [[r.get("block") or r["side"], r["counted"]] for r in report["reps"]],
        "faults": sorted(f["id"] for f in report["faults"]),
    }


WAYS: dict[str, Callable[[], Ask]] = {
    "bare": bare,
    "every": lambda: judged(every_frame=True),
    "adaptive": lambda: judged(adaptive=True),
    "two": lambda: judged(adaptive=True, workers=2),
    "video": lambda: judged(adaptive=True, video=True),
    "two-video": lambda: judged(adaptive=True, workers=2, video=True),
    "track": lambda: from_track(page=False),
    "page": lambda: from_track(page=True),
}


def first_judged(clip: Path, exercise: str, *, live: bool) -> float:
    """Return the time at which the first frame of a clip was judged."""
    import formcheck.cli  # noqa: F401  # as the command does
    from formcheck.analysis.feed import open_feed
    from formcheck.analysis.options import Options
    from formcheck.judging.exercises import get_exercise
    from formcheck.judging.session.session import Session

    with open_feed(clip, Options(ball=get_exercise(exercise).uses_ball)) as feed:
        session = Session(get_exercise(exercise), live=live)
        for _, _, observation in feed.items:
            if observation is not None and session.update(observation):
                return time.time()
        if session.finish():
            return time.time()
    raise SystemExit(f"{clip}: nothing was judged")


def main() -> None:
    """Answer until the questions end."""
    answers = sys.stdout
    sys.stdout = sys.stderr  # whatever libraries print is no answer
    if sys.argv[1] == "first":
        at = first_judged(Path(sys.argv[3]), sys.argv[4], live=sys.argv[2] == "live")
        print(json.dumps({"at": at}), file=answers, flush=True)
        return
    ask = WAYS[sys.argv[1]]()
    for line in sys.stdin:
        question = json.loads(line)
        wall, cpu = time.perf_counter(), cpu_s()
        answer = ask(Path(question["clip"]), question["exercise"])
        wall, cpu = time.perf_counter() - wall, cpu_s() - cpu
        print(json.dumps({"seconds": wall, "cpu_s": cpu, "peak_mb": peak_mb(), **answer}), file=answers, flush=True)


if __name__ == "__main__":
    main()
