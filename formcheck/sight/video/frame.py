"""What sources of pictures are made of: a frame, what is known of its source, and how it is to be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from formcheck.errors import UsageError

Picture = NDArray[np.uint8]


#: Degrees clockwise by which a source can be turned.
TURNS = (90, 180, 270)


#: Pictures a second where nothing tells how many.
USUAL_RATE = 30.0


class Frame:
    """One picture at its time.

    Parameters
    ----------
    t : float
        Seconds since the first frame of the source (also where only a part from ``start`` on is read).
    picture : (h, w, 3) uint8 array or callable
        Upright RGB picture, or what makes it when it is first asked for: who passes a frame over does not pay for it.
    index : int
        Number of the frame among those delivered, from 0.
    """

    __slots__ = ("_picture", "index", "t")

    def __init__(self, t: float, picture: Picture | Callable[[], Picture], index: int) -> None:
        self.t, self._picture, self.index = t, picture, index

    @property
    def image(self) -> Picture:
        """Upright RGB picture, an (h, w, 3) uint8 array."""
        if callable(self._picture):
            self._picture = self._picture()
        return self._picture


@dataclass(frozen=True)
class SourceInfo:
    """What is known of a source before it is read.

    Attributes
    ----------
    path : str
        File, folder, pattern or URL (as it may be shown: no password, no token).
    kind : str
        ``"video"``, ``"images"`` or ``"stream"``.
    duration_s : float or None
        Seconds; None where the source does not say (a live stream).
    fps : float or None
        Mean frame rate, for information only: times come with the frames.
    width, height : int
        Pixels of the upright picture with square pixels, before it is shrunk.
    frames : int or None
        Number of frames in the whole source as its header says, or estimated; None where unknown.
    rotation : int
        Degrees clockwise by which stored pictures are turned: 0, 90, 180 or 270.
    frame_size : (int, int)
        Width and height in pixels of the pictures delivered.
    seekable : bool
        Whether it can be entered in the middle, where its frames have the same times as when it is read through.
    recorded : str or None
        When it was recorded, in ISO 8601, as the file says itself; None where it does not.
    """

    path: str
    kind: str
    duration_s: float | None
    fps: float | None
    width: int
    height: int
    frames: int | None
    rotation: int
    frame_size: tuple[int, int]
    seekable: bool = False
    recorded: str | None = None


@runtime_checkable
class VideoSource(Protocol):
    """A context manager that says what it is and gives its frames in time order, one at a time.

    Attributes
    ----------
    info : SourceInfo
    damaged : int
        Packets or pictures skipped so far because they could not be decoded.
    length_s : float or None
        Seconds from the first picture to the end of the last, once all have been read; None before, or where only a
        part is read.
    notes : list of str
        What is to be known about the pictures: a choice that was made, times that had to be put right, an end that is
        missing. Complete when all have been read.
    """

    info: SourceInfo
    damaged: int
    length_s: float | None
    notes: list[str]

    def __iter__(self) -> Iterator[Frame]: ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def close(self) -> None:
        """Let go of the file or stream; calling it twice does no harm."""
        ...


@dataclass(frozen=True)
class Reading:
    """How a source is to be read; the options of :func:`open_source`."""

    start: float | None = None
    end: float | None = None
    max_side: int | None = 960
    mirror: bool = False
    fps: float | None = None
    rotate: int = 0
    speed: float | None = None
    stream: int | None = None

    def __post_init__(self) -> None:
        if self.start is not None and not 0 <= self.start < float("inf"):
            raise UsageError(f"start: expected seconds from 0 on, got {self.start:g}")
        if self.end is not None and not self.end > (self.start or 0.0):
            raise UsageError(f"end: expected seconds after the start ({self.start or 0:g}), got {self.end:g}")
        if self.max_side is not None and self.max_side < 16:
            raise UsageError(f"max_side: expected at least 16 pixels, got {self.max_side}")
        if self.fps is not None and not 0 < self.fps <= 1000:
            raise UsageError(f"fps: expected frames a second above 0, at most 1000, got {self.fps:g}")
        if self.speed is not None and not 0.05 <= self.speed <= 100:
            raise UsageError(f"speed: expected a number from 0.05 to 100, got {self.speed:g}")
        if self.stream is not None and self.stream < 1:
            raise UsageError(f"stream: expected a number from 1 on, got {self.stream}")
        if self.rotate not in (0, *TURNS):
            raise UsageError(f"rotate: expected 90, 180 or 270 degrees clockwise, got {self.rotate}")

    def before(self, t: float) -> bool:
        """Whether ``t`` lies before the part to be read."""
        return self.start is not None and t < self.start - 1e-6

    def after(self, t: float) -> bool:
        """Whether ``t`` lies behind the part to be read."""
        return self.end is not None and t >= self.end - 1e-6

    def check_start(self, path: str, duration: float | None) -> None:
        """Raise UsageError if the source ends before the part to be read."""
        if self.start is not None and duration is not None and self.start >= duration > 0:
            raise UsageError(f"start: {self.start:g} s lies behind the end of {path}", f"it is {duration:.1f} s long")
