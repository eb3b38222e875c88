"""The body: what is seen, how large it is, where it faces; checked against a figure whose measures are known."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formcheck.judging.measure import Body, angle
from formcheck.sight.pose.landmarks import JOINT, SIDES

from ..exercises.stick import (
    ALL_FOURS,
    BRIDGE,
    PX_PER_M,
    SIDE_SUPPORT,
    SIZE,
    STANDING,
    TORSO,
    Motion,
    all_fours,
    bridge,
    film,
    side_support,
    standing,
)  # fmt: skip

T = np.array([0.0, 0.1])
#: How far the hip landmark lies before the joint, and a shoulder further out than a hip (trunk lengths).
HIP_FORWARD, SHOULDER_OUT = 0.037, 0.118


def body(build=all_fours, start=ALL_FOURS, changed=None, **camera):
    track = film(build, Motion(start, **(changed or {})).sample(T), T, **{"pitch": 0.0, **camera})
    return Body(track.t, track.image, track.world, track.size)


def changed(b, image=None, world=None):
    return Body(b.t, b.image if image is None else image, b.world if world is None else world, b.size)


def test_joint_angles_and_trunk_are_the_figures():
    b = body(changed={"leg_left": -20.0, "knee_left": 150.0, "arm_right": -10.0, "trunk": 12.0})
    assert b.angles["knee_left"] == pytest.approx(150.0, abs=0.01)
    assert b.angles["knee_right"] == pytest.approx(90.0, abs=0.01)
    assert b.joint_angle("shoulder", "hip", "knee", "right") == pytest.approx(90 + 12, abs=0.01)
    assert b.joint_angle("hip", "shoulder", "elbow", "right") == pytest.approx(180 - 10 - 12, abs=0.01)
    assert b.angles["elbow_left"] == pytest.approx(180, abs=0.01)
    assert b.trunk == pytest.approx(12.0, abs=0.01)
    assert b.torso == pytest.approx(TORSO * PX_PER_M)


def person(yaw, flexion, *, lean=0.0):
    """A Body whose joint centres are known, seen from *yaw*, and the true angles of hip and line (left as right).

    The hips are bent by *flexion*, the trunk leans by *lean*; the hip landmarks lie in front of the joints.
    """
    forward, up, out = np.eye(3)
    turn = np.radians([flexion, lean])
    trunk = np.cos(turn[1]) * up + np.sin(turn[1]) * forward
    belly = np.cos(turn[1]) * forward - np.sin(turn[1]) * up
    leg = np.sin(turn[0]) * forward - np.cos(turn[0]) * up
    at = {}
    for side, way in (("right", out), ("left", -out)):
        hip = 0.17 * way
        at |= {("hip", side): hip, ("shoulder", side): hip + SHOULDER_OUT * way + trunk}
        at |= {("knee", side): hip + 0.8 * leg, ("ankle", side): hip + 1.6 * leg}
    true = {
        "hip": float(angle(at["shoulder", "right"], at["hip", "right"], at["knee", "right"])),
        "line": float(angle(at["shoulder", "right"], at["hip", "right"], at["ankle", "right"])),
    }
    y = np.radians(yaw)
    # With the right side near, forward is to the right of the picture and the camera looks from the right.
    camera = np.array([np.sin(y) * forward - np.cos(y) * out, -up, -np.cos(y) * forward - np.sin(y) * out])
    image, world = np.full((1, 33, 4), 0.9), np.zeros((1, 33, 4))
    for (joint, side), x in at.items():
        seen = x + HIP_FORWARD * belly * (joint == "hip")
        image[0, JOINT[joint][side], :3] = 100 * camera @ seen + [SIZE[0] / 2, SIZE[1] / 2, 0]
        world[0, JOINT[joint][side], :3] = 0.5 * camera @ seen
    return Body(T[:1], image, world, SIZE), true


@settings(max_examples=40)
@given(st.sampled_from([-90.0, 90.0]), st.floats(0.0, 110.0), st.floats(-10.0, 80.0))
def test_angles_are_those_between_the_centres_of_the_joints(yaw, flexion, lean):
    b, true = person(yaw, flexion, lean=lean)
    side = "right" if yaw > 0 else "left"
    for joint in ("hip", "line"):
        # The trunk is a little longer from the landmark than from the joint.
        assert float(b.angles[f"{joint}_{side}"][0]) == pytest.approx(true[joint], abs=1.0)


def test_the_correction_of_a_side_view_is_worth_some_degrees_and_is_none_from_the_front():
    b, true = person(90.0, 0.0)
    picture = b.joint_angle("shoulder", "hip", "ankle", "right")
    assert abs(float(picture[0]) - true["line"]) > 3
    assert float(b.angles["line_right"][0]) == pytest.approx(true["line"], abs=0.5)
    b, _ = person(0.0, 40.0)
    assert b.angles["hip_right"] == pytest.approx(b.joint_angle("shoulder", "hip", "knee", "right"))


def test_a_knee_is_measured_where_the_shoulder_is_not_seen():
    b = body()
    image = b.image.copy()
    image[:, JOINT["shoulder"]["right"], 3] = 0.0
    hidden = changed(b, image).angles
    assert np.isnan(hidden["hip_right"]).all()
    np.testing.assert_array_equal(hidden["knee_right"], b.angles["knee_right"])


def test_lengths_are_in_the_steady_unit_where_it_is_known_and_plausibility_is_not():
    b = body()
    larger = replace(b, unit=3 * b.torso_seen)
    np.testing.assert_array_equal(larger.torso, 3 * b.torso)
    np.testing.assert_array_equal(larger.torso_seen, b.torso)
    np.testing.assert_array_equal(larger.plausible, b.plausible)


@settings(max_examples=30)
@given(st.floats(0.2, 3), st.floats(-300, 300), st.floats(-200, 200))
def test_angles_do_not_change_with_size_or_place(size, dx, dy):
    b = body(changed={"leg_left": -20.0, "knee_left": 150.0})
    image = b.image.copy()
    image[..., :2] = image[..., :2] * size + [dx, dy]
    # A picture large enough for the body to stay in it.
    moved = Body(b.t, image, b.world, (10_000, 10_000))
    inside = (image[..., :2] > 0).all()
    if inside:
        for name, values in b.angles.items():
            np.testing.assert_allclose(moved.angles[name], values, atol=1e-6, err_msg=name)
        assert moved.torso == pytest.approx(b.torso * size)
    np.testing.assert_allclose(moved.yaw, b.yaw)


def test_columns_are_the_common_measures_of_the_table():
    expected = {f"{j}_{s}" for j in ("knee", "hip", "elbow", "shoulder", "line") for s in SIDES} | {"trunk"}
    assert set(body().angles) == expected


def test_a_joint_that_is_not_seen_is_unknown_and_what_hangs_on_it_too():
    b = body(facing="right", far_visibility=0.3)
    # Facing right, the left side is the far one.
    assert np.isnan(b.point("knee", "left")).all() and np.isfinite(b.point("knee", "left", guess=True)).all()
    assert np.isnan(b.angles["knee_left"]).all() and np.isfinite(b.angles["knee_right"]).all()
    b = body(facing="right", far_visibility=0.01)
    assert np.isnan(b.point("knee", "left", guess=True)).all()


def test_a_joint_outside_the_picture_is_not_seen():
    b = body()
    image = b.image.copy()
    image[0, JOINT["wrist"]["right"], 0] = SIZE[0] * 1.5
    out = changed(b, image)
    assert np.isnan(out.point("wrist", "right")[0]).all() and np.isfinite(out.point("wrist", "right")[1]).all()
    assert out.confidence[0, JOINT["wrist"]["right"]] == 0.0


def test_where_nobody_was_found_everything_is_unknown_and_implausible():
    b = body()
    image, world = b.image.copy(), b.world.copy()
    image[0], world[0] = np.nan, np.nan
    out = changed(b, image, world)
    assert out.plausible.tolist() == [False, True]
    assert out.quality[0] == 0.0 < out.quality[1] <= 1.0
    assert all(np.isnan(v[0]) and not np.isnan(v[1]) for v in out.angles.values())
    assert np.isnan(out.yaw[0])


def test_a_limb_longer_than_a_persons_is_not_believed():
    b = body()
    image = b.image.copy()
    image[1, JOINT["ankle"]["left"], 0] -= 5 * TORSO * PX_PER_M
    assert changed(b, image).plausible.tolist() == [True, False]


@pytest.mark.parametrize(("facing", "headward", "near"), [("right", 1, "right"), ("left", -1, "left")])
def test_the_side_near_the_camera_is_told_by_head_and_belly(facing, headward, near):
    b = body(facing=facing)
    assert (b.headward == headward).all()
    assert (b.near_right("down") == (near == "right")).all()
    assert (b.near_right("ahead") == (near == "right")).all()
    supine = body(bridge, BRIDGE, facing=facing)
    assert (supine.near_right("up") == (near == "left")).all()
    # The depth of the landmarks says the same as the way the body lies.
    assert (supine.near_right("ahead") == supine.near_right("up")).all()


@pytest.mark.parametrize("azimuth", [-75.0, -40.0, -10.0, 0.0, 20.0, 60.0])
def test_yaw_is_the_turn_out_of_the_picture(azimuth):
    # Azimuth 0 looks at the right side of the standing figure.
    b = body(standing, STANDING, azimuth=azimuth)
    assert b.yaw == pytest.approx(90.0 - abs(azimuth), abs=0.01)


def test_yaw_changes_sign_with_the_side_that_is_near_and_is_zero_in_front():
    assert body(standing, STANDING, facing="left").yaw == pytest.approx(-90.0, abs=0.01)
    assert body(standing, STANDING, azimuth=90.0).yaw == pytest.approx(0.0, abs=0.01)
    assert body(side_support, SIDE_SUPPORT).yaw == pytest.approx(0.0, abs=0.01)


def test_a_mirrored_body_has_mirrored_measures():
    from formcheck.sight.pose.landmarks import PAIRS

    b = body(changed={"leg_left": -20.0, "arm_right": -30.0})
    swap = np.arange(33)
    for left, right in PAIRS:
        swap[left], swap[right] = right, left
    image, world = b.image[:, swap].copy(), b.world[:, swap].copy()
    image[..., 0] = SIZE[0] - image[..., 0]
    world[..., 0] *= -1
    m = changed(b, image, world)
    np.testing.assert_allclose(m.yaw, -b.yaw)
    np.testing.assert_allclose(m.headward, -b.headward)
    for name, values in b.angles.items():
        other = name.replace("left", "RIGHT").replace("right", "left").replace("RIGHT", "right")
        np.testing.assert_allclose(m.angles[other], values, err_msg=name)


def test_runs_of_a_body_joined_are_the_whole():
    whole = body()
    parts = [Body(whole.t[a:b], whole.image[a:b], whole.world[a:b], whole.size) for a, b in ((0, 3), (3, 4), (4, None))]
    joined = Body.joined(parts)
    np.testing.assert_array_equal(joined.t, whole.t)
    np.testing.assert_array_equal(joined.image, whole.image)
    assert joined.size == whole.size
    assert joined.ball is None
    assert joined.unit is None
    sized = [replace(p, unit=np.full(len(p.t), 50.0 + k)) for k, p in enumerate(parts)]
    np.testing.assert_array_equal(Body.joined(sized).torso, np.repeat([50.0, 51.0, 52.0], [len(p.t) for p in parts]))
    assert Body.joined([sized[0], parts[1]]).unit is None
    with_ball = [Body(p.t, p.image, p.world, p.size, np.ones((len(p.t), 4))) for p in parts]
    assert Body.joined(with_ball).ball.shape == (len(whole.t), 4)
    assert Body.joined([parts[0], with_ball[1]]).ball is None


def test_a_side_is_chosen_frame_by_frame():
    b = body()
    side = b.on(np.array([True, False]))
    assert side("knee").tolist() == [b.point("knee", "right")[0].tolist(), b.point("knee", "left")[1].tolist()]
    assert side("knee", guess=True).tolist() == side("knee").tolist()
    assert side.of({"left": np.array([1.0, 2.0]), "right": np.array([3.0, 4.0])}).tolist() == [3.0, 2.0]
    hidden = b.image.copy()
    hidden[:, JOINT["knee"]["right"], 3] = 0.3
    unseen = changed(b, image=hidden).on(np.array([True, True]))
    assert np.isnan(unseen("knee")).all() and np.isfinite(unseen("knee", guess=True)).all()


# ---- what is seen, what is guessed, what is a body -------------------------------------------------------------------
def with_visibility(**at):
    """The body with the visibility of some joints, by name and side (``left_knee``)."""
    b = body()
    image = b.image.copy()
    for name, v in at.items():
        side, joint = name.split("_")
        image[:, JOINT[joint][side], 3] = v
    return changed(b, image)


@pytest.mark.parametrize(("visibility", "seen"), [(0.44, False), (0.46, True)])
def test_a_joint_is_seen_from_a_visibility_on(visibility, seen):
    assert np.isfinite(with_visibility(left_knee=visibility).point("knee", "left")).all() == seen


@pytest.mark.parametrize(
    ("one", "other", "guessed"),
    [(0.06, 0.9, True), (0.04, 0.9, False), (0.06, 0.31, True), (0.06, 0.29, False), (0.29, 0.29, False)],
)
def test_a_hidden_joint_is_guessed_where_it_or_the_other_one_is_seen_at_all(one, other, guessed):
    b = with_visibility(left_knee=one, right_knee=other)
    assert np.isfinite(b.point("knee", "left", guess=True)).all() == guessed
    assert np.isnan(b.point("knee", "left")).all()


@pytest.mark.parametrize(
    ("x", "y", "inside"),
    [
        (-0.019, 0.5, True),
        (-0.021, 0.5, False),
        (1.019, 0.5, True),
        (1.021, 0.5, False),
        (0.5, -0.019, True),
        (0.5, -0.021, False),
        (0.5, 1.019, True),
        (0.5, 1.021, False),
    ],
)
def test_what_lies_hardly_outside_the_picture_is_seen(x, y, inside):
    b = body()
    image = b.image.copy()
    image[:, JOINT["wrist"]["left"], :2] = x * SIZE[0], y * SIZE[1]
    assert (changed(b, image).confidence[0, JOINT["wrist"]["left"]] > 0) == inside


@pytest.mark.parametrize(
    ("a", "b", "most"),
    [("hip", "knee", 2.0), ("knee", "ankle", 2.0), ("shoulder", "elbow", 1.5), ("elbow", "wrist", 1.4)],
)
def test_a_segment_so_long_is_no_persons(a, b, most):
    for length, plausible in ((most - 0.02, True), (most + 0.02, False)):
        whole = body()
        image = whole.image.copy()
        # All that hangs on the joint goes with it.
        chain = {"hip": ("knee", "ankle"), "knee": ("ankle",), "shoulder": ("elbow", "wrist"), "elbow": ("wrist",)}[a]
        for side in SIDES:
            for joint in chain:
                image[:, JOINT[joint][side], :2] = image[:, JOINT[a][side], :2] + [0.0, length * TORSO * PX_PER_M]
        assert changed(whole, image).plausible.tolist() == [plausible, plausible]


def test_a_trunk_of_no_length_is_no_persons():
    b = body()
    image = b.image.copy()
    image[..., :2] = [300.0, 200.0] + 0.009 * (image[..., :2] - [300.0, 200.0])
    assert not changed(b, image).plausible.any()
    image[..., :2] = [300.0, 200.0] + 2.0 * (image[..., :2] - [300.0, 200.0])
    assert changed(b, image).plausible.all()


def test_the_quality_is_the_mean_confidence_of_the_better_seen_side():
    limbs = ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")
    b = with_visibility(**{f"left_{j}": 0.6 for j in limbs}, **{f"right_{j}": 0.3 for j in limbs})
    assert b.quality == pytest.approx(0.6)
    b = with_visibility(**{f"left_{j}": 0.6 for j in limbs} | {"left_wrist": 0.0}, **{f"right_{j}": 0.3 for j in limbs})
    assert b.quality == pytest.approx(0.5)


def test_a_body_on_its_back_has_the_belly_up_and_on_all_fours_down():
    assert body(bridge, BRIDGE).belly_up == pytest.approx(90.0, abs=1.0)
    assert body(bridge, BRIDGE, facing="left").belly_up == pytest.approx(90.0, abs=1.0)
    assert body().belly_up == pytest.approx(-90.0, abs=1.0)
    assert body(azimuth=25.0).belly_up == pytest.approx(-65.0, abs=1.0)


def test_a_picture_that_was_knocked_is_shown_as_it_was_filmed():
    b = body()
    knocked = replace(b, shift=np.array([[30.0, -20.0], [0.0, 0.0]]))
    np.testing.assert_array_equal(knocked.as_filmed[0, :, :2], b.image[0, :, :2] + [30.0, -20.0])
    np.testing.assert_array_equal(knocked.as_filmed[1], b.image[1])
    assert replace(b, shift=np.zeros((2, 2))).as_filmed is b.image
    # What the knock moved out of the picture is not in it.
    far = replace(b, shift=np.array([[SIZE[0], 0.0], [0.0, 0.0]]))
    assert not far.inside[0].any() and far.inside[1].all()
