"""What becomes of a set, and who is told of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from formcheck.judging.rules.exercise import Exercise
from formcheck.judging.rules.records import Rep
from formcheck.judging.session.moment import Moment
from formcheck.judging.session.session import Session

from .plan import Step, Target


@dataclass
class SetResult:
    """What became of one exercise of a workout.

    Attributes
    ----------
    step : Step
    exercise : Exercise
    target : Target
    session : Session
        Finished.
    started_s, ended_s : float
        Seconds in the workout.
    complete : bool
        Whether the target was reached.
    """

    step: Step
    exercise: Exercise
    target: Target
    session: Session
    started_s: float
    ended_s: float
    complete: bool

    @property
    def reps(self) -> list[Rep]:
        """All attempts."""
        return self.session.judge.reps


class Listener(Protocol):
    """Whoever keeps what happens: history, reports. Called in order, from the thread that feeds the workout."""

    def set_begun(self, session: Session, target: Target) -> None:
        """Hear that a set begins."""

    def moment(self, moment: Moment, size: tuple[int, int]) -> None:
        """Take a judged moment of the set under way, and the size of its picture (px)."""

    def rep_done(self, rep: Rep) -> None:
        """Hear of an attempt as soon as it is judged."""

    def set_over(self, result: SetResult) -> None:
        """Take a finished set."""
