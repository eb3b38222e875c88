"""``formcheck agree``: files in, tables and a page out."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from .made import report, review, said, write

NAME = '<b onload="x">Zoë "מרים" 🤸</b>'


@pytest.fixture
def files(tmp_path):
    r = write(tmp_path / "in/plane.report.json", report("plane", [{"faults": ["hip-sag"]}, {}, {"counted": False}, {}]))
    anna = review("plane", [said(1, faults="hip-sag!"), said(2), said(3, counted=False), said(4, faults="head-down?")])
    a = write(tmp_path / "in/anna.review.json", anna)
    other = review("plane", [said(k, NAME) for k in (1, 2, 3)] + [said(4, NAME, answer="none")], by=NAME)
    b = write(tmp_path / "in/b.review.json", other)
    truth = {
        "exercise": "plane", "labelled": {"by": "Cyd"},
        "reps": [
            {"start_s": 10.2, "end_s": 18, "faults": ["hip-sag"], "maybe": ["head-down"]},
            {"start_s": 20, "end_s": 28},
        ],
    }  # fmt: skip
    return r, a, b, write(tmp_path / "truth/plane.json", truth)


def test_reports_reviews_and_truth_files_of_one_film(run, files):
    done = run("agree", *files, "-o", "a.json", "--html", "a.html")
    assert done.code == 0, done.err
    with Path("a.json").open(encoding="utf-8") as f:
        figures = json.load(f)
    assert figures["schema"] == "formcheck.agreement/1"
    assert figures["raters"] == ["formcheck", NAME, "Anna", "Cyd"]
    counts = {(c["first"], c["second"]): c for c in figures["counts"]}
    assert counts["formcheck", "Anna"]["exact"]["found"] == 1 and counts["formcheck", "Anna"]["attempts"] == 4
    assert (counts["formcheck", NAME]["attempts"], counts["formcheck", NAME]["first_only"]) == (3, 1)
    assert (counts["formcheck", "Cyd"]["attempts"], counts["formcheck", "Cyd"]["first_only"]) == (2, 2)
    assert "plane: Hip sag" in done.out and "formcheck, Anna" in done.out


def test_the_page_shows_names_as_text_and_loads_nothing(run, files):
    assert run("agree", *files, "--html", "a.html", "-q").out == ""
    with Path("a.html").open(encoding="utf-8") as f:
        page = f.read()
    assert "onload=&#34;x&#34;" in page and "<b onload" not in page
    assert not re.search(r"<script|https?:|src=", page)
    assert "default-src 'none'" in page and "Hip sag" in page


@pytest.mark.browser
def test_the_page_in_chromium(run, files, browser, here):
    run("agree", *files, "--html", "a.html", "-q")
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    wrong = []
    page.on("console", lambda m: wrong.append(m.text))
    page.on("pageerror", lambda e: wrong.append(str(e)))
    page.goto((here / "a.html").as_uri())
    assert page.locator("bdi", has_text="Zoë").first.inner_text() == NAME
    assert page.locator("b[onload]").count() == 0 and not wrong
    page.set_viewport_size({"width": 360, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.close()


def test_a_second_measurement(run, files, tmp_path):
    table = tmp_path / "m.csv"
    table.write_text("film,rep,measure,value\nplane,1,leg_level,-5\nplane,2,leg_level,-4.5\nplane,3,leg_level,-3.9\n")
    done = run("agree", files[0], "--measurements", table, "-o", "a.json")
    assert done.code == 0, done.err
    with Path("a.json").open(encoding="utf-8") as f:
        (row,) = json.load(f)["measures"]
    assert row["limits"]["bias"] == pytest.approx(0.46667, abs=1e-4)
    table.write_text("film,rep,measure,value\nplane,1,leg_level,much\n")
    assert "m.csv, line 2: expected numbers" in run("agree", files[0], "--measurements", table).complaint
    table.write_text("a,b\n1,2\n")
    assert "is no table of measurements" in run("agree", files[0], "--measurements", table).complaint


def test_what_cannot_be_compared_is_said_in_one_line(run, files, tmp_path):
    alone = run("agree", files[0])
    assert alone.code == 2 and "no film is rated twice" in alone.complaint
    assert run("agree", tmp_path / "none.json").code == 3
    odd = write(tmp_path / "odd.json", {"schema": "formcheck.review/1", "film": 3})
    assert "is no sound review" in run("agree", odd).complaint
    odd.write_text("[1]")
    assert "is neither a report, a review nor a truth file" in run("agree", odd).complaint
    odd.write_text('{"exercise": "plane", "count": 3}')
    assert "does not say when the attempts were" in run("agree", odd).complaint
    run("agree", *files, "-o", "a.json")
    assert "exists already" in run("agree", *files, "-o", "a.json").complaint
