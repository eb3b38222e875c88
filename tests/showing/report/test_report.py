"""The report: the schema that others build on, honest numbers, and notes that say why something was not judged."""

import json
import re
from dataclasses import replace
from datetime import datetime
from functools import cache
from math import floor, isfinite, log10

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formcheck.analysis.clip import analyze_clip
from formcheck.analysis.options import Options
from formcheck.judging.exercises import get_exercise
from formcheck.judging.rules.limits import Limits
from formcheck.judging.session.session import Session
from formcheck.rounding import sig3
from formcheck.showing.report.build import build_report, stamp
from formcheck.sight.pose.trackfile import write_track
from formcheck.sight.pose.types import Track

from ...judging.exercises.stick import (  # fmt: skip
    SIDE_SUPPORT,
    SIZE,
    STANDING,
    Motion,
    all_fours,
    bridge,
    bridge_set,
    dips,
    judge,
    plane_set,
    rolled,
    shoot,
    side_support,
    standing,
    without,
)

SOURCE = {
    "path": "a.mp4",
    "kind": "video",
    "duration_s": 10.0,
    "fps": 15.0,
    "width": SIZE[0],
    "height": SIZE[1],
    "frames": 150,
    "frames_used": 150,
    "rotation": 0,
}
KEYS = (
    *(
        "schema",
        "formcheck",
        "created",
        "source",
        "exercise",
        "recognised",
        "view",
        "coverage",
        "counts",
        "reps",
        "faults",
    ),
    *("score", "notes", "limits"),
)
REP_KEYS = {
    *(
        "index",
        "side",
        "start_s",
        "peak_s",
        "end_s",
        "hold_s",
        "counted",
        "verdict",
        "why",
        "faults",
        "measures",
        "score",
        "seen",
    ),
}
FAULT_KEYS = {"id", "severity", "reps", "seconds", "worst", "worst_s", "limit", "unit", "cue", "from_s", "to_s"}


def faulty_plane():
    """A good repetition, one with a low arm, one too short."""
    m = plane_set("right", rest=2.0)
    m.to(1, arm_left=-25.0, leg_right=-6.0, knee_right=178.0).wait(10.6).back(1).wait(2)
    m.to(1, arm_right=0.0, leg_left=-6.0, knee_left=178.0).wait(4).back(1).wait(2)
    return shoot(all_fours, m)


FILMS = {
    "plane": ("plane", faulty_plane),
    "bridge": ("shoulder-bridge", lambda: shoot(bridge, bridge_set("right", "left", "left", start={"sag": 0.06}))),
    "dips": ("side-plank", lambda: shoot(side_support, dips(3))),
    "hold only": ("side-plank", lambda: shoot(side_support, Motion(SIDE_SUPPORT).wait(4))),
    "standing": ("plane", lambda: shoot(standing, Motion(STANDING).wait(4))),
    "wrong exercise": ("shoulder-bridge", lambda: shoot(all_fours, plane_set("right"))),
    "front view": ("plane", lambda: shoot(all_fours, plane_set("right"), azimuth=60.0)),
    "view lost": ("plane", lambda: without(shoot(all_fours, plane_set("right")), 6.0, 99.0)),
}
films = pytest.mark.parametrize("film", FILMS)


@cache
def session(film):
    name, make = FILMS[film]
    return judge(name, make())


def report(film):
    return build_report(session(film), dict(SOURCE))


def numbers(value, path=()):
    """All (path, number) of a report, times and source left out."""
    if isinstance(value, dict):
        for k, v in value.items():
            yield from numbers(v, (*path, k))
    elif isinstance(value, list):
        for i, v in enumerate(value):
            yield from numbers(v, (*path, i))
    elif isinstance(value, float):
        yield path, value


# ---- numbers -----------------------------------------------------------------------------------------------
@given(st.floats(-1e12, 1e12))
def test_three_significant_digits_are_near_and_no_more(x):
    y = sig3(x)
    assert y == pytest.approx(x, rel=0.0051, abs=1e-12)
    assert float(f"{y:.3g}") == y
    assert sig3(y) == y


@pytest.mark.parametrize("x", [None, float("nan"), float("inf"), -float("inf")])
def test_what_is_no_number_is_null(x):
    assert sig3(x) is None


def test_moments_of_a_long_video_keep_hundredths():
    assert stamp(3723.456789) == 3723.46


# ---- schema ------------------------------------------------------------------------------------------------
@films
def test_the_report_has_the_keys_of_its_schema(film):
    r = report(film)
    assert r["schema"] == "formcheck.report/1"
    assert set(r) - {"holds", "ball"} == set(KEYS)
    assert ("ball" in r) == (r["exercise"] == "shoulder-bridge")
    assert ("holds" in r) == (r["exercise"] == "side-plank")
    assert set(r["source"]) == set(SOURCE)
    assert set(r["view"]) == {"kind", "near_side", "ok", "advice"}
    assert r["view"]["kind"] in ("side", "front", "oblique", "unknown") and r["view"]["near_side"] in (
        "left",
        "right",
        None,
    )
    assert set(r["coverage"]) == {"pose", "in_position", "judged", "withheld"}
    assert 0 <= r["coverage"]["judged"] <= r["coverage"]["in_position"] <= r["coverage"]["pose"] <= 1
    assert set(r["counts"]) == {"total", "left", "right"}
    assert datetime.fromisoformat(r["created"]).tzinfo is not None
    for rep in r["reps"]:
        assert set(rep) - {"cut"} == REP_KEYS
        assert rep["verdict"] in ("good", "fault", "not-counted")
        for f in rep["faults"]:
            assert set(f) == {"id", "from_s", "to_s", "worst", "worst_s", "limit", "unit"}
    for f in r["faults"]:
        assert set(f) == FAULT_KEYS
    assert r["score"] is None or 0 <= r["score"] <= 100


@films
def test_the_report_is_json_without_nan(film):
    text = json.dumps(report(film), allow_nan=False)
    assert json.loads(text) == report(film) | {"created": json.loads(text)["created"]}


@films
def test_numbers_have_at_most_three_significant_digits_and_times_hundredths(film):
    r = report(film)
    r.pop("source")
    for path, x in numbers(r):
        assert isfinite(x), path
        if str(path[-1]) in ("start_s", "peak_s", "end_s", "from_s", "to_s", "worst_s"):
            assert round(x, 2) == x, path
        elif x:
            assert round(x, 2 - floor(log10(abs(x)))) == x, path


@films
def test_counts_are_of_counted_repetitions(film):
    r = report(film)
    counted = [rep for rep in r["reps"] if rep["counted"]]
    assert r["counts"]["total"] == len(counted)
    for side in ("left", "right"):
        assert r["counts"][side] == sum(rep["side"] == side for rep in counted)
    for rep in r["reps"]:
        assert (rep["verdict"] == "not-counted") == (not rep["counted"])
        assert (rep["why"] is None) == rep["counted"]
        assert rep["verdict"] != "good" or rep["faults"] == []
        assert rep["start_s"] <= rep["peak_s"] <= rep["end_s"]
    assert [rep["index"] for rep in r["reps"]] == list(range(1, len(r["reps"]) + 1))


@films
def test_every_fault_of_a_repetition_stands_in_the_list_with_its_cue(film):
    r = report(film)
    cues = {
        c.id: {d.cue for d in get_exercise(r["exercise"]).checks if d.id == c.id}
        for c in get_exercise(r["exercise"]).checks
    }
    listed = {f["id"]: f for f in r["faults"]}
    assert len(listed) == len(r["faults"])
    for rep in r["reps"]:
        for f in rep["faults"]:
            assert rep["index"] in listed[f["id"]]["reps"]
    for name, f in listed.items():
        assert f["cue"] in cues[name]
        assert f["from_s"] <= f["to_s"] and f["severity"] in ("minor", "moderate", "major")
    ranks = [("major", "moderate", "minor").index(f["severity"]) for f in r["faults"]]
    assert ranks == sorted(ranks)


# ---- contents ----------------------------------------------------------------------------------------------
def test_verdicts_faults_and_score_of_a_mixed_set():
    r = report("plane")
    assert [(x["side"], x["verdict"]) for x in r["reps"]] == [
        ("right", "good"),
        ("left", "fault"),
        ("right", "not-counted"),
    ]
    assert r["counts"] == {"total": 2, "left": 1, "right": 1}
    by_id = {f["id"]: f for f in r["faults"]}
    assert set(by_id) == {"arm-low", "short-hold"}
    assert by_id["arm-low"]["reps"] == [2] and by_id["short-hold"]["reps"] == [3]
    assert by_id["arm-low"]["worst"] < by_id["arm-low"]["limit"] == -15.0
    assert by_id["arm-low"]["seconds"] == pytest.approx(10.6, abs=1.0)
    assert r["score"] == pytest.approx(sum(x["score"] for x in r["reps"]) / 3, abs=0.5)
    assert r["view"] == {"kind": "side", "near_side": "right", "ok": True, "advice": []}
    assert r["notes"] == []


def test_the_limits_in_force_are_reported():
    e = get_exercise("side-plank")
    s = Session(e, Limits(e.id, e.limits, {"dip_fraction": 0.01234567}, "lenient"))
    for o in shoot(side_support, dips(1)):
        s.update(o)
    s.finish()
    limits = build_report(s, dict(SOURCE))["limits"]
    assert set(limits) == set(e.limits)
    assert limits["dip_fraction"] == 0.0123 and limits["line_deg"] == 16.0


def test_what_is_given_is_passed_on():
    r = build_report(
        session("dips"), dict(SOURCE), extra_notes=["first"], recognised={"exercise": "side-plank", "confidence": 0.9}
    )
    assert r["notes"][0] == "first" and r["recognised"]["confidence"] == 0.9 and r["source"] == SOURCE
    assert report("dips")["recognised"] is None


# ---- notes -------------------------------------------------------------------------------------------------
def test_a_wrong_exercise_is_noted_with_what_was_seen_instead():
    r = report("wrong exercise")
    assert r["reps"] == [] and r["faults"] == [] and r["score"] is None
    note = next(n for n in r["notes"] if n.startswith("Never saw the position of shoulder-bridge"))
    assert "looks like " in note and "plane (" in note


def test_an_exercise_on_the_ball_is_named_only_where_a_ball_was_seen():
    from formcheck.sight.pose.types import Ball

    from ...judging.exercises.test_ball_warmup import tilts

    for ball, named in ((None, False), (Ball(320.0, 300.0, 60.0, 0.9), True)):
        s = Session(get_exercise("plane"), ball_sought=True)
        for o in tilts():
            s.update(replace(o, ball=ball))
        s.finish()
        notes = " ".join(build_report(s, dict(SOURCE))["notes"])
        assert "Never saw the position of plane" in notes
        assert ("ball-warmup (" in notes) is named


@pytest.mark.parametrize(("fps", "few"), [(6.4, True), (7.6, False)])
def test_too_few_pictures_a_second_tell_no_sides(fps, few):
    pairs = plane_set("right", "right"), plane_set("right", same_side=True)
    repeated, same = (build_report(judge("plane", shoot(all_fours, m, fps=fps)), dict(SOURCE)) for m in pairs)
    assert [r["side"] for r in repeated["reps"]] == ([None, None] if few else ["right", "right"])
    assert ("repeated-pair" in {f["id"] for f in repeated["faults"]}) is not few
    assert repeated["counts"]["right"] == (0 if few else repeated["counts"]["total"])
    assert ("same-side-pair" in {f["id"] for f in same["faults"]}) is not few
    (rep,) = same["reps"]
    assert rep["counted"] is False
    assert ("too few pictures" in rep["why"]) is few
    assert any(n.startswith("Only 6 pictures a second were seen") for n in same["notes"]) is few
    planks = build_report(judge("side-plank", shoot(side_support, dips(3), fps=fps)), dict(SOURCE))
    assert any("pictures a second" in n for n in planks["notes"]) is few
    assert not any("sides" in n for n in planks["notes"])


def test_somebody_who_does_nothing_of_it_is_noted():
    notes = " ".join(report("standing")["notes"])
    assert "Never saw the position of plane" in notes


def test_a_hold_without_repetitions_is_noted_and_timed():
    r = report("hold only")
    assert "The position was held, but no repetition was seen." in r["notes"]
    ((hold,),) = (r["holds"],)
    assert hold["seconds"] == pytest.approx(4.0, abs=0.7) and hold["from_s"] < hold["to_s"]


def test_a_bad_view_is_noted_with_its_time_and_advice_and_nothing_is_judged():
    r = report("front view")
    assert not r["view"]["ok"] and r["view"]["kind"] == "front"
    (advice,) = r["view"]["advice"]
    assert any(n.startswith("Not judged: front view for") and advice in n for n in r["notes"])
    assert r["reps"] == [] and r["faults"] == [] and r["coverage"]["judged"] == 0


def test_a_repetition_out_of_sight_has_no_score_and_says_why():
    (rep,) = report("view lost")["reps"]
    assert (rep["counted"], rep["score"], rep["faults"]) == (False, None, [])
    assert rep["cut"] == "gap" and "could not be seen" in rep["why"]
    assert any("nobody seen" in n for n in report("view lost")["notes"])


def test_a_check_that_could_not_be_made_is_noted():
    # No ball detector took part: whether the ball lies right is unknown, not right.
    assert "Could not judge ball-misplaced: no ball was seen." in report("bridge")["notes"]


@pytest.mark.parametrize(
    ("roll", "said"),
    [
        (0.0, None),
        (8.0, r"The picture is turned by ([79]|8) degrees clockwise, as the body's supports on the floor show"),
        (-8.0, r"The picture is turned by ([79]|8) degrees counter-clockwise"),
        (20.0, r"The camera is tilted by about (19|20|21) degrees, too much to be undone: put it straight\."),
    ],
)
def test_a_tilted_camera_is_told_of(roll, said):
    made = build_report(judge("plane", rolled(shoot(all_fours, plane_set("right")), roll)), dict(SOURCE))
    told = [n for n in made["notes"] if "turned" in n or "tilted" in n]
    assert len(told) == (said is not None)
    assert said is None or re.match(said, told[0])
    assert made["view"]["advice"] == (told if abs(roll) > 15 else [])


def test_a_camera_that_may_be_tilted_is_told_of():
    made = build_report(judge("side-plank", shoot(side_support, dips(1), azimuth=-22.0, pitch=18.0)), dict(SOURCE))
    assert any("the vertical was judged mildly" in n for n in made["notes"])
    assert made["view"]["advice"] == []


# ---- through a track file ----------------------------------------------------------------------------------
def analysed(track, tmp_path, exercise="plane", **options):
    file = tmp_path / "a.track.npz"
    write_track(track, file)
    r = analyze_clip(file, exercise, options=Options(**options)).report
    r.pop("created")
    return r


def test_a_mirrored_source_declared_so_gives_the_same_report(tmp_path):
    from ...judging.session.test_session import mirrored

    track = shoot(all_fours, plane_set("right", "left"), noise_px=0.7, seed=5)
    plain = analysed(track, tmp_path)
    assert plain["counts"]["total"] == 2

    def close(a, b):
        # Track files keep single precision: times and verdicts are equal, measures nearly.
        if isinstance(a, dict):
            return set(a) == set(b) and all(close(a[k], b[k]) for k in a)
        if isinstance(a, list):
            return len(a) == len(b) and all(close(x, y) for x, y in zip(a, b, strict=True))
        return a == pytest.approx(b, rel=0.02, abs=0.02) if isinstance(a, float) else a == b

    assert close(analysed(mirrored(track), tmp_path, mirror=True), plain)
    undeclared = analysed(mirrored(track), tmp_path)
    assert [r["side"] for r in undeclared["reps"]] == ["left", "right"] and [r["side"] for r in plain["reps"]] == [
        "right",
        "left",
    ]
    assert undeclared["view"]["near_side"] == "left" and plain["view"]["near_side"] == "right"


def test_a_part_of_a_track_is_judged_by_its_own_times(tmp_path):
    track = shoot(all_fours, plane_set("right", "left"))
    whole = analysed(track, tmp_path)
    part = analysed(track, tmp_path, start=14.5)
    assert [r["side"] for r in part["reps"]] == ["left"]
    assert part["reps"][0]["start_s"] == pytest.approx(whole["reps"][1]["start_s"], abs=0.1)
    assert part["source"]["frames_used"] < whole["source"]["frames_used"] == len(track)


def test_a_track_of_one_frame_makes_a_report(tmp_path):
    t = shoot(all_fours, plane_set("right"))
    r = analysed(Track(t.t[:1], t.image[:1], t.world[:1], t.ball[:1], t.size), tmp_path)
    assert r["reps"] == [] and r["counts"]["total"] == 0
    json.dumps(r, allow_nan=False)
