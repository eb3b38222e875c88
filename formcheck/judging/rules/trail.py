"""What was measured lately: the rows an attempt is cut out of, the speed of the effort, and where the body rests."""

from __future__ import annotations

from collections import deque

from .attempts import MEMORY_S
from .exercise import Sample
from .recall import Recall, RecalledMoment, rest_of, slope

#: Length over which the speed of the effort is measured while it goes on (s).
SPEED_S = 0.3
#: The rest position is brought up to date this often (s), from the samples of this time near the valley.
REFRESH_S, LATELY_S = 0.2, 1.5
#: Above the lowest point lately by less than this share of the least amplitude the body rests.
REST_SHARE = 0.35
#: A body whose effort stays within half the least amplitude for this time (s) does not move.
STILL_S = 1.6
#: Rows that tell so at least.
STILL_ROWS, STILL_SHARE = 4, 0.5


class Trail:
    """Keeps what the judge has to look back on.

    Parameters
    ----------
    least : float
        The least amplitude of an attempt, in the effort's unit.

    Attributes
    ----------
    recall : Recall
    rest : dict
        The signals where the body rests now, or rested before what is under way.
    """

    def __init__(self, least: float) -> None:
        self._least = least
        self.recall = Recall(MEMORY_S + 1.0)
        self.rest: dict[str, float] = {}
        self._recent: deque[tuple[float, float]] = deque()
        self._rested_at = float("-inf")

    def speed(self, t: float, e: float) -> float:
        """Take the effort at a time (s); return its slope over the last moments, per second, by least squares."""
        if e == e:
            self._recent.append((t, e))
        while self._recent and t - self._recent[0][0] > SPEED_S:
            self._recent.popleft()
        return slope(self._recent)

    def gap(self, t: float, *, under_way: bool, away: bool = False) -> None:
        """Take it that nothing was measured at a time (s): nobody was seen, or (*away*) out of the position."""
        self.recall.add(RecalledMoment(t, float("nan"), {}, away=away), under_way=under_way, at_rest=False)

    def take_rest(self, t: float, valley: float) -> None:
        """Bring the rest up to date: where the body was near its lowest point lately, the *valley*."""
        if t - self._rested_at < REFRESH_S and self.rest:
            return
        self._rested_at = t
        rest = rest_of(self.recall.lately(t - LATELY_S), valley + REST_SHARE * self._least)
        if rest:
            self.rest_at(rest, valley)

    def rest_at(self, signals: Sample, effort: float) -> None:
        """Take the signals of a rest, and its effort."""
        self.rest = {**signals, "effort": effort}

    def still(self, t: float) -> bool:
        """Return whether the effort has hardly changed for a while."""
        recent = [r.effort for r in self.recall.lately(t - STILL_S) if r.effort == r.effort]
        return len(recent) >= STILL_ROWS and max(recent) - min(recent) < STILL_SHARE * self._least

    def clear(self) -> None:
        """Forget everything."""
        self.recall.clear()
        self._recent.clear()
        self.rest = {}
