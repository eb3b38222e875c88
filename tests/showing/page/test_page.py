"""The report page as text: its numbers are the report's, nothing in a report can break out, it needs no network."""

from __future__ import annotations

import json
import math
import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formcheck.errors import UsageError
from formcheck.judging.exercises import exercises
from formcheck.showing.page import render_page, write_page

from ..page_reports import Page, empty_report, fault, long_report, plane_report, rep, write_measures

EVIL = """</script><script>alert(1)</script>"><img src=x onerror='alert(2)'> & 🤸 \u202e{{ 7*7 }} javascript:x"""


@pytest.fixture
def measures(tmp_path):
    return write_measures(tmp_path / "clip.measures.csv")


def at(report, path):
    for key in path.split("."):
        report = report[int(key)] if isinstance(report, list) else report[key]
    return report


def said(text):
    """The number that a text shows."""
    text = text.replace("\N{MINUS SIGN}", "-").replace("\xa0", " ")
    if m := re.fullmatch(r"(\d+):(\d\d(?:\.\d+)?)", text):
        return 60 * int(m[1]) + float(m[2])
    m = re.fullmatch(r"(-?[\d.]+)( ?%|°|°/s| s| trunk lengths)?", text)
    assert m, text
    return float(m[1]) / (100 if (m[2] or "").endswith("%") else 1)


def shown(path, value):
    """The value as the page shows it: scores are rounded."""
    return math.floor(value + 0.5) if path.endswith("score") else value


def leaves(value, path=""):
    if isinstance(value, dict | list):
        for key, x in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(x, f"{path}.{key}" if path else str(key))
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield path


@pytest.mark.parametrize(
    "report",
    [
        plane_report(),
        empty_report(),
        long_report(),
        plane_report(holds=[{"from_s": 1.5, "to_s": 75.25, "seconds": 73.8}]),
    ],
    ids=["plane", "empty", "long", "holds"],
)
def test_every_number_on_the_page_is_the_reports(report):
    page = Page(render_page(report, None))
    assert page.numbers
    for path, value, text in page.numbers:
        assert value == at(report, path), path
        assert said(text) == pytest.approx(shown(path, at(report, path)), abs=1e-9), path


def test_every_measured_number_of_the_report_is_on_the_page():
    report = plane_report(holds=[{"from_s": 1.5, "to_s": 15.25, "seconds": 13.8}])
    shown = {path for path, _, _ in Page(render_page(report, None)).numbers}
    parts = ("reps", "faults", "holds", "counts", "coverage", "score", "limits")
    wanted = {p for part in parts for p in leaves(report[part], part)}
    # When a fault was seen in a repetition, and was worst, is where its buttons lead.
    wanted -= {p for p in wanted if re.fullmatch(r"reps\.\d+\.faults\.\d+\.(from_s|to_s|worst_s)", p)}
    assert wanted <= shown


def test_buttons_carry_the_times_of_the_report():
    report = plane_report()
    page = Page(render_page(report, "clip.annotated.mp4"))
    jumps = page.all("button", **{"class": "jump"})
    assert [float(b["data-seek"]) for b in jumps] == [r["start_s"] for r in report["reps"]]
    lanes = [b for _, b in page.tags if "block rep" in (b.get("class") or "")]
    times = [(r["start_s"], r["end_s"]) for r in report["reps"]]
    assert [(float(b["data-seek"]), float(b["data-to"])) for b in lanes] == times
    sag = page.all("button", aria_label="Show Lower back arching in repetition 2")
    assert [float(b["data-seek"]) for b in sag] == [6.07]
    assert [b for _, b in page.tags if b.get("data-seek") == "7.13"], "its worst moment"


def test_tempo_is_the_difference_of_the_times_without_the_hold():
    report = plane_report()
    report["reps"][2]["hold_s"] = None
    text = Page(render_page(report, None)).text.replace("\xa0", " ")
    # Held for 1.23 s, half of it on either side of the middle; and one that was not held.
    assert text.count("0.755 s out, 0.925 s back") == 0
    assert text.count("0.76 s out, 0.92 s back") == 2
    assert text.count("1.37 s out, 1.54 s back") == 1


def test_the_verdict_says_what_went_well_what_to_work_on_and_how():
    report = plane_report(notes=["Could not judge thigh-angle: the joints it needs were hidden or out of the picture."])
    text = Page(render_page(report, None)).text
    top = " ".join(text[text.index("2 of 3 repetitions counted") : text.index("Over time")].split())
    assert "1 of 3 repetitions was without a fault." in top
    assert "Both sides did the same number." in top
    # Both faults are major and in one repetition each: the longer one comes first.
    assert "Held too briefly" in top and "Hold it for the full ten seconds." in top
    assert "Free of" not in top, "without the measures nobody knows"
    assert "over the knees" not in top.split("Notes")[0], "what could not be judged did not go well"


def test_a_clean_set_is_told_so():
    report = plane_report(reps=[rep(1, 1.05), rep(2, 5.21)], faults=[], counts={"total": 2, "left": 1, "right": 1})
    text = Page(render_page(report, None)).text
    assert "All 2 repetitions counted, nothing to correct" in text
    assert "The one thing to work on" not in text


def test_a_severe_fault_comes_before_a_frequent_one():
    report = plane_report()
    report["faults"][0] |= {"severity": "minor", "reps": [1, 2, 3], "seconds": 9.0}
    text = Page(render_page(report, None)).text
    assert text.index("Held too briefly") < text.index("Lower back arching")


@pytest.mark.parametrize("exercise", list(exercises()))
def test_reports_without_anything_make_a_page_that_says_why(exercise):
    limits = {name: limit.value for name, limit in exercises()[exercise].limits.items()}
    page = Page(render_page(empty_report(exercise=exercise, limits=limits), None))
    assert "was seen" in page.text
    assert "The position of the exercise “Plane” was never seen." in page.text
    assert "Turn your side to the camera." in page.text
    assert not page.all("video")


def test_an_exercise_that_is_not_installed_still_makes_a_page(measures):
    page = Page(render_page(plane_report(exercise="juggling-on-the-ball"), "v.mp4", measures))
    assert "Juggling on the ball" in page.text
    assert "Flatten your back." in page.text


def test_a_table_without_rows_makes_a_page(tmp_path):
    table = write_measures(tmp_path / "m.csv", seconds=0)
    assert "No repetition was seen" in Page(render_page(empty_report(), None, table)).text


def test_limits_that_were_changed_are_marked():
    report = plane_report()
    assert "usually" not in Page(render_page(report, None)).text
    report["limits"]["hold_s"] = 5.0
    assert "usually 10" in Page(render_page(report, None)).text


def test_the_recognised_exercise_and_parts_are_named():
    report = plane_report(recognised={"exercise": "plane", "confidence": 0.93})
    report["reps"] = [rep(1, 1.0, block="circle-left", side=None)]
    report["counts"] = {"total": 1, "left": 0, "right": 0, "blocks": {"circle-left": 1}}
    text = Page(render_page(report, None)).text.replace("\xa0", " ")
    assert "recognised by itself, sure to 93 %" in text
    assert "Circle left" in text


# ---- nothing breaks out -------------------------------------------------------------
def evil_report():
    report = plane_report(notes=[EVIL])
    report["source"]["path"] = f"/x/{EVIL.replace('/', '')}.mp4"
    report["created"] = report["formcheck"] = EVIL
    report["view"] = {"kind": EVIL, "near_side": EVIL, "ok": False, "advice": [EVIL]}
    bad = fault(EVIL, 1.0, 2.0, 3.0, 4.0, EVIL)
    report["reps"][0] |= {"why": EVIL, "side": EVIL, "faults": [bad], "measures": {EVIL: 1.0}, "block": EVIL}
    report["faults"].append({**bad, "severity": "minor", "reps": [1], "seconds": 1.0, "cue": EVIL})
    report["limits"][EVIL] = 1.0
    return report


def test_no_text_of_a_report_becomes_markup(measures):
    page = Page(render_page(evil_report(), EVIL, measures))
    assert [t for t, _ in page.tags].count("script") == len(Page(render_page(plane_report(), None)).all("script"))
    assert not page.all("img")
    assert not [a for _, attrs in page.tags for a in attrs if a.startswith("on")]
    assert EVIL in page.text, "shown as it is"
    assert "49" not in page.text.replace("479", "")
    assert json.loads(page.scripts[0])["faults"], "the data is still whole"


def test_the_videos_name_stays_a_relative_file_name():
    name = """a"b'<c>&? #%🤸 :.mp4"""
    (video,) = Page(render_page(plane_report(), name)).all("video")
    assert video["src"] == "./a%22b%27%3Cc%3E%26%3F%20%23%25%F0%9F%A4%B8%20%3A.mp4"


def test_names_that_are_no_text_are_written(tmp_path):
    report = plane_report()
    report["source"]["path"] = "/x/\udcff.mp4"
    write_page(report, tmp_path / "a.html", "\udcff.mp4")
    assert "%FF.mp4" in (tmp_path / "a.html").read_text(encoding="utf-8")


@settings(max_examples=40, deadline=None)
@given(st.text())
def test_notes_and_names_never_change_the_structure(text):
    def tags(x):
        report = plane_report(notes=[x])
        report["source"]["path"] = x
        return [t for t, _ in Page(render_page(report, x)).tags]

    assert tags(text) == tags("x")


# ---- one file, no network -----------------------------------------------------------
def test_the_page_names_no_address(measures):
    html = render_page(plane_report(), "clip.annotated.mp4", measures)
    assert "http:" not in html and "https:" not in html
    assert "url(" not in html and "@import" not in html
    page = Page(html)
    for tag, attrs in page.tags:
        for name in ("src", "href", "action", "poster", "srcset"):
            if name in attrs:
                assert re.match(r"#|data:,$|\./clip\.annotated\.mp4$", attrs[name] or ""), (tag, attrs)


def test_only_the_pages_own_scripts_may_run(measures):
    import base64
    import hashlib

    page = Page(render_page(plane_report(), "v.mp4", measures))
    (policy,) = [a["content"] for a in page.all("meta") if a.get("http-equiv") == "Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    script = re.search(r"script-src ([^;]*)", policy)[1].split()
    data, *code = page.scripts
    assert json.loads(data)
    assert script == [f"'sha256-{base64.b64encode(hashlib.sha256(c.encode()).digest()).decode()}'" for c in code]


def test_the_licence_of_the_plotting_library_is_on_the_page():
    assert "Copyright (c) 2022 Leon Sorokin" in render_page(plane_report(), None)
    assert "Permission is hereby granted" in render_page(plane_report(), None)


def test_ten_minutes_with_a_hundred_repetitions_stay_small(tmp_path):
    table = write_measures(tmp_path / "m.csv", seconds=600)
    path = tmp_path / "long.report.html"
    write_page(long_report(), path, "long.mp4", table)
    assert path.stat().st_size < 1_000_000


def test_a_page_that_cannot_be_written_leaves_the_old_one(tmp_path):
    (tmp_path / "folder").mkdir()
    with pytest.raises(UsageError):
        write_page(plane_report(), tmp_path / "folder", None)
    old = tmp_path / "a.html"
    old.write_text("old")
    with pytest.raises(KeyError):
        write_page({"exercise": "plane"}, old, None)
    assert old.read_text() == "old"


# ---- for those who do not see it -----------------------------------------------------
def test_controls_have_names_and_tables_have_headers():
    page = Page(render_page(plane_report(), "v.mp4"))
    assert page.all("html", lang="en")
    for block in [b for _, b in page.tags if (b.get("class") or "").startswith("block") and "data-seek" in b]:
        assert block["aria-label"]
    for th in page.all("th"):
        assert th["scope"] in {"col", "row"}
    levels = [int(t[1]) for t, _ in page.tags if re.fullmatch(r"h\d", t)]
    assert levels[0] == 1 and all(b - a <= 1 for a, b in pairwise(levels))
    ids = [a["id"] for _, a in page.tags if "id" in a]
    assert len(ids) == len(set(ids))
    assert {a["aria-labelledby"] for _, a in page.tags if "aria-labelledby" in a} <= set(ids)


def test_a_lane_is_one_stop_of_the_tab_key():
    page = Page(render_page(long_report(), None))
    blocks = [b for _, b in page.tags if "block rep" in (b.get("class") or "")]
    assert len(blocks) == 100
    assert sum(b.get("tabindex") != "-1" for b in blocks) == 1
