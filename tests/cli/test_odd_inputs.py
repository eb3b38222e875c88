"""Odd names, odd outputs and odd sources: they work, or one line says why not before the work begins."""

from __future__ import annotations

import json
import os
import shlex
from pathlib import Path

import pytest

from formcheck.cli import main
from formcheck.files import claimed

from ..batch.clips import put, results
from ..coaching.history.seed import put as practise
from ..coaching.history.seed import rep
from ..commandline import Run

ENCODINGS = ["ascii", "cp1251", "cp437", "cp932"]


@pytest.fixture
def track(here: Path) -> Path:
    return put(here / "żółw ✓.track.npz")


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_output_in_any_encoding(encoding: str, process: Run, track: Path, here: Path) -> None:
    got = process("analyze", track, "-e", "side-plank", "-o", "wyniki ✓", "--no-html", PYTHONIOENCODING=encoding)
    assert (got.code, got.err) == (0, "")
    assert "1 of 1 repetitions counted" in got.out
    assert (here / "wyniki ✓" / "żółw ✓.report.json").is_file()


def test_a_report_on_standard_output_is_utf8(process: Run, track: Path) -> None:
    # The test reads what is printed as UTF-8.
    got = process("analyze", track, "-e", "side-plank", "--json", "-", PYTHONIOENCODING="cp1251")
    assert got.code == 0
    assert json.loads(got.out)["source"]["path"].endswith("żółw ✓.track.npz")


def test_a_complaint_in_any_encoding(process: Run) -> None:
    got = process("analyze", "żółw.mp4", "-e", "plane", PYTHONIOENCODING="cp1252")
    assert got.code == 3
    assert "lw.mp4: check the path" in got.complaint


def test_the_history_in_any_encoding(process: Run, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from datetime import UTC, datetime

    from formcheck.coaching.history import History

    monkeypatch.setenv("FORMCHECK_DATA", str(here / "data"))
    with History.open() as history:
        practise(history, datetime(2026, 3, 1, tzinfo=UTC), [("plane", [rep()])], routine="poranek żółwia")
    for words in (("history",), ("history", "show", "--reps")):
        got = process(*words, PYTHONIOENCODING="cp437")
        assert (got.code, got.err) == (0, "")
        assert "poranek" in got.out
    printed = process("history", "export", "-", "--format", "json", PYTHONIOENCODING="cp437")
    assert json.loads(printed.out)["reps"][0]["routine"] == "poranek żółwia"


def test_a_line_break_in_a_name_stays_in_the_line(run: Run) -> None:
    got = run("analyze", "two\nlines\x1b[31m.mp4", "-e", "plane")
    assert got.code == 3
    assert r"two\nlines\x1b[31m.mp4" in got.complaint


def test_brackets_in_a_name_are_no_colours(run: Run, track: Path, here: Path) -> None:
    got = run("analyze", track, "-e", "side-plank", "-o", "o[/b]x[red]", "--no-html")
    assert got.code == 0
    assert "o[/b]x[red]" in got.out


def test_a_name_that_begins_with_a_tilde(run: Run, here: Path) -> None:
    put(here / "~clip.track.npz")
    assert run("analyze", "~clip.track.npz", "-e", "side-plank", "--json", "-").code == 0
    assert run("batch", "~clip.track.npz", "-e", "side-plank", "-o", "out", "--workers", "1").code == 0
    got = run("analyze", "~gone.mp4", "-e", "plane")
    assert got.code == 3
    assert "~gone.mp4" in got.complaint


@pytest.mark.parametrize("letter", ["x", "ż"])
def test_the_longest_name_a_clip_can_have(letter: str, run: Run, here: Path) -> None:
    put(here / (letter * ((255 - 10) // len(letter.encode())) + ".track.npz"))
    (name,) = here.iterdir()
    words = ("analyze", name, "-e", "side-plank", "-o", "out", "--parquet", "--tables")
    assert run(*words, "--quiet").code == 0
    made = {p.name.partition(".")[2] for p in (here / "out").iterdir()}
    assert made == {
        *("report.json", "report.html", "measures.csv", "measures.parquet", "reps.csv", "faults.csv"),
        *("reps.parquet", "faults.parquet"),
    } - {"reps.csv", "faults.csv"}  # fmt: skip
    assert len({p.name.partition(".")[0] for p in (here / "out").iterdir()}) == 1
    assert run(*words).code == 2


@pytest.mark.parametrize(
    "words",
    [
        ("analyze", "a.track.npz", "-e", "side-plank", "--json", "x" * 300),
        ("track", "a.mp4", "-o", "x" * 300 + ".track.npz"),
        ("analyze", "a.track.npz", "-e", "side-plank", "-o", "x" * 300),
    ],
)
def test_an_output_no_file_can_be_called(words: tuple[str, ...], run: Run, here: Path) -> None:
    put(here / "a.track.npz")
    (here / "a.mp4").touch()
    got = run(*words, "--force")
    assert got.code == 2
    assert "too long" in got.complaint


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes in the file system")
def test_a_pipe_that_would_have_to_be_read_twice(run: Run, here: Path) -> None:
    os.mkfifo(here / "pipe.mp4")
    got = run("analyze", "pipe.mp4", "-e", "auto", "-o", "out")
    assert got.code == 2
    assert "once only" in got.complaint
    got = run("batch", "pipe.mp4", "-e", "plane", "-o", "out")
    assert got.code == 3
    assert "pipe" in got.complaint
    assert not (here / "out").exists()


def test_two_runs_into_one_folder(run: Run, track: Path, here: Path) -> None:
    with claimed(here / "out" / "żółw ✓.report.json"):  # as another program does for the whole of its run
        got = run("analyze", track, "-e", "side-plank", "-o", "out", "--force")
        assert got.code == 2
        assert "another run is writing" in got.complaint
    assert run("analyze", track, "-e", "side-plank", "-o", "out", "--quiet").code == 0
    assert not [p for p in (here / "out").iterdir() if p.name.startswith(".")]


def test_a_track_recognised_with_its_page(run: Run, here: Path) -> None:
    put(here / "a.track.npz", 3)
    assert run("analyze", "a.track.npz", "-e", "auto", "-o", "out").code == 0
    page = (here / "out" / "a.report.html").read_text(encoding="utf-8")
    assert "Side plank" in page
    assert json.loads((here / "out" / "a.report.json").read_text())["recognised"]["exercise"] == "side-plank"


def test_a_batch_of_tracks_with_their_pages(run: Run, here: Path) -> None:
    put(here / "a.track.npz", 3)
    words = ("batch", "a.track.npz", "-o", "out", "--html", "--video", "--measures", "--workers", "1")
    assert run(*words).code == 0
    assert results(here / "out")["a"]["exercise"] == "side-plank"
    assert (here / "out" / "clips" / "a.report.html").is_file()


def test_the_command_that_is_advised_is_one(run: Run, here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (here / "my clip.mp4").write_bytes(b"no video")
    got = run("export", "my clip.mp4", "-f", "trc")
    assert got.code == 2
    advised = shlex.split(got.complaint.partition("'formcheck ")[2].rpartition("'")[0])
    with pytest.raises(SystemExit) as end:
        main(advised)
    assert end.value.code == 3  # of the file, not of the command
    assert "my clip.mp4" in capfd.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        *(("analyze", "a.track.npz", "-e", "ball-kneel", "--json", "-", o, "nan") for o in ("--ball-cm", "--speed")),
        ("analyze", "a.track.npz", "-e", "ball-kneel", "--json", "-", "--fps", "nan"),
        ("batch", "a.track.npz", "-o", "out", "--timeout", "nan"),
        ("live", "-e", "plane", "--ball-cm", "nan"),
    ],
    ids=lambda words: f"{words[0]} {words[-2]}",
)
def test_nan_is_no_number_of_a_range(words: tuple[str, ...], run: Run) -> None:
    got = run(*words)
    assert (got.code, got.out) == (2, "")
    assert "'nan' is not a number" in got.complaint
