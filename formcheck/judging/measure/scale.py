"""How large a body is in the picture: the length of its trunk as it would be seen from the side, steady over time."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import deque
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from formcheck.sight.pose.landmarks import JOINT

Array = NDArray[np.float64]

#: A body does not change its length: of what was measured in this many seconds the middle one is believed ...
MEMORY_S = 30.0
#: ... unless the last so many seconds read otherwise by more than so much: then the person has come nearer or gone
#: farther. In 105 clips and films the middle of a second strays by up to 0.25, that of four by up to 0.17, while the
#: distance stays.
MOVED = ((1.0, 0.3), (4.0, 0.2))
#: Seconds between the samples kept.
STEP_S = 0.1
#: A trunk that points at the camera more than this much (its length in space over that in the picture) is not measured.
MOST_FORESHORTENED = 2.0

_ENDS = (
    np.array([JOINT["shoulder"][s] for s in ("left", "right")]),
    np.array([JOINT["hip"][s] for s in ("left", "right")]),
)


def trunk_length(image: Array, world: Array) -> Array:
    """Length of the trunk in the picture, the part that points at the camera added.

    Parameters
    ----------
    image, world : (..., 33, 4) arrays
        Landmarks, see :class:`~formcheck.judging.measure.body.Body`.

    Returns
    -------
    (...) array
        Pixels: the distance from mid-shoulder to mid-hip in the picture, over its share of that distance in space. NaN
        where nobody was found or the trunk points at the camera.

    Notes
    -----
    In 27 clips of people who lean, kneel and lie before the camera the 2nd and 98th percentile of it are 0.92 and 1.12
    times the true length on average, those of the distance in the picture alone 0.89 and 1.11; of one who bends
    towards the camera 0.96 and 1.17, and 0.57 and 1.06.
    """
    shoulders, hips = _ENDS
    flat, solid = ((m[..., shoulders, :3].sum(-2) - m[..., hips, :3].sum(-2)) / 2 for m in (image, world))
    with np.errstate(invalid="ignore", divide="ignore"):
        longer = np.sqrt((solid**2).sum(-1)) / np.hypot(solid[..., 0], solid[..., 1])
        length = np.hypot(flat[..., 0], flat[..., 1]) * longer
        return np.asarray(np.where(longer <= MOST_FORESHORTENED, length, np.nan))


class Scale:
    """Streaming estimate of the length of a trunk: steady while the person stays where they are.

    Examples
    --------
    >>> scale = Scale()
    >>> [scale.update(t / 10, 100.0 if t % 5 else 70.0) for t in range(1, 20)][-1]
    100.0
    """

    def __init__(self) -> None:
        self._kept: deque[tuple[float, float]] = deque()
        #: The lengths of *kept* by size.
        self._ordered: list[float] = []
        self._length = float("nan")

    @property
    def length(self) -> float:
        """The steady length, NaN until one was measured."""
        return self._length

    def update(self, t: float, length: float) -> float:
        """Take the length measured at time *t* (s; NaN = not measured); return the steady one, NaN until the first."""
        if isfinite(length) and length > 0 and (not self._kept or t - self._kept[-1][0] >= STEP_S - 1e-6):
            self._keep(t, length)
            self._length = self._ordered[len(self._ordered) // 2]
            if self._moved(t):
                self._length = self._ordered[len(self._ordered) // 2]
        return self._length

    def forget(self) -> None:
        """Take the next length measured for that of another body, or of this one somewhere else."""
        self._kept.clear()
        self._ordered.clear()

    def _keep(self, t: float, length: float) -> None:
        self._kept.append((t, length))
        insort(self._ordered, length)
        while t - self._kept[0][0] > MEMORY_S:
            del self._ordered[bisect_left(self._ordered, self._kept.popleft()[1])]

    def _moved(self, t: float) -> bool:
        """Forget what was measured from another distance; return whether there was any."""
        for seconds, share in MOVED:
            if t - self._kept[0][0] < 1.5 * seconds:
                return False
            late = self._since(t - seconds)
            middle = late[len(late) // 2]
            if not 1 / (1 + share) <= middle / self._length <= 1 + share:
                self._ordered = late
                while self._kept[0][0] < t - seconds:
                    self._kept.popleft()
                return True
        return False

    def _since(self, t: float) -> list[float]:
        """Return the lengths from time *t* on, by size."""
        late = []
        for u, length in reversed(self._kept):
            if u < t:
                break
            late.append(length)
        return sorted(late)
