"""The engine: samples in, judged moments out. One judge follows one exercise, live or recorded, the same way.

A sample is a mapping from signal names to numbers (NaN = unknown) at a time in seconds. Gates say whether the body is
in the exercise's position; while it is, attempts are found by the shape of the *effort* (a rise and a fall, see
:mod:`~formcheck.judging.rules.attempts`), the checks are watched, and each attempt that is over is put before
the exercise for its verdict. What was under way at the first or last sample, or at a gap in what was seen, is cut:
listed, not counted.
"""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import replace

from .attempts import MEMORY_S, Swing, SwingFinder
from .checks import HOLD, MOVE, START, CheckWatch, Tally
from .cycles import Cycle
from .exercise import Attempt, Exercise
from .recall import BRIDGE_S, HOLD_GRACE_S, Recall, Row, cut_out, rest_of, slope
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
from .reported import as_judged, beside, coming_in, passed_through
from .timing import Clock
from .verdict import cut_short, uncounted, verdict

AWAY, BETWEEN = "away", "between"

#: Why an attempt did not count whose sides were taken back.
TOO_FEW_WHY = "too few pictures a second to tell which side it was"
#: Seconds in the position before the body is taken to be in it; what was measured meanwhile is not lost.
ENTER_S = 0.3
#: Seconds out of the position before it is lost and an attempt given up.
LOST_S = 1.0
#: Seconds unseen before the position is lost and what was under way is cut; in the middle of a hold the second, or the
#: third as a share of the hold asked for if that is longer, and at most
#: :data:`~formcheck.judging.rules.recall.BRIDGE_S`: what is held for two seconds may be let go and done again
#: meanwhile.
GAP_S, BRIDGE_LEAST_S, BRIDGE_SHARE = 1.2, 1.5, 0.5
#: Seconds unseen in a movement that are worth telling.
TOLD_S = 0.7
#: A body in position so soon after the first sample (s) was there from the first.
FROM_FIRST_S = 0.5
#: An attempt shorter than this is noise (s).
MIN_ATTEMPT_S = 0.35
#: One that was cut is listed if it reached this many least amplitudes.
CUT_LEAST = 1.5
#: Seconds without movement that end an attempt of an exercise that knows no hold.
STILL_S = 1.6
#: A rise of fewer least amplitudes that stays so is the new rest of an exercise that knows no hold.
STALE = 5.0
#: Length over which the speed of the effort is measured while it goes on (s).
SPEED_S = 0.3
#: The rest position is brought up to date this often (s), from the samples of this time near the valley.
REFRESH_S, REST_S = 0.2, 1.5
#: Above the lowest point lately by less than this share of the least amplitude the body rests.
REST_SHARE = 0.35
#: A body whose effort changes by less than the least amplitude in this time (s) is at rest.
QUIET_S = 0.5


class Judge:
    """Follow one exercise.

    Parameters
    ----------
    exercise : Exercise
        Bound to the limits in force for this session.
    """

    def __init__(self, exercise: Exercise) -> None:
        self.exercise = exercise
        self.limits = limits = exercise.in_force
        units = {name: limit.unit for name, limit in exercise.limits.items()}
        self.watches = [CheckWatch(c, limits[c.limit], units[c.limit]) for c in exercise.checks if c.signal]
        self._decided_at_end = {c.id for c in exercise.checks if not c.signal}
        self._least = limits[exercise.least]
        self._finder = SwingFinder(self._least, exercise.back_share, exercise.settle_s)
        self._cycles = exercise.cycles(limits)
        self._recall = Recall(MEMORY_S + 1.0)
        self.phase = AWAY
        #: The phase as the checks see it: none between the start position and an attempt.
        self._watched = AWAY
        self.reps: list[Rep] = []
        self.faults: list[FaultSpan] = []
        #: The signals where the body rests now, or rested before what is under way.
        self.rest: dict[str, float] = {}
        self.effort = 0.0
        #: Why nothing can be counted now, whatever is done: what the exercise is done with is not there.
        self.without: str | None = None
        #: Whether the body is in the start position or in an attempt, and so where the exercise is done.
        self.placed = False
        self.hold = Clock(HOLD_GRACE_S, BRIDGE_S)
        self._bridge_s = min(BRIDGE_S, max(BRIDGE_LEAST_S, BRIDGE_SHARE * exercise.prescription.hold_s))
        self.seconds: dict[str, float] = defaultdict(float)
        self.problems: dict[str, float] = defaultdict(float)
        self._view_ok = True
        self._first_t: float | None = None
        self._last_t: float | None = None
        self._seen_at = float("-inf")
        self._holding = False
        #: Why what comes next may have been under way before: ``start`` of the stream, ``gap``, or None: it was not.
        self._begun: str | None = "start"
        self._left_by_gap = False
        #: Times (s) from which to which a body in position was not seen, for so long that nothing can be said of it.
        self.blind: list[tuple[float, float]] = []
        self._blind_from: float | None = None
        self._entering: list[Row] = []
        #: When the position was taken (s).
        self._entries: list[float] = []
        self._out_since: float | None = None
        self._recent: deque[tuple[float, float]] = deque()
        self._rested_at = float("-inf")
        self._attempt_from: float | None = None

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
        step = min(0.0 if self._last_t is None else t - self._last_t, 0.5)
        self._first_t = t if self._first_t is None else self._first_t
        self._last_t = t
        self.seconds["seen"] += step
        if sample is not None:
            self.seconds["pose"] += step
        events = self._view(t, sample, problem, step)
        if sample is None or problem is not None:
            self.seconds["withheld"] += step * (self.phase != AWAY)
            return events + self._unseen(t)
        events += self._seen_again(t, sample)
        inside = self.exercise.in_position(sample, self.limits, self.rest)
        if inside is not None:
            self._see_again(t)
        if inside is False:
            return events + self._elsewhere(t)
        if inside is None and self.phase == AWAY:
            self.seconds["unsure"] += step
            return events
        if inside:
            self._seen_at = t
            self._out_since = None
            self.seconds["in_position"] += step
        elif t - self._seen_at > (self._bridge_s if self._holding else GAP_S):
            return events + self._unseen(t)
        if self.phase == AWAY:
            events += self._enter(t, sample)
            return events
        self.seconds["judged"] += step
        return events + self._follow(t, sample, step)

    def take_back(self, why: str) -> None:
        """End a session in which what the exercise is done with was never there: nothing counts.

        Nor was anything done where the position alone tells nothing (sitting). Call it after :meth:`finish`.
        """
        self.reps = [uncounted(r, why) for r in self.reps]
        if self.exercise.only_with_ball:
            self.reps.clear()
            self.faults.clear()
            for w in self.watches:
                w.spans.clear()

    def leave_sides_open(self) -> None:
        """Take back what was said of left and right: too few pictures a second were seen to tell them apart."""
        told = self.exercise.side_faults
        kept = [tuple(f for f in r.faults if f.id not in told) for r in self.reps]
        self.reps = [
            replace(r, side=None, faults=k, why=r.why if len(k) == len(r.faults) or r.counted else TOO_FEW_WHY)
            for r, k in zip(self.reps, kept, strict=True)
        ]
        self.faults = [f for f in self.faults if f.id not in told]

    def finish(self) -> list[Event]:
        """End the session; an attempt under way is cut."""
        events: list[Event] = []
        if self.phase != AWAY:
            events += self._give_up("end")
        for w in self.watches:
            events += w.finish()
        if self._last_t is not None:
            self._see_again(self._last_t)
        return events

    def interrupt(self) -> list[Event]:
        """Stop watching (a pause): what was under way is cut, the position is taken anew."""
        events = self.lose()
        self._blind_from = None
        return events

    def lose(self) -> list[Event]:
        """Take it that the body was out of sight: what was under way is cut, the position is taken anew."""
        if self._last_t is None or self.phase == AWAY:
            return []
        return [*self._give_up("gap"), *self._leave(self._last_t, gap=True)]

    # ---- gates -------------------------------------------------------------------
    def _view(
        self, t: float, sample: dict[str, float] | None, problem: tuple[str, str] | None, step: float
    ) -> list[Event]:
        if problem is not None:
            self.problems[problem[0]] += step
            if self._view_ok:
                self._view_ok = False
                return [ViewProblem(t, *problem)]
        elif sample is not None and not self._view_ok:
            self._view_ok = True
            return [ViewGood(t)]
        return []

    def _unseen(self, t: float) -> list[Event]:
        """Nothing can be judged now: wait, and after a time cut what was under way."""
        if self.phase == AWAY:
            self._entering = [r for r in self._entering if t - r.t <= ENTER_S + GAP_S]
            if self._entering and t - self._entering[-1].t > ENTER_S:
                self._entering = []
            self._left_by_gap = self._left_by_gap or self._begun == "start"
            return []
        self._recall.add(Row(t, float("nan"), {}), under_way=self._under_way, at_rest=False)
        if t - self._seen_at <= (self._bridge_s if self._holding else GAP_S):
            return []
        return [*self._give_up("gap"), *self._leave(t, gap=True)]

    def _seen_again(self, t: float, sample: dict[str, float]) -> list[Event]:
        """After a gap go on only with a hold that is still held."""
        gap = t - self._seen_at
        if self.phase == AWAY or gap <= GAP_S:
            if self.phase != AWAY and gap > TOLD_S and not self._holding:
                self.blind.append((self._seen_at, t))
            return []
        if self._holding and gap <= self._bridge_s and self._holds(t, sample):
            return []
        return [*self._give_up("gap"), *self._leave(t, gap=True)]

    def _see_again(self, t: float) -> None:
        """Note for how long a body in position was not seen."""
        if self._blind_from is not None:
            self.blind.append((self._blind_from, t))
            self._blind_from = None

    def _holds(self, t: float, sample: dict[str, float]) -> bool | None:
        now = {**sample, "effort": self.exercise.effort(sample), "effort_speed": 0.0}
        return self.exercise.holding(now, self.rest, self.limits)

    def _elsewhere(self, t: float) -> list[Event]:
        """The body is not in the position: wait a moment, then give up what was under way."""
        if self.phase == AWAY:
            self._entering = []
            if self._first_t is not None and t - self._first_t > FROM_FIRST_S:
                self._begun = None
            self._left_by_gap = False
            return []
        if self._out_since is None:
            self._out_since = t
        self._seen_at = t
        self._holding = False
        self._recall.add(Row(t, float("nan"), {}, away=True), under_way=self._under_way, at_rest=False)
        if self._under_way:
            self.hold.update(t, False)
        if t - self._out_since < LOST_S:
            return []
        events = self._give_up(None)
        return [*events, *self._leave(t, gap=False)]

    def _enter(self, t: float, sample: dict[str, float]) -> list[Event]:
        """Take the position after a moment in it, with all that was measured meanwhile."""
        self._entering.append(Row(t, float("nan"), sample))
        if t - self._entering[0].t < ENTER_S:
            return []
        waiting, self._entering = self._entering, []
        first = self._first_t is not None and waiting[0].t - self._first_t <= FROM_FIRST_S
        self._entries.append(waiting[0].t)
        self._begun = "start" if first else "gap" if self._left_by_gap else None
        self.phase = START
        self._out_since = None
        self._seen_at = t
        events: list[Event] = [PositionReady(t)]
        for row in waiting:
            events += self._follow(row.t, dict(row.sample))
        return sorted(events, key=lambda e: e.t)

    def _leave(self, t: float, *, gap: bool) -> list[Event]:
        events = [event for w in self.watches for event in w.finish()]
        until = self._seen_at if self._out_since is None else self._out_since
        if passed_through(self._entries[-1], until, self.reps):
            for w in self.watches:
                w.explained += [s for s in w.spans if s.from_s >= self._entries[-1]]
        self.phase = AWAY
        self._finder.reset()
        self._recall.clear()
        self._recent.clear()
        self._entering = []
        self._out_since = None
        self._holding = False
        self._left_by_gap = gap
        if gap:
            self._blind_from = self._seen_at
        self._attempt_from = None
        self.rest = {}
        return [*events, PositionLost(t)]

    # ---- phases ------------------------------------------------------------------
    @property
    def _under_way(self) -> bool:
        return self._attempt_from is not None

    def _follow(self, t: float, sample: dict[str, float], step: float = 0.0) -> list[Event]:
        e = self.exercise.effort(sample)
        sample["effort"] = e
        if e == e:
            self.effort = e
        else:
            self.seconds["unfollowed"] += step
        sample["effort_speed"] = self._speed(t, e)
        valley = self._finder.valley
        at_rest = not e - valley > self._least
        self._recall.add(Row(t, e, sample), under_way=self._under_way, at_rest=at_rest)
        if self._cycles is not None:
            events = self._follow_cycles(t, e, sample)
        else:
            events = self._follow_swings(t, e, sample)
        for w in self.watches:
            events += w.update(t, self._watched, sample, self.rest)
        return events

    def _follow_swings(self, t: float, e: float, sample: dict[str, float]) -> list[Event]:
        events: list[Event] = []
        for swing in self._finder.update(t, e):
            events += self._conclude(swing)
        if self._finder.rising and self.exercise.still_ends and self._still(t):
            events += self._conclude(replace(self._finder.finish()[0], end_s=t, end=e, returned=False))
            self._finder.drop(t, e)
        elif self._stale(t, e):
            self._finder.drop(t, e)
            self._attempt_from = None
        if self._finder.rising and not self._under_way:
            self._attempt_from = self._finder.valley_s
            self.placed = self.exercise.in_start(self.rest, self.limits, self.rest) is not False
            self.hold.reset()
            for w in self.watches:
                w.rep = Tally()
            events.append(RepStarted(t))
        self._holding = False
        if self._under_way:
            state = self.exercise.holding(sample, self.rest, self.limits)
            if state is not None:
                self.hold.update(t, state)
            self._holding = bool(state)
            if state:
                events.append(HoldTick(t, self.hold.running))
            # What does not begin in the start position is no attempt, unless it ends there.
            self.phase = HOLD if state else MOVE
            self._watched = self.phase if self.placed else BETWEEN
        else:
            self._take_rest(t)
            moving = abs(sample["effort_speed"]) * QUIET_S > self._least
            self.placed = self.exercise.in_start(sample, self.limits, self.rest) is not False
            self.phase = START
            self._watched = START if self.placed and not moving else BETWEEN
        return events

    def _follow_cycles(self, t: float, e: float, sample: dict[str, float]) -> list[Event]:
        """Follow a movement whose rounds the exercise's own finder tells apart."""
        assert self._cycles is not None
        events = [event for c in self._cycles.update(t, sample) for event in self._cycle_over(c)]
        if not self._cycles.moving:
            self._attempt_from = None
            self._take_rest(t)
        elif self._attempt_from is None:
            self._attempt_from = t
            events.append(RepStarted(t))
        self.phase = self._watched = MOVE if self._under_way else START
        self.placed = True
        return events

    def _speed(self, t: float, e: float) -> float:
        """Return the slope of the effort over the last moments, per second, by least squares."""
        if e == e:
            self._recent.append((t, e))
        while self._recent and t - self._recent[0][0] > SPEED_S:
            self._recent.popleft()
        return slope(self._recent)

    def _take_rest(self, t: float) -> None:
        """Bring the rest up to date: where the body was lowest lately."""
        if t - self._rested_at < REFRESH_S and self.rest:
            return
        self._rested_at = t
        valley = self._finder.valley if self._cycles is None else float("inf")
        rows = self._recall.lately(t - REST_S)
        rest = rest_of(rows, valley + REST_SHARE * self._least)
        if rest:
            self.rest = {**rest, "effort": valley}

    def _stale(self, t: float, e: float) -> bool:
        """Whether a small rise has become the rest: the valley before it was another posture's, or has drifted."""
        small = self._finder.rising and e - self._finder.valley < STALE * self._least
        return small and not self.exercise.hold and self._still(t)

    def _still(self, t: float) -> bool:
        if self._attempt_from is None or t - self._attempt_from < STILL_S:
            return False
        recent = [r.effort for r in self._recall.lately(t - STILL_S) if r.effort == r.effort]
        return len(recent) >= 4 and max(recent) - min(recent) < 0.5 * self._least

    # ---- verdicts -----------------------------------------------------------------
    def _conclude(self, swing: Swing, *, lost: bool = False, cut: str | None = None) -> list[Event]:
        """Judge the attempt that a swing bounds."""
        if cut is None and swing.from_first and self._begun is not None:
            cut = self._begun
        entered = swing.from_first and cut is None
        attempt = None if entered else cut_out(self._recall.rows, swing, self.exercise, self.limits, lost=lost, cut=cut)
        events = self._judged(attempt, swing.amplitude)
        end = attempt.end_s if attempt is not None else swing.end_s
        self._recall.rows = [r for r in self._recall.rows if r.t >= min(end, swing.end_s)]
        self._attempt_from = None
        self._begun = None
        if attempt is not None and attempt.after:
            self.rest = {**attempt.after, "effort": swing.end}
        return events

    def _judged(self, a: Attempt | None, amplitude: float) -> list[Event]:
        if a is None or a.end_s - a.start_s < MIN_ATTEMPT_S or not self._began_here(a):
            return []
        if a.cut is not None and amplitude < CUT_LEAST * self._least:
            return []
        a = replace(a, follows=self._follows(a))
        rep = verdict(a, self.exercise, self.limits, self.watches, self.reps)
        if rep is not None and not rep.counted and a.holed and a.cut is None:
            # What it lacks may have been there while nothing was seen.
            a = replace(a, cut="gap")
        if rep is None or a.cut is not None:
            # What was seen in it is no fault of an attempt.
            for w in self.watches:
                w.explained += [s for s in w.within(a.start_s, a.end_s) if s.from_s >= a.start_s]
        if rep is None:
            return []
        if a.cut is not None:
            rep = cut_short(rep, a.cut)
        elif self.without is not None:
            rep = uncounted(rep, self.without)
        return self._record(a.end_s, rep)

    def _follows(self, a: Attempt) -> bool:
        """Whether all was seen between the attempt before and this one."""
        since = self.reps[-1].start_s if self.reps else a.start_s
        return not any(to_s - from_s > GAP_S and to_s > since and from_s < a.start_s for from_s, to_s in self.blind)

    def _began_here(self, a: Attempt) -> bool:
        """Whether an attempt began or ended in the start position: what lies between other postures is none."""
        sides = [self.exercise.in_start(s, self.limits, self.rest) for s in (a.rest, a.after) if len(s) > 1]
        return not sides or any(s is not False for s in sides)

    def _give_up(self, cut: str | None) -> list[Event]:
        """End what is under way before its time: cut, or (None) by the person, who left the position."""
        if self._cycles is not None:
            return [event for c in self._cycles.finish() for event in self._cycle_over(c, cut)]
        events: list[Event] = []
        for swing in self._finder.finish():
            if cut == "gap":
                self._recall.rows = [r for r in self._recall.rows if r.t <= self._seen_at]
            ended = swing
            if not swing.returned:
                last = [r for r in self._recall.rows if r.effort == r.effort]
                ended = replace(swing, end_s=last[-1].t, end=last[-1].effort) if last else swing
            why = None if swing.returned and cut == "end" else cut
            left = cut is None and not swing.returned
            if left and self.exercise.leaving_ends:
                ended = replace(ended, returned=True)
            events += self._conclude(ended, lost=left, cut=why)
        return events

    def _cycle_over(self, c: Cycle, cut: str | None = None) -> list[Event]:
        if c.cut and cut is None:
            return []  # the body left in the middle of it: it was getting up
        rows = self._recall.rows
        swing = Swing(c.start_s, 0.0, c.peak_s, c.swing, c.end_s, 0.0, returned=c.complete, from_first=False)
        attempt = cut_out(rows, swing, self.exercise, self.limits, cut=cut if c.cut else None)
        if attempt is not None:
            attempt = replace(attempt, start_s=c.start_s, peak_s=c.peak_s, end_s=c.end_s)
        self._recall.rows = [r for r in rows if r.t >= c.end_s]
        events = self._judged(attempt, c.swing)
        self._attempt_from = None
        for w in self.watches:
            w.rep = Tally()
        return events

    def _record(self, t: float, rep: Rep) -> list[Event]:
        self.reps.append(rep)
        self.faults += [f for f in rep.faults if f.id in self._decided_at_end]
        return [RepDone(t, rep)]

    def all_faults(self) -> list[FaultSpan]:
        """Every fault of the session, in order of time: those of the checks and those that ended attempts.

        A fault at rest belongs to the exercise only before an attempt, or where the position is held for its own sake.
        """
        out = [s for w in self.watches for s in w.spans if not any(s.from_s == e.from_s for e in w.explained)]
        out += [s for w in self.watches if (s := w.current()) is not None]
        out = [s for s in out if not coming_in(s, self._entries)]
        if not self.exercise.reports_holds:
            out = [s for s in out if beside(s, self.reps)]
        out = [as_judged(s, self.reps) for s in out]
        return sorted([*out, *self.faults], key=lambda f: (f.from_s, f.id))
