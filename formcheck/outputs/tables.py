"""Tidy tables: the measures (a row a used frame, written as it comes), and the repetitions and faults of a report."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TextIO

from ..coach.session import Moment
from ..errors import InputError, UsageError
from ..files import atomic_path, write_text
from .objects import Report, need_pandas

if TYPE_CHECKING:
    import pandas as pd

#: Columns of every table, in order; the exercise's own follow.
COMMON = (
    *("t_s", "pose", "confidence", "view", "phase", "rep"),
    *(f"{joint}_{side}" for joint in ("knee", "hip", "elbow", "shoulder", "line") for side in ("left", "right")),
    "trunk",
)
_HEAD = 6
_UNKNOWN = float("nan")


class MeasuresCsv:
    """Writes moments to a CSV file; the file appears when the block ends well.

    Parameters
    ----------
    path : path-like
    own : sequence of str
        The exercise's own measures, in order.
    """

    def __init__(self, path: str | Path, own: list[str]) -> None:
        self._path = path
        self.columns = [*COMMON, *(n for n in own if n not in COMMON)]
        self._measures = self.columns[_HEAD:]
        self._numbers = ",%.4g" * len(self._measures)
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        #: Where the rows are until the block ends.
        self.path = self._stack.enter_context(atomic_path(self._path))
        self._file = self._stack.enter_context(self.path.open("w", newline="", encoding="utf-8"))
        csv.writer(self._file, lineterminator="\n").writerow(self.columns)
        return self

    def write(self, m: Moment) -> None:
        """Add a row; what was not measured stays empty."""
        # All columns are plain words and numbers: nothing needs quotes, and one format for the row is quickest.
        rest = f"{m.view.kind},{m.phase},{m.rep or ''}"
        if not m.sample:
            self._file.write(f"{m.t:.3f},0,,{rest}{',' * len(self._measures)}\n")
            return
        numbers = self._numbers % tuple([m.sample.get(n, _UNKNOWN) for n in self._measures])
        if "n" in numbers:
            numbers = numbers.replace("nan", "").replace("-inf", "").replace("inf", "")
        self._file.write(f"{m.t:.3f},1,{m.confidence:.2f},{rest}{numbers}\n")

    def flush(self) -> None:
        """Bring all rows to the file at ``path``."""
        self._file.flush()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.__exit__(kind, error, trace)


#: Type of each column of the measures that is not a float.
MEASURE_KINDS = {"pose": "int", "view": "text", "phase": "text", "rep": "int"}
#: Kinds of columns as pandas and Arrow name them. A whole number may be unknown, hence the nullable kinds.
_PANDAS = {"int": "Int64", "float": "float64", "bool": "boolean", "text": "string"}
_ARROW = {"int": "int64", "float": "float64", "bool": "bool_", "text": "string"}
REP_COLUMNS = {
    "clip": "text", "exercise": "text", "rep": "int", "side": "text", "block": "text", "start_s": "float",
    "peak_s": "float", "end_s": "float", "hold_s": "float", "counted": "bool", "verdict": "text", "why": "text",
    "score": "float", "faults": "text",
}  # fmt: skip
FAULT_COLUMNS = {
    "clip": "text", "exercise": "text", "rep": "int", "side": "text", "fault": "text", "severity": "text",
    "from_s": "float", "to_s": "float", "seconds": "float", "worst": "float", "worst_s": "float", "limit": "float",
    "unit": "text", "cue": "text",
}  # fmt: skip


@dataclass(frozen=True)
class Table:
    """Rows under named columns of a kind each (``text``, ``int``, ``float``, ``bool``); None = unknown."""

    columns: Mapping[str, str]
    rows: tuple[tuple[Any, ...], ...]

    def csv(self) -> str:
        """Return it as CSV: a header, numbers in full, unknown values empty, booleans as true and false."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(self.columns)
        for row in self.rows:
            writer.writerow(["" if v is None else str(v).lower() if isinstance(v, bool) else v for v in row])
        return out.getvalue()

    def frame(self) -> pd.DataFrame:
        """Return it as a DataFrame; needs pandas."""
        pandas = need_pandas()
        columns = zip(*self.rows, strict=True) if self.rows else ([] for _ in self.columns)
        data = {
            name: pandas.Series(list(values), dtype=_PANDAS[kind])
            for (name, kind), values in zip(self.columns.items(), columns, strict=True)
        }
        frame: pd.DataFrame = pandas.DataFrame(data)
        return frame

    def write_parquet(self, path: Path) -> None:
        """Write it as Parquet; needs pyarrow."""
        pa = need_arrow()
        from pyarrow import parquet

        columns = list(zip(*self.rows, strict=True)) or [()] * len(self.columns)
        fields = [pa.field(name, getattr(pa, _ARROW[kind])()) for name, kind in self.columns.items()]
        arrays = [pa.array([_storable(x) for x in v], type=f.type) for v, f in zip(columns, fields, strict=True)]
        with atomic_path(path) as p:
            parquet.write_table(pa.Table.from_arrays(arrays, schema=pa.schema(fields)), p)


def _storable(value: Any) -> Any:
    """Return a value as Arrow takes it: texts without the lone surrogates of odd file names."""
    return value.encode("utf-8", "backslashreplace").decode("utf-8") if isinstance(value, str) else value


def reps_table(report: Report) -> Table:
    """Return a row a repetition, counted or not; the exercise's own measures as columns at the end."""
    own = list(dict.fromkeys(name for r in report.reps for name in r.measures))
    rows = []
    for r in report.reps:
        faults = " ".join(dict.fromkeys(f.id for f in r.faults)) or None
        head = (report.stem, report.exercise, r.index, r.side, r.block, r.start_s, r.peak_s, r.end_s, r.hold_s)
        tail = (r.counted, r.verdict, r.why, r.score, faults)
        rows.append((*head, *tail, *(r.measures.get(name) for name in own)))
    # A measure of the name of another column keeps apart from it.
    named = {f"measure_{n}" if n in REP_COLUMNS else n: "float" for n in own}
    return Table({**REP_COLUMNS, **named}, tuple(rows))


def faults_table(report: Report) -> Table:
    """Return a row for each fault of each repetition, and one without ``rep`` for a fault between repetitions."""
    known = {f.id: f for f in report.faults}
    rows: list[tuple[Any, ...]] = []
    for r in report.reps:
        for f in r.faults:
            whole = known.get(f.id)
            said = (whole.severity, whole.cue) if whole is not None else (None, None)
            seconds = round(f.to_s - f.from_s, 2)
            head = (report.stem, report.exercise, r.index, r.side, f.id, said[0], f.from_s, f.to_s, seconds)
            rows.append((*head, f.worst, f.worst_s, f.limit, f.unit, said[1]))
    for w in report.faults:
        if not w.reps:
            where = (report.stem, report.exercise, None, None, w.id, w.severity, w.from_s, w.to_s, w.seconds)
            rows.append((*where, w.worst, w.worst_s, w.limit, w.unit, w.cue))
    return Table(FAULT_COLUMNS, tuple(sorted(rows, key=lambda row: (row[6], row[4]))))


def table_files(report: Report, folder: str | Path, *, parquet: bool = False) -> dict[str, Path]:
    """Return the files :func:`write_tables` writes, by kind."""
    suffix = "parquet" if parquet else "csv"
    return {kind: Path(folder) / f"{report.stem}.{kind}.{suffix}" for kind in ("reps", "faults")}


def write_tables(report: Report | Mapping[str, Any], folder: str | Path, *, parquet: bool = False) -> dict[str, Path]:
    """Write ``<stem>.reps.csv`` and ``<stem>.faults.csv`` (or ``.parquet``).

    Parameters
    ----------
    report : Report or mapping
        A mapping is a report as plain data.
    folder : path
    parquet : bool
        Parquet in place of CSV; needs pyarrow.

    Returns
    -------
    dict of Path
        By kind: ``reps``, ``faults``.

    Raises
    ------
    InputError
        If a mapping is no report.
    UsageError
        If pyarrow is needed and not installed, or the folder cannot be written to.
    """
    whole = report if isinstance(report, Report) else Report.from_dict(report)
    files = table_files(whole, folder, parquet=parquet)
    if parquet:
        need_arrow()
    for kind, table in (("reps", reps_table(whole)), ("faults", faults_table(whole))):
        if parquet:
            table.write_parquet(files[kind])
        else:
            write_text(files[kind], table.csv())
    return files


def read_measures(source: str | Path | TextIO) -> pd.DataFrame:
    """Read a measures table (CSV or Parquet) with the right kind of each column; needs pandas."""
    pandas = need_pandas()
    if isinstance(source, str | Path) and str(source).endswith(".parquet"):
        frame: pd.DataFrame = pandas.read_parquet(source)
    else:
        text = {n: _PANDAS[k] for n, k in MEASURE_KINDS.items() if k == "text"}
        frame = pandas.read_csv(source, dtype=text, keep_default_na=True)
    for name in frame.columns:
        frame[name] = frame[name].astype(_PANDAS[MEASURE_KINDS.get(name, "float")])
    return frame


def need_arrow() -> Any:
    """Return pyarrow, or raise UsageError if it is not installed."""
    try:
        import pyarrow as pa
    except ImportError:
        raise UsageError("Parquet needs pyarrow", "pip install 'formcheck[tables]'") from None
    return pa


def csv_to_parquet(source: Path, target: Path) -> None:
    """Write a measures table as Parquet; needs the ``tables`` extra.

    Raises
    ------
    UsageError
        If pyarrow is not installed.
    InputError
        If it is no such table.
    """
    pa = need_arrow()
    from pyarrow import csv as arrow_csv
    from pyarrow import parquet

    try:
        with source.open(newline="", encoding="utf-8") as f:
            names = next(csv.reader(f))
        kinds = {n: getattr(pa, _ARROW[MEASURE_KINDS.get(n, "float")])() for n in names}
        # A column in which nothing was measured is numbers all the same.
        table = arrow_csv.read_csv(source, convert_options=arrow_csv.ConvertOptions(column_types=kinds))
    except (OSError, StopIteration, ValueError, KeyError, csv.Error) as e:
        hint = "give a .measures.csv written by 'formcheck analyze'"
        raise InputError(f"cannot read the table of measures {source} ({type(e).__name__})", hint) from e
    with atomic_path(target) as p:
        parquet.write_table(table, p)
