"""The 33 BlazePose landmarks: their numbers, names, left-right pairs and the bones between them.

Numbering: https://ai.google.dev/edge/mediapipe/solutions/vision/pose_landmarker
"""

from __future__ import annotations

from enum import IntEnum


class Landmark(IntEnum):
    """Index of a landmark in every ``(33, ...)`` array."""

    NOSE = 0
    LEFT_EYE_INNER = 1
    LEFT_EYE = 2
    LEFT_EYE_OUTER = 3
    RIGHT_EYE_INNER = 4
    RIGHT_EYE = 5
    RIGHT_EYE_OUTER = 6
    LEFT_EAR = 7
    RIGHT_EAR = 8
    MOUTH_LEFT = 9
    MOUTH_RIGHT = 10
    LEFT_SHOULDER = 11
    RIGHT_SHOULDER = 12
    LEFT_ELBOW = 13
    RIGHT_ELBOW = 14
    LEFT_WRIST = 15
    RIGHT_WRIST = 16
    LEFT_PINKY = 17
    RIGHT_PINKY = 18
    LEFT_INDEX = 19
    RIGHT_INDEX = 20
    LEFT_THUMB = 21
    RIGHT_THUMB = 22
    LEFT_HIP = 23
    RIGHT_HIP = 24
    LEFT_KNEE = 25
    RIGHT_KNEE = 26
    LEFT_ANKLE = 27
    RIGHT_ANKLE = 28
    LEFT_HEEL = 29
    RIGHT_HEEL = 30
    LEFT_FOOT_INDEX = 31
    RIGHT_FOOT_INDEX = 32


N_LANDMARKS = len(Landmark)
NAMES: tuple[str, ...] = tuple(m.name.lower() for m in Landmark)
SIDES: tuple[str, str] = ("left", "right")

#: Landmark index by joint name and side: ``JOINT["hip"]["left"] == 23``.
JOINT: dict[str, dict[str, int]] = {
    joint: {side: int(Landmark[f"{side}_{joint}".upper()]) for side in SIDES}
    for joint in ("ear", "shoulder", "elbow", "wrist", "index", "hip", "knee", "ankle", "heel", "foot_index")
}

ARM = ("shoulder", "elbow", "wrist", "pinky", "index", "thumb")
LEG = ("hip", "knee", "ankle", "heel", "foot_index")


def _pairs(names: tuple[str, ...]) -> tuple[tuple[int, int], ...]:
    return tuple((int(Landmark[f"LEFT_{n.upper()}"]), int(Landmark[f"RIGHT_{n.upper()}"])) for n in names)


ARM_PAIRS = _pairs(ARM[1:])
LEG_PAIRS = _pairs(LEG[1:])
#: Every left-right pair; exchanging them turns a pose into its mirror image's labels.
PAIRS: tuple[tuple[int, int], ...] = (
    *((1, 4), (2, 5), (3, 6), (7, 8), (9, 10), (11, 12)),
    *ARM_PAIRS,
    (23, 24),
    *LEG_PAIRS,
)

#: Bones drawn between landmarks (body and limbs; hands and face left out).
BONES: tuple[tuple[int, int], ...] = (
    (11, 12),
    (23, 24),
    (11, 23),
    (12, 24),
    (11, 13),
    (13, 15),
    (12, 14),
    (14, 16),
    (23, 25),
    (25, 27),
    (24, 26),
    (26, 28),
    (27, 29),
    (29, 31),
    (27, 31),
    (28, 30),
    (30, 32),
    (28, 32),
)

#: Shoulders, elbows, wrists, hips, knees and ankles.
MAIN_JOINTS = (11, 12, 13, 14, 15, 16, 23, 24, 25, 26, 27, 28)


def other(side: str) -> str:
    """Return the opposite side.

    >>> other("left")
    'right'
    """
    return "right" if side == "left" else "left"
