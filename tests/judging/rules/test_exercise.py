"""Attempts: what can be read off one; and an exercise bound to the limits in force."""

from dataclasses import replace

import numpy as np
import pytest

from formcheck.judging.rules.checks import Check
from formcheck.judging.rules.exercise import Attempt
from formcheck.judging.rules.judge import Judge
from formcheck.judging.rules.limits import Limits
from formcheck.judging.session.session import Session

from .toy import LIMITS, Toy


def attempt(hold_span=None, x=None, peak=1.0):
    t = np.arange(0, 2.01, 0.1)
    x = t * 10 if x is None else x
    return Attempt(t, {"x": x}, x, 0.5, peak, 1.5, 0.0, hold_span, {}, {}, True)


def test_during_gives_the_known_values_from_start_to_end_or_between_two_times():
    assert attempt().during("x").tolist() == pytest.approx(np.arange(5, 15.1, 1).tolist())
    assert attempt().during("x", 0.0, 0.21).tolist() == pytest.approx([0, 1, 2])
    x = np.arange(21.0)
    x[6] = np.nan
    assert 6.0 not in attempt(x=x).during("x")
    assert len(attempt().during("no such signal")) == 0


def test_at_the_peak_is_the_median_of_the_hold_or_around_the_peak():
    assert attempt().at_peak("x") == pytest.approx(10.0)
    assert attempt(hold_span=(1.2, 1.4)).at_peak("x") == pytest.approx(12.0)
    assert np.isnan(attempt().at_peak("no such signal"))
    assert np.isnan(attempt(x=np.full(21, np.nan)).at_peak("x"))


def test_an_exercise_under_limits_has_their_numbers_and_leaves_the_original_alone():
    limits = Limits("toy", LIMITS, {"top": 3.5}, "lenient")
    toy = Toy()
    bound = toy.under(limits)
    assert bound.limits["top"].value == 3.5
    assert bound.limits["lean"].value == 15.0
    assert bound.limits["lean"].unit == "deg"
    assert toy.limits["top"].value == Toy.limits["top"].value == 8.0
    assert isinstance(bound, Toy)
    # Binding is not use: a limit is used when a rule reads it.
    assert limits.used == set()


def test_whoever_is_given_a_bound_exercise_has_the_same_limits():
    limits = Limits("toy", LIMITS, {"top": 3.5})
    bound = Toy().under(limits)
    assert bound.in_force is limits and bound.under(limits) is bound
    assert Judge(bound).limits is limits and Session(bound).judge.limits is limits
    assert bound.changed({"title": "Other"}).in_force is limits
    toy = Toy()
    assert toy.in_force is toy.in_force and toy.in_force.as_dict() == {n: v.value for n, v in toy.limits.items()}
    assert Session(toy, limits).exercise.in_force is limits and toy.in_force is not limits


def test_what_an_attempt_was_before_it_and_how_far_it_went_since():
    a = replace(attempt(), rest={"x": 4.0, "y": 1.0})
    assert (a.before("x"), a.since_rest("x")) == (4.0, pytest.approx(6.0))
    assert np.isnan(a.before("no such signal")) and np.isnan(a.since_rest("y"))


@pytest.mark.parametrize("sense", ["above", "below"])
def test_a_fault_of_the_end_is_told_beyond_the_limit_of_its_own_check(sense):
    watched = Check("odd", "top", "Do not.", "it is odd", "x", sense)
    toy = Toy().changed({"checks": (watched, replace(watched, signal=""))}).under(Limits("toy", LIMITS, {"top": 3.5}))
    sign = 1 if sense == "above" else -1
    assert toy.told("odd", 3.5 + sign * 0.01) == [("odd", 3.5 + sign * 0.01)]
    assert toy.told("odd", 3.5) == toy.told("odd", 3.5 - sign) == toy.told("odd", float("nan")) == []
    (told,) = toy.told("odd", np.float64(3.5 + sign))
    assert type(told[1]) is float
    values = np.array([3.5 + sign * 0.01, 3.5, 3.5 - sign, np.nan])
    assert toy.fails("odd", values).tolist() == [True, False, False, False]
    assert toy.fails("odd", 3.5 + sign * 0.3, 0.2) and not toy.fails("odd", 3.5 + sign * 0.1, 0.2)


def unseen(*spans, step=0.01, hold_span=None) -> Attempt:
    """An attempt from 1 to 9 s whose effort was not seen between some times."""
    t = np.arange(0.0, 10.0, step)
    x = np.where(np.any([(t > a + 1e-9) & (t < b - 1e-9) for a, b in spans], axis=0), np.nan, 1.0)
    return Attempt(t, {"x": x, "y": np.ones(len(t))}, x, 1.0, 5.0, 9.0, 0.0, hold_span, {}, True)


@pytest.mark.parametrize(
    ("seconds", "step", "holed"),
    [(0.38, 0.01, False), (0.42, 0.01, True), (0.4, 0.2, False), (0.6, 0.2, True)],
    ids=["short", "long", "two frames", "three frames"],
)
def test_an_attempt_has_a_hole_where_nothing_is_known_for_two_fifths_of_a_second_and_some_frames(seconds, step, holed):
    assert unseen((4.0, 4.0 + seconds), step=step).holed is holed


def test_of_an_attempt_the_seconds_are_told_that_were_not_seen():
    assert unseen((4.0, 5.0), (7.0, 7.5), step=0.01).unseen_s == pytest.approx(1.5)
    assert unseen((4.0, 4.3), (7.0, 7.5), step=0.01).unseen_s == pytest.approx(0.5), "blinks do not count"
    assert unseen((4.0, 6.0), hold_span=(3.0, 7.0), step=0.01).unseen_s == 0.0


def test_what_is_not_seen_beside_an_attempt_or_in_its_hold_is_no_hole():
    assert not unseen((0.2, 0.9)).holed and not unseen((9.1, 9.8)).holed
    assert not unseen((4.0, 5.0), hold_span=(3.0, 6.0)).holed
    assert unseen((4.0, 5.0), hold_span=(4.5, 6.0)).holed and unseen((4.0, 5.0), hold_span=(3.0, 4.5)).holed
    assert unseen((4.0, 5.0), (7.0, 7.5), hold_span=(3.0, 6.0)).holed


@pytest.mark.parametrize(("hidden", "known"), [(0.9, True), (1.1, False)])
def test_half_of_a_hold_must_be_seen(hidden, known):
    a = unseen((4.0, 4.0 + hidden), hold_span=(4.0, 6.0))
    assert (a.at_peak("x") == 1.0) is known


def test_around_a_peak_is_a_quarter_of_a_second_on_either_side():
    t = np.arange(0.0, 10.0, 0.01)
    near = np.abs(t - 5.0) < 0.251
    a = Attempt(t, {"x": np.where(near, 1.0, np.nan)}, t, 1.0, 5.0, 9.0, 0.0, None, {}, True)
    assert a.at_peak("x") == 1.0 and a.at_peak("x", 0.49) == 1.0 and np.isnan(a.at_peak("x", 0.52))
    # Most of what is read beside it does not count.
    wide = Attempt(t, {"x": np.where(near, 1.0, 9.0)}, t, 1.0, 5.0, 9.0, 0.0, None, {}, True)
    assert (wide.at_peak("x"), wide.at_peak("x", 0.6)) == (1.0, 9.0)
    half = replace(wide, values={"x": np.where(np.abs(t - 5.0) < 0.1301, 0.0, 1.0)})
    assert (half.at_peak("x"), half.at_peak("x", 0.3)) == (0.0, 1.0)


def test_the_share_seen_is_one_of_time_not_of_frames():
    t = np.array([0.0, 0.1, 0.2, 0.3, 0.4, 1.0, 2.0])
    x = np.array([1.0, 1.0, 1.0, 1.0, 1.0, np.nan, 1.0])
    a = Attempt(t, {"x": x, "y": np.where(t > 1.5, np.nan, 1.0)}, x, 0.0, 1.0, 2.0, 0.0, None, {}, True)
    assert a.seen() == a.seen("x") == pytest.approx(0.7)
    assert a.seen("y") == pytest.approx(0.5)
    # Both at once; what is no signal is never known.
    assert a.seen("x", "y") == pytest.approx(0.2)
    assert a.seen("x", "none") == 0.0
    assert a.seen("x", lo=0.35, hi=1.05) == pytest.approx(0.1 / 0.7)
    assert a.seen("x", lo=5.0, hi=6.0) == 0.0
