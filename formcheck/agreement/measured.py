"""A second measurement: values of a goniometer, a motion capture system, another program, in a table."""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from formcheck.errors import InputError
from formcheck.shown import brief

COLUMNS = ("film", "rep", "measure", "value")
_HINT = f"a table with the columns {', '.join(COLUMNS)}, a row a value, as in: plane-1,2,leg_level,-4.5"


@dataclass(frozen=True)
class Second:
    """A value measured otherwise: of which film, which repetition of its report, which measure; and where it stands."""

    film: str
    rep: int
    measure: str
    value: float
    where: str

    def unknown(self, measures: Sequence[str] = ()) -> InputError:
        """Return the error that says that no report has this repetition (or, of those it has, this measure)."""
        if measures:
            return InputError(
                f"{self.where}: repetition {self.rep} of {self.film} has no measure '{self.measure}'",
                f"it has {', '.join(measures)}",
            )
        return InputError(
            f"{self.where}: no report among those given has repetition {self.rep} of '{self.film}'",
            f"give {self.film}.report.json too, or correct the row",
        )


def read_second(path: Path) -> list[Second]:
    """Read a table of second measurements.

    Raises
    ------
    InputError
        If it cannot be read, or a row is not what it must be.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as f:
            rows = list(csv.DictReader(f))
    except FileNotFoundError:
        raise InputError(f"file not found: {path}", "check the path") from None
    except (OSError, ValueError, csv.Error) as e:
        raise InputError(f"cannot read {path} ({type(e).__name__})", _HINT) from e
    if not rows or not set(COLUMNS) <= set(rows[0]):
        raise InputError(f"{path} is no table of measurements", _HINT)
    out = []
    for k, row in enumerate(rows, start=2):
        where = f"{path}, line {k}"
        try:
            value, rep = float(row["value"]), int(row["rep"])
        except (TypeError, ValueError):
            raise InputError(f"{where}: expected numbers, got {brief((row['rep'], row['value']))}", _HINT) from None
        if not math.isfinite(value) or not row["film"] or not row["measure"]:
            raise InputError(f"{where}: the row is not complete", _HINT)
        out.append(Second(row["film"].strip(), rep, row["measure"].strip(), value, where))
    return out
