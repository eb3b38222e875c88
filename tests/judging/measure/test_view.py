"""Naming the view and finding what is cut off."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from formcheck.judging.measure import Body
from formcheck.judging.measure.view import FRONT_YAW_DEG, SIDE_YAW_DEG, View, classify, cut_off

from ..exercises.stick import ALL_FOURS, SIZE, Motion, all_fours, film


@pytest.mark.parametrize(
    ("yaw", "kind", "near"),
    [
        (0.0, "front", None),
        (FRONT_YAW_DEG, "front", None),
        (45.0, "oblique", "right"),
        (-45.0, "oblique", "left"),
        (SIDE_YAW_DEG, "side", "right"),
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
