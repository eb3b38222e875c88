"""Time only goes forward."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formcheck.sight.video.clock import FrameClock


def times(clock: FrameClock, raw: list[float | None]) -> list[float]:
    return [t for r in raw if (t := clock.update(r)) is not None]


def test_the_first_frame_is_zero() -> None:
    assert times(FrameClock(0.1), [7.5, 8.0]) == [0.0, 0.5]


def test_a_repeated_time_is_dropped() -> None:
    clock = FrameClock(0.1)
    assert times(clock, [0.0, 0.5, 0.5, 1.0]) == [0.0, 0.5, 1.0]
    assert clock.dropped == 1


def test_a_single_step_back_is_dropped_without_shifting_what_follows() -> None:
    assert times(FrameClock(0.1), [0.0, 0.5, 0.25, 1.0]) == [0.0, 0.5, 1.0]


def test_a_clock_that_was_reset_goes_on() -> None:
    assert times(FrameClock(0.25), [10.0, 10.5, 0.0, 0.5, 1.0]) == pytest.approx([0.0, 0.5, 0.75, 1.25])


def test_frames_without_a_time_follow_at_the_nominal_rate() -> None:
    assert times(FrameClock(0.25), [None, None, None]) == [0.0, 0.25, 0.5]


@given(st.lists(st.one_of(st.none(), st.floats(-1e5, 1e5))))
def test_time_increases_strictly_whatever_comes(raw: list[float | None]) -> None:
    out = times(FrameClock(1 / 30), raw)
    assert all(a < b for a, b in pairwise(out))
    assert out[:1] in ([], [0.0])


@given(st.lists(st.floats(1e-3, 10), min_size=1))
def test_times_that_increase_are_kept(steps: list[float]) -> None:
    raw = [3.0]
    for s in steps:
        raw.append(raw[-1] + s)
    assert times(FrameClock(1 / 30), list(raw)) == [r - 3.0 for r in raw]
