"""A workout and what it needs, whoever feeds it: a camera of this machine, or a page that sends what it saw."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from formcheck.analysis.options import Options, limits_for
from formcheck.coaching.coach.corrections import EVERY
from formcheck.coaching.coach.phrases import Phrases
from formcheck.coaching.coach.plan import Plan
from formcheck.coaching.coach.sets import Listener
from formcheck.coaching.coach.workout import Workout
from formcheck.coaching.voice.utterances import Utterance
from formcheck.errors import FormcheckError
from formcheck.judging.session.session import Session
from formcheck.sight.pose.types import Ball, Pose

Image = NDArray[np.uint8]


class Estimator(Protocol):
    """What finds the body."""

    @property
    def persons(self) -> int | None:
        """How many people were in the last picture; None where nobody counts."""

    def estimate(self, t: float, image: Image) -> Pose | None:
        """Return the pose in a picture."""


class Finder(Protocol):
    """What finds the ball."""

    def update(self, t: float, image: Image, pose: Pose | None) -> Ball | None:
        """Return the ball in a picture."""


class Speaker(Protocol):
    """What speaks."""

    @property
    def speaking(self) -> bool:
        """Whether it is speaking now."""

    def say(self, utterance: Utterance, now: float) -> None:
        """Take an utterance; return at once."""

    def hush(self) -> None:
        """Fall silent."""


def make_workout(
    plan: Plan,
    phrases: Phrases,
    options: Options,
    listener: Listener,
    *,
    introduce: bool,
    correct_every: int = EVERY,
    hands: bool = True,
) -> Workout:
    """Return a workout whose sessions are judged live, under the limits of the options."""
    return Workout(
        plan,
        phrases,
        session_of=lambda e: Session(e, limits_for(e, options), live=True, ball_sought=options.ball),
        listener=listener,
        introduce=introduce,
        correct_every=correct_every,
        hands=hands,
    )


def begin_log(stack: ExitStack, plan: Plan, warn: Callable[[str], None], file: Path | None = None) -> Any:
    """Begin a session in a history (default: one's own), ended with the stack; None, and a warning, on failure."""
    from formcheck.coaching.history import History

    try:
        history = stack.enter_context(History.open(file))
        return stack.enter_context(history.begin_session("live", routine=routine_name(plan)))
    except FormcheckError as e:
        # No history is no reason not to train.
        warn(f"this session is not kept in the history: {e}")
        return None


def routine_name(plan: Plan) -> str | None:
    """Return the name of a workout; an exercise alone has none."""
    return None if [s.exercise for s in plan.steps] == [plan.name] else plan.name


def speak(workout: Workout, speaker: Speaker, t: float) -> int:
    """Hand over what is to be said; return how many utterances that was."""
    if workout.take_hush():
        speaker.hush()
    said = workout.heard()
    for u in said:
        speaker.say(u, t)
    return len(said)


class BallSearch:
    """Looks for the ball while an exercise that uses one is watched, afresh for each exercise.

    Parameters
    ----------
    workout : Workout
    make_finder : callable or None
        Gives what looks for the ball; None: nobody does.
    """

    def __init__(self, workout: Workout, make_finder: Callable[[], Finder] | None) -> None:
        self._workout, self._make_finder = workout, make_finder
        #: What looks for the ball, and the exercise it was made for.
        self._finder: tuple[str, Finder] | None = None

    @property
    def wanted(self) -> bool:
        """Whether the ball matters now."""
        return self._make_finder is not None and self._workout.exercise.uses_ball and self._workout.watching

    def find(self, t: float, image: Image, pose: Pose | None) -> Ball | None:
        """Return the ball in a picture; None where there is none, or it does not matter now."""
        if self._make_finder is None or not self.wanted:
            return None
        exercise = self._workout.exercise
        if self._finder is None or self._finder[0] != exercise.id:
            self._finder = exercise.id, self._make_finder()
        return self._finder[1].update(t, image, pose)
