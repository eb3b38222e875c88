"""The ball through time: found soon, followed, held while hidden, given up, taken up again; time is what is said."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from formcheck.ball import BallFinder, Pace
from formcheck.ball.detect import same_ball
from formcheck.pose.types import Ball, Pose

from .pictures import Image, draw_ball, draw_body, on_a_ball, room, seated_pose

RED = (190, 40, 45)


def times(start: float, seconds: float, rate: float) -> list[float]:
    """Moments from *start* on, *rate* a second."""
    return [start + k / rate for k in range(round(seconds * rate))]


def show(finder: BallFinder, moments: list[float], image: Image, pose: Pose | None) -> list[Ball | None]:
    """Show the same picture at several moments."""
    return [finder.update(t, image, pose) for t in moments]


def near(ball: Ball | None, truth: tuple[float, float, float], centre: float = 0.15) -> bool:
    x, y, r = truth
    return ball is not None and np.hypot(ball.x - x, ball.y - y) < centre * r and abs(ball.r / r - 1) < 0.15


@pytest.mark.parametrize("rate", [5.0, 15.0, 60.0])
def test_a_ball_is_found_within_a_second_at_any_frame_rate(rate: float) -> None:
    image, pose, truth = on_a_ball(RED)
    finder = BallFinder()
    seen = show(finder, times(0.0, 1.5, rate), image, pose)
    assert all(near(b, truth) for b in seen[int(rate) :])


def test_nothing_is_found_where_there_is_none() -> None:
    pose = seated_pose()
    image = draw_body(room(), pose)
    assert show(BallFinder(), times(0.0, 3.0, 10.0), image, pose) == [None] * 30


def test_a_ball_is_believed_from_the_second_pose_that_agrees() -> None:
    image, pose, truth = on_a_ball(RED)
    first, second = show(BallFinder(), [0.0, 0.1], image, pose)
    assert first is None
    assert near(second, truth)


@pytest.mark.parametrize("rate", [4.0, 15.0])
def test_a_pose_that_comes_and_goes_makes_no_ball(rate: float) -> None:
    image, pose, _ = on_a_ball(RED)
    finder = BallFinder()
    seen = [finder.update(t, image, None if k % 3 else pose) for k, t in enumerate(times(0.0, 4.0, rate))]
    assert seen == [None] * len(seen)


def test_a_ball_is_given_up_when_the_first_poses_turn_out_not_to_agree() -> None:
    image, pose, _ = on_a_ball(RED)
    finder = BallFinder()
    assert show(finder, [0.0, 0.1, 0.2], image, pose)[-1] is not None
    assert finder.update(0.3, image, None) is None


def test_a_pose_of_another_size_does_not_lose_the_ball() -> None:
    image, pose, truth = on_a_ball(RED)
    finder = BallFinder()
    wrong = seated_pose(scale=60.0)
    show(finder, times(0.0, 1.0, 10.0), image, pose)
    seen = [finder.update(t, image, wrong if k % 4 == 3 else pose) for k, t in enumerate(times(1.0, 4.0, 10.0))]
    assert all(near(b, truth) for b in seen)


def test_a_rolling_ball_is_followed() -> None:
    finder = BallFinder()
    image, pose, _ = on_a_ball(RED)
    show(finder, times(0.0, 1.0, 15.0), image, pose)
    good = []
    for k, t in enumerate(times(1.0, 2.0, 15.0)):
        # 60 px/s: more than a radius a second, the body with it.
        image, pose, truth = on_a_ball(RED, dx=4.0 * k)
        good.append(near(finder.update(t, image, pose), truth, centre=0.25))
    assert np.mean(good) > 0.95


@pytest.mark.parametrize("rate", [8.0, 15.0])
def test_a_ball_that_shoots_off_is_followed_and_kept_beyond_the_reach_of_a_search(rate: float) -> None:
    pose, r = seated_pose(150), 48.0
    finder = BallFinder()
    start, end = 146.0, 500.0
    good = []
    for t in times(0.0, 6.0, rate):
        # From one look to the next it rolls at 170 px/s, a metre a second.
        x = float(np.clip(start + 170.0 * (t - 1.0), start, end))
        seen = finder.update(t, draw_body(draw_ball(room(), x, 237.0, r, RED), pose), pose)
        good.append(near(seen, (x, 237.0, r), centre=0.35))
    assert np.mean(good[round(rate) :]) > 0.95


def test_a_ball_is_followed_while_nobody_is_found() -> None:
    image, pose, truth = on_a_ball(RED)
    finder = BallFinder()
    show(finder, times(0.0, 1.0, 15.0), image, pose)
    seen = show(finder, times(1.0, 4.0, 15.0), image, None)
    assert all(near(b, truth) for b in seen)


def test_a_hidden_ball_is_held_with_falling_confidence_then_given_up() -> None:
    image, pose, truth = on_a_ball(RED)
    hidden = draw_body(room(), pose)
    finder = BallFinder(Pace(hidden_s=2.0))
    before = show(finder, times(0.0, 1.5, 15.0), image, pose)[-1]
    held = show(finder, times(1.5, 1.7, 15.0), hidden, pose)
    assert before is not None
    assert all(near(b, truth) for b in held)
    confidences = [b.confidence for b in held if b is not None]
    assert confidences[-1] < before.confidence
    assert all(b <= a + 1e-9 for a, b in itertools.pairwise(confidences))
    assert show(finder, times(3.2, 1.5, 15.0), hidden, pose)[-1] is None


def test_a_ball_that_comes_back_elsewhere_is_found_again() -> None:
    image, pose, _ = on_a_ball(RED)
    finder = BallFinder()
    show(finder, times(0.0, 1.0, 15.0), image, pose)
    moved, pose, truth = on_a_ball(RED, dx=150.0)
    assert near(show(finder, times(1.0, 4.0, 15.0), moved, pose)[-1], truth)


def test_an_idle_ball_does_not_take_over() -> None:
    pose = seated_pose()
    truth = (296.0, 237.0, 48.0)
    image = draw_ball(room(), 500.0, 235.0, 52.0, (40, 80, 180))
    both = draw_body(draw_ball(image, *truth, RED), pose)
    seen = show(BallFinder(), times(0.0, 4.0, 15.0), both, pose)
    assert all(near(b, truth, 0.25) for b in seen[15:])


def test_time_must_rise() -> None:
    finder = BallFinder()
    image, pose, _ = on_a_ball(RED)
    finder.update(1.0, image, pose)
    with pytest.raises(ValueError, match="expected more than 1.000 s"):
        finder.update(1.0, image, pose)


def test_the_same_frames_give_the_same_balls() -> None:
    image, pose, _ = on_a_ball(RED)
    runs = [show(BallFinder(), times(0.0, 1.0, 15.0), image, pose) for _ in range(2)]
    assert runs[0] == runs[1]


circles = st.tuples(st.floats(-500, 500), st.floats(-500, 500), st.floats(5, 200)).map(np.array)


@given(circles, circles)
def test_being_one_ball_is_mutual(a: np.ndarray, b: np.ndarray) -> None:
    assert same_ball(a, b) == same_ball(b, a)


@given(circles, st.floats(0.1, 10), st.floats(-1000, 1000))
def test_being_one_ball_does_not_depend_on_scale_or_place(a: np.ndarray, factor: float, shift: float) -> None:
    b = a + np.array([0.3 * a[2], 0.0, 0.1 * a[2]])
    moved = [factor * c + np.array([shift, shift, 0.0]) for c in (a, b)]
    assert same_ball(a, b)
    assert same_ball(*moved)
