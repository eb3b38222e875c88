"""The outline of a body on its way from the start to the end position: limbs, trunk and head made into one shape.

The positions lie beside the exercises' modules; those of the routine are the sample videos'
(``sample_videos/make_ghosts.py`` writes them). Thicknesses are
half widths of an average body in torso lengths of half a metre, from the breadths and girths of ANSUR II (Gordon et
al. 2014), clothes added.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from formcheck.judging.exercises import exercises
from formcheck.judging.rules.beside import Outline, outline
from formcheck.sight.pose.landmarks import JOINT, SIDES

from .sprites import Picture

Array = NDArray[np.float64]

#: Half widths along a limb: (from joint, to joint, at the first, at the second).
LIMBS: tuple[tuple[str, str, float, float], ...] = (
    ("shoulder", "elbow", 0.125, 0.095),
    ("elbow", "wrist", 0.092, 0.062),
    ("wrist", "index", 0.062, 0.05),
    ("hip", "knee", 0.19, 0.13),
    ("knee", "ankle", 0.128, 0.082),
    ("ankle", "heel", 0.08, 0.062),
    ("heel", "foot_index", 0.062, 0.05),
    ("ankle", "foot_index", 0.075, 0.05),
)
#: Half depths of the trunk seen from the side, from the shoulders down to the hips (share of the way, half width).
TRUNK: tuple[tuple[float, float], ...] = ((0.0, 0.17), (0.25, 0.235), (0.62, 0.19), (1.0, 0.215))
#: What shoulders and hips have around their joints seen from the front.
SHOULDER, WAIST, HIP = 0.12, 0.09, 0.14
NECK, HEAD, HEAD_LONG = 0.115, 0.185, 0.235
#: Radius (torso lengths) by which the corners between limbs are rounded off.
FILLET = 0.045
#: Corners of a circle of radius 1.
_CIRCLE = np.stack([np.cos(np.arange(24) * np.pi / 12), np.sin(np.arange(24) * np.pi / 12)], axis=1)
#: Trunks shorter than this (px) are painted at twice the size.
_SMALL = 90.0
#: Steps of the way, and of a pixel, within which a body is traced once.
_WAYS, _PIXELS = 96, 4


def start_position(exercise: str | None) -> Outline | None:
    """Return the outline of an exercise's start position by its id, None where it is not known."""
    known = exercises().get(exercise or "")
    return outline(type(known)) if known is not None else None


@dataclass(frozen=True)
class Traced:
    """A body, its ball and the floor in pixels, the hips of the start position at 0.

    Attributes
    ----------
    body : tuple of (n, 2) arrays
        Its rims, those of holes included.
    ball : (x, y, radius) or None
    floor : ((x, y), (x, y))
    mask : (h, w) uint8 array
        Where the body is, at *over* times the size, 0 at *origin*.
    """

    body: tuple[Array, ...]
    ball: tuple[float, float, float] | None
    floor: tuple[tuple[float, float], tuple[float, float]]
    mask: Picture
    origin: Array
    over: int

    def hides(self, points: Array) -> NDArray[np.bool_]:
        """Return which of some (n, 2) points lie behind the body."""
        at = np.rint(points * self.over + self.origin).astype(int)
        h, w = self.mask.shape
        inside = (at >= 0).all(axis=1) & (at[:, 0] < w) & (at[:, 1] < h)
        at = at.clip(0, (w - 1, h - 1))
        return np.asarray(inside & (self.mask[at[:, 1], at[:, 0]] > 0), np.bool_)

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of all of it."""
        points = np.concatenate([*self.body, np.array(self.floor)])
        (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
        if self.ball is not None:
            x, y, r = self.ball
            left, top, right, bottom = min(left, x - r), min(top, y - r), max(right, x + r), max(bottom, y + r)
        return float(left), float(top), float(right), float(bottom)


def extent(outline: Outline, moving: bool = False) -> tuple[float, float, float, float]:
    """Return left, top, right and bottom of a shape in torso lengths, its ball and the floor included.

    Parameters
    ----------
    outline : Outline
    moving : bool
        On all of its way, not only in the start position.
    """
    steps = np.linspace(0.0, 1.0, len(outline.moves)) if moving and len(outline.moves) else np.zeros(1)
    boxes = np.array([_extent(*outline.at(float(s)), outline.floor) for s in (0.0, *steps)])
    left, top = boxes[:, :2].min(axis=0)
    right, bottom = boxes[:, 2:].max(axis=0)
    return float(left), float(top), float(right), float(bottom)


def _extent(points: Array, ball: Array | None, floor: float) -> tuple[float, float, float, float]:
    p = points[np.isfinite(points[:, 0])]
    left, top = p.min(axis=0) - 0.15
    right, bottom = p.max(axis=0) + 0.12
    x, y = _head(points)
    left, top = min(left, x - HEAD_LONG), min(top, y - HEAD_LONG)
    right, bottom = max(right, x + HEAD_LONG), max(bottom, y + HEAD_LONG)
    if ball is not None:
        x, y, r = ball
        left, top, right, bottom = min(left, x - r), min(top, y - r), max(right, x + r), max(bottom, y + r)
    return float(left), float(top), float(right), float(max(bottom, floor))


def trace(exercise: str, torso_px: float, share: float = 0.0, mirror: bool = False) -> Traced:
    """Return the outline of an exercise's body.

    Parameters
    ----------
    exercise : str
        Of which the start position is known.
    torso_px : float
        Pixels of a torso length.
    share : float
        0-1, how much of the way to the end position has been gone.
    mirror : bool
        Turn it left to right.
    """
    return _traced(exercise, max(round(torso_px * _PIXELS), 1), round(share * _WAYS), mirror)


@lru_cache(maxsize=8)
def _traced(exercise: str, quarters: int, way: int, mirror: bool) -> Traced:
    import cv2

    shape, torso = start_position(exercise), quarters / _PIXELS
    assert shape is not None
    points, ball = shape.at(way / _WAYS)
    left, top, right, bottom = _extent(points, ball, shape.floor)
    flip = np.array([-1.0 if mirror else 1.0, 1.0])
    if mirror:
        left, right = -right, -left
    over = 2 if torso < _SMALL else 1
    k = torso * over
    edge = 0.2 * k
    w, h = (int(np.ceil(v * k + 2 * edge)) + 2 for v in (right - left, bottom - top))
    origin = np.array([edge + 1 - left * k, edge + 1 - top * k])
    mask = np.zeros((h, w), np.uint8)
    _paint(mask, points * flip * k + origin, k)
    # Stack blur is near a Gaussian of a third of its radius, at a price that does not grow with it.
    soft = cv2.stackBlur(mask, (2 * round(2.4 * FILLET * k) + 1,) * 2)
    # What the blur takes from thin limbs (fingers, feet) stays; what it gives to the corners between limbs is kept.
    mask = np.maximum(mask, np.where(soft > 110, 255, 0).astype(np.uint8))
    found, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
    rims = [cv2.approxPolyDP(c, 0.6, True)[:, 0] for c in found if len(c) > 0.2 * k]
    low = shape.floor * torso
    return Traced(
        tuple((r - origin) / over for r in rims),
        None if ball is None else (float(ball[0] * flip[0] * torso), float(ball[1] * torso), float(ball[2] * torso)),
        ((left * torso, low), (right * torso, low)),
        mask,
        origin,
        over,
    )


def _head(p: Array) -> Array:
    ears, nose = p[[7, 8]].mean(axis=0), p[0]
    return np.asarray(0.72 * ears + 0.28 * nose, np.float64)


def _paint(mask: Picture, p: Array, k: float) -> None:
    import cv2

    joint = {(name, side): p[JOINT[name][side]] for name in JOINT for side in SIDES}
    for side in SIDES:
        for a, b, r, s in LIMBS:
            _capsule(mask, joint[a, side], joint[b, side], r * k, s * k)
    shoulders, hips = (np.stack([joint[name, side] for side in SIDES]) for name in ("shoulder", "hip"))
    top, low = shoulders.mean(axis=0), hips.mean(axis=0)
    # The narrow side of the trunk, and how broad the picture shows it.
    steps = [top + (low - top) * f for f, _ in TRUNK]
    for (upper, lower), ((_, r), (_, s)) in zip(pairwise(steps), pairwise(TRUNK), strict=True):
        _capsule(mask, upper, lower, r * k, s * k)
    waist = [0.42 * shoulders[i] + 0.58 * hips[i] + 0.12 * (low - hips[i]) for i in (0, 1)]
    _hull(mask, [*_around_all(shoulders, SHOULDER * k), *_around_all(waist, WAIST * k)])
    _hull(mask, [*_around_all(waist, WAIST * k), *_around_all(hips, HIP * k)])
    head = _head(p)
    base = top + (head - top) * 0.1
    _capsule(mask, base, head, NECK * k, NECK * k)
    # The head is longer from crown to chin: from the mouth to the eyes.
    up = p[[2, 5]].mean(axis=0) - p[[9, 10]].mean(axis=0)
    tilt = float(np.degrees(np.arctan2(up[1], up[0])))
    cv2.ellipse(mask, (round(head[0]), round(head[1])), (round(HEAD_LONG * k), round(HEAD * k)), tilt, 0, 360, 255, -1)


def _around(at: Array, r: float) -> Array:
    return np.asarray(at + r * _CIRCLE, np.float64)


def _around_all(points: Iterable[Array], r: float) -> list[Array]:
    return [_around(p, r) for p in points]


def _hull(mask: Picture, points: Sequence[Array]) -> None:
    import cv2

    cv2.fillConvexPoly(mask, cv2.convexHull(np.rint(np.concatenate(points)).astype(np.int32)), 255)


def _capsule(mask: Picture, a: Array, b: Array, r: float, s: float) -> None:
    """Fill the hull of two discs."""
    if np.isfinite(a).all() and np.isfinite(b).all():
        _hull(mask, [_around(a, r), _around(b, s)])
