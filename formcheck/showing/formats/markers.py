"""Landmarks as markers of a motion lab: Y up, at a constant rate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from formcheck.errors import InputError, UsageError
from formcheck.sight.pose.landmarks import NAMES
from formcheck.sight.pose.types import Track

Array = NDArray[np.float64]

#: Times further apart than this (s) are a gap: nothing is filled in between them.
MAX_GAP_S = 0.25
#: Most rows of a file: four hours at 30 Hz; a gap in the times takes rows too.
MAX_ROWS = 500_000
#: Frames a second of any source.
SLOWEST, FASTEST = 1e-3, 1e5
#: Marker names, e.g. ``LeftFootIndex``.
MARKERS: tuple[str, ...] = tuple("".join(w.capitalize() for w in name.split("_")) for name in NAMES)
#: Metres in a unit.
UNITS = {"m": 1.0, "mm": 1000.0}
#: Rates that cameras have, as fractions: a measured one close to these is taken for it.
_USUAL = ((24, 1), (24000, 1001), (25, 1), (30, 1), (30000, 1001), (50, 1), (60, 1), (60000, 1001), (15, 1), (120, 1))


@dataclass(frozen=True)
class Markers:
    """Markers at a constant rate.

    Attributes
    ----------
    rate : float
        Frames a second.
    t : (n,) array
        Seconds of the source.
    xyz : (n, 33, 3) array
        X to the right of the picture, Y up, Z towards the camera (right-handed), about the middle of the hips; in
        *unit*. NaN = not seen.
    unit : str
        ``m`` or ``mm``.
    source_rate : float
        Mean rate of the track, frames a second.
    source_frames : int
    """

    rate: float
    t: Array
    xyz: Array
    unit: str
    source_rate: float
    source_frames: int

    @property
    def note(self) -> str:
        """How it was made, in one line."""
        return (
            f"world landmarks of one camera about the middle of the hips; X right, Y up, Z to the camera, {self.unit}; "
            f"resampled by time to {self.rate:g} Hz from {self.source_frames} frames at {self.source_rate:.3g} Hz on "
            "average; not smoothed; gaps stay gaps"
        )


def mean_rate(t: Array) -> float:
    """Return frames a second, dropped frames aside; a rate that cameras have where it is within 0.5 % of one.

    >>> mean_rate(np.arange(10) / 29.98) == 30000 / 1001
    True
    """
    if len(t) < 2:
        raise InputError("a track of one frame has no rate", "give a longer one")
    steps = np.diff(t)
    # The mean, not the median: times in a table are rounded to milliseconds.
    with np.errstate(over="ignore", divide="ignore"):
        rate = 1.0 / float(np.mean(steps[steps <= 1.5 * np.median(steps)]))
    if not SLOWEST <= rate <= FASTEST:
        raise InputError(f"a track of {rate:.3g} frames a second is none", "its times are damaged; make it again")
    nearest = min((a / b for a, b in _USUAL), key=lambda r: abs(r - rate))
    return nearest if abs(nearest - rate) <= 0.005 * rate else rate


def resample(t: Array, x: Array, at: Array, max_gap_s: float = MAX_GAP_S) -> Array:
    """Interpolate linearly in time, never across a gap.

    Parameters
    ----------
    t : (n,) array
        Seconds, rising.
    x : (n, ...) array
        NaN = unknown.
    at : (m,) array
        Seconds to interpolate at.
    max_gap_s : float
        Neighbours further apart than this are not joined.

    Returns
    -------
    (m, ...) array
        Equal to *x* where *at* meets a time of *t*.

    Examples
    --------
    >>> resample(np.array([0.0, 0.1, 1.0]), np.array([0.0, 1.0, 2.0]), np.array([0.05, 0.1, 0.5])).tolist()
    [0.5, 1.0, nan]
    """
    after = np.clip(np.searchsorted(t, at), 0, len(t) - 1)
    before = np.clip(after - 1, 0, len(t) - 1)
    span = t[after] - t[before]
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(span > 0, (at - t[before]) / span, 0.0)
    share = share.reshape(-1, *[1] * (x.ndim - 1))
    between = x[before] + share * (x[after] - x[before])
    inside = (at >= t[0]) & (at <= t[-1]) & (span <= max_gap_s)
    out = np.where(inside.reshape(share.shape), between, np.nan)
    # A time that is there needs no neighbour.
    for k in (before, after):
        same = np.isclose(at, t[k], rtol=0.0, atol=1e-9)
        out[same] = x[k[same]]
    return np.asarray(out)


def uniform_times(t: Array, rate: float) -> Array:
    """Return times at a constant rate from the first to the last of *t*.

    Raises
    ------
    UsageError
        If they are more than any program would read.

    >>> uniform_times(np.array([0.5, 1.0]), 4.0).tolist()
    [0.5, 0.75, 1.0]
    """
    n = int(np.floor((t[-1] - t[0]) * rate + 1e-6)) + 1
    if n > MAX_ROWS:
        raise UsageError(
            f"{t[-1] - t[0]:.0f} s at {rate:g} Hz are {n} rows, more than {MAX_ROWS}", "give a lower --rate"
        )
    return np.asarray(t[0] + np.arange(n) / rate)


def to_markers(track: Track, *, rate: float | None = None, unit: str = "m") -> Markers:
    """Return the world landmarks of a track as markers at a constant rate.

    Raises
    ------
    InputError
        If nobody is in the track.
    UsageError
        If the rate or the unit makes no sense.
    """
    if unit not in UNITS:
        raise UsageError(f"unknown unit '{unit}'", f"choose one of {', '.join(UNITS)}")
    if not track.found.any():
        raise InputError("nobody is in the track", "make one of a video that shows a person")
    source = mean_rate(track.t)
    wanted = checked_rate(rate) if rate is not None else source
    at = uniform_times(track.t, wanted)
    # Landmarks have y down and z away from the camera: half a turn about x makes y up and keeps the hand.
    xyz = resample(track.t, track.world[..., :3], at) * np.array([1.0, -1.0, -1.0]) * UNITS[unit]
    return Markers(wanted, at, xyz, unit, source, len(track))


def checked_rate(rate: float) -> float:
    """Return the rate, or raise UsageError if it is none."""
    if not 1.0 <= rate <= 1000.0:
        raise UsageError(f"a rate of {rate:g} Hz makes no sense", "give --rate between 1 and 1000")
    return rate
