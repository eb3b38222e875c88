"""Everything that the coach can say in a language: whole sentences, and the parts of those that hold numbers.

From this a bank of recorded cues is made, and tested to be whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from formcheck.judging.exercises import exercises
from formcheck.judging.rules.exercise import Exercise
from formcheck.judging.rules.said import seconds_in_words

from ..voice.bank import sentences_of
from .phrases import Phrases, read_texts

#: Numbers that are clips of their own; others below a hundred are put together from these.
NUMBERS = (*range(31), *range(40, 101, 10))
#: Numbers with which a sentence is said so often that it is recorded whole.
OFTEN = range(1, 11)
#: Seconds of rest and of holds that are recorded whole.
RESTS, HOLDS = (10, 15, 20, 30, 45, 60), (1, 2, 3, 5, 10, 15, 20, 30)
#: Sentences of the flow with a number that are recorded whole; the others are put together.
WHOLE = ("set-done", "set-clean", "rest", "hold-reached")


def recorded(phrases: Phrases) -> list[str]:
    """Return what is recorded for a language, whole sentences first, each once."""
    texts = [*_flow(phrases), *_exercises(phrases), *_parts(phrases), *(f"{n}" for n in NUMBERS)]
    return list(dict.fromkeys(sentence for text in texts for sentence in sentences_of(text)))


def sayable(phrases: Phrases) -> Iterator[str]:
    """Give every sentence that the coach can say, those with numbers with some of them."""
    texts = read_texts(phrases.lang)
    ns = (1, 2, 7, 13, 42, 99)
    yield from texts["advice"].values()
    yield from texts["mended"]
    for key in texts["say"]:
        if key in ("rep-side", "set-done-sides"):
            sides = [phrases.side(side) for side in ("left", "right")]
            yield from (phrases.say(key, side=s, n=n, left=n, right=n) for s in sides for n in ns)
        elif key in ("first", "next", "other"):
            yield from (phrases.say(key, title=phrases.title(e)) for e in exercises().values())
        elif key in ("rep-part", "rep-next-part"):
            blocks = [(e, b) for e in exercises().values() for b in e.prescription.blocks]
            yield from (phrases.say(key, what=phrases.block(e, b), n=n) for e, b in blocks for n in ns)
        elif key == "not-counted-why":
            yield from (phrases.say(key, cue=phrases.cue(e, c.id)) for e in exercises().values() for c in e.checks)
        else:
            yield from (phrases.say(key, n=n, k=k) for n in ns for k in (1, 5))
    for e in exercises().values():
        yield f"{phrases.title(e)}."
        yield " ".join(phrases.intro(e))
        yield from (phrases.cue(e, c.id) for c in e.checks)
        yield from (phrases.mended(e, c.id) for c in e.checks)


def _flow(phrases: Phrases) -> Iterator[str]:
    texts = read_texts(phrases.lang)
    for key, text in texts["say"].items():
        if key in WHOLE:
            numbers = {"rest": RESTS, "hold-reached": HOLDS}.get(key, OFTEN)
            yield from (phrases.say(key, n=n) for n in numbers)
        elif isinstance(text, str) and "{" not in text:
            yield phrases.say(key)
    yield from texts["advice"].values()
    yield from texts["mended"]


def _exercises(phrases: Phrases) -> Iterator[str]:
    for e in exercises().values():
        title = phrases.title(e)
        yield f"{title}."
        yield from (phrases.say(key, title=title) for key in ("first", "next", "other") if key in _say(phrases))
        yield from phrases.intro(e)
        yield from (phrases.cue(e, c.id) for c in e.checks)
        yield from (phrases.mended(e, c.id) for c in e.checks)
        for block in e.prescription.blocks:
            yield phrases.block(e, block)


def _say(phrases: Phrases) -> dict[str, object]:
    said: dict[str, object] = read_texts(phrases.lang)["say"]
    return said


def _parts(phrases: Phrases) -> Iterator[str]:
    """Give the words beside the numbers and names of sentences that are put together."""
    said = _say(phrases)
    for text in said.values():
        forms = [text] if isinstance(text, str) else list(text.values()) if isinstance(text, dict) else []
        for form in forms:
            yield from _around(str(form))
    for side in ("left", "right"):
        yield from _around(phrases.say("rep-side", side=phrases.side(side), n=0).replace("0", "{n}"))
    yield from (seconds_in_words(n, phrases.lang) for n in HOLDS)
    for e in exercises().values():
        for line in _with_own_hold(phrases, e):
            yield from _around(line)


def _with_own_hold(phrases: Phrases, exercise: Exercise) -> Iterator[str]:
    """Give the sentences of an introduction that tell how long to hold, its place left open."""
    hold = seconds_in_words(exercise.prescription.hold_s, phrases.lang)
    if exercise.prescription.hold_s:
        yield from (line.replace(hold, "{hold}") for line in phrases.intro(exercise) if hold in line)


def _around(form: str) -> Iterator[str]:
    """Give the words before, between and after what is filled in, sentence by sentence."""
    for part in re.split(r"\{[^}]*\}", form):
        for words in sentences_of(part):
            bare = words.strip(" ,.:;!?")
            if bare:
                yield bare
