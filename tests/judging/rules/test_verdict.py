"""The verdict on an attempt: which faults it has, how bad each was, what explains another, and what it costs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from formcheck.judging.rules.checks import ALWAYS, MOVE, Check, CheckWatch
from formcheck.judging.rules.exercise import Attempt, Outcome
from formcheck.judging.rules.limits import Limits
from formcheck.judging.rules.records import FaultSpan, Rep
from formcheck.judging.rules.verdict import cut_short, joined, uncounted, verdict, within

from .toy import LIMITS, Toy

STEP_S = 0.1
T = np.arange(0.0, 6.0, STEP_S)
ABOVE = Check("off", "lean", "", "", "v", phases=ALWAYS, dwell_s=0.2, span=20.0)
BELOW = replace(ABOVE, sense="below")


def attempt(v=None, *, start=1.0, end=5.0, effort=None, rest=None) -> Attempt:
    values = {} if v is None else {"v": np.asarray(v, float)}
    x = np.ones(len(T)) if effort is None else effort
    return Attempt(T, values, x, start, 3.0, end, 2.0, None, rest or {}, returned=True)


def curve(*knots):
    return np.interp(T, *zip(*knots, strict=True))


def span(from_s=0.0, to_s=6.0, worst=50.0, limit=10.0, **more) -> FaultSpan:
    return FaultSpan("off", from_s, to_s, worst, limit, "deg", "moderate", **more)


def concluding(**outcome):
    class Said(Toy):
        def conclude(self, a, limits, before):
            return Outcome(**outcome)

    return Said()


def watched(values, check=ABOVE, limit=10.0):
    """A check that has watched values, 0.1 s apart, from 0 s on."""
    watch = CheckWatch(check, limit, "deg")
    for t, v in zip(T, values, strict=True):
        watch.update(float(t), MOVE, {"v": float(v)}, {})
    return watch


def judged(a=None, watches=(), before=(), **outcome):
    it = concluding(**outcome)
    return verdict(a or attempt(), it, Limits("toy", LIMITS), watches, before)


# ---- the part of a fault that lies in an attempt -------------------------------------------------------------------
def test_of_a_fault_that_goes_on_beyond_the_attempt_the_part_within_is_told_with_its_own_worst():
    # Worse before and after than in the attempt: there it was 30 at 2 s.
    v = curve((0.0, 80.0), (1.0, 20.0), (2.0, 30.0), (4.0, 15.0), (5.0, 20.0), (5.9, 90.0))
    got = within(span(worst=90.0, worst_s=5.9), attempt(v), ABOVE)
    assert (got.from_s, got.to_s, got.worst, got.worst_s) == (1.0, 5.0, 30.0, pytest.approx(2.0))
    assert (got.limit, got.unit, got.severity) == (10.0, "deg", "moderate")


def test_below_a_limit_the_lowest_value_is_the_worst():
    v = curve((0.0, -80.0), (1.0, -20.0), (2.0, -30.0), (4.0, -15.0), (5.0, -20.0), (5.9, -90.0))
    got = within(span(worst=-90.0, limit=-10.0), attempt(v), BELOW)
    assert (got.worst, got.worst_s) == (-30.0, pytest.approx(2.0))


def test_a_fault_that_lies_in_the_attempt_stays_as_it_is():
    inside = span(2.0, 3.0, worst=12.0, worst_s=2.5)
    assert within(inside, attempt(np.full(len(T), 99.0)), ABOVE) is inside


@pytest.mark.parametrize(
    ("fault", "told"), [((0.5, 2.0), (1.0, 2.0)), ((4.0, 5.5), (4.0, 5.0)), ((0.5, 5.5), (1.0, 5.0))]
)
def test_a_fault_is_clipped_where_the_attempt_begins_and_ends(fault, told):
    got = within(span(*fault), attempt(np.full(len(T), 20.0)), ABOVE)
    assert (got.from_s, got.to_s) == told


def test_a_change_since_the_rest_is_measured_from_there():
    got = within(span(), attempt(np.full(len(T), 45.0), rest={"v": 20.0}), replace(ABOVE, relative=True))
    assert got.worst == 25.0
    assert within(span(), attempt(np.full(len(T), 45.0), rest={"v": 20.0}), ABOVE).worst == 45.0


def test_of_a_limit_passed_on_the_way_the_worst_at_the_end_of_the_way_counts():
    # On the way 60; where the effort is at its top (over 0.8 of it) 25.
    effort = curve((0.0, 0.0), (2.0, 0.7), (2.5, 1.0), (4.0, 1.0), (5.0, 0.0))
    v = curve((0.0, 60.0), (2.0, 60.0), (2.5, 25.0), (4.0, 20.0), (5.9, 20.0))
    passing = replace(ABOVE, passing=True)
    assert within(span(), attempt(v, effort=effort), passing).worst < 50.0
    assert within(span(), attempt(v, effort=effort), ABOVE).worst == 60.0
    # Also of a fault that lies in the attempt as a whole.
    assert within(span(1.5, 4.0), attempt(v, effort=effort), passing).worst < 50.0


def test_where_nothing_is_known_of_the_part_the_worst_of_the_whole_stays():
    for a in (attempt(np.full(len(T), np.nan)), attempt()):
        got = within(span(worst=50.0), a, ABOVE)
        assert (got.from_s, got.to_s, got.worst) == (1.0, 5.0, 50.0)


# ---- two faults of one name ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("turned", [False, True])
def test_of_two_faults_the_graver_is_the_one_further_beyond_its_limit_in_spans(turned):
    # 15 of a span of 20 against 8 of a span of 10.
    far, graver = span(1.0, 2.0, worst=25.0, limit=10.0), span(3.0, 4.0, worst=-8.0, limit=0.0)
    args = ((graver, 10.0), (far, 20.0)) if turned else ((far, 20.0), (graver, 10.0))
    got, by = joined(*args[0], *args[1])
    assert (got.worst, got.limit, by) == (-8.0, 0.0, 10.0)
    assert (got.from_s, got.to_s) == (1.0, 4.0)


def test_a_fault_without_a_value_is_less_grave_than_any_with_one():
    unknown, known = replace(span(1.0, 4.0), worst=None), span(2.0, 3.0, worst=10.5)
    for one, other in ((unknown, known), (known, unknown)):
        got, _ = joined(one, 20.0, other, 20.0)
        assert (got.worst, got.from_s, got.to_s) == (10.5, 1.0, 4.0)


def test_a_check_that_calls_twice_in_an_attempt_is_one_fault_with_the_worst_of_both():
    for first, second in ((20.0, 30.0), (30.0, 20.0)):
        v = np.where((T > 1.45) & (T < 2.05), first, np.where((T > 3.45) & (T < 4.05), second, 0.0))
        watch = watched(v)
        assert len(watch.spans) == 2
        (fault,) = judged(attempt(v), [watch]).faults
        assert fault.worst == 30.0
        assert (fault.from_s, fault.to_s) == (pytest.approx(1.5), pytest.approx(4.0))
        assert fault.worst_s == pytest.approx(3.5 if second == 30.0 else 1.5)


# ---- the verdict ---------------------------------------------------------------------------------------------------
def test_a_fault_outside_the_attempt_is_none_of_its_own():
    early = watched(np.where(T < 0.85, 30.0, 0.0))
    rep = judged(attempt(), [early])
    assert (rep.faults, rep.verdict) == ((), "good")


def test_what_another_fault_explains_is_dropped_kept_apart_and_costs_nothing():
    v = np.where((T > 1.45) & (T < 3.05), 30.0, 0.0)
    watch = watched(v)
    plain = judged(attempt(v), [watch])
    assert [f.id for f in plain.faults] == ["off"] and plain.verdict == "fault" and plain.score < 100.0
    assert watch.explained == []
    rep = judged(attempt(v), [watch], drop=frozenset({"off"}))
    assert (rep.faults, rep.verdict, rep.score) == ((), "good", 100.0)
    assert watch.explained == watch.spans
    assert len(watch.explained) == 1
    # Dropping another one changes nothing.
    assert judged(attempt(v), [watch], drop=frozenset({"too-low"})).faults == plain.faults


def test_the_penalty_of_a_check_is_by_its_mean_excess():
    # Half a span beyond all the time: 25 * (0.5 + 0.5 * 0.5) of 100 points.
    assert judged(attempt(), [watched(np.full(len(T), 20.0))]).score == pytest.approx(100.0 - 18.75)
    # Beyond for too short a time to be called: only the excess costs.
    v = np.where((T > 2.05) & (T < 2.15), 30.0, 0.0)
    rep = judged(attempt(v), [watched(v)])
    assert rep.faults == ()
    assert rep.score == pytest.approx(100.0 - 25.0 * 0.5 * 0.1 / 5.9, abs=1e-6)


def test_a_limit_passed_on_the_way_costs_nothing_unless_it_is_called():
    v = np.where((T > 2.05) & (T < 2.15), 30.0, 0.0)
    assert judged(attempt(v), [watched(v, replace(ABOVE, passing=True))]).score == 100.0


def test_two_checks_of_one_name_cost_what_the_worse_costs():
    one, other = watched(np.full(len(T), 15.0)), watched(np.full(len(T), 20.0))
    for watches in ([one, other], [other, one]):
        rep = judged(attempt(np.full(len(T), 20.0)), watches)
        assert rep.score == pytest.approx(100.0 - 18.75)
        assert len(rep.faults) == 1


def test_a_fault_of_the_end_spans_the_attempt_and_costs_by_how_far_it_is():
    rep = judged(counted=False, why="too low", faults=[("too-low", 5.5)])
    (fault,) = rep.faults
    assert (fault.from_s, fault.to_s, fault.worst, fault.limit, fault.unit) == (1.0, 5.0, 5.5, 8.0, "1")
    # 2.5 of a span of 5 below: major, 40 * (0.5 + 0.25); an attempt that does not count has at most 40.
    assert rep.score == pytest.approx((100.0 - 30.0) * 0.4)
    assert (rep.counted, rep.why, rep.verdict) == (False, "too low", "not-counted")


def test_the_end_of_an_attempt_that_was_not_seen_all_the_time_decides_nothing():
    hole = np.where((T > 2.0) & (T < 2.9), np.nan, 1.0)
    assert judged(attempt(effort=hole), faults=[("too-low", 5.5)]).faults == ()
    assert [f.id for f in judged(attempt(), faults=[("too-low", 5.5)]).faults] == ["too-low"]


def test_faults_stand_in_order_of_time():
    v = np.where((T > 2.45) & (T < 4.05), 30.0, 0.0)
    rep = judged(attempt(v), [watched(v)], faults=[("too-low", 5.5)])
    assert [f.id for f in rep.faults] == ["too-low", "off"]
    rep = judged(attempt(v), [watched(v)], faults=[("too-low", 5.5), ("short-hold", 0.5)])
    assert [f.id for f in rep.faults] == ["short-hold", "too-low", "off"]


def test_what_an_exercise_says_of_an_attempt_stands_in_the_repetition():
    rep = judged(
        side="left", measures={"top": 9.5, "gone": float("nan")}, hold_s=1.5, start_s=1.5, end_s=4.5, block="b"
    )
    assert (rep.side, rep.hold_s, rep.start_s, rep.peak_s, rep.end_s, rep.block) == ("left", 1.5, 1.5, 3.0, 4.5, "b")
    assert rep.measures == {"top": 9.5, "gone": None}
    plain = judged(why="said of one that counts")
    assert (plain.hold_s, plain.start_s, plain.end_s, plain.why, plain.score) == (2.0, 1.0, 5.0, None, 100.0)
    assert judged(ignore=True) is None


def test_attempts_are_numbered_on():
    assert judged().index == 1
    assert judged(before=[judged(), judged()]).index == 3


@pytest.mark.parametrize(
    ("cut", "why"),
    [
        ("start", "it was under way when the film began"),
        ("end", "the film ended before it was over"),
        ("gap", "it could not be seen to its end"),
    ],
)
def test_an_attempt_cut_short_has_a_reason_and_no_fault(cut, why):
    rep = cut_short(judged(faults=[("too-low", 5.5)]), cut)
    assert (rep.cut, rep.counted, rep.why, rep.faults, rep.score) == (cut, False, why, (), None)


def test_what_cannot_count_loses_its_score_and_what_did_not_count_keeps_its_reason():
    rep = uncounted(judged(), "too few pictures")
    assert (rep.counted, rep.why, rep.score) == (False, "too few pictures", None)
    failed: Rep = judged(counted=False, why="too low", faults=[("too-low", 5.5)])
    assert uncounted(failed, "too few pictures") is failed
