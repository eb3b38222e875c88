"""Video files and network streams, decoded with PyAV."""

from __future__ import annotations

import codecs
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from formcheck.addresses import shown_address
from formcheck.closing import Closing
from formcheck.errors import InputError, UsageError

from .clock import FrameClock
from .frame import USUAL_RATE, Frame, Picture, Reading, SourceInfo
from .media import open_media
from .pace import BARE, length_told, pace_of
from .recorded import recorded_at
from .upright import Upright

if TYPE_CHECKING:
    import av

#: Live formats that carry no times: FFmpeg would make up a constant rate, the time of arrival is nearer the truth.
_WITHOUT_TIMES = BARE | {"mpjpeg"}
#: Seconds to connect to a stream and to wait for its next packet.
STREAM_TIMEOUT = (15.0, 15.0)
#: A seek costs a few frames of decoding; below this many seconds reading on is as fast.
_WORTH_A_SEEK = 2.0
#: A file breaks off that ends sooner than its header says by this (s), and by so many pictures.
BREAKS_OFF_S, _FEW = 0.5, 3
#: Read errors in a row after which a source counts as ended.
_GIVE_UP = 16


class StreamSource(Closing):
    """A :class:`~formcheck.sight.video.frame.VideoSource` of a video file or a network stream.

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
        self.length_s: float | None = None
        self.notes: list[str] = []
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

    def close(self) -> None:
        """Let go of the file or stream."""
        if self._container is not None:
            with suppress(Exception):
                self._container.close()
            self._container = None

    def __iter__(self) -> Iterator[Frame]:
        index, passed, last, ended = 0, 0, 0.0, True
        for t, raw in self._timed():
            passed, last = passed + 1, t
            if self._reading.before(t):
                continue
            if self._reading.after(t):
                ended = False
                break
            picture = self._picture(raw)
            if picture is not None:
                yield Frame(t, picture, index)
                index += 1
        if index == 0 and (self._reading.start is not None or self._reading.end is not None):
            raise UsageError(f"no frame of {self._shown} lies in the part asked for", "check start and end")
        if ended and passed and self._kind == "video":
            self._measure(passed, last)

    def _measure(self, passed: int, last: float) -> None:
        """Tell how long the pictures were, and whether the file ends before they do."""
        told, fps = self.info.duration_s, self.info.fps
        period = 1.0 / fps if fps else 0.0
        self.length_s = last + period
        counted = self._stream.frames  # of a whole file; one that was entered by a seek passes fewer
        whole = counted and passed + self.damaged >= counted - _FEW
        if told is not None and not whole and told - self.length_s > max(BREAKS_OFF_S, _FEW * period):
            self.notes.append(
                f"The video breaks off at {self.length_s:.1f} of {told:.1f} s: copy it again, if you can."
            )

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
        self._stream, which = _video_stream(self._container, self._path, self._kind, self._shown, self._reading.stream)
        given = self._reading
        self._pace = pace_of(self._container, self._stream, self._kind, fps=given.fps, speed=given.speed)
        self.length_s, self.notes = None, [*which, *self._pace.notes]
        # Frame threads hold back a picture each, which a live stream cannot afford.
        self._stream.thread_type = "AUTO" if self._kind == "video" else "SLICE"
        self._raw = self._decoded()
        first = next(self._raw, None)
        if first is None:
            if self._kind == "video" and _is_moving_webp(_head(Path(self._path))):
                raise _not_a_video(Path(self._path), self._shown)
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
        pace = self._pace
        fps = pace.fps * pace.speed if pace.fps is not None else None
        duration = length_told(self._container, s)
        duration = duration / pace.speed if duration is not None else None
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
            seekable=self._seekable,
            recorded=recorded_at(self._container.metadata) if self._kind == "video" else None,
        )

    def _timed(self) -> Iterator[tuple[float, av.VideoFrame]]:
        """Raw frames with their seconds, from near the start asked for."""
        if self._container is None:
            raise ValueError(f"{self._shown} is closed: open it again")
        if self._kind == "video" and self._first is None:
            self._open()
        frames = self._from_start()
        speed = self._pace.speed
        clock = FrameClock(speed / (self.info.fps or USUAL_RATE), None if self._pace.constant else self._origin)
        for raw in frames:
            now = None if self._pace.constant else perf_counter() if self._by_arrival else _seconds(raw)
            t = clock.update(now)
            if t is not None:
                yield t / speed, raw

    @property
    def _seekable(self) -> bool:
        return self._kind == "video" and self._origin is not None and not self._pace.constant

    def _from_start(self) -> Iterator[av.VideoFrame]:
        import av

        start = self._reading.start or 0.0
        if self._seekable and self._origin is not None and start > _WORTH_A_SEEK:
            target = self._origin + start * self._pace.speed
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
    if _is_moving_webp(head):
        return InputError(f"{shown} is a moving WebP, which this FFmpeg cannot read", "convert it to MP4 or GIF")
    return InputError(f"{shown} is not a video that FFmpeg can read", "it is damaged or of another kind")


def _is_moving_webp(head: bytes) -> bool:
    return head[:4] == b"RIFF" and head[8:16] == b"WEBPVP8X" and bool(head[20] & 2)


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


def _video_stream(container: Any, path: str, kind: str, shown: str, wanted: int | None) -> tuple[Any, list[str]]:
    """Return the stream to read, and what is to be said of the choice."""
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
    if wanted is not None and wanted > len(streams):
        n = len(streams)
        raise UsageError(f"stream: {shown} holds {n} video{'s' if n > 1 else ''}, not {wanted}")
    best = container.streams.best("video")
    known = [s for s in streams if s.codec_context is not None]
    chosen = streams[wanted - 1] if wanted is not None else max(known or streams, key=lambda s: (_area(s), s is best))
    if chosen.codec_context is None:
        raise InputError(f"{shown} is coded in a way this FFmpeg cannot decode", "convert it to H.264 (mp4)")
    if len(streams) == 1 or wanted is not None or kind != "video":
        return chosen, []
    listed = ", ".join(f"{k}: {_size(s)}" for k, s in enumerate(streams, 1))
    which = streams.index(chosen) + 1
    return chosen, [f"The file holds {len(streams)} videos ({listed}): {which} was taken; --stream N for another."]


def _area(stream: Any) -> int:
    return int(stream.codec_context.width * stream.codec_context.height) if stream.codec_context is not None else 0


def _size(stream: Any) -> str:
    c = stream.codec_context
    return f"{c.width} x {c.height}" if c is not None else "unknown"
