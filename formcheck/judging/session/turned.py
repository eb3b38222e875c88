"""Pictures that lie on their side or stand on their head: told by the body in them, with the turn that puts them right.

A body alone hardly tells whether it stands or whether the picture lies: who lies on the back with bent knees looks,
turned, like somebody who kneels. Two things do tell. Nobody who exercises here has the hips above the shoulders for
long. And where the exercise asked for is never seen as the picture is, but counts repetitions once it is turned, with
the belly where it belongs, and could not stand as it is shown, it was turned.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from formcheck.sight.pose.landmarks import JOINT, Landmark
from formcheck.sight.pose.types import Observation, Track

from ..measure import Body
from ..measure.scale import trunk_length
from ..rules.exercise import Exercise
from .moment import Moment
from .session import Session

Array = NDArray[np.float64]

#: Observations kept: one in so many seconds, and for so many seconds.
STEP_S, KEEP_S = 0.09, 120.0
#: Bodies looked at for how they lie: one in so many of those kept, and at least so many.
LOOK_EVERY, LEAST_LOOKS = 5, 6
#: Hips higher than the shoulders by this much (trunk lengths) are upside down ...
OVER = 0.6
#: ... and a picture with this share of them is. In 111 clips and films of exercising people the share is 0.00 as they
#: were filmed; turned upside down, or lying ones on their heads, it is 0.4 to 1.0.
INVERTED_SHARE = 0.6
#: A belly that faces down (or up) by more than this (cosine) in this share of the looks does.
BELLY, BELLY_SHARE = 0.3, 0.6
#: Bones that run less (cosine) across the trunk say nothing of where the belly is.
ACROSS = 0.3
#: Shares of the body's mass (Winter 2009) of head, trunk, both upper arms, forearms with hands, thighs, and shanks with
#: feet, and the joints that each lies half way between.
MASSES = (
    (0.081, "ear", "ear"),
    (0.497, "shoulder", "hip"),
    (0.056, "shoulder", "elbow"),
    (0.044, "elbow", "wrist"),
    (0.2, "hip", "knee"),
    (0.122, "knee", "ankle"),
)
#: Joints this close (trunk lengths) to the lowest one carry the body; its middle of mass further off than that falls.
CARRIES, FALLS = 0.12, 0.35
#: In a turned picture the body would fall in this share of the looks. Films of lunges and squats read 0.0 upright.
FALLING_SHARE = 0.3
#: A turn counts for nothing in which the position is held for a smaller share of the time.
LEAST_POSITION = 0.3
TURNS = (90, 180, 270)
#: What a body can rest on: head, trunk and limbs.
_CARRYING = np.array([Landmark.NOSE, *(k for sides in JOINT.values() for k in sides.values())])


class TurnWatch:
    """Keeps what was seen while nothing counts, and says at the end whether the picture was turned.

    Parameters
    ----------
    exercise : Exercise or None
        The one asked for, bound to the limits in force; None: it is not known.
    """

    def __init__(self, exercise: Exercise | None = None) -> None:
        self._exercise = exercise
        self._kept: list[Observation] = []
        self._off = False

    def update(self, observation: Observation | None, moments: Sequence[Moment] = ()) -> None:
        """Take what was seen of a frame (None: it was not used), and what was judged since."""
        if observation is None:
            return
        if self._off or (moments and moments[-1].counts["total"]):
            # Something was counted: the picture is as it should be.
            self._off = True
            self._kept.clear()
            return
        since = observation.t - self._kept[-1].t if self._kept else STEP_S
        if since >= STEP_S and (not self._kept or observation.t - self._kept[0].t <= KEEP_S):
            self._kept.append(replace(observation, luma=None))

    def notes(self, counted: int = 0) -> list[str]:
        """Say how the picture is turned and how to put it right; nothing where it was not, or something *counted*."""
        seen = sum(o.pose is not None for o in self._kept)
        advice = self._advice() if not counted and seen >= LEAST_LOOKS * LOOK_EVERY else None
        return [] if advice is None else [advice]

    def _advice(self) -> str | None:
        size = self._kept[-1].size
        track = Track.from_observations([o for o in self._kept if o.size == size])
        upright = _Look(track)
        exercise = self._exercise
        if upright.inverted >= INVERTED_SHARE:
            return _words(None if exercise is None else self._best(track, exercise, reps=False))
        if exercise is None or exercise.belly not in ("up", "down"):
            return None
        if upright.belly_share(exercise.belly) >= BELLY_SHARE or upright.falling < FALLING_SHARE:
            return None
        found = self._best(track, exercise, reps=True)
        return None if found is None else _words(found)

    def _best(self, track: Track, exercise: Exercise, *, reps: bool) -> int | None:
        """Return the turn in which the exercise is seen best, if in any; with *reps*, only where some count."""
        ranked = []
        for turn in TURNS:
            turned = track.turned(turn)
            look = _Look(turned)
            if look.inverted >= INVERTED_SHARE / 2 or look.belly_share(exercise.belly) < BELLY_SHARE:
                continue
            counted, share = _judged(exercise, turned)
            if share >= LEAST_POSITION and (counted or not reps):
                ranked.append((counted, share, turn))
        ranked.sort()
        if not ranked or (len(ranked) > 1 and ranked[-1][:2] == ranked[-2][:2]):
            return None
        return ranked[-1][2]


class _Look:
    """How the bodies of a track lie in the picture, seen a few times a second."""

    def __init__(self, track: Track) -> None:
        some = np.flatnonzero(track.found)[::LOOK_EVERY]
        image, world = track.image[some], track.world[some]
        body = Body(track.t[some], image, world, track.size)
        ok = body.plausible
        image, world = image[ok], world[ok]
        shoulder, hip = (_middle(image, j) for j in ("shoulder", "hip"))
        unit = float(np.nanmedian(trunk_length(image, world))) if len(image) else 1.0
        #: Shares of the looks with the hips above the shoulders, and with the body's middle beside what carries it.
        self.inverted = _share((shoulder - hip)[:, 1] > OVER * unit)
        self.falling = _share(_beside(image, CARRIES * unit) > FALLS * unit)
        with np.errstate(invalid="ignore", divide="ignore"):
            self._belly = _belly_down(image, shoulder - hip)

    def belly_share(self, belly: str) -> float:
        """Return the share of the looks with the belly facing as it should; 1 where it may face anywhere."""
        if belly not in ("up", "down"):
            return 1.0
        sign = 1.0 if belly == "down" else -1.0
        return _share(sign * self._belly > BELLY)


def _share(ok: NDArray[np.bool_]) -> float:
    return float(ok.mean()) if len(ok) else 0.0


def _middle(image: Array, joint: str) -> Array:
    """(n, 2) middle between the left and right joint, whether seen or guessed."""
    return np.asarray(image[:, list(JOINT[joint].values()), :2].mean(1))


def _beside(image: Array, near: float) -> Array:
    """(n,) px by which the body's middle of mass is beside the joints within *near* of the lowest one."""
    mass = sum(m * (_middle(image, a)[:, 0] + _middle(image, b)[:, 0]) / 2 for m, a, b in MASSES)
    joints = image[:, _CARRYING, :2]
    low = joints[..., 1] > joints[..., 1].max(1, initial=-np.inf)[:, None] - near
    left = np.where(low, joints[..., 0], np.inf).min(1, initial=np.inf)
    right = np.where(low, joints[..., 0], -np.inf).max(1, initial=-np.inf)
    return np.asarray(np.maximum(0.0, np.maximum(left - mass, mass - right)))


def _belly_down(image: Array, trunk: Array) -> Array:
    """(n,) how far the belly faces down: 1 down, -1 up, 0 sideways or unknown.

    Noses and toes point to where the belly faces, and knees bend the other way: the most of the three decide.
    """
    front = np.stack([-trunk[:, 1], trunk[:, 0]], axis=1)
    nose = image[:, Landmark.NOSE, :2] - _middle(image, "ear")
    toes = _middle(image, "foot_index") - _middle(image, "heel")
    shank = _middle(image, "knee") - _middle(image, "ankle")
    votes = np.zeros(len(image))
    for bone in (nose, toes, shank):
        ahead = (bone * front).sum(1) / np.hypot(*bone.T) / np.hypot(*front.T)
        votes += np.where(np.abs(ahead) > ACROSS, np.sign(ahead), 0.0)
    return np.asarray(np.sign(votes) * front[:, 1] / np.hypot(*front.T))


def _judged(exercise: Exercise, observations: Iterable[Observation]) -> tuple[int, float]:
    """Return how many repetitions count, and the share of the time in the exercise's position."""
    session = Session(exercise, notes=False)
    first = last = 0.0
    for k, o in enumerate(observations):
        first, last = (o.t if k == 0 else first), o.t
        session.update(o)
    session.finish()
    held = sum(b - a for a, b in session.holds)
    return sum(r.counted for r in session.judge.reps), held / max(last - first, 1e-9)


def _words(turn: int | None) -> str:
    if turn is None:
        return "The picture stands on its head or lies on its side: try --rotate 180, 90 or 270."
    return f"The picture {'stands on its head' if turn == 180 else 'lies on its side'}: give --rotate {turn}."
