"""A damaged row is named with what to do about it; the other sessions stay usable."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from formcheck.coaching.history import History
from formcheck.coaching.history.queries import days, sessions, sets, totals
from formcheck.errors import InputError

from .seed import PLACE, fault, put, rep

AT = datetime(2026, 3, 9, 18, 30, tzinfo=PLACE)
#: Table, column, value.
ODD = [
    ("sessions", "started_at", "yesterday"),
    ("sessions", "started_at", "9999-12-31T23:59:59.999Z"),
    ("sessions", "started_at", b"\xff\xfe"),
    ("sessions", "ended_at", 7),
    ("sessions", "utc_offset_s", 10**7),
    ("sessions", "utc_offset_s", "x"),
    ("sessions", "kind", b"live"),
    ("sessions", "note", "x" * 200_000),
    ("reps", "start_s", "x"),
    ("reps", "peak_s", 1e300),
    ("reps", "number", -3),
    ("reps", "counted", 7),
    ("reps", "measures", "["),
    ("reps", "measures", "[" * 100_000),
    ("reps", "measures", '{"lean": NaN}'),
    ("reps", "measures", '{"lean": "x"}'),
    ("faults", "worst", "x"),
    ("faults", "severity", b"\0"),
]


@pytest.fixture
def two(history: History) -> History:
    """A history of two sessions."""
    put(history, AT, [("plane", [rep(1)])])
    put(history, AT + timedelta(days=2), [("plane", [rep(1, faults=(fault(),)), rep(2)])])
    return history


def spoil(history: History, table: str, column: str, value: object) -> None:
    with history.writing() as db:
        db.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = (SELECT max(rowid) FROM {table})", (value,))


@pytest.mark.parametrize(("table", "column", "value"), ODD)
def test_a_damaged_cell(two: History, table: str, column: str, value: object) -> None:
    spoil(two, table, column, value)
    with pytest.raises(InputError, match=rf"session 2: {column} is .*") as e:
        sessions(two)
        sets(two)
    assert "history delete 2" in e.value.hint
    assert len(str(e.value)) < 500
    assert [s.session.number for s in sets(two, session=1)] == [1]


def test_totals_and_days_of_a_damaged_history(two: History) -> None:
    assert totals(two) == {"reps": 3, "counted": 3, "clean": 2}
    spoil(two, "reps", "counted", 7)
    assert totals(two) == {"reps": 3, "counted": 2, "clean": 1}
    spoil(two, "sessions", "started_at", "yesterday")
    with pytest.raises(InputError, match="session 2: day is None"):
        days(two)


def test_the_words_of_a_cell_are_printable(two: History) -> None:
    spoil(two, "sessions", "note", "\x1b[2Jtwo\nlines")
    assert sessions(two)[0].note == "\\x1b[2Jtwo\\nlines"
