"""What people made of sessions, beside what was measured: in lists, tables, pages and the answers of the server."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from formcheck.coaching.history.progress import progress_data
from formcheck.coaching.history.queries import days, sets
from formcheck.coaching.history.reviews import ReviewFigures, corrections, keep_review
from formcheck.serve.past import history_data

from ...agreement.made import report
from ...showing.page.test_progress import text_of

AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def review(counted=4, clean=3, score=77.6, exercise="plane", **more):
    """A review of a film with three that count, two of them clean."""
    figures = {
        "measured": {"counted": 3, "clean": 2, "score": 82.0},
        "corrected": {"counted": counted, "clean": clean, "score": score},
    }
    return {"by": "Bea", "changed": "2026-11-21T10:00:00+00:00", "exercise": exercise, "figures": figures, **more}


@pytest.fixture
def film():
    reps = [{"faults": ["hip-sag"], "score": 70.0}, {}, {"counted": False, "why": "too short", "score": 30.0}, {}]
    return report("anna", reps)


def kept(history, film, said):
    number = history.add_report(film, started=AT)
    assert keep_review(history, film, said)
    return number


def test_the_figures_of_a_review_are_read_by_session(history, film):
    assert corrections(history) == {}
    number = kept(history, film, review())
    assert corrections(history) == {number: ReviewFigures(4, 3, 77.6)}
    assert [ReviewFigures(4, 3, 77.6).value(k) for k in ("counted", "clean", "score", "hold")] == [4, 3, 77.6, None]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (review(figures={}), None),
        (review(figures={"corrected": [1]}), None),
        (review(counted=-1, clean="many", score=True), ReviewFigures(None, None, None)),
        (review(score=None), ReviewFigures(4, 3, None)),
        (review(exercise="swan"), None),  # judged again as another exercise: another film
    ],
)
def test_what_cannot_be_read_is_not_known(history, film, said, expected):
    number = kept(history, film, said)
    assert corrections(history).get(number) == expected


def test_both_stand_in_every_list_of_sessions(history, film, run, path, here):
    other = {**film, "source": {**film["source"], "path": "bea.mp4", "sha256": "0" * 64}}
    number = kept(history, film, review(counted=4, clean=2))
    history.add_report(other, started=AT.replace(day=21))
    data = progress_data(sets(history), days(history), "twice", AT.date(), corrected=corrections(history))
    first, second = data["exercises"][0]["sessions"]
    assert (first.corrected, second.corrected) == (ReviewFigures(4, 2, 77.6), None)
    assert first.values["counted"] == second.values["counted"] == 3
    sessions = {s["number"]: s["corrected"] for s in history_data(path, 9)["sessions"]}
    assert sessions.pop(number) == {"counted": 4, "clean": 2, "score": 77.6} and list(sessions.values()) == [None]
    history.close()

    overview = run("history").out
    rows = [x.split() for x in overview.splitlines() if " plane " in x]
    # The same as measured stands once: clean ones.
    assert rows[0][-4:-1] == ["4", "3", "2"] and rows[1][-6:-2] == ["4", "4", "(3)", "2"]
    assert rows[1][-2] == "78" and rows[1][-1] == f"({rows[0][-1]})"
    key = "6 (5): 6 as corrected in a review, 5 as measured"
    assert key in overview and key in run("history", "progress", "plane").out
    assert "4 (3)" in run("history", "progress", "plane").out
    assert run("history", "--html", "p.html").code == 0
    text = text_of((here / "p.html").read_text(encoding="utf-8"))
    assert "3 of 4 corrected 4" in text and "Corrected: as a person reviewed the report." in text
    polish = run("history", "--lang", "pl").out
    assert "6 (5): 6 po korekcie człowieka, 5 z pomiaru" in polish


def test_a_history_without_reviews_says_nothing_of_them(history, film, run):
    history.add_report(film, started=AT)
    history.close()
    for words in ([], ["progress", "plane"]):
        assert "corrected" not in run("history", *words).out
