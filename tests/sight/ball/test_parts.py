"""The parts of the search: the body's scale and reach, circles from edges, circles moved onto rims, the judge."""

from __future__ import annotations

import json
from importlib import resources

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formcheck.sight.ball.body import BodyFrame, pixels_per_metre, share_seen
from formcheck.sight.ball.detect import picture_about
from formcheck.sight.ball.features import FEATURES, measure
from formcheck.sight.ball.net import WEIGHTS, BallNet, trained
from formcheck.sight.ball.picture import WORK_SCALE, WorkPicture
from formcheck.sight.ball.rings import climb, refine, rim
from formcheck.sight.ball.votes import candidates
from formcheck.sight.pose.types import Pose

from .pictures import SCALE, on_a_ball, seated_pose


def work(colour: tuple[int, int, int] = (190, 40, 45)) -> tuple[WorkPicture, np.ndarray]:
    """A working picture and the ball in it."""
    image, pose, truth = on_a_ball(colour)
    body = BodyFrame.of(pose)
    assert body is not None
    picture = picture_about(image, body)
    assert picture is not None
    return picture, picture.to_work(np.array([*truth, 1.0]))


@given(st.floats(20, 900), st.floats(-500, 500), st.floats(-500, 500))
def test_the_scale_is_that_of_the_drawing(scale: float, x: float, y: float) -> None:
    assert pixels_per_metre(seated_pose(x, y, scale)) == pytest.approx(scale, rel=0.02)


def test_a_tiny_or_broken_body_says_nothing() -> None:
    assert BodyFrame.of(seated_pose(scale=5.0)) is None
    assert BodyFrame.of(Pose(np.full((33, 4), np.nan), np.full((33, 4), np.nan))) is None


@given(st.floats(-3000, 3000), st.floats(-3000, 3000))
@settings(max_examples=30)
def test_the_reach_stays_in_the_picture(x: float, y: float) -> None:
    body = BodyFrame.of(seated_pose(x, y))
    assert body is not None
    x0, y0, x1, y1 = body.reach(640, 360)
    assert 0 <= x0 <= x1
    assert 0 <= y0 <= y1
    assert x1 - x0 <= 640
    assert y1 - y0 <= 360


def test_the_mask_covers_the_limbs_and_not_the_far_corners() -> None:
    pose = seated_pose()
    body = BodyFrame.of(pose)
    assert body is not None
    mask = body.mask(640, 360)
    for k in (11, 23, 25, 27):
        assert mask[int(pose.image[k, 1]), int(pose.image[k, 0])] == 255
    assert mask[0, 0] == mask[-1, -1] == 0
    assert mask.mean() < 255 * 0.2


def test_distances_are_negative_inside_a_limb() -> None:
    body = BodyFrame.of(seated_pose())
    assert body is not None
    knee, ankle = body.points[25], body.points[27]
    inside, far = (knee + ankle) / 2, knee + np.array([300.0, 0.0])
    d = body.distances(np.array([inside, far])).min(axis=1)
    assert d[0] < 0
    assert d[1] == pytest.approx(300.0, abs=0.3 * SCALE)


def test_the_working_picture_has_the_working_scale_and_maps_back() -> None:
    picture, ball = work()
    assert picture.scale == pytest.approx(WORK_SCALE, rel=0.03)
    assert picture.to_full(ball) == pytest.approx([296.0, 237.0, 48.0, 1.0])


def test_a_picture_holds_a_ball_that_is_nearly_whole_in_it() -> None:
    picture, ball = work()
    x, y, r, _ = picture.to_full(ball)
    height, width = (n / picture.factor for n in picture.lab.shape[:2])
    assert picture.holds(np.array([x, y, r, 1.0]))
    assert picture.holds(np.array([picture.x + width - 0.6 * r, y, r, 1.0]))
    assert not picture.holds(np.array([picture.x + width - 0.4 * r, y, r, 1.0]))
    assert not picture.holds(np.array([x, picture.y + height + r, r, 1.0]))


def test_edges_vote_for_the_ball() -> None:
    picture, ball = work()
    circles, votes = candidates(picture, 16)
    assert np.all(np.diff(votes) <= 1e-6)
    miss = np.hypot(circles[:, 0] - ball[0], circles[:, 1] - ball[1]) + np.abs(circles[:, 2] - ball[2])
    assert miss[:4].min() < 0.3 * ball[2]


@given(st.floats(-0.25, 0.25), st.floats(-0.25, 0.25), st.floats(-0.15, 0.15))
@settings(max_examples=25)
def test_a_circle_near_the_ball_climbs_onto_it(dx: float, dy: float, dr: float) -> None:
    picture, ball = BALL
    start = ball + ball[2] * np.array([dx, dy, dr, 0.0])
    end = refine(picture, climb(picture, start[None]), (0.06,))[0]
    assert np.hypot(*(end[:2] - ball[:2])) < 0.15 * ball[2]
    assert abs(end[2] / ball[2] - 1) < 0.15


BALL = work()


def test_the_rim_of_the_ball_stands_out() -> None:
    picture, ball = BALL
    off = ball + np.array([0.5, 0.0, 0.0, 0.0]) * ball[2]
    value = rim(picture, np.stack([ball, off]))
    assert value[0] > value[1] + 0.1
    assert np.all((value >= 0) & (value <= 1))


def test_the_net_prefers_the_ball_to_what_lies_beside_it() -> None:
    picture, ball = BALL
    beside = ball + ball[2] * np.array([1.2, -0.3, 0.0, 0.0])
    likely = trained()(measure(picture, np.stack([ball, beside]), np.array([0.8, 0.5])))
    assert likely[0] > 0.5 > likely[1]


def test_every_feature_is_a_number_even_outside_the_picture() -> None:
    picture, ball = BALL
    tiny, far = ball * (0.02, 0.02, 0.02, 1.0), ball + np.array([500.0, 0.0, 0.0, 0.0])
    circles = np.stack([ball, tiny, far, np.array([-40.0, -40.0, 30.0, 0.7])])
    x = measure(picture, circles, np.array([0.8, 0.5, 0.1, 0.0]))
    assert x.shape == (4, len(FEATURES))
    assert np.isfinite(x).all()


def test_weights_for_other_features_are_refused() -> None:
    weights = json.loads(resources.files("formcheck.sight.ball").joinpath(WEIGHTS).read_text(encoding="utf-8"))
    assert weights["record"]["pictures"] > 0
    with pytest.raises(ValueError, match="trained on other features"):
        BallNet({**weights, "features": weights["features"][1:]})


def test_a_side_that_is_hidden_takes_nothing_from_what_is_seen() -> None:
    pose = seated_pose()
    hidden = pose.image.copy()
    hidden[12::2, 3] = 0.05
    assert share_seen(Pose(hidden, pose.world)) == pytest.approx(share_seen(pose))


def test_a_body_of_guessed_limbs_is_hardly_seen() -> None:
    pose = seated_pose()
    guessed = pose.image.copy()
    guessed[[13, 14, 15, 16, 25, 26, 27, 28], 3] = 0.2
    assert share_seen(pose) > 0.9
    assert share_seen(Pose(guessed, pose.world)) < 0.5


def test_a_ball_is_unlike_what_surrounds_it_and_a_piece_of_floor_is_not() -> None:
    picture, ball = BALL
    floor = picture.to_work(np.array([440.0, 290.0, 40.0, 1.0]))
    x = measure(picture, np.stack([ball, floor]), np.array([0.8, 0.5]))
    unlike, elsewhere = (x[:, FEATURES.index(n)] for n in ("unlike_outside", "found_outside"))
    assert unlike[0] > unlike[1] + 1.0
    assert elsewhere[0] < 0.2
    assert elsewhere[1] > 0.9
