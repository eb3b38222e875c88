"""Scores: worse never scores higher, and what does not count stays low."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formcheck.judging.rules.score import NOT_COUNTED_CAP, WEIGHTS, penalty, rep_score

shares = st.floats(0, 1)
severities = st.sampled_from(sorted(WEIGHTS))
penalties = st.lists(st.floats(0, 60), max_size=8)


@given(severities, shares, shares, st.booleans(), st.booleans())
def test_further_beyond_or_called_never_costs_less(severity, a, b, seen_a, seen_b):
    a, b = sorted((a, b))
    seen_a, seen_b = sorted((seen_a, seen_b))
    assert penalty(severity, seen_a, a) <= penalty(severity, seen_b, b)


@given(shares, st.booleans())
def test_a_graver_fault_costs_no_less_and_never_more_than_its_weight(x, seen):
    minor, moderate, major = (penalty(s, seen, x) for s in ("minor", "moderate", "major"))
    assert 0 <= minor <= moderate <= major <= WEIGHTS["major"]
    assert penalty("minor", True, 1.0) == WEIGHTS["minor"]


@given(severities, st.floats(-5, 5))
def test_an_excess_out_of_range_is_taken_as_the_nearest_in_range(severity, x):
    assert penalty(severity, False, x) == penalty(severity, False, min(max(x, 0.0), 1.0))


@given(penalties, st.floats(0, 60), st.booleans())
def test_another_penalty_never_raises_a_score(some, more, counted):
    assert rep_score([*some, more], counted) <= rep_score(some, counted)


@given(penalties)
def test_scores_lie_between_0_and_100_and_what_does_not_count_at_most_at_the_cap(some):
    assert 0 <= rep_score(some, False) <= NOT_COUNTED_CAP
    assert rep_score(some, False) <= rep_score(some, True) <= 100


def test_nothing_wrong_is_100():
    assert rep_score([], True) == 100.0
    assert rep_score([], False) == pytest.approx(NOT_COUNTED_CAP)
