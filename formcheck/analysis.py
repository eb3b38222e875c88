"""A recorded video (or track) in, a judged report out."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import __version__
from .coach.session import Moment, Session, count
from .coach.turned import TurnWatch
from .errors import InputError, NoPersonError, UsageError
from .exercises import get_exercise
from .exercises.plugins import fit_together, isolated
from .feeds import AUTO, Feed, Image, OpenFeed, Options, open_feed, open_pictures
from .files import claimed, refuse_existing
from .planned import check_can_be_read_twice, planned_outputs
from .pose.types import Observation, Track
from .rules.exercise import Exercise
from .rules.limits import Limits

Progress = Callable[[float, float | None], None]


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


def limits_for(exercise: Exercise, options: Options) -> Limits:
    """Return the limits in force for an exercise.

    Raises
    ------
    UsageError
        If an override names an exercise or limit that does not exist, or limits do not fit together.
    """
    for name in options.overrides:
        get_exercise(name)
    limits = Limits(exercise.id, exercise.limits, options.overrides.get(exercise.id), options.strictness)
    try:
        fit_together(exercise, limits)
    except ValueError as e:
        raise UsageError(f"the limits of {exercise.id} do not fit together ({e})", "change the limits file") from e
    return limits


def check_overrides(options: Options) -> None:
    """Raise what :func:`limits_for` would raise for any exercise that limits were given for: before the work."""
    for name in options.overrides:
        limits_for(get_exercise(name), options)


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
    feed_of: OpenFeed = open_feed,
) -> Analysis:
    """Judge a recorded exercise.

    Parameters
    ----------
    path : path
        Anything :func:`formcheck.video.source.open_source` reads, or a track file.
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
        Opens the source; see :func:`open_feed`.

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
        ball = options.ball and (exercise == AUTO or get_exercise(exercise).uses_ball)
        feed = stack.enter_context(feed_of(path, replace(options, ball=ball, pictures="video" in outputs)))
        if "report" in outputs:
            stack.enter_context(claimed(outputs["report"]))
            refuse_existing(outputs.values(), force=force)  # another run may just have ended
        began = time.perf_counter()
        recognised = None
        if exercise == AUTO:
            feed, recognised = _recognised(feed, path, options, stack, pictures=pictures, progress=progress)
            exercise = recognised["exercise"] or AUTO
            if exercise == AUTO:
                return _nothing_recognised(feed, recognised, outputs, time.perf_counter() - began)
        ex = get_exercise(exercise)
        with isolated(ex):
            session = Session(ex, limits_for(ex, options), ball_sought=feed.ball_sought)
            turned = TurnWatch(ex, session.limits)
            sinks = _Sinks(stack, outputs, session, feed.size)
        delay: deque[tuple[Image | None, float, Observation | None]] = deque()

        def take(judged: Callable[[], list[Moment]]) -> list[Moment]:
            with isolated(ex):
                moments = judged()
                for m in moments:
                    sinks.write(m, delay)
                    if keep_measures:
                        kept.append((m.t, m.sample))
            return moments

        for item in feed.items:
            _, t, observation = item
            if sinks.wants_pictures:
                delay.append(item)
            if observation is not None:
                turned.update(observation, take(partial(session.update, observation)))
            if progress is not None:
                progress(t - (options.start or 0.0), feed.source["duration_s"])
        take(session.finish)
        sinks.rest(delay)
        _look_back(path, feed, session, turned)
        from .outputs.report import build_report

        _tidy(feed.source)
        with isolated(ex):
            report = build_report(
                session, feed.source, extra_notes=feed.notes, recognised=recognised, ball_cm=options.ball_cm
            )
            if "report" in outputs:
                sinks.finish(report)
    return Analysis(report, _columns(kept), session.frames, time.perf_counter() - began, feed.inference_s, session)


def _recognised(
    feed: Feed, path: str | Path, options: Options, stack: ExitStack, *, pictures: bool, progress: Progress | None
) -> tuple[Feed, dict[str, Any]]:
    """Read a feed to its end, tell the exercise, and return a feed of the same observations again."""
    from .coach.recognise import recognise

    kept: list[Observation] = []
    for _, t, observation in feed.items:
        if observation is not None:
            kept.append(observation)
        if progress is not None:
            progress(t - (options.start or 0.0), feed.source["duration_s"])
    # A track may have been made without looking for the ball.
    result = recognise(kept, ball_sought=feed.ball_sought)
    feed.notes += result.left_out
    if result.exercise is None:
        turned = TurnWatch()
        for o in kept:
            turned.update(o)
        feed.notes += turned.notes()
    again = Feed(
        feed.source, feed.size, iter([(None, o.t, o) for o in kept]), feed.inference_s, feed.notes, feed.ball_sought
    )
    if pictures and feed.source["kind"] != "track":
        source = stack.enter_context(open_pictures(path, options))
        by_time = {o.t: o for o in kept}
        again.items = ((frame.image, frame.t, by_time.get(frame.t)) for frame in source)
    return again, {"exercise": result.exercise, "confidence": result.confidence}


def _nothing_recognised(feed: Feed, recognised: dict[str, Any], outputs: dict[str, Path], seconds: float) -> Analysis:
    """Say in a report that none of the exercises was seen."""
    from .files import write_json
    from .outputs.report import empty_report

    _tidy(feed.source)
    report = empty_report(feed.source, recognised, feed.notes)
    if "report" in outputs:
        write_json(outputs["report"], report)
    return Analysis(report, {}, feed.source["frames_used"], seconds, feed.inference_s, None)


def _look_back(path: str | Path, feed: Feed, session: Session, turned: TurnWatch) -> None:
    """Raise InputError if nobody was seen; note if the picture was turned."""
    _check_somebody_seen(path, session.frames, session.found)
    with isolated(session.exercise):
        advice = turned.notes(count(session.judge.reps)["total"])
    session.upright = not advice
    feed.notes += advice


def _check_somebody_seen(path: str | Path, frames: int, found: int) -> None:
    """Raise what a source without a frame, or without a person in any, is answered with."""
    if frames == 0:
        raise InputError(f"{path} gave no frames", "check --start and --end")
    if found == 0:
        raise NoPersonError(
            f"nobody was found in {path}", "check that the whole body is in the picture and the room is light"
        )


def _tidy(source: dict[str, Any]) -> None:
    for key in ("duration_s", "fps"):
        if source[key] is not None:
            source[key] = round(float(source[key]), 3)


def _columns(rows: list[tuple[float, dict[str, float]]]) -> dict[str, NDArray[np.float64]]:
    if not rows:
        return {}
    names = list(dict.fromkeys(n for _, s in rows for n in s))
    out = {n: np.array([s.get(n, np.nan) for _, s in rows]) for n in names}
    return {"t": np.array([t for t, _ in rows]), **out}


class _Sinks:
    """The files written while a clip is judged."""

    def __init__(self, stack: ExitStack, outputs: dict[str, Path], session: Session, size: tuple[int, int]) -> None:
        self._outputs = outputs
        self._stack = stack
        self._session = session
        self._csv: Any = None
        self._video: Any = None
        self._overlay: Any = None
        self._last: Moment | None = None
        if "video" in outputs:
            from .outputs.overlay import Overlay
            from .video.writer import VideoWriter

            self._video = stack.enter_context(VideoWriter(outputs["video"], size))
            target = session.exercise.prescription.reps
            self._overlay = Overlay(session.exercise, size, target_reps=target)
        self._keys: Any = None
        if "html" in outputs:
            from .outputs.keyframes import KeyFrames

            self._keys = KeyFrames(session.judge.watches, size)

    @property
    def wants_pictures(self) -> bool:
        return self._video is not None or self._keys is not None

    def write(self, m: Moment, delay: deque[tuple[Image | None, float, Observation | None]]) -> None:
        if self._csv is None and "measures" in self._outputs:
            from .outputs.tables import MeasuresCsv

            self._csv = self._stack.enter_context(MeasuresCsv(self._outputs["measures"], self._session.own_measures))
        if self._csv is not None:
            self._csv.write(m)
        picture: Image | None = None
        while delay and delay[0][1] <= m.t:
            image, t, observation = delay.popleft()
            picture = image if observation is not None else picture
            self._draw(image, t, m if observation is not None or self._last is None else self._last)
        if self._keys is not None:
            self._keys.update(m, picture, self._session.judge.rest)
        self._last = m

    def _draw(self, image: Image | None, t: float, m: Moment) -> None:
        if image is not None and self._video is not None:
            self._video.write(t, self._overlay.draw(image, m))

    def rest(self, delay: deque[tuple[Image | None, float, Observation | None]]) -> None:
        """Draw the unused frames after the last moment."""
        while delay and self._last is not None:
            image, t, _ = delay.popleft()
            self._draw(image, t, self._last)

    def finish(self, report: dict[str, Any]) -> None:
        """Write what stands at the end: pages, tables of the whole, the report itself last."""
        from .files import write_json

        if self._csv is not None:
            self._csv.flush()
            if "parquet" in self._outputs:
                from .outputs.tables import csv_to_parquet

                csv_to_parquet(self._csv.path, self._outputs["parquet"])
        if "html" in self._outputs:
            from .outputs.page import write_page

            video = self._outputs.get("video")
            measures = self._csv.path if self._csv is not None else None
            name = video.name if video is not None else None
            write_page(report, self._outputs["html"], name, measures, self._keys.shots())
        write_json(self._outputs["report"], report)


def make_track(
    path: str | Path,
    out: str | Path,
    *,
    options: Options = Options(),
    force: bool = False,
    progress: Progress | None = None,
) -> Track:
    """Save the poses of a video as a track file.

    Raises
    ------
    FormcheckError
        As :func:`analyze_clip`.
    """
    from .pose.trackfile import SUFFIX, is_track, write_track

    if not str(out).endswith(SUFFIX):
        raise UsageError(f"{out} is not named like a track", f"end its name in {SUFFIX}")
    if is_track(path):
        raise UsageError(f"{path} is a track already", "give a video")
    refuse_existing([Path(out)], force=force)
    kept: list[Observation] = []
    with open_feed(path, options) as feed, claimed(out):
        for _, t, observation in feed.items:
            if observation is not None:
                kept.append(observation)
            if progress is not None:
                progress(t, feed.source["duration_s"])
        source, notes = dict(feed.source), list(feed.notes)
    _check_somebody_seen(path, len(kept), sum(o.pose is not None for o in kept))
    _tidy(source)
    luma = [o.luma for o in kept if o.luma is not None]
    meta = {
        "source": source,
        "notes": notes,
        "formcheck": __version__,
        "luma": round(float(np.mean(luma)), 1) if luma else None,
        "ball": options.ball,
    }
    track = Track.from_observations(kept, meta)
    write_track(track, out)
    return track
