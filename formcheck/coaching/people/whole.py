"""All of one person at once: exported into one file, or deleted for good."""

from __future__ import annotations

import json
import shutil
import sqlite3
import zipfile
from contextlib import closing, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from formcheck.errors import UsageError
from formcheck.files import atomic_path, json_text

from ..history.export import to_csv, to_json
from ..history.queries import sets
from ..history.reviews import reviews
from .store import Person, alone, own_files, wipe

#: The part of an error code of SQLite that names its kind.
PRIMARY = 0xFF


def export_person(person: Person, file: Path) -> int:
    """Write everything about a person into one ZIP file, whole or not at all; return how many files are in it.

    ``history.sqlite`` is the whole history; ``reps.csv``, ``reps.json`` and ``reviews.json`` say the same for other
    programs; the rest lies as in the person's folder.

    Raises
    ------
    InputError, UsageError
        If the history is damaged, or the file cannot be written.
    """
    files = [p for p in own_files(person) if not _is_history(person, p)]
    with TemporaryDirectory(prefix="formcheck-") as temporary, atomic_path(file) as temp:
        temp.chmod(0o600)
        with zipfile.ZipFile(temp, "w", zipfile.ZIP_DEFLATED) as z:
            card: dict[str, Any] = {"schema": "formcheck.person/1", "name": person.name, "added": person.added}
            z.writestr("person.json", json_text(card))
            n = 1
            if person.history.exists():
                n += _write_history(person, Path(temporary) / "history.sqlite", z)
            for p in files:
                name = p.relative_to(person.folder).as_posix()
                if name != "person.json" and not p.is_symlink():
                    z.write(p, name)
                    n += 1
    return n


def _write_history(person: Person, copy: Path, z: zipfile.ZipFile) -> int:
    with person.open_history() as h:
        done = sets(h)
        said = reviews(h)
        with closing(sqlite3.connect(copy)) as target:
            h.db.backup(target)
    z.write(copy, "history.sqlite")
    z.writestr("reps.csv", to_csv(done))
    z.writestr("reps.json", to_json(done))
    z.writestr("reviews.json", json.dumps(said, ensure_ascii=True, indent=2) + "\n")
    return 4


def _is_history(person: Person, p: Path) -> bool:
    """Return whether a file is the history itself, or one that belongs to it."""
    return p.parent == person.folder and p.name.startswith(person.history.stem)


def delete_person(person: Person) -> int:
    """Delete everything about a person for good, overwriting it on disk; return how many files there were.

    Of ``me`` the data go and the folder stays.

    Raises
    ------
    UsageError
        If another program holds the history, or a file cannot be deleted; what could be deleted is gone then.
    """
    with alone():
        _empty(person)
        files = own_files(person)
        for p in files:
            try:
                wipe(p)
            except FileNotFoundError:  # SQLite's own files go with the last one who closes the history
                continue
            except OSError as e:
                raise UsageError(f"cannot delete {p} ({(e.strerror or str(e)).lower()})", "delete it by hand") from e
        for folder in person.folders if person.is_me else (person.folder,):
            with suppress(FileNotFoundError):
                shutil.rmtree(folder)
    return len(files)


def _empty(person: Person) -> None:
    """Empty a history, so that no page of it lingers in a file that SQLite keeps beside it."""
    if not person.history.is_file():
        return
    try:
        with closing(sqlite3.connect(person.history, timeout=5.0, isolation_level=None)) as db:
            db.execute("PRAGMA secure_delete = ON")
            db.execute("PRAGMA foreign_keys = ON")
            # A program in the middle of a step holds this up; one that comes later finds nothing.
            db.execute("BEGIN EXCLUSIVE")
            db.execute("DELETE FROM sessions")
            db.execute("DELETE FROM settings")
            db.execute("COMMIT")
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    except sqlite3.OperationalError as e:
        if e.sqlite_errorcode & PRIMARY in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise UsageError(
                f"the history of {person.name} is in use by another program", "end it, then delete; nothing was deleted"
            ) from e
    except sqlite3.DatabaseError:
        return  # a damaged one, or none of ours: it is overwritten all the same
