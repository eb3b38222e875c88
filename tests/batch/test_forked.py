"""Worker processes: each has the environment of whoever wants the work, and begins with the libraries loaded."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from formcheck.batch.forked import adopt, worker_context
from formcheck.batch.pool import one_thread_each

LIBRARIES = {"av", "cv2", "mediapipe", "matplotlib"}


def tell(environment: Mapping[str, str], pipe: Connection) -> None:
    adopt(environment)
    threads = [line for line in Path(f"/proc/{os.getppid()}/status").read_text().splitlines() if "Threads" in line]
    there = sorted(LIBRARIES & set(sys.modules)), "formcheck.judging.rules.judge" in sys.modules
    pipe.send((os.environ.get("FORMCHECK_TOLD"), os.environ.get("FORMCHECK_FIRST"), there, threads))


def asked(*, poses: bool) -> tuple[str | None, str | None, tuple[list[str], bool], list[str]]:
    """What a worker process says of itself."""
    context = worker_context(poses=poses)
    ours, theirs = context.Pipe()
    with one_thread_each():
        given = dict(os.environ), theirs
        process = context.Process(target=tell, args=given)  # type: ignore[attr-defined]
        process.start()
    theirs.close()
    told = ours.recv()
    process.join()
    return told  # type: ignore[no-any-return]


@pytest.mark.skipif(sys.platform != "linux", reason="workers are forked on Linux only")
def test_the_environment_is_that_of_whoever_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORMCHECK_FIRST", "1")
    monkeypatch.setenv("FORMCHECK_TOLD", "before")
    assert asked(poses=True)[:2] == ("before", "1")
    monkeypatch.delenv("FORMCHECK_FIRST")
    monkeypatch.setenv("FORMCHECK_TOLD", "after")
    assert asked(poses=True)[:2] == ("after", None)


@pytest.mark.skipif(sys.platform != "linux", reason="workers are forked on Linux only")
def test_libraries_are_loaded_and_nothing_runs_beside(tmp_path: Path) -> None:
    # In a process of its own: the one that is forked from stays what it was for the first who asked.
    import subprocess

    text = (
        "from tests.batch.test_forked import asked\n"
        "if __name__ == '__main__':\n"
        "    print(asked(poses=True)[2:], asked(poses=True)[2:])\n"
    )
    script = tmp_path / "ask.py"
    script.write_text(text, encoding="utf-8")
    root = str(Path(__file__).resolve().parents[2])
    path = os.pathsep.join([root, *filter(None, [os.environ.get("PYTHONPATH")])])
    ran = subprocess.run(
        [sys.executable, str(script)],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=True,
    )
    one = "((['av', 'cv2', 'mediapipe'], True), ['Threads:\\t1'])"
    assert ran.stdout.strip() == f"{one} {one}"
