"""Observations into bodies: repaired, smoothed, sized and levelled, and stacked to be measured together.

A ball that is doubtful ends here: exercises, coaching and reports do not see it.
"""

from __future__ import annotations

from collections import deque
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from formcheck.sight.ball.belief import Belief
from formcheck.sight.pose.continuity import moved
from formcheck.sight.pose.doubt import BACK, COMPARED_S, Doubt
from formcheck.sight.pose.landmarks import N_LANDMARKS
from formcheck.sight.pose.repair import SwapRepair
from formcheck.sight.pose.smooth import Smoother
from formcheck.sight.pose.types import Observation

from ..measure import Body
from ..measure.level import Level, Roll, floor_line, out_of_picture
from ..measure.scale import Scale, trunk_length
from ..rules.exercise import Exercise

Array = NDArray[np.float64]
#: A body over some frames, and what was observed in them.
Bodied = tuple[Body, list[Observation]]
#: Frames waited for at first.
FIRST = 4
_NO_BALL = (float("nan"),) * 4
#: The length of a trunk is told to a tenth: this many times as long or as short is another's.
OTHER_SIZE = 1.15


class Bodies:
    """Turns a stream of observations into bodies.

    Parameters
    ----------
    smooth : Smoother
    at_least : int
        Frames to wait for; fewer at the beginning, so that the first answer comes soon.
    supports : str
        What tells the camera's roll in the exercise done (:mod:`formcheck.judging.measure.level`); empty: it is not
        looked for.
    """

    def __init__(self, smooth: Smoother, at_least: int = 1, supports: str = "") -> None:
        self._smooth, self._at_least = smooth, at_least
        self._wait = min(at_least, FIRST)
        self._doubt = Doubt()
        #: Seconds for which the picture hung: from, to.
        self.hung: list[tuple[float, float]] = []
        #: When the body was found somewhere else, and nobody saw it go there.
        self.leaps: list[float] = []
        #: Whether the body of the last observation was not where the one before was, and nobody saw it go there.
        self.found_elsewhere = False
        self._hangs = False
        self._shifts: deque[tuple[float, float]] = deque()
        self._repair = SwapRepair()
        self._scale = Scale()
        #: The last in which a body was seen.
        self._last: Observation | None = None
        #: When it is sized anew.
        self._elsewhere: deque[float] = deque()
        self._level = Level(supports) if supports else None
        self._belief = Belief()
        #: The last observation mended but not smoothed: its landmarks, in the picture and in space, and its shift.
        self.mended: tuple[Array, tuple[float, float]] = np.full((N_LANDMARKS, 8), np.nan), (0.0, 0.0)
        self._ready: list[tuple[float, Array]] = []
        self._waiting: deque[Observation] = deque()

    def update(self, observation: Observation) -> Bodied | None:
        """Take an observation, later than the one before; return the body over the frames that are ready, if any."""
        told = self._doubt.update(observation)
        observation = told.observation
        self._note_hanging(observation.t, hangs=told.hangs)
        self._shifts.append(told.shift)
        if told.leapt:
            self.leaps.append(observation.t)
        back = self._came_back_elsewhere(observation)
        if told.leapt or (back and self._of_other_size(observation)):
            self._elsewhere.append(observation.t)
        self.found_elsewhere = told.leapt or back
        both = np.full((N_LANDMARKS, 8), np.nan)
        if observation.pose is not None:
            image, world = self._repair.update(observation.t, observation.pose.image, observation.pose.world)
            both[:, :4], both[:, 4:] = image, world
        self.mended = both, told.shift
        believed = self._belief.update(observation.t, observation.ball)
        self._waiting.append(observation if believed is observation.ball else replace(observation, ball=believed))
        self._ready += self._smooth.update(observation.t, both)
        if len(self._ready) < self._wait:
            return None
        self._wait = min(2 * self._wait, self._at_least)
        return self._stacked()

    def _came_back_elsewhere(self, o: Observation) -> bool:
        """Whether a body is seen again after a while and is not where it was."""
        before, self._last = self._last, o if o.pose is not None else self._last
        if o.pose is None or before is None or before.pose is None:
            return False
        return o.t - before.t > COMPARED_S and moved(o.pose, before.pose) > BACK

    def _of_other_size(self, o: Observation) -> bool:
        """Whether a body is larger or smaller than the one so far: one of the two was none of it."""
        assert o.pose is not None
        ratio = float(trunk_length(o.pose.image, o.pose.world)) / self._scale.length
        return ratio > OTHER_SIZE or ratio < 1 / OTHER_SIZE  # unknown: not said to be

    def _note_hanging(self, t: float, *, hangs: bool) -> None:
        if hangs and self._hangs:
            self.hung[-1] = (self.hung[-1][0], t)
        elif hangs:
            self.hung.append((t, t))
        self._hangs = hangs

    def flush(self) -> Bodied | None:
        """Return the body over what was held back, if anything was."""
        self._ready += self._smooth.flush()
        return self._stacked()

    def _stacked(self) -> Bodied | None:
        if not self._ready:
            return None
        t, both = np.array([u for u, _ in self._ready]), np.stack([x for _, x in self._ready])
        self._ready.clear()
        seen = [self._waiting.popleft() for _ in t]
        ball = np.array([_NO_BALL if (b := o.ball) is None else (b.x, b.y, b.r, b.confidence) for o in seen])
        shift = np.array([self._shifts.popleft() for _ in t])
        body = Body(t, both[..., :4], both[..., 4:], seen[0].size, ball, shift=shift)
        lengths = np.where(body.plausible, trunk_length(body.image, body.world), np.nan)
        unit = np.array([self._sized(u, x) for u, x in zip(t.tolist(), lengths.tolist(), strict=True)])
        return self._levelled(body.with_unit(unit)), seen

    def _sized(self, t: float, length: float) -> float:
        """Return the steady length of the trunk; of a body that is suddenly somewhere else it begins anew."""
        if self._elsewhere and t >= self._elsewhere[0]:
            self._elsewhere.popleft()
            self._scale.forget()
        return self._scale.update(t, length)

    @property
    def roll(self) -> Roll:
        """How the camera is rolled, as far as it is known."""
        return Roll() if self._level is None else self._level.roll

    def _levelled(self, body: Body) -> Body:
        """Return the body with the camera's roll."""
        if self._level is None:
            return body
        lines = zip(floor_line(body, self._level.supports).tolist(), out_of_picture(body).tolist(), strict=True)
        told = [self._level.update(t, *line) for t, line in zip(body.t.tolist(), lines, strict=True)]
        return body.levelled(np.array([r.degrees for r in told]), np.array([r.unsure for r in told]))


def measured(exercise: Exercise, body: Body) -> dict[str, Array]:
    """Return the (n,) measures of a body by name: the angles of all exercises, and the signals of this one."""
    # A length of zero is an unknown measure, nothing to warn of.
    with np.errstate(invalid="ignore", divide="ignore"):
        return {**body.angles, **exercise.signals(body)}
