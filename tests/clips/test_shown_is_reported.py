"""What the picture shows as wrong while an attempt is under way is what the report says of that time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from formcheck.coaching.coach.shown_now import VERDICT_S, ShownNow
from formcheck.judging.exercises import get_exercise
from formcheck.judging.rules.records import FaultSpan, Rep
from formcheck.judging.session.session import Session
from formcheck.sight.pose.trackfile import read_track

from .sample import JUDGED, Sample, params

#: Frames apart, and breaks that a fault is forgiven (s).
FRAME_S, GRACE_S = 0.1, 0.35
#: Clips that show a fault, and one of each exercise without.
CLIPS = [s for s in JUDGED if s.faults or s.name.endswith(("correct", "sideways", "right"))]


def at_the_end(span: FaultSpan, reps: list[Rep]) -> bool:
    """Whether the end of an attempt told of a fault: it then has the attempt's own times."""
    return any((span.from_s, span.to_s) == (r.start_s, r.end_s) for r in reps)


@params(CLIPS)
def test_the_faults_shown_are_those_reported_at_every_frame(sample: Sample, track_of: Callable[..., Path]) -> None:
    exercise = get_exercise(sample.exercise)
    session = Session(exercise, live=True)
    shown = ShownNow(session.exercise)
    moments = [m for o in read_track(track_of(sample.video)) for m in session.update(o)]
    frames = [(m, {w.id for w in shown.update(m)}) for m in moments]
    session.finish()
    reps, reported = [r for r in session.judge.reps if r.cut is None], session.judge.all_faults()
    ended = [f for f in reported if at_the_end(f, reps)]
    measured = [f for f in reported if not at_the_end(f, reps)]
    dwell = {c.id: c.dwell_s for c in exercise.checks}
    for m, faults in frames:
        rep = next((r for r in reps if r.start_s <= m.t <= r.end_s), None)
        if rep is None or m.problem is not None:
            # At rest a fault is shown so that it is put right before the attempt: then it is none of the report's.
            continue
        there = {f.id for f in reported if f.from_s - FRAME_S <= m.t <= f.to_s + GRACE_S}
        assert set(m.faults) <= there, m.t
        for f in measured:
            if f.from_s + dwell[f.id] + FRAME_S < m.t < f.to_s and m.phase in ("move", "hold"):
                assert f.id in faults, (f, m.t)
    for f in ended:
        after = [f.id in faults for m, faults in frames if f.to_s <= m.t <= f.to_s + VERDICT_S and m.problem is None]
        assert any(after) or not after, f
