"""Where the reports of sessions were written: noted with each session, so that it can be found by its number."""

from __future__ import annotations

import json
import os
import sqlite3
from pathlib import Path

REPORTS = "reports"


def note_report(db: sqlite3.Connection, session: int, file: str | os.PathLike[str]) -> None:
    """Note that a session has a report, once."""
    path = os.path.abspath(file)  # noqa: PTH100 - a link stays one: what it leads to may change
    known = _noted(db, session)
    if path not in known:
        text = json.dumps({REPORTS: [*known, path]})
        db.execute("UPDATE sessions SET summary = ? WHERE id = ?", (text, session))


def reports_of(db: sqlite3.Connection, session: int) -> list[Path]:
    """Return where the reports of a session were written, in order; they may be elsewhere by now."""
    return [Path(p) for p in _noted(db, session)]


def _noted(db: sqlite3.Connection, session: int) -> list[str]:
    row = db.execute("SELECT summary FROM sessions WHERE id = ?", (session,)).fetchone()
    try:
        data = json.loads(row[0]) if row is not None and row[0] is not None else {}
    except (TypeError, ValueError, RecursionError):
        return []
    known = data.get(REPORTS) if isinstance(data, dict) else None
    return [p for p in known if isinstance(p, str)] if isinstance(known, list) else []
