"""What a camera is made of: a feed gives pictures as they come; a shot is one of them, not yet turned into RGB."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class CameraInfo:
    """What is known of an open camera.

    Attributes
    ----------
    path : str
        Number or path of a device, URL (as it may be shown: no password, no token) or file.
    kind : str
        ``"device"``, ``"stream"`` or ``"file"``.
    width, height : int
        Pixels of the upright pictures as they really come (not as asked for), before they are shrunk.
    frame_size : (int, int)
        Width and height of the pictures delivered.
    mode : str
        Coding as far as it is known, for information ("MJPG", "h264").
    """

    path: str
    kind: str
    width: int
    height: int
    frame_size: tuple[int, int]
    mode: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Shot:
    """A picture that has arrived.

    Attributes
    ----------
    captured : float
        ``time.perf_counter()`` seconds at which it was there.
    picture : callable
        Makes the upright (h, w, 3) uint8 RGB picture; None where its data are damaged. Called for the pictures that
        are used only, by another thread than the one that captures.
    t : float or None
        Seconds since the first picture where the feed carries its own times (a file); None: the capture counts.
    """

    captured: float
    picture: Callable[[], NDArray[np.uint8] | None]
    t: float | None = None


class CameraFeed(Protocol):
    """An open device, stream or file.

    Attributes
    ----------
    info : CameraInfo
    finite : bool
        Whether running dry is its proper end (a file); otherwise the camera is lost and to be opened again.
    """

    info: CameraInfo
    finite: bool

    def shots(self, stop: threading.Event) -> Iterator[Shot]:
        """Give pictures as they arrive, until ``stop`` is set or it ends.

        Raises
        ------
        InputError
            If it is lost; the message says how.
        """
        ...

    def abort(self) -> None:
        """Wake a thread that waits for a picture, as far as possible; may be called from any thread."""
        ...

    def close(self) -> None:
        """Let go of the device or connection."""
        ...


@dataclass(frozen=True)
class Patience:
    """How long to wait for what, in seconds.

    Attributes
    ----------
    open : float
        For a network camera to answer.
    stall : float
        For the next picture, before the camera counts as lost.
    retry : tuple of float
        Before it is opened again: the first time, the second, ...; then always the last.
    close : float
        For the capture thread to end.
    """

    open: float = 10.0
    stall: float = 3.0
    retry: tuple[float, ...] = (0.5, 1.0, 2.0, 4.0, 8.0)
    close: float = 1.0
