"""One check through time: what lasts is a fault, what is unknown is neither right nor wrong."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from formcheck.judging.rules.checks import ALWAYS, HOLD, MOVE, REP, START, Check, CheckWatch
from formcheck.judging.rules.records import FaultOver, FaultSeen

NAN = float("nan")


def watch(limit=10.0, **changed):
    check = Check(
        "off", "lim", "Do it right.", "it is wrong", "v", **{"phases": ALWAYS, "dwell_s": 0.5, "span": 20.0, **changed}
    )
    return CheckWatch(check, limit, "deg")


def feed(w, values, *, dt=0.1, phase=MOVE, base=None, start=0.0):
    """Feed values (or functions of time) at even steps; return events and states."""
    events, states = [], []
    for i, v in enumerate(values):
        t = start + i * dt
        events += w.update(t, phase(t) if callable(phase) else phase, {"v": v}, base or {})
        states.append(w.state)
    return events, states


def test_a_fault_must_last_its_dwell_time():
    events, states = feed(watch(), [20] * 5 + [0] * 10)
    assert events == [] and set(states) == {"ok"}
    events, _ = feed(watch(), [0] * 5 + [20] * 6)
    assert [type(e) for e in events] == [FaultSeen]
    assert events[0].t == pytest.approx(1.0)
    assert events[0].since == pytest.approx(0.5)
    assert events[0].limit == 10.0


def test_the_span_runs_from_the_first_to_the_last_moment_beyond_and_keeps_the_worst():
    w = watch()
    events, _ = feed(w, [0] * 3 + [15, 30, 12, 11, 11, 11, 11, 11] + [0] * 6)
    (span,) = w.spans
    assert (span.from_s, span.to_s) == (pytest.approx(0.3), pytest.approx(1.0))
    assert (span.worst, span.limit, span.unit, span.id) == (30, 10.0, "deg", "off")
    over = [e for e in events if isinstance(e, FaultOver)]
    assert [e.span for e in over] == [span]
    assert over[0].t == span.to_s
    assert not w.active and w.state == "ok"


def test_a_break_within_the_grace_time_does_not_split_a_fault():
    w = watch()
    feed(w, [20] * 10 + [0] + [20] * 10 + [0] * 10)
    assert len(w.spans) == 1
    feed(w := watch(), [20] * 10 + [0] * 6 + [20] * 10 + [0] * 10)
    assert len(w.spans) == 2


def test_below_is_the_other_way_round():
    w = watch(sense="below")
    events, _ = feed(w, [5, 1, 5, 5, 5, 5, 5, 5])
    assert [e.id for e in events] == ["off"]
    assert w.current().worst == 1
    assert feed(watch(sense="below"), [20] * 20)[0] == []


def test_at_the_limit_is_inside():
    assert feed(watch(), [10.0] * 20)[0] == []


@given(st.lists(st.floats(10.001, 100), min_size=1, max_size=20))
def test_a_relative_check_judges_the_change_since_the_start(values):
    absolute = watch(relative=False)
    relative = watch(relative=True)
    feed(absolute, values)
    feed(relative, [v + 33.0 for v in values], base={"v": 33.0})
    assert relative.active == absolute.active
    assert relative.total.excess_s == pytest.approx(absolute.total.excess_s, abs=1e-6)


def test_a_relative_check_without_a_start_position_is_unknown():
    events, states = feed(watch(relative=True), [99] * 20, base={})
    assert events == [] and set(states) == {"unknown"}


@given(st.integers(1, 40))
def test_unknown_is_neither_right_nor_a_fault(n):
    w = watch()
    events, states = feed(w, [NAN] * n)
    assert events == [] and set(states) == {"unknown"} and w.spans == []
    assert w.total.judged_s == 0.0
    assert w.total.unknown_s == pytest.approx((n - 1) * 0.1)


def test_a_missing_signal_is_unknown():
    w = watch()
    assert w.update(0.0, MOVE, {}, {}) == [] and w.state == "unknown"


def test_a_fault_that_goes_out_of_sight_ends_where_it_was_last_seen():
    w = watch()
    feed(w, [20] * 10 + [NAN] * 10)
    (span,) = w.spans
    assert span.to_s == pytest.approx(0.9)
    assert w.state == "unknown"


@pytest.mark.parametrize(
    ("phases", "phase", "applies"),
    [(REP, START, False), (REP, HOLD, True), (frozenset({HOLD}), MOVE, False), (ALWAYS, START, True)],
)
def test_a_check_looks_only_in_its_phases(phases, phase, applies):
    w = watch(phases=phases)
    events, _ = feed(w, [50] * 20, phase=phase)
    assert bool(events) == applies
    assert (w.total.judged_s > 0) == applies
    assert w.total.unknown_s == 0.0


@given(st.lists(st.tuples(st.floats(0.02, 0.2), st.floats(-50, 50) | st.just(NAN)), min_size=1, max_size=60))
def test_spans_lie_in_order_last_their_dwell_and_touch_only_values_beyond(pairs):
    w, t, seen = watch(), 0.0, []
    for dt, v in pairs:
        t += dt
        w.update(t, MOVE, {"v": v}, {})
        seen.append((t, v))
    w.finish()
    for a, b in zip(w.spans, w.spans[1:], strict=False):
        assert a.to_s < b.from_s
    for s in w.spans:
        assert s.to_s - s.from_s >= 0.5
        assert s.worst == max(v for u, v in seen if s.from_s <= u <= s.to_s and v == v)
        values = dict(seen)
        assert values[s.from_s] > 10 and values[s.to_s] > 10
    judged = w.total.judged_s + w.total.unknown_s
    assert judged == pytest.approx(sum(dt for dt, _ in pairs[1:]))


def test_the_excess_is_a_share_of_the_span_and_capped():
    w = watch(span=20.0)
    feed(w, [0] + [20] * 10)
    assert w.total.excess_s == pytest.approx(0.5 * 1.0)
    w = watch(span=20.0)
    feed(w, [0] + [500] * 10)
    assert w.total.excess_s == pytest.approx(1.0)


def test_a_long_pause_between_samples_does_not_count_as_judged():
    w = watch()
    w.update(0.0, MOVE, {"v": 0.0}, {})
    w.update(60.0, MOVE, {"v": 0.0}, {})
    assert w.total.judged_s == 0.5
    w.update(60.4, MOVE, {"v": 0.0}, {})
    assert w.total.judged_s == pytest.approx(0.9)


@pytest.mark.parametrize(("break_s", "spans"), [(0.28, 1), (0.32, 2)])
def test_a_break_of_up_to_three_tenths_of_a_second_is_forgiven(break_s, spans):
    w = watch()
    feed(w, [20] * 51 + [0] * (round(break_s * 100) - 1) + [20] * 60 + [0] * 40, dt=0.01)
    assert len(w.spans) == spans


def test_a_fault_that_the_phases_of_its_check_interrupt_is_one_where_that_is_short():
    for away_s, spans in ((0.1, 1), (0.5, 2)):
        w = watch(phases=REP)
        feed(w, [20] * 30, phase=lambda t, s=away_s: START if 0.95 < t < 0.95 + s else MOVE)
        w.finish()
        assert len(w.spans) == spans
        assert w.total.judged_s == pytest.approx(2.9 - away_s, abs=0.11)


def test_after_a_break_the_worst_is_that_of_the_new_fault():
    w = watch()
    feed(w, [50] * 8 + [0] * 6 + [20] * 8 + [0] * 6)
    assert [(s.worst, s.worst_s) for s in w.spans] == [(50, 0.0), (20, pytest.approx(1.4))]


def test_within_finds_what_overlaps_a_repetition_and_what_is_still_on():
    w = watch()
    feed(w, [0] * 5 + [20] * 10 + [0] * 10 + [20] * 10)
    first, now = w.spans[0], w.current()
    assert now is not None and np.isclose(now.from_s, 2.5)
    assert w.within(0.0, 0.4) == []
    assert w.within(0.0, 0.6) == [first]
    assert w.within(1.0, 3.0) == [first, now]


def test_the_end_of_the_source_closes_what_is_on():
    w = watch()
    feed(w, [20] * 10)
    (over,) = w.finish()
    assert isinstance(over, FaultOver) and w.spans == [over.span] and w.finish() == []
