"""Running the command line as a user does, inside this process or as one of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from formcheck.cli import main

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Ran:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def complaint(self) -> str:
        """The one line on stderr; fails the test if there is another number of them."""
        lines = self.err.splitlines()
        assert len(lines) == 1, self.err
        assert lines[0].startswith("formcheck: ")
        assert "Traceback" not in self.err
        return lines[0]


Run = Callable[..., Ran]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str], here: Path) -> Iterator[Run]:
    """Run a command in this process, in an empty folder."""
    before = signal.getsignal(signal.SIGTERM)

    def go(*words: object) -> Ran:
        capfd.readouterr()
        with pytest.raises(SystemExit) as end:
            main([str(w) for w in words])
        said = capfd.readouterr()
        code = end.value.code
        return Ran(code if isinstance(code, int) else 0, said.out, said.err)

    yield go
    signal.signal(signal.SIGTERM, before)


#: A shell may start background jobs with Ctrl-C ignored, and children inherit that.
_START = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from formcheck.cli import main
main()
"""


def start(*words: object, **environment: str) -> subprocess.Popen[str]:
    """Start a command as a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", _START, *map(str, words)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]), **environment},
    )


@pytest.fixture
def process(here: Path) -> Run:
    """Run a command as a process of its own, in an empty folder."""

    def go(*words: object, **environment: str) -> Ran:
        with start(*words, **environment) as p:
            out, err = p.communicate(timeout=300)
        return Ran(p.returncode, out, err)

    return go
