"""A body goes on from where it was: what moves too far at once has leapt, whatever its names."""

import numpy as np
import pytest

from formcheck.sight.pose.continuity import (
    FAR,
    FASTEST,
    LEAP,
    LIMBS,
    STRICT_LEAP,
    UNSEEN,
    body_px,
    centre,
    held,
    leap,
    moved,
)
from formcheck.sight.pose.landmarks import PAIRS
from formcheck.sight.pose.types import Pose

from .puppets import Puppet

BODY = Puppet((1, 2, 3), 150, 100, 150).pose
SIZE = body_px(BODY)
#: Sooner than a joint moves by more than LEAP.
SOON = 0.5 * LEAP / FASTEST


def shifted(by, joints=range(33)):
    """Return the body with some joints moved up by torso lengths."""
    image = BODY.image.copy()
    image[list(joints), 1] -= by * SIZE
    return Pose(image, BODY.world)


def trunk_moved(by):
    return shifted(by, (11, 12, 23, 24))


@pytest.mark.parametrize("limb", range(4))
@pytest.mark.parametrize(("by", "leaps"), [(0.95 * LEAP, False), (1.05 * LEAP, True)])
def test_a_limb_that_moves_further_than_it_can_has_leapt(limb, by, leaps):
    found = leap(shifted(by, LIMBS[limb].all), BODY, SOON)
    assert found.limbs == ((limb,) if leaps else ())
    assert not found.trunk and bool(found) == leaps


@pytest.mark.parametrize(("by", "leaps"), [(0.95, False), (1.05, True)])
def test_the_longer_nobody_looked_the_further_it_can_have_gone_but_not_from_one_body_to_another(by, leaps):
    longer = 0.5 * (LEAP + FAR)
    limb = LIMBS[0].all
    assert bool(leap(shifted(by * longer, limb), BODY, longer / FASTEST)) == leaps
    assert bool(leap(shifted(by * FAR, limb), BODY, 10.0)) == leaps


@pytest.mark.parametrize(("by", "leaps"), [(0.95 * STRICT_LEAP, False), (1.05 * STRICT_LEAP, True)])
def test_less_is_a_leap_where_something_else_is_near(by, leaps):
    assert bool(leap(shifted(by, LIMBS[1].all), BODY, SOON / 10, strict=True)) == leaps
    assert not leap(shifted(by, LIMBS[1].all), BODY, SOON / 10)


def test_a_trunk_that_leaps_says_nothing_of_its_limbs():
    assert leap(shifted(1.05 * LEAP), BODY, SOON).trunk
    assert leap(shifted(1.05 * LEAP), BODY, SOON).limbs == ()
    assert not leap(shifted(0.95 * LEAP), BODY, SOON), "all of it has moved, no limb by itself"


def test_names_that_change_are_no_leap():
    image, world = BODY.image.copy(), BODY.world.copy()
    image[:, 0] += np.linspace(0, 3 * SIZE, 33)
    spread = Pose(image, world)
    image = image.copy()
    for a, b in PAIRS:
        image[[a, b]] = image[[b, a]]
    assert not leap(Pose(image, world), spread, SOON)


def test_how_far_a_trunk_has_moved_is_in_torso_lengths():
    assert moved(BODY, BODY) == 0.0
    assert moved(shifted(0.4), BODY) == pytest.approx(0.4)


def test_a_body_seen_end_on_has_a_size_too():
    image = BODY.image.copy()
    image[[23, 24], :2] = image[[11, 12], :2]
    assert Pose(image, BODY.world).torso_px == pytest.approx(0.0, abs=1e-9)
    assert body_px(Pose(image, BODY.world)) > 0.2 * SIZE


def test_a_limb_that_is_held_goes_with_its_root_and_is_not_seen():
    left_arm = LIMBS[0]
    now = trunk_moved(0.2)
    kept = held(now, BODY, (0,))
    wrist = 15
    np.testing.assert_allclose(kept.image[wrist, :2], BODY.image[wrist, :2] - [0, 0.2 * SIZE])
    assert (kept.image[list(left_arm.all), 3] == UNSEEN).all() and (kept.world[list(left_arm.all), 3] == UNSEEN).all()
    others = [k for k in range(33) if k not in left_arm.all]
    np.testing.assert_array_equal(kept.image[others], now.image[others])
    assert held(now, BODY, ()) is now
    assert now.image[wrist, 3] > UNSEEN, "what was given in is not changed"


def test_the_middle_is_that_of_the_trunk():
    np.testing.assert_allclose(centre(trunk_moved(1.0)), centre(BODY) - [0, SIZE])
