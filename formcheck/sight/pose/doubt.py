"""Poses that are not the person's doing: of a picture that hangs, of a tracker that jumps, of a camera that is knocked.

No body stays the same to the last digit, none is elsewhere from one frame to the next, and none moves as a whole
without moving a limb against another. What is not believed is not seen: unknown, never a movement.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import dist, isnan

import numpy as np

from .continuity import body_px, moved
from .landmarks import MAIN_JOINTS
from .types import Array, Ball, Observation, Pose

#: A pose that stays the same to the last digit for longer than this (s) is a picture that hangs.
HANGS_S = 0.5
#: Frames further apart than this (s) are not compared: the body may have gone anywhere.
COMPARED_S = 0.35
#: A trunk has leapt when it has gone further than this from one frame to the next (torso lengths), and faster than this
#: (torso lengths a second): in quick squats, with the torso seen foreshortened, trunks of real people read up to 6.5.
LEAP, FASTEST = 0.6, 9.0
#: A trunk that is somewhere else for longer than this (s) has gone there after all.
AWAY_S = 0.4
#: A trunk is back where it was within this (torso lengths).
BACK = 0.6
#: A camera was knocked where all joints have moved alike from one frame to the next: by at least the first (torso
#: lengths, and as a speed in torso lengths a second), each off the common way by at most the second share of it, and
#: by no more than the third (torso lengths).
KNOCK, KNOCK_SPEED, KNOCK_SHARE, KNOCK_OFF = 0.15, 1.5, 0.35, 0.15

_MAIN = np.array(MAIN_JOINTS)


@dataclass(frozen=True)
class Believed:
    """An observation as far as it is believed.

    Attributes
    ----------
    observation : Observation
        Without a pose where it is not believed; with the knocks of the camera undone.
    hangs : bool
        Whether the picture hangs.
    leapt : bool
        Whether the body is somewhere else than it was, and nobody saw it go there: what was under way is over.
    shift : (float, float)
        By how much the picture has been moved by knocks since the beginning, px.
    """

    observation: Observation
    hangs: bool = False
    leapt: bool = False
    shift: tuple[float, float] = (0.0, 0.0)


class Doubt:
    """Streaming: takes observations and returns what is believed of them.

    Examples
    --------
    A picture that hangs:

    >>> rng = np.random.default_rng(0)
    >>> pose = Pose(rng.uniform(0, 100, (33, 4)), rng.uniform(0, 1, (33, 4)))
    >>> doubt = Doubt()
    >>> [doubt.update(Observation(k / 5, pose, (100, 100))).hangs for k in range(5)]
    [False, False, False, True, True]
    """

    def __init__(self) -> None:
        #: The last pose as it came, and since when it is the same.
        self._raw: Pose | None = None
        self._same_since = 0.0
        #: The last pose believed, knocks undone, and when.
        self._last: tuple[float, Pose] | None = None
        #: Since when the trunk is somewhere else.
        self._away_since: float | None = None
        #: Whether the last pose believed is where the one before was.
        self._back = True
        self._shift: Array = np.zeros(2)

    def update(self, o: Observation) -> Believed:
        """Take an observation, later than the one before."""
        if o.pose is None:
            self._raw = None
            return self._as(o)
        if self._raw is None or not _same(self._raw.image, o.pose.image):
            self._raw, self._same_since = o.pose, o.t
        elif o.t - self._same_since > HANGS_S:
            return replace(self._as(replace(o, pose=None, ball=None)), hangs=True)
        pose = _shifted(o.pose, self._shift)
        away = self._away_since is not None
        if not self._goes_on(o.t, pose):
            return self._as(replace(o, pose=None))
        told = self._as(replace(o, pose=_shifted(o.pose, self._shift)))
        return replace(told, leapt=True) if away and not self._back else told

    def _goes_on(self, t: float, pose: Pose) -> bool:
        """Whether a pose goes on from the last one believed; where the camera was knocked, that is undone."""
        self._back = True
        if self._last is not None:
            then, before = self._last
            way = knocked(pose, before, t - then)
            if way is not None and self._away_since is None:
                self._shift = self._shift + way
                pose = _shifted(pose, way)
            elif self._away_since is None:
                most = max(FASTEST * (t - then), LEAP)
                if t - then <= COMPARED_S and moved(pose, before) > most:
                    self._away_since = t
                    return False
            else:
                self._back = moved(pose, before) <= BACK
                if not self._back and t - self._away_since <= AWAY_S:
                    return False
        self._away_since = None
        self._last = (t, pose)
        return True

    def _as(self, o: Observation) -> Believed:
        x, y = self._shift.tolist()
        ball = o.ball
        if ball is not None and (x or y):
            ball = Ball(ball.x - x, ball.y - y, ball.r, ball.confidence)
        return Believed(replace(o, ball=ball) if ball is not o.ball else o, shift=(x, y))


def knocked(pose: Pose, before: Pose, dt: float) -> Array | None:
    """(2,) way (px) by which a camera that was knocked has moved a body since *dt* seconds before; None: it was not.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> a = Pose(rng.uniform(0, 100, (33, 4)), np.zeros((33, 4)))
    >>> knocked(Pose(a.image + 30, a.world), a, 0.1).tolist()
    [30.0, 30.0]
    >>> knocked(a, a, 0.1) is None
    True
    """
    if dt > COMPARED_S:
        return None
    size = max(body_px(pose), body_px(before))
    least = max(KNOCK, KNOCK_SPEED * dt) * size
    # Each joint goes at least so far where all go the common way: mostly one joint tells that they do not.
    if not dist(pose.image[_MAIN[0], :2].tolist(), before.image[_MAIN[0], :2].tolist()) >= (1 - KNOCK_SHARE) * least:
        return None
    ways = pose.image[_MAIN, :2] - before.image[_MAIN, :2]
    way: Array = np.median(ways, axis=0)
    far = float(np.hypot(*way))
    if not far >= least:
        return None
    off = float(np.hypot(*(ways - way).T).max())
    return way if off <= min(KNOCK_SHARE * far, KNOCK_OFF * size) else None


def _same(a: Array, b: Array) -> bool:
    """Whether two poses are the same to the last digit; mostly one number tells that they are not."""
    first, other = float(a[0, 0]), float(b[0, 0])
    return (first == other or isnan(first)) and np.array_equal(a, b, equal_nan=True)


def _shifted(pose: Pose, way: Array) -> Pose:
    if not way.any():
        return pose
    image = pose.image.copy()
    image[:, :2] -= way
    return Pose(image, pose.world)
