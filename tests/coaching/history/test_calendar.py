"""Weeks, streaks and the day that is due."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formcheck.coaching.history.calendar import (
    EVERY_OTHER_DAY,
    PLANS,
    TWICE,
    Due,
    longest_streak,
    monday_of,
    next_due,
    streak,
    weeks,
)

DAY = timedelta(days=1)
MONDAY = date(2026, 3, 9)
DATES = st.dates(date(2000, 1, 1), date(2060, 12, 31))
plans = pytest.mark.parametrize("plan", PLANS)


def on(*offsets, monday=MONDAY):
    """Sessions on days counted from a Monday."""
    return {monday + k * DAY: 1 for k in offsets}


@given(DATES)
def test_weeks_start_on_monday(d):
    m = monday_of(d)
    assert m.weekday() == 0 and m <= d < m + 7 * DAY


@given(st.dictionaries(DATES, st.integers(1, 3), min_size=1, max_size=8), st.sampled_from(sorted(PLANS)))
def test_the_weeks_follow_each_other_and_hold_every_session(days, plan):
    today = max(days)
    found = weeks(days, today, plan)
    assert all(b.monday - a.monday == 7 * DAY for a, b in pairwise(found))
    assert found[-1].monday == monday_of(today)
    assert sum(sum(w.sessions) for w in found) == sum(days.values())
    assert {w.monday + k * DAY: n for w in found for k, n in enumerate(w.sessions) if n} == days


def test_the_week_of_new_year_is_one_week():
    (w,) = weeks({date(2026, 12, 31): 1, date(2027, 1, 1): 2}, date(2027, 1, 3), TWICE)
    assert (w.monday, w.sessions, w.done, w.met) == (date(2026, 12, 28), (0, 0, 0, 1, 2, 0, 0), 2, True)


def test_so_many_weeks_as_asked():
    assert [w.monday for w in weeks({}, MONDAY, TWICE, last=2)] == [MONDAY - 7 * DAY, MONDAY]


def test_two_sessions_on_a_day_are_one_day():
    (w,) = weeks({MONDAY: 2}, MONDAY, TWICE)
    assert (w.done, w.met) == (1, False)


def test_a_streak_counts_weeks_with_the_plan_met():
    days = on(0, 3, 7, 10, 14, 17)
    assert streak(days, MONDAY + 17 * DAY, TWICE) == 3
    assert streak(days, MONDAY + 17 * DAY, EVERY_OTHER_DAY) == 0


def test_the_present_week_breaks_no_streak_before_it_is_over():
    days = on(0, 3, 7, 10)
    assert streak(days, MONDAY + 14 * DAY, TWICE) == 2
    assert streak(days, MONDAY + 20 * DAY, TWICE) == 2
    assert streak(days, MONDAY + 21 * DAY, TWICE) == 0
    assert longest_streak(days, MONDAY + 21 * DAY, TWICE) == 2


def test_without_sessions_there_is_no_streak():
    assert streak({}, MONDAY, TWICE) == longest_streak({}, MONDAY, TWICE) == 0


def test_a_streak_goes_over_the_end_of_a_year():
    days = on(0, 3, 7, 10, monday=date(2026, 12, 28))
    assert streak(days, date(2027, 1, 9), TWICE) == 2


@plans
def test_the_first_session_is_due_today(plan):
    assert next_due({}, MONDAY, plan) == Due(MONDAY)


@pytest.mark.parametrize(
    ("done", "today", "due", "late"),
    [
        ((0,), 0, 2, 0),
        ((0,), 1, 2, 0),
        ((0,), 2, 2, 0),
        ((0,), 5, 5, 3),
        ((0, 1), 1, 3, 0),
    ],
)
def test_every_other_day(done, today, due, late):
    assert next_due(on(*done), MONDAY + today * DAY, EVERY_OTHER_DAY) == Due(MONDAY + due * DAY, late)


@pytest.mark.parametrize(
    ("done", "today", "due", "late"),
    [
        ((0,), 0, 3, 0),  # Monday: Thursday
        ((1,), 2, 4, 0),
        ((4,), 4, 6, 0),  # Friday: Sunday, so that the week has its two
        ((5,), 5, 7, 0),  # Saturday: not on the day after
        ((6,), 6, 8, 0),
        ((0, 3), 3, 7, 0),  # two done: next Monday
        ((0, 6), 6, 9, 0),  # two done, the second on Sunday: Wednesday
        ((0,), 5, 5, 2),
    ],
)
def test_twice_a_week(done, today, due, late):
    assert next_due(on(*done), MONDAY + today * DAY, TWICE) == Due(MONDAY + due * DAY, late)


@given(st.sets(DATES, min_size=1, max_size=6), DATES, st.sampled_from(sorted(PLANS)))
def test_what_is_due_is_never_in_the_past_nor_on_the_day_after_a_session(days, today, plan):
    due = next_due(days, today, plan)
    past = [d for d in days if d <= today]
    assert due.day >= today and due.late >= 0
    if past:
        assert due.day - max(past) >= 2 * DAY
        assert due.late == 0 or due.day == today


@given(DATES, st.sampled_from(sorted(PLANS)))
def test_who_trains_whenever_it_is_due_meets_the_plan(first, plan):
    days = {first: 1}
    while len(days) < 20:
        days[next_due(days, max(days), plan).day] = 1
    whole = weeks(days, max(days), plan)[1:-1]
    assert all(w.met for w in whole)
    assert max(w.done for w in whole) <= {TWICE: 3, EVERY_OTHER_DAY: 4}[plan]


def test_a_session_that_lies_ahead_is_not_the_last():
    assert next_due(on(0, 5), MONDAY + 2 * DAY, EVERY_OTHER_DAY) == Due(MONDAY + 2 * DAY)
