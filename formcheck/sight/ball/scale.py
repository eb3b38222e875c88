"""Is the scale that poses give to be trusted? By a wrong one any round thing may be a ball."""

from __future__ import annotations

from collections import deque
from statistics import median

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
        self._looks: deque[tuple[float, float | None]] = deque()

    def update(self, t: float, scale: float | None) -> None:
        """Take a look at time *t* (s, rising) with the pixels per metre of its pose; None: no pose that tells."""
        self._looks.append((t, scale))
        while len(self._looks) > FEWEST and self._looks[0][0] < t - WINDOW_S - 1e-9:
            self._looks.popleft()
        seen = [s for _, s in self._looks if s is not None]
        middle = median(seen) if seen else 1.0
        # Plain Python: with a dozen numbers, a frame at a time, arrays would cost ten times as much.
        alike = [s is not None and abs(s / middle - 1) <= AGREE for _, s in self._looks]
        times = [t for (t, _), same in zip(self._looks, alike, strict=True) if same]
        first = next((k for k, (_, s) in enumerate(self._looks) if s is not None), 0)
        self.agrees = alike[-1]
        self.promising = len(times) > 1 and all(alike[first:])
        self.known = len(times) >= SHARE * len(alike) and bool(times) and times[-1] - times[0] >= STEADY_S - 1e-9
