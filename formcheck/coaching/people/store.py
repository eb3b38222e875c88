"""People and where their data lie.

``me`` has the data folder itself, so that a history of before belongs to ``me`` as it is. Everybody else has a folder
in ``people/``, named by chance: a name may be anything, and no name stands in a path. A person's folder holds
``person.json`` (schema ``formcheck.person/1``), ``history.sqlite``, and where they are set ``limits.toml`` and
``plan.toml``; ``sessions`` holds the reports of live sessions, ``uploads`` those of films that were uploaded.
"""

from __future__ import annotations

import json
import os
import secrets
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from formcheck.errors import InputError, UsageError
from formcheck.files import write_json
from formcheck.shown import brief, one_line, printable

from ..history.store import FILE, History, history_path

ME = "me"
SCHEMA = "formcheck.person/1"
#: Longest name, in characters.
LONGEST = 120
_FOLDER, _CARD = "people", "person.json"
#: Seconds to wait for another program that adds or deletes a person.
WAIT_S = 10.0


@dataclass(frozen=True)
class Person:
    """Somebody whose exercises are kept.

    Attributes
    ----------
    name : str
    folder : Path
        Where the person's data lie.
    added : str or None
        When the person was added (ISO 8601); None for ``me``.
    """

    name: str
    folder: Path
    added: str | None = None

    @property
    def is_me(self) -> bool:
        """Whether this is whoever uses the machine without a name."""
        return self.added is None

    @property
    def history(self) -> Path:
        """The file of the history, which may not be there yet."""
        return self.folder / FILE

    @property
    def limits(self) -> Path:
        """The file with limits of one's own, which may not be there."""
        return self.folder / "limits.toml"

    @property
    def plan(self) -> Path:
        """The file with the plan of the live workout, which may not be there."""
        return self.folder / "plan.toml"

    @property
    def sessions(self) -> Path:
        """Folder of the reports of live sessions, which may not be there."""
        return self.folder / "sessions"

    @property
    def uploads(self) -> Path:
        """Folder of the reports of films that were uploaded, which may not be there."""
        return self.folder / "uploads"

    @property
    def waiting(self) -> Path:
        """Folder of uploaded films that are still to be judged, which may not be there."""
        return self.folder / "serve" / "uploads"

    @property
    def chosen(self) -> Path:
        """The file with what was chosen on the settings page, which may not be there."""
        return self.folder / "serve" / "settings.json"

    @property
    def folders(self) -> tuple[Path, ...]:
        """All folders of the person's data, which may not be there."""
        return self.sessions, self.uploads, self.waiting

    def open_history(self) -> History:
        """Open the history, making it where there is none. Raises as :meth:`History.open`."""
        return History.open(self.history)


def data_folder() -> Path:
    """Return the folder of all data."""
    return history_path().parent


def same(a: str, b: str) -> bool:
    """Return whether two names are of one person: spaces, case and the way letters are composed do not matter.

    >>> same("Zoe\u0308  Nowak", "zo\u00eb nowak")
    True
    """
    return _key(a) == _key(b)


def _key(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


def checked_name(name: str) -> str:
    """Return a name as it is kept.

    Raises
    ------
    UsageError
        If it is empty, too long, or holds what cannot be printed.
    """
    tidy = " ".join(unicodedata.normalize("NFC", name).split())
    if not tidy or len(tidy) > LONGEST or printable(tidy) != tidy:
        raise UsageError(f"{brief(name)} is no name", f"give 1 to {LONGEST} letters that can be printed")
    return tidy


def list_people() -> list[Person]:
    """Return everybody: ``me`` first, the others by name.

    Raises
    ------
    InputError
        If a person's card is damaged.
    """
    folder = data_folder() / _FOLDER
    cards = sorted(folder.glob(f"*/{_CARD}")) if folder.is_dir() else []
    others = sorted((_read(card) for card in cards), key=lambda p: _key(p.name))
    return [Person(ME, data_folder()), *others]


def _read(card: Path) -> Person:
    hint = "put the file right or move its folder away; the others are as they were"
    try:
        data: Any = json.loads(card.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as e:
        raise InputError(f"{card} cannot be read ({type(e).__name__})", hint) from e
    known = isinstance(data, dict) and data.get("schema") == SCHEMA
    if not known or not all(isinstance(data.get(k), str) for k in ("name", "added")):
        raise InputError(f"{card} is no card of a person", hint)
    return Person(data["name"], card.parent, data["added"])


def find_person(name: str | None) -> Person:
    """Return a person by name; None is ``me``.

    Raises
    ------
    UsageError
        If there is nobody of that name: somebody mistyped must not get a history of their own.
    """
    people = list_people()
    wanted = ME if name is None else name
    for person in people:
        if same(person.name, wanted):
            return person
    near = get_close_matches(_key(wanted), [_key(p.name) for p in people], 1)
    meant = next((p.name for p in people if _key(p.name) == near[0]), "") if near else ""
    raise UsageError(
        f"there is nobody called '{one_line(wanted)}'",
        f"did you mean '{meant}'?" if meant else f"add the person first: formcheck people add '{one_line(wanted)}'",
    )


def add_person(name: str) -> Person:
    """Add a person.

    Raises
    ------
    UsageError
        If the name is none or taken, or the folder cannot be made.
    """
    tidy = checked_name(name)
    with alone():
        if any(same(p.name, tidy) for p in list_people()):
            raise UsageError(
                f"there is somebody called '{tidy}' already", "choose another name, with a surname or a year"
            )
        person = Person(tidy, data_folder() / _FOLDER / secrets.token_hex(8), _now())
        try:
            person.folder.mkdir(mode=0o700)
        except OSError as e:
            raise _cannot(person.folder, e) from e
        write_json(person.folder / _CARD, {"schema": SCHEMA, "name": tidy, "added": person.added})
    return person


@contextmanager
def alone() -> Iterator[None]:
    """Let one program at a time add or delete people."""
    from filelock import FileLock, Timeout

    folder = data_folder() / _FOLDER
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with FileLock(folder / ".lock").acquire(timeout=WAIT_S):
            yield
    except Timeout:
        raise UsageError(f"another program changes {folder}", "try again in a moment") from None
    except OSError as e:
        raise _cannot(folder, e) from e


def _cannot(folder: Path, e: OSError) -> UsageError:
    return UsageError(
        f"{folder} cannot be written ({(e.strerror or str(e)).lower()})",
        "make it writable, or name another FORMCHECK_DATA",
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def own_files(person: Person) -> list[Path]:
    """Return all files that hold something of a person: the history with its copies, settings, reports."""
    if not person.folder.is_dir():
        return []
    if not person.is_me:
        return sorted(p for p in person.folder.rglob("*") if p.is_symlink() or p.is_file())
    history = [p for p in person.folder.glob(f"{Path(FILE).stem}*") if p.is_file()]
    settings = [p for p in (person.limits, person.plan, person.chosen) if p.is_file()]
    others = [p for folder in person.folders for p in folder.rglob("*") if p.is_symlink() or p.is_file()]
    return sorted([*history, *settings, *others])


def wipe(file: Path) -> None:
    """Overwrite a file on the disk and delete it; a link is deleted alone."""
    if not file.is_symlink():
        # Through the file as it is: what writes elsewhere would leave the old bytes where they are.
        with file.open("r+b", buffering=0) as f:
            left = os.fstat(f.fileno()).st_size
            while left > 0:
                left -= f.write(bytes(min(left, 1 << 20)))
            os.fsync(f.fileno())
    file.unlink()
