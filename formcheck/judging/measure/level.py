"""How far the camera is rolled, told by what lies on the floor while an exercise is done, or by who stands on it.

Two of a body's supports on one floor show its line in the picture. A camera that is level and looks at the body
squarely shows it level; one that is rolled shows it turned by its roll; one that looks at the body from the side *and*
from above slants it too, though upright things still stand upright. So the line is taken for the roll only where the
body lies across the view, and otherwise said to be unsure. Who stands straight stands upright, but for a few degrees.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import deque
from dataclasses import dataclass
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from .body import Body
from .geometry import distance

Array = NDArray[np.float64]

#: Supports whose line on the floor is known, on hands and knees and in a side support, and standing on both feet.
HANDS_AND_KNEES, SIDE_SUPPORT, STANDING = "hands-and-knees", "side-support", "standing"
#: Seconds of evidence kept, at least needed, and between samples.
MEMORY_S, ENOUGH_S, STEP_S = 30.0, 0.7, 0.1
#: A floor line nearer to level than this (degrees) is taken for level. The line is told to 1.4 degrees (root mean
#: square, 11 clips on hands and knees) and 0.9 (7 side supports).
LEVEL_DEG = 3.0
#: A floor line steeper than this (degrees) is not undone: it is said that the camera should be put straight.
MOST_DEG = 15.0
#: Who stands has the shoulders before the ankles by the first (degrees off the vertical, seen from the side), give or
#: take the second: people on flat feet -2 to 3, on tiptoe 3 to 5, from the front within 1.2. From the third on a camera
#: is taken for rolled.
STANDS_DEG, STANDS_UNSURE_DEG, STANDING_DEG = 1.4, 4.0, 5.0
#: Who stands is straight at hips and knees to this (degrees), and no further off the vertical than the last.
STRAIGHT_DEG, UPRIGHT_DEG = 160.0, 25.0
#: One steeper than this (degrees) is not one: no camera is put up so.
STEEPEST_DEG = 35.0
#: Half of the lines seen lie within this (degrees); where they do not, something else was seen. Rendered and real
#: people on the floor read 0.2 to 3.8.
SPREAD_DEG = 5.0
#: A roll that was told holds until half of the lines lie within this no more: in and out of a hold they slant a little.
KEPT_DEG = 8.0
#: A body turned by more than this (degrees) out of the picture slants its floor line.
ACROSS_DEG = 9.0
#: The knees are drawn this much (degrees, seen along the body) further from the camera than they are.
KNEES_BACK_DEG = 3.0


def floor_line(body: Body, supports: str) -> Array:
    """(n,) degrees clockwise by which the floor line between a body's supports is turned in the picture.

    NaN where the body does not rest on them, or they are not seen.

    Parameters
    ----------
    body : Body
    supports : str
        :data:`HANDS_AND_KNEES`, :data:`SIDE_SUPPORT` or :data:`STANDING` (the floor is then what is square to the
        body).
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        slope = _LINES[supports](body)
        return np.where(np.abs(slope) <= STEEPEST_DEG, slope, np.nan)


def _hands_and_knees(body: Body) -> Array:
    """Hand to knee of the near side, both under the trunk: the far ones look higher, a shank lies on tucked toes."""
    right = body.near_right("down")
    shoulder, wrist, hip, knee = (body.chosen(j, right) for j in ("shoulder", "wrist", "hip", "knee"))
    arm, thigh = (wrist - shoulder) / body.torso[:, None], (knee - hip) / body.torso[:, None]
    down = (arm[:, 1] > 0.5) & (np.abs(arm[:, 0]) < 0.6) & (thigh[:, 1] > 0.45) & (np.abs(thigh[:, 0]) < 0.6)
    return np.where(down, _slope(wrist, knee), np.nan)


def _side_support(body: Body) -> Array:
    """Supporting hand or elbow to the lower foot, of a body that slants between them."""
    contact = support(body)
    lower = _lower(body)
    foot, shoulder = body.chosen("ankle", lower, guess=True), body.chosen("shoulder", lower, guess=True)
    line = body.mid("ankle") - body.mid("shoulder")
    slant = np.degrees(np.arctan2(line[:, 1], np.abs(line[:, 0])))
    down = ((contact - shoulder)[:, 1] > 0.4 * body.torso) & (slant > 6) & (slant < 50)
    return np.where(down, _slope(contact, foot), np.nan)


def _standing(body: Body) -> Array:
    """Ankles to shoulders of a straight body, off the vertical, less what people stand forward."""
    line = body.mid("shoulder") - body.mid("ankle")
    off = np.degrees(np.arctan2(line[:, 0], -line[:, 1]))
    bends = [body.joint_angles(*j) for j in (("shoulder", "hip", "knee"), ("hip", "knee", "ankle"))]
    straight = np.logical_and.reduce([np.fmin(b["left"], b["right"]) >= STRAIGHT_DEG for b in bends])
    forward = STANDS_DEG * np.abs(np.sin(np.radians(body.yaw))) * np.where(body.near_right("away"), 1.0, -1.0)
    return np.where(straight & (np.abs(off) <= UPRIGHT_DEG), off - forward, np.nan)


def _lower(body: Body) -> NDArray[np.bool_]:
    """(n,) True where the right shoulder is lower in the picture than the left one."""
    left, right = (body.point("shoulder", s, guess=True)[:, 1] for s in ("left", "right"))
    return np.asarray(right > left)


def support(body: Body) -> Array:
    """(n, 2) what a body in a side support props itself on: the lower elbow where it is on the floor, or the hand."""
    lower = _lower(body)
    wrist, elbow = body.chosen("wrist", lower), body.chosen("elbow", lower)
    # On the forearm the elbow is on the floor, level with the hand; on a straight arm it is half way up.
    on_forearm = elbow[:, 1] - wrist[:, 1] > -0.35 * distance(elbow, wrist)
    return np.where((np.isfinite(elbow[:, 0]) & on_forearm)[:, None], elbow, wrist)


_LINES = {HANDS_AND_KNEES: _hands_and_knees, SIDE_SUPPORT: _side_support, STANDING: _standing}


def _slope(a: Array, b: Array) -> Array:
    """Degrees clockwise from level of the line through two points, -90 to 90."""
    d = b - a
    return np.asarray(np.degrees(np.arctan(d[:, 1] / d[:, 0])))


def out_of_picture(body: Body) -> Array:
    """(n,) degrees by which the line from shoulders to knees is turned out of the picture plane, either way."""
    world = {j: (body.world_point(j, "left") + body.world_point(j, "right")) / 2 for j in ("shoulder", "knee")}
    d = world["shoulder"] - world["knee"]
    with np.errstate(invalid="ignore"):
        return np.asarray(np.degrees(np.arctan2(d[:, 2], np.abs(d[:, 0]))) + KNEES_BACK_DEG)


def lying_slant(body: Body) -> Array:
    """(n,) degrees by which the line from ankles to shoulders is off level in the picture; NaN where nobody lies."""
    line = body.mid("shoulder") - body.mid("ankle")
    with np.errstate(invalid="ignore"):
        slant = np.degrees(np.arctan2(np.abs(line[:, 1]), np.abs(line[:, 0])))
        return np.asarray(np.where(slant <= STEEPEST_DEG, slant, np.nan))


@dataclass(frozen=True)
class Roll:
    """How the camera is rolled.

    Attributes
    ----------
    degrees : float
        By how much the picture is turned clockwise; 0 where nothing tells.
    unsure : float
        By how many degrees either way it may be otherwise, beyond what limits allow for anyway.
    beyond : float
        Turn (degrees clockwise) that is too much to be undone; 0 where there is none.
    """

    degrees: float = 0.0
    unsure: float = 0.0
    beyond: float = 0.0


class Level:
    """Streaming estimate of the camera's roll from floor lines.

    Parameters
    ----------
    supports : str
        What the body rests on. On hands and knees the limbs are judged along the floor line, and it is level whatever
        the camera; in a side support, against what is upright; who stands is upright from all sides.

    Examples
    --------
    >>> level = Level(SIDE_SUPPORT)
    >>> [level.update(t / 10, 6.0, 2.0) for t in range(20)][-1]
    Roll(degrees=6.0, unsure=0.0, beyond=0.0)
    """

    def __init__(self, supports: str) -> None:
        self.supports = supports
        self._slopes, self._turns = _Middle(), _Middle()
        self._roll = Roll()

    @property
    def roll(self) -> Roll:
        """The roll as far as it is known."""
        return self._roll

    def update(self, t: float, slope: float, turn: float) -> Roll:
        """Take a floor line and how far the body is turned out of the picture (degrees, NaN = not seen) at time *t*."""
        if isfinite(slope) and isfinite(turn) and self._slopes.update(t, slope) and self._turns.update(t, turn):
            self._roll = self._told()
        return self._roll

    def _told(self) -> Roll:
        middle = self._slopes.middle
        most = SPREAD_DEG if self._roll == Roll() else KEPT_DEG
        enough = len(self._slopes) * STEP_S >= ENOUGH_S - 1e-6 and self._slopes.spread <= most
        if not enough or abs(middle) < (STANDING_DEG if self.supports == STANDING else LEVEL_DEG):
            return Roll()
        if abs(middle) > MOST_DEG:
            return Roll(beyond=middle)
        if self.supports == STANDING:
            return Roll(middle, STANDS_UNSURE_DEG)
        if self.supports == HANDS_AND_KNEES or abs(self._turns.middle) <= ACROSS_DEG:
            return Roll(middle)
        # The roll is anything from none of it to all of it.
        return Roll(middle / 2, abs(middle) / 2)


class _Middle:
    """Running median of samples at steps in time."""

    def __init__(self) -> None:
        self._kept: deque[tuple[float, float]] = deque()
        self._ordered: list[float] = []

    def __len__(self) -> int:
        return len(self._kept)

    @property
    def middle(self) -> float:
        return self._ordered[len(self._ordered) // 2]

    @property
    def spread(self) -> float:
        """Distance of the quartiles."""
        n = len(self._ordered)
        return self._ordered[3 * n // 4] - self._ordered[n // 4]

    def update(self, t: float, value: float) -> bool:
        """Take a value; return whether it was time for one."""
        if self._kept and t - self._kept[-1][0] < STEP_S - 1e-6:
            return False
        self._kept.append((t, value))
        insort(self._ordered, value)
        while t - self._kept[0][0] > MEMORY_S:
            del self._ordered[bisect_left(self._ordered, self._kept.popleft()[1])]
        return True
