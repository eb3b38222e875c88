"""The length of the trunk: steady through movement and leaning, and soon right again when the distance changes."""

import numpy as np
import pytest

from formcheck.judging.measure.scale import Scale, trunk_length
from formcheck.sight.pose.landmarks import JOINT, SIDES

FAR, NEAR = 100.0, 180.0
#: The numbers stand here a second time, on purpose: one that is moved parts other values than these.
MEMORY_S, STEP_S, MOVED = 30.0, 0.1, ((1.0, 0.3), (4.0, 0.2))


def landmarks(towards_deg, px=120.0):
    """Landmarks of a trunk *px* long that leans at the camera by *towards_deg*; image and world."""
    a = np.radians(np.atleast_1d(np.asarray(towards_deg, dtype=float)))
    image, world = np.full((2, len(a), 33, 4), 0.9)
    trunk = np.stack([np.zeros_like(a), -np.cos(a), -np.sin(a)], -1)
    for side, out in zip(SIDES, (1.0, -1.0), strict=True):
        for joint, at in (("hip", np.zeros_like(trunk)), ("shoulder", trunk)):
            k = JOINT[joint][side]
            image[:, k, :3] = [300 + 20 * out, 200, 0] + px * at
            world[:, k, :3] = [0.1 * out, 0, 0] + 0.5 * at
    return image, world


def run(t, lengths):
    scale = Scale()
    return np.array([scale.update(u, x) for u, x in zip(t.tolist(), lengths.tolist(), strict=True)])


@pytest.mark.parametrize("lean", [0.0, 25.0, -40.0, 55.0])
def test_a_trunk_that_leans_at_the_camera_is_as_long_as_an_upright_one(lean):
    image, world = landmarks(lean)
    shoulder, hip = image[0, JOINT["shoulder"]["left"]], image[0, JOINT["hip"]["left"]]
    assert np.hypot(*(shoulder - hip)[:2]) == pytest.approx(120.0 * np.cos(np.radians(lean)))
    assert trunk_length(image, world) == pytest.approx(120.0)


def test_a_trunk_that_points_at_the_camera_is_not_measured():
    length = trunk_length(*landmarks([59.0, 61.0]))
    assert np.isfinite(length).tolist() == [True, False]


def test_nobody_has_no_length():
    nobody = np.full((2, 33, 4), np.nan)
    assert np.isnan(trunk_length(nobody, nobody)).all()
    assert np.isnan(run(np.arange(3.0), np.full(3, np.nan))).all()


def test_until_the_first_length_there_is_none_and_a_gap_keeps_the_last():
    t = np.arange(0, 3, 0.1)
    lengths = np.where((t < 1) | (t > 2), np.nan, FAR)
    got = run(t, lengths)
    assert np.isnan(got[t < 0.95]).all()
    np.testing.assert_array_equal(got[t > 1], FAR)


@pytest.mark.parametrize("fps", [8, 15, 60])
def test_repetitions_that_shorten_the_trunk_leave_it_steady(fps):
    t = np.arange(0, 40, 1 / fps)
    lengths = FAR * (1 - 0.12 * (1 - np.cos(2 * np.pi * t / 3.0)) / 2)
    late = run(t, lengths)[t > 6]
    assert late.max() / late.min() < 1.02
    assert late.mean() == pytest.approx(0.94 * FAR, rel=0.02)


def test_it_does_not_depend_on_the_frame_rate():
    t = np.arange(0, 20, 1 / 60)
    lengths = FAR * (1 + 0.05 * np.sin(t))
    fine = run(t, lengths)
    for step in (2, 4, 7):
        np.testing.assert_allclose(run(t[::step], lengths[::step])[20:], fine[::step][20:], rtol=0.01)


def test_who_comes_nearer_is_measured_anew_within_two_seconds():
    t = np.arange(0, 30, 0.1)
    lengths = np.where(t < 10, FAR, NEAR)
    got = run(t, lengths)
    np.testing.assert_array_equal(got[t < 10], FAR)
    np.testing.assert_array_equal(got[t > 10 + 1.5], NEAR)


def test_who_walks_on_is_followed():
    t = np.arange(0, 30, 0.1)
    lengths = np.interp(t, [5, 9], [FAR, 2 * FAR])
    got = run(t, lengths)
    assert np.abs(got / lengths - 1).max() < MOVED[0][1] + 0.1
    np.testing.assert_allclose(got[t > 9 + MOVED[1][0]], 2 * FAR, rtol=0.03)


def test_a_passing_glitch_changes_nothing():
    t = np.arange(0, 20, 0.1)
    lengths = np.where((t > 10) & (t < 10.4), 3 * FAR, FAR)
    np.testing.assert_array_equal(run(t, lengths), FAR)


@pytest.mark.parametrize(("share", "anew"), [(0.15, False), (0.25, True)])
def test_a_smaller_change_is_believed_when_it_lasts(share, anew):
    t = np.arange(0, 20, 0.1)
    got = run(t, np.where(t < 10, FAR, FAR * (1 + share)))
    assert got[np.searchsorted(t, 15)] == pytest.approx(FAR * (1 + share) if anew else FAR)


def test_its_memory_is_bounded():
    scale = Scale()
    for k in range(int(3 * MEMORY_S / 0.02)):
        scale.update(0.02 * k, FAR)
    assert len(scale._kept) == len(scale._ordered) <= MEMORY_S / STEP_S + 1
