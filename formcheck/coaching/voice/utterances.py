"""What is said aloud: one utterance, how much it matters, until when it is worth saying, and how long it takes."""

from __future__ import annotations

from dataclasses import dataclass

#: How much an utterance matters, the most important last. A later one may cut off an earlier one only if it matters
#: more; of those that wait only the most important stays.
CHAT, PRAISE, BREATH, COUNT, CORRECTION, FLOW, ALERT = range(7)


@dataclass(frozen=True)
class Utterance:
    """A sentence to be spoken.

    Attributes
    ----------
    text : str
        In the language of the voice, numbers as digits.
    priority : int
        One of the levels of this module.
    t : float
        Second at which it became true.
    good_for_s : float
        Seconds after ``t`` until which it may begin: a count that comes late is worse than none.
    key : str
        What it is about (``rep``, ``hold``, ``fault:hip-sag``, ``ready`` ...), for tests and logs.
    """

    text: str
    priority: int
    t: float
    good_for_s: float = 1.5
    key: str = ""


#: Letters that a calm voice speaks in a second, and the silence around them (s); espeak-ng at 150 words a minute.
LETTERS_PER_S, AROUND_S = 14.0, 0.5


def speech_seconds(text: str) -> float:
    """Return about how long a calm voice takes for a text (s)."""
    return AROUND_S + len(text) / LETTERS_PER_S
