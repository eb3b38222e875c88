"""The words of a workout: what each scene shows and what is announced, in the chosen language."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import ceil

from formcheck.judging.exercises import get_exercise
from formcheck.judging.rules.exercise import Exercise

from .phrases import Phrases
from .plan import Plan, Target
from .scene import COUNTDOWN, INTRO, PAUSED, REST, SETUP, SUMMARY, WORK, Scene
from .sets import SetResult
from .setup import Setup

#: Share of the time asked for from which the start position is held, not passed through.
HELD = 0.2


class SceneBook:
    """Makes the scenes of a plan.

    Parameters
    ----------
    plan : Plan
    phrases : Phrases
    exercise_of : callable, optional
        Gives an exercise by its id, with the limits in force; default: with its own.
    """

    def __init__(self, plan: Plan, phrases: Phrases, exercise_of: Callable[[str], Exercise] = get_exercise) -> None:
        self._plan, self._p, self._exercise_of = plan, phrases, exercise_of

    # ---- shown -------------------------------------------------------------------
    def intro(self, index: int) -> Scene:
        """Return the introduction of a step: what it is and how to get into it."""
        exercise = self._exercise(index)
        return Scene(
            INTRO,
            exercise.id,
            self._place(index),
            self._p.title(exercise),
            self._asked(index),
            tuple(self._p.intro(exercise)),
            ghost=True,
            note=self._p.purpose if index == 0 else "",
        )

    def setup(self, index: int, setup: Setup | None, asked: str | None = None) -> Scene:
        """Return the way into the start position; *asked*: with the question about another exercise."""
        title = self._title(index)
        if asked is not None:
            return Scene(SETUP, self._exercise(index).id, title, self.ask(asked))
        if setup is None:
            return Scene(SETUP, self._exercise(index).id, title, self._p.say("get-ready"), ghost=True)
        astray = setup.done and not setup.ready
        # Whoever holds the position has nothing to correct: advice that was given just before is out of date.
        held = setup.ready or (setup.progress >= HELD and not astray)
        text = setup.text
        if not text and astray:
            text = self._p.advice("get-into-position")
        elif held and setup.advice is not None:
            text = self._p.advice("hold-still")
        nothing = setup.advice is None and not astray
        return Scene(
            SETUP,
            self._exercise(index).id,
            title,
            text or self._p.say("get-ready"),
            progress=setup.progress if held or nothing else 0.0,
            ghost=True,
            ok=True if held else None if nothing else False,
        )

    def left(self, index: int) -> Scene:
        """Return the pause of somebody who left the picture."""
        words = self._p.screen("paused"), self._p.advice("nobody")
        return Scene(PAUSED, self._exercise(index).id, self._title(index), *words)

    def countdown(self, index: int, left: float, whole: int) -> Scene:
        """Return the countdown from a number of seconds; before it, "ready"."""
        number = f"{max(ceil(left), 1)}" if left <= whole else self._p.say("ready").rstrip(".")
        seconds = min(max(left, 0.0), whole)
        return Scene(COUNTDOWN, self._exercise(index).id, self._title(index), number, seconds=seconds)

    def work(self, index: int) -> Scene:
        """Return the exercise under way; counts and corrections are drawn with the body."""
        return Scene(WORK, self._exercise(index).id, self._title(index), progress=index / len(self._plan.steps))

    def paused(self, index: int, *, hands: bool = False) -> Scene:
        """Return the pause; *hands*: a raised arm ends it."""
        if hands:
            detail = self._p.screen("paused-hands")
        else:
            detail = self._p.screen("paused-detail", key=self._p.screen("key-space"))
        return Scene(PAUSED, self._exercise(index).id, self._title(index), self._p.screen("paused"), detail)

    def rest(self, index: int, left: float, rest_s: float) -> Scene:
        """Return the rest after a step; it shows what comes next."""
        after = min(index + 1, len(self._plan.steps) - 1)
        exercise = self._exercise(after)
        return Scene(
            REST,
            exercise.id,
            self._place(after),
            self._p.screen("rest"),
            self._p.screen("next", title=self._p.title(exercise)),
            seconds=max(left, 0.0),
            progress=min(max(1 - left / rest_s, 0.0), 1.0) if rest_s else 1.0,
        )

    def summary(self, results: Sequence[SetResult]) -> Scene:
        """Return what was done, a row a set."""
        done = [r for r in results if any(rep.counted for rep in r.reps)]
        if not done:
            return Scene(SUMMARY, headline=self._p.say("nothing-done"))
        return Scene(
            SUMMARY,
            headline=self._p.screen("summary"),
            detail=self._p.screen("stretch"),
            lines=self._rows(done),
            ok=True,
        )

    # ---- said --------------------------------------------------------------------
    def ask(self, other: str) -> str:
        """Return the question whether to go on with an exercise that is done instead."""
        title = self._p.title(other)
        return self._p.say("other", title=title[:1].lower() + title[1:])

    def announce(self, index: int) -> str:
        """Return the words that name a coming exercise."""
        if len(self._plan.steps) == 1:
            return f"{self._p.title(self._exercise(index))}."
        return self._p.say("first" if index == 0 else "next", title=self._p.title(self._exercise(index)))

    def introduction(self, index: int, first: str, told: str | None, *, announce: bool) -> str:
        """Return all that is said before an exercise.

        Parameters
        ----------
        index : int
        first : str
            Said before all else.
        told : str or None
            Key of the words about the hands, said last.
        announce : bool
            Whether it is said which one comes; else its name alone.
        """
        exercise = self._exercise(index)
        name = self.announce(index) if announce else f"{self._p.title(exercise)}."
        last = self._p.say(told) if told is not None else ""
        return " ".join(x for x in (first, name, *self._p.intro(exercise), last) if x)

    def set_done(self, result: SetResult, rest_s: float) -> str:
        """Return the words at the end of a set that is followed by a rest."""
        return " ".join([*self._done(result), self._p.say("rest", n=round(rest_s))])

    def farewell(self, results: Sequence[SetResult]) -> str:
        """Return the words at the end: what was done, and the reminder to stretch."""
        done = [r for r in results if any(rep.counted for rep in r.reps)]
        if not done:
            return self._p.say("nothing-done")
        if len(self._plan.steps) == 1:
            words = self._done(done[-1])
        else:
            words = [
                self._p.say("well-done"),
                self._p.say("summary-exercises", n=len({r.exercise.id for r in done})),
                self._p.say("summary", n=sum(rep.counted for r in done for rep in r.reps)),
            ]
        return " ".join([*words, self._p.say("stretch")])

    # ---- parts -------------------------------------------------------------------
    def _done(self, result: SetResult) -> list[str]:
        counted = [r for r in result.reps if r.counted]
        clean = sum(r.verdict == "good" for r in counted)
        sides = {s: sum(r.side == s for r in counted) for s in ("left", "right")}
        if result.target.parts == ("left", "right"):
            words = [self._p.say("set-done-sides", **sides)]
        else:
            words = [self._p.say("set-done", n=len(counted))]
        if clean:
            words.append(self._p.say("well-done") if clean == len(counted) else self._p.say("set-clean", n=clean))
        return words

    def _rows(self, done: Sequence[SetResult]) -> tuple[str, ...]:
        """Return a table, a row a set, cells apart by tabs."""
        names = ["exercises", "reps", "clean"]
        held = [r for r in done if _is_held(r.exercise)]
        best_name = "best-try" if all(r.exercise.as_long_as_possible for r in held) else "best-hold"
        head = [self._p.screen(name) for name in (*names, *([best_name] if held else []), "score")]
        rows = [head]
        for r in done:
            counted = [rep for rep in r.reps if rep.counted]
            cells = [self._p.title(r.exercise), f"{len(counted)}", f"{sum(rep.verdict == 'good' for rep in counted)}"]
            if held:
                best = max(rep.hold_s for rep in counted) if _is_held(r.exercise) else 0.0
                cells.append(f"{best:.1f} {self._p.screen('seconds')}" if best else "")
            scores = [rep.score for rep in r.reps if rep.score is not None]
            rows.append([*cells, f"{sum(scores) / len(scores):.0f}" if scores else ""])
        return tuple("\t".join(row) for row in rows)

    def _exercise(self, index: int) -> Exercise:
        return self._exercise_of(self._plan.steps[min(index, len(self._plan.steps) - 1)].exercise)

    def _place(self, index: int) -> str:
        n = len(self._plan.steps)
        return self._p.screen("step", k=index + 1, n=n) if n > 1 else ""

    def _title(self, index: int) -> str:
        return "  ".join(x for x in (self._place(index), self._p.title(self._exercise(index))) if x)

    def _asked(self, index: int) -> str:
        """Return how much is asked for: repetitions, sides, seconds."""
        step = self._plan.steps[index]
        exercise = self._exercise(index)
        target = Target.of(exercise, step.reps)
        if not target.reps:
            return ""
        hold = exercise.prescription.hold_s
        times = f"{target.reps} × {hold:g} {self._p.screen('seconds')}" if hold > 1 else f"{target.reps} ×"
        if target.parts == ("left", "right"):
            return f"{times} {self._p.screen('left-side')}, {times} {self._p.screen('right-side')}"
        return f"{len(target.parts)} × {times}" if target.parts else times


def _is_held(exercise: Exercise) -> bool:
    """Return whether its seconds are worth telling: a hold is asked for, or it is all about staying up."""
    return bool(exercise.prescription.hold_s) or exercise.as_long_as_possible
