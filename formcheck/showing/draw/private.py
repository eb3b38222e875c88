"""Pictures that show how somebody moves, and not who it is: the face made unknown, or the body as a stick figure."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from formcheck.sight.pose.landmarks import BONES

from .style import Sizes

Image = NDArray[np.uint8]
Array = NDArray[np.float64]

#: Landmarks of the face, and those between which the trunk's length is measured.
_FACE, _SHOULDERS, _HIPS = slice(0, 11), (11, 12), (23, 24)
#: Radius of what is hidden: so many times the face's landmarks reach, and at least this share of the trunk.
_REACH, _LEAST = 2.4, 0.38
#: Pieces across what is hidden, and across a whole picture without a known face.
_PIECES, _WHOLE = 5, 24
GROUND, BONE, JOINT, BALL = (236, 240, 238), (11, 107, 98), (23, 32, 29), (147, 163, 157)


def hide_face(picture: Image, points: Array | None) -> None:
    """Make the face in a picture unknown, in place; the whole picture where it is not known where the face is.

    What is hidden is averaged to a few flat pieces, from which no face can be made again.

    Parameters
    ----------
    picture : (h, w, 3) uint8 array
    points : (33, 2) array or None
        Landmarks in pixels of the picture, NaN where not known.
    """
    h, w = picture.shape[:2]
    found = face(points) if points is not None else None
    if found is None:
        picture[:] = _coarse(picture, _WHOLE)
        return
    x, y, r = found
    x0, x1 = (round(min(max(v, 0), w)) for v in (x - r, x + r))
    y0, y1 = (round(min(max(v, 0), h)) for v in (y - r, y + r))
    if x1 - x0 < 2 or y1 - y0 < 2:
        return
    part = picture[y0:y1, x0:x1]
    inside = np.zeros(part.shape[:2], np.uint8)
    cv2.circle(inside, (round(x - x0), round(y - y0)), round(r), 255, -1)
    part[inside > 0] = _coarse(part, _PIECES)[inside > 0]


def face(points: Array) -> tuple[float, float, float] | None:
    """Return middle and radius (px) of what has to be hidden; None where no landmark of the face is known."""
    known = points[_FACE][np.isfinite(points[_FACE]).all(1)]
    if not len(known):
        return None
    x, y = known.mean(0)
    reach = float(np.hypot(*(known - (x, y)).T).max())
    ends = [points[list(pair)] for pair in (_SHOULDERS, _HIPS)]
    trunk = 0.0
    if all(np.isfinite(e).all() for e in ends):
        trunk = float(np.hypot(*(ends[0].mean(0) - ends[1].mean(0))))
    return float(x), float(y), max(_REACH * reach, _LEAST * trunk, 12.0)


def _coarse(part: Image, pieces: int) -> Image:
    h, w = part.shape[:2]
    long = max(h, w)
    small = cv2.resize(
        part, (max(round(pieces * w / long), 1), max(round(pieces * h / long), 1)), interpolation=cv2.INTER_AREA
    )
    return np.asarray(cv2.resize(small, (w, h), interpolation=cv2.INTER_LINEAR), np.uint8)


def stick_figure(size: tuple[int, int], points: Array | None, ball: Array | None = None) -> Image:
    """Return a picture of the body as a stick figure on a plain ground.

    Parameters
    ----------
    size : (int, int)
        Width and height.
    points : (33, 2) array or None
        Landmarks in pixels; None: nobody was seen.
    ball : (3,) array, optional
        x, y and radius in pixels.
    """
    w, h = size
    picture: Image = np.full((h, w, 3), GROUND, np.uint8)
    sizes = Sizes(w, h)
    line = sizes.px(0.014, 2)
    if ball is not None and np.isfinite(ball[:3]).all():
        cv2.circle(picture, _at(ball), max(round(float(ball[2])), 1), BALL, line, cv2.LINE_AA)
    if points is None:
        return picture
    for a, b in BONES:
        if np.isfinite(points[[a, b]]).all():
            cv2.line(picture, _at(points[a]), _at(points[b]), BONE, line, cv2.LINE_AA)
    for k in range(11, 33):
        if np.isfinite(points[k]).all():
            cv2.circle(picture, _at(points[k]), line, JOINT, -1, cv2.LINE_AA)
    if (head := face(points)) is not None and np.isfinite(points[list(_SHOULDERS)]).all():
        neck = points[list(_SHOULDERS)].mean(0)
        r = max(round(0.55 * head[2]), 3)
        cv2.line(picture, _at(neck), _at(np.array(head[:2])), BONE, line, cv2.LINE_AA)
        cv2.circle(picture, _at(np.array(head[:2])), r, GROUND, -1, cv2.LINE_AA)
        cv2.circle(picture, _at(np.array(head[:2])), r, BONE, line, cv2.LINE_AA)
    return picture


def _at(p: Array) -> tuple[int, int]:
    return round(float(np.clip(p[0], -1e4, 1e4))), round(float(np.clip(p[1], -1e4, 1e4)))
