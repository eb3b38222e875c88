"""What an exercise is to the engine: data (limits, checks, words) and a few small functions of measures.

A new exercise is one module with one subclass of :class:`Exercise`. It never keeps state, never sees a picture and
never touches a clock: the engine in ``judging.rules.judge`` does that for all of them.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from formcheck.sight.pose.sampling import BODY_S

from ..measure import Body
from .attempts import BACK_SHARE, SETTLE_S
from .checks import Check, Number
from .cycles import CycleFinder
from .drawing import Drawing
from .facts import BallPlace, Breathing, Followed, MeasureWords
from .gates import Gate, all_hold
from .limits import Limit, Limits
from .outcome import Outcome, Told, concluded
from .records import Rep
from .said import with_hold

Array = NDArray[np.float64]
Sample = Mapping[str, float]
#: No signal known.
NOTHING: Sample = {}

#: An attempt has a hole where nothing is known for longer than this (s), and than so many frames.
HOLE_S, FRAMES = 0.4, 2.5
#: Share of the time that decides a thing in which its joints must be seen, not guessed, for it to be decided at all.
SEEN_SHARE = 0.5


@dataclass(frozen=True)
class Prescription:
    """What the routine asks for: repetitions (in all, or a side), seconds a hold, and how sides take turns.

    An exercise of several blocks names them; the repetitions are then all blocks' together, in equal shares.
    """

    reps: int
    hold_s: float = 0.0
    per_side: bool = False
    alternate: bool = False
    blocks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Attempt:
    """An attempt at a repetition, from a little before it to a little after its end.

    Attributes
    ----------
    t : (k,) array
        Seconds of the samples, those of the rest before and after included.
    values : dict of (k,) arrays
        The signals by name, NaN where unknown or unseen.
    effort : (k,) array
        What drove the phases, in its own unit, 0 at the rest beside it.
    start_s, peak_s, end_s : float
    hold_s : float
        Longest time the end position was held; what was unseen in the middle of it is bridged.
    hold_span : (float, float) or None
    bridged_s : float
        Seconds of that hold which were not seen.
    rest : dict
        Signals in the valley beside this attempt: before it, or after it where it was under way at the beginning.
    after : dict
        Signals in the valley after it, where that was seen.
    returned : bool
        False where the body never came back.
    lost : bool
        True where the body left the exercise's position in the middle of it.
    cut : str or None
        ``start``, ``end`` or ``gap`` where it was not seen whole.
    follows : bool
        False where another attempt may lie between the one before and this one that was not seen.
    """

    t: Array
    values: Mapping[str, Array]
    effort: Array
    start_s: float
    peak_s: float
    end_s: float
    hold_s: float
    hold_span: tuple[float, float] | None
    rest: Sample
    returned: bool
    after: Sample = field(default_factory=dict)
    bridged_s: float = 0.0
    lost: bool = False
    cut: str | None = None
    follows: bool = True

    def _mask(self, lo: float, hi: float) -> NDArray[np.bool_]:
        return (self.t >= lo - 1e-9) & (self.t <= hi + 1e-9)

    def during(self, name: str, lo: float | None = None, hi: float | None = None) -> Array:
        """Return the known values of a signal between two times (default: start to end)."""
        v = self._between(name, self.start_s if lo is None else lo, self.end_s if hi is None else hi)
        return v[np.isfinite(v)]

    def _between(self, name: str, lo: float, hi: float) -> Array:
        v = self.values.get(name)
        return np.array([]) if v is None else v[self._mask(lo, hi)]

    def seen(self, *names: str, lo: float | None = None, hi: float | None = None) -> float:
        """Return the share (0-1) of the time between *lo* and *hi* (default: start to end) in which signals were known.

        Without names: in which the effort was known.
        """
        m = self._mask(self.start_s if lo is None else lo, self.end_s if hi is None else hi)
        if not m.any():
            return 0.0
        step = np.diff(self.t, prepend=self.t[0])[m]
        known = np.ones(int(m.sum()), bool)
        for v in [self.effort] if not names else [self.values.get(n, np.full(len(self.t), np.nan)) for n in names]:
            known &= np.isfinite(v[m])
        return float(step[known].sum() / step.sum()) if step.sum() > 0 else float(known.mean())

    def before(self, name: str) -> float:
        """Return a signal in the rest beside this attempt (:attr:`rest`), NaN where it was not known there."""
        return self.rest.get(name, float("nan"))

    def since_rest(self, name: str) -> float:
        """Return how far a signal in the end position (:meth:`at_peak`) is from where it rested."""
        return self.at_peak(name) - self.before(name)

    @property
    def unseen_s(self) -> float:
        """Seconds of it in pieces that were not seen, but for what is bridged in the middle of a hold."""
        known = self.t[np.isfinite(self.effort) & self._mask(self.start_s, self.end_s)]
        lo, hi = self.hold_span or (np.inf, -np.inf)
        steps = np.diff(known)
        steps = steps[~((known[:-1] >= lo - 1e-9) & (known[1:] <= hi + 1e-9))]
        usual = float(np.median(np.diff(self.t))) if len(self.t) > 1 else 0.0
        return float(steps[steps > max(HOLE_S, FRAMES * usual)].sum())

    @property
    def holed(self) -> bool:
        """Whether a piece of it was not seen, but for what is bridged in the middle of a hold."""
        return self.unseen_s > 0

    def at_peak(self, name: str, within_s: float = 0.25) -> float:
        """Return the median of a signal in the end position (the hold, or around the peak).

        NaN where it was seen for less than :data:`SEEN_SHARE` of that time.
        """
        lo, hi = self.hold_span or (self.peak_s - within_s, self.peak_s + within_s)
        v = self._between(name, min(lo, self.peak_s), max(hi, self.peak_s))
        known = v[np.isfinite(v)]
        return float(np.median(known)) if len(known) and len(known) >= SEEN_SHARE * len(v) else float("nan")


class Exercise(ABC):
    """One exercise of the routine.

    Class attributes are data; the methods are pure functions of measures.
    """

    id: ClassVar[str]
    # What limits in force, or a language, may replace on one object is no class variable.
    title: str
    summary: str
    camera: str
    #: Kinds of view (measure.view) in which it can be judged.
    views: ClassVar[tuple[str, ...]]
    #: Which way the belly faces in position: ``down``, ``up``, ``ahead`` or ``camera``.
    belly: ClassVar[str]
    #: What rests on the floor and so tells how the camera is rolled (measure.level); empty: nothing that is sure.
    supports: ClassVar[str] = ""
    #: Whether the body lies at full length, so that one that is aslant in the picture tells of a tilted camera.
    lies_level: ClassVar[bool] = False
    prescription: Prescription
    limits: Mapping[str, Limit]
    checks: tuple[Check, ...]
    #: What to draw on the picture.
    drawing: ClassVar[Drawing] = Drawing()
    #: Spoken once at the start, in order.
    intro: tuple[str, ...] = ()
    #: Where the body is anywhere in this exercise, and in its start position; see :mod:`formcheck.judging.rules.gates`.
    position: ClassVar[tuple[Gate, ...]] = ()
    start: ClassVar[tuple[Gate, ...]] = ()
    #: When the end position is held (exercises without a hold: never). The signal ``effort`` is the effort itself,
    #: ``effort_speed`` its change a second.
    hold: ClassVar[tuple[Gate, ...]] = ()
    #: Name of the limit that is the least amplitude of an attempt, in the effort's unit.
    least: ClassVar[str] = "least_effort"
    #: Share of its rise by which an attempt must come back to be over.
    back_share: ClassVar[float] = BACK_SHARE
    #: Seconds without coming lower that end an attempt which has come back by enough.
    settle_s: ClassVar[float] = SETTLE_S
    #: Seconds between two looks that show its movements, where not every picture is looked at.
    look_s: ClassVar[float] = BODY_S
    #: Whether without its ball the exercise cannot be told from other things people do: nothing is listed then.
    only_with_ball: ClassVar[bool] = False
    #: Faults that say of two limbs, or two attempts, that their sides are the same ones.
    side_faults: ClassVar[frozenset[str]] = frozenset()
    #: Whether leaving the position ends an attempt as coming back does (stepping off a ball).
    leaving_ends: ClassVar[bool] = False
    #: Whether an attempt that stops moving without coming back is over (exercises without a hold).
    still_ends: ClassVar[bool] = False
    #: Faults of attempts that say nothing of which exercise was tried: what makes it this one was missing.
    lacking: ClassVar[frozenset[str]] = frozenset()
    #: Faults of the checks that another fault brings along, by that other: they are no faults of their own.
    explains: ClassVar[Mapping[str, frozenset[str]]] = {}
    #: Whether a gym ball belongs to it, and is looked for; one that has a place for it need not say so.
    uses_ball: ClassVar[bool] = False
    #: Where the ball is in the start position; None: not known.
    ball: ClassVar[BallPlace | None] = None
    #: Whether an arm is raised in it: it is then no sign of the hand.
    raises_arm: ClassVar[bool] = False
    #: Whether the time in position is reported for its own sake.
    reports_holds: ClassVar[bool] = False
    #: Whether each attempt is a try, held as long as possible, though no time is asked for.
    as_long_as_possible: ClassVar[bool] = False
    #: Faults that keep an attempt from counting; the first of them that it has explains why it was not counted. Not
    #: given: those whose checks say so (``Check.uncounts``), in their order.
    uncounting: ClassVar[tuple[str, ...]] = ()
    #: Unit and meaning of its own measures, and of what decides a repetition (``Outcome.measures``).
    measures: ClassVar[MeasureWords] = {}
    decided: ClassVar[MeasureWords] = {}
    #: What of that is followed from session to session.
    followed: ClassVar[tuple[Followed, ...]] = ()
    #: How the breath goes with the movement.
    breathing: ClassVar[Breathing] = Breathing()
    #: The texts as they are written, before the seconds of the hold are filled in.
    _written: ClassVar[Mapping[str, Any]] = {}
    #: What it was bound to.
    _in_force: Limits | None = None

    def __init_subclass__(cls, **given: Any) -> None:
        super().__init_subclass__(**given)
        if vars(cls).get("ball") is not None and "uses_ball" not in vars(cls):
            cls.uses_ball = True
        own = {name: vars(cls)[name] for name in ("intro", "checks") if name in vars(cls)}
        said = dict.fromkeys(c.id for c in own.get("checks", ()) if isinstance(c, Check) and c.uncounts)
        if said and "uncounting" not in vars(cls):
            cls.uncounting = tuple(said)
        cls._written = {**cls._written, **own}
        limit = getattr(cls, "limits", {}).get("hold_s")
        if isinstance(limit, Limit):
            for name, written in own.items():
                setattr(cls, name, _with_hold(written, limit.value))

    @property
    def in_force(self) -> Limits:
        """The limits that this object is judged by: those it was bound to (:meth:`under`), else its own."""
        if self._in_force is None:
            self._in_force = Limits(self.id, self.limits)
        return self._in_force

    def under(self, limits: Limits) -> Self:
        """Return this exercise bound to *limits*: it is judged by them, and says them in its limits, hold and texts."""
        if limits is self._in_force:
            return self
        values = limits.as_dict()
        limited = {name: replace(limit, value=values[name]) for name, limit in self.limits.items()}
        changes: dict[str, Any] = {"limits": limited, "_in_force": limits}
        hold = limited.get("hold_s")
        if hold is not None and hold.value != self.limits["hold_s"].value:
            changes["prescription"] = replace(self.prescription, hold_s=hold.value)
            changes |= {name: _with_hold(written, hold.value) for name, written in self._written.items()}
        return self.changed(changes)

    def changed(self, values: Mapping[str, Any]) -> Self:
        """Return a copy with other data in some attributes."""
        out = copy(self)
        for name, value in values.items():
            setattr(out, name, value)
        return out

    @abstractmethod
    def signals(self, body: Body) -> dict[str, Array]:
        """Return this exercise's own measures, (n,) arrays, NaN where unknown."""

    def in_position(self, s: Sample, limits: Limits, rest: Sample = NOTHING) -> bool | None:
        """Return whether the body is anywhere in this exercise: its start position or a repetition; None: unknown."""
        return all_hold(self.position, s, rest, limits)

    def in_start(self, s: Sample, limits: Limits, rest: Sample = NOTHING) -> bool | None:
        """Return whether a body in position is in the start position, not in the middle of a repetition."""
        return all_hold(self.start, s, rest, limits)

    def holding(self, s: Sample, rest: Sample, limits: Limits) -> bool | None:
        """Return whether the end position is held; None: it cannot be seen now."""
        return all_hold(self.hold, s, rest, limits) if self.hold else False

    def cycles(self, limits: Limits) -> CycleFinder | None:
        """Return a new finder of attempts for a movement without rests between rounds; None: the effort finds them."""
        return None

    @abstractmethod
    def effort(self, s: Sample) -> float:
        """Return how far out the body is, growing from the start position to the end position; any zero will do."""

    @abstractmethod
    def conclude(self, a: Attempt, limits: Limits, before: Sequence[Rep]) -> Outcome:
        """Judge a finished attempt; *before* are the attempts judged so far."""

    def judged(self, a: Attempt, limits: Limits, before: Sequence[Rep]) -> Outcome:
        """Return the verdict on a finished attempt: what :meth:`conclude` says, and what the checks make of it."""
        return self.concluded(self.conclude(a, limits, before))

    def concluded(self, out: Outcome) -> Outcome:
        """Return an outcome held against the checks of the end of an attempt; doing so twice changes nothing."""
        return concluded(out, self.checks, self.in_force)

    def fails(self, fault: str, value: Number, slack: float | None = None) -> Any:
        """Return whether a value (or each of an array) is beyond the limit of a fault's check, and a slack if given.

        The comparison is the check's own, that of the end of an attempt where it has one; what is not known (NaN) is
        beyond no limit.
        """
        mine = [c for c in self.checks if c.id == fault]
        check = next((c for c in mine if not c.signal), mine[0])
        return check.fails(value, self.in_force, slack)

    def told(self, fault: str, value: float) -> list[Told]:
        """Return a fault of the end of an attempt where a value is beyond the limit of its check, else nothing."""
        return [(fault, float(value))] if self.fails(fault, value) else []

    def describe(self) -> str:
        """Return in a few words what the position looks like, for notes about a wrong exercise."""
        return self.summary


def _with_hold(written: Any, hold_s: float) -> Any:
    """Fill the seconds of the hold into the lines of an introduction, or into what checks say."""
    if not isinstance(written, tuple):
        return written
    return tuple(
        with_hold(x, hold_s)
        if isinstance(x, str)
        else replace(x, cue=with_hold(x.cue, hold_s))
        if isinstance(x, Check)
        else x
        for x in written
    )


def known(values: Iterable[float]) -> list[float]:
    """Return the values that are known; a hidden joint's are NaN and must neither pass nor fail a comparison.

    >>> known([1.0, float("nan")])
    [1.0]
    """
    return [v for v in values if v == v]
