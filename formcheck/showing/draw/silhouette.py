"""The outline of a body in the start position of an exercise, as a mask: limbs, trunk and head made into one shape.

The positions lie beside the exercises' modules; those of the routine are the sample videos'
(``sample_videos/make_ghosts.py`` writes them). Thicknesses are
half widths of an average body in torso lengths of half a metre, from the breadths and girths of ANSUR II (Gordon et
al. 2014), clothes added.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
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
#: Pixels of the mask that is drawn for one of the mask that is returned, if that is small.
_OVER = 3


def start_position(exercise: str | None) -> Outline | None:
    """Return the outline of an exercise's start position by its id, None where it is not known."""
    known = exercises().get(exercise or "")
    return outline(type(known)) if known is not None else None


@dataclass(frozen=True)
class Masks:
    """A body and its ball as opacities.

    Attributes
    ----------
    body, ball : (h, w) uint8 arrays
        Opacity 0-255; the ball's only where the body does not hide it.
    hips : (float, float)
        Where the middle of the hips lies in them, pixels.
    floor : float
        Height of the floor in them, pixels.
    """

    body: Picture
    ball: Picture
    hips: tuple[float, float]
    floor: float


def extent(outline: Outline) -> tuple[float, float, float, float]:
    """Return left, top, right and bottom of a shape in torso lengths, its ball and the floor included."""
    p = outline.points[np.isfinite(outline.points[:, 0])]
    left, top = p.min(axis=0) - 0.15
    right, bottom = p.max(axis=0) + 0.12
    x, y = _head(outline.points)
    left, top = min(left, x - HEAD_LONG), min(top, y - HEAD_LONG)
    right, bottom = max(right, x + HEAD_LONG), max(bottom, y + HEAD_LONG)
    if outline.ball is not None:
        x, y, r = outline.ball
        left, top, right, bottom = min(left, x - r), min(top, y - r), max(right, x + r), max(bottom, y + r)
    return float(left), float(top), float(right), float(max(bottom, outline.floor))


def masks(outline: Outline, torso_px: float, mirror: bool = False, edge: int = 0) -> Masks:
    """Draw a shape.

    Parameters
    ----------
    outline : Outline
    torso_px : float
        Pixels of a torso length.
    mirror : bool
        Turn it left to right.
    edge : int
        Pixels kept free around it.
    """
    import cv2

    left, top, right, bottom = extent(outline)
    flip = np.array([-1.0 if mirror else 1.0, 1.0])
    if mirror:
        left, right = -right, -left
    w, h = (int(np.ceil(v * torso_px)) + 2 * edge + 2 for v in (right - left, bottom - top))
    origin = np.array([edge + 1 - left * torso_px, edge + 1 - top * torso_px])
    over = _OVER if torso_px < 60 else 2
    k = torso_px * over
    big = np.zeros((h * over, w * over), np.uint8)
    _paint(big, outline.points * flip * k + origin * over, k)
    # Stack blur is near a Gaussian of a third of its radius, at a price that does not grow with it.
    soft = cv2.stackBlur(big, (2 * round(2.4 * FILLET * k) + 1,) * 2)
    # What the blur takes from thin limbs (fingers, feet) stays; what it gives to the corners between limbs is kept.
    body = np.maximum(big, np.where(soft > 110, 255, 0).astype(np.uint8))
    ball = np.zeros_like(big)
    if outline.ball is not None:
        at = outline.ball[:2] * flip * k + origin * over
        cv2.circle(ball, (round(at[0]), round(at[1])), round(outline.ball[2] * k), 255, -1, cv2.LINE_AA)
        ball = np.asarray(cv2.min(ball, 255 - body), np.uint8)
    small = [np.asarray(cv2.resize(m, (w, h), interpolation=cv2.INTER_AREA), np.uint8) for m in (body, ball)]
    return Masks(small[0], small[1], (float(origin[0]), float(origin[1])), float(origin[1] + outline.floor * torso_px))


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


def _around(at: Array, r: float) -> list[Array]:
    a = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    return list(at + r * np.stack([np.cos(a), np.sin(a)], axis=1))


def _around_all(points: Iterable[Array], r: float) -> list[Array]:
    return [q for p in points for q in _around(p, r)]


def _hull(mask: Picture, points: Sequence[Array]) -> None:
    import cv2

    cv2.fillConvexPoly(mask, cv2.convexHull(np.rint(np.stack(points)).astype(np.int32)), 255)


def _capsule(mask: Picture, a: Array, b: Array, r: float, s: float) -> None:
    """Fill the hull of two discs."""
    if np.isfinite(a).all() and np.isfinite(b).all():
        _hull(mask, [*_around(a, r), *_around(b, s)])
