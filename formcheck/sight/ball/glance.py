"""A glance at a ball that lay still: has anything changed at its rim? A hundred pixels of the full picture tell."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .rings import RAYS

Array = NDArray[np.float64]

#: Where on every second ray (in radii) the picture is read: two points inside the rim, two outside.
_DEPTHS = np.array([0.88, 0.96, 1.04, 1.12])
_WAYS = RAYS[::2, None] * _DEPTHS[:, None]
#: A point has changed when it differs by more than this share of the usual step across the rim.
CHANGED = 0.4
#: The rim has changed when more than this share of its points have. A ball that rolls by a twentieth of its radius
#: moves its rim over a tenth of them; where noise alone moves as many, the glance says so and a look must follow.
FEW = 0.08


def rim_colours(image: NDArray[np.uint8], circle: Array) -> NDArray[np.int16]:
    """Return (rays, 4, 3) colours of an (h, w, 3) picture just inside and outside the rim of a circle (4,)."""
    h, w = image.shape[:2]
    size = circle[2] * np.array([1.0, circle[3]])
    x, y = np.rint(circle[:2] + size * _WAYS).astype(np.intp).transpose(2, 0, 1)
    return np.asarray(image[np.clip(y, 0, h - 1), np.clip(x, 0, w - 1)], np.int16)


def unchanged(before: NDArray[np.int16], now: NDArray[np.int16]) -> bool:
    """Whether two glances at one circle show the same."""
    step = np.abs(before[:, 1] - before[:, 2]).max(axis=1)
    moved = np.abs(now - before).max(axis=2)
    return bool(np.mean(moved >= CHANGED * np.median(step)) <= FEW)
