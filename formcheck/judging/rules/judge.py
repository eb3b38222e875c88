"""The engine: samples in, judged moments out. One judge follows one exercise, live or recorded, the same way.

A sample is a mapping from signal names to numbers (NaN = unknown) at a time in seconds. Gates say whether the body is
in the exercise's position (:mod:`~formcheck.judging.rules.presence`); while it is, attempts are found by the shape of
the *effort* (a rise and a fall, see :mod:`~formcheck.judging.rules.attempts`), the checks are watched, and each attempt
that is over is put before the exercise for its verdict (:mod:`~formcheck.judging.rules.verdicts`). What was under way
at the first or last sample, or at a gap in what was seen, is cut: listed, not counted.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from .attempts import Swing, SwingFinder
from .checks import HOLD, MOVE, START, CheckWatch, Tally
from .cycles import Cycle
from .exercise import Attempt, Exercise
from .presence import GAP_S, MAX_STEP_S, Presence
from .recall import BRIDGE_S, HOLD_GRACE_S, RecalledMoment, cut_out
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
from .reported import passed_through
from .timing import Clock
from .trail import STILL_S, Trail
from .verdicts import Verdicts

AWAY, BETWEEN = "away", "between"

#: In the middle of a hold the position is lost, and what was under way cut, only after the second (s) unseen, or the
#: third as a share of the hold asked for if that is longer, and at most
#: :data:`~formcheck.judging.rules.recall.BRIDGE_S`: what is held for two seconds may be let go and done again
#: meanwhile.
BRIDGE_LEAST_S, BRIDGE_SHARE = 1.5, 0.5
#: A rise of fewer least amplitudes that stays so is the new rest of an exercise that knows no hold.
STALE = 5.0
#: A body whose effort changes by less than the least amplitude in this time (s) is at rest.
QUIET_S = 0.5


class Judge:
    """Follow one exercise.

    Parameters
    ----------
    exercise : Exercise
        Bound to the limits in force for this session.

    Attributes
    ----------
    phase : str
        ``away``, ``start``, ``move`` or ``hold``.
    verdicts : Verdicts
        What became of the attempts.
    watches : list of CheckWatch
    hold : Clock
        Of the hold under way.
    placed : bool
        Whether the body is in the start position or in an attempt, and so where the exercise is done.
    seconds, problems : dict
        Seconds by what was seen, and by what was the matter with the picture.
    """

    def __init__(self, exercise: Exercise) -> None:
        self.exercise = exercise
        self.limits = limits = exercise.in_force
        units = {name: limit.unit for name, limit in exercise.limits.items()}
        self.watches = [CheckWatch(c, limits[c.limit], units[c.limit]) for c in exercise.checks if c.signal]
        self._least = limits[exercise.least]
        self._finder = SwingFinder(self._least, exercise.back_share, exercise.settle_s)
        self._cycles = exercise.cycles(limits)
        self._presence = Presence()
        self._trail = Trail(self._least)
        self.verdicts = Verdicts(exercise, limits, self.watches)
        self.phase = AWAY
        #: The phase as the checks see it: none between the start position and an attempt.
        self._watched = AWAY
        self.placed = False
        self.hold = Clock(HOLD_GRACE_S, BRIDGE_S)
        self._bridge_s = min(BRIDGE_S, max(BRIDGE_LEAST_S, BRIDGE_SHARE * exercise.prescription.hold_s))
        self._holding = False
        self.seconds: dict[str, float] = defaultdict(float)
        self.problems: dict[str, float] = defaultdict(float)
        self._view_ok = True
        self._last_t: float | None = None
        self._attempt_from: float | None = None

    @property
    def reps(self) -> list[Rep]:
        """The attempts judged so far."""
        return self.verdicts.reps

    @property
    def rest(self) -> dict[str, float]:
        """The signals where the body rests now, or rested before what is under way."""
        return self._trail.rest

    @property
    def blind(self) -> list[tuple[float, float]]:
        """Times (s) from which to which a body in position was not seen."""
        return self._presence.blind

    def all_faults(self) -> list[FaultSpan]:
        """Return every fault of the session, in order of time."""
        return self.verdicts.all_faults(self._presence.entries)

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
        step = min(0.0 if self._last_t is None else t - self._last_t, MAX_STEP_S)
        self._last_t = t
        self._presence.begin(t)
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
            self._presence.told(t)
        if inside is False:
            return events + self._elsewhere(t)
        if inside is None and self.phase == AWAY:
            self.seconds["unsure"] += step
            return events
        if inside:
            self._presence.there(t)
            self.seconds["in_position"] += step
        elif t - self._presence.seen_at > self._patience_s:
            return events + self._unseen(t)
        if self.phase == AWAY:
            return events + self._enter(t, sample)
        self.seconds["judged"] += step
        return events + self._follow(t, sample, step)

    def finish(self) -> list[Event]:
        """End the session; an attempt under way is cut."""
        events: list[Event] = []
        if self.phase != AWAY:
            events += self._give_up("end")
        for w in self.watches:
            events += w.finish()
        if self._last_t is not None:
            self._presence.told(self._last_t)
        return events

    def interrupt(self) -> list[Event]:
        """Stop watching (a pause): what was under way is cut, the position is taken anew."""
        events = self.lose()
        self._presence.pause()
        return events

    def lose(self) -> list[Event]:
        """Take it that the body was out of sight: what was under way is cut, the position is taken anew."""
        if self._last_t is None:
            return []
        if self.phase == AWAY:
            self._presence.out_of_sight()
            return []
        return self._lose(self._last_t, "gap")

    # ---- where the body is ---------------------------------------------------------
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

    @property
    def _patience_s(self) -> float:
        """Seconds that may be unseen now."""
        return self._bridge_s if self._holding else GAP_S

    def _unseen(self, t: float) -> list[Event]:
        """Nothing can be judged now: wait, and after a time cut what was under way."""
        if self.phase != AWAY:
            self._trail.gap(t, under_way=self._under_way)
        return self._lose(t, "gap") if self._presence.unseen(t, self._patience_s) else []

    def _seen_again(self, t: float, sample: dict[str, float]) -> list[Event]:
        """After a gap go on only with a hold that is still held."""
        gap = t - self._presence.seen_at
        if self.phase == AWAY or gap <= GAP_S:
            if not self._holding:
                self._presence.note_short_gap(t)
            return []
        if self._holding and gap <= self._bridge_s and self._holds(sample):
            return []
        return self._lose(t, "gap")

    def _holds(self, sample: dict[str, float]) -> bool | None:
        now = {**sample, "effort": self.exercise.effort(sample), "effort_speed": 0.0}
        return self.exercise.holding(now, self.rest, self.limits)

    def _elsewhere(self, t: float) -> list[Event]:
        """The body is not in the position: wait a moment, then give up what was under way."""
        lost = self._presence.elsewhere(t)
        if self.phase == AWAY:
            return []
        self._holding = False
        self._trail.gap(t, under_way=self._under_way, away=True)
        if self._under_way:
            self.hold.update(t, False)
        return self._lose(t, None) if lost else []

    def _enter(self, t: float, sample: dict[str, float]) -> list[Event]:
        """Take the position after a moment in it, with all that was measured meanwhile."""
        waiting = self._presence.enter(t, sample)
        if not waiting:
            return []
        self.phase = START
        events: list[Event] = [PositionReady(t)]
        for row in waiting:
            events += self._follow(row.t, dict(row.sample))
        return sorted(events, key=lambda e: e.t)

    def _lose(self, t: float, cut: str | None) -> list[Event]:
        """Give up what is under way, and the position: cut by a gap, or (None) left by the person."""
        events = self._give_up(cut)
        for w in self.watches:
            events += w.finish()
        entered = self._presence.entries[-1]
        if passed_through(entered, self._presence.until, self.reps):
            for w in self.watches:
                w.explained += [s for s in w.spans if s.from_s >= entered]
        self.phase = AWAY
        self._finder.reset()
        self._trail.clear()
        self._presence.leave(gap=cut is not None)
        self._holding = False
        self._attempt_from = None
        return [*events, PositionLost(t)]

    # ---- phases ------------------------------------------------------------------
    @property
    def _under_way(self) -> bool:
        return self._attempt_from is not None

    def _follow(self, t: float, sample: dict[str, float], step: float = 0.0) -> list[Event]:
        e = self.exercise.effort(sample)
        sample["effort"] = e
        if e != e:
            self.seconds["unfollowed"] += step
        sample["effort_speed"] = self._trail.speed(t, e)
        at_rest = not e - self._finder.valley > self._least
        self._trail.recall.add(RecalledMoment(t, e, sample), under_way=self._under_way, at_rest=at_rest)
        if self._cycles is not None:
            events = self._follow_cycles(t, sample)
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
            self._begin_tallies()
            events.append(RepStarted(t))
        self._holding = False
        if not self._under_way:
            self._at_rest(t, sample)
            return events
        state = self.exercise.holding(sample, self.rest, self.limits)
        if state is not None:
            self.hold.update(t, state)
        self._holding = bool(state)
        if state:
            events.append(HoldTick(t, self.hold.running))
        # What does not begin in the start position is no attempt, unless it ends there.
        self.phase = HOLD if state else MOVE
        self._watched = self.phase if self.placed else BETWEEN
        return events

    def _at_rest(self, t: float, sample: dict[str, float]) -> None:
        self._trail.take_rest(t, self._finder.valley)
        moving = abs(sample["effort_speed"]) * QUIET_S > self._least
        self.placed = self.exercise.in_start(sample, self.limits, self.rest) is not False
        self.phase = START
        self._watched = START if self.placed and not moving else BETWEEN

    def _follow_cycles(self, t: float, sample: dict[str, float]) -> list[Event]:
        """Follow a movement whose rounds the exercise's own finder tells apart."""
        assert self._cycles is not None
        events = [event for c in self._cycles.update(t, sample) for event in self._cycle_over(c)]
        if not self._cycles.moving:
            self._attempt_from = None
            self._trail.take_rest(t, float("inf"))
        elif self._attempt_from is None:
            self._attempt_from = t
            events.append(RepStarted(t))
        self.phase = self._watched = MOVE if self._under_way else START
        self.placed = True
        return events

    def _stale(self, t: float, e: float) -> bool:
        """Whether a small rise has become the rest: the valley before it was another posture's, or has drifted."""
        small = self._finder.rising and e - self._finder.valley < STALE * self._least
        return small and not self.exercise.hold and self._still(t)

    def _still(self, t: float) -> bool:
        """Whether what is under way has stopped without coming back."""
        return self._attempt_from is not None and t - self._attempt_from >= STILL_S and self._trail.still(t)

    def _begin_tallies(self) -> None:
        for w in self.watches:
            w.rep = Tally()

    # ---- attempts that are over ----------------------------------------------------
    def _conclude(self, swing: Swing, *, lost: bool = False, cut: str | None = None) -> list[Event]:
        """Judge the attempt that a swing bounds."""
        recall = self._trail.recall
        if cut is None and swing.from_first and self._presence.begun is not None:
            cut = self._presence.begun
        entered = swing.from_first and cut is None
        attempt = None if entered else cut_out(recall.rows, swing, self.exercise, self.limits, lost=lost, cut=cut)
        events = self._judged(attempt, swing.amplitude)
        end = attempt.end_s if attempt is not None else swing.end_s
        recall.rows = [r for r in recall.rows if r.t >= min(end, swing.end_s)]
        self._attempt_from = None
        self._presence.begun = None
        if attempt is not None and attempt.after:
            self._trail.rest_at(attempt.after, swing.end)
        return events

    def _judged(self, a: Attempt | None, amplitude: float) -> list[Event]:
        rep = None if a is None else self.verdicts.add(a, amplitude, self.rest, self.blind, self._presence.entries)
        return [] if a is None or rep is None else [RepDone(a.end_s, rep)]

    def _give_up(self, cut: str | None) -> list[Event]:
        """End what is under way before its time: cut, or (None) by the person, who left the position."""
        if self._cycles is not None:
            return [event for c in self._cycles.finish() for event in self._cycle_over(c, cut)]
        recall = self._trail.recall
        events: list[Event] = []
        for swing in self._finder.finish():
            if cut == "gap":
                recall.rows = [r for r in recall.rows if r.t <= self._presence.seen_at]
            ended = swing
            if not swing.returned:
                last = [r for r in recall.rows if r.effort == r.effort]
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
        recall = self._trail.recall
        swing = Swing(c.start_s, 0.0, c.peak_s, c.swing, c.end_s, 0.0, returned=c.complete, from_first=False)
        attempt = cut_out(recall.rows, swing, self.exercise, self.limits, cut=cut if c.cut else None)
        if attempt is not None:
            attempt = replace(attempt, start_s=c.start_s, peak_s=c.peak_s, end_s=c.end_s)
        recall.rows = [r for r in recall.rows if r.t >= c.end_s]
        events = self._judged(attempt, c.swing)
        self._attempt_from = None
        self._begin_tallies()
        return events
