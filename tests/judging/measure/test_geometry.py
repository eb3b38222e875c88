"""Angles and lines: what must hold of them wherever the body stands and however the camera holds it."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from formcheck.judging.measure import angle, elevation, line_deviation, signed_sag, wrap_degrees
from formcheck.judging.measure.geometry import distance

coordinate = st.floats(-1000, 1000, allow_nan=False, width=32)
point = st.tuples(coordinate, coordinate).map(np.array)
degrees = st.floats(-180, 180)
scale = st.floats(0.1, 20)


def rotated(p, deg):
    a = np.radians(deg)
    return p @ np.array([[np.cos(a), np.sin(a)], [-np.sin(a), np.cos(a)]])


def spread(*points):
    """Points far enough apart for a direction to mean something."""
    return all(np.linalg.norm(p - q) > 1.0 for i, p in enumerate(points) for q in points[i + 1 :])


def mirrored(p):
    return p * np.array([-1.0, 1.0])


@given(point, point, point, point, degrees, scale)
def test_an_angle_does_not_change_with_place_turn_size_or_mirror(a, b, c, shift, turn, size):
    assume(spread(a, b, c))
    expected = angle(a, b, c)
    for change in (lambda p: p + shift, lambda p: rotated(p, turn), lambda p: p * size, mirrored):
        assert angle(change(a), change(b), change(c)) == pytest.approx(expected, abs=0.01)
    assert angle(c, b, a) == pytest.approx(expected, abs=1e-9)


@given(st.floats(0, 180), degrees, scale, scale)
def test_an_angle_built_is_the_angle_measured(opening, turn, first, second):
    b = np.array([3.0, -2.0])
    a = b + first * rotated(np.array([1.0, 0.0]), turn)
    c = b + second * rotated(np.array([1.0, 0.0]), turn + opening)
    assert angle(a, b, c) == pytest.approx(opening, abs=1e-4)


@given(degrees, point, scale, scale)
def test_elevation_is_the_angle_above_the_horizontal_in_a_picture(deg, a, length, size):
    b = a + length * 10 * np.array([np.cos(np.radians(deg)), -np.sin(np.radians(deg))])
    assert wrap_degrees(elevation(a, b) - deg) == pytest.approx(0.0, abs=1e-3)
    assert wrap_degrees(elevation(a * size, b * size) - deg) == pytest.approx(0.0, abs=1e-3)


@given(point, point)
def test_elevation_seen_forward_is_the_same_for_a_mirrored_body(a, b):
    assume(spread(a, b))
    assert wrap_degrees(elevation(a, b, 1.0) - elevation(mirrored(a), mirrored(b), -1.0)) == pytest.approx(
        0.0, abs=1e-6
    )


@given(point, point, degrees)
def test_elevation_turns_with_the_picture(a, b, turn):
    assume(spread(a, b))
    assert wrap_degrees(elevation(rotated(a, turn), rotated(b, turn)) - elevation(a, b) + turn) == pytest.approx(
        0.0, abs=1e-3
    )


@given(point, point, point, point, scale)
def test_sag_depends_on_gravity_and_not_on_facing(a, b, c, shift, size):
    assume(spread(a, b, c) and abs(a[0] - c[0]) > 5)
    sag = signed_sag(a, b, c)
    for same in (
        signed_sag(c, b, a),
        signed_sag(mirrored(a), mirrored(b), mirrored(c)),
        signed_sag(a + shift, b + shift, c + shift),
        signed_sag(a * size, b * size, c * size),
    ):
        assert same == pytest.approx(sag, rel=1e-3, abs=1e-3)
    upside_down = np.array([1.0, -1.0])
    assert signed_sag(a * upside_down, b * upside_down, c * upside_down) == pytest.approx(-sag, rel=1e-6, abs=1e-9)


@given(st.floats(-0.5, 0.5), st.floats(0.1, 0.9), st.floats(-60, 60), st.booleans())
def test_sag_is_the_share_of_the_line_by_which_the_middle_hangs(hang, along, slope, facing_left):
    start, line = np.array([10.0, 20.0]), rotated(np.array([200.0, 0.0]), slope)
    down = np.array([-line[1], line[0]])
    a, b, c = start, start + along * line + hang * down, start + line
    if facing_left:
        a, c = c, a
    assert signed_sag(a, b, c) == pytest.approx(hang, abs=1e-9)


def test_an_upright_line_has_no_below():
    assert np.isnan(signed_sag([0, 0], [5, 5], [0, 10]))


@given(point, point, point)
def test_deviation_has_the_size_of_the_bend_and_the_sign_of_the_sag(a, b, c):
    assume(spread(a, b, c) and abs(a[0] - c[0]) > 5)
    deviation, sag = line_deviation(a, b, c), signed_sag(a, b, c)
    assert abs(deviation) == pytest.approx(180 - angle(a, b, c), abs=1e-6)
    assert deviation * sag >= 0


@given(st.floats(-1e6, 1e6))
def test_wrapped_degrees_lie_in_one_turn_and_mean_the_same(x):
    w = wrap_degrees(x)
    assert -180 <= w < 180
    turns = (x - w) / 360
    assert turns == pytest.approx(round(turns), abs=1e-6)


@pytest.mark.parametrize("f", [angle, signed_sag, line_deviation])
@pytest.mark.parametrize("missing", [0, 1, 2])
def test_an_unknown_point_gives_an_unknown_value(f, missing):
    points = [np.array([0.0, 0.0]), np.array([5.0, 1.0]), np.array([10.0, 0.0])]
    assert np.isfinite(f(*points))
    points[missing] = np.array([np.nan, 3.0])
    assert np.isnan(f(*points))


def test_unknown_ends_have_no_elevation_or_distance():
    gone, here = [np.nan, np.nan], [1.0, 2.0]
    assert np.isnan(elevation(gone, here)) and np.isnan(elevation(here, gone)) and np.isnan(distance(gone, here))


def test_a_segment_without_length_has_no_direction():
    assert np.isnan(angle([1, 1], [1, 1], [2, 2]))
    assert np.isnan(elevation([1, 1], [1, 1]))
    assert np.isnan(signed_sag([1, 1], [2, 2], [1, 1]))


@pytest.mark.parametrize("f", [angle, signed_sag, line_deviation])
@pytest.mark.parametrize("shape", [(), (4,), (3, 4)])
def test_leading_shapes_are_kept_and_broadcast(f, shape):
    rng = np.random.default_rng(1)
    a, c = rng.normal(size=(*shape, 2)), rng.normal(size=(*shape, 2)) + 10
    one = np.array([4.0, 5.0])
    out = f(a, one, c)
    assert out.shape == shape
    for index in np.ndindex(shape):
        assert out[index] == pytest.approx(f(a[index], one, c[index]), nan_ok=True)


def test_angles_are_measured_in_three_dimensions_too():
    assert angle([1, 0, 0], [0, 0, 0], [0, 0, 7]) == pytest.approx(90.0)
    assert distance([0, 0, 0], [2, 3, 6]) == pytest.approx(7.0)
