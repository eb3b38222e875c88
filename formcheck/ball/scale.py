"""Is the scale that poses give to be trusted? By a wrong one any round thing may be a ball."""

from __future__ import annotations

from collections import deque

import numpy as np

#: Looks of the last second, and of at least this many if they are further apart.
WINDOW_S, FEWEST = 1.0, 3
#: Scales agree that are within this share of their median: a body that moves reads within 0.19 of it.
AGREE = 0.2
#: A scale is known when poses over this long (s) agree, and that many of the looks.
STEADY_S, SHARE = 0.5, 0.75


class Steadiness:
    """Remembers what scales the poses of the last second gave.

    Attributes
    ----------
    known : bool
        Poses over half a second agree on the scale.
    promising : bool
        At least two looks agree, with none between them that does not: all there is to know of somebody who just came.
    agrees : bool
        The newest pose is of that scale.

    Examples
    --------
    >>> s = Steadiness()
    >>> for t in (0.0, 0.1, 0.2, 0.3, 0.4, 0.5):
    ...     s.update(t, 200.0)
    >>> s.known
    True
    """

    def __init__(self) -> None:
        self.known = self.promising = self.agrees = False
        self._looks: deque[tuple[float, float]] = deque()

    def update(self, t: float, scale: float | None) -> None:
        """Take a look at time *t* (s, rising) with the pixels per metre of its pose; None: no pose that tells."""
        self._looks.append((t, scale or np.nan))
        while len(self._looks) > FEWEST and self._looks[0][0] < t - WINDOW_S - 1e-9:
            self._looks.popleft()
        times, scales = np.array(self._looks).T
        seen = np.isfinite(scales)
        if not seen.any():
            self.known = self.promising = self.agrees = False
            return
        middle = np.median(scales[seen])
        alike = seen & (np.abs(scales / middle - 1) <= AGREE)
        self.agrees = bool(alike[-1])
        self.promising = int(alike.sum()) > 1 and bool(alike[np.argmax(seen) :].all())
        span = float(np.ptp(times[alike])) if alike.any() else 0.0
        self.known = span >= STEADY_S - 1e-9 and float(alike.mean()) >= SHARE
