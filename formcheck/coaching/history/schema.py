"""The tables, and how an older file becomes one of today.

``PRAGMA user_version`` holds the version of the schema, ``PRAGMA application_id`` says that the file is ours. Moments
are text in UTC (``2026-03-29T06:30:00.000Z``), which sorts as it should; beside the start of a session stands how far
the local clock was ahead of UTC then, so that its day stays its day wherever and whenever it is read. Times within a
session are seconds.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from formcheck.errors import InputError, UsageError
from formcheck.files import atomic_path
from formcheck.shown import brief

VERSION = 3
#: "FORM".
APPLICATION_ID = 0x464F524D

V1 = (
    """CREATE TABLE sessions (
        id INTEGER PRIMARY KEY, started_at TEXT NOT NULL, ended_at TEXT, kind TEXT NOT NULL, source TEXT,
        formcheck TEXT NOT NULL)""",
    """CREATE TABLE sets (
        id INTEGER PRIMARY KEY, session INTEGER NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
        exercise TEXT NOT NULL, started_at TEXT NOT NULL, ended_at TEXT, target INTEGER, score REAL)""",
    """CREATE TABLE reps (
        id INTEGER PRIMARY KEY, "set" INTEGER NOT NULL REFERENCES sets (id) ON DELETE CASCADE,
        number INTEGER NOT NULL, side TEXT, start_s REAL NOT NULL, peak_s REAL NOT NULL, end_s REAL NOT NULL,
        hold_s REAL, counted INTEGER NOT NULL, why TEXT, score REAL, measures TEXT NOT NULL DEFAULT '{}')""",
    """CREATE TABLE faults (
        id INTEGER PRIMARY KEY, rep INTEGER NOT NULL REFERENCES reps (id) ON DELETE CASCADE,
        fault TEXT NOT NULL, severity TEXT NOT NULL, worst REAL, "limit" REAL, unit TEXT NOT NULL,
        from_s REAL NOT NULL, to_s REAL NOT NULL)""",
)
V2 = (
    # Seconds the local clock was ahead of UTC when the session began.
    "ALTER TABLE sessions ADD COLUMN utc_offset_s INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE sessions ADD COLUMN routine TEXT",
    "ALTER TABLE sessions ADD COLUMN note TEXT",
    # What else is known of the session, as JSON: where its reports were written.
    "ALTER TABLE sessions ADD COLUMN summary TEXT",
    # What tells a recording from another, so that judging it again does not count twice.
    "ALTER TABLE sessions ADD COLUMN recording TEXT",
    # The sides in the order they are to be done, as "right,left".
    "ALTER TABLE sets ADD COLUMN side_order TEXT",
    "ALTER TABLE reps ADD COLUMN block TEXT",
    "ALTER TABLE reps ADD COLUMN recorded_at TEXT",
    "CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    "CREATE INDEX sessions_by_start ON sessions (started_at)",
    "CREATE INDEX sets_by_session ON sets (session)",
    "CREATE INDEX sets_by_exercise ON sets (exercise)",
    'CREATE INDEX reps_by_set ON reps ("set")',
    "CREATE INDEX faults_by_rep ON faults (rep)",
)
V3 = (
    # What a person said of a session's report (formcheck.review/1), beside what was measured; one a session.
    """CREATE TABLE reviews (
        session INTEGER PRIMARY KEY REFERENCES sessions (id) ON DELETE CASCADE,
        changed_at TEXT NOT NULL, review TEXT NOT NULL)""",
)


def moment(t: datetime) -> str:
    """Return an aware moment as it is stored.

    >>> moment(datetime(2026, 3, 29, 8, 30, tzinfo=UTC))
    '2026-03-29T08:30:00.000Z'
    """
    return t.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def offset_s(t: datetime) -> int:
    """Return how many seconds the clock of an aware moment is ahead of UTC."""
    ahead = t.utcoffset()
    if ahead is None:
        raise ValueError(f"expected a moment with a time zone, got {t}")
    return round(ahead.total_seconds())


def _to_v1(db: sqlite3.Connection) -> None:
    for statement in V1:
        db.execute(statement)


def _to_v2(db: sqlite3.Connection) -> None:
    for statement in V2:
        db.execute(statement)
    # The first version did not note the offset: this machine's clock at that time is the best guess.
    for number, started in db.execute("SELECT id, started_at FROM sessions").fetchall():
        try:
            there = datetime.fromisoformat(started).astimezone()
        except (TypeError, ValueError, OverflowError):
            raise sqlite3.DataError(f"session {number}: started_at is {brief(started)}") from None
        db.execute(
            "UPDATE sessions SET started_at = ?, utc_offset_s = ? WHERE id = ?",
            (moment(there), offset_s(there), number),
        )


def _to_v3(db: sqlite3.Connection) -> None:
    for statement in V3:
        db.execute(statement)


#: What leads to each version from the one before it.
STEPS: dict[int, Callable[[sqlite3.Connection], None]] = {1: _to_v1, 2: _to_v2, 3: _to_v3}


def _marks(db: sqlite3.Connection) -> tuple[int, int, int]:
    """Return version, owner and number of tables as they are at one moment: another program may be making them."""
    own = not db.in_transaction
    if own:
        db.execute("BEGIN")
    try:
        asked = ("PRAGMA user_version", "PRAGMA application_id", "SELECT count(*) FROM sqlite_master")
        version, owner, tables = (int(db.execute(a).fetchone()[0]) for a in asked)
        return version, owner, tables
    finally:
        if own and db.in_transaction:
            db.execute("ROLLBACK")


def version_of(db: sqlite3.Connection, path: Path) -> int:
    """Return the version of a file's schema without changing anything; 0 for an empty file.

    Raises
    ------
    InputError
        If it is the database of another program.
    UsageError
        If a newer formcheck made it.
    """
    version, owner, tables = _marks(db)
    if owner != APPLICATION_ID and (tables or owner or version):
        raise InputError(f"{path} is not a formcheck history", "it was left alone; move it away or name another file")
    if version < 0:
        raise InputError(
            f"the history {path} is damaged (schema {version})",
            "nothing was changed; move the file away to begin a new history, or put a copy of it back",
        )
    if version > VERSION:
        raise UsageError(
            f"the history {path} was made by a newer formcheck (schema {version}, known here up to {VERSION})",
            "update formcheck; nothing was changed",
        )
    return version


def bring_up(db: sqlite3.Connection, path: Path) -> None:
    """Make the tables, or bring an older file to today's schema, as one step that happens whole or not at all.

    An older file is kept beside the new one as ``<stem>-v<version><suffix>``.

    Raises
    ------
    InputError, UsageError
        As :func:`version_of`.
    """
    if version_of(db, path) == VERSION:
        return
    db.execute("BEGIN IMMEDIATE")
    kept: Path | None = None
    try:
        version = version_of(db, path)  # another program may have done it meanwhile
        if version:
            kept = _keep(path, path.with_name(f"{path.stem}-v{version}{path.suffix}"))
        for step in range(version + 1, VERSION + 1):
            STEPS[step](db)
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        db.execute(f"PRAGMA user_version = {VERSION}")
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        if kept is not None:
            kept.unlink(missing_ok=True)
        raise


def _keep(path: Path, copy: Path) -> Path | None:
    """Copy a history; return the copy, None where there was one."""
    if copy.exists():
        return None
    with atomic_path(copy) as temp:
        temp.chmod(0o600)
        source, target = sqlite3.connect(path), sqlite3.connect(temp)
        try:
            source.backup(target)
        finally:
            source.close()
            target.close()
    return copy
