"""A report corrected: kept beside what was measured, at once, whole, by whom and when."""

from __future__ import annotations

import json
import re
import signal
import threading
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path

import pytest

from formcheck.coaching.history.reviews import reviews
from formcheck.coaching.people import add_person
from formcheck.desk.review import ReviewDesk
from formcheck.errors import InputError, UsageError
from formcheck.showing.review.file import read_review, review_path

from ..agreement.made import report, write
from ..chromium import until

NAME = 'Zoë "the 🤸" </script><img src=x onerror=alert(1)> מרים'


@pytest.fixture
def file(tmp_path):
    film = f"plane {NAME[:5]}"
    data = report(
        film, [{"faults": ["hip-sag"], "score": 70.0}, {}, {"counted": False, "why": "too short", "score": 30.0}, {}]
    )
    return write(tmp_path / "out" / f"{film}.report.json", data)


def desk_of(file, by="Anna", **more):
    return ReviewDesk(file, review_path(file), by, **more)


def rep(index, **more):
    return {"index": index, "answer": "changed", "counted": True, "side": "left", "faults": [], "note": None, **more}


def test_counts_and_score_are_shown_both_ways_and_the_report_stays(file):
    before = file.read_bytes()
    desk = desk_of(file)
    assert desk.data()["measured"] == desk.data()["corrected"]
    desk.say_rep(rep(1))  # the sag is none
    desk.say_rep(
        rep(2, faults=[{"id": "hip-sag", "certainty": "certain"}, {"id": "head-down", "certainty": "possible"}])
    )
    desk.say_rep(rep(3))  # it counts
    data = desk.say_rep(rep(4, answer="none", counted=False))
    assert (data["measured"]["counted"], data["measured"]["clean"], data["measured"]["score"]) == (3, 2, 70.0)
    assert (data["corrected"]["counted"], data["corrected"]["clean"]) == (3, 2)
    # A major fault costs 20 by presence: 70 + 20, 90 - 20, 30 of at most 40 is 75 of 100.
    assert data["corrected"]["score"] == pytest.approx((90 + 70 + 75) / 3, abs=0.1)
    assert file.read_bytes() == before


def test_a_repetition_left_open_one_added_and_one_taken_back(file):
    desk = desk_of(file)
    desk.say_rep(rep(1, counted=None))
    data = desk.say_rep({**rep(None, answer="added"), "start_s": 60.0, "peak_s": 62.0, "end_s": 64.0})
    assert (data["corrected"]["counted"], data["corrected"]["unsure"]) == (3, 1)
    assert data["added"][0]["start_s"] == 60.0
    desk.say_rep({"index": 1, "answer": None})
    data = desk.say_rep({"index": None, "answer": None, "start_s": 60.0, "peak_s": 62.0, "end_s": 64.0})
    assert data["corrected"] == data["measured"] and read_review(review_path(file)).reps == ()


def test_who_and_when_stand_with_each_answer_and_two_programs_keep_both(file):
    anna, bea = desk_of(file), desk_of(file, NAME)
    anna.say_rep(rep(1, note="  good\x00 hold  "))
    bea.say_rep(rep(2))
    bea.say_fault({"id": "hip-sag", "certainty": "none", "note": NAME})
    bea.say_fault({"id": "arm-low", "certainty": "possible", "note": None})
    bea.say_fault({"id": "arm-low", "certainty": None})
    anna.say_note({"note": NAME})
    review = read_review(review_path(file))
    assert [(r.index, r.by) for r in review.reps] == [(1, "Anna"), (2, NAME)]
    assert review.reps[0].note == "good\\x00 hold" and review.reps[0].at >= "2026"
    assert [f.id for f in review.faults] == ["hip-sag"], "what was taken back is gone"
    assert (review.faults[0].by, review.faults[0].certainty, review.note, review.by) == (NAME, "none", NAME, "Anna")


@pytest.mark.parametrize(
    "asked",
    [
        rep(9),
        rep(1, answer="perhaps"),
        rep(1, side="up"),
        rep(1, counted="yes"),
        rep(1, faults=[{"id": "x", "certainty": "certain"}]),
        rep(1, faults=[{"id": "hip-sag", "certainty": "sure"}]),
        rep(1, faults=None),
    ],
)
def test_what_is_not_understood_changes_nothing(file, asked):
    desk = desk_of(file)
    desk.say_rep(rep(1))
    before = review_path(file).read_bytes()
    with pytest.raises((ValueError, KeyError, TypeError, InputError)):
        desk.say_rep(asked)
    assert review_path(file).read_bytes() == before


def test_a_review_of_another_report_is_not_written_over(file):
    desk_of(file).say_rep(rep(1))
    data = json.loads(file.read_text(encoding="utf-8"))
    write(file, {**data, "created": "2026-04-01T10:00:00+00:00"})
    with pytest.raises(UsageError, match="reviews another report"):
        desk_of(file)
    review_path(file).write_text("{")
    with pytest.raises(InputError, match="cannot read the review"):
        desk_of(file)


def test_it_is_kept_in_the_history_of_whose_it_is(open_desk, file, tmp_path, monkeypatch, run):
    monkeypatch.setenv("FORMCHECK_DATA", str(tmp_path / "data"))
    anna = add_person("Anna")
    with anna.open_history() as h:
        h.add_report(json.loads(file.read_text(encoding="utf-8")))
    desk = open_desk("review", file, "--person", "anna", "--by", "Bea")
    desk.ask(desk.opener(), "rep", rep(3))
    shown = run("history", "--person", "anna", "show").out
    assert "Looked at by Bea" in shown and "counted 4 (measured 3)" in shown
    listed = run("history", "--person", "anna").out
    assert re.search(r" plane +4 +4 \(3\) +3 \(2\) ", listed) and "6 (5): 6 as corrected in a review" in listed
    assert json.loads(desk.ask(desk.opener(), "data")[2])["patient"] == "Anna"
    with anna.open_history() as h:
        (kept,) = reviews(h).values()
    assert (kept["by"], kept["figures"]["measured"]["counted"], kept["figures"]["corrected"]["counted"]) == (
        "Bea",
        3,
        4,
    )


def test_a_desk_that_is_killed_loses_nothing_that_was_answered(open_desk, file):
    """Killed at whatever moment: the file is whole, and has all that was said to be kept."""
    for after in range(1, 7):
        desk = open_desk("review", file, "--by", "Anna")
        opener = desk.opener()
        for k in range(after):
            status, _, _ = desk.ask(opener, "rep", rep(1 + k % 4, note=f"{after}-{k} " + "x" * 3000))
            assert status == 200

        # One more under way, while it is killed.
        def more(desk=desk, opener=opener):
            with suppress(OSError, HTTPException):
                desk.ask(opener, "rep", rep(4, note="under way " + "y" * 3000))

        thread = threading.Thread(target=more)
        thread.start()
        desk.process.send_signal(signal.SIGKILL)
        thread.join()
        desk.process.communicate()
        review = read_review(review_path(file))
        last = {1 + k % 4: f"{after}-{k} " for k in range(after)}
        for index, note in last.items():
            said = review.of(index).note
            assert said.startswith(note) or (index == 4 and said.startswith("under way"))


def test_two_programs_correct_one_report_at_once_and_nothing_is_lost(open_desk, file):
    desks = [open_desk("review", file, "--by", by) for by in ("Anna", "Bea")]
    refused = []

    def say(desk, indexes, by):
        opener = desk.opener()
        for turn in range(4):
            for index in indexes:
                status, _, text = desk.ask(opener, "rep", rep(index, note=f"{by} {turn}"))
                if status != 200:
                    refused.append(text)

    threads = [
        threading.Thread(target=say, args=(desk, indexes, by))
        for desk, indexes, by in zip(desks, ((1, 2), (3, 4)), ("Anna", "Bea"), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    review = read_review(review_path(file))
    assert refused == []
    assert [(r.index, r.by, r.note) for r in sorted(review.reps, key=lambda r: r.index)] == [
        (1, "Anna", "Anna 3"),
        (2, "Anna", "Anna 3"),
        (3, "Bea", "Bea 3"),
        (4, "Bea", "Bea 3"),
    ]


@pytest.mark.browser
def test_a_repetition_is_corrected_by_keyboard_and_is_there_after_a_reload(open_desk, file, browser):
    desk = open_desk("review", file, "--by", NAME)
    page = browser.new_page()
    wrong = []
    page.on("console", lambda m: wrong.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda e: wrong.append(str(e)))
    page.on("dialog", lambda d: wrong.append(d.message))
    page.goto(desk.address)
    page.wait_for_selector(".ready", state="attached")
    assert "token" not in page.url
    assert page.locator("#c-counted").inner_text() == "3"
    for key in ("c", "ArrowDown", "ArrowDown", "x", "x"):  # the first as it is, the third: unsure, then counts
        page.keyboard.press(key)
        page.wait_for_selector("#saved:text-is('All kept')")
    page.wait_for_selector("#c-counted:text-is('4')")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("1")
    page.wait_for_selector("[data-rep='2'].changed")
    page.keyboard.press("t")
    page.keyboard.type("mind <b>this</b>")
    page.keyboard.press("Escape")
    page.wait_for_selector("#saved:text-is('All kept')")
    page.reload()
    page.wait_for_selector(".ready", state="attached")
    assert (page.locator("#m-counted").inner_text(), page.locator("#c-counted").inner_text()) == ("3", "4")
    assert page.locator("[data-rep='2'] textarea").input_value() == "mind <b>this</b>"
    assert page.locator("#by").inner_text() == NAME and page.locator("img[onerror]").count() == 0
    assert page.locator("[data-rep='1'].confirmed").count() == 1 and wrong == []
    review = read_review(review_path(file))
    assert [(r.index, r.answer, r.counted) for r in review.reps] == [
        (1, "confirmed", True),
        (2, "changed", True),
        (3, "changed", True),
    ]
    assert [f.id for f in review.of(2).faults] == [json.loads(desk.ask(desk.opener(), "data")[2])["faults"][0]["id"]]
    page.close()


@pytest.mark.browser
def test_keys_and_notes_faster_than_the_answers_are_all_kept(open_desk, file, browser):
    desk = open_desk("review", file, "--by", "Anna")
    page = browser.new_page()
    # Each change waits until the test lets it go.
    page.add_init_script(
        "window.held = []; const go = fetch; window.fetch = (where, what) => what?.method === 'POST'"
        " ? new Promise((done) => held.push(() => done(go(where, what)))) : go(where, what)"
    )
    page.goto(desk.address)
    page.wait_for_selector(".ready", state="attached")
    for key in ("x", "1", "t"):  # does not count, a fault possible only, a note: before any of it is answered
        page.keyboard.press(key)
    page.keyboard.type("mind the ")
    for _ in range(2):
        until(page, "held.length > 0")
        page.evaluate("held.shift()()")
    page.wait_for_selector("[data-rep='1'].changed")
    page.keyboard.type("lower back")
    page.keyboard.press("Escape")
    let_go = "held.forEach((go) => go()), held.length = 0"
    until(page, f"{let_go}, document.getElementById('saved').textContent === 'All kept'")
    page.wait_for_selector("[data-rep='1'] .who")
    page.wait_for_selector("#saved:text-is('All kept')")
    said = read_review(review_path(file)).of(1)
    assert (said.counted, said.note) == (False, "mind the lower back")
    assert [(f.id, f.certainty) for f in said.faults] == [("hip-sag", "possible")]
    page.close()


@pytest.mark.browser
def test_a_note_is_kept_while_it_is_written_and_when_the_page_goes(open_desk, file, browser):
    desk = open_desk("review", file, "--by", "Anna")
    page = browser.new_page()
    page.goto(desk.address)
    page.wait_for_selector(".ready", state="attached")
    page.keyboard.press("t")
    page.keyboard.type("hips ")
    assert page.inner_text("#saved") == "Not kept yet …"
    page.wait_for_selector("#saved:text-is('All kept')")
    assert read_review(review_path(file)).of(1).note == "hips"
    # The place in the note is where it was.
    page.keyboard.type("level")
    page.wait_for_selector("#saved:text-is('All kept')")
    assert read_review(review_path(file)).of(1).note == "hips level"
    page.fill("#note", "a good day")
    page.fill("[data-rep='2'] textarea", "the left one")
    page.goto("about:blank")  # at once
    page.goto(desk.address)
    page.wait_for_selector(".ready", state="attached")
    until(page, "document.getElementById('saved').textContent === 'All kept'")
    review = read_review(review_path(file))
    assert (review.note, review.of(2).note, review.of(1).note) == ("a good day", "the left one", "hips level")
    page.close()


@pytest.mark.browser
def test_what_could_not_be_kept_is_said(open_desk, file, browser):
    desk = open_desk("review", file, "--by", "Anna")
    page = browser.new_page()
    page.goto(desk.address)
    page.wait_for_selector(".ready", state="attached")
    desk.process.kill()
    desk.process.wait()
    page.keyboard.press("c")
    page.wait_for_selector("#saved.wrong")
    assert "no longer runs" in page.locator("#saved").inner_text()
    page.close()


def test_bad_reports_are_said_in_one_line(run, tmp_path):
    assert run("review", tmp_path / "none.report.json").code == 3
    odd = write(tmp_path / "a.report.json", {"schema": "formcheck.report/1"})
    assert "is no sound report" in run("review", odd).complaint
    assert Path("a.review.json").exists() is False
