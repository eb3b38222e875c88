"""``formcheck history`` as a user types it."""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime, timedelta

import pytest

from formcheck.coaching.history import History
from formcheck.coaching.history.queries import sessions
from formcheck.judging.exercises import exercises

from .seed import PLACE, fault, practise, put, rep

NOW = datetime(2026, 11, 22, 20, 0, tzinfo=PLACE)  # a Sunday


@pytest.fixture(autouse=True)
def at_that_time(monkeypatch, path):
    monkeypatch.setattr("formcheck.commands.history.now", lambda: NOW)


@pytest.fixture
def three(history):
    """Three sessions: on Monday, Thursday and Saturday of that week."""
    for k, day in enumerate((16, 19, 21)):
        reps = [rep(1, faults=(fault(),)), rep(2, hold_s=10.0 + k), rep(3, counted=False, why="held 4 s of 10 s")]
        at = datetime(2026, 11, day, 7, 5, tzinfo=PLACE)
        put(history, at, [("plane", reps), ("swan", [rep()])], routine="ball", minutes=31)
    history.close()


@pytest.fixture
def months(history):
    practise(history, NOW - timedelta(hours=1), weeks=9)
    history.close()


# ---- without anything recorded --------------------------------------------------------------
@pytest.mark.parametrize("words", [[], ["show"], ["progress"], ["delete", "--all"], ["--html", "p.html"]])
def test_an_empty_history_says_how_to_begin_and_makes_no_file(run, path, here, words):
    ran = run("history", *words)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("No sessions yet: `formcheck live`")
    assert not path.exists() and not list(here.glob("*.html"))


def test_an_empty_history_is_exported_as_an_empty_table(run, path):
    assert run("history", "export", "-").out.startswith("session,started,")
    assert not path.exists()


# ---- overview -------------------------------------------------------------------------------
def test_the_overview_shows_sessions_and_the_week(run, three):
    ran = run("history")
    assert ran.code == 0
    lines = ran.out.splitlines()
    assert lines[0] == "3 sessions since 16 Nov 2026: 9 repetitions counted, 6 of them clean"
    (week,) = [x for x in lines if x.startswith("16 Nov 2026")]
    assert week.split() == ["16", "Nov", "2026", "●", "·", "·", "●", "·", "●", "·<", "3", "of", "3", "✓"]
    assert any(
        x.split()
        == ["3", "Sat", "21", "Nov", "2026,", "07:05", "31", "min", "ball:", "plane,", "swan", "4", "3", "2", "90"]
        for x in lines
    )
    assert "Next: tomorrow." in ran.out and "Stretch afterwards" in ran.out
    assert [x.split()[0] for x in lines if "07:05" in x] == ["3", "2", "1"]


def test_the_plan_is_remembered(run, three):
    assert "2 of 2 ✓" not in run("history").out
    first = run("history", "--plan", "twice")
    assert "3 of 2 ✓" in first.out and "twice a week" in first.out
    assert "3 of 2 ✓" in run("history").out
    assert "Next: Tue 24 November 2026." in run("history").out


def test_a_plan_can_be_chosen_before_the_first_session(run, path):
    ran = run("history", "--plan", "twice")
    assert ran.code == 0 and "twice a week" in ran.out
    with History.open() as h:
        assert h.setting("plan") == "twice"


def test_an_unknown_plan_is_refused(run):
    ran = run("history", "--plan", "daily")
    assert ran.code == 2 and "every-other-day" in ran.complaint


def test_what_is_late_and_what_is_done_is_said(run, three, monkeypatch):
    monkeypatch.setattr("formcheck.commands.history.now", lambda: NOW + timedelta(days=3))
    assert "Due since Mon 23 November 2026." in run("history").out
    monkeypatch.setattr("formcheck.commands.history.now", lambda: NOW - timedelta(days=1))
    assert "Done for today. Next: Mon 23 November 2026." in run("history").out


def test_in_polish_overview_session_and_progress_are_polish(run, three):
    out = run("history", "--lang", "pl").out
    assert out.splitlines()[0] == "3 treningi od 16 lis 2026: 9 zaliczonych powtórzeń, w tym bez błędów 6"
    assert "Plan: co drugi dzień" in out and "Następny trening: jutro." in out and "pon." in out
    shown = run("history", "--lang", "pl", "show").out
    assert shown.startswith("Trening 3, ") and "Plecy się zapadają" in shown and "hip-sag" not in shown
    assert "niezaliczone: " in run("history", "--lang", "pl", "show", "--reps").out
    assert "nie ma jeszcze czego porównać" in run("history", "--lang", "pl", "progress").out
    assert "Samolot: 3 treningi" in run("history", "--lang", "pl", "progress", "plane").out
    assert run("history", "--lang", "xx").code == 2


def test_as_many_sessions_as_asked(run, three):
    out = run("history", "-n", "1").out
    assert out.count("07:05") == 1 and "and 2 before" in out


def test_a_session_that_is_not_over_is_marked(run, history):
    log = history.begin_session(started=NOW - timedelta(minutes=5))
    log.begin_set("plane", 6)
    log.add_rep(rep())
    history.close()
    assert "plane (not finished)" in run("history").out
    assert "not finished" in run("history", "show").out


# ---- show -------------------------------------------------------------------------------------
def test_show_tells_of_a_session_set_by_set(run, three):
    out = run("history", "show", 2).out
    assert out.splitlines()[0] == "Session 2, Thu 19 Nov 2026, 07:05, 31 min"
    assert any(x.split() == ["Plane", "2", "of", "3", "1", "11.0", "s", "90", "hip-sag"] for x in out.splitlines())


def test_show_tells_of_every_repetition(run, three):
    out = run("history", "show", "--reps").out
    assert out.startswith("Session 3,")
    assert "not counted: held 4 s of 10 s" in out and "with faults" in out


def test_show_of_a_session_that_is_not_there(run, three):
    ran = run("history", "show", 9)
    assert ran.code == 2 and "there is no session 9" in ran.complaint


def test_what_a_user_wrote_is_no_markup(run, history):
    put(history, NOW, [("plane", [rep(why="[red]x[/nothing]")])], source="[bold]me[/].mp4", note="[link]a[/link]")
    history.close()
    out = run("history", "show", "--reps").out
    assert "[bold]me[/].mp4" in out and "[link]a[/link]" in out and "[red]x[/nothing]" in out


# ---- progress ---------------------------------------------------------------------------------
def test_progress_has_a_row_an_exercise(run, months):
    out = run("history", "progress").out
    rows = {x.split()[0]: x for x in out.splitlines() if x}
    assert [name for name in rows if name in exercises()] == [
        "ball-warmup",
        "shoulder-bridge",
        "ball-kneel",
        "toe-squat",
        "plane",
    ]
    assert "better: " in rows["ball-kneel"] and "best hold, sway" in rows["ball-kneel"]


def test_progress_without_a_past_compares_nothing(run, three):
    assert "nothing to compare yet" in run("history", "progress").out
    assert "For a trend it takes" in run("history", "progress", "plane").out


def test_progress_of_one_exercise_shows_hold_sway_and_faults(run, months):
    out = run("history", "progress", "ball-kneel").out
    assert "best hold" in out.splitlines()[1] and "sway" in out.splitlines()[1]
    assert "Sway: " in out and "in the four before: better" in out


def test_progress_of_an_exercise_never_done(run, three):
    assert run("history", "progress", "toe-squat").out == "Nothing recorded of toe-squat yet.\n"
    ran = run("history", "progress", "handstand")
    assert ran.code == 2 and "unknown exercise 'handstand'" in ran.complaint


# ---- export -----------------------------------------------------------------------------------
def test_export_of_an_exercise_that_does_not_exist(run, three, here):
    ran = run("history", "export", "none.csv", "-e", "handstand")
    assert ran.code == 2 and "unknown exercise 'handstand'" in ran.complaint
    assert not list(here.glob("none*"))
    assert run("history", "export", "none.csv", "-e", "toe-squat").out == "0 repetitions: none.csv\n"


def test_export_to_files(run, three, here):
    assert run("history", "export", "all.csv").out == "12 repetitions: all.csv\n"
    assert len(list(csv.DictReader(io.StringIO((here / "all.csv").read_text())))) == 12
    assert run("history", "export", "plane.json", "-e", "plane").code == 0
    assert {r["exercise"] for r in json.loads((here / "plane.json").read_text())["reps"]} == {"plane"}


def test_export_to_the_terminal(run, three):
    assert len(run("history", "export", "-").out.splitlines()) == 13
    assert len(json.loads(run("history", "export", "-", "--format", "json").out)["reps"]) == 12


def test_export_replaces_a_file_only_when_told(run, three, here):
    (here / "all.csv").write_text("mine")
    ran = run("history", "export", "all.csv")
    assert ran.code == 2 and "all.csv exists" in ran.complaint and "--force" in ran.complaint
    assert (here / "all.csv").read_text() == "mine"
    assert run("history", "export", "all.csv", "--force").code == 0
    assert (here / "all.csv").read_text() != "mine"


def test_export_needs_to_know_the_format(run, three):
    ran = run("history", "export", "all.xlsx")
    assert ran.code == 2 and "neither in .csv nor in .json" in ran.complaint


def test_an_export_that_fails_leaves_nothing(run, three, here, monkeypatch):
    def broken(_sets):
        raise KeyboardInterrupt

    monkeypatch.setattr("formcheck.coaching.history.export.to_csv", broken)
    assert run("history", "export", "all.csv").code == 130
    assert not [p for p in here.iterdir() if p.suffix == ".csv"]


# ---- delete -----------------------------------------------------------------------------------
def left(path):
    with History.open(path) as h:
        return sorted(s.number for s in sessions(h))


def test_delete_asks_first(run, three, path, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    assert run("history", "delete", 2).out == "Nothing was deleted.\n"
    assert left(path) == [1, 2, 3]
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    ran = run("history", "delete", 2)
    assert ran.out == "Deleted session 2.\n" and "Delete session 2 for good?" in ran.err
    assert left(path) == [1, 3]


def test_delete_where_nobody_can_answer(process, three, path):
    ran = process("history", "delete", "--all")
    assert ran.code == 2 and "add --yes" in ran.err.splitlines()[-1]
    assert left(path) == [1, 2, 3]


def test_delete_before_a_date_and_all(run, three, path):
    assert run("history", "delete", "--before", "2026-11-19", "--yes").out == "Deleted session 1.\n"
    assert left(path) == [2, 3]
    assert run("history", "delete", "--all", "-y").out == "Deleted 2 sessions.\n"
    assert left(path) == []
    assert run("history", "delete", "--all", "-y").out == "Nothing to delete.\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "what to delete is not clear"),
        (["1", "--all"], "what to delete is not clear"),
        (["7", "-y"], "there is no session 7"),
        (["--before", "yesterday"], "'yesterday' is no date"),
    ],
)
def test_delete_wants_to_know_exactly(run, three, path, words, said):
    ran = run("history", "delete", *words)
    assert ran.code == 2 and said in ran.complaint
    assert left(path) == [1, 2, 3]


# ---- page -------------------------------------------------------------------------------------
def test_the_progress_page_is_written(run, months, here):
    assert run("history", "--html", "p.html").out == "Progress page: p.html\n"
    text = (here / "p.html").read_text(encoding="utf-8")
    assert text.startswith("<!doctype html>") and "Kneeling on the ball" in text
    ran = run("history", "--html", "p.html")
    assert ran.code == 2 and "p.html exists" in ran.complaint
    assert run("history", "--html", "p.html", "--force").code == 0


def test_the_page_goes_without_a_command(run, months):
    assert run("history", "--html", "p.html", "show").code == 2


# ---- damage -----------------------------------------------------------------------------------
def test_a_damaged_history_is_told_in_one_line_and_left_alone(run, path):
    path.parent.mkdir()
    path.write_bytes(b"garbage" * 1000)
    for words in ([], ["show"], ["export", "-"], ["delete", "--all", "-y"], ["--plan", "twice"]):
        ran = run("history", *words)
        assert ran.code == 3 and "is damaged" in ran.complaint and "move the file away" in ran.complaint
    assert path.read_bytes() == b"garbage" * 1000


def test_help_is_quick_to_read(run):
    out = run("history", "--help").out
    assert all(c in out for c in ("show", "progress", "export", "delete", "--plan", "--html"))
