"""A recorded video (or track) in, a judged report out."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from . import __version__
from .coach.session import Moment, Session, count
from .coach.turned import TurnWatch
from .errors import InputError, NoPersonError, UsageError
from .exercises import get_exercise
from .exercises.plugins import fit_together, isolated
from .files import claimed, refuse_existing
from .planned import check_can_be_read_twice, planned_outputs
from .pose.choice import ANYBODY, Follow
from .pose.landmarks import PAIRS
from .pose.types import Observation, Pose, Track
from .rules.exercise import Exercise
from .rules.limits import Limits

if TYPE_CHECKING:
    from .pose.estimator import PoseEstimator
    from .pose.sampling import Sampler
    from .video.source import Frame, VideoSource

Image = NDArray[np.uint8]
OpenFeed = Callable[[str | Path, "Options"], AbstractContextManager["Feed"]]
Progress = Callable[[float, float | None], None]

#: Frames closer together than this (s) are left out unless every frame is asked for: 30 a second tell all there is.
MIN_STEP_S = 1 / 33
#: In place of an exercise's id: recognise it.
AUTO = "auto"
#: Longer side of the pictures given to the pose model (px); it looks at 256 x 256 of them.
MAX_SIDE = 960


@dataclass(frozen=True)
class Options:
    """How to analyse.

    Attributes
    ----------
    model : path or None
        Pose bundle; None: the model store's.
    overrides : mapping
        Limits by exercise and name.
    strictness : str
    every_frame : bool
        Use all frames, however fast the camera.
    adaptive : bool
        Look at a body ten to twenty times a second (:mod:`formcheck.pose.sampling`); not with *every_frame*.
    start, end : float or None
        Part of the source, seconds.
    mirror : bool
        The source is mirrored (a selfie preview): exchange left and right.
    rotate : int
        Degrees clockwise to turn the picture beyond what its metadata says: 0, 90, 180 or 270.
    follow : Follow
        Whom to follow where several people are in the picture; a track holds one.
    ball : bool
        Look for the gym ball where the exercise uses one (and where the exercise is not known).
    ball_cm : float or None
        Diameter of the ball, for lengths in centimetres.
    pictures : bool
        A feed is to give the pictures of frames too at which no pose was looked for (to be drawn on).
    quiet : bool
    """

    model: Path | None = None
    overrides: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    strictness: str = "normal"
    every_frame: bool = False
    adaptive: bool = False
    start: float | None = None
    end: float | None = None
    mirror: bool = False
    rotate: int = 0
    follow: Follow = ANYBODY
    ball: bool = True
    ball_cm: float | None = None
    pictures: bool = False
    quiet: bool = True

    @property
    def chosen(self) -> Follow:
        """Whom to follow in the pictures as they are analysed: a mirrored one is turned round before."""
        return replace(self.follow, mirrored=self.mirror)


@dataclass
class Feed:
    """An open source of observations.

    Attributes
    ----------
    source : dict
        The report's ``source`` part; frame counts are filled in as frames pass.
    size : (int, int)
        Of the pictures, px.
    items : iterator of (image or None, t, Observation or None)
        None for the image of a track, None for the observation of a frame that is not used; its image is None too
        where such pictures are not asked for.
    ball_sought : bool
        Whether the ball was looked for.
    """

    source: dict[str, Any]
    size: tuple[int, int]
    items: Iterator[tuple[Image | None, float, Observation | None]]
    inference_s: float = 0.0
    notes: list[str] = field(default_factory=list)
    ball_sought: bool = True


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


@contextmanager
def open_feed(path: str | Path, options: Options, estimator: PoseEstimator | None = None) -> Iterator[Feed]:
    """Open a video or track file as a stream of observations.

    Parameters
    ----------
    path : path
    options : Options
    estimator : PoseEstimator, optional
        Fresh, for this source alone; stays open. Default: MediaPipe's, closed at the end.

    Raises
    ------
    InputError
        If the source is missing or unreadable.
    ModelError
        If there is no pose model.
    """
    from .pose.trackfile import is_track, read_track

    if is_track(path):
        track = read_track(path)
        yield _track_feed(path, track, options)
        return
    from .ball import BallFinder
    from .pose.estimator import MediaPipePose
    from .pose.sampling import sampled
    from .pose.store import resolve_model

    with open_pictures(path, options) as source:
        info = source.info
        opened: AbstractContextManager[PoseEstimator] = (
            MediaPipePose(resolve_model(path=options.model, quiet=options.quiet), follow=options.chosen)
            if estimator is None
            else nullcontext(estimator)
        )
        with opened as looking:
            described: dict[str, Any] = {
                "path": info.path,
                "kind": info.kind,
                "duration_s": info.duration_s,
                "fps": info.fps,
                "width": info.width,
                "height": info.height,
                "frames": 0,
                "frames_used": 0,
                "rotation": info.rotation,
            }
            feed = Feed(described, info.frame_size, iter(()), ball_sought=options.ball)
            finder = BallFinder() if options.ball else None

            def look(frame: Frame) -> Pose | None:
                image = frame.image
                began = time.perf_counter()
                pose = looking.estimate(frame.t, image)
                feed.inference_s += time.perf_counter() - began
                return pose

            def frames() -> Iterator[Frame]:
                for frame in source:
                    described["frames"] += 1
                    yield frame

            def items() -> Iterator[tuple[Image | None, float, Observation | None]]:
                for frame, used, pose in sampled(frames(), look, _sampler(options)):
                    if not used:
                        yield frame.image if options.pictures else None, frame.t, None
                        continue
                    described["frames_used"] += 1
                    seen = finder.update(frame.t, frame.image, pose) if finder is not None else None
                    yield frame.image, frame.t, Observation.of(frame.t, frame.image, pose, seen, looking.persons)
                if source.damaged:
                    feed.notes.append(f"{source.damaged} damaged pieces of the video were left out.")

            feed.items = items()
            yield feed


def open_pictures(path: str | Path, options: Options) -> VideoSource:
    """Open the pictures of a source as they are to be analysed: that part of it, turned, mirrored and shrunk.

    Raises
    ------
    InputError
        If the source is missing or unreadable.
    """
    from .video.source import open_source

    return open_source(
        path,
        start=options.start,
        end=options.end,
        max_side=MAX_SIDE,
        mirror=options.mirror,
        rotate=options.rotate,
    )


def _sampler(options: Options) -> Sampler:
    from .pose.sampling import AdaptiveSampler, SteadySampler

    if options.adaptive and not options.every_frame:
        return AdaptiveSampler()
    return SteadySampler(0.0 if options.every_frame else MIN_STEP_S)


def _track_feed(path: str | Path, track: Track, options: Options) -> Feed:
    lo, hi = options.start or 0.0, options.end if options.end is not None else np.inf
    meta = track.meta.get("source", {})
    width, height = meta.get("width") or track.size[0], meta.get("height") or track.size[1]
    if options.rotate:
        track = track.turned(options.rotate)
        width, height = (height, width) if options.rotate % 180 else (width, height)
    used = int(np.sum((track.t >= lo) & (track.t < hi)))
    described = {
        "path": str(path),
        "kind": "track",
        "duration_s": float(track.t[-1] - track.t[0]) if len(track) else 0.0,
        "fps": meta.get("fps"),
        "width": width,
        "height": height,
        "frames": len(track),
        "frames_used": used,
        "rotation": ((meta.get("rotation") or 0) + options.rotate) % 360,
    }

    def items() -> Iterator[tuple[None, float, Observation]]:
        for o in track:
            if lo <= o.t < hi:
                yield None, o.t, _mirrored(o) if options.mirror else o

    notes = [] if options.follow.rule == "auto" else ["--follow was not used: a track holds the poses of one person."]
    return Feed(described, track.size, items(), notes=notes, ball_sought=bool(track.meta.get("ball", True)))


def _mirrored(o: Observation) -> Observation:
    """Return an observation as the mirrored picture would have given it."""
    ball = replace(o.ball, x=o.size[0] - o.ball.x) if o.ball is not None else None
    if o.pose is None:
        return replace(o, ball=ball)
    swap = np.arange(len(o.pose.image))
    for a, b in PAIRS:
        swap[a], swap[b] = b, a
    image, world = o.pose.image[swap], o.pose.world[swap]
    image[:, 0] = o.size[0] - image[:, 0]
    world[:, 0] = -world[:, 0]
    return replace(o, pose=Pose(image, world), ball=ball)


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
        source = dict(feed.source)
    _check_somebody_seen(path, len(kept), sum(o.pose is not None for o in kept))
    _tidy(source)
    luma = [o.luma for o in kept if o.luma is not None]
    meta = {
        "source": source,
        "formcheck": __version__,
        "luma": round(float(np.mean(luma)), 1) if luma else None,
        "ball": options.ball,
    }
    track = Track.from_observations(kept, meta)
    write_track(track, out)
    return track
