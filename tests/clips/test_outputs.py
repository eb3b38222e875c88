"""One clip through everything: the files an analysis leaves."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from formcheck.analysis.clip import Analysis, analyze_clip
from formcheck.analysis.options import Options

from .remake import read_frames
from .sample import read, rep_list

pytestmark = pytest.mark.xdist_group("outputs")
SAMPLE = read("shoulder-bridge-short-hold")
ANGLES = [f"{a}_{s}" for a in ("knee", "hip", "elbow", "shoulder", "line") for s in ("left", "right")]


@pytest.fixture(scope="module")
def full_run(tmp_path_factory: pytest.TempPathFactory, pose_model: Path) -> tuple[Analysis, Path]:
    out = tmp_path_factory.mktemp("full")
    return analyze_clip(SAMPLE.video, SAMPLE.exercise, out, options=Options(model=pose_model)), out


def test_the_files_are_there_and_nothing_else(full_run: tuple[Analysis, Path]) -> None:
    suffixes = ("report.json", "measures.csv", "report.html", "annotated.mp4")
    assert {p.name for p in full_run[1].iterdir()} == {f"{SAMPLE.name}.{s}" for s in suffixes}


def test_the_report_follows_the_contract(full_run: tuple[Analysis, Path]) -> None:
    analysis, out = full_run
    report: dict[str, Any] = json.loads((out / f"{SAMPLE.name}.report.json").read_text(encoding="utf-8"))
    assert report == analysis.report
    assert report["schema"] == "formcheck.report/1"
    assert (report["exercise"], report["recognised"]) == (SAMPLE.exercise, None)
    source = report["source"]
    assert (source["kind"], source["width"], source["height"], source["rotation"]) == ("video", 640, 360, 0)
    assert source["frames"] == source["frames_used"] == SAMPLE.truth["frames"]
    assert source["duration_s"] == pytest.approx(SAMPLE.truth["duration_s"], abs=0.1)
    assert 0.9 <= report["coverage"]["pose"] <= 1
    assert 0 < report["coverage"]["judged"] <= report["coverage"]["in_position"] <= 1
    rep_keys = {"index", "side", "start_s", "peak_s", "end_s", "hold_s", "counted", "verdict", "why", "score"}
    for i, rep in enumerate(report["reps"], 1):
        assert rep_keys | {"faults", "measures"} <= set(rep)
        assert rep["index"] == i
        assert rep["verdict"] in {"good", "fault", "not-counted"}
        assert (rep["verdict"] == "not-counted") == (not rep["counted"]) == (rep["why"] is not None)
        assert all({"id", "from_s", "to_s", "worst", "worst_s", "limit", "unit"} <= set(f) for f in rep["faults"])
    fault_keys = {"id", "severity", "reps", "seconds", "worst", "worst_s", "limit", "unit", "cue", "from_s", "to_s"}
    assert all(fault_keys <= set(f) for f in report["faults"])
    assert report["limits"], "the limits in force are part of the report"


def test_a_track_gives_the_verdict_of_the_video(full_run: tuple[Analysis, Path], track_of: Callable[..., Path]) -> None:
    # The track keeps single precision: verdicts agree, digits may not.
    again = analyze_clip(track_of(SAMPLE.video), SAMPLE.exercise).report
    report = full_run[0].report
    assert rep_list(again["reps"]) == rep_list(report["reps"])
    assert [f["id"] for f in again["faults"]] == [f["id"] for f in report["faults"]]
    for a, b in zip(again["reps"], report["reps"], strict=True):
        assert (a["start_s"], a["end_s"]) == pytest.approx((b["start_s"], b["end_s"]), abs=0.1)


def test_the_table_has_a_row_a_frame_and_the_columns_of_the_contract(full_run: tuple[Analysis, Path]) -> None:
    analysis, out = full_run
    with (out / f"{SAMPLE.name}.measures.csv").open(encoding="utf-8", newline="") as f:
        rows = list(csv.DictReader(f))
    assert len(rows) == analysis.report["source"]["frames_used"]
    columns = list(rows[0])
    assert columns[:6] == ["t_s", "pose", "confidence", "view", "phase", "rep"]
    assert set(ANGLES) | {"trunk"} <= set(columns)
    t = np.array([float(r["t_s"]) for r in rows])
    assert np.all(np.diff(t) > 0)
    for rep in analysis.report["reps"]:
        assert rows[int(np.argmin(np.abs(t - rep["peak_s"])))]["rep"] == str(rep["index"])


def test_the_annotated_video_plays_anywhere_and_keeps_time(full_run: tuple[Analysis, Path]) -> None:
    path = full_run[1] / f"{SAMPLE.name}.annotated.mp4"
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        assert (stream.codec_context.name, stream.codec_context.pix_fmt) == ("h264", "yuv420p")
        assert (stream.width, stream.height) == (640, 360)
        assert container.duration / av.time_base == pytest.approx(SAMPLE.truth["duration_s"], abs=0.1)
    data = path.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat"), "the index stands in front, so that it starts at once"
    (t, images), (t0, images0) = read_frames(path), read_frames(SAMPLE.video)
    assert t == pytest.approx(t0, abs=1e-3)
    changed = [float(np.mean(np.abs(a.astype(int) - b).max(axis=2) > 60)) for a, b in zip(images, images0, strict=True)]
    middle = changed[len(changed) // 2]
    assert 0.005 < middle < 0.5, "something is drawn, and the picture is still there"


def test_the_page_stands_alone_and_shows_the_repetitions(full_run: tuple[Analysis, Path]) -> None:
    page = (full_run[1] / f"{SAMPLE.name}.report.html").read_text(encoding="utf-8")
    assert page.lstrip().lower().startswith("<!doctype html>")
    assert f"{SAMPLE.name}.annotated.mp4" in page
    assert "short-hold" in page
    assert 'src="http' not in page
    assert 'href="http' not in page


def test_the_pose_model_takes_nearly_all_the_time(pose_model: Path) -> None:
    analysis = analyze_clip(SAMPLE.video, SAMPLE.exercise, options=Options(model=pose_model, end=3.0))
    assert 0 < analysis.inference_seconds <= analysis.seconds
    assert analysis.frames == 45


def test_only_a_part_is_judged_with_the_times_of_the_whole(pose_model: Path, tmp_path: Path) -> None:
    first = SAMPLE.truth["reps"][1]
    options = Options(model=pose_model, start=first["start_s"] - 1.0, end=first["end_s"] + 0.7)
    report = analyze_clip(SAMPLE.video, SAMPLE.exercise, tmp_path, options=options, video=False, html=False).report
    assert {p.suffix for p in tmp_path.iterdir()} == {".json", ".csv"}
    assert [r["side"] for r in report["reps"]] == [first["side"]]
    assert report["reps"][0]["start_s"] == pytest.approx(first["start_s"], abs=0.6)


def test_no_stray_files_beside_the_sample_videos() -> None:
    assert not [p for p in SAMPLE.video.parent.iterdir() if p.name.startswith(".") or "annotated" in p.name]
