"""What stands in a row of the history, checked as it is read: a damaged one is named, and the others stay usable."""

from __future__ import annotations

import json
import sqlite3
from datetime import datetime
from pathlib import Path
from typing import Any

from formcheck.errors import InputError
from formcheck.shown import brief, printable

#: Years that a clock can have shown; the files of an archive may be dated 1970.
FIRST_YEAR, LAST_YEAR = 1970, 2200
#: No figure of a session is larger.
MOST = 1e9
#: Longest text that is read of a cell.
LONGEST = 100_000


class Cells:
    """The cells of one row.

    Parameters
    ----------
    row : sqlite3.Row
    path : path
        Of the history, for messages.
    session : int
        Number of the session it belongs to.
    """

    def __init__(self, row: sqlite3.Row, path: Path, session: int) -> None:
        self._row, self._path, self._session = row, path, session

    def bad(self, name: str, value: Any) -> InputError:
        """Return the error that says which cell is damaged, and how to get rid of it."""
        return InputError(
            f"the history {self._path} is damaged (session {self._session}: {name} is {brief(value)})",
            f"'formcheck history delete {self._session}' deletes that session; the others are as they were",
        )

    def value(self, name: str) -> Any:
        """Return a cell as it is."""
        try:
            return self._row[name]
        except IndexError:
            raise self.bad(name, None) from None

    def text(self, name: str) -> str:
        """Return a text, printable."""
        value = self.value(name)
        if not isinstance(value, str) or len(value) > LONGEST:
            raise self.bad(name, value)
        return printable(value)

    def text_or_none(self, name: str) -> str | None:
        """Return a text, printable; None where there is none."""
        return None if self.value(name) is None else self.text(name)

    def number(self, name: str) -> float:
        """Return a number of bearable size."""
        value = self.value(name)
        if not isinstance(value, (int, float)) or not -MOST <= value <= MOST:
            raise self.bad(name, value)
        return value

    def number_or_none(self, name: str) -> float | None:
        """Return a number; None where there is none."""
        return None if self.value(name) is None else self.number(name)

    def whole(self, name: str) -> int:
        """Return a whole number from 0 on."""
        value = self.number(name)
        if value != int(value) or value < 0:
            raise self.bad(name, value)
        return int(value)

    def whole_or_none(self, name: str) -> int | None:
        """Return a whole number; None where there is none."""
        return None if self.value(name) is None else self.whole(name)

    def moment(self, *names: str) -> datetime:
        """Return the moment in the first of some cells that is not empty."""
        name = next((n for n in names if self.value(n) is not None), names[-1])
        value = self.value(name)
        try:
            moment = datetime.fromisoformat(value)
        except (TypeError, ValueError):
            raise self.bad(name, value) from None
        if not FIRST_YEAR <= moment.year <= LAST_YEAR:
            raise self.bad(name, value)
        return moment

    def measures(self, name: str) -> dict[str, float | None]:
        """Return measures by name out of a JSON text."""
        text = self.value(name)
        try:
            values = json.loads(text)
        except (TypeError, ValueError, RecursionError):
            raise self.bad(name, text) from None
        if not isinstance(values, dict) or not all(_is_measure(v) for v in values.values()):
            raise self.bad(name, text)
        return {printable(n): v for n, v in values.items()}


def _is_measure(value: Any) -> bool:
    known = isinstance(value, (int, float)) and not isinstance(value, bool)
    return value is None or (known and -MOST <= value <= MOST)
