"""The results of a batch: a row a clip, a row a repetition, as CSV and Parquet, written as a stream."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from formcheck.errors import FormcheckError
from formcheck.files import atomic_path
from formcheck.judging.exercises.chosen import RESERVED
from formcheck.showing.report.objects import load_report
from formcheck.showing.report.table import need_arrow
from formcheck.showing.report.tables import REP_COLUMNS, reps_table

from .settings import CLIPS

ResultRow = Mapping[str, Any]
#: Columns of ``results.csv`` and their kinds.
CLIP_COLUMNS = {
    "clip": "text", "path": "text", "id": "text", "status": "text", "error": "text", "failure": "text",
    "exercise": "text", "asked": "text", "total": "int", "left": "int", "right": "int", "not_counted": "int",
    "true_total": "int", "score": "float", "faults": "text", "view": "text", "near_side": "text",
    "coverage_pose": "float", "coverage_in_position": "float", "coverage_judged": "float", "duration_s": "float",
    "frames": "int", "frames_used": "int", "seconds": "float",
}  # fmt: skip
_ARROW = {"int": "int64", "float": "float64", "bool": "bool_", "text": "string"}
#: Rows written to Parquet at a time.
GROUP = 10_000


@dataclass(frozen=True)
class Written:
    """What was written: files by name, and why Parquet was not, where it was not."""

    files: tuple[Path, ...]
    without_parquet: str | None = None


def clip_row(record: ResultRow) -> dict[str, Any]:
    """Return the row of a clip's record."""
    row: dict[str, Any] = dict(record.get("row") or {})
    failed = record["status"] == "failed"
    asked = record["asked"]
    return {
        **row,
        "clip": record["name"],
        "path": record["source"],
        "id": record.get("id"),
        "status": "failed" if failed else "done",
        "error": record.get("error"),
        "failure": record.get("failure"),
        "exercise": row.get("exercise") if not failed else _id_or_none(record.get("exercise")),
        "asked": asked,
        "faults": " ".join(row.get("faults") or []) or None,
        "seconds": record.get("seconds"),
    }


def _id_or_none(exercise: str | None) -> str | None:
    return None if exercise is None or exercise in RESERVED else exercise


def rep_rows(out: Path, record: ResultRow) -> Iterator[dict[str, Any]]:
    """Give the rows of a clip's repetitions, from its report; none if that cannot be read any more."""
    try:
        table = reps_table(load_report(out / CLIPS / f"{record['name']}.report.json"))
    except FormcheckError:
        return
    for row in table.rows:
        yield {"path": record["source"], **dict(zip(table.columns, row, strict=True))}


def write_results(out: Path, records: Callable[[], Iterable[ResultRow]]) -> Written:
    """Write ``results`` and ``reps`` as CSV and, where pyarrow is installed, Parquet.

    Parameters
    ----------
    out : path
        Folder of the batch.
    records : callable
        Gives the records of all clips, each time from the first on.
    """
    measures: dict[str, str] = {}
    for record in records():
        for name in record.get("measures") or ():
            measures.setdefault(f"measure_{name}" if name in REP_COLUMNS else name, "float")
    rep_columns = {"path": "text", **REP_COLUMNS, **dict(sorted(measures.items()))}
    try:
        need_arrow()
        parquet, why = True, None
    except FormcheckError as e:
        parquet, why = False, str(e)
    files = _write(out / "results", CLIP_COLUMNS, (clip_row(r) for r in records()), parquet)
    reps = (row for r in records() if r["status"] == "done" for row in rep_rows(out, r))
    files += _write(out / "reps", rep_columns, reps, parquet)
    return Written(tuple(files), why)


def _write(stem: Path, columns: Mapping[str, str], rows: Iterable[ResultRow], parquet: bool) -> list[Path]:
    files = [stem.with_suffix(".csv")] + ([stem.with_suffix(".parquet")] if parquet else [])
    with ExitStack() as stack:
        table = stack.enter_context(stack.enter_context(atomic_path(files[0])).open("w", newline="", encoding="utf-8"))
        writer = csv.writer(table, lineterminator="\n")
        writer.writerow(columns)
        store = None
        if parquet:
            store = _Parquet(stack.enter_context(atomic_path(files[1])), columns)
            stack.callback(store.close)
        rows = iter(rows)
        group = list(islice(rows, GROUP))
        while group:
            writer.writerows([_cell(row.get(c)) for c in columns] for row in group)
            if store is not None:
                store.write(group)
            group = list(islice(rows, GROUP))
    return files


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return _text(value) if isinstance(value, str) else value


def _text(value: str) -> str:
    r"""Return a text without lone surrogates, by which Python keeps bytes of a file name that are no UTF-8."""
    return value.encode("utf-8", "backslashreplace").decode("utf-8")


class _Parquet:
    """A Parquet file written group by group."""

    def __init__(self, path: Path, columns: Mapping[str, str]) -> None:
        pa = need_arrow()
        from pyarrow import parquet

        self._pa = pa
        self._schema = pa.schema([pa.field(n, getattr(pa, _ARROW[k])()) for n, k in columns.items()])
        self._floats = {n for n, k in columns.items() if k == "float"}
        self._writer = parquet.ParquetWriter(path, self._schema)

    def write(self, rows: list[ResultRow]) -> None:
        arrays = [
            self._pa.array([self._value(name, row.get(name)) for row in rows], type=self._schema.field(name).type)
            for name in self._schema.names
        ]
        self._writer.write_table(self._pa.Table.from_arrays(arrays, schema=self._schema))

    def _value(self, name: str, value: Any) -> Any:
        if isinstance(value, str):
            return _text(value)
        return float(value) if value is not None and name in self._floats else value

    def close(self) -> None:
        self._writer.close()
