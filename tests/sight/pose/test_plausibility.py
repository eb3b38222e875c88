"""A body looks like a body whichever way it lies, and one laid head to feet does not."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formcheck.sight.pose.estimator import MIN_PLAUSIBILITY
from formcheck.sight.pose.plausibility import plausibility
from formcheck.sight.pose.types import Pose

from ...judging.exercises.stick import (  # fmt: skip
    ALL_FOURS,
    BRIDGE,
    SIDE_SUPPORT,
    STANDING,
    Motion,
    all_fours,
    bridge,
    film,
    side_support,
    standing,
)

FIGURES = {
    "plane": (all_fours, ALL_FOURS),
    "bridge": (bridge, BRIDGE),
    "side support": (side_support, SIDE_SUPPORT),
    "standing": (standing, STANDING),
}


def pose(name="standing", **camera):
    build, start = FIGURES[name]
    t = np.array([0.0])
    track = film(build, Motion(start).sample(t), t, **camera)
    return Pose(track.image[0], track.world[0])


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize("facing", ["right", "left"])
def test_a_body_is_believed_in_every_exercise(name, facing):
    assert plausibility(pose(name, facing=facing)) > 0.85


@pytest.mark.parametrize("name", FIGURES)
def test_a_body_laid_head_to_feet_is_not_believed(name):
    p = pose(name)
    image, world = p.image.copy(), p.world.copy()
    for m in (image, world):
        # The face is found at the feet: head where the ankles are, ankles where the head is.
        face, feet = m[0:11].copy(), m[27:33].copy()
        m[0:11], m[27:33] = feet[0], face[0]
    assert plausibility(Pose(image, world)) < min(plausibility(p) - 0.15, 0.8)


@settings(max_examples=30)
@given(st.floats(0, 360), st.floats(0.5, 3), st.floats(-500, 500))
def test_turn_size_and_place_in_the_picture_do_not_matter(turn, size, shift):
    p = pose()
    a = np.radians(turn)
    r = np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]])
    image, world = p.image.copy(), p.world.copy()
    image[:, :2] = image[:, :2] @ r.T * size + shift
    world[:, :2] = world[:, :2] @ r.T
    # The span of the body is measured along the picture's axes, hence the tolerance.
    assert plausibility(Pose(image, world)) == pytest.approx(plausibility(p), abs=1e-6)


@given(st.integers(0, 1000))
@settings(max_examples=30)
def test_it_is_a_share_and_scattered_points_are_no_body(seed):
    rng = np.random.default_rng(seed)
    value = plausibility(Pose(rng.uniform(0, 500, (33, 4)), np.c_[rng.normal(size=(33, 3)), np.ones(33)]))
    assert 0.0 <= value <= 1.0


def test_scattered_points_are_mostly_not_believed():
    rng = np.random.default_rng(0)
    made = [Pose(rng.uniform(0, 500, (33, 4)), np.c_[rng.normal(size=(33, 3)), np.ones(33)]) for _ in range(200)]
    assert np.mean([plausibility(p) < MIN_PLAUSIBILITY for p in made]) > 0.5
    assert max(plausibility(p) for p in made) <= 1.0


def test_less_seen_is_less_believed():
    p = pose()
    world = p.world.copy()
    world[:, 3] = 0.1
    assert plausibility(Pose(p.image, world)) < plausibility(p)


def test_a_body_without_size_or_numbers_is_not_believed():
    p = pose()
    flat = p.world.copy()
    flat[:, :3] = 0.0
    assert plausibility(Pose(p.image, flat)) == 0.0
    assert plausibility(Pose(p.image, np.full((33, 4), np.nan))) == 0.0
