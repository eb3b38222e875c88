"""Left-right swaps: brief ones are undone, lasting ones believed, nothing is ever invented."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formcheck.pose.landmarks import ARM_PAIRS, LEG_PAIRS
from formcheck.pose.repair import MAX_SWAP_S, SwapRepair

from ..exercises.stick import ALL_FOURS, Motion, all_fours, shoot

FPS = 15


def figure():
    """On all fours, then right arm and left leg raised: left and right are far apart."""
    m = Motion(ALL_FOURS).wait(1).to(1, arm_right=0.0, leg_left=-6.0, knee_left=178.0).wait(4)
    return shoot(all_fours, m, fps=FPS)


def swapped(track, lo, hi, pairs):
    image, world = track.image.copy(), track.world.copy()
    when = (track.t >= lo) & (track.t < hi)
    for a, b in pairs:
        for m in (image, world):
            m[np.ix_(when, [a, b])] = m[np.ix_(when, [b, a])]
    return image, world


def repaired(t, image, world):
    r = SwapRepair()
    out = [r.update(float(u), i, w) for u, i, w in zip(t, image, world, strict=True)]
    return np.stack([i for i, _ in out]), np.stack([w for _, w in out])


@pytest.mark.parametrize("pairs", [ARM_PAIRS, LEG_PAIRS, ARM_PAIRS + LEG_PAIRS], ids=["arms", "legs", "both"])
def test_a_brief_swap_is_undone_in_picture_and_space(pairs):
    track = figure()
    image, world = swapped(track, 3.0, 3.0 + 0.8 * MAX_SWAP_S, pairs)
    assert not np.array_equal(image, track.image)
    fixed = repaired(track.t, image, world)
    np.testing.assert_array_equal(fixed[0], track.image)
    np.testing.assert_array_equal(fixed[1], track.world)


def test_a_lasting_swap_is_believed():
    track = figure()
    image, world = swapped(track, 3.0, 99.0, LEG_PAIRS)
    fixed, _ = repaired(track.t, image, world)
    late = track.t > 3.0 + MAX_SWAP_S + 2 / FPS
    np.testing.assert_array_equal(fixed[late], image[late])


def test_a_movement_without_swaps_is_left_alone():
    track = figure()
    fixed = repaired(track.t, track.image, track.world)
    np.testing.assert_array_equal(fixed[0], track.image)
    np.testing.assert_array_equal(fixed[1], track.world)


def test_a_swap_across_a_gap_is_not_guessed():
    track = figure()
    image, world = swapped(track, 4.0, 99.0, LEG_PAIRS)
    kept = (track.t < 3.0) | (track.t >= 4.0)
    fixed, _ = repaired(track.t[kept], image[kept], world[kept])
    np.testing.assert_array_equal(fixed, image[kept])


def test_frames_without_a_body_pass_through():
    nothing = np.full((33, 4), np.nan)
    image, world = SwapRepair().update(0.0, nothing, nothing)
    assert np.isnan(image).all() and np.isnan(world).all()


def test_the_landmarks_given_in_are_not_changed():
    track = figure()
    image, world = swapped(track, 3.0, 3.2, LEG_PAIRS)
    before = image.copy(), world.copy()
    repaired(track.t, image, world)
    np.testing.assert_array_equal(image, before[0])
    np.testing.assert_array_equal(world, before[1])


@settings(max_examples=25)
@given(st.integers(0, 10_000))
def test_only_names_change_never_positions(seed):
    rng = np.random.default_rng(seed)
    track = figure()
    image = track.image[30:50] + rng.normal(0, 60, (20, 33, 4))
    fixed, _ = repaired(track.t[30:50], image, image)
    for got, had in zip(fixed, image, strict=True):
        for a, b in ARM_PAIRS + LEG_PAIRS:
            assert sorted(map(tuple, got[[a, b]])) == sorted(map(tuple, had[[a, b]]))
        others = [k for k in range(33) if all(k not in p for p in ARM_PAIRS + LEG_PAIRS)]
        np.testing.assert_array_equal(got[others], had[others])
