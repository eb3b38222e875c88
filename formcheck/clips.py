"""What a clip is called: the name its outputs begin with."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path
from urllib.parse import unquote

from .addresses import is_address, shown_address

#: Ending of a file of poses.
TRACK_ENDING = ".track.npz"
#: ... and of a report.
REPORT_ENDING = ".report.json"
#: Longest beginning of the outputs' names, in bytes: file systems take 255, and the longest ending needs 17.
LONGEST = 200
_NO_NAME = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|\ud800-\udfff]+')


def stem_of(path: str | os.PathLike[str]) -> str:
    """Return the name of a clip without folder, suffix or ``.track``; ``stream`` where an address has none.

    One too long for its outputs is cut and made unique by a few letters.

    >>> stem_of("day 1/plane.report.json"), stem_of("https://me:pw@host/x/plane%201.mp4?token=7"), stem_of("rtsp://host")
    ('plane', 'plane 1', 'stream')
    """
    text = os.fspath(path)
    if is_address(text):
        # Of what is shown of the address: neither a query nor a password is part of a name.
        there = shown_address(text).partition("://")[2].partition("?")[0].partition("/")[2]
        text = file_name(unquote(there.rstrip("/").rpartition("/")[2]), "")
    return _fitting(stem(Path(text.rstrip("/")))) or "stream"


def stem(path: Path) -> str:
    """Return the name of the clip that a video, track or report belongs to, at its full length.

    >>> stem(Path("a/plane.track.npz")), stem(Path("plane.report.json")), stem(Path("plane.2.mp4"))
    ('plane', 'plane', 'plane.2')
    """
    for ending in (TRACK_ENDING, REPORT_ENDING):
        if path.name.endswith(ending):
            return path.name.removesuffix(ending)
    return path.stem


def file_name(text: str, otherwise: str = "clip") -> str:
    """Return a text as a file name: no separators, no control characters, not hidden."""
    return _NO_NAME.sub("_", text).strip(" .") or otherwise


def _fitting(name: str) -> str:
    whole = os.fsencode(name)
    if len(whole) <= LONGEST:
        return name
    mark = hashlib.sha256(whole).hexdigest()[:10]
    return f"{shortened(name, LONGEST - len(mark) - 1)}-{mark}"


def shortened(text: str, most: int) -> str:
    """Return as much of the beginning of a name as fits into so many bytes.

    >>> shortened("plane", 3), shortened("ąą", 3)
    ('pla', 'ą')
    """
    while len(os.fsencode(text)) > most:
        text = text[:-1]
    return text
