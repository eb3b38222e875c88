"""What is said aloud: one utterance, how much it matters, until when it is worth saying, and how long it takes."""

from __future__ import annotations

from dataclasses import dataclass

#: How much an utterance matters, the most important last; ``coach.director`` says what follows from it. TIMED are the
#: words that belong to their second: the countdown, the end of a hold, the seconds reached.
CHAT, PRAISE, BREATH, CORRECTION, ADVICE, COUNT, FLOW, TIMED, ALERT = range(9)


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
        What it is about (``rep``, ``hold:3``, ``fault:hip-sag``, ``ready`` ...). Of those that wait only the newest of
        a key is said.
    """

    text: str
    priority: int
    t: float
    good_for_s: float = 1.5
    key: str = ""


#: Letters that a calm voice speaks in a second, and the silence around them (s).
LETTERS_PER_S, AROUND_S = 14.0, 0.5


def speech_seconds(text: str) -> float:
    """Return about how long a calm voice takes for a text (s)."""
    return AROUND_S + len(text) / LETTERS_PER_S
