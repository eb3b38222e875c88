"""What the journal says of a clip, checked as it is read: a line that is not sound is as good as none."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import isfinite
from pathlib import Path
from typing import Any

from formcheck.addresses import address_key
from formcheck.clips import file_name
from formcheck.errors import InputError

from .journal import SCHEMA, Journal
from .results import CLIP_COLUMNS
from .work import Known

#: Fields of a clip's record that are texts, and those that may be missing.
_TEXTS = frozenset({"key", "name", "source", "asked", "status"})
_PERHAPS = frozenset({"id", "sha256", "config", "signature", "exercise", "failure", "error"})
_LONGEST_NAME = 255
#: No figure of a clip is larger.
_MOST = 1e12


@dataclass
class Earlier:
    """What an earlier run left in the journal.

    Attributes
    ----------
    places : dict
        Where the last record of a clip stands, by the clip's key.
    clips : dict
        What is known of it.
    names : dict
        How its outputs are called.
    odd : int
        Lines that are no records of this program's.
    """

    places: dict[str, int] = field(default_factory=dict)
    clips: dict[str, Known] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    odd: int = 0


def read_earlier(journal: Journal) -> Earlier:
    """Read the journal of an earlier run.

    Raises
    ------
    InputError
        If it is another program's, or another version's.
    """
    found, ours, lines = Earlier(), False, 0
    for place, record in journal.records():
        lines += 1
        kind = record.get("kind")
        ours |= kind == "run" and record.get("schema") == SCHEMA
        if kind == "run":
            continue
        if kind != "clip" or not is_sound(record):
            found.odd += 1
            continue
        # Earlier versions wrote the clip's address itself.
        key = address_key(record["key"]) if "\t" in record["key"] else record["key"]
        found.places[key], found.names[key], found.clips[key] = place, record["name"], _known(record)
    if lines and not ours:
        raise InputError(f"{journal.path} is not the journal of a batch", "choose another folder with -o")
    return found


def is_sound(record: dict[str, Any]) -> bool:
    """Return whether a record can be one that this program wrote of a clip.

    >>> is_sound({"kind": "clip"})
    False
    """
    texts = all(isinstance(record.get(name), str) for name in _TEXTS)
    texts = texts and all(isinstance(record.get(name, ""), str | None) for name in _PERHAPS)
    if not texts or record["status"] not in {"done", "failed"}:
        return False
    name, files, row = record["name"], record.get("files") or [], record.get("row") or {}
    if file_name(name) != name or len(name.encode(errors="surrogateescape")) > _LONGEST_NAME:
        return False
    # Outputs lie in the batch's own folder, whatever a line says.
    if not _are_texts(files) or any(Path(f).name != f for f in files) or not _are_texts(record.get("measures") or []):
        return False
    if record["status"] == "done" and f"{name}.report.json" not in files:
        return False
    return isinstance(row, dict) and all(_fits(n, v) for n, v in (*row.items(), ("seconds", record.get("seconds"))))


def _fits(name: str, value: Any) -> bool:
    """Return whether a value is of the kind that its column of the results has."""
    if value is None:
        return True
    if name == "faults":
        return _are_texts(value)
    kind = CLIP_COLUMNS.get(name)
    if kind == "text":
        return isinstance(value, str)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return abs(value) <= _MOST and isfinite(value) and (kind == "float" or isinstance(value, int))


def _are_texts(values: Any) -> bool:
    return isinstance(values, list) and all(isinstance(v, str) for v in values)


def _known(record: dict[str, Any]) -> Known:
    return Known(
        record.get("sha256"),
        record.get("config") or "",
        record.get("signature"),
        record.get("exercise") or "",
        record["status"],
        record.get("failure"),
        tuple(record.get("files") or ()),
    )
