"""The rest before a movement: medians of what is known, whichever way they are computed."""

from math import isnan, nan
from statistics import median

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from formcheck.judging.rules.rest import medians

VALUES = st.floats(-1e6, 1e6) | st.just(nan)
SAMPLES = st.lists(st.fixed_dictionaries({"a": VALUES, "b": VALUES, "c": VALUES}), min_size=1, max_size=30)


def by_the_book(samples, name):
    known = [s[name] for s in samples if name in s and not isnan(s[name])]
    return median(known) if known else nan


@given(SAMPLES)
def test_medians_leave_out_what_is_unknown(samples):
    np.testing.assert_equal(medians(samples), {n: by_the_book(samples, n) for n in "abc"})


@given(SAMPLES, st.data())
def test_signals_that_come_later_are_taken_from_where_they_are(samples, data):
    without = data.draw(st.integers(0, len(samples) - 1))
    mixed = [{k: v for k, v in s.items() if k != "c"} for s in samples[:without]] + samples[without:]
    np.testing.assert_equal(medians(mixed), {n: by_the_book(mixed, n) for n in "abc"})


def test_of_nothing_nothing_is_known():
    assert medians([]) == {}
    assert medians([{}]) == {}
