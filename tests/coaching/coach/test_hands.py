"""Hands free: what a raised arm is, what it is not, and what it does at each moment of a workout."""

from __future__ import annotations

import pytest

from formcheck.coaching.coach.gestures import BOTH, HOLD_S, ONE, Gestures
from formcheck.coaching.coach.phrases import Phrases
from formcheck.coaching.coach.plan import Plan, Step, single_plan
from formcheck.coaching.coach.workout import Workout
from formcheck.judging.session.session import Session
from formcheck.sight.pose.landmarks import JOINT
from formcheck.sight.pose.types import Observation

from .arms import KNEELING, STANDING, at, raised

FPS = 15
EN = Phrases("en")


def given(script, **how) -> list[tuple[float, str]]:
    """Show observations for seconds each; return when something was answered."""
    watch, out, k = Gestures(), [], 0
    for o, seconds in script:
        for _ in range(round(seconds * FPS)):
            g = watch.update(at(o, k / FPS), **how)
            if g is not None and g.given:
                out.append((round(k / FPS, 1), g.kind))
            k += 1
    return out


def test_an_arm_held_up_for_two_seconds_is_an_answer_once():
    for side in ("left", "right"):
        assert given([(STANDING, 1), (raised(side), 6), (STANDING, 1)]) == [(pytest.approx(1 + HOLD_S, abs=0.1), ONE)]
    assert given([(raised("left"), 3), (STANDING, 1), (raised("left"), 3)]) == [(2.0, ONE), (6.0, ONE)]


def test_both_arms_are_another_answer():
    assert given([(raised("left", "right"), 3)]) == [(2.0, BOTH)]
    # The second arm comes up a little later.
    assert given([(raised("left"), 1), (raised("left", "right"), 2.5)]) == [(3.0, BOTH)]
    assert given([(raised("left"), 2.5), (raised("left", "right"), 3)]) == [(2.0, ONE)]


@pytest.mark.parametrize(
    "what",
    [
        STANDING,
        KNEELING,
        raised("left", lean=60),
        raised("left", lean=90),
        raised("left", bend=90),
        raised("left", reach=0.4),
    ],
)
def test_what_is_not_an_arm_straight_up_is_no_answer(what):
    assert given([(what, 5)]) == []


def test_short_waving_or_unseen_arms_are_no_answer():
    assert given([(raised("left"), 1.8), (STANDING, 1), (raised("left"), 1.8)]) == []
    torso = STANDING.pose.torso_px
    waving = [(raised("left", dx=k % 2 * 0.6 * torso), 0.4) for k in range(12)]
    assert given(waving) == []
    hidden = raised("left")
    hidden.pose.image[JOINT["wrist"]["left"], 3] = 0.2
    assert given([(hidden, 4)]) == []


def test_a_landmark_lost_for_a_moment_takes_nothing_back():
    nobody = Observation(0.0, None, STANDING.size, None, 120.0, 0)
    assert given([(raised("left"), 1), (nobody, 0.2), (raised("left"), 1.2)]) == [(pytest.approx(2.0, abs=0.1), ONE)]
    assert given([(raised("left"), 1), (nobody, 0.6), (raised("left"), 1.5)]) == []


def test_during_an_attempt_and_in_a_side_plank_an_arm_means_nothing():
    assert given([(raised("left"), 4)], watch=False) == []
    lying = raised("left", base=KNEELING)
    assert given([(lying, 3)], upright=True) == []
    assert given([(raised("left"), 3)], upright=True) == [(2.0, ONE)]


def test_the_ring_fills():
    watch = Gestures()
    seen = [watch.update(at(raised("left"), k / FPS)) for k in range(40)]
    progress = [g.progress for g in seen if g is not None]
    assert seen[0] is None and progress == sorted(progress) and progress[-1] == 1.0
    wrist = raised("left").pose.image[JOINT["wrist"]["left"], :2]
    assert seen[10].hand == pytest.approx(tuple(wrist))


# ---- in a workout --------------------------------------------------------------------------------------------
class Run:
    def __init__(self, plan: Plan, **how) -> None:
        self.workout = Workout(plan, EN, session_of=lambda e: Session(e, live=True), **how)
        self.k, self.said = 0, []

    def show(self, o: Observation, seconds: float) -> Run:
        for _ in range(round(seconds * FPS)):
            self.workout.observe(at(o, self.k / FPS))
            self.said += self.workout.heard()
            self.k += 1
        return self

    @property
    def keys(self):
        return [u.key for u in self.said]


def test_an_arm_pauses_and_goes_on_and_both_go_to_the_next():
    run = Run(Plan("two", (Step("plane"), Step("swan"))), introduce=False).show(STANDING, 1)
    run.show(raised("left"), 2.5)
    assert run.workout.paused and run.workout.scene.detail == EN.screen("paused-hands")
    assert [u.text for u in run.said if u.key == "paused"] == [EN.say("paused-hands")]
    run.show(STANDING, 1).show(raised("right"), 2.5)
    assert not run.workout.paused and run.keys[-1] == "resumed"
    run.show(STANDING, 1).show(raised("left", "right"), 3)
    assert not run.workout.paused and run.workout.exercise.id == "plane", (
        "people stretch: it means nothing but in a pause"
    )
    run.show(STANDING, 1).show(raised("left"), 2.5).show(STANDING, 1).show(raised("left", "right"), 2.5)
    assert run.workout.exercise.id == "swan" and not run.workout.paused


def test_without_hands_an_arm_is_an_arm():
    run = Run(single_plan("plane"), introduce=True, hands=False).show(raised("left"), 4)
    assert not run.workout.paused and run.workout.gesture is None
    assert not any("raise one arm" in u.text for u in run.said)
    run.workout.pause()
    assert run.workout.scene.detail == EN.screen("paused-detail", key="space")


def test_it_is_told_once_with_the_first_introduction():
    run = Run(Plan("two", (Step("plane"), Step("swan")))).show(STANDING, 0.5)
    assert run.said[0].text.endswith(EN.say("told-hands"))
    run.workout.skip()
    run.show(STANDING, 0.5)
    assert run.said[-1].key == "intro" and EN.say("told-hands") not in run.said[-1].text
    assert Run(single_plan("side-plank")).show(STANDING, 0.5).said[0].text.endswith(EN.say("told-hands-upright"))


def test_the_ring_is_shown_while_the_arm_is_up():
    run = Run(single_plan("plane"), introduce=False).show(STANDING, 1).show(raised("left"), 1)
    assert run.workout.gesture is not None and 0.3 < run.workout.gesture.progress < 0.7
    assert run.show(STANDING, 1).workout.gesture is None
