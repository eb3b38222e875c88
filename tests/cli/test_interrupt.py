"""Ctrl-C: what is finished stays, nothing half done is left under a final name."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from formcheck.analysis import clip as analysis

from ..clips.sample import read
from ..commandline import Run, start

SAMPLE = read("side-plank-correct-right")


@pytest.mark.parametrize(("kind", "workers"), [(signal.SIGINT, 1), (signal.SIGTERM, 1), (signal.SIGINT, 2)])
def test_half_way_through_a_video(kind: signal.Signals, workers: int, here: Path, pose_model: Path) -> None:
    words = ("analyze", SAMPLE.video, "-e", SAMPLE.exercise, "-o", "out", "--every-frame", "--workers", workers)
    with start(*words, FORMCHECK_MODEL=str(pose_model)) as p:
        # The annotated video grows under a temporary name while frames are judged.
        while not any(f.stat().st_size for f in (here / "out").glob(".*.mp4")):
            try:
                out, err = p.communicate(timeout=0.02)
            except subprocess.TimeoutExpired:
                continue
            pytest.fail(f"it ended by itself: {out} {err}")
        p.send_signal(kind)
        out, err = p.communicate(timeout=60)
    assert p.returncode == 130
    assert err.splitlines() == ["formcheck: interrupted: what was finished is kept"]
    assert out == ""
    assert not list((here / "out").iterdir())


def test_between_two_clips_of_an_evaluation(
    run: Run, track_of: Callable[..., Path], here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("side-plank-correct-left", "side-plank-correct-right"):
        sample = read(name)
        (here / f"{name}.track.npz").symlink_to(track_of(sample.video))
        (here / f"{name}.json").write_text(json.dumps(sample.truth))
    real, calls = analysis.analyze_clip, []

    def second_is_interrupted(*args: Any, **kwargs: Any) -> analysis.Analysis:
        calls.append(args)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(*args, **kwargs)

    monkeypatch.setattr(analysis, "analyze_clip", second_is_interrupted)
    got = run("evaluate", ".", "-o", "figures.json")
    assert got.code == 130
    assert "kept" in got.complaint
    figures = json.loads((here / "figures.json").read_text())
    assert figures["interrupted"] is True
    assert "side-plank-correct-left" in json.dumps(figures)
    assert "side-plank-correct-right" not in json.dumps(figures)
