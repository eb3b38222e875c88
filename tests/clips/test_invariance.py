"""However the same exercise was recorded, the repetitions are the same."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from formcheck.analysis.clip import analyze_clip
from formcheck.analysis.options import Options
from formcheck.sight.pose.trackfile import read_track

from .remake import at_rate, flipped, turned, uneven
from .sample import Sample, read, rep_list

CLIPS = [read(name) for name in ("plane-correct", "shoulder-bridge-correct-left", "side-plank-correct-right")]
WAYS: dict[str, Callable[[Path, Path], Path]] = {
    "turned": turned,
    "mirrored": flipped,
    "10-fps": at_rate(10),
    "30-fps": at_rate(30),
    "variable-rate": uneven,
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("sample", CLIPS, ids=lambda s: s.name)
def test_the_same_repetitions_however_recorded(
    sample: Sample, way: str, tmp_path: Path, track_of: Callable[..., Path], pose_model: Path
) -> None:
    video = WAYS[way](sample.video, tmp_path / f"{sample.name}-{way}.mp4")
    if way == "30-fps":
        # As the command does it: of so many pictures some are passed over.
        report = analyze_clip(video, sample.exercise, options=Options(model=pose_model, adaptive=None)).report
        assert 0.3 < report["source"]["frames_used"] / report["source"]["frames"] < 0.7
    else:
        report = analyze_clip(track_of(video, mirror=way == "mirrored"), sample.exercise).report
    assert rep_list(report["reps"]) == sample.reps
    edges = [
        abs(g[k] - t[k])
        for g, t in zip(report["reps"], sample.truth["reps"], strict=True)
        for k in ("start_s", "end_s")
    ]
    assert np.mean(edges) <= 0.5
    assert not report["faults"], "the clip is a correct one"


def test_a_mirrored_clip_without_the_option_changes_sides(tmp_path: Path, track_of: Callable[..., Path]) -> None:
    sample = read("side-plank-correct-left")
    assert {side for side, _ in sample.reps} == {"left"}
    video = flipped(sample.video, tmp_path / "unmarked-mirror.mp4")
    report = analyze_clip(track_of(video), sample.exercise).report
    assert {side for side, _ in rep_list(report["reps"])} == {"right"}


def test_the_variable_rate_is_one(tmp_path: Path, track_of: Callable[..., Path]) -> None:
    video = uneven(CLIPS[1].video, tmp_path / f"{CLIPS[1].name}-variable-rate.mp4")
    steps = np.diff(read_track(track_of(video)).t)
    assert steps.max() > 2.5 * steps.min()
