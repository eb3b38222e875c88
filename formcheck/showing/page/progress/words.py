"""Days, numbers and trends of the history in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from ..words import one_of, plain, with_unit

#: Units that the report does not have.
_UNITS = {"leg": "\N{NO-BREAK SPACE}leg lengths"}
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
#: The tones of a trend as a word and a sign.
TONES = {
    "better": "better",
    "worse": "worse",
    "steady": "about the same",
    "changed": "changed",
    "open": "too few to tell",
}
STATES = {
    "gone": "gone",
    "less": "less often",
    "stays": "stays",
    "new": "new",
    "seen": "seen",
}


def day(d: date) -> str:
    """Return a day in full.

    >>> day(date(2026, 3, 9))
    'Mon 9 March 2026'
    """
    return f"{_WEEKDAYS[d.weekday()]} {d.day} {d:%B %Y}"


def short_day(d: date) -> str:
    """Return a day without weekday.

    >>> short_day(date(2026, 3, 9))
    '9 Mar 2026'
    """
    return f"{d.day} {d:%b %Y}"


def when(t: datetime) -> str:
    """Return a moment by its own clock.

    >>> when(datetime(2026, 3, 9, 7, 5))
    'Mon 9 Mar 2026, 07:05'
    """
    return f"{_WEEKDAYS[t.weekday()]} {short_day(t.date())}, {t:%H:%M}"


def minutes(span: timedelta) -> str:
    """Return a span in minutes, at least one.

    >>> minutes(timedelta(seconds=20)), minutes(timedelta(seconds=1510))
    ('1 min', '25 min')
    """
    return f"{max(round(span.total_seconds() / 60), 1)} min"


def value(x: float, unit: str) -> str:
    r"""Return a number with its unit, rounded to three digits.

    >>> value(0.0412, "torso"), value(171.0, "deg"), value(0.31, "leg")
    ('0.0412\xa0trunk lengths', '171°', '0.31\xa0leg lengths')
    """
    return plain(x) + _UNITS[unit] if unit in _UNITS else with_unit(x, unit)


def percent(x: float) -> str:
    r"""Return a share in whole percent, never 0 for a little.

    >>> percent(0.293), percent(0.002), percent(0.0)
    ('29\xa0%', '<1\xa0%', '0\xa0%')
    """
    return "<1\N{NO-BREAK SPACE}%" if 0 < x < 0.005 else f"{round(100 * x)}\N{NO-BREAK SPACE}%"


def due(data: Mapping[str, Any]) -> str:
    """Return when the next session is due, and the stretch reminder's occasion."""
    d, today = data["due"], data["today"]
    trained = any(w.monday <= today and w.sessions[(today - w.monday).days] for w in data["weeks"][-1:])
    if trained:
        return f"Done for today. Next: {relative(d.day, today)}."
    if d.late:
        return f"Due since {relative(d.day - timedelta(days=d.late), today)}."
    return f"Next: {relative(d.day, today)}."


def relative(d: date, today: date) -> str:
    """Return a day near today in words.

    >>> relative(date(2026, 3, 10), date(2026, 3, 9)), relative(date(2026, 3, 12), date(2026, 3, 9))
    ('tomorrow', 'Thu 12 March 2026')
    """
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}
    return near.get((d - today).days) or day(d)


def weeks_in_a_row(n: int) -> str:
    """Return a streak in words.

    >>> weeks_in_a_row(1), weeks_in_a_row(4)
    ('1 week', '4 weeks in a row')
    """
    return f"{n} {one_of(n, 'week')}{' in a row' if n != 1 else ''}"
