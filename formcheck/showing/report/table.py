"""A table of named columns: as CSV, Parquet or a DataFrame."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from formcheck.errors import UsageError
from formcheck.files import atomic_path

if TYPE_CHECKING:
    import pandas as pd


def need_pandas() -> Any:
    """Return pandas.

    Raises
    ------
    UsageError
        If it is not installed.
    """
    try:
        import pandas as pd
    except ImportError:
        raise UsageError("tables as DataFrames need pandas", "pip install 'formcheck[tables]'") from None
    return pd


#: Kinds of columns as pandas and Arrow name them. A whole number may be unknown, hence the nullable kinds.
PANDAS = {"int": "Int64", "float": "float64", "bool": "boolean", "text": "string"}


ARROW = {"int": "int64", "float": "float64", "bool": "bool_", "text": "string"}


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
            name: pandas.Series(list(values), dtype=PANDAS[kind])
            for (name, kind), values in zip(self.columns.items(), columns, strict=True)
        }
        frame: pd.DataFrame = pandas.DataFrame(data)
        return frame

    def write_parquet(self, path: Path) -> None:
        """Write it as Parquet; needs pyarrow."""
        pa = need_arrow()
        from pyarrow import parquet

        columns = list(zip(*self.rows, strict=True)) or [()] * len(self.columns)
        fields = [pa.field(name, getattr(pa, ARROW[kind])()) for name, kind in self.columns.items()]
        arrays = [pa.array([_storable(x) for x in v], type=f.type) for v, f in zip(columns, fields, strict=True)]
        with atomic_path(path) as p:
            parquet.write_table(pa.Table.from_arrays(arrays, schema=pa.schema(fields)), p)


def _storable(value: Any) -> Any:
    """Return a value as Arrow takes it: texts without the lone surrogates of odd file names."""
    return value.encode("utf-8", "backslashreplace").decode("utf-8") if isinstance(value, str) else value


def need_arrow() -> Any:
    """Return pyarrow, or raise UsageError if it is not installed."""
    try:
        import pyarrow as pa
    except ImportError:
        raise UsageError("Parquet needs pyarrow", "pip install 'formcheck[tables]'") from None
    return pa
