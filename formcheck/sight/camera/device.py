"""Cameras of this machine, through OpenCV."""

from __future__ import annotations

import os
import re
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from formcheck.errors import InputError

from ..video.upright import fitted
from .feed import CameraInfo, Shot

#: As a plain string, so that type checks cover every system.
_SYSTEM: str = sys.platform
_NAMES = Path("/sys/class/video4linux")
_DEVICE = re.compile(r"^/dev/video(\d+)$")
#: Where cameras have no names one can read, so many are tried.
_TRIED = 5
#: A camera may need some reads to warm up.
_WARM_UP = 10


@dataclass(frozen=True)
class FoundCamera:
    """A camera of this machine.

    Attributes
    ----------
    index : int
        What to give as ``--camera``.
    name : str
        What its maker calls it, or empty.
    """

    index: int
    name: str = ""

    def __str__(self) -> str:
        return f"{self.index} ({self.name})" if self.name else str(self.index)


def list_cameras(names: Path | None = None) -> list[FoundCamera]:
    """Return the cameras of this machine.

    On Linux they are not opened: the kernel tells their names. Elsewhere the first few are tried.

    Parameters
    ----------
    names : path, optional
        Folder to look into instead of the kernel's.
    """
    if names is not None or _SYSTEM == "linux":
        return _named(names or _NAMES)
    found = []
    for index in range(_TRIED):
        capture = _capture(index)
        if capture.isOpened():
            found.append(FoundCamera(index))
        capture.release()
    return found


def _named(folder: Path) -> list[FoundCamera]:
    found = []
    for entry in folder.glob("video*"):
        number = entry.name.removeprefix("video")
        # A camera has more than one node; the others carry data about the pictures.
        if number.isdigit() and _line(entry / "index") in {"0", ""}:
            found.append(FoundCamera(int(number), _line(entry / "name")))
    return sorted(found, key=lambda c: c.index)


def _line(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""


def _quiet() -> Any:
    """Import OpenCV with its warnings off: this module says what is wrong in words of its own."""
    os.environ.setdefault("OPENCV_LOG_LEVEL", "SILENT")
    # A camera pulled out is to be noticed sooner than after OpenCV's 10 s; takes effect if OpenCV is not loaded yet.
    os.environ.setdefault("OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT", "3")
    import cv2

    if os.environ["OPENCV_LOG_LEVEL"] == "SILENT":
        cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    return cv2


def _capture(index: int) -> Any:
    cv2 = _quiet()
    backend = {"linux": cv2.CAP_V4L2, "win32": cv2.CAP_DSHOW, "darwin": cv2.CAP_AVFOUNDATION}
    return cv2.VideoCapture(index, backend.get(_SYSTEM, cv2.CAP_ANY))


def device_index(spec: str | int) -> int | None:
    """Return the number of a device, given as a number or path; None where ``spec`` is something else.

    >>> device_index("0"), device_index("/dev/video2"), device_index("clip.mp4")
    (0, 2, None)
    """
    if isinstance(spec, int):
        return spec
    if spec.isdecimal():
        return int(spec)
    if spec.startswith("/dev/"):  # /dev/v4l/by-id/... are links, which outlive a change of numbers
        match = _DEVICE.match(os.path.realpath(spec))
        return int(match[1]) if match else None
    return None


class DeviceFeed:
    """A :class:`~formcheck.sight.camera.feed.Feed` of a camera of this machine.

    Parameters
    ----------
    index : int
        Its number.
    size : (int, int)
        Width and height asked for; it may give others.
    fps : float
        Frames a second asked for.
    max_side : int or None
        Longest side of the pictures delivered.

    Raises
    ------
    InputError
        If there is no such camera, it may not be used or it gives no picture (another program has it).
    """

    finite = False

    def __init__(self, index: int, size: tuple[int, int], fps: float, max_side: int | None) -> None:
        self._name, self._max_side = f"camera {index}", max_side
        if _SYSTEM == "linux":
            _check_node(index)
        cv2 = self._cv2 = _quiet()
        self._capture = _capture(index)
        try:
            if not self._capture.isOpened():
                raise _no_picture(index)
            # MJPG first: uncompressed, most USB cameras manage few pictures a second at this size.
            self._capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
            self._capture.set(cv2.CAP_PROP_FRAME_WIDTH, size[0])
            self._capture.set(cv2.CAP_PROP_FRAME_HEIGHT, size[1])
            self._capture.set(cv2.CAP_PROP_FPS, fps)
            self._capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
            first = next((image for image in (self._read() for _ in range(_WARM_UP)) if image is not None), None)
            if first is None:
                raise _no_picture(index)
        except BaseException:
            self._capture.release()
            raise
        h, w = first.shape[:2]
        code = int(self._capture.get(cv2.CAP_PROP_FOURCC)).to_bytes(4, "little", signed=True)
        mode = code.decode("ascii", "ignore") if code.isalnum() else ""
        self.info = CameraInfo(str(index), "device", w, h, fitted((w, h), max_side), mode)

    def _read(self) -> Any:
        ok, image = self._capture.read()
        return image if ok and image is not None and image.size else None

    def shots(self, stop: threading.Event) -> Iterator[Shot]:
        """Give the pictures as they arrive."""
        while not stop.is_set():
            image = self._read()
            if image is None:
                raise InputError(f"{self._name} gives no more pictures", "plug it in again")
            yield Shot(perf_counter(), lambda image=image: self._rgb(image))  # type: ignore[misc]

    def _rgb(self, image: Any) -> NDArray[np.uint8]:
        cv2 = self._cv2
        h, w = image.shape[:2]
        small = fitted((w, h), self._max_side)
        if small != (w, h):
            image = cv2.resize(image, small, interpolation=cv2.INTER_AREA)
        code = cv2.COLOR_GRAY2RGB if image.ndim == 2 else cv2.COLOR_BGR2RGB
        return np.asarray(cv2.cvtColor(image, code), dtype=np.uint8)

    def abort(self) -> None:
        """OpenCV cannot be woken: a read that waits ends by its own time limit."""

    def close(self) -> None:
        """Give the camera back."""
        self._capture.release()


def _check_node(index: int) -> None:
    node = Path(f"/dev/video{index}")
    if not node.exists():
        found = list_cameras()
        others = f"found: {', '.join(map(str, found))}" if found else "none was found; plug one in"
        raise InputError(f"no camera {index}", f"{others}, or give a URL or a video file")
    if not os.access(node, os.R_OK | os.W_OK):
        raise InputError(f"no permission to use camera {index}", "add yourself to the group video and log in again")


def _no_picture(index: int) -> InputError:
    if _SYSTEM == "linux":
        hint = "close other programs that use it, or plug it in again"
    else:
        hint = "close other programs that use it, and allow the camera in the privacy settings"
    return InputError(f"camera {index} is busy or gives no picture", hint)
