"""Antialiased lines, discs and areas on a picture, in place."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .sprites import Picture
from .style import INK, Colour

Point = NDArray[np.float64]

#: Fractional bits of cv2's coordinates: marks move smoothly, not from pixel to pixel.
_BITS = 4


def _fixed(points: Sequence[Point] | Point) -> NDArray[np.int32]:
    return np.rint(np.asarray(points, np.float64) * (1 << _BITS)).astype(np.int32).reshape(-1, 1, 2)


def stroke(
    picture: Picture, points: Sequence[Point] | Point, colour: Colour, width: int, *, closed: bool = False
) -> None:
    """Draw a line through points (x, y), antialiased, in place."""
    import cv2

    cv2.polylines(picture, [_fixed(points)], closed, colour, max(width, 1), cv2.LINE_AA, _BITS)


def segments(picture: Picture, ends: Point, colour: Colour, width: int) -> None:
    """Draw lines, (n, 2, 2) ends, in one go, antialiased, in place."""
    import cv2

    fixed = np.rint(ends * (1 << _BITS)).astype(np.int32)
    cv2.polylines(picture, list(fixed), False, colour, max(width, 1), cv2.LINE_AA, _BITS)


def disc(picture: Picture, at: Point, radius: float, colour: Colour, width: int = -1) -> None:
    """Draw a filled disc, or a circle of a line width, antialiased, in place."""
    import cv2

    x, y = (round(float(v) * (1 << _BITS)) for v in at)
    cv2.circle(picture, (x, y), max(round(radius * (1 << _BITS)), 1), colour, width, cv2.LINE_AA, _BITS)


def dashes(picture: Picture, a: Point, b: Point, colour: Colour, width: int, dash: float, gap: float) -> None:
    """Draw a dashed line with a dark edge that makes it stand out from any ground, in place."""
    length = float(np.hypot(*(b - a)))
    if length < 1:
        return
    n = max(round((length + gap) / (dash + gap)), 1)
    on = (length + gap) / n - gap
    if on <= 0:
        on, n = length, 1
    way = (b - a) / length
    starts = a + way * (np.arange(n)[:, None] * (on + gap))
    ends = np.stack([starts, starts + way * on], axis=1)
    segments(picture, ends, INK, width + 2 * max(width // 2, 1))
    segments(picture, ends, colour, width)


def area(picture: Picture, corners: Sequence[Point] | Point, colour: Colour, alpha: float) -> None:
    """Fill a polygon with a translucent colour, in place."""
    fill(picture, [np.asarray(corners, np.float64)], colour, alpha)


def fill(picture: Picture, rims: Sequence[Point], colour: Colour, alpha: float) -> None:
    """Fill what several rims, those of holes included, surround with a translucent colour, in place."""
    import cv2

    h, w = picture.shape[:2]
    p = np.concatenate(rims)
    x0, y0 = (max(int(v), 0) for v in np.floor(p.min(axis=0)))
    x1, y1 = min(int(p[:, 0].max()) + 2, w), min(int(p[:, 1].max()) + 2, h)
    if x0 >= x1 or y0 >= y1:
        return
    roi = picture[y0:y1, x0:x1]
    over = roi.copy()
    cv2.fillPoly(over, [_fixed(r - (x0, y0)) for r in rims], colour, cv2.LINE_AA, _BITS)
    cv2.addWeighted(over, alpha, roi, 1 - alpha, 0, dst=over)
    roi[:] = over


def arc_points(centre: Point, radius: float, start: float, sweep: float) -> Point:
    """(n, 2) points along an arc; angles in radians, y down."""
    n = max(int(abs(sweep) / 0.09), 2)
    a = start + sweep * np.linspace(0, 1, n)
    return np.asarray(centre + radius * np.stack([np.cos(a), np.sin(a)], axis=1), np.float64)
