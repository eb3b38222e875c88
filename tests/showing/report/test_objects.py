"""Reports as objects: exactly what the JSON says, checked as it is read, and as DataFrames."""

import json
from copy import deepcopy
from dataclasses import FrozenInstanceError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formcheck.analysis.clip import analyze_clip
from formcheck.errors import InputError
from formcheck.showing.report.objects import Report, load_report
from formcheck.showing.report.schema import SCHEMA, decode
from formcheck.sight.pose.trackfile import write_track

from ...judging.exercises.stick import (
    STANDING,
    Motion,
    all_fours,
    bridge,
    bridge_set,
    dips,
    plane_set,
    shoot,
    side_support,
    standing,
)
from ..page_reports import empty_report, long_report, plane_report, write_measures


def warm_up(**changed):
    r = plane_report(exercise="ball-warmup", counts={"total": 1, "left": 0, "right": 0, "blocks": {"tilt": 1}})
    r["reps"] = [{**r["reps"][0], "block": "tilt", "side": None}]
    r["recognised"] = {"exercise": "ball-warmup", "confidence": 0.71}
    r["holds"] = [{"from_s": 0.5, "to_s": 12.25, "seconds": 11.8}]
    return {**r, **changed}


REPORTS = {
    "plane": plane_report(),
    "empty": empty_report(),
    "long": long_report(),
    "warm-up": warm_up(),
    "of a later minor version": plane_report(mood="calm", view={**plane_report()["view"], "distance_m": 2.5}),
    "optional null": plane_report(holds=None),
}


@pytest.mark.parametrize("name", REPORTS)
def test_objects_become_the_same_json_again(name, tmp_path):
    file = tmp_path / "clip.report.json"
    file.write_text(json.dumps(REPORTS[name]), encoding="utf-8")
    report = load_report(file)
    assert report.to_dict() == REPORTS[name]
    assert json.loads(json.dumps(report.to_dict())) == REPORTS[name]
    assert Report.from_dict(report.to_dict()) == report


TRACKS = {
    "plane": lambda: shoot(all_fours, plane_set("right"), far_visibility=0.3),
    "shoulder-bridge": lambda: shoot(bridge, bridge_set("right")),
    "side-plank": lambda: shoot(side_support, dips(2)),
    "swan": lambda: shoot(standing, Motion(STANDING).wait(3.0)),
}


@pytest.mark.parametrize("exercise", TRACKS)
def test_reports_that_are_written_can_be_read(exercise, tmp_path):
    track = tmp_path / "clip.track.npz"
    write_track(TRACKS[exercise](), track)
    written = analyze_clip(track, exercise, tmp_path, html=False).report
    report = load_report(tmp_path / "clip.report.json")
    assert report.to_dict() == written
    assert not report.extra and not any(r.extra for r in report.reps), "the objects know every key"
    assert report.schema == SCHEMA


def test_the_objects_are_typed_and_cannot_be_changed():
    report = Report.from_dict(plane_report())
    assert report.reps[1].faults[0].id == "hip-sag"
    assert report.counts.total == 2 and report.view.near_side == "right"
    assert report.reps[0].measures["head_pitch"] is None
    with pytest.raises(FrozenInstanceError):
        report.score = 100.0


def broken(*path, value):
    data = deepcopy(plane_report())
    at = data
    for key in path[:-1]:
        at = at[key]
    if value is ...:
        del at[path[-1]]
    else:
        at[path[-1]] = value
    return data


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ([], "no report of formcheck"),
        ({"schema": "formcheck.track/1"}, "no report of formcheck"),
        (plane_report(schema="formcheck.report/2"), "has schema 'formcheck.report/2', expected 'formcheck.report/1'"),
        (broken("reps", 2, "start_s", value="soon"), "reps[2].start_s: expected a number, got 'soon'"),
        (broken("reps", 0, "counted", value=1), "reps[0].counted: expected true or false, got 1"),
        (broken("reps", 0, "index", value=True), "reps[0].index: expected a whole number, got True"),
        (broken("score", value=float("nan")), "score: expected a number or null, got nan"),
        (broken("faults", 0, "cue", value=...), "faults[0].cue is missing"),
        (broken("notes", value="none"), "notes: expected a list, got 'none'"),
        (broken("source", value=None), "source: expected an object, got None"),
    ],
)
def test_what_is_no_sound_report_is_refused_with_the_place(data, said, tmp_path):
    file = tmp_path / "x.report.json"
    file.write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(InputError) as e:
        load_report(file)
    assert said in str(e.value) and str(file) in str(e.value) and "\n" not in str(e.value)


@pytest.mark.parametrize("content", [b"", b"not json", b"\xff\xfe\x00", b"[" * 100_000])
def test_what_is_no_json_is_refused(content, tmp_path):
    file = tmp_path / "x.report.json"
    file.write_bytes(content)
    with pytest.raises(InputError, match="cannot read the report"):
        load_report(file)


def test_a_missing_report_is_told():
    with pytest.raises(InputError, match="report not found"):
        load_report("nowhere.report.json")


plain = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
nested = st.recursive(plain, lambda x: st.lists(x, max_size=3) | st.dictionaries(st.text(max_size=4), x, max_size=3))


@given(nested, st.sampled_from(sorted(plane_report())))
def test_any_value_anywhere_is_taken_whole_or_refused(value, key):
    data = plane_report(**{key: value})
    try:
        report = Report.from_dict(data)
    except InputError:
        return
    assert report.to_dict() == data


def test_decode_says_what_it_expected():
    with pytest.raises(ValueError, match="expected a whole number, got 1.5"):
        decode(int, 1.5)


# ---- as DataFrames ------------------------------------------------------------------


def test_frames_have_a_row_each_and_the_kinds_of_the_dictionary():
    pd = pytest.importorskip("pandas", reason="pandas is not installed")
    report = Report.from_dict(plane_report())
    reps, faults = report.reps_frame(), report.faults_frame()
    assert reps["rep"].tolist() == [1, 2, 3] and reps["counted"].tolist() == [True, True, False]
    assert reps["clip"].unique().tolist() == ["clip"]
    assert reps["arm_level"].tolist() == [6.07] * 3 and reps["head_pitch"].isna().all()
    assert pd.isna(reps["why"][0]) and reps["why"][2] == "held 1.1 s of 10 s"
    merged = faults.merge(reps, on=["clip", "rep"], suffixes=("", "_rep"))
    assert merged["fault"].tolist() == ["hip-sag", "short-hold"] == merged["faults"].tolist()
    assert merged["severity"].tolist() == ["major", "major"]
    assert (faults["to_s"] - faults["from_s"]).round(2).tolist() == faults["seconds"].tolist()


def test_frames_of_an_empty_report_keep_their_columns():
    pytest.importorskip("pandas", reason="pandas is not installed")
    full, empty = Report.from_dict(plane_report()), Report.from_dict(empty_report())
    assert len(empty.reps_frame()) == len(empty.faults_frame()) == 0
    assert list(empty.faults_frame()) == list(full.faults_frame())
    assert empty.faults_frame().dtypes.equals(full.faults_frame().dtypes)


def test_measures_are_read_beside_the_report(tmp_path):
    pytest.importorskip("pandas", reason="pandas is not installed")
    file = tmp_path / "clip.report.json"
    file.write_text(json.dumps(plane_report()), encoding="utf-8")
    report = load_report(file)
    with pytest.raises(InputError, match="no measures table beside"):
        report.measures_frame()
    write_measures(tmp_path / "clip.measures.csv")
    frame = report.measures_frame()
    assert len(frame) == 480 and frame["phase"].isin(["away", "start", "hold"]).all()
    assert frame["knee_left"].isna().all() and frame["knee_left"].dtype == float
    assert frame.loc[frame["t_s"].between(8.1, 8.9), "leg_level"].isna().all()
    elsewhere = (tmp_path / "clip.measures.csv").rename(tmp_path / "other.csv")
    assert report.measures_frame(elsewhere).equals(frame)


def test_a_report_is_short_where_it_is_printed():
    report = Report.from_dict(plane_report())
    line = "<Report of clip: plane, 2 of 3 counted, score 64 of 100; hip-sag, short-hold>"
    assert repr(report) == str(report) == line
    empty = Report.from_dict(empty_report(exercise=None))
    assert repr(empty) == "<Report of clip: no exercise, 0 of 0 counted; no fault>"
    assert len(repr(Report.from_dict(long_report()))) < 120


def test_a_notebook_shows_a_small_table_and_nothing_breaks_out_of_it():
    html = Report.from_dict(plane_report())._repr_html_()
    assert html.count("<tr>") == 4 and "<b>Plane</b>: 2 of 3 counted, score 64 of 100" in html
    assert "<td>Lower back arching</td>" in html and "not counted: held 1.1 s of 10 s" in html
    assert Report.from_dict(long_report())._repr_html_().count("<tr>") == 21
    evil = "<script>alert(1)</script>"
    r = plane_report(notes=[evil])
    r["reps"][0]["why"] = r["faults"][0]["cue"] = r["source"]["path"] = evil
    assert "<script>" not in Report.from_dict(r)._repr_html_()
