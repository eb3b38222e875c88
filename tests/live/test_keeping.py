"""What is kept of a workout, and what becomes of it where it cannot be kept."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from formcheck.coaching.coach.phrases import Phrases
from formcheck.coaching.coach.plan import single_plan
from formcheck.coaching.coach.workout import Workout
from formcheck.errors import UsageError
from formcheck.judging.session.session import Session
from formcheck.live.keeping import Keeper, check_folder
from formcheck.sight.pose.types import Track

from ..judging.exercises.stick import all_fours, plane_set, shoot

SOURCE = {"path": "0", "kind": "device", "duration_s": None, "fps": None, "width": 640, "height": 480, "rotation": 0}


@pytest.fixture(scope="module")
def track() -> Track:
    return shoot(all_fours, plane_set("right"))


def kept_of(track: Track, folder: Path, until: float = 1e9) -> tuple[Keeper, list[str]]:
    """Do a set of the plane; return what kept it and what it warned of."""
    warnings: list[str] = []
    keeper = Keeper(folder, None, SOURCE, warn=warnings.append)
    workout = Workout(
        single_plan("plane", 5),
        Phrases("en"),
        session_of=lambda e: Session(e, live=True),
        listener=keeper,
        introduce=False,
    )
    for o in track:
        if o.t < until:
            workout.observe(o)
    workout.finish()
    return keeper, warnings


def test_a_second_workout_in_the_same_folder_replaces_nothing(track: Track, tmp_path: Path) -> None:
    kept_of(track, tmp_path)
    first = (tmp_path / "1-plane.report.json").read_bytes()
    kept_of(track, tmp_path)
    assert (tmp_path / "1-plane.report.json").read_bytes() == first
    assert (tmp_path / "2-plane.report.html").is_file()
    assert not list(tmp_path.glob(".*"))


def test_what_was_skipped_at_once_leaves_no_report(track: Track, tmp_path: Path) -> None:
    keeper, warnings = kept_of(track, tmp_path / "out", until=float(track.t[0]) + 1.0)
    assert (keeper.reports, keeper.files, warnings) == ([], [], [])
    assert list(tmp_path.iterdir()) == []


def test_where_reports_cannot_be_written_the_workout_goes_on(track: Track, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    keeper, warnings = kept_of(track, tmp_path / "file" / "out")
    assert len(keeper.reports) == 1, "the summary still has it"
    assert keeper.files == []
    (line,) = warnings
    assert "no more reports" in line and "\n" not in line


@pytest.mark.parametrize("name", ["file", "file/below"])
def test_a_folder_that_can_be_none_is_refused_before_anything_begins(name: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="not a folder"):
        check_folder(tmp_path / name)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_to_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(UsageError, match="not writable"):
        check_folder(tmp_path / "new")


def test_a_new_folder_is_not_made_by_looking(tmp_path: Path) -> None:
    check_folder(tmp_path / "new" / "one")
    assert list(tmp_path.iterdir()) == []
