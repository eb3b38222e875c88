"""Where the ball must be: told from the ball in the picture, unknown where there is none."""

from __future__ import annotations

from math import nan

import pytest

from formcheck.judging.exercises import get_exercise

from . import test_heel_bridge as heel_bridge
from . import test_shoulder_bridge as shoulder_bridge
from . import test_side_lift as side_lift
from .cases import Scene, fault_ids
from .stick import with_ball

#: Exercise, a good set, joint, where the ball belongs (towards the feet, below), and where it is lost.
PLACES = [
    ("heel-bridge", heel_bridge.GOOD, "ankle", (-0.1, 0.55), (1.6, 0.55)),
    ("side-lift", side_lift.GOOD, "ankle", (0.0, 0.0), (1.0, 0.2)),
]


@pytest.mark.parametrize(("exercise", "good", "joint", "there", "gone"), PLACES, ids=[p[0] for p in PLACES])
def test_a_ball_that_is_in_its_place_is_right_and_one_that_rolled_away_is_lost(exercise, good, joint, there, gone):
    right = Scene(exercise, lambda: with_ball(good.track, joint, *there, radius=0.55))
    wrong = Scene(exercise, lambda: with_ball(good.track, joint, *gone, radius=0.55))
    session = right(None)
    assert "ball-lost" not in fault_ids(session)
    (watch,) = (w for w in session.judge.watches if w.check.id == "ball-lost")
    assert watch.total.judged_s > 1
    assert "ball-lost" in fault_ids(wrong(None))


@pytest.mark.parametrize(("exercise", "good"), [p[:2] for p in PLACES], ids=[p[0] for p in PLACES])
def test_without_a_ball_in_the_picture_it_is_unknown(exercise, good):
    session = good(None)
    (watch,) = (w for w in session.judge.watches if w.check.id == "ball-lost")
    assert watch.total.judged_s == 0
    assert "ball-lost" not in fault_ids(session)


@pytest.mark.parametrize(
    ("along", "wrong"),
    [(0.23, False), (0.3, False), (0.42, False), (-0.1, True), (-0.25, True), (0.7, True), (0.85, True)],
)
def test_a_ball_under_the_shoulder_blades_is_right_and_one_under_the_neck_or_the_loins_is_not(along, wrong):
    """Bodies of all builds lie with the ball's middle 0.23-0.42 from the shoulders when it is under the blades."""
    scene = Scene("shoulder-bridge", lambda: with_ball(shoulder_bridge.GOOD.track, "shoulder", along, 0.5))
    assert ("ball-misplaced" in fault_ids(scene(None))) == wrong


def test_legs_that_came_down_because_the_ball_rolled_away_are_still_judged():
    exercise = get_exercise("heel-bridge")
    limits = {name: limit.value for name, limit in exercise.limits.items()}
    lying = {"trunk_pitch": 0.0, "leg_pitch": 0.0, "straightest_knee": 175.0}
    assert exercise.in_position(lying | {"ball_off": 1.5}, limits)
    # A gate says where the body is: where the ball is, is for the checks.
    assert exercise.in_position(lying | {"ball_off": nan}, limits)
    assert not exercise.in_start(lying | {"ball_off": 1.5, "line_dev": 0.0, "lift": 0.0}, limits)
