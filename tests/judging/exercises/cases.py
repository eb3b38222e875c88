"""What the test module of an exercise offers to the tests that go over all exercises.

Every ``tests/exercises/test_<id with underscores>.py`` holds two tables:

``CASES``
    ``{fault id: (fires, silent)}``: for every fault id of the exercise one case in which it must be reported and one in
    which it must not. A case is called with the limits in force (None: the exercise's own) and returns a finished
    :class:`~formcheck.judging.session.session.Session`.
``EFFECTS``
    ``{limit name: Effect}``: for every limit a case, another value for the limit, and what of the outcome that value
    changes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from formcheck.judging.exercises import get_exercise
from formcheck.judging.measure import Body
from formcheck.judging.rules.exercise import Attempt, Exercise
from formcheck.judging.rules.limits import Limits
from formcheck.judging.rules.records import Rep
from formcheck.judging.session.session import Session
from formcheck.sight.pose.types import Track

Case = Callable[[Limits | None], Session]
Outcome = Callable[[Session], Any]


class Scene:
    """A case: a track, filmed when it is first needed, judged as one exercise.

    Parameters
    ----------
    exercise : str
    film : callable
        Makes the track.
    measured : mapping, optional
        Measures that stand in for what a track cannot show (a ball), by name.
    """

    def __init__(self, exercise: str, film: Callable[[], Track], measured: Mapping[str, float] | None = None) -> None:
        self.exercise, self._film, self._measured = exercise, film, dict(measured or {})

    @cached_property
    def track(self) -> Track:
        return self._film()

    def __call__(self, limits: Limits | None = None) -> Session:
        exercise = get_exercise(self.exercise)
        session = Session(_measuring(exercise, self._measured) if self._measured else exercise, limits)
        for observation in self.track:
            session.update(observation)
        session.finish()
        return session


def _measuring(exercise: Exercise, values: Mapping[str, float]) -> Exercise:
    class Measured(type(exercise)):  # type: ignore[misc]
        def signals(self, body: Body) -> dict[str, np.ndarray]:
            return {**super().signals(body), **{k: np.full(len(body.t), v) for k, v in values.items()}}

    return Measured()


@dataclass(frozen=True)
class Border:
    """Two cases just on either side of a limit, and what of the outcome they differ in."""

    inside: Case
    outside: Case
    outcome: Outcome


@dataclass(frozen=True)
class Effect:
    """What another value of a limit changes: ``outcome(case(default)) != outcome(case(value))``."""

    case: Case
    value: float
    outcome: Outcome


def fault_ids(session: Session) -> set[str]:
    """Ids of all faults reported, within repetitions or not."""
    judge = session.judge
    return {f.id for f in judge.all_faults()} | {f.id for r in judge.reps for f in r.faults}


def reports(fault: str) -> Outcome:
    """Outcome: whether a fault is reported."""
    return lambda session: fault in fault_ids(session)


def attempts(session: Session) -> int:
    """Outcome: number of attempts, counted or not."""
    return len(session.judge.reps)


def counted(session: Session) -> int:
    """Outcome: number of counted repetitions."""
    return sum(r.counted for r in session.judge.reps)


def in_position(session: Session) -> bool:
    """Outcome: whether the body was taken to be at the exercise for more than a moment."""
    return session.judge.seconds["in_position"] > 1.0


def holds(session: Session) -> list[float]:
    """Outcome: seconds held."""
    return [round(r.hold_s, 3) for r in session.judge.reps]


def gate_effects(exercise: type[Exercise], case: Case, outcome: Outcome) -> dict[str, Effect]:
    """Effects of the limits of gates: a range in which no body lies leaves nothing to be judged."""
    out = {}
    for gate in (*exercise.position, *exercise.start):
        if gate.low:
            out[gate.low] = Effect(case, 1e6, outcome)
        if gate.high:
            out[gate.high] = Effect(case, -1.0 if gate.size else -1e6, outcome)
    return out


def attempt_of_nothing(seconds: float = 2.0) -> Attempt:
    """An attempt of so many seconds after one of rest, in which no signal was measured."""
    t = np.arange(0.0, seconds + 2.0, 0.1)
    effort = np.clip(np.minimum(t - 1.0, 1.0 + seconds - t), 0.0, 1.0)
    return Attempt(t, {}, effort, 1.0, 1.0 + seconds / 2, 1.0 + seconds, 0.0, None, {}, returned=True)


def attempt_of(case: Scene, index: int = 0) -> tuple[Attempt, list[Rep]]:
    """The attempt of that index as it came to be judged in a case, and the repetitions before it."""
    exercise = type(get_exercise(case.exercise))
    seen: list[tuple[Attempt, list[Rep]]] = []

    class Watched(exercise):  # type: ignore[misc,valid-type]
        def conclude(self, a: Attempt, limits: Limits, before: Sequence[Rep]) -> Any:
            out = super().conclude(a, limits, before)
            if not out.ignore:
                seen.append((a, list(before)))
            return out

    session = Session(Watched())
    for observation in case.track:
        session.update(observation)
    session.finish()
    return seen[index]
