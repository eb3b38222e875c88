"""Whether an attempt repeats the side of the one before it."""

from dataclasses import replace

import pytest

from formcheck.judging.rules.records import Rep
from formcheck.judging.rules.turns import again


def rep(side="right", counted=True):
    return Rep(1, side, 1.0, 2.0, 3.0, 1.0, counted, None)


@pytest.mark.parametrize(
    ("before", "side", "repeats"),
    [
        ([rep()], "right", True),
        ([rep()], "left", False),
        ([rep("left"), rep()], "left", False),
        # Doing again what did not count is what was asked, and no less so when that does not count either.
        ([rep(counted=False)], "right", False),
        ([rep("left"), rep(counted=False)], "right", False),
        ([rep("left"), rep(counted=False), rep(counted=False)], "right", False),
        # ... but it was the other one's turn.
        ([rep(), rep(counted=False)], "right", True),
        # What was not seen, or not seen whole, is no side to repeat.
        ([rep()], None, False),
        ([rep(None)], None, False),
        ([replace(rep(), cut="start")], "right", False),
        ([rep(), replace(rep(counted=False), cut="gap")], "right", False),
        ([], "right", False),
    ],
)
def test_the_same_side_twice_running_is_a_repeat_unless_it_makes_good(before, side, repeats):
    assert again(before, side) is repeats
    assert not again(before, side, follows=False)
