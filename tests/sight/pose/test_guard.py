"""One body's landmarks stay on it: held where something else is near, looked for again when they leap."""

import numpy as np
import pytest

from formcheck.sight.pose.continuity import LIMBS, UNSEEN, body_px
from formcheck.sight.pose.guard import BACK, COVERED_S, GUARD_S, HELD_S, KNOWN_S, PoseGuard, cut
from formcheck.sight.pose.types import Pose

from .puppets import Puppet, draw

STEP = 1 / 15
ROOM = draw([])
BODY = Puppet((1, 2, 3), 150, 100, 150).pose
SIZE = body_px(BODY)
ARM = LIMBS[0].all


def shifted(by, joints=range(33)):
    image = BODY.image.copy()
    image[list(joints), 0] += by * SIZE
    return Pose(image, BODY.world)


def nobody(picture):
    return None


def never(picture):
    raise AssertionError("looked again")


def known(*, near=False):
    """Return a guard that has followed the body for a while, and the time of the next picture."""
    guard, t = PoseGuard(), 0.0
    while t < KNOWN_S + 0.5:
        assert guard.check(t, ROOM, BODY, never) is BODY
        t += STEP
    if near:
        guard.beware(t)
    return guard, t


# ---- nothing near ----------------------------------------------------------------------------------------
def test_what_goes_on_is_left_alone():
    guard, t = known()
    for k in range(20):
        pose = shifted(0.02 * k)
        assert guard.check(t + k * STEP, ROOM, pose, never) is pose
        assert guard.shown(t + k * STEP, ROOM) is ROOM


def test_a_limb_that_leaps_with_nothing_near_is_believed():
    guard, t = known()
    pose = shifted(1.0, ARM)
    assert guard.check(t, ROOM, pose, never) is pose


def test_a_body_that_leaps_and_is_still_where_it_was_stays_there():
    guard, t = known()
    there = shifted(0.05)
    assert guard.check(t, ROOM, shifted(2.0), lambda picture: there) is there
    assert not guard.covered
    assert guard.shown(t + STEP, ROOM) is not ROOM, "guarded from now on"
    assert guard.shown(t + GUARD_S + STEP, ROOM) is ROOM


def test_the_second_look_sees_nothing_but_the_bodys_surroundings():
    guard, t = known()
    shown = []
    busy = draw([Puppet((200, 10, 10), 400, 60, 180)])
    guard.check(t, busy, shifted(2.0), lambda picture: shown.append(picture) or BODY)
    x, y = (int(v) for v in BODY.image[[11, 12, 23, 24], :2].mean(axis=0))
    np.testing.assert_array_equal(shown[0][y, x], busy[y, x])
    assert (busy[:, 380:, 0] > 190).any() and not (shown[0][:, 380:, 0] > 190).any()


def test_a_body_that_is_seen_elsewhere_with_and_without_the_rest_of_the_picture_has_moved():
    guard, t = known()
    gone = shifted(0.5)
    assert guard.check(t, ROOM, gone, lambda picture: shifted(0.52)) is gone


def test_a_body_that_leaps_and_is_nowhere_else_is_hidden_until_it_is_back():
    guard, t = known()
    assert guard.check(t, ROOM, shifted(2.0), nobody) is None
    assert guard.covered
    assert guard.check(t + STEP, ROOM, shifted(2.1), nobody) is None
    assert guard.check(t + 2 * STEP, ROOM, BODY, nobody) is None, "once is not enough"
    assert guard.check(t + 3 * STEP, ROOM, shifted(0.05), nobody) is not None
    assert not guard.covered


@pytest.mark.parametrize(("by", "back"), [(0.9 * BACK, True), (1.1 * BACK, False)])
def test_back_is_where_it_was(by, back):
    guard, t = known()
    guard.check(t, ROOM, shifted(2.0), nobody)
    guard.check(t + STEP, ROOM, shifted(by), nobody)
    assert (guard.check(t + 2 * STEP, ROOM, shifted(by), nobody) is not None) == back


def test_back_is_also_where_it_was_before_it_was_drawn_along():
    guard, t = known(near=True)
    for k, by in enumerate((0.12, 0.24, 0.36)):
        assert guard.check(t + k * STEP, ROOM, shifted(by), nobody) is not None
    assert guard.check(t + 3 * STEP, ROOM, shifted(2.0), nobody) is None
    assert guard.check(t + 4 * STEP, ROOM, BODY, nobody) is None
    assert guard.check(t + 5 * STEP, ROOM, BODY, nobody) is not None


def test_who_is_hidden_for_long_is_looked_for_everywhere():
    guard, t = known()
    last = t - STEP
    elsewhere = shifted(2.0)
    assert guard.check(last + COVERED_S - 0.02, ROOM, elsewhere, nobody) is None
    assert guard.check(last + COVERED_S + 0.02, ROOM, elsewhere, nobody) is elsewhere


def test_a_limb_that_is_lost_sight_of_is_looked_for_where_it_was_before_something_came_near():
    guard, t = known(near=True)
    wrist = tuple(int(v) for v in BODY.image[15, :2])
    room = ROOM.copy()
    room[wrist[1], wrist[0]] = 255
    for k in range(1, 13):
        guard.beware(t + k * STEP)
        guard.check(t + k * STEP, room, shifted(0.12 * k, ARM), never)
    assert (guard.shown(t + 13 * STEP, room)[wrist[1], wrist[0]] == 255).all()


@pytest.mark.parametrize(("by", "fits"), [(0.9 * BACK, True), (1.1 * BACK, False)])
def test_a_search_finds_who_is_hidden_only_where_he_was(by, fits):
    guard, t = known()
    assert guard.fits(t, shifted(by)) == fits
    assert guard.fits(t + COVERED_S, shifted(5.0))
    assert PoseGuard().fits(0.0, BODY)


def test_what_still_moves_on_is_not_the_one_who_was_hidden():
    guard, t = known()
    last = t - STEP
    guard.check(t, ROOM, shifted(2.0), nobody)
    moves = [2.4, 2.8, 3.2]
    seen = [guard.check(last + COVERED_S + (k + 0.5) * STEP, ROOM, shifted(x), nobody) for k, x in enumerate(moves)]
    assert seen == [None] * 3
    late = last + COVERED_S + 1.1
    elsewhere = shifted(4.0)
    assert guard.check(late, ROOM, elsewhere, nobody) is elsewhere


def test_a_body_just_found_is_not_held_to_where_it_was():
    guard = PoseGuard()
    guard.check(0.0, ROOM, BODY, never)
    elsewhere = shifted(2.0)
    assert guard.check(KNOWN_S - STEP, ROOM, elsewhere, never) is elsewhere


def test_after_a_cut_a_body_may_be_anywhere():
    guard, t = known()
    other = np.full_like(ROOM, 220)
    assert cut(ROOM, other) and not cut(ROOM, draw([], seed=3))
    elsewhere = shifted(2.0)
    assert guard.check(t, other, elsewhere, never) is elsewhere


def test_belly_for_back_is_the_same_body():
    guard, t = known()
    image = BODY.image.copy()
    middle = image[[11, 12, 23, 24], 0].mean()
    image[:, 0] = 2 * middle - image[:, 0] + 0.0
    image[[11, 12], 0] += 0.6 * SIZE
    image[[23, 24], 0] -= 0.6 * SIZE
    turned = Pose(image, BODY.world)
    assert guard.check(t, ROOM, turned, nobody) is turned
    guard, t = known(near=True)
    assert guard.check(t, ROOM, turned, nobody) is None, "with something near it may be half another"


# ---- something near --------------------------------------------------------------------------------------
def test_a_limb_that_leaps_with_something_near_is_held_and_not_seen_for_a_time():
    guard, t = known(near=True)
    leapt = shifted(1.0, ARM)
    wrist = 15
    held = []
    for k in range(int((HELD_S + 0.4) / STEP)):
        guard.beware(t + k * STEP)
        pose = guard.check(t + k * STEP, ROOM, leapt, never)
        held.append(pose.image[wrist, 3] == UNSEEN)
        if held[-1]:
            np.testing.assert_allclose(pose.image[wrist, :2], BODY.image[wrist, :2])
    assert sum(held) * STEP == pytest.approx(HELD_S, abs=2 * STEP)
    assert held == sorted(held, reverse=True), "held, then believed"


def test_a_limb_that_comes_back_is_seen_again():
    guard, t = known(near=True)
    guard.check(t, ROOM, shifted(1.0, ARM), never)
    assert guard.check(t + STEP, ROOM, BODY, never) is BODY


def test_a_body_that_leaps_with_something_near_is_hidden_without_another_look():
    guard, t = known(near=True)
    assert guard.check(t, ROOM, shifted(0.5), never) is None


def test_somebody_chosen_is_guarded_from_the_first_picture():
    guard = PoseGuard()
    guard.adopt(5.0, ROOM, BODY)
    assert guard.last == (5.0, BODY)
    assert guard.shown(5.0 + STEP, ROOM) is not ROOM
    assert guard.check(5.0 + STEP, ROOM, shifted(2.0), never) is None
