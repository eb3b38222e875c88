"""Turning points of a path in a space of signals: where it is furthest from the turning point before it."""

from __future__ import annotations

from dataclasses import dataclass
from math import dist

#: Share of the way to a turning point by which the path must come back for it to be one: less is a wobble at the end.
BACK_SHARE = 0.35
#: ... and by this share of the least swing at least: less is trembling.
BACK_LEAST = 0.5


@dataclass(frozen=True)
class PathPoint:
    """A moment of a path.

    Attributes
    ----------
    t : float
        Seconds.
    p : tuple of float
        Where it is, in the space in which ways are measured.
    values : tuple of float
        Whatever else is to be remembered of it.
    """

    t: float
    p: tuple[float, ...]
    values: tuple[float, ...] = ()


@dataclass(frozen=True)
class Turn:
    """A turning point, and the length of the way to it from the one before."""

    point: PathPoint
    run: float


class TurningPoints:
    """Streaming finder of turning points, in any direction, straight or round.

    Parameters
    ----------
    least : float
        Least length of the way from one turning point to the next.
    begun, now : PathPoint
        Where the path is known to have come from, at least that far, and where it is.

    Examples
    --------
    >>> path = [PathPoint(float(t), (x,)) for t, x in enumerate([0, 4, 8, 9, 4, -2, -8, 1])]
    >>> finder = TurningPoints(3.0, path[0], path[1])
    >>> [(turn.point.p, turn.run) for point in path[2:] if (turn := finder.update(point))]
    [((9,), 9.0), ((-8,), 17.0)]
    """

    def __init__(self, least: float, begun: PathPoint, now: PathPoint) -> None:
        self.least = least
        #: The turning point before, and the point furthest from it so far.
        self.last, self.far = begun, now

    @property
    def run(self) -> float:
        """Length of the way to the furthest point so far."""
        return dist(self.far.p, self.last.p)

    def update(self, row: PathPoint) -> Turn | None:
        """Take the next moment; return the turning point that it has come back from, if any."""
        run = self.run
        if dist(row.p, self.last.p) >= run:
            self.far = row
            return None
        if run < self.least or dist(row.p, self.far.p) < max(BACK_SHARE * run, BACK_LEAST * self.least):
            return None
        self.last, self.far = self.far, row
        return Turn(self.last, run)
