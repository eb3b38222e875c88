"""What has changed from session to session."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from formcheck.coaching.history.figures import CLEAN, COUNTED, HOLD, SCORE, Figure, figures
from formcheck.coaching.history.progress import fault_stories, points, progress_data, trend
from formcheck.coaching.history.queries import days, sets, totals
from formcheck.coaching.history.repeatability import Repeatability
from formcheck.judging.exercises import ROUTINE

from .seed import PLACE, fault, put, rep

AT = datetime(2026, 3, 9, 18, 30, tzinfo=PLACE)
DAY = timedelta(days=1)
TODAY = date(2026, 3, 9)


def test_a_point_a_session_over_all_its_sets(history):
    first = [rep(1, hold_s=10.1, measures={"leg_level": -6.0}), rep(2, hold_s=12.3, measures={"leg_level": -2.0})]
    again = [rep(1, hold_s=3.0, counted=False, measures={"leg_level": 30.0}, score=40.0), rep(2, faults=(fault(),))]
    number = put(history, AT, [("plane", first), ("swan", [rep()]), ("plane", again)])
    (p,) = points(sets(history), "plane")
    assert (p.session, p.day, p.reps) == (number, TODAY, 4)
    # The leg of an attempt that does not count says nothing; the other three are -6, -2 and -4.
    assert p.values == {"counted": 3.0, "clean": 2.0, "hold": 12.3, "leg_level": -4.0, "score": 77.5}


def test_what_was_not_measured_has_no_value(history):
    put(history, AT, [("plane", [rep(measures={"leg_level": None}, score=None, hold_s=0.0)])])
    (p,) = points(sets(history), "plane")
    assert p.values["leg_level"] is p.values["score"] is p.values["hold"] is None


def test_kneeling_on_the_ball_is_followed_by_best_hold_and_sway():
    assert [f.key for f in figures("ball-kneel")] == ["counted", "clean", "hold", "sway_rms", "score"]


def test_every_exercise_of_the_routine_has_a_measure_to_follow():
    assert all(set(figures(e.id)) - {COUNTED, CLEAN, HOLD, SCORE} for e in ROUTINE)


def test_an_exercise_that_is_not_known_any_more_is_still_followed(history):
    put(history, AT, [("knee-lift", [rep(), rep(2, faults=(fault("too-low"),))])])
    data = progress_data(sets(history), days(history), "twice", TODAY)
    (e,) = data["exercises"]
    assert (e["id"], e["title"]) == ("knee-lift", "knee-lift")
    assert [f["key"] for f in e["figures"]] == ["counted", "clean", "score"]
    assert [s.cue for s in e["faults"]] == [""]


UP, DOWN, EITHER = (Figure("x", "X", "s", k) for k in (1, -1, 0))


@pytest.mark.parametrize(
    ("figure", "before", "now", "tone"),
    [
        (UP, 10.0, 12.0, "better"),
        (UP, 10.0, 8.0, "worse"),
        (DOWN, 10.0, 8.0, "better"),
        (DOWN, 10.0, 12.0, "worse"),
        (EITHER, 10.0, 12.0, "changed"),
        (UP, 10.0, 10.4, "steady"),
        (UP, 0.0, 0.0, "steady"),
        (UP, 0.0, 1.0, "better"),
        (Figure("a", "A", "deg", 1), 168.0, 172.0, "better"),
        (Figure("a", "A", "deg", -1), 12.0, 10.0, "steady"),
    ],
)
def test_a_trend_compares_four_weeks_with_the_four_before(figure, before, now, tone):
    values = [(TODAY - 90 * DAY, 99.0), (TODAY - 40 * DAY, before), (TODAY - 28 * DAY, before), (TODAY - 27 * DAY, now)]
    t = trend([*values, (TODAY, now)], TODAY, figure, Repeatability(0.01, None, 9))
    assert (t.before, t.now, t.tone) == (before, now, tone)


def test_a_change_that_chance_makes_is_none():
    """Means of two sessions each: chance makes 1.96 x sd x sqrt(1/2 + 1/2)."""
    values = [(TODAY - 40 * DAY, 9.0), (TODAY - 35 * DAY, 11.0), (TODAY - 3 * DAY, 12.0), (TODAY, 14.0)]
    assert trend(values, TODAY, UP, Repeatability(1.5, None, 9)).tone == "better"
    within = trend(values, TODAY, UP, Repeatability(1.6, None, 9))
    assert (within.tone, within.least) == ("steady", 3.14)
    # Where it is not known how much it varies, nothing is claimed; a count of repetitions has no error.
    assert trend(values, TODAY, UP).tone == "open"
    assert trend(values, TODAY, COUNTED).tone == "better"


def test_no_trend_without_something_to_compare():
    assert trend([(TODAY, 1.0)], TODAY, UP) is None
    assert trend([(TODAY - 40 * DAY, 1.0), (TODAY, None)], TODAY, UP) is None
    assert trend([], TODAY, UP) is None


def test_one_day_is_no_trend_however_many_sessions_it_had():
    early = [(TODAY - 40 * DAY, 1.0), (TODAY - 35 * DAY, 1.0)]
    assert trend([*early, (TODAY, 2.0), (TODAY, 3.0)], TODAY, UP) is None
    assert trend([early[0], early[0], (TODAY - DAY, 2.0), (TODAY, 3.0)], TODAY, UP) is None
    assert trend([*early, (TODAY - DAY, 2.0), (TODAY, 3.0)], TODAY, UP, Repeatability(0.01, None, 9)).tone == "better"


def practice(history, *seen):
    """A session a week of four repetitions each, with these faults in so many of them."""
    for k, faults in enumerate(seen):
        reps = [
            rep(n, faults=tuple(fault(f) for f, many in faults.items() if n <= many)) for n in range(1, 5)
        ]  # fmt: skip
        put(history, AT + 7 * k * DAY, [("plane", reps)])
    return {s.fault: s for s in fault_stories(sets(history), "plane")}


def test_faults_that_went_away_and_faults_that_stay(history):
    found = practice(
        history,
        {"hip-sag": 4, "head-down": 2, "arm-low": 4, "leg-low": 1},
        {"hip-sag": 4, "head-down": 2, "arm-low": 4},
        {"hip-sag": 3},
        {"hip-sag": 4, "arm-low": 1, "knee-bent": 1},
        {"hip-sag": 4, "arm-low": 1},
    )
    assert {name: s.state for name, s in found.items()} == {
        "hip-sag": "stays",
        "head-down": "gone",
        "arm-low": "less",
        "knee-bent": "new",
    }
    assert (found["hip-sag"].before, found["hip-sag"].recent) == (1.0, 0.917)
    assert found["head-down"].last == TODAY + 7 * DAY
    assert found["hip-sag"].cue == "Flatten your back: tighten belly and buttocks."


def test_a_fault_seen_once_long_ago_is_no_story(history):
    assert practice(history, {"leg-low": 1}, {}, {}, {}) == {}


def test_the_first_sessions_only_tell_what_was_seen(history):
    found = practice(history, {"hip-sag": 1}, {}, {})
    assert (found["hip-sag"].state, found["hip-sag"].before) == ("seen", None)


def test_best_holds_name_the_best_before(history):
    for k, hold in enumerate((10.2, 14.0, 12.0, 14.0)):
        put(history, AT + k * DAY, [("plane", [rep(hold_s=hold)]), ("toe-squat", [rep(hold_s=1.0)])])
    data = progress_data(sets(history), days(history), "twice", TODAY + 4 * DAY)
    assert data["bests"] == [
        {"exercise": "plane", "title": "Plane", "seconds": 14.0, "day": TODAY + DAY, "earlier": 10.2, "asked": 10.0}
    ]


def test_exercises_come_in_the_order_of_the_routine(history):
    put(history, AT, [("plane", [rep()]), ("own", [rep()]), ("ball-warmup", [rep()])])
    data = progress_data(sets(history), days(history), "twice", TODAY)
    assert [e["id"] for e in data["exercises"]] == ["ball-warmup", "plane", "own"]
    assert data["totals"] == {"sessions": 1, "days": 1, "since": TODAY, "reps": 3, "counted": 3, "clean": 3}
    assert totals(history) == {"reps": 3, "counted": 3, "clean": 3}
    only = progress_data(sets(history), days(history), "twice", TODAY, only="plane")
    assert [e["id"] for e in only["exercises"]] == ["plane"] and only["totals"] == data["totals"]


def test_a_best_value_is_the_lowest_where_less_is_better(history):
    for k, sway in enumerate((0.08, 0.03, 0.05)):
        put(history, AT + k * DAY, [("ball-kneel", [rep(measures={"sway_rms": sway})])])
    data = progress_data(sets(history), days(history), "twice", TODAY)
    sway_ = next(f for f in data["exercises"][0]["figures"] if f["key"] == "sway_rms")
    assert sway_["best"] == (TODAY + DAY, 0.03) and sway_["last"] == 0.05


def test_keys_name_what_they_are():
    assert (CLEAN.key, HOLD.unit) == ("clean", "s")
