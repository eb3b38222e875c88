"""The pose estimator: turning pictures and poses back, finding a body that lies the wrong way, and honest errors."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formcheck.errors import ModelError
from formcheck.sight.pose.continuity import body_px, centre
from formcheck.sight.pose.estimator import (
    CONFIRM_AT_S,
    DOUBT_AT_LAST_S,
    MIN_PLAUSIBILITY,
    SEARCH_AFTER,
    MediaPipePose,
    apart,
    turned,
    turned_back,
)
from formcheck.sight.pose.landmarks import PAIRS
from formcheck.sight.pose.pictures import enlarged
from formcheck.sight.pose.plausibility import plausibility
from formcheck.sight.pose.types import Pose

turns = st.integers(0, 3)
sides = st.integers(2, 40)


# ---- turning -----------------------------------------------------------------------------------------------
@given(turns, sides, sides, st.data())
@settings(max_examples=60)
def test_a_spot_found_in_a_turned_picture_comes_back_to_where_it_is(turn, h, w, data):
    row, column = data.draw(st.integers(0, h - 1)), data.draw(st.integers(0, w - 1))
    picture = np.zeros((h, w, 3), np.uint8)
    picture[row, column] = 255
    found_row, found_column = np.argwhere(turned(picture, turn)[..., 0])[0]
    image = np.zeros((33, 4))
    # Centres of pixels.
    image[:, 0], image[:, 1] = found_column + 0.5, found_row + 0.5
    back = turned_back(Pose(image, np.zeros((33, 4))), turn, picture.shape)
    np.testing.assert_allclose(back.image[:, :2], np.tile([column + 0.5, row + 0.5], (33, 1)))


@given(turns, st.integers(0, 1000))
@settings(max_examples=30)
def test_turning_back_keeps_depth_visibility_and_the_shape_of_the_body(turn, seed):
    rng = np.random.default_rng(seed)
    pose = Pose(rng.uniform(0, 300, (33, 4)), rng.normal(size=(33, 4)))
    back = turned_back(pose, turn, (300, 400, 3))
    for a, b in ((pose.image, back.image), (pose.world, back.world)):
        np.testing.assert_array_equal(a[:, 2:], b[:, 2:])
        lengths = [np.linalg.norm(m[:-1, :3] - m[1:, :3], axis=1) for m in (a, b)]
        np.testing.assert_allclose(*lengths)


@given(turns, st.integers(0, 1000))
@settings(max_examples=30)
def test_picture_and_space_are_turned_the_same_way(turn, seed):
    xyz = np.random.default_rng(seed).normal(size=(33, 4))
    image = xyz.copy()
    image[:, :2] = 150 + 50 * xyz[:, :2]
    back = turned_back(Pose(image, xyz), turn, (300, 300, 3))
    np.testing.assert_allclose(back.image[:, :2] - 150, 50 * back.world[:, :2], atol=1e-9)


def test_four_quarter_turns_are_none_and_nobody_stays_nobody():
    picture = np.arange(24, dtype=np.uint8).reshape(2, 4, 3)
    assert turned(picture, 4) is picture
    assert turned_back(None, 1, (2, 4, 3)) is None


def test_poses_given_in_are_not_changed():
    pose = Pose(np.ones((33, 4)), np.ones((33, 4)))
    turned_back(pose, 1, (10, 20, 3))
    assert (pose.image == 1).all() and (pose.world == 1).all()


# ---- the model ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize("content", [None, b"", b"not a model"])
def test_a_model_that_cannot_be_loaded_is_one_clear_error(tmp_path: Path, content):
    file = tmp_path / "pose.task"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ModelError) as error:
        MediaPipePose(file)
    assert str(file) in str(error.value) and "\n" not in str(error.value) and "formcheck models" in error.value.hint


@pytest.fixture(scope="module")
def frame(samples) -> np.ndarray:
    """A picture of somebody on all fours, side on."""
    from formcheck.sight.video.source import open_source

    with open_source(samples / "plane-correct.mp4") as source:
        return next(iter(source)).image


@pytest.fixture(scope="module")
def upright(pose_model, frame) -> Pose:
    with MediaPipePose(pose_model) as estimator:
        pose = estimator.estimate(0.0, frame)
    assert pose is not None
    return pose


def test_a_person_is_found_at_once_where_she_is(upright, frame):
    h, w = frame.shape[:2]
    assert plausibility(upright) >= MIN_PLAUSIBILITY
    x, y = upright.image[:, 0], upright.image[:, 1]
    assert (x > -0.05 * w).all() and (x < 1.05 * w).all() and (y > -0.05 * h).all() and (y < 1.05 * h).all()
    assert ((upright.image[:, 3] >= 0) & (upright.image[:, 3] <= 1)).all()
    # On all fours: hips over the knees, shoulders over the wrists.
    assert upright.image[23, 1] < upright.image[25, 1] and upright.image[11, 1] < upright.image[15, 1]


@pytest.mark.parametrize("turn", [1, 2, 3])
def test_a_turned_picture_of_the_person_is_found_again_within_some_frames(pose_model, frame, upright, turn):
    picture = turned(frame, turn)
    found = None
    with MediaPipePose(pose_model) as estimator:
        for k in range(SEARCH_AFTER + 10):
            found = estimator.estimate(k / 15, picture) or found
    assert found is not None
    # What was found in the turned picture, seen upright.
    back = turned_back(found, turn, frame.shape).image
    torso = np.linalg.norm(
        (upright.image[11, :2] + upright.image[12, :2] - upright.image[23, :2] - upright.image[24, :2]) / 2
    )
    # Shoulders and hips; the model may exchange the sides of a body lying the other way round.
    for a, b in ((11, 12), (23, 24)):
        middle = (back[a, :2] + back[b, :2]) / 2 - (upright.image[a, :2] + upright.image[b, :2]) / 2
        assert np.linalg.norm(middle) < 0.35 * torso


def test_an_empty_picture_holds_nobody_even_after_a_search(pose_model):
    with MediaPipePose(pose_model) as estimator:
        assert all(
            estimator.estimate(k / 15, np.full((240, 320, 3), 90, np.uint8)) is None for k in range(SEARCH_AFTER + 2)
        )


def test_closing_twice_is_allowed_and_leaves_another_one_alone(pose_model, frame):
    estimator = MediaPipePose(pose_model)
    with MediaPipePose(pose_model) as other:
        estimator.close()
        estimator.close()
        assert other.estimate(0.0, frame) is not None


def test_the_same_pictures_give_the_same_poses(pose_model, frame, upright):
    with MediaPipePose(pose_model) as estimator:
        again = estimator.estimate(0.0, frame)
    np.testing.assert_allclose(again.image, upright.image, atol=1e-3)


# ---- second looks ------------------------------------------------------------------------------------------
def moved(pose: Pose, by: float) -> Pose:
    image = pose.image.copy()
    image[:, 0] += by
    return Pose(image, pose.world)


def exchanged(pose: Pose) -> Pose:
    image, world = pose.image.copy(), pose.world.copy()
    for a, b in PAIRS:
        image[[a, b]], world[[a, b]] = image[[b, a]], world[[b, a]]
    return Pose(image, world)


def test_bodies_are_apart_by_torso_lengths_whichever_way_round(upright):
    d = upright.image[[11, 12, 23, 24], :2]
    torso = float(np.linalg.norm((d[0] + d[1] - d[2] - d[3]) / 2))
    assert apart(upright, upright) == 0.0
    assert apart(upright, moved(upright, torso)) == pytest.approx(1.0)
    assert apart(moved(upright, 30), upright) == apart(upright, moved(upright, 30))
    assert apart(upright, exchanged(upright)) > 0.0


class Looks:
    """Stands in for the model: gives these poses to fresh looks, upright first, then turned."""

    def __init__(self, *poses: Pose | None) -> None:
        self.poses = list(poses)

    def __call__(self, image: np.ndarray, turn: int, crop: float | None) -> Pose | None:
        return self.poses.pop(0)


def test_where_two_looks_differ_a_third_decides(pose_model, frame, upright, monkeypatch):
    far = moved(upright, 400)
    for looks, chosen in (
        ((upright,), upright),
        # Elsewhere: a look without it tells whether there are two.
        ((far, None, upright), upright),
        ((far, None, far), far),
        ((None,), upright),
        ((far, None, None), upright),
    ):
        with MediaPipePose(pose_model) as estimator:
            monkeypatch.setattr(estimator, "_look", Looks(*looks))
            assert estimator._second_look(0.0, frame, upright) is chosen


@pytest.mark.parametrize(("torso_px", "scale"), [(45.0, 2.0), (90.0, 1.0), (20.0, 3.0)])
def test_a_body_found_by_a_search_is_shown_to_the_tracker_large(
    pose_model, frame, upright, monkeypatch, torso_px, scale
):
    """Its own search misses who is small, and takes something else for a body."""
    share = torso_px / body_px(upright)
    small = Pose(np.concatenate([upright.image[:, :3] * share, upright.image[:, 3:]], axis=1), upright.world)
    shown: list[np.ndarray] = []
    with MediaPipePose(pose_model) as estimator:
        monkeypatch.setattr(estimator, "_next", lambda t, picture: shown.append(picture))
        monkeypatch.setattr(estimator, "_search", lambda picture: (0, small))
        found = [estimator._followed(k / 15, frame) for k in range(SEARCH_AFTER)]
    assert found[:-1] == [None] * (SEARCH_AFTER - 1) and found[-1] is small
    assert len(shown) == SEARCH_AFTER + 1
    assert min(frame.shape[:2]) == 360 and np.array_equal(shown[-1], enlarged(frame, centre(small), scale))


def doubting(estimator: MediaPipePose) -> Callable[..., bool]:
    """Ask whether a body is doubted; where it is, a fresh look shows the same."""

    def doubted(t: float, pose: Pose, p: float = 1.0, fresh: bool = False) -> bool:
        out = estimator._doubtful(t, pose, p, fresh=fresh)
        if out:
            estimator._checked_at = t
        estimator._last = (t, pose)
        return out

    return doubted


def test_a_body_found_by_a_fresh_look_is_not_doubted_at_once(pose_model, upright):
    with MediaPipePose(pose_model) as estimator:
        doubted = doubting(estimator)
        assert [t / 10 for t in range(30) if doubted(t / 10, upright, fresh=t == 0)] == list(CONFIRM_AT_S[1:])


def test_an_odd_body_is_doubted_ever_less_often(pose_model, upright):
    with MediaPipePose(pose_model) as estimator:
        doubted = doubting(estimator)
        times = [t / 4 for t in range(100) if doubted(t / 4, upright, 0.9)]
        waits = np.diff([t for t in times if t > CONFIRM_AT_S[-1]])
        assert (np.diff(waits) >= 0).all()
        assert waits[-1] == DOUBT_AT_LAST_S
        assert doubted(25.0, moved(upright, 400), 0.9), "a leap is doubted at once"


def test_a_body_is_doubted_when_found_when_it_leaps_and_when_it_is_odd(pose_model, upright):
    with MediaPipePose(pose_model) as estimator:
        doubted = doubting(estimator)
        assert [t / 10 for t in range(30) if doubted(t / 10, upright)] == list(CONFIRM_AT_S)
        assert doubted(3.0, moved(upright, 400))
        assert not doubted(3.1, upright), "not again so soon"
        assert doubted(4.0, upright, 0.9)
        assert not doubted(5.0, upright)
