"""The camera's roll: told by what lies on the floor, undone in the measures, and left alone where it is not sure."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from formcheck.judging.measure import Body
from formcheck.judging.measure.level import (
    HANDS_AND_KNEES,
    SIDE_SUPPORT,
    STANDING,
    Level,
    Roll,
    floor_line,
    lying_slant,
    out_of_picture,
    support,
)
from formcheck.sight.pose.landmarks import JOINT

from ..exercises import stick
from ..exercises.stick import ALL_FOURS, Motion, all_fours, film, rolled, side_support

#: The numbers stand here a second time, on purpose: one that is moved parts other values than these.
LEVEL_DEG, MOST_DEG, STEEPEST_DEG, SPREAD_DEG, ACROSS_DEG, ENOUGH_S = 3.0, 15.0, 35.0, 5.0, 9.0, 0.7
KEPT_DEG, STANDS_DEG, STANDS_UNSURE_DEG, STANDING_DEG, STRAIGHT_DEG, UPRIGHT_DEG = 8.0, 1.4, 4.0, 5.0, 160.0, 25.0
T = np.array([0.0, 0.1])
NAN = float("nan")
BUILT = {HANDS_AND_KNEES: (all_fours, ALL_FOURS), SIDE_SUPPORT: (side_support, stick.SIDE_SUPPORT)}


def body(supports=HANDS_AND_KNEES, roll=0.0, changed=None, **camera):
    build, start = BUILT[supports]
    track = film(build, Motion(start, **(changed or {})).sample(T), T, **{"pitch": 0.0, **camera})
    track = rolled(track, roll)
    return Body(track.t, track.image, track.world, track.size, track.ball)


def told(supports, slopes, turns=0.0, step=0.1):
    level = Level(supports)
    t = np.arange(len(slopes)) * step
    return [
        level.update(float(u), float(s), float(a)) for u, s, a in zip(t, slopes, np.zeros(len(t)) + turns, strict=True)
    ]


@pytest.mark.parametrize("supports", BUILT)
@pytest.mark.parametrize("facing", ["left", "right"])
@pytest.mark.parametrize("roll", [-12.0, -5.0, 0.0, 8.0])
def test_the_floor_line_of_a_body_is_turned_as_its_picture_is(supports, facing, roll):
    got = floor_line(body(supports, roll, facing=facing), supports)
    level = floor_line(body(supports, facing=facing), supports)
    # An ankle is a little above the floor.
    assert np.abs(level).max() < 4.0
    np.testing.assert_allclose(got, level + roll, atol=1e-6)


@pytest.mark.parametrize(
    ("supports", "changed"),
    [
        (HANDS_AND_KNEES, {"arm_right": 0.0}),
        (HANDS_AND_KNEES, {"leg_right": 0.0}),
        (SIDE_SUPPORT, {"slope": 3.0}),
    ],
)
def test_a_body_that_does_not_rest_on_its_supports_tells_nothing(supports, changed):
    assert np.isfinite(floor_line(body(supports), supports)).all()
    assert np.isnan(floor_line(body(supports, changed=changed), supports)).all()


def test_a_hand_that_is_not_seen_tells_nothing():
    b = body()
    image = b.image.copy()
    image[0, JOINT["wrist"]["right"], 3] = 0.1
    assert np.isfinite(floor_line(replace(b, image=image), HANDS_AND_KNEES)).tolist() == [False, True]


def test_a_line_steeper_than_any_camera_is_none():
    inside, outside = (floor_line(body(roll=r), HANDS_AND_KNEES) for r in (STEEPEST_DEG - 1, STEEPEST_DEG + 2))
    assert np.isfinite(inside).all() and np.isnan(outside).all()


@pytest.mark.parametrize("azimuth", [-20.0, 0.0, 15.0])
def test_the_turn_out_of_the_picture_grows_with_the_cameras_angle(azimuth):
    straight, turned = (out_of_picture(body(azimuth=a)) for a in (0.0, azimuth))
    np.testing.assert_allclose(np.abs(turned - straight), abs(azimuth), atol=1.0)


@pytest.mark.parametrize("sign", [-1, 1])
@pytest.mark.parametrize(
    ("slope", "roll"),
    [
        (LEVEL_DEG - 0.1, Roll()),
        (LEVEL_DEG + 0.1, Roll(LEVEL_DEG + 0.1)),
        (MOST_DEG - 0.1, Roll(MOST_DEG - 0.1)),
        (MOST_DEG + 0.1, Roll(beyond=MOST_DEG + 0.1)),
    ],
)
def test_a_small_turn_is_level_and_too_large_a_one_is_not_undone(slope, roll, sign):
    expected = Roll(sign * roll.degrees, 0.0, sign * roll.beyond)
    assert told(HANDS_AND_KNEES, [sign * slope] * 20)[-1] == expected


@pytest.mark.parametrize(
    ("supports", "turn", "roll"),
    [
        (SIDE_SUPPORT, ACROSS_DEG - 1, Roll(8.0)),
        (SIDE_SUPPORT, ACROSS_DEG + 1, Roll(4.0, 4.0)),
        (SIDE_SUPPORT, -ACROSS_DEG - 1, Roll(4.0, 4.0)),
        (HANDS_AND_KNEES, ACROSS_DEG + 1, Roll(8.0)),
    ],
)
def test_a_body_turned_out_of_the_picture_leaves_the_upright_unsure(supports, turn, roll):
    assert told(supports, [8.0] * 20, turn)[-1] == roll


def test_a_moment_is_not_enough():
    rolls = told(HANDS_AND_KNEES, [8.0] * 20)
    first = next(k for k, r in enumerate(rolls) if r != Roll())
    assert (first + 1) * 0.1 == pytest.approx(ENOUGH_S)
    assert set(rolls[first:]) == {Roll(8.0)}


@pytest.mark.parametrize(("spread", "sure"), [(SPREAD_DEG - 0.5, True), (SPREAD_DEG + 0.5, False)])
def test_lines_that_disagree_are_not_believed(spread, sure):
    roll = told(HANDS_AND_KNEES, np.tile([8.0 - spread / 2, 8.0 + spread / 2], 20))[-1]
    assert (roll != Roll()) == sure


@pytest.mark.parametrize(("spread", "kept"), [(KEPT_DEG - 0.5, True), (KEPT_DEG + 0.5, False)])
def test_a_roll_once_told_holds_though_lines_disagree_a_little_more(spread, kept):
    rolls = told(HANDS_AND_KNEES, [*([8.0] * 10), *np.tile([8.0 - spread / 2, 8.0 + spread / 2], 60)])
    assert rolls[9] == Roll(8.0)
    assert (rolls[-1] != Roll()) == kept


# ---- standing ----------------------------------------------------------------------------------------------------
def upright(roll=0.0, *, azimuth=0.0, facing="right", lean=0.0):
    motion = Motion(stick.STANDING, lean=lean)
    track = rolled(film(stick.standing, motion.sample(T), T, pitch=0.0, azimuth=azimuth, facing=facing), roll)
    return Body(track.t, track.image, track.world, track.size, track.ball)


@pytest.mark.parametrize("roll", [-12.0, -4.0, 0.0, 9.0])
@pytest.mark.parametrize(("facing", "ahead"), [("right", 1.0), ("left", -1.0)])
def test_who_stands_straight_is_turned_as_the_picture_is_but_for_what_people_stand_forward(roll, facing, ahead):
    np.testing.assert_allclose(floor_line(upright(roll, facing=facing), STANDING), roll - ahead * STANDS_DEG, atol=0.6)


def test_from_the_front_nobody_stands_forward():
    np.testing.assert_allclose(floor_line(upright(7.0, azimuth=90.0), STANDING), 7.0, atol=0.6)


@pytest.mark.parametrize(("bend", "known"), [(180.0 - STRAIGHT_DEG - 2.0, True), (180.0 - STRAIGHT_DEG + 2.0, False)])
def test_who_bends_at_the_hips_tells_nothing(bend, known):
    assert np.isfinite(floor_line(upright(lean=bend), STANDING)).all() == known


@pytest.mark.parametrize(("roll", "known"), [(UPRIGHT_DEG - 1, True), (UPRIGHT_DEG + 1, False)])
def test_who_is_too_far_off_the_vertical_does_not_stand(roll, known):
    assert np.isfinite(floor_line(upright(roll), STANDING)).all() == known


@pytest.mark.parametrize("sign", [-1, 1])
@pytest.mark.parametrize(
    ("off", "roll"),
    [
        (STANDING_DEG - 0.1, Roll()),
        (STANDING_DEG + 0.1, Roll(STANDING_DEG + 0.1, STANDS_UNSURE_DEG)),
        (MOST_DEG + 0.1, Roll(beyond=MOST_DEG + 0.1)),
    ],
)
def test_who_stands_tells_a_roll_that_is_more_than_a_posture_and_not_surely(off, roll, sign):
    got = told(STANDING, [sign * off] * 20, turns=60.0)[-1]
    assert got == Roll(sign * roll.degrees, roll.unsure, sign * roll.beyond)


def test_what_is_not_seen_changes_nothing_and_a_glitch_little():
    slopes = np.full(60, 8.0)
    slopes[20:50], slopes[10:13] = NAN, 30.0
    assert told(HANDS_AND_KNEES, slopes)[-1] == Roll(8.0)
    assert told(HANDS_AND_KNEES, [8.0] * 30, NAN)[-1] == Roll()


def test_it_does_not_depend_on_the_frame_rate():
    t = np.arange(0, 12, 1 / 60)
    slopes = 6 + np.sin(t)
    fine = told(SIDE_SUPPORT, slopes, step=1 / 60)
    for skip in (2, 4, 6):
        coarse = told(SIDE_SUPPORT, slopes[::skip], step=skip / 60)
        assert coarse[-1].degrees == pytest.approx(fine[-1].degrees, abs=0.3)


@pytest.mark.parametrize(
    ("supports", "changed", "known"),
    [
        # A hand and a knee under the trunk, not before it or behind it.
        (HANDS_AND_KNEES, {"arm_right": -54.0}, True),
        (HANDS_AND_KNEES, {"arm_right": -53.0}, False),
        (HANDS_AND_KNEES, {"leg_right": -45.0}, True),
        (HANDS_AND_KNEES, {"leg_right": -43.0}, False),
        (SIDE_SUPPORT, {"slope": 49.5}, True),
        (SIDE_SUPPORT, {"slope": 50.5}, False),
    ],
)
def test_a_body_rests_on_its_supports_within_bounds(supports, changed, known):
    assert np.isfinite(floor_line(body(supports, changed=changed), supports)).all() == known


@pytest.mark.parametrize(
    ("slope", "below", "known"), [(6.2, 0.6, True), (5.8, 0.6, False), (20.0, 0.41, True), (20.0, 0.39, False)]
)
def test_a_side_support_slants_and_its_hand_is_below_the_shoulder(slope, below, known):
    b = body(SIDE_SUPPORT, changed={"slope": slope})
    image = b.image.copy()
    shoulder, hand, elbow = (image[:, JOINT[j]["left"]] for j in ("shoulder", "wrist", "elbow"))
    hand[:, :2] = shoulder[:, :2] + np.stack([np.zeros(2), below * b.torso], axis=1)
    elbow[:, :2] = (hand[:, :2] + shoulder[:, :2]) / 2
    assert np.isfinite(floor_line(replace(b, image=image), SIDE_SUPPORT)).all() == known


def test_knees_are_drawn_a_little_further_from_the_camera_than_they_are():
    np.testing.assert_allclose(out_of_picture(body()), 3.0, atol=0.01)


def test_the_line_of_a_lying_body_is_off_level_either_way():
    for roll in (-34.0, -8.0, 8.0, 34.0):
        np.testing.assert_allclose(lying_slant(lying(roll)), abs(roll), atol=0.5)
    assert np.isnan(lying_slant(lying(36.0))).all()


def lying(roll):
    """A body on the floor, filmed by a camera rolled so far."""
    b = body()
    image = b.image.copy()
    for side in ("left", "right"):
        for k, joint in enumerate(("ankle", "knee", "hip", "shoulder")):
            image[:, JOINT[joint][side], :2] = 300.0 + 90.0 * k, 250.0
    a = np.radians(roll)
    turn = np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]])
    middle = np.array(b.size) / 2
    image[..., :2] = (image[..., :2] - middle) @ turn.T + middle
    return replace(b, image=image)


@pytest.mark.parametrize(("bent", "elbow"), [(True, True), (False, False)])
def test_a_side_support_rests_on_the_elbow_where_it_is_on_the_floor(bent, elbow):
    b = body(SIDE_SUPPORT)
    image = b.image.copy()
    hand = image[:, JOINT["wrist"]["left"], :2]
    if bent:
        image[:, JOINT["elbow"]["left"], :2] = hand - [60.0, 0.0]
    expected = image[:, JOINT["elbow" if elbow else "wrist"]["left"], :2]
    np.testing.assert_array_equal(support(replace(b, image=image)), expected)


@pytest.mark.parametrize(("rise", "elbow"), [(0.34, True), (0.36, False)])
def test_an_elbow_is_on_the_floor_that_is_about_level_with_the_hand(rise, elbow):
    b = body(SIDE_SUPPORT)
    image = b.image.copy()
    hand = image[:, JOINT["wrist"]["left"], :2]
    image[:, JOINT["elbow"]["left"], :2] = hand + 60.0 * np.array([-np.sqrt(1 - rise**2), -rise])
    np.testing.assert_array_equal(
        support(replace(b, image=image)), image[:, JOINT["elbow" if elbow else "wrist"]["left"], :2]
    )


@pytest.mark.parametrize(("since", "roll"), [(28.0, 8.0), (31.0, 5.0)])
def test_what_was_seen_half_a_minute_ago_is_forgotten(since, roll):
    level = Level(HANDS_AND_KNEES)
    for k in range(30):
        level.update(0.1 * k, 8.0, 0.0)
    for k in range(20):
        level.update(since + 0.1 * k, 5.0, 0.0)
    assert level.roll == Roll(roll)


# ---- the roll undone -------------------------------------------------------------------------------------------
@pytest.mark.parametrize("roll", [-9.0, 4.0])
def test_measures_of_a_turned_picture_with_the_roll_undone_are_those_of_a_straight_one(roll):
    straight = body(changed={"leg_left": -20.0, "arm_left": -30.0})
    turned = replace(body(roll=roll, changed={"leg_left": -20.0, "arm_left": -30.0}), roll=np.full(len(T), roll))
    for joint, sides in JOINT.items():
        for side in sides:
            np.testing.assert_allclose(turned.point(joint, side), straight.point(joint, side), atol=1e-6)
            np.testing.assert_allclose(turned.world_point(joint, side), straight.world_point(joint, side), atol=1e-6)
    np.testing.assert_allclose(turned.trunk, straight.trunk)
    np.testing.assert_allclose(turned.direction("shoulder", "wrist", "left"), -30.0, atol=1e-6)
    for name, values in straight.angles.items():
        np.testing.assert_allclose(turned.angles[name], values, atol=1e-6, err_msg=name)
    assert abs(body(roll=roll).trunk[0] - straight.trunk[0]) == pytest.approx(abs(roll))


def test_where_a_joint_is_seen_does_not_turn_with_the_roll():
    straight = body()
    turned = replace(straight, roll=np.full(len(T), 12.0))
    for guess in (False, True):
        at, before = (b.place("wrist", "right", guess=guess) for b in (turned, straight))
        np.testing.assert_array_equal(at, before)
    assert np.abs(turned.point("wrist", "right") - at).max() > 5.0


def test_the_ball_turns_with_the_picture():
    b = body()
    ball = np.tile([b.size[0] / 2 + 100.0, b.size[1] / 2, 40.0, 0.9], (len(T), 1))
    turned = replace(b, ball=ball, roll=np.full(len(T), 90.0))
    np.testing.assert_allclose(turned.ball_centre, np.tile([b.size[0] / 2, b.size[1] / 2 - 100.0], (len(T), 1)))
    np.testing.assert_array_equal(turned.ball_radius, 40.0)


def test_what_was_in_the_picture_stays_seen_and_the_landmarks_stay_where_they_were():
    b = body()
    image = b.image.copy()
    k = JOINT["wrist"]["right"]
    image[:, k, :2] = b.size[0] - 1.0, 1.0
    turned = replace(b, image=image, roll=np.full(len(T), 12.0))
    assert np.isfinite(turned.point("wrist", "right")).all()
    np.testing.assert_array_equal(turned.image, image)
    np.testing.assert_array_equal(turned.confidence, replace(b, image=image).confidence)


def test_how_unsure_up_and_down_are_is_nothing_unless_it_is_said():
    b = body()
    np.testing.assert_array_equal(b.level_unsure, 0.0)
    np.testing.assert_array_equal(replace(b, roll_unsure=np.array([1.0, 2.0])).level_unsure, [1.0, 2.0])
