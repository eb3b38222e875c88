"""Hands free: a raised arm, held for two seconds, is an answer; both arms are another.

Judged from the landmarks alone, by the observations' own time; where an exercise raises an arm itself, only somebody
who sits, kneels or stands is understood.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import atan2, degrees, hypot

import numpy as np
from numpy.typing import NDArray

from formcheck.sight.pose.landmarks import JOINT, SIDES, Landmark
from formcheck.sight.pose.types import Observation

Array = NDArray[np.float64]

#: What is understood.
ONE, BOTH = "one", "both"
#: Seconds that an arm must be held up, from when on that is shown, and for which it may be lost: landmark noise.
HOLD_S, SHOWN_S, LAPSE_S = 2.0, 0.3, 0.3
#: An arm is up whose wrist is this much higher than the shoulder (torso lengths), whose elbow is straighter than this,
#: and that leans from upright by less than this (degrees).
RISE, STRAIGHT_DEG, LEAN_DEG = 0.6, 135.0, 35.0
#: The other arm is down whose wrist is no higher over its shoulder than this (torso lengths).
DOWN = 0.15
#: A raised hand stays within this of where it was (torso lengths): waving is no answer.
STEADY_HAND = 0.35
#: Visibility from which a joint is believed.
SEEN = 0.5
#: Slope of the trunk (degrees) from which a body is upright, and up to which it lies; between them it is propped up, as
#: in a side support, whose upper arm points upwards for its own sake.
UPRIGHT_DEG, LYING_DEG = 50.0, 10.0
#: Torso lengths between the bodies of two pictures beyond which it is not known to be the same person.
SAME_BODY = 0.8


@dataclass(frozen=True)
class Gesture:
    """An arm that is being held up.

    Attributes
    ----------
    kind : str
        ``one`` or ``both``.
    progress : float
        0-1 of the time asked for.
    hand : (float, float)
        The raised hand in the picture (px); of two, the middle.
    given : bool
        True once, in the moment in which the time is over.
    """

    kind: str
    progress: float
    hand: tuple[float, float]
    given: bool = False


class Gestures:
    """Watches for raised arms."""

    def __init__(self) -> None:
        self._kind: str | None = None
        self._since = self._last = -1e9
        self._from: Array | None = None
        self._hip: Array | None = None
        #: Given, and not taken down since.
        self._given = False

    def update(self, observation: Observation, *, watch: bool = True, upright: bool = False) -> Gesture | None:
        """Take an observation.

        Parameters
        ----------
        observation : Observation
        watch : bool
            False where an arm may be up for other reasons: an attempt is under way.
        upright : bool
            Only somebody upright is understood: the exercise raises an arm itself.

        Returns
        -------
        Gesture or None
            An arm that is up long enough to be meant.
        """
        t = observation.t
        found = arms_up(observation, upright=upright) if watch else None
        if found is None:
            if not watch or t - self._last > LAPSE_S:
                self._drop()
            return None
        kind, hand, hip, torso = found
        moved = self._from is not None and np.abs(hand - self._from).max() > STEADY_HAND * torso
        leapt = self._hip is not None and np.abs(hip - self._hip).max() > SAME_BODY * torso
        if kind != self._kind or moved or leapt or t - self._last > LAPSE_S:
            if moved or leapt or kind != self._kind:
                # An arm that comes up while the other is given goes on being the same raised arm.
                self._given = self._given and t - self._last <= LAPSE_S
            self._kind, self._since, self._from = kind, t, hand
        self._last, self._hip = t, hip
        held = t - self._since
        if self._given or held < SHOWN_S:
            return None
        self._given = held >= HOLD_S
        return Gesture(kind, min(held / HOLD_S, 1.0), (float(hand[0]), float(hand[1])), self._given)

    def _drop(self) -> None:
        self._kind, self._from, self._hip, self._given = None, None, None, False


def arms_up(observation: Observation, *, upright: bool = False) -> tuple[str, Array, Array, float] | None:
    """Return which arms are held up, the hand, the hips (px) and the torso's length; None where none is."""
    if observation.pose is None:
        return None
    p = observation.pose.image
    torso = observation.pose.torso_px
    hip = (p[JOINT["hip"]["left"], :2] + p[JOINT["hip"]["right"], :2]) / 2
    neck = (p[JOINT["shoulder"]["left"], :2] + p[JOINT["shoulder"]["right"], :2]) / 2
    if not torso > 0 or not np.isfinite(hip).all():
        return None
    slope = degrees(atan2(hip[1] - neck[1], abs(neck[0] - hip[0])))
    if slope < UPRIGHT_DEG and (upright or abs(slope) > LYING_DEG):
        return None
    up = [s for s in SIDES if _is_up(p, s, torso)]
    if not up:
        return None
    if len(up) == 1 and not _is_down(p, SIDES[1] if up[0] == SIDES[0] else SIDES[0], torso):
        return None
    hand = np.asarray(np.mean([p[JOINT["wrist"][s], :2] for s in up], axis=0))
    return (BOTH if len(up) == 2 else ONE), hand, hip, torso


def _is_up(p: Array, side: str, torso: float) -> bool:
    shoulder, elbow, wrist = (p[JOINT[j][side]] for j in ("shoulder", "elbow", "wrist"))
    if min(shoulder[3], elbow[3], wrist[3]) < SEEN:
        return False
    rise = shoulder[1] - wrist[1]
    if rise < RISE * torso or wrist[1] > p[Landmark.NOSE, 1]:
        return False
    if degrees(atan2(abs(wrist[0] - shoulder[0]), rise)) > LEAN_DEG:
        return False
    a, b = shoulder[:2] - elbow[:2], wrist[:2] - elbow[:2]
    spread = hypot(*a) * hypot(*b)
    return bool(spread > 0 and degrees(np.arccos(np.clip(a @ b / spread, -1, 1))) >= STRAIGHT_DEG)


def _is_down(p: Array, side: str, torso: float) -> bool:
    shoulder, wrist = p[JOINT["shoulder"][side]], p[JOINT["wrist"][side]]
    return bool(wrist[3] < SEEN or shoulder[1] - wrist[1] < DOWN * torso)
