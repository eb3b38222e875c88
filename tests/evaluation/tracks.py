"""Tracks of what really happens in the sample videos: the true landmarks, no pose model."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from formcheck.sight.pose.trackfile import write_track
from formcheck.sight.pose.types import Track

SAMPLES = Path(__file__).resolve().parents[2] / "sample_videos"


def true_track(name: str) -> Track:
    """Return the true landmarks of a sample video as if a pose model had seen them well."""
    with np.load(SAMPLES / f"{name}.npz") as z:
        t, px, xyz = (np.asarray(z[k], dtype=np.float64) for k in ("t", "px", "xyz"))
    n = len(t)
    seen = np.full((n, 33, 1), 0.95)
    middle = xyz[:, 23:25].mean(axis=1, keepdims=True)
    image = np.concatenate([px, np.zeros((n, 33, 1)), seen], axis=2)
    world = np.concatenate([(xyz - middle) * (1, -1, -1), seen], axis=2)
    return Track(t, image, world, np.full((n, 4), np.nan), (640, 360))


def put_track(name: str, folder: Path, as_: str | None = None) -> Path:
    """Write the true track of a sample video."""
    path = folder / f"{as_ or name}.track.npz"
    write_track(true_track(name), path)
    return path
