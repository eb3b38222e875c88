"""``ball-kneel``: what a known body must and must not be told."""

import numpy as np
import pytest

from formcheck.judging.exercises.ball_kneel import BallKneel
from formcheck.judging.measure import Body

from .cases import Effect, Scene, attempts, fault_ids, gate_effects, reports
from .figures import OBLIQUE, RIGHT, path
from .figures2 import ball_kneeling, shaken, shoot
from .stick import with_ball

#: On hands and knees on the ball, and upright with the hands free.
LOW = {"thigh": 60.0, "lean": 74.0, "hands": -0.35, "head": -10.0}
UP = {"thigh": 5.0, "lean": 3.0, "hands": 1.2, "head": 10.0}


def tries(n=1, *, stay=3.0, way=1.0, rest=1.0, back=0.0, turn=RIGHT, sway=0.0, foot=(), low=None, off_at=None, **wrong):
    """*n* tries of *stay* seconds upright.

    *wrong* are parameters while up, *low* while down; *foot* are knots of the foot's drop, *off_at* the second at which
    the person steps off, *back* the share of the way at which a try ends.
    """
    down, up = {**LOW, **(low or {})}, {**UP, **wrong}
    knots, t = [(0.0, 0.0)], 1.2
    for _ in range(n):
        knots += [(t, knots[-1][1]), (t + way, 1.0), (t + way + stay, 1.0), (t + 2 * way + stay, back)]
        t += 2 * way + stay + rest

    def motion(u):
        share = path(u, knots)
        p = {k: down[k] + (up[k] - down[k]) * share for k in down}
        p["thigh"] = p["thigh"] + sway * share * np.sin(2 * np.pi * 0.5 * u)
        p["foot"] = path(u, foot) if foot else np.zeros(len(u))
        if off_at is not None:
            p["foot"] = path(u, [(off_at, 0.0), (off_at + 0.5, 0.9)])
        return p

    return shoot(ball_kneeling, t if off_at is None else off_at + 3.0, motion, turn)


def scene(n=1, **how):
    return Scene("ball-kneel", lambda: tries(n, **how))


GOOD = scene(2)
BENT, LEANING, HEAD = scene(thigh=35.0, lean=42.0), scene(thigh=-30.0, lean=30.0), scene(head=75.0)
HANDS = scene(hands=0.1, low={"hands": -0.4})
STEPPED = scene(stay=4.0, off_at=5.0)
HANDS_UP_LATE = scene(hands=0.0, low={"hands": -0.45}, stay=2.0)

CASES = {
    "hip-bent": (BENT, GOOD),
    "trunk-lean": (LEANING, GOOD),
    "head-down": (HEAD, GOOD),
    "hands-on-ball": (HANDS, GOOD),
    "feet-down": (STEPPED, GOOD),
}
EFFECTS = {
    **gate_effects(BallKneel, GOOD, attempts),
    "least_effort": Effect(GOOD, 200.0, attempts),
    "hands_off_torso": Effect(GOOD, 9.0, attempts),
    "foot_down_torso": Effect(STEPPED, 9.0, reports("feet-down")),
    "hands_low_torso": Effect(HANDS, -0.2, reports("hands-on-ball")),
    "trunk_up_deg": Effect(HANDS, 1.0, reports("hands-on-ball")),
    "lean_deg": Effect(LEANING, 45.0, reports("trunk-lean")),
    "hip_deg": Effect(BENT, 90.0, reports("hip-bent")),
    "try_s": Effect(scene(stay=0.3, way=0.8), 4.0, attempts),
    "head_deg": Effect(HEAD, -120.0, reports("head-down")),
    "side_yaw_deg": Effect(HEAD, 89.0, reports("head-down")),
}


@pytest.mark.parametrize("turn", [RIGHT, -85.0, OBLIQUE])
def test_every_time_the_hands_are_free_is_a_try(turn):
    session = scene(3, turn=turn)()
    assert [(r.side, r.verdict, round(r.score)) for r in session.judge.reps] == [(None, "good", 100)] * 3
    assert fault_ids(session) == set()


@pytest.mark.parametrize("stay", [1.0, 3.0, 8.0])
def test_the_time_upright_is_told_and_added_up(stay):
    first, second = scene(2, stay=stay)().judge.reps
    assert stay - 0.1 <= first.hold_s <= stay + 0.8
    assert first.measures["total_s"] == pytest.approx(first.hold_s)
    assert second.measures["total_s"] == pytest.approx(first.hold_s + second.hold_s)
    assert second.measures["best_s"] == max(first.hold_s, second.hold_s)


def test_sway_is_measured_in_torso_lengths():
    (still,), (swaying,) = scene()().judge.reps, scene(sway=6.0, stay=6.0)().judge.reps
    # The hips swing by 6 degrees on a thigh of 0.85: an amplitude of 0.09, and 0.09 / sqrt(2) at the mean.
    assert swaying.measures["sway_rms"] == pytest.approx(0.063, rel=0.3)
    assert swaying.measures["sway_path"] == pytest.approx(3 * 4 * 0.089, rel=0.3)
    assert still.measures["sway_rms"] < 0.03


@pytest.mark.parametrize("turn", [RIGHT, OBLIQUE, 28.0])
def test_a_bend_is_seen_from_the_side_and_half_from_the_front(turn):
    (rep,) = scene(thigh=35.0, lean=42.0, turn=turn)().judge.reps
    assert rep.measures["hip_top"] == pytest.approx(180.0 - 77.0, abs=3.0)
    assert rep.measures["lean_top"] == pytest.approx(42.0, abs=3.0)


def test_never_upright_is_a_try_of_no_seconds_with_one_fault():
    (rep,) = BENT().judge.reps
    assert rep.counted
    assert rep.hold_s == 0.0
    assert [f.id for f in rep.faults] == ["hip-bent"]
    assert rep.measures["sway_rms"] is None


def test_a_bend_in_the_middle_of_a_try_takes_its_time_off():
    def motion(u):
        share = path(u, [(1.2, 0.0), (2.2, 1.0), (10.0, 1.0), (11.0, 0.0)])
        bent = path(u, [(4.0, 0.0), (4.5, 1.0), (7.5, 1.0), (8.0, 0.0)])
        return {k: LOW[k] + (UP[k] - LOW[k]) * share + (30.0 * bent if k in ("thigh", "lean") else 0.0) for k in LOW}

    (rep,) = Scene("ball-kneel", lambda: shoot(ball_kneeling, 12.5, motion, RIGHT))().judge.reps
    assert rep.hold_s == pytest.approx(7.8 - 3.5, abs=0.6)
    assert "hip-bent" in {f.id for f in rep.faults}


def test_stepping_off_ends_the_try_there():
    (rep,) = STEPPED().judge.reps
    assert rep.counted
    assert rep.end_s == pytest.approx(5.3, abs=0.3)


@pytest.mark.parametrize(("stay", "listed"), [(0.1, 0), (2.0, 1)])
def test_who_rises_and_keeps_the_hands_on_the_ball_has_tried_if_that_lasts(stay, listed):
    reps = scene(thigh=60.0, lean=36.0, hands=-0.35, stay=stay, way=0.6)().judge.reps
    assert [(r.counted, r.why) for r in reps] == [(False, "the hands stayed on the ball")] * listed
    assert all([f.id for f in r.faults] == ["hands-on-ball"] for r in reps)


def test_hands_down_before_the_step_off_is_no_fault():
    session = scene(foot=[(0.0, 0.0), (6.8, 0.0), (7.3, 0.9)], rest=3.0)()
    assert len(session.judge.reps) == 1
    assert fault_ids(session) == set()


def test_standing_beside_the_ball_with_one_foot_makes_no_try():
    session = scene(low={"thigh": 0.0, "lean": 0.0}, foot=[(0.0, 0.9)])()
    assert session.judge.reps == [] and fault_ids(session) == set()


@pytest.mark.parametrize("px", [0.5, 1.5])
def test_landmark_noise_changes_no_verdict(px):
    session = Scene("ball-kneel", lambda: shaken(tries(2), px))()
    assert [r.verdict for r in session.judge.reps] == ["good"] * 2


# ---- the ball ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("aside", "wrong"), [(0.0, True), (-2.0, False)])
def test_low_hands_are_on_the_ball_only_where_it_is(aside, wrong):
    """Where the ball is seen hands beside it, or on the thighs, do not lean on it."""
    leaning = Scene("ball-kneel", lambda: with_ball(HANDS.track, "wrist", aside, 0.55, 0.55))
    assert ("hands-on-ball" in fault_ids(leaning(None))) == wrong


def test_the_ball_belongs_under_the_knees():
    def off(below):
        t = with_ball(GOOD.track, "knee", 0.0, below, 0.55)
        return BallKneel().signals(Body(t.t, t.image, t.world, t.size, t.ball))["ball_off"]

    assert off(0.55) == pytest.approx(0.0, abs=1e-6)
    assert off(1.55) == pytest.approx(1.0, abs=1e-6)
    assert np.isnan(
        BallKneel().signals(Body(GOOD.track.t, GOOD.track.image, GOOD.track.world, GOOD.track.size))["ball_off"]
    ).all()
