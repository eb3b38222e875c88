"""The shape of a path in a plane: how round it is, and how far it turns about the middle of an oval fitted to it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

#: From the middle to the circle the turning starts at this share of its radius; within it angles mean nothing.
ON_CIRCLE = 0.5
#: A path that was within it for longer than this (s) has come from the middle: what lay before is another movement.
FROM_MIDDLE_S = 0.2


def _size(x: Array, y: Array) -> float:
    return float(max(np.ptp(x), np.ptp(y)))


def swept(x: Array, y: Array) -> Array:
    """Return the signed area that a path has enclosed so far, over the square of its whole size: 0.785 for a circle.

    Positive where the path runs counter-clockwise (x to the right, y up). Up to each point the path is closed by a
    straight line (the shoelace formula); its size is the larger of its extents in x and y.

    Parameters
    ----------
    x, y : (n,) arrays
        Without unknown points.

    Examples
    --------
    >>> a = np.linspace(0, 2 * np.pi, 200)
    >>> swept(np.cos(a), -np.sin(a))[[0, 99, -1]].round(2).tolist()
    [0.0, -0.39, -0.79]
    """
    return _swept(x, y, _size(x, y) ** 2)


def swept_evenly(x: Array, y: Array, least: float) -> Array:
    """Return the same over the product of the two extents, however flat the path is: 0.785 for any oval along the axes.

    Parameters
    ----------
    x, y : (n,) arrays
    least : float
        An extent smaller than this counts as this much: what trembles about a point is no oval.
    """
    return _swept(x, y, max(float(np.ptp(x)), least) * max(float(np.ptp(y)), least))


def _swept(x: Array, y: Array, scale: float) -> Array:
    u, v = x - x[0], y - y[0]
    area = 0.5 * np.concatenate([[0.0], np.cumsum(u[:-1] * v[1:] - u[1:] * v[:-1])])
    return area / scale if scale > 0 else area * 0.0


@dataclass(frozen=True)
class Oval:
    """An oval fitted to a path: takes the path to a unit circle about the origin.

    Attributes
    ----------
    cx, cy : float
        Its middle.
    slope : float
        By how much y rises with x.
    rx, ry : float
        Half its width, and half its height beside that slope.
    """

    cx: float
    cy: float
    slope: float
    rx: float
    ry: float

    @classmethod
    def fit(cls, x: Array, y: Array) -> Oval:
        """Return the oval that spans the (n,) points x, y."""
        cx = float(x.max() + x.min()) / 2
        dx = x - cx
        var = float((dx**2).mean())
        slope = float((dx * (y - y.mean())).mean()) / var if var > 0 else 0.0
        rest = y - slope * dx
        cy = float(rest.max() + rest.min()) / 2
        return cls(cx, cy, slope, max(float(np.ptp(x)) / 2, 1e-9), max(float(np.ptp(rest)) / 2, 1e-9))

    def angles(self, x: Array, y: Array) -> tuple[Array, Array]:
        """Return the unwrapped angle (turns) and the radius along a path."""
        u, v = (x - self.cx) / self.rx, (y - self.cy - self.slope * (x - self.cx)) / self.ry
        return np.unwrap(np.arctan2(v, u)) / (2 * np.pi), np.hypot(u, v)

    def turns(self, t: Array, x: Array, y: Array) -> float:
        """Return the most turns that a path has made since it came to the oval from the middle.

        Parameters
        ----------
        t, x, y : (n,) arrays
            Seconds, and the path.

        Examples
        --------
        >>> t = np.linspace(0, 1, 100)
        >>> round(Oval(0.0, 0.0, 0.0, 1.0, 1.0).turns(t, np.cos(5 * t), np.sin(5 * t)), 2)
        0.8
        """
        angle, radius = self.angles(x, y)
        on = np.flatnonzero(radius >= ON_CIRCLE)
        if not len(on):
            return 0.0
        off = np.flatnonzero(np.diff(on) > 1)
        came = off[t[on[off + 1] - 1] - t[on[off] + 1] >= FROM_MIDDLE_S]
        way = np.unwrap(angle[on[came[-1] + 1 :] if len(came) else on], period=1.0)
        return float(np.abs(way - way[0]).max())


def turned_back(x: Array, y: Array) -> float:
    """Return by how much of a turn a path round an oval goes back on its way.

    Examples
    --------
    >>> a = 2 * np.pi * np.concatenate([np.linspace(0, 0.6, 60), np.linspace(0.6, 0.3, 30), np.linspace(0.3, 1, 70)])
    >>> round(turned_back(np.cos(a), np.sin(a)), 1)
    0.3
    """
    ok = np.isfinite(x) & np.isfinite(y)
    if ok.sum() < 3:
        return 0.0
    angle, radius = Oval.fit(x[ok], y[ok]).angles(x[ok], y[ok])
    way = angle[radius >= ON_CIRCLE]
    if not len(way):
        return 0.0
    way = way * (1.0 if way[-1] >= way[0] else -1.0)
    return float((np.maximum.accumulate(way) - way).max())
