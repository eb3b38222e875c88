"""Which curves the page shows, and that thinning loses neither a peak nor a gap."""

from __future__ import annotations

import json
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from formcheck.judging.exercises import get_exercise
from formcheck.showing.page import render_page
from formcheck.showing.page.curves import build_curves, plan_curves, thin
from formcheck.showing.page.language import Words
from formcheck.showing.page.table import MeasuresTable, read_table, spans
from formcheck.showing.page.timeline import lanes, ticks, time_span

from ..page_reports import Page, empty_report, fault, plane_report, rep, write_measures

VALUES = st.one_of(st.floats(-1e3, 1e3, allow_nan=False), st.just(float("nan")))

WORDS = Words("en", "plane")


@settings(deadline=None)
@given(st.data(), st.integers(1, 400), st.integers(1, 20))
def test_thinning_keeps_extremes_and_bridges_no_gap(data, n, pieces):
    v = data.draw(arrays(float, n, elements=VALUES))
    inside = data.draw(arrays(bool, n))
    t = np.cumsum(data.draw(arrays(float, n, elements=st.floats(0.01, 2.0))))
    k = thin(t, v, inside, pieces)
    assert np.all(np.diff(k) > 0)
    assert {k[0], k[-1]} == {0, n - 1}
    assert len(k) <= max(4 * pieces, 12 * pieces)
    for part, kept in ((v, v[k]), (v[inside], v[k][inside[k]])):
        if np.isfinite(part).any():
            assert np.nanmin(kept) == np.nanmin(part)
            assert np.nanmax(kept) == np.nanmax(part)
    for a, b in pairwise(k):
        if np.isfinite(v[[a, b]]).all():
            assert np.isfinite(v[a : b + 1]).all()


def test_a_peak_of_one_frame_in_ten_minutes_is_drawn(tmp_path):
    table = write_measures(tmp_path / "m.csv", seconds=600)
    lines = table.read_text().splitlines()
    row = lines[9001].split(",")
    row[lines[0].split(",").index("leg_level")] = "77.7"
    lines[9001] = ",".join(row)
    table.write_text("\n".join(lines) + "\n")
    curves = json.loads(Page(render_page(plane_report(), None, table)).scripts[0])["curves"]
    leg = next(c for c in curves if c["signal"] == "leg_level")
    assert len(leg["t"]) < 4000
    at = leg["v"].index(77.7)
    assert leg["t"][at] == pytest.approx(300.0, abs=0.05)


def table(t, columns, *, phase=None, pose=None, view=None):
    n = len(t)
    return MeasuresTable(
        np.asarray(t, float),
        phase or ["hold"] * n,
        view or ["side"] * n,
        np.ones(n, bool) if pose is None else np.asarray(pose),
        {k: np.asarray(v, float) for k, v in columns.items()},
    )


def test_curves_are_the_checks_signals_with_their_limits_those_with_faults_first():
    report = plane_report()
    report["limits"]["leg_high_deg"] = 12.0
    plans = plan_curves(report, get_exercise("plane"))
    first = plans[0]
    assert first.signal == "arch"
    assert {(x.fault, x.value, x.sense) for x in first.lines} == {("hip-sag", 22.0, "above")}
    leg = next(p for p in plans if p.signal == "leg_level")
    assert {(x.fault, x.value, x.sense) for x in leg.lines} == {
        ("leg-low", -15.0, "below"),
        ("leg-high", 12.0, "above"),
    }
    assert "support_thigh" in [p.signal for p in plans], "the angle on the picture"
    assert len({p.signal for p in plans}) == len(plans)


def test_a_fault_decided_at_the_end_lends_its_limit_to_the_measure_it_was_decided_by():
    low = fault("leg-low", 1.0, 3.0, 27.9, 15.0, "deg")
    values = {"working_level": -27.9, "working_knee": 161.0}
    report = plane_report(
        exercise="shoulder-bridge", limits={"level_deg": 15.0}, reps=[rep(1, 1.0, faults=[low], measures=values)]
    )
    report["faults"] = [{**low, "severity": "major", "reps": [1], "seconds": 2.0, "cue": "Raise the leg."}]
    plan = plan_curves(report, get_exercise("shoulder-bridge"))[0]
    assert plan.signal == "working_level"
    assert [(x.fault, x.value, x.sense) for x in plan.lines] == [("leg-low", -15.0, "below")]


def test_what_was_not_measured_is_a_gap():
    t = np.arange(100) / 10
    v = np.where((t > 3) & (t < 5), np.nan, 1.0)
    hidden = (t > 6) & (t < 7)
    view = ["front" if 8 < x < 9 else "side" for x in t]
    plans = [p for p in plan_curves(plane_report(), None) if p.signal == "leg_level"]
    (curve,) = build_curves(table(t, {"leg_level": v}, pose=~hidden, view=view), plans, ["side"], WORDS)
    missing = [x for x, y in zip(curve["t"], curve["v"], strict=True) if y is None]
    assert all(3 < x < 5 or 6 < x < 7 or 8 < x < 9 for x in missing)
    assert [round(a) for a, _ in curve["gaps"]] == [3, 6, 8]


def test_missing_frames_are_a_gap():
    t = np.concatenate([np.arange(10) / 10, 5 + np.arange(10) / 10])
    plans = [p for p in plan_curves(plane_report(), None) if p.signal == "leg_level"]
    (curve,) = build_curves(table(t, {"leg_level": np.ones(20)}), plans, None, WORDS)
    assert curve["v"].count(None) == 1
    assert curve["gaps"] == [[0.9, 5.0]]


def test_a_measure_never_taken_has_no_curve():
    plans = plan_curves(plane_report(), get_exercise("plane"))
    t = np.arange(5.0)
    assert build_curves(table(t, {"leg_level": np.full(5, np.nan)}), plans, None, WORDS) == []


def test_the_range_is_that_of_the_time_it_decides_with_its_limits():
    t = np.arange(20) / 10
    v = np.where(np.arange(20) < 10, -80.0, 5.0)
    phase = ["start"] * 10 + ["hold"] * 10
    plans = plan_curves(plane_report(), get_exercise("plane"))
    curve = next(
        c
        for c in build_curves(table(t, {"leg_level": v}, phase=phase), plans, None, WORDS)
        if c["signal"] == "leg_level"
    )
    assert -30 < curve["lo"] < -15 and 16 < curve["hi"] < 40
    assert curve["on"] == [0] * 10 + [1] * 10


def test_relative_checks_show_the_change_since_the_start_position():
    t = np.arange(40) / 10
    v = np.where(t < 1, 20.0, 50.0)
    phase = ["away"] * 8 + ["start"] * 4 + ["hold"] * 28
    plans = [p for p in plan_curves(plane_report(), get_exercise("plane")) if p.relative]
    assert [p.signal for p in plans] == ["pelvis_roll"]
    (curve,) = build_curves(table(t, {"pelvis_roll": v}, phase=phase), plans, None, WORDS)
    assert curve["v"][0] is None and curve["v"][-1] == 15.0  # the rest before it was at 20 and at 50


def test_only_the_wanted_columns_are_read(tmp_path):
    found = read_table(write_measures(tmp_path / "m.csv", seconds=10), ["leg_level", "no_such", "leg_level"])
    assert list(found.columns) == ["leg_level"]
    assert len(found.t) == 300
    assert not found.pose[(found.t > 8.01) & (found.t < 8.99)].any()


def test_spans_are_the_stretches_long_enough():
    t = np.arange(10) / 10
    assert spans(t, np.array([1, 1, 1, 1, 1, 0, 1, 0, 1, 1], bool), 0.3) == [(0.0, 0.5)]
    assert spans(t[:0], np.zeros(0, bool)) == []


# ---- timeline --------------------------------------------------------------------------
def test_lanes_hold_repetitions_holds_faults_and_what_was_not_judged(tmp_path):
    report = plane_report(holds=[{"from_s": 1.5, "to_s": 15.25, "seconds": 13.8}])
    found = read_table(write_measures(tmp_path / "m.csv"), [])
    rows = {lane.name: lane for lane in lanes(report, found, get_exercise("plane"), WORDS)}
    assert list(rows) == ["Repetitions", "Position held", "Lower back arching", "Held too briefly", "Not judged"]
    assert [b.start for b in rows["Repetitions"].blocks] == [1.05, 5.21, 10.31]
    assert [(b.start, b.end) for b in rows["Lower back arching"].blocks] == [(6.07, 7.5)]
    assert [b.kind for b in rows["Not judged"].blocks] == ["away", "blind"]
    assert rows["Not judged"].quiet


def test_a_fault_outside_the_repetitions_is_on_the_timeline():
    report = plane_report(reps=[])
    rows = {lane.name: lane for lane in lanes(report, None, None, WORDS)}
    assert [(b.start, b.end) for b in rows["Lower back arching"].blocks] == [(6.07, 7.5)]
    report = plane_report()
    report["faults"][0]["from_s"] = 0.5
    rows = {lane.name: lane for lane in lanes(report, None, None, WORDS)}
    assert [b.start for b in rows["Lower back arching"].blocks] == [0.5, 6.07]


def test_the_hold_lies_about_the_peak_within_the_repetition():
    first = lanes(plane_report(), None, None, WORDS)[0].blocks[0]
    assert first.hold == pytest.approx((2.42 - 0.615, 2.42 + 0.615))
    long = plane_report(reps=[rep(1, 1.0, hold_s=10.0)])
    assert lanes(long, None, None, WORDS)[0].blocks[0].hold == (1.0, 3.91)


def test_the_page_is_about_the_time_that_was_read(tmp_path):
    found = read_table(write_measures(tmp_path / "m.csv", seconds=5, start=20.0), [])
    assert time_span(empty_report(), found) == pytest.approx((20.0, 25.0), abs=0.05)
    assert time_span(plane_report(), None) == (0.0, 16.0)
    assert time_span(empty_report(), None) == (0.0, 1.0)


@given(st.floats(0, 5000), st.floats(1, 10000), st.integers(4, 30))
def test_ticks_are_few_and_inside(first, length, at_most):
    marks = [m for m, _ in ticks(first, first + length, at_most)]
    assert len(marks) <= at_most + 1
    assert all(first <= m <= first + length for m in marks)
    assert len(set(np.diff(marks).tolist())) <= 1
