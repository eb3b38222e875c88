"""``shoulder-bridge``: what a known body must and must not be told."""

from dataclasses import replace

import numpy as np
import pytest

from formcheck.pose.landmarks import LEG_PAIRS
from formcheck.pose.repair import MAX_SWAP_S

from .cases import Effect, Scene, attempts, counted, fault_ids, holds, reports
from .stick import BRIDGE, Motion, bridge, bridge_set, judge, shoot, with_ball


def scene(*legs, facing="right", measured=None, **how):
    return Scene(
        "shoulder-bridge", lambda: shoot(bridge, bridge_set(*(legs or ("right",)), **how), facing=facing), measured
    )


def _half_way_back():
    """The knee closes to 19 degrees more than at rest, stays a little, and opens again."""
    m = Motion(BRIDGE).wait(1.5)
    m.to(1, knee_right=178.0).wait(1.6).to(1, knee_right=113.0).wait(1.5).to(1, knee_right=178.0).wait(1.6).back(
        1
    ).wait(2)
    return shoot(bridge, m)


GOOD = scene()
CHANGING = scene("right", "left")
SHORT = scene(hold=0.1, rise=0.7)
SAGGING = scene(start={"sag": 0.06})
KNEES_OPEN = scene(start={"knee_left": 125.0, "knee_right": 125.0})
HANDS_OFF = scene(start={"hands": 1.2})
BALL_THERE = Scene("shoulder-bridge", lambda: with_ball(GOOD.track, "shoulder", 0.3, 0.5))
BALL_OFF = UNDER_LOINS = Scene("shoulder-bridge", lambda: with_ball(GOOD.track, "shoulder", 0.8, 0.5))
UNDER_NECK = Scene("shoulder-bridge", lambda: with_ball(GOOD.track, "shoulder", -0.3, 0.5))
DROPPING = scene(sag=0.1)
LEG_BENT, LEG_LOW, LEG_HIGH = scene(knee=140.0, thigh=20.0), scene(thigh=-25.0), scene(thigh=30.0)
HALF_WAY = Scene("shoulder-bridge", _half_way_back)

CASES = {
    "hip-sag": (SAGGING, GOOD),
    "knee-angle": (KNEES_OPEN, GOOD),
    "hands-off": (HANDS_OFF, GOOD),
    "ball-misplaced": (BALL_OFF, BALL_THERE),
    "hip-drop": (DROPPING, SAGGING),
    "leg-bent": (LEG_BENT, LEG_LOW),
    "leg-low": (LEG_LOW, LEG_HIGH),
    "leg-high": (LEG_HIGH, LEG_LOW),
    "short-hold": (SHORT, GOOD),
    "same-side": (scene("right", "right"), CHANGING),
}
EFFECTS = {
    "effort_on": Effect(GOOD, 5.0, attempts),
    "effort_off": Effect(HALF_WAY, 0.29, attempts),
    "straight_deg": Effect(GOOD, 179.5, counted),
    "level_deg": Effect(LEG_LOW, 35.0, reports("leg-low")),
    "hold_s": Effect(GOOD, 5.0, counted),
    "hold_tolerance_s": Effect(SHORT, 0.9, counted),
    "leg_bent_deg": Effect(LEG_BENT, 120.0, reports("leg-bent")),
    "knee_off_deg": Effect(KNEES_OPEN, 60.0, reports("knee-angle")),
    "knee_bias_deg": Effect(KNEES_OPEN, 30.0, reports("knee-angle")),
    "sag_fraction": Effect(SAGGING, 0.2, reports("hip-sag")),
    "drop_torso": Effect(DROPPING, 0.4, reports("hip-drop")),
    "hands_torso": Effect(HANDS_OFF, 2.0, reports("hands-off")),
    "ball_along_torso": Effect(BALL_OFF, 0.8, reports("ball-misplaced")),
    "ball_off_torso": Effect(BALL_OFF, 0.9, reports("ball-misplaced")),
}


@pytest.mark.parametrize("facing", ["right", "left"])
def test_alternating_legs_count_without_fault_from_either_side(facing):
    session = scene("right", "left", "right", facing=facing)()
    assert [(r.side, r.verdict) for r in session.judge.reps] == [("right", "good"), ("left", "good"), ("right", "good")]
    assert fault_ids(session) == set()


def test_the_hold_is_timed_within_what_is_allowed_for_coming_and_going():
    (rep,) = GOOD().judge.reps
    assert 1.6 <= rep.hold_s <= 1.6 + 0.8


@pytest.mark.parametrize(
    ("case", "fault"), [(SHORT, "short-hold"), (LEG_LOW, "leg-low"), (LEG_HIGH, "leg-high"), (LEG_BENT, "leg-bent")]
)
def test_an_attempt_that_is_not_held_names_the_one_reason(case, fault):
    (rep,) = case().judge.reps
    assert not rep.counted
    assert [f.id for f in rep.faults] == [fault]


def test_lying_down_is_no_repetition():
    m = bridge_set("right").to(1, sag=0.35, knee_left=140.0, knee_right=140.0).wait(1)
    assert [r.side for r in judge("shoulder-bridge", shoot(bridge, m)).judge.reps] == ["right"]


@pytest.mark.parametrize("noise", [1.0, 2.0])
def test_noise_of_a_pose_model_changes_no_verdict(noise):
    for facing in ("right", "left"):
        session = judge(
            "shoulder-bridge", shoot(bridge, bridge_set("right", "left"), noise_px=noise, facing=facing, seed=4)
        )
        assert [(r.side, r.counted) for r in session.judge.reps] == [("right", True), ("left", True)]
        assert fault_ids(session) == set()


def test_holds_differ_by_the_time_held():
    short, long = (scene(hold=h)().judge.reps[0].hold_s for h in (1.2, 2.2))
    assert long - short == pytest.approx(1.0, abs=0.15)
    assert holds(scene(hold=1.2)()) == [round(short, 3)]


def mixed(track, rep):
    """In the second half of a raise the legs change names for longer than a swap lasts."""
    image, world = track.image.copy(), track.world.copy()
    late = (track.t > rep.peak_s - MAX_SWAP_S) & (track.t < rep.end_s)
    left, right = (list(x) for x in zip(*LEG_PAIRS, strict=True))
    for m in (image, world):
        m[np.ix_(late, left + right)] = m[np.ix_(late, right + left)]
    return replace(track, image=image, world=world)


def test_a_leg_drawn_under_both_names_is_nobodys_and_no_same_side_is_made_of_it():
    track = shoot(bridge, bridge_set("right", "left", "right", hold=4.0))
    session = judge("shoulder-bridge", mixed(track, judge("shoulder-bridge", track).judge.reps[1]))
    assert [r.side for r in session.judge.reps] == ["right", None, "right"]
    assert "same-side" not in fault_ids(session)


@pytest.mark.parametrize(("thigh", "told"), [(-20.0, "short-hold"), (-32.0, "leg-low")])
def test_a_leg_drawn_under_both_names_is_called_low_only_where_it_is_beyond_doubt(thigh, told):
    track = shoot(bridge, bridge_set("right", "left", "right", hold=4.0, thigh=thigh))
    clear = judge("shoulder-bridge", track).judge.reps
    assert all([f.id for f in r.faults] == ["leg-low"] for r in clear)
    rep = judge("shoulder-bridge", mixed(track, clear[1])).judge.reps[1]
    assert rep.side is None
    assert [f.id for f in rep.faults] == [told]


@pytest.mark.parametrize(("case", "wrong"), [(BALL_THERE, False), (UNDER_LOINS, True), (UNDER_NECK, True)])
def test_the_ball_belongs_under_the_shoulder_blades(case, wrong):
    assert ("ball-misplaced" in fault_ids(case(None))) == wrong


def test_where_no_ball_is_seen_its_place_is_unknown():
    session = GOOD(None)
    (watch,) = (w for w in session.judge.watches if w.check.id == "ball-misplaced")
    assert watch.total.judged_s == 0
    assert watch.total.unknown_s > 1
