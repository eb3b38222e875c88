"""A recorded video (or track) in, a judged report out."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Container
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from formcheck.files import claimed, refuse_existing
from formcheck.judging.exercises import get_exercise
from formcheck.judging.exercises.chosen import AUTO
from formcheck.judging.exercises.plugins import isolated
from formcheck.judging.session.moment import Moment, count
from formcheck.judging.session.session import Session
from formcheck.judging.session.turned import TurnWatch
from formcheck.showing.report.build import build_report
from formcheck.sight.video.waiting import Waiting

from .feed import Feed, OpenFeed, check_somebody_seen, tidy
from .files import Delayed, Sinks, check_can_be_read_twice, planned_outputs
from .film import open_film
from .options import Options, Progress, check_overrides, limits_for
from .recognised import nothing_recognised, read_and_recognise


@dataclass(frozen=True)
class Analysis:
    """What became of a clip.

    Attributes
    ----------
    report : dict
        By the schema ``formcheck.report/1``.
    measures : dict of (n,) arrays
        ``t`` and the measures by name; empty unless asked for.
    frames : int
        Frames judged.
    seconds, inference_seconds : float
        Wall-clock time from the first frame on (the model is loaded by then), and of the pose model alone.
    session : Session or None
        None where no exercise was recognised.
    """

    report: dict[str, Any]
    measures: dict[str, NDArray[np.float64]]
    frames: int
    seconds: float
    inference_seconds: float
    session: Session | None


def analyze_clip(
    path: str | Path,
    exercise: str,
    out: str | Path | None = None,
    *,
    options: Options = Options(),
    video: bool = True,
    html: bool = True,
    parquet: bool = False,
    force: bool = False,
    keep_measures: bool = False,
    progress: Progress | None = None,
    stem: str | None = None,
    feed_of: OpenFeed = open_film,
) -> Analysis:
    """Judge a recorded exercise.

    Parameters
    ----------
    path : path
        Anything :func:`formcheck.sight.video.source.open_source` reads, or a track file.
    exercise : str
        Id of the exercise, or ``auto`` to recognise it (the poses of the whole source are kept for that).
    out : path, optional
        Folder for ``<stem>.report.json``, ``.measures.csv``, ``.report.html`` and ``.annotated.mp4``; None writes
        nothing.
    options : Options
    video, html, parquet : bool
        Which files to write besides the report and the measures.
    force : bool
        Replace files of an earlier run.
    keep_measures : bool
        Return the measures too (memory grows with the length of the source).
    progress : callable, optional
        Called with the seconds done and the seconds in all (None where unknown).
    stem : str, optional
        Name of the files written; default: the source's.
    feed_of : callable
        Opens the source; see :func:`formcheck.analysis.film.open_film`.

    Returns
    -------
    Analysis

    Raises
    ------
    FormcheckError
        See the exit codes: UsageError, InputError, NoPersonError, ModelError.
    """
    if exercise != AUTO:
        get_exercise(exercise)
    check_overrides(options)
    outputs = planned_outputs(path, out, video=video, html=html, parquet=parquet, stem=stem) if out is not None else {}
    refuse_existing(outputs.values(), force=force)
    pictures = bool({"video", "html"} & set(outputs))
    if exercise == AUTO and pictures:
        check_can_be_read_twice(path)
    kept: list[tuple[float, dict[str, float]]] = []
    with ExitStack() as stack:
        feed = stack.enter_context(feed_of(path, _wanted_of(options, exercise, outputs)))
        if "report" in outputs:
            stack.enter_context(claimed(outputs["report"]))
            refuse_existing(outputs.values(), force=force)  # another run may just have ended
        began = time.perf_counter()
        recognised = None
        if exercise == AUTO:
            feed, recognised = read_and_recognise(feed, path, options, stack, pictures=pictures, progress=progress)
            exercise = recognised["exercise"] or AUTO
            if exercise == AUTO:
                report, seconds = nothing_recognised(feed, recognised, outputs), time.perf_counter() - began
                return Analysis(report, {}, feed.source["frames_used"], seconds, feed.inference_s, None)
        ex = get_exercise(exercise)
        with isolated(ex):
            session = Session(ex, limits_for(ex, options), ball_sought=feed.ball_sought)
            turned = TurnWatch(session.exercise)
            sinks = Sinks(stack, outputs, session, feed.size, options.lang)
        delay: deque[Delayed] = deque()

        def take(judged: Callable[[], list[Moment]]) -> list[Moment]:
            with isolated(ex):
                moments = judged()
                for m in moments:
                    sinks.write(m, delay)
                    if keep_measures:
                        kept.append((m.t, m.sample))
            return moments

        for item in feed.items:
            image, t, observation = item
            if sinks.wants_pictures:
                delay.append((Waiting(image) if image is not None else None, t, observation))
            if observation is not None:
                turned.update(observation, take(partial(session.update, observation)))
            if progress is not None:
                progress(feed.reached(t) - (options.start or 0.0), feed.source["duration_s"])
        take(session.finish)
        sinks.rest(delay)
        _look_back(path, feed, session, turned)
        tidy(feed.source)
        with isolated(ex):
            report = build_report(
                session, feed.source, extra_notes=feed.notes, recognised=recognised, ball_cm=options.ball_cm
            )
            if "report" in outputs:
                sinks.finish(report)
    return Analysis(report, _columns(kept), session.frames, time.perf_counter() - began, feed.inference_s, session)


def _wanted_of(options: Options, exercise: str, outputs: Container[str]) -> Options:
    """Return the options with what the feed is to give; a first round, to recognise the exercise, needs no pictures."""
    if exercise == AUTO:
        return replace(options, pictures=False, key_pictures=False)
    ex, video = get_exercise(exercise), "video" in outputs
    ball, key_pictures = options.ball and ex.uses_ball, video or "html" in outputs
    return replace(options, ball=ball, look_s=ex.look_s, pictures=video, key_pictures=key_pictures)


def _look_back(path: str | Path, feed: Feed, session: Session, turned: TurnWatch) -> None:
    """Raise InputError if nobody was seen; note if the picture was turned."""
    check_somebody_seen(path, session.frames, session.found)
    with isolated(session.exercise):
        advice = turned.notes(count(session.judge.reps)["total"])
    session.upright = not advice
    feed.notes += advice


def _columns(rows: list[tuple[float, dict[str, float]]]) -> dict[str, NDArray[np.float64]]:
    if not rows:
        return {}
    names = list(dict.fromkeys(n for _, s in rows for n in s))
    out = {n: np.array([s.get(n, np.nan) for _, s in rows]) for n in names}
    return {"t": np.array([t for t, _ in rows]), **out}
