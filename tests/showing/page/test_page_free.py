"""The page calls a report free of a fault only where it was judged and never beyond its limit."""

from __future__ import annotations

from typing import Any

import numpy as np

from formcheck.judging.exercises import get_exercise
from formcheck.showing.page.free import free_of
from formcheck.showing.page.table import MeasuresTable
from formcheck.showing.page.verdict import verdict

from ..page_reports import plane_report

PLANE = get_exercise("plane")
T = np.arange(0.0, 16.0, 0.1)


def table(phase: str = "hold", **columns: Any) -> MeasuresTable:
    """A film of sixteen seconds in one phase; columns are numbers or arrays."""
    n = len(T)
    values = {name: np.broadcast_to(np.asarray(v, float), n).copy() for name, v in columns.items()}
    return MeasuresTable(T, [phase] * n, ["side"] * n, np.ones(n, bool), values)


def report(**more: Any) -> dict[str, Any]:
    out = plane_report()
    out["limits"] = {name: limit.value for name, limit in PLANE.limits.items()}
    return out | more


def high(t0: float, t1: float) -> np.ndarray:
    """A leg that is level but for a time in which it is ten degrees over its limit of 16."""
    return np.where((t0 <= T) & (t1 > T), 26.0, 0.0)


def test_judged_and_under_the_limit_all_the_time_is_free() -> None:
    found = free_of(report(), PLANE, table(leg_level=0.0))
    assert found.free == ("leg-low", "leg-high") and found.explained == ()


def test_a_moment_beyond_the_limit_is_not_free_and_needs_no_explanation() -> None:
    found = free_of(report(), PLANE, table(leg_level=high(6.0, 6.3)))
    assert found.free == ("leg-low",) and found.explained == ()


def test_what_another_fault_explains_is_named_with_it() -> None:
    r = report()
    sag = next(rep for rep in r["reps"] if any(f["id"] == "hip-sag" for f in rep["faults"]))
    found = free_of(r, PLANE, table(leg_level=high(sag["start_s"], sag["end_s"])))
    assert found.free == ("leg-low",)
    assert found.explained == (("leg-high", "hip-sag"),)
    v = verdict(r, PLANE, table(leg_level=high(sag["start_s"], sag["end_s"])))
    assert v.explained == ("Beyond the limit too, and explained by lower back arching: leg too high.",)
    assert "Free of these faults: leg too low." in v.well


def test_what_was_not_judged_is_not_free() -> None:
    assert free_of(report(), PLANE, table()).free == ()
    assert free_of(report(), PLANE, table(leg_level=np.nan)).free == ()
    assert free_of(report(), PLANE, table("start", leg_level=0.0)).free == (), "not in the phase that decides"
    note = "Could not judge leg-high: the joints it needs were hidden or out of the picture."
    assert free_of(report(notes=[note]), PLANE, table(leg_level=0.0)).free == ("leg-low",)


def test_a_limit_of_ones_own_decides() -> None:
    r = report()
    r["limits"]["leg_high_deg"] = 30.0
    assert free_of(r, PLANE, table(leg_level=high(5.0, 9.0))).free == ("leg-low", "leg-high")
