"""From a decoded frame to an upright RGB picture: rotation and flip metadata, pixel shape, size, colour."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .orientation import Orientation, orientation_of
from .wide_range import is_wide, to_ordinary

if TYPE_CHECKING:
    import av

#: swscale's number of a YCbCr matrix by the number ITU-T H.273 gives it; 4:2:0 files mostly say 1, 5, 6 or 9.
_MATRIX = {1: 1, 4: 4, 5: 5, 6: 5, 7: 7, 9: 9, 10: 9}
_HD = 720
#: Formats shrunk before they become RGB, and as what.
_SHRINK_AS = dict.fromkeys(("yuv420p", "yuv420p10le", "yuv422p", "yuv422p10le", "nv12", "p010le"), "yuv420p")
_SHRINK_AS["yuvj420p"] = "yuvj420p"


def fitted(size: tuple[float, float], max_side: int | None) -> tuple[int, int]:
    """Return ``size`` in whole pixels, shrunk so that the longer side is at most ``max_side``; never enlarged.

    >>> fitted((1920, 1080), 960), fitted((640, 360), 960)
    ((960, 540), (640, 360))
    """
    scale = 1.0 if max_side is None else min(1.0, max_side / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


class Upright:
    """Turns the frames of one source into upright RGB pictures of one size.

    The size is that of the first frame; a later frame of another shape (a stream that changes its resolution, photos
    of several cameras) is fitted into it, with black beside it.

    Parameters
    ----------
    max_side : int or None
        Longest side in pixels; None keeps the size.
    mirror : bool
        Exchange left and right.
    pixel_aspect : float
        Width of a stored pixel over its height.
    rotate : int
        Degrees clockwise to turn pictures beyond what their metadata says: 0, 90, 180 or 270.
    """

    def __init__(self, max_side: int | None, mirror: bool = False, pixel_aspect: float = 1.0, rotate: int = 0) -> None:
        from av.video.reformatter import VideoReformatter

        self.max_side, self.mirror, self.pixel_aspect, self.rotate = max_side, mirror, pixel_aspect, rotate
        self.size: tuple[int, int] | None = None
        self._scaler: Any = VideoReformatter()
        self._painter: Any = VideoReformatter()

    def full_size(self, frame: av.VideoFrame) -> tuple[int, int]:
        """Return width and height of the upright picture with square pixels, before it is shrunk."""
        return self._full_size(frame, self.orientation(frame))

    def orientation(self, frame: av.VideoFrame) -> Orientation:
        """Return how a frame becomes upright, the mirroring left out."""
        return orientation_of(frame).turned(self.rotate)

    def _full_size(self, frame: av.VideoFrame, orientation: Orientation) -> tuple[int, int]:
        w, h = max(1, round(frame.width * self.pixel_aspect)), frame.height
        return (h, w) if orientation.transposed else (w, h)

    def __call__(self, frame: av.VideoFrame) -> NDArray[np.uint8]:
        """Return the (h, w, 3) upright picture, contiguous, red first.

        Raises
        ------
        av.error.FFmpegError
            If the pixel format cannot be converted.
        """
        orientation = self.orientation(frame)
        full = self._full_size(frame, orientation)
        if self.size is None:
            self.size = fitted(full, self.max_side)
        size = self.size
        if full[0] * size[1] != full[1] * size[0]:
            scale = min(size[0] / full[0], size[1] / full[1])
            size = (min(size[0], max(1, round(full[0] * scale))), min(size[1], max(1, round(full[1] * scale))))
        w, h = (size[1], size[0]) if orientation.transposed else size
        if self.mirror:
            orientation = orientation.mirrored()
        image = orientation.apply(self._rgb(frame, w, h))
        return image if size == self.size else _centred(image, self.size)

    def _rgb(self, frame: av.VideoFrame, w: int, h: int) -> NDArray[np.uint8]:
        """Return the stored picture as (h, w, 3) RGB."""
        matrix, transfer = _matrix_of(frame), int(getattr(frame, "color_trc", 0))
        how = "BILINEAR" if w > frame.width or h > frame.height else "AREA"
        if is_wide(transfer):
            deep = self._painter.reformat(frame, w, h, "rgb48le", src_colorspace=matrix, interpolation=how, threads=1)
            return to_ordinary(deep.to_ndarray(), transfer)
        if (w, h) != (frame.width, frame.height) and frame.format.name in _SHRINK_AS:
            # swscale shrinks planes and converts whole pictures fast, but does both at once slowly.
            name = _SHRINK_AS[frame.format.name]
            frame = self._scaler.reformat(frame, w, h, name, interpolation=how, threads=1)
        rgb = self._painter.reformat(frame, w, h, "rgb24", src_colorspace=matrix, interpolation=how, threads=1)
        out: NDArray[np.uint8] = rgb.to_ndarray()
        return out


def _matrix_of(frame: av.VideoFrame) -> int | None:
    if frame.format.is_rgb:
        return None
    guess = 1 if min(frame.width, frame.height) >= _HD else 5
    return _MATRIX.get(int(frame.colorspace), guess)


def _centred(image: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    out = np.zeros((size[1], size[0], 3), np.uint8)
    h, w = image.shape[:2]
    y, x = (size[1] - h) // 2, (size[0] - w) // 2
    out[y : y + h, x : x + w] = image
    return out
