"""Poses and tracks: shapes, order of time, and the way from observations to a track and back."""

import numpy as np
import pytest

from formcheck.sight.pose.types import Ball, Observation, Pose, Track

LANDMARKS = np.arange(33 * 4, dtype=float).reshape(33, 4)


def track(n=3, **changed):
    image = np.repeat(LANDMARKS[None], n, 0)
    parts = {
        "t": np.arange(n) / 10,
        "image": image,
        "world": image / 100,
        "ball": np.full((n, 4), np.nan),
        "size": (640, 360),
    }
    return Track(**{**parts, **changed})


@pytest.mark.parametrize("name", ["image", "world"])
@pytest.mark.parametrize("shape", [(33, 3), (32, 4), (33,), (1, 33, 4)])
def test_a_pose_of_another_shape_is_refused_by_name_and_shape(name, shape):
    parts = {"image": LANDMARKS, "world": LANDMARKS, name: np.zeros(shape)}
    with pytest.raises(ValueError, match="expected shape") as error:
        Pose(**parts)
    assert str(error.value) == f"{name}: expected shape (33, 4), got {shape}"


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("t", np.zeros((3, 1)), r"t: expected shape \(n\), got \(3, 1\)"),
        ("image", np.zeros((2, 33, 4)), r"image: expected shape \(3, 33, 4\), got \(2, 33, 4\)"),
        ("world", np.zeros((3, 33, 3)), r"world: expected shape \(3, 33, 4\), got \(3, 33, 3\)"),
        ("ball", np.zeros((3, 3)), r"ball: expected shape \(3, 4\), got \(3, 3\)"),
        ("t", np.array([0.0, 0.2, 0.2]), "strictly increasing"),
        ("t", np.array([0.0, 0.2, 0.1]), "strictly increasing"),
        ("t", np.array([0.0, np.nan, 0.1]), "finite"),
    ],
)
def test_a_track_whose_parts_do_not_agree_is_refused(name, value, message):
    with pytest.raises(ValueError, match=message):
        track(**{name: value})


def test_observations_make_a_track_and_come_back():
    pose = Pose(LANDMARKS, LANDMARKS / 100)
    ball = Ball(5.0, 6.0, 7.0, 0.5)
    given = [
        Observation(0.0, pose, (640, 360)),
        Observation(0.1, None, (640, 360), ball),
        Observation(0.35, pose, (640, 360)),
    ]
    made = Track.from_observations(given, {"source": "camera"})
    assert len(made) == 3
    assert made.found.tolist() == [True, False, True]
    assert made.meta == {"source": "camera"}
    back = list(made)
    assert [o.t for o in back] == [0.0, 0.1, 0.35]
    assert back[1].pose is None and back[1].ball == ball and back[0].ball is None
    np.testing.assert_array_equal(back[2].pose.image, LANDMARKS)
    np.testing.assert_array_equal(back[2].pose.world, LANDMARKS / 100)
    assert all(o.size == (640, 360) for o in back)


def test_no_observations_make_no_track():
    with pytest.raises(ValueError, match="at least one"):
        Track.from_observations([])


def test_other_landmarks_keep_time_and_size():
    a = track()
    b = a.with_poses(a.image + 1, a.world)
    assert (b.image == a.image + 1).all() and (b.t == a.t).all() and b.size == a.size


def test_lists_of_numbers_are_taken_as_arrays():
    assert Pose(LANDMARKS.astype(int).tolist(), LANDMARKS.tolist()).image.dtype == np.float64


def test_a_track_is_turned_as_its_picture_would_be():
    n = 2
    image, world, ball = np.zeros((n, 33, 4)), np.zeros((n, 33, 4)), np.full((n, 4), np.nan)
    image[0, 5] = 100, 20, 7, 0.5
    world[0, 5] = 0.3, -0.1, 0.7, 0.5
    ball[0] = 10, 300, 40, 0.9
    image[1] = np.nan
    made = track(n=n, image=image, world=world, ball=ball)
    quarter = made.turned(90)
    # What was at the left is at the top, what was at the top is at the right.
    assert quarter.size == (360, 640)
    np.testing.assert_array_equal(quarter.image[0, 5], [340, 100, 7, 0.5])
    np.testing.assert_allclose(quarter.world[0, 5], [0.1, 0.3, 0.7, 0.5])
    np.testing.assert_array_equal(quarter.ball[0], [60, 10, 40, 0.9])
    assert quarter.found.tolist() == [True, False]
    assert made.turned(180).size == (640, 360)
    np.testing.assert_array_equal(made.turned(180).image[0, 5], [540, 340, 7, 0.5])
    np.testing.assert_array_equal(made.turned(270).turned(90).image, image)
