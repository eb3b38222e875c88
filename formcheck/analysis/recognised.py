"""An analysis of a clip whose exercise is not given: read to its end, told, and judged in a second round."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Any

from formcheck.files import write_json
from formcheck.judging.session.recognition import recognise
from formcheck.judging.session.turned import TurnWatch
from formcheck.sight.pose.types import Observation

from .feed import Feed, open_pictures, tidy
from .options import Options, Progress


def read_and_recognise(
    feed: Feed, path: str | Path, options: Options, stack: ExitStack, *, pictures: bool, progress: Progress | None
) -> tuple[Feed, dict[str, Any]]:
    """Read a feed to its end, tell the exercise, and return a feed of the same observations again."""
    kept: list[Observation] = []
    for _, t, observation in feed.items:
        if observation is not None:
            kept.append(observation)
        if progress is not None:
            progress(feed.reached(t) - (options.start or 0.0), feed.source["duration_s"])
    # A track may have been made without looking for the ball.
    result = recognise(kept, ball_sought=feed.ball_sought)
    feed.notes += result.left_out
    if result.exercise is None:
        turned = TurnWatch()
        for o in kept:
            turned.update(o)
        feed.notes += turned.notes()
    again = Feed(
        feed.source, feed.size, iter([(None, o.t, o) for o in kept]), feed.inference_s, feed.notes, feed.ball_sought
    )
    if pictures and feed.source["kind"] != "track":
        source = stack.enter_context(open_pictures(path, options))
        by_time = {o.t: o for o in kept}
        again.items = ((frame.image, frame.t, by_time.get(frame.t)) for frame in source)
    return again, {"exercise": result.exercise, "confidence": result.confidence}


def nothing_recognised(feed: Feed, recognised: dict[str, Any], outputs: dict[str, Path]) -> dict[str, Any]:
    """Say in a report, written where one is to be, that none of the exercises was seen; return it."""
    from formcheck.showing.report.build import empty_report

    tidy(feed.source)
    report = empty_report(feed.source, recognised, feed.notes)
    if "report" in outputs:
        write_json(outputs["report"], report)
    return report
