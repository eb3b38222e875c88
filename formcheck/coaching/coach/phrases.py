"""Everything that is said and shown, in the language of choice: texts of a data file, filled in and in the plural.

A language is one TOML file in ``formcheck/coaching/coach/texts``; see ``en.toml`` for what it holds. What is
said of one exercise lies beside its module (:mod:`formcheck.judging.rules.beside`); exercises without such a file speak
the words of their class.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from formcheck.errors import UsageError
from formcheck.judging.exercises import exercises, get_exercise
from formcheck.judging.rules.beside import NO_TEXTS, Text, Texts, texts
from formcheck.judging.rules.exercise import Exercise
from formcheck.judging.rules.said import HOLD, with_hold

TEXTS = Path(__file__).parent / "texts"
#: Plural categories of each language, by the names that the Unicode CLDR gives them.
PLURALS: dict[str, tuple[str, ...]] = {"en": ("one", "other"), "pl": ("one", "few", "many", "other")}
#: The advice whose words are an exercise's own, where it has them.
BALL_IN_PLACE = "ball-in-place"
#: The advice for what ``ViewWatch`` finds wrong with the picture; a wrong view depends on the exercise.
ADVICE_FOR = {
    "too dark": "more-light",
    "nobody seen": "nobody",
    "too far away": "come-closer",
    "cut off": "cut-off",
}
#: ... by the view from which the exercise is judged best.
ADVICE_FOR_VIEW = {"side": "turn-side", "front": "turn-front", "oblique": "turn-half"}


def plural_category(lang: str, n: float) -> str:
    """Return the plural category of a number, by the rules of the Unicode CLDR.

    Parameters
    ----------
    lang : str
        ``en`` or ``pl``; other languages follow the English rule.
    n : float

    Examples
    --------
    >>> [plural_category("pl", n) for n in (1, 3, 5, 12, 22, 1.5)]
    ['one', 'few', 'many', 'many', 'few', 'other']
    """
    whole = float(n).is_integer()
    if n == 1:
        return "one"
    if lang != "pl" or not whole:
        return "other"
    few = 2 <= n % 10 <= 4 and not 12 <= n % 100 <= 14
    return "few" if few else "many"


def filled(text: str | Mapping[str, str], lang: str, values: Mapping[str, Any]) -> str:
    """Return a text with its ``{names}`` filled in; where it has plural forms, the value ``n`` chooses among them.

    Examples
    --------
    >>> filled({"one": "{n} rok", "few": "{n} lata", "many": "{n} lat"}, "pl", {"n": 5})
    '5 lat'

    Raises
    ------
    KeyError
        If a value is missing.
    """
    if not isinstance(text, str):
        text = text[plural_category(lang, values["n"])]
    return str(text).format(**values)


def languages() -> list[str]:
    """Return the languages there are texts for, by their codes."""
    return sorted(p.stem for p in TEXTS.glob("*.toml"))


@cache
def read_texts(lang: str) -> dict[str, Any]:
    """Return the texts of a language as they stand in its file.

    Raises
    ------
    UsageError
        If there are none.
    """
    known = languages()
    if lang not in known:
        raise UsageError(f"there are no texts in '{lang}'", f"choose one of {', '.join(known)}")
    return tomllib.loads((TEXTS / f"{lang}.toml").read_text(encoding="utf-8"))


class Phrases:
    """The texts of one language.

    Parameters
    ----------
    lang : str
        ``en`` or ``pl``.

    Attributes
    ----------
    lang, language : str
        Code, and name in the language itself.
    voice : str
        Code by which speech engines know the language.
    purpose : str
        What all of this is for, and for whom, in one paragraph.

    Raises
    ------
    UsageError
        If there are no texts in that language.

    Examples
    --------
    >>> Phrases("en").say("rest", n=30)
    'Rest for 30 seconds.'
    >>> Phrases("pl").cue("plane", "leg-low")
    'Noga wyżej, w linii z plecami.'
    """

    def __init__(self, lang: str = "en") -> None:
        self._texts = read_texts(lang)
        self.lang = lang
        self.language: str = self._texts["language"]
        self.voice: str = self._texts["voice"]
        self.purpose: str = self._texts["purpose"]

    # ---- sentences ---------------------------------------------------------------
    def say(self, key: str, /, **values: object) -> str:
        """Return a sentence of the workout's flow, its ``{names}`` filled in.

        Where the sentence has plural forms ``n`` chooses among them. It begins with a capital letter.

        Raises
        ------
        KeyError
            If there is no such sentence, or a value for it is missing.
        """
        text = filled(self._texts["say"][key], self.lang, values)
        return text[:1].upper() + text[1:]

    def screen(self, key: str, /, **values: object) -> str:
        """Return a word or line for the screen, as :meth:`say` does for the ear."""
        return filled(self._texts["screen"][key], self.lang, values)

    def side(self, side: str) -> str:
        """Return the word for ``left`` or ``right``; other names as they are."""
        return str(self._texts["sides"].get(side, side))

    def advice(self, reason: str, exercise: Exercise | str | None = None) -> str:
        """Return what to do about the picture.

        Parameters
        ----------
        reason : str
            A key of the set-up advice (``step-back``), or a reason why the picture cannot be judged (``too dark``,
            ``front view``).
        exercise : Exercise or str, optional
            Decides which way to turn where the view is wrong.
        """
        known: dict[str, str] = self._texts["advice"]
        if reason == BALL_IN_PLACE and exercise is not None and (own := self._own(exercise).single.get("ball")):
            return own.spoken
        if reason in known:
            return known[reason]
        if reason in ADVICE_FOR:
            return known[ADVICE_FOR[reason]]
        view = "side" if exercise is None else _exercise(exercise).views[0]
        return known[ADVICE_FOR_VIEW.get(view, "turn-side")]

    @property
    def letters(self) -> str:
        """The letters of the texts that English does not have, small and capital, in order: what a font must hold."""
        text = str(self._texts) + "".join(str(texts(type(e), self.lang)) for e in exercises().values())
        return "".join(sorted({c for c in text.lower() + text.upper() if c.isalpha() and not c.isascii()}))

    def measures(self, exercise: Exercise | str) -> dict[str, str]:
        """Return the names of the measures that decide, by signal, or by the fault that the end of an attempt tells."""
        return {name: text.spoken for name, text in self._own(exercise).measures.items()}

    def labels(self, exercise: Exercise | str | None = None) -> dict[str, Any]:
        """Return the few words on the annotated picture, by the names of ``showing.draw.style.Labels``."""
        names = ("position", "seconds", "decided")
        out: dict[str, Any] = {name: str(self._texts["screen"][name]) for name in names}
        out["parts"] = {side: self.side(side) for side in self._texts["sides"]}
        if exercise is not None:
            out["measures"] = self.measures(exercise)
            out["position"] = out["position"].format(what=self.position(exercise))
            out["parts"] |= {b: self.block(exercise, b) for b in _exercise(exercise).prescription.blocks}
        return out

    # ---- exercises ---------------------------------------------------------------
    def title(self, exercise: Exercise | str, form: str = "spoken") -> str:
        """Return the name of an exercise, as it is ``spoken`` or ``written``."""
        return self._single(exercise, "title", "title", form)

    def position(self, exercise: Exercise | str, form: str = "spoken") -> str:
        """Return in a few words what its start position looks like."""
        return self._single(exercise, "position", "summary", form)

    def camera(self, exercise: Exercise | str, form: str = "spoken") -> str:
        """Return how to place the camera."""
        return self._single(exercise, "camera", "camera", form)

    def intro(self, exercise: Exercise | str, form: str = "spoken") -> tuple[str, ...]:
        """Return the sentences that introduce an exercise, in order."""
        own = tuple(_form(line, form) for line in self._own(exercise).intro)
        return tuple(self._with_hold(line, exercise) for line in own or _exercise(exercise).intro)

    def block(self, exercise: Exercise | str, block: str) -> str:
        """Return the name of a part of an exercise (``tilt`` of the warm-up)."""
        own = self._own(exercise).blocks.get(block)
        return own.spoken if own is not None else block

    def cue(self, exercise: Exercise | str, fault: str, form: str = "spoken") -> str:
        """Return the short correction of a fault; that of the exercise's own check where the texts have none."""
        own = self._own(exercise).cues.get(fault)
        if own is not None:
            return self._with_hold(_form(own, form), exercise)
        return self._with_hold(next((c.cue for c in _exercise(exercise).checks if c.id == fault), ""), exercise)

    def mended(self, exercise: Exercise | str, fault: str, nth: int = 0) -> str:
        """Return praise for putting a fault right; *nth* rotates among the general ones."""
        own = self._own(exercise).mended.get(fault)
        general: list[str] = self._texts["mended"]
        return own.spoken if own is not None else general[nth % len(general)]

    def localise(self, exercise: Exercise, form: str = "written") -> Exercise:
        """Return the exercise with its words in this language, for everything that shows an exercise's own.

        Parameters
        ----------
        exercise : Exercise
        form : str
            ``written``; or ``spoken``, for what is seen while it is heard. Written English is that of the class.
        """
        if (self.lang == "en" and form == "written") or self._own(exercise) is NO_TEXTS:
            return exercise
        words = {
            "title": self.title(exercise, form),
            "summary": self.position(exercise, form),
            "camera": self.camera(exercise, form),
            "intro": self.intro(exercise, form),
            "checks": tuple(replace(c, cue=self.cue(exercise, c.id, form)) for c in exercise.checks),
        }
        return exercise.changed(words)

    # ---- inside ------------------------------------------------------------------
    def _with_hold(self, text: str, exercise: Exercise | str) -> str:
        return with_hold(text, _exercise(exercise).prescription.hold_s, self.lang) if HOLD in text else text

    def _own(self, exercise: Exercise | str) -> Texts:
        known = exercises().get(exercise) if isinstance(exercise, str) else exercise
        return texts(type(known), self.lang) if known is not None else NO_TEXTS

    def _single(self, exercise: Exercise | str, key: str, own: str, form: str) -> str:
        text = self._own(exercise).single.get(key)
        return _form(text, form) if text is not None else str(getattr(_exercise(exercise), own))


def _form(text: Text, form: str) -> str:
    return text.written if form == "written" else text.spoken


def _exercise(exercise: Exercise | str) -> Exercise:
    return get_exercise(exercise) if isinstance(exercise, str) else exercise
