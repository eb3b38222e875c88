"""The set under way, as far as a workout has to remember it."""

from __future__ import annotations

from dataclasses import dataclass

from formcheck.judging.rules.exercise import Exercise
from formcheck.judging.session.moment import Moment
from formcheck.judging.session.session import Session

from .cues import CueScheduler
from .plan import Step, Target
from .setup import Setup, SetupHelper


@dataclass
class Under:
    """The set under way."""

    step: Step
    exercise: Exercise
    target: Target
    session: Session
    helper: SetupHelper
    cues: CueScheduler
    started_s: float
    setup: Setup | None = None
    moment: Moment | None = None
    astray_since: float | None = None
    #: Since when the picture is good again after it was spoken of; None: there is nothing to tell.
    told_view: bool = False
    good_since: float | None = None
    #: Whether the person left the picture in the middle of it and has not begun again.
    left: bool = False
