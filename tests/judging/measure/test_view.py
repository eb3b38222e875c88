"""Naming the view and finding what is cut off."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from formcheck.judging.measure import Body
from formcheck.judging.measure.view import View, classify, cut_off, too_dark, too_small

from ..exercises.stick import ALL_FOURS, SIZE, Motion, all_fours, film


@pytest.mark.parametrize(
    ("yaw", "kind", "near"),
    [
        (0.0, "front", None),
        (33.0, "front", None),
        (33.1, "oblique", "right"),
        (-33.1, "oblique", "left"),
        (56.9, "oblique", "right"),
        (57.0, "side", "right"),
        (-90.0, "side", "left"),
    ],
)
def test_views_by_turn(yaw, kind, near):
    assert classify(yaw) == View(kind, near, yaw)


def test_an_unknown_turn_is_an_unknown_view():
    assert classify(float("nan")).kind == "unknown"
    assert classify(float("nan")).near_side is None


@given(st.floats(0.001, 90))
def test_turning_the_other_way_only_exchanges_the_sides(yaw):
    a, b = classify(yaw), classify(-yaw)
    assert a.kind == b.kind
    assert {a.near_side, b.near_side} in ({None}, {"left", "right"})


def test_joints_outside_the_picture_are_counted():
    t = np.array([0.0])
    track = film(all_fours, Motion(ALL_FOURS).sample(t), t)
    assert cut_off(Body(t, track.image, track.world, SIZE))[0] == 0
    image = track.image.copy()
    image[..., 0] += SIZE[0]
    assert cut_off(Body(t, image, track.world, SIZE))[0] == 12
    assert cut_off(Body(t, np.full_like(image, np.nan), track.world, SIZE))[0] == 0


@pytest.mark.parametrize(("torso", "small"), [(29.9, True), (30.0, False), (float("nan"), False)])
def test_a_body_is_too_small_below_thirty_pixels_of_trunk(torso, small):
    assert too_small(torso) is small


@pytest.mark.parametrize(("luma", "dark"), [(34.9, True), (35.0, False), (None, False)])
def test_a_picture_is_too_dark_below_a_brightness_of_35(luma, dark):
    assert too_dark(luma) is dark


def test_a_view_suits_that_is_among_those_asked_for_or_not_known_yet():
    assert [View(k).suits(("side", "oblique")) for k in ("side", "oblique", "front", "unknown")] == [
        True,
        True,
        False,
        True,
    ]
