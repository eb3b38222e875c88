"""A small film for the shared page: the annotated one, with the face hidden, or of a stick figure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from formcheck.errors import UsageError
from formcheck.showing.draw.private import hide_face, stick_figure
from formcheck.sight.pose.types import Track
from formcheck.sight.video.source import open_source
from formcheck.sight.video.writer import VideoWriter

Image = NDArray[np.uint8]
Array = NDArray[np.float64]
Frames = Callable[[int], Iterator[tuple[float, Image]]]

#: Longer side (px), quality of H.264 and most pictures a second, from the best on.
STEPS = ((640, 27, 31.0), (480, 29, 31.0), (400, 31, 15.5), (320, 34, 10.5), (240, 37, 8.5))
#: A pose further (s) than this from a picture does not say where the face is in it.
NEAR_S = 0.12


def small_film(frames: Frames, file: Path, most: int) -> float | None:
    """Write a film in the best of :data:`STEPS` in which it is small enough.

    Parameters
    ----------
    frames : callable
        Gives the pictures with their times, in order, for a longer side.
    file : Path
    most : int
        Bytes.

    Returns
    -------
    float or None
        Time of its first picture; None where there is none.

    Raises
    ------
    UsageError
        If even the smallest is too large.
    """
    for side, quality, rate in STEPS:
        first = _write(frames(side), file, quality, rate)
        if first is None:
            return None
        if file.stat().st_size <= most:
            return first
    raise UsageError(
        "the film is too long for one file to send", "share a part (--start, --end of analyze), or use --video none"
    )


def _write(frames: Iterator[tuple[float, Image]], file: Path, quality: int, rate: float) -> float | None:
    first = next(frames, None)
    if first is None:
        return None
    t, picture = first
    start, due = t, t
    with suppress(FileNotFoundError):
        file.unlink()
    with VideoWriter(file, (picture.shape[1], picture.shape[0]), quality=quality) as video:
        while True:
            if t >= due - 1e-6:
                video.write(t, picture)
                due = t + 1.0 / rate
            following = next(frames, None)
            if following is None:
                return start
            t, picture = following


def as_it_is(film: Path, offset: float) -> Frames:
    """Return the pictures of a film as they are; *offset* is the time of its first one."""

    def frames(side: int) -> Iterator[tuple[float, Image]]:
        with open_source(film, max_side=side) as source:
            for frame in source:
                yield frame.t + offset, frame.image

    return frames


def without_face(film: Path, offset: float, track: Track) -> Frames:
    """Return the pictures of a film with the face of whom the track follows made unknown."""

    def frames(side: int) -> Iterator[tuple[float, Image]]:
        for t, picture in as_it_is(film, offset)(side):
            hidden = picture.copy()
            hide_face(hidden, _points(track, t, (picture.shape[1], picture.shape[0])))
            yield t, hidden

    return frames


def as_figure(track: Track, first: float, last: float) -> Frames:
    """Return stick figures of a track, from one time to another."""

    def frames(side: int) -> Iterator[tuple[float, Image]]:
        k = min(side / max(track.size), 1.0)
        size = (max(round(track.size[0] * k), 2), max(round(track.size[1] * k), 2))
        for i, t in enumerate(track.t.tolist()):
            if first - 1e-6 <= t <= last + 1e-6:
                known = bool(np.isfinite(track.image[i]).any())
                yield t, stick_figure(size, track.image[i, :, :2] * k if known else None, track.ball[i] * k)

    return frames


def _points(track: Track, t: float, size: tuple[int, int]) -> Array | None:
    """Return the landmarks nearest to a time in pixels of pictures of another size; None where none is near."""
    i = int(np.argmin(np.abs(track.t - t)))
    if abs(float(track.t[i]) - t) > NEAR_S or not np.isfinite(track.image[i]).any():
        return None
    points: Array = track.image[i, :, :2] * (size[0] / track.size[0], size[1] / track.size[1])
    return points
