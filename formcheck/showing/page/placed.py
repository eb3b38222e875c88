"""Finds what a measure looks like on a body: the angle, line or distance that its exercise says is drawn for it.

Which side's joints were measured is told by the value: of the sides, the one whose angle in the picture is the measured
one. Where none is, nothing is drawn rather than something that was not measured.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from formcheck.judging.rules.drawing import PLUMB, Bend, Bow, Gap, Sketch, Tilt
from formcheck.sight.pose.landmarks import other

from ..draw.joints import ALIKE_DEG, Array, DrawnBody, Joint, on_side


@dataclass(frozen=True)
class Placed:
    """A sketch found on a body.

    Attributes
    ----------
    sketch : Sketch
    points : tuple of (2,) array
        Of its joints in order, in pixels of the drawn picture.
    towards : (2,) array or None
        Direction (unit vector) an inclination is measured from.
    """

    sketch: Sketch
    points: tuple[Array, ...]
    towards: Array | None = None


def place(sketch: Sketch, figure: DrawnBody, value: float) -> Placed | None:
    """Find a sketch on a body, on the side that was measured.

    Parameters
    ----------
    sketch : Sketch
    figure : DrawnBody
    value : float
        What was measured there, degrees; NaN = not known, or no angle: then the near side is taken.
    """
    paired = isinstance(sketch, Tilt) and "other" in str(sketch.to)
    names = (sketch.a, sketch.b, sketch.c) if isinstance(sketch, Bend | Bow) else (sketch.a, sketch.b)
    best: tuple[float, Placed] | None = None
    for side in (figure.near, other(figure.near), *(() if paired else ("mid",))):
        joints = [on_side(n, side) for n in names]
        points = [figure.at(j) for j in joints]
        towards = _towards(sketch, figure, side) if isinstance(sketch, Tilt) else None
        if any(p is None for p in points) or (isinstance(sketch, Tilt) and towards is None):
            continue
        found = Placed(sketch, tuple(np.asarray(p) for p in points), towards)
        off = abs(_angle(found) - abs(value)) if math.isfinite(value) and not isinstance(sketch, Gap) else 0.0
        if off <= ALIKE_DEG and (best is None or off < best[0] - 0.5):
            best = off, found
    return best[1] if best is not None else None


def _towards(sketch: Tilt, figure: DrawnBody, side: str) -> Array | None:
    if isinstance(sketch.to, tuple):
        ends = [figure.at(on_side(n, side)) for n in sketch.to]
        d = ends[1] - ends[0] if ends[0] is not None and ends[1] is not None else None
    elif sketch.to == PLUMB:
        d = np.array([0.0, -1.0])
    else:
        a, b = _point(figure, on_side(sketch.a, side)), _point(figure, on_side(sketch.b, side))
        d = np.array([1.0 if b[0] >= a[0] else -1.0, 0.0])
    if d is None or not np.hypot(*d) > 0:
        return None
    return np.asarray(d / np.hypot(*d), np.float64)


def _point(figure: DrawnBody, joint: Joint) -> Array:
    p = figure.at(joint)
    return np.full(2, np.nan) if p is None else p


def _angle(placed: Placed) -> float:
    """The angle that a sketch shows, degrees: of a bend itself, of a bow how far it is from straight."""
    p = placed.points
    if isinstance(placed.sketch, Tilt):
        assert placed.towards is not None
        return _between(p[1] - p[0], placed.towards)
    bend = _between(p[0] - p[1], p[2] - p[1])
    return 180.0 - bend if isinstance(placed.sketch, Bow) else bend


def _between(u: Array, v: Array) -> float:
    """The angle between two vectors, degrees, NaN where one has no length."""
    if not (u.any() and v.any()):
        return math.nan
    return math.degrees(math.atan2(abs(u[0] * v[1] - u[1] * v[0]), float(u @ v)))
