"""A film looked at in a process of its own: what it sees comes through a pipe, and the pictures stay there.

Two threads that find poses, or one that finds them and one that draws, wait for each other's turn with the interpreter;
two processes do not. The other process ends with the block, and with the program, however that ends. Should it die, the
film is looked at again from where it began, here, and goes on from what it had told: its poses depend on nothing else.
"""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from formcheck.children import child
from formcheck.sight.pose.types import Observation

from .apart_process import ERROR
from .feed import Feed, Item, open_feed
from .options import Options

#: One pool of memory for all threads of the other process: glibc's several, one a thread, take some 40 MB more and no
#: less time. Other systems do not know the name.
_ONE_POOL = {"MALLOC_ARENA_MAX": "1"}
#: What the other process says: that the film is open, frames as they pass, and its end.
_OPENED, _SEEN, _END = "opened", "seen", "end"


class _Died(Exception):
    """The other process is gone, and has not told why."""


@contextmanager
def open_feed_apart(path: str | Path, options: Options) -> Iterator[Feed]:
    """Open a film as :func:`formcheck.analysis.feed.open_feed` does, looked at in another process, without pictures.

    Parameters
    ----------
    path : path
        Of a file, which may be read twice.
    options : Options

    Raises
    ------
    FormcheckError
        As :func:`formcheck.analysis.feed.open_feed`.
    """
    try:
        process = subprocess.Popen(
            child("formcheck.analysis.apart_process"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **_ONE_POOL},
        )
    except OSError:
        with open_feed(path, options) as feed:
            yield feed
        return
    try:
        try:
            source, size, sought = _asked(process, path, options)
        except _Died:
            with open_feed(path, options) as feed:
                yield feed
            return
        feed = Feed(source, size, iter(()), ball_sought=sought)
        feed.items = _items(process, feed, path, options)
        yield feed
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            with suppress(OSError):
                pipe.close()  # type: ignore[union-attr]


def _asked(process: subprocess.Popen[bytes], path: str | Path, options: Options) -> Any:
    """Say what is to be looked at; return what the other process says of it."""
    assert process.stdin is not None
    try:
        process.stdin.write(json.dumps(sys.path).encode() + b"\n")
        pickle.dump((look_at, (path, options)), process.stdin)
        process.stdin.flush()
    except OSError:
        raise _Died from None
    kind, told = _told(process)
    assert kind == _OPENED
    return told


def _told(process: subprocess.Popen[bytes]) -> tuple[str, Any]:
    """Return the next thing the other process has to say; an error of its is raised here."""
    assert process.stdout is not None
    try:
        kind, told = pickle.load(process.stdout)  # noqa: S301 -- our own process, by a pipe of ours
    except (EOFError, OSError, pickle.UnpicklingError):
        raise _Died from None
    if kind == ERROR:
        raise told
    return kind, told


def _items(process: subprocess.Popen[bytes], feed: Feed, path: str | Path, options: Options) -> Iterator[Item]:
    last = float("-inf")
    damaged = 0
    feed.damaged = lambda: damaged
    try:
        while True:
            kind, told = _told(process)
            if kind == _END:
                feed.source |= told["source"]
                feed.notes += told["notes"]
                feed.inference_s = told["inference_s"]
                return
            assert kind == _SEEN
            seen, damaged = told
            for t, observation in seen:
                last = t
                yield None, t, observation
    except _Died:
        pass
    with open_feed(path, options) as again:
        feed.damaged = again.damaged
        for _, t, observation in again.items:
            if t > last:
                yield None, t, observation
        feed.source |= again.source
        feed.notes += again.notes
        feed.inference_s = again.inference_s


def look_at(say: Callable[[str, object], None], path: str | Path, options: Options) -> None:
    """Look at a film in the other process, and say what is seen."""
    with open_feed(path, options) as feed:
        say(_OPENED, (feed.source, feed.size, feed.ball_sought))
        passed: list[tuple[float, Observation | None]] = []
        for _, t, observation in feed.items:
            passed.append((t, observation))
            if observation is not None:
                say(_SEEN, (passed, feed.damaged()))
                passed = []
        say(_SEEN, (passed, feed.damaged()))
        say(_END, {"source": feed.source, "notes": feed.notes, "inference_s": feed.inference_s})
