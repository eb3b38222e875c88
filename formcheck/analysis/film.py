"""A source opened in the way that takes the least time: looked at on several cores, drawn beside the looking."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from formcheck.cores import usable_cores
from formcheck.files import expanded
from formcheck.sight.pose.trackfile import is_track
from formcheck.sight.video.frame import SourceInfo
from formcheck.turns import short_turns

from .apart import open_feed_apart
from .feed import Feed, Item, damaged_note, described, open_feed, open_pictures
from .options import Options
from .stretches import EACH_S, Stretches, cuts

#: Looked-at pictures that wait to be judged and drawn.
AHEAD = 8


@contextmanager
def open_film(path: str | Path, options: Options) -> Iterator[Feed]:
    """Open a source as :func:`formcheck.analysis.feed.open_feed` does, and look at it with ``options.workers``.

    Parameters
    ----------
    path : path
        What cannot be entered in the middle (a pipe, a stream, images, a file without times or length) is looked at by
        one worker.
    options : Options
    """
    if not expanded(path).is_file() or is_track(path):
        with open_feed(path, options) as feed:
            yield feed
        return
    with open_pictures(path, options) as source:
        info, notes = source.info, list(source.notes)
    begin, end = options.start or 0.0, min(options.end or float("inf"), info.duration_s or 0.0)
    workers = workers_for(end - begin, options.workers) if info.seekable else 1
    marks = cuts(begin, end, workers)
    if not marks:
        with _by_one(path, options, end - begin) as feed:
            yield feed
        return
    with _in_stretches(path, options, (begin, end), workers, marks, described(info, notes), info) as feed:
        yield feed


def workers_for(length_s: float, wanted: int | None) -> int:
    """Return how many workers look at so many seconds of film; None: as many as there are cores, and it is worth."""
    most = usable_cores() if wanted is None else wanted
    if wanted is None:
        most = min(most, int(length_s / EACH_S))
    return max(most, 1)


@contextmanager
def _by_one(path: str | Path, options: Options, length_s: float) -> Iterator[Feed]:
    """Open a film that one worker looks at; where it is drawn on too and there are cores for both, beside that."""
    if not options.pictures or usable_cores() < 2:
        with open_feed(path, options) as feed:
            yield feed
    elif length_s < EACH_S:
        with open_feed(path, options) as feed, _beside(feed.items) as items:
            feed.items = items
            yield feed
    else:
        with open_feed_apart(path, _blind(options)) as feed, open_pictures(path, options) as frames:
            feed.items = _shown(feed.items, iter(frames), every=True)
            yield feed


def _blind(options: Options) -> Options:
    """Return the options of whoever only looks: the model that is there, and no pictures."""
    from formcheck.sight.models.store import resolve_model

    model = resolve_model(path=options.model, quiet=options.quiet)
    return replace(options, model=model, pictures=False, key_pictures=False)


@contextmanager
def _in_stretches(
    path: str | Path,
    options: Options,
    part: tuple[float, float],
    workers: int,
    marks: list[float],
    source: dict[str, Any],
    info: SourceInfo,
) -> Iterator[Feed]:
    blind = _blind(options)
    feed = Feed(source, info.frame_size, iter(()), ball_sought=options.ball)

    def looked_at(start: float | None) -> AbstractContextManager[Feed]:
        """Open the film from a second on: its beginning here, unless there is drawing to be done, the rest apart."""
        if start is None and not options.pictures:
            return open_feed(path, blind)
        return open_feed_apart(path, blind if start is None else replace(blind, start=start))

    def items(stretches: Stretches) -> Iterator[Item]:
        for t, observation in stretches:
            source["frames"] += 1
            source["frames_used"] += observation is not None
            yield None, t, observation
        feed.inference_s = stretches.inference_s
        source["duration_s"] = stretches.source["duration_s"]
        feed.notes += stretches.notes
        if damaged := stretches.damaged():
            feed.notes.append(damaged_note(damaged))

    with (
        short_turns(),
        Stretches(looked_at, *part, workers, marks) as stretches,
    ):
        feed.items = items(stretches)
        feed.reached = lambda _: part[0] + stretches.looked_s
        if not (options.pictures or options.key_pictures):
            yield feed
            return
        with open_pictures(path, options) as frames:
            feed.items = _shown(feed.items, iter(frames), every=options.pictures)
            yield feed


def _shown(items: Iterator[Item], frames: Iterator[Any], *, every: bool) -> Iterator[Item]:
    """Give items with the pictures of their times: of every one, or of those looked at."""
    frame = next(frames, None)
    for _, t, observation in items:
        while frame is not None and frame.t < t:
            frame = next(frames, None)
        here = frame is not None and frame.t == t and (every or observation is not None)
        yield frame.image if here and frame is not None else None, t, observation


@contextmanager
def _beside(items: Iterator[Item]) -> Iterator[Iterator[Item]]:
    """Let a thread make items, a few ahead of whoever takes them; it ends with the block."""
    ready: queue.Queue[Item | BaseException | None] = queue.Queue(AHEAD)
    stopped = threading.Event()

    def put(what: Item | BaseException | None) -> None:
        while not stopped.is_set():
            try:
                ready.put(what, timeout=0.2)
            except queue.Full:
                continue
            return

    def make() -> None:
        try:
            for item in items:
                put(item)
                if stopped.is_set():
                    return
            put(None)
        except BaseException as e:  # noqa: BLE001 -- raised where the items are taken
            put(e)

    def taken() -> Iterator[Item]:
        while True:
            try:
                what = ready.get(timeout=0.5)  # Ctrl-C gets through to a wait that ends
            except queue.Empty:
                continue
            if what is None:
                return
            if isinstance(what, BaseException):
                raise what
            yield what

    thread = threading.Thread(target=make, daemon=True)
    with short_turns():
        thread.start()
        try:
            yield taken()
        finally:
            stopped.set()
            thread.join()
