"""Image sequences: a folder, a numbered pattern or a wildcard, at a given frame rate."""

from __future__ import annotations

import fnmatch
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from formcheck.closing import Closing
from formcheck.errors import InputError

from .frame import USUAL_RATE, Frame, Reading, SourceInfo
from .media import open_media
from .upright import Upright

if TYPE_CHECKING:
    import av

#: Endings of pictures of which a folder may be a film.
IMAGE_ENDINGS = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff", ".ppm", ".pgm"})
_NUMBERED = re.compile(r"%0?(\d*)d")


def is_pattern(name: str) -> bool:
    """Whether a file name stands for several files.

    >>> is_pattern("shot-%04d.png"), is_pattern("*.jpg"), is_pattern("clip.mp4")
    (True, True, False)
    """
    return _NUMBERED.search(name) is not None or any(c in name for c in "*?[")


def natural_key(path: Path) -> list[tuple[int, int, str]]:
    """Sort key that puts ``shot-2`` before ``shot-10``."""
    return [(1, int(p), "") if p.isdigit() else (0, 0, p.lower()) for p in re.split(r"(\d+)", path.name)]


def find_images(path: Path) -> list[Path]:
    """Return the images that a folder or pattern stands for, in natural order.

    Raises
    ------
    InputError
        If there is none, or the folder is missing or may not be read.
    """
    folder = path if path.is_dir() else path.parent
    if not folder.is_dir():
        raise InputError(f"no such folder: {folder}", "check the path")
    if not os.access(folder, os.R_OK | os.X_OK):
        raise InputError(f"no permission to read {folder}", "change its access rights or copy it")
    found = [p for p in folder.iterdir() if p.is_file() and not p.name.startswith(".")]
    if path.is_dir():
        found = [p for p in found if p.suffix.lower() in IMAGE_ENDINGS]
        if not found:
            raise InputError(f"no images in the folder {path}", "give a video file or a folder of jpg or png files")
    else:
        found = [p for p in found if _matcher(path.name).fullmatch(p.name)]
        if not found:
            raise InputError(f"no image fits the pattern {path}", "check the folder and the pattern")
    return sorted(found, key=natural_key)


def _matcher(name: str) -> re.Pattern[str]:
    numbered = _NUMBERED.search(name)
    if numbered is None:
        return re.compile(fnmatch.translate(name))
    digits = rf"\d{{{numbered[1]},}}" if numbered[1] else r"\d+"
    return re.compile(re.escape(name[: numbered.start()]) + digits + re.escape(name[numbered.end() :]))


class ImageSource(Closing):
    """A :class:`~formcheck.sight.video.frame.VideoSource` of images; frame ``i`` has the time ``i / fps``.

    Raises
    ------
    InputError
        If there is no image or none of them can be decoded.
    """

    def __init__(self, path: Path, reading: Reading) -> None:
        self.damaged = 0
        self.notes: list[str] = []
        self.length_s: float | None = None
        self._fps = reading.fps or USUAL_RATE
        self._paths = find_images(path)
        self._reading = reading
        self._upright = Upright(reading.max_side, reading.mirror, rotate=reading.rotate)
        first = next((f for f in map(_decoded, self._paths) if f is not None), None)
        if first is None:
            raise InputError(f"none of the {len(self._paths)} images of {path} can be decoded", "check the files")
        width, height = self._upright.full_size(first)
        image = self._upright(first)
        duration = len(self._paths) / self._fps
        self.info = SourceInfo(
            path=str(path),
            kind="images",
            duration_s=duration,
            fps=self._fps,
            width=width,
            height=height,
            frames=len(self._paths),
            rotation=self._upright.orientation(first).rotation,
            frame_size=(image.shape[1], image.shape[0]),
        )
        reading.check_start(str(path), duration)

    def __iter__(self) -> Iterator[Frame]:
        self.damaged = 0
        index = 0
        for i, path in enumerate(self._paths):
            t = i / self._fps
            if self._reading.before(t):
                continue
            if self._reading.after(t):
                return
            frame = _decoded(path)
            if frame is None:
                self.damaged += 1
                continue
            yield Frame(t, self._upright(frame), index)
            index += 1

    def close(self) -> None:
        """Nothing stays open between images."""


def _decoded(path: Path) -> av.VideoFrame | None:
    import av

    try:
        with open_media(path.absolute()) as container:
            return next(container.decode(video=0), None)
    except (av.error.FFmpegError, IndexError):
        return None
