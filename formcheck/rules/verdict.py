"""The verdict on a finished attempt: what the exercise says of it, the faults seen in it, and its score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from .checks import CheckWatch
from .exercise import Attempt, Exercise
from .limits import Limits
from .records import FaultSpan, Rep
from .score import penalty, rep_score


def verdict(
    a: Attempt, exercise: Exercise, limits: Limits, watches: Sequence[CheckWatch], before: Sequence[Rep]
) -> Rep | None:
    """Return the judged repetition, or None where the exercise says that it was no attempt.

    Parameters
    ----------
    a : Attempt
    exercise : Exercise
    limits : Limits
    watches : sequence of CheckWatch
        The checks watched sample by sample, with their tallies of this attempt.
    before : sequence of Rep
        The attempts judged so far.
    """
    out = exercise.conclude(a, limits, before)
    if out.ignore:
        return None
    faults: dict[str, FaultSpan] = {}
    penalties: dict[str, float] = {}
    for w in watches:
        inside = w.within(a.start_s, a.end_s)
        if w.check.id in out.drop:
            w.explained += inside
            continue
        judged = w.rep.judged_s
        x = w.rep.excess_s / judged if judged > 0 and (inside or not w.check.passing) else 0.0
        penalties[w.check.id] = max(penalty(w.check.severity, bool(inside), x), penalties.get(w.check.id, 0.0))
        for s in inside:
            clipped = replace(s, from_s=max(s.from_s, a.start_s), to_s=min(s.to_s, a.end_s))
            faults[s.id] = joined(faults[s.id], clipped) if s.id in faults else clipped
    end_checks = {c.id: c for c in exercise.checks if not c.signal}
    for fault, worst in out.faults:
        c = end_checks[fault]
        limit = limits[c.limit] if c.limit else None
        unit = exercise.limits[c.limit].unit if c.limit else ""
        faults[fault] = FaultSpan(fault, a.start_s, a.end_s, worst, limit, unit, c.severity)
        far = 1.0
        if worst is not None and limit is not None:
            far = min(max(c.excess(worst, limit) / c.span, 0.0), 1.0)
        penalties[fault] = penalty(c.severity, True, far)
    return Rep(
        index=len(before) + 1,
        side=out.side,
        start_s=a.start_s,
        peak_s=a.peak_s,
        end_s=a.end_s,
        hold_s=a.hold_s if out.hold_s is None else out.hold_s,
        counted=out.counted,
        why=None if out.counted else out.why,
        faults=tuple(sorted(faults.values(), key=lambda f: (f.from_s, f.id))),
        measures={k: (float(v) if np.isfinite(v) else None) for k, v in out.measures.items()},
        score=rep_score(penalties.values(), out.counted),
        block=out.block,
    )


def joined(a: FaultSpan, b: FaultSpan) -> FaultSpan:
    """Return one span for two of the same fault, with the worse of their values."""
    worse = a
    if a.worst is not None and b.worst is not None and a.limit is not None and b.limit is not None:
        worse = a if abs(a.worst - a.limit) >= abs(b.worst - b.limit) else b
    return replace(worse, from_s=min(a.from_s, b.from_s), to_s=max(a.to_s, b.to_s))
