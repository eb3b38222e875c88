"""The report in the terminal: what counted, what to do, what could not be judged."""

import io

import pytest
from rich.console import Console

from formcheck.judging.exercises import get_exercise
from formcheck.judging.rules.records import FaultSpan, Rep
from formcheck.showing.console.summary import print_rep, print_summary, print_workout
from formcheck.showing.page.verdict import verdict
from formcheck.showing.report.build import build_report

from ...judging.exercises.stick import all_fours, judge, plane_set, shoot
from ..report.test_report import SOURCE, report


def printed(r, out=None, lang="en"):
    console = Console(width=200, record=True, file=io.StringIO(), highlight=False)
    print_summary(r, out, console, lang)
    return console.export_text()


def test_counts_verdicts_faults_with_what_to_do_and_notes_are_printed():
    text = printed(report("plane"))
    assert "Plane: 2 of 3 repetitions counted, score" in text
    assert "good" in text and "counted, with faults" in text and "not counted: held" in text
    assert "arm-low (at worst -" in text and "limit -15 degrees)" in text
    assert "Raise your arm to shoulder height." in text


def test_in_polish_it_says_the_same_in_polish(capsys):
    r = report("plane")
    text = printed(r, "there", "pl")
    assert "zaliczone powtórzenia: 2 z 3, ocena" in text and "zaliczone, z błędami" in text
    assert "Ręka za nisko (najgorzej −" in text and "granica −15°)" in text and "Pliki są w there" in text
    assert not {"counted", "score", "verdict", "arm-low", "held"} & set(text.replace(",", " ").split())
    print_workout([r], [], "pl")
    print_rep(get_exercise("plane"), Rep(1, "left", 1.0, 2.0, 3.0, 0.0, False, "held 1.1 s of 10 s", ()), "pl")
    out = capsys.readouterr().out
    assert "Samolot" in out and "rozciągnij" in out and "(lewa)  niezaliczone: " in out and "held" not in out


def test_every_repetition_has_its_line():
    r = report("bridge")
    lines = printed(r).splitlines()
    for rep in r["reps"]:
        assert any(f"{rep['start_s']:.1f} s" in line and (rep["side"] or "") in line for line in lines)


@pytest.mark.parametrize("film", ["wrong exercise", "front view", "hold only", "view lost"])
def test_notes_are_printed_where_nothing_counted(film):
    r = report(film)
    text = printed(r)
    assert "0 of" in text
    for note in r["notes"]:
        assert note in " ".join(text.split()) or note in text


def test_the_folder_is_named_if_there_is_one(tmp_path):
    assert f"Files are in {tmp_path}" in printed(report("dips"), tmp_path)
    assert "Files are in" not in printed(report("dips"))


def test_a_report_of_an_exercise_that_is_not_installed_is_still_printed():
    r = build_report(judge("plane", shoot(all_fours, plane_set("right"))), dict(SOURCE))
    r["exercise"] = "somebody-elses"
    assert "somebody-elses: 1 of 1" in printed(r)


def test_an_attempt_is_one_line_however_narrow_the_terminal(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    faults = (FaultSpan("small-dip", 1.0, 2.0, 0.01, 0.03, "body", "moderate"),)
    why = "it could not be judged: the view was lost before its end"
    print_rep(get_exercise("side-plank"), Rep(1, "right", 1.0, 2.0, 3.0, 0.0, False, why, faults))
    (line,) = capsys.readouterr().out.splitlines()
    assert line.endswith(f"side-plank (right)  not counted: {why}  small-dip")


def test_a_workout_names_the_same_thing_to_work_on_as_the_page(capsys):
    r = report("plane")
    first, second = (
        {**r["faults"][0], "id": name, "cue": cue, "severity": "major", "reps": reps}
        for name, cue, reps in (("once", "The rare one.", [1]), ("often", "The usual one.", [1, 2, 3]))
    )
    r = {**r, "faults": [first, second]}
    print_workout([r], [])
    out = capsys.readouterr().out
    assert r["faults"][verdict(r, None).focus]["cue"] == "The usual one."
    assert "The usual one." in out and "The rare one." not in out


def test_a_workout_in_which_nothing_was_done_says_so(capsys):
    print_workout([], [])
    assert capsys.readouterr().out == "Nothing was done this time.\n"
