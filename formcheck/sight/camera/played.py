"""A file as a camera: its pictures come when their time has come."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from time import perf_counter

from ..video.source import open_source
from .feed import CameraInfo, Shot


class FileFeed:
    """A :class:`~formcheck.sight.camera.feed.Feed` of a video file or folder of images, played in real time.

    The first picture comes at once, the others as long after it as their presentation times say. Their ``t`` is that
    time, so that what is judged does not depend on how fast the machine is. Where decoding is too slow, pictures come
    late but in order, as fast as they can.

    Parameters
    ----------
    path : str
        What :func:`~formcheck.sight.video.source.open_source` reads.
    max_side : int or None
        Longest side of the pictures delivered.
    clock : callable
        Seconds that go on by themselves.
    wait : callable, optional
        ``wait(stop, seconds)`` waits that long or until the event ``stop`` is set.

    Raises
    ------
    InputError
        As :func:`~formcheck.sight.video.source.open_source`.
    """

    finite = True

    def __init__(
        self,
        path: str,
        max_side: int | None,
        clock: Callable[[], float] = perf_counter,
        wait: Callable[[threading.Event, float], object] = threading.Event.wait,
    ) -> None:
        self._clock, self._wait = clock, wait
        self._source = open_source(path, max_side=max_side)
        about = self._source.info
        self.info = CameraInfo(about.path, "file", about.width, about.height, about.frame_size)

    def shots(self, stop: threading.Event) -> Iterator[Shot]:
        """Give the pictures, each when it is due."""
        start: float | None = None
        for frame in self._source:
            if start is None:
                start = self._clock() - frame.t
            early = start + frame.t - self._clock()
            if early > 0:
                self._wait(stop, early)
            if stop.is_set():
                return
            yield Shot(self._clock(), lambda frame=frame: frame.image, frame.t)  # type: ignore[misc]

    def abort(self) -> None:
        """Waiting ends by the event given to :meth:`shots`."""

    def close(self) -> None:
        """Close the file."""
        self._source.close()
