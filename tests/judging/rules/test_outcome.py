"""What the checks make of an outcome: faults beyond their limits, whether it counts, and what is said of it."""

from dataclasses import replace

import pytest

from formcheck.judging.rules.checks import Check
from formcheck.judging.rules.outcome import Outcome, concluded

from .toy import Toy

LIMITS = {"top": 8.0, "hold_s": 10.0, "hold_tolerance_s": 0.25}
LOW = Check("low", "top", "Higher.", "too low", sense="below", uncounts="{value:.1f} of {limit:g}, at {place:.0f}")
SHORT = Check("short", "hold_s", "Hold.", "short", sense="below", slack="hold_tolerance_s", uncounts="held {value:g} s")
HIGH = Check("high", "top", "Lower.", "too high")
PLAIN = Check("plain", "", "Do not.", "it is plain", uncounts="it was plain")
WATCHED = Check("low", "hold_s", "Higher.", "too low", "x")
CHECKS = (WATCHED, HIGH, LOW, SHORT, PLAIN)


def of(**more):
    return concluded(Outcome("left", measures={"place": 3.0}, **more), CHECKS, LIMITS)


def test_nothing_that_decides_leaves_an_outcome_as_it_is():
    assert of() == Outcome("left", measures={"place": 3.0}, faults=())


@pytest.mark.parametrize(
    ("decides", "faults", "counted", "why"),
    [
        ({"low": 7.99}, (("low", 7.99),), False, "8.0 of 8, at 3"),
        ({"low": 8.0}, (), True, None),
        ({"low": float("nan")}, (), True, None),
        ({"short": 9.74}, (("short", 9.74),), False, "held 9.74 s"),
        ({"short": 9.75}, (), True, None),
        ({"high": 8.01}, (("high", 8.01),), True, None),
        ({"high": 7.0, "low": 7.0}, (("low", 7.0),), False, "7.0 of 8, at 3"),
        ({"short": 1.0, "low": 7.0}, (("short", 1.0), ("low", 7.0)), False, "held 1 s"),
    ],
)
def test_a_value_beyond_the_limit_of_its_check_is_a_fault_which_may_keep_it_from_counting(
    decides, faults, counted, why
):
    out = of(decides=decides)
    assert (out.faults, out.counted, out.why) == (faults, counted, why)


def test_a_fault_that_no_limit_decides_says_why_it_does_not_count_too():
    out = of(faults=[("plain", None)], decides={"low": 1.0})
    assert (out.faults, out.counted, out.why) == ((("plain", None), ("low", 1.0)), False, "it was plain")


def test_what_is_not_known_is_no_number_in_what_is_said():
    assert concluded(Outcome(faults=[("low", None)]), CHECKS, LIMITS).why == "nan of 8, at nan"


def test_what_the_exercise_says_itself_comes_after_what_a_check_says():
    assert of(counted=False, why="not seen").why == "not seen"
    assert of(counted=False, why="not seen", decides={"high": 9.0}).counted is False
    assert of(counted=False, why="not seen", decides={"low": 1.0}).why == "1.0 of 8, at 3"


def test_concluding_twice_changes_nothing():
    once = of(faults=[("plain", None)], decides={"low": 1.0, "high": 9.0})
    assert concluded(once, CHECKS, LIMITS) == once


def test_the_faults_that_keep_from_counting_are_those_whose_checks_say_so_in_order_unless_they_are_listed():
    listed, derived = (type("Other", (Toy,), {"checks": CHECKS, **more}) for more in ({"uncounting": ("plain",)}, {}))
    assert listed.uncounting == ("plain",)
    assert derived.uncounting == ("low", "short", "plain")
    assert Toy.uncounting == ()
    assert type("Quiet", (listed,), {"checks": (HIGH, replace(LOW, uncounts=""))}).uncounting == ("plain",)
