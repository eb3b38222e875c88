"""Clips judged many times for an evaluation."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from formcheck.analysis.clip import analyze_clip
from formcheck.analysis.options import Options
from formcheck.batch import scoring
from formcheck.batch.scoring import Clips, score_all
from formcheck.evaluation.discovery import discover
from formcheck.evaluation.run import Extras, evaluate_items
from formcheck.sight.pose.trackfile import read_track

from ..clips.sample import read
from ..evaluation.tracks import put_track

SAMPLE = read("side-plank-small-dip")
#: A second of it is enough to see how poses are kept.
SHORT = Options(end=1.0)


def without_date(report: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in report.items() if k != "created"}


def put(folder: Path, name: str, as_: str, **truth: Any) -> None:
    put_track(name, folder, as_)
    told = {**read(name).truth, "clip": as_, **truth}
    (folder / f"{as_}.json").write_text(json.dumps(told))


@pytest.fixture
def openings(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The clips opened, in order."""
    opened: list[Path] = []
    real = scoring.open_feed

    def counting(path: Path, options: Options, *more: Any) -> Any:
        opened.append(path)
        return real(path, options, *more)

    monkeypatch.setattr(scoring, "open_feed", counting)
    return opened


def test_judging_from_memory_gives_what_analyze_gives(tmp_path: Path, openings: list[Path]) -> None:
    path = put_track("plane-correct", tmp_path)
    clips = Clips(Options())
    for exercise in ("plane", "swan", "ball-kneel", "auto"):
        assert without_date(clips.analyse(path, exercise).report) == without_date(analyze_clip(path, exercise).report)
    assert openings == [path], "one clip, however often judged, is read once"


def test_the_next_clip_takes_the_place_of_the_last(tmp_path: Path, openings: list[Path]) -> None:
    one, two = (put_track("plane-correct", tmp_path, name) for name in ("one", "two"))
    clips = Clips(Options())
    for path in (one, one, two, two, one):
        clips.analyse(path, "plane")
    assert openings == [one, two, one]


def test_ways_are_compared_with_the_usual_list(tmp_path: Path) -> None:
    path = put_track("plane-correct", tmp_path)
    clips = Clips(Options())
    assert {w: clips.compare(path, "plane", w) for w in ("live", "1/2", "10", "adaptive", "30")} == {
        "live": True,
        "1/2": True,
        "10": True,
        "adaptive": True,
        "30": None,
    }


def test_a_way_that_gives_another_list_says_what_is_different(tmp_path: Path) -> None:
    path = put_track("plane-correct", tmp_path)
    clips = Clips(Options())
    assert len(clips.analyse(path, "plane").report["reps"]) == 2
    said = clips.compare(path, "plane", "1/200")  # three frames of a whole clip
    assert said == "0 attempts, not 2"


def test_the_ball_is_looked_for_where_it_is_of_use_and_in_everything_kept(tmp_path: Path) -> None:
    video = SAMPLE.video
    assert not Clips(SHORT).watch(video, "side-plank").ball
    assert Clips(SHORT).watch(video, "ball-kneel").ball
    assert Clips(SHORT, tmp_path).watch(video, "side-plank").ball
    assert not Clips(Options(end=1.0, ball=False)).watch(video, "ball-kneel").ball


def test_poses_of_a_video_are_kept_and_found_again(
    tmp_path: Path, pose_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    video = shutil.copy(SAMPLE.video, tmp_path / "clip.mp4")
    first = Clips(SHORT, tmp_path / "kept").watch(video, "side-plank")
    (kept,) = (tmp_path / "kept").iterdir()
    assert kept.name.startswith("clip-")
    assert len(read_track(kept)) == len(first.observations) == 15

    def no_model(**_: Any) -> Path:
        raise AssertionError("poses that are kept need no model")

    monkeypatch.setattr("formcheck.sight.models.store.resolve_model", no_model)
    again = Clips(SHORT, tmp_path / "kept").watch(video, "side-plank")
    for a, b in zip(first.observations, again.observations, strict=True):
        assert (a.t, a.ball, a.luma) == (b.t, b.ball, b.luma)
        np.testing.assert_array_equal(a.pose.image, b.pose.image)
    assert again.inference_s == 0 < first.inference_s
    with pytest.raises(AssertionError, match="need no model"):  # another part of the video is not the same poses
        Clips(Options(end=0.5), tmp_path / "kept").watch(video, "side-plank")


def test_tracks_are_not_kept_a_second_time(tmp_path: Path) -> None:
    Clips(Options(), tmp_path / "kept").analyse(put_track("plane-correct", tmp_path), "plane")
    assert not (tmp_path / "kept").exists()


@pytest.mark.parametrize("workers", [1, 2])
def test_several_processes_give_the_same_scores(tmp_path: Path, workers: int) -> None:
    put(tmp_path, "plane-correct", "a")
    put(tmp_path, "side-plank-small-dip", "b")
    (tmp_path / "b.json").write_text("{damaged")
    plan = Extras(ways=("1/2",))
    e = evaluate_items(discover([tmp_path]), lambda items: score_all(items, Clips(Options()), plan, workers))
    good, bad = sorted(e.clips, key=lambda s: s.clip)
    assert (good.list_exact, good.ways, good.failed) == (True, {"1/2": True}, None)
    assert "b.json: not JSON" in (bad.failed or "")


def test_what_is_under_way_ends_with_the_evaluation(tmp_path: Path) -> None:
    for k in range(6):
        put(tmp_path, "plane-correct", f"clip-{k}")

    def stop(done: int, *_: object) -> None:
        if done == 1:
            raise KeyboardInterrupt

    clips = Clips(Options())
    e = evaluate_items(discover([tmp_path]), lambda items: score_all(items, clips, Extras(), 2), stop)
    assert e.interrupted
    assert 1 <= len(e.clips) < 6


def test_real_truth_beside_a_track(tmp_path: Path) -> None:
    """Truth as a reader of the film would write it: the variant of the script gone, what is unsure left open."""
    truth = {k: v for k, v in read("plane-correct").truth.items() if k not in ("variant", "camera")}
    for r in truth["reps"]:
        r |= {"counted": None, "maybe": ["leg-high"]}
    put_track("plane-correct", tmp_path)
    (tmp_path / "plane-correct.json").write_text(json.dumps(truth | {"never": ["same-side-pair"], "refusal": "wrong"}))
    e = evaluate_items(discover([tmp_path]), lambda items: score_all(items, Clips(Options()), Extras()))
    k = e.by_kind["real"]
    assert (k.exact.hits, k.exact.of, k.sides.hits, k.sides.of, k.never) == (1, 1, 2, 2, 0)
