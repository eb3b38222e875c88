"""What is said while a position is held: that the hold runs, half way, the last three seconds, and that it is over."""

from __future__ import annotations

from formcheck.judging.rules.exercise import Exercise
from formcheck.judging.rules.holding import SHORT_HOLD
from formcheck.judging.rules.records import Rep, RepStarted
from formcheck.judging.session.moment import Moment

from ..voice.utterances import BREATH, COUNT, TIMED, Utterance
from .phrases import Phrases

#: From this length on a hold is counted (s).
COUNTED_S = 5.0
#: The last seconds, counted down one by one; nothing else is said then.
LAST_S = 3
#: A number is begun this much before its time: an engine needs a moment to start (s).
LEAD_S = 0.1
#: Half way is left out where the last seconds follow sooner than this (s).
HALF_GAP_S = 1.0
#: A hold that ran this long is one, not a passage (s).
BEGUN_S = 0.15
#: The end of a short hold may be told this late (s).
LATE_S = 0.5
#: Attempts that are told to hold; later ones are only where the one before was too short.
TAUGHT = 2
#: Where a position is kept as long as possible, these seconds are told.
MILESTONES_S = (5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 300)
#: The part of a hold (s) in which breathing evenly is said.
EVENLY_S = (1.5, 4.0)


def hold_seconds(exercise: Exercise) -> float:
    """Return for how long the end position is to be held (s), by the limits in force."""
    return exercise.prescription.hold_s


def breathing_attempt(n: int) -> bool:
    """Return whether the n-th attempt is accompanied by its breathing: the first two, then every third."""
    return n <= 2 or n % 3 == 1


class HoldTalk:
    """Follows the holds of one exercise.

    Parameters
    ----------
    exercise : Exercise
    phrases : Phrases
    hold_s : float
        Seconds asked for; 0: as long as possible, or not at all.
    """

    def __init__(self, exercise: Exercise, phrases: Phrases, hold_s: float) -> None:
        self._phrases, self.hold_s = phrases, hold_s
        self._tries, self._breathing = exercise.as_long_as_possible, exercise.breathing
        self._change = exercise.prescription.alternate and 0 < hold_s < COUNTED_S
        self._attempt = 0
        self._taught_again = False
        self._said: set[str] = set()
        self._last = 0.0

    def rep_done(self, rep: Rep) -> None:
        """Hear how an attempt ended."""
        self._taught_again = any(f.id == SHORT_HOLD for f in rep.faults)

    def until_count(self, m: Moment) -> float:
        """Return the seconds left for other words: until half way, the last seconds, a milestone, or a number."""
        if m.phase == "move" and "over" in self._said:
            # On the way back: the number comes next.
            return 0.0
        if m.phase != "hold":
            return float("inf")
        if not self.hold_s:
            later = (s - m.hold_s for s in MILESTONES_S if s > m.hold_s)
            return next(later, float("inf")) if self._tries else float("inf")
        left = self.hold_s - m.hold_s
        if self.hold_s < COUNTED_S:
            return left + LATE_S
        half = self.hold_s / 2 - m.hold_s
        return half if half > 0 and self._tells_half else left - LAST_S

    @property
    def _tells_half(self) -> bool:
        return self.hold_s / 2 >= LAST_S + HALF_GAP_S

    def update(self, m: Moment) -> Utterance | None:
        """Take a moment; return what must be said now."""
        if any(isinstance(e, RepStarted) for e in m.events):
            self._attempt += 1
            self._said.clear()
            self._last = 0.0
        if m.phase != "hold":
            return None
        if m.hold_s < self._last - 0.5:
            # The hold was broken and runs anew.
            self._said.clear()
        self._last = m.hold_s
        if not self.hold_s:
            return self._as_long_as_possible(m) if self._tries else None
        if m.hold_s >= self.hold_s:
            return self._over(m.t)
        return self._long(m) if self.hold_s >= COUNTED_S else self._short(m)

    def breath(self, m: Moment, *, quiet: bool) -> Utterance | None:
        """Return the breathing that this moment asks for; *quiet*: nothing was said for some time."""
        if not breathing_attempt(self._attempt):
            return None
        if self._breathing.in_going and any(isinstance(e, RepStarted) for e in m.events):
            return self._breath("breathe-in", m.t, 0.6)
        if self._breathing.evenly and quiet and m.phase == "hold" and EVENLY_S[0] <= m.hold_s < EVENLY_S[1]:
            return self._once("evenly", self._breath("breathe-evenly", m.t, 1.0))
        return None

    def _breath(self, key: str, t: float, good_for_s: float) -> Utterance:
        return Utterance(self._phrases.say(key), BREATH, t, good_for_s, f"breath:{key}")

    def _once(self, mark: str, utterance: Utterance) -> Utterance | None:
        if mark in self._said:
            return None
        self._said.add(mark)
        return utterance

    def _count(self, mark: str, text: str, t: float, good_for_s: float = 0.7) -> Utterance | None:
        return self._once(mark, Utterance(text, TIMED, t, good_for_s, f"hold:{mark}"))

    def _over(self, t: float) -> Utterance | None:
        key = "change" if self._change else "down"
        if self._breathing.out_coming_back and breathing_attempt(self._attempt):
            key = "breathe-out-down"
        return self._count("over", self._phrases.say(key), t, 1.0)

    def _short(self, m: Moment) -> Utterance | None:
        told = self._attempt <= TAUGHT or self._taught_again
        if told and m.hold_s >= BEGUN_S:
            return self._once("begun", Utterance(self._phrases.say("hold"), COUNT, m.t, 0.5, "hold:begun"))
        return None

    def _long(self, m: Moment) -> Utterance | None:
        left = self.hold_s - m.hold_s
        for n in range(1, LAST_S + 1):
            if n - 1 < left - LEAD_S <= n:
                return self._count(f"{n}", self._phrases.say("hold-left", n=n), m.t)
        half = self.hold_s / 2
        if half <= m.hold_s < half + 1.0 and self._tells_half:
            return self._count("half", self._phrases.say("hold-half"), m.t, 1.0)
        return None

    def _as_long_as_possible(self, m: Moment) -> Utterance | None:
        reached = [s for s in MILESTONES_S if s <= m.hold_s < s + 1.0]
        if not reached:
            return None
        return self._count(f"{reached[0]}", self._phrases.say("hold-reached", n=reached[0]), m.t)
