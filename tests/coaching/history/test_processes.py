"""Two programs at once, and programs that are killed."""

from __future__ import annotations

import signal
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from formcheck.coaching.history import History
from formcheck.coaching.history.queries import sessions, sets

from .seed import rep

ROOT = Path(__file__).resolve().parents[3]
WRITER = """
import sys
from formcheck.coaching.history import History
from formcheck.judging.rules.records import Rep

history = History.open(sys.argv[1])
print("open", flush=True)
sys.stdin.readline()
log = history.begin_session("live", source=sys.argv[2])
log.begin_set("plane", 6)
for k in range(1, int(sys.argv[3]) + 1):
    log.add_rep(Rep(k, "left", k, k + 0.4, k + 0.9, 0.5, True, None, measures={"leg_level": -3.0}, score=90.0))
    print(k, flush=True)
log.close()
history.close()
"""


@pytest.fixture
def writer(path):
    """Start a program that records so many repetitions once it is told to go."""
    started = []

    def start(name, reps):
        p = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path), name, str(reps)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
        )  # fmt: skip
        started.append(p)
        return p

    yield start
    for p in started:
        p.kill()
        p.communicate()


def go(p):
    p.stdin.write("go\n")
    p.stdin.flush()


def test_two_programs_record_at_once(path, writer):
    # They also make the file at once: it does not exist yet.
    both = [writer(name, 60) for name in ("a", "b")]
    for p in both:
        assert p.stdout.readline() == "open\n"
    for p in both:
        go(p)
    with History.open(path) as here:
        log = here.begin_session(source="c")
        log.begin_set("plane", 6)
        for k in range(1, 61):
            log.add_rep(rep(k))
        log.close()
        assert [p.wait() for p in both] == [0, 0]
        found = {s.session.source: [r.index for r in s.reps] for s in sets(here)}
    assert found == {name: list(range(1, 61)) for name in "abc"}


def test_a_program_that_is_killed_loses_at_most_the_repetition_under_way(path, writer):
    p = writer("camera", 100_000)
    p.stdout.readline()
    go(p)
    for _ in range(25):
        said = int(p.stdout.readline())
    p.send_signal(signal.SIGKILL)
    p.wait()
    said += len(p.stdout.read().split())
    with History.open(path) as h:
        (s,) = sets(h)
        assert said <= len(s.reps) <= said + 1
        assert [r.index for r in s.reps] == list(range(1, len(s.reps) + 1))
        last = h.db.execute("SELECT max(recorded_at) FROM reps").fetchone()[0]
        (session,) = sessions(h)
        assert not session.finished
        assert session.ended == datetime.fromisoformat(last)
