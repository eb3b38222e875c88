"""Clips judged many times for an evaluation: their poses are found once, and kept between runs where asked for."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ..analysis import AUTO, Analysis, Feed, OpenFeed, Options, limits_for, open_feed
from ..evaluate import Plan, evaluate_item
from ..evaluation.discovery import Item, stem
from ..evaluation.score import ClipScore
from ..evaluation.ways import LIVE, difference, seen_in
from ..exercises import get_exercise
from ..pose.trackfile import SUFFIX, is_track
from ..pose.types import Observation
from .cache import feed_through
from .settings import Settings, content_hash, fingerprint


@dataclass(frozen=True)
class Watched:
    """What was seen in a clip, and what it is.

    Attributes
    ----------
    observations : tuple of Observation
    source : dict
        The report's ``source`` part.
    notes : tuple of str
    inference_s : float
        Seconds that the pose model took; 0 where the poses were kept.
    seconds : float
        Seconds that reading the clip took.
    """

    observations: tuple[Observation, ...]
    source: Mapping[str, Any]
    size: tuple[int, int]
    notes: tuple[str, ...] = ()
    inference_s: float = 0.0
    seconds: float = 0.0

    def feed(self, observations: Sequence[Observation]) -> Feed:
        """Return the clip as if it were read anew and this seen in it."""
        items = ((None, o.t, o) for o in observations)
        return Feed(dict(self.source), self.size, items, self.inference_s, list(self.notes))


@dataclass
class Clips:
    """Judges clips, each read once and then judged from memory.

    Parameters
    ----------
    options : Options
    cache : path, optional
        Folder where the poses of videos are kept as track files, under the content of the video. It knows nothing of
        how poses and balls are found: empty it when that has changed.
    """

    options: Options
    cache: Path | None = None
    _last: tuple[Path, Watched] | None = field(default=None, repr=False)

    def analyse(self, path: Path, exercise: str) -> Analysis:
        """Judge a clip as an exercise, or as what ``auto`` takes it for."""
        from ..analysis import analyze_clip

        watched = self.watch(path)
        done = analyze_clip(
            path, exercise, options=self.options, keep_measures=True, feed_of=_opener(watched, exercise)
        )
        return replace(done, seconds=done.seconds + watched.seconds)

    def compare(self, path: Path, exercise: str, way: str) -> bool | str | None:
        """Say how the list of attempts differs in another way of watching; True: it does not, None: no such way."""
        from ..analysis import analyze_clip

        watched = self.watch(path)
        seen = seen_in(way, watched.observations)
        if seen is None:
            return None
        usual = analyze_clip(path, exercise, options=self.options, feed_of=_opener(watched, exercise)).report
        if way == LIVE:
            other = self._live(watched, exercise)
        else:
            opener = _opener(watched, exercise, seen)
            other = analyze_clip(path, exercise, options=self.options, feed_of=opener).report
        return difference(usual, other) or True

    def _live(self, watched: Watched, exercise: str) -> dict[str, Any]:
        from ..coach.session import Session
        from ..outputs.report import build_report

        ex = get_exercise(exercise)
        session = Session(ex, limits_for(ex, self.options), live=True)
        for o in _of_use(watched.observations, exercise):
            session.update(o)
        session.finish()
        return build_report(session, dict(watched.source))

    def watch(self, path: Path) -> Watched:
        """Return what is to be seen in a clip; the last one asked for is kept in memory."""
        if self._last is None or self._last[0] != path:
            self._last = None
            self._last = path, self._watch(path)
        return self._last[1]

    def _watch(self, path: Path) -> Watched:
        place = None
        if self.cache is not None and not is_track(path):
            settings = Settings(self.cache, self.options)
            mark = fingerprint([content_hash(path), settings.poses, self.options.ball])
            place = self.cache / f"{stem(path)}-{mark[:12]}{SUFFIX}"
        opener = open_feed if place is None else feed_through(place, None, pictures=False, shown=str(path))
        with opener(path, self.options) as feed:
            began = time.perf_counter()
            seen = tuple(o for _, _, o in feed.items if o is not None)
            seconds = time.perf_counter() - began if feed.inference_s else 0.0
            return Watched(seen, feed.source, feed.size, tuple(feed.notes), feed.inference_s, seconds)


def _of_use(observations: Sequence[Observation], exercise: str) -> Sequence[Observation]:
    """Return observations as `analyze` would make them: where the exercise uses no ball, none is looked for."""
    if exercise == AUTO or get_exercise(exercise).uses_ball:
        return observations
    return [replace(o, ball=None) for o in observations]


def _opener(watched: Watched, exercise: str, observations: Sequence[Observation] | None = None) -> OpenFeed:
    seen = watched.observations if observations is None else observations
    of_use = seen if watched.source["kind"] == "track" else _of_use(seen, exercise)
    return lambda _path, _options: nullcontext(watched.feed(of_use))


def score_all(items: Sequence[Item], clips: Clips, plan: Plan, workers: int = 1) -> Iterator[ClipScore]:
    """Score items, in several processes where asked for; in the order in which they are done.

    Parameters
    ----------
    items : sequence of Item
    clips : Clips
    plan : Plan
    workers : int
        1: in this process.
    """
    if workers <= 1 or len(items) <= 1:
        yield from (score_one(i, clips, plan) for i in items)
        return
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor, as_completed

    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(min(workers, len(items)), mp_context=context)
    try:
        for done in as_completed([pool.submit(score_one, i, clips, plan) for i in items]):
            yield done.result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def score_one(item: Item, clips: Clips, plan: Plan) -> ClipScore:
    """Score one item."""
    return evaluate_item(item, clips.analyse, plan, clips.compare)
