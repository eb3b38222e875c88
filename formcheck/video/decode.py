"""Video files and network streams, decoded with PyAV."""

from __future__ import annotations

import codecs
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, Self

from ..addresses import shown_address
from ..errors import InputError, UsageError
from .clock import Clock
from .media import open_media
from .source import Frame, Picture, Reading, SourceInfo
from .upright import Upright

if TYPE_CHECKING:
    import av

#: Live formats that carry no times: FFmpeg would make up a constant rate, the time of arrival is nearer the truth.
_WITHOUT_TIMES = frozenset({"mpjpeg", "mjpeg", "h264", "hevc"})
#: Seconds to connect to a stream and to wait for its next packet.
STREAM_TIMEOUT = (15.0, 15.0)
#: A seek costs a few frames of decoding; below this many seconds reading on is as fast.
_WORTH_A_SEEK = 2.0
#: Read errors in a row after which a source counts as ended.
_GIVE_UP = 16


class StreamSource:
    """A :class:`~formcheck.video.source.VideoSource` of a video file or a network stream.

    Parameters
    ----------
    path : str
        File or URL.
    kind : str
        ``"video"`` or ``"stream"``.
    reading : Reading
        Which part, size and side.

    Raises
    ------
    InputError
        If it cannot be opened or holds no picture that can be decoded.
    """

    def __init__(self, path: str, kind: str, reading: Reading) -> None:
        self.damaged = 0
        self._path, self._kind, self._reading = path, kind, reading
        self._shown = shown_address(path) if kind == "stream" else path
        self._container: Any = None
        self._known: set[str] = set()  # pixel formats that could be converted
        try:
            first = self._open()
            self.info = self._describe(first)
            reading.check_start(self._shown, self.info.duration_s)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file or stream."""
        if self._container is not None:
            with suppress(Exception):
                self._container.close()
            self._container = None

    def __iter__(self) -> Iterator[Frame]:
        index = 0
        for t, raw in self._timed():
            if self._reading.before(t):
                continue
            if self._reading.after(t):
                break
            picture = self._picture(raw)
            if picture is not None:
                yield Frame(t, picture, index)
                index += 1
        if index == 0 and (self._reading.start is not None or self._reading.end is not None):
            raise UsageError(f"no frame of {self._shown} lies in the part asked for", "check start and end")

    def _picture(self, raw: av.VideoFrame) -> Picture | Callable[[], Picture] | None:
        """Return what makes the upright picture; None, and count it as damaged, where it cannot be made."""
        import av

        if raw.format.name in self._known:
            return lambda: self._upright(raw)
        try:
            picture = self._upright(raw)
        except av.error.FFmpegError:
            self.damaged += 1
            return None
        self._known.add(raw.format.name)
        return picture

    def _open(self) -> av.VideoFrame:
        """Open (again) and decode up to the first picture, which tells size, turn and the time that counts as 0."""
        self.close()
        self.damaged = 0
        self._container = _opened(self._path, self._kind, self._shown)
        self._stream = _video_stream(self._container, self._path, self._kind, self._shown)
        # Frame threads hold back a picture each, which a live stream cannot afford.
        self._stream.thread_type = "AUTO" if self._kind == "video" else "SLICE"
        self._raw = self._decoded()
        first = next(self._raw, None)
        if first is None:
            raise InputError(f"no picture in {self._shown} can be decoded", "it is empty or damaged; copy it again")
        self._first: av.VideoFrame | None = first
        self._by_arrival = self._kind == "stream" and self._container.format.name in _WITHOUT_TIMES
        self._origin = None if self._by_arrival else _seconds(first)
        return first

    def _describe(self, first: av.VideoFrame) -> SourceInfo:
        import av

        s = self._stream
        aspect = float(s.sample_aspect_ratio or 1)
        reading, aspect = self._reading, aspect if 0.1 <= aspect <= 10 else 1.0
        self._upright = Upright(reading.max_side, reading.mirror, aspect, reading.rotate)
        try:
            picture = self._upright(first)
        except av.error.FFmpegError as e:
            what = f"the pictures of {self._shown} ({first.format.name}) cannot be converted"
            raise InputError(what, "convert it to H.264 (mp4)") from e
        width, height = self._upright.full_size(first)
        rate = s.average_rate or s.guessed_rate
        fps = float(rate) if rate and 0.01 < rate < 1000 else None
        duration = None
        if s.duration is not None and s.time_base:
            duration = float(s.duration * s.time_base)
        elif self._container.duration is not None:
            duration = self._container.duration / 1e6
        frames = s.frames or (round(duration * fps) if duration and fps else None)
        return SourceInfo(
            path=self._shown,
            kind=self._kind,
            duration_s=duration,
            fps=fps,
            width=width,
            height=height,
            frames=frames,
            rotation=self._upright.orientation(first).rotation,
            frame_size=(picture.shape[1], picture.shape[0]),
        )

    def _timed(self) -> Iterator[tuple[float, av.VideoFrame]]:
        """Raw frames with their seconds, from near the start asked for."""
        if self._container is None:
            raise ValueError(f"{self._shown} is closed: open it again")
        if self._kind == "video" and self._first is None:
            self._open()
        frames = self._from_start()
        clock = Clock(1.0 / (self.info.fps or self._reading.fps), self._origin)
        for raw in frames:
            t = clock.update(perf_counter() if self._by_arrival else _seconds(raw))
            if t is not None:
                yield t, raw

    def _from_start(self) -> Iterator[av.VideoFrame]:
        import av

        start = self._reading.start or 0.0
        if self._kind == "video" and start > _WORTH_A_SEEK and self._origin is not None:
            target = self._origin + start
            landed: av.VideoFrame | None = None
            with suppress(av.error.FFmpegError):
                self._container.seek(int(target / self._stream.time_base), stream=self._stream)
                self._raw = self._decoded()
                landed = next(self._raw, None)
            t = None if landed is None else _seconds(landed)
            if landed is not None and t is not None and self._origin <= t <= target:
                self._first = None
                yield landed
                yield from self._raw
                return
            self._open()  # no usable index: read through from the beginning
        first, self._first = self._first, None
        if first is not None:
            yield first
        yield from self._raw

    def _decoded(self) -> Iterator[av.VideoFrame]:
        """Decode on past damaged packets, counting them."""
        import av

        container, stream = self._container, self._stream
        packets = container.demux(stream)
        failures = 0
        while failures < _GIVE_UP:
            try:
                packet = next(packets)
            except (StopIteration, av.error.EOFError):
                return
            except av.error.FFmpegError:
                failures += 1
                self.damaged += 1
                packets = container.demux(stream)
                continue
            failures = 0
            if packet.is_corrupt:
                self.damaged += 1
                continue
            try:
                frames = packet.decode()
            except av.error.EOFError:
                return
            except av.error.FFmpegError:
                self.damaged += 1
                continue
            for frame in frames:
                if frame.is_corrupt:
                    self.damaged += 1
                else:
                    yield frame
        with suppress(av.error.FFmpegError):
            yield from stream.decode(None)


def _seconds(frame: av.VideoFrame) -> float | None:
    if frame.pts is None or frame.time_base is None:
        return None
    return float(frame.pts * frame.time_base)


def _opened(path: str, kind: str, shown: str) -> Any:
    import av

    if kind == "stream":
        options = {"rtsp_transport": "tcp"} if path.lower().startswith("rtsp") else {}
        try:
            return open_media(path, options=options, timeout=STREAM_TIMEOUT)
        except (OSError, ValueError, av.error.FFmpegError) as e:
            why = (getattr(e, "strerror", None) or str(e)).lower()
            raise InputError(f"cannot open the stream {shown} ({why})", "check the address and the network") from e
    _check_file(Path(path), shown)
    try:
        # An absolute path, so that a colon in a name is not taken for a protocol.
        return open_media(Path(path).absolute())
    except PermissionError as e:
        raise _forbidden(shown) from e
    except (OSError, ValueError, av.error.FFmpegError) as e:
        raise _not_a_video(Path(path), shown) from e


def _check_file(path: Path, shown: str) -> None:
    try:
        size = path.stat().st_size
    except PermissionError as e:
        raise _forbidden(shown) from e
    except OSError as e:
        raise InputError(f"no such file: {shown}", "check the path") from e
    if not os.access(path, os.R_OK):
        raise _forbidden(shown)
    if path.is_file() and size == 0:
        raise InputError(f"{shown} is empty (0 bytes)", "copy or record it again")


def _forbidden(shown: str) -> InputError:
    return InputError(f"no permission to read {shown}", "change its access rights or copy it")


def _not_a_video(path: Path, shown: str) -> InputError:
    head = _head(path)
    if head[4:8] == b"ftyp":
        return InputError(f"{shown} is cut off: its index is missing", "copy it again or let the recording finish")
    if _is_text(head):
        return _text(shown)
    return InputError(f"{shown} is not a video that FFmpeg can read", "it is damaged or of another kind")


def _head(path: Path) -> bytes:
    with path.open("rb") as f:
        return f.read(4096)


def _is_text(head: bytes) -> bool:
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(head)  # the last character may be cut
    except UnicodeDecodeError:
        return False
    return "\0" not in text


def _text(shown: str) -> InputError:
    return InputError(f"{shown} is text, not a video", "give a video file, a folder of images or a stream URL")


def _video_stream(container: Any, path: str, kind: str, shown: str) -> Any:
    import av

    if container.format.name == "tty":  # FFmpeg draws text files as pictures of a terminal
        raise _text(shown)
    cover = av.stream.Disposition.attached_pic
    streams = [s for s in container.streams.video if not s.disposition & cover]
    if not streams:
        if kind == "video" and _is_text(_head(Path(path))):  # some prose passes for a sound format
            raise _text(shown)
        what = "holds sound only, no video" if container.streams.audio else "holds no video"
        raise InputError(f"{shown} {what}", "give a file with pictures")
    best = container.streams.best("video")
    stream = best if best in streams else streams[0]
    if stream.codec_context is None:
        raise InputError(f"{shown} is coded in a way this FFmpeg cannot decode", "convert it to H.264 (mp4)")
    return stream
