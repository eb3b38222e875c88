"""Small video files made with PyAV for the tests of this folder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

RED, GREEN, BLUE = (220, 20, 20), (20, 200, 20), (20, 20, 220)


def corner_picture(w: int = 64, h: int = 48) -> NDArray[np.uint8]:
    """Return a grey picture, its stored top left quarter red, the top right one green and the bottom left one blue."""
    image = np.full((h, w, 3), 128, np.uint8)
    image[: h // 2, : w // 2] = RED
    image[: h // 2, w // 2 :] = GREEN
    image[h // 2 :, : w // 2] = BLUE
    return image


def colour_at(image: NDArray[np.uint8], corner: str) -> str:
    """Name the colour near a corner: ``"top left"`` and so on."""
    h, w = image.shape[:2]
    y = h // 6 if "top" in corner else h - 1 - h // 6
    x = w // 6 if "left" in corner else w - 1 - w // 6
    r, g, b = (int(v) for v in image[y, x])
    if max(r, g, b) - min(r, g, b) < 60:
        return "grey"
    return ("red", "green", "blue")[int(np.argmax([r, g, b]))]


def write_clip(
    path: Path,
    pictures: Sequence[NDArray[np.uint8]] | None = None,
    *,
    ticks: Sequence[int] | None = None,
    codec: str = "libx264",
    pix_fmt: str = "yuv420p",
    time_base: Fraction = Fraction(1, 1000),
    options: dict[str, str] | None = None,
    container: dict[str, str] | None = None,
    setup: Callable[[Any], None] | None = None,
    audio: bool = False,
) -> Path:
    """Write a clip; ``ticks`` are presentation times in ``time_base``, by default 40 ms apart."""
    pictures = [corner_picture()] * 5 if pictures is None else pictures
    ticks = [40 * i for i in range(len(pictures))] if ticks is None else ticks
    with av.open(str(path), "w", options=container or {}) as out:
        stream: Any = out.add_stream(codec, rate=25)
        stream.height, stream.width = pictures[0].shape[:2]
        stream.pix_fmt = pix_fmt
        stream.codec_context.time_base = time_base
        stream.options = options or {}
        if setup is not None:
            setup(stream)
        sound: Any = out.add_stream("aac", rate=8000) if audio else None
        for picture, tick in zip(pictures, ticks, strict=True):
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24").reformat(format=pix_fmt)
            frame.pts, frame.time_base = tick, time_base
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
        if sound is not None:
            out.mux(sound.encode(silence()))
            out.mux(sound.encode(None))
    return path


def silence(samples: int = 1024) -> av.AudioFrame:
    """Return a stretch of silence at 8 kHz."""
    frame = av.AudioFrame.from_ndarray(np.zeros((1, samples), np.float32), format="fltp", layout="mono")
    frame.sample_rate = 8000
    frame.pts = 0
    return frame


def write_sound(path: Path) -> Path:
    """Write a file that holds sound only."""
    with av.open(str(path), "w") as out:
        stream: Any = out.add_stream("aac", rate=8000)
        out.mux(stream.encode(silence()))
        out.mux(stream.encode(None))
    return path


def moving(n: int, w: int = 160, h: int = 120, seed: int = 0) -> list[NDArray[np.uint8]]:
    """Return ``n`` pictures of noise that moves: costly to code, so that each takes some bytes."""
    noise = np.random.default_rng(seed).integers(0, 255, (h, w + 4 * n, 3)).astype(np.uint8)
    return [np.ascontiguousarray(noise[:, 4 * i : 4 * i + w]) for i in range(n)]
