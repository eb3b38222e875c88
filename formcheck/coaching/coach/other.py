"""The wrong exercise: somebody does another one than the one it is about, and is asked whether to go on with it."""

from __future__ import annotations

from formcheck.judging.session.moment import Moment
from formcheck.judging.session.recognition import Recogniser
from formcheck.sight.pose.types import Observation

#: Seconds out of position after which it is looked what is done instead, and of the most that is looked at.
AFTER_S, MOST_S = 2.0, 60.0
#: Counted repetitions of the other exercise, and how far it must be ahead (0-1), for the question.
ATTEMPTS, SURE_OTHER = 1, 0.7
#: Seconds for which the question may be answered.
OPEN_S = 15.0


class Question:
    """Notices another exercise, and keeps the question open for a while; each is asked about once."""

    def __init__(self) -> None:
        self.asked: str | None = None
        self._asked_at = -1e9
        self._already: set[tuple[str, str]] = set()
        self._away_since: float | None = None
        self._recogniser: Recogniser | None = None

    def open_at(self, t: float) -> bool:
        """Return whether an answer is waited for."""
        return self.asked is not None and t - self._asked_at <= OPEN_S

    def take(self) -> str | None:
        """Return what was asked about, and close the question."""
        out, self.asked = self.asked, None
        return out

    def update(self, observation: Observation, moment: Moment, exercise: str) -> str | None:
        """Take what was seen; return the exercise to ask about, once.

        Parameters
        ----------
        observation : Observation
        moment : Moment
            Judged as the exercise it is about.
        exercise : str
            Its id.
        """
        t = observation.t
        if moment.phase != "away" or moment.image is None:
            # A body lost for a moment changes nothing; one in position needs no question.
            if moment.phase != "away":
                self._away_since, self._recogniser = None, None
            return None
        self._away_since = t if self._away_since is None else self._away_since
        if t - self._away_since < AFTER_S:
            return None
        if self._recogniser is None or t - self._away_since > MOST_S:
            self._recogniser, self._away_since = Recogniser(), t - AFTER_S
        if not self._recogniser.update(observation):
            return None
        found = self._recogniser.result()
        other = found.exercise
        if other is None or other == exercise or (exercise, other) in self._already or found.confidence < SURE_OTHER:
            return None
        if self._recogniser.attempts(other) < ATTEMPTS:
            return None
        self._already.add((exercise, other))
        self.asked, self._asked_at = other, t
        return other
