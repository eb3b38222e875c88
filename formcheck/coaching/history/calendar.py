"""The calendar of the routine: weeks, streaks and the next day that is due. Pure functions of dates.

The routine asks for two days a week beside exercises for the deep abdominal muscles, else for every other day (three
or four a week), and for stretching afterwards. Weeks start on Monday. A day is the local one on which a session began,
so neither a change of the clocks nor a journey moves it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

TWICE, EVERY_OTHER_DAY = "twice", "every-other-day"
#: Days a week each plan asks for.
PLANS = {TWICE: 2, EVERY_OTHER_DAY: 3}
#: With no word from the user: nothing is known of other training.
DEFAULT_PLAN = EVERY_OTHER_DAY
#: What each plan asks for, in words.
SAID = {
    TWICE: "twice a week, beside training of the deep abdominal muscles",
    EVERY_OTHER_DAY: "every other day, three or four times a week",
}
STRETCH = "Stretch afterwards, every time."
_DAY = timedelta(days=1)
#: Two days a week are best three or four days apart; a rest day comes first in any case.
_APART, _REST = 3 * _DAY, 2 * _DAY


@dataclass(frozen=True)
class Week:
    """A week, Monday to Sunday.

    Attributes
    ----------
    monday : date
    sessions : tuple of 7 ints
        Sessions a day.
    target : int
        Days asked for.
    """

    monday: date
    sessions: tuple[int, ...]
    target: int

    @property
    def done(self) -> int:
        """Days with a session."""
        return sum(n > 0 for n in self.sessions)

    @property
    def met(self) -> bool:
        """Whether enough was done."""
        return self.done >= self.target


@dataclass(frozen=True)
class Due:
    """The day the next session is due, and by how many days it is late; ``day`` never lies in the past."""

    day: date
    late: int = 0


def monday_of(day: date) -> date:
    """Return the Monday of a day's week.

    >>> monday_of(date(2027, 1, 1))
    datetime.date(2026, 12, 28)
    """
    return day - day.weekday() * _DAY


def weeks(days: dict[date, int], today: date, plan: str, last: int | None = None) -> list[Week]:
    """Return the weeks up to the present one, oldest first.

    Parameters
    ----------
    days : dict
        Sessions by day.
    today : date
    plan : str
    last : int, optional
        How many; default from the first session on.
    """
    now = monday_of(today)
    first = monday_of(min(days, default=today)) if last is None else now - (last - 1) * 7 * _DAY
    out = []
    while first <= now:
        out.append(Week(first, tuple(days.get(first + k * _DAY, 0) for k in range(7)), PLANS[plan]))
        first += 7 * _DAY
    return out


def streak(days: dict[date, int], today: date, plan: str) -> int:
    """Return for how many weeks in a row the plan was met; the present week counts as soon as it is met."""
    if not days:
        return 0
    *before, now = weeks(days, today, plan)
    n = int(now.met)
    for w in reversed(before):
        if not w.met:
            break
        n += 1
    return n


def longest_streak(days: dict[date, int], today: date, plan: str) -> int:
    """Return the most weeks in a row in which the plan was met."""
    best = n = 0
    for w in weeks(days, today, plan) if days else ():
        n = n + 1 if w.met else 0
        best = max(best, n)
    return best


def next_due(days: Iterable[date], today: date, plan: str) -> Due:
    """Return when the next session is due.

    Every other day: two days after the last. Twice a week: three days after the last, but no later than leaves room
    for what the week still asks for, and next week once this one is complete; never on the day after a session.
    """
    past = [d for d in days if d <= today]
    if not past:
        return Due(today)
    last = max(past)
    due = last + _REST if plan == EVERY_OTHER_DAY else _twice(set(past), last)
    return Due(max(due, today), max((today - due).days, 0))


def _twice(past: set[date], last: date) -> date:
    sunday = monday_of(last) + 6 * _DAY
    if sum(monday_of(last) <= d <= last for d in past) < PLANS[TWICE]:
        # The second of the week: three days on, before Sunday is over, but with a day of rest.
        return max(min(last + _APART, sunday), last + _REST)
    return max(sunday + _DAY, last + _APART)
