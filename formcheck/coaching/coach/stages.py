"""In which stage a workout is, since when, and when time alone ends it; a pause stops that time."""

from __future__ import annotations

from .scene import INTRO, REST, SUMMARY

#: An introduction lasts at least this long, and where it is only shown, this many letters a second are read.
INTRO_S, LETTERS_PER_S = 3.0, 15.0
#: ... and while the voice is at it, at most this many times as long as it takes to be read.
LONGEST = 2.0
#: Seconds for which the summary stays on the screen by itself.
SUMMARY_S = 20.0
#: The coming exercise is named this many seconds before a rest ends.
REST_WARNING_S = 5.0


class Stages:
    """Follows the stages of a workout; times are its seconds.

    Attributes
    ----------
    now : str
        One of those of :mod:`~formcheck.coaching.coach.scene`.
    paused : bool
    named : bool
        Whether the coming exercise was named in this stage.
    """

    def __init__(self) -> None:
        self.now = INTRO
        self.paused = False
        self.named = False
        self._since = self._paused_at = 0.0
        self._intro_s = INTRO_S
        self._heard_out = False

    def enter(self, stage: str, t: float) -> None:
        """Begin a stage."""
        self.now, self._since = stage, t
        self.named = self._heard_out = False

    def pause(self, t: float) -> None:
        """Stop the time."""
        self.paused, self._paused_at = True, t

    def resume(self, t: float) -> None:
        """Go on where it was stopped; an introduction begins again, as nobody could guess the rest of it."""
        self.paused = False
        self._since = t if self.now == INTRO else self._since + t - self._paused_at

    def will_read(self, text: str) -> None:
        """Take the text of the introduction that begins."""
        self._intro_s = max(INTRO_S, len(text) / LETTERS_PER_S)

    def introduced(self, t: float, *, speaking: bool) -> bool:
        """Return whether the introduction was read, or heard to its end."""
        self._heard_out = self._heard_out or (not speaking and t - self._since > INTRO_S)
        read = t - self._since >= self._intro_s * (LONGEST if speaking else 1.0)
        return read or self._heard_out

    def rest_left(self, rest_s: float, t: float) -> float:
        """Return the seconds that are left of a rest."""
        return self._since + rest_s - t

    def names_next(self, rest_s: float, t: float) -> bool:
        """Return whether it is time to name the coming exercise, once in a rest."""
        if self.now != REST or self.named or not self.rest_left(rest_s, t) <= REST_WARNING_S < rest_s:
            return False
        self.named = True
        return True

    def summary_over(self, t: float) -> bool:
        """Return whether the summary was there for long enough."""
        return self.now == SUMMARY and t - self._since >= SUMMARY_S
