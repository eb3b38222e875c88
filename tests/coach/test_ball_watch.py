"""What a session remembers of the ball."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formcheck.coach.ball_watch import KEPT, BallWatch
from formcheck.coach.session import Session
from formcheck.exercises import get_exercise
from formcheck.outputs.report import build_report
from formcheck.pose.types import Ball

from ..exercises.stick import bridge, bridge_set, shoot, with_ball

SOURCE = {"path": "x.mp4", "kind": "video", "duration_s": 1.0}


def judged(track, exercise="shoulder-bridge"):
    session = Session(get_exercise(exercise))
    for o in track:
        session.update(o)
    session.finish()
    return session


def test_the_report_tells_of_the_ball_and_of_centimetres_by_its_size() -> None:
    track = with_ball(shoot(bridge, bridge_set("right")), "shoulder", 0.25, 0.5, radius=0.6)
    ball = build_report(judged(track), SOURCE, ball_cm=66.0)["ball"]
    assert ball["seen"] == 1.0
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
