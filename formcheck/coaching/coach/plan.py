"""What is to be done: the exercises of a workout in order, how many repetitions of each, and the rests between."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from formcheck.errors import UsageError
from formcheck.files import read_toml
from formcheck.judging.exercises import ROUTINE, get_exercise
from formcheck.judging.rules.exercise import Exercise
from formcheck.judging.rules.records import Rep
from formcheck.shown import brief, printable

#: Seconds of rest after an exercise unless a plan says otherwise.
REST_S = 30.0
#: Most repetitions and seconds a plan may ask for: more is a slip of the keyboard.
MAX_REPS, MAX_REST_S = 1000, 3600.0
#: Longest name and most steps of a plan.
MAX_NAME, MAX_STEPS = 100, 1000
#: What a plan should look like.
HINT = "it should be TOML such as [[step]] with exercise = 'plane' and reps = 4"
#: Parts of an exercise whose sides are counted apart.
SIDE_PARTS = ("left", "right")


@dataclass(frozen=True)
class Target:
    """How many counted repetitions make a set.

    Attributes
    ----------
    reps : int
        Of each part; of the whole where there are no parts. 0: as many as one likes.
    parts : tuple of str
        Sides or blocks that are counted apart, in the order in which they are asked for.

    Examples
    --------
    >>> Target(8, ("left", "right")).total
    16
    """

    reps: int
    parts: tuple[str, ...] = ()

    @classmethod
    def of(cls, exercise: Exercise, reps: int | None = None) -> Target:
        """Return the target of an exercise: what the routine asks for, or *reps* (a side, a block, or in all)."""
        p = exercise.prescription
        if p.per_side:
            return cls(p.reps if reps is None else reps, SIDE_PARTS)
        if p.blocks:
            return cls(p.reps // len(p.blocks) if reps is None else reps, p.blocks)
        return cls(p.reps if reps is None else reps)

    @property
    def total(self) -> int:
        """All parts together; 0 = without end."""
        return self.reps * max(len(self.parts), 1)

    def left(self, reps: Iterable[Rep]) -> dict[str, int]:
        """Return what is still to be done, by part (by ``total`` where there are none); empty when all is done."""
        done = Counter(self._part(r) for r in reps if r.counted)
        return {p: n for p in self.parts or ("total",) if (n := self.reps - done[p]) > 0}

    def under_way(self, counts: Mapping[str, int], last: str | None) -> tuple[str | None, int]:
        """Return the part that is under way, and how often it has been done; None: which one is not told yet.

        Parameters
        ----------
        counts : mapping
            Counted repetitions by part, and in ``total``.
        last : str or None
            Part of the last attempt.

        Examples
        --------
        >>> sides = Target(5, ("left", "right"))
        >>> sides.under_way({"total": 3, "left": 3}, "left"), sides.under_way({"total": 5, "left": 5}, "left")
        (('left', 3), ('right', 0))
        >>> sides.under_way({"total": 0}, None), Target(6).under_way({"total": 2}, "left")
        ((None, 0), (None, 2))
        """
        if not self.parts:
            return None, counts.get("total", 0)
        if last in self.parts and not 0 < self.reps <= counts.get(last, 0):
            return last, counts.get(last, 0)
        left = [p for p in self.parts if not self.reps or counts.get(p, 0) < self.reps]
        # Blocks come in order; which side somebody begins with is his own choice.
        sides = self.parts == SIDE_PARTS and len(left) == len(self.parts)
        part = None if sides else left[0] if left else last
        return part, counts.get(part or "", 0)

    def _part(self, rep: Rep) -> str | None:
        if not self.parts:
            return "total"
        return rep.block if rep.block is not None else rep.side


@dataclass(frozen=True)
class Step:
    """One exercise of a workout.

    Attributes
    ----------
    exercise : str
        Id.
    reps : int or None
        A side, a block, or in all; None = what the routine asks for, 0 = until skipped.
    rest_s : float
        Seconds of rest after it.
    """

    exercise: str
    reps: int | None = None
    rest_s: float = REST_S


@dataclass(frozen=True)
class Plan:
    """A workout: its name and its steps in order."""

    name: str
    steps: tuple[Step, ...]

    def __post_init__(self) -> None:
        if not self.steps:
            raise UsageError("a plan needs at least one step", "add [[step]] with exercise = 'plane'")

    def with_next(self, index: int, exercise: str) -> Plan:
        """Return the plan with another exercise at a place: one that would come later changes places with it.

        >>> [s.exercise for s in Plan("p", (Step("swan"), Step("plane"))).with_next(0, "plane").steps]
        ['plane', 'swan']
        >>> [s.exercise for s in Plan("p", (Step("swan"),)).with_next(0, "plane").steps]
        ['plane']
        """
        steps = list(self.steps)
        later = next((k for k in range(index + 1, len(steps)) if steps[k].exercise == exercise), None)
        if later is None:
            steps[index] = replace(steps[index], exercise=exercise, reps=None)
        else:
            steps[index], steps[later] = steps[later], steps[index]
        return replace(self, steps=tuple(steps))


def routine_plan(reps: int | None = None) -> Plan:
    """Return the routine as it is prescribed; *reps* replaces the count of every exercise."""
    return Plan("routine", tuple(Step(e.id, reps) for e in ROUTINE))


def single_plan(exercise: str, reps: int | None = None) -> Plan:
    """Return a plan of one exercise.

    Raises
    ------
    UsageError
        If there is no such exercise.
    """
    return Plan(exercise, (Step(get_exercise(exercise).id, reps, 0.0),))


def read_plan(path: str | Path) -> Plan:
    """Read a plan file.

    A TOML file: ``name`` and ``rest_s`` on top if wanted, then a ``[[step]]`` for each exercise with ``exercise``, and
    if wanted ``reps`` (a side, a block or in all) and ``rest_s``.

    Raises
    ------
    UsageError
        If it cannot be read, or something in it does not fit.
    """
    p = Path(path)
    return plan_from(read_toml(p, "plan file", HINT), f"{p}", p.stem)


def plan_from(data: Mapping[str, Any], where: str, name: str) -> Plan:
    """Return the plan that plain data describe, as those of a plan file.

    Parameters
    ----------
    data : mapping
    where : str
        What they are, for messages.
    name : str
        Name of the plan where the data give none.

    Raises
    ------
    UsageError
        If something in them does not fit.
    """
    _no_others(data, {"name", "rest_s", "step"}, where)
    rest = _number(data.get("rest_s", REST_S), 0.0, MAX_REST_S, f"{where}: rest_s")
    steps = data.get("step", [])
    if not isinstance(steps, list) or not all(isinstance(s, dict) for s in steps):
        raise UsageError(f"{where}: 'step' is not a list of tables", HINT)
    name = data.get("name", name)
    if not isinstance(name, str) or not 1 <= len(name) <= MAX_NAME or printable(name) != name:
        what = f"{where}: expected a line of 1 to {MAX_NAME} letters for name, got {brief(name)}"
        raise UsageError(what, 'write it as name = "mornings"')
    if len(steps) > MAX_STEPS:
        raise UsageError(f"{where}: {len(steps)} steps, at most {MAX_STEPS} make sense", "shorten the plan")
    return Plan(name, tuple(_step(s, rest, f"{where}, step {k}") for k, s in enumerate(steps, 1)))


def _step(data: dict[str, Any], rest: float, where: str) -> Step:
    _no_others(data, {"exercise", "reps", "rest_s"}, where)
    exercise = data.get("exercise")
    if not isinstance(exercise, str):
        raise UsageError(f"{where}: no exercise", "write it as exercise = 'plane'")
    try:
        step = Step(get_exercise(exercise).id, rest_s=rest)
    except UsageError as e:
        raise UsageError(f"{where}: {e.message}", e.hint) from None
    if "reps" in data:
        reps = _number(data["reps"], 0, MAX_REPS, f"{where}: reps")
        if reps != int(reps):
            raise UsageError(f"{where}: expected a whole number of reps, got {reps:g}", "write it as reps = 8")
        step = replace(step, reps=int(reps))
    if "rest_s" in data:
        step = replace(step, rest_s=_number(data["rest_s"], 0.0, MAX_REST_S, f"{where}: rest_s"))
    return step


def _number(value: Any, least: float, most: float, what: str) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not least <= value <= most:
        raise UsageError(
            f"{what}: expected a number from {least:g} to {most:g}, got {brief(value)}", "change the plan file"
        )
    return float(value)


def _no_others(data: Mapping[str, Any], known: set[str], where: str) -> None:
    other = sorted(set(data) - known)
    if other:
        raise UsageError(f"{where}: unknown key {brief(other[0])}", f"known are {', '.join(sorted(known))}")
