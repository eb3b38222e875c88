"""What a measure looks like on the body: the angle, line or distance that is drawn for it.

A table by name of the signal (or, for faults that the end of a repetition decides, by fault id). Which side's joints
were measured is told by the value: of the sides, the one whose angle in the picture is the measured one. Where none is,
nothing is drawn rather than something that was not measured.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from formcheck.judging.rules.checks import Check
from formcheck.judging.rules.exercise import Exercise
from formcheck.sight.pose.landmarks import other

from ..draw.joints import ALIKE_DEG, Array, Figure, Joint, on_side

#: What an inclination is measured against, besides another line of the body.
LEVEL, PLUMB = "level", "plumb"


@dataclass(frozen=True)
class Bend:
    """The angle at joint b; *of* names a signal that is this angle, where the checked one only follows from it."""

    a: str
    b: str
    c: str
    of: str = ""


@dataclass(frozen=True)
class Tilt:
    """How far the line from a to b is off the horizontal, the vertical, or the direction between two joints."""

    a: str
    b: str
    to: str | tuple[str, str] = LEVEL
    of: str = ""


@dataclass(frozen=True)
class Bow:
    """How far the line a-b-c is from straight."""

    a: str
    b: str
    c: str
    of: str = ""


@dataclass(frozen=True)
class Gap:
    """How far a and b are apart."""

    a: str
    b: str
    of: str = ""


Shape = Bend | Tilt | Bow | Gap
_TRUNK, _TRUNK_DOWN = ("hip", "shoulder"), ("shoulder:mid", "hip:mid")
_ANKLES = Gap("ankle:left", "ankle:right")
_RAISED = Tilt("hip", "ankle", ("hip:other", "knee:other"), of="working_level")
_KNEE, _LINE = Bend("hip", "knee", "ankle"), Bow("shoulder", "hip", "ankle")

SHAPES: dict[str, Shape] = {
    "lean": Tilt("hip:mid", "shoulder:mid", PLUMB),
    "trunk_lean": Tilt("hip:mid", "shoulder:mid", PLUMB),
    "sag": Bow("shoulder", "hip", "knee"),
    "line_dev": _LINE,
    "lift_line": _LINE,
    "knee_off": replace(_KNEE, of="support_knee"),
    "leg_knee": _KNEE,
    "raised_knee": _KNEE,
    "knee": _KNEE,
    "standing_knee": _KNEE,
    "hip": Bend("shoulder", "hip", "knee"),
    "thigh_off": Bend("shoulder", "hip", "knee", of="support_thigh"),
    "elbow": Bend("shoulder", "elbow", "wrist"),
    "arm_line": Bend("wrist", "shoulder", "hip"),
    "elbow_over": Bow("shoulder", "elbow", "wrist"),
    "arm_level": Tilt("shoulder", "wrist"),
    "arm_pitch": Tilt("shoulder", "wrist"),
    "arm_off": Tilt("shoulder", "wrist", PLUMB),
    "arms_up": Gap("wrist", "hip"),
    "leg_level": Tilt("hip", "ankle", _TRUNK_DOWN),
    "arch": Tilt("hip", "ankle", _TRUNK_DOWN),
    "leg_pitch": Tilt("hip", "ankle"),
    "legs_off": Tilt("hip", "ankle"),
    "deep_heel": Tilt("foot_index", "heel"),
    "head": Tilt("shoulder:mid", "ear", ("hip:mid", "shoulder:mid")),
    "head_pitch": Tilt("shoulder:mid", "ear", ("hip:mid", "shoulder:mid")),
    "head_off": Tilt("shoulder:mid", "ear:mid", ("hip:mid", "shoulder:mid")),
    "neck": Tilt("shoulder", "ear", _TRUNK),
    "hand_gap": Gap("wrist", "ear"),
    "feet_gap": _ANKLES,
    "knee_ratio": Gap("knee:left", "knee:right"),
    "roll": Gap("shoulder:left", "shoulder:right"),
    "shoulder_roll": Gap("shoulder:left", "shoulder:right"),
    "hip_roll": Gap("hip:left", "hip:right"),
    "pelvis_roll": Gap("hip:left", "hip:right"),
    "rotation": Gap("shoulder:left", "shoulder:right"),
    # Decided by the end of a repetition.
    "leg-low": _RAISED,
    "leg-high": _RAISED,
    "leg-bent": replace(_KNEE, of="working_knee"),
    "shallow": replace(_KNEE, of="side_knee"),
    "not-upright": replace(_KNEE, of="side_knee"),
    "heels-drop": Tilt("foot_index", "heel", of="heel_pitch"),
    "hip-bent": Bend("shoulder", "hip", "knee", of="hip"),
    "trunk-lean": Tilt("hip:mid", "shoulder:mid", PLUMB, of="lean"),
    "hip-sag": replace(_LINE, of="line_dev"),
    "hip-pike": replace(_LINE, of="line_dev"),
    "line-bent": replace(_LINE, of="line_dev"),
    "legs-apart": _ANKLES,
}


@dataclass(frozen=True)
class Placed:
    """A shape found on a body.

    Attributes
    ----------
    shape : Shape
    points : tuple of (2,) array
        Of its joints in order, in pixels of the drawn picture.
    towards : (2,) array or None
        Direction (unit vector) an inclination is measured from.
    """

    shape: Shape
    points: tuple[Array, ...]
    towards: Array | None = None


def shape_of(exercise: Exercise, check: Check) -> Shape | None:
    """Return what to draw for a check, None where there is nothing but its joints."""
    for signal, a, b, c in exercise.drawing.angles:
        if check.signal and signal == check.signal and signal not in SHAPES:
            return Bend(a, b, c)
    return SHAPES.get(check.signal or check.id)


def place(shape: Shape, figure: Figure, value: float) -> Placed | None:
    """Find a shape on a body, on the side that was measured.

    Parameters
    ----------
    shape : Shape
    figure : Figure
    value : float
        What was measured there, degrees; NaN = not known, or no angle: then the near side is taken.
    """
    paired = isinstance(shape, Tilt) and "other" in str(shape.to)
    names = (shape.a, shape.b, shape.c) if isinstance(shape, Bend | Bow) else (shape.a, shape.b)
    best: tuple[float, Placed] | None = None
    for side in (figure.near, other(figure.near), *(() if paired else ("mid",))):
        joints = [on_side(n, side) for n in names]
        points = [figure.at(j) for j in joints]
        towards = _towards(shape, figure, side) if isinstance(shape, Tilt) else None
        if any(p is None for p in points) or (isinstance(shape, Tilt) and towards is None):
            continue
        found = Placed(shape, tuple(np.asarray(p) for p in points), towards)
        off = abs(_angle(found) - abs(value)) if math.isfinite(value) and not isinstance(shape, Gap) else 0.0
        if off <= ALIKE_DEG and (best is None or off < best[0] - 0.5):
            best = off, found
    return best[1] if best is not None else None


def _towards(shape: Tilt, figure: Figure, side: str) -> Array | None:
    if isinstance(shape.to, tuple):
        ends = [figure.at(on_side(n, side)) for n in shape.to]
        d = ends[1] - ends[0] if ends[0] is not None and ends[1] is not None else None
    elif shape.to == PLUMB:
        d = np.array([0.0, -1.0])
    else:
        a, b = _point(figure, on_side(shape.a, side)), _point(figure, on_side(shape.b, side))
        d = np.array([1.0 if b[0] >= a[0] else -1.0, 0.0])
    if d is None or not np.hypot(*d) > 0:
        return None
    return np.asarray(d / np.hypot(*d), np.float64)


def _point(figure: Figure, joint: Joint) -> Array:
    p = figure.at(joint)
    return np.full(2, np.nan) if p is None else p


def _angle(placed: Placed) -> float:
    """The angle that a shape shows, degrees: of a bend itself, of a bow how far it is from straight."""
    p = placed.points
    if isinstance(placed.shape, Tilt):
        assert placed.towards is not None
        return _between(p[1] - p[0], placed.towards)
    bend = _between(p[0] - p[1], p[2] - p[1])
    return 180.0 - bend if isinstance(placed.shape, Bow) else bend


def _between(u: Array, v: Array) -> float:
    """The angle between two vectors, degrees, NaN where one has no length."""
    if not (u.any() and v.any()):
        return math.nan
    return math.degrees(math.atan2(abs(u[0] * v[1] - u[1] * v[0]), float(u @ v)))
