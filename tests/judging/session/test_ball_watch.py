"""What a session remembers of the ball."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from formcheck.judging.exercises import ROUTINE, get_exercise
from formcheck.judging.measure import Body
from formcheck.judging.session.ball_watch import KEPT, BallWatch, could_be_seen, half_out
from formcheck.judging.session.session import Session
from formcheck.showing.report.build import build_report
from formcheck.sight.ball.belief import STEADY_S
from formcheck.sight.pose.types import Ball

from ..exercises.stick import bridge, bridge_set, shoot, with_ball

SOURCE = {"path": "x.mp4", "kind": "video", "duration_s": 1.0}
#: The numbers stand here a second time, on purpose: one that is moved parts other values than these.
LEAST_S, MISSING = 1.5, 0.1


def judged(track, exercise="shoulder-bridge"):
    session = Session(get_exercise(exercise))
    for o in track:
        session.update(o)
    session.finish()
    return session


def test_the_report_tells_of_the_ball_and_of_centimetres_by_its_size() -> None:
    track = with_ball(shoot(bridge, bridge_set("right")), "shoulder", 0.25, 0.5, radius=0.6)
    ball = build_report(judged(track), SOURCE, ball_cm=66.0)["ball"]
    # Believed after half a second of steady evidence.
    assert ball["seen"] == pytest.approx(1 - STEADY_S / (track.t[-1] - track.t[0]), abs=0.02)
    assert ball["diameter_torso"] == pytest.approx(1.2, abs=0.02)
    assert ball["torso_cm"] == pytest.approx(55.0, abs=1.0)
    assert ball["travel_torso"] < 0.1


def test_without_a_ball_it_says_so_and_invents_no_size() -> None:
    report = build_report(judged(shoot(bridge, bridge_set("right"))), SOURCE, ball_cm=65.0)
    assert report["ball"] == {
        "seen": 0.0, "diameter_torso": None, "travel_torso": None, "floor_y_px": None,
        "diameter_cm": 65.0, "torso_cm": None,
    }  # fmt: skip
    assert any("ball-misplaced" in n and "no ball" in n for n in report["notes"])


def test_an_exercise_without_a_ball_has_none_in_its_report() -> None:
    assert "ball" not in build_report(judged(shoot(bridge, bridge_set("right")), "plane"), SOURCE)


@given(st.floats(10, 300), st.floats(20, 500), st.floats(30, 120))
def test_the_scale_is_that_of_the_ball(radius: float, torso: float, cm: float) -> None:
    watch = BallWatch()
    watch.update(0.0, Ball(100.0, 100.0, radius, 1.0), torso)
    got = watch.torso_cm(cm)
    assert got == pytest.approx(torso * cm / (2 * radius))


def test_memory_does_not_grow_with_the_session() -> None:
    watch = BallWatch()
    for k in range(KEPT * 4):
        watch.update(k * 1.0, Ball(100.0, 100.0, 30.0, 1.0), 60.0)
    assert len(watch._sizes) == KEPT
    assert watch.share == 1.0


def test_the_path_of_the_ball_is_among_the_measures() -> None:
    track = with_ball(shoot(bridge, bridge_set("right")), "shoulder", 0.25, 0.5)
    session = judged(track)
    assert {"ball_x", "ball_y", "ball_r"} <= set(session.own_measures)


def body_of(track):
    """The body of a whole track."""
    return Body(track.t, track.image, track.world, track.size)


def moved(track, dx, dy=0.0):
    """The same body elsewhere in the picture, shares of its width and height."""
    image = track.image.copy()
    image[..., 0] += dx * track.size[0]
    image[..., 1] += dy * track.size[1]
    return track.with_poses(image, track.world)


def test_where_body_and_ball_are_in_the_picture_it_could_be_seen() -> None:
    assert could_be_seen(body_of(shoot(bridge, bridge_set("right"))), get_exercise("shoulder-bridge").ball).all()


def test_a_body_that_is_cut_off_hides_nothing_for_sure() -> None:
    assert not could_be_seen(
        body_of(moved(shoot(bridge, bridge_set("right")), 0.45)), get_exercise("shoulder-bridge").ball
    ).any()


def test_a_ball_that_would_lie_below_the_picture_could_not_be_seen() -> None:
    track = shoot(bridge, bridge_set("right"))
    low = float(np.nanmax(track.image[..., 1])) / track.size[1]
    body = body_of(moved(track, 0.0, 0.99 - low))
    assert could_be_seen(body, get_exercise("plane").ball).all()
    assert not could_be_seen(body, get_exercise("heel-bridge").ball).any()


def test_places_are_known_for_every_exercise_with_a_ball() -> None:
    assert [e.id for e in ROUTINE if e.uses_ball] == [e.id for e in ROUTINE if e.ball is not None]


def watched(seconds: float, believed: float, *, could: bool = True, sought: bool | None = True) -> BallWatch:
    """A watch over some seconds, the ball believed in the first share of them."""
    watch = BallWatch(sought=sought)
    for k in range(round(seconds * 10) + 1):
        ball = Ball(100.0, 100.0, 30.0, 0.9) if k / 10 <= believed * seconds else None
        watch.update(k / 10, ball if believed else None, 60.0, could)
    return watch


def test_the_share_is_of_the_time_in_which_it_could_be_seen() -> None:
    assert watched(10.0, 0.4).believed_share == pytest.approx(0.4, abs=0.01)
    half = watched(10.0, 1.0)
    for k in range(100):
        half.update(10.1 + k / 10, None, 60.0, False)
    assert half.believed_share == pytest.approx(1.0)
    assert half.share == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize(
    ("share", "missing"), [(0.0, True), (MISSING - 0.03, True), (MISSING + 0.03, False), (1.0, False)]
)
def test_a_ball_that_was_hardly_ever_there_is_missing(share: float, missing: bool) -> None:
    assert watched(20.0, share).missing is missing


def test_what_could_not_be_seen_is_not_missing() -> None:
    watch = watched(20.0, 0.0, could=False)
    assert watch.believed_share is None
    assert not watch.missing


@pytest.mark.parametrize(("seconds", "missing"), [(LEAST_S - 0.3, False), (LEAST_S + 0.3, True)])
def test_a_moment_is_too_short_to_miss_a_ball(seconds: float, missing: bool) -> None:
    assert watched(seconds, 0.0).missing is missing


@pytest.mark.parametrize(("sought", "missing"), [(True, True), (False, False), (None, False)])
def test_a_ball_that_nobody_looked_for_is_not_missing(sought: bool | None, missing: bool) -> None:
    assert watched(20.0, 0.0, sought=sought).missing is missing


def test_a_session_knows_for_how_long_a_ball_could_be_seen() -> None:
    track = shoot(bridge, bridge_set("right"))
    bare, with_one = judged(track).ball, judged(with_ball(track, "shoulder", 0.25, 0.5)).ball
    length = track.t[-1] - track.t[0]
    assert bare.could_s == pytest.approx(length, abs=0.01)
    assert bare.believed_s == 0.0
    assert with_one.believed_share == pytest.approx(1 - STEADY_S / length, abs=0.02)


@pytest.mark.parametrize(
    ("x", "y", "out"),
    [
        (1.0, 100.0, False),
        (-1.0, 100.0, True),
        (639.0, 100.0, False),
        (641.0, 100.0, True),
        (300.0, 1.0, False),
        (300.0, -1.0, True),
        (300.0, 479.0, False),
        (300.0, 481.0, True),
    ],
)
def test_a_ball_is_more_than_half_out_of_the_picture_where_its_middle_is(x: float, y: float, out: bool) -> None:
    assert half_out(np.array([[x, y], [300.0, 200.0]]), np.array([60.0, 60.0]), (640, 480)).tolist() == [out, False]


@pytest.mark.parametrize(("could_s", "told"), [(7.9, False), (8.1, True)])
def test_that_there_is_no_ball_is_said_after_eight_seconds(could_s: float, told: bool) -> None:
    watch = BallWatch(sought=True)
    watch.could_s = could_s
    assert watch.missing
    assert watch.missing_for_long is told
    watch.believed_s = could_s
    assert not watch.missing_for_long


def test_frames_far_apart_count_as_half_a_second_apart() -> None:
    watch = BallWatch(sought=True)
    for t in (0.0, 0.4, 1.0, 9.0):
        watch.update(t, None, 60.0)
    assert watch.could_s == pytest.approx(1.4)


def test_size_way_and_floor_are_those_of_twice_a_second() -> None:
    watch = BallWatch()
    # Every second frame would tell another size.
    for k in range(9):
        odd = k % 2 == 1
        watch.update(k * 0.25, Ball(100.0 + 10.0 * k, 200.0, 90.0 if odd else 30.0, 1.0), 60.0)
    assert (watch.frames, watch.seen) == (9, 9)
    assert (watch.radius_torso, watch.floor_y_px) == (0.5, 230.0)
    assert watch.travel_torso == pytest.approx(80.0 / 60.0)
    watch.update(9.0, Ball(900.0, 200.0, 30.0, 1.0), float("nan"))
    watch.update(10.0, Ball(900.0, 200.0, 30.0, 1.0), 0.0)
    assert watch.travel_torso == pytest.approx(80.0 / 60.0), "without a body there is no size"
