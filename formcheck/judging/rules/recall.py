"""What the judge recalls of the last moments, and the attempt that is cut out of it: pure functions of rows in time."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .attempts import EDGE, Swing
from .exercise import Attempt, Exercise, Sample
from .limits import Limits
from .rest import medians
from .timing import Clock

Array = NDArray[np.float64]

#: Length of the rest beside an attempt that tells where the body was (s).
RESTED_S = 1.0
#: Within this share of the amplitude above its lowest point a rest is one.
REST_SHARE = 0.12
#: Above this share of the amplitude the body is on its way for sure. The rest it left lies before the moment it is half
#: way by so many times as it took from there to half the way (a smooth movement 4.3 times), and a little more (s).
ON_WAY, RUN_UP, RUN_UP_S = 0.3, 4.5, 0.3
#: Out of the position for more than this share of the upper half of a swing the body did something else.
ELSEWHERE_SHARE = 0.5
#: ... or in so many seconds before and after its peak.
AROUND_S = 0.25
#: A hold shorter than this was passed through, not held (s).
MIN_HOLD_S = 0.2
#: Longest forgiven break of a hold, and longest time unseen in the middle of one that is bridged (s).
HOLD_GRACE_S, BRIDGE_S = 0.3, 3.5
#: Frames of a hold further apart than this (s) were not seen between.
UNSEEN_S = 0.4
#: Half the length over which the speed of the effort is measured (s).
SPEED_HALF_S = 0.15
#: Rows kept of one attempt; beyond that every second one is dropped.
MAX_ROWS = 6000


@dataclass(frozen=True)
class RecalledMoment:
    """One moment: time (s), effort (NaN = unknown) and signals (none where nobody was seen).

    ``away``: the body was seen out of position.
    """

    t: float
    effort: float
    sample: Sample
    away: bool = False


class Recall:
    """The rows of what is under way and of the seconds before it, in memory that does not grow with time.

    Parameters
    ----------
    seconds : float
        How much is kept where nothing is under way.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.rows: list[RecalledMoment] = []
        self._stride, self._skip = 1, 0

    def add(self, row: RecalledMoment, *, under_way: bool, at_rest: bool) -> None:
        """Take a row; near rest nothing is thinned out, as that is where attempts end."""
        self._skip += 1
        if self._skip >= self._stride or at_rest:
            self._skip = 0
            self.rows.append(row)
        if under_way:
            if len(self.rows) > MAX_ROWS:
                self.rows = self.rows[::2]
                self._stride *= 2
            return
        self._stride = 1
        k = 0
        while k < len(self.rows) and row.t - self.rows[k].t > self.seconds:
            k += 1
        del self.rows[:k]

    def lately(self, since: float) -> list[RecalledMoment]:
        """Return the rows from time *since* on."""
        k = len(self.rows)
        while k and self.rows[k - 1].t >= since:
            k -= 1
        return self.rows[k:]

    def clear(self) -> None:
        """Forget everything."""
        self.rows = []
        self._stride, self._skip = 1, 0


def rest_of(rows: Sequence[RecalledMoment], level: float) -> dict[str, float]:
    """Return the median of every signal over the rows whose effort is at most *level*."""
    return medians([r.sample for r in rows if r.effort <= level])


def slope(points: Collection[tuple[float, float]]) -> float:
    """Return the slope of values at times (s), per second, by least squares; 0 where there are too few.

    >>> slope([(0.0, 1.0), (1.0, 3.0), (2.0, 5.0)])
    2.0
    """
    n = len(points)
    if n < 2:
        return 0.0
    times, values = zip(*points, strict=True)
    mt, mv = sum(times) / n, sum(values) / n
    off = [u - mt for u in times]
    var = sum([d**2 for d in off])
    return sum([d * (x - mv) for d, x in zip(off, values, strict=True)]) / var if var > 0 else 0.0


def speeds(t: Array, x: Array) -> Array:
    """Return the slope of x about each moment, per second, by least squares over 0.3 s; NaN where too little is known.

    >>> speeds(np.array([0.0, 0.1, 0.2]), np.array([0.0, 1.0, 2.0])).round(6).tolist()
    [10.0, 10.0, 10.0]
    """
    ok = np.isfinite(x)
    out = np.full(len(t), np.nan)
    if ok.sum() < 2:
        return out
    u, v = t[ok] - t[ok][0], x[ok]
    sums = [np.concatenate([[0.0], np.cumsum(q)]) for q in (np.ones_like(u), u, v, u * u, u * v)]
    lo = np.searchsorted(u, u - SPEED_HALF_S - 1e-9)
    hi = np.searchsorted(u, u + SPEED_HALF_S + 1e-9)
    n, su, sv, suu, suv = (s[hi] - s[lo] for s in sums)
    var = suu - su * su / n
    with np.errstate(invalid="ignore", divide="ignore"):
        out[ok] = np.where(var > 1e-9, (suv - su * sv / n) / var, 0.0)
    return out


def cut_out(
    rows: Sequence[RecalledMoment],
    swing: Swing,
    exercise: Exercise,
    limits: Limits,
    *,
    lost: bool = False,
    cut: str | None = None,
) -> Attempt | None:
    """Return the attempt that a swing bounds, with its hold and its rest.

    None where too little of it was seen, or the body was out of the position for most of its upper half: it did
    something else.
    """
    t = np.array([r.t for r in rows])
    raw = np.array([r.effort for r in rows])
    inside = np.isfinite(raw) & (t >= swing.valley_s) & (t <= swing.end_s)
    if inside.sum() < 3:
        return None
    start, low, end, low_after = _edges(t, raw, swing)
    names = dict.fromkeys(n for r in rows for n in r.sample)
    values = {n: np.array([r.sample.get(n, np.nan) for r in rows]) for n in names}
    level = low + REST_SHARE * (swing.peak - low)
    before = rest_of([r for r in rows if start - RESTED_S <= r.t <= start], level)
    after: dict[str, float] = {}
    if swing.returned:
        level = low_after + REST_SHARE * (swing.peak - low_after)
        after = rest_of([r for r in rows if end <= r.t <= end + RESTED_S], level)
    rest = after if swing.from_first and after else before or after
    rest = {**rest, "effort": low_after if swing.from_first else low}
    values["effort_speed"] = speeds(t, raw)
    clock, bridged = _held(rows, values["effort_speed"], start, end, exercise, limits, rest)
    span = clock.span if clock.longest >= MIN_HOLD_S else None
    near_top = (t >= start) & (t <= end) & (raw >= low + 0.9 * (swing.peak - low))
    if span is not None:
        peak = (span[0] + span[1]) / 2
    else:
        peak = float(np.median(t[near_top])) if near_top.any() else swing.peak_s
    if _elsewhere(rows, t, np.flatnonzero(inside & (raw >= (low + swing.peak) / 2)), peak):
        return None
    return Attempt(
        t, values, raw - rest["effort"], start, peak, end, clock.longest, span, rest, swing.returned,
        after=after, bridged_s=bridged, lost=lost, cut=cut,
    )  # fmt: skip


def _elsewhere(rows: Sequence[RecalledMoment], t: Array, upper: NDArray[np.int64], peak_s: float) -> bool:
    """Whether the body was out of the position for most of the upper half of a swing, or of what is around its peak."""
    around = np.flatnonzero(np.abs(t - peak_s) <= AROUND_S)
    spans = [k for k in (upper, around) if len(k)]
    return any(np.mean([r.away for r in rows[k[0] : k[-1] + 1]]) > ELSEWHERE_SHARE for k in spans)


def _left(t: Array, x: Array, low: float, top: float) -> tuple[float, float]:
    """Return when a rise to *top* began, and the value of the rest that it left.

    Samples from the valley to the peak. The rest is the lowest point shortly before the body was on its way for sure:
    between an old valley and the rise it may have drifted.
    """
    if not len(t):
        return float("nan"), low
    on_way, half = (np.flatnonzero(x <= low + share * (top - low)) for share in (ON_WAY, 0.5))
    if not len(on_way) or not len(half):
        return float(t[0]), low
    k = int(half[-1])
    since = t[k] - RUN_UP * (t[k] - t[on_way[-1]]) - RUN_UP_S
    before = (t[: k + 1] >= since) & np.isfinite(x[: k + 1])
    rest = float(x[: k + 1][before].min())
    at_rest = np.flatnonzero(x[: k + 1] <= rest + EDGE * (top - rest))
    return float(t[at_rest[-1]]), rest


def _edges(t: Array, x: Array, swing: Swing) -> tuple[float, float, float, float]:
    """Return when the body left the valley before, how low that was, when it reached the one after, and how low."""
    up = (t >= swing.valley_s) & (t <= swing.peak_s)
    start, before = _left(t[up], x[up], swing.valley, swing.peak)
    if not swing.returned:
        return start, before, swing.end_s, swing.end
    low = swing.end + EDGE * (swing.peak - swing.end)
    down = np.flatnonzero((t >= swing.peak_s) & (t <= swing.end_s) & (x <= low))
    return start, before, float(t[down[0]]) if len(down) else swing.end_s, swing.end


def _held(
    rows: Sequence[RecalledMoment],
    speed: Array,
    start: float,
    end: float,
    exercise: Exercise,
    limits: Limits,
    rest: Sample,
) -> tuple[Clock, float]:
    """Clock the end position between two times; return the clock and the seconds of its span that were not seen."""
    clock = Clock(HOLD_GRACE_S, BRIDGE_S)
    if not exercise.hold:
        return clock, 0.0
    for r, v in zip(rows, speed.tolist(), strict=True):
        if start <= r.t <= end and r.away:
            clock.update(r.t, False)
        elif start <= r.t <= end and r.sample:
            state = exercise.holding({**r.sample, "effort": r.effort, "effort_speed": v}, rest, limits)
            if state is not None:
                clock.update(r.t, state)
    if clock.span is None:
        return clock, 0.0
    gaps = np.diff([r.t for r in rows if r.sample and clock.span[0] <= r.t <= clock.span[1]])
    return clock, float(gaps[gaps > UNSEEN_S].sum())
