"""Which fault to speak of, and when: one at a time, never nagging, and praise for what was put right."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from math import isfinite, nan

from formcheck.judging.rules.exercise import Exercise
from formcheck.judging.rules.records import FaultOver, FaultSeen, Rep, RepDone
from formcheck.judging.session.moment import Moment

from .phrases import Phrases
from .shown_now import VERDICT_S, gravity

#: While a fault stays its correction is said in one of this many repetitions: told in each, people lean on it; never
#: told, they do not find out.
EVERY = 3
#: ... and where no repetition ends, after this long (s).
LONG_S = 20.0
#: A fault that was spoken of so often does not keep others from being spoken of.
WORKED_ON = 3
#: Seconds between two corrections, whatever they are about.
GAP_S = 4.0
#: Faults that begin within this time of a graver one are taken for its consequences, as long as that one is worked on.
TOGETHER_S = 1.0
#: Seconds after the end of an attempt for which its faults, and praise, are worth a word: as long as they are shown.
AFTER_S = VERDICT_S
#: A fault must be seen not to be there for as long as it takes to be seen, and this much longer, to be mended.
MENDED_S = 0.7
#: Seconds between two words of praise; of the times that one fault is mended, the first and every third is praised.
PRAISE_GAP_S, PRAISE_EVERY = 12.0, 3
#: Phases of an attempt under way.
UNDER_WAY = frozenset({"move", "hold"})


@dataclass
class Memory:
    """What was said of one fault.

    Attributes
    ----------
    times : int
        Since it was last mended.
    said_at : float
    since : float
        When it began.
    side : str or None
        Side of the last attempt that had it.
    mends : int
    attempt : int
        In or after which attempt it was said.
    """

    times: int = 0
    said_at: float = -1e9
    since: float = -1e9
    side: str | None = None
    mends: int = 0
    attempt: int = 0

    @property
    def given_up(self) -> bool:
        """True once it was said often enough to make room for others."""
        return self.times >= WORKED_ON

    def due(self, t: float, attempt: int, every: int) -> bool:
        """Return whether it may be said (again) now, where it is to be said in one of *every* attempts."""
        if not self.times:
            return True
        passed = attempt - self.attempt
        return passed >= every if passed else t - self.said_at >= LONG_S


class Corrections:
    """Follows the faults of one exercise.

    Parameters
    ----------
    exercise : Exercise
    phrases : Phrases
    every : int
        A correction is said in one of this many repetitions while its fault stays.
    """

    def __init__(self, exercise: Exercise, phrases: Phrases, every: int = EVERY) -> None:
        self._exercise, self._phrases, self._every = exercise, phrases, every
        self._rank = gravity(exercise)
        #: Phases in which a fault is watched at all, and those in which it is watched by every check of its name: only
        #: there its end is not just the end of the phase.
        self._phases: dict[str, frozenset[str]] = {}
        self._all_phases: dict[str, frozenset[str]] = {}
        self._signals: dict[str, set[str]] = {}
        self._dwell: dict[str, float] = {}
        for c in exercise.checks:
            if c.signal:
                self._phases[c.id] = self._phases.get(c.id, frozenset()) | c.phases
                self._all_phases[c.id] = self._all_phases.get(c.id, c.phases) & c.phases
                self._signals.setdefault(c.id, set()).add(c.signal)
                self._dwell[c.id] = max(self._dwell.get(c.id, 0.0), c.dwell_s)
        self._ended = {c.id for c in exercise.checks if not c.signal}
        self._memory: dict[str, Memory] = {name: Memory() for name in self._rank}
        self._on: tuple[str, ...] = ()
        self._phase, self._ended_attempts = "away", 0
        self._after: tuple[float, tuple[str, ...]] = (-1e9, ())
        #: Faults of the attempt under way for which there was no time.
        self._put_off: set[str] = set()
        #: Seconds for which a fault was seen not to be there: since it was over, and since the last attempt.
        self._maybe_mended: dict[str, float] = {}
        self._known: dict[str, float] = {}
        self._last_t: float | None = None
        self._praise: tuple[float, str] | None = None
        self._praised_at, self._praises, self._said_at = -1e9, 0, -1e9

    # ---- hearing -----------------------------------------------------------------
    def update(self, m: Moment) -> None:
        """Take a moment."""
        self._look(m)
        self._phase = m.phase
        self._on = tuple(f for f in m.faults if f in self._rank)
        for event in m.events:
            if isinstance(event, FaultSeen) and event.id in self._memory:
                self._memory[event.id].since = event.since
            elif isinstance(event, FaultOver) and m.phase in self._all_phases.get(event.span.id, ()):
                self._maybe_mended[event.span.id] = 0.0
            elif isinstance(event, RepDone):
                self._rep(event.rep, m.t)
        for fault, away_s in list(self._maybe_mended.items()):
            if fault in self._on or m.phase not in self._all_phases[fault]:
                del self._maybe_mended[fault]
            elif away_s >= MENDED_S + self._dwell[fault]:
                del self._maybe_mended[fault]
                self._mend(fault, m.t)

    def _look(self, m: Moment) -> None:
        """Follow for how long the faults could be seen: what is not measured is neither there nor mended."""
        dt = 0.0 if self._last_t is None else min(m.t - self._last_t, 0.5)
        self._last_t = m.t
        for fault, signals in self._signals.items():
            if fault in m.faults:
                self._known[fault] = 0.0
            elif m.phase in self._phases[fault] and any(isfinite(m.sample.get(s, nan)) for s in signals):
                self._known[fault] = self._known.get(fault, 0.0) + dt
                if fault in self._maybe_mended:
                    self._maybe_mended[fault] += dt

    def _rep(self, rep: Rep, t: float) -> None:
        ids = [f.id for f in rep.faults]
        self._ended_attempts += 1
        for fault in ids:
            if fault in self._memory:
                self._memory[fault].side = rep.side
                self._maybe_mended.pop(fault, None)
        self._after = t, tuple(f for f in ids if f in self._ended or f in self._put_off)
        self._put_off.clear()
        for fault, memory in self._memory.items():
            absent = fault not in ids and fault not in self._on
            same_side = memory.side is None or memory.side == rep.side
            seen = self._known.get(fault, 0.0) >= self._dwell.get(fault, 0.0) or fault in self._ended
            if absent and seen and same_side and rep.counted and memory.said_at < rep.start_s:
                self._mend(fault, t)
        self._known.clear()

    def _mend(self, fault: str, t: float) -> None:
        memory = self._memory[fault]
        if not memory.times:
            return
        memory.times = 0
        memory.mends += 1
        if memory.mends % PRAISE_EVERY == 1 and t - self._praised_at >= PRAISE_GAP_S:
            self._praise = t, fault

    # ---- speaking ----------------------------------------------------------------
    def choose(self, t: float) -> str | None:
        """Return the fault to speak of now (s), or None.

        Those that are on while they are watched, and those that the end of an attempt has just told.
        """
        if t - self._said_at < GAP_S:
            return None
        after = self._after[1] if t - self._after[0] <= AFTER_S else ()
        on = [f for f in self._on if self._phase in self._phases.get(f, ()) and not self._follows(f)]
        return self._gravest(f for f in {*on, *after} if self._due(f, t))

    def _due(self, fault: str, t: float) -> bool:
        return self._memory[fault].due(t, self._attempt, self._every)

    @property
    def _attempt(self) -> int:
        """Number of the attempt under way, or of the last one."""
        return self._ended_attempts + (self._phase in UNDER_WAY)

    def said_before(self, fault: str) -> bool:
        """Return whether a fault was spoken of since it was last mended."""
        return self._memory[fault].times > 0

    def dismiss(self) -> None:
        """Leave out what the end of the last attempt has told."""
        self._after = -1e9, ()

    def put_off(self, fault: str) -> None:
        """Leave a fault for the end of the attempt: there is no time for it now."""
        self._put_off.add(fault)

    def _follows(self, fault: str) -> bool:
        """Return whether a graver fault that is on explains this one."""
        mine = self._memory[fault]
        for graver in (g for g in self._on if self._rank[g] < self._rank[fault]):
            other = self._memory[graver]
            if self._signals.get(fault, set()) & self._signals.get(graver, set()):
                return True
            if abs(other.since - mine.since) <= TOGETHER_S and not other.given_up:
                return True
        return False

    def say(self, fault: str, t: float) -> str:
        """Return the correction, and remember that it was said."""
        memory = self._memory[fault]
        memory.times, memory.said_at, self._said_at = memory.times + 1, t, t
        memory.attempt = self._attempt
        self.dismiss()
        return self._phrases.cue(self._exercise, fault)

    def why(self, rep: Rep, t: float) -> tuple[str, str | None]:
        """Return what to say of an attempt that was not counted, and the fault it is about."""
        fault = self._reason([f.id for f in rep.faults])
        self._said_at = max(self._said_at, t - GAP_S / 2)
        if fault is None or not self._due(fault, t):
            self.dismiss()
            return self._phrases.say("not-counted"), fault
        return self._phrases.say("not-counted-why", cue=self.say(fault, t)), fault

    def _reason(self, faults: Collection[str]) -> str | None:
        known = [f for f in self._exercise.uncounting if f in faults and f in self._memory]
        return known[0] if known else self._gravest(f for f in faults if f in self._ended)

    def _gravest(self, faults: Iterable[str]) -> str | None:
        return min(faults, key=lambda f: self._rank[f], default=None)

    def praise(self, t: float) -> tuple[str, str] | None:
        """Return praise for a fault that was just mended, and the fault; None where there is nothing to praise."""
        if self._praise is None:
            return None
        at, fault = self._praise
        if t - at > AFTER_S or fault in self._on:
            self._praise = None
            return None
        self._praise, self._praised_at = None, t
        self._praises += 1
        return self._phrases.mended(self._exercise, fault, self._praises - 1), fault
