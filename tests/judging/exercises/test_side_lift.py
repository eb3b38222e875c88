"""``side-lift``: what a known body must and must not be told."""

from dataclasses import replace

import numpy as np
import pytest

from formcheck.judging.exercises.side_lift import SideLift
from formcheck.sight.pose.landmarks import JOINT, PAIRS

from .cases import Effect, Scene, attempts, counted, fault_ids, gate_effects, holds, reports
from .figures import FRONT, path
from .figures2 import shaken, shoot, side_lying


def lifts(n=2, *, size=0.12, way=1.1, top=0.5, rest=1.0, back=0.0, turn=FRONT, down="right", **wrong):
    """*n* lifts of *size*; *wrong* are parameters of the figure all along or, as ``top_...``, while lifted."""
    knots, t = [(0.0, 0.0)], 1.5
    for k in range(n):
        low = back if k < n - 1 else 0.0
        knots += [(t, knots[-1][1]), (t + way, 1.0), (t + way + top, 1.0), (t + 2 * way + top, low)]
        t += 2 * way + top + rest

    def motion(u):
        up = path(u, knots)
        at_top = {k[4:]: v * up for k, v in wrong.items() if k.startswith("top_")}
        return {"lift": size * up, **{k: v for k, v in wrong.items() if not k.startswith("top_")}, **at_top}

    return shoot(lambda m, p: side_lying(m, p, down=down), t + 0.7, motion, turn)


def scene(n=2, **how):
    return Scene("side-lift", lambda: lifts(n, **how))


GOOD = scene()
BENT, BENT_AWAY, ARM_OFF = scene(bend=14.0), scene(bend=-14.0), scene(arm=50.0)
ROLLING, UNSTACKED = scene(top_roll=40.0, top=1.5), scene(shoulder_roll=60.0)
RISING, APART, KNEES, HIGH = scene(top_rise=0.25), scene(top_part=0.3), scene(knee=40.0), scene(size=0.5)
JERKY = scene(way=0.25, top=0.8)
LOST = Scene("side-lift", lifts, {"ball_off": 1.0})
SMALL = scene(size=0.037)
ONE_LEG = scene(1, size=0.0, top_part=0.2)
SLOW_TOP = scene(1, way=1.6, top=0.3)
HALF_BACK = scene(back=0.2, rest=0.4)

CASES = {
    "line-bent": (BENT, GOOD),
    "rolled": (ROLLING, GOOD),
    "trunk-lifts": (RISING, GOOD),
    "legs-apart": (APART, GOOD),
    "knee-bent": (KNEES, GOOD),
    "too-high": (HIGH, GOOD),
    "jerky": (JERKY, GOOD),
    "ball-lost": (LOST, Scene("side-lift", lifts, {"ball_off": 0.2})),
}
EFFECTS = {
    **gate_effects(SideLift, GOOD, attempts),
    "least_effort": Effect(GOOD, 2.0, attempts),
    "part_leg": Effect(APART, 2.0, reports("legs-apart")),
    "lift_leg": Effect(SMALL, 0.03, counted),
    "each_leg": Effect(ONE_LEG, -1.0, counted),
    "high_leg": Effect(HIGH, 0.8, reports("too-high")),
    "still_leg_s": Effect(SLOW_TOP, 0.01, holds),
    "line_low_deg": Effect(BENT, -30.0, reports("line-bent")),
    "line_high_deg": Effect(BENT_AWAY, 30.0, reports("line-bent")),
    "hips_apart_torso": Effect(BENT, 0.6, reports("line-bent")),
    "arm_line_deg": Effect(ARM_OFF, 100.0, reports("line-bent")),
    "roll_change_deg": Effect(ROLLING, 60.0, reports("rolled")),
    "rolled_deg": Effect(UNSTACKED, 80.0, reports("rolled")),
    "rise_torso": Effect(RISING, 0.5, reports("trunk-lifts")),
    "gap_ratio": Effect(APART, 2.0, reports("legs-apart")),
    "knee_deg": Effect(KNEES, 120.0, reports("knee-bent")),
    "jerky_s": Effect(JERKY, 0.1, reports("jerky")),
    "ball_off_torso": Effect(LOST, 2.0, reports("ball-lost")),
}


@pytest.mark.parametrize("down", ["left", "right"])
@pytest.mark.parametrize("turn", [FRONT, 180.0])
def test_lifts_count_for_the_side_that_is_down_belly_or_back_to_the_camera(down, turn):
    session = scene(3, down=down, turn=turn)()
    assert [(r.side, r.verdict, r.score) for r in session.judge.reps] == [(down, "good", 100.0)] * 3
    assert fault_ids(session) == set()


@pytest.mark.parametrize("bent", [BENT, BENT_AWAY, ARM_OFF])
def test_a_line_is_bent_either_way_or_at_the_shoulder(bent):
    session = bent()
    assert fault_ids(session) == {"line-bent"}
    assert all("line-bent" in {f.id for f in r.faults} for r in session.judge.reps)


def test_a_body_on_its_side_but_not_stacked_is_rolled():
    assert "rolled" in fault_ids(UNSTACKED())


@pytest.mark.parametrize("size", [0.08, 0.12, 0.3])
def test_the_lift_measured_is_the_figures(size):
    for rep in scene(size=size)().judge.reps:
        assert rep.measures["lift_lower"] == pytest.approx(size, abs=0.015)
        assert rep.measures["lift_upper"] == pytest.approx(size, abs=0.015)
        assert rep.counted


def test_one_leg_alone_does_not_count_and_the_reason_says_which():
    (rep,) = ONE_LEG().judge.reps
    assert not rep.counted
    assert "lower leg" in rep.why
    assert rep.score <= 40.0


def test_lying_still_is_no_lift():
    session = scene(1, size=0.0)()
    assert session.judge.reps == []
    assert session.judge.seconds["judged"] > 2.0


@pytest.mark.parametrize("way", [0.6, 1.1, 2.5])
def test_the_tempo_changes_neither_count_nor_bounds(way):
    (rep,) = scene(1, way=way)().judge.reps
    assert rep.counted
    assert rep.start_s == pytest.approx(1.5, abs=0.15 + 0.2 * way)
    assert rep.end_s == pytest.approx(2.0 + 2 * way, abs=0.15 + 0.2 * way)


@pytest.mark.parametrize("px", [0.5, 1.0])
def test_landmark_noise_changes_no_verdict(px):
    session = Scene("side-lift", lambda: shaken(lifts(3), px))()
    assert [r.verdict for r in session.judge.reps] == ["good"] * 3


def test_a_side_view_is_not_judged():
    session = scene(turn=80.0)()
    assert session.judge.reps == []
    assert fault_ids(session) == set()


def confused(track, seconds=1.5):
    """The belly is taken for the back in turns of *seconds*, and drawn between the two in every third frame."""
    image, world = track.image.copy(), track.world.copy()
    left, right = (list(x) for x in zip(*PAIRS, strict=True))
    for k, t in enumerate(track.t):
        for m in (image, world):
            there, other = m[k, left + right].copy(), m[k, right + left].copy()
            if k % 3 == 0:
                m[k, left + right] = (there + other) / 2
            elif int(t / seconds) % 2:
                m[k, left + right] = other
    return replace(track, image=image, world=world)


def hand_before_the_belly(track):
    """The hand of the upper arm lies on the floor before the belly, nearer the camera (whatever its name)."""
    image = track.image.copy()
    for joint, low in (("elbow", 0.3), ("wrist", 0.6)):
        shoulder, hip = (image[:, [JOINT[j][s] for s in ("left", "right")], :3].mean(1) for j in ("shoulder", "hip"))
        trunk = np.hypot(*(shoulder - hip)[:, :2].T)[:, None]
        k = JOINT[joint]["left"]
        image[:, k, :3] = shoulder + 0.4 * (hip - shoulder) + low * trunk * [0, 1, -1]
    return replace(track, image=image)


def test_sides_that_change_names_all_the_time_are_told_by_the_hand_before_the_belly():
    session = Scene("side-lift", lambda: confused(hand_before_the_belly(lifts(3))))()
    assert [r.side for r in session.judge.reps] == ["right"] * 3
    assert {"rolled", "legs-apart"}.isdisjoint(fault_ids(session))


def test_where_nothing_tells_the_side_it_is_unknown_and_no_fault_is_made_of_it():
    session = Scene("side-lift", lambda: confused(lifts(3)))()
    assert [r.side for r in session.judge.reps] == [None] * 3
    assert {"rolled", "legs-apart", "line-bent"}.isdisjoint(fault_ids(session))


def test_a_line_is_not_judged_from_behind():
    assert fault_ids(BENT()) == {"line-bent"}
    assert fault_ids(scene(bend=14.0, turn=180.0)()) == set()


def test_a_lower_leg_that_is_drawn_above_the_upper_one_makes_no_fault_of_tempo_or_trunk():
    track = lifts(2)
    image = track.image.copy()
    astray = (track.t > 2.0) & (track.t < 2.6)
    hips = image[astray][:, [23, 24], 1].mean(axis=1)
    for joint in (26, 28, 30, 32):  # the right leg, the lower one
        image[astray, joint, 1] = hips - 90.0
    session = Scene("side-lift", lambda: replace(track, image=image))()
    assert {"jerky", "trunk-lifts"}.isdisjoint(fault_ids(session))
    assert len(session.judge.reps) == 2
