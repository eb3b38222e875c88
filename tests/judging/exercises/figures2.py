"""Stick figures of the exercises with the ball: lying on the side, kneeling on the ball, sitting on it.

Axes and units are those of :mod:`tests.exercises.figures`: forward, up and right of the person, in torso lengths.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from formcheck.sight.pose.landmarks import SIDES
from formcheck.sight.pose.types import Track

from .figures import HALF_WIDTH, SHANK, THIGH, Points, clock, film

Array = NDArray[np.float64]
Values = Mapping[str, Array | float]
LEG = THIGH + SHANK
#: Half the distance of the shoulders and of the hips of a body on its side, as landmarks show them.
STACKED = {"shoulder": 0.25, "hip": 0.18}
#: Elevation of the upper leg on the ball.
ON_BALL_DEG = 22.0
#: Parameters of a body on its side.
LYING = ("lift", "part", "bend", "knee", "arm", "roll", "shoulder_roll", "rise")


def _turned(degrees: Array | float, length: float, forward: Array, up: Array) -> Array:
    a = np.radians(np.asarray(degrees, dtype=np.float64))[..., None]
    return length * (np.cos(a) * forward + np.sin(a) * up)


def side_lying(n: int, p: Values, *, down: str = "right") -> Points:
    """On one side, belly forward.

    ``lift`` of both ankles and ``part`` of the upper one more, over the leg's length; ``bend`` degrees by which the
    legs point below the trunk's line, ``knee`` degrees of bend, ``arm`` degrees of the lower arm off the line,
    ``roll`` degrees of the trunk forward (``shoulder_roll`` of the shoulders alone), ``rise`` of the whole trunk.
    """
    v = {k: np.zeros(n) + p.get(k, 0.0) for k in LYING}
    forward, up, head = np.array([1.0, 0, 0]), np.array([0, 1.0, 0]), np.array([0, 0, 1.0 if down == "right" else -1.0])
    other = "left" if down == "right" else "right"
    zero = np.zeros((n, 3))
    low_hip = zero + v["rise"][:, None] * up
    out: Points = {}

    def stack(joint: str, lower: Array, roll: Array) -> None:
        out[f"{joint}_{down}"] = lower
        out[f"{joint}_{other}"] = lower + _turned(90.0 - roll, 2 * STACKED[joint], forward, up)

    stack("hip", low_hip, v["roll"])
    stack("shoulder", low_hip + head, v["roll"] + v["shoulder_roll"])
    elevation = {
        down: np.degrees(np.arcsin(v["lift"])) - v["bend"],
        other: np.degrees(np.arcsin(np.sin(np.radians(ON_BALL_DEG)) + v["lift"] + v["part"])) - v["bend"],
    }
    for side in SIDES:
        out[f"knee_{side}"] = out[f"hip_{side}"] + _turned(elevation[side] + v["knee"] / 2, THIGH, -head, up)
        out[f"ankle_{side}"] = out[f"knee_{side}"] + _turned(elevation[side] - v["knee"] / 2, SHANK, -head, up)
        out[f"ear_{side}"] = out[f"shoulder_{down}"] + 0.3 * head + 0.15 * up
    hand = low_hip - v["rise"][:, None] * up
    out[f"elbow_{down}"] = hand + head + _turned(v["arm"], 0.6, head, up)
    out[f"wrist_{down}"] = hand + head + _turned(v["arm"], 1.1, head, up)
    out[f"elbow_{other}"] = out[f"shoulder_{other}"] - 0.4 * head
    out[f"wrist_{other}"] = out[f"hip_{other}"] + 0.1 * head
    return out


def ball_kneeling(n: int, p: Values) -> Points:
    """Kneeling on the ball, facing forward.

    ``thigh`` degrees by which the thighs lean back, ``lean`` of the trunk forward and ``head`` of the head against it;
    ``hands`` above the knees; ``foot`` by which the right foot hangs below them.
    """
    v = {k: np.zeros(n) + p.get(k, 0.0) for k in ("thigh", "lean", "head", "hands", "foot")}
    forward, up = np.array([1.0, 0, 0]), np.array([0, 1.0, 0])
    knee = np.zeros((n, 3))
    hip = knee + _turned(90.0 + v["thigh"], THIGH, forward, up)
    shoulder = hip + _turned(90.0 - v["lean"], 1.0, forward, up)
    ear = shoulder + _turned(90.0 - v["lean"] - v["head"], 0.35, forward, up)
    wrist = knee + 0.5 * forward + v["hands"][:, None] * up
    flat = {"knee": knee, "hip": hip, "shoulder": shoulder, "ear": ear, "wrist": wrist, "elbow": (wrist + shoulder) / 2}
    flat["ankle"] = knee + _turned(183.0, SHANK, forward, up)
    out: Points = {}
    for side, sign in (("left", -1.0), ("right", 1.0)):
        for joint, where in flat.items():
            out[f"{joint}_{side}"] = where + sign * HALF_WIDTH.get(joint, 0.15) * np.array([0, 0, 1.0])
    out["ankle_right"] = out["ankle_right"] - v["foot"][:, None] * up
    return out


def sitting(n: int, p: Values) -> Points:
    """On the ball, facing forward, knees at hip height.

    ``ahead`` and ``right``: way of the hips; ``follow`` share of it that the shoulders go; ``lean`` degrees of the
    trunk to its right; ``step`` way of the right foot.
    """
    v = {k: np.zeros(n) + p.get(k, 0.0) for k in ("ahead", "right", "follow", "lean", "step")}
    ahead, right = v["ahead"], v["right"]
    zero = np.zeros(n)
    side_lean = np.tan(np.radians(v["lean"]))
    flat = {
        "hip": (ahead, zero, right),
        "shoulder": (v["follow"] * ahead, zero + 1.0, v["follow"] * right + side_lean),
        "knee": (0.8 + ahead, zero - 0.05, 0.45 * right),
        "ankle": (zero + 0.75, zero - 1.0, zero),
    }
    out: Points = {}
    for side, sign in (("left", -1.0), ("right", 1.0)):
        for joint, (f, u, r) in flat.items():
            out[f"{joint}_{side}"] = np.column_stack([f, u, r + sign * HALF_WIDTH.get(joint, 0.2)])
        # The shoulders tilt as the hips are shifted to the side.
        out[f"shoulder_{side}"][:, 1] += sign * 0.3 * right
        out[f"ear_{side}"] = out[f"shoulder_{side}"] * [1, 1, 0.4] + [0, 0.4, 0]
        out[f"elbow_{side}"] = out[f"shoulder_{side}"] + [0.1, -0.5, 0]
        out[f"wrist_{side}"] = out[f"hip_{side}"] + [0.4, 0.1, 0]
    out["ankle_right"][:, 0] += v["step"]
    return out


def shoot(
    build: Callable[[int, Values], Points], seconds: float, motion: Callable[[Array], Values], azimuth: float
) -> Track:
    """Film a figure whose parameters are functions of time."""
    t = clock(seconds)
    return film(t, build(len(t), motion(t)), azimuth)


def shaken(track: Track, px: float, seed: int = 1) -> Track:
    """Add landmark noise of *px* to the picture, and as much in metres to the world."""
    rng = np.random.default_rng(seed)
    image, world = track.image.copy(), track.world.copy()
    image[..., :2] += rng.normal(0.0, px, image[..., :2].shape)
    world[..., :3] += rng.normal(0.0, px / 220.0, world[..., :3].shape)
    return track.with_poses(image, world)
