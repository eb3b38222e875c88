"""Attempts put before the exercise: which are none, which are cut, which follow the one before."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from formcheck.judging.rules.checks import ALWAYS, MOVE, Check, CheckWatch
from formcheck.judging.rules.exercise import Attempt
from formcheck.judging.rules.outcome import Outcome
from formcheck.judging.rules.records import FaultSpan, Rep
from formcheck.judging.rules.verdicts import Verdicts

from .toy import LIMITS, Toy

LEAST = LIMITS["least_effort"].value
#: The numbers stand here a second time, on purpose: one that is moved parts other values than these.
GAP_S, CUT_LEAST, MIN_ATTEMPT_S = 1.2, 1.5, 0.35
IN_START, ELSEWHERE, UNKNOWN = {"x": 0.0, "effort": 0.0}, {"x": 9.0, "effort": 0.0}, {"effort": 0.0}


class Takes(Toy):
    """Takes every attempt, and remembers it."""

    seen: list[Attempt]

    def conclude(self, a, limits, before):
        self.seen.append(a)
        return super().conclude(a, limits, before)


def verdicts(watches=(), **changed) -> Verdicts:
    it = Takes().changed(changed)
    it.seen = []
    return Verdicts(it, it.in_force, list(watches))


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


@pytest.mark.parametrize(("unseen_s", "cut"), [(1.0, None), (1.1, "gap")])
def test_one_that_seems_to_count_is_cut_where_less_than_half_of_it_was_seen(unseen_s, cut):
    a = replace(attempt(seconds=2.0), hold_span=None)
    hole = (a.t > 1.5 + 1e-6) & (a.t < 1.5 + unseen_s - 1e-6)
    rep = add(verdicts(), replace(a, effort=np.where(hole, np.nan, a.effort)))
    assert rep is not None
    assert (rep.cut, rep.counted) == (cut, cut is None)


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


# ---- faults that were watched ----------------------------------------------------------------------------------------
LEANING = Check("leaning", "lean", "", "", "lean", phases=ALWAYS, dwell_s=0.5)


def span(from_s: float, to_s: float, name="leaning", worst=25.0) -> FaultSpan:
    return FaultSpan(name, from_s, to_s, worst, 10.0, "deg", "moderate", worst_s=from_s)


def watch(*spans: FaultSpan) -> CheckWatch:
    out = CheckWatch(LEANING, 10.0, "deg")
    out.spans.extend(spans)
    return out


def listed(it: Verdicts, entries=()) -> list[tuple[str, float]]:
    return [(f.id, f.from_s) for f in it.all_faults(entries)]


def test_a_fault_is_one_of_the_session_in_its_attempts_and_just_before_them():
    w = watch(span(2.0, 2.8), span(5.0, 5.9), span(5.95, 6.8), span(9.5, 9.9))
    it = verdicts([w])
    for start in (1.0, 7.0):
        add(it, attempt(start=start))
    # What was put right half a second before the second attempt, or begun after it, is none.
    assert listed(it) == [("leaning", 2.0), ("leaning", 5.95)]


def test_where_the_position_is_held_for_its_own_sake_every_fault_is_one_but_those_of_the_way_in():
    w = watch(span(2.0, 2.8), span(5.0, 5.9), span(9.5, 9.9))
    it = verdicts([w], reports_holds=True)
    add(it, attempt(start=1.0))
    assert listed(it) == [("leaning", 2.0), ("leaning", 5.0), ("leaning", 9.5)]
    assert listed(it, [1.9, 9.4]) == [("leaning", 5.0)]


def test_a_fault_that_is_still_on_is_one_too():
    w = watch()
    it = verdicts([w])
    add(it, attempt(start=1.0))
    for k in range(8):
        w.update(2.0 + k / 10, MOVE, {"lean": 25.0}, {})
    assert listed(it) == [("leaning", 2.0)]
    assert it.all_faults([])[0].to_s == pytest.approx(2.7)


@pytest.mark.parametrize("cut", ["gap", None])
def test_what_was_seen_in_an_attempt_that_was_cut_or_is_none_is_no_fault(cut):
    w = watch(span(0.9, 1.5), span(2.0, 2.8))
    it = verdicts([w])
    if cut is None:
        it._exercise.conclude = lambda a, limits, before: Outcome(ignore=True)
    add(it, attempt(cut=cut))
    # One that was there before it is explained by nothing in it.
    assert w.explained == [span(2.0, 2.8)]
    add(it, attempt(start=1.0)) if cut else None
    assert listed(it) == ([("leaning", 0.9)] if cut else [])


def test_faults_of_watches_and_of_the_ends_of_attempts_stand_in_order_of_time():
    w = watch(span(2.0, 2.8), span(8.0, 8.8))
    it = verdicts([w])
    for start in (1.0, 7.0):
        a = attempt(start=start)
        add(it, Attempt(**{**vars(a), "hold_s": 0.2}))
    assert listed(it) == [("short-hold", 1.0), ("leaning", 2.0), ("short-hold", 7.0), ("leaning", 8.0)]


# ---- what is taken back ----------------------------------------------------------------------------------------------
def hole(a: Attempt) -> Attempt:
    """The attempt, unseen for half of its time."""
    unknown = np.where(np.abs(a.t - a.peak_s) < 0.45, np.nan, a.effort)
    return Attempt(**{**vars(a), "effort": unknown, "hold_span": None})


def test_what_lacks_something_while_a_piece_of_it_was_not_seen_is_cut():
    it = verdicts()
    rep = add(it, hole(Attempt(**{**vars(attempt()), "hold_s": 0.2})))
    assert (rep.cut, rep.counted, rep.why, rep.faults) == ("gap", False, "it could not be seen to its end", ())
    whole = add(verdicts(), hole(attempt()))
    assert (whole.cut, whole.counted) == (None, True)
    # One that was cut by the end of the film stays so.
    assert add(verdicts(), hole(Attempt(**{**vars(attempt(cut="end")), "hold_s": 0.2}))).cut == "end"


def test_a_session_without_what_it_is_done_with_counts_nothing():
    for only_with_ball, reps in ((False, 2), (True, 0)):
        w = watch(span(2.0, 2.8))
        it = verdicts([w], only_with_ball=only_with_ball)
        add(it, attempt(start=1.0))
        add(it, Attempt(**{**vars(attempt(start=7.0)), "hold_s": 0.2}))
        it.take_back("no ball was seen")
        assert [(r.counted, r.why, r.score is None) for r in it.reps] == [
            (False, "no ball was seen", True),
            (False, "short", False),
        ][:reps]
        assert listed(it) == ([("leaning", 2.0), ("short-hold", 7.0)] if reps else [])


def test_of_too_few_pictures_nothing_is_said_of_left_and_right():
    it = verdicts(side_faults=frozenset({"same-side"}))
    sided, plain = span(1.0, 3.0, "same-side"), span(1.0, 3.0, "short-hold")
    it.reps += [
        Rep(1, "left", 1.0, 2.0, 3.0, 1.0, False, "the same side", faults=(sided,)),
        Rep(2, "left", 4.0, 5.0, 6.0, 1.0, False, "short", faults=(plain,)),
        Rep(3, "right", 7.0, 8.0, 9.0, 1.0, True, None, faults=(sided, plain)),
    ]
    it.faults += [sided, plain]
    it.leave_sides_open()
    assert [(r.side, r.counted, r.why, [f.id for f in r.faults]) for r in it.reps] == [
        (None, False, "too few pictures a second to tell which side it was", []),
        (None, False, "short", ["short-hold"]),
        (None, True, None, ["short-hold"]),
    ]
    assert it.faults == [plain]


@pytest.mark.parametrize(
    ("start", "seconds", "entered", "listed"),
    [
        (2.0, 0.99, 2.0, False),
        (2.0, 1.01, 2.0, True),
        (2.5, 0.49, 2.0, False),
        (2.5, 0.51, 2.0, True),
        (1.99, 0.9, 2.0, True),
        (7.0, 0.9, 2.0, True),
    ],
    ids=["within a second", "longer", "later, within it", "later, longer", "begun before", "long after"],
)
def test_what_is_over_within_a_second_of_coming_in_and_does_not_count_is_the_way_in(start, seconds, entered, listed):
    lean = CheckWatch(Check("leaning", "lean", "Stand up.", "you lean", "lean", phases=ALWAYS), 10.0, "deg")
    a = attempt(start=start, seconds=seconds)
    low = replace(a, values={"x": np.full(len(a.t), 5.0)})  # it goes not far enough, and does not count
    watch = verdicts([lean])
    lean.spans.append(FaultSpan("leaning", start, start + 0.1, 20.0, 10.0, "deg", "moderate", worst_s=start))
    rep = watch.add(low, 10.0, {}, (), [entered])
    assert (rep is not None) is listed
    assert bool(lean.explained) is not listed, "what was seen in it is no fault either"
    counted = verdicts().add(a, 10.0, {}, (), [entered])
    assert counted is not None and counted.counted, "what counts is one, however soon"
    assert verdicts().add(replace(low, cut="gap"), 10.0, {}, (), [entered]) is not None
