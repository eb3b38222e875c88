"""Where the advice on the way into position stands: where it covers least of the body, moved seldom."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from .layout import CALM_S, LOOK_S, TOUCH, WORTH, Array, Rect, covered
from .pages import ASIDE, TOP

#: What it costs to stand elsewhere than in the place before, in the order of :data:`ASIDE`: shares of a panel.
RELUCTANCE = 0.02
#: What covering the outline of the start position weighs, beside covering the body itself.
OUTLINE_WEIGHT = 0.5


class Aside:
    """Chooses among places; what each would cover is averaged over some seconds, as :class:`layout.Placer` does."""

    def __init__(self) -> None:
        self._costs: dict[str, float] = {}
        self._at, self._t = TOP, 0.0

    def due(self, t: float) -> bool:
        """Return whether it is time to look at the body; until then :meth:`choose` needs none."""
        return not self._costs or not 0 <= t - self._t < LOOK_S

    def choose(self, t: float, places: Mapping[str, Rect], body: Array | None, outline: Rect | None = None) -> str:
        """Return where to stand.

        Parameters
        ----------
        t : float
            Seconds.
        places : mapping of str to (x, y, w, h)
            Where there is room, by name; the top is always among them.
        body : (n, 4) array or None
            Boxes (left, top, right, bottom) that cover the body, pixels; None: nobody is seen, or looked at.
        outline : (x, y, w, h), optional
            Of the start position drawn beside it.

        Examples
        --------
        >>> standing = np.array([[90.0, 10.0, 130.0, 170.0]])
        >>> Aside().choose(0.0, {"top": (10, 10, 300, 60), "left": (10, 40, 70, 90)}, standing)
        'left'
        >>> Aside().choose(0.0, {"top": (10, 10, 300, 60), "left": (10, 40, 70, 90)}, None)
        'top'
        """
        if body is not None and len(body):
            self._look(t, places, body, outline)
        now = {k: self._costs.get(k, RELUCTANCE * ASIDE.index(k)) for k in places}
        best = min(now, key=lambda k: now[k])
        if self._at not in now or now[self._at] - now[best] > WORTH:
            self._at = best
        return self._at

    def _look(self, t: float, places: Mapping[str, Rect], body: Array, outline: Rect | None) -> None:
        if not self.due(t):
            return
        share = 1.0 if t < self._t else 1 - float(np.exp(-(t - self._t) / CALM_S))
        self._t = t
        for name, rect in places.items():
            cost = _cost(rect, body, outline) + RELUCTANCE * ASIDE.index(name)
            before = self._costs.get(name, cost)
            self._costs[name] = before + share * (cost - before)


def _cost(rect: Rect, body: Array, outline: Rect | None) -> float:
    own = float(covered(rect, body))
    if outline is not None:
        x, y, w, h = outline
        own += OUTLINE_WEIGHT * float(covered(rect, np.array([[x, y, x + w, y + h]], dtype=float)))
    return own + TOUCH * (own > 0)
