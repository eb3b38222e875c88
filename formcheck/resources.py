"""Files that ship beside the code: in a checkout at its root, in an installed package under ``_data``."""

from __future__ import annotations

from pathlib import Path

from .errors import InputError

_PACKAGE = Path(__file__).parent


def resource(*parts: str) -> Path:
    """Return the path of a shipped file, e.g. ``resource("sample_videos", "plane-hip-sag.mp4")``.

    Raises
    ------
    InputError
        If it is not there.
    """
    for root in (_PACKAGE / "_data", _PACKAGE.parent):
        path = root.joinpath(*parts)
        if path.exists():
            return path
    raise InputError(f"{'/'.join(parts)} is missing from this installation", "install formcheck again")
