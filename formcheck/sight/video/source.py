"""Where pictures come from: one call, :func:`open_source`, for video files, image sequences and streams."""

from __future__ import annotations

import os
import re

from formcheck.files import expanded

from .decode import StreamSource
from .frame import Reading, VideoSource
from .images import ImageSource, is_pattern

_URL = re.compile(r"^(rtsps?|rtmps?|https?|udp|tcp|srt|rtp|mms)://", re.IGNORECASE)


def is_url(text: str) -> bool:
    """Whether ``text`` names a network stream.

    >>> is_url("rtsp://camera/1"), is_url("clip.mp4")
    (True, False)
    """
    return _URL.match(text) is not None


def open_source(
    path_or_url: str | os.PathLike[str],
    *,
    start: float | None = None,
    end: float | None = None,
    max_side: int | None = 960,
    mirror: bool = False,
    fps: float | None = None,
    rotate: int = 0,
    speed: float | None = None,
    stream: int | None = None,
) -> VideoSource:
    """Open a video file, a folder or pattern of images, or a network stream.

    Frames come upright (rotation and flip metadata applied), with square pixels, as RGB, with the presentation times
    of the source; memory does not grow with its length. Each iteration starts from the beginning (a stream: goes on).

    Parameters
    ----------
    path_or_url : str or path-like
        Any video FFmpeg reads; a folder of images; a pattern (``shot-%04d.png``, ``shots/*.jpg``); an RTSP or HTTP URL.
    start, end : float, optional
        Seconds since the first frame; only frames with ``start <= t < end`` are given.
    max_side : int or None
        Pictures are shrunk so that the longer side has at most this many pixels; never enlarged.
    mirror : bool
        Exchange left and right.
    fps : float, optional
        Frames a second of images (by default 30) and of bare streams of pictures such as ``.h264``; other videos and
        streams carry their own times.
    rotate : int
        Degrees clockwise to turn pictures that their metadata leave lying or upside down: 0, 90, 180 or 270.
    speed : float, optional
        Seconds that the file plays for one of life (slow motion: 8 for 240 pictures a second played at 30); by default
        what a telephone wrote into it, else 1.
    stream : int, optional
        Which of several videos in one file, from 1 on; by default the one with the largest picture.

    Raises
    ------
    InputError
        If there is no such input or it holds no readable pictures.
    UsageError
        If an option does not fit.
    """
    reading = Reading(start, end, max_side, mirror, fps, rotate, speed, stream)
    text = os.fspath(path_or_url)
    if is_url(text):
        return StreamSource(text, "stream", reading)
    path = expanded(text)
    if path.is_dir() or (not path.exists() and is_pattern(path.name)):
        return ImageSource(path, reading)
    return StreamSource(str(path), "video", reading)
