"""Which clips to evaluate, and where their truth is."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from formcheck.clips import REPORT_ENDING, TRACK_ENDING, stem
from formcheck.errors import InputError
from formcheck.showing.report.schema import SCHEMA

from .series import Array

#: Endings of videos looked for in folders; a file named outright may have any ending.
VIDEO_ENDINGS = frozenset({".mp4", ".mov", ".mkv", ".avi", ".webm", ".m4v", ".mpg", ".mpeg", ".3gp", ".ts", ".wmv"})


@dataclass(frozen=True)
class Item:
    """Something to evaluate: a video, track or finished report, and its truth file (which may be missing)."""

    source: Path
    truth: Path

    @property
    def is_report(self) -> bool:
        """True if the analysis has been done already."""
        return self.source.name.endswith(REPORT_ENDING)


def discover(paths: Iterable[str | Path]) -> list[Item]:
    """Find what to evaluate.

    Parameters
    ----------
    paths : iterable of paths
        Videos, tracks, reports and truth files are taken as they are, truth or no truth. Folders are searched with all
        folders in them for those that have a truth file beside them: videos first, else tracks, else reports.

    Returns
    -------
    list of Item
        In the order given, folders sorted by name, nothing twice.

    Raises
    ------
    InputError
        If a path does not exist or there is nothing to evaluate.
    """
    found: dict[Path, Item] = {}
    given = [Path(p) for p in paths]
    for path in given:
        if path.is_dir():
            items = _in_folder(path)
        elif path.is_file():
            items = [_single(path)]
        else:
            raise InputError(f"{path}: no such file or folder", "give clips, folders of clips or report files")
        for item in items:
            found.setdefault(item.source.resolve(), item)
    if not found:
        where = ", ".join(str(p) for p in given) or "nothing given"
        raise InputError(f"no clip with a truth file beside it in {where}", "put <clip>.json beside <clip>.mp4")
    return list(found.values())


def _in_folder(folder: Path) -> list[Item]:
    files = [p for p in folder.rglob("*") if p.is_file()]
    best: dict[Path, Path] = {}
    for rank in (_is_video, lambda p: p.name.endswith(TRACK_ENDING), lambda p: p.name.endswith(REPORT_ENDING)):
        for path in sorted(filter(rank, files)):
            best.setdefault(path.with_name(stem(path)), path)
    items = (Item(source, _truth_of(source)) for _, source in sorted(best.items()))
    return [i for i in items if i.truth.is_file()]


def _is_video(path: Path) -> bool:
    return path.suffix.lower() in VIDEO_ENDINGS


def _truth_of(source: Path) -> Path:
    """Where the truth of a source is: beside it, and for a report else beside the video it was made from."""
    beside = source.with_name(stem(source) + ".json")
    if beside.is_file() or not source.name.endswith(REPORT_ENDING):
        return beside
    try:
        origin = Path(json.loads(source.read_text(encoding="utf-8"))["source"]["path"])
    except (OSError, ValueError, KeyError, TypeError):
        return beside  # what is wrong with the report is said when it is read
    there = origin.with_name(stem(origin) + ".json")
    return there if there.is_file() else beside


def _single(path: Path) -> Item:
    if path.suffix == ".json" and not path.name.endswith(REPORT_ENDING):
        same = (p for p in sorted(path.parent.iterdir()) if stem(p) == path.stem and p != path)
        ranked = sorted(same, key=lambda p: (not _is_video(p), not p.name.endswith(TRACK_ENDING)))
        for source in ranked:
            if _is_video(source) or source.name.endswith((TRACK_ENDING, REPORT_ENDING)):
                return Item(source, path)
        raise InputError(f"{path}: no clip, track or report of that name beside it", "put the video beside its truth")
    return Item(path, _truth_of(path))


def read_report(path: Path) -> dict[str, Any]:
    """Read a report file.

    Raises
    ------
    InputError
        If it cannot be read or has another schema.
    """
    hint = f"give a file written by `formcheck analyze`, schema {SCHEMA}"
    try:
        report = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as e:
        raise InputError(f"{path}: not a readable report ({e})", hint) from e
    schema = report.get("schema") if isinstance(report, dict) else None
    if not isinstance(report, dict) or schema != SCHEMA:
        raise InputError(f"{path}: not a report, its schema is {schema!r}", hint)
    return report


def read_measures(path: Path) -> dict[str, Array]:
    """Read the numeric columns of a ``.measures.csv``; the time comes as ``t``, empty cells as NaN.

    Raises
    ------
    InputError
        If it cannot be read or has no times.
    """
    hint = "give a file written by `formcheck analyze`"
    try:
        with path.open(encoding="utf-8", newline="") as f:
            rows = list(csv.DictReader(f))
    except (OSError, ValueError, csv.Error) as e:
        raise InputError(f"{path}: not a readable table of measures ({e})", hint) from e
    out: dict[str, Array] = {}
    for name in rows[0] if rows else ():
        try:
            out[name] = np.array([float(r[name]) if r[name] else np.nan for r in rows])
        except (TypeError, ValueError):
            continue  # a column of words
    if "t_s" not in out:
        raise InputError(f"{path}: no column `t_s` in the table of measures", hint)
    out["t"] = out.pop("t_s")
    return out
