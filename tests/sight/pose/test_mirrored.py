"""An observation mirrors itself: what was on the right of the picture is on its left, and left limbs are right ones."""

from __future__ import annotations

import numpy as np

from formcheck.sight.pose.landmarks import JOINT
from formcheck.sight.pose.types import Ball, Observation, Pose

SIZE = (640, 360)


def observation() -> Observation:
    rng = np.random.default_rng(0)
    return Observation(
        1.5, Pose(rng.uniform(1, 300, (33, 4)), rng.normal(size=(33, 4))), SIZE, Ball(100, 50, 9, 0.8), 77.0, 2
    )


def test_limbs_change_sides_and_places():
    seen = observation()
    got = seen.mirrored()
    for joint in ("wrist", "hip", "knee", "ankle", "heel", "shoulder", "elbow", "ear"):
        for side, other in (("left", "right"), ("right", "left")):
            here, there = got.pose.image[JOINT[joint][side]], seen.pose.image[JOINT[joint][other]]
            np.testing.assert_allclose(here, [640 - there[0], *there[1:]])
            here, there = got.pose.world[JOINT[joint][side]], seen.pose.world[JOINT[joint][other]]
            np.testing.assert_allclose(here, [-there[0], *there[1:]])
    # The nose has no other side: it moves across alone.
    np.testing.assert_allclose(got.pose.image[0], [640 - seen.pose.image[0, 0], *seen.pose.image[0, 1:]])


def test_the_ball_moves_across_and_all_else_stays():
    seen = observation()
    got = seen.mirrored()
    assert got.ball == Ball(540, 50, 9, 0.8)
    assert (got.t, got.size, got.luma, got.persons) == (1.5, SIZE, 77.0, 2)
    assert Observation(1.5, None, SIZE, Ball(100, 50, 9, 0.8)).mirrored().ball == Ball(540, 50, 9, 0.8)
    assert Observation(1.5, seen.pose, SIZE).mirrored().ball is None


def test_mirrored_twice_it_is_what_it_was():
    seen = observation()
    twice = seen.mirrored().mirrored()
    np.testing.assert_allclose(twice.pose.image, seen.pose.image)
    np.testing.assert_allclose(twice.pose.world, seen.pose.world)
    assert twice.ball == seen.ball


def test_mirroring_changes_nothing_of_what_was_seen():
    seen, same = observation(), observation()
    seen.mirrored()
    np.testing.assert_array_equal(seen.pose.image, same.pose.image)
    np.testing.assert_array_equal(seen.pose.world, same.pose.world)
