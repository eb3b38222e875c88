"""Ctrl-C, ``kill -9`` of the program or of a worker: only what was under way is lost, and nothing is done twice."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from formcheck.analysis.options import Options
from formcheck.batch.run import run_batch
from formcheck.batch.settings import ClipSettings
from formcheck.leftovers import temporary_name

from ..commandline import Run, start
from .clips import journal, put, put_broken, put_endless, results

pytestmark = pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="looks for processes in /proc")
LIMIT_S = 120.0


def until(fact: Callable[[], object], p: subprocess.Popen[str] | None = None) -> None:
    """Wait for a fact; fails when it does not come, or the process ends before it does."""
    end = time.monotonic() + LIMIT_S
    while not fact():
        assert time.monotonic() < end, "it did not come"
        if p is not None:
            try:
                out, err = p.communicate(timeout=0.05)
            except subprocess.TimeoutExpired:
                continue
            pytest.fail(f"it ended by itself: {out} {err}")


@contextmanager
def running(*words: object) -> Iterator[subprocess.Popen[str]]:
    """Start a command; it does not outlive a test that fails."""
    with start(*words) as p:
        try:
            yield p
        except BaseException:
            p.kill()
            raise


def workers_of(pid: int) -> list[int]:
    """Processes of the pool: those that the one forked which the program started for it."""
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            with suppress(OSError):  # it has just gone
                called = Path(f"/proc/{child}/cmdline").read_bytes()
                if b"forkserver" in called:
                    found += [int(c) for c in Path(f"/proc/{child}/task/{child}/children").read_text().split()]
    return found


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.fixture
def held(here: Path) -> Path:
    """Three good clips, then one that holds the batch up, then one more."""
    for name in ("a", "b", "c", "z"):
        put(here / f"in/{name}.track.npz")
    return put_endless(here / "in/m.track.npz")


WORDS = ("batch", "in", "-o", "out", "-e", "side-plank", "--workers", "1")


def done(here: Path) -> list[str]:
    return [r["name"] for r in journal(here / "out")] if (here / "out/journal.jsonl").exists() else []


@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGTERM])
def test_interrupted(run: Run, here: Path, held: Path, kind: signal.Signals) -> None:
    with running(*WORDS) as p:
        until(lambda: len(done(here)) == 3, p)
        p.send_signal(kind)
        out, err = p.communicate(timeout=60)
    assert p.returncode == 130
    assert err.splitlines() == ["formcheck: interrupted: 3 of 5 clips are kept; go on with --resume"]
    assert out.splitlines()[0] == "5 clips: 3 judged, 0 failed, 2 not reached"
    assert list(results(here / "out")) == ["a", "b", "c"]
    held.unlink()
    put(held)
    assert "2 judged, 3 unchanged, 0 failed" in run(*WORDS, "--resume").out
    assert list(results(here / "out")) == ["a", "b", "c", "m", "z"]


def test_ctrl_c_reaches_the_whole_group(here: Path, held: Path) -> None:
    with running(*WORDS) as p:
        until(lambda: len(done(here)) == 3, p)
        # As a terminal does it: every process of the group gets the signal.
        for pid in (*workers_of(p.pid), p.pid):
            os.kill(pid, signal.SIGINT)
        _, err = p.communicate(timeout=60)
    assert p.returncode == 130
    assert len(err.splitlines()) == 1


def test_killed(run: Run, here: Path, held: Path) -> None:
    with running(*WORDS) as p:
        until(lambda: len(done(here)) == 3, p)
        workers = workers_of(p.pid)
        assert workers
        p.kill()
        p.communicate(timeout=60)
    # Nobody is left to go on writing.
    until(lambda: not any(map(alive, workers)))
    with (here / "out/journal.jsonl").open("ab") as f:
        f.write(b'{"kind":"clip","name":"z","stat')
    left = here / "out/clips" / temporary_name(".json")
    left.write_text("{")
    held.unlink()
    put(held)
    assert "2 judged, 3 unchanged, 0 failed" in run(*WORDS, "--resume").out
    assert list(results(here / "out")) == ["a", "b", "c", "m", "z"]
    assert not left.exists()


def test_a_worker_that_is_killed_costs_no_clip(here: Path, held: Path) -> None:
    with running(*WORDS) as p:
        until(lambda: len(done(here)) == 3 and workers_of(p.pid), p)
        # By the time it is tried again the clip is sound.
        put(here / "good.track.npz").replace(held)
        for pid in workers_of(p.pid):
            os.kill(pid, signal.SIGKILL)
        _, err = p.communicate(timeout=LIMIT_S)
    assert (p.returncode, err) == (0, "")
    assert list(results(here / "out")) == ["a", "b", "c", "m", "z"]
    assert sorted(done(here)) == ["a", "b", "c", "m", "z"]


def test_a_clip_that_kills_its_worker_is_given_up(here: Path, held: Path) -> None:
    ends: list[int] = []

    def read() -> bool:
        """Return whether somebody reads the pipe; it is held open, so that he waits on."""
        try:
            ends.append(os.open(held, os.O_WRONLY | os.O_NONBLOCK))
        except OSError:
            return False
        return True

    with running(*WORDS) as p:
        for _ in range(2):
            until(read, p)
            (pid,) = workers_of(p.pid)
            os.kill(pid, signal.SIGKILL)
            # Its threads may hold the pipe a little longer than it lives.
            until(lambda pid=pid: not Path(f"/proc/{pid}").exists())
        p.communicate(timeout=LIMIT_S)
    assert p.returncode == 3
    table = results(here / "out")
    assert {c: r["status"] for c, r in table.items()} == {**dict.fromkeys("abcz", "done"), "m": "failed"}
    assert "worker died" in table["m"]["error"]
    assert "signal 9" in table["m"]["error"]
    for end in ends:
        os.close(end)


def test_workers_killed_as_they_start_are_replaced(here: Path, held: Path) -> None:
    held.unlink()
    with running(*WORDS) as p:
        until(lambda: workers_of(p.pid), p)
        for pid in workers_of(p.pid):
            os.kill(pid, signal.SIGKILL)
        p.communicate(timeout=LIMIT_S)
    assert p.returncode == 0
    assert list(results(here / "out")) == ["a", "b", "c", "z"]


def test_two_at_once_do_not_meet(run: Run, here: Path, held: Path) -> None:
    with running(*WORDS) as p:
        until(lambda: len(done(here)) == 3, p)
        got = run(*WORDS, "--resume")
        assert got.code == 2
        assert "another batch is writing to" in got.complaint
        p.send_signal(signal.SIGINT)
        p.communicate(timeout=60)


def test_many_with_bad_ones_kills_and_resumes(run: Run, here: Path) -> None:
    """Every good clip once in the results, every bad one with its reason, whatever happened on the way."""
    good = {f"clip{k:02}" for k in range(58)}
    one = put(here / "one.track.npz").read_bytes()
    (here / "in").mkdir()
    for name in good:
        (here / f"in/{name}.track.npz").write_bytes(one)
    bad = {"clip58", "clip59"}
    for name in bad:
        put_broken(here / f"in/{name}.track.npz")
    words = ("batch", "in", "-o", "out", "-e", "side-plank", "--workers", "2", "--resume")
    with running(*words) as p:
        until(lambda: len(done(here)) >= 5, p)
        os.kill(workers_of(p.pid)[0], signal.SIGKILL)
        until(lambda: len(done(here)) >= 15, p)
        p.kill()
        p.communicate(timeout=60)
    with running(*words) as p:
        at = len(done(here))
        until(lambda: len(done(here)) >= at + 10, p)
        p.send_signal(signal.SIGINT)
        p.communicate(timeout=60)
    assert p.returncode == 130
    assert run(*words).code == 3
    table = results(here / "out")
    assert {c for c, r in table.items() if r["status"] == "done" and r["total"] == "1"} == good
    assert {c for c, r in table.items() if "cannot read the track" in r["error"]} == bad
    records = done(here)
    assert len(records) == len(set(records)) == 60, "a clip was judged twice"


def test_ctrl_c_while_a_clip_is_written_to_the_journal(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(here / "in/a.track.npz")
    put(here / "in/b.track.npz")
    synced: list[int] = []

    def fsync(_: int) -> None:
        synced.append(1)
        if len(synced) == 2:  # the run's own line, then that of the first clip
            signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr("formcheck.batch.journal.os.fsync", fsync)
    batch = run_batch(["in"], "side-plank", ClipSettings(Path("out"), Options()), workers=1)
    assert batch.interrupted
    assert batch.done == len(done(here)) == len(results(here / "out")) == 1
