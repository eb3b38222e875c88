"""Manifests: lists of clips as CSV or JSON lines, a row a clip."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path, PureWindowsPath
from typing import Any

from formcheck.addresses import is_address, plain_scheme, scheme_of
from formcheck.errors import FormcheckError, InputError
from formcheck.files import expanded
from formcheck.shown import brief

from .job import Job, check_exercise
from .remote import read_remote

COLUMNS = ("path", "exercise", "truth", "id")
_HINT = "a manifest is CSV or JSON lines with the columns path and, as you like, exercise, truth, id"


def read_manifest(path: str, exercise: str) -> list[Job]:
    """Read a manifest.

    Parameters
    ----------
    path : str
        File or URL. Relative paths in it are relative to its folder.
    exercise : str
        For rows that name none.

    Raises
    ------
    InputError
        If it cannot be read, has no ``path`` column, or a row has no path or an unknown exercise, or a manifest from
        elsewhere names a file of this machine or of a third place.
    """
    jobs = []
    for line, row in _rows(path, _text(path)):
        values = {c: str(row[c]).strip() for c in COLUMNS if row.get(c) not in (None, "")}
        if not values.get("path"):
            raise InputError(f"{path}, line {line}: no path", _HINT)
        asked = values.get("exercise", exercise)
        try:
            check_exercise(asked)
        except FormcheckError as e:
            raise InputError(f"{path}, line {line}: {e.message}", e.hint) from None
        truth = values.get("truth")
        try:
            source = _beside(path, values["path"])
            beside = truth and _beside(path, truth)
        except ValueError as e:
            raise InputError(
                f"{path}, line {line}: {brief(str(e))} is not of the place the manifest comes from",
                f"a manifest from {scheme_of(path)}:// may name clips there only; copy it here to mix places",
            ) from None
        jobs.append(Job(source, asked, id=values.get("id"), truth=beside))
    return jobs


def _text(path: str) -> str:
    try:
        if is_address(path):
            data = read_remote(path)
        else:
            data = Path(path).read_bytes()
        return data.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as e:
        why = getattr(e, "strerror", None) or "it is not UTF-8 text"
        raise InputError(f"cannot read the manifest {path} ({why.lower()})", _HINT) from e


def _rows(path: str, text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    if re.split(r"[?#]", path, maxsplit=1)[0].lower().endswith(".csv"):
        table = csv.DictReader(io.StringIO(text, newline=""), skipinitialspace=True)
        try:
            if "path" not in (table.fieldnames or ()):
                raise InputError(f"{path}: no column `path`", _HINT)
            for row in table:
                if any(v for v in row.values() if isinstance(v, str)):
                    yield table.line_num, row
        except csv.Error as e:
            raise InputError(f"{path}, line {table.line_num}: {e}", _HINT) from e
        return
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as e:
            raise InputError(f"{path}, line {number}: no JSON", _HINT) from e
        if not isinstance(row, dict):
            raise InputError(f"{path}, line {number}: expected an object, got {line.strip()[:40]}", _HINT)
        yield number, row


def _beside(manifest: str, path: str) -> str:
    """Return a path of a manifest, relative ones from the manifest's folder.

    Raises
    ------
    ValueError
        If a manifest from elsewhere names a file of this machine, or of a third place: who wrote it is not who runs it.
    """
    if is_address(manifest):
        if is_address(path) or "::" in path:
            if scheme_of(path) != scheme_of(manifest):
                raise ValueError(path)
            return plain_scheme(path)
        if path.startswith(("/", "\\", "~")) or PureWindowsPath(path).drive:
            raise ValueError(path)
        return f"{manifest.partition('#')[0].partition('?')[0].rpartition('/')[0]}/{path}"
    if is_address(path):
        return plain_scheme(path)
    there = expanded(path)
    return str(there if there.is_absolute() else Path(manifest).parent / there)
