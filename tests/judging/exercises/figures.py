"""Stick figures that do the floor and standing exercises: joints in space, seen by a camera, judged by a session.

Lengths are in torso lengths. A figure is a mapping from joint names to points in space, ``(n, 3)`` arrays of forward,
up and right as seen by a person standing upright and facing forward; lying figures are given in the same axes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from formcheck.judging.measure import Body
from formcheck.judging.rules.exercise import Exercise
from formcheck.judging.rules.records import Rep
from formcheck.judging.session.session import Session
from formcheck.sight.pose.landmarks import JOINT, N_LANDMARKS, SIDES, Landmark
from formcheck.sight.pose.types import Track

Array = NDArray[np.float64]
Points = dict[str, Array]

FPS = 15.0
TORSO_PX, TORSO_M = 110.0, 0.5
SIZE = (960, 540)
#: Half the distance of shoulders and of hips, and lengths of the segments.
HALF_WIDTH = {"shoulder": 0.35, "elbow": 0.38, "wrist": 0.38, "index": 0.38, "ear": 0.14}
HALF_HIPS, THIGH, SHANK, UPPER_ARM, FOREARM = 0.2, 0.85, 0.85, 0.6, 0.5
#: Camera azimuths: the person's right side, left side, half from the front, front.
RIGHT, LEFT, OBLIQUE, FRONT = 85.0, -85.0, 38.0, 0.0

Knots = Sequence[tuple[float, float]]


def path(t: Array, knots: Knots) -> Array:
    """Values over time through (seconds, value) knots, each stretch a smooth swing from rest to rest."""
    out = np.full(len(t), float(knots[0][1]))
    for (t0, x0), (t1, x1) in pairwise(knots):
        u = np.clip((t - t0) / max(t1 - t0, 1e-9), 0.0, 1.0)
        out = np.where(t >= t0, x0 + (x1 - x0) * (10 * u**3 - 15 * u**4 + 6 * u**5), out)
    return out


def clock(seconds: float, fps: float = FPS) -> Array:
    """Times of the frames of a clip."""
    return np.arange(round(seconds * fps)) / fps


def _step(degrees: Array | float, length: Array | float) -> Array:
    """Forward and up of a segment at an elevation."""
    a = np.radians(np.asarray(degrees, dtype=np.float64))
    return np.stack(np.broadcast_arrays(np.cos(a) * length, np.sin(a) * length), axis=-1)


def _sides(flat: Mapping[str, Array | tuple[Array, Array]], half: Mapping[str, Array | float]) -> Points:
    """Points of both sides from points in the sagittal plane, one for both or (left, right)."""
    out: Points = {}
    for joint, where in flat.items():
        for k, side in enumerate(SIDES):
            p = where[k] if isinstance(where, tuple) else where
            lateral = np.broadcast_to(np.asarray(half.get(joint, HALF_HIPS)) * (1 if side == "right" else -1), len(p))
            out[f"{joint}_{side}"] = np.column_stack([p, lateral])
    return out


def prone(
    n: int,
    *,
    lift: Array,
    arms: Array,
    elbow: Array | float = 0.0,
    neck: Array | float = 0.0,
    legs: Array | float = 0.0,
) -> Points:
    """On the stomach, head forward: elevations in degrees of trunk, arms and legs; bend of elbows and neck."""
    zero = np.zeros(n)
    hip = np.zeros((n, 2))
    shoulder = hip + _step(lift, 1.0)
    elbow_at = shoulder + _step(arms + zero, UPPER_ARM)
    leg = -_step(-(zero + legs), 1.0)
    flat = {
        "hip": hip, "shoulder": shoulder, "elbow": elbow_at, "wrist": elbow_at + _step(arms + elbow, FOREARM),
        "ear": shoulder + _step(lift + neck, 0.35), "knee": hip + THIGH * leg, "ankle": hip + (THIGH + SHANK) * leg,
    }  # fmt: skip
    return _sides(flat, HALF_WIDTH)


def supine(
    n: int,
    *,
    trunk: Array,
    sag: Array | float = 0.0,
    left: Array | float = 0.0,
    right: Array | float = 0.0,
    knee: Array | float = 0.0,
    feet: float = 0.12,
) -> Points:
    """On the back, feet forward on a ball.

    Trunk inclination in degrees (hips up) with the ankles held on the ball's height; *sag* of the hips below the line
    in degrees, lift of each leg and bend of both knees in degrees, *feet* half the distance of the ankles.
    """
    shoulder = np.zeros((n, 2))
    hip = shoulder + _step(trunk - np.asarray(sag) / 2, 1.0)
    reach = THIGH + SHANK
    rise = np.clip((1.0 - hip[:, 1]) / reach, -0.99, 0.99)  # the ball's top is a torso length high
    down = np.degrees(np.arcsin(rise))
    knees, ankles = [], []
    for lift in (left, right):
        leg = down + np.asarray(lift)
        k = hip + _step(leg + np.asarray(knee) / 2, THIGH)
        knees.append(k)
        ankles.append(k + _step(leg - np.asarray(knee) / 2, SHANK))
    flat: dict[str, Array | tuple[Array, Array]] = {
        "shoulder": shoulder, "hip": hip, "ear": shoulder - [0.3, 0.05], "elbow": np.add(shoulder, [0.6, -0.05]),
        "wrist": np.add(shoulder, [1.1, -0.05]),
        "knee": (knees[0], knees[1]), "ankle": (ankles[0], ankles[1]),
    }  # fmt: skip
    return _sides(flat, {**HALF_WIDTH, "ankle": feet, "knee": max(feet, 0.12)})


def standing(
    n: int,
    *,
    knee: Array,
    lean: Array | float = 5.0,
    arms: Array | float = 0.0,
    sole: Array | float = 35.0,
    knees_apart: Array | float = HALF_HIPS,
    step: Array | float = 0.0,
) -> Points:
    """Upright on the balls of the feet: knee angle, lean of the trunk, elevation of the arms and pitch of the soles in
    degrees; half the distance of the knees; how far the left foot has gone forward."""
    zero = np.zeros(n)
    toe = np.zeros((n, 2))
    heel, ankle = toe - _step(-(zero + sole), 0.4), toe - _step(-(zero + sole + 20.0), 0.36)
    half = np.radians(knee) / 2
    hip = ankle + np.column_stack([zero, 2 * THIGH * np.sin(half)])
    knee_at = ankle + np.column_stack([THIGH * np.cos(half), THIGH * np.sin(half)])
    shoulder = hip + _step(90.0 - (zero + lean), 1.0)
    arm = _step(zero + arms, 1.0)
    ahead = np.column_stack([zero + step, zero])
    flat: dict[str, Array | tuple[Array, Array]] = {
        "hip": hip, "shoulder": shoulder, "ear": np.add(shoulder, [0.05, 0.4]), "elbow": shoulder + UPPER_ARM * arm,
        "wrist": shoulder + (UPPER_ARM + FOREARM) * arm, "knee": knee_at, "ankle": (ankle + ahead, ankle),
        "heel": (heel + ahead, heel), "foot_index": (toe + ahead, toe),
    }  # fmt: skip
    return _sides(flat, {**HALF_WIDTH, "knee": knees_apart})


def film(t: Array, points: Points, azimuth: float = RIGHT) -> Track:
    """Let a camera at an azimuth (see RIGHT, LEFT ...) see a figure."""
    a = np.radians(azimuth)
    n = len(t)
    seen = {**{s: points[f"ear_{s}"] for s in SIDES}}
    nose = (seen["left"] + seen["right"]) / 2
    space = np.repeat(nose[:, None, :], N_LANDMARKS, axis=1)
    for joint, ids in JOINT.items():
        for side in SIDES:
            stand_in = {"index": "wrist", "heel": "ankle", "foot_index": "ankle"}.get(joint, joint)
            p = points.get(f"{joint}_{side}", points[f"{stand_in}_{side}"])
            space[:, ids[side]] = p
    for side in SIDES:
        for finger in ("PINKY", "THUMB"):
            space[:, Landmark[f"{side.upper()}_{finger}"]] = points[f"wrist_{side}"]
    f, u, r = space[..., 0], space[..., 1], space[..., 2]
    across, away = f * np.sin(a) - r * np.cos(a), -f * np.cos(a) - r * np.sin(a)
    sure = np.full((n, N_LANDMARKS), 0.95)
    world = np.stack([across, -u, away], axis=-1) * TORSO_M
    world -= (world[:, [JOINT["hip"]["left"]]] + world[:, [JOINT["hip"]["right"]]]) / 2
    x, y = across * TORSO_PX + SIZE[0] / 2, SIZE[1] - 120.0 - u * TORSO_PX
    image = np.stack([x, y, away * TORSO_PX, sure], axis=-1)
    # No body is the same to the last digit in two pictures: that would be one that stood still.
    image[..., 3] -= np.random.default_rng(0).uniform(0.0, 1e-4, (n, N_LANDMARKS))
    return Track(t, image, np.concatenate([world, sure[..., None]], axis=-1), np.full((n, 4), np.nan), SIZE)


def body(track: Track) -> Body:
    """The body of a track, unsmoothed."""
    return Body(track.t, track.image, track.world, track.size)


@dataclass
class Result:
    """What came of a film: attempts and every fault called."""

    reps: list[Rep]
    faults: set[str] = field(default_factory=set)
    limits_used: set[str] = field(default_factory=set)

    @property
    def counted(self) -> list[bool]:
        return [r.counted for r in self.reps]

    @property
    def rep_faults(self) -> set[str]:
        return {f.id for r in self.reps for f in r.faults}


def result(session: Session) -> Result:
    """What came of a finished session."""
    return Result(session.judge.reps, {f.id for f in session.judge.all_faults()}, session.limits.used)


def watch(exercise: Exercise, track: Track) -> Result:
    """Run a session over a track."""
    session = Session(exercise)
    for observation in track:
        session.update(observation)
    session.finish()
    return result(session)
