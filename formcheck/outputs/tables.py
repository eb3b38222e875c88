"""The measures table: a row a used frame, written as it comes, so that a long video needs no memory."""

from __future__ import annotations

import csv
from contextlib import ExitStack
from math import isfinite
from pathlib import Path
from types import TracebackType
from typing import Self

from ..coach.session import Moment
from ..errors import UsageError
from ..files import atomic_path

#: Columns of every table, in order; the exercise's own follow.
COMMON = (
    *("t_s", "pose", "confidence", "view", "phase", "rep"),
    *(f"{joint}_{side}" for joint in ("knee", "hip", "elbow", "shoulder", "line") for side in ("left", "right")),
    "trunk",
)
_HEAD = 6


def _number(x: float) -> str:
    return f"{x:.4g}" if isfinite(x) else ""


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
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        #: Where the rows are until the block ends.
        self.path = self._stack.enter_context(atomic_path(self._path))
        self._file = self._stack.enter_context(self.path.open("w", newline="", encoding="utf-8"))
        self._rows = csv.writer(self._file, lineterminator="\n")
        self._rows.writerow(self.columns)
        return self

    def write(self, m: Moment) -> None:
        """Add a row; what was not measured stays empty."""
        found = bool(m.sample)
        head = [
            f"{m.t:.3f}",
            str(int(found)),
            f"{m.confidence:.2f}" if found else "",
            m.view.kind,
            m.phase,
            str(m.rep or ""),
        ]
        self._rows.writerow(head + [_number(m.sample.get(n, float("nan"))) for n in self.columns[_HEAD:]])

    def flush(self) -> None:
        """Bring all rows to the file at ``path``."""
        self._file.flush()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.__exit__(kind, error, trace)


def csv_to_parquet(source: Path, target: Path) -> None:
    """Write a measures table as Parquet; needs the ``tables`` extra.

    Raises
    ------
    UsageError
        If pyarrow is not installed.
    """
    try:
        from pyarrow import csv as arrow_csv
        from pyarrow import parquet
    except ImportError:
        raise UsageError("Parquet needs pyarrow", "pip install 'formcheck[tables]'") from None
    table = arrow_csv.read_csv(source)
    with atomic_path(target) as p:
        parquet.write_table(table, p)
