"""Through one set: from its introduction into the start position, over the countdown, into the exercise and back."""

from __future__ import annotations

from collections.abc import Sequence

from formcheck.judging.rules.records import Event, RepDone, RepStarted
from formcheck.judging.session.moment import Moment

from ..voice.utterances import ADVICE, PRAISE
from .countdown import LOST, OVER, RUNS, Countdown
from .current import CurrentSet
from .director import Director
from .phrases import Phrases
from .scene import COUNTDOWN, INTRO, SETUP, WORK
from .stages import Stages


class Leading:
    """Leads through a set by what is seen; times are the workout's seconds.

    Parameters
    ----------
    phrases : Phrases
    stages : Stages
        Changed as the set goes on.
    director : Director
        Takes what is to be said.

    Attributes
    ----------
    countdown : Countdown or None
        The last one that was begun.
    """

    def __init__(self, phrases: Phrases, stages: Stages, director: Director) -> None:
        self._phrases, self._stages, self._director = phrases, stages, director
        self.countdown: Countdown | None = None

    def enter(self, stage: str, t: float, current: CurrentSet | None) -> None:
        """Begin a stage."""
        self._stages.enter(stage, t)
        if current is None:
            return
        if stage == WORK:
            current.left = False
            self._director.forget("advice", "intro", "next")
        elif stage == SETUP:
            # Being ready must be seen here, not have been seen while the introduction was going on.
            current.helper.restart()

    def follow(self, current: CurrentSet, moment: Moment, events: Sequence[Event], *, speaking: bool) -> bool:
        """Go on with what a moment shows; return whether the set is complete."""
        t, stages = moment.t, self._stages
        speaking = speaking or self._director.waiting
        started = any(isinstance(e, RepStarted | RepDone) for e in events)
        if stages.now != WORK and started:
            # Whoever has begun needs no more words.
            self._director.overtake()
            self.enter(WORK, t, current)
        if stages.now == INTRO:
            if stages.introduced(t, speaking=speaking):
                self.enter(SETUP, t, current)
        elif stages.now == SETUP:
            self._set_up(current, t, speaking)
        elif stages.now == COUNTDOWN:
            became = self.countdown.update(moment) if self.countdown is not None else LOST
            if became != RUNS:
                self.enter(WORK if became == OVER else SETUP, t, current)
        return stages.now == WORK and self._work(current, moment, events, speaking)

    def _set_up(self, current: CurrentSet, t: float, speaking: bool) -> None:
        setup = current.setup
        assert setup is not None
        if setup.ready:
            self.enter(COUNTDOWN, t, current)
            self._director.forget("advice", "intro", "next")
            self.countdown = Countdown(self._phrases, t, self._director.offer)
        else:
            self._advise(current, t, speaking)

    def _advise(self, current: CurrentSet, t: float, speaking: bool) -> bool:
        """Say what the screen shows of the set-up, if it is time to; return whether it was said."""
        due = current.advice_due(t, speaking=speaking)
        if due is not None:
            self._director.say(due.text, ADVICE, t, f"advice:{due.advice}")
        return due is not None

    def _work(self, current: CurrentSet, moment: Moment, events: Sequence[Event], speaking: bool) -> bool:
        """Correct and advise; return whether as much was done as was asked for."""
        t = moment.t
        said = current.cues.update(moment, speaking=speaking)
        if current.reached and any(isinstance(e, RepDone) for e in events):
            return True
        astray = current.astray(t)
        setup = current.setup
        if setup is not None and setup.advice == "nobody" and moment.problem is not None:
            # To leave the picture is to pause; whoever comes back is led into position.
            current.left = True
            self.enter(SETUP, t, current)
            self._advise(current, t, speaking)
            return False
        if moment.problem is not None or astray:
            current.told_view |= self._advise(current, t, speaking) and moment.problem is not None
            if astray and moment.problem is None:
                return False
        elif current.told_view and current.good_again(t, speaking=speaking):
            self._director.say(self._phrases.say("view-good"), PRAISE, t, "view:good")
        if said is not None:
            self._director.offer(said)
        return False
