"""Which of the balls that the finder gives is to be believed: no fault may come of a doubtful one.

The finder gives the likeliest ball with its confidence, and follows it for some time even where it is doubtful: that is
for tracks and for whoever wants to see it. What judges people takes only what passes here.
"""

from __future__ import annotations

from math import hypot

from ..pose.types import Ball

#: A ball is believed once its confidence has been this high for this long (s). On films of people without any ball, and
#: on drawn bodies with their poses, what was taken for one stayed below.
BELIEVED, STEADY_S = 0.7, 0.5
#: A believed one stays so down to this confidence: half hidden, or out of sight for a second.
KEPT = 0.5
#: One that was out of sight for longer than this (s), went further at once than this (radii), or changed its size by
#: more than this share has to be believed anew: it may be another thing.
GAP_S, LEAP, CHANGE = 1.0, 1.5, 0.35


class Belief:
    """Lets through the balls of a stream that are to be believed.

    Examples
    --------
    >>> belief = Belief()
    >>> seen = [belief.update(k / 10, Ball(100.0, 80.0, 30.0, 0.95)) is not None for k in range(8)]
    >>> seen
    [False, False, False, False, False, True, True, True]
    """

    def __init__(self) -> None:
        self._last: tuple[float, Ball] | None = None
        self._since: float | None = None
        self._believed = False

    def update(self, t: float, ball: Ball | None) -> Ball | None:
        """Take what the finder gave at time *t* (s, rising); return it where it is to be believed, else None."""
        if ball is None:
            return None
        if self._last is None or not _same(*self._last, t, ball):
            self._since, self._believed = None, False
        self._last = t, ball
        if ball.confidence < (KEPT if self._believed else BELIEVED):
            self._since, self._believed = None, False
            return None
        self._since = t if self._since is None else self._since
        self._believed |= t - self._since >= STEADY_S - 1e-9
        return ball if self._believed else None


def _same(before: float, old: Ball, t: float, new: Ball) -> bool:
    return (
        t - before <= GAP_S and hypot(new.x - old.x, new.y - old.y) <= LEAP * old.r and abs(new.r / old.r - 1) <= CHANGE
    )
