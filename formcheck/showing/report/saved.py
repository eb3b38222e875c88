"""A report's tables as files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from formcheck.files import write_text

from .objects import Report
from .table import need_arrow
from .tables import faults_table, reps_table


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
