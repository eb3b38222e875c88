"""The poses of a video, saved as a track."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from formcheck.errors import UsageError
from formcheck.files import claimed, refuse_existing
from formcheck.sight.pose.types import Observation, Track
from formcheck.version import __version__

from .feed import check_somebody_seen, tidy
from .film import open_film
from .options import Options, Progress


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
        As :func:`formcheck.analysis.clip.analyze_clip`.
    """
    from formcheck.sight.pose.trackfile import SUFFIX, is_track, write_track

    if not str(out).endswith(SUFFIX):
        raise UsageError(f"{out} is not named like a track", f"end its name in {SUFFIX}")
    if is_track(path):
        raise UsageError(f"{path} is a track already", "give a video")
    refuse_existing([Path(out)], force=force)
    kept: list[Observation] = []
    with open_film(path, replace(options, key_pictures=False)) as feed, claimed(out):
        for _, t, observation in feed.items:
            if observation is not None:
                kept.append(observation)
            if progress is not None:
                progress(feed.reached(t), feed.source["duration_s"])
        source, notes = dict(feed.source), list(feed.notes)
    check_somebody_seen(path, len(kept), sum(o.pose is not None for o in kept))
    tidy(source)
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
