"""A report as typed objects: what ``formcheck.report/1`` says, checked as it is read, and as tables of pandas."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from formcheck.clips import stem_of
from formcheck.errors import InputError

from .brief import as_html, in_one_line
from .jsonfile import read_json
from .measures import read_measures
from .rows import BallRow, Counts, Coverage, FaultRow, HoldRow, Recognised, RepRow, Source, ViewRow
from .schema import OPTIONAL, SCHEMA, decode, encode
from .tables import faults_table, reps_table

if TYPE_CHECKING:
    import pandas as pd

#: Fields of a report that its file does not have.
_NOT_DATA = ("path", "table")


@dataclass(frozen=True)
class Report:
    """What became of a session; see the data dictionary for every field.

    Attributes
    ----------
    schema, formcheck, created : str
        Version of the format, of the program, and time of writing (ISO 8601).
    source : Source
    exercise : str or None
        None where no exercise was recognised.
    recognised : Recognised or None
        None where the exercise was given.
    view : ViewRow
    coverage : Coverage
    counts : Counts
    reps : tuple of RepRow
    faults : tuple of FaultRow
        The gravest first.
    holds : tuple of HoldRow or None
        Only for exercises in which the time in position counts.
    ball : BallRow or None
        Only for exercises with a ball.
    persons : int or None
        Most people seen at once; None where nobody counted.
    score : float or None
        0-100.
    notes : tuple of str
        What could not be judged, and why.
    limits : mapping
        The limits in force, by name.
    extra : mapping
        Keys of a later minor version that these classes do not know; kept, so that nothing is lost.
    path : Path or None
        Where the report was read from.
    """

    schema: str
    formcheck: str
    created: str
    source: Source
    exercise: str | None
    recognised: Recognised | None
    view: ViewRow
    coverage: Coverage
    counts: Counts
    reps: tuple[RepRow, ...]
    faults: tuple[FaultRow, ...]
    score: float | None
    notes: tuple[str, ...]
    limits: Mapping[str, float | None]
    holds: tuple[HoldRow, ...] | None = field(default=None, metadata=OPTIONAL)
    ball: BallRow | None = field(default=None, metadata=OPTIONAL)
    persons: int | None = field(default=None, metadata=OPTIONAL)
    extra: Mapping[str, Any] = field(default_factory=dict)
    path: Path | None = field(default=None, compare=False)
    #: The text of a measures table that was never written to a file.
    table: str | None = field(default=None, compare=False, repr=False)

    def __repr__(self) -> str:
        """Return what it says in one line."""
        return in_one_line(self)

    def _repr_html_(self) -> str:
        """Return what a notebook shows of it."""
        return as_html(self)

    @classmethod
    def from_dict(cls, data: Any, *, name: str = "the report", path: Path | None = None) -> Self:
        """Make a report of parsed JSON.

        Raises
        ------
        InputError
            If it is no report, or one of another schema version; *name* says which.
        """
        hint = "give a .report.json written by 'formcheck analyze'"
        schema = data.get("schema") if isinstance(data, Mapping) else None
        if not isinstance(schema, str) or not schema.startswith("formcheck.report/"):
            raise InputError(f"{name} is no report of formcheck", hint)
        if schema != SCHEMA:
            raise InputError(
                f"{name} has schema {schema!r}, expected {SCHEMA!r}", "read it with the version that wrote it"
            )
        try:
            report: Self = decode(cls, {k: v for k, v in data.items() if k not in _NOT_DATA})
        except ValueError as e:
            raise InputError(f"{name} is no sound report ({e})", "write it anew with 'formcheck analyze'") from None
        return replace(report, path=path)

    def to_dict(self) -> dict[str, Any]:
        """Return the report as plain data, equal to the JSON it was read from."""
        return {k: v for k, v in encode(replace(self, path=None, table=None)).items() if k not in _NOT_DATA}

    @property
    def stem(self) -> str:
        """Name of the clip, as in the names of the output files."""
        return stem_of(self.path if self.path is not None else self.source.path)

    @property
    def measures_path(self) -> Path | None:
        """The measures table beside the report, None where there is none."""
        if self.path is None:
            return None
        for suffix in (".measures.csv", ".measures.parquet"):
            there = self.path.with_name(self.stem + suffix)
            if there.is_file():
                return there
        return None

    # ---- tables ---------------------------------------------------------------
    def reps_frame(self) -> pd.DataFrame:
        """Return a row a repetition: times, verdict, faults, and its measures as columns. Needs pandas."""
        return reps_table(self).frame()

    def faults_frame(self) -> pd.DataFrame:
        """Return a row for each fault of each repetition (and each fault between repetitions). Needs pandas."""
        return faults_table(self).frame()

    def measures_frame(self, path: str | Path | None = None) -> pd.DataFrame:
        """Return the measures: a row a frame. Needs pandas.

        Parameters
        ----------
        path : path, optional
            The table; default: ``<stem>.measures.csv`` (or ``.parquet``) beside the report.

        Raises
        ------
        InputError
            If there is no such table.
        UsageError
            If pandas is not installed.
        """
        if path is None and self.table is not None:
            return read_measures(io.StringIO(self.table))
        there = Path(path) if path is not None else self.measures_path
        if there is None or not there.is_file():
            raise InputError(
                f"no measures table beside {self.path or 'the report'}",
                f"keep {self.stem}.measures.csv in the report's folder, or give its path",
            )
        return read_measures(there)


def load_report(path: str | Path) -> Report:
    """Read a report.

    Parameters
    ----------
    path : path
        A ``.report.json``.

    Returns
    -------
    Report

    Raises
    ------
    InputError
        If the file is missing, no report, or of another schema version.
    """
    p = Path(path)
    return Report.from_dict(read_json(p, "report", "formcheck analyze"), name=str(p), path=p)
