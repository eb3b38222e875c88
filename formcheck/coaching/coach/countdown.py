"""The seconds between "ready" and "go"."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil

from formcheck.judging.session.moment import Moment

from ..voice.utterances import TIMED, Utterance
from .phrases import Phrases

#: Seconds that belong to "ready" before the countdown, and seconds of it out of position that take it back.
READY_S, COUNTED = 1.0, 3
COUNTDOWN_S, LOST_S = READY_S + COUNTED, 0.8
#: What becomes of it.
RUNS, LOST, OVER = "runs", "lost", "over"


class Countdown:
    """Counts down.

    Parameters
    ----------
    phrases : Phrases
    t : float
        When the start position had been held long enough (s).
    offer : callable
        Takes what is to be said.
    """

    def __init__(self, phrases: Phrases, t: float, offer: Callable[[Utterance], None]) -> None:
        self._phrases, self._offer = phrases, offer
        self._since = self._present_at = t
        self._counted = 0
        self._say("ready", t, 2.0)

    def left(self, t: float) -> float:
        """Return the seconds that are left."""
        return COUNTDOWN_S - (t - self._since)

    def update(self, moment: Moment) -> str:
        """Take a moment; return whether it runs, is lost, or over."""
        t = moment.t
        if moment.phase != "away":
            self._present_at = t
        elif t - self._present_at > LOST_S:
            return LOST
        if self.left(t) <= 0:
            self._say("go", t)
            return OVER
        n = ceil(self.left(t))
        if n <= COUNTED and n != self._counted:
            self._counted = n
            self._say("countdown", t, n=n)
        return RUNS

    def _say(self, key: str, t: float, good_for_s: float = 0.7, n: int | None = None) -> None:
        name = key if n is None else f"{key}:{n}"
        self._offer(Utterance(self._phrases.say(key, n=n), TIMED, t, good_for_s, name))
