"""Whether an attempt repeats the side of the one before it."""

from dataclasses import replace

import pytest

from formcheck.judging.rules.records import Rep
from formcheck.judging.rules.turns import again


def rep(side="right", counted=True):
    return Rep(1, side, 1.0, 2.0, 3.0, 1.0, counted, None)


@pytest.mark.parametrize(
    ("before", "side", "counted", "repeats"),
    [
        ([rep()], "right", True, True),
        ([rep()], "left", True, False),
        ([rep("left"), rep()], "left", True, False),
        # Doing it again, and now rightly, is what was asked.
        ([rep(counted=False)], "right", True, False),
        ([rep(counted=False)], "right", False, True),
        ([rep()], "right", False, True),
        # What was not seen, or not seen whole, is no side to repeat.
        ([rep()], None, True, False),
        ([rep(None)], None, True, False),
        ([replace(rep(), cut="start")], "right", True, False),
        ([], "right", True, False),
    ],
)
def test_the_same_side_twice_running_is_a_repeat_unless_it_makes_good(before, side, counted, repeats):
    assert again(before, side, counted=counted) is repeats
