"""H.264 video files that keep the time of every picture."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from formcheck.errors import OutputError, UsageError
from formcheck.files import atomic_path

from .media import create_media

#: Ticks a second; divides the common frame rates and is what MPEG uses.
TICKS = 90_000
#: H.273 numbers for BT.709 (primaries, transfer, matrix) and limited range.
_BT709 = 1
_LIMITED = 1
#: ``AV_CODEC_FLAG_FRAME_DURATION``: the encoder hands the duration of a picture on to its packet.
_FRAME_DURATION = 1 << 8
_MAX_SIDE = 16_384
#: Seconds of pictures that a kill may cost a recording, together with those on their way through the encoder.
PIECE_S = 0.5
#: No picture waits in the encoder for those to come, which it otherwise compares it with.
_AT_ONCE = {"rc-lookahead": "0", "x264-params": "sync-lookahead=0:sliced-threads=1"}
_MP4 = {".mp4", ".mov", ".m4v"}


class VideoWriter:
    """Writes pictures with their times to an H.264 mp4 that any player shows; a context manager.

    The frame rate may vary: every picture keeps its time to 1/90000 s, counted from the first one, and the last stays
    as long as the one before it. The file appears under its name when the block ends well and not before, unless it is
    ``lasting``. It has no sound: recordings of people stay silent.

    Parameters
    ----------
    path : path-like
        Final name, ``.mp4``, ``.mov`` or ``.mkv``.
    size : (int, int)
        Width and height of the pictures in pixels; an odd side is padded by one row or column of its edge, as 4:2:0
        colour needs even sides.
    quality : int
        Constant rate factor of x264, 0 (lossless) to 51; 18 looks like the source, 28 is small.
    lasting : bool
        For what cannot be filmed again: write under the final name from the first picture on, in pieces of
        ``PIECE_S`` seconds, each of which is playable once it is on the disk. However the block ends, what was written
        stays; an existing file is replaced. Costs some size.

    Raises
    ------
    UsageError
        If the folder is not writable, or there is no H.264 encoder, or the suffix names no video format.
    ValueError
        If the size or quality is out of range.

    Examples
    --------
    >>> with VideoWriter("out.mp4", (640, 360)) as video:  # doctest: +SKIP
    ...     for frame in source:
    ...         video.write(frame.t, frame.image)
    """

    def __init__(
        self, path: str | os.PathLike[str], size: tuple[int, int], *, quality: int = 23, lasting: bool = False
    ) -> None:
        w, h = size
        if not (0 < w <= _MAX_SIDE and 0 < h <= _MAX_SIDE):
            raise ValueError(f"size: expected 1 to {_MAX_SIDE} pixels a side, got {w} x {h}")
        if not 0 <= quality <= 51:
            raise ValueError(f"quality: expected 0 (lossless) to 51, got {quality}")
        self.path, self.size, self.quality = os.fspath(path), (int(w), int(h)), int(quality)
        self.lasting = lasting
        self.frames = 0
        self._stack: ExitStack | None = None
        self._held: tuple[int, NDArray[np.uint8]] | None = None
        self._start = 0.0
        self._step = round(TICKS / 30)

    def __enter__(self) -> Self:
        import av
        from av.video.reformatter import VideoReformatter

        with ExitStack() as stack:
            place = stack.enter_context(self._kept_at_once() if self.lasting else atomic_path(self.path))
            try:
                self._container = stack.enter_context(create_media(place, options=self._format_options()))
                self._stream: Any = self._container.add_stream("libx264", rate=30)
            except (ValueError, av.error.FFmpegError) as e:
                what = "give a name that ends in .mp4; PyAV must have H.264 (its wheels have)"
                raise OutputError(f"cannot write the video {self.path}", what) from e
            self._open_stream()
            self._scaler = VideoReformatter()
            self._stack = stack.pop_all()
        return self

    @contextmanager
    def _kept_at_once(self) -> Iterator[Path]:
        """Give the final path, made ready; nothing is left of it where no picture was written."""
        target = Path(os.path.realpath(self.path))
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.open("wb").close()
        except OSError as e:
            why = (e.strerror or str(e)).lower()
            raise OutputError(f"cannot write {self.path}", f"{why}; choose another place") from e
        try:
            yield target
        finally:
            with suppress(OSError):
                if not self.frames or not target.stat().st_size:
                    target.unlink()

    def _format_options(self) -> dict[str, str]:
        if Path(self.path).suffix.lower() in _MP4:
            # Fragments while it grows, and a plain file once it is finished.
            growing = {"movflags": "+hybrid_fragmented", "frag_duration": f"{PIECE_S * 1e6:.0f}", "flush_packets": "1"}
            options = growing if self.lasting else {"movflags": "+faststart"}
            return {**options, "video_track_timescale": str(TICKS)}
        return {"cluster_time_limit": f"{PIECE_S * 1e3:.0f}", "flush_packets": "1"} if self.lasting else {}

    def _open_stream(self) -> None:
        w, h = self.size
        s = self._stream
        s.width, s.height, s.pix_fmt = w + w % 2, h + h % 2, "yuv420p"
        context = s.codec_context
        context.time_base = Fraction(1, TICKS)
        context.color_primaries = context.color_trc = context.colorspace = _BT709
        context.color_range = _LIMITED
        context.flags |= _FRAME_DURATION
        # Without B-frames decoding order is showing order, so that the durations the container keeps are the true ones.
        s.options = {"preset": "veryfast", "crf": str(self.quality), "bf": "0"}
        if self.lasting:
            s.options = {**s.options, **_AT_ONCE}

    def write(self, t: float, rgb: NDArray[np.uint8]) -> None:
        """Add a picture.

        Parameters
        ----------
        t : float
            Seconds, later than that of the picture before; the first one is time 0 of the file.
        rgb : (h, w, 3) uint8 array
            Red first. It may be changed afterwards.

        Raises
        ------
        ValueError
            If the shape is not that of ``size``, the type not uint8 or the time does not increase.
        """
        if self._stack is None:
            raise ValueError("the video is not open: use it in a with block")
        w, h = self.size
        if rgb.shape != (h, w, 3) or rgb.dtype != np.uint8:
            raise ValueError(f"rgb: expected a ({h}, {w}, 3) uint8 array, got {rgb.shape} {rgb.dtype}")
        if self._held is None:
            self._start = t
        tick = round((t - self._start) * TICKS)
        if self._held is not None:
            if not tick > self._held[0]:
                before = self._start + self._held[0] / TICKS
                raise ValueError(f"t: expected seconds after {before:.6f}, got {t:.6f}")
            self._step = tick - self._held[0]
            self._encode(self._step)
        # A picture is encoded when the next one tells how long it lasts.
        self._held = (tick, np.pad(rgb, ((0, h % 2), (0, w % 2), (0, 0)), mode="edge"))
        self.frames += 1

    def _encode(self, duration: int) -> None:
        import av

        assert self._held is not None
        tick, image = self._held
        frame = self._scaler.reformat(
            av.VideoFrame.from_ndarray(image, format="rgb24"),
            format="yuv420p",
            dst_colorspace=_BT709,
            dst_color_range=_LIMITED,
        )
        frame.pts, frame.time_base, frame.duration = tick, Fraction(1, TICKS), duration
        self._container.mux(self._stream.encode(frame))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        stack, self._stack = self._stack, None
        if stack is None:
            return
        if error is not None:
            if self.lasting and self._held is not None:
                with suppress(Exception):  # the first error says more
                    self._finish()
            stack.__exit__(kind, error, trace)
            return
        with stack:
            if self._held is None:
                raise UsageError(f"no picture was written to {self.path}", "nothing was kept")
            self._finish()

    def _finish(self) -> None:
        self._encode(self._step)
        self._container.mux(self._stream.encode(None))
