"""The ball through time: found soon, followed, held while hidden, given up, taken up again; time is what is said."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from formcheck.sight.ball import BallFinder, BallPace, track
from formcheck.sight.ball.detect import same_ball
from formcheck.sight.pose.types import Ball, Pose

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


def test_by_a_body_that_is_mostly_guessed_a_ball_must_prove_itself() -> None:
    image, pose, truth = on_a_ball(RED)
    points = pose.image.copy()
    points[[13, 14, 15, 16, 25, 26, 27, 28], 3] = 0.2
    seen = show(BallFinder(), times(0.0, 2.0, 10.0), image, Pose(points, pose.world))
    assert seen[:4] == [None] * 4
    assert all(near(b, truth) for b in seen[10:])


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
    finder = BallFinder(BallPace(hidden_s=2.0))
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


def looks_of(monkeypatch: pytest.MonkeyPatch, image: Image, pose: Pose, rate: float, seconds: float) -> dict[str, int]:
    """How often a still ball is searched and looked at, after its first seconds."""
    counts = {"likely_circles": 0, "cut_out": 0}

    def counting(name: str, work: Callable[..., object]) -> Callable[..., object]:
        def run(*args: object) -> object:
            counts[name] += 1
            return work(*args)

        return run

    finder = BallFinder()
    show(finder, times(0.0, 4.0, rate), image, pose)
    for name in counts:
        monkeypatch.setattr(track, name, counting(name, getattr(track, name)))
    assert None not in show(finder, times(4.0, seconds, rate), image, pose)
    monkeypatch.undo()
    return counts


@pytest.mark.parametrize("rate", [15.0, 60.0])
def test_a_ball_that_lies_still_is_looked_at_twice_a_second(monkeypatch: pytest.MonkeyPatch, rate: float) -> None:
    image, pose, _ = on_a_ball(RED)
    counts = looks_of(monkeypatch, image, pose, rate, 8.0)
    # One look every half second, one search every four seconds; the first look after a search comes sooner.
    assert 12 <= counts["cut_out"] <= 22
    assert 1 <= counts["likely_circles"] <= 3


def test_a_ball_that_lay_still_and_rolls_is_seen_to_at_once() -> None:
    finder = BallFinder()
    image, pose, _ = on_a_ball(RED)
    show(finder, times(0.0, 5.0, 15.0), image, pose)
    good = []
    for k, t in enumerate(times(5.0, 1.0, 15.0)):
        image, pose, truth = on_a_ball(RED, dx=5.0 * (k + 1))
        good.append(near(finder.update(t, image, pose), truth, centre=0.2))
    assert np.mean(good) > 0.9


def test_a_followed_ball_keeps_the_size_that_searches_gave_it() -> None:
    # What seems its rim creeps inwards between two searches, as where a body hides more and more of a grey ball.
    _, pose, (x, y, r) = on_a_ball(RED)
    finder = BallFinder(BallPace(again_s=60.0))
    radii = []
    for k, t in enumerate(times(0.0, 4.0, 15.0)):
        image = draw_body(draw_ball(room(), x, y, r * (1 - 0.005 * max(0, k - 10)), RED), pose)
        ball = finder.update(t, image, pose)
        radii += [] if ball is None else [ball.r / r]
    assert len(radii) > 50
    assert min(radii) > 0.86


def test_a_window_in_a_dark_room_does_not_break_off_the_following(monkeypatch: pytest.MonkeyPatch) -> None:
    # The window sets how much the searched picture is lit up; the look at the ball alone must be lit up as much.
    image, pose, _ = on_a_ball((40, 80, 180))
    dark = (image * 0.22).astype(np.uint8)
    dark[10:190, 345:560] = 250
    assert looks_of(monkeypatch, draw_body(dark, pose), pose, 15.0, 4.0)["likely_circles"] <= 2


ROUND_THINGS = ("clock", "plant", "lamp", "cushion", "plates", "mirror", "bowl", "table")


def draw_thing(image: Image, thing: str, x: int, seed: int) -> Image:
    """Draw a round thing that is no ball, at about *x*."""
    import cv2

    rng = np.random.default_rng(seed)
    out = image.copy()
    colour = tuple(int(v) for v in rng.integers(30, 230, 3))
    ellipse = functools.partial(cv2.ellipse, out, angle=0, startAngle=0, endAngle=360, thickness=-1)
    if thing == "clock":
        cv2.circle(out, (x, 80), 38, (40, 40, 40), -1, cv2.LINE_AA)
        cv2.circle(out, (x, 80), 33, (240, 240, 235), -1, cv2.LINE_AA)
        cv2.line(out, (x, 80), (x, 55), (20, 20, 20), 2)
    elif thing == "plant":
        for _ in range(60):
            a, d = rng.uniform(0, 6.3), rng.uniform(0, 45)
            leaf = (int(x + d * np.cos(a)), int(160 + d * np.sin(a)))
            cv2.ellipse(out, leaf, (14, 6), rng.uniform(0, 180), 0, 360, (30, int(rng.integers(70, 150)), 40), -1)
        cv2.rectangle(out, (x - 20, 200), (x + 20, 240), (150, 90, 60), -1)
    elif thing == "lamp":
        cv2.line(out, (x, 90), (x, 250), (40, 40, 40), 3)
        cv2.circle(out, (x, 70), 36, (250, 245, 225), -1, cv2.LINE_AA)
    elif thing == "cushion":
        ellipse(center=(x, 250), axes=(60, 22), color=colour)
    elif thing == "plates":
        for k in range(5):
            ellipse(center=(x, 255 - 8 * k), axes=(44, 12), color=(30 + 10 * k,) * 3)
    elif thing == "mirror":
        cv2.circle(out, (x, 100), 50, (90, 60, 40), 4, cv2.LINE_AA)
    elif thing == "bowl":
        cv2.ellipse(out, (x, 215), (45, 45), 0, 0, 180, colour, -1, cv2.LINE_AA)
    else:
        ellipse(center=(x, 190), axes=(75, 16), color=colour)
        cv2.line(out, (x, 190), (x, 270), (60, 60, 60), 6)
    return out


@pytest.mark.parametrize("thing", ROUND_THINGS)
@pytest.mark.parametrize("x", [150, 470])
def test_a_round_thing_in_the_room_is_no_ball(thing: str, x: int) -> None:
    pose = seated_pose()
    image = draw_body(draw_thing(room(), thing, x, seed=x), pose)
    assert show(BallFinder(), times(0.0, 3.0, 10.0), image, pose) == [None] * 30


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


circles = st.tuples(st.floats(-500, 500), st.floats(-500, 500), st.floats(5, 200), st.floats(0.6, 1)).map(np.array)


@given(circles, circles)
def test_being_one_ball_is_mutual(a: np.ndarray, b: np.ndarray) -> None:
    assert same_ball(a, b) == same_ball(b, a)


@given(circles, st.floats(0.1, 10), st.floats(-1000, 1000))
def test_being_one_ball_does_not_depend_on_scale_or_place(a: np.ndarray, factor: float, shift: float) -> None:
    b = a + np.array([0.3 * a[2], 0.0, 0.1 * a[2], 0.0])
    moved = [c * (factor, factor, factor, 1.0) + np.array([shift, shift, 0.0, 0.0]) for c in (a, b)]
    assert same_ball(a, b)
    assert same_ball(*moved)
