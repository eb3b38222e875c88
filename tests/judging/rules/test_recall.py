"""What is cut out of the last moments as an attempt: its beginning, peak and end, its speed, its hold."""

from __future__ import annotations

import numpy as np
import pytest

from formcheck.judging.rules.attempts import Swing
from formcheck.judging.rules.recall import MAX_ROWS, Recall, RecalledMoment, _left, cut_out, rest_of, slope, speeds

from .toy import Toy

TOY = Toy()
STEP = 0.1
#: Length of the rest that tells where the body was (s).
RESTED_S = 1.0


def rising(t: float, low: float = 0.0, high: float = 10.0) -> float:
    """At *low* until 2 s, up within a second, at *high* until 4 s, down within another."""
    return low + (high - low) * round(float(np.clip(min(t - 2.0, 5.0 - t), 0.0, 1.0)), 6)


def rows_of(low: float = 0.0, high: float = 10.0, x: float | None = None, **away) -> list[RecalledMoment]:
    """Seven seconds of it; *x* is what the exercise looks at, the effort itself by default."""
    times = [k * STEP for k in range(71)]
    out = []
    for t in times:
        effort = rising(t, low, high)
        gone = any(a <= t <= b for a, b in away.get("away", ()))
        sample = {} if gone else {"x": effort if x is None else x, "y": 2.0 * effort}
        out.append(RecalledMoment(t, float("nan") if gone else effort, sample, away=gone))
    return out


def cut(rows: list[RecalledMoment], low: float = 0.0, high: float = 10.0, **more):
    fields = {"returned": True, "from_first": False, **more}
    swing = Swing(1.0, low, 3.2, high, 6.5, low, **fields)
    return cut_out(rows, swing, TOY, TOY.in_force)


@pytest.mark.parametrize("low", [0.0, 100.0, -40.0])
def test_where_nothing_is_held_the_peak_is_the_middle_of_the_top_wherever_its_zero_lies(low):
    a = cut(rows_of(low, low + 10.0, x=0.0), low, low + 10.0)
    assert a.hold_span is None and a.hold_s == 0.0
    assert a.peak_s == pytest.approx(3.5, abs=0.06)
    assert a.start_s == pytest.approx(2.0, abs=0.11) and a.end_s == pytest.approx(5.0, abs=0.11)
    assert a.effort.max() == pytest.approx(10.0) and a.effort.min() == pytest.approx(0.0)


def test_what_is_held_is_the_peak_and_counts_from_where_it_was_reached():
    a = cut(rows_of())
    assert a.hold_span == (pytest.approx(2.8), pytest.approx(4.2)) and a.hold_s == pytest.approx(1.4)
    assert a.peak_s == pytest.approx(3.5) and a.bridged_s == 0.0


def test_the_rest_is_that_before_and_that_after_is_kept_beside_it():
    a = cut(rows_of(low=3.0), low=3.0)
    assert (a.rest["x"], a.rest["y"], a.rest["effort"]) == (3.0, 6.0, 3.0)
    assert (a.after["x"], a.after["y"]) == (3.0, 6.0)
    assert cut(rows_of(low=3.0), low=3.0, returned=False).after == {}


def test_frames_that_were_not_seen_in_the_middle_of_a_hold_are_bridged_and_told():
    rows = [r for r in rows_of() if not 3.05 < r.t < 3.75]
    a = cut(rows)
    assert a.hold_s == pytest.approx(1.4) and a.bridged_s == pytest.approx(0.8)
    assert cut([r for r in rows_of() if not 3.05 < r.t < 3.45]).bridged_s == pytest.approx(0.5)
    assert cut([r for r in rows_of() if not 3.05 < r.t < 3.25]).bridged_s == 0.0, "too short to be told"


@pytest.mark.parametrize(
    ("span", "found"), [((2.6, 3.3), True), ((2.6, 3.5), True), ((2.6, 3.7), False), ((2.6, 4.4), False)]
)
def test_a_body_that_was_elsewhere_for_most_of_the_upper_half_did_something_else(span, found):
    a = cut(rows_of(away=(span,)))
    assert (a is not None) == found


@pytest.mark.parametrize(
    ("spans", "found"),
    [(((3.35, 3.65),), False), (((3.35, 3.45), (3.55, 3.65)), True), (((3.25, 3.35), (3.65, 3.75)), True)],
    ids=["three of five", "two beside the peak", "two further off"],
)
def test_a_body_that_was_elsewhere_for_most_of_half_a_second_about_the_peak_did_something_else(spans, found):
    # Nothing is held: the peak is at 3.5 s.
    assert (cut(rows_of(x=0.0, away=spans)) is not None) == found


@pytest.mark.parametrize(("seconds", "held"), [(0.18, 0.0), (0.21, 0.21)])
def test_what_was_held_for_less_than_a_fifth_of_a_second_was_passed_through(seconds, held):
    t = np.arange(0.0, 7.01, 0.03)
    rows = [RecalledMoment(u, rising(u), {"x": 10.0 if 3.0 <= u <= 3.0 + seconds + 0.001 else 0.0}) for u in t.tolist()]
    a = cut(rows)
    assert (a.hold_span is not None) == (held > 0)
    if held:
        assert a.hold_s == pytest.approx(held) and a.peak_s == pytest.approx(3.0 + held / 2)
    else:
        assert a.peak_s == pytest.approx(3.5, abs=0.04)


@pytest.mark.parametrize(("break_s", "held"), [(0.28, 1.98), (0.32, 1.0)])
def test_a_hold_that_is_let_go_for_up_to_three_tenths_of_a_second_goes_on(break_s, held):
    t = np.arange(0.0, 7.001, 0.02)
    loose = (t > 3.501) & (t < 3.499 + break_s)
    on = (t > 2.499) & (t < 3.5 + break_s + 0.7) & ~loose
    rows = [
        RecalledMoment(u, rising(u), {"x": 10.0 if x else 0.0}) for u, x in zip(t.tolist(), on.tolist(), strict=True)
    ]
    for away in (False, True):
        gone = [RecalledMoment(r.t, float("nan"), {}, away=True) if x else r for r, x in zip(rows, loose, strict=True)]
        assert cut(gone if away else rows).hold_s == pytest.approx(held, abs=0.021)


def test_where_nothing_is_held_the_peak_lies_in_the_uppermost_tenth():
    # Up to a plateau for long, and to the top at the end of it.
    for plateau, peak in ((8.9, 4.05), (9.1, 3.5)):
        rows = []
        for r in rows_of(x=0.0):
            x = min(r.effort, plateau) if r.t < 3.95 else r.effort
            rows.append(RecalledMoment(r.t, x, r.sample))
        assert cut(rows).peak_s == pytest.approx(peak, abs=0.16)


@pytest.mark.parametrize(("tremble", "rest"), [(1.1, 7.0), (1.3, 0.0)])
def test_a_rest_is_what_lies_within_an_eighth_of_the_way_above_its_lowest_point(tremble, rest):
    rows = []
    for r in rows_of():
        # For most of the second before and after it the body is not quite down.
        high = 1.0 <= r.t < 1.65 or 5.45 < r.t <= 6.1
        rows.append(RecalledMoment(r.t, tremble if high else r.effort, {"x": r.effort, "z": 7.0 if high else 0.0}))
    a = cut(rows)
    assert (a.rest["z"], a.after["z"]) == (rest, rest)
    assert (a.start_s, a.end_s) == (pytest.approx(2.0, abs=0.11), pytest.approx(5.0, abs=0.11))


def test_of_less_than_three_moments_nothing_can_be_said():
    inside = [r for r in rows_of() if 2.95 < r.t < 3.25]
    assert cut(inside) is not None
    assert cut(inside[:2]) is None


def test_speeds_are_slopes_about_each_moment_whatever_the_step():
    t = np.array([0.0, 0.1, 0.2, 0.3, 0.5, 0.6])
    assert speeds(t, 7.0 * t - 3.0) == pytest.approx([7.0] * 6)
    bend = np.abs(np.arange(0.0, 2.01, 0.1) - 1.0)
    v = speeds(np.arange(0.0, 2.01, 0.1), bend)
    assert v[5] == pytest.approx(-1.0) and v[10] == pytest.approx(0.0, abs=1e-9) and v[15] == pytest.approx(1.0)


def test_speeds_are_measured_over_three_tenths_of_a_second():
    t = np.arange(0.0, 2.01, 0.05)
    v = speeds(t, np.abs(t - 1.0))
    # The last window without the bend ends 0.15 s before it; the next holds a moment behind it.
    assert v[17] == pytest.approx(-1.0) and v[18] == pytest.approx(-0.055 / 0.07)


def test_speeds_are_not_known_where_nothing_was_measured_and_zero_where_a_moment_stands_alone():
    t = np.array([0.0, 0.05, 0.1, 1.0, 2.0])
    v = speeds(t, np.array([0.0, np.nan, 0.2, 5.0, np.nan]))
    assert v[:4] == pytest.approx([2.0, np.nan, 2.0, 0.0], nan_ok=True) and np.isnan(v[4])
    assert np.isnan(speeds(t, np.array([1.0, *[np.nan] * 4]))).all()


def test_a_slope_needs_two_moments_that_differ():
    assert slope([(0.0, 1.0)]) == 0.0 == slope([(1.0, 1.0), (1.0, 9.0)])
    assert slope([(0.0, 1.0), (0.5, 2.0)]) == pytest.approx(2.0)


def test_a_rest_is_the_median_of_what_lies_no_higher_than_its_level():
    rows = [
        RecalledMoment(0.0, 1.0, {"x": 1.0}),
        RecalledMoment(0.1, 2.0, {"x": 3.0}),
        RecalledMoment(0.2, 2.0, {"x": 5.0}),
        RecalledMoment(0.3, 2.1, {"x": 90.0}),
    ]
    assert rest_of(rows, 2.0) == {"x": 3.0}


def test_at_rest_only_the_last_seconds_are_kept_and_under_way_no_more_than_fit():
    recall = Recall(2.0)
    for k in range(100):
        recall.add(RecalledMoment(k * STEP, 0.0, {}), under_way=False, at_rest=True)
    assert recall.rows[0].t == pytest.approx(9.9 - 2.0) and recall.rows[-1].t == pytest.approx(9.9)
    assert [r.t for r in recall.lately(9.75)] == pytest.approx([9.8, 9.9])
    for k in range(100, 100 + 2 * MAX_ROWS):
        recall.add(RecalledMoment(k * STEP, 5.0, {}), under_way=True, at_rest=False)
    assert MAX_ROWS / 2 < len(recall.rows) <= MAX_ROWS and recall.rows[0].t == pytest.approx(9.9 - 2.0)


def test_a_rest_is_that_of_the_second_before_the_way_out_and_of_the_second_after_the_way_back():
    rows = [RecalledMoment(r.t, r.effort, {**r.sample, "t": r.t}) for r in rows_of()]
    a = cut(rows)
    assert a.rest["t"] == pytest.approx(a.start_s - RESTED_S / 2, abs=0.06)
    assert a.after["t"] == pytest.approx(a.end_s + RESTED_S / 2, abs=0.06)


@pytest.mark.parametrize(("dip_s", "rest"), [(3.55, 0.5), (3.5, 1.0)])
def test_the_rest_that_a_body_left_lies_shortly_before_it_was_on_its_way(dip_s, rest):
    # It drifted from 0 to 1 long ago, with a dip since; on its way (at 3) from 5.44 s, half way (at 5) at 5.89 s.
    t = np.arange(0.0, 7.01, 0.05)
    x = np.where(t < 1.0, 0.0, np.where(t <= 5.0, 1.0, 1.0 + 4.5 * (t - 5.0)))
    x[np.abs(t - dip_s) < 0.01] = 0.5
    start, low = _left(t, x, 0.0, 10.0)
    assert low == rest
    assert start == pytest.approx(5.0, abs=0.11)


@pytest.mark.parametrize("low", [0.0, 50.0, -50.0])
def test_where_a_body_set_out_does_not_hang_on_where_its_zero_lies(low):
    t = np.arange(0.0, 7.01, 0.05)
    x = low + np.where(t <= 5.0, 1.0, 1.0 + 4.5 * (t - 5.0))
    start, rest = _left(t, x, low, low + 10.0)
    assert rest == low + 1.0 and start == pytest.approx(5.0, abs=0.11)
