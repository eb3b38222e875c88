"""What changed, and when a change is one: values, the least change, sides, faults."""

from __future__ import annotations

import json

import numpy as np
import pytest

from formcheck.coaching.history.queries import sets
from formcheck.coaching.people import find_person
from formcheck.compare.changes import changes, fault_changes
from formcheck.compare.cycles import curves, cycle
from formcheck.compare.subjects import pairs, two_sessions, two_sides
from formcheck.errors import InputError, UsageError
from formcheck.statistics.change import least_change

from ..agreement.made import report, write
from .made import keep, session


@pytest.fixture(autouse=True)
def own_data(tmp_path, monkeypatch):
    monkeypatch.setenv("FORMCHECK_DATA", str(tmp_path / "data"))


def by_key(found):
    return {c.figure.key: c for c in found}


def kept(exercise="plane"):
    with find_person(None).open_history() as history:
        return sets(history, exercise=exercise)


def test_a_measure_is_the_middle_of_what_counts_and_chance_is_told_from_the_history(tmp_path):
    # Sessions that are 2 degrees apart by turns: half the mean square of the steps is 2, the root of it 1.41.
    keep([[160.0], [162.0], [160.0], [162.0], [160.0], [162.0]], exercise="shoulder-bridge", measure="working_knee")
    a = session(tmp_path, "a", [150, 160, 161], "shoulder-bridge", "working_knee")
    b = session(tmp_path, "b", [165, 166, 120], "shoulder-bridge", "working_knee", reps=[{}, {}, {"counted": False}])
    first, second = two_sessions(a, b)
    knee = by_key(changes(first, second, kept("shoulder-bridge")))["working_knee"]
    assert (knee.first, knee.second, knee.difference, knee.repetitions) == (160.0, 166.0, 6.0, (3, 2))
    assert knee.least == pytest.approx(least_change(2**0.5), abs=0.01)
    assert (knee.tone, knee.by) == ("better", "sessions")
    back = by_key(changes(second, first, kept("shoulder-bridge")))["working_knee"]
    assert (back.difference, back.tone) == (-6.0, "worse")


def test_less_than_chance_is_no_change(tmp_path):
    keep([[150.0], [162.0], [149.0], [163.0], [150.0]], exercise="shoulder-bridge", measure="working_knee")
    first, second = two_sessions(
        session(tmp_path, "a", [150], "shoulder-bridge", "working_knee"),
        session(tmp_path, "b", [165], "shoulder-bridge", "working_knee"),
    )
    knee = by_key(changes(first, second, kept("shoulder-bridge")))["working_knee"]
    assert knee.least > 15 and knee.tone == "steady"


def test_repetitions_alone_tell_no_change_but_never_one(tmp_path):
    first, second = two_sessions(session(tmp_path, "a", [10, 14, 18, 6]), session(tmp_path, "b", [16, 20, 14, 12]))
    leg = by_key(changes(first, second))["leg_level"]
    assert (leg.first, leg.second, leg.tone, leg.by) == (12.0, 15.0, "steady", "repetitions")
    first, second = two_sessions(first.report.path, session(tmp_path, "c", [60, 61, 59, 60]))
    assert by_key(changes(first, second))["leg_level"].tone == "open"
    # Too few to know anything: small is about the same, more is open.
    one, other = two_sessions(session(tmp_path, "d", [10]), session(tmp_path, "e", [12]))
    leg = by_key(changes(one, other))["leg_level"]
    assert (leg.tone, leg.least) == ("steady", None)
    one, other = two_sessions(one.report.path, session(tmp_path, "f", [20]))
    assert by_key(changes(one, other))["leg_level"].tone == "open"


def test_fewer_repetitions_are_no_worse_and_what_was_not_measured_is_none(tmp_path):
    first, second = two_sessions(
        session(tmp_path, "a", [10, 12]),
        session(tmp_path, "b", [11], reps=[{"measures": {"leg_level": None}}]),
    )
    found = by_key(changes(first, second))
    assert (found["counted"].first, found["counted"].second, found["counted"].tone) == (2.0, 1.0, None)
    assert (found["leg_level"].second, found["leg_level"].difference, found["leg_level"].tone) == (None, None, None)
    assert "arm_level" not in found


def test_left_against_right_needs_repetitions_of_both(tmp_path):
    sides = ["left", "right"] * 3
    first, second = two_sides(session(tmp_path, "a", [10, 30, 11, 31, 9, 29], sides=sides))
    leg = by_key(changes(first, second))["leg_level"]
    assert (leg.first, leg.second, leg.difference) == (10.0, 30.0, 20.0)
    assert leg.least == pytest.approx(least_change(1.0, 3, 3), abs=0.01)
    # Neither side is the better one.
    assert (leg.tone, leg.by) == ("changed", "repetitions")
    few = two_sides(session(tmp_path, "b", [10, 30], sides=["left", "right"]))
    assert by_key(changes(*few))["leg_level"].tone == "open"
    with pytest.raises(UsageError, match="of the left side only"):
        two_sides(session(tmp_path, "c", [10, 11]))
    with pytest.raises(UsageError, match="of no side"):
        two_sides(session(tmp_path, "d", [10, 11], sides=[None, None]))


def test_only_sides_that_both_have_are_compared(tmp_path):
    first, second = two_sessions(
        session(tmp_path, "a", [10, 40, 12], sides=["left", "right", "left"]), session(tmp_path, "b", [11])
    )
    assert [r.index for r in first.reps] == [1, 3] and first.left_out == ("right",)
    assert by_key(changes(first, second))["leg_level"].first == 11.0
    # With none in common, all are.
    first, second = two_sessions(first.report.path, session(tmp_path, "c", [11], sides=[None]))
    assert len(first.reps) == 3


def test_repetitions_go_together_by_side_and_turn(tmp_path):
    a = session(tmp_path, "a", [1, 2, 3, 4], sides=["left", "right", "left", "right"])
    b = session(tmp_path, "b", [1, 2, 3], sides=["right", "left", "right"])
    assert pairs(*two_sessions(a, b)) == [(0, 1), (1, 0), (2, None), (3, 2)]
    assert pairs(*two_sides(a)) == [(0, 0), (1, 1)]
    cut = session(tmp_path, "c", [1, 2], reps=[{"cut": "start", "counted": False}, {}])
    assert pairs(*two_sessions(cut, cut)) == [(0, 0)]
    assert two_sessions(cut, cut)[0].reps[0].index == 2


def test_faults_that_went_and_came(tmp_path):
    sag, down = [{"faults": ["hip-sag"]}], [{"faults": ["head-down"]}]
    first, second = two_sessions(
        session(tmp_path, "a", [1] * 4, reps=[*sag * 3, {}]), session(tmp_path, "b", [1] * 4, reps=[*down, *[{}] * 3])
    )
    assert [(f.fault, f.first, f.second, f.state) for f in fault_changes(first, second)] == [
        ("head-down", 0, 1, None),  # once is chance
        ("hip-sag", 3, 0, "gone"),
    ]


def test_curves_lie_over_each_other_in_per_cent(tmp_path):
    first, second = two_sessions(session(tmp_path, "a", [10, 20, 30]), session(tmp_path, "b", [40]))
    (leg,) = (c for c in curves(first, second) if c.plan.signal == "leg_level")
    assert leg.first.middle[[0, 25, 50, 100]] == pytest.approx([0, 20 * 0.5**0.5, 20, 0], abs=0.15)
    assert (leg.first.least[50], leg.first.most[50]) == (pytest.approx(10, abs=0.1), pytest.approx(30, abs=0.1))
    assert leg.second.middle[50] == pytest.approx(40, abs=0.1) and (leg.first.n, leg.second.n) == (3, 1)
    assert leg.first.each[1][50] == pytest.approx(20, abs=0.1)
    second.measures.unlink()
    assert curves(*two_sessions(first.report.path, second.report.path)) == []


def test_what_was_not_seen_is_a_gap_in_the_curve():
    t = np.arange(0, 10, 0.1)
    v = np.where((t > 4) & (t < 6), np.nan, 5.0)
    got = cycle(t, v, 0.0, 10.0)
    assert np.isnan(got[45]) and np.isnan(got[55]) and got[30] == got[70] == 5.0
    assert np.isfinite(got[100])  # the last picture is a tenth of a second before the end
    assert np.isnan(cycle(t, v, 20.0, 30.0)).all()


def test_what_cannot_be_compared_is_said(tmp_path):
    a = session(tmp_path, "a", [1])
    with pytest.raises(UsageError, match="is of plane, .*b.report.json is of swan|is of plane, .* of swan"):
        two_sessions(a, write(tmp_path / "b.report.json", report("b", [{}], "swan")))
    data = json.loads(a.read_text(encoding="utf-8"))
    none = write(tmp_path / "n.report.json", {**data, "exercise": None})
    with pytest.raises(InputError, match="judges no exercise"):
        two_sessions(a, none)
    with pytest.raises(InputError, match="expected 'formcheck.report/1'"):
        two_sessions(a, write(tmp_path / "o.report.json", {**data, "schema": "formcheck.report/0"}))
