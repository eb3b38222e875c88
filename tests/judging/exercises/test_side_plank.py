"""``side-plank``: what a known body must and must not be told."""

import pytest

from formcheck.judging.exercises.side_plank import SidePlank

from .cases import Effect, Scene, attempts, counted, fault_ids, gate_effects, reports
from .stick import SIDE_SUPPORT, Motion, dips, judge, rolled, shoot, side_support


def scene(n=1, *, facing="right", **how):
    return Scene("side-plank", lambda: shoot(side_support, dips(n, **how), facing=facing))


def off(**start):
    return scene(start=start)


def _half_way_up():
    """Down, up to a little below the line, wait, down and up again."""
    m = Motion(SIDE_SUPPORT).wait(1.2).to(1, drop=0.06).wait(0.3).to(1, drop=0.0055).wait(0.35)
    m.to(1, drop=0.06).wait(0.3).back(1).wait(1.5)
    return shoot(side_support, m)


def _not_regained(drop):
    m = Motion(SIDE_SUPPORT).wait(1.2).to(1, drop=0.13).wait(0.3).to(1, drop=drop).wait(3)
    return shoot(side_support, m)


GOOD = scene()
SMALL, DEEP, TOUCHING = scene(depth=0.02), scene(depth=0.18), scene(depth=0.23)
SAGGING, PIKED = off(drop=0.08), off(drop=-0.08)
ROTATED, ARM_OFF, FEET_APART, SUPPORT_OFF, HEAD_OFF = (
    off(roll=45.0),
    off(arm=35.0),
    off(feet=1.0),
    off(support=0.6),
    off(head=50.0),
)
HALF_WAY = Scene("side-plank", _half_way_up)

CASES = {
    "hip-sag": (SAGGING, PIKED),
    "hip-pike": (PIKED, SAGGING),
    "hip-touch": (TOUCHING, GOOD),
    "rotated": (ROTATED, GOOD),
    "arm-off-vertical": (ARM_OFF, GOOD),
    "feet-apart": (FEET_APART, GOOD),
    "support-off": (SUPPORT_OFF, GOOD),
    "head-off": (HEAD_OFF, GOOD),
    "small-dip": (SMALL, GOOD),
    "deep-dip": (DEEP, GOOD),
}
EFFECTS = {
    **gate_effects(SidePlank, GOOD, attempts),
    "lifted_torso": Effect(SAGGING, 1e6, reports("hip-sag")),
    "least_effort": Effect(GOOD, 0.5, attempts),
    "sway_s": Effect(SMALL, 0.2, attempts),
    "sway_fraction": Effect(scene(3, depth=0.012, rest=0.3), 0.0, attempts),
    "still_s": Effect(SMALL, 90.0, attempts),
    "dip_fraction": Effect(SMALL, 0.01, counted),
    "deep_fraction": Effect(DEEP, 0.3, reports("deep-dip")),
    "line_deg": Effect(SAGGING, 40.0, reports("hip-sag")),
    "pike_deg": Effect(PIKED, -40.0, reports("hip-pike")),
    "arm_off_deg": Effect(ARM_OFF, 60.0, reports("arm-off-vertical")),
    "feet_torso": Effect(FEET_APART, 2.0, reports("feet-apart")),
    "support_torso": Effect(SUPPORT_OFF, 1.0, reports("support-off")),
    "rotated_deg": Effect(ROTATED, 60.0, reports("rotated")),
    "head_off_deg": Effect(HEAD_OFF, 80.0, reports("head-off")),
    "touch_torso": Effect(TOUCHING, 0.01, reports("hip-touch")),
}


@pytest.mark.parametrize("facing", ["right", "left"])
def test_dips_count_without_fault_belly_or_back_to_the_camera(facing):
    session = scene(3, facing=facing)()
    # The figure stays on its left hand; seen from behind its head is to the left of the picture.
    assert [(r.side, r.verdict) for r in session.judge.reps] == [("left", "good")] * 3
    assert fault_ids(session) == set()


def test_the_depth_measured_is_the_figures():
    for depth in (0.045, 0.08, 0.12):
        (rep,) = scene(depth=depth, bottom=0.5)().judge.reps
        assert rep.measures["dip"] == pytest.approx(depth, abs=0.006)


def test_a_line_never_regained_does_not_count():
    (rep,) = judge("side-plank", _not_regained(0.09)).judge.reps
    assert not rep.counted
    assert "hip-sag" in {f.id for f in rep.faults}
    assert "below the line" in rep.why


def test_the_time_in_the_plank_is_told():
    session = scene(2)()
    ((start, end),) = session.holds
    assert end - start == pytest.approx(session.judge._last_t, abs=1.0)


def test_no_dip_is_no_repetition_but_a_hold():
    session = judge("side-plank", shoot(side_support, Motion(SIDE_SUPPORT).wait(6)))
    assert session.judge.reps == []
    assert len(session.holds) == 1


@pytest.mark.parametrize("noise", [0.5, 1.0])
def test_noise_of_a_pose_model_changes_no_verdict(noise):
    for facing in ("right", "left"):
        session = judge("side-plank", shoot(side_support, dips(3), noise_px=noise, facing=facing, seed=5))
        assert [(r.side, r.counted) for r in session.judge.reps] == [("left", True)] * 3
        assert fault_ids(session) == set()


@pytest.mark.parametrize("roll", [-12.0, -7.0, 7.0, 12.0])
def test_a_camera_that_is_rolled_moves_neither_hand_nor_arm(roll):
    start = {"arm": 10.0 if roll > 0 else -10.0, "support": 0.15}
    track = shoot(side_support, dips(2, start=start))
    straight, turned = judge("side-plank", track), judge("side-plank", rolled(track, roll))
    assert fault_ids(straight) == fault_ids(turned) == set()
    assert [r.counted for r in turned.judge.reps] == [True, True]
    assert turned.roll.degrees == pytest.approx(straight.roll.degrees + roll, abs=3.0)
    for a, b in zip(straight.judge.reps, turned.judge.reps, strict=True):
        assert b.measures["arm_off"] == pytest.approx(a.measures["arm_off"], abs=3.5)


def test_from_aside_and_above_what_hangs_on_the_vertical_is_let_pass_but_not_what_is_far_off_it():
    # From there the floor line slants as if the camera were rolled, and it may be.
    seen_from = {"azimuth": -22.0, "pitch": 18.0}
    session = judge("side-plank", shoot(side_support, dips(1), **seen_from))
    assert session.roll.unsure > 2.0 and fault_ids(session) == set()
    assert fault_ids(judge("side-plank", shoot(side_support, dips(1, start={"arm": 45.0}), **seen_from))) == {
        "arm-off-vertical"
    }


def test_a_tiny_quick_dip_in_a_set_is_listed():
    m = dips(1, rest=0.6)
    m.to(0.55, drop=m.rest["drop"] + 0.018).wait(0.1).back(0.55).wait(0.4)
    m.to(1.0, drop=m.rest["drop"] + 0.06).wait(0.3).back(1.0).wait(1.0)
    session = judge("side-plank", shoot(side_support, m))
    assert [r.counted for r in session.judge.reps] == [True, False, True]
    assert [f.id for f in session.judge.reps[1].faults] == ["small-dip"]


def test_lifting_the_hips_from_the_floor_is_no_hip_that_touches_it():
    m = Motion(SIDE_SUPPORT, drop=0.24).wait(1.0).to(1.0, drop=0.0).wait(0.5)
    m.to(1.0, drop=0.06).wait(0.3).to(1.0, drop=0.0).wait(1.0)
    session = judge("side-plank", shoot(side_support, m))
    assert [r.counted for r in session.judge.reps] == [True]
    assert "hip-touch" not in fault_ids(session)


def _small_in_a_row(*depths, first_rest, pause=0.4):
    """Dips as small as breathing, after a rest and with hardly one between them."""
    m = Motion(SIDE_SUPPORT).wait(first_rest)
    for depth in depths:
        m.to(1.0, drop=m.rest["drop"] + depth).wait(0.2).back(1.0).wait(pause)
    return judge("side-plank", shoot(side_support, m.wait(0.6))).judge.reps


def test_small_dips_in_a_row_are_listed_where_the_first_left_a_still_body():
    reps = _small_in_a_row(0.012, 0.012, 0.012, first_rest=2.0)
    assert [[f.id for f in r.faults] for r in reps] == [["small-dip"]] * 3
    assert _small_in_a_row(0.012, 0.012, 0.012, first_rest=0.0) == []


@pytest.mark.parametrize(("second", "listed"), [(0.0105, 2), (0.0085, 1)])
def test_a_small_dip_is_of_the_same_set_from_half_the_depth_of_the_one_before(second, listed):
    assert len(_small_in_a_row(0.019, second, first_rest=2.0)) == listed


@pytest.mark.parametrize(("pause", "listed"), [(1.5, 2), (4.0, 1)])
def test_a_small_dip_is_of_the_same_set_if_it_follows_soon(pause, listed):
    # What comes after the longer pause sways from its first frame on: it has left no still body.
    m = Motion(SIDE_SUPPORT).wait(2.0).to(1.0, drop=0.012).wait(0.2).back(1.0)
    sway = int(pause / 0.5)
    for k in range(sway):
        m.to(0.5, drop=m.rest["drop"] + (0.0045 if k % 2 == 0 else 0.0))
    m.to(1.0, drop=m.rest["drop"] + 0.012).wait(0.2).back(1.0).wait(0.4)
    assert len(judge("side-plank", shoot(side_support, m)).judge.reps) == listed


@pytest.mark.parametrize(("arm", "faults"), [(35.0, {"arm-off-vertical"}), (0.0, set())])
def test_a_fault_of_a_held_plank_is_told_though_the_body_sways(arm, faults):
    m = Motion(SIDE_SUPPORT)
    # The arm goes off the vertical in the first sway.
    m.to(0.6, drop=m.rest["drop"] + 0.006, arm=arm).to(0.6, drop=m.rest["drop"] + 0.012).to(1.1, drop=m.rest["drop"])
    for _ in range(2):
        m.wait(0.2).to(1.0, drop=m.rest["drop"] + 0.012).to(1.0, drop=m.rest["drop"])
    session = judge("side-plank", shoot(side_support, m))
    assert session.judge.reps == []
    assert fault_ids(session) == faults
