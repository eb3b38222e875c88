"""Where on the picture the joints are, and which side's joint a measure or a fault is about.

A moment says what was measured, not on which leg. The picture has to know: the arc must stand at the knee whose angle
it shows. The angles of both sides are therefore measured again in the picture, and the side that gives the moment's
value is the one that was judged.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray

from formcheck.judging.measure.body import GUESS_VISIBILITY, MIN_VISIBILITY, OUTSIDE_MARGIN
from formcheck.judging.rules.checks import Check
from formcheck.judging.session.moment import Moment
from formcheck.sight.pose.landmarks import JOINT, SIDES, other

Array = NDArray[np.float64]
#: A joint as (name, side); side ``left``, ``right`` or ``mid``.
Joint = tuple[str, str]

#: Degrees within which an angle of the picture is the angle that was judged.
SAME_DEG = 0.5
#: Degrees within which it is taken for it, for want of a better one.
ALIKE_DEG = 12.0
#: The angle at a joint.
CHAINS: dict[str, tuple[str, str, str]] = {
    "knee": ("hip", "knee", "ankle"),
    "hip": ("shoulder", "hip", "knee"),
    "elbow": ("shoulder", "elbow", "wrist"),
    "shoulder": ("hip", "shoulder", "elbow"),
}
#: Ends of the limbs: of two, the one raised is the one at work.
ENDS = frozenset({"wrist", "index", "ankle", "heel", "foot_index"})
#: How much higher the raised one is, in torso lengths.
RAISED_TORSO = 0.25


@dataclass(frozen=True)
class DrawnBody:
    """A body as it is to be drawn.

    Attributes
    ----------
    source : (33, 2) array
        Landmarks in pixels of the picture that was measured, NaN where there is not even a guess.
    xy : (33, 2) array
        The same in pixels of the picture that is drawn on.
    seen : (33,) bool array
        False where the landmark is a guess.
    near : str
        The side nearer the camera.
    front : bool
        Whether the body is seen from the front or the back.
    """

    source: Array
    xy: Array
    seen: NDArray[np.bool_]
    near: str
    front: bool

    @classmethod
    def of(cls, moment: Moment, size: tuple[int, int], scale: tuple[float, float], mirror: bool) -> DrawnBody | None:
        """Return the figure of a moment, None where there is none.

        Parameters
        ----------
        moment : Moment
        size : (int, int)
            Width and height of the picture that is drawn on.
        scale : (float, float)
            Pixels of that picture for one of the measured picture, across and down.
        mirror : bool
            Whether that picture is flipped left to right.
        """
        if moment.image is None:
            return None
        image = np.asarray(moment.image, np.float64)
        visibility = np.nan_to_num(image[:, 3])
        source = image[:, :2].copy()
        w, h = size[0] / scale[0], size[1] / scale[1]
        with np.errstate(invalid="ignore"):
            far_out = (np.abs(source[:, 0] - w / 2) > w) | (np.abs(source[:, 1] - h / 2) > h)
        source[~np.isfinite(source).all(axis=1) | far_out | (visibility < GUESS_VISIBILITY)] = np.nan
        if not np.isfinite(source).any():
            return None
        xy = source * scale
        if mirror:
            xy[:, 0] = size[0] - xy[:, 0]
        m = OUTSIDE_MARGIN
        with np.errstate(invalid="ignore"):
            inside = ((source > (-m * w, -m * h)) & (source < ((1 + m) * w, (1 + m) * h))).all(axis=1)
        seen = (visibility >= MIN_VISIBILITY) & inside
        near = moment.view.near_side
        if near not in SIDES:
            per_side = {
                s: sum(float(visibility[JOINT[j][s]]) for j in ("shoulder", "hip", "knee", "ankle")) for s in SIDES
            }
            near = max(SIDES, key=lambda s: per_side[s])
        return cls(source, xy, seen, near, moment.view.kind == "front")

    @cached_property
    def known(self) -> list[bool]:
        """Whether each landmark is known, be it by a guess."""
        return [math.isfinite(x) and math.isfinite(y) for x, y in self._source]

    @cached_property
    def _source(self) -> list[list[float]]:
        points: list[list[float]] = self.source.tolist()
        return points

    def at(self, joint: Joint) -> Array | None:
        """Return a joint's (x, y) in the drawn picture, None where it is not known."""
        indices = _indices(joint)
        if not indices or not all(self.known[i] for i in indices):
            return None
        p: Array = self.xy[indices[0]]
        return p if len(indices) == 1 else (p + self.xy[indices[1]]) / 2

    @cached_property
    def _places(self) -> dict[Joint, tuple[float, float] | None]:
        """Where joints were found to be so far: one picture asks for the same ones many times."""
        return {}

    def _measured(self, joint: Joint) -> tuple[float, float] | None:
        if joint not in self._places:
            self._places[joint] = self._place(joint)
        return self._places[joint]

    def _place(self, joint: Joint) -> tuple[float, float] | None:
        indices = _indices(joint)
        if not indices or not all(self.known[i] for i in indices):
            return None
        n = len(indices)
        return sum(self._source[i][0] for i in indices) / n, sum(self._source[i][1] for i in indices) / n

    def sees(self, joint: Joint) -> bool:
        """Return whether a joint is seen, not guessed."""
        indices = _indices(joint)
        return bool(indices) and all(bool(self.seen[i]) for i in indices)

    @cached_property
    def _angles(self) -> dict[tuple[Joint, Joint, Joint], float]:
        """Angles computed so far."""
        return {}

    def angle(self, a: Joint, b: Joint, c: Joint) -> float:
        """Return the angle at joint b in the measured picture, degrees, NaN where unknown."""
        known = self._angles.get((a, b, c))
        if known is None:
            known = self._angles[a, b, c] = self._angle(a, b, c)
        return known

    def _angle(self, a: Joint, b: Joint, c: Joint) -> float:
        p, q, r = (self._measured(j) for j in (a, b, c))
        if p is None or q is None or r is None:
            return math.nan
        ux, uy, vx, vy = p[0] - q[0], p[1] - q[1], r[0] - q[0], r[1] - q[1]
        return math.degrees(math.atan2(abs(ux * vy - uy * vx), ux * vx + uy * vy))

    @property
    def torso(self) -> float:
        """Length from mid-shoulder to mid-hip in pixels of the drawn picture, NaN where unknown."""
        a, b = self.at(("shoulder", "mid")), self.at(("hip", "mid"))
        return float(np.hypot(*(a - b))) if a is not None and b is not None else float("nan")


@cache
def _names(joints: tuple[str, ...]) -> frozenset[str]:
    """Names of joints without the side they say."""
    return frozenset(n.partition(":")[0] for n in joints)


@cache
def _indices(joint: Joint) -> tuple[int, ...]:
    """Landmarks of a joint: one, two for the middle, none where the name is not known."""
    name, side = joint
    sides = JOINT.get(name, {})
    return tuple(sides.values()) if side == "mid" else (sides[side],) if side in sides else ()


def on_side(joint: str, side: str) -> Joint:
    """Return the joint that a name such as ``hip``, ``hip:other`` or ``hip:mid`` stands for.

    >>> on_side("knee", "left"), on_side("knee:other", "left"), on_side("hip:mid", "left")
    (('knee', 'left'), ('knee', 'right'), ('hip', 'mid'))
    """
    name, _, which = joint.partition(":")
    if which == "other":
        return name, side if side == "mid" else other(side)
    return name, which if which in (*SIDES, "mid") else side


def judged_angle(figure: DrawnBody, value: float, names: tuple[str, str, str]) -> tuple[Joint, Joint, Joint] | None:
    """Return the three joints whose angle has been judged to be *value*, None where none of them fits."""
    fits = []
    for rank, side in enumerate((figure.near, other(figure.near), "mid")):
        a, b, c = (on_side(n, side) for n in names)
        off = abs(figure.angle(a, b, c) - value)
        if off <= ALIKE_DEG:
            fits.append((off > SAME_DEG, off if off > SAME_DEG else rank, (a, b, c)))
    return min(fits)[2] if fits else None


def judged_line(figure: DrawnBody, names: tuple[str, ...]) -> tuple[Joint, ...] | None:
    """Return the joints of the body line: the near side's, or the far side's where only that one is about straight."""
    best: tuple[float, tuple[Joint, ...]] | None = None
    for side in (figure.near, other(figure.near)):
        joints = tuple(on_side(n, side) for n in names)
        if any(figure.at(j) is None for j in joints):
            continue
        bends = [180.0 - figure.angle(*joints[i : i + 3]) for i in range(len(joints) - 2)]
        bend = max(bends, default=0.0)
        if best is None or bend < best[0] - 15.0:
            best = bend, joints
    return best[1] if best is not None else None


@dataclass(frozen=True)
class Judged:
    """What the exercise's drawing comes to in one moment: angles (signal and joints) and the line."""

    angles: tuple[tuple[str, tuple[Joint, Joint, Joint]], ...] = ()
    line: tuple[Joint, ...] | None = None


def joints_of(figure: DrawnBody, check: Check, value: float, judged: Judged) -> list[Joint]:
    """Return the joints that a check is about, the side told by its value, the drawing, or what is raised."""
    names = _names(check.joints)
    out: list[Joint] = []
    for joint in check.joints:
        name, _, which = joint.partition(":")
        if which and which != "other":
            out.append(on_side(joint, figure.near))
            continue
        measured = _by_value(figure, name, value) if check.signal else None
        found = measured or _by_drawing(name, names, judged) or _by_height(figure, name)
        if found is None and figure.front:
            out += [(name, s) for s in SIDES]
            continue
        side = found or figure.near
        out.append(on_side(joint, side))
    return out


def _by_value(figure: DrawnBody, name: str, value: float) -> str | None:
    if name not in CHAINS:
        return None
    a, b, c = CHAINS[name]
    if math.isnan(value):
        # Not measured: of two, the one that is not seen.
        hidden = [s for s in SIDES if not all(figure.sees((j, s)) for j in (a, b, c))]
        return hidden[0] if len(hidden) == 1 else None
    hits = [s for s in SIDES if abs(figure.angle((a, s), (b, s), (c, s)) - value) <= SAME_DEG]
    return hits[0] if len(hits) == 1 else None


def _by_drawing(name: str, names: frozenset[str], judged: Judged) -> str | None:
    middle = dict(judged.line[1:-1]) if judged.line is not None else {}
    if names == {name} and name in middle:
        return middle[name]
    for _, joints in judged.angles:
        sides = dict(joints)
        if name in sides and joints[1][0] in names:
            return sides[name]
    return middle.get(name)


def _by_height(figure: DrawnBody, name: str) -> str | None:
    if name not in ENDS:
        return None
    left, right = (figure.at((name, s)) for s in SIDES)
    if left is None or right is None:
        return None if left is None and right is None else "right" if left is None else "left"
    higher = float(right[1] - left[1])
    if not abs(higher) > RAISED_TORSO * figure.torso:
        return None
    return "left" if higher > 0 else "right"
