"""Which exercise was done: by whose position the body was seen in, and by whose rules something happened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from ..measure import Body
from ..measure.view import classify
from ..pose.types import Observation
from ..rules.exercise import Exercise
from ..rules.limits import Limits

#: An exercise whose position was held for less than this share of the time was not done.
MIN_SHARE = 0.2
#: What a position alone, without any attempt at a repetition, is worth: less than is asked for. Standing, sitting,
#: lying and being on all fours are start positions too.
NO_ATTEMPT = 0.15
#: ... and where the position is held for its own sake.
HELD = 0.35
#: What an attempt that a fault kept from counting is worth beside one that counted. Without even a fault it is none: on
#: all fours, only a leg raised.
NOT_COUNTED = 0.8
#: A position seen in a smaller share of the looks is not worth telling; one seen this share as often as the first is.
SEEN_SHARE, ALIKE = 0.15, 0.5
#: Seconds between looks: positions last long.
LOOK_EVERY_S = 1.0


class PositionVotes:
    """Counts, once a second, which exercises' positions the body fits."""

    def __init__(self, exercises: Mapping[str, Exercise]) -> None:
        self._exercises = {k: (e, Limits(k, e.limits)) for k, e in exercises.items()}
        self._next = -np.inf
        self.looks = 0
        self.votes: Counter[str] = Counter()
        self._entered: set[str] = set()

    def update(self, body: Body) -> None:
        """Look at some of the frames of a chunk."""
        picked = []
        for i, t in enumerate(body.t):
            if t >= self._next and body.plausible[i]:
                picked.append(i)
                self._next = t + LOOK_EVERY_S
        if not picked:
            return
        some = Body(body.t[picked], body.image[picked], body.world[picked], body.size)
        kinds = [classify(float(y)).kind for y in some.yaw]
        self.looks += len(picked)
        for name, (exercise, limits) in self._exercises.items():
            with np.errstate(invalid="ignore", divide="ignore"):
                table = exercise.signals(some)
            for k in range(len(picked)):
                sample = {n: float(v[k]) for n, v in table.items()}
                sample |= {n: float(v[k]) for n, v in some.angles.items()}
                if kinds[k] not in exercise.views or not exercise.in_position(sample, limits):
                    continue
                if exercise.in_start(sample, limits):
                    self._entered.add(name)
                if name in self._entered:
                    self.votes[name] += 1

    def best(self) -> list[str]:
        """Return the exercises whose start positions were seen most: one, or those that one position fits alike.

        Empty where hardly any was seen.
        """
        most = max(self.votes.values(), default=0)
        if not self.looks or most < SEEN_SHARE * self.looks:
            return []
        return [name for name in self._exercises if self.votes[name] >= ALIKE * most]


@dataclass(frozen=True)
class Recognition:
    """What was recognised.

    Attributes
    ----------
    exercise : str or None
        Id; None where it is none of the known exercises.
    confidence : float
        0-1: how far the best exercise is ahead of the second, or of none at all.
    evidence : dict
        0-1 by exercise id.
    """

    exercise: str | None
    confidence: float
    evidence: Mapping[str, float]


def recognise(observations: Iterable[Observation]) -> Recognition:
    """Tell which exercise is done in a stream of observations.

    Every exercise judges the whole stream; the evidence for one is the share of the time its position was held in a
    view that it can be judged from, and that is not enough where no attempt at a repetition was seen. Positions differ
    more than any classifier of movements would need, and there is nothing to train or download.

    Parameters
    ----------
    observations : iterable of Observation

    Returns
    -------
    Recognition
    """
    from ..exercises import exercises
    from .session import Session

    sessions = {name: Session(e, notes=False) for name, e in exercises().items()}
    for o in observations:
        for s in sessions.values():
            s.update(o)
    evidence: dict[str, float] = {}
    for name, s in sessions.items():
        s.finish()
        j = s.judge
        share = j.seconds["judged"] / max(j.seconds["pose"], 1e-9)
        idle = HELD if s.exercise.reports_holds else NO_ATTEMPT
        done = 1.0 if any(r.counted for r in j.reps) else NOT_COUNTED if any(r.faults for r in j.reps) else idle
        evidence[name] = min(share, 1.0) * done
    ranked = sorted(evidence, key=lambda k: -evidence[k])
    best, second = evidence[ranked[0]], evidence[ranked[1]] if len(ranked) > 1 else 0.0
    if best < MIN_SHARE:
        return Recognition(None, round(1.0 - best / MIN_SHARE * 0.5, 2), evidence)
    return Recognition(ranked[0], round(best / (best + max(second, MIN_SHARE / 2)), 2), evidence)
