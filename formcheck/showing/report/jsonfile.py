"""Files in JSON that formcheck wrote, read back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from formcheck.errors import InputError


def read_json(path: Path, what: str, writer: str) -> Any:
    """Return what a file holds.

    Parameters
    ----------
    path : Path
    what : str
        What it is, and the middle of its ending: ``report``.
    writer : str
        The command that writes such files.

    Raises
    ------
    InputError
        If the file is missing, cannot be read, or holds no JSON.
    """
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(f"{what} not found: {path}", "check the path") from None
    except (OSError, ValueError, RecursionError) as e:
        raise InputError(
            f"cannot read the {what} {path} ({type(e).__name__})", f"give a .{what}.json written by '{writer}'"
        ) from e
