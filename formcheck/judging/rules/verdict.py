"""The verdict on a finished attempt: what the exercise says of it, the faults seen in it, and its score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from .checks import Check, CheckWatch
from .exercise import Attempt, Exercise
from .limits import Limits
from .records import FaultSpan, Rep
from .score import penalty, rep_score
from .tempo import TOP_SHARE


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
    out = exercise.judged(a, limits, before)
    if out.ignore:
        return None
    a = replace(
        a,
        start_s=a.start_s if out.start_s is None else out.start_s,
        end_s=a.end_s if out.end_s is None else out.end_s,
    )
    faults: dict[str, FaultSpan] = {}
    penalties: dict[str, float] = {}
    spans: dict[str, float] = {}
    for w in watches:
        inside = w.within(a.start_s, a.end_s)
        if w.check.id in out.drop:
            w.explained += inside
            continue
        judged = w.rep.judged_s
        x = w.rep.excess_s / judged if judged > 0 and (inside or not w.check.passing) else 0.0
        penalties[w.check.id] = max(penalty(w.check.severity, bool(inside), x), penalties.get(w.check.id, 0.0))
        for s in inside:
            clipped = within(s, a, w.check)
            if s.id in faults:
                faults[s.id], spans[s.id] = joined(faults[s.id], spans[s.id], clipped, w.check.span)
            else:
                faults[s.id], spans[s.id] = clipped, w.check.span
    end_checks = {c.id: c for c in exercise.checks if not c.signal}
    for fault, worst in () if a.holed else out.faults:
        # Of an attempt that was not seen all the time its whole cannot be judged.
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
        seen=a.seen(),
        bridged_s=a.bridged_s,
    )


def within(span: FaultSpan, a: Attempt, check: Check) -> FaultSpan:
    """Return the part of a fault that lies in an attempt, with the worst value measured there.

    Of a limit that is passed on the way anyway it is the worst value at the end of the way.
    """
    lo, hi = max(span.from_s, a.start_s), min(span.to_s, a.end_s)
    if lo == span.from_s and hi == span.to_s and not check.passing:
        return span
    rest = a.rest.get(check.signal, float("nan")) if check.relative else 0.0
    m = (a.t >= lo) & (a.t <= hi)
    if check.passing:
        with np.errstate(invalid="ignore"):
            out = m & (a.effort >= TOP_SHARE * np.nanmax(a.effort[m], initial=0.0))
        m = out if out.any() else m
    t, v = a.t[m], (a.values[check.signal][m] - rest if check.signal in a.values else np.full(int(m.sum()), np.nan))
    known = np.flatnonzero(np.isfinite(v))
    if not len(known):
        return replace(span, from_s=lo, to_s=hi)
    k = known[np.argmax(v[known] if check.sense == "above" else -v[known])]
    return replace(span, from_s=lo, to_s=hi, worst=float(v[k]), worst_s=float(t[k]))


def joined(a: FaultSpan, span_a: float, b: FaultSpan, span_b: float) -> tuple[FaultSpan, float]:
    """Return one fault for two of the same id with the graver value, and the span by which it is measured.

    The two may have other limits and units: graver is further beyond its limit, in spans (see ``Check.span``).
    """
    far = [
        abs(f.worst - f.limit) / s if f.worst is not None and f.limit is not None else -1.0
        for f, s in ((a, span_a), (b, span_b))
    ]
    graver, span = (a, span_a) if far[0] >= far[1] else (b, span_b)
    return replace(graver, from_s=min(a.from_s, b.from_s), to_s=max(a.to_s, b.to_s)), span


#: Why an attempt was not counted that was not seen whole.
CUT_WHY = {
    "start": "it was under way when the film began",
    "end": "the film ended before it was over",
    "gap": "it could not be seen to its end",
}


def cut_short(rep: Rep, cut: str) -> Rep:
    """Return an attempt that was not seen whole: never counted, no fault of the person's, the reason is ours."""
    return replace(rep, cut=cut, counted=False, why=CUT_WHY[cut], faults=(), score=None)


def uncounted(rep: Rep, why: str) -> Rep:
    """Return an attempt that cannot count, for no fault of the movement's; one that did not count stays as it is."""
    return replace(rep, counted=False, why=why, score=None) if rep.counted else rep
