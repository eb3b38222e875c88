"""A film with somebody beside the one who exercises: she is judged, he is counted, and either can be followed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from formcheck.analysis.clip import analyze_clip
from formcheck.analysis.options import Options
from formcheck.analysis.track import make_track
from formcheck.evaluation.truth import read_truth
from formcheck.sight.pose.choice import Follow
from formcheck.sight.pose.landmarks import MAIN_JOINTS
from formcheck.sight.pose.trackfile import read_track
from formcheck.sight.pose.types import Track

from ..commandline import Run
from .sample import read, rep_list

SAMPLE = read("toe-squat-two-people")
pytestmark = pytest.mark.xdist_group(SAMPLE.name)


def off_truth(track: Track) -> np.ndarray:
    """(n,) mean distance of the joints from those of the one who exercises, in her torso lengths."""
    truth = np.load(SAMPLE.video.with_suffix(".npz"))["px"][: len(track)]
    torso = np.linalg.norm((truth[:, 11] + truth[:, 12] - truth[:, 23] - truth[:, 24]) / 2, axis=1).max()
    joints = list(MAIN_JOINTS)
    return np.linalg.norm(track.image[:, joints, :2] - truth[:, joints], axis=2).mean(axis=1) / torso


def test_the_one_who_exercises_is_followed_from_the_first_frame_to_the_last(track_of: Callable[..., Path]) -> None:
    track = read_track(track_of(SAMPLE.video))
    assert track.found.all()
    assert off_truth(track).max() < 0.25
    assert track.persons is not None
    assert set(track.persons.tolist()) == {2}


def test_both_are_told_of_and_the_squats_are_hers(track_of: Callable[..., Path]) -> None:
    report = analyze_clip(track_of(SAMPLE.video), SAMPLE.exercise).report
    assert rep_list(report["reps"]) == SAMPLE.reps
    assert report["faults"] == []
    assert report["persons"] == SAMPLE.truth["persons"] == 2
    assert any("second person" in n for n in report["notes"])


def test_the_other_one_can_be_followed_instead(tmp_path: Path, pose_model: Path) -> None:
    options = Options(model=pose_model, end=2.0, follow=Follow.parse("left"))
    track = make_track(SAMPLE.video, tmp_path / "left.track.npz", options=options)
    assert track.found.mean() > 0.9
    assert np.nanmin(off_truth(track)) > 0.7, "in no frame is it she, nor a mixture"
    assert np.nanmax(track.image[:, 11, 0]) < 240


def test_truth_of_the_clip_says_how_many_there_are() -> None:
    assert read_truth(SAMPLE.video.with_suffix(".json")).exercise == "toe-squat"
    assert SAMPLE.truth["persons"] == 2


@pytest.mark.parametrize("who", ["nobody", "0", "front"])
def test_who_cannot_be_followed_is_said_in_one_line(run: Run, who: str) -> None:
    got = run("analyze", SAMPLE.video, "-e", "toe-squat", "--follow", who)
    assert got.code == 2
    assert who in got.complaint and "left, right, largest" in got.complaint


def test_a_track_holds_one_person_and_says_so(run: Run, track_of: Callable[..., Path]) -> None:
    got = run("analyze", track_of(SAMPLE.video), "-e", "toe-squat", "--follow", "left", "--json", "-")
    report = json.loads(got.out)
    assert any("--follow was not used" in n for n in report["notes"])
    assert rep_list(report["reps"]) == SAMPLE.reps
