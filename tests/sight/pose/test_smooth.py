"""Smoothing by time: nothing moves, nothing is carried over gaps, no frame rate is assumed."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from formcheck.sight.pose.smooth import MAX_GAP_S, OneEuro, ZeroPhase

steps = st.lists(st.floats(0.01, 0.2), min_size=3, max_size=40)
numbers = st.floats(-100, 100)


def run(smoother, t, x):
    """Return what comes out, in order, and the times at which it did."""
    out = []
    for u, v in zip(t, x, strict=True):
        out += smoother.update(u, np.atleast_1d(np.asarray(v, dtype=float)))
    out += smoother.flush()
    return np.array([u for u, _ in out]), np.array([v for _, v in out])


@pytest.mark.parametrize("kind", [OneEuro, ZeroPhase])
@given(steps, numbers)
def test_what_stands_still_stays_where_it_is(kind, dt, value):
    t = np.cumsum(dt)
    out_t, x = run(kind(), t, np.full(len(t), value))
    np.testing.assert_array_equal(out_t, t)
    np.testing.assert_allclose(x, value, atol=1e-9)


@pytest.mark.parametrize("kind", [OneEuro, ZeroPhase])
@given(st.data())
def test_every_sample_comes_out_once_in_order_within_the_range_of_the_samples(kind, data):
    dt = data.draw(st.lists(st.floats(0.005, 1.0), min_size=1, max_size=40))
    x = np.array(data.draw(st.lists(numbers, min_size=len(dt), max_size=len(dt))))
    t = np.cumsum(dt)
    out_t, y = run(kind(), t, x)
    np.testing.assert_array_equal(out_t, t)
    assert (y >= x.min() - 1e-9).all() and (y <= x.max() + 1e-9).all()


@pytest.mark.parametrize("kind", [OneEuro, ZeroPhase])
@given(st.data())
def test_unknown_stays_unknown_and_spoils_nothing_else(kind, data):
    n = data.draw(st.integers(3, 40))
    known = np.array(data.draw(st.lists(st.booleans(), min_size=n, max_size=n)))
    x = np.where(known, 7.0, np.nan)
    _, y = run(kind(), np.arange(n) * 0.05, np.stack([x, np.full(n, 3.0)], axis=1))
    np.testing.assert_array_equal(np.isfinite(y[:, 0]), known)
    np.testing.assert_allclose(y[known, 0], 7.0)
    np.testing.assert_allclose(y[:, 1], 3.0)


@pytest.mark.parametrize("kind", [OneEuro, ZeroPhase])
def test_nothing_is_carried_across_a_gap(kind):
    before, after = np.arange(0, 1, 0.05), 1 + MAX_GAP_S + np.arange(0, 1, 0.05)
    t = np.concatenate([before, after])
    x = np.where(t < 1, 0.0, 50.0)
    _, y = run(kind(), t, x)
    np.testing.assert_allclose(y[:, 0], x)


@given(st.lists(st.floats(0.01, 0.1), min_size=5, max_size=25), st.floats(0.1, 0.6))
def test_zero_phase_moves_no_symmetric_bump_whatever_the_sampling(dt, width):
    right = np.cumsum(dt)
    t = np.concatenate([-right[::-1], [0.0], right])
    _, y = run(ZeroPhase(), t, np.exp(-((t / width) ** 2)))
    np.testing.assert_allclose(y, y[::-1], atol=1e-9)


@pytest.mark.parametrize("rate", [8, 15, 30, 60])
def test_zero_phase_leaves_a_peak_where_it_is(rate):
    t = np.arange(-2 * rate, 2 * rate + 1) / rate
    _, y = run(ZeroPhase(), t, np.exp(-((t / 0.4) ** 2)))
    assert t[np.argmax(y[:, 0])] == 0.0


@pytest.mark.parametrize("rate", [8, 15, 30, 60])
def test_zero_phase_passes_a_repetition_and_stops_jitter(rate):
    t = np.arange(0, 8, 1 / rate)
    slow = np.sin(2 * np.pi * 0.5 * t)
    _, y = run(ZeroPhase(), t, slow)
    inner = (t > 1) & (t < 7)
    assert np.ptp(y[inner]) > 0.9 * np.ptp(slow)
    noise = np.random.default_rng(0).normal(size=len(t))
    _, z = run(ZeroPhase(), t, noise)
    assert z[inner].std() < (0.75 if rate == 8 else 0.55) * noise[inner].std()


@given(steps, st.floats(0.1, 5), st.floats(0, 1), st.floats(-50, 50), st.floats(-50, 50))
def test_one_euro_never_overshoots_a_step(dt, cutoff, beta, low, high):
    t = np.concatenate([[0.0], np.cumsum(dt)])
    _, y = run(OneEuro(cutoff, beta), t, np.where(t > 0, high, low))
    way = np.diff(y[:, 0]) * np.sign(high - low)
    assert (way >= -1e-9).all()
    assert min(low, high) - 1e-9 <= y.min() and y.max() <= max(low, high) + 1e-9


def test_one_euro_answers_at_once_and_follows_a_fast_movement_closer_than_a_slow_one():
    f = OneEuro(1.0, 0.05)
    assert [u for u, _ in f.update(0.0, np.zeros(2))] == [0.0]
    t = np.arange(0, 1, 1 / 30)
    lag = {
        speed: np.abs(run(OneEuro(1.0, 0.05), t, speed * t)[1][-1, 0] - speed * t[-1]) / speed for speed in (1.0, 300.0)
    }
    assert lag[300.0] < 0.5 * lag[1.0]


def test_the_delay_of_zero_phase_is_bounded_in_time_and_so_is_its_memory():
    f = ZeroPhase()
    rate, most, waiting = 60, 0, 0
    for i in range(60 * rate):
        ready = f.update(i / rate, np.zeros(1))
        waiting += 1 - len(ready)
        assert all(i / rate - t < f.lag_s + 2 / rate for t, _ in ready)
        most = max(most, len(f._held))
    assert waiting <= f.lag_s * rate + 2
    assert most <= 2 * f.lag_s * rate + 3


@pytest.mark.parametrize("kind", [OneEuro, ZeroPhase])
def test_the_samples_given_in_are_left_as_they_are(kind):
    x = np.array([1.0, 2.0])
    f = kind()
    for t, v in ((0.0, x), (0.1, x + 5), (0.2, x)):
        f.update(t, v)
    assert x.tolist() == [1.0, 2.0]
