"""Network cameras that FFmpeg reads: RTSP, HTTP Live Streaming, MPEG-TS and others."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import suppress
from itertools import chain
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from formcheck.addresses import shown_address
from formcheck.errors import InputError

from ..video.media import open_media
from ..video.upright import Upright
from .feed import CameraFeed, CameraInfo, Patience, Shot
from .played import FileFeed

if TYPE_CHECKING:
    import av

#: Keep nothing back: not in the demuxer, not in the decoder, and look at little before starting.
_AT_ONCE = {"fflags": "nobuffer", "flags": "low_delay", "analyzeduration": "500000", "probesize": "500000"}
#: Read errors in a row after which a stream counts as lost.
_GIVE_UP = 16


def open_stream(url: str, max_side: int | None, patience: Patience) -> CameraFeed:
    """Open a network stream; one that knows its length (a film on a server) is played like a file.

    Raises
    ------
    InputError
        If it does not answer or holds no pictures.
    """
    shown = shown_address(url)
    container = _opened(url, f"the camera {shown}", patience)
    try:
        if container.duration and url.lower().startswith("http"):
            container.close()
            return FileFeed(url, max_side)
        return StreamFeed(container, shown, max_side)
    except BaseException:
        container.close()
        raise


def _opened(url: str, name: str, patience: Patience) -> Any:
    import av

    extra = {"rtsp_transport": "tcp"} if url.lower().startswith("rtsp") else {}
    timeout = (patience.open, patience.stall)
    error: Exception | None = None
    for options in (_AT_ONCE | extra, extra):  # some formats need to be looked at for longer
        try:
            container = open_media(url, options=options, timeout=timeout)
        except av.error.InvalidDataError as e:
            error = e
            continue
        except (OSError, ValueError, av.error.FFmpegError) as e:
            why = (getattr(e, "strerror", None) or str(e)).lower()
            raise InputError(f"cannot reach {name} ({why})", "check that it is on, its address and the network") from e
        if any(s.codec_context is not None for s in container.streams.video):
            return container
        container.close()
    raise InputError(f"{name} sends no video that can be read", "check the address") from error


class StreamFeed:
    """A :class:`~formcheck.sight.camera.feed.CameraFeed` of an open FFmpeg container.

    Every picture is decoded, few are converted.

    Parameters
    ----------
    container : av.container.InputContainer
        Taken over, closed by :meth:`close`.
    url : str
        How messages call it.
    max_side : int or None
        Longest side of the pictures delivered.

    Raises
    ------
    InputError
        If no picture comes.
    """

    finite = False

    def __init__(self, container: Any, url: str, max_side: int | None) -> None:
        name = f"the camera {url}"
        self._container, self._name = container, name
        self._stream: Any = container.streams.best("video") or container.streams.video[0]
        self._stream.thread_type = "SLICE"  # frame threads hold back a picture each
        aspect = float(self._stream.sample_aspect_ratio or 1)
        self._upright = Upright(max_side, pixel_aspect=aspect if 0.1 <= aspect <= 10 else 1.0)
        self._frames = self._decoded()
        self._first = next(self._frames)
        image = _converted(self._upright, self._first[1])
        if image is None:
            raise InputError(
                f"pictures of {name} ({self._first[1].format.name}) cannot be converted", "set it to H.264"
            )
        w, h = self._upright.full_size(self._first[1])
        mode = str(self._stream.codec_context.name)
        self.info = CameraInfo(url, "stream", w, h, (image.shape[1], image.shape[0]), mode)

    def shots(self, stop: threading.Event) -> Iterator[Shot]:
        """Give the pictures as they arrive."""
        for captured, frame in chain([self._first], self._frames):
            if stop.is_set():
                return
            yield Shot(captured, lambda frame=frame: _converted(self._upright, frame))  # type: ignore[misc]

    def _decoded(self) -> Iterator[tuple[float, av.VideoFrame]]:
        import av

        failures = 0
        packets = self._container.demux(self._stream)
        while failures < _GIVE_UP:
            try:
                packet = next(packets)
            except (StopIteration, av.error.EOFError):
                raise InputError(f"{self._name} has ended the connection", "check its power and network") from None
            except (av.error.InvalidDataError, av.error.PatchWelcomeError):
                failures += 1
                packets = self._container.demux(self._stream)
                continue
            except (OSError, av.error.FFmpegError) as e:
                raise InputError(f"{self._name} sends no more pictures", "check its power and network") from e
            arrived = perf_counter()
            frames: list[av.VideoFrame] = []
            with suppress(av.error.FFmpegError):  # a damaged packet: the next ones will do
                frames = packet.decode()
                failures = 0
            for frame in frames:
                if not frame.is_corrupt:
                    yield arrived, frame
        raise InputError(f"{self._name} sends damaged data", "check its network")

    def abort(self) -> None:
        """FFmpeg cannot be woken: a read that waits ends by its own time limit."""

    def close(self) -> None:
        """Hang up."""
        with suppress(Exception):
            self._container.close()


def _converted(upright: Upright, frame: av.VideoFrame) -> NDArray[np.uint8] | None:
    import av

    try:
        return upright(frame)
    except av.error.FFmpegError:
        return None
