"""A film on two cores gets the verdict of one: real poses, the ball and somebody else followed across the joint."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from formcheck.analysis import film, stretches
from formcheck.analysis.options import Options
from formcheck.analysis.track import make_track
from formcheck.sight.pose.trackfile import read_track
from formcheck.sight.video.source import open_source

from ..commandline import Run
from .conftest import Judge
from .sample import params, read, rep_list

#: With a ball, and with somebody beside the one who exercises.
CLIPS = [read("ball-warmup-sideways"), read("toe-squat-two-people")]


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[float | None]]:
    """Where stretches were begun, here and apart; clips of some ten seconds are cut, too."""
    monkeypatch.setattr(stretches, "LEAST_S", 4.0)
    starts: dict[str, list[float | None]] = {}
    for name in ("open_feed", "open_feed_apart"):

        def counting(path: Any, options: Options, name: str = name, real: Any = getattr(film, name)) -> Any:
            starts.setdefault(name, []).append(options.start)
            return real(path, options)

        monkeypatch.setattr(film, name, counting)
    return starts


@params(CLIPS)
def test_the_verdict_is_the_same(
    sample: Any, judged: Judge, begun: dict[str, list[float | None]], tmp_path: Path, pose_model: Path
) -> None:
    from formcheck.analysis.clip import analyze_clip

    track = tmp_path / "two.track.npz"
    reached: list[float] = []
    options = Options(model=pose_model, workers=2)
    make_track(sample.video, track, options=options, progress=lambda done, _: reached.append(done))
    here, (apart,) = begun["open_feed"], begun["open_feed_apart"]
    assert here == [None] and apart is not None
    assert reached == sorted(reached)
    one, two = judged(sample).report, analyze_clip(track, sample.exercise).report
    assert rep_list(two["reps"]) == rep_list(one["reps"]) == sample.reps
    assert [f["id"] for f in two["faults"]] == [f["id"] for f in one["faults"]]
    assert two["persons"] == one["persons"]
    seen = read_track(track)
    with open_source(sample.video) as source:
        assert seen.t.tolist() == [frame.t for frame in source], "entered in the middle, frames have the same times"


def test_the_annotated_video_shows_every_frame(
    run: Run, here: Path, begun: dict[str, list[float | None]], pose_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORMCHECK_MODEL", str(pose_model))
    clip = CLIPS[1].video
    words = ("analyze", clip, "-e", CLIPS[1].exercise, "-o", "out", "--adaptive", "--workers", "2", "--quiet")
    assert run(*words).code == 0
    assert len(begun["open_feed_apart"]) == 2, "who looks does not wait for who draws"
    assert "open_feed" not in begun
    with open_source(clip) as given, open_source(here / f"out/{clip.stem}.annotated.mp4") as made:
        assert [f.t for f in made] == pytest.approx([f.t for f in given], abs=1e-3)
    assert "data:image/webp" in (here / f"out/{clip.stem}.report.html").read_text(encoding="utf-8")
