"""Whether a pose goes on from the one before, limb by limb: no body moves as far as from one person to another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import dist

import numpy as np

from .landmarks import ARM, JOINT, LEG, SIDES, Landmark
from .types import Array, Pose

#: Fastest a joint moves of its own (torso lengths a second): in 54 clips of people who walk in, lie down, roll over and
#: exercise, a thousandth of the looks shows trunks faster than 3.8, wrists than 6.6 and ankles than 8.6; in the
#: exercises themselves nothing is faster than 4.7.
FASTEST = 5.0
#: A joint has leapt when it is further from where it was than it can have come, and by at least the first of these;
#: beyond the second it has however long nobody looked (torso lengths).
LEAP, FAR = 0.3, 0.6
#: The same for a body with something else near it.
STRICT_FASTEST, STRICT_LEAP = 3.5, 0.2
#: The longer side of a body counts this much of it as its torso's length at least, as a trunk seen end on has none.
TORSO_OF_SPAN = 0.25
#: Visibility of a joint that was not seen but left where it was.
UNSEEN = 0.02

#: Corners of the trunk, and the same with the sides exchanged.
_CORNERS = [JOINT[j][s] for j in ("shoulder", "hip") for s in SIDES]
_EXCHANGED = [JOINT[j][s] for j in ("shoulder", "hip") for s in SIDES[::-1]]


@dataclass(frozen=True)
class Limb:
    """An arm or a leg by the numbers of its landmarks: where it begins, its two joints, and all that goes with them."""

    root: int
    joints: tuple[int, int]
    others: tuple[int, int]
    all: tuple[int, ...]


def _limb(names: tuple[str, ...], side: str, other: str) -> Limb:
    def number(name: str, s: str) -> int:
        return int(Landmark[f"{s}_{name}".upper()])

    return Limb(
        number(names[0], side),
        (number(names[1], side), number(names[2], side)),
        (number(names[1], other), number(names[2], other)),
        tuple(number(n, side) for n in names[1:]),
    )


LIMBS = tuple(_limb(names, a, b) for names in (ARM, LEG) for a, b in (SIDES, SIDES[::-1]))


@dataclass(frozen=True)
class Leap:
    """What of a body is further from where it was than it can have come.

    Attributes
    ----------
    trunk : bool
    limbs : tuple of int
        Numbers in :data:`LIMBS`.
    """

    trunk: bool = False
    limbs: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        return self.trunk or bool(self.limbs)


def body_px(pose: Pose) -> float:
    """Return the size of a body as the length of its torso in the picture (px), also where it is seen end on."""
    return max(pose.torso_px, TORSO_OF_SPAN * pose.span_px, 1.0)


def centre(pose: Pose) -> Array:
    """(2,) middle of the trunk, px."""
    return np.asarray(pose.image[_CORNERS, :2].mean(axis=0), np.float64)


def moved(pose: Pose, before: Pose) -> float:
    """Return how far the trunk is from where it was: the farthest of its corners, in torso lengths."""
    return _trunk_way(pose, before) / max(body_px(pose), body_px(before))


def _trunk_way(pose: Pose, before: Pose) -> float:
    return _least(pose.image, _CORNERS, before.image, _CORNERS, _EXCHANGED)


def leap(pose: Pose, before: Pose, dt: float, *, strict: bool = False) -> Leap:
    """Compare a pose with the same body's *dt* seconds before.

    Names are not compared: a limb that has taken the place of its fellow is a matter for
    :class:`~formcheck.sight.pose.repair.SwapRepair`.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> a = Pose(np.tile(rng.uniform(0, 100, (33, 1)), (1, 4)), np.zeros((33, 4)))
    >>> b = Pose(a.image + 500, a.world)
    >>> bool(leap(a, a, 0.1)), leap(b, a, 0.1).trunk
    (False, True)
    """
    size = max(body_px(pose), body_px(before))
    fastest, least = (STRICT_FASTEST, STRICT_LEAP) if strict else (FASTEST, LEAP)
    most = size * min(max(fastest * dt, least), FAR)
    if _trunk_way(pose, before) > most:
        return Leap(trunk=True)
    new, old = pose.image[:, :2] - (centre(pose) - centre(before)), before.image
    limbs = [k for k, limb in enumerate(LIMBS) if _least(new, limb.joints, old, limb.joints, limb.others) > most]
    return Leap(limbs=tuple(limbs))


def _least(new: Array, rows: Sequence[int], old: Array, named: Sequence[int], exchanged: Sequence[int]) -> float:
    """Return the longest way of some joints, by the naming that makes it the shorter.

    Of so few points plain numbers are quicker than arrays.
    """
    at = [new[row, :2].tolist() for row in rows]
    ways = ([dist(p, old[row, :2].tolist()) for p, row in zip(at, were, strict=True)] for were in (named, exchanged))
    return min(max(way) for way in ways)


def held(pose: Pose, before: Pose, limbs: tuple[int, ...]) -> Pose:
    """Return a pose with some limbs where they were on the body before, marked as not seen."""
    if not limbs:
        return pose
    image, world = pose.image.copy(), pose.world.copy()
    for k in limbs:
        limb = LIMBS[k]
        joints = list(limb.all)
        for m, new, old in ((image, pose.image, before.image), (world, pose.world, before.world)):
            m[joints, :3] = old[joints, :3] + (new[limb.root, :3] - old[limb.root, :3])
            m[joints, 3] = UNSEEN
    return Pose(image, world)
