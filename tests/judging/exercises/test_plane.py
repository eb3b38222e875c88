"""``plane``: what a known body must and must not be told."""

from dataclasses import replace

import numpy as np
import pytest

from formcheck.judging.exercises import get_exercise
from formcheck.judging.rules.limits import Limits
from formcheck.sight.pose.landmarks import ARM_PAIRS, JOINT, LEG_PAIRS

from .cases import Border, Effect, Scene, attempts, counted, fault_ids, holds, in_position, reports
from .stick import ALL_FOURS, Motion, all_fours, judge, plane_set, rolled, shoot, without


def scene(*arms, facing="right", **how):
    return Scene("plane", lambda: shoot(all_fours, plane_set(*(arms or ("right",)), **how), facing=facing))


def posture(seconds=3.0, **params):
    """Somebody who stays as they are."""
    return Scene("plane", lambda: shoot(all_fours, Motion(ALL_FOURS, **params).wait(seconds)))


def moving(motion):
    return Scene("plane", lambda: shoot(all_fours, motion))


def one_arm(raise_deg, seconds=3.0):
    """One arm is raised by some degrees, the legs stay."""
    return moving(Motion(ALL_FOURS).wait(1).to(1, arm_right=-90.0 + raise_deg).wait(seconds).back(1).wait(1))


def lasting(seconds):
    """The whole of arm and leg raised and put down at once, in some seconds."""
    m = Motion(ALL_FOURS).wait(1.5).to(seconds / 2, arm_right=0.0, leg_left=-6.0, knee_left=178.0)
    return moving(m.back(seconds / 2).wait(1.5))


def slowly(seconds):
    """Arm and leg take some seconds to rise, and are put down at once."""
    m = Motion(ALL_FOURS).wait(1).to(seconds, arm_right=0.0, leg_left=-6.0, knee_left=178.0)
    return moving(m.back(0.5).wait(1))


GOOD = scene()
CHANGING = scene("right", "left")
AGAIN = scene("right", "right")
SHORT = scene(hold=5.0)
ARM_LOW, ARM_HIGH = scene(arm=-25.0), scene(arm=25.0)
LEG_LOW, LEG_HIGH, ARCHED = scene(leg=-26.0), scene(leg=8.8), scene(leg=17.8)
#: The trunk slopes by 20 degrees, as where arms are longer than thighs.
SLOPING = scene(trunk=20.0, leg=8.0)
KNEE_BENT = scene(knee=140.0)
THIGH_OFF = scene(thigh=-115.0)
#: The right leg is raised and the left, far one supports.
FAR_THIGH_OFF = scene("left", thigh=-115.0)
ELBOW, PELVIS = scene(over=30.0), scene(roll=55.0)
HEAD_DOWN, HEAD_BACK = scene(head=-60.0), scene(head=45.0)

CASES = {
    "hip-sag": (ARCHED, LEG_HIGH),
    "thigh-angle": (THIGH_OFF, GOOD),
    "arm-low": (ARM_LOW, ARM_HIGH),
    "arm-high": (ARM_HIGH, ARM_LOW),
    "leg-low": (LEG_LOW, LEG_HIGH),
    "leg-high": (LEG_HIGH, LEG_LOW),
    "knee-bent": (KNEE_BENT, GOOD),
    "elbow-locked": (ELBOW, GOOD),
    "pelvis-open": (PELVIS, GOOD),
    "head-down": (HEAD_DOWN, HEAD_BACK),
    "head-back": (HEAD_BACK, HEAD_DOWN),
    "short-hold": (SHORT, GOOD),
    "same-side-pair": (scene(same_side=True), CHANGING),
    "repeated-pair": (AGAIN, CHANGING),
}
EFFECTS = {
    "least_effort": Effect(GOOD, 200.0, attempts),
    "trunk_low_deg": Effect(GOOD, 20.0, attempts),
    "trunk_high_deg": Effect(GOOD, 0.0, attempts),
    "hand_down_deg": Effect(GOOD, -20.0, attempts),
    "thigh_down_deg": Effect(GOOD, -1.0, attempts),
    "kneeling_deg": Effect(GOOD, 80.0, attempts),
    "sitting_deg": Effect(GOOD, 100.0, attempts),
    "support_deg": Effect(GOOD, -1.0, attempts),
    "raised_deg": Effect(GOOD, 150.0, counted),
    "still_deg_s": Effect(GOOD, 5000.0, holds),
    "hold_s": Effect(SHORT, 4.0, counted),
    "hold_tolerance_s": Effect(SHORT, 6.0, counted),
    "arm_low_deg": Effect(ARM_LOW, -40.0, reports("arm-low")),
    "arm_high_deg": Effect(ARM_HIGH, 40.0, reports("arm-high")),
    "leg_low_deg": Effect(LEG_LOW, -40.0, reports("leg-low")),
    "leg_high_deg": Effect(LEG_HIGH, 21.0, reports("leg-high")),
    "arch_deg": Effect(ARCHED, 50.0, reports("hip-sag")),
    "arch_level_deg": Effect(SLOPING, 20.0, reports("hip-sag")),
    "knee_deg": Effect(KNEE_BENT, 120.0, reports("knee-bent")),
    "thigh_off_deg": Effect(THIGH_OFF, 60.0, reports("thigh-angle")),
    "thigh_bias_deg": Effect(THIGH_OFF, -15.0, reports("thigh-angle")),
    "far_margin_deg": Effect(FAR_THIGH_OFF, 0.0, reports("thigh-angle")),
    "elbow_over_deg": Effect(ELBOW, 50.0, reports("elbow-locked")),
    "pelvis_open_deg": Effect(PELVIS, 80.0, reports("pelvis-open")),
    "head_down_deg": Effect(HEAD_DOWN, -80.0, reports("head-down")),
    "head_back_deg": Effect(HEAD_BACK, 80.0, reports("head-back")),
}


BORDERS = {
    "trunk_low_deg": Border(posture(trunk=-29.0), posture(trunk=-31.0), in_position),
    "trunk_high_deg": Border(posture(trunk=44.0), posture(trunk=46.0), in_position),
    "hand_down_deg": Border(posture(arm_left=9.0, arm_right=9.0), posture(arm_left=11.0, arm_right=11.0), in_position),
    "thigh_down_deg": Border(
        posture(leg_left=-29.0, leg_right=-29.0), posture(leg_left=-27.0, leg_right=-27.0), in_position
    ),
    "kneeling_deg": Border(
        posture(knee_left=144.0, knee_right=144.0), posture(knee_left=147.0, knee_right=147.0), in_position
    ),
    "sitting_deg": Border(
        posture(knee_left=36.0, knee_right=36.0), posture(knee_left=34.0, knee_right=34.0), in_position
    ),
    "support_deg": Border(
        moving(Motion(ALL_FOURS, arm_left=-43.0, arm_right=-43.0).wait(1).to(1, arm_right=2.0).wait(3).back(1).wait(1)),
        moving(Motion(ALL_FOURS, arm_left=-41.0, arm_right=-41.0).wait(1).to(1, arm_right=4.0).wait(3).back(1).wait(1)),
        attempts,
    ),
    "raised_deg": Border(one_arm(36.0), one_arm(34.0), attempts),
    "still_deg_s": Border(slowly(5.8), slowly(5.2), lambda session: session.judge.reps[0].hold_s > 2.5),
    "hold_s": Border(scene(hold=9.75), scene(hold=9.5), counted),
    "arm_low_deg": Border(scene(arm=-14.0), scene(arm=-16.0), reports("arm-low")),
    "arm_high_deg": Border(scene(arm=16.0), scene(arm=18.0), reports("arm-high")),
    "leg_low_deg": Border(scene(leg=-25.2), scene(leg=-27.2), reports("leg-low")),
    "leg_high_deg": Border(scene(leg=4.5), scene(leg=6.5), reports("leg-high")),
    "arch_deg": Border(scene(leg=10.5), scene(leg=12.5), reports("hip-sag")),
    "arch_level_deg": Border(scene(trunk=20.0, leg=11.0), scene(trunk=20.0, leg=13.0), reports("hip-sag")),
    "knee_deg": Border(scene(knee=153.0), scene(knee=151.0), reports("knee-bent")),
    "thigh_off_deg": Border(scene(thigh=-108.0), scene(thigh=-110.0), reports("thigh-angle")),
    "far_margin_deg": Border(scene("left", thigh=-119.5), scene("left", thigh=-122.5), reports("thigh-angle")),
    "elbow_over_deg": Border(scene(over=24.0), scene(over=26.0), reports("elbow-locked")),
    "pelvis_open_deg": Border(scene(roll=41.0), scene(roll=43.5), reports("pelvis-open")),
    "head_down_deg": Border(scene(head=-39.0), scene(head=-43.0), reports("head-down")),
    "head_back_deg": Border(scene(head=32.0), scene(head=35.0), reports("head-back")),
}


@pytest.mark.parametrize("limit", BORDERS)
def test_a_limit_parts_what_lies_just_on_either_side_of_it(limit):
    border = BORDERS[limit]
    assert border.outcome(border.inside(None)) != border.outcome(border.outside(None))


#: What is wrong from the first frame to the last: with the rest, or with every repetition.
ALWAYS_WRONG = {
    "thigh-angle": {"leg_left": -115.0, "leg_right": -115.0},
    "elbow-locked": {"over_left": 30.0, "over_right": 30.0},
    "head-down": {"head": -60.0},
    "head-back": {"head": 45.0},
}


@pytest.mark.parametrize("fault", ALWAYS_WRONG)
def test_a_fault_from_the_first_frame_to_the_last_is_told_and_hinders_no_recognition(fault):
    m = Motion(ALL_FOURS, **ALWAYS_WRONG[fault]).wait(0.5)
    for _ in range(2):
        m.to(1, arm_right=0.0, leg_left=-6.0, knee_left=178.0).wait(10.6).back(1)
    session = moving(m.wait(0.5))(None)
    assert [(r.side, r.counted) for r in session.judge.reps] == [("right", True), ("right", True)]
    assert all(fault in {f.id for f in r.faults} for r in session.judge.reps)


@pytest.mark.parametrize("fault", sorted(set(CASES) - {"same-side-pair", "short-hold"}))
def test_a_fault_in_the_end_position_still_counts(fault):
    assert all(r.counted for r in CASES[fault][0](None).judge.reps)


@pytest.mark.parametrize("facing", ["right", "left"])
def test_a_good_plane_counts_without_fault_from_either_side(facing):
    session = scene("right", "left", facing=facing)()
    assert [(r.side, r.verdict) for r in session.judge.reps] == [("right", "good"), ("left", "good")]
    assert set(session.views) == {"side"}
    assert fault_ids(session) == set()


def test_the_hold_is_timed_within_what_is_allowed_for_coming_and_going():
    (rep,) = GOOD().judge.reps
    assert 10.6 <= rep.hold_s <= 10.6 + 0.8


def test_a_short_hold_tells_the_seconds_reached():
    (rep,) = SHORT().judge.reps
    (fault,) = rep.faults
    assert (rep.counted, fault.id) == (False, "short-hold")
    assert fault.worst == rep.hold_s == pytest.approx(5.0, abs=0.8)
    assert f"{rep.hold_s:.1f} s" in rep.why


def test_measures_are_those_of_the_figure():
    (rep,) = scene(arm=-10.0, leg=-10.0, knee=165.0)().judge.reps
    assert rep.measures["arm_level"] == pytest.approx(-10.0, abs=1.5)
    assert rep.measures["raised_knee"] == pytest.approx(165.0, abs=1.5)
    assert rep.measures["trunk_pitch"] == pytest.approx(ALL_FOURS["trunk"], abs=1.5)


def test_only_the_arm_raised_is_listed_and_not_counted():
    m = Motion(ALL_FOURS).wait(2).to(1, arm_right=0.0).wait(10.6).back(1).wait(2)
    (rep,) = judge("plane", shoot(all_fours, m)).judge.reps
    assert not rep.counted
    assert rep.why == "only the arm was raised"


def test_small_shifts_of_weight_are_no_attempt():
    m = Motion(ALL_FOURS).wait(2)
    for _ in range(4):
        m.to(0.7, arm_left=-75.0, trunk=9.0).back(0.7)
    assert judge("plane", shoot(all_fours, m)).judge.reps == []


def test_the_same_pair_after_a_hold_that_did_not_count_is_repeated_only_where_it_does_not_count_either():
    long, short = {"hold": 10.6}, {"hold": 4.0}

    def told(*holds_):
        m = Motion(ALL_FOURS).wait(1)
        for hold in holds_:
            m.to(1, arm_right=0.0, leg_left=-6.0, knee_left=178.0).wait(hold["hold"]).back(1).wait(0.5)
        reps = moving(m)(None).judge.reps
        return [(r.counted, "repeated-pair" in {f.id for f in r.faults}) for r in reps]

    assert told(short, long) == [(False, False), (True, False)]
    assert told(short, short) == [(False, False), (False, True)]
    assert told(long, short) == [(True, False), (False, True)]
    assert told(long, long) == [(True, False), (True, True)]


def test_a_fault_after_the_repeated_pair_does_not_follow_from_a_same_side_pair():
    session = scene("right", "right", same_side=True)()
    assert "repeated-pair" not in fault_ids(session)


@pytest.mark.parametrize("noise", [1.0, 3.0])
def test_noise_of_a_pose_model_changes_no_verdict(noise):
    for facing in ("right", "left"):
        track = shoot(all_fours, plane_set("right", "left"), noise_px=noise, far_visibility=0.5, facing=facing, seed=3)
        session = judge("plane", track)
        assert [(r.side, r.counted) for r in session.judge.reps] == [("right", True), ("left", True)]
        assert fault_ids(session) == set()


def test_a_fault_of_the_hidden_side_is_not_invented():
    track = shoot(all_fours, plane_set("right", "left", knee=140.0), far_visibility=0.2)
    session = judge("plane", track)
    by_leg = {r.side: {f.id for f in r.faults} for r in session.judge.reps}
    # Right arm goes with the left, hidden leg; the right leg is near.
    assert by_leg == {"right": set(), "left": {"knee-bent"}}
    assert np.isnan(session.judge.reps[0].measures["raised_knee"] or np.nan)


@pytest.mark.parametrize("facing", ["left", "right"])
@pytest.mark.parametrize("roll", [-12.0, -7.0, 7.0, 12.0])
def test_a_camera_that_is_rolled_lifts_no_arm(roll, facing):
    track = shoot(all_fours, plane_set("right", "left", arm=8.0), facing=facing)
    session = judge("plane", rolled(track, roll))
    assert fault_ids(session) == set()
    assert [(r.side, r.counted) for r in session.judge.reps] == [("right", True), ("left", True)]
    assert session.roll.degrees == pytest.approx(roll, abs=1.0)
    assert all(r.measures["arm_level"] == pytest.approx(8.0, abs=3.0) for r in session.judge.reps)


def test_an_arm_that_is_too_high_is_still_told_by_a_camera_that_is_rolled():
    track = shoot(all_fours, plane_set("right", arm=25.0))
    assert all(fault_ids(judge("plane", rolled(track, roll))) == {"arm-high"} for roll in (-10.0, 0.0, 10.0))


def test_a_camera_that_is_rolled_too_far_is_only_told_of():
    session = judge("plane", rolled(shoot(all_fours, plane_set("right")), 20.0))
    assert session.roll.degrees == 0.0 and session.roll.beyond == pytest.approx(20.0, abs=1.0)


def _framed(track, left):
    """The picture begins *left* px further to the right; what lies beyond its edge is as the model guesses it."""
    image = track.image.copy()
    image[..., 0] -= left
    return replace(track, image=image)


def test_a_foot_out_of_the_picture_cuts_no_hold_and_makes_no_fault():
    raised_foot = GOOD.track.image[90, JOINT["ankle"]["left"], 0]
    cut = _framed(GOOD.track, raised_foot + 0.04 * GOOD.track.size[0])
    session = judge("plane", cut)
    (rep,) = session.judge.reps
    assert (rep.side, rep.verdict, rep.measures["raised_knee"]) == ("right", "good", None)
    outside = {part: seconds for part, seconds in session.outside.items() if seconds > 0}
    assert outside == {"left foot": pytest.approx(11.5, abs=0.7)}
    assert rep.hold_s == pytest.approx(GOOD().judge.reps[0].hold_s, abs=0.1)


def _at_the_edge(facing):
    """The picture ends between the shoulders and the raised hand."""
    track = shoot(all_fours, plane_set("left", "right"), facing=facing)
    end = 0.94 * track.size[0] if facing == "right" else 0.06 * track.size[0]
    framed = _framed(track, track.image[0, JOINT["shoulder"]["left"], 0] - end)
    for side in ("left", "right"):
        shoulder, elbow, wrist = (framed.image[:, JOINT[j][side]] for j in ("shoulder", "elbow", "wrist"))
        beyond = np.abs(wrist[:, 0] - track.size[0] / 2) > track.size[0] / 2
        # What is guessed of an arm out of the picture hangs from the shoulder.
        wrist[beyond, :2] = shoulder[beyond, :2] + [0.0, 90.0]
        wrist[beyond, 3] = elbow[beyond, 3] = 0.2
    return framed


@pytest.mark.parametrize("facing", ["right", "left"])
def test_an_arm_out_of_the_picture_is_neither_down_nor_the_other_one(facing):
    session = judge("plane", _at_the_edge(facing))
    assert [r.side for r in session.judge.reps] == ["left", "right"]
    assert [r.why for r in session.judge.reps] == ["the raised arm could not be seen"] * 2
    assert fault_ids(session) == set()


def _seen_between(lo, hi):
    """A leg drawn now up, now half way down while the arm is held."""
    track = GOOD.track
    image = track.image.copy()
    wild = (track.t >= lo) & (track.t < hi) & (np.arange(len(track.t)) // 4 % 2 == 0)
    for joint in ("knee", "ankle"):
        up, down = image[:, JOINT[joint]["left"]], image[:, JOINT[joint]["right"]]
        up[wild, :2] = (0.45 * up + 0.55 * down)[wild, :2]
    return replace(track, image=image)


def test_a_leg_that_cannot_be_followed_breaks_no_hold_and_has_no_fault():
    session = judge("plane", _seen_between(3.5, 13.0))
    (rep,) = session.judge.reps
    assert (rep.side, rep.counted) == ("right", True)
    assert rep.hold_s == pytest.approx(10.6, abs=0.8)
    assert fault_ids(session) == set()


def test_who_changes_pairs_without_a_rest_and_begins_at_once_is_counted():
    m = Motion(ALL_FOURS).wait(0.1)
    for arm, leg in (("right", "left"), ("left", "right"), ("right", "left")):
        up = {f"arm_{arm}": 0.0, f"leg_{leg}": -6.0, f"knee_{leg}": 178.0}
        m.to(1, **up).wait(10.6).back(0.9)
    session = moving(m.wait(0.4))(None)
    assert [(r.side, r.verdict) for r in session.judge.reps] == [("right", "good"), ("left", "good"), ("right", "good")]


def test_what_was_under_way_at_the_first_and_last_frame_counts_nothing_and_has_no_fault():
    track = CHANGING.track
    part = (track.t > 6.0) & (track.t < 22.0)
    cut = replace(track, **{n: getattr(track, n)[part] for n in ("t", "image", "world", "ball")})
    session = judge("plane", cut)
    assert [(r.cut, r.counted) for r in session.judge.reps] == [("end", False)]
    assert fault_ids(session) == set()


def test_a_hold_goes_on_over_three_unseen_seconds():
    (rep,) = judge("plane", without(GOOD.track, 6.0, 9.0)).judge.reps
    assert (rep.counted, rep.verdict) == (True, "good")
    assert rep.bridged_s == pytest.approx(3.0, abs=0.3)


def _names_change_half_way(track, pairs):
    """From the middle of the first hold to the end of it the limbs have each other's names."""
    late = (track.t > 8.0) & (track.t < 16.0)
    left, right = (list(x) for x in zip(*pairs, strict=True))
    image, world = track.image.copy(), track.world.copy()
    for m in (image, world):
        m[np.ix_(late, left + right)] = m[np.ix_(late, right + left)]
    return replace(track, image=image, world=world)


@pytest.mark.parametrize("pairs", [ARM_PAIRS, LEG_PAIRS])
def test_limbs_whose_names_change_half_way_are_told_by_where_the_others_stand(pairs):
    above = shoot(all_fours, plane_set("right", "right"), pitch=8.0)
    session = judge("plane", _names_change_half_way(above, pairs))
    assert [(r.side, r.counted) for r in session.judge.reps] == [("right", True), ("right", True)]
    assert fault_ids(session) == {"repeated-pair"}


@pytest.mark.parametrize(("pairs", "side"), [(ARM_PAIRS, None), (LEG_PAIRS, "right")])
def test_limbs_whose_names_change_and_that_stand_one_before_the_other_are_nobodys(pairs, side):
    level = shoot(all_fours, plane_set("right", "right"), pitch=0.0)
    session = judge("plane", _names_change_half_way(level, pairs))
    assert [(r.side, r.counted) for r in session.judge.reps] == [(side, True), ("right", True)]
    assert "same-side-pair" not in fault_ids(session)


@pytest.mark.parametrize(("near_seen", "side"), [(0.97, "right"), (0.5, None)])
def test_an_arm_named_the_near_one_and_seen_worse_than_the_far_one_is_nobodys(near_seen, side):
    track = shoot(all_fours, plane_set("right"), far_visibility=0.8)
    image = track.image.copy()
    image[:, JOINT["elbow"]["right"], 3] = near_seen
    (rep,) = judge("plane", replace(track, image=image)).judge.reps
    assert (rep.side, rep.counted) == (side, True)


@pytest.mark.parametrize(("seconds", "listed"), [(0.8, 0), (1.4, 1)])
def test_arm_and_leg_lifted_for_a_moment_are_an_attempt_if_that_could_be_one(seconds, listed):
    assert attempts(lasting(seconds)(None)) == listed


@pytest.mark.parametrize(("seconds", "listed"), [(0.3, 0), (1.5, 1)])
def test_a_hand_at_the_nose_for_a_moment_is_no_attempt(seconds, listed):
    assert attempts(one_arm(70.0, seconds)(None)) == listed


@pytest.mark.parametrize(("elbow", "listed"), [(80.0, 0), (105.0, 0), (115.0, 1), (178.0, 1)])
def test_a_hand_lifted_with_a_bent_elbow_scratches_and_is_no_attempt_however_long(elbow, listed):
    m = Motion(ALL_FOURS).wait(1).to(1, arm_right=-10.0, over_right=elbow - 180.0).wait(4).back(1).wait(1)
    assert attempts(moving(m)(None)) == listed


@pytest.mark.parametrize("every", [1, 2, 3])
def test_fewer_frames_and_other_shares_of_them_give_the_same_list(every):
    track = shoot(all_fours, plane_set("right", "left", hold=4.0), fps=30)
    thin = replace(track, **{n: getattr(track, n)[::every] for n in ("t", "image", "world", "ball")})
    reps = judge("plane", thin).judge.reps
    assert [(r.side, [f.id for f in r.faults]) for r in reps] == [("right", ["short-hold"]), ("left", ["short-hold"])]
    assert [r.hold_s for r in reps] == pytest.approx([4.2, 4.2], abs=0.25)


def test_least_effort_is_the_least_average_of_a_lift():
    e = get_exercise("plane")
    limits = Limits("plane", {**e.limits, "raised_deg": replace(e.limits["raised_deg"], value=10.0)})
    assert [attempts(one_arm(x)(limits)) for x in (24.0, 27.0)] == [0, 1]


@pytest.mark.parametrize("azimuth", [12.0, 20.0])
@pytest.mark.parametrize("facing", ["right", "left"])
@pytest.mark.parametrize("arm", ["right", "left"])
def test_legs_whose_names_are_exchanged_on_the_way_up_are_no_same_side(azimuth, facing, arm):
    t = shoot(all_fours, plane_set(arm), azimuth=azimuth, facing=facing)
    image, world = t.image.copy(), t.world.copy()
    wrong = (t.t >= 2.6) & (t.t < 12.9)
    for x in (image, world):
        for a, b in LEG_PAIRS:
            x[np.ix_(wrong, [a, b])] = x[np.ix_(wrong, [b, a])]
    session = judge("plane", replace(t, image=image, world=world))
    (rep,) = session.judge.reps
    assert rep.counted
    assert rep.side in {arm, None}
    assert fault_ids(session) == set()
