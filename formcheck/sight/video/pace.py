"""How fast the pictures of a file followed each other in life: what its header says, and what the user knows better."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

#: Files that are a bare stream of pictures carry no times.
BARE = frozenset({"h264", "hevc", "vvc", "obu", "m4v", "mpegvideo", "h263", "h261", "mjpeg", "cavsvideo", "vc1"})
#: What FFmpeg takes for granted in them where nothing says how many pictures a second there are.
BARE_RATE = 25.0
#: A rate of capture beyond the rate of the file by this factor means slow motion.
SLOW_MOTION = 1.5
#: Where telephones write the rate of capture (pictures a second).
CAPTURE_RATE = "com.android.capture.fps"


@dataclass(frozen=True)
class Pace:
    """Seconds of life in a file.

    Attributes
    ----------
    fps : float or None
        Pictures a second of the file as it plays; None: unknown.
    constant : bool
        Whether the file has no times of its own: the rate gives them.
    speed : float
        Seconds that the file plays for one second of life: 8 where 240 pictures a second play at 30.
    notes : tuple of str
        What is to be said about it.
    """

    fps: float | None
    constant: bool
    speed: float
    notes: tuple[str, ...] = ()


def pace_of(container: Any, stream: Any, kind: str, *, fps: float | None = None, speed: float | None = None) -> Pace:
    """Return the pace of an open file or stream; what is given (*fps*, *speed*) goes before what it says itself."""
    constant = kind == "video" and container.format.name in BARE
    told = stream.codec_context.framerate if constant else stream.average_rate or stream.guessed_rate
    rate = float(told) if told and 0.01 < told < 1000 else None
    notes: list[str] = []
    if constant:
        if fps is None and rate is None:
            notes.append(
                f"The file carries no times: {BARE_RATE:g} pictures a second were taken; give --fps if not so."
            )
        rate = fps or rate or BARE_RATE
    elif fps is not None:
        notes.append("--fps was not used: the file carries its own times.")
    captured = _capture_rate(container)
    if speed is None and captured is not None and rate is not None and captured > SLOW_MOTION * rate:
        speed = captured / rate
        notes.append(
            f"Slow motion: filmed at {captured:g} pictures a second, played at {rate:g}. Times are those of life "
            f"({speed:.3g} times as fast as it plays); --speed 1 takes them as it plays."
        )
    return Pace(rate, constant, speed or 1.0, tuple(notes))


def _capture_rate(container: Any) -> float | None:
    with suppress(KeyError, ValueError, TypeError):
        return float(container.metadata[CAPTURE_RATE])
    return None


def length_told(container: Any, stream: Any) -> float | None:
    """Return the length of the pictures (s) as the header tells it, that of other streams left out, or None."""
    if stream.duration is not None and stream.time_base:
        return float(stream.duration * stream.time_base)
    begins = float(stream.start_time * stream.time_base) if stream.start_time and stream.time_base else 0.0
    ends = _clock_time(stream.metadata.get("DURATION", ""))  # Matroska: the time of the last picture's end
    if ends is not None:
        return max(ends - begins, 0.0)
    if container.duration is None:
        return None
    whole = float(container.duration) / 1e6
    return max(whole - begins, 0.0) if container.format.name.startswith("matroska") else whole


def _clock_time(text: str) -> float | None:
    """Read a time of the form ``HH:MM:SS.fff``.

    >>> _clock_time("00:01:02.500000000"), _clock_time("soon")
    (62.5, None)
    """
    try:
        hours, minutes, seconds = text.split(":")
        return 3600 * int(hours) + 60 * int(minutes) + float(seconds)
    except ValueError:
        return None
