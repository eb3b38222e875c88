"""Attempts put before the exercise: which are none, which are cut, which follow the one before."""

from __future__ import annotations

import numpy as np
import pytest

from formcheck.judging.rules.exercise import Attempt
from formcheck.judging.rules.presence import GAP_S
from formcheck.judging.rules.verdicts import CUT_LEAST, MIN_ATTEMPT_S, Verdicts

from .toy import LIMITS, Toy

LEAST = LIMITS["least_effort"].value
IN_START, ELSEWHERE, UNKNOWN = {"x": 0.0, "effort": 0.0}, {"x": 9.0, "effort": 0.0}, {"effort": 0.0}


class Takes(Toy):
    """Takes every attempt, and remembers it."""

    seen: list[Attempt]

    def conclude(self, a, limits, before):
        self.seen.append(a)
        return super().conclude(a, limits, before)


def verdicts() -> Verdicts:
    it = Takes()
    it.seen = []
    return Verdicts(it, it.in_force, [])


def attempt(start=1.0, seconds=2.0, rest=IN_START, after=(), **more) -> Attempt:
    t = np.arange(start - 0.5, start + seconds + 0.5, 0.1)
    fields = {"returned": True, "after": dict(after), **more}
    top = start + seconds / 2
    values = {"x": np.full(len(t), 10.0)}
    return Attempt(t, values, values["x"], start, top, start + seconds, 1.5, (start, start + seconds), rest, **fields)


def add(it: Verdicts, a: Attempt, amplitude=10.0, blind=()):
    return it.add(a, amplitude, {}, blind)


@pytest.mark.parametrize(("seconds", "listed"), [(MIN_ATTEMPT_S - 0.01, False), (MIN_ATTEMPT_S + 0.01, True)])
def test_what_is_too_short_is_noise(seconds, listed):
    assert (add(verdicts(), attempt(seconds=seconds)) is not None) is listed


@pytest.mark.parametrize(
    ("rest", "after", "listed"),
    [
        (IN_START, ELSEWHERE, True),
        (ELSEWHERE, IN_START, True),
        (ELSEWHERE, ELSEWHERE, False),
        (ELSEWHERE, UNKNOWN, False),
        (UNKNOWN, ELSEWHERE, False),
        (UNKNOWN, UNKNOWN, True),
        (UNKNOWN, (), True),
    ],
)
def test_an_attempt_begins_or_ends_in_the_start_position_as_far_as_that_is_known(rest, after, listed):
    assert (add(verdicts(), attempt(rest=rest, after=after)) is not None) is listed


@pytest.mark.parametrize(("share", "listed"), [(CUT_LEAST - 0.01, False), (CUT_LEAST + 0.01, True)])
def test_what_was_cut_is_listed_where_it_went_far_enough_and_never_counts(share, listed):
    rep = add(verdicts(), attempt(cut="gap"), amplitude=share * LEAST)
    assert (rep is not None) is listed
    if rep is not None:
        assert (rep.cut, rep.counted, rep.faults, rep.score) == ("gap", False, (), None)
    assert add(verdicts(), attempt(), amplitude=0.1 * LEAST) is not None, "one that was seen whole is as it is"


@pytest.mark.parametrize(
    ("blind", "follows"),
    [
        ([], True),
        ([(4.0, 4.0 + GAP_S - 0.01)], True),
        ([(4.0, 4.0 + GAP_S + 0.01)], False),
        ([(-5.0, 0.9)], True),
        ([(-5.0, 1.1)], False),
        ([(7.1, 9.0)], True),
        ([(6.9, 9.0)], False),
    ],
    ids=["all seen", "a moment", "long", "before the last", "in the last", "after it began", "before it began"],
)
def test_another_attempt_may_lie_between_two_where_nothing_was_seen_for_long(blind, follows):
    it = verdicts()
    assert add(it, attempt(start=1.0)) is not None
    add(it, attempt(start=7.0), blind=blind)
    assert [a.follows for a in it._exercise.seen] == [True, follows]


def test_nothing_counts_without_what_it_is_done_with():
    it = verdicts()
    it.without = "no ball was seen"
    rep = add(it, attempt())
    assert (rep.counted, rep.why, rep.score) == (False, "no ball was seen", None)
    assert it.reps == [rep]


def test_a_fault_of_the_end_is_one_of_the_session_and_in_the_order_of_time():
    it = verdicts()
    for start in (1.0, 7.0):
        a = attempt(start=start, rest=IN_START)
        add(it, Attempt(**{**vars(a), "hold_s": 0.2}))
    assert [(f.id, f.from_s) for f in it.all_faults([])] == [("short-hold", 1.0), ("short-hold", 7.0)]
