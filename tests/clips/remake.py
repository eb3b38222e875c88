"""The same clip, recorded otherwise: turned, mirrored, at other frame rates."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
#: Ticks a second of the clips made.
TICKS = 90_000


def read_frames(video: Path) -> tuple[NDArray[np.float64], list[Image]]:
    """Return times (s) and RGB pictures of a small clip."""
    with av.open(str(video)) as container:
        frames = [(f.time, f.to_ndarray(format="rgb24")) for f in container.decode(video=0)]
    return np.array([t for t, _ in frames]), [image for _, image in frames]


def write(path: Path, frames: Iterable[tuple[float, Image]], *, rotation: int = 0) -> Path:
    """Write pictures at their times, marked to be turned by ``rotation`` degrees counter-clockwise when shown."""
    with av.open(str(path), "w", options={"video_track_timescale": str(TICKS)}) as out:
        stream: Any = None
        for t, image in frames:
            if stream is None:
                stream = out.add_stream("libx264", rate=30)
                stream.height, stream.width = image.shape[:2]
                stream.pix_fmt, stream.options = "yuv420p", {"preset": "veryfast", "crf": "18", "bf": "0"}
                stream.codec_context.time_base = Fraction(1, TICKS)
                if rotation:
                    stream.set_display_rotation(rotation)
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(image), format="rgb24")
            frame.pts, frame.time_base = round(t * TICKS), Fraction(1, TICKS)
            out.mux(stream.encode(frame.reformat(format="yuv420p")))
        out.mux(stream.encode(None))
    return path


def turned(video: Path, path: Path) -> Path:
    """Store the pictures lying on their side, and the turn that sets them upright in the metadata."""
    t, images = read_frames(video)
    return write(path, zip(t, (np.rot90(i, k=1) for i in images), strict=True), rotation=-90)


def flipped(video: Path, path: Path) -> Path:
    """Mirror the pictures, as a selfie preview does."""
    t, images = read_frames(video)
    return write(path, zip(t, (i[:, ::-1] for i in images), strict=True))


def at_rate(fps: float) -> Callable[[Path, Path], Path]:
    """Return a function that shows at each time the picture of the source then on the screen."""

    def make(video: Path, path: Path) -> Path:
        t, images = read_frames(video)
        times = np.arange(0.0, t[-1] + 1e-6, 1.0 / fps)
        shown = np.searchsorted(t, times + 1e-6, side="right") - 1
        return write(path, ((u, images[k]) for u, k in zip(times, shown, strict=True)))

    return make


def uneven(video: Path, path: Path) -> Path:
    """Leave out a quarter of the pictures and let the clock of the others shake by up to 10 ms."""
    rng = np.random.default_rng(5)
    t, images = read_frames(video)
    keep = rng.random(len(t)) > 0.25
    keep[0] = True
    times = np.maximum(t + rng.uniform(-0.01, 0.01, len(t)), 0.0)
    return write(path, ((u, i) for u, i, ok in zip(times, images, keep, strict=True) if ok))
