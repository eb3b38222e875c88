"""The pictures on the page: what was measured drawn on them, described for those who do not see them, small."""

from __future__ import annotations

import base64
import io
import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from formcheck.analysis.clip import analyze_clip
from formcheck.analysis.options import Options
from formcheck.judging.exercises import exercises, get_exercise
from formcheck.judging.measure.geometry import angle
from formcheck.judging.rules.drawing import Bend, Gap, Tilt
from formcheck.showing.draw.joints import DrawnBody
from formcheck.showing.draw.style import FAULT
from formcheck.showing.page import render_page, write_page
from formcheck.showing.page.drawing import Pen
from formcheck.showing.page.keyframes import Shots
from formcheck.showing.page.language import Words
from formcheck.showing.page.pictures import build_pictures
from formcheck.showing.page.placed import place

from ..page_reports import Page, long_report, moment, noisy_jpeg, plane_report, shots_of, write_measures

WORDS = Words("en", "plane")
PLANE = get_exercise("plane")
MUCH = 2_000_000


def pixels(picture):
    from PIL import Image

    data = base64.b64decode(picture.src.removeprefix("data:image/webp;base64,"))
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB")).astype(int)


def reddish(picture):
    """How many pixels have the colour of a fault, more or less."""
    return int((np.abs(pixels(picture) - np.array(FAULT)).sum(axis=2) < 90).sum())


@pytest.mark.parametrize("jpeg", [None, noisy_jpeg()], ids=["figure", "photo"])
def test_each_repetition_and_each_fault_has_its_picture_with_its_numbers_in_words(jpeg):
    report = plane_report()
    report["reps"][0]["measures"]["support_thigh"] = 91.3
    found = build_pictures(report, PLANE, shots_of(report, jpeg), MUCH, WORDS)
    assert list(found.reps) == [0, 1, 2]
    assert found.reps[0].alt == "Repetition 1, left, in its end position at 2.42\xa0s. Trunk and supporting thigh 91.3°"
    assert found.reps[1].alt.endswith("Lower back arching 34.5°, limit 22°")
    assert found.faults["hip-sag"].alt == "Lower back arching at its worst at 7.13\xa0s: 34.5°, limit 22°"
    assert found.faults["short-hold"].alt == "Held too briefly at its worst: 1.11\xa0s, limit 10\xa0s"
    for picture in (*found.reps.values(), *found.faults.values()):
        assert pixels(picture).shape == (picture.h, picture.w, 3)


def test_the_faults_measure_is_drawn_and_nothing_else_at_fault():
    report = plane_report()
    found = build_pictures(report, PLANE, shots_of(report), MUCH, WORDS)
    assert reddish(found.faults["hip-sag"]) > 300
    assert reddish(found.faults["short-hold"]) == 0, "there is nothing on the body to show a time at"


def test_the_body_is_in_the_picture_wherever_it_stood():
    report = plane_report()
    for shift in (-0.3, 0.0, 0.4):
        shots = shots_of(report)
        for shot in (*shots.reps.values(), *(s for f in shots.faults.values() for s in f)):
            shot.moment.image[:, :2] *= 0.5
            shot.moment.image[:, 0] += (0.25 + shift) * 640
        assert reddish(build_pictures(report, PLANE, shots, MUCH, WORDS).faults["hip-sag"]) > 300


def test_without_moments_there_are_no_pictures():
    report = plane_report()
    assert build_pictures(report, PLANE, Shots(), MUCH, WORDS).reps == {}
    assert build_pictures(report, None, shots_of(report), MUCH, WORDS).faults == {}
    shots = shots_of(report)
    for shot in shots.reps.values():
        shot.moment.image[:] = np.nan
    assert build_pictures(report, PLANE, shots, MUCH, WORDS).reps == {}


def test_pictures_get_smaller_to_fit_and_the_last_ones_give_way():
    report = long_report(60)
    shots = shots_of(report, noisy_jpeg())
    full = None
    sizes = []
    for share in (1.0, 0.75, 0.05):
        room = 10 * MUCH if full is None else int(share * full)
        found = build_pictures(report, PLANE, shots, room, WORDS)
        taken = sum(len(p.src) for p in (*found.reps.values(), *found.faults.values()))
        assert taken <= room
        full = full or taken
        sizes.append((next(iter(found.reps.values())).w, len(found.reps)))
    assert sizes[0][0] > sizes[1][0] > sizes[2][0]
    assert [n for _, n in sizes[:2]] == [60, 60] and 0 < sizes[2][1] < 60


def test_ten_minutes_with_a_hundred_repetitions_and_their_pictures_stay_under_two_megabytes(tmp_path):
    report = long_report()
    table = write_measures(tmp_path / "m.csv", seconds=600)
    path = tmp_path / "long.report.html"
    write_page(report, path, "long.mp4", table, shots_of(report, noisy_jpeg()))
    assert path.stat().st_size < 2_000_000
    page = Page(path.read_text())
    # A hundred repetitions, the fault's own card, and the verdict.
    assert len(page.all("img")) == 102
    assert all(i["alt"] and (i["src"] or "").startswith("data:image/webp;base64,") for i in page.all("img"))


def test_a_picture_leads_to_its_moment():
    report = plane_report()
    page = Page(render_page(report, "v.mp4", None, shots_of(report)))
    seek = [float(b["data-seek"]) for b in page.all("button", **{"class": "shot"})]
    # Both faults are major: the longer one, decided by the end of repetition 3, is the one to work on.
    assert seek == [11.68, 2.42, 6.58, 11.68, 7.13, 11.68]


def test_pictures_do_not_change_the_numbers_of_the_page():
    report = plane_report()
    numbers = Page(render_page(report, None, None, shots_of(report))).numbers
    assert {p for p, _, _ in numbers} >= {p for p, _, _ in Page(render_page(report, None)).numbers}
    assert ("faults.0.worst_s", 7.13, "7.13\xa0s") in numbers


def test_a_name_that_is_no_file_name_cannot_break_out_of_an_alt_text():
    evil = '"><script>alert(1)</script>'
    report = plane_report()
    report["reps"][0]["side"] = evil
    page = Page(render_page(report, None, None, shots_of(report)))
    assert evil in page.all("img")[1]["alt"]
    assert len(page.scripts) == 4


def test_reasons_that_nothing_could_be_judged_are_on_the_timeline(tmp_path):
    table = write_measures(tmp_path / "m.csv")
    shots = Shots(problems=[(3.0, 4.5, "cut off"), (8.0, 9.0, "nobody seen")])
    page = Page(render_page(plane_report(), None, table, shots))
    (lane,) = [a for _, a in page.tags if (a.get("aria-label") or "").startswith("Not judged")]
    assert "part of the body was out of the picture from 3\xa0s to 4.5\xa0s" in lane["aria-label"]
    assert lane["aria-label"].count("nobody was seen") == 1


# ---- sketches --------------------------------------------------------------------------
def test_every_sketch_belongs_to_a_check():
    for ex in exercises().values():
        assert set(ex.drawing.sketches) <= {c.signal or c.id for c in ex.checks}, ex.id


def test_checks_of_angles_have_sketches():
    for ex in exercises().values():
        for c in ex.checks:
            if c.signal and ex.limits[c.limit].unit == "deg":
                assert ex.drawing.sketch_of(c) is not None, (ex.id, c.id, c.signal)


@pytest.mark.parametrize("name", sorted(exercises()))
def test_every_fault_can_be_drawn(name):
    exercise = get_exercise(name)
    for check in exercise.checks:
        at = moment(1.0, sample={check.signal: 30.0} if check.signal else {})
        picture = np.full((360, 640, 3), 255, np.uint8)
        Pen(picture, DrawnBody.of(at, (640, 360), (1.0, 1.0), False), exercise, at).fault(check, ["30°"])
        assert (picture != 255).any(), check.id


def figure(points):
    m = moment(1.0)
    for k, p in points.items():
        m.image[k, :2] = p
    return DrawnBody.of(m, (640, 360), (1.0, 1.0), False)


XY = st.tuples(st.floats(20, 620), st.floats(20, 340))


@given(st.tuples(XY, XY, XY), st.tuples(XY, XY, XY))
def test_a_bend_is_drawn_on_the_side_that_was_measured(left, right):
    one = figure({23: left[0], 25: left[1], 27: left[2], 24: right[0], 26: right[1], 28: right[2]})
    for side in (left, right):
        value = float(angle(*(np.array([q]) for q in side))[0])
        if math.isnan(value):
            continue
        placed = place(Bend("hip", "knee", "ankle"), one, value)
        assert placed is not None
        drawn = float(angle(*(q[None] for q in placed.points))[0])
        assert drawn == pytest.approx(value, abs=0.6)


def test_what_nobody_measured_is_not_drawn():
    straight = {23: (100, 100), 25: (200, 100), 27: (300, 100), 24: (100, 120), 26: (200, 120), 28: (300, 120)}
    assert place(Bend("hip", "knee", "ankle"), figure(straight), 90.0) is None
    assert place(Bend("hip", "knee", "ankle"), figure(straight), 179.0) is not None
    assert place(Gap("ankle:left", "ankle:right"), figure(straight), 90.0) is not None
    hidden = figure({})
    hidden.source[:] = np.nan
    assert place(Tilt("shoulder", "wrist"), hidden, 10.0) is None


# ---- from end to end ---------------------------------------------------------------------
def test_the_report_of_a_video_shows_its_key_frames(samples, pose_model, tmp_path):
    clip = samples / "toe-squat-heels-drop.mp4"
    options = Options(model=pose_model, end=7.0)
    report = analyze_clip(clip, "toe-squat", tmp_path, options=options, video=False).report
    page = Page((tmp_path / "toe-squat-heels-drop.report.html").read_text())
    alts = [i["alt"] for i in page.all("img")]
    assert sum(a.startswith("Repetition") for a in alts) == len(report["reps"]) > 0
    assert any(a.startswith("Heels dropping at its worst") for a in alts)
    assert (tmp_path / "toe-squat-heels-drop.report.html").stat().st_size < 2_000_000


def test_the_report_of_a_track_draws_the_body(samples, track_of, tmp_path):
    report = analyze_clip(track_of(samples / "plane-hip-sag.mp4"), "plane", tmp_path).report
    (sag,) = [f for f in report["faults"] if f["id"] == "hip-sag"]
    assert sag["from_s"] <= sag["worst_s"] <= sag["to_s"]
    page = Page((tmp_path / "plane-hip-sag.report.html").read_text())
    assert any((i["alt"] or "").startswith("Lower back arching at its worst") for i in page.all("img"))


def test_names_that_are_no_utf8_make_a_page_and_a_report(tmp_path):
    from formcheck.files import write_json

    report = plane_report()
    report["source"]["path"] = "/x/caf\udce9 <b>'\"\U0001f938.mp4"
    write_json(tmp_path / "r.json", report)
    assert json.loads((tmp_path / "r.json").read_text(encoding="utf-8")) == report
    write_page(report, tmp_path / "caf\udce9.html", "caf\udce9.annotated.mp4", None, shots_of(report))
    page = Page((tmp_path / "caf\udce9.html").read_text(encoding="utf-8"))
    assert page.all("video")[0]["src"] == "./caf%E9.annotated.mp4"
