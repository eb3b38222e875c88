"""Angles, lines and distances of points in a picture.

Points are arrays ``(..., 2)`` in pixels with y downwards, as pictures have it; every function works on any leading
shape and gives NaN where a point is NaN. Gravity points down the picture: the camera is assumed upright.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

#: Segments shorter than this (px) have no direction.
MIN_LENGTH_PX = 1e-6


def _vector(a: ArrayLike, b: ArrayLike) -> Array:
    return np.asarray(b, dtype=np.float64) - np.asarray(a, dtype=np.float64)


def _length(v: Array) -> Array:
    """Length of vectors (..., d); quicker than ``np.linalg.norm`` on the few points of one frame."""
    if v.shape[-1] == 2:
        return np.asarray(np.hypot(v[..., 0], v[..., 1]))
    return np.asarray(np.sqrt((v * v).sum(-1)))


def _dot(u: Array, v: Array) -> Array:
    """Scalar product of vectors (..., d); in the picture quicker than a sum along an axis."""
    p = u * v
    return np.asarray(p[..., 0] + p[..., 1] if p.shape[-1] == 2 else p.sum(-1))


def angle(a: ArrayLike, b: ArrayLike, c: ArrayLike) -> Array:
    """Unsigned angle at b between the segments b-a and b-c.

    Parameters
    ----------
    a, b, c : (..., d) arrays
        Points in two or three dimensions.

    Returns
    -------
    (...) array
        Degrees, 0-180; NaN where a segment has no length.

    Examples
    --------
    >>> float(angle([0, 1], [0, 0], [1, 0]))
    90.0
    """
    u, v = _vector(b, a), _vector(b, c)
    n = _length(u) * _length(v)
    with np.errstate(invalid="ignore", divide="ignore"):
        cos = np.where(n > MIN_LENGTH_PX**2, _dot(u, v) / n, np.nan)
        return np.asarray(np.degrees(np.arccos(np.maximum(np.minimum(cos, 1.0), -1.0))))


def wrap_degrees(x: ArrayLike) -> Array:
    """Bring an angle to [-180, 180).

    >>> float(wrap_degrees(190.0))
    -170.0
    """
    return (np.asarray(x, dtype=np.float64) + 180.0) % 360.0 - 180.0


def elevation(a: ArrayLike, b: ArrayLike, forward: ArrayLike = 1.0) -> Array:
    """Direction from a to b above the horizontal, seen along *forward*.

    Parameters
    ----------
    a, b : (..., 2) arrays
        Points in the picture.
    forward : (...) array
        +1 where forward is to the right of the picture, -1 where it is to the left.

    Returns
    -------
    (...) array
        Degrees in [-180, 180): 0 level and forward, 90 straight up, -90 straight down, -180 level and backward.

    Examples
    --------
    >>> float(elevation([0, 0], [0, -1]))
    90.0
    >>> float(elevation([0, 0], [-1, 0], forward=-1))
    0.0
    """
    d = _vector(a, b)
    out = wrap_degrees(np.degrees(np.arctan2(-d[..., 1], d[..., 0] * np.asarray(forward))))
    return np.where(np.hypot(d[..., 0], d[..., 1]) > MIN_LENGTH_PX, out, np.nan)


def signed_sag(a: ArrayLike, b: ArrayLike, c: ArrayLike) -> Array:
    """Distance of b from the straight line a-c, as a fraction of that line's length, positive below it.

    "Below" is with respect to gravity, so the sign does not depend on which way the body faces. A line that stands
    upright has no below: NaN.

    Parameters
    ----------
    a, b, c : (..., 2) arrays
        Usually shoulder, hip, and ankle or knee.

    Returns
    -------
    (...) array
        Fraction; positive = sag, negative = pike.

    Examples
    --------
    >>> float(signed_sag([0, 0], [5, 1], [10, 0]))
    0.1
    >>> float(signed_sag([10, 0], [5, 1], [0, 0]))
    0.1
    """
    line, d = _vector(a, c), _vector(a, b)
    n2 = (line**2).sum(-1)
    cross = line[..., 0] * d[..., 1] - line[..., 1] * d[..., 0]
    with np.errstate(invalid="ignore", divide="ignore"):
        level = np.abs(line[..., 0]) > 1e-3 * np.sqrt(n2)
        return np.where(level & (n2 > MIN_LENGTH_PX**2), np.sign(line[..., 0]) * cross / n2, np.nan)


def line_deviation(a: ArrayLike, b: ArrayLike, c: ArrayLike) -> Array:
    """Degrees by which a-b-c departs from straight, positive where b is below the line a-c (sag).

    The magnitude is ``180 - angle(a, b, c)``; the sign is that of :func:`signed_sag`.

    Examples
    --------
    >>> round(float(line_deviation([0, 0], [5, 5], [10, 0])), 6)
    90.0
    """
    return np.copysign(180.0 - angle(a, b, c), signed_sag(a, b, c))


def distance(a: ArrayLike, b: ArrayLike) -> Array:
    """Euclidean distance between points (..., d), in their unit."""
    return _length(_vector(a, b))
