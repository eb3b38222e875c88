"""A process that may not use the memory it needs says so in one line; nothing crashes and nothing is half written."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from formcheck import memory
from formcheck.batch import work
from formcheck.cli import cli

from ..batch.clips import put
from ..commandline import ROOT, Run

needs_linux = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere no limit of this kind is kept")
SHORT = "formcheck: not enough memory: "


def limited(mb: int, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a process that may use so many MB of addresses."""
    shell = f'ulimit -v {mb << 10}; exec "$0" -m formcheck "$@"'
    env = {**os.environ, "PYTHONPATH": str(ROOT), "FORMCHECK_DATA": "data", "OMP_NUM_THREADS": "1"}
    return subprocess.run(
        ["sh", "-c", shell, sys.executable, *words], env=env, capture_output=True, text=True, check=False
    )


COMMANDS = [
    ("analyze", "a.mp4", "-e", "plane", "-o", "out"),
    ("analyze", "a.track.npz", "-e", "side-plank", "-o", "out"),
    ("batch", "a.mp4", "-e", "plane", "-o", "out", "--workers", "1"),
]


@needs_linux
@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: " ".join(words[:2]))
@pytest.mark.parametrize("mb", [120, 400, 1500])
def test_a_limit_that_is_too_low_is_said(mb: int, words: tuple[str, ...], here: Path, samples: Path) -> None:
    put(here / "a.track.npz")
    (here / "a.mp4").symlink_to(samples / "plane-hip-sag.mp4")
    got = limited(mb, *words)
    if mb > memory.JUDGING_MB and "a.track.npz" in words:
        assert (got.returncode, got.stderr) == (0, "")
        return
    assert got.returncode == 1, got.stderr
    (line,) = got.stderr.splitlines()
    assert line.startswith(f"{SHORT}this process may use {mb} MB of addresses, and needs some")
    assert "ulimit -v" in line
    assert not list((here / "out").glob("*.report.json"))
    assert not list(here.rglob(".formcheck-*"))


@needs_linux
@pytest.mark.parametrize("words", [("analyze", "--help"), ("exercises",), ("--version",)])
def test_what_needs_little_is_not_refused(words: tuple[str, ...], here: Path) -> None:
    got = limited(400, *words)
    assert (got.returncode, got.stderr) == (0, "")


def cause(error: BaseException, of: BaseException) -> BaseException:
    error.__cause__ = of
    return error


RAN_OUT = [
    MemoryError(),
    OSError(errno.ENOMEM, "Cannot allocate memory"),
    ImportError("libavformat.so.62: failed to map segment from shared object"),
    RuntimeError("std::bad_alloc"),
    cause(ValueError("odd"), MemoryError()),
]


@pytest.mark.parametrize("error", RAN_OUT, ids=repr)
def test_errors_that_mean_it_are_known(error: Exception, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert memory.ran_out(error)

    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(cli, "main", fail)
    got = run("exercises")
    assert got.code == 1
    assert got.complaint == SHORT + memory.HINT


@pytest.mark.parametrize(
    "error", [ValueError("x"), OSError(errno.ENOSPC, "full"), ImportError("no module"), KeyError()]
)
def test_others_are_not_taken_for_it(error: Exception) -> None:
    assert not memory.ran_out(error)


def test_a_clip_that_takes_too_much_fails_alone(run: Run, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from ..bad_input.kinds import in_this_process

    def fail(*_: object) -> None:
        raise RuntimeError("std::bad_alloc")

    monkeypatch.setattr(work, "_judged", fail)
    put(here / "a.track.npz")
    with in_this_process():
        got = run("batch", "a.track.npz", "-e", "side-plank", "-o", "out")
    assert got.code == 3
    assert "not enough memory: use fewer --workers" in (here / "out" / "results.csv").read_text()


@needs_linux
def test_what_was_freed_goes_back_to_the_machine() -> None:
    """Many small pieces above one that stays: left alone, glibc keeps them all."""
    program = """
from pathlib import Path
from formcheck import memory

def mb():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6

memory.be_thrifty()
pieces = [bytearray(50_000) for _ in range(2000)]
last = pieces.pop()
full = mb()
del pieces
memory.give_back()
print(full - mb())
"""
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    got = subprocess.run([sys.executable, "-c", program], env=env, capture_output=True, text=True, check=True)
    assert float(got.stdout) > 80
