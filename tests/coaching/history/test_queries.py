"""What the history tells of days, sessions and sets; a day is the local one at the time and place of the session."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from formcheck.coaching.history import History
from formcheck.coaching.history.queries import days, sessions, sets, totals

from .seed import PLACE, fault, put, rep

AT = datetime(2026, 3, 9, 18, 30, tzinfo=PLACE)


def test_sessions_come_newest_first_and_as_many_as_asked(history):
    numbers = [put(history, AT + timedelta(days=k), [("plane", [rep()])]) for k in (0, 2, 1)]
    assert [s.number for s in sessions(history)] == [numbers[1], numbers[2], numbers[0]]
    assert [s.number for s in sessions(history, last=1)] == [numbers[1]]
    assert [s.number for s in sessions(history, number=numbers[2])] == [numbers[2]]
    assert sessions(history, number=99) == []


def test_a_session_adds_up_its_sets(history):
    good, poor, missed = (
        rep(1),
        rep(2, faults=(fault(), fault("arm-low")), score=70.0),
        rep(3, counted=False, score=None),
    )
    put(history, AT, [("plane", [good, poor]), ("swan", [missed]), ("plane", [good])], minutes=25)
    (s,) = sessions(history)
    assert (s.reps, s.counted, s.clean) == (4, 3, 2)
    assert totals(history) == {"reps": 4, "counted": 3, "clean": 2}
    assert s.exercises == ("plane", "swan")
    assert s.ended - s.started == timedelta(minutes=25)
    assert [(x.number, x.exercise) for x in sets(history)] == [(1, "plane"), (2, "swan"), (3, "plane")]


def test_sets_can_be_asked_of_one_session_or_one_exercise(history):
    first = put(history, AT, [("plane", [rep()]), ("swan", [rep()])])
    put(history, AT + timedelta(days=1), [("swan", [rep()])])
    assert [s.exercise for s in sets(history, session=first)] == ["plane", "swan"]
    assert [s.session.number for s in sets(history, exercise="swan")] == [first, first + 1]
    assert sets(history, session=99) == []


def test_a_session_just_before_midnight_belongs_to_the_day_it_began(history):
    put(history, datetime(2026, 12, 31, 23, 59, tzinfo=PLACE), [("plane", [rep()])])
    assert days(history) == {date(2026, 12, 31): 1}


def test_the_night_the_clocks_change_keeps_its_days(history):
    # 01:30 winter time and 03:30 summer time of the same night are an hour apart; half past midnight is that day too.
    winter, summer = timezone(timedelta(hours=1)), timezone(timedelta(hours=2))
    put(history, datetime(2026, 3, 28, 23, 30, tzinfo=winter), [("plane", [rep()])])
    put(history, datetime(2026, 3, 29, 1, 30, tzinfo=winter), [("plane", [rep()])])
    put(history, datetime(2026, 3, 29, 3, 30, tzinfo=summer), [("plane", [rep()])])
    put(history, datetime(2026, 3, 29, 23, 30, tzinfo=summer), [("plane", [rep()])])
    assert days(history) == {date(2026, 3, 28): 1, date(2026, 3, 29): 3}
    late, spring, night, eve = sessions(history)
    assert spring.started - night.started == timedelta(hours=1)
    assert (late.started.hour, eve.started.hour) == (23, 23)


def test_numbers_before_a_date_go_by_the_local_day(history):
    east = timezone(timedelta(hours=12))
    early = put(history, datetime(2026, 5, 1, 3, 0, tzinfo=east), [("plane", [rep()])])  # in UTC still April
    before = put(history, datetime(2026, 4, 30, 23, 0, tzinfo=east), [("plane", [rep()])])
    assert history.numbers(before=date(2026, 5, 1)) == [before]
    assert history.numbers() == [before, early]


@given(
    st.lists(
        st.tuples(
            st.datetimes(datetime(2000, 1, 1), datetime(2060, 1, 1)),  # noqa: DTZ001
            st.integers(-12 * 4, 14 * 4).map(lambda q: timezone(timedelta(minutes=15 * q))),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_every_session_is_found_on_its_own_local_day(tmp_path_factory, moments):
    with History.open(tmp_path_factory.mktemp("h") / "history.sqlite") as h:
        expected: dict[date, int] = {}
        for t, place in moments:
            here = t.replace(tzinfo=place)
            put(h, here, [("plane", [rep()])], minutes=0)
            expected[here.date()] = expected.get(here.date(), 0) + 1
        assert days(h) == expected
        for s in sessions(h):
            assert s.started.date() == s.day and s.day in expected
        stamps = [s.started.astimezone(UTC) for s in sessions(h)]
        assert stamps == sorted(stamps, reverse=True)
