"""Pictures made for the pose model, turned, cut out or painted over, and the poses found in them put back."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from .landmarks import BONES, Landmark
from .types import Array, Pose, brightness

Image = NDArray[np.uint8]
#: Left, top, width and height of a part of a picture, px.
Part = tuple[int, int, int, int]

#: What stands for a picture where nothing is to be seen: the picture blurred beyond recognition, this many patches on
#: its longer side. A flat grey in its place costs a third of the accuracy of the joints near the edge.
PATCHES = 16
#: A picture of a mean brightness below DIM is lit up to LIT, but by no more than GAIN, and its noise, which that makes
#: as much louder, smoothed: a circle of this standard deviation, a share of the longer side. Of two clips at a quarter
#: of their light, with the noise of a sensor, the poses as they came gave wrong sides and holds, lit up but not
#: smoothed too, and these the same lists and faults as in full light.
DIM, LIT, GAIN, GRAIN = 60.0, 110.0, 5.0, 1 / 640
#: Lines besides the bones that fill the outline of a body: the trunk's diagonals, the neck.
_FILL = (*BONES, (11, 24), (12, 23), (0, 11), (0, 12), (15, 19), (16, 20))


def lit(image: Image) -> Image:
    """Return the picture as it is, or lit up and smoothed where it is dim."""
    mean = brightness(image)
    if mean >= DIM:
        return image
    smooth = cv2.GaussianBlur(image, (0, 0), GRAIN * max(image.shape[:2]))
    return np.asarray(cv2.convertScaleAbs(smooth, alpha=min(LIT / max(mean, 1.0), GAIN)), dtype=np.uint8)


def turned(image: Image, turn: int) -> Image:
    """Return the picture turned anticlockwise by *turn* quarter turns."""
    return np.ascontiguousarray(np.rot90(image, turn)) if turn % 4 else image


def turned_back(pose: Pose | None, turn: int, shape: tuple[int, ...]) -> Pose | None:
    """Return a pose found in ``turned(picture, turn)`` in the coordinates of the picture of *shape* (h, w, ...)."""
    if pose is None or turn % 4 == 0:
        return pose
    h, w = shape[:2]
    image, world = pose.image.copy(), pose.world.copy()
    x, y = pose.image[:, 0], pose.image[:, 1]
    wx, wy = pose.world[:, 0], pose.world[:, 1]
    if turn % 4 == 1:
        image[:, 0], image[:, 1] = w - y, x
        world[:, 0], world[:, 1] = -wy, wx
    elif turn % 4 == 2:
        image[:, 0], image[:, 1] = w - x, h - y
        world[:, 0], world[:, 1] = -wx, -wy
    else:
        image[:, 0], image[:, 1] = y, h - x
        world[:, 0], world[:, 1] = wy, -wx
    return Pose(image, world)


def shifted(pose: Pose, x: float, y: float, scale: float = 1.0) -> Pose:
    """Return a pose found in a part of a picture, shown *scale* times as large, in the coordinates of the whole.

    Parameters
    ----------
    pose : Pose
    x, y : float
        Left and top of the part, px of the whole picture.
    scale : float
    """
    image = pose.image.copy()
    image[:, :3] /= scale
    image[:, 0] += x
    image[:, 1] += y
    return Pose(image, pose.world)


def middle(shape: tuple[int, ...], share: float) -> Part:
    """Return the part about the middle of a picture of *shape* (h, w, ...) that has this *share* of its sides."""
    h, w = shape[:2]
    ph, pw = int(h * share), int(w * share)
    return (w - pw) // 2, (h - ph) // 2, pw, ph


def blurred(image: Image) -> Image:
    """Return the picture blurred beyond recognition."""
    h, w = image.shape[:2]
    k = PATCHES / max(h, w)
    small = cv2.resize(image, (max(round(w * k), 1), max(round(h * k), 1)), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(small, (w, h), interpolation=cv2.INTER_LINEAR), dtype=np.uint8)


def around(image: Image, margin: float, *poses: Pose) -> Image:
    """Return the picture with all painted over that is further than *margin* px from the bones of some bodies."""
    h, w = image.shape[:2]
    mask = np.zeros((h, w), np.uint8)
    for pose in poses:
        points = _pixels(pose.image)
        for a, b in _FILL:
            cv2.line(mask, points[a], points[b], 255, max(round(2 * margin), 1))
        cv2.circle(mask, points[Landmark.NOSE], max(round(margin), 1), 255, -1)
    out = blurred(image)
    cv2.copyTo(image, mask, out)
    return out


def without(image: Image, pose: Pose, margin: float) -> Image:
    """Return the picture with all painted over that is within a body's outline or *margin* px around it."""
    h, w = image.shape[:2]
    mask = np.zeros((h, w), np.uint8)
    hull = cv2.convexHull(np.array(_pixels(pose.image), np.int32).reshape(-1, 1, 2))
    cv2.fillConvexPoly(mask, hull, 255)
    cv2.polylines(mask, [hull], True, 255, max(round(2 * margin), 1))
    out = image.copy()
    cv2.copyTo(blurred(image), mask, out)
    return out


def enlarged(image: Image, centre: Array, scale: float) -> Image:
    """Return the picture enlarged about a point (x, y) that stays where it is; what leaves the frame is lost."""
    h, w = image.shape[:2]
    x, y = (1 - scale) * float(centre[0]), (1 - scale) * float(centre[1])
    return np.asarray(cv2.warpAffine(image, np.array([[scale, 0, x], [0, scale, y]]), (w, h)), dtype=np.uint8)


def _pixels(image: Array) -> list[tuple[int, int]]:
    # Far outside the picture the lines only cost time; what is not known is drawn nowhere near it.
    xy = np.clip(np.nan_to_num(image[:, :2], nan=-9999.0), -9999, 9999).astype(int)
    return [(int(x), int(y)) for x, y in xy]
