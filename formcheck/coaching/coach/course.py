"""The way through a plan: at which step it is, the set under way, what became of those before, and who hears of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from formcheck.judging.exercises import get_exercise
from formcheck.judging.rules.exercise import Exercise
from formcheck.judging.rules.records import Event, RepDone
from formcheck.judging.session.moment import Moment
from formcheck.judging.session.session import Session
from formcheck.sight.pose.types import Observation

from .current import CurrentSet
from .phrases import Phrases
from .plan import Plan, Step, Target
from .sets import Listener, SetResult


class Course:
    """Goes through the steps of a plan, one set at a time; times are the workout's seconds.

    Parameters
    ----------
    plan : Plan
    phrases : Phrases
    session_of : callable
        Makes a session of an exercise (with the limits in force).
    listener : Listener or None
    correct_every : int
        A correction is said in one of this many repetitions while its fault stays.

    Attributes
    ----------
    plan : Plan
    at : int
        Index of the step.
    current : CurrentSet or None
        None in a rest and behind the last step.
    results : list of SetResult
        Finished sets.
    """

    def __init__(
        self,
        plan: Plan,
        phrases: Phrases,
        session_of: Callable[[Exercise], Session],
        listener: Listener | None,
        correct_every: int,
    ) -> None:
        self.plan = plan
        self.at = 0
        self.current: CurrentSet | None = None
        self.results: list[SetResult] = []
        self._phrases, self._session_of, self._listener = phrases, session_of, listener
        self._correct_every = correct_every
        #: The exercises with the limits in force, by id.
        self._known: dict[str, Exercise] = {}

    @property
    def step(self) -> Step:
        """The step it is at."""
        return self.plan.steps[min(self.at, len(self.plan.steps) - 1)]

    @property
    def exercise(self) -> Exercise:
        """The exercise it is about now (in a rest, the one just done)."""
        return self.current.exercise if self.current is not None else self.exercise_of(self.step.exercise)

    @property
    def target(self) -> Target:
        """Of the exercise it is about now."""
        return self.current.target if self.current is not None else Target.of(self.exercise, self.step.reps)

    def exercise_of(self, name: str) -> Exercise:
        """Return an exercise with the limits in force."""
        if name not in self._known:
            self._known[name] = self._session_of(get_exercise(name)).exercise
        return self._known[name]

    def has(self, index: int) -> bool:
        """Return whether there is a step of an index."""
        return index < len(self.plan.steps)

    def begin(self, index: int, t: float) -> None:
        """Begin the set of the step of an index."""
        self.at = index
        session = self._session_of(get_exercise(self.step.exercise))
        self._known[self.step.exercise] = session.exercise
        self.current = CurrentSet.begin(self.step, session, self._phrases, self._correct_every, t)
        if self._listener is not None:
            self._listener.set_begun(session, self.current.target)

    def judge(self, current: CurrentSet, observation: Observation) -> list[Event] | None:
        """Have the set under way judge an observation; return what happened, None where nothing was judged."""
        moments = current.session.update(observation)
        if not moments:
            return None
        current.moment = moments[-1]
        if self._listener is not None:
            for m in moments:
                self._listener.moment(m, observation.size)
        return self._told(moments)

    def interrupt(self) -> None:
        """Break off the attempt under way."""
        if self.current is not None:
            self._tell(self.current.session.interrupt())

    def end(self, t: float, *, complete: bool = False) -> SetResult | None:
        """End the set under way, judged as far as it got; return what became of it, None where there is none."""
        current, self.current = self.current, None
        if current is None:
            return None
        self._told(current.session.finish())
        result = current.result(t, complete=complete)
        self.results.append(result)
        if self._listener is not None:
            self._listener.set_over(result)
        return result

    def switch(self, other: str) -> None:
        """Put another exercise in the place of this one."""
        self.plan = self.plan.with_next(self.at, other)

    def _told(self, moments: Iterable[Moment]) -> list[Event]:
        """Return the events of moments, after the listener heard of them."""
        events = [e for m in moments for e in m.events]
        self._tell(events)
        return events

    def _tell(self, events: Iterable[Event]) -> None:
        for e in events:
            if self._listener is not None and isinstance(e, RepDone):
                self._listener.rep_done(e.rep)
