"""Which faults are reported: those of attempts and of the rest before them, not those of the way in or of passing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from formcheck.judging.rules.records import FaultSpan, Rep
from formcheck.judging.rules.reported import as_judged, beside, coming_in, passed_through


def span(from_s: float, to_s: float, worst: float | None = 90.0, **more) -> FaultSpan:
    return FaultSpan("leaning", from_s, to_s, worst, 10.0, "deg", "moderate", **{"worst_s": from_s, **more})


def rep(start: float = 10.0, end: float = 14.0, *faults: FaultSpan, cut: str | None = None) -> Rep:
    return Rep(1, None, start, (start + end) / 2, end, 1.0, True, None, faults=faults, cut=cut)


@pytest.mark.parametrize(
    ("from_s", "to_s", "told"),
    [(5.0, 5.9, True), (5.0, 6.1, False), (4.9, 5.9, False), (5.5, 5.9, True), (9.0, 9.5, False)],
    ids=["mended within a second", "mended later", "there before", "begun a little later", "long after"],
)
def test_what_is_mended_within_a_second_of_coming_in_belongs_to_the_way_in(from_s, to_s, told):
    assert coming_in(from_s, to_s, [2.0, 5.0]) is told
    assert not coming_in(from_s, to_s, [])


@pytest.mark.parametrize(("to_s", "passed"), [(6.4, True), (6.6, False)])
def test_a_position_left_within_a_second_and_a_half_was_passed_through(to_s, passed):
    assert passed_through(5.0, to_s, []) is passed
    # What was done before does not tell, what was done in it does.
    assert passed_through(5.0, to_s, [rep(1.0, 4.9)]) is passed
    assert not passed_through(5.0, to_s, [rep(1.0, 4.9), rep(5.0, 5.1)])


@pytest.mark.parametrize(
    ("from_s", "to_s", "told"),
    [(5.0, 9.75, True), (5.0, 9.65, False), (13.9, 20.0, True), (14.1, 20.0, False), (11.0, 12.0, True)],
    ids=["until a moment before", "until longer before", "from the end on", "after it", "within it"],
)
def test_a_fault_at_rest_is_one_if_it_lasts_until_a_moment_before_an_attempt(from_s, to_s, told):
    assert beside(span(from_s, to_s), [rep()]) is told
    assert beside(span(from_s, to_s), [rep(1.0, 2.0), rep()]) is told
    assert not beside(span(from_s, to_s), [rep(cut="gap")])


def test_the_worst_of_a_fault_is_the_worst_of_its_attempts():
    whole = span(5.0, 30.0)
    first, second = span(10.0, 14.0, 25.0, worst_s=11.0), span(20.0, 24.0, 40.0, worst_s=21.0)
    got = as_judged(whole, [rep(10.0, 14.0, first), rep(20.0, 24.0, second)])
    assert got == replace(whole, worst=40.0, worst_s=21.0)
    assert as_judged(whole, [rep(20.0, 24.0, second), rep(10.0, 14.0, first)]) == got


@pytest.mark.parametrize(
    "other",
    [
        span(31.0, 34.0, 25.0),
        span(1.0, 4.0, 25.0),
        span(10.0, 14.0, None),
        span(10.0, 14.0, 25.0, worst_s=None),
        replace(span(10.0, 14.0, 25.0), id="shallow"),
        replace(span(10.0, 14.0, 25.0), limit=12.0),
    ],
    ids=["later", "earlier", "no value", "no moment", "another fault", "another limit"],
)
def test_what_is_another_fault_or_has_no_value_says_nothing_of_it(other):
    whole = span(5.0, 30.0)
    assert as_judged(whole, [rep(10.0, 14.0, other)]) is whole


def test_below_its_limit_the_lowest_is_the_worst():
    whole = replace(span(5.0, 30.0, -90.0), limit=-10.0)
    low, high = (replace(span(10.0, 14.0, v), limit=-10.0) for v in (-60.0, -20.0))
    assert as_judged(whole, [rep(10.0, 14.0, high), rep(10.0, 14.0, low)]).worst == -60.0


def test_a_fault_without_a_limit_stays_as_it_is():
    whole = replace(span(5.0, 30.0), limit=None)
    assert as_judged(whole, [rep(10.0, 14.0, replace(span(10.0, 14.0, 25.0), limit=None))]) is whole
