"""``formcheck compare`` as it is typed."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from formcheck.coaching.people import add_person, find_person

from ..agreement.made import report, write
from ..coaching.history import seed
from .made import keep, session

AT = datetime(2026, 4, 1, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def own_data(tmp_path, monkeypatch):
    monkeypatch.setenv("FORMCHECK_DATA", str(tmp_path / "data"))


def test_a_table_says_what_changed(run, here):
    add_person("Anna")
    keep([[160.0], [161.0], [160.0], [161.0], [160.0]], "Anna", "shoulder-bridge", "working_knee")
    a = session(here, "before", [150, 152], "shoulder-bridge", "working_knee", reps=[{"faults": ["hip-sag"]}] * 2)
    b = session(here, "after", [170, 172], "shoulder-bridge", "working_knee")
    done = run("compare", a, b, "--person", "anna")
    assert done.code == 0, done.err
    (line,) = (x for x in done.out.splitlines() if "151°" in x)
    assert line.split()[-5:] == ["151°", "171°", "+20°", "1.96°", "better"]
    assert "2 of 2 → 0 of 2 gone" in done.out and "A before: 2 of 2 repetitions counted" in done.out
    # Without her history it is not known what chance makes.
    assert "too few sessions to tell" in run("compare", a, b).out


def test_ones_own_history_is_used_where_the_sessions_are_in_it(run, here):
    keep([[10.0], [11.0], [10.0], [11.0], [10.0]])
    a, b = session(here, "a", [10]), session(here, "b", [40])
    assert data_of(run("compare", a, b, "--json", "-"))["changes"][-1]["by"] is None
    with find_person(None).open_history() as history:
        for file in (a, b):
            history.add_report(json.loads(file.read_text(encoding="utf-8")))
    leg = data_of(run("compare", a, b, "--json", "-"))["changes"][-1]
    assert (leg["key"], leg["by"]) == ("leg_level", "sessions")


def data_of(done):
    assert (done.code, done.err) == (0, ""), done.err
    return json.loads(done.out)


def test_data_for_other_programs(run, here):
    a = session(here, "a", [10, 20, 12], sides=["left", "right", "left"])
    b = session(here, "b", [12, 22], sides=["left", "right"], limits={"hold_s": 5.0}, formcheck="0.0.9")
    data = data_of(run("compare", a, b, "--json", "-"))
    assert (data["schema"], data["kind"], data["exercise"]) == ("formcheck.comparison/1", "sessions", "plane")
    assert data["pairs"] == [[1, 1], [2, 2], [3, None]]
    assert (data["first"]["name"], data["first"]["attempts"], data["second"]["counted"]) == ("a", 3, 2)
    (curve,) = data["curves"]
    assert (curve["measure"], curve["percent"][-1], curve["second"]["middle"][50]) == ("leg_level", 100, 17.0)
    assert any("different versions" in n for n in data["notes"])
    sides = data_of(run("compare", a, "--sides", "--json", "-"))
    assert (sides["kind"], sides["first"]["side"], sides["second"]["side"]) == ("sides", "left", "right")
    assert run("compare", a, b, "--json", "c.json", "-q").out == ""
    assert json.loads(Path("c.json").read_text(encoding="utf-8"))["pairs"] == data["pairs"]
    assert "exists already" in run("compare", a, b, "--json", "c.json").complaint


def test_what_cannot_be_done_is_one_line_and_the_right_code(run, here):
    a = session(here, "a", [10])
    done = run("compare", a)
    assert done.code == 2 and "give two reports, or one and --sides" in done.complaint
    assert run("compare", a, a, "--sides").code == 2
    assert run("compare", a, a, a).code == 2
    other = write(here / "b.report.json", report("b", [{}], "swan"))
    done = run("compare", a, other, "--html", "c.html")
    assert done.code == 2 and "compare two reports of the same exercise" in done.complaint
    assert not Path("c.html").exists()
    assert run("compare", a, here / "none.report.json").code == 3
    assert "no report of formcheck" in run("compare", a, write(here / "x.json", [])).complaint
    assert run("compare", a, "--sides").code == 2
    assert run("compare", a, a, "--person", "Nobody").code == 2
    assert run("compare", a, a, "--html", "c.html", "--lang", "xx").code == 2


@pytest.fixture
def numbered(here):
    """Two films in Anna's history, whose reports are known; their files and numbers."""
    add_person("Anna")
    keep([[160.0], [161.0], [160.0], [161.0], [160.0]], "Anna", "shoulder-bridge", "working_knee")
    files = [session(here, n, x, "shoulder-bridge", "working_knee") for n, x in (("a", [150, 152]), ("b", [170]))]
    with find_person("Anna").open_history() as history:
        numbers = [
            history.add_report(json.loads(f.read_text(encoding="utf-8")), started=AT, file=f.relative_to(here))
            for f in files
        ]
    return files, numbers


def test_sessions_go_by_the_numbers_of_the_history(run, numbered):
    (a, b), (m, n) = numbered
    by_file = data_of(run("compare", a, b, "--person", "anna", "--json", "-"))
    assert by_file["changes"][-1]["by"] == "sessions"
    assert data_of(run("compare", m, n, "--person", "anna", "--json", "-")) == by_file
    assert data_of(run("compare", a, n, "--person", "anna", "--json", "-")) == by_file
    assert data_of(run("compare", m, n, "--person", "anna", "-e", "shoulder-bridge", "--json", "-")) == by_file
    done = run("compare", m, n)
    assert done.code == 2 and f"there is no session {m}" in done.complaint
    done = run("compare", m, 999, "--person", "anna")
    assert done.code == 2 and "`formcheck history --person 'Anna'` lists those there are" in done.complaint
    done = run("compare", m, n, "--person", "anna", "-e", "plane")
    assert done.code == 2 and f"session {m} has no plane" in done.complaint
    assert run("compare", a, b, "-e", "shoulder-bridge").code == 2


def test_a_report_that_is_gone_or_no_longer_the_sessions_is_said_so(run, here, numbered):
    (a, _), (m, n) = numbered
    session(here, "b", [170, 170, 170], "shoulder-bridge", "working_knee")
    done = run("compare", m, n, "--person", "anna")
    assert done.code == 3 and f"the report of session {n} (shoulder-bridge) is not known" in done.complaint
    assert "judge the film again with --history: b.mp4" in done.complaint
    a.unlink()
    assert f"the report of session {m} " in run("compare", m, n, "--person", "anna").complaint


def test_live_sessions_are_found_in_the_persons_folder(run, here):
    me = find_person(None)
    with me.open_history() as history:
        both = [("plane", [seed.rep(1), seed.rep(2)]), ("swan", [seed.rep(1, side=None)])]
        m, n = (seed.put(history, AT, both) for _ in range(2))
        only = seed.put(history, AT, [("swan", [seed.rep(1, start_s=9.0)])])
    for k, (exercise, levels) in enumerate((("plane", [10, 12]), ("swan", [30])), start=1):
        session(me.sessions / "2026-04-01 09-00-00", f"{k}-{exercise}", levels, exercise)
    done = run("compare", m, n)
    assert done.code == 2 and "say which: -e plane" in done.complaint
    data = data_of(run("compare", m, n, "-e", "plane", "--json", "-"))
    assert (data["exercise"], data["first"]["name"], data["first"]["attempts"]) == ("plane", "1-plane", 2)
    assert data_of(run("compare", m, n, "-e", "swan", "--json", "-"))["exercise"] == "swan"
    done = run("compare", m, only)  # swan is all they share; of the other no report fits
    assert done.code == 3 and f"the report of session {only} (swan) is not known" in done.complaint
    assert "none was written" in done.complaint


def test_films_without_a_whole_repetition_have_nothing_to_compare(run, here):
    a = session(here, "a", [10], reps=[{"cut": "end", "counted": False}])
    done = run("compare", a, session(here, "b", [12], reps=[{"cut": "end", "counted": False}]), "--html", "c.html")
    assert done.code == 0, done.err
    assert "0 of 0" in done.out and Path("c.html").exists()
