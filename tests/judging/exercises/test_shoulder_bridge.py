"""``shoulder-bridge``: what a known body must and must not be told."""

from dataclasses import replace

import numpy as np
import pytest

from formcheck.sight.pose.landmarks import JOINT, LEG_PAIRS
from formcheck.sight.pose.repair import MAX_SWAP_S

from .cases import Border, Effect, Scene, attempts, counted, fault_ids, holds, in_position, reports
from .stick import BRIDGE, TORSO, Motion, bridge, bridge_set, judge, shoot, with_ball, without


def scene(*legs, facing="right", measured=None, **how):
    return Scene(
        "shoulder-bridge", lambda: shoot(bridge, bridge_set(*(legs or ("right",)), **how), facing=facing), measured
    )


def moving(motion):
    return Scene("shoulder-bridge", lambda: shoot(bridge, motion))


def posture(seconds=3.0, **params):
    """Somebody who stays as they are."""
    return moving(Motion(BRIDGE, **params).wait(seconds))


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
    "least_effort": Effect(GOOD, 5.0, attempts),
    "trunk_deg": Effect(GOOD, -10.0, attempts),
    "trunk_down_deg": Effect(GOOD, 10.0, attempts),
    "thigh_deg": Effect(GOOD, -1.0, attempts),
    "sunk_torso": Effect(GOOD, 0.5, counted),
    "sitting_fraction": Effect(SAGGING, 0.05, attempts),
    "shank_low_deg": Effect(GOOD, 120.0, attempts),
    "shank_high_deg": Effect(GOOD, 60.0, attempts),
    "hips_up_torso": Effect(GOOD, 1.5, attempts),
    "bent_knee_deg": Effect(GOOD, 80.0, attempts),
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


def tilted(pitch):
    """Shoulders above (or below) the hips so that the trunk has this pitch, from the first frame to the last."""
    return posture(shoulder_lift=TORSO * np.tan(np.radians(pitch)))


def sagging(fraction):
    """Hips below the line shoulder-knee by a share of it."""
    return posture(sag=fraction * 0.92)


BORDERS = {
    "least_effort": Border(
        moving(Motion(BRIDGE).wait(1).to(0.6, knee_right=113.5).wait(0.5).back(0.6).wait(1)),
        moving(Motion(BRIDGE).wait(1).to(0.6, knee_right=116.5).wait(0.5).back(0.6).wait(1)),
        attempts,
    ),
    "trunk_deg": Border(tilted(39.0), tilted(41.0), in_position),
    "trunk_down_deg": Border(tilted(-19.0), tilted(-21.0), in_position),
    "thigh_deg": Border(
        posture(thigh_left=-49.0, thigh_right=-49.0, knee_left=60.0, knee_right=60.0),
        posture(thigh_left=-51.0, thigh_right=-51.0, knee_left=60.0, knee_right=60.0),
        in_position,
    ),
    "sitting_fraction": Border(sagging(0.19), sagging(0.21), in_position),
    "straight_deg": Border(scene(knee=154.0), scene(knee=151.0), counted),
    "level_deg": Border(scene(thigh=-13.0), scene(thigh=-16.0), counted),
    "hold_s": Border(scene(hold=0.8, rise=0.3), scene(hold=0.65, rise=0.3), counted),
    "leg_bent_deg": Border(scene(knee=149.0, thigh=10.0), scene(knee=147.0, thigh=10.0), reports("leg-bent")),
    "knee_off_deg": Border(
        scene(start={"knee_left": 108.0, "knee_right": 108.0}),
        scene(start={"knee_left": 110.0, "knee_right": 110.0}),
        reports("knee-angle"),
    ),
    "sag_fraction": Border(scene(start={"sag": 0.04}), scene(start={"sag": 0.047}), reports("hip-sag")),
    "drop_torso": Border(scene(sag=0.07), scene(sag=0.078), reports("hip-drop")),
    "hands_torso": Border(scene(start={"hands": 0.78}), scene(start={"hands": 0.82}), reports("hands-off")),
    "ball_off_torso": Border(
        Scene("shoulder-bridge", lambda: with_ball(GOOD.track, "shoulder", 0.58, 0.5)),
        Scene("shoulder-bridge", lambda: with_ball(GOOD.track, "shoulder", 0.62, 0.5)),
        reports("ball-misplaced"),
    ),
}


@pytest.mark.parametrize("limit", BORDERS)
def test_a_limit_parts_what_lies_just_on_either_side_of_it(limit):
    border = BORDERS[limit]
    assert border.outcome(border.inside(None)) != border.outcome(border.outside(None))


#: Wrong from the first frame to the last.
ALWAYS_WRONG = {
    "hip-sag": {"sag": 0.07},
    "knee-angle": {"knee_left": 125.0, "knee_right": 125.0},
    "hands-off": {"hands": 1.2},
}


@pytest.mark.parametrize("fault", ALWAYS_WRONG)
def test_a_fault_from_the_first_frame_to_the_last_is_told_and_hinders_no_recognition(fault):
    session = scene("right", "left", "right", start=ALWAYS_WRONG[fault], rest=0.2)(None)
    assert [(r.side, r.counted) for r in session.judge.reps] == [("right", True), ("left", True), ("right", True)]
    assert all(fault in {f.id for f in r.faults} for r in session.judge.reps)


@pytest.mark.parametrize(
    ("fault", "wrong"),
    [("leg-low", {"thigh": -25.0}), ("leg-high", {"thigh": 30.0}), ("leg-bent", {"knee": 140.0, "thigh": 20.0})],
)
def test_a_leg_that_is_never_raised_rightly_is_listed_each_time_and_told_why(fault, wrong):
    session = scene("right", "left", "right", rest=0.2, **wrong)(None)
    assert [(r.side, [f.id for f in r.faults]) for r in session.judge.reps] == [
        ("right", [fault]),
        ("left", [fault]),
        ("right", [fault]),
    ]


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


def _drawn_between(track, lo, hi, share):
    """Between two times (s) each leg is drawn a share of the way to the other one."""
    image = track.image.copy()
    when = (track.t >= lo) & (track.t < hi)
    for a, b in LEG_PAIRS:
        left, right = image[when, a, :2].copy(), image[when, b, :2].copy()
        image[when, a, :2], image[when, b, :2] = left + share * (right - left), right + share * (left - right)
    return replace(track, image=image)


@pytest.mark.parametrize("share", [0.35, 0.5, 0.65])
def test_legs_drawn_between_each_other_for_a_moment_are_one_raise_and_break_no_hold(share):
    track = shoot(bridge, bridge_set("right", "left", "right"))
    rep = judge("shoulder-bridge", track).judge.reps[1]
    session = judge("shoulder-bridge", _drawn_between(track, rep.peak_s - 0.4, rep.peak_s + 0.5, share))
    assert [r.verdict for r in session.judge.reps] == ["good"] * 3
    assert [r.hold_s for r in session.judge.reps] == pytest.approx([rep.hold_s] * 3, abs=0.3)
    assert session.judge.reps[1].side in ("left", None)
    assert fault_ids(session) == set()


def _raised_together(facing, raised, seen, wavers):
    """The hidden leg is drawn on the raised one, seen so well; the near one wavers by some degrees, if it does."""
    track = shoot(bridge, bridge_set("right", "left", "right", hold=2.5), facing=facing)
    near = "left" if facing == "right" else "right"
    far = "right" if near == "left" else "left"
    rep = next(r for r in judge("shoulder-bridge", track).judge.reps if r.side == raised)
    image = track.image.copy()
    when = (track.t > rep.start_s + 0.2) & (track.t < rep.end_s - 0.2)
    other = far if raised == near else near
    for joint in ("knee", "ankle"):
        one, copy = (image[:, JOINT[joint][s]] for s in (raised, other))
        copy[when, :2] = (0.75 * one + 0.25 * copy)[when, :2]
    shaking = wavers * np.sin(2 * np.pi * 1.2 * track.t[when])
    image[when, JOINT["ankle"][near], 1] += shaking
    image[when, JOINT["ankle"][far], 3] = seen
    session = judge("shoulder-bridge", replace(track, image=image))
    return [r for r in session.judge.reps if r.start_s < rep.peak_s < r.end_s], session


@pytest.mark.parametrize("facing", ["right", "left"])
def test_where_both_legs_are_drawn_raised_the_near_one_was_if_it_is_steady_and_hides_the_other(facing):
    near, far = ("left", "right") if facing == "right" else ("right", "left")
    for raised, seen, wavers, told in (
        (near, 0.35, 0.0, near),
        (far, 0.85, 12.0, far),
        (near, 0.85, 0.0, None),
        (far, 0.35, 12.0, None),
    ):
        (rep,), session = _raised_together(facing, raised, seen, wavers)
        assert rep.side == told
        assert "same-side" not in fault_ids(session)


def test_who_changes_legs_without_a_rest_and_sinks_a_little_each_time_is_counted():
    m = Motion(BRIDGE).wait(0.1)
    for k, leg in enumerate(("right", "left", "right", "left")):
        m.to(0.9, **{f"knee_{leg}": 178.0}, sag=0.003 * k).wait(1.4).to(0.8, **{f"knee_{leg}": 94.0})
    session = moving(m.wait(0.3))(None)
    assert [(r.side, r.verdict) for r in session.judge.reps] == [
        (s, "good") for s in ("right", "left", "right", "left")
    ]


def test_what_was_under_way_at_the_first_and_last_frame_counts_nothing_and_has_no_fault():
    track = CHANGING.track
    part = (track.t > 3.0) & (track.t < 8.0)
    cut = replace(track, **{n: getattr(track, n)[part] for n in ("t", "image", "world", "ball")})
    session = judge("shoulder-bridge", cut)
    assert [r for r in session.judge.reps if r.cut is None] == []
    assert fault_ids(session) == set()


def test_an_unseen_second_in_a_hold_breaks_it_not():
    track = scene(hold=3.0).track
    (rep,) = judge("shoulder-bridge", without(track, 3.2, 4.6)).judge.reps
    assert (rep.verdict, rep.hold_s) == ("good", pytest.approx(3.7, abs=0.3))


def test_the_same_leg_after_a_raise_that_did_not_count_is_a_fault_only_where_it_does_not_count_either():
    def told(*holds_):
        m = Motion(BRIDGE).wait(1)
        for hold in holds_:
            m.to(0.6, knee_right=178.0).wait(hold).to(0.6, knee_right=94.0).wait(0.4)
        return [(r.counted, "same-side" in {f.id for f in r.faults}) for r in moving(m)(None).judge.reps]

    assert told(0.0, 1.6) == [(False, False), (True, False)]
    assert told(0.0, 0.0) == [(False, False), (False, True)]
    assert told(1.6, 0.0) == [(True, False), (False, True)]
    assert told(1.6, 1.6) == [(True, False), (True, True)]


@pytest.mark.parametrize(("hold", "reps"), [(0.0, 0), (1.6, 1)])
def test_who_sits_up_out_of_a_raise_has_done_it_if_it_was_held(hold, reps):
    m = Motion(BRIDGE).wait(1).to(0.6, knee_right=178.0).wait(hold).to(0.5, sag=0.4, shoulder_lift=0.4).wait(1.5)
    assert counted(moving(m)(None)) == attempts(moving(m)(None)) == reps


@pytest.mark.parametrize(("seconds", "listed"), [(0.4, 0), (0.8, 1)])
def test_a_leg_that_flies_out_for_a_moment_was_drawn_wrongly(seconds, listed):
    m = Motion(BRIDGE).wait(1).to(seconds / 2, knee_right=178.0).to(seconds / 2, knee_right=94.0).wait(1)
    assert attempts(moving(m)(None)) == listed


def test_sitting_down_on_the_ball_and_lying_back_is_no_sagging():
    m = Motion(BRIDGE, sag=0.36, shoulder_lift=0.05).wait(1).to(1.2, sag=0.0, shoulder_lift=0.0).wait(0.8)
    m.to(0.8, knee_right=178.0).wait(1.5).to(0.8, knee_right=94.0).wait(1)
    session = moving(m)(None)
    assert [r.verdict for r in session.judge.reps] == ["good"]
    assert fault_ids(session) == set()


def test_hips_that_sink_before_the_raise_and_stay_down_do_not_drop_with_it():
    m = (
        Motion(BRIDGE)
        .wait(1.5)
        .to(0.6, sag=0.08)
        .to(0.8, knee_right=178.0)
        .wait(1.6)
        .to(0.8, knee_right=94.0)
        .wait(1.5)
    )
    assert fault_ids(moving(m)(None)) == {"hip-sag"}


@pytest.mark.parametrize("every", [1, 2, 3])
def test_fewer_frames_give_the_same_list(every):
    track = shoot(bridge, bridge_set("right", "left", "left", hold=1.4), fps=30)
    thin = replace(track, **{n: getattr(track, n)[::every] for n in ("t", "image", "world", "ball")})
    reps = judge("shoulder-bridge", thin).judge.reps
    assert [(r.side, [f.id for f in r.faults]) for r in reps] == [("right", []), ("left", []), ("left", ["same-side"])]


@pytest.mark.parametrize(("hold", "fault"), [(0.0, "short-hold"), (1.2, "leg-low")])
def test_a_low_leg_that_turns_back_at_once_was_not_held(hold, fault):
    session = scene("right", "left", hold=hold, rise=0.5, thigh=-25.0)()
    assert {f.id for r in session.judge.reps for f in r.faults} == {fault}
    assert not any(r.counted for r in session.judge.reps)
    assert len(session.judge.reps) == 2


@pytest.mark.parametrize(("sway", "fault"), [(0.0, "leg-low"), (30.0, None)])
def test_a_raised_leg_that_is_drawn_now_here_now_there_has_no_fault_of_its_hold(sway, fault):
    m = Motion(BRIDGE).wait(1.5).to(0.8, thigh_left=-25.0, knee_left=178.0)
    for _ in range(4):
        m.to(0.2, knee_left=178.0 - sway).to(0.2, knee_left=178.0)
    m.back(0.8).wait(1.5)
    (rep,) = moving(m)().judge.reps
    assert not rep.counted
    assert [f.id for f in rep.faults] == ([fault] if fault else [])
    assert ("could not be followed" in rep.why) is (fault is None)
