"""How much speaks for an exercise: the share of the time in its position, what was done there, where the ball was.

The numbers stand here a second time, on purpose: one that is moved gives other evidence than this.
"""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from formcheck.judging.exercises import get_exercise
from formcheck.judging.rules.records import FaultSpan, Rep
from formcheck.judging.session.recognition import Recogniser, _Candidate
from formcheck.sight.pose.types import Ball, Observation

SIZE = (960, 540)


def rep(counted=False, *faults: str) -> Rep:
    spans = tuple(FaultSpan(f, 1.0, 2.0, None, None, "", "minor") for f in faults)
    return Rep(1, None, 1.0, 2.0, 3.0, 1.0, counted, None, faults=spans)


def candidate(exercise: str, *reps: Rep, judged=10.0, pose=20.0) -> _Candidate:
    out = _Candidate.of(get_exercise(exercise))
    out.judge.seconds.update(judged=judged, pose=pose)
    out.judge.verdicts.reps.extend(reps)
    return out


def evidence(exercise: str, *reps: Rep, judged=10.0, pose=20.0) -> float:
    return candidate(exercise, *reps, judged=judged, pose=pose).evidence(False)


# ---- by movement -----------------------------------------------------------------------------------------------------
def test_it_is_the_share_of_the_time_in_position_where_something_counted():
    assert evidence("plane", rep(True)) == 0.5
    assert evidence("plane", rep(True), rep(False, "short-hold"), judged=20.0) == 1.0
    assert evidence("plane", rep(True), judged=21.0) == 1.0
    assert evidence("plane", pose=0.0, judged=0.0) == 0.0


def test_a_position_alone_is_worth_little_and_more_where_it_is_held_for_its_own_sake():
    assert evidence("plane", judged=20.0) == pytest.approx(0.15)
    assert evidence("side-plank", judged=20.0) == pytest.approx(0.35)


def test_an_attempt_that_a_fault_kept_from_counting_is_worth_less_and_one_without_even_a_fault_nothing():
    assert evidence("swan", rep(False, "short-hold"), judged=20.0) == pytest.approx(0.8)
    assert evidence("swan", rep(False), judged=20.0) == pytest.approx(0.15)


@pytest.mark.parametrize(("lacked", "of", "worth"), [(1, 3, 0.8), (7, 20, 0.25), (2, 2, 0.25)])
def test_attempts_that_lacked_what_makes_it_this_one_are_hardly_any(lacked, of, worth):
    reps = [rep(False, "arms-low")] * lacked + [rep(False, "short-hold")] * (of - lacked)
    assert evidence("swan", *reps, rep(False), judged=20.0) == pytest.approx(worth)


# ---- the ball --------------------------------------------------------------------------------------------------------
def with_ball(
    there=0.0, elsewhere=0.0, unseen=0.0, *, believed=True, placed=0.0, exercise="heel-bridge", **how
) -> float:
    it = candidate(exercise, rep(True), **how)
    it.ball_s.update(there=there, elsewhere=elsewhere, unseen=unseen)
    it.ball.could_s, it.ball.believed_s = 10.0, 10.0 if believed else 0.0
    it.placed_s = placed
    return it.evidence(True)


@pytest.mark.parametrize(
    ("there", "elsewhere", "unseen", "factor"),
    [(10.0, 0.0, 0.0, 1.5), (5.0, 0.0, 0.0, 1.25), (0.0, 10.0, 0.0, 0.75), (0.0, 4.0, 4.0, 0.8), (2.0, 4.0, 0.0, 1.0)],
)
def test_a_ball_in_its_place_speaks_for_an_exercise_and_one_elsewhere_or_unseen_against_it(
    there, elsewhere, unseen, factor
):
    assert with_ball(there, elsewhere, unseen) == pytest.approx(0.5 * factor)


def test_without_a_ball_it_is_none_with_one_and_the_others_do_not_care():
    assert with_ball(believed=False) == 0.0
    assert with_ball(believed=False, exercise="plane") == 0.5
    assert candidate("heel-bridge", rep(True)).evidence(False) == 0.5
    assert with_ball(10.0, judged=20.0) == 1.0, "no more than all"


def test_a_ball_in_its_place_is_worth_as_much_as_a_hold_from_wherever_it_was_seen():
    assert with_ball(judged=0.0, placed=20.0) == pytest.approx(0.35)
    assert with_ball(judged=0.0, placed=10.0) == pytest.approx(0.175)
    assert with_ball(judged=10.0, placed=10.0) == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("off", "ball", "whole", "phase", "booked", "placed"),
    [
        (0.49, True, True, "start", "there", True),
        (0.51, True, True, "start", "elsewhere", False),
        (float("nan"), False, True, "start", "unseen", False),
        (float("nan"), False, False, "start", None, False),
        (float("nan"), True, True, "start", None, False),
        (0.49, True, True, "away", None, True),
        (0.49, True, False, "start", "there", True),
    ],
    ids=["there", "elsewhere", "unseen", "cut off", "place unknown", "out of position", "cut off and seen"],
)
def test_where_the_ball_is_is_booked_while_in_position(off, ball, whole, phase, booked, placed):
    it = candidate("heel-bridge")
    it.judge.phase = phase
    it.exercise = it.exercise.changed({"in_position": lambda sample, limits: True})
    seen = Observation(1.0, None, SIZE, ball=Ball(1.0, 2.0, 3.0, 1.0) if ball else None)
    it._look_for_ball({"ball_off": off}, seen, 0.25, whole=whole)
    assert {k: v for k, v in it.ball_s.items() if v} == ({booked: 0.25} if booked else {})
    assert it.placed_s == (0.25 if placed else 0.0)


# ---- the best of them ------------------------------------------------------------------------------------------------
def result(**evidence_by: float):
    it = Recogniser()
    it._candidates = {
        name.replace("_", "-"): SimpleNamespace(evidence=lambda sought, v=v: v) for name, v in evidence_by.items()
    }
    return it.result()


@pytest.mark.parametrize(
    ("best", "second", "exercise", "confidence"),
    [
        (0.21, 0.0, "plane", 0.68),
        (0.19, 0.0, None, 0.53),
        (0.0, 0.0, None, 1.0),
        (0.8, 0.2, "plane", 0.8),
        (0.9, 0.05, "plane", 0.9),
        (0.6, 0.6, "plane", 0.5),
    ],
)
def test_the_one_with_the_most_evidence_is_it_if_that_is_enough(best, second, exercise, confidence):
    got = result(swan=second, plane=best) if best > second else result(plane=best, swan=second)
    assert (got.exercise, got.confidence) == (exercise, confidence)
    assert got.evidence == {"plane": best, "swan": second}


def test_one_exercise_alone_is_compared_with_none_at_all():
    assert result(plane=0.9).confidence == 0.9
