"""Who else was in the picture is counted, noted in the report, and live one asks to be alone."""

import numpy as np
import pytest

from formcheck.judging.exercises import get_exercise
from formcheck.judging.session.company import Company
from formcheck.judging.session.session import Session
from formcheck.showing.report.build import build_report
from formcheck.showing.report.objects import Report
from formcheck.sight.pose.types import Track

from ..exercises.stick import all_fours, plane_set, shoot

#: The numbers stand here a second time, on purpose: one that is moved parts other values than these.
ASK_AFTER_S, ASK_AGAIN_S = 2.0, 45.0
SOURCE = {
    "path": "x.mp4", "kind": "video", "duration_s": 1.0, "fps": 15.0, "width": 960, "height": 540,
    "frames": 1, "frames_used": 1, "rotation": 0,
}  # fmt: skip


def with_persons(track: Track, persons) -> Track:
    return Track(track.t, track.image, track.world, track.ball, track.size, {}, persons)


def reported(persons):
    """Judge a set of the plane during which so many people were in the picture."""
    track = shoot(all_fours, plane_set("right", hold=10.6))
    session = Session(get_exercise("plane"))
    for o in with_persons(track, persons(track.t) if persons is not None else None):
        session.update(o)
    session.finish()
    return build_report(session, dict(SOURCE))


def test_a_second_person_is_counted_and_noted_with_the_time():
    report = reported(lambda t: np.where((t > 3) & (t < 5), 2, 1))
    assert report["persons"] == 2
    (note,) = [n for n in report["notes"] if "second person" in n]
    assert "3.1-4.9 s" in note and "--follow" in note
    assert report["counts"]["total"] == 1, "the one followed is judged as ever"
    assert Report.from_dict(report).persons == 2


def test_several_others_are_counted():
    report = reported(lambda t: np.full(len(t), 4))
    assert report["persons"] == 4
    assert any("3 other people" in n for n in report["notes"])


@pytest.mark.parametrize(("persons", "most"), [(lambda t: np.ones(len(t)), 1), (None, None)])
def test_of_one_alone_or_of_nobody_counted_nothing_is_said(persons, most):
    report = reported(persons)
    assert report.get("persons") == most
    assert not any("person" in n for n in report["notes"])
    assert Report.from_dict(report).to_dict() == report


def test_who_stands_still_and_is_seen_now_and_then_is_there_all_the_time():
    company = Company()
    for t, n in ((0.0, 1), (1.0, 2), (2.9, 2), (4.8, 2), (7.0, 2)):
        company.update(t, n)
    assert company.spans == [(1.0, 4.8), (7.0, 7.0)]
    assert company.seconds == pytest.approx(3.8)


def asked(persons, seconds=2 * ASK_AGAIN_S):
    """Return when one asks to be alone."""
    company, out = Company(), []
    for k in range(int(seconds * 10)):
        company.update(k / 10, persons(k / 10))
        if company.asks(k / 10):
            out.append(k / 10)
    return out


def test_one_asks_to_be_alone_once_somebody_stays_and_again_much_later():
    assert asked(lambda t: 2) == pytest.approx([ASK_AFTER_S, ASK_AFTER_S + ASK_AGAIN_S], abs=0.1)


def test_of_somebody_who_only_passes_nothing_is_said():
    assert asked(lambda t: 2 if 5 <= t < 5 + ASK_AFTER_S - 0.2 else 1) == []
    assert len(asked(lambda t: 2 if 5 <= t < 5 + ASK_AFTER_S + 0.2 else 1)) == 1


def test_nothing_is_asked_when_they_have_gone():
    company = Company()
    for t in np.arange(0, ASK_AFTER_S + 1, 0.1):
        company.update(float(t), 2)
    company.update(10.0, 1)
    assert not company.asks(10.0)


def test_who_is_followed_from_elsewhere_on_is_told_where_there_were_several():
    def noted(persons, leaps=(3.0,)):
        company = Company()
        for t in np.arange(0.0, 6.0, 0.5).tolist():
            company.update(t, persons(t), elsewhere=t in leaps)
        return company.changes, company.note() or ""

    changes, note = noted(lambda t: 2)
    assert changes == [3.0] and "elsewhere was followed from 3.0 s on" in note and "not judged" in note
    # One alone may go where nobody sees it; who was there two seconds ago may still be.
    assert noted(lambda t: 1) == ([], "")
    assert noted(lambda t: 2 if t <= 1.0 else 1)[0] == [3.0]
    assert noted(lambda t: 2 if t <= 0.5 else 1)[0] == []
    many = tuple(np.arange(1.0, 3.5, 0.5))
    assert "from 1.0, 1.5, 2.0 s and later on" in noted(lambda t: 2, many)[1]
