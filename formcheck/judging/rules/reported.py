"""Which of the faults that were seen are reported: those of attempts, of the rest before them, and of what was held."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from .records import FaultSpan, Rep

#: A fault at rest is one of the exercise if it lasts until this time (s) before an attempt: what was put right before,
#: or comes after the last one, is none.
BESIDE_S = 0.3
#: A position left after less than this (s), without an attempt, was passed through on the way to something else.
PASSED_S = 1.5

#: What is put right, or over, so soon (s) after the position was taken belongs to the way into it.
IN_S = 1.0


def coming_in(from_s: float, to_s: float, entries: Sequence[float]) -> bool:
    """Whether what lasted from one time to another (s) belongs to the way into the position.

    *entries* are the times (s) at which the position was taken.
    """
    return any(e <= from_s and to_s <= e + IN_S for e in entries)


def passed_through(from_s: float, to_s: float, reps: Sequence[Rep]) -> bool:
    """Whether a body in position from one time to another was on its way to something else: no fault of this one."""
    return to_s - from_s < PASSED_S and not any(r.end_s > from_s for r in reps)


def beside(span: FaultSpan, reps: Sequence[Rep]) -> bool:
    """Whether a fault was seen in an attempt that was seen whole, or in the rest before it."""
    return any(span.from_s <= r.end_s and span.to_s >= r.start_s - BESIDE_S for r in reps if r.cut is None)


def as_judged(span: FaultSpan, reps: Sequence[Rep]) -> FaultSpan:
    """Return a fault with the worst value measured in its attempts, not on the way into them or out of them."""
    told = [f for r in reps for f in r.faults if f.id == span.id and f.from_s <= span.to_s and f.to_s >= span.from_s]
    told = [f for f in told if f.worst is not None and f.worst_s is not None and f.limit == span.limit]
    if not told or span.limit is None:
        return span
    worst = max(told, key=lambda f: abs((f.worst or 0.0) - (f.limit or 0.0)))
    return replace(span, worst=worst.worst, worst_s=worst.worst_s)
