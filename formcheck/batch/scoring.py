"""Clips judged many times for an evaluation: their poses are found once, and kept between runs where asked for."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from formcheck.analysis.clip import Analysis
from formcheck.analysis.feed import Feed, OpenFeed, open_feed
from formcheck.analysis.options import Options, limits_for
from formcheck.clips import stem
from formcheck.errors import FormcheckError
from formcheck.evaluation.discovery import Item
from formcheck.evaluation.labels import TruthRep
from formcheck.evaluation.run import Extras, evaluate_item
from formcheck.evaluation.score import ClipScore
from formcheck.evaluation.ways import LIVE, difference, seen_in
from formcheck.judging.exercises import get_exercise, plugins
from formcheck.judging.exercises.chosen import AUTO
from formcheck.sight.pose.sampling import BODY_S
from formcheck.sight.pose.trackfile import SUFFIX, is_track
from formcheck.sight.pose.types import Observation

from .cache import feed_through
from .forked import adopt, worker_context
from .pool import one_thread_each
from .settings import ClipSettings, content_hash, fingerprint


@dataclass(frozen=True)
class Watched:
    """What was seen in a clip.

    Attributes
    ----------
    path : path
    ball : bool
        The ball was looked for.
    observations : tuple of Observation
    source : dict
        The report's ``source`` part.
    size : (int, int)
        Of the pictures, px.
    notes : tuple of str
    inference_s, seconds : float
        Seconds that the pose model took, and reading the clip with it; 0 where the poses were there already.
    """

    path: Path
    ball: bool
    observations: tuple[Observation, ...]
    source: Mapping[str, Any]
    size: tuple[int, int]
    notes: tuple[str, ...] = ()
    inference_s: float = 0.0
    seconds: float = 0.0

    def opener(self, exercise: str, observations: Sequence[Observation] | None = None) -> OpenFeed:
        """Return what opens the clip anew, as `analyze` would read it for an exercise.

        Parameters
        ----------
        exercise : str
            Where it uses no ball, none is seen; but a track is taken as it is.
        observations : sequence of Observation, optional
            What is seen; default: all.
        """
        seen = self.observations if observations is None else observations
        of_use = seen if self.source["kind"] == "track" else without_useless_ball(seen, exercise)

        def feed() -> Feed:
            items = ((None, o.t, o) for o in of_use)
            return Feed(dict(self.source), self.size, items, self.inference_s, list(self.notes))

        return lambda _path, _options: nullcontext(feed())


def without_useless_ball(observations: Sequence[Observation], exercise: str) -> Sequence[Observation]:
    """Return observations without the ball where an exercise uses none."""
    if uses_ball(exercise) or all(o.ball is None for o in observations):
        return observations
    return [replace(o, ball=None) for o in observations]


def uses_ball(exercise: str) -> bool:
    """Return whether the ball is looked for when judging as an exercise, or recognising one."""
    return exercise == AUTO or get_exercise(exercise).uses_ball


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
    _last: Watched | None = field(default=None, repr=False)
    _usual: tuple[Path, str, Mapping[str, Any]] | None = field(default=None, repr=False)

    def analyse(self, path: Path, exercise: str) -> Analysis:
        """Judge a clip as an exercise, or as what ``auto`` takes it for.

        Raises
        ------
        FormcheckError
            As :func:`formcheck.analysis.clip.analyze_clip`.
        """
        from formcheck.analysis.clip import analyze_clip

        watched = self.watch(path, exercise)
        opener = watched.opener(exercise)
        done = analyze_clip(path, exercise, options=self.options, keep_measures=True, feed_of=opener)
        self._usual = path, exercise, done.report
        return replace(done, seconds=done.seconds + watched.seconds)

    def compare(self, path: Path, exercise: str, way: str, reps: Sequence[TruthRep] = ()) -> bool | str | None:
        """Say how the list of attempts differs in another way of watching; True: it does not, None: no such way.

        What the true attempts, *reps*, leave open may differ.
        """
        from formcheck.analysis.clip import analyze_clip

        watched = self.watch(path, exercise)
        seen = seen_in(way, watched.observations, _look_s(exercise))
        if seen is None:
            return None
        if self._usual is None or self._usual[:2] != (path, exercise):
            self.analyse(path, exercise)
        assert self._usual is not None
        if way == LIVE:
            return difference(self._usual[2], self._live(watched, exercise), reps) or True
        opener = watched.opener(exercise, seen)
        other = analyze_clip(path, exercise, options=self.options, feed_of=opener).report
        return difference(self._usual[2], other, reps) or True

    def _live(self, watched: Watched, exercise: str) -> dict[str, Any]:
        from formcheck.judging.session.session import Session
        from formcheck.showing.report.build import build_report

        ex = get_exercise(exercise)
        with watched.opener(exercise)(watched.path, self.options) as feed:
            session = Session(ex, limits_for(ex, self.options), live=True, ball_sought=feed.ball_sought)
            for _, _, o in feed.items:
                if o is not None:
                    session.update(o)
        session.finish()
        return build_report(session, dict(watched.source))

    def watch(self, path: Path, exercise: str = AUTO) -> Watched:
        """Return what is to be seen in a clip, as far as an exercise needs it; the last clip is kept in memory."""
        ball = self.options.ball and (self.cache is not None or uses_ball(exercise))
        last = self._last
        if last is None or last.path != path or (ball and not last.ball):
            self._last = self._usual = None
            self._last = last = self._watch(path, replace(self.options, ball=ball))
        return last

    def _watch(self, path: Path, options: Options) -> Watched:
        opener: OpenFeed = open_feed
        if self.cache is not None and not is_track(path):
            model = content_hash(options.model) if options.model is not None and options.model.is_file() else ""
            poses = ClipSettings(self.cache, options, model=model).poses
            mark = fingerprint([content_hash(path), poses, options.ball])
            place = self.cache / f"{stem(path)}-{mark[:12]}{SUFFIX}"
            opener = feed_through(place, None, pictures=False, shown=str(path))
        with opener(path, options) as feed:
            began = time.perf_counter()
            seen = tuple(o for _, _, o in feed.items if o is not None)
            seconds = time.perf_counter() - began if feed.inference_s else 0.0
            ball = options.ball or is_track(path)
            return Watched(path, ball, seen, feed.source, feed.size, tuple(feed.notes), feed.inference_s, seconds)


def score_all(items: Sequence[Item], clips: Clips, plan: Extras, workers: int = 1) -> Iterator[ClipScore]:
    """Score items, in several processes where asked for, as they are done; what is under way ends with the iterator.

    Parameters
    ----------
    items : sequence of Item
    clips : Clips
    plan : Extras
    workers : int
        1: in this process.

    Raises
    ------
    FormcheckError
        If a process dies.
    """
    if workers <= 1 or len(items) <= 1:
        yield from (score_one(i, clips, plan) for i in items)
        return
    from concurrent.futures import ProcessPoolExecutor, as_completed
    from concurrent.futures.process import BrokenProcessPool

    before = set(multiprocessing.active_children())
    context = worker_context(poses=not all(i.is_report or is_track(i.source) for i in items))
    with one_thread_each():
        pool = ProcessPoolExecutor(min(workers, len(items)), context, _begin, (dict(os.environ),))
        waiting = [pool.submit(_score_elsewhere, i, clips, plan) for i in items]
        try:
            for done in as_completed(waiting):
                score, left_out = done.result()
                plugins.left_out_elsewhere(left_out)
                yield score
        except BrokenProcessPool as e:
            raise FormcheckError("a process of the evaluation died", "use fewer --workers") from e
        finally:
            if not all(w.done() for w in waiting):
                for process in set(multiprocessing.active_children()) - before:
                    process.terminate()
            pool.shutdown(cancel_futures=True)


def _look_s(exercise: str) -> float:
    return BODY_S if exercise == AUTO else get_exercise(exercise).look_s


def score_one(item: Item, clips: Clips, plan: Extras) -> ClipScore:
    """Score one item."""
    return evaluate_item(item, clips.analyse, plan, clips.compare)


def _score_elsewhere(item: Item, clips: Clips, plan: Extras) -> tuple[ClipScore, list[str]]:
    """Score one item in a process of its own; return also what is to be said of exercises that cannot be used."""
    return score_one(item, clips, plan), plugins.left_out()


def _begin(environment: Mapping[str, str]) -> None:
    """Begin as a process of the evaluation: Ctrl-C is left to the main process."""
    adopt(environment)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
