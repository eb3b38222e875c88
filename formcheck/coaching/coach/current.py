"""The set under way: what judges it, who helps into position and corrects, and where the person is."""

from __future__ import annotations

from dataclasses import dataclass, field

from formcheck.judging.rules.exercise import Exercise
from formcheck.judging.session.moment import Moment
from formcheck.judging.session.session import Session
from formcheck.sight.pose.types import Observation

from .advising import Advising
from .cues import CueScheduler
from .phrases import Phrases
from .plan import Step, Target
from .sets import SetResult
from .setup import Setup, SetupHelper

#: Seconds out of position in the middle of a set before the start position is shown again.
ASTRAY_S = 4.0
#: A picture that was spoken of and is good again for this long (s) is told to be.
GOOD_S = 0.7


@dataclass
class CurrentSet:
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
    #: Whether the person left the picture in the middle of it and has not begun again.
    left: bool = False
    #: Whether the picture was spoken of, and it is still to be told that it is good again.
    told_view: bool = False
    _advising: Advising = field(default_factory=Advising)
    _astray_since: float | None = None
    _good_since: float | None = None

    @classmethod
    def begin(cls, step: Step, session: Session, phrases: Phrases, correct_every: int, t: float) -> CurrentSet:
        """Return the set of a step that begins at a time (s)."""
        exercise = session.exercise
        target = Target.of(exercise, step.reps)
        cues = CueScheduler(exercise, phrases, target=target, correct_every=correct_every)
        return cls(step, exercise, target, session, SetupHelper(exercise, phrases), cues, t)

    @property
    def under_way(self) -> bool:
        """Whether an attempt is under way."""
        return self.moment is not None and self.moment.phase in ("move", "hold")

    @property
    def begun(self) -> bool:
        """Whether anything was done."""
        return bool(self.session.judge.reps)

    @property
    def reached(self) -> bool:
        """Whether as much was done as was asked for."""
        return bool(self.target.reps) and not self.target.left(self.session.judge.reps)

    @property
    def unseen(self) -> bool:
        """Whether nobody is in the picture, or not known yet to be."""
        return self.moment is None or self.moment.image is None

    def help(self, moment: Moment, observation: Observation) -> None:
        """Have the helper look at a moment."""
        self.setup = self.helper.update(moment, observation.size, observation.luma)

    def advice_due(self, t: float, *, speaking: bool) -> Setup | None:
        """Return what the screen shows of the set-up, if it is time to say it."""
        setup = self.setup
        return setup if setup is not None and self._advising.due(setup.advice, t, busy=speaking) else None

    def astray(self, t: float) -> bool:
        """Return whether the person has been out of position, or of the picture, for long in the middle of the set."""
        m = self.moment
        if m is None or (m.phase != "away" and m.problem is None):
            self._astray_since = None
            return False
        if self._astray_since is None:
            self._astray_since = t
        return t - self._astray_since >= ASTRAY_S

    def good_again(self, t: float, *, speaking: bool) -> bool:
        """Return whether to tell now that the picture is good again after it was spoken of."""
        self._good_since = t if self._good_since is None else self._good_since
        if t - self._good_since < GOOD_S or speaking:
            return False
        self.told_view, self._good_since = False, None
        return True

    def result(self, t: float, *, complete: bool) -> SetResult:
        """Return what became of it."""
        return SetResult(self.step, self.exercise, self.target, self.session, self.started_s, t, complete)
