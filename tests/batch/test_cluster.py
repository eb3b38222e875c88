"""A batch on Ray: the same results, and nothing lost or doubled when a worker dies."""

from __future__ import annotations

import importlib.util
import os
import signal
from pathlib import Path

import pytest

from ..commandline import Run
from .clips import journal, put, put_broken, put_endless, results
from .test_crash import LIMIT_S, done, running, until

pytestmark = [
    pytest.mark.skipif(importlib.util.find_spec("ray") is None, reason="ray is not installed"),
    pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="looks for processes in /proc"),
]
WORDS = ("batch", "in", "-o", "out", "-e", "side-plank", "--workers", "2", "--ray", "local")


def below(pid: int) -> set[int]:
    """All descendants of a process."""
    found: set[int] = set()
    try:
        children = [int(c) for t in Path(f"/proc/{pid}/task").iterdir() for c in (t / "children").read_text().split()]
    except OSError:
        return found
    return found.union(children, *map(below, children))


def actors(pid: int) -> list[int]:
    out = []
    for child in below(pid):
        try:
            if b"ray::ClipWorker" in Path(f"/proc/{child}/cmdline").read_bytes():
                out.append(child)
        except OSError:
            continue
    return sorted(out)


def test_two_workers_one_killed(here: Path) -> None:
    good = [f"clip{k}" for k in range(8)]
    for name in good:
        put(here / f"in/{name}.track.npz")
    put_broken(here / "in/broken.track.npz")
    held = put_endless(here / "in/held.track.npz")
    with running(*WORDS) as p:
        # One worker does the others while the second waits for a clip that does not come.
        until(lambda: len(done(here)) == 9, p)
        put(here / "good.track.npz").replace(held)
        both = actors(p.pid)
        assert len(both) == 2
        for pid in both:
            os.kill(pid, signal.SIGKILL)
        _, err = p.communicate(timeout=LIMIT_S)
    assert p.returncode == 3
    assert err.splitlines() == ["formcheck: 1 of 10 clips failed: the reasons are in out/results.csv"]
    table = results(here / "out")
    assert {c for c, r in table.items() if r["status"] == "done"} == {*good, "held"}
    assert sorted(done(here)) == sorted(table)
    assert [r["total"] for r in table.values()].count("1") == 9


def test_a_clip_without_end_is_stopped(here: Path) -> None:
    put(here / "in/a.track.npz")
    put_endless(here / "in/endless.track.npz")
    with running(*WORDS, "--timeout", "8") as p:
        p.communicate(timeout=LIMIT_S)
    assert p.returncode == 3
    assert {r["name"]: r.get("failure") for r in journal(here / "out")} == {"a": None, "endless": "timeout"}


def test_no_cluster(run: Run, here: Path) -> None:
    put(here / "in/a.track.npz")
    got = run("batch", "in", "-o", "out", "-e", "side-plank", "--ray", "127.0.0.1:1")
    assert got.code == 2
    assert "no Ray cluster answers at 127.0.0.1:1" in got.complaint
