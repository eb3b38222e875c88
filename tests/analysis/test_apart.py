"""A film looked at in another process: the same frames and bodies, errors told here, nothing left behind."""

from __future__ import annotations

import pickle
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from formcheck.analysis import apart
from formcheck.analysis.apart import open_feed_apart
from formcheck.analysis.apart_process import sendable
from formcheck.analysis.feed import Feed, open_feed
from formcheck.analysis.options import Options
from formcheck.errors import InputError
from formcheck.sight.pose.types import Observation

CLIP = Path(__file__).resolve().parents[2] / "sample_videos/plane-short-hold.mp4"


@pytest.fixture
def options(pose_model: Path) -> Options:
    return Options(model=pose_model, adaptive=True, end=3.0, pictures=False, key_pictures=False)


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """The processes that were started."""
    processes: list[subprocess.Popen[bytes]] = []
    real = subprocess.Popen

    def counting(*args: Any, **kwargs: Any) -> subprocess.Popen[bytes]:
        processes.append(real(*args, **kwargs))
        return processes[-1]

    monkeypatch.setattr(apart.subprocess, "Popen", counting)
    return processes


def taken(feed: Feed, then: Callable[[int], None] = lambda _: None) -> list[tuple[float, Observation | None]]:
    """All that a feed gives, without pictures; *then* is called after each item with its number."""
    out = []
    for k, (_, t, observation) in enumerate(feed.items):
        out.append((t, observation))
        then(k)
    return out


def same(a: list[tuple[float, Observation | None]], b: list[tuple[float, Observation | None]]) -> bool:
    def alike(x: Observation | None, y: Observation | None) -> bool:
        if x is None or y is None or x.pose is None or y.pose is None:
            return (x is None or x.pose is None) == (y is None or y.pose is None)
        return np.array_equal(x.pose.image, y.pose.image) and replace(x, pose=None) == replace(y, pose=None)

    return [t for t, _ in a] == [t for t, _ in b] and all(alike(x, y) for (_, x), (_, y) in zip(a, b, strict=True))


@pytest.fixture
def here(options: Options) -> tuple[Feed, list[tuple[float, Observation | None]]]:
    with open_feed(CLIP, options) as feed:
        return feed, taken(feed)


def test_it_sees_what_would_be_seen_here(options: Options, here: Any, started: list[Any]) -> None:
    with open_feed_apart(CLIP, options) as feed:
        seen = taken(feed)
    (process,) = started
    assert process.returncode is not None
    assert same(seen, here[1])
    assert sum(o is not None and o.pose is not None for _, o in seen) > 20
    assert (feed.source, feed.notes, feed.size) == (here[0].source, here[0].notes, here[0].size)
    assert feed.inference_s > 0


@pytest.mark.parametrize("after", [0, 12])
def test_where_it_dies_the_rest_is_looked_at_here(options: Options, here: Any, started: list[Any], after: int) -> None:
    def kill(k: int) -> None:
        if k == after:
            started[0].kill()

    with open_feed_apart(CLIP, options) as feed:
        assert same(taken(feed, kill), here[1])
    assert (feed.source, feed.notes) == (here[0].source, here[0].notes)


@pytest.mark.parametrize("command", [["/no/such/program"], ["false"]])
def test_where_it_cannot_be_started_all_is_looked_at_here(
    options: Options, here: Any, command: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apart, "child", lambda _: command)
    with open_feed_apart(CLIP, options) as feed:
        assert same(taken(feed), here[1])


def test_an_error_is_told_here(options: Options, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere\.mp4"), open_feed_apart(tmp_path / "nowhere.mp4", options):
        pass


def test_whoever_leaves_early_leaves_no_process_behind(options: Options, started: list[Any]) -> None:
    with open_feed_apart(CLIP, options) as feed:
        next(feed.items)
        assert started[0].poll() is None
    assert started[0].returncode is not None


def test_an_error_that_cannot_be_sent_is_told_in_words() -> None:
    class Odd(Exception):
        def __reduce__(self) -> Any:
            raise TypeError("no")

    told = InputError("clip.mp4", "is none")
    assert sendable(told) is told
    assert str(pickle.loads(pickle.dumps(told))) == "clip.mp4: is none"
    assert str(sendable(Odd("what happened"))) == "Odd: what happened"
