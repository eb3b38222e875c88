"""The way through a plan: one set after the other, and who hears of it."""

from __future__ import annotations

from formcheck.coaching.coach.course import Course
from formcheck.coaching.coach.phrases import Phrases
from formcheck.coaching.coach.plan import Plan, Step
from formcheck.judging.session.session import Session


class Heard:
    def __init__(self):
        self.begun, self.over = [], []

    def set_begun(self, session, target):
        self.begun.append((session.exercise.id, target.reps))

    def set_over(self, result):
        self.over.append(result)


def course(heard=None):
    made = []

    def session_of(exercise):
        made.append(exercise.id)
        return Session(exercise, live=True)

    plan = Plan("two", (Step("plane", reps=3), Step("swan", reps=2)))
    return Course(plan, Phrases("en"), session_of, heard, 3), made


def test_a_set_is_begun_and_ended_once_and_the_listener_hears_of_both():
    heard = Heard()
    on, _ = course(heard)
    on.begin(0, 1.0)
    assert heard.begun == [("plane", 3)] and on.exercise.id == "plane" and on.current is not None
    result = on.end(7.0)
    assert (result.started_s, result.ended_s, result.complete, result.reps) == (1.0, 7.0, False, [])
    assert on.results == heard.over == [result]
    assert on.current is None and on.end(8.0) is None and len(on.results) == 1
    on.begin(1, 9.0)
    assert on.end(10.0, complete=True).complete and [r.exercise.id for r in on.results] == ["plane", "swan"]


def test_between_sets_and_behind_the_last_it_is_about_the_step_it_came_to():
    on, made = course()
    assert (on.at, on.exercise.id, on.has(1), on.has(2)) == (0, "plane", True, False)
    on.begin(1, 0.0)
    on.end(1.0)
    assert on.exercise.id == "swan" and on.target.reps == 2
    on.at = 2
    assert on.step.exercise == "swan"
    assert made == ["plane", "swan"], "the limits in force are asked for once an exercise"


def test_another_exercise_takes_the_place_of_this_one():
    on, _ = course()
    on.switch("swan")
    assert on.step.exercise == "swan" and on.at == 0
    on.interrupt()
    assert on.results == []
