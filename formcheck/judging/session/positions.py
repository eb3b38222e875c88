"""In which exercises' positions a body was seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import numpy as np

from ..exercises.plugins import kept_apart
from ..measure import Body
from ..measure.view import classify
from ..rules.exercise import Exercise

#: A position seen in a smaller share of the looks is not worth telling; one seen this share as often as the first is.
SEEN_SHARE, ALIKE = 0.15, 0.5
#: Seconds between looks: positions last long.
LOOK_EVERY_S = 1.0


class PositionVotes:
    """Counts, once a second, which exercises' positions the body fits."""

    def __init__(self, exercises: Mapping[str, Exercise]) -> None:
        self._exercises = dict(exercises)
        self._next = -np.inf
        self.looks = 0
        self.votes: Counter[str] = Counter()
        self._entered: set[str] = set()
        #: Why exercises of other packages are asked no more.
        self._failed: dict[str, str] = {}

    def update(self, body: Body) -> None:
        """Look at some of the frames of a chunk."""
        picked = []
        for i, t in enumerate(body.t):
            if t >= self._next and body.plausible[i]:
                picked.append(i)
                self._next = t + LOOK_EVERY_S
        if not picked:
            return
        unit = None if body.unit is None else body.unit[picked]
        some = Body(body.t[picked], body.image[picked], body.world[picked], body.size, unit=unit)
        kinds = [classify(float(y)).kind for y in some.yaw]
        self.looks += len(picked)
        for name, exercise in self._exercises.items():
            if name not in self._failed:
                with kept_apart(exercise, self._failed):
                    self._vote(name, exercise, some, kinds)
        for name in self._failed:
            self.votes.pop(name, None)

    def _vote(self, name: str, exercise: Exercise, some: Body, kinds: list[str]) -> None:
        limits = exercise.in_force
        with np.errstate(invalid="ignore", divide="ignore"):
            table = exercise.signals(some)
        for k, kind in enumerate(kinds):
            sample = {n: float(v[k]) for n, v in table.items()}
            sample |= {n: float(v[k]) for n, v in some.angles.items()}
            if kind not in exercise.views or not exercise.in_position(sample, limits):
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
