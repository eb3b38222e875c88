"""Whether the same picture comes again: a camera that hangs, seen through what encoding does to it."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]

#: Pictures are compared at this width (px), so that noise of encoding and sensors is averaged away.
WIDTH = 160
#: Grey levels by which no piece of the same picture differs: this share of the picture's spread, and at most so many.
#: Pictures of a camera that hangs, encoded anew, stay within 2 from one key frame to the next (and within 4 across it);
#: in clips of people who hold still, with the noise of a sensor, no more than two pictures in a row do.
SHARE, MOST = 0.06, 2.0


class Stills:
    """Streaming: takes pictures and tells which show the same as the one before.

    Examples
    --------
    >>> picture = np.arange(360 * 640 * 3, dtype=np.uint32).reshape(360, 640, 3).astype(np.uint8)
    >>> stills = Stills()
    >>> [stills.same(picture), stills.same(picture), stills.same(255 - picture)]
    [False, True, False]
    """

    def __init__(self) -> None:
        #: The first of a run of the same pictures: slow movement adds up against it.
        self._first: NDArray[np.float32] | None = None

    def same(self, image: Image) -> bool:
        """Return whether an (h, w, 3) picture is the same as the one before."""
        h, w = image.shape[:2]
        size = (min(WIDTH, w), max(round(h * min(WIDTH, w) / w), 1))
        # Green holds most of what is bright, and one channel is a third of the work.
        green = np.ascontiguousarray(image[..., 1])
        now = np.asarray(cv2.resize(green, size, interpolation=cv2.INTER_AREA), dtype=np.float32)
        first = self._first
        if first is not None and first.shape == now.shape:
            most = min(SHARE * float(now.std()), MOST)
            if float(np.abs(now - first).max()) <= most:
                return True
        self._first = now
        return False
