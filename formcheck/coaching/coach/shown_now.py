"""What is wrong now: one list, the gravest first, from which banner, segments, rings and voice all draw."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import isfinite, nan

from formcheck.judging.rules.checks import Check
from formcheck.judging.rules.exercise import Exercise
from formcheck.judging.rules.records import FaultSpan, RepDone
from formcheck.judging.rules.score import rank
from formcheck.judging.session.moment import Moment

#: Seconds that a fault is shown at the least, that what the end of an attempt has told is shown, and of fading.
HOLD_S, VERDICT_S, FADE_S = 1.5, 2.5, 0.25


@dataclass(frozen=True)
class Wrong:
    """One fault as it is shown.

    Attributes
    ----------
    id, cue : str
    checks : tuple of Check
        Those that decided: they tell the joints and the measures.
    value, limit : float or None
        The measure that decided, and its limit; None where it is not one number.
    side : str or None
        Of the attempt whose end has told it.
    """

    id: str
    cue: str
    checks: tuple[Check, ...]
    value: float | None = None
    limit: float | None = None
    unit: str = ""
    side: str | None = None

    @property
    def signal(self) -> str:
        """Name of the measure that decided; empty where the end of an attempt did."""
        return self.checks[0].signal

    @property
    def joints(self) -> tuple[str, ...]:
        """Names of the joints it is about."""
        return tuple(dict.fromkeys(j for c in self.checks for j in c.joints))


def gravity(exercise: Exercise) -> dict[str, tuple[int, int]]:
    """Return the rank of each fault of an exercise, that of the gravest the least."""
    out: dict[str, tuple[int, int]] = {}
    for i, c in enumerate(exercise.checks):
        place = rank(c.severity), i
        out[c.id] = min(out.get(c.id, place), place)
    return out


def beyond(exercise: Exercise, check: Check, value: float) -> bool:
    """Return whether a value is beyond the limit of its check; not known of one that is measured from the start."""
    if check.relative or not isfinite(value) or check.limit not in exercise.limits:
        return False
    return check.excess(value, exercise.limits[check.limit].value) > 0


def wrong_now(exercise: Exercise, moment: Moment) -> tuple[Wrong, ...]:
    """Return the faults that are on in a moment, the gravest first."""
    graver = gravity(exercise)
    found = [_measured(exercise, moment, fault) for fault in moment.faults if fault in graver]
    return tuple(sorted(found, key=lambda w: graver[w.id]))


def _measured(exercise: Exercise, moment: Moment, fault: str) -> Wrong:
    mine = [c for c in exercise.checks if c.id == fault]
    cue = mine[0].cue
    watched = [c for c in mine if c.signal] or mine
    out = [c for c in watched if beyond(exercise, c, moment.sample.get(c.signal, nan))]
    # Where none is beyond its limit now, or all are measured from the start position, any of them may have decided.
    decided = out or watched
    first = decided[0]
    value = moment.sample.get(first.signal, nan)
    if not out or not isfinite(value):
        return Wrong(fault, cue, tuple(decided))
    limit = exercise.limits[first.limit]
    return Wrong(fault, cue, tuple(decided), value, limit.value, limit.unit)


def _told(exercise: Exercise, span: FaultSpan, side: str | None) -> Wrong:
    """Return a fault that the end of an attempt has told."""
    mine = [c for c in exercise.checks if c.id == span.id]
    ended = tuple(c for c in mine if not c.signal)
    return Wrong(span.id, mine[0].cue, ended, span.worst, span.limit, span.unit, side)


class ShownNow:
    """Keeps the list of what is wrong calm: each fault long enough to be read, each verdict for a while.

    Parameters
    ----------
    exercise : Exercise
        With the limits in force.
    """

    def __init__(self, exercise: Exercise) -> None:
        self._exercise = exercise
        self._rank = gravity(exercise)
        self._ended = {c.id for c in exercise.checks if not c.signal}
        self.reset()

    def reset(self) -> None:
        """Forget what was shown: time has started again."""
        self.faults: tuple[Wrong, ...] = ()
        #: What is shown: the fault, since when, and when it was last the case.
        self._kept: dict[str, tuple[Wrong, float, float]] = {}
        #: What the end of the last attempt has told, and until when it is shown.
        self._verdict: tuple[tuple[Wrong, ...], float] = ((), -1e9)

    def update(self, moment: Moment) -> tuple[Wrong, ...]:
        """Take a moment and return what is wrong, the gravest first; nothing while the picture cannot be judged."""
        t = moment.t
        self._hear(moment)
        if moment.problem is not None:
            self._kept.clear()
            self.faults = ()
            return ()
        told = self._verdict[0] if t <= self._verdict[1] else ()
        now = {w.id: w for w in (*told, *wrong_now(self._exercise, moment))}
        for fault, wrong in now.items():
            before = self._kept.get(fault)
            # What cannot be measured in this moment is as it was.
            same = before is not None and wrong.value is None and before[0].signal == wrong.signal
            shown = replace(before[0], side=wrong.side) if before is not None and same else wrong
            self._kept[fault] = shown, t if before is None else before[1], t
        self._kept = {
            f: (w, since, last)
            for f, (w, since, last) in self._kept.items()
            if f in now or t < max(last, since + HOLD_S) + FADE_S
        }
        self.faults = tuple(sorted((w for w, _, _ in self._kept.values()), key=lambda w: self._rank[w.id]))
        return self.faults

    def is_on(self, fault: str, t: float) -> bool:
        """Return whether a fault is the case at a time, not only shown a little longer."""
        kept = self._kept.get(fault)
        return kept is not None and kept[2] >= t

    def _hear(self, moment: Moment) -> None:
        for event in moment.events:
            if isinstance(event, RepDone):
                told = [_told(self._exercise, f, event.rep.side) for f in event.rep.faults if f.id in self._ended]
                if told:
                    self._verdict = tuple(told), moment.t + VERDICT_S
