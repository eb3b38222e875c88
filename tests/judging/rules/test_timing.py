"""Triggers and clocks: one crossing is one count, a short break is no break, and time alone decides."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formcheck.judging.rules.timing import Clock, Trigger

values = st.lists(st.floats(-20, 20) | st.just(float("nan")), max_size=60)


def switched_on(trigger, pairs):
    """Times at which the trigger goes on, and at which it goes off."""
    on, off, was = [], [], trigger.active
    for t, x in pairs:
        now = trigger.update(t, x)
        if now != was:
            (on if now else off).append(t)
        was = now
    return on, off


@given(values)
def test_never_two_counts_without_the_value_having_come_down(xs):
    trigger = Trigger(on=10, off=5)
    on, _ = switched_on(trigger, enumerate(xs))
    for a, b in pairwise(on):
        assert any(x <= 5 for x in xs[a + 1 : b])
    assert all(xs[t] >= 10 for t in on)


@given(st.lists(st.floats(5.001, 20), max_size=60))
def test_trembling_about_a_limit_counts_once(xs):
    on, off = switched_on(Trigger(on=10, off=5), enumerate(xs))
    assert len(on) == (1 if any(x >= 10 for x in xs) else 0)
    assert off == []


@given(values, st.floats(0.0, 1.0), st.floats(0.02, 0.3))
def test_a_dwell_delays_and_never_adds_counts(xs, dwell, dt):
    pairs = [(i * dt, x) for i, x in enumerate(xs)]
    at_once, _ = switched_on(Trigger(10, 5), pairs)
    later, _ = switched_on(Trigger(10, 5, dwell, dwell), pairs)
    assert len(later) <= len(at_once)
    for t in later:
        held = [x for u, x in pairs if t - dwell - 1e-9 <= u <= t and x == x]
        assert all(x >= 10 for x in held[-1:])


def test_a_spike_shorter_than_the_dwell_is_ignored():
    t = Trigger(10, 5, on_dwell_s=0.2, off_dwell_s=0.2)
    assert not any(t.update(u, x) for u, x in [(0.0, 0), (0.1, 20), (0.2, 20), (0.25, 0), (0.3, 20)])
    assert t.update(0.5, 20)
    assert t.update(0.6, 0) and t.update(0.7, 20) and t.update(0.8, 0)
    assert not t.update(1.05, 0)


@given(st.booleans())
def test_the_unknown_changes_nothing(active):
    t = Trigger(10, 5)
    t.update(0, 20 if active else 0)
    assert t.update(1, float("nan")) == active


def test_thresholds_the_wrong_way_round_are_refused():
    with pytest.raises(ValueError, match="off=10 and on=5"):
        Trigger(on=5, off=10)


def test_a_reset_trigger_is_off():
    t = Trigger(10, 5)
    t.update(0, 20)
    t.reset()
    assert not t.active


steps = st.lists(st.tuples(st.floats(0.01, 0.8), st.booleans()), max_size=40)


def fed(pairs, grace):
    clock, t, times = Clock(grace), 0.0, []
    for dt, ok in pairs:
        t += dt
        clock.update(t, ok)
        times.append((t, ok, clock.running))
    return clock, times


@given(steps, st.floats(0.0, 0.5))
def test_the_longest_run_is_a_real_run(pairs, grace):
    clock, times = fed(pairs, grace)
    assert clock.longest == max((r for _, _, r in times), default=0.0)
    if any(ok for _, ok, _ in times):
        start, end = clock.span
        assert end - start == clock.longest
        inside = [t for t, ok, _ in times if ok and start <= t <= end]
        assert inside[0] == start and inside[-1] == end
        said = [t for t, ok, _ in times if not ok]
        for a, b in pairwise(inside):
            assert b - a <= (grace if any(a < u < b for u in said) else 1.0)
    else:
        assert (clock.longest, clock.span) == (0.0, None)


@given(steps)
def test_more_grace_never_shortens(pairs):
    assert fed(pairs, 0.4)[0].longest >= fed(pairs, 0.1)[0].longest


@given(st.lists(st.floats(0.01, 0.25), min_size=1, max_size=40))
def test_what_holds_all_along_is_timed_from_first_to_last(dts):
    clock, times = fed([(dt, True) for dt in dts], 0.3)
    assert clock.longest == pytest.approx(times[-1][0] - times[0][0])


def test_time_after_the_last_good_moment_does_not_count():
    clock = Clock(0.3)
    for t, ok in [(0.0, True), (0.25, True), (0.3, False), (0.4, False)]:
        clock.update(t, ok)
    assert (clock.running, clock.longest) == (0.25, 0.25)
    clock.update(5.0, True)
    assert clock.running == 0.0


def test_a_reset_clock_has_seen_nothing():
    clock = Clock()
    clock.update(0.0, True)
    clock.update(0.1, True)
    clock.reset()
    assert (clock.running, clock.longest, clock.span) == (0.0, 0.0, None)


def test_without_a_word_to_the_contrary_it_holds_between_two_good_moments():
    clock = Clock(0.3, gap_s=1.0)
    for t, ok in [(0.0, True), (0.8, True), (1.6, True)]:
        clock.update(t, ok)
    assert clock.span == (0.0, 1.6)
    clock.update(2.7, True)
    assert clock.running == 0.0
    clock.update(2.8, False)
    clock.update(3.2, True)
    assert clock.running == 0.0
