"""Fixtures for all tests: the sample videos, the pose model, and poses inferred once a session."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# Fixtures for whoever opens pages and runs commands.
from .chromium import browser  # noqa: F401
from .commandline import here, process, run  # noqa: F401

# How long an example takes depends on what else the machine is doing: that is no property of the code.
settings.register_profile("formcheck", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("formcheck")

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "sample_videos"


@pytest.fixture(scope="session")
def samples() -> Path:
    """The folder of the sample videos."""
    return SAMPLES


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A temporary folder that all workers of this test session see."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / "shared"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def pose_model() -> Path:
    """The pose model as a user gets it: from the store, built on first use."""
    from formcheck.sight.models.store import resolve_model

    return resolve_model(quiet=True)


@pytest.fixture(scope="session")
def track_of(shared_folder: Path, pose_model: Path) -> Callable[..., Path]:
    """Return the track of a video, inferred once in a session whichever worker asks first."""
    from filelock import FileLock

    from formcheck.analysis.options import Options
    from formcheck.analysis.track import make_track

    def get(video: Path, *, mirror: bool = False) -> Path:
        track = shared_folder / f"{video.stem}.track.npz"
        with FileLock(f"{track}.lock"):
            if not track.exists():
                make_track(video, track, options=Options(model=pose_model, mirror=mirror))
        return track

    return get
