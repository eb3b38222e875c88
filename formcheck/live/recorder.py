"""Records pictures with their times beside the live loop, without ever holding it up."""

from __future__ import annotations

import os
import threading
from collections import deque
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from formcheck.closing import Closing
from formcheck.errors import FormcheckError, OutputError, UsageError
from formcheck.sight.video.writer import TICKS, VideoWriter

_SUFFIXES = {".mp4", ".m4v", ".mov", ".mkv"}


class Recorder(Closing):
    """Writes an H.264 video in a thread of its own; a context manager.

    Pictures keep their times, so pauses and gaps stay as long as they were. Where the encoder does not keep up,
    pictures are left out. The file appears under its name with the first picture and is playable at any moment: a
    session that is killed, or a disk that is full, costs no more than the last second.

    Parameters
    ----------
    path : path-like
        ``.mp4``, ``.mov`` or ``.mkv``.
    quality : int
        As for :class:`~formcheck.sight.video.writer.VideoWriter`.
    force : bool
        Replace an existing file.
    capacity : int
        Pictures that may wait for the encoder.

    Attributes
    ----------
    frames : int
        Pictures handed to the encoder.
    dropped : int
        Pictures left out: it was busy, or their time was not later than that of the one before.
    error : FormcheckError or None
        Why recording stopped early (the disk is full).

    Raises
    ------
    UsageError
        If the file exists and ``force`` is not given, its folder cannot be written to, or its name is not that of a
        video.
    """

    def __init__(
        self, path: str | os.PathLike[str], *, quality: int = 23, force: bool = False, capacity: int = 30
    ) -> None:
        self.path = Path(path)
        self.frames = self.dropped = 0
        self.error: FormcheckError | None = None
        _check(self.path, force)
        self._quality, self._capacity = quality, capacity
        self._queue: deque[tuple[float, NDArray[np.uint8]]] = deque()
        self._news = threading.Condition()
        self._closing = False
        self._last: float | None = None
        self._thread = threading.Thread(target=self._run, name="recorder", daemon=True)
        self._thread.start()

    def write(self, t: float, rgb: NDArray[np.uint8]) -> None:
        """Record a picture; returns at once.

        Parameters
        ----------
        t : float
            Seconds, later than those of the picture before; otherwise it is left out.
        rgb : (h, w, 3) uint8 array
            Red first. It may be changed afterwards. One of another size than the first is fitted into it.

        Raises
        ------
        ValueError
            If it is no picture.
        """
        if rgb.ndim != 3 or rgb.shape[2] != 3 or rgb.dtype != np.uint8 or not rgb.size:
            raise ValueError(f"rgb: expected an (h, w, 3) uint8 array, got {rgb.shape} {rgb.dtype}")
        with self._news:
            if self._closing or self.error is not None:
                return
            # A tick of the file is the least that two times may differ by.
            if len(self._queue) >= self._capacity or (self._last is not None and t - self._last < 1.5 / TICKS):
                self.dropped += 1
                return
            self._last = t
            self._queue.append((t, rgb.copy(order="C")))
            self._news.notify_all()

    def close(self) -> None:
        """Write what is waiting and finish the file; calling it twice does no harm.

        Raises
        ------
        FormcheckError
            If recording stopped early.
        """
        with self._news:
            already, self._closing = self._closing, True
            self._news.notify_all()
        self._thread.join()
        if self.error is not None and not already:
            raise self.error

    def _run(self) -> None:
        try:
            first = self._next()
            if first is None:
                return
            h, w = first[1].shape[:2]
            with VideoWriter(self.path, (w, h), quality=self._quality, lasting=True) as video:
                picture: tuple[float, NDArray[np.uint8]] | None = first
                while picture is not None:
                    video.write(picture[0], _fitted(picture[1], (w, h)))
                    self.frames += 1
                    picture = self._next()
        except FormcheckError as e:
            self._failed(e)
        except OSError as e:
            why = (e.strerror or str(e)).lower()
            self._failed(OutputError(f"cannot write {self.path}", f"{why}; choose another place"))
        except Exception as e:  # noqa: BLE001  the workout goes on without a recording; close() tells
            self._failed(FormcheckError(f"recording {self.path} failed ({type(e).__name__}: {e})"))

    def _next(self) -> tuple[float, NDArray[np.uint8]] | None:
        with self._news:
            self._news.wait_for(lambda: self._queue or self._closing)
            return self._queue.popleft() if self._queue else None

    def _failed(self, error: FormcheckError) -> None:
        with self._news:
            self.error = error
            self._queue.clear()


def _check(path: Path, force: bool) -> None:
    if path.suffix.lower() not in _SUFFIXES:
        raise UsageError(f"cannot record to {path}", "give a name that ends in .mp4")
    if path.is_dir():
        raise UsageError(f"cannot record to {path}", "it is a folder; give a file name")
    if path.exists() and not force:
        raise UsageError(f"{path} exists", "choose another name, or use --force to replace it")
    folder = path.absolute().parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as e:
        raise UsageError(f"cannot record to {path}", f"{folder} cannot be made; choose another folder") from e
    if not os.access(folder, os.W_OK):
        raise UsageError(f"cannot record to {path}", f"{folder} is not writable; choose another folder")


def _fitted(rgb: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    """Return a picture of ``size``: as large as it fits, black beside it."""
    h, w = rgb.shape[:2]
    if (w, h) == size:
        return rgb
    import cv2

    scale = min(size[0] / w, size[1] / h)
    wide, high = min(size[0], max(1, round(w * scale))), min(size[1], max(1, round(h * scale)))
    x, y = (size[0] - wide) // 2, (size[1] - high) // 2
    out = np.zeros((size[1], size[0], 3), np.uint8)
    out[y : y + high, x : x + wide] = cv2.resize(rgb, (wide, high), interpolation=cv2.INTER_AREA)
    return out
