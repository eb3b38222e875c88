"""Poses kept by the content of the video: judging it again takes no pose model."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from formcheck.analysis.feed import Feed, Image, OpenFeed, open_feed, open_pictures
from formcheck.analysis.options import Options
from formcheck.files import atomic_path
from formcheck.sight.pose.estimator import PoseEstimator
from formcheck.sight.pose.trackfile import SCHEMA, read_track
from formcheck.sight.pose.types import Array, Ball, Observation, Pose, Track

Item = tuple[Image | None, float, Observation | None]


@dataclass(frozen=True)
class Kept:
    """The poses of a video as the cache holds them.

    Attributes
    ----------
    track : Track
        Its ``meta`` holds the ``source`` part of the report and ``notes``.
    luma : (n,) array
        Brightness of the used pictures, 0-255, NaN = unknown.
    """

    track: Track
    luma: Array

    def observations(self) -> Iterator[Observation]:
        """Give what was observed."""
        for o, luma in zip(self.track, self.luma, strict=True):
            yield replace(o, luma=float(luma)) if luma == luma else o


def read_kept(path: Path) -> Kept | None:
    """Return what the cache holds under a path; None if nothing, or nothing sound."""
    if not path.is_file():
        return None
    try:
        track = read_track(path)
        with np.load(path, allow_pickle=False) as z:
            luma = np.asarray(z["luma"], dtype=np.float64)
    except Exception:  # noqa: BLE001 -- whatever is wrong with it, the poses are found again
        return None
    notes = track.meta.get("notes", [])
    sound = isinstance(notes, list) and all(isinstance(n, str) for n in notes)
    if not isinstance(track.meta.get("source"), dict) or luma.shape != (len(track),) or not sound:
        return None
    return Kept(track, luma)


def write_kept(kept: Kept, path: Path) -> None:
    """Keep poses: a track file with the brightness in it, whole or not at all."""
    t = kept.track
    counted: dict[str, Any] = {} if t.persons is None else {"persons": t.persons.astype(np.int16)}
    with atomic_path(path) as p:
        np.savez_compressed(
            p,
            t=t.t,
            size=np.array(t.size, dtype=np.int64),
            meta=np.array(json.dumps({"schema": SCHEMA, **t.meta})),
            image=t.image.astype(np.float32),
            world=t.world.astype(np.float32),
            ball=t.ball.astype(np.float32),
            luma=kept.luma.astype(np.float32),
            **counted,
        )


def single(o: Observation) -> Observation:
    """Return an observation in single precision, as the cache gives it back: both are judged the same."""
    luma = None if o.luma is None else float(np.float32(o.luma))
    if o.ball is not None:
        b = o.ball
        o = replace(o, ball=Ball(*(float(np.float32(v)) for v in (b.x, b.y, b.r, b.confidence))))
    if o.pose is None:
        return replace(o, luma=luma)
    image, world = (a.astype(np.float32).astype(np.float64) for a in (o.pose.image, o.pose.world))
    return replace(o, pose=Pose(image, world), luma=luma)


def feed_through(place: Path | None, estimator: PoseEstimator | None, *, pictures: bool, shown: str) -> OpenFeed:
    """Return an opener of feeds that takes poses from the cache, or keeps them there once the source was read.

    Parameters
    ----------
    place : path or None
        File of the cache; None: no cache.
    estimator : PoseEstimator or None
        For what the cache does not hold.
    pictures : bool
        The pictures are needed too: a kept source is decoded again, without the pose model.
    shown : str
        Path that the report is to name.
    """

    def opener(path: str | Path, options: Options) -> AbstractContextManager[Feed]:
        kept = read_kept(place) if place is not None else None
        if kept is not None:
            return _from_cache(kept, path, options, pictures)
        return _to_cache(path, options)

    @contextmanager
    def _to_cache(path: str | Path, options: Options) -> Iterator[Feed]:
        with open_feed(path, options, estimator) as feed:
            feed.source["path"] = shown
            if place is not None:
                feed.items = _keeping(feed, feed.items, place)
            yield feed

    @contextmanager
    def _from_cache(kept: Kept, path: str | Path, options: Options, pictures: bool) -> Iterator[Feed]:
        source: dict[str, Any] = {**kept.track.meta["source"], "path": shown}
        notes = list(kept.track.meta.get("notes", []))
        if not pictures:
            items: Iterator[Item] = ((None, o.t, o) for o in kept.observations())
            yield Feed(source, kept.track.size, items, notes=notes, ball_sought=options.ball)
            return
        by_time = {o.t: o for o in kept.observations()}
        with open_pictures(path, options) as frames:
            drawn = ((f.image, f.t, by_time.get(f.t)) for f in frames)
            yield Feed(source, kept.track.size, drawn, notes=notes, ball_sought=options.ball)

    return opener


def _keeping(feed: Feed, items: Iterator[Item], place: Path) -> Iterator[Item]:
    """Pass items on, and keep their observations when the source has come to its end."""
    kept: list[Observation] = []
    for image, t, o in items:
        if o is None:
            yield image, t, None
            continue
        kept.append(single(o))
        yield image, t, kept[-1]
    if not kept:
        return
    track = Track.from_observations(kept, {"source": dict(feed.source), "notes": list(feed.notes)})
    write_kept(Kept(track, np.array([np.nan if o.luma is None else o.luma for o in kept])), place)
