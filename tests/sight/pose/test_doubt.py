"""Poses that are not believed: of a picture that hangs, of a tracker that jumps; and knocks of the camera, undone."""

from dataclasses import replace

import numpy as np
import pytest

from formcheck.sight.pose.doubt import AWAY_S, HANGS_S, Doubt, knocked
from formcheck.sight.pose.types import Ball, Pose

from ...judging.exercises.stick import dips, shoot, side_support

RATE = 15


@pytest.fixture(scope="module")
def seen():
    return list(shoot(side_support, dips(2)))


def believed(observations):
    doubt = Doubt()
    return [doubt.update(o) for o in observations]


def moved(o, way):
    image = o.pose.image.copy()
    image[:, :2] += way
    return replace(o, pose=Pose(image, o.pose.world))


def somebody_else(o):
    """Return a body that stands where the other one lies, farther to the side."""
    image = o.pose.image.copy()
    x, y = image[:, 0].copy(), image[:, 1].copy()
    image[:, 0], image[:, 1] = 500.0 + (y - y.mean()), 150.0 + 0.7 * (x - x.mean())
    return replace(o, pose=Pose(image, o.pose.world))


def test_a_person_who_exercises_is_believed(seen):
    told = believed(seen)
    assert all(b.observation.pose is o.pose for b, o in zip(told, seen, strict=True))
    assert not any(b.hangs or b.leapt or any(b.shift) for b in told)


def test_a_picture_that_hangs_shows_nothing_after_a_while(seen):
    at = seen[20].t
    told = believed([replace(seen[20], t=o.t) if 0 <= o.t - at <= 2.0 else o for o in seen])
    hung = [b.observation.t - at for b in told if b.hangs]
    assert (min(hung), max(hung)) == (pytest.approx(HANGS_S, abs=0.1), pytest.approx(2.0, abs=0.1))
    assert all(b.observation.pose is None for b in told if b.hangs)
    assert told[-1].observation.pose is not None


@pytest.mark.parametrize(("seconds", "leaps"), [(0.3, 0), (1.0, 2)])
def test_a_body_that_is_elsewhere_at_once_is_not_believed_for_a_while(seen, seconds, leaps):
    at = seen[20].t
    there = [0 <= o.t - at < seconds for o in seen]
    told = believed([somebody_else(o) if t else o for o, t in zip(seen, there, strict=True)])
    assert all(b.observation.pose is None for b in told if 0 <= b.observation.t - at < min(seconds, AWAY_S) - 0.01)
    assert sum(b.leapt for b in told) in ({0} if not leaps else {1, leaps})
    assert told[-1].observation.pose is not None


def test_a_knock_of_the_camera_is_undone_for_body_and_ball(seen):
    at = seen[20].t
    ball = Ball(300.0, 200.0, 40.0, 0.9)
    told = believed(
        [replace(moved(o, (40.0, 15.0)), ball=replace(ball, x=340.0, y=215.0)) if o.t >= at else replace(o, ball=ball)
         for o in seen]
    )  # fmt: skip
    assert told[10].shift == (0.0, 0.0)
    assert told[-1].shift == pytest.approx((40.0, 15.0), abs=3.0)
    assert (told[-1].observation.ball.x, told[-1].observation.ball.y) == pytest.approx((300.0, 200.0), abs=3.0)
    np.testing.assert_allclose(told[-1].observation.pose.image[:, :2], seen[-1].pose.image[:, :2], atol=3.0)


def test_a_body_that_moves_a_limb_is_not_a_camera_that_is_knocked(seen):
    pose = seen[20].pose
    image = pose.image.copy()
    image[11:17, :2] += 60.0
    assert knocked(Pose(image, pose.world), pose, 0.07) is None
    assert knocked(moved(seen[20], (60.0, 60.0)).pose, pose, 1.0) is None
