"""Sources of observations: a video looked at with the pose model or a track, and what is known of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from formcheck.errors import InputError, NoPersonError
from formcheck.sight.pose.types import Observation, Pose, Track

from .options import FAST_FPS, Options

if TYPE_CHECKING:
    from formcheck.sight.pose.estimator import PoseEstimator
    from formcheck.sight.pose.sampling import Sampler
    from formcheck.sight.video.frame import Frame, SourceInfo, VideoSource

Image = NDArray[np.uint8]
#: Picture, time and observation of a frame.
Item = tuple[Image | None, float, Observation | None]
OpenFeed = Callable[[str | Path, Options], AbstractContextManager["Feed"]]
#: Frames closer together than this (s) are left out unless every frame is asked for: 30 a second tell all there is.
MIN_STEP_S = 1 / 33
#: Longer side of the pictures given to the pose model (px); it looks at 256 x 256 of them.
MAX_SIDE = 960


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
    reached : callable
        Tells how far (s) the source has been looked at when the item at a time was given: others may be under way.
    damaged : callable
        Tells how many pieces could not be decoded so far.
    """

    source: dict[str, Any]
    size: tuple[int, int]
    items: Iterator[Item]
    inference_s: float = 0.0
    notes: list[str] = field(default_factory=list)
    ball_sought: bool = True
    reached: Callable[[float], float] = lambda t: t
    damaged: Callable[[], int] = lambda: 0


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
    from formcheck.sight.pose.trackfile import is_track, read_track

    if is_track(path):
        track = read_track(path)
        yield _track_feed(path, track, options)
        return
    from formcheck.sight.ball import BallFinder
    from formcheck.sight.models.store import resolve_model
    from formcheck.sight.pose.estimator import MediaPipePose
    from formcheck.sight.pose.sampling import sampled
    from formcheck.sight.video.still import Stills

    with open_pictures(path, options) as source:
        info = source.info
        opened: AbstractContextManager[PoseEstimator] = (
            MediaPipePose(resolve_model(path=options.model, quiet=options.quiet), follow=options.chosen)
            if estimator is None
            else nullcontext(estimator)
        )
        with opened as looking:
            told = described(info, source.notes)
            feed = Feed(told, info.frame_size, iter(()), ball_sought=options.ball, damaged=lambda: source.damaged)
            finder = BallFinder() if options.ball else None

            stills = Stills()
            last: Pose | None = None

            def look(frame: Frame) -> Pose | None:
                nonlocal last
                image = frame.image
                began = time.perf_counter()
                # The same picture again shows the same body: the model would let it drift.
                if not stills.same(image):
                    last = looking.estimate(frame.t, image)
                feed.inference_s += time.perf_counter() - began
                return last

            def frames() -> Iterator[Frame]:
                for frame in source:
                    told["frames"] += 1
                    yield frame

            def items() -> Iterator[Item]:
                for frame, used, pose in sampled(frames(), look, _sampler(options, info.fps)):
                    if not used:
                        yield frame.image if options.pictures else None, frame.t, None
                        continue
                    told["frames_used"] += 1
                    seen = finder.update(frame.t, frame.image, pose) if finder is not None else None
                    yield frame.image, frame.t, Observation.of(frame.t, frame.image, pose, seen, looking.persons)
                feed.notes += source.notes
                if source.length_s is not None:
                    told["duration_s"] = source.length_s
                if source.damaged:
                    feed.notes.append(damaged_note(source.damaged))

            feed.items = items()
            yield feed


def described(info: SourceInfo, notes: list[str]) -> dict[str, Any]:
    """Return the report's ``source`` part of a source that has been opened; its frames are still to be counted."""
    told: dict[str, Any] = {
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
    if info.recorded is not None:
        told["recorded"] = info.recorded
    if notes:
        told["note"] = " ".join(notes)
    return told


def damaged_note(n: int) -> str:
    """Say how many pieces of a video could not be decoded."""
    return f"{n} damaged pieces of the video were left out."


def open_pictures(path: str | Path, options: Options) -> VideoSource:
    """Open the pictures of a source as they are to be analysed: that part of it, turned, mirrored and shrunk.

    Raises
    ------
    InputError
        If the source is missing or unreadable.
    """
    from formcheck.sight.video.source import open_source

    return open_source(
        path,
        start=options.start,
        end=options.end,
        max_side=MAX_SIDE,
        mirror=options.mirror,
        rotate=options.rotate,
        fps=options.fps,
        speed=options.speed,
        stream=options.stream,
    )


def _sampler(options: Options, fps: float | None) -> Sampler:
    from formcheck.sight.pose.sampling import AdaptiveSampler, SteadySampler

    adaptive = (fps or 0.0) > FAST_FPS if options.adaptive is None else options.adaptive
    if adaptive and not options.every_frame:
        return AdaptiveSampler(options.look_s)
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
    for name in ("recorded", "note"):
        if meta.get(name):
            described[name] = meta[name]

    def items() -> Iterator[tuple[None, float, Observation]]:
        for o in track:
            if lo <= o.t < hi:
                yield None, o.t, o.mirrored() if options.mirror else o

    kept = track.meta.get("notes")
    notes = [str(n) for n in kept] if isinstance(kept, list) else []
    if options.follow.rule != "auto":
        notes.append("--follow was not used: a track holds the poses of one person.")
    if (options.fps, options.speed, options.stream) != (None, None, None):
        notes.append("--fps, --speed and --stream were not used: a track has its own times.")
    return Feed(described, track.size, items(), notes=notes, ball_sought=bool(track.meta.get("ball", True)))


def check_somebody_seen(path: str | Path, frames: int, found: int) -> None:
    """Raise what a source without a frame, or without a person in any, is answered with."""
    if frames == 0:
        raise InputError(f"{path} gave no frames", "check --start and --end")
    if found == 0:
        raise NoPersonError(
            f"nobody was found in {path}", "check that the whole body is in the picture and the room is light"
        )


def tidy(source: dict[str, Any]) -> None:
    """Round a source's length and rate as reports and tracks state them."""
    for key in ("duration_s", "fps"):
        if source[key] is not None:
            source[key] = round(float(source[key]), 3)
