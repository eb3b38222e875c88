"""MOT: joint angles over time as text, as OpenSim reads it.

Layout: https://opensimconfluence.atlassian.net/wiki/spaces/OpenSim/pages/53089857/Motion+.mot+Files
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from formcheck.errors import InputError
from formcheck.files import write_text
from formcheck.judging.measure import Body
from formcheck.sight.pose.types import Track

from .markers import checked_rate, mean_rate, resample, uniform_times

Array = NDArray[np.float64]

#: The common measures, all in degrees.
ANGLES: tuple[str, ...] = (
    *(f"{joint}_{side}" for joint in ("knee", "hip", "elbow", "shoulder", "line") for side in ("left", "right")),
    "trunk",
)


@dataclass(frozen=True)
class Angles:
    """Joint angles at a constant rate.

    Attributes
    ----------
    rate : float
        Frames a second.
    t : (n,) array
        Seconds of the source.
    degrees : dict of (n,) arrays
        By name, NaN = not measured.
    note : str
        Where they come from.
    """

    rate: float
    t: Array
    degrees: dict[str, Array]
    note: str


def angles_of_track(track: Track, *, rate: float | None = None) -> Angles:
    """Return the joint angles of the raw landmarks of a track."""
    body = Body(track.t, track.image, track.world, track.size)
    table = {n: np.where(body.plausible, body.angles[n], np.nan) for n in ANGLES}
    return _uniform(track.t, table, rate, "raw landmarks of a track, not smoothed")


def angles_of_measures(path: str | Path, *, rate: float | None = None) -> Angles:
    """Return the joint angles of a measures table (CSV): smoothed, as they were judged.

    Raises
    ------
    InputError
        If the table has no times or angles.
    """
    hint = "give a .measures.csv written by 'formcheck analyze'"
    try:
        with Path(path).open(newline="", encoding="utf-8") as f:
            rows = list(csv.DictReader(f))
        if not rows or not {"t_s", *ANGLES} <= set(rows[0]):
            raise InputError(f"{path} is no table of measures", hint)
        t, table = _column(rows, "t_s"), {n: _column(rows, n) for n in ANGLES}
    except (OSError, ValueError, csv.Error) as e:
        raise InputError(f"cannot read the table of measures {path} ({type(e).__name__})", hint) from e
    if not np.all(np.isfinite(t)) or not np.all(np.diff(t) > 0):
        raise InputError(f"{path} is no table of measures: its times do not rise", hint)
    return _uniform(t, table, rate, "smoothed measures of an analysis")


def _column(rows: list[dict[str, str]], name: str) -> Array:
    return np.array([float(r[name]) if r[name] else np.nan for r in rows])


def _uniform(t: Array, table: dict[str, Array], rate: float | None, origin: str) -> Angles:
    wanted = checked_rate(rate) if rate is not None else mean_rate(t)
    at = uniform_times(t, wanted)
    note = f"{origin}; resampled by time to {wanted:g} Hz from {len(t)} frames at {mean_rate(t):.3g} Hz on average"
    return Angles(wanted, at, {n: resample(t, v, at) for n, v in table.items()}, note)


def write_mot(angles: Angles, path: str | Path) -> None:
    """Write joint angles as MOT, whole or not at all; what was not measured is ``nan``."""
    names = list(angles.degrees)
    lines = [
        "formcheck",
        "version=1",
        f"nRows={len(angles.t)}",
        f"nColumns={len(names) + 1}",
        "inDegrees=yes",
        "",
        "Angles between segments, estimated from one camera: 180 = straight (knee, hip, elbow, line), 0 = arm beside",
        "the trunk (shoulder); trunk = inclination, 0 lying, 90 upright. Not the coordinates of an OpenSim model.",
        f"Source: {angles.note}.",
        "endheader",
        "\t".join(["time", *names]),
    ]
    table = np.stack(list(angles.degrees.values()), axis=1)
    for t, row in zip(angles.t, table, strict=True):
        lines.append("\t".join([f"{t:.6f}", *(f"{v:.9g}" for v in row)]))
    write_text(path, "\n".join(lines) + "\n")
