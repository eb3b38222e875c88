"""Movements outside the routine are none of its exercises to the recogniser; the routine's own are themselves."""

from importlib import import_module

import numpy as np
import pytest

from formcheck.judging.exercises import ROUTINE, get_exercise
from formcheck.judging.session.recognition import MIN_SHARE, NO_ATTEMPT, recognise
from formcheck.judging.session.session import Session
from formcheck.sight.pose.landmarks import SIDES

from ..exercises.figures import (
    FOREARM,
    FRONT,
    HALF_WIDTH,
    LEFT,
    OBLIQUE,
    RIGHT,
    SHANK,
    THIGH,
    UPPER_ARM,
    clock,
    film,
)
from ..exercises.figures2 import shaken
from ..exercises.stick import SIDE_SUPPORT, Motion, shoot, side_support

#: What a body part points to where a posture does not say: degrees above the way ahead. Limbs may be given by side.
UPRIGHT = {"trunk": 88.0, "arm": -85.0, "thigh": -88.0, "shank": -92.0, "foot": 0.0}
ON_THE_BACK = {"trunk": 180.0, "arm": -3.0, "thigh": 0.0, "shank": 0.0, "foot": 70.0}
ON_THE_BELLY = {"trunk": 2.0, "arm": -5.0, "thigh": 180.0, "shank": 180.0, "foot": 200.0}
ON_ALL_FOURS = {"trunk": 5.0, "arm": -90.0, "thigh": -90.0, "shank": 180.0, "foot": 200.0}
PRESS_UP = {"trunk": 20.0, "head": 35.0, "arm": -88.0, "thigh": 200.0, "shank": 200.0, "foot": 270.0}
#: A second of quiet first: positions are entered at rest.
QUIET_S, SECONDS = 1.0, 9.0


def ray(degrees, length):
    a = np.radians(degrees)
    return length * np.stack([np.cos(a), np.sin(a)], axis=-1)


def figure(n, posture):
    """Points of a body from where its parts point to, the lowest of them on the floor.

    ``wide`` spreads the legs, ``ahead`` moves the body, in torso lengths.
    """

    def along(part, side="", default=0.0):
        return np.zeros(n) + posture.get(f"{part}_{side}", posture.get(part, default))

    hip = np.zeros((n, 2))
    shoulder = hip + ray(along("trunk"), 1.0)
    ear = shoulder + ray(along("head", default=posture["trunk"]), 0.35)
    out = {}
    for side, sign in zip(SIDES, (-1.0, 1.0), strict=True):
        arm, foot = along("arm", side), along("foot", side)
        flat = {"hip": hip, "shoulder": shoulder, "ear": ear, "elbow": shoulder + ray(arm, UPPER_ARM)}
        flat["wrist"] = flat["elbow"] + ray(along("fore", side, default=arm), FOREARM)
        flat["knee"] = hip + ray(along("thigh", side), THIGH)
        flat["ankle"] = flat["knee"] + ray(along("shank", side), SHANK)
        flat["heel"] = flat["ankle"] - ray(foot, 0.1) - ray(foot + 90.0, 0.08)
        flat["foot_index"] = flat["ankle"] + ray(foot, 0.3) - ray(foot + 90.0, 0.08)
        for joint, p in flat.items():
            spread = along("wide") * {"knee": 0.5, "ankle": 1.0, "heel": 1.0, "foot_index": 1.0}.get(joint, 0.0)
            out[f"{joint}_{side}"] = np.column_stack([p, sign * (HALF_WIDTH.get(joint, 0.2) + spread)])
    floor = np.min([p[:, 1] for p in out.values()], axis=0)
    shift = np.column_stack([along("ahead"), -floor, np.zeros(n)])
    return {name: p + shift for name, p in out.items()}


def track(posture, azimuth=RIGHT):
    """Film a posture, a function of time."""
    t = clock(SECONDS, 12.0)
    return shaken(film(t, figure(len(t), posture(t)), azimuth), 0.8)


def to_and_fro(t, period=2.6):
    """0 at first, then from 0 to 1 and back."""
    return 0.5 - 0.5 * np.cos(2 * np.pi * np.clip(t - QUIET_S, 0.0, None) / period)


def in_turn(t, period=2.4):
    """For two limbs: each from 0 to 1 and back while the other rests."""
    swing = np.sin(2 * np.pi * np.clip(t - QUIET_S, 0.0, None) / period)
    return np.clip(swing, 0.0, None), np.clip(-swing, 0.0, None)


def walking(t, arms=-88.0):
    stride = 2 * np.pi * t / 1.1
    swing, (right, left) = 24.0 * np.sin(stride), (np.clip(s * np.cos(stride), 0.0, None) for s in (1, -1))
    legs = {"thigh_right": -90 + swing, "shank_right": -98 + swing - 50 * right}
    legs |= {"thigh_left": -90 - swing, "shank_left": -98 - swing - 50 * left}
    return {**UPRIGHT, **legs, "arm_right": arms - swing, "arm_left": arms + swing, "ahead": 3 * np.sin(t)}


def lunges(t, arms=0.0):
    d = to_and_fro(t)
    front, back = {"thigh_right": -85 + 75 * d}, {"thigh_left": -88 - 10 * d, "shank_left": -92 - 75 * d}
    return {**UPRIGHT, **front, **back, "foot_left": -50 * d, "arm": arms}


def marching(t):
    right, left = in_turn(t)
    return {**UPRIGHT, "arm": 0.0, "thigh_right": -88 + 80 * right, "thigh_left": -88 + 80 * left}


def press_ups(t):
    d = to_and_fro(t)
    line = {k: PRESS_UP[k] - 14 * d for k in ("trunk", "head", "thigh", "shank")}
    return {**PRESS_UP, **line, "arm": -88 - 70 * d, "fore": -92 + 25 * d}


def climbing(t):
    right, left = in_turn(t, 1.4)
    legs = {"thigh_right": 192 + 70 * right, "shank_right": 192 - 10 * right}
    return {**PRESS_UP, **legs, "thigh_left": 192 + 70 * left, "shank_left": 192 - 10 * left}


def sitting_down(t):
    d = to_and_fro(t, 4.0)
    lean = 88 - 120 * d * (1 - d)
    return {**UPRIGHT, "trunk": lean, "thigh": -88 + 84 * d, "arm": -80 + 30 * d, "fore": -80 + 70 * d}


def rocking(t):
    d = to_and_fro(t)
    return {**ON_ALL_FOURS, "thigh": -90 + 50 * d, "arm": -90 + 55 * d}


def jumping_jacks(t):
    d = to_and_fro(t, 1.3)
    return {**UPRIGHT, "arm": -85 + 165 * d, "wide": 0.5 * d}


#: Name -> posture over time, filmed from the right.
OTHERS = {
    "walking": walking,
    "walking with the arms in front": lambda t: walking(t, arms=-10.0),
    "standing still": lambda t: UPRIGHT,
    "raising the arms": lambda t: {**UPRIGHT, "arm": -85 + 85 * to_and_fro(t)},
    "lunges": lambda t: lunges(t, arms=-85.0),
    "lunges with the arms in front": lunges,
    "marching on the spot": marching,
    "sitting down on a chair": sitting_down,
    "bending down": lambda t: {**UPRIGHT, "trunk": 88 - 70 * to_and_fro(t)},
    "press-ups": press_ups,
    "front plank": lambda t: {**PRESS_UP, "trunk": 8.0 + np.sin(t), "thigh": 187.0, "shank": 187.0, "fore": 0.0},
    "mountain climbing": climbing,
    "lying on the back": lambda t: ON_THE_BACK,
    "leg raises": lambda t: {**ON_THE_BACK, "thigh": 80 * to_and_fro(t), "shank": 80 * to_and_fro(t)},
    "sit-ups": lambda t: {**ON_THE_BACK, "trunk": 180 - 80 * to_and_fro(t), "thigh": 50.0, "shank": -50.0},
    "lying on the belly": lambda t: ON_THE_BELLY,
    "being on all fours": lambda t: {**ON_ALL_FOURS, "trunk": 5.0 + 12 * np.sin(1.5 * t)},
    "kicks on all fours": lambda t: {**ON_ALL_FOURS, "thigh_right": -90 - 85 * to_and_fro(t)},
    "rocking on all fours": rocking,
}
#: Name -> posture over time, and where it is filmed from.
TURNED = {
    "jumping jacks": (jumping_jacks, FRONT),
    "marching, half from the front": (marching, OBLIQUE),
    "lunges, half from the front": (lunges, OBLIQUE),
    "lunges to the other side": (lunges, LEFT),
}
MOVEMENTS = {name: (posture, RIGHT) for name, posture in OTHERS.items()} | TURNED


@pytest.mark.parametrize("name", MOVEMENTS)
def test_a_movement_outside_the_routine_is_none_of_its_exercises(name):
    found = recognise(track(*MOVEMENTS[name]))
    assert found.exercise is None, found.evidence
    assert found.confidence >= 0.5


@pytest.mark.parametrize("exercise", [e.id for e in ROUTINE])
def test_an_exercise_of_the_routine_is_recognised_as_itself(exercise):
    good = import_module(f"..exercises.test_{exercise.replace('-', '_')}", __package__).GOOD
    assert recognise(good.track).exercise == exercise


@pytest.mark.parametrize(
    ("exercise", "name"),
    [
        ("toe-squat", "lunges with the arms in front"),
        ("toe-squat", "lunges, half from the front"),
        ("ball-warmup", "marching on the spot"),
        ("ball-warmup", "marching, half from the front"),
    ],
)
def test_a_movement_outside_the_routine_counts_nothing_when_an_exercise_is_asked_for(exercise, name):
    session = Session(get_exercise(exercise))
    for observation in track(*MOVEMENTS[name]):
        session.update(observation)
    session.finish()
    assert [r for r in session.judge.reps if r.counted] == []


def test_a_position_is_an_exercise_only_where_holding_it_is_one():
    held = recognise(shoot(side_support, Motion(SIDE_SUPPORT).wait(5)))
    assert (held.exercise, held.evidence["side-plank"]) == ("side-plank", pytest.approx(0.35, abs=0.05))
    assert NO_ATTEMPT < MIN_SHARE < 0.3
