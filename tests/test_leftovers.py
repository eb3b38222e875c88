"""What a killed program left half written is deleted by the next one; what is being written is not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from formcheck import leftovers
from formcheck.files import atomic_path, write_text
from formcheck.leftovers import sweep, temporary_name

from .commandline import ROOT

KILLED = """
import os, signal, sys
from formcheck.files import atomic_path
with atomic_path(sys.argv[1]) as temp:
    temp.write_bytes(b"half a video")
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a program that has just begun."""
    monkeypatch.setattr(leftovers, "_swept", set())


@pytest.mark.skipif(sys.platform == "win32", reason="there, such files are deleted a day later")
def test_the_next_program_deletes_what_a_killed_one_left(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", KILLED, tmp_path / "clip.mp4"], env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False
    )
    assert done.returncode < 0
    (left,) = tmp_path.iterdir()
    assert left.name.startswith(".")
    assert left.read_bytes() == b"half a video"
    write_text(tmp_path / "other.txt", "x")
    assert [p.name for p in tmp_path.iterdir()] == ["other.txt"]


def test_what_is_being_written_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with atomic_path(tmp_path / "clip.mp4") as temp:
        monkeypatch.setattr(leftovers, "_swept", set())
        write_text(tmp_path / "other.txt", "x")
        assert temp.is_file()


@pytest.mark.parametrize(
    "name", [".clip-0123456789ab.mp4", ".formcheck-notes.txt", "clip.mp4", ".formcheck-0a1b2c-x-00"]
)
def test_what_is_called_otherwise_is_somebody_elses(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("mine")
    sweep(tmp_path, everything=True)
    assert (tmp_path / name).read_text() == "mine"


def test_what_another_machine_writes_stays_until_it_is_old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leftovers, "_machine", lambda: "0123ab")
    new, old = tmp_path / temporary_name(".mp4"), tmp_path / temporary_name(".mp4")
    monkeypatch.setattr(leftovers, "_machine", lambda: "ba3210")
    for file in (new, old):
        file.write_text("half")
    os.utime(old, (0, 0))
    sweep(tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == [new.name]


def test_a_folder_is_looked_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sweep(tmp_path)
    monkeypatch.setattr(os, "scandir", lambda _: pytest.fail("looked again"))
    sweep(tmp_path)


@pytest.mark.parametrize(("suffix", "kept"), [(".mp4", ".mp4"), ("", ""), ("." + "x" * 40, ""), (".a b", "")])
def test_the_suffix_is_kept_where_it_is_one(suffix: str, kept: str) -> None:
    name = temporary_name(suffix)
    assert Path(name).suffix == kept
    assert len(os.fsencode(name)) < 80
