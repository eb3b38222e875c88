"""The verdicts of a session: each attempt put before the exercise, and in the end which faults are reported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from .checks import CheckWatch
from .exercise import Attempt, Exercise
from .limits import Limits
from .presence import GAP_S
from .records import FaultSpan, Rep
from .reported import as_judged, beside, coming_in
from .verdict import cut_short, uncounted, verdict

#: Why an attempt did not count whose sides were taken back.
TOO_FEW_WHY = "too few pictures a second to tell which side it was"
#: An attempt shorter than this is noise (s).
MIN_ATTEMPT_S = 0.35
#: One that was cut is listed if it reached this many least amplitudes.
CUT_LEAST = 1.5
#: One that seems to count is told to have been cut where more than this share of it was not seen.
UNSEEN_SHARE = 0.5


class Verdicts:
    """Keeps what became of the attempts.

    Parameters
    ----------
    exercise : Exercise
        Bound to the limits in force.
    limits : Limits
    watches : sequence of CheckWatch
        The checks that are watched.

    Attributes
    ----------
    reps : list of Rep
    faults : list of FaultSpan
        Those that ended attempts.
    without : str or None
        Why nothing can be counted now, whatever is done: what the exercise is done with is not there.
    """

    def __init__(self, exercise: Exercise, limits: Limits, watches: Sequence[CheckWatch]) -> None:
        self._exercise, self._limits, self._watches = exercise, limits, watches
        self._decided_at_end = {c.id for c in exercise.checks if not c.signal}
        self.reps: list[Rep] = []
        self.faults: list[FaultSpan] = []
        self.without: str | None = None

    def add(
        self,
        a: Attempt,
        amplitude: float,
        rest: dict[str, float],
        blind: Sequence[tuple[float, float]],
        entries: Sequence[float] = (),
    ) -> Rep | None:
        """Judge an attempt; return the repetition, None where it was none.

        Parameters
        ----------
        a : Attempt
        amplitude : float
            How far out it went, in the effort's unit.
        rest : dict
            The signals where the body rests.
        blind : sequence of (float, float)
            Times (s) between which a body in position was not seen.
        entries : sequence of float
            Times (s) at which the position was taken.
        """
        if a.end_s - a.start_s < MIN_ATTEMPT_S or not self._began_here(a, rest):
            return None
        if a.cut is not None and amplitude < CUT_LEAST * self._limits[self._exercise.least]:
            return None
        a = replace(a, follows=self._follows(a, blind))
        rep = verdict(a, self._exercise, self._limits, self._watches, self.reps)
        # Whoever holds a position for its own sake sways: what was wrong meanwhile is a fault of what was held.
        held = rep is None and a.cut is None and a.returned and self._exercise.reports_holds
        if rep is not None and not rep.counted and a.cut is None and coming_in(a.start_s, a.end_s, entries):
            rep = None  # rolling over, letting go of something: done before anybody begins
        if rep is not None and a.cut is None and self._in_the_dark(a, rep):
            a = replace(a, cut="gap")
        if (rep is None and not held) or a.cut is not None:
            # What was seen in it is no fault of an attempt.
            for w in self._watches:
                w.explained += [s for s in w.within(a.start_s, a.end_s) if s.from_s >= a.start_s]
        if rep is None:
            return None
        if a.cut is not None:
            rep = cut_short(rep, a.cut)
        elif self.without is not None:
            rep = uncounted(rep, self.without)
        self.reps.append(rep)
        self.faults += [f for f in rep.faults if f.id in self._decided_at_end]
        return rep

    @staticmethod
    def _in_the_dark(a: Attempt, rep: Rep) -> bool:
        """Whether what an attempt lacks, or what it seems to have, may have been otherwise while nothing was seen."""
        return a.unseen_s > UNSEEN_SHARE * (a.end_s - a.start_s) if rep.counted else a.holed

    def _follows(self, a: Attempt, blind: Sequence[tuple[float, float]]) -> bool:
        """Whether all was seen between the attempt before and this one."""
        since = self.reps[-1].start_s if self.reps else a.start_s
        return not any(to_s - from_s > GAP_S and to_s > since and from_s < a.start_s for from_s, to_s in blind)

    def _began_here(self, a: Attempt, rest: dict[str, float]) -> bool:
        """Whether an attempt began or ended in the start position: what lies between other postures is none."""
        sides = [self._exercise.in_start(s, self._limits, rest) for s in (a.rest, a.after) if len(s) > 1]
        return not sides or any(s is not False for s in sides)

    def take_back(self, why: str) -> None:
        """End a session in which what the exercise is done with was never there: nothing counts.

        Nor was anything done where the position alone tells nothing (sitting).
        """
        self.reps = [uncounted(r, why) for r in self.reps]
        if self._exercise.only_with_ball:
            self.reps.clear()
            self.faults.clear()
            for w in self._watches:
                w.spans.clear()

    def leave_sides_open(self) -> None:
        """Take back what was said of left and right: too few pictures a second were seen to tell them apart."""
        told = self._exercise.side_faults
        kept = [tuple(f for f in r.faults if f.id not in told) for r in self.reps]
        self.reps = [
            replace(r, side=None, faults=k, why=r.why if len(k) == len(r.faults) or r.counted else TOO_FEW_WHY)
            for r, k in zip(self.reps, kept, strict=True)
        ]
        self.faults = [f for f in self.faults if f.id not in told]

    def all_faults(self, entries: Sequence[float]) -> list[FaultSpan]:
        """Return every fault of the session, in order of time: those of the checks and those that ended attempts.

        A fault at rest belongs to the exercise only before an attempt, or where the position is held for its own sake;
        *entries* are the times at which the position was taken (s).
        """
        out = [s for w in self._watches for s in w.spans if not any(s.from_s == e.from_s for e in w.explained)]
        out += [s for w in self._watches if (s := w.current()) is not None]
        out = [s for s in out if not coming_in(s.from_s, s.to_s, entries)]
        if not self._exercise.reports_holds:
            out = [s for s in out if beside(s, self.reps)]
        out = [as_judged(s, self.reps) for s in out]
        return sorted([*out, *self.faults], key=lambda f: (f.from_s, f.id))
