"""What is followed of an exercise from session to session, its value in one session, and what a change of it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import Protocol

from formcheck.judging.exercises import exercises
from formcheck.rounding import sig3

#: A change smaller than this share of the value before, or for an angle than this many degrees, is none.
STEADY, STEADY_DEG = 0.05, 3.0


class JudgedAttempt(Protocol):
    """What figures are made of: a repetition of the history, or one of a report."""

    @property
    def counted(self) -> bool: ...  # noqa: D102

    @property
    def verdict(self) -> str: ...  # noqa: D102

    @property
    def hold_s(self) -> float | None: ...  # noqa: D102

    @property
    def score(self) -> float | None: ...  # noqa: D102

    @property
    def measures(self) -> Mapping[str, float | None]: ...  # noqa: D102


@dataclass(frozen=True)
class Figure:
    """Something that is followed from session to session.

    Attributes
    ----------
    key : str
        ``counted``, ``clean``, ``hold``, ``score``, or the name of a measure.
    label, unit : str
    better : int
        1 where more is better, -1 where less is, 0 where neither.
    """

    key: str
    label: str
    unit: str
    better: int

    @property
    def counts(self) -> bool:
        """Whether it is a number of repetitions, which has no error of measurement."""
        return self.key in {"counted", "clean"}


COUNTED = Figure("counted", "Repetitions", "", 1)
CLEAN = Figure("clean", "Clean repetitions", "", 1)
HOLD = Figure("hold", "Best hold", "s", 1)
#: The middle of the repetitions that count, where :data:`HOLD` is the longest.
HELD = Figure("hold_s", "Hold", "s", 1)
SCORE = Figure("score", "Score", "", 1)


def figures(exercise: str) -> tuple[Figure, ...]:
    """Return what is followed of an exercise."""
    known = exercises().get(exercise)
    if known is None:
        return COUNTED, CLEAN, SCORE
    held = known.as_long_as_possible or known.prescription.hold_s > 0
    own = (Figure(f.measure, f.label, known.decided[f.measure][0], f.better) for f in known.followed)
    return (COUNTED, CLEAN, *((HOLD,) if held else ()), *own, SCORE)


def value_of(key: str, reps: Sequence[JudgedAttempt]) -> float | None:
    """Return a session's value of a figure; None where it was not measured."""
    if key == "counted":
        return float(sum(r.counted for r in reps))
    if key == "clean":
        return float(sum(r.verdict == "good" for r in reps))
    if key == "hold":
        return max((r.hold_s for r in reps if r.hold_s), default=None)
    if key == "score":
        scores = [r.score for r in reps if r.score is not None]
        return sig3(fmean(scores)) if scores else None
    known = repeated(key, reps)
    return sig3(median(known)) if known else None


def repeated(key: str, reps: Sequence[JudgedAttempt]) -> tuple[float, ...]:
    """Return the values of the repetitions that a session's figure is the middle of; none where it is none."""
    if key in {"counted", "clean", "hold"}:
        return ()
    if key == "score":
        return tuple(r.score for r in reps if r.score is not None)
    if key == "hold_s":
        return tuple(r.hold_s for r in reps if r.counted and r.hold_s is not None)
    return tuple(x for r in reps if r.counted and (x := r.measures.get(key)) is not None)


def tone(before: float, now: float, figure: Figure, least: float | None) -> str:
    """Return what a change is: ``better``, ``worse``, ``changed`` where neither way is better, ``steady`` or ``open``.

    What is measured changes only beyond the least detectable change; where that is not known, it is open.
    """
    small = STEADY_DEG if figure.unit == "deg" else STEADY * abs(before)
    if abs(now - before) <= max(small, least or 0.0):
        return "steady"
    if least is None and not figure.counts:
        return "open"
    better = (now - before) * figure.better
    return "better" if better > 0 else "worse" if better < 0 else "changed"
