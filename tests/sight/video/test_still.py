"""A camera that hangs is told from one that does not."""

import numpy as np
import pytest

from formcheck.sight.video.still import MOST, SHARE, Stills

GROUND = (np.add.outer(np.arange(180), np.arange(320)) % 200).astype(np.uint8)[..., None].repeat(3, axis=2)


def told(*pictures):
    stills = Stills()
    return [stills.same(p) for p in pictures]


def changed(by, ground=GROUND):
    out = ground.copy()
    out[80:100, 150:170] = np.clip(out[80:100, 150:170].astype(int) + by, 0, 255)
    return out


def test_the_first_picture_is_like_none_before():
    assert told(GROUND, GROUND, GROUND) == [False, True, True]


@pytest.mark.parametrize(("by", "same"), [(int(MOST), True), (int(MOST) + 1, False)])
def test_what_encoding_does_to_the_same_picture_is_no_change(by, same):
    assert told(GROUND, changed(by)) == [False, same]


def test_slow_movement_adds_up():
    assert told(*(changed(k) for k in range(4))) == [False, True, True, False]


@pytest.mark.parametrize(("spread", "same"), [(1.2 / SHARE, True), (0.8 / SHARE, False)])
def test_in_a_flat_picture_less_is_a_change(spread, same):
    flat = np.where(np.arange(320) % 64 < 32, 100 - spread, 100 + spread).astype(np.uint8)
    ground = np.broadcast_to(flat[None, :, None], (180, 320, 3)).copy()
    assert told(ground, changed(1, ground)) == [False, same]


def test_a_picture_of_another_size_is_another():
    assert told(GROUND, GROUND[:90]) == [False, False]
