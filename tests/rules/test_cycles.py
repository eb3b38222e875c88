"""Finding cycles: number, bounds and kind of the rounds of a moving point, at any size, tempo and frame rate."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formcheck.rules.cycles import CycleFinder, _covariance, part_roundness, roundness, turned_back

REST = {"x": 0.0, "y": 0.0}


def found(t, x, y, **how):
    finder = CycleFinder("x", "y", **{"swing": 0.06, "round_ratio": lambda sample: 0.2, **how})
    out = []
    for u, a, b in zip(t, x, y, strict=True):
        out += finder.update(float(u), {"x": float(a), "y": float(b)}, REST)
    return out + finder.finish()


def line(n, period, size, heading, fps, rest=1.0):
    t = np.arange(0, n * period + 2 * rest + 0.5, 1 / fps)
    s = np.where((t >= rest) & (t < rest + n * period), size * np.sin(2 * np.pi * (t - rest) / period), 0.0)
    return t, s * np.cos(heading), s * np.sin(heading)


def circle(turns, period, size, fps, rest=1.0, way=0.6):
    end = rest + way + abs(turns) * period
    t = np.arange(0, end + way + 2.0, 1 / fps)
    r = np.interp(t, [rest, rest + way, end, end + way], [0, size, size, 0])
    a = 2 * np.pi * np.sign(turns) * np.clip((t - rest - way) / period, 0, abs(turns))
    return t, r * np.cos(a), r * np.sin(a)


NUMBERS, PERIODS, SIZES, RATES = st.integers(1, 4), st.floats(1.5, 6.0), st.floats(0.16, 0.4), st.sampled_from([10, 25])


@settings(deadline=None, max_examples=15)
@given(n=NUMBERS, period=PERIODS, size=SIZES, heading=st.floats(0, np.pi), fps=RATES)
def test_every_swing_to_and_fro_is_one_cycle(n, period, size, heading, fps):
    cycles = found(*line(n, period, size, heading, fps))
    assert len(cycles) == n
    assert all(c.complete for c in cycles)
    for k, c in enumerate(cycles):
        assert c.start_s == pytest.approx(1.0 + k * period, abs=0.12 * period + 0.2)
        assert c.start_s < c.peak_s < c.end_s


@settings(deadline=None, max_examples=15)
@given(turns=NUMBERS, left=st.booleans(), period=PERIODS, size=SIZES, fps=RATES)
def test_every_turn_is_one_cycle_either_way_round(turns, left, period, size, fps):
    t, x, y = circle(turns if left else -turns, period, size, fps)
    cycles = found(t, x, y)
    assert [c.complete for c in cycles] == [True] * turns
    for c in cycles:
        inside = (t >= c.start_s) & (t <= c.end_s)
        assert np.sign(roundness(x[inside], y[inside])) == (1 if left else -1)


def test_a_turn_and_a_half_is_a_turn_and_one_broken_off():
    assert [c.complete for c in found(*circle(1.55, 3.0, 0.2, 15))] == [True, False]


def test_going_out_and_home_on_one_side_only_counts_each_time():
    t = np.arange(0, 14, 1 / 15)
    x = np.where((t > 1) & (t < 10), 0.1 * (1 - np.cos(2 * np.pi * (t - 1) / 3)), 0.0)
    assert len(found(t, x, 0 * x)) == 3


def test_swaying_before_a_movement_is_not_a_cycle_of_it():
    t, x, y = line(3, 3.0, 0.2, 0.0, 15, rest=3.0)
    x = x + np.where(t < 3.0, 0.025 * np.sin(2 * np.pi * t / 3.0), 0.0)
    assert len(found(t, x, y)) == 3


def test_a_home_that_moves_is_found_again():
    t, x, y = line(8, 3.0, 0.1, 0.0, 15)
    x = x + np.where(t > 7.0, 0.3, 0.0)
    assert 6 <= len(found(t, x, y)) <= 8


def test_gaps_and_stillness_give_nothing():
    t = np.arange(0, 5, 1 / 15)
    assert found(t, 0 * t, 0 * t) == []
    assert found(t, np.full(len(t), np.nan), 0 * t) == []


def test_shapes_of_nothing_are_no_circle():
    none = np.full(10, np.nan)
    assert roundness(none, none) == part_roundness(none, none) == turned_back(none, none) == 0.0


@given(st.lists(st.tuples(st.floats(-10, 10), st.floats(-10, 10)), min_size=2, max_size=60))
def test_the_covariance_is_numpys(points):
    p = np.array(points).T
    np.testing.assert_allclose(_covariance(p), np.cov(p), rtol=1e-12, atol=1e-12)
