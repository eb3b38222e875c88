"""Whether a pose model file is whole: a quick look at every start, all its bytes on request."""

from __future__ import annotations

import json
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from .bundle import DETECTOR_NAME, LANDMARKS_NAME
from .fetch import sha256_of
from .manifest import ModelEntry, read_manifest

#: Of the record ``<file>.json`` beside each model in the cache.
SCHEMA = "formcheck.model/1"

#: Fields of the record that are used, and their kinds.
_KINDS = {"size": int, "sha256": str, "source": str, "licence": str, "pinned": bool}
_HASH = re.compile(r"[0-9a-f]{64}")
State = Literal["ok", "missing", "damaged"]


@dataclass(frozen=True)
class ModelStatus:
    """What is known of a model file.

    Attributes
    ----------
    name : str
        Name in the manifest, or the file name of a model from elsewhere.
    path : Path
    state : {"ok", "missing", "damaged"}
    detail : str
        One line on what was found.
    size : int or None
        Bytes.
    sha256 : str or None
        As recorded, or as computed by :func:`verify`.
    pinned : bool
        Whether what the file was made of is checked against a hash in the manifest.
    source : str
        ``"wheel"``, ``"url"``, ``"npm"``, ``"file"`` or ``""`` where unknown.
    licence : str
    """

    name: str
    path: Path
    state: State
    detail: str
    size: int | None = None
    sha256: str | None = None
    pinned: bool = False
    source: str = ""
    licence: str = ""


def sidecar(path: Path) -> Path:
    """Return where the record of a model file lies."""
    return path.with_name(path.name + ".json")


def read_record(path: Path) -> dict[str, Any]:
    """Return the record of a model file; empty where there is none that can be read."""
    try:
        data = json.loads(sidecar(path).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(data, dict) or data.get("schema") != SCHEMA:
        return {}
    # A record whose fields are of other kinds is none; the file is then looked at more closely.
    sound = all(type(data[name]) is kind for name, kind in _KINDS.items() if data.get(name) is not None)
    return data if sound and _HASH.fullmatch(data.get("sha256") or "") else {}


def fault(path: Path) -> str:
    """Return what is wrong with a bundle as far as its list of contents tells; empty where nothing is."""
    try:
        with zipfile.ZipFile(path) as z:
            names = set(z.namelist())
    except PermissionError:
        return "no permission to read it"
    except Exception:  # noqa: BLE001 -- zipfile raises many kinds on a damaged archive
        return "not a .task bundle or cut off"
    missing = {DETECTOR_NAME, LANDMARKS_NAME} - names
    return f"{min(missing)} is not in it" if missing else ""


def known_hashes(model: ModelEntry | None) -> set[str]:
    """Return the hashes the manifest knows for a model, or for all."""
    models = read_manifest().values() if model is None else [model]
    return {h for m in models for h in (*m.sha256, *([m.url_sha256] if m.url_sha256 else []))}


def quick_status(model: ModelEntry, path: Path) -> ModelStatus:
    """Compare size and contents list with the record; well below a millisecond."""
    if not path.is_file():
        return ModelStatus(model.name, path, "missing", "not fetched yet", licence=model.licence)
    record = read_record(path)
    if not record:  # put there by hand, or interrupted between the file and its record; hashing takes milliseconds
        return full_status(model, path)
    size = path.stat().st_size
    problem = fault(path) if size == record.get("size") else f"{size} bytes instead of {record.get('size')}"
    return _status(model.name, model, path, problem, record.get("sha256"), record)


def full_status(model: ModelEntry | None, path: Path) -> ModelStatus:
    """Hash a file and compare with its record and the manifest; ``model`` is None for a file from elsewhere."""
    name = path.name if model is None else model.name
    if not path.is_file():
        return ModelStatus(name, path, "missing", "not fetched yet", licence=model.licence if model else "")
    problem = fault(path)
    if problem == "no permission to read it":
        return _status(name, model, path, problem, None, {})
    digest = sha256_of(path)
    record = read_record(path)
    if not problem and record and digest != record.get("sha256"):
        problem = "its hash is not the one recorded when it was made"
    elif not problem and not record and digest not in known_hashes(model):
        # In the cache an unknown file is not to be trusted; elsewhere it is the user's own: only say whether it reads.
        problem = "its hash is not known" if model else unreadable(path)
    return _status(name, model, path, problem, digest, record)


def unreadable(path: Path) -> str:
    """Return which part of a bundle fails its checksum; empty where none does."""
    try:
        with zipfile.ZipFile(path) as z:
            bad = z.testzip()
    except Exception:  # noqa: BLE001 -- zipfile raises many kinds on a damaged archive
        return "it cannot be read whole"
    return f"{bad} in it is damaged" if bad else ""


def _status(
    name: str, model: ModelEntry | None, path: Path, problem: str, digest: str | None, record: dict[str, Any]
) -> ModelStatus:
    known = digest in known_hashes(model)
    pinned = bool(record.get("pinned")) or known
    fine = "as pinned" if known else "as recorded" if record else "readable; its origin is not known"
    return ModelStatus(
        name=name,
        path=path,
        state="damaged" if problem else "ok",
        detail=problem or fine,
        size=path.stat().st_size,
        sha256=digest,
        pinned=pinned and not problem,
        source=str(record.get("source", "")),
        licence=model.licence if model else str(record.get("licence", "")),
    )
