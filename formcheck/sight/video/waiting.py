"""Pictures that wait to be drawn on, in half the memory."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]


class Waiting:
    """A picture put by as video files keep theirs: brightness of each pixel, colour of every four.

    A film is written, and a key picture kept, in that form anyway; brightness comes back to within 2 of 255.

    Parameters
    ----------
    image : (h, w, 3) uint8 array
        RGB. One of an odd width or height is kept as it is.
    """

    __slots__ = ("_kept", "small")

    def __init__(self, image: Image) -> None:
        import cv2

        h, w = image.shape[:2]
        #: Whether it is kept in half the memory, and :attr:`image` a new one each time.
        self.small = bool(h % 2 == 0 and w % 2 == 0)
        self._kept = np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2YUV_I420), np.uint8) if self.small else image

    @property
    def nbytes(self) -> int:
        """Bytes that it takes."""
        return self._kept.nbytes

    @property
    def image(self) -> Image:
        """The (h, w, 3) RGB picture."""
        import cv2

        if not self.small:
            return self._kept
        return np.asarray(cv2.cvtColor(self._kept, cv2.COLOR_YUV2RGB_I420), np.uint8)
