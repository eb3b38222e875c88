"""Left-right swaps: brief ones are undone, lasting ones believed, nothing is ever invented."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formcheck.sight.pose.landmarks import ARM_PAIRS, JOINT, LEG_PAIRS, PAIRS
from formcheck.sight.pose.repair import MAX_BLEND_S, MAX_SWAP_S, STILL, SURE_S, SwapRepair

from ...judging.exercises.figures import FRONT
from ...judging.exercises.figures2 import shoot as shoot_lying
from ...judging.exercises.figures2 import side_lying
from ...judging.exercises.stick import ALL_FOURS, PX_PER_M, TORSO, Motion, all_fours, shoot

FPS = 15
TRUNK_PAIRS = tuple((JOINT[j]["left"], JOINT[j]["right"]) for j in ("shoulder", "hip"))


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


def test_a_body_taken_for_its_mirror_image_is_undone_below_the_head():
    track = shoot_lying(side_lying, 5.0, lambda t: {}, FRONT)
    image, world = swapped(track, 3.0, 3.0 + 0.8 * MAX_SWAP_S, PAIRS)
    fixed = repaired(track.t, image, world)
    body = np.arange(11, 33)
    assert not np.allclose(image[:, body], track.image[:, body], equal_nan=True)
    np.testing.assert_array_equal(fixed[0][:, body], track.image[:, body])
    np.testing.assert_array_equal(fixed[1][:, body], track.world[:, body])


def from_the_side(apart_px: float, deep_m: float = 0.17):
    """Two seconds of a body seen from the side: its shoulders hide each other, its hips are so far apart."""
    t = np.arange(0.0, 2.0, 1 / FPS)
    one_image, one_world = np.full((33, 4), 50.0), np.zeros((33, 4))
    one_image[:, 3] = one_world[:, 3] = 0.9
    for (left, right), y, off in zip(TRUNK_PAIRS, (100.0, 200.0), (1.0, apart_px), strict=True):
        one_image[left, :2], one_image[right, :2] = (100.0, y), (100.0 + off, y)
        one_world[left, :3], one_world[right, :3] = (0.0, y / 200, -deep_m), (0.02, y / 200, deep_m)
    return t, np.stack([one_image] * len(t)), np.stack([one_world] * len(t))


def test_a_trunk_whose_shoulders_hide_each_other_is_not_left_twisted():
    t, image, world = from_the_side(apart_px=40.0)
    wrong_image, wrong_world = image.copy(), world.copy()
    when = (t >= 1.0) & (t < 1.5)
    for a, b in TRUNK_PAIRS:
        for m in (wrong_image, wrong_world):
            m[np.ix_(when, [a, b])] = m[np.ix_(when, [b, a])]
    fixed = repaired(t, wrong_image, wrong_world)
    np.testing.assert_array_equal(fixed[0], image)
    np.testing.assert_array_equal(fixed[1], world)


@pytest.mark.parametrize(("deep_m", "exchanged"), [(0.019, False), (0.021, True)])
def test_shoulders_that_hardly_point_out_of_the_picture_are_told_by_themselves(deep_m, exchanged):
    t, image, world = from_the_side(apart_px=40.0, deep_m=deep_m / 2)
    wrong_image, wrong_world = image.copy(), world.copy()
    for a, b in TRUNK_PAIRS:
        for m in (wrong_image, wrong_world):
            m[np.ix_([20], [a, b])] = m[np.ix_([20], [b, a])]
    shoulders = [*TRUNK_PAIRS[0]]
    fixed = repaired(t, wrong_image, wrong_world)[0]
    assert np.array_equal(fixed[20, shoulders], image[20, shoulders]) is exchanged


def test_names_that_held_only_briefly_are_given_up_as_soon():
    track = figure()
    # Wrong from the first frame on for 0.3 s, then right.
    image, world = swapped(track, 3.0, 3.3, LEG_PAIRS)
    late = track.t >= 3.0
    fixed, _ = repaired(track.t[late], image[late], world[late])
    settled = track.t[late] > 3.0 + 2 * 0.3 + 2 / FPS
    np.testing.assert_array_equal(fixed[settled], track.image[late][settled])


def test_a_frame_between_both_names_does_not_turn_the_right_names_after_it_into_a_swap():
    m = Motion(ALL_FOURS).wait(1).to(1, arm_right=0.0, leg_left=-6.0, knee_left=178.0).wait(1).back(0.6).wait(1)
    track = shoot(all_fours, m, fps=FPS)
    for k in np.flatnonzero((track.t > 3.0) & (track.t < 3.5)):
        image = track.image.copy()
        for a, b in LEG_PAIRS:
            # As the leg comes down both are drawn most of the way to the other one.
            image[k, [a, b]] = 0.35 * image[k, [a, b]] + 0.65 * image[k, [b, a]]
        fixed, _ = repaired(track.t, image, track.world)
        np.testing.assert_array_equal(np.delete(fixed, k, axis=0), np.delete(track.image, k, axis=0))


def blended(track, lo, hi, share=0.5, pairs=LEG_PAIRS):
    """Draw the limbs of *pairs* between each other: each *share* of the way to the other one."""
    image, world = track.image.copy(), track.world.copy()
    when = (track.t >= lo) & (track.t < hi)
    for a, b in pairs:
        for m in (image, world):
            left, right = m[when, a, :3].copy(), m[when, b, :3].copy()
            m[when, a, :3], m[when, b, :3] = left + share * (right - left), right + share * (left - right)
    return image, world


@pytest.mark.parametrize("share", [0.25, 0.5, 0.65])
def test_limbs_drawn_between_each_other_are_drawn_where_they_were_while_the_hips_stand_still(share):
    track = figure()
    image, world = blended(track, 3.0, 3.0 + 0.8 * MAX_BLEND_S, share)
    fixed = repaired(track.t, image, world)
    np.testing.assert_allclose(fixed[0], track.image, atol=1e-6)
    np.testing.assert_allclose(fixed[1], track.world, atol=1e-6)


def test_limbs_drawn_a_little_nearer_to_each_other_are_left_alone():
    track = figure()
    image, world = blended(track, 3.0, 3.5, 0.15)
    fixed, _ = repaired(track.t, image, world)
    np.testing.assert_array_equal(fixed, image)


def test_feet_that_meet_while_the_body_walks_on_are_left_alone():
    track = figure()
    image, world = blended(track, 3.0, 3.5)
    step = 2 * STILL * TORSO * PX_PER_M
    image[..., 0] += step * np.arange(len(track.t))[:, None]
    fixed, _ = repaired(track.t, image, world)
    np.testing.assert_array_equal(fixed, image)


def test_limbs_that_stay_together_are_believed():
    track = figure()
    image, world = blended(track, 3.0, 99.0)
    fixed, _ = repaired(track.t, image, world)
    late = track.t > 3.0 + MAX_BLEND_S + 2 / FPS
    np.testing.assert_array_equal(fixed[late], image[late])


def test_limbs_whose_names_have_not_held_yet_are_not_drawn_where_they_were():
    track = figure()
    late = track.t >= 3.0 - 0.8 * SURE_S
    image, world = blended(track, 3.0, 3.4)
    fixed, _ = repaired(track.t[late], image[late], world[late])
    np.testing.assert_array_equal(fixed, image[late])


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
        for a, b in ARM_PAIRS + LEG_PAIRS + TRUNK_PAIRS:
            assert sorted(map(tuple, got[[a, b]])) == sorted(map(tuple, had[[a, b]]))
        others = [k for k in range(33) if all(k not in p for p in ARM_PAIRS + LEG_PAIRS + TRUNK_PAIRS)]
        np.testing.assert_array_equal(got[others], had[others])
