"""What differs between the two, and whether by more than the measure repeats to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from formcheck.coaching.history.figures import (
    CLEAN,
    COUNTED,
    HELD,
    HOLD,
    SCORE,
    Figure,
    JudgedAttempt,
    figures,
    repeated,
    tone,
    value_of,
)
from formcheck.coaching.history.progress import LEAST, fault_state
from formcheck.coaching.history.queries import SetRecord
from formcheck.coaching.history.repeatability import LEAST_FREE, repeatability
from formcheck.judging.exercises import exercises
from formcheck.rounding import sig3
from formcheck.statistics.change import least_change, within

from .subjects import Subject

#: Units of what is only there or not.
_SWITCH = "0/1"


@dataclass(frozen=True)
class Change:
    """One figure of the two.

    Attributes
    ----------
    figure : Figure
    first, second : float or None
        None = not measured.
    repetitions : (int, int)
        Of how many repetitions each is the middle; (0, 0) where it is none.
    difference : float or None
        Second less first.
    least : float or None
        The least difference that is more than chance (95 %); None where it is not known.
    by : str or None
        Where that is from: ``sessions`` of the person's history, or the ``repetitions`` alone.
    tone : str or None
        ``better``, ``worse``, ``changed`` (neither way is better, or sides), ``steady``, ``open``; None for counts,
        and where one was not measured.
    """

    figure: Figure
    first: float | None
    second: float | None
    repetitions: tuple[int, int]
    difference: float | None = None
    least: float | None = None
    by: str | None = None
    tone: str | None = None


@dataclass(frozen=True)
class FaultChange:
    """In how many attempts of each a fault was; ``state`` as in the history, None where it is none."""

    fault: str
    first: int
    second: int
    state: str | None


def compared_figures(exercise: str) -> tuple[Figure, ...]:
    """Return the figures that are compared: those followed in the history first, then all that decides."""
    known = exercises().get(exercise)
    followed = figures(exercise)
    if known is None:
        return followed
    own = [f for f in followed if f not in (COUNTED, CLEAN, SCORE, HOLD)]
    hold = [HELD if known.prescription.hold_s > 0 else HOLD] if HOLD in followed else []
    names = {f.key for f in own}
    rest = [Figure(m, m, unit, 0) for m, (unit, _) in known.decided.items() if m not in names and unit != _SWITCH]
    return (COUNTED, CLEAN, SCORE, *hold, *own, *rest)


def changes(first: Subject, second: Subject, kept: Sequence[SetRecord] = ()) -> list[Change]:
    """Return what differs; figures of which neither has a value are left out.

    Parameters
    ----------
    first, second : Subject
    kept : sequence of SetRecord
        What the history of the person holds of the exercise: how much a measure varies by itself is told from it.
    """
    asked = compared_figures(str(first.report.exercise))
    all_of = [_change(f, first, second, kept) for f in asked]
    return [c for c in all_of if c.first is not None or c.second is not None]


def _change(f: Figure, first: Subject, second: Subject, kept: Sequence[SetRecord]) -> Change:
    sides = first.side is not None
    a, b = (value_of(f.key, s.reps) for s in (first, second))
    n = (len(repeated(f.key, first.reps)), len(repeated(f.key, second.reps)))
    if a is None or b is None:
        return Change(f, a, b, n)
    # A film of fewer attempts is no worse.
    if f.counts:
        return Change(f, a, b, n, sig3(b - a))
    least, by = _least(f.key, first, second, kept)
    said = tone(a, b, replace(f, better=0) if sides else f, least)
    # Repetitions of a day say how far a day is from itself; how far one day is from another, only days can say.
    if by == "repetitions" and not sides and said != "steady":
        said = "open"
    return Change(f, a, b, n, sig3(b - a), sig3(least), by, said)


def _least(
    key: str, first: Subject, second: Subject, kept: Sequence[SetRecord]
) -> tuple[float, str] | tuple[None, None]:
    """Return the least difference that is more than chance, and where that is known from."""
    sessions: dict[int, list[JudgedAttempt]] = {}
    for s in kept:
        sessions.setdefault(s.session.number, []).extend(s.reps)
    groups = [repeated(key, first.reps), repeated(key, second.reps)]
    n = [len(g) for g in groups]
    if first.side is None:
        repeats = repeatability(
            [value_of(key, reps) for reps in sessions.values()], [repeated(key, reps) for reps in sessions.values()]
        )
        if repeats is not None:
            return repeats.least(), "sessions"
    spread = within(groups)
    by = "repetitions"
    if first.side is not None and (spread is None or spread.free < LEAST_FREE):
        more = [repeated(key, [r for r in s.reps if r.side == side]) for s in kept for side in ("left", "right")]
        spread, by = within([*groups, *more]), "sessions"
    if spread is None or spread.free < LEAST_FREE or not all(n):
        return None, None
    return least_change(spread.sd, *n), by


def fault_changes(first: Subject, second: Subject) -> list[FaultChange]:
    """Return the faults of the two, the most frequent in the second first."""
    known = list(dict.fromkeys(f.id for s in (first, second) for r in s.reps for f in r.faults))
    out = []
    for fault in known:
        a, b = (sum(any(f.id == fault for f in r.faults) for r in s.reps) for s in (first, second))
        share, before = (b / len(second.reps) if second.reps else 0.0), (a / len(first.reps) if first.reps else None)
        # One repetition alone is chance.
        told = first.side is None and max(a, b) >= LEAST
        state = fault_state(b, a, share, before) if told else None
        out.append(FaultChange(fault, a, b, state))
    return sorted(out, key=lambda f: (-f.second, -f.first, f.fault))
