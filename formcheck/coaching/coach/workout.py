"""A workout from its first introduction to its summary, hands-free: observations go in, a scene and speech come out.

Pure but for its state: time comes with the observations, nothing here looks at a clock, a picture or a screen.
"""

from __future__ import annotations

from collections.abc import Callable

from formcheck.judging.exercises import get_exercise
from formcheck.judging.rules.exercise import Exercise
from formcheck.judging.rules.records import Event, RepDone, RepStarted
from formcheck.judging.session.company import Company
from formcheck.judging.session.moment import Moment
from formcheck.judging.session.session import Session
from formcheck.sight.pose.types import Observation

from ..voice.utterances import ADVICE, ALERT, FLOW, PRAISE, Utterance
from .corrections import EVERY
from .countdown import COUNTED, LOST, OVER, RUNS, Countdown
from .current import CurrentSet
from .director import Director
from .gestures import Gesture
from .hands import NEXT, PAUSE, RESUME, YES, Hands
from .other import Question
from .phrases import Phrases
from .plan import Plan, Step, Target
from .scene import COUNTDOWN, INTRO, REST, SETUP, SUMMARY, WORK, Scene
from .scenes import SceneBook
from .sets import Listener, SetResult
from .setup import Setup
from .stages import Stages

#: Words that name what comes wait this long (s) for other words to end.
WAITS_S = 30.0


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
    correct_every : int
        A correction is said in one of this many repetitions while its fault stays.
    hands : bool
        A raised arm pauses, goes on and answers.

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
        correct_every: int = EVERY,
        hands: bool = True,
    ) -> None:
        self.plan, self.phrases = plan, phrases
        self.results: list[SetResult] = []
        self.done = False
        self._stages = Stages()
        self._session_of, self._listener, self._introduce = session_of, listener, introduce
        self._correct_every = correct_every
        #: The exercises with the limits in force, by id.
        self._known: dict[str, Exercise] = {}
        self._book = SceneBook(plan, phrases, self._exercise_of)
        self._director = Director()
        self._hands = Hands(hands)
        self._question = Question()
        self._at = 0
        self._set: CurrentSet | None = None
        self._t: float | None = None
        self._countdown: Countdown | None = None
        self._company = Company()
        self._introduction = ""

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
        self._answer(observation)
        moment = self._look(observation, speaking) if self.watching else None
        if not self.watching:
            self._advance(t, speaking)
        self._direct(t, moment, speaking)
        return moment

    def _look(self, observation: Observation, speaking: bool) -> Moment | None:
        """Judge an observation and go on with what it shows."""
        t, current = observation.t, self._set
        assert current is not None
        self._company.update(t, observation.persons)
        if self._company.asks(t):
            self._say(self.phrases.advice("one-person"), ADVICE, t, "one-person", good_for=6.0)
        moments = current.session.update(observation)
        if not moments:
            return current.moment
        moment = current.moment = moments[-1]
        if self._listener is not None:
            for m in moments:
                self._listener.moment(m, observation.size)
        events = [e for m in moments for e in m.events]
        self._tell_reps(events)
        self._ask(current, observation, moment)
        if self.stage != WORK or moment.phase == "away" or moment.problem is not None:
            current.help(moment, observation)
        self._follow(current, moment, events, speaking)
        return moment

    def _answer(self, observation: Observation) -> None:
        """Do what a raised arm asks for."""
        under_way = self.watching and self._set is not None and self._set.under_way
        answer = self._hands.update(
            observation,
            self.exercise.raises_arm,
            free=not under_way and self.stage != SUMMARY,
            paused=self.paused,
            asked=self._question.open_at(observation.t),
        )
        if answer in (PAUSE, RESUME):
            self.pause()
        elif answer == NEXT:
            self.skip()
        elif answer == YES:
            self._switch(observation.t)

    def tick(self, t: float, *, speaking: bool = False) -> None:
        """Let time pass without a picture (a rest goes on while the camera is away)."""
        self._begin_if_new(t)
        if self._t is None or t > self._t:
            self._t = t
            self._advance(t, speaking)
        self._direct(t, None, speaking)

    def tell(self, utterance: Utterance) -> None:
        """Have something said that does not come from the exercise (the camera is gone)."""
        self._director.offer(utterance)

    def heard(self) -> list[Utterance]:
        """Return what is to be said since the last call."""
        return self._director.take()

    def take_hush(self) -> bool:
        """Return whether what is being said has been overtaken by events; asked before :meth:`heard`."""
        return self._director.take_hush()

    @property
    def stage(self) -> str:
        """The stage it is in: one of those of :mod:`~formcheck.coaching.coach.scene`."""
        return self._stages.now

    @property
    def paused(self) -> bool:
        """Whether it is paused."""
        return self._stages.paused

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
    def gesture(self) -> Gesture | None:
        """The arm that is being held up, to be shown while it counts."""
        return self._hands.shown

    @property
    def scene(self) -> Scene:
        """What to show now."""
        t, book = self._t or 0.0, self._book
        if self.paused:
            return book.paused(self._at, hands=self._hands.on)
        if self.stage == SUMMARY:
            return book.summary(self.results)
        if self.stage == REST:
            return book.rest(self._at, self._stages.rest_left(self._step.rest_s, t), self._step.rest_s)
        current = self._set
        if current is None or (self.stage == INTRO and not current.begun):
            return book.intro(self._at)
        if self.stage == SETUP and current.left and current.unseen:
            return book.left(self._at)
        if self.stage == COUNTDOWN and self._countdown is not None:
            return book.countdown(self._at, self._countdown.left(t), COUNTED)
        if self.stage != WORK or current.astray(t):
            asked = self._question.asked if self._question.open_at(t) else None
            return book.setup(self._at, current.setup, asked)
        return book.work(self._at)

    # ---- commands ----------------------------------------------------------------
    def pause(self) -> None:
        """Pause, or go on."""
        t = self._t or 0.0
        if self.stage == SUMMARY:
            return
        if self.paused:
            self._resume(t)
            return
        watched = self.watching
        self._stages.pause(t)
        self._director.overtake()
        if self._set is not None and watched:
            self._tell_reps(list(self._set.session.interrupt()))
        self._say(self.phrases.say("paused-hands" if self._hands.on else "paused"), ALERT, t, "paused")

    def _resume(self, t: float) -> None:
        self._stages.resume(t)
        self._say(self.phrases.say("resumed"), FLOW, t, "resumed", good_for=6.0)
        if self.stage == INTRO:
            self._say(self._introduction, FLOW, t, "intro", good_for=WAITS_S)
        elif self.stage in (WORK, COUNTDOWN):
            self._enter(SETUP, t)

    def skip(self) -> None:
        """Go to the next exercise; out of the summary, to the end."""
        t = self._t or 0.0
        self._stages.paused = False
        if self.stage == SUMMARY:
            self.done = True
            return
        self._director.overtake()
        self._end_set(t)
        self._go_to(self._at + 1, t, self.phrases.say("skipped"))

    def repeat(self) -> None:
        """Do this exercise again from the beginning; in a rest, the one just done."""
        t = self._t or 0.0
        self._stages.paused = False
        if self.stage == SUMMARY:
            return
        self._director.overtake()
        introduce = self.stage == INTRO  # whoever has not heard it out may want to hear it again
        self._end_set(t)
        self._go_to(self._at, t, self.phrases.say("repeat"), announce=False, introduce=introduce)

    def finish(self) -> None:
        """End the workout now: the set under way is judged as far as it got."""
        if self.stage != SUMMARY:
            self._end_set(self._t or 0.0)
            self._stages.enter(SUMMARY, self._t or 0.0)
        self.done = True

    def _ask(self, current: CurrentSet, observation: Observation, moment: Moment) -> None:
        """Ask whether to go on with another exercise that is done instead of this one."""
        if not self._hands.on or self.stage not in (SETUP, WORK):
            return
        other = self._question.update(observation, moment, current.exercise.id)
        if other is not None:
            self._say(self._book.ask(other), FLOW, observation.t, "other", good_for=3.0)

    def _switch(self, t: float) -> None:
        """Go on with the exercise that was asked about; this one takes its place in the plan, or is left."""
        other = self._question.take()
        if other is None:
            return
        self._director.overtake()
        self._end_set(t)
        self.plan = self.plan.with_next(self._at, other)
        self._book = SceneBook(self.plan, self.phrases, self._exercise_of)
        self._go_to(self._at, t, self.phrases.say("switched"), announce=False, introduce=False)

    # ---- stages ------------------------------------------------------------------
    def _begin_if_new(self, t: float) -> None:
        if self._t is None:
            self._go_to(0, t)

    def _go_to(self, index: int, t: float, first: str = "", *, announce: bool = True, introduce: bool = True) -> None:
        """Begin the step of an index, or end the workout behind the last; *first* is said before all else."""
        introduce = introduce and self._introduce
        # The name of an exercise always comes with its introduction; alone it is said once.
        announce = announce and (introduce or not self._stages.named)
        if index >= len(self.plan.steps):
            self._summarise(t)
            return
        self._at = index
        session = self._session_of(get_exercise(self._step.exercise))
        exercise = self._known[self._step.exercise] = session.exercise
        self._set = CurrentSet.begin(self._step, session, self.phrases, self._correct_every, t)
        if self._listener is not None:
            self._listener.set_begun(session, self._set.target)
        if introduce:
            told = self._hands.tell(exercise.raises_arm)
            text = self._introduction = self._book.introduction(index, first, told, announce=announce)
            self._stages.will_read(text)
            self._director.forget("next")
            self._say(text, FLOW, t, "intro", good_for=WAITS_S)
            self._enter(INTRO, t)
        else:
            name = self._book.announce(index) if announce and len(self.plan.steps) > 1 else ""
            self._say(" ".join(x for x in (first, name) if x), FLOW, t, "next", good_for=WAITS_S)
            self._enter(SETUP, t)

    def _enter(self, stage: str, t: float) -> None:
        self._stages.enter(stage, t)
        if stage == WORK and self._set is not None:
            self._set.left = False
            self._director.forget("advice", "intro", "next")
        if stage == SETUP and self._set is not None:
            # Being ready must be seen here, not have been seen while the introduction was going on.
            self._set.helper.restart()

    def _advance(self, t: float, speaking: bool) -> None:
        """Let the stages pass that only wait for time."""
        if self.paused:
            return
        speaking = speaking or self._director.waiting
        if self.stage == REST:
            if self._stages.rest_left(self._step.rest_s, t) <= 0:
                self._go_to(self._at + 1, t)
            elif self._stages.names_next(self._step.rest_s, t):
                self._say(self._book.announce(self._at + 1), FLOW, t, "next", good_for=WAITS_S)
        elif not speaking and self._stages.summary_over(t):
            self.done = True

    def _follow(self, current: CurrentSet, moment: Moment, events: list[Event], speaking: bool) -> None:
        t = moment.t
        speaking = speaking or self._director.waiting
        started = any(isinstance(e, RepStarted | RepDone) for e in events)
        if self.stage != WORK and started:
            # Whoever has begun needs no more words.
            self._director.overtake()
            self._enter(WORK, t)
        if self.stage == INTRO:
            if self._stages.introduced(t, speaking=speaking):
                self._enter(SETUP, t)
        elif self.stage == SETUP:
            self._set_up(current, t, speaking)
        elif self.stage == COUNTDOWN:
            became = self._countdown.update(moment) if self._countdown is not None else LOST
            if became != RUNS:
                self._enter(WORK if became == OVER else SETUP, t)
        if self.stage == WORK:
            self._work(current, moment, events, speaking)

    def _set_up(self, current: CurrentSet, t: float, speaking: bool) -> None:
        setup = current.setup
        assert setup is not None
        if setup.ready:
            self._enter(COUNTDOWN, t)
            self._director.forget("advice", "intro", "next")
            self._countdown = Countdown(self.phrases, t, self._director.offer)
        else:
            self._advise(current, t, speaking)

    def _advise(self, current: CurrentSet, t: float, speaking: bool) -> bool:
        """Say what the screen shows of the set-up, if it is time to; return whether it was said."""
        due = current.advice_due(t, speaking=speaking)
        if due is not None:
            self._say(due.text, ADVICE, t, f"advice:{due.advice}")
        return due is not None

    def _work(self, current: CurrentSet, moment: Moment, events: list[Event], speaking: bool) -> None:
        t = moment.t
        said = current.cues.update(moment, speaking=speaking)
        if current.reached and any(isinstance(e, RepDone) for e in events):
            self._set_complete(t)
            return
        astray = current.astray(t)
        setup = current.setup
        if setup is not None and setup.advice == "nobody" and moment.problem is not None:
            # To leave the picture is to pause; whoever comes back is led into position.
            current.left = True
            self._enter(SETUP, t)
            self._advise(current, t, speaking)
            return
        if moment.problem is not None or astray:
            current.told_view |= self._advise(current, t, speaking) and moment.problem is not None
            if astray and moment.problem is None:
                return
        elif current.told_view and current.good_again(t, speaking=speaking):
            self._say(self.phrases.say("view-good"), PRAISE, t, "view:good")
        if said is not None:
            self._director.offer(said)

    def _direct(self, t: float, moment: Moment | None, speaking: bool) -> None:
        """Let the director choose what is said now."""
        free_s = float("inf")
        if self.stage == COUNTDOWN:
            free_s = 0.0
        elif self.stage == WORK and self._set is not None and moment is not None:
            free_s = self._set.cues.free_s(moment)
        self._director.direct(t, speaking=speaking, free_s=free_s)

    def _set_complete(self, t: float) -> None:
        result = self._end_set(t, complete=True)
        if result is None or self._at + 1 >= len(self.plan.steps):
            self._summarise(t)
            return
        if self._step.rest_s <= 0:
            self._go_to(self._at + 1, t)
            return
        self._say(self._book.set_done(result, self._step.rest_s), FLOW, t, "set-done", good_for=6.0)
        self._enter(REST, t)

    def _summarise(self, t: float) -> None:
        self._set = None
        self._enter(SUMMARY, t)
        self._say(self._book.farewell(self.results), FLOW, t, "summary", good_for=WAITS_S)

    def _end_set(self, t: float, *, complete: bool = False) -> SetResult | None:
        current, self._set = self._set, None
        if current is None:
            return None
        events = [e for m in current.session.finish() for e in m.events]
        self._tell_reps(events)
        result = current.result(t, complete=complete)
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

    def _tell_reps(self, events: list[Event]) -> None:
        if self._listener is not None:
            for e in events:
                if isinstance(e, RepDone):
                    self._listener.rep_done(e.rep)

    def _say(self, text: str, priority: int, t: float, key: str, good_for: float = 2.0) -> None:
        self._director.offer(Utterance(text, priority, t, good_for, key))
