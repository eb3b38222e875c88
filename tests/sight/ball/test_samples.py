"""The ball in the sample videos, against their truth."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from formcheck.sight.ball import BallFinder
from formcheck.sight.pose.trackfile import read_track
from formcheck.sight.video.source import open_source

SECONDS = 6.0


def balls_of(video: Path, track: Path) -> np.ndarray:
    """(n, 4) x, y, r and confidence in the first seconds of a video; NaN where no ball is seen."""
    finder = BallFinder()
    rows = []
    with open_source(video, max_side=None, end=SECONDS) as source:
        for frame, seen in zip(source, read_track(track), strict=False):
            ball = finder.update(frame.t, frame.image, seen.pose)
            rows.append((np.nan,) * 4 if ball is None else (ball.x, ball.y, ball.r, ball.confidence))
    return np.array(rows)


@pytest.mark.parametrize(
    "name",
    [
        "ball-kneel-correct",
        "ball-warmup-sideways",
        "heel-bridge-correct",
        "shoulder-bridge-correct",
        "side-lift-line-bent",
    ],
)
def test_the_ball_is_where_the_truth_says(name: str, samples: Path, track_of: Callable[..., Path]) -> None:
    found = balls_of(samples / f"{name}.mp4", track_of(samples / f"{name}.mp4"))
    with np.load(samples / f"{name}.npz") as truth:
        ball = truth["ball_px"][: len(found)]
    seen = np.isfinite(found[:, 0])
    assert seen.mean() >= 0.9
    x, y, r = ball[seen].T
    centre = np.hypot(found[seen, 0] - x, found[seen, 1] - y) / r
    radius = np.abs(found[seen, 2] / r - 1)
    assert np.mean((centre < 0.15) & (radius < 0.15)) >= 0.9


@pytest.mark.parametrize("name", ["plane-correct", "swan-correct", "toe-squat-correct"])
def test_no_ball_is_seen_where_there_is_none(name: str, samples: Path, track_of: Callable[..., Path]) -> None:
    found = balls_of(samples / f"{name}.mp4", track_of(samples / f"{name}.mp4"))
    assert np.isfinite(found[:, 0]).mean() <= 0.01
