"""Limits that somebody gives are refused before the work where nothing could be judged under them."""

import pytest

from formcheck.analysis.options import Options, limits_for
from formcheck.errors import UsageError
from formcheck.judging.exercises import ROUTINE, get_exercise

BY_SWINGS = [e.id for e in ROUTINE if e.least in e.limits]


@pytest.mark.parametrize("name", BY_SWINGS)
def test_without_a_least_rise_there_is_no_attempt(name):
    e = get_exercise(name)
    for nothing in (0.0, -1.0):
        why = rf"the limits of {name} do not fit together \({e.least} \({nothing:g}\) is not above 0"
        with pytest.raises(UsageError, match=why):
            limits_for(e, Options(overrides={name: {e.least: nothing}}))
    assert limits_for(e, Options(overrides={name: {e.least: 1e-6}}))[e.least] == 1e-6
