"""Which way up a stored picture is: the display matrix that FFmpeg makes of a video's rotation or a photo's EXIF."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import av


@dataclass(frozen=True)
class Orientation:
    """How a stored picture becomes upright: transposed first, then flipped.

    Attributes
    ----------
    transposed, flip_x, flip_y : bool
    """

    transposed: bool = False
    flip_x: bool = False
    flip_y: bool = False

    @classmethod
    def from_matrix(cls, matrix: NDArray[np.int32]) -> Orientation:
        """Read FFmpeg's display matrix, rounded to quarter turns.

        Parameters
        ----------
        matrix : (9,) int array
            a, b, u, c, d, v, x, y, w: a stored point goes to ``(a x + c y, b x + d y)``
            (libavutil/display.h).
        """
        a, b, _, c, d = (int(v) for v in matrix[:5])
        if abs(a) + abs(d) >= abs(b) + abs(c):
            return cls(False, a < 0, d < 0)
        return cls(True, c < 0, b < 0)

    @property
    def rotation(self) -> int:
        """Degrees clockwise from stored to upright, the flip of a mirrored picture left out: 0, 90, 180 or 270."""
        if self.transposed:
            return 90 if self.flip_x else 270
        return 180 if self.flip_y else 0

    def apply(self, image: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Return an (h, w, 3) picture turned upright, contiguous."""
        if not (self.transposed or self.flip_x or self.flip_y):
            return np.ascontiguousarray(image)
        import cv2  # turns a picture an order of magnitude faster than a strided copy

        out: Any = cv2.transpose(image) if self.transposed else image
        if self.flip_x or self.flip_y:
            out = cv2.flip(out, -1 if self.flip_x and self.flip_y else int(self.flip_x))
        return np.asarray(out, dtype=np.uint8)

    def turned(self, degrees: int) -> Orientation:
        """Return the orientation that also turns the upright picture by *degrees* clockwise, a multiple of 90."""
        out = self
        for _ in range(degrees // 90 % 4):
            # A flip before a transposition is the other flip after it.
            out = Orientation(not out.transposed, not out.flip_y, out.flip_x)
        return out

    def mirrored(self) -> Orientation:
        """Return the orientation that also exchanges left and right of the upright picture."""
        return replace(self, flip_x=not self.flip_x)


def orientation_of(frame: av.VideoFrame) -> Orientation:
    """Return the orientation that a frame's side data ask for; as it is stored, where they say nothing."""
    matrix = _side_data(frame).get("DISPLAYMATRIX")
    return Orientation() if matrix is None else Orientation.from_matrix(np.frombuffer(bytes(matrix), dtype=np.int32))


def _side_data(frame: av.VideoFrame) -> Any:
    """Return a mapping of a frame's side data by kind."""
    # Not `frame.side_data`: the frame keeps that, and that the frame, so that hundreds of decoded pictures wait for the
    # garbage collector, which counts objects and not their size.
    from av.sidedata.sidedata import SideDataContainer

    of: Any = SideDataContainer
    try:
        return of(frame)
    except ValueError:
        # PyAV up to 18 gives nothing at all where FFmpeg hands over a kind it does not know, as EXIF.
        _accept_unknown_kinds()
        return of(frame)


def _accept_unknown_kinds() -> None:
    """Let PyAV up to 18 name kinds of side data that it does not know, as PyAV 19 does by itself."""
    from av.sidedata.sidedata import Type

    kinds: Any = Type

    def unknown(cls: Any, value: object) -> Any:
        member = object.__new__(cls)
        member._name_ = f"UNKNOWN_{value}"
        member._value_ = value
        return cls._value2member_map_.setdefault(value, member)

    kinds._missing_ = classmethod(unknown)
