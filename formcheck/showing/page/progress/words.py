"""Days, numbers and trends of the history in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from formcheck.judging.exercises import exercises

from ..language import NBSP, Words

#: The tones of a trend.
TONES = ("better", "worse", "steady", "changed", "open")
#: How a fault has fared.
STATES = ("gone", "less", "stays", "new", "seen")


class HistoryWords:
    """The words of the history in one language.

    Parameters
    ----------
    lang : str
        ``en`` or ``pl``.

    Raises
    ------
    UsageError
        If there are no texts in that language.

    Examples
    --------
    >>> HistoryWords("en").day(date(2026, 3, 9)), HistoryWords("pl").day(date(2026, 3, 9))
    ('Mon 9 March 2026', 'pon. 9 marca 2026')
    """

    def __init__(self, lang: str = "en") -> None:
        self.words, self.lang = Words(lang), lang
        self.tones = {t: self(f"tone-{t}") for t in TONES}
        self.states = {s: self(f"state-{s}") for s in STATES}

    def __call__(self, key: str, /, **values: Any) -> str:
        """Return a text of the table ``progress``."""
        return self.words(f"progress.{key}", **values)

    def terminal(self, key: str, /, **values: Any) -> str:
        """Return a text of the table ``terminal``."""
        return self.words(f"terminal.{key}", **values)

    # ---- days --------------------------------------------------------------------
    @property
    def weekdays(self) -> list[str]:
        """Short names of the days, Monday first."""
        return self.words.names("progress", "weekdays")

    @property
    def months(self) -> list[str]:
        """Short names of the months."""
        return self.words.names("progress", "months-short")

    def day(self, d: date) -> str:
        """Return a day in full."""
        return f"{self.weekdays[d.weekday()]} {d.day} {self.words.names('date', 'months')[d.month - 1]} {d.year}"

    def short_day(self, d: date) -> str:
        """Return a day without weekday.

        >>> HistoryWords().short_day(date(2026, 3, 9))
        '9 Mar 2026'
        """
        return f"{d.day} {self.months[d.month - 1]} {d.year}"

    def when(self, t: datetime) -> str:
        """Return a moment by its own clock.

        >>> HistoryWords().when(datetime(2026, 3, 9, 7, 5))
        'Mon 9 Mar 2026, 07:05'
        """
        return f"{self.weekdays[t.weekday()]} {self.short_day(t.date())}, {t:%H:%M}"

    def minutes(self, span: timedelta) -> str:
        """Return a span in minutes, at least one.

        >>> HistoryWords().minutes(timedelta(seconds=20)), HistoryWords().minutes(timedelta(seconds=1510))
        ('1 min', '25 min')
        """
        return self("minutes", n=max(round(span.total_seconds() / 60), 1))

    def relative(self, d: date, today: date) -> str:
        """Return a day near today in words.

        >>> [HistoryWords().relative(date(2026, 3, d), date(2026, 3, 9)) for d in (10, 12)]
        ['tomorrow', 'Thu 12 March 2026']
        """
        near = {0: "today", 1: "tomorrow", -1: "yesterday"}.get((d - today).days)
        return self(near) if near is not None else self.day(d)

    def due(self, data: Mapping[str, Any]) -> str:
        """Return when the next session is due, and the stretch reminder's occasion."""
        d, today = data["due"], data["today"]
        trained = any(w.monday <= today and w.sessions[(today - w.monday).days] for w in data["weeks"][-1:])
        if trained:
            return self("due-done", day=self.relative(d.day, today))
        if d.late:
            return self("due-late", day=self.relative(d.day - timedelta(days=d.late), today))
        return self("due-next", day=self.relative(d.day, today))

    # ---- numbers -----------------------------------------------------------------
    def value(self, x: float, unit: str) -> str:
        r"""Return a number with its unit.

        >>> HistoryWords().value(171.0, "deg"), HistoryWords("pl").value(0.31, "leg")
        ('171°', '0,31\xa0długości\xa0nogi')
        """
        return self.words.with_unit(x, unit)

    def percent(self, x: float) -> str:
        r"""Return a share in whole percent, never 0 for a little.

        >>> HistoryWords().percent(0.293), HistoryWords().percent(0.002), HistoryWords().percent(0.0)
        ('29\xa0%', '<1\xa0%', '0\xa0%')
        """
        return f"<1{NBSP}%" if 0 < x < 0.005 else f"{round(100 * x)}{NBSP}%"

    def weeks_in_a_row(self, n: int) -> str:
        """Return a streak in words.

        >>> HistoryWords().weeks_in_a_row(1), HistoryWords().weeks_in_a_row(4), HistoryWords("pl").weeks_in_a_row(5)
        ('1 week', '4 weeks in a row', '5 tygodni z rzędu')
        """
        return self("weeks-said", n=n)

    # ---- names -------------------------------------------------------------------
    def title(self, exercise: str) -> str:
        """Return the name of an exercise, its id where it is not known."""
        known = exercises().get(exercise)
        return self.words.phrases.title(known, "written") if known is not None else exercise

    def figure(self, exercise: str, figure: Mapping[str, Any]) -> str:
        """Return the name of what is followed of an exercise."""
        if self.lang == "en":
            return str(figure["label"])
        # Those that count and the clean ones stand beside each other under one name.
        return Words(self.lang, exercise).figure("reps" if figure["key"] == "counted" else figure["key"])

    def fault(self, story: Any) -> str:
        """Return the name of a fault, as the report page calls it."""
        return self.fault_name(story.exercise, story.fault)

    def fault_name(self, exercise: str, fault: str) -> str:
        """Return the name of a fault of an exercise."""
        return Words(self.lang, exercise).fault(fault)

    def cue(self, story: Any) -> str:
        """Return what to do about a fault."""
        known = exercises().get(story.exercise)
        if self.lang == "en" or known is None:
            return str(story.cue)
        checks = self.words.phrases.localise(known, "written").checks
        return next((c.cue for c in checks if c.id == story.fault), str(story.cue))

    def plan(self, data: Mapping[str, Any]) -> str:
        """Return what the plan asks for, as a sentence."""
        return self("plan-is", plan=self(f"plan-{data['plan']}"))
