"""Shapes of paths: the area they enclose, the oval fitted to them, how far they turn about its middle, and back."""

from __future__ import annotations

import numpy as np
import pytest

from formcheck.judging.rules.shapes import Oval, swept, swept_evenly, turned_back

UNIT = Oval(0.0, 0.0, 0.0, 1.0, 1.0)


def circle(*knots, n=400):
    """Angle (rad) along a path through turns given at even times."""
    u = np.linspace(0, len(knots) - 1, n)
    return 2 * np.pi * np.interp(u, np.arange(len(knots)), knots)


# ---- area ------------------------------------------------------------------------------------------------------------
def test_the_area_swept_is_positive_counter_clockwise_whatever_the_size_and_the_place():
    a = circle(0, 1)
    for size in (0.01, 1.0, 30.0):
        x, y = size * np.cos(a) + 7.0, size * np.sin(a) - 3.0
        assert swept(x, y)[-1] == pytest.approx(np.pi / 4, abs=0.001)
        assert swept(x, -y)[-1] == pytest.approx(-np.pi / 4, abs=0.001)
    assert swept(x, y)[0] == 0.0
    # Half way round it is half of it, closed by a straight line.
    assert swept(x, y)[200] == pytest.approx(np.pi / 8, abs=0.005)


def test_a_flat_oval_sweeps_little_of_its_width_squared_and_all_of_its_extents():
    a = circle(0, 1)
    x, y = np.cos(a), 0.2 * np.sin(a)
    assert swept(x, y)[-1] == pytest.approx(0.2 * np.pi / 4, abs=0.001)
    assert swept(y, -x)[-1] == pytest.approx(0.2 * np.pi / 4, abs=0.001)
    assert swept_evenly(x, y, 0.1)[-1] == pytest.approx(np.pi / 4, abs=0.001)


def test_an_extent_smaller_than_the_least_counts_as_the_least():
    a = circle(0, 1)
    x, y = np.cos(a), 0.02 * np.sin(a)
    # 0.04 high, counted as 0.08, and so for the width.
    assert swept_evenly(x, y, 0.08)[-1] == pytest.approx(np.pi / 8, abs=0.001)
    assert swept_evenly(y, x, 0.08)[-1] == pytest.approx(-np.pi / 8, abs=0.001)


def test_a_path_that_stays_where_it_is_sweeps_nothing():
    assert swept(np.ones(5), np.zeros(5)).tolist() == [0.0] * 5


# ---- the oval --------------------------------------------------------------------------------------------------------
def test_an_oval_is_fitted_to_what_it_was_made_of():
    a = circle(0, 1, n=2000)
    got = Oval.fit(3.0 + 2.0 * np.cos(a), -1.0 + 0.4 * (2.0 * np.cos(a)) + 0.5 * np.sin(a))
    assert (got.cx, got.cy, got.slope) == pytest.approx((3.0, -1.0, 0.4), abs=0.01)
    assert (got.rx, got.ry) == pytest.approx((2.0, 0.5), abs=0.01)


@pytest.mark.parametrize("turns", [0.3, 0.7, 1.0, 2.5])
def test_an_oval_takes_its_path_to_the_unit_circle(turns):
    a = circle(0, 1, n=2000)
    oval = Oval.fit(3.0 + 2.0 * np.cos(a), 0.5 * np.sin(a) - 0.4 * np.cos(a))
    b = circle(0, turns)
    angle, radius = oval.angles(3.0 + 2.0 * np.cos(b), 0.5 * np.sin(b) - 0.4 * np.cos(b))
    assert radius == pytest.approx(1.0, abs=0.02)
    assert angle[-1] - angle[0] == pytest.approx(turns, abs=0.01)


def test_an_oval_of_one_point_has_a_size():
    assert Oval.fit(np.array([1.0, 1.0]), np.array([2.0, 2.0])) == Oval(1.0, 2.0, 0.0, 1e-9, 1e-9)


# ---- turns about it --------------------------------------------------------------------------------------------------
T = np.arange(0.0, 4.0, 0.01)


def turns(angle, radius, t=T):
    a = 2 * np.pi * angle
    return UNIT.turns(t, radius * np.cos(a), radius * np.sin(a))


@pytest.mark.parametrize(("radius", "counted"), [(0.49, 0.5), (0.51, 1.0)])
def test_turning_is_counted_from_half_the_radius_on(radius, counted):
    assert turns(T / 4, np.where(T < 2.0, radius, 1.0)) == pytest.approx(counted, abs=0.01)


def test_within_the_circle_nothing_is_turned():
    assert turns(T / 4, np.full(len(T), 0.4)) == 0.0


@pytest.mark.parametrize(("inside_s", "counted"), [(0.19, 0.7), (0.21, 0.3)])
def test_whoever_was_in_the_middle_for_a_fifth_of_a_second_begins_another_movement(inside_s, counted):
    # 0.4 of a turn, a while in the middle, and 0.3 more.
    middle = (T > 1.995) & (1.995 + inside_s + 0.01 > T)
    angle = np.interp(T, [0.0, 2.0, 2.3, 3.8], [0.0, 0.4, 0.4, 0.7])
    assert turns(angle, np.where(middle, 0.1, 1.0)) == pytest.approx(counted, abs=0.01)


def test_the_most_turns_count_either_way():
    there_and_back = np.interp(T, [0.0, 2.0, 4.0], [0.0, -0.6, -0.2])
    assert turns(there_and_back, np.ones(len(T))) == pytest.approx(0.6, abs=0.01)


# ---- turning back ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("sign", [1, -1])
def test_how_far_a_path_goes_back_is_told_either_way(sign):
    a = sign * circle(0, 0.6, 0.3, 1.3, n=900)
    assert turned_back(np.cos(a), np.sin(a)) == pytest.approx(0.3, abs=0.01)
    assert turned_back(5.0 + 0.1 * np.cos(a), 0.03 * np.sin(a)) == pytest.approx(0.3, abs=0.01)
    forth = sign * circle(0, 1.2, n=900)
    assert turned_back(np.cos(forth), np.sin(forth)) == pytest.approx(0.0, abs=0.001)


def test_the_furthest_way_back_counts_not_all_of_them():
    a = circle(0, 0.6, 0.4, 0.9, 0.6, 1.4, n=2000)
    assert turned_back(np.cos(a), np.sin(a)) == pytest.approx(0.3, abs=0.01)


@pytest.mark.parametrize(("radius", "back"), [(0.47, 0.0), (0.53, 0.3)])
def test_going_back_in_the_middle_is_none(radius, back):
    u = np.linspace(0, 5, 1500)
    a = 2 * np.pi * np.interp(u, [0, 2, 3, 4, 5], [0.0, 1.0, 0.7, 1.0, 1.1])
    r = np.where((u > 2) & (u < 4), radius, 1.0)
    assert turned_back(r * np.cos(a), r * np.sin(a)) == pytest.approx(back, abs=0.03)


def test_what_is_not_known_is_left_out_and_too_little_is_no_way_back():
    a = circle(0, 0.6, 0.3, 1.3, n=900)
    x, y = np.cos(a), np.sin(a)
    x[::7], y[3::11] = np.nan, np.nan
    assert turned_back(x, y) == pytest.approx(0.3, abs=0.01)
    assert turned_back(x[:3], y[:3]) == 0.0
