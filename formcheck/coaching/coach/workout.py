"""A workout from its first introduction to its summary, hands-free: observations go in, a scene and speech come out.

Pure but for its state: time comes with the observations, nothing here looks at a clock, a picture or a screen.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from formcheck.judging.exercises import get_exercise
from formcheck.judging.rules.exercise import Exercise
from formcheck.judging.rules.records import Event, RepDone, RepStarted
from formcheck.judging.session.company import Company
from formcheck.judging.session.moment import Moment
from formcheck.judging.session.session import Session
from formcheck.sight.pose.types import Observation

from ..voice.utterances import ALERT, CORRECTION, FLOW, Utterance
from .cues import CueScheduler
from .phrases import Phrases
from .plan import Plan, Step, Target
from .scene import COUNTDOWN, INTRO, REST, SETUP, SUMMARY, WORK, Scene
from .scenes import SceneBook
from .sets import Listener, SetResult
from .setup import Setup, SetupHelper

#: Seconds of the countdown, and seconds out of position that take it back.
COUNTDOWN_S, COUNTDOWN_LOST_S = 3.0, 0.8
#: An introduction lasts at least this long, and where it is only shown, this many letters a second are read.
INTRO_S, LETTERS_PER_S = 3.0, 15.0
#: Seconds out of position in the middle of a set before the start position is shown again.
ASTRAY_S = 4.0
#: Advice is repeated after these seconds, the last for ever after.
ADVICE_AGAIN_S = (6.0, 12.0, 25.0)
#: Seconds for which the summary stays on the screen by itself.
SUMMARY_S = 20.0
#: The coming exercise is named this many seconds before a rest ends.
REST_WARNING_S = 5.0


@dataclass
class _Advice:
    """Spoken advice: at once when it changes, then now and then."""

    key: str | None = None
    said_at: float = 0.0
    times: int = 0

    def due(self, key: str | None, t: float) -> bool:
        if key is None:
            self.key = None
            return False
        if key != self.key:
            self.key, self.said_at, self.times = key, t, 1
            return True
        if t - self.said_at < ADVICE_AGAIN_S[min(self.times, len(ADVICE_AGAIN_S)) - 1]:
            return False
        self.said_at, self.times = t, self.times + 1
        return True


@dataclass
class _Set:
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


class Workout:
    """Lead through a plan.

    Parameters
    ----------
    plan : Plan
    phrases : Phrases
        The language.
    session_of : callable
        Makes a session of an exercise (with the limits in force).
    listener : Listener, optional
    introduce : bool
        Speak and show the introductions.

    Attributes
    ----------
    results : list of SetResult
        Finished sets.
    done : bool
        True once the summary was there long enough, or was sent away.
    """

    def __init__(
        self,
        plan: Plan,
        phrases: Phrases,
        *,
        session_of: Callable[[Exercise], Session],
        listener: Listener | None = None,
        introduce: bool = True,
    ) -> None:
        self.plan, self.phrases = plan, phrases
        self.results: list[SetResult] = []
        self.done = False
        self.stage = INTRO
        self.paused = False
        self._session_of, self._listener, self._introduce = session_of, listener, introduce
        #: The exercises with the limits in force, by id.
        self._known: dict[str, Exercise] = {}
        self._book = SceneBook(plan, phrases, self._exercise_of)
        self._speech: list[Utterance] = []
        self._at = 0
        self._set: _Set | None = None
        self._t: float | None = None
        #: Second at which the stage began, the pause began, and somebody was last in position in a countdown.
        self._since = self._paused_at = self._present_at = 0.0
        self._intro_s = INTRO_S
        self._counted_down = 0
        self._warned = False
        self._heard_out = False
        self._advice = _Advice()
        self._company = Company()
        self._hush = False

    # ---- feeding ---------------------------------------------------------------
    def observe(self, observation: Observation, *, speaking: bool = False) -> Moment | None:
        """Take an observation.

        Parameters
        ----------
        observation : Observation
        speaking : bool
            Whether the voice is busy.

        Returns
        -------
        Moment or None
            The judged moment; None in a pause, a rest and the summary, where nothing is judged.
        """
        t = observation.t
        self._begin_if_new(t)
        self._t = t
        if self._set is None or not self.watching:
            self._advance(t, speaking)
            return None
        current = self._set
        self._company.update(t, observation.persons)
        if self._company.asks(t):
            self._say(self.phrases.advice("one-person"), CORRECTION, t, "advice:one-person")
        moments = current.session.update(observation)
        if not moments:
            return current.moment
        moment = current.moment = moments[-1]
        if self._listener is not None:
            for m in moments:
                self._listener.moment(m, observation.size)
        events = [e for m in moments for e in m.events]
        self._tell_reps(events)
        if self.stage != WORK or moment.phase == "away" or moment.problem is not None:
            current.setup = current.helper.update(moment, observation.size, observation.luma)
        self._follow(current, moment, events, speaking)
        return moment

    def tick(self, t: float, *, speaking: bool = False) -> None:
        """Let time pass without a picture (a rest goes on while the camera is away)."""
        self._begin_if_new(t)
        if self._t is None or t > self._t:
            self._t = t
            self._advance(t, speaking)

    def heard(self) -> list[Utterance]:
        """Return what is to be said since the last call."""
        out, self._speech = self._speech, []
        return out

    def take_hush(self) -> bool:
        """Return whether what is being said has been overtaken by events; asked before :meth:`heard`."""
        out, self._hush = self._hush, False
        return out

    @property
    def exercise(self) -> Exercise:
        """The exercise it is about now (in a rest, the one just done)."""
        return self._set.exercise if self._set is not None else self._exercise_of(self._step.exercise)

    @property
    def watching(self) -> bool:
        """Whether what is seen now is judged: not in a pause, a rest or the summary."""
        return not self.paused and self._set is not None and self.stage not in (REST, SUMMARY)

    @property
    def target(self) -> Target:
        """Of the exercise it is about now."""
        return self._set.target if self._set is not None else Target.of(self.exercise, self._step.reps)

    @property
    def setup(self) -> Setup | None:
        """What the set-up helper last said."""
        return self._set.setup if self._set is not None else None

    @property
    def session(self) -> Session | None:
        """What judges the set under way; None in a rest and the summary."""
        return self._set.session if self._set is not None else None

    @property
    def scene(self) -> Scene:
        """What to show now."""
        t, book, since = self._t or 0.0, self._book, self._since
        if self.paused:
            return book.paused(self._at)
        if self.stage == SUMMARY:
            return book.summary(self.results)
        if self.stage == REST:
            return book.rest(self._at, since + self._step.rest_s - t, self._step.rest_s)
        current = self._set
        if current is None or (self.stage == INTRO and not current.session.judge.reps):
            return book.intro(self._at)
        if self.stage == COUNTDOWN:
            return book.countdown(self._at, since + COUNTDOWN_S - t)
        if self.stage != WORK or self._astray(current, t):
            return book.setup(self._at, current.setup)
        return book.work(self._at)

    # ---- commands ----------------------------------------------------------------
    def pause(self) -> None:
        """Pause, or go on."""
        t = self._t or 0.0
        if self.stage == SUMMARY:
            return
        watched = self.watching
        self.paused = not self.paused
        if not self.paused:
            self._since += t - self._paused_at
            self._say(self.phrases.say("resumed"), FLOW, t, "resumed")
            return
        self._paused_at = t
        if self._set is not None and watched:
            self._tell_reps(list(self._set.session.interrupt()))
        self._say(self.phrases.say("paused"), ALERT, t, "paused")

    def skip(self) -> None:
        """Go to the next exercise; out of the summary, to the end."""
        t = self._t or 0.0
        self.paused = False
        if self.stage == SUMMARY:
            self.done = True
            return
        self._hush = True
        self._end_set(t)
        self._go_to(self._at + 1, t, self.phrases.say("skipped"))

    def repeat(self) -> None:
        """Do this exercise again from the beginning; in a rest, the one just done."""
        t = self._t or 0.0
        self.paused = False
        if self.stage == SUMMARY:
            return
        self._hush = True
        introduce = self.stage == INTRO  # whoever has not heard it out may want to hear it again
        self._end_set(t)
        self._go_to(self._at, t, self.phrases.say("repeat"), announce=False, introduce=introduce)

    def finish(self) -> None:
        """End the workout now: the set under way is judged as far as it got."""
        if self.stage != SUMMARY:
            self._end_set(self._t or 0.0)
            self.stage = SUMMARY
        self.done = True

    # ---- stages ------------------------------------------------------------------
    def _begin_if_new(self, t: float) -> None:
        if self._t is None:
            self._go_to(0, t)

    def _go_to(self, index: int, t: float, first: str = "", *, announce: bool = True, introduce: bool = True) -> None:
        """Begin the step of an index, or end the workout behind the last; *first* is said before all else."""
        announce = announce and not self._warned
        introduce = introduce and self._introduce
        if index >= len(self.plan.steps):
            self._summarise(t)
            return
        self._at = index
        step = self._step
        session = self._session_of(get_exercise(step.exercise))
        exercise = self._known[step.exercise] = session.exercise
        target = Target.of(exercise, step.reps)
        self._set = _Set(
            step,
            exercise,
            target,
            session,
            SetupHelper(exercise, self.phrases, session.limits),
            CueScheduler(exercise, self.phrases, target=target),
            t,
        )
        self._advice = _Advice()
        if self._listener is not None:
            self._listener.set_begun(session, target)
        words = [first] if first else []
        if announce and (introduce or len(self.plan.steps) > 1):
            words.append(self._book.announce(index))
        if introduce:
            text = " ".join([*words, *self.phrases.intro(exercise)])
            self._intro_s = max(INTRO_S, len(text) / LETTERS_PER_S)
            self._say(text, FLOW, t, "intro")
            self._enter(INTRO, t)
        else:
            self._say(" ".join(words), FLOW, t, "next")
            self._enter(SETUP, t)

    def _enter(self, stage: str, t: float) -> None:
        self.stage, self._since = stage, t
        if stage == SETUP and self._set is not None:
            # Being ready must be seen here, not have been seen while the introduction was going on.
            self._set.helper.restart()
        self._counted_down, self._warned, self._heard_out = 0, False, False

    def _advance(self, t: float, speaking: bool) -> None:
        """Let the stages pass that only wait for time."""
        if self.paused:
            return
        if self.stage == REST:
            left = self._since + self._step.rest_s - t
            if left <= 0:
                self._go_to(self._at + 1, t)
            elif left <= REST_WARNING_S < self._step.rest_s and not self._warned:
                self._warned = True
                self._say(self._book.announce(self._at + 1), FLOW, t, "next")
        elif self.stage == SUMMARY and not speaking and t - self._since >= SUMMARY_S:
            self.done = True

    def _follow(self, current: _Set, moment: Moment, events: list[Event], speaking: bool) -> None:
        t = moment.t
        started = any(isinstance(e, RepStarted | RepDone) for e in events)
        if self.stage != WORK and started:
            # Whoever has begun needs no more words.
            self._hush = True
            self._enter(WORK, t)
        if self.stage == INTRO:
            self._heard_out = self._heard_out or (not speaking and t - self._since > INTRO_S)
            if t - self._since >= self._intro_s or self._heard_out:
                self._enter(SETUP, t)
        elif self.stage == SETUP:
            self._set_up(current, t)
        elif self.stage == COUNTDOWN:
            self._count_down(moment)
        if self.stage == WORK:
            self._work(current, moment, events, speaking)

    def _set_up(self, current: _Set, t: float) -> None:
        setup = current.setup
        assert setup is not None
        if setup.ready:
            self._enter(COUNTDOWN, t)
            self._say(self.phrases.say("ready"), ALERT, t, "ready")
        elif self._advice.due(setup.advice, t):
            self._say(setup.text, CORRECTION, t, f"advice:{setup.advice}")

    def _count_down(self, moment: Moment) -> None:
        t = moment.t
        if moment.phase != "away":
            self._present_at = t
        elif t - max(self._present_at, self._since) > COUNTDOWN_LOST_S:
            self._enter(SETUP, t)
            return
        passed = t - self._since
        if passed >= COUNTDOWN_S:
            self._say(self.phrases.say("go"), FLOW, t, "go", good_for=0.7)
            self._enter(WORK, t)
            return
        second = int(passed)
        # The first second belongs to "ready".
        if second > self._counted_down:
            self._counted_down = second
            self._say(self.phrases.say("countdown", n=int(COUNTDOWN_S) - second), FLOW, t, "countdown", good_for=0.5)

    def _work(self, current: _Set, moment: Moment, events: list[Event], speaking: bool) -> None:
        t = moment.t
        said = current.cues.update(moment, speaking=speaking)
        if self._check_target(current, t, any(isinstance(e, RepDone) for e in events)):
            return
        if self._astray(current, t) and moment.problem is None:
            # Of the picture the cues speak by themselves.
            setup = current.setup
            if setup is not None and self._advice.due(setup.advice, t):
                self._say(setup.text, CORRECTION, t, f"advice:{setup.advice}")
        elif said is not None:
            self._speech.append(said)

    def _check_target(self, current: _Set, t: float, rep_done: bool) -> bool:
        """End the set where the target is reached; return whether it was."""
        if not rep_done or not current.target.reps or current.target.left(current.session.judge.reps):
            return False
        self._set_complete(t)
        return True

    def _set_complete(self, t: float) -> None:
        result = self._end_set(t, complete=True)
        if result is None or self._at + 1 >= len(self.plan.steps):
            self._summarise(t)
            return
        if self._step.rest_s <= 0:
            self._go_to(self._at + 1, t)
            return
        self._say(self._book.set_done(result, self._step.rest_s), FLOW, t, "set-done", good_for=4.0)
        self._enter(REST, t)

    def _summarise(self, t: float) -> None:
        self._set = None
        self._enter(SUMMARY, t)
        self._say(self._book.farewell(self.results), FLOW, t, "summary", good_for=6.0)

    def _end_set(self, t: float, *, complete: bool = False) -> SetResult | None:
        current, self._set = self._set, None
        if current is None:
            return None
        events = [e for m in current.session.finish() for e in m.events]
        self._tell_reps(events)
        result = SetResult(
            current.step, current.exercise, current.target, current.session, current.started_s, t, complete
        )
        self.results.append(result)
        if self._listener is not None:
            self._listener.set_over(result)
        return result

    def _exercise_of(self, name: str) -> Exercise:
        if name not in self._known:
            self._known[name] = self._session_of(get_exercise(name)).exercise
        return self._known[name]

    # ---- small things --------------------------------------------------------------
    @property
    def _step(self) -> Step:
        return self.plan.steps[min(self._at, len(self.plan.steps) - 1)]

    def _astray(self, current: _Set, t: float) -> bool:
        """Return whether the person has been out of position, or of the picture, for long in the middle of a set."""
        m = current.moment
        if m is None or (m.phase != "away" and m.problem is None):
            current.astray_since = None
            return False
        if current.astray_since is None:
            current.astray_since = t
        return t - current.astray_since >= ASTRAY_S

    def _tell_reps(self, events: list[Event]) -> None:
        if self._listener is not None:
            for e in events:
                if isinstance(e, RepDone):
                    self._listener.rep_done(e.rep)

    def _say(self, text: str, priority: int, t: float, key: str, good_for: float = 2.0) -> None:
        if text:
            self._speech.append(Utterance(text, priority, t, good_for, key))
