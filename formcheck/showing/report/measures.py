"""The table of measures: a row a used frame, written as it comes; read as a DataFrame, or made Parquet."""

from __future__ import annotations

import csv
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self, TextIO

from formcheck.errors import InputError
from formcheck.files import atomic_path
from formcheck.judging.session.moment import Moment

from .table import ARROW, PANDAS, need_arrow, need_pandas

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


def read_measures(source: str | Path | TextIO) -> pd.DataFrame:
    """Read a measures table (CSV or Parquet) with the right kind of each column; needs pandas."""
    pandas = need_pandas()
    if isinstance(source, str | Path) and str(source).endswith(".parquet"):
        frame: pd.DataFrame = pandas.read_parquet(source)
    else:
        text = {n: PANDAS[k] for n, k in MEASURE_KINDS.items() if k == "text"}
        frame = pandas.read_csv(source, dtype=text, keep_default_na=True)
    for name in frame.columns:
        frame[name] = frame[name].astype(PANDAS[MEASURE_KINDS.get(name, "float")])
    return frame


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
        kinds = {n: getattr(pa, ARROW[MEASURE_KINDS.get(n, "float")])() for n in names}
        # A column in which nothing was measured is numbers all the same.
        table = arrow_csv.read_csv(source, convert_options=arrow_csv.ConvertOptions(column_types=kinds))
    except (OSError, StopIteration, ValueError, KeyError, csv.Error) as e:
        hint = "give a .measures.csv written by 'formcheck analyze'"
        raise InputError(f"cannot read the table of measures {source} ({type(e).__name__})", hint) from e
    with atomic_path(target) as p:
        parquet.write_table(table, p)
