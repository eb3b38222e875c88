"""The engine: samples in, judged moments out. One judge follows one exercise, live or recorded, the same way.

A sample is a mapping from signal names to numbers (NaN = unknown) at a time in seconds. The judge gates on view and
position, finds attempts by the exercise's *effort* with two thresholds, clocks holds, watches the checks, and asks the
exercise for its verdict when an attempt is over.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import replace
from statistics import median

import numpy as np

from .checks import HOLD, MOVE, START, CheckWatch, Tally
from .cycles import Cycle
from .exercise import Attempt, Exercise
from .limits import Limits
from .records import (
    Event,
    FaultSpan,
    HoldTick,
    PositionLost,
    PositionReady,
    Rep,
    RepDone,
    RepStarted,
    ViewGood,
    ViewProblem,
)
from .rest import medians, tremble
from .timing import Clock, Trigger
from .verdict import verdict

Sample = Mapping[str, float]
AWAY = "away"

#: Seconds in the start position before movement counts.
READY_S = 0.5
#: Seconds unseen that do not disturb the waiting for a quiet start position: a missed frame or two.
GRACE_S = 0.3
#: Seconds out of position, or unseen, before the position is lost and an attempt given up.
LOST_S = 1.0
#: Seconds for which an effort threshold must be passed.
ON_DWELL_S, OFF_DWELL_S = 0.1, 0.1
#: Share of an attempt's effort below which the body counts as back at rest; its first and last crossing bound it.
EDGE = 0.05
#: Seconds after falling below the off threshold by which an attempt is closed though it has not settled.
SETTLE_S = 0.6
#: Length of the rest remembered for the baseline, and of the run-up kept for an attempt's true start (s).
REST_S, RUN_UP_S = 1.5, 3.0
#: An attempt shorter than this is noise (s).
MIN_ATTEMPT_S = 0.35
#: A hold shorter than this was passed through, not held (s).
MIN_HOLD_S = 0.2
#: Seconds without movement that end an attempt of an exercise that knows no hold.
STILL_S = 1.6
#: Length over which the speed of the effort is measured (s).
SPEED_S = 0.3
#: The rest position is brought up to date this often (s).
REFRESH_S = 0.2
#: An attempt must stand out of the tremble at rest by this many standard deviations (but asks for no more than this
#: many times the limit).
NOISE_FACTOR, NOISE_CAP = 3.5, 3.0
#: Why an attempt was not counted whose end could not be seen.
UNSEEN = "it could not be judged: the view was lost before its end"
#: Samples kept of one attempt; beyond that every second one is dropped.
MAX_SAMPLES = 6000


class Judge:
    """Follow one exercise.

    Parameters
    ----------
    exercise : Exercise
    limits : Limits
        In force for this session.
    """

    def __init__(self, exercise: Exercise, limits: Limits) -> None:
        self.exercise, self.limits = exercise, limits
        units = {name: limit.unit for name, limit in exercise.limits.items()}
        self.watches = [CheckWatch(c, limits[c.limit], units[c.limit]) for c in exercise.checks if c.signal]
        self._decided_at_end = {c.id for c in exercise.checks if not c.signal}
        on, off = (limits[name] for name in exercise.effort_limits)
        self._trigger = Trigger(on, off, ON_DWELL_S, OFF_DWELL_S)
        self._on, self._off = on, off
        self.phase = AWAY
        self.reps: list[Rep] = []
        self.faults: list[FaultSpan] = []
        self.base: dict[str, float] = {}
        self.rest: dict[str, float] = {}
        self.effort = 0.0
        self.hold = Clock(grace_s=0.3)
        self.seconds: dict[str, float] = defaultdict(float)
        self.problems: dict[str, float] = defaultdict(float)
        self._ready_since: float | None = None
        self._bad_since: float | None = None
        self._limbo_since: float | None = None
        self._below_since: float | None = None
        self._view_ok = True
        self._last_t: float | None = None
        self._seen_at = -1e9
        self._recent: deque[tuple[float, float]] = deque()
        self._medians_at = -1.0
        self._rest_buffer: deque[tuple[float, dict[str, float]]] = deque()
        self._buffer: list[tuple[float, float, dict[str, float]]] = []
        self._stride, self._skip = 1, 0
        self._attempt_from: float | None = None
        self._cycles = exercise.cycles(limits)

    # ---- feeding ---------------------------------------------------------------
    def update(self, t: float, sample: dict[str, float] | None, problem: tuple[str, str] | None = None) -> list[Event]:
        """Take what was measured at a time.

        Parameters
        ----------
        t : float
            Seconds, rising.
        sample : dict or None
            Signals by name; None where nobody was found.
        problem : (reason, advice) or None
            Why the picture cannot be judged now; the sample is then not looked at.

        Returns
        -------
        list of Event
        """
        dt = 0.0 if self._last_t is None else t - self._last_t
        self._last_t = t
        step = min(dt, 0.5)
        self.seconds["seen"] += step
        events: list[Event] = []
        if problem is not None:
            self.problems[problem[0]] += step
            if self._view_ok:
                self._view_ok = False
                events.append(ViewProblem(t, *problem))
        elif sample is not None and not self._view_ok:
            self._view_ok = True
            events.append(ViewGood(t))
        usable = problem is None and sample is not None
        if usable:
            self._seen_at = t
        if sample is not None:
            self.seconds["pose"] += step
        inside = usable and sample is not None and self.exercise.in_position(sample, self.limits)
        if inside and sample is not None and self.phase != AWAY:
            inside = self.exercise.still_in(sample, self.rest, self.limits)
        if not inside:
            events += self._out(t, seen=usable)
            return events
        assert sample is not None
        self._bad_since = None
        self.seconds["in_position"] += step
        if self.phase == AWAY:
            events += self._approach(t, sample)
            if self.phase == AWAY:
                return events
        self.seconds["judged"] += step
        events += self._follow(t, sample)
        return events

    def finish(self) -> list[Event]:
        """End the session; an attempt under way is judged as far as it got."""
        events: list[Event] = []
        if self._attempt_from is not None and self._last_t is not None:
            events += self._conclude(self._last_t, returned=self.effort <= self._off)
        for w in self.watches:
            events += w.finish()
        return events

    def interrupt(self) -> list[Event]:
        """Stop watching (a pause): what was under way is judged as far as it got, the position is taken anew."""
        t = self._last_t
        if t is None or self.phase == AWAY:
            return []
        events: list[Event] = []
        if self._attempt_from is not None:
            events += self._conclude(t, returned=False, seen=False, lost=True)
        return [*events, *self._leave(t)]

    # ---- gates -------------------------------------------------------------------
    def _out(self, t: float, *, seen: bool) -> list[Event]:
        if seen or t - self._seen_at > GRACE_S:
            self._ready_since = None
        if self.phase == AWAY:
            return []
        if self._bad_since is None:
            self._bad_since = t
        if seen and self._attempt_from is not None:
            self.hold.update(t, False)
        if t - self._bad_since < LOST_S:
            return []
        events: list[Event] = []
        if self._attempt_from is not None:
            events += self._conclude(self._bad_since, returned=False, seen=seen, lost=True)
        return [*events, *self._leave(t)]

    def _leave(self, t: float) -> list[Event]:
        events = [event for w in self.watches for event in w.finish()]
        self.phase = AWAY
        self._ready_since = None
        self._trigger.reset()
        self._rest_buffer.clear()
        self._buffer.clear()
        self.rest = {}
        return [*events, PositionLost(t)]

    def _approach(self, t: float, sample: dict[str, float]) -> list[Event]:
        """Wait for a quiet start position: getting into it never counts."""
        if not self.exercise.in_start(sample, self.limits):
            self._ready_since = None
            return []
        if self._ready_since is None:
            self._ready_since = t
            self._rest_buffer.clear()
        self._rest_buffer.append((t, sample))
        while self._rest_buffer and t - self._rest_buffer[0][0] > READY_S * 1.5:
            self._rest_buffer.popleft()
        rest = medians([s for _, s in self._rest_buffer])
        efforts = [self.exercise.effort(s, rest) for _, s in self._rest_buffer]
        known = [e for e in efforts if e == e]
        quiet = bool(known) and max(abs(e) for e in known) < self._on and abs(median(known)) < max(self._off, 1e-9)
        if t - self._ready_since < READY_S or not quiet:
            return []
        self.phase = START
        self.rest = rest
        if not self.base:
            self.base = dict(rest)
        return [PositionReady(t)]

    # ---- phases ------------------------------------------------------------------
    def _follow(self, t: float, sample: dict[str, float]) -> list[Event]:
        if self._cycles is not None:
            return self._follow_cycles(t, sample)
        events: list[Event] = []
        e = self.exercise.effort(sample, self.rest)
        if e == e:
            self.effort = e
        sample["effort"] = e
        sample["effort_speed"] = self._speed(t, e)
        was = self._trigger.active
        active = self._trigger.update(t, e)
        holding = active and e == e and self.exercise.holding(sample, self.rest, self.limits)
        self._keep(t, e, sample)
        if self._attempt_from is None:
            if active:
                events.append(self._begin(t))
            else:
                self._remember_rest(t, e, sample)
        if self._attempt_from is not None:
            self.hold.update(t, holding)
            if holding:
                events.append(HoldTick(t, self.hold.running))
        self.phase = HOLD if holding else MOVE if self._attempt_from is not None else START
        for w in self.watches:
            events += w.update(t, self.phase, sample, self.base)
        if self._attempt_from is not None:
            events += self._maybe_over(t, e, was, active)
            if not self._under_way:
                self.phase = START
        return events

    def _follow_cycles(self, t: float, sample: dict[str, float]) -> list[Event]:
        """Follow a movement whose rounds the exercise's own finder tells apart."""
        assert self._cycles is not None
        e = sample["effort"] = self.exercise.effort(sample, self.rest)
        self._keep(t, e, sample)
        done = self._cycles.update(t, sample, self.rest)
        events = [event for c in done for event in self._cycle_over(c)]
        if not self._cycles.moving:
            self._attempt_from = None
            self._remember_rest(t, e, sample)
        elif self._attempt_from is None:
            self._attempt_from = t
            events.append(RepStarted(t))
        self.phase = START if self._attempt_from is None else MOVE
        for w in self.watches:
            events += w.update(t, self.phase, sample, self.base)
        return events

    def _cycle_over(self, c: Cycle) -> list[Event]:
        rep = self._judged(self._attempt_between(self._buffer, c.start_s, c.peak_s, c.end_s, returned=c.complete))
        self._buffer = [b for b in self._buffer if b[0] >= c.end_s]
        self._attempt_from, self._stride = None, 1
        for w in self.watches:
            w.rep = Tally()
        return [] if rep is None else self._record(c.end_s, rep)

    @property
    def _under_way(self) -> bool:
        return self._attempt_from is not None

    def _begin(self, t: float) -> Event:
        self._attempt_from = t
        self._below_since = None
        self.hold.reset()
        for w in self.watches:
            w.rep = type(w.rep)()
        return RepStarted(t)

    def _speed(self, t: float, e: float) -> float:
        """Return the slope of the effort over the last moments, per second, by least squares."""
        if e == e:
            self._recent.append((t, e))
        while self._recent and t - self._recent[0][0] > SPEED_S:
            self._recent.popleft()
        n = len(self._recent)
        if n < 2:
            return 0.0
        times, efforts = zip(*self._recent, strict=True)
        mt, me = sum(times) / n, sum(efforts) / n
        off = [u - mt for u in times]
        var = sum([d**2 for d in off])
        return sum([d * (x - me) for d, x in zip(off, efforts, strict=True)]) / var if var > 0 else 0.0

    def _keep(self, t: float, e: float, sample: dict[str, float]) -> None:
        self._skip += 1
        # Near rest nothing is thinned out: that is where attempts end.
        if self._skip >= self._stride or e < self._on:
            self._skip = 0
            self._buffer.append((t, e, sample))
        if self._attempt_from is None:
            k = 0
            while k < len(self._buffer) and t - self._buffer[k][0] > RUN_UP_S:
                k += 1
            del self._buffer[:k]
            self._stride = 1
        elif len(self._buffer) > MAX_SAMPLES:
            self._buffer = self._buffer[::2]
            self._stride *= 2

    def _remember_rest(self, t: float, e: float, sample: dict[str, float]) -> None:
        """Let the rest position follow slow drift, but not the beginning of a movement."""
        if abs(e) < self._off or (self._limbo_since is not None and t - self._limbo_since > REST_S):
            self._rest_buffer.append((t, sample))
        if abs(e) < self._off:
            self._limbo_since = None
        elif self._limbo_since is None:
            self._limbo_since = t
        while self._rest_buffer and t - self._rest_buffer[0][0] > REST_S:
            self._rest_buffer.popleft()
        if t - self._medians_at < REFRESH_S:
            return
        if self._rest_buffer and self._rest_buffer[-1][0] - self._rest_buffer[0][0] > 0.3:
            self._medians_at = t
            self.rest = medians([s for _, s in self._rest_buffer])
            self._trigger.on = self._on_above_noise()

    def _on_above_noise(self) -> float:
        """Return the threshold that starts an attempt: the limit, or more where the body trembles at rest."""
        noise = tremble(self.exercise.effort(s, self.rest) for _, s in self._rest_buffer)
        return min(max(self._on, NOISE_FACTOR * noise), NOISE_CAP * self._on)

    def _maybe_over(self, t: float, e: float, was: bool, active: bool) -> list[Event]:
        if active and not was and self._below_since is not None:
            # Up again before the last attempt had settled: that one ended at its lowest point, the next is under way.
            since = self._below_since
            ended = min(((x, u) for u, x, _ in self._buffer if u >= since and x == x), default=(0.0, since))[1]
            events = self._conclude(ended, returned=True)
            self._trigger.active = True
            return [*events, self._begin(t)]
        if active:
            self._below_since = None
            if self.exercise.still_ends and self._still(t):
                return self._conclude(t, returned=False)
            return []
        if self._below_since is None:
            self._below_since = t
        peak = max((x for _, x, _ in self._buffer if x == x), default=0.0)
        if e <= EDGE * peak or t - self._below_since >= SETTLE_S:
            return self._conclude(t, returned=True)
        return []

    def _still(self, t: float) -> bool:
        recent = [x for u, x, _ in self._buffer if t - u <= STILL_S and x == x]
        if self._attempt_from is None or t - self._attempt_from < STILL_S or len(recent) < 4:
            return False
        return max(recent) - min(recent) < 0.5 * self._on

    # ---- verdicts -----------------------------------------------------------------
    def _record(self, t: float, rep: Rep) -> list[Event]:
        self.reps.append(rep)
        self.faults += [f for f in rep.faults if f.id in self._decided_at_end]
        return [RepDone(t, rep)]

    def _conclude(self, t: float, *, returned: bool, seen: bool = True, lost: bool = False) -> list[Event]:
        if self._cycles is not None:
            return [event for c in self._cycles.finish() for event in self._cycle_over(c)]
        events: list[Event] = []
        attempt = self._attempt(t, returned=returned)
        rep = self._judged(replace(attempt, lost=lost) if attempt is not None else None)
        if rep is not None and not seen and not rep.counted:
            # What was not seen to its end is no fault: it is not counted, and the reason is ours, not the person's.
            rep = replace(rep, why=UNSEEN, faults=(), score=None)
        if rep is not None:
            events += self._record(t, rep)
        end = rep.end_s if rep is not None else t
        self._buffer = [b for b in self._buffer if b[0] >= end]
        self._stride = 1
        self._attempt_from = None
        self._below_since = None
        self._limbo_since = None
        self._trigger.reset()
        self._rest_buffer.clear()
        if not returned and self._buffer:
            self.rest = dict(self._buffer[-1][2])
        elif len(settled := [s for _, e, s in self._buffer if e < self._off]) > 2:
            self.rest = medians(settled)
        for _u, e, s in self._buffer:
            if abs(e) < self._off:
                self._rest_buffer.append((_u, s))
        return events

    def _attempt(self, t: float, *, returned: bool) -> Attempt | None:
        rows = [b for b in self._buffer if b[0] <= t]
        times = np.array([u for u, _, _ in rows])
        effort = np.array([x for _, x, _ in rows])
        known = np.isfinite(effort)
        if known.sum() < 3 or self._attempt_from is None:
            return None
        inside = known & (times >= self._attempt_from - 0.5)
        k = int(np.argmax(np.where(inside, effort, -np.inf)))
        top = float(effort[k])
        low = EDGE * top
        before = np.flatnonzero(known[:k] & (effort[:k] <= low))
        after = np.flatnonzero(known[k:] & (effort[k:] <= low))
        first = int(before[-1]) if len(before) else int(np.flatnonzero(known)[0])
        if len(after):
            last = k + int(after[0])
        elif returned:
            tail = np.where(known[k:], effort[k:], np.inf)
            last = k + int(np.argmin(tail))
        else:
            last = len(times) - 1
        near_top = inside & (effort >= 0.9 * top)
        near_top[:first] = near_top[last + 1 :] = False
        # An end position met for a moment only, in passing, is not where the attempt went.
        span = self.hold.span if self.hold.longest >= MIN_HOLD_S else None
        peak = (span[0] + span[1]) / 2 if span is not None else float(np.median(times[near_top]))
        return self._attempt_between(rows, float(times[first]), peak, float(times[last]), returned=returned)

    def _attempt_between(
        self,
        rows: list[tuple[float, float, dict[str, float]]],
        start: float,
        peak: float,
        end: float,
        *,
        returned: bool,
    ) -> Attempt:
        times = np.array([u for u, _, _ in rows])
        effort = np.array([x for _, x, _ in rows])
        names = {n for _, _, s in rows for n in s}
        values = {n: np.array([s.get(n, np.nan) for _, _, s in rows]) for n in names}
        return Attempt(
            times, values, effort, start, peak, end, self.hold.longest, self.hold.span, self.base, self.rest, returned
        )

    def _judged(self, a: Attempt | None) -> Rep | None:
        if a is None or a.end_s - a.start_s < MIN_ATTEMPT_S:
            return None
        return verdict(a, self.exercise, self.limits, self.watches, self.reps)

    def all_faults(self) -> list[FaultSpan]:
        """Every fault of the session, in order of time: those of the checks and those that ended attempts."""
        out = [s for w in self.watches for s in w.spans if not any(s.from_s == e.from_s for e in w.explained)]
        out += [s for w in self.watches if (s := w.current()) is not None]
        return sorted([*out, *self.faults], key=lambda f: (f.from_s, f.id))
