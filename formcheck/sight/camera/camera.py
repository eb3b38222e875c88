"""Live pictures: one call, :func:`open_camera`, for devices, network cameras and files played in real time."""

from __future__ import annotations

import math
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from time import perf_counter
from typing import Self

import numpy as np
from numpy.typing import NDArray

from formcheck.closing import Closing
from formcheck.errors import FormcheckError, UsageError

from ..video.source import is_url
from .device import DeviceFeed, FoundCamera, device_index, list_cameras
from .feed import CameraFeed, CameraInfo, Patience, Shot
from .played import FileFeed

__all__ = ["Camera", "CameraFrame", "CameraInfo", "FoundCamera", "Patience", "list_cameras", "open_camera"]

OPENING, LIVE, LOST, ENDED, FAILED = "opening", "live", "lost", "ended", "failed"
#: Least difference of the times of two pictures (s).
_TICK = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class CameraFrame:
    """A live picture.

    Attributes
    ----------
    t : float
        Seconds since the first picture, strictly rising, also where the camera was lost in between. For files their
        presentation time.
    image : (h, w, 3) uint8 array
        Upright RGB picture.
    captured : float
        ``time.perf_counter()`` at which it had arrived.
    index : int
        Number of the picture among those captured, from 0; those never asked for are left out.
    """

    t: float
    image: NDArray[np.uint8]
    captured: float
    index: int


class Camera(Closing):
    """Captures in a thread of its own and keeps the newest picture only; a context manager.

    A camera that is lost (pulled out, stalled, hung up) is opened again and again until it is back.

    Parameters
    ----------
    opener : callable
        Opens the camera and returns its :class:`~formcheck.sight.camera.feed.CameraFeed`. Called at once, and when it
        was lost.
    patience : Patience
        How long to wait for what.
    clock : callable
        The clock of :attr:`CameraFrame.captured`.

    Attributes
    ----------
    info : CameraInfo
        How it was opened last.
    damaged : int
        Pictures asked for that could not be decoded.

    Raises
    ------
    InputError
        If it cannot be opened the first time.
    """

    def __init__(
        self,
        opener: Callable[[], CameraFeed],
        patience: Patience | None = None,
        clock: Callable[[], float] = perf_counter,
    ) -> None:
        self._opener, self._patience, self._clock = opener, patience or Patience(), clock
        self._feed: CameraFeed | None = opener()
        self.info, self._finite = self._feed.info, self._feed.finite
        self.damaged = 0
        self._stop = threading.Event()
        self._news = threading.Condition()
        self._converting = threading.Lock()
        self._state, self._message = OPENING, ""
        self._retry_at: float | None = None
        self._error: BaseException | None = None
        self._shot: Shot | None = None
        self._t, self._index, self._taken = 0.0, -1, -1
        self._origin: float | None = None
        self._dropped = 0
        self._recent: deque[float] = deque(maxlen=31)
        self._frame: CameraFrame | None = None  # the picture of index _made, None where damaged
        self._made = -1
        self._thread = threading.Thread(target=self._run, name="camera", daemon=True)

    def __enter__(self) -> Self:
        self.start()
        return self

    # ---- for the thread that uses it -------------------------------------------------------
    def start(self) -> None:
        """Begin to capture; a file begins to play."""
        self._thread.start()

    def newest(self, after: int = -1, timeout: float | None = None) -> CameraFrame | None:
        """Return the newest picture, waiting for one where the newest is not newer than ``after``.

        Parameters
        ----------
        after : int
            Index of a picture seen before; -1: any will do.
        timeout : float, optional
            Seconds to wait at most; None: as long as it takes.

        Returns
        -------
        CameraFrame or None
            None where the time is over, or nothing newer will come (see :attr:`state`).
        """
        end = None if timeout is None else perf_counter() + timeout
        while True:
            with self._news:
                left = None if end is None else max(0.0, end - perf_counter())
                self._news.wait_for(partial(self._beyond, after), left)
                if self._error is not None:
                    raise self._error
                if self._index <= after:
                    return None
            with self._converting:
                after, frame = self._converted()
            if frame is not None:
                return frame

    @property
    def state(self) -> str:
        """``opening`` (no picture yet), ``live``, ``lost`` (it is tried again), ``ended`` or ``failed``."""
        with self._news:
            return LOST if self._stalled else self._state

    @property
    def message(self) -> str:
        """One line: what is wrong, where and what to do; empty while all is well."""
        with self._news:
            return f"no picture from {self._name}: check its cable or network" if self._stalled else self._message

    @property
    def retry_in(self) -> float | None:
        """Seconds until a lost camera is tried again; None where no try is due."""
        with self._news:
            return None if self._retry_at is None else max(0.0, self._retry_at - self._clock())

    @property
    def dropped(self) -> int:
        """Pictures captured that nobody asked for in time."""
        with self._news:
            return self._dropped

    @property
    def fps(self) -> float | None:
        """Pictures a second as they really come, over the last second or so; None before there are some."""
        with self._news:
            times = list(self._recent)
        span = times[-1] - times[0] if times else 0.0
        return (len(times) - 1) / span if span > 0 else None

    def close(self) -> None:
        """Stop capturing and let go of the camera; calling it twice does no harm.

        Returns within about a second. A thread that OpenCV or FFmpeg keeps waiting for a dead camera ends by itself a
        little later and lets go of it then.
        """
        self._stop.set()
        with self._news:
            feed = self._feed
            if self._state != FAILED:
                self._state = ENDED
            self._retry_at = None
            self._news.notify_all()
        if self._thread.is_alive():
            if feed is not None:
                feed.abort()
            self._thread.join(self._patience.close)
        elif feed is not None:
            feed.close()
            self._feed = None

    # ---- under the lock --------------------------------------------------------------------
    def _beyond(self, index: int) -> bool:
        return self._index > index or self._over

    @property
    def _over(self) -> bool:
        return self._state in {ENDED, FAILED}

    @property
    def _stalled(self) -> bool:
        if self._finite or self._state != LIVE or not self._recent:
            return False
        return self._clock() - self._recent[-1] > self._patience.stall

    @property
    def _name(self) -> str:
        return f"camera {self.info.path}" if self.info.kind == "device" else self.info.path

    def _converted(self) -> tuple[int, CameraFrame | None]:
        """Return the index of the newest picture and it in RGB, made once; None where it is damaged."""
        with self._news:
            shot, t, index = self._shot, self._t, self._index
            self._taken = index
        assert shot is not None
        if index != self._made:
            image = shot.picture()
            self._frame = None if image is None else CameraFrame(t, image, shot.captured, index)
            self._made = index
            self.damaged += image is None
        return index, self._frame

    # ---- the thread ------------------------------------------------------------------------
    def _run(self) -> None:
        tries = 0
        try:
            while not self._stop.is_set():
                before = self._index
                try:
                    self._capture()
                    return
                except FormcheckError as e:
                    if self._finite:
                        self._end(FAILED, str(e))
                        return
                    tries = 0 if self._index > before else tries
                    wait = self._patience.retry[min(tries, len(self._patience.retry) - 1)]
                    tries += 1
                    if not self._lost(str(e), wait):
                        return
                self._stop.wait(wait)
        except Exception as e:  # noqa: BLE001  whoever waits for pictures gets it from newest()
            self._error = e
            self._end(FAILED, str(e))
        finally:
            self._let_go()

    def _capture(self) -> None:
        """Capture until the end; raise InputError where the camera is lost."""
        with self._news:
            feed = self._feed
        try:
            if feed is None:
                feed = self._opener()
                with self._news:
                    self._feed, self.info, self._retry_at = feed, feed.info, None
            for shot in feed.shots(self._stop):
                self._publish(shot)
            self._end(ENDED)
        finally:
            self._let_go()

    def _publish(self, shot: Shot) -> None:
        with self._news:
            if self._stop.is_set():
                return
            self._origin = shot.captured if self._origin is None else self._origin
            t = shot.captured - self._origin if shot.t is None else shot.t
            if self._index >= 0:
                t = max(t, self._t + _TICK)
                self._dropped += self._taken < self._index
            self._shot, self._t, self._index = shot, t, self._index + 1
            self._recent.append(shot.captured)
            self._state, self._message, self._retry_at = LIVE, "", None
            self._news.notify_all()

    def _lost(self, message: str, wait: float) -> bool:
        """Note that it is lost; return whether to try again."""
        with self._news:
            if self._stop.is_set():
                return False
            self._state, self._message = LOST, message
            self._retry_at = self._clock() + wait
            self._recent.clear()
            self._news.notify_all()
        return True

    def _end(self, state: str, message: str = "") -> None:
        with self._news:
            if not self._over:
                self._state, self._message = state, message
            self._news.notify_all()

    def _let_go(self) -> None:
        with self._news:
            feed, self._feed = self._feed, None
        if feed is not None:
            with suppress(Exception):
                feed.close()


def open_camera(
    spec: str | int,
    *,
    size: tuple[int, int] = (1280, 720),
    fps: float = 30.0,
    max_side: int | None = 960,
    patience: Patience | None = None,
) -> Camera:
    """Open a camera; call :meth:`Camera.start` (or use a ``with`` block) to begin.

    Parameters
    ----------
    spec : str or int
        Number or path of a device (``0``, ``/dev/video2``), an RTSP, HTTP or other stream URL, or a video file that is
        played in real time.
    size : (int, int)
        Width and height asked of a device; it may give others, see :attr:`Camera.info`.
    fps : float
        Frames a second asked of a device; see :attr:`Camera.fps` for what comes.
    max_side : int or None
        Pictures are shrunk so that the longer side has at most this many pixels; never enlarged.
    patience : Patience, optional
        How long to wait for what.

    Raises
    ------
    InputError
        If there is no such camera, or it is busy or does not answer.
    UsageError
        If an option does not fit.

    Examples
    --------
    >>> with open_camera(0) as camera:  # doctest: +SKIP
    ...     while (frame := camera.newest(last, timeout=1.0)) is not None:
    ...         last = frame.index
    """
    if min(size) < 1 or not (0 < fps < math.inf):
        raise UsageError(f"camera: expected a size and rate above 0, got {size[0]} x {size[1]} at {fps:g}")
    if max_side is not None and max_side < 16:
        raise UsageError(f"max_side: expected at least 16 pixels, got {max_side}")
    patience = patience or Patience()
    return Camera(_opener(spec, size, fps, max_side, patience), patience)


def _opener(
    spec: str | int, size: tuple[int, int], fps: float, max_side: int | None, patience: Patience
) -> Callable[[], CameraFeed]:
    index = device_index(spec)
    if index is not None:
        if index < 0:
            raise UsageError(f"camera: expected a number from 0 on, got {index}", "cameras count from 0")
        return lambda: DeviceFeed(index, size, fps, max_side)
    text = str(spec)
    if is_url(text):
        if text.lower().startswith("http"):
            from .mjpeg import open_http

            return lambda: open_http(text, max_side, patience)
        from .stream import open_stream

        return lambda: open_stream(text, max_side, patience)
    return lambda: FileFeed(text, max_side)
