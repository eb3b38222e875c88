"""What a camera sends, item by item: frames, ticks and commands, read from their bytes and checked. Pure."""

from __future__ import annotations

import math
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from formcheck.shown import brief
from formcheck.sight.pose.landmarks import N_LANDMARKS
from formcheck.sight.pose.types import Pose

LANDMARKS, PICTURE = 1, 2
POSE_FLAG, SPEAKING_FLAG, BALL_FLAG = 1, 2, 4
#: Kind, flags, width, height, brightness, people, number, (reserved), time.
HEADER = struct.Struct("<BBHHBBIId")
#: In place of a brightness or a number of people that is not known.
UNKNOWN = 255
#: Bytes of the landmarks of one kind.
_POINTS = N_LANDMARKS * 4 * 4
#: Largest picture of a camera, farthest landmark (px, m), latest time (s): beyond, a number is damaged.
MAX_SIDE, MAX_PX, MAX_M, MAX_T = 16_384, 1e6, 1e4, 1e10
#: Bytes of a picture of the whole, and of the small one for the ball.
MAX_PICTURE, MAX_BALL_PICTURE = 512 * 1024, 64 * 1024
#: What a command may be.
COMMANDS = frozenset({"pause", "next", "repeat", "finish"})


class BadItemError(ValueError):
    """An item that cannot be understood.

    Attributes
    ----------
    n : int or None
        Its number, where that is known.
    """

    def __init__(self, message: str, n: int | None = None) -> None:
        super().__init__(message)
        self.n = n


@dataclass(frozen=True)
class SentFrame:
    """What was seen at one moment.

    Attributes
    ----------
    n : int
    t : float
        Seconds by the camera's clock.
    size : (int, int)
        Of the upright picture, px.
    pose : Pose or None
    luma : float or None
    persons : int or None
    speaking : bool
        Whether the page's voice is busy.
    picture : bytes or None
        A JPEG of the whole, in place of landmarks.
    ball : bytes or None
        A small JPEG beside the landmarks.
    """

    n: int
    t: float
    size: tuple[int, int]
    pose: Pose | None = None
    luma: float | None = None
    persons: int | None = None
    speaking: bool = False
    picture: bytes | None = None
    ball: bytes | None = None


@dataclass(frozen=True)
class Tick:
    """Time goes on without a picture."""

    n: int
    t: float
    speaking: bool = False


@dataclass(frozen=True)
class Do:
    """A command; ``n`` is None where a screen gave it."""

    n: int | None
    what: str


Item = SentFrame | Tick | Do


def read_frame(data: bytes) -> SentFrame:
    """Read a binary item.

    Raises
    ------
    BadItemError
    """
    if len(data) < HEADER.size:
        raise BadItemError(f"a frame has at least {HEADER.size} bytes, got {len(data)}")
    kind, flags, width, height, luma, persons, n, _, t = HEADER.unpack_from(data)
    if kind not in (LANDMARKS, PICTURE):
        raise BadItemError(f"unknown kind of frame {kind}", n)
    if not (1 <= width <= MAX_SIDE and 1 <= height <= MAX_SIDE):
        raise BadItemError(f"expected a picture of 1 to {MAX_SIDE} pixels a side, got {width} x {height}", n)
    check_time(t, n)
    rest = memoryview(data)[HEADER.size :]
    common: dict[str, Any] = {
        "n": n,
        "t": t,
        "size": (width, height),
        "luma": None if luma == UNKNOWN else float(luma),
        "persons": None if persons == UNKNOWN else int(persons),
        "speaking": bool(flags & SPEAKING_FLAG),
    }
    if kind == PICTURE:
        return SentFrame(**common, picture=_jpeg(rest, MAX_PICTURE, n))
    if flags & POSE_FLAG:
        if len(rest) < 2 * _POINTS:
            raise BadItemError(f"a pose has {2 * _POINTS} bytes, got {len(rest)}", n)
        image, world = (
            _points(rest[k * _POINTS : (k + 1) * _POINTS], n, most) for k, most in enumerate((MAX_PX, MAX_M))
        )
        common["pose"], rest = Pose(image, world), rest[2 * _POINTS :]
    if flags & BALL_FLAG:
        return SentFrame(**common, ball=_jpeg(rest, MAX_BALL_PICTURE, n))
    if len(rest):
        raise BadItemError(f"{len(rest)} bytes too many", n)
    return SentFrame(**common)


def read_told(message: Mapping[str, Any]) -> Tick | Do:
    """Read an item that came as JSON.

    Raises
    ------
    BadItemError
    """
    n = message.get("n")
    if n is not None and (isinstance(n, bool) or not isinstance(n, int) or not 0 <= n < 1 << 32):
        raise BadItemError(f"expected a whole number as n, got {brief(n)}")
    kind = message.get("type")
    if kind == "do":
        what = message.get("what")
        if not isinstance(what, str) or what not in COMMANDS:
            raise BadItemError(f"unknown command {brief(what)}", n)
        return Do(n, what)
    if kind == "tick":
        t = message.get("t")
        if n is None:
            raise BadItemError("a tick needs a number n")
        if isinstance(t, bool) or not isinstance(t, int | float):
            raise BadItemError(f"expected seconds as t, got {brief(t)}", n)
        check_time(float(t) if abs(t) <= MAX_T else math.inf, n)
        return Tick(n, float(t), message.get("speaking") is True)
    raise BadItemError(f"unknown type {brief(kind)}", n)


def write_frame(
    n: int,
    t: float,
    size: tuple[int, int],
    pose: Pose | None = None,
    *,
    luma: float | None = None,
    persons: int | None = None,
    speaking: bool = False,
    ball: bytes | None = None,
    picture: bytes | None = None,
) -> bytes:
    """Return a frame as the bytes that :func:`read_frame` reads, for clients in Python."""
    flags = POSE_FLAG * (pose is not None) | SPEAKING_FLAG * speaking | BALL_FLAG * (ball is not None)
    kind = PICTURE if picture is not None else LANDMARKS
    known = (UNKNOWN if v is None else min(round(v), UNKNOWN - 1) for v in (luma, persons))
    parts = [HEADER.pack(kind, flags, *size, *known, n, 0, t)]
    if picture is not None:
        return b"".join([*parts, picture])
    if pose is not None:
        parts += [np.ascontiguousarray(x, "<f4").tobytes() for x in (pose.image, pose.world)]
    return b"".join([*parts, ball or b""])


def check_time(t: float, n: int | None) -> None:
    """Raise BadItemError for a time that no camera can have given."""
    if not math.isfinite(t) or abs(t) > MAX_T:
        raise BadItemError(f"expected seconds as t, got {t:g}", n)


def _points(data: memoryview, n: int, most: float) -> NDArray[np.float64]:
    points = np.frombuffer(data, "<f4").reshape(N_LANDMARKS, 4).astype(np.float64)
    if not np.all(np.abs(points[:, :3]) <= most):  # no for NaN, too
        raise BadItemError(f"a landmark is not a number up to {most:g}", n)
    seen = points[:, 3]
    if not np.all((seen >= 0.0) & (seen <= 1.0 + 1e-3)):
        raise BadItemError("a visibility is not between 0 and 1", n)
    return points


def _jpeg(data: memoryview, most: int, n: int) -> bytes:
    if not 4 <= len(data) <= most:
        raise BadItemError(f"a picture has 4 to {most} bytes, got {len(data)}", n)
    if bytes(data[:2]) != b"\xff\xd8":
        raise BadItemError("a picture has to be a JPEG", n)
    return bytes(data)
