"""A Rerun recording of a judged session: pictures, skeleton, measures with their limits, phases and events.

To see why a verdict came out as it did: open the file with ``rerun FILE.rrd`` and go through time.
"""

from __future__ import annotations

from contextlib import ExitStack
from math import isfinite
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from formcheck.errors import UsageError
from formcheck.files import atomic_path
from formcheck.judging.rules.exercise import Exercise
from formcheck.judging.rules.records import (
    Event,
    FaultOver,
    FaultSeen,
    HoldTick,
    PositionLost,
    PositionReady,
    RepDone,
    RepStarted,
    ViewGood,
    ViewProblem,
)
from formcheck.judging.session.moment import Moment
from formcheck.sight.pose.landmarks import BONES, NAMES

#: Phases as numbers, for the plot.
PHASES = ("away", "start", "move", "hold")
#: Below this visibility a landmark is drawn as a guess.
_SEEN = 0.45
_COLOURS = {True: (80, 200, 120), False: (150, 150, 150)}
_JPEG = 70


class RerunRecording:
    """Writes moments to a Rerun recording; the file appears when the block ends well. Needs rerun-sdk.

    Parameters
    ----------
    path : path-like
        A ``.rrd`` file.
    exercise : Exercise
        With its limits in force (``Session.exercise``).
    """

    def __init__(self, path: str | Path, exercise: Exercise) -> None:
        try:
            import rerun as rr
        except ImportError:
            raise UsageError("a Rerun recording needs rerun-sdk", "pip install 'formcheck[rerun]'") from None
        self._rr: Any = rr
        self._path, self._exercise = path, exercise
        #: Signals that decide, each with its limits.
        self._watched: dict[str, list[tuple[str, float]]] = {}
        for check in exercise.checks:
            limit = exercise.limits.get(check.limit)
            if check.signal and limit is not None and not check.relative:
                self._watched.setdefault(check.signal, []).append((check.id, limit.value))
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        rr = self._rr
        temp = self._stack.enter_context(atomic_path(self._path))
        self._recording = rr.RecordingStream("formcheck", recording_id=None)
        self._recording.save(str(temp), default_blueprint=self._blueprint())
        for name, limits in self._watched.items():
            self._recording.log(f"measures/{name}/value", rr.SeriesLines(names=name), static=True)
            for fault, _ in limits:
                lines = rr.SeriesLines(names=f"limit {fault}", colors=[(200, 60, 60)])
                self._recording.log(f"measures/{name}/limit/{fault}", lines, static=True)
        return self

    def write(self, m: Moment, image: NDArray[np.uint8] | None = None) -> None:
        """Add a judged moment, with its picture (RGB) where there is one."""
        rr, log = self._rr, self._recording
        log.set_time("time", duration=m.t)
        if image is not None:
            log.log("picture", rr.Image(image).compress(jpeg_quality=_JPEG))
        self._body(m)
        for name, limits in self._watched.items():
            value = m.sample.get(name, float("nan"))
            if isfinite(value):
                log.log(f"measures/{name}/value", rr.Scalars(value))
            else:
                log.log(f"measures/{name}/value", rr.Clear(recursive=False))
            for fault, limit in limits:
                log.log(f"measures/{name}/limit/{fault}", rr.Scalars(limit))
        log.log("state/phase", rr.Scalars(PHASES.index(m.phase)))
        log.log("state/confidence", rr.Scalars(m.confidence))
        log.log("state/counted", rr.Scalars(m.counts["total"]))
        for event in m.events:
            text = describe(event)
            if text is not None:
                log.set_time("time", duration=event.t)
                level = rr.TextLogLevel.WARN if isinstance(event, FaultSeen | ViewProblem) else rr.TextLogLevel.INFO
                log.log("events", rr.TextLog(text, level=level))

    def _body(self, m: Moment) -> None:
        rr, log = self._rr, self._recording
        if m.image is None:
            log.log("picture/body", rr.Clear(recursive=True))
            return
        points, seen = m.image[:, :2], m.image[:, 3] >= _SEEN
        colours = [_COLOURS[bool(s)] for s in seen]
        log.log("picture/body/joints", rr.Points2D(points, radii=3.0, colors=colours, labels=NAMES, show_labels=False))
        strips = [points[[a, b]] for a, b in BONES]
        sure = [_COLOURS[bool(seen[a] and seen[b])] for a, b in BONES]
        log.log("picture/body/bones", rr.LineStrips2D(strips, radii=1.5, colors=sure))

    def _blueprint(self) -> Any:
        import rerun.blueprint as rrb

        plots = [rrb.TimeSeriesView(origin=f"measures/{name}", name=name) for name in self._watched]
        state = rrb.TimeSeriesView(origin="state", name="phase, confidence, count")
        return rrb.Blueprint(
            rrb.Horizontal(
                rrb.Vertical(rrb.Spatial2DView(origin="picture", name="picture"), rrb.TextLogView(origin="events")),
                rrb.Vertical(state, rrb.Tabs(*plots)) if plots else state,
            ),
            collapse_panels=True,
        )

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._recording.flush()
        self._recording.disconnect()
        self._stack.__exit__(kind, error, trace)


def describe(event: Event) -> str | None:
    """Return an event in words; None for those too frequent to tell."""
    match event:
        case HoldTick():
            return None
        case RepDone(rep=r):
            faults = ", ".join(f.id for f in r.faults) or "no faults"
            side = f" {r.side}" if r.side else ""
            return f"repetition {r.index}{side}: {'counted' if r.counted else f'not counted, {r.why}'}; {faults}"
        case FaultSeen(id=name, value=value, limit=limit):
            return f"{name}: {value:.3g}, limit {limit:.3g}"
        case FaultOver(span=span):
            return f"{span.id} is over"
        case ViewProblem(reason=reason, advice=advice):
            return f"cannot judge, {reason}: {advice}"
    words = {
        PositionReady: "in position",
        PositionLost: "left the position",
        RepStarted: "a repetition begins",
        ViewGood: "the view is good",
    }
    return words.get(type(event))
