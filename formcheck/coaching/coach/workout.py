"""A workout from its first introduction to its summary, hands-free: observations go in, a scene and speech come out.

Pure but for its state: time comes with the observations, nothing here looks at a clock, a picture or a screen.
"""

from __future__ import annotations

from collections.abc import Callable

from formcheck.judging.rules.exercise import Exercise
from formcheck.judging.session.company import Company
from formcheck.judging.session.moment import Moment
from formcheck.judging.session.session import Session
from formcheck.sight.pose.types import Observation

from ..voice.utterances import ADVICE, ALERT, FLOW, Utterance
from .corrections import EVERY
from .countdown import COUNTED
from .course import Course
from .current import CurrentSet
from .director import Director
from .gestures import Gesture
from .hands import NEXT, PAUSE, RESUME, YES, Hands
from .leading import Leading
from .other import Question
from .phrases import Phrases
from .plan import Plan, Target
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
    phrases : Phrases
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
        self.phrases = phrases
        self.done = False
        self._course = Course(plan, phrases, session_of, listener, correct_every)
        self._book = SceneBook(plan, phrases, self._course.exercise_of)
        self._stages, self._director = Stages(), Director()
        self._leading = Leading(phrases, self._stages, self._director)
        self._introduce = introduce
        self._introduction = ""
        self._hands, self._question, self._company = Hands(hands), Question(), Company()
        self._t: float | None = None

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
        t, current = observation.t, self._course.current
        assert current is not None
        self._company.update(t, observation.persons)
        if self._company.asks(t):
            self._director.say(self.phrases.advice("one-person"), ADVICE, t, "one-person", good_for_s=6.0)
        events = self._course.judge(current, observation)
        moment = current.moment
        if events is None or moment is None:
            return moment
        self._ask(current, observation, moment)
        if self.stage != WORK or moment.phase == "away" or moment.problem is not None:
            current.help(moment, observation)
        if self._leading.follow(current, moment, events, speaking=speaking):
            self._set_complete(moment.t)
        return moment

    def _answer(self, observation: Observation) -> None:
        """Do what a raised arm asks for."""
        current = self._course.current
        under_way = self.watching and current is not None and current.under_way
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
    def plan(self) -> Plan:
        """The plan, as it has become."""
        return self._course.plan

    @property
    def results(self) -> list[SetResult]:
        """Finished sets."""
        return self._course.results

    @property
    def exercise(self) -> Exercise:
        """The exercise it is about now (in a rest, the one just done)."""
        return self._course.exercise

    @property
    def watching(self) -> bool:
        """Whether what is seen now is judged: not in a pause, a rest or the summary."""
        return not self.paused and self._course.current is not None and self.stage not in (REST, SUMMARY)

    @property
    def target(self) -> Target:
        """Of the exercise it is about now."""
        return self._course.target

    @property
    def setup(self) -> Setup | None:
        """What the set-up helper last said."""
        return self._course.current.setup if self._course.current is not None else None

    @property
    def session(self) -> Session | None:
        """What judges the set under way; None in a rest and the summary."""
        return self._course.current.session if self._course.current is not None else None

    @property
    def gesture(self) -> Gesture | None:
        """The arm that is being held up, to be shown while it counts."""
        return self._hands.shown

    @property
    def scene(self) -> Scene:
        """What to show now."""
        t, book, at = self._t or 0.0, self._book, self._course.at
        if self.paused:
            return book.paused(at, hands=self._hands.on)
        if self.stage == SUMMARY:
            return book.summary(self.results)
        if self.stage == REST:
            rest_s = self._course.step.rest_s
            return book.rest(at, self._stages.rest_left(rest_s, t), rest_s)
        current, countdown = self._course.current, self._leading.countdown
        if current is None or (self.stage == INTRO and not current.begun):
            return book.intro(at)
        if self.stage == SETUP and current.left and current.unseen:
            return book.left(at)
        if self.stage == COUNTDOWN and countdown is not None:
            return book.countdown(at, countdown.left(t), COUNTED)
        if self.stage != WORK or current.astray(t):
            asked = self._question.asked if self._question.open_at(t) else None
            return book.setup(at, current.setup, asked)
        return book.work(at)

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
        if watched:
            self._course.interrupt()
        self._director.say(self.phrases.say("paused-hands" if self._hands.on else "paused"), ALERT, t, "paused")

    def _resume(self, t: float) -> None:
        self._stages.resume(t)
        self._director.say(self.phrases.say("resumed"), FLOW, t, "resumed", good_for_s=6.0)
        if self.stage == INTRO:
            self._director.say(self._introduction, FLOW, t, "intro", good_for_s=WAITS_S)
        elif self.stage in (WORK, COUNTDOWN):
            self._leading.enter(SETUP, t, self._course.current)

    def skip(self) -> None:
        """Go to the next exercise; out of the summary, to the end."""
        t = self._t or 0.0
        self._stages.paused = False
        if self.stage == SUMMARY:
            self.done = True
            return
        self._director.overtake()
        self._course.end(t)
        self._go_to(self._course.at + 1, t, self.phrases.say("skipped"))

    def repeat(self) -> None:
        """Do this exercise again from the beginning; in a rest, the one just done."""
        t = self._t or 0.0
        self._stages.paused = False
        if self.stage == SUMMARY:
            return
        self._director.overtake()
        introduce = self.stage == INTRO  # whoever has not heard it out may want to hear it again
        self._course.end(t)
        self._go_to(self._course.at, t, self.phrases.say("repeat"), announce=False, introduce=introduce)

    def finish(self) -> None:
        """End the workout now: the set under way is judged as far as it got."""
        if self.stage != SUMMARY:
            self._course.end(self._t or 0.0)
            self._stages.enter(SUMMARY, self._t or 0.0)
        self.done = True

    def _ask(self, current: CurrentSet, observation: Observation, moment: Moment) -> None:
        """Ask whether to go on with another exercise that is done instead of this one."""
        if not self._hands.on or self.stage not in (SETUP, WORK):
            return
        other = self._question.update(observation, moment, current.exercise.id)
        if other is not None:
            self._director.say(self._book.ask(other), FLOW, observation.t, "other", good_for_s=3.0)

    def _switch(self, t: float) -> None:
        """Go on with the exercise that was asked about; this one takes its place in the plan, or is left."""
        other = self._question.take()
        if other is None:
            return
        self._director.overtake()
        self._course.end(t)
        self._course.switch(other)
        self._book = SceneBook(self.plan, self.phrases, self._course.exercise_of)
        self._go_to(self._course.at, t, self.phrases.say("switched"), announce=False, introduce=False)

    # ---- stages ------------------------------------------------------------------
    def _begin_if_new(self, t: float) -> None:
        if self._t is None:
            self._go_to(0, t)

    def _go_to(self, index: int, t: float, first: str = "", *, announce: bool = True, introduce: bool = True) -> None:
        """Begin the step of an index, or end the workout behind the last; *first* is said before all else."""
        introduce = introduce and self._introduce
        # The name of an exercise always comes with its introduction; alone it is said once.
        announce = announce and (introduce or not self._stages.named)
        if not self._course.has(index):
            self._summarise(t)
            return
        self._course.begin(index, t)
        if introduce:
            told = self._hands.tell(self.exercise.raises_arm)
            text = self._introduction = self._book.introduction(index, first, told, announce=announce)
            self._stages.will_read(text)
            self._director.forget("next")
            self._director.say(text, FLOW, t, "intro", good_for_s=WAITS_S)
        else:
            name = self._book.announce(index) if announce and len(self.plan.steps) > 1 else ""
            words = " ".join(x for x in (first, name) if x)
            self._director.say(words, FLOW, t, "next", good_for_s=WAITS_S)
        self._leading.enter(INTRO if introduce else SETUP, t, self._course.current)

    def _advance(self, t: float, speaking: bool) -> None:
        """Let the stages pass that only wait for time."""
        if self.paused:
            return
        speaking = speaking or self._director.waiting
        if self.stage == REST:
            after, rest_s = self._course.at + 1, self._course.step.rest_s
            if self._stages.rest_left(rest_s, t) <= 0:
                self._go_to(after, t)
            elif self._stages.names_next(rest_s, t):
                self._director.say(self._book.announce(after), FLOW, t, "next", good_for_s=WAITS_S)
        elif not speaking and self._stages.summary_over(t):
            self.done = True

    def _direct(self, t: float, moment: Moment | None, speaking: bool) -> None:
        """Let the director choose what is said now."""
        free_s = float("inf")
        if self.stage == COUNTDOWN:
            free_s = 0.0
        elif self.stage == WORK and self._course.current is not None and moment is not None:
            free_s = self._course.current.cues.free_s(moment)
        self._director.direct(t, speaking=speaking, free_s=free_s)

    def _set_complete(self, t: float) -> None:
        result, after, rest_s = self._course.end(t, complete=True), self._course.at + 1, self._course.step.rest_s
        if result is None or not self._course.has(after):
            self._summarise(t)
        elif rest_s <= 0:
            self._go_to(after, t)
        else:
            self._director.say(self._book.set_done(result, rest_s), FLOW, t, "set-done", good_for_s=6.0)
            self._stages.enter(REST, t)

    def _summarise(self, t: float) -> None:
        self._course.current = None
        self._stages.enter(SUMMARY, t)
        self._director.say(self._book.farewell(self.results), FLOW, t, "summary", good_for_s=WAITS_S)
