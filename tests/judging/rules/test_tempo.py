"""How fast a movement was: from a tenth to nine tenths of its way."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from formcheck.judging.rules.tempo import EVEN_SCALE, SMOOTH_SCALE, travel_seconds


def trapezium(out, hold, back, fps=30, height=1.0, shape=lambda u: u):
    t = np.arange(0, out + hold + back + 0.3, 1 / fps)
    u = np.interp(t, [0, out, out + hold, out + hold + back], [0, 1, 1, 0])
    return t, height * shape(u)


seconds = st.floats(0.5, 4)


@given(seconds, seconds, st.floats(0.1, 100), st.sampled_from([10, 15, 30]))
def test_an_even_movement_takes_its_time_over_the_even_scale(out, back, height, fps):
    got = travel_seconds(*trapezium(out, 1.0, back, fps, height))
    assert got[0] * EVEN_SCALE == pytest.approx(out, rel=0.05, abs=1 / fps)
    assert got[1] * EVEN_SCALE == pytest.approx(back, rel=0.05, abs=1 / fps)


@pytest.mark.parametrize("out", [0.6, 2.0])
def test_a_smooth_movement_takes_its_time_over_the_smooth_scale(out):
    t = np.arange(0, out + 2, 1 / 60)
    u = np.clip(t / out, 0, 1)
    x = 10 * u**3 - 15 * u**4 + 6 * u**5
    assert travel_seconds(t, x)[0] * SMOOTH_SCALE == pytest.approx(out, rel=0.12)


@given(seconds, seconds)
def test_backwards_in_time_exchanges_the_way_out_and_the_way_back(out, back):
    t, x = trapezium(out, 1.0, back)
    a = travel_seconds(t, x)
    b = travel_seconds(t[-1] - t[::-1], x[::-1])
    assert b[0] == pytest.approx(a[1], abs=1e-9) and b[1] == pytest.approx(a[0], abs=1e-9)


@pytest.mark.parametrize("after", [-0.5, 0.0, 0.5])
def test_the_way_back_ends_at_the_rest_that_follows(after):
    t = np.arange(0, 6, 1 / 30)
    x = np.interp(t, [0, 1, 2, 4], [0, 1, 1, after])
    out, back = travel_seconds(t, x, after=after)
    assert out == pytest.approx(0.8, abs=0.04)
    assert back == pytest.approx(1.6, abs=0.04)


def test_where_the_rest_afterwards_is_higher_than_the_top_there_is_no_way_back():
    t = np.arange(0, 3, 1 / 30)
    assert np.isnan(travel_seconds(t, np.interp(t, [0, 1, 2], [0, 1, 1]), after=1.5)[1])


@pytest.mark.parametrize(("plateau", "out"), [(0.79, 2.9), (0.81, 0.8)])
def test_what_lies_above_four_fifths_of_the_most_is_the_end_position(plateau, out):
    # Up to a plateau within a second; to the most for a moment, two seconds later.
    t = np.arange(0, 8, 1 / 50)
    x = np.interp(t, [0, 1, 2, 4, 4.02, 4.5, 5, 6], [0, 0, plateau, plateau, 1, 1, 0, 0])
    assert travel_seconds(t, x)[0] == pytest.approx(out, abs=0.06)


@pytest.mark.parametrize(
    ("shares", "out", "back"), [((0.9, 0.1), 0.8, 1.6), ((0.75, 0.1), 0.65, 1.3), ((0.8, 0.06), 0.74, 1.48)]
)
def test_a_way_is_timed_between_two_shares_of_it(shares, out, back):
    t = np.arange(0, 6, 1 / 50)
    x = np.interp(t, [1, 2, 3, 5], [0, 1, 1, 0])
    assert travel_seconds(t, x, *shares) == (pytest.approx(out, abs=0.01), pytest.approx(back, abs=0.01))
    if shares == (0.9, 0.1):
        assert travel_seconds(t, x) == travel_seconds(t, x, *shares)


@given(seconds)
def test_unknown_moments_are_bridged(out):
    t, x = trapezium(out, 1.0, 1.0)
    holes = x.copy()
    holes[3::7] = np.nan
    assert travel_seconds(t, holes)[0] == pytest.approx(travel_seconds(t, x)[0], abs=0.05)


@pytest.mark.parametrize("x", [np.full(20, np.nan), np.zeros(20), -np.ones(20), np.array([])])
def test_no_movement_has_no_tempo(x):
    assert all(np.isnan(v) for v in travel_seconds(np.arange(len(x)) / 10, x))
