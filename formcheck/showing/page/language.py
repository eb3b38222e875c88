"""The page's words in the language of choice: texts, numbers, units, names, and what a report says in sentences.

The texts lie in ``texts``: ``en.toml`` and the like hold what the page says, ``sentences.toml`` the sentences that
reports hold. What an exercise calls its faults and measures lies beside its module, with what is said of it aloud.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from formcheck.coaching.coach.phrases import Phrases, filled
from formcheck.judging.exercises import exercises
from formcheck.judging.rules import beside
from formcheck.judging.rules.exercise import Exercise

from ..draw.fonts import find_font
from .words import label, plain

TEXTS = Path(__file__).parent / "texts"
NBSP = "\N{NO-BREAK SPACE}"
#: Units that are none.
UNITLESS = frozenset({"", "1", "0/1"})
_NAME = re.compile(r"\{(\w+)\}")


@cache
def texts(name: str) -> dict[str, Any]:
    """Return a file of texts as it stands."""
    return tomllib.loads((TEXTS / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def _sentences() -> tuple[tuple[re.Pattern[str], Mapping[str, str]], ...]:
    """Return the sentences of reports as patterns, those with the most fixed words first."""
    listed = sorted(texts("sentences")["sentence"], key=lambda s: -len(_NAME.sub("", s["said"])))
    return tuple((_pattern(s["said"]), s) for s in listed)


def _pattern(said: str) -> re.Pattern[str]:
    parts = _NAME.split(said)
    return re.compile("".join(f"(?P<{p}>.+?)" if k % 2 else re.escape(p) for k, p in enumerate(parts)), re.DOTALL)


class Words:
    r"""The words of one page.

    Parameters
    ----------
    lang : str
        ``en`` or ``pl``.
    exercise : str, optional
        Id of the exercise that the page is about.

    Raises
    ------
    UsageError
        If there are no texts in that language.

    Examples
    --------
    >>> Words("en", "plane").fault("thigh-angle"), Words("pl", "plane").fault("thigh-angle")
    ('Hips not over the knees', 'Biodra nie nad kolanami')
    >>> Words("pl").with_unit(34.5, "deg"), Words("en").with_unit(0.105, "fraction")
    ('34,5°', '10.5\xa0%')
    """

    def __init__(self, lang: str = "en", exercise: str | None = None) -> None:
        self.phrases = Phrases(lang)
        self.lang = lang
        self._texts = texts(lang)
        self._exercise = exercises().get(exercise) if exercise is not None else None
        self._own = beside.texts(type(self._exercise), lang) if self._exercise is not None else beside.NO_TEXTS
        self._noun = "try" if self.tries else "rep"

    def __call__(self, key: str, /, **values: Any) -> str:
        """Return a text of the page by its key, of another table than ``page`` with a dot before it."""
        table, _, name = key.rpartition(".")
        return filled(self._texts[table or "page"][name], self.lang, values)

    @property
    def font(self) -> str | None:
        """Path of a font with the letters of the language; None where the usual one will do."""
        return find_font(self.phrases.letters)

    def names(self, table: str, key: str) -> list[str]:
        """Return a list of names, such as those of the months."""
        return [str(name) for name in self._texts[table][key]]

    # ---- numbers -----------------------------------------------------------------
    @property
    def decimal(self) -> str:
        """The decimal sign."""
        return str(self._texts["decimal"])

    @property
    def units(self) -> dict[str, str]:
        """What stands after a number, by unit."""
        return {k: v.replace(" ", NBSP) for k, v in self._texts["units"].items()}

    def number(self, x: float) -> str:
        """Return a number in full."""
        return plain(x).replace(".", self.decimal)

    def whole(self, x: float) -> str:
        """Return a number rounded to a whole one."""
        return str(int(Decimal(str(x)).quantize(Decimal(1), "ROUND_HALF_UP")))

    def share(self, x: float, *, whole: bool = False) -> str:
        """Return a share of one in percent, as it is or in whole ones."""
        percent = float(Decimal(str(x)) * 100)
        return f"{self.whole(percent) if whole else self.number(percent)}{NBSP}%"

    def with_unit(self, x: float, unit: str) -> str:
        """Return a number with its unit; a fraction in percent."""
        if unit == "fraction":
            return self.share(x)
        known = self.units.get(unit)
        return self.number(x) + (
            known if known is not None else f"{NBSP}{unit}" if unit not in ("", "1", "0/1") else ""
        )

    def unit_name(self, unit: str) -> str:
        """Return a unit in words, where it stands alone."""
        return str(self._texts["unit-names"].get(unit, unit))

    def clock(self, t: float) -> str:
        """Return a moment as a viewer's clock shows it."""
        if t < 60:
            return f"{self.number(t)}{NBSP}s"
        minutes, seconds = divmod(Decimal(str(t)), 60)
        whole, _, part = f"{seconds:f}".partition(".")
        part = part.rstrip("0")
        return f"{minutes:f}:{int(whole):02d}{self.decimal + part if part else ''}"

    def date(self, moment: datetime) -> str:
        """Return a moment by its own clock."""
        month = self._texts["date"]["months"][moment.month - 1]
        return self("date.when", day=moment.day, month=month, year=moment.year, time=f"{moment:%H:%M}")

    # ---- names -------------------------------------------------------------------
    def noun(self, n: float) -> str:
        """Return what is counted, in the number needed: a repetition, or a try."""
        return self(f"nouns.{self._noun}", n=n)

    def noun_of(self, n: float) -> str:
        """Return what is counted as it follows "of *n*"."""
        return self(f"nouns.{self._noun}-of", n=n)

    @property
    def it_counted(self) -> str:
        """That the only one there was counted."""
        return self(f"nouns.{self._noun}-counted")

    @property
    def unseen(self) -> str:
        """That nothing to count was seen."""
        return self(f"nouns.{self._noun}-unseen")

    @property
    def outside(self) -> str:
        """That something was seen outside of what is counted."""
        return self(f"nouns.{self._noun}-outside")

    @property
    def noun_title(self) -> str:
        """What is counted, one of it, with a capital letter."""
        return self(f"nouns.{self._noun}-title")

    @property
    def nouns_title(self) -> str:
        """What is counted, several of it, with a capital letter."""
        return self(f"nouns.{'tries' if self._noun == 'try' else 'reps'}-title")

    @property
    def tries(self) -> bool:
        """Whether tries are counted, not repetitions."""
        return self._exercise is not None and self._exercise.as_long_as_possible

    def fault(self, name: str) -> str:
        """Return the name of a fault, its id in plain words where it has none."""
        own = self._own.faults.get(name)
        return own.written if own is not None else label(name)

    def curve(self, signal: str) -> tuple[str, str]:
        """Return the name of a measure, and a sentence on how to read it (empty where there is none)."""
        own = self._own.curves.get(signal)
        if own is not None:
            return own.name, own.reading
        name, reading = self._texts["curves"].get(signal, (label(signal), ""))
        return name, reading

    def figure(self, key: str) -> str:
        """Return the name of what is followed or compared: of a count, a hold or a score, else of the measure."""
        return str(self._texts["figures"].get(key) or self.curve(key)[0])

    def block(self, name: str) -> str:
        """Return the name of a part of the exercise."""
        own = self._own.blocks.get(name)
        return own.written[:1].upper() + own.written[1:] if own is not None else label(name)

    def word(self, name: str) -> str:
        """Return the word for a side, a verdict or a severity; others as they are."""
        return str(self._texts["said"].get(name, name))

    def cue(self, fault: Mapping[str, Any], exercise: Exercise | None) -> str:
        """Return what to do about a fault of a report: what the report says, or the same in the page's language."""
        own = next((c.cue for c in exercise.checks if c.id == fault["id"]), "") if exercise is not None else ""
        return own if own and self.lang != "en" else str(fault["cue"])

    def decides(self, limit: str, why: str, exercise: Exercise) -> str:
        """Return what a limit decides: its reason, in other languages than English the names of its faults."""
        if self.lang == "en":
            return why
        return ", ".join(dict.fromkeys(self.fault(c.id) for c in exercise.checks if c.limit == limit))

    # ---- sentences ---------------------------------------------------------------
    def listed(self, names: Sequence[str], at_most: int = 5) -> str:
        """Return names as a list in a sentence, the first letters small."""
        small = [w[:1].lower() + w[1:] for w in names]
        if len(small) > at_most:
            return f"{', '.join(small[:at_most])} {self('verdict.more', n=len(small) - at_most)}"
        last = f" {self('verdict.and')} "
        return last.join([", ".join(small[:-1]), small[-1]] if len(small) > 1 else small)

    def sentence(self, text: str) -> str:
        """Return what a report says, in the page's words; as it stands where it is not known."""
        for pattern, known in _sentences():
            found = pattern.fullmatch(text)
            if found is not None:
                said = known.get(self.lang) or known["said"]
                return said.format(**{k: self._filled(k, v) for k, v in found.groupdict().items()})
        return text

    def knows(self, text: str) -> bool:
        """Return whether a sentence of a report is among those that the page has in its own words."""
        return any(pattern.fullmatch(text) for pattern, _ in _sentences())

    def _filled(self, name: str, text: str) -> str:
        if name == "fault":
            return self.fault(text)
        if name in ("exercise", "exercise2"):
            known = exercises().get(text)
            return self.phrases.title(known) if known is not None else label(text)
        if name in ("why", "more", "advice", "what"):
            return self.sentence(text)
        if name == "a_side":
            return self.word(text)
        if name == "part":
            side, _, part = text.partition(" ")
            return self._texts["parts"][part].format(side=self.word(side)) if part in self._texts["parts"] else text
        return re.sub(r"(?<=\d)\.(?=\d)", self.decimal, text) if name in ("n", "a", "b", "times") else text
