"""The numbers inside the exercises' modules, that are no limits: what is read just on either side of each.

They stand here a second time, on purpose: one that is moved, or a comparison turned round, parts other values.
"""

from __future__ import annotations

from math import isnan, nan

import numpy as np
import pytest

from formcheck.judging.exercises import get_exercise
from formcheck.judging.exercises.ball_kneel import sway
from formcheck.judging.exercises.ball_warmup import from_still_foot, turning
from formcheck.judging.exercises.ball_warmup import slope as slope_of
from formcheck.judging.exercises.heel_bridge import lifted_legs, roll_seconds
from formcheck.judging.exercises.plane import _other_arm
from formcheck.judging.exercises.shoulder_bridge import _hip_drop, _wavers
from formcheck.judging.exercises.side_lift import _hand_in_front, _high, _side, _told
from formcheck.judging.exercises.side_plank import _rested_s
from formcheck.judging.exercises.toe_squat import _moved
from formcheck.judging.measure import Body
from formcheck.judging.rules.exercise import Attempt
from formcheck.judging.rules.records import Rep
from formcheck.judging.session.ball_watch import could_be_seen
from formcheck.sight.pose.landmarks import JOINT
from formcheck.sight.pose.types import Track

from . import figures, figures2, stick

T = np.arange(0.0, 10.0, 0.01)


def attempt(*, start=1.0, peak=5.0, end=9.0, rest=None, after=None, effort=None, t=T, **signals) -> Attempt:
    """An attempt whose signals are known, (k,) arrays or single values."""
    values = {k: np.broadcast_to(np.asarray(v, float), t.shape).copy() for k, v in signals.items()}
    e = np.zeros(len(t)) if effort is None else effort
    return Attempt(t, values, e, start, peak, end, 0.0, None, {"effort": 0.0, **(rest or {})}, True, after=after or {})


def for_share(share, on=1.0, off=0.0, lo=1.0, hi=9.0):
    """One value for the first share of the time from *lo* to *hi*, and before it; another one then."""
    return np.where(lo + share * (hi - lo) > T, on, off)


def rep(side, end=0.0) -> Rep:
    return Rep(1, side, end - 2.0, end - 1.0, end, 1.0, True, None)


def read(exercise: str, track: Track, **more) -> dict[str, float]:
    """What the signals of an exercise read on the first picture of a track."""
    body = Body(track.t, track.image, track.world, track.size, track.ball, **more)
    with np.errstate(invalid="ignore", divide="ignore"):
        return {k: float(v[0]) for k, v in get_exercise(exercise).signals(body).items()}


def known(v: float) -> bool:
    return not isnan(v)


# ---- plane -----------------------------------------------------------------------------------------------------------
def on_all_fours(**params) -> Track:
    t = np.array([0.0, 0.1])
    return stick.film(stick.all_fours, stick.Motion(stick.ALL_FOURS, **params).sample(t), t, pitch=0.0)


@pytest.mark.parametrize(("lower", "told"), [(19.0, True), (21.0, False)])
def test_in_a_plane_two_raised_thighs_are_drawn_between_each_other(lower, told):
    got = read("plane", on_all_fours(leg_left=-90.0 + lower, leg_right=-30.0))
    assert [known(got[k]) for k in ("leg_up", "leg_level", "raised_knee", "support_thigh")] == [told] * 4
    assert known(got["arm_up"]) and known(got["support_knee"])


@pytest.mark.parametrize(("knee", "level"), [(154.0, 3.2), (156.0, 3.2 + 12.0)])
def test_in_a_plane_a_bent_leg_is_as_high_as_its_thigh_and_a_straight_one_as_its_foot(knee, level):
    got = read("plane", on_all_fours(leg_left=-6.0, knee_left=knee))
    assert got["leg_level"] == pytest.approx(level, abs=0.1)


@pytest.mark.parametrize(("room", "seen"), [(104.0, False), (106.0, True)])
@pytest.mark.parametrize("facing", ["right", "left"])
def test_in_a_plane_an_arm_is_judged_where_there_is_room_for_it_in_the_picture(room, seen, facing):
    t = np.array([0.0, 0.1])
    motion = stick.Motion(stick.ALL_FOURS, arm_right=0.0, leg_left=-6.0, knee_left=178.0)
    track = stick.film(stick.all_fours, motion.sample(t), t, pitch=0.0, facing=facing)
    shoulder = float(track.image[0, JOINT["shoulder"]["right"], 0])
    image = track.image.copy()
    # The trunk is 100 px long: the picture ends so far from the shoulder.
    image[..., 0] += 960.0 - shoulder - room if facing == "right" else room - shoulder
    got = read("plane", track.with_poses(image, track.world))
    assert known(got["arm_level"]) is seen
    assert known(got["arm_raise_right"]), "an arm that is seen is up or down all the same"


def test_in_a_plane_the_arm_opposite_to_the_raised_leg_was_raised_where_the_other_one_stood():
    for leg, other in (("left", "right"), ("right", "left")):
        a = attempt(arm_raise_left=5.0, arm_raise_right=5.0)
        assert _other_arm(a, leg, 35.0) == other
        assert _other_arm(attempt(**{f"arm_raise_{leg}": 36.0}), leg, 35.0) is None
        assert _other_arm(attempt(**{f"arm_raise_{leg}": 34.0}), leg, 35.0) == other
        assert _other_arm(attempt(**{f"arm_raise_{leg}": nan}), leg, 35.0) is None
    assert _other_arm(attempt(arm_raise_left=5.0, arm_raise_right=5.0), None, 35.0) is None


# ---- shoulder-bridge -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("by", "wavers"), [(0.28, False), (0.32, True)])
def test_in_a_shoulder_bridge_a_leg_wavers_that_opens_and_closes_faster_than_any_leg(by, wavers):
    # Opening for four seconds, closing for four: a steady speed either way.
    open_right = 1.0 + by * np.abs(T % 8.0 - 4.0)
    a = attempt(open_right=open_right, open_left=0.0)
    assert _wavers(a, "right", (4.5, 7.0)) is _wavers(a, "right", (1.0, 3.0)) is wavers
    assert not _wavers(a, "left", (4.5, 7.0)) and not _wavers(a, None, (4.5, 7.0))


@pytest.mark.parametrize(("moves_s", "wavers"), [(0.14, False), (0.4, True)])
def test_in_a_shoulder_bridge_the_first_and_last_moments_up_there_are_left_out(moves_s, wavers):
    # Quick until so long after the top began, and from so long before it ended on.
    off = np.minimum(np.abs(T - 3.0), np.abs(T - 5.0))
    quick = np.where((T > 3.0) & (T < 5.0), np.clip(moves_s - off, 0.0, None), 0.0)
    assert _wavers(attempt(open_right=20.0 * quick), "right", (3.0, 5.0)) is wavers


def test_in_a_shoulder_bridge_the_hips_drop_against_the_nearer_of_the_rests_before_and_after():
    def drop(before, up, after):
        y = np.where(T < 1.15, before, np.where(T > 8.85, after, up))
        return _hip_drop(attempt(hip_y=y, rest={"torso_px": 100.0}))

    assert drop(300.0, 320.0, 300.0) == pytest.approx(0.2)
    assert drop(300.0, 320.0, 315.0) == pytest.approx(0.05)
    assert drop(310.0, 320.0, 290.0) == pytest.approx(0.1)
    assert drop(nan, 320.0, 300.0) == pytest.approx(0.2)
    assert isnan(drop(nan, 320.0, nan))


def bridged(**params) -> Track:
    t = np.array([0.0, 0.1])
    return stick.film(stick.bridge, stick.Motion(stick.BRIDGE, **params).sample(t), t, pitch=0.0)


@pytest.mark.parametrize(("knee", "told"), [(62.0, True), (58.0, False)])
def test_in_a_shoulder_bridge_a_knee_that_is_folded_carries_nothing(knee, told):
    assert known(read("shoulder-bridge", bridged(knee_left=knee, knee_right=knee))["sag"]) is told


def test_in_a_shoulder_bridge_two_open_legs_that_are_not_straight_are_drawn_between_each_other():
    # Open by right angles of the knee, plus the height of the ankle over the hips in trunk lengths: 0.85 of the lower.
    clear, mixed = (bridged(knee_right=140.0, knee_left=k, thigh_left=10.0, thigh_right=10.0) for k in (115.0, 121.0))
    assert read("shoulder-bridge", clear)["open_left"] < 0.85 < read("shoulder-bridge", mixed)["open_left"]
    for track, told in ((clear, True), (mixed, False)):
        got = read("shoulder-bridge", track)
        assert [known(got[k]) for k in ("working_knee", "working_level", "support_knee")] == [told] * 3
    # One of them straight is up whatever the other does.
    assert known(
        read("shoulder-bridge", bridged(knee_right=154.0, knee_left=121.0, thigh_left=10.0, thigh_right=10.0))[
            "working_knee"
        ]
    )


# ---- heel-bridge -----------------------------------------------------------------------------------------------------
def roll(seconds, start=1.0, **how):
    """A roll up from 1 s on at an even speed for so long, and down again as quickly from 11 s on."""
    t = np.arange(0.0, 18.0, 0.01)
    effort = 15.0 * np.interp(t, [1.0, 1.0 + seconds, 11.0, 11.0 + seconds], [0.0, 1.0, 1.0, 0.0])
    return roll_seconds(attempt(t=t, effort=effort, start=start, peak=8.0, end=11.0 + seconds, **how))


@pytest.mark.parametrize(("seconds", "told"), [(1.0, 0.74 / 0.47), (1.6, 2.3), (4.0, 4 * 0.74 / 0.6)])
def test_a_quick_heel_bridge_is_timed_as_a_swing_and_a_slow_one_as_even(seconds, told):
    # From 6 % to 80 % of the way: 0.74 of the time of an even roll.
    assert roll(seconds) == (pytest.approx(told, rel=0.005), pytest.approx(told, rel=0.005))


@pytest.mark.parametrize(("late_s", "whole"), [(0.7, True), (0.85, False)])
def test_the_roll_of_a_heel_bridge_is_looked_for_from_half_a_second_before(late_s, whole):
    # At 6 % of the way it is at 1.24 s.
    up, _ = roll(4.0, start=1.0 + late_s)
    assert up == pytest.approx(4 * 0.74 / 0.6, rel=0.005) if whole else isnan(up)


def test_the_way_down_of_a_heel_bridge_ends_at_the_rest_after_it():
    t = np.arange(0.0, 18.0, 0.01)
    effort = np.interp(t, [1.0, 5.0, 11.0, 15.0], [0.0, 15.0, 15.0, 5.0])
    a = attempt(t=t, effort=effort, peak=8.0, end=15.0, rest={"effort": 2.0}, after={"effort": 7.0})
    assert roll_seconds(a)[1] == pytest.approx(4 * 0.74 / 0.6, rel=0.005)
    assert isnan(roll_seconds(attempt(t=t, effort=effort, peak=8.0, end=15.0))[1]), "it never came down to that rest"


@pytest.mark.parametrize(("yaw", "seen"), [(71.0, True), (73.0, False)])
def test_a_heel_bridge_seen_squarely_from_the_side_says_nothing_of_the_feet(yaw, seen):
    t = figures.clock(0.2)
    for azimuth in (yaw, -yaw):
        track = figures.film(t, figures.supine(len(t), trunk=np.full(len(t), 5.0)), azimuth)
        assert known(read("heel-bridge", track)["feet_gap"]) is seen


def lifts(*pulses, rest=0.0):
    """Legs lifted (+ the right one, - the left one) by so much between two times."""
    limits = get_exercise("heel-bridge").in_force
    lift = np.zeros(len(T)) + rest
    for lo, hi, x in pulses:
        lift[(lo - 1e-6 <= T) & (hi + 1e-6 >= T)] = x + rest
    return lifted_legs(attempt(lift=lift, rest={"lift": rest}), limits)


@pytest.mark.parametrize(("seconds", "told"), [(0.14, []), (0.16, ["right"])])
def test_in_a_heel_bridge_a_lifted_foot_stays_up_for_a_moment(seconds, told):
    assert lifts((3.0, 3.0 + seconds, 0.5)) == told


@pytest.mark.parametrize(("seconds", "told"), [(0.14, ["left"]), (0.17, ["left", "left"])])
def test_in_a_heel_bridge_a_lifted_foot_is_down_again_when_it_stays_there_for_a_moment(seconds, told):
    assert lifts((3.0, 3.99, -0.5), (4.0 + seconds, 5.0, -0.5)) == told


def test_in_a_heel_bridge_lifts_are_told_in_order_against_the_rest_and_within_the_cycle():
    assert lifts((5.0, 6.0, -0.5), (3.0, 4.0, 0.5), rest=0.1) == ["right", "left"]
    assert lifts((3.0, 4.0, 0.21), rest=0.3) == [] and lifts((3.0, 4.0, 0.23), rest=-0.3) == ["right"]
    assert lifts((0.1, 0.9, 0.5), (9.1, 9.9, -0.5)) == []


def hidden(lift, unseen, limits):
    """Which legs were lifted, where a lift went up and down as *lift* by *T* and was not seen for a time."""
    seen = np.where((unseen[0] < T) & (unseen[1] > T), nan, lift)
    return lifted_legs(attempt(lift=seen, rest={"lift": 0.0}), limits)


def test_in_a_heel_bridge_a_lift_is_told_that_was_hidden_but_for_its_ends():
    limits = get_exercise("heel-bridge").in_force
    wave = np.where((T > 3.0) & (T < 4.5), np.sin(np.pi * (T - 3.0) / 1.5), 0.0)
    high = -0.6 * wave
    assert hidden(high, (3.15, 4.3), limits) == ["left"]
    assert hidden(-high, (3.15, 4.3), limits) == ["right"]
    # As far as it was up when it was lost sight of: half of what makes a lift, or less; and unseen for too long.
    assert hidden(-0.21 * wave, (3.45, 4.05), limits) == ["left"]
    assert hidden(-0.11 * wave, (3.6, 3.9), limits) == []
    assert hidden(high, (2.9, 4.6), limits) == []
    # Lost on the way up and found at rest, or the other way round.
    assert hidden(high, (3.15, 4.6), limits) == [] and hidden(high, (2.9, 4.3), limits) == []


# ---- side-lift -------------------------------------------------------------------------------------------------------
def lying(**params) -> Track:
    t = figures.clock(0.2)
    return figures.film(t, figures2.side_lying(len(t), params), figures.FRONT)


@pytest.mark.parametrize("roll", [-9.0, 9.0])
def test_in_a_side_lift_a_tilted_camera_props_nobody_up(roll):
    track = lying()
    level = read("side-lift", track)
    c, s = np.cos(np.radians(roll)), np.sin(np.radians(roll))
    image = track.image.copy()
    image[..., :2] = (image[..., :2] - 300.0) @ np.array([[c, s], [-s, c]]) + 300.0
    tilted = read("side-lift", track.with_poses(image, track.world))
    assert tilted["propped"] == pytest.approx(level["propped"], abs=0.03)
    # Over the hand alone it reads as much more or less as the camera is tilted.
    assert abs(tilted["shoulder_height"] - level["shoulder_height"]) > 0.1


@pytest.mark.parametrize(("breadth", "told"), [(0.29, False), (0.31, True)])
def test_in_a_side_lift_the_sides_are_told_by_shoulders_that_are_apart(breadth, told):
    track = lying()
    world = track.world.copy()
    left, right = (world[:, JOINT["shoulder"][s], :3] for s in ("left", "right"))
    hips = (world[:, JOINT["hip"]["left"], :3] + world[:, JOINT["hip"]["right"], :3]) / 2
    middle, across = (left + right) / 2, (left - right) / np.linalg.norm(left - right, axis=1)[:, None]
    trunk = np.linalg.norm(middle - hips, axis=1)[:, None]
    for side, sign in (("left", 0.5), ("right", -0.5)):
        world[:, JOINT["shoulder"][side], :3] = middle + sign * breadth * trunk * across
    got = read("side-lift", track.with_poses(track.image, world))
    assert got["sides_told"] == float(told)
    assert [known(got[k]) for k in ("right_down", "ankle_gap", "hip_roll", "shoulder_rise")] == [told] * 4


@pytest.mark.parametrize(("nearer", "below", "front"), [(0.41, 0.21, True), (0.39, 0.21, False), (0.41, 0.19, False)])
def test_in_a_side_lift_a_hand_before_the_belly_is_nearer_and_lower_than_the_shoulders(nearer, below, front):
    track = lying()
    image = track.image.copy()
    body = Body(track.t, image, track.world, track.size)
    torso = float(body.torso[0])
    shoulders = (image[:, JOINT["shoulder"]["left"]] + image[:, JOINT["shoulder"]["right"]]) / 2
    image[:, JOINT["wrist"]["left"], 1] = shoulders[:, 1] + below * torso
    image[:, JOINT["wrist"]["left"], 2] = shoulders[:, 2] - nearer * torso
    found = Body(track.t, image, track.world, track.size)
    left = np.zeros(len(track.t), bool)
    assert _hand_in_front(found, left).tolist() == [front] * len(left)
    image[:, JOINT["elbow"]["left"], 3] = 0.1
    assert not _hand_in_front(Body(track.t, image, track.world, track.size), left).any(), "an arm that is hidden"


def side(*, hand=0.0, told=1.0, right=1.0, head_right=1.0, before=()):
    """The side lain on, by shares of the time: the hand seen in front, sides told apart, the right one down."""
    votes = np.where(np.isnan(for_share(told, 1.0, nan, 0.0)), nan, for_share(told * right, 1.0, 0.0, 0.0))
    a = attempt(
        hand_front=for_share(hand, lo=0.0), sides_told=for_share(told, lo=0.0), right_down=votes, head_right=head_right
    )
    return _side(a, list(before))


@pytest.mark.parametrize(("hand", "told"), [(0.59, "right"), (0.61, "left")])
def test_in_a_side_lift_the_hand_seen_in_front_tells_the_side(hand, told):
    # With the head to the right of the picture and the belly to the camera it is the left one, whatever the names say.
    assert side(hand=hand) == told
    assert side(hand=0.7, head_right=0.0, right=0.0) == "right"


@pytest.mark.parametrize(("right", "told"), [(0.81, "right"), (0.79, None), (0.21, None), (0.19, "left")])
def test_in_a_side_lift_names_must_be_of_one_mind(right, told):
    assert side(right=right) == told


@pytest.mark.parametrize(("clear", "told"), [(0.81, "right"), (0.79, "left"), (0.41, "left")])
def test_in_a_side_lift_names_that_are_less_clear_are_not_believed_against_the_lift_before(clear, told):
    assert side(told=clear, before=[rep("left")]) == told


@pytest.mark.parametrize(("clear", "told"), [(0.41, "right"), (0.39, None)])
def test_in_a_side_lift_names_that_are_hardly_clear_are_not_believed_at_all(clear, told):
    assert side(told=clear) == told
    assert side(told=clear, before=[rep(None)]) == told


@pytest.mark.parametrize(("since", "told"), [(4.9, "left"), (5.1, "right")])
def test_in_a_side_lift_nobody_turns_over_within_five_seconds(since, told):
    assert side(told=0.5, before=[rep("right", -9.0), rep("left", 1.0 - since)]) == told


def test_in_a_side_lift_a_height_is_the_one_kept_for_a_tenth_of_the_time():
    assert _high(np.concatenate([np.zeros(85), np.ones(15)])) == 1.0
    assert _high(np.concatenate([np.zeros(95), np.ones(5)])) == 0.0
    assert isnan(_high(np.array([])))
    assert _told(attempt(sides_told=for_share(0.5, lo=0.0))) == pytest.approx(0.5, abs=0.01)


# ---- ball-kneel ------------------------------------------------------------------------------------------------------
def kneeling(turn, **params) -> dict[str, float]:
    t = figures.clock(0.2)
    return read("ball-kneel", figures.film(t, figures2.ball_kneeling(len(t), params), turn))


@pytest.mark.parametrize("across", [-300.0, 0.0, 300.0])
@pytest.mark.parametrize("turn", [90.0, -90.0])
def test_in_a_ball_kneel_the_head_drops_forward_wherever_in_the_picture_and_whichever_way_it_faces(turn, across):
    t = figures.clock(0.2)
    read_at = []
    for head in (0.0, 30.0):
        track = figures.film(t, figures2.ball_kneeling(len(t), {"head": head}), turn)
        image = track.image.copy()
        image[..., 0] += across
        read_at.append(read("ball-kneel", track.with_poses(image, track.world))["head"])
    assert read_at[0] == pytest.approx(0.0, abs=1.0) and read_at[1] == pytest.approx(-30.0, abs=1.0)


@pytest.mark.parametrize("turn", [30.0, 48.5])
def test_half_from_the_front_a_ball_kneel_leans_as_it_does_in_space(turn):
    assert kneeling(turn, lean=30.0)["lean"] == pytest.approx(30.0, abs=0.1)


@pytest.mark.parametrize(
    ("turn", "share"), [(49.5, 0.03), (53.0, 0.25), (57.0, 0.5), (61.0, 0.75), (64.5, 0.97), (70.0, 1.0)]
)
def test_nearly_from_the_side_a_ball_kneel_is_measured_by_the_picture_the_more_the_more_it_is_turned(turn, share):
    # In the picture the lean is shortened by the turn.
    picture = np.degrees(np.arctan(np.tan(np.radians(30.0)) * np.sin(np.radians(turn))))
    got = kneeling(turn, lean=30.0)["lean"]
    assert got == pytest.approx(share * picture + (1 - share) * 30.0, abs=0.15)


@pytest.mark.parametrize(("off_s", "free"), [(1.9, (1.1, 8.9)), (2.1, (3.0, 7.0))])
def test_in_a_ball_kneel_the_hands_leave_the_ball_within_two_seconds_of_the_trunk_rising(off_s, free):
    exercise = get_exercise("ball-kneel")
    # Raised from 3 to 7 s; the hands leave and touch the ball so long before and after that.
    hands = np.where((3.0 - off_s < T) & (7.0 + off_s > T), 1.0, 0.0)
    a = attempt(start=3.0, end=7.0, hands=hands, lower_foot=0.0, rest={"hands": 0.0}, after={"hands": 0.0})
    start, end, by_foot = exercise._free(a, exercise.in_force)
    assert (start, end) == pytest.approx(free, abs=0.02) and not by_foot


@pytest.mark.parametrize(
    ("down_s", "end", "by_foot"), [((7.0, 99.0), 7.0, True), ((4.0, 5.0), 9.0, False), ((8.995, 99.0), 9.0, False)]
)
def test_in_a_ball_kneel_a_foot_that_stays_on_the_floor_ends_the_try(down_s, end, by_foot):
    exercise = get_exercise("ball-kneel")
    foot = np.where((down_s[0] <= T) & (down_s[1] > T), 0.5, 0.0)
    hands = np.where((T > 1.0) & (T < 9.0), 1.0, 0.0)
    a = attempt(start=2.0, end=8.0, hands=hands, lower_foot=foot, rest={"hands": 0.0}, after={"hands": 0.0})
    got = exercise._free(a, exercise.in_force)
    assert got[1] == pytest.approx(end, abs=0.02) and got[2] is by_foot


def test_how_much_a_ball_kneel_sways_is_told_in_trunk_lengths():
    x = 300.0 + 11.0 * np.sign(np.sin(2 * np.pi * T))
    a = attempt(hip_x_px=x, hip_y_px=200.0, torso_px=110.0)
    upright = (T > 2.0) & (T < 4.0)
    rms, path = sway(a, upright)
    assert rms == pytest.approx(0.1, abs=0.001)
    # Three changes of 22 px within two seconds.
    assert path == pytest.approx(0.6, abs=0.001)
    # The way is not that between two times upright.
    assert sway(a, upright & (np.abs(T - 3.0) > 0.02))[1] == pytest.approx(0.4, abs=0.001)
    assert all(isnan(v) for v in sway(a, np.arange(len(T)) < 2))


# ---- ball-warmup -----------------------------------------------------------------------------------------------------
def circle(yaw, *, lag=0.0, depth=0.1):
    """Share of a circle gone round, of hips that go round in the picture and in depth, and knees that lag behind."""
    a = np.linspace(0.0, 2 * np.pi, 400)
    across = 0.1 * np.cos(a)
    v = {"hip_across": across, "hip_depth": depth * np.sin(a), "knee_across": 0.1 * np.cos(a - lag)}
    return float(turning({**v, "yaw": np.full(len(a), yaw)})[-1])


def test_in_a_ball_warmup_only_the_depth_tells_a_circle_from_the_front_and_from_the_side():
    for yaw in (0.0, 7.9, -7.9, 82.1, 90.0):
        assert circle(yaw, lag=1.0) == pytest.approx(np.pi / 4, abs=0.01)
        assert circle(yaw, lag=1.0, depth=-0.1) == pytest.approx(-np.pi / 4, abs=0.01)
        assert circle(yaw, lag=1.0, depth=0.0) == pytest.approx(0.0, abs=0.01)


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(("yaw", "sure"), [(14.0, 0.5), (20.0, 1.0), (45.0, 1.0), (70.0, 1.0), (76.0, 0.5)])
def test_in_a_ball_warmup_knees_that_lag_behind_tell_a_circle_half_from_the_front(yaw, sure, sign):
    # A quarter of a turn behind: hips and knees go round as fully as hips and depth do.
    flat = circle(sign * yaw, lag=np.pi / 2, depth=0.0)
    assert flat == pytest.approx(-sign * sure * np.pi / 4 / (1 + 0.5 * sure), abs=0.01)
    both = circle(sign * yaw, lag=np.pi / 2, depth=-sign * 0.1)
    assert both == pytest.approx(-sign * (1 + sure) * np.pi / 4 / (1 + 0.5 * sure), abs=0.01)


def test_in_a_ball_warmup_what_moves_by_next_to_nothing_tells_no_circle():
    a = np.linspace(0.0, 2 * np.pi, 400)
    v = {"hip_across": 0.1 * np.cos(a), "knee_across": 0.02 * np.sin(a), "hip_depth": np.zeros(400)}
    # Its way is 0.04, and counts as 0.08.
    got = float(turning({**v, "yaw": np.full(400, -45.0)})[-1])
    assert got == pytest.approx(np.pi / 8 / 1.5, abs=0.01)


@pytest.mark.parametrize(
    ("left", "right", "moved"), [(0.3, 0.1, 0.5), (0.1, 0.3, -0.5), (0.3, 0.3, 0.0), (0.1, 0.1, 0.0)]
)
def test_in_a_ball_warmup_ways_are_measured_from_the_foot_that_stays(left, right, moved):
    # The left foot is 110 px, a trunk length, to the right of the other.
    a = attempt(foot_x_px_left=310.0, foot_x_px_right=200.0, torso_px=110.0)
    assert from_still_foot(a, {"left": left, "right": right}, 0.22) == pytest.approx(moved)


def test_in_a_ball_warmup_a_slope_is_that_of_what_is_known():
    x = np.array([0.0, 1.0, nan, 3.0, 4.0])
    assert slope_of(x, 2.0 * x + 5.0) == pytest.approx(2.0)
    assert slope_of(x[:3], x[:3]) == 0.0 and slope_of(np.ones(5), x) == 0.0
    assert slope_of(x[:4], np.array([0.0, 1.0, 2.0, 3.0])) == pytest.approx(1.0)


@pytest.mark.parametrize(("share", "seated"), [(0.79, False), (0.81, True)])
def test_in_a_ball_warmup_the_body_is_seen_in_the_seat_for_most_of_a_cycle(share, seated):
    exercise = get_exercise("ball-warmup")
    a = attempt(hip_over_foot=for_share(share, 1.0, nan), torso_px=110.0)
    path = {"hip_across": np.linspace(0.0, 0.3, 50), "knee_across": np.linspace(0.0, 0.3, 50)}
    assert exercise._seated(a, path, exercise.in_force) is seated


@pytest.mark.parametrize(
    ("bob", "way", "seated"),
    [
        (0.24, 1.0, True),
        (0.26, 1.0, False),
        (0.15, 0.2, True),
        (0.17, 0.2, False),
        (0.047, 0.01, True),
        (0.049, 0.01, False),
    ],
    ids=["low", "high", "less than its way", "as much as its way", "little", "of no way"],
)
def test_in_a_ball_warmup_hips_that_rise_and_sink_do_not_roll_on_a_ball(bob, way, seated):
    exercise = get_exercise("ball-warmup")
    up = np.where(np.arange(len(T)) % 2 == 0, 1.0, 1.0 + bob)
    a = attempt(hip_over_foot=up, torso_px=110.0)
    side = way / np.sqrt(2)
    path = {k: np.where(np.arange(50) % 2 == 0, 0.0, side) for k in ("hip_across", "knee_across")}
    assert exercise._seated(a, path, exercise.in_force) is seated


@pytest.mark.parametrize(("yaw", "share"), [(20.0, 0.4), (23.0, 0.4), (24.5, 0.4147), (45.0, 0.7071), (72.0, 0.9511)])
def test_in_a_ball_warmup_ways_are_as_long_as_they_are_in_space(yaw, share):
    # Forward and back: of what the hips and shoulders do the turn of the body shows a share, of which 0.4 is believed.
    exercise = get_exercise("ball-warmup")
    swing = 0.1 * np.sin(2 * np.pi * T / 4.0)
    still = {f"foot_{axis}_px_{s}": 300.0 for axis in "xy" for s in ("left", "right")}
    a = attempt(
        hip_across=swing, knee_across=swing, shoulder_across=0.4 * swing, hip_depth=0.0, yaw=yaw, torso_px=110.0,
        hip_over_foot=1.0, shoulder_tilt=0.0, hip_over_ball=swing, ball_across=0.5 * swing, **still,
    )  # fmt: skip
    out = exercise.judged(a, exercise.in_force, [])
    assert out.block == "tilt"
    shown = float(np.percentile(swing, 97) - np.percentile(swing, 3))
    assert out.measures["travel"] == pytest.approx(shown / share, rel=0.01)
    assert out.measures["shoulder_travel"] == pytest.approx(0.4 * shown / share, rel=0.01)
    assert out.measures["shoulder_ratio"] == pytest.approx(0.4, rel=0.01)
    assert (out.measures["over_ball"], out.measures["ball_travel"]) == pytest.approx((shown, shown / 2), rel=0.01)


@pytest.mark.parametrize(("yaw", "share"), [(20.0, 0.9397), (45.0, 0.7071), (65.5, 0.4147), (68.0, 0.4), (70.0, 0.4)])
def test_in_a_ball_warmup_ways_to_the_side_are_as_long_as_they_are_in_space(yaw, share):
    exercise = get_exercise("ball-warmup")
    swing = 0.1 * np.sin(2 * np.pi * T / 4.0)
    still = {f"foot_{axis}_px_{s}": 300.0 for axis in "xy" for s in ("left", "right")}
    a = attempt(
        hip_across=swing, knee_across=0.3 * swing, shoulder_across=0.4 * swing, hip_depth=0.0, yaw=yaw, torso_px=110.0,
        hip_over_foot=1.0, shoulder_tilt=swing, hip_over_ball=swing, ball_across=swing, **still,
    )  # fmt: skip
    out = exercise.judged(a, exercise.in_force, [])
    assert out.block == "sideways"
    shown = float(np.percentile(swing, 97) - np.percentile(swing, 3))
    assert out.measures["travel"] == pytest.approx(shown / share, rel=0.01)


@pytest.mark.parametrize(
    ("follow", "tilt", "block"),
    [
        (1.0, 1.0, "tilt"),
        (1.0, 0.0, "tilt"),
        (0.5, 0.3, "sideways"),
        (0.5, 0.1, "tilt"),
        (0.7, 0.7, "sideways"),
        (0.7, 0.5, "tilt"),
        (0.2, 0.1, "tilt"),
        (0.2, 0.3, "sideways"),
    ],
)
def test_in_a_ball_warmup_knees_that_hardly_follow_and_shoulders_that_tilt_tell_a_way_to_the_side(follow, tilt, block):
    # Each sign counts from 0 to 1: the knees from all of the hips' way to half of it, the shoulders by their slope.
    exercise = get_exercise("ball-warmup")
    swing = 0.1 * np.sin(2 * np.pi * T / 4.0)
    still = {f"foot_{axis}_px_{s}": 300.0 for axis in "xy" for s in ("left", "right")}
    a = attempt(
        hip_across=swing, knee_across=follow * swing, shoulder_across=0.0, hip_depth=0.0, yaw=45.0, torso_px=110.0,
        hip_over_foot=1.0, shoulder_tilt=tilt * swing, hip_over_ball=swing, ball_across=swing, **still,
    )  # fmt: skip
    assert exercise.judged(a, exercise.in_force, []).block == block


# ---- toe-squat -------------------------------------------------------------------------------------------------------
def squatting(turn=90.0, *, half_gap=None, shift=0.0, roll=0.0, **params) -> dict[str, float]:
    """A toe squat seen from an azimuth; half the distance of the feet, how far they stand to the right, the roll."""
    t = figures.clock(0.2)
    n = len(t)
    knee = np.full(n, params.pop("knee", 174.0))
    points = figures.standing(n, knee=knee, **{"lean": 0.0, **params})
    for joint in ("ankle", "heel", "foot_index"):
        for s, sign in (("left", -1.0), ("right", 1.0)):
            p = points[f"{joint}_{s}"]
            p[:, 2] = shift + (p[:, 2] if half_gap is None else sign * half_gap)
    track = figures.film(t, points, turn)
    cos, sin, middle = np.cos(np.radians(roll)), np.sin(np.radians(roll)), np.array(track.size) / 2
    track.image[..., :2] = (track.image[..., :2] - middle) @ np.array([[cos, sin], [-sin, cos]]) + middle
    return read("toe-squat", track)


@pytest.mark.parametrize(("turn", "side_on"), [(51.0, False), (53.0, True), (-51.0, False), (-53.0, True)])
def test_a_toe_squat_is_judged_in_the_picture_from_half_the_side_on(turn, side_on):
    got = squatting(turn, knee=100.0)
    assert [known(got[k]) for k in ("side_knee", "trunk_lean", "heel_pitch", "stance")] == [side_on] * 4
    assert known(got["knee_ratio"]) is not side_on
    assert known(got["knee_picture"])


@pytest.mark.parametrize(("knee", "deep"), [(134.0, True), (136.0, False)])
def test_in_a_toe_squat_the_foot_is_judged_deep_in_it(knee, deep):
    got = squatting(knee=knee)
    assert got["knee_picture"] == pytest.approx(knee, abs=0.1)
    assert known(got["deep_heel"]) is deep and known(got["heel_pitch"])


@pytest.mark.parametrize(("arms", "out"), [(-39.0, True), (-41.0, False)])
def test_in_a_toe_squat_nobody_need_stand_straight_with_hanging_arms(arms, out):
    assert known(squatting(arms=arms)["standing_knee"]) is out


@pytest.mark.parametrize(("height", "deep"), [(1.34, True), (1.36, False)])
def test_in_a_toe_squat_the_knees_are_judged_against_the_feet_deep_in_it(height, deep):
    knee = 2 * np.degrees(np.arcsin(height / (2 * figures.THIGH)))
    got = squatting(0.0, knee=knee)
    assert got["hips_up"] == pytest.approx(height, abs=0.001)
    assert known(got["knee_ratio"]) is deep


@pytest.mark.parametrize(("gap", "apart"), [(0.17, False), (0.19, True)])
def test_in_a_toe_squat_feet_close_together_say_nothing_of_the_knees(gap, apart):
    assert known(squatting(0.0, knee=90.0, half_gap=gap / 2)["knee_ratio"]) is apart


@pytest.mark.parametrize(("knees", "ratio"), [(0.3, 1.5), (0.2, 1.0), (0.1, 0.5)])
def test_in_a_toe_squat_the_knees_are_told_by_their_distance_against_that_of_the_feet(knees, ratio):
    assert squatting(0.0, knee=90.0, knees_apart=knees)["knee_ratio"] == pytest.approx(ratio, abs=0.01)


@pytest.mark.parametrize(("gap", "wide"), [(0.59, False), (0.61, True)])
def test_in_a_toe_squat_feet_that_are_wide_tell_whether_the_hips_are_between_them(gap, wide):
    assert known(squatting(0.0, knee=90.0, half_gap=gap / 2)["aside"]) is wide


@pytest.mark.parametrize("roll", [-10.0, 10.0])
def test_in_a_toe_squat_the_hips_are_as_far_aside_however_the_camera_is_rolled(roll):
    aside = squatting(0.0, knee=90.0, half_gap=0.5, shift=0.2, roll=roll)["aside"]
    assert aside == pytest.approx(squatting(0.0, knee=90.0, half_gap=0.5, shift=0.2)["aside"], abs=1e-6)


@pytest.mark.parametrize("shift", [0.3, -0.3, 0.0])
def test_in_a_toe_squat_the_hips_are_aside_by_a_share_of_the_distance_of_the_feet(shift):
    for turn in (0.0, 180.0):
        assert squatting(turn, knee=90.0, half_gap=0.5, shift=shift)["aside"] == pytest.approx(abs(shift), abs=0.005)
    assert isnan(squatting(90.0, knee=90.0, half_gap=0.5, shift=shift)["aside"])


@pytest.mark.parametrize("turn", [90.0, -90.0, 40.0, 0.0])
def test_in_a_toe_squat_a_stride_is_as_long_from_everywhere(turn):
    assert squatting(turn, step=0.5)["fore_aft"] == pytest.approx(0.5, abs=0.005)
    assert squatting(turn, step=-0.3)["fore_aft"] == pytest.approx(0.3, abs=0.005)
    assert squatting(turn, half_gap=0.5)["fore_aft"] == pytest.approx(0.0, abs=0.005)


@pytest.mark.parametrize(
    ("waist", "knee", "effort"), [(2.2, 180.0, 0.0), (2.0, 170.0, 42.0), (2.35, 180.0, -24.0), (2.4, 170.0, -15.0)]
)
def test_the_effort_of_a_toe_squat_is_the_sunken_waist_and_the_bend_of_the_knee(waist, knee, effort):
    got = get_exercise("toe-squat").effort({"waist_up": waist, "knee_picture": knee})
    assert got == pytest.approx(effort)


@pytest.mark.parametrize(("share", "moved"), [(0.14, 0.0), (0.16, 0.5)])
def test_in_a_toe_squat_a_foot_has_moved_that_is_away_for_a_seventh_of_the_time(share, moved):
    rest = {"torso_px": 110.0, "foot_x_left": 300.0, "foot_y_left": 400.0}
    a = attempt(foot_x_left=300.0 + for_share(share, 55.0, 0.0), foot_y_left=400.0, rest=rest)
    assert _moved(a) == pytest.approx((moved, moved))


@pytest.mark.parametrize(("seen", "told"), [(0.91, True), (0.89, False)])
def test_in_a_toe_squat_a_foot_that_comes_and_goes_tells_nothing(seen, told):
    # Where both are cut short alike, so that what is left is as long in both directions.
    x = np.where(np.isnan(for_share(seen, 1.0, nan)), nan, 355.0)
    a = attempt(foot_x_left=x, foot_y_left=x, rest={"torso_px": 110.0, "foot_x_left": 300.0, "foot_y_left": 355.0})
    assert [known(x) for x in _moved(a)] == [told, told]


def test_in_a_toe_squat_the_foot_that_moved_further_counts_in_any_direction():
    rest = {"torso_px": 110.0} | {f"foot_{axis}_{s}": 300.0 for axis in "xy" for s in ("left", "right")}
    half = np.where(np.arange(len(T)) < len(T) / 2, 0.0, 1.0)
    for down in (55.0, 11.0):
        moved = {"foot_x_left": 300.0, "foot_y_left": 300.0 + down * half}
        a = attempt(**moved, foot_x_right=300.0 + 33.0 * half, foot_y_right=300.0 + 44.0 * half, rest=rest)
        assert _moved(a) == pytest.approx((0.5, 0.5))


@pytest.mark.parametrize(("share", "stepped"), [(0.04, 0.0), (0.06, 0.5)])
def test_in_a_toe_squat_a_foot_that_stays_throughout_has_made_no_step(share, stepped):
    """It was seen elsewhere before: so far it is from there, and for no longer than a moment it moved meanwhile."""
    rest = {"torso_px": 110.0, "foot_x_left": 300.0, "foot_y_left": 400.0}
    x = 355.0 - for_share(share, 55.0, 0.0)
    assert _moved(attempt(foot_x_left=x, foot_y_left=400.0, rest=rest)) == pytest.approx((0.5, stepped))


@pytest.mark.parametrize(("low", "sat"), [(0.51, True), (0.49, False)])
def test_in_a_toe_squat_who_stays_down_half_the_way_or_more_with_hanging_arms_sat(low, sat):
    exercise = get_exercise("toe-squat")
    # At the bottom for a moment, and at a share of it for four seconds.
    effort = 80.0 * np.where((T > 3.0) & (T < 3.3), 1.0, np.where((T >= 3.3) & (T < 7.0), low, 0.0))
    a = attempt(effort=effort, arm_pitch=-60.0, rest={"arm_pitch": -60.0})
    assert exercise._sat(a, exercise.in_force) is sat
    assert not exercise._sat(attempt(effort=effort, arm_pitch=-20.0, rest={"arm_pitch": -60.0}), exercise.in_force)
    assert not exercise._sat(attempt(effort=effort, arm_pitch=nan, rest={"arm_pitch": -60.0}), exercise.in_force)


# ---- swan ------------------------------------------------------------------------------------------------------------
def test_in_a_swan_lifted_arms_are_told_by_what_they_rise_above_the_shoulders_too():
    t = figures.clock(0.2)
    got = read(
        "swan", figures.film(t, figures.prone(len(t), lift=np.full(len(t), 10.0), arms=np.full(len(t), 20.0)), 90.0)
    )
    shoulder, wrist = np.sin(np.radians(10.0)), np.sin(np.radians(10.0)) + 1.1 * np.sin(np.radians(20.0))
    assert got["wrist_up"] == pytest.approx(wrist, abs=0.01)
    assert got["arms_up"] == pytest.approx(wrist + 2.0 * (wrist - shoulder), abs=0.02)


# ---- side-plank ------------------------------------------------------------------------------------------------------
def propped(**params) -> dict[str, float]:
    t = np.array([0.0, 0.1])
    track = stick.film(
        stick.side_support, stick.Motion(stick.SIDE_SUPPORT, slope=18.0, **params).sample(t), t, pitch=0.0
    )
    return read("side-plank", track)


@pytest.mark.parametrize(("drop", "clear"), [(0.089, True), (0.091, False)])
def test_in_a_side_plank_hips_near_their_line_are_not_on_the_floor(drop, clear):
    got = propped(drop=drop)
    assert got["drop"] == pytest.approx(drop, abs=1e-6)
    assert (got["hip_clearance"] == 0.6) is clear
    assert got["floor_gap"] < 0.6


@pytest.mark.parametrize(("drop", "clear"), [(0.049, True), (0.051, False)])
def test_in_a_side_plank_hips_nearer_still_are_clear_of_the_floor_whatever_the_hand_says(drop, clear):
    got = propped(drop=drop)
    assert (got["floor_gap"] == 0.6) is clear and got["hip_clearance"] == 0.6


def test_in_a_side_plank_hips_that_are_high_read_how_high_they_are():
    got = read("side-plank", stick.film(
        stick.side_support, stick.Motion(stick.SIDE_SUPPORT, slope=40.0).sample(np.zeros(1)), np.zeros(1), pitch=0.0
    ))  # fmt: skip
    assert got["hip_clearance"] == got["floor_gap"] > 0.65


@pytest.mark.parametrize(("beside", "rested"), [(0.29, 1.0), (0.31, 0.0)])
def test_in_a_side_plank_hips_rest_that_are_near_where_the_dip_began(beside, rested):
    effort = np.where((T > 1.0) & (T < 9.0), 0.02, beside * 0.02)
    assert _rested_s(attempt(effort=effort), 0.02) == pytest.approx(rested, abs=0.02)


def test_in_a_side_plank_hips_rest_before_or_after_for_as_long_as_they_stay():
    moved = np.where(((T > 1.0) & (T < 9.0)) | (T < 0.3) | (T > 9.5), 0.02, 0.0)
    assert _rested_s(attempt(effort=moved), 0.02) == pytest.approx(0.7, abs=0.02)
    moved = np.where(((T > 1.0) & (T < 9.0)) | (T < 0.7) | (T > 9.5), 0.02, 0.0)
    assert _rested_s(attempt(effort=moved), 0.02) == pytest.approx(0.5, abs=0.02)
    # What is not known is no rest.
    assert _rested_s(attempt(effort=np.where((T > 1.0) & (T < 9.0), 0.02, nan)), 0.02) == pytest.approx(0.0, abs=0.02)


def dip(**signals):
    exercise = get_exercise("side-plank")
    a = attempt(
        effort=np.where((T > 2.0) & (T < 8.0), 0.06, 0.0),
        arm_off=0.0,
        **{"right_down": 1.0, "line_dev": 0.0, **signals},
    )
    return exercise.judged(a, exercise.in_force, [])


@pytest.mark.parametrize(("right", "side"), [(0.76, "right"), (0.74, None), (0.26, None), (0.24, "left")])
def test_in_a_side_plank_most_of_the_time_must_be_of_one_mind_about_the_side(right, side):
    assert dip(right_down=for_share(right, lo=0.0)).side == side


@pytest.mark.parametrize(("later", "counted"), [(0.28, True), (0.32, False)])
def test_in_a_side_plank_the_line_may_be_regained_a_moment_after_the_dip(later, counted):
    out = dip(line_dev=np.where(9.0 + later > T, 20.0, 0.0))
    assert out.counted is counted
    assert out.measures["line_top"] == pytest.approx(180.0 if counted else 160.0)


def test_in_a_side_plank_the_line_before_the_dip_is_that_of_the_moments_before_it():
    early = np.where(T < 0.68, 30.0, np.where(T < 1.06, 5.0, 40.0))
    assert dip(line_dev=early).measures["line_start"] == pytest.approx(175.0)


# ---- the ball --------------------------------------------------------------------------------------------------------
#: Below which joint the middle of the ball has to be, and how far (trunk lengths).
BALLS = {
    "shoulder-bridge": ("shoulder", 0.65),
    "heel-bridge": ("ankle", 0.55),
    "side-lift": ("ankle", 0.0),
    "ball-kneel": ("knee", 0.7),
    "ball-warmup": ("hip", 0.65),
}


@pytest.mark.parametrize("name", BALLS)
def test_a_ball_could_be_seen_where_the_picture_reaches_below_the_middle_of_its_place(name):
    joint, below = BALLS[name]
    trunk = ("hip", "shoulder") if joint == "shoulder" else ("shoulder", "hip")
    chain = {"knee": ("knee",), "ankle": ("knee", "ankle")}.get(joint, ())
    heights = dict.fromkeys(JOINT, 100.0) | dict(zip((*trunk, *chain), (100.0, 200.0, 300.0, 400.0), strict=False))
    image = np.full((1, 33, 4), 0.9)
    image[..., :2] = 300.0, 100.0
    for name_of, y in heights.items():
        for at in JOINT[name_of].values():
            image[:, at, 1] = y
    low = heights[joint] + 100.0 * below
    seen = [
        bool(
            could_be_seen(Body(np.zeros(1), image, image.copy(), (640, round(low + more))), get_exercise(name).ball)[0]
        )
        for more in (-2.0, 2.0)
    ]
    assert seen == [False, True]
