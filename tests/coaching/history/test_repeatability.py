"""How much a figure varies by itself, and from where on a change is more."""

from __future__ import annotations

import random

import pytest

from formcheck.coaching.history.repeatability import repeatability


def test_neighbours_tell_how_much_sessions_vary():
    # Differences 2, -2, 2, -2: half their mean square is 2.
    r = repeatability([10.0, 12.0, 10.0, 12.0, 10.0])
    assert r.sd == pytest.approx(2**0.5) and r.within is None and r.sessions == 5
    assert r.least() == pytest.approx(1.959964 * 2**0.5 * 2**0.5)
    assert r.least(4, 4) == pytest.approx(r.least() / 2)


def test_a_slow_gain_is_not_taken_for_error():
    steady = repeatability([10.0 + 0.1 * k for k in range(20)])
    assert steady.sd == pytest.approx(0.1 / 2**0.5)


def test_repetitions_set_a_floor():
    # Sessions happen to be alike, though their repetitions are not: a middle of four has half their spread.
    r = repeatability([10.0] * 6, [(8.0, 12.0, 8.0, 12.0)] * 6)
    assert r.within == pytest.approx((16 / 3) ** 0.5)
    assert r.sd == pytest.approx(r.within / 2)


def test_too_few_sessions_tell_nothing():
    assert repeatability([10.0, 12.0, 11.0, 12.0]) is None
    assert repeatability([10.0, None, 12.0, None, 11.0, 12.0], [(1.0, 2.0)] * 6) is None
    assert repeatability([]) is None


def test_of_people_who_do_not_change_few_seem_to():
    """The least detectable change holds what it says: 5 of 100 pairs that differ by chance alone lie beyond."""
    luck = random.Random(4)
    beyond = 0
    for _ in range(2000):
        values = [luck.gauss(100.0, 4.0) for _ in range(60)]
        r = repeatability(values)
        a, b = luck.gauss(100.0, 4.0), luck.gauss(100.0, 4.0)
        beyond += abs(a - b) > r.least()
    assert 0.035 < beyond / 2000 < 0.075
