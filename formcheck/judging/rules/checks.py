"""Checks: what may go wrong in an exercise, and the bookkeeping of when it did."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from .records import Event, FaultOver, FaultSeen, FaultSpan
from .timing import Clock

#: Phases of an exercise in which a check may apply.
START, MOVE, HOLD = "start", "move", "hold"
REP = frozenset({MOVE, HOLD})
ALWAYS = frozenset({START, MOVE, HOLD})
#: A number, or an array of them.
Number = TypeVar("Number", float, NDArray[np.float64])


@dataclass(frozen=True)
class Check:
    """One way to do an exercise wrong.

    Parameters
    ----------
    id : str
        Fault id; two checks may share one (too far either way).
    signal : str
        Name of the measure it looks at. Empty for a fault that the end of a repetition decides (a hold too short).
    limit : str
        Name of its limit.
    sense : str
        ``above`` or ``below``: on which side of the limit the fault lies.
    phases : frozenset of str
        When it applies: ``start``, ``move``, ``hold``.
    severity : str
        ``minor``, ``moderate`` or ``major``.
    cue, why : str
        What to do, and what for, in plain words.
    joints : tuple of str
        Joint names where the picture marks the fault.
    dwell_s : float
        Seconds beyond the limit before it is a fault.
    span : float
        Amount beyond the limit that costs the whole penalty, in the limit's unit (see ``score``).
    relative : bool
        Judge the change since the start position instead of the value itself.
    passing : bool
        The limit is passed on the way into the position anyway: only a fault that was called costs points.
    slack : str
        Name of the limit that says how surely the value is known: what is beyond by less is no fault. Only of a fault
        that the end of a repetition decides; so is the next.
    uncounts : str
        Why a repetition with this fault does not count, with ``{value}``, ``{limit}`` and what decided by name filled
        in; empty: it counts all the same.
    """

    id: str
    limit: str
    cue: str
    why: str
    signal: str = ""
    sense: str = "above"
    phases: frozenset[str] = REP
    severity: str = "moderate"
    joints: tuple[str, ...] = ()
    dwell_s: float = 0.5
    span: float = 20.0
    relative: bool = False
    passing: bool = False
    slack: str = ""
    uncounts: str = ""

    def value(self, sample: Mapping[str, float], base: Mapping[str, float]) -> float:
        """Return the value to be judged, NaN where it is unknown."""
        v = sample.get(self.signal, float("nan"))
        return v - base.get(self.signal, float("nan")) if self.relative else v

    def excess(self, value: Number, limit: float) -> Number:
        """Return how far a value, or each of an array, lies beyond *limit*; negative = inside."""
        return value - limit if self.sense == "above" else limit - value

    def fails(self, value: Number, limits: Mapping[str, float], slack: float | None = None) -> Any:
        """Return whether a value, or each of an array, is beyond the limit by more than the slack; NaN is not.

        Parameters
        ----------
        value : float or array
        limits : mapping
            The limits in force.
        slack : float, optional
            Default: the check's own.

        Examples
        --------
        >>> check = Check("short", "hold_s", "Hold.", "too short", sense="below", slack="tolerance_s")
        >>> limits = {"hold_s": 10.0, "tolerance_s": 0.25}
        >>> check.fails(9.75, limits), check.fails(9.74, limits), check.fails(float("nan"), limits)
        (False, True, False)
        """
        limit = limits[self.limit]
        if slack is None:
            slack = limits[self.slack] if self.slack else 0.0
        return value > limit + slack if self.sense == "above" else value < limit - slack


@dataclass
class Tally:
    """Seconds of one check within a repetition: judged, unknown, and excess integrated over time."""

    judged_s: float = 0.0
    unknown_s: float = 0.0
    excess_s: float = 0.0


class CheckWatch:
    """Follows one check through time.

    Answers, sample by sample, ``ok``, ``fault`` or ``unknown``, and keeps the spans of the faults.
    """

    def __init__(self, check: Check, limit: float, unit: str) -> None:
        self.check, self.limit, self.unit = check, limit, unit
        self.state = "unknown"
        self.spans: list[FaultSpan] = []
        #: Spans that another fault of the same attempt explains: not reported.
        self.explained: list[FaultSpan] = []
        self.total = Tally()
        self.rep = Tally()
        self._clock = Clock(grace_s=0.3)
        self._worst: float | None = None
        self._worst_s: float | None = None
        self._seen = False
        self._last_t: float | None = None

    @property
    def active(self) -> bool:
        """True while the fault is on."""
        return self._seen

    @property
    def begun(self) -> bool:
        """True while it is beyond its limit, though it may not be for long enough."""
        return self._clock.start is not None

    def update(self, t: float, phase: str, sample: Mapping[str, float], base: Mapping[str, float]) -> list[Event]:
        """Take a sample; return the events it makes."""
        dt = 0.0 if self._last_t is None else min(t - self._last_t, 0.5)
        self._last_t = t
        applies = phase in self.check.phases
        if not applies and self._clock.last is None:
            self.state = "unknown"
            return []
        v = self.check.value(sample, base) if applies else float("nan")
        known = v == v
        excess = self.check.excess(v, self.limit) if known else float("nan")
        if applies:
            for tally in (self.total, self.rep):
                if known:
                    tally.judged_s += dt
                    tally.excess_s += dt * min(max(excess / self.check.span, 0.0), 1.0)
                else:
                    tally.unknown_s += dt
        events: list[Event] = []
        beyond = bool(known and excess > 0)
        if self._clock.ends(t, beyond):
            events += self._close()
        self._clock.update(t, beyond)
        if beyond and (self._worst is None or self.check.excess(self._worst, self.limit) < excess):
            self._worst, self._worst_s = v, t
        if beyond and not self._seen and self._clock.running >= self.check.dwell_s and self._clock.start is not None:
            self._seen = True
            events.append(FaultSeen(t, self.check.id, self._clock.start, v, self.limit))
        self.state = "fault" if self._seen else "ok" if known else "unknown"
        return events

    def _close(self) -> list[Event]:
        out: list[Event] = []
        span = self.current()
        if span is not None:
            self.spans.append(span)
            out.append(FaultOver(span.to_s, span))
        self._seen, self._worst, self._worst_s = False, None, None
        self._clock.reset()
        return out

    def finish(self) -> list[Event]:
        """Close what is open at the end of the source."""
        return self._close()

    def current(self) -> FaultSpan | None:
        """Return the fault that is on now, as far as it has got."""
        if not self._seen or self._clock.start is None or self._clock.last is None:
            return None
        c = self.check
        start, last = self._clock.start, self._clock.last
        return FaultSpan(c.id, start, last, self._worst, self.limit, self.unit, c.severity, self._worst_s)

    def within(self, start: float, end: float) -> list[FaultSpan]:
        """Return the faults, over or not, that overlap a time span (s)."""
        now = self.current()
        spans = [*self.spans, *([now] if now is not None else [])]
        return [s for s in spans if s.from_s < end and s.to_s > start]


def explained_now(explains: Mapping[str, Collection[str]], watches: Iterable[CheckWatch]) -> set[str]:
    """Return the faults that others bring along which are beyond their limits now.

    Parameters
    ----------
    explains : mapping
        By a fault, those that it brings along.
    watches : iterable of CheckWatch
    """
    return {effect for w in watches if w.begun for effect in explains.get(w.check.id, ())}
