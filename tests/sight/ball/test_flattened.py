"""A ball that gives way under somebody's weight is found where it is, by its half width."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formcheck.sight.ball import find_ball
from formcheck.sight.ball.body import BodyFrame
from formcheck.sight.ball.detect import picture_about
from formcheck.sight.ball.glance import rim_colours, unchanged
from formcheck.sight.ball.rings import FLATTEST, RAYS, climb, refine, rim, sample
from formcheck.sight.ball.votes import candidates
from formcheck.sight.pose.types import Pose

from .pictures import Colour, Image, draw_ball, draw_body, on_a_ball, room, seated_pose


def sat_on(flat: float, colour: Colour = (40, 80, 180), half_width: float = 62.0) -> tuple[Image, Pose, np.ndarray]:
    """A body seated on a ball of a height by width: picture, pose, and the ball (x, y, half width, height by width)."""
    pose = seated_pose()
    x, top = 296.0, 189.0
    y = top + half_width * flat
    image = room()
    drawn = draw_ball(np.zeros((720, 640, 3), np.uint8), x, 300.0, half_width, colour)
    mask = draw_ball(np.zeros((720, 640, 3), np.uint8), x, 300.0, half_width, (255, 255, 255)).max(axis=2) > 0
    rows = np.clip(np.rint(300.0 + (np.arange(360) - y) / flat), 0, 719).astype(int)
    here = mask[rows]
    image[here] = drawn[rows][here]
    return draw_body(image, pose), pose, np.array([x, y, half_width, flat])


@pytest.mark.parametrize("flat", [1.0, 0.85, 0.75, 0.67])
def test_a_flattened_ball_is_found_by_its_middle_and_its_half_width(flat: float) -> None:
    image, pose, (x, y, r, _) = sat_on(flat)
    found = find_ball(image, pose)
    assert found is not None
    assert np.hypot(found.x - x, found.y - y) < 0.12 * r
    assert found.r == pytest.approx(r, rel=0.1)


def test_votes_know_flattened_balls() -> None:
    image, pose, truth = sat_on(0.75)
    body = BodyFrame.of(pose)
    assert body is not None
    picture = picture_about(image, body)
    assert picture is not None
    circles, _ = candidates(picture, 16)
    ball = picture.to_work(truth)
    miss = np.abs(circles - ball) / (ball[2], ball[2], ball[2], 1.0)
    assert miss.max(axis=1).min() < 0.2
    assert set(np.unique(circles[:, 3])) <= {0.78, 1.0}


@given(st.floats(0.65, 0.9), st.floats(-0.08, 0.08), st.floats(-0.08, 0.08))
@settings(max_examples=20, deadline=None)
def test_a_rounder_circle_flattens_onto_the_ball_it_is_near(flat: float, dx: float, dy: float) -> None:
    image, pose, truth = sat_on(flat)
    body = BodyFrame.of(pose)
    assert body is not None
    picture = picture_about(image, body)
    assert picture is not None
    ball = picture.to_work(truth)
    start = ball + np.array([dx * ball[2], dy * ball[2], 0.0, 0.1])
    end = refine(picture, climb(picture, start[None]), (0.06,))[0]
    assert np.hypot(*(end[:2] - ball[:2])) < 0.12 * ball[2]
    assert end[3] == pytest.approx(flat, abs=0.12)
    assert FLATTEST <= end[3] <= 1.0


def test_rays_are_squeezed_with_the_circle() -> None:
    picture_of = on_a_ball((190, 40, 45))
    body = BodyFrame.of(picture_of[1])
    assert body is not None
    picture = picture_about(picture_of[0], body)
    assert picture is not None
    wide, high = np.array([[60.0, 50.0, 20.0, 0.5]]), np.array([[60.0, 50.0, 10.0, 1.0]])
    down = len(RAYS) // 4
    assert sample(picture, wide).lab[0, down] == pytest.approx(sample(picture, high).lab[0, down], abs=1e-3)
    assert sample(picture, wide).lab[0, 0] != pytest.approx(sample(picture, high).lab[0, 0], abs=1e-3)


def test_a_glance_at_a_flattened_ball_follows_its_rim() -> None:
    still, _, ball = sat_on(0.7)
    before = rim_colours(still, ball)
    assert unchanged(before, rim_colours(still, ball))
    assert not unchanged(before, rim_colours(np.roll(still, 6, axis=0), ball))


def test_the_right_flatness_has_the_best_rim() -> None:
    image, pose, truth = sat_on(0.75)
    body = BodyFrame.of(pose)
    assert body is not None
    picture = picture_about(image, body)
    assert picture is not None
    ball = picture.to_work(truth)
    tries = np.stack([ball + np.array([0, 0, 0, d]) for d in (0.0, 0.15, -0.1)])
    value = rim(picture, tries)
    assert value[0] > value[1] + 0.03
    assert value[0] > value[2] + 0.03
