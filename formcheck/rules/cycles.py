"""Cycles without a rest between them: finding the single rounds of a movement that goes to and fro, or round and round.

The finder follows a point in a plane, such as the hips over the feet seen from above. The first coordinate (*x*, across
the picture) is measured well; the second (*y*, a depth) less so, and weighs less. Cycles are found along the line on
which the point moves most; a path that encloses an area is a circle and is followed by its angle instead. Everything
goes by time, nothing assumes a frame rate.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import isfinite

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Row = tuple[float, float, float]
#: A path in time: t, x, y.
Path = tuple[Array, Array, Array]
#: The way along a line, and the line's direction.
Way = tuple[Array, Array]

#: Weight of y against x where cycles are looked for: the depth of a pose is about twice as noisy.
DEPTH_WEIGHT = 0.5
#: Still for this long near home, or for this long anywhere: the movement is over (s).
STILL_HOME_S, STILL_S = 1.2, 3.0
#: Still means moving less than this share of the least swing.
QUIET = 0.3
#: Back home is within this share of the half swing.
HOME = 0.1
#: Away from home is this share of the half swing, and of the least swing.
AWAY, AWAY_LEAST = 0.3, 0.35
#: After a cycle home lies at least this share of its swing inside it: where one rests may be the end of the way.
INSIDE = 0.25
#: Seconds spent on one side after which home is looked for in the middle of the latest movement: it has moved.
ASTRAY_S = 5.0
#: Who comes to rest within this share of the half swing from home is home again.
SETTLED = 0.5
#: Seconds of stillness that tell where a movement came to rest.
SETTLED_S = 0.4
#: A first cycle smaller than this many least swings waits for a second one: it may be swaying before the movement.
SURE = 2.0
#: ... and one smaller than this share of what followed was swaying: the movement began on its way back.
SWAYING = 0.6
#: Share of the way within which who comes to rest has arrived.
ARRIVED = 0.2
#: Shares of a turn from which a circle that ends was a whole one, and a broken off one; less is the way to the middle.
WHOLE_TURN, BROKEN_TURN = 0.75, 0.4
#: From the middle to the circle the turning starts at this share of its radius; within it angles mean nothing.
ON_CIRCLE = 0.5
#: Seconds kept before a movement, to look for its beginning, and of a movement without an end.
RUN_UP_S, LONGEST_S = 1.5, 30.0


@dataclass(frozen=True)
class Cycle:
    """One round.

    Attributes
    ----------
    start_s, peak_s, end_s : float
        The peak is the furthest point of the way out, or half way round a circle.
    swing : float
        From one side to the other.
    complete : bool
        False: a circle that was broken off.
    """

    start_s: float
    peak_s: float
    end_s: float
    swing: float
    complete: bool = True


def _size(x: Array, y: Array) -> float:
    return float(max(np.ptp(x), np.ptp(y)))


def roundness(x: Array, y: Array) -> float:
    """Return the signed area of a path over the square of its size: 0.785 for a circle.

    Positive where the path runs counter-clockwise (x to the right, y up). The path is closed by a straight line (the
    shoelace formula); its size is the larger of its extents in x and y. Unknown points are left out.

    Examples
    --------
    >>> a = np.linspace(0, 2 * np.pi, 200)
    >>> round(roundness(np.cos(a), -np.sin(a)), 2)
    -0.79
    """
    ok = np.isfinite(x) & np.isfinite(y)
    if ok.sum() < 3:
        return 0.0
    x, y = x[ok], y[ok]
    area = 0.5 * float(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y))
    size = _size(x, y)
    return area / size**2 if size > 0 else 0.0


def part_roundness(x: Array, y: Array) -> float:
    """Return the largest roundness, with its sign, of a part of the path from its start.

    A circle that is turned back encloses area and gives it back: its roundness is about 0, this is not.

    Examples
    --------
    >>> a = np.concatenate([np.linspace(0, np.pi, 100), np.linspace(np.pi, 0, 100)])
    >>> round(part_roundness(np.cos(a), np.sin(a)), 2), abs(round(roundness(np.cos(a), np.sin(a)), 2))
    (0.39, 0.0)
    """
    ok = np.isfinite(x) & np.isfinite(y)
    x, y = x[ok], y[ok]
    if len(x) < 3:
        return 0.0
    u, v = x - x[0], y - y[0]
    swept = 0.5 * np.cumsum(u[:-1] * v[1:] - u[1:] * v[:-1])
    size = _size(x, y)
    return float(swept[np.argmax(np.abs(swept))]) / size**2 if size > 0 else 0.0


@dataclass(frozen=True)
class _Oval:
    """An oval fitted to a path: takes the path to a unit circle about the origin."""

    cx: float
    cy: float
    slope: float
    rx: float
    ry: float

    @classmethod
    def fit(cls, x: Array, y: Array) -> _Oval:
        cx = float(x.max() + x.min()) / 2
        dx = x - cx
        var = float((dx**2).mean())
        slope = float((dx * (y - y.mean())).mean()) / var if var > 0 else 0.0
        rest = y - slope * dx
        cy = float(rest.max() + rest.min()) / 2
        return cls(cx, cy, slope, max(float(np.ptp(x)) / 2, 1e-9), max(float(np.ptp(rest)) / 2, 1e-9))

    def angles(self, x: Array, y: Array) -> tuple[Array, Array]:
        """Return the unwrapped angle (turns) and the radius along a path."""
        u, v = (x - self.cx) / self.rx, (y - self.cy - self.slope * (x - self.cx)) / self.ry
        return np.unwrap(np.arctan2(v, u)) / (2 * np.pi), np.hypot(u, v)


def turned_back(x: Array, y: Array) -> float:
    """Return by how much of a turn a path round an oval goes back on its way.

    Examples
    --------
    >>> a = 2 * np.pi * np.concatenate([np.linspace(0, 0.6, 60), np.linspace(0.6, 0.3, 30), np.linspace(0.3, 1, 70)])
    >>> round(turned_back(np.cos(a), np.sin(a)), 1)
    0.3
    """
    ok = np.isfinite(x) & np.isfinite(y)
    if ok.sum() < 3:
        return 0.0
    angle, radius = _Oval.fit(x[ok], y[ok]).angles(x[ok], y[ok])
    way = angle[radius >= ON_CIRCLE]
    if not len(way):
        return 0.0
    way = way * (1.0 if way[-1] >= way[0] else -1.0)
    return float((np.maximum.accumulate(way) - way).max())


@dataclass(frozen=True)
class _Trip:
    """How far a way out and home has got: its furthest point and last coming home (indices), sides seen."""

    peak: int
    end: int
    sides: int
    whole: bool


def _trip(s: Array, least: float, near: float) -> _Trip:
    """Follow a path along a line, home at 0, until a cycle is whole.

    It is when it comes home from the other side, or sets out again on the same side.
    """
    half = float(np.abs(s).max())
    away, home = max(AWAY * half, least), near * half
    side = first = trips = end = peak = 0
    way = s.tolist()
    for i, v in enumerate(way):
        if side == 0:
            if abs(v) >= away:
                side = 1 if v > 0 else -1
                if first == side:
                    return _Trip(peak, end, trips, True)
                first = first or side
        elif v * side <= home:
            side, end, trips = 0, i, trips + 1
            if trips == 2:
                return _Trip(peak, end, trips, True)
        if trips == 0 and first and abs(v) > abs(way[peak]):
            peak = i
    return _Trip(peak, end, trips if side == 0 else 0, False)


def _departed(off: Array) -> int:
    """Index at which half of the greatest distance from home is first reached."""
    return int(np.argmax(off >= 0.5 * off.max()))


def _covariance(p: Array) -> Array:
    """(2, 2) covariance of (2, n) points; ``np.cov`` takes several times as long for a few."""
    d = p - p.mean(axis=1)[:, None]
    return np.asarray(np.dot(d, d.T) * (1.0 / (p.shape[1] - 1)))


class CycleFinder:
    """Streaming finder of cycles.

    Parameters
    ----------
    x, y : str
        Names of the two signals, in one unit.
    swing : float
        Least swing of a cycle from one side to the other, in that unit.
    round_ratio : callable
        From a sample, the :func:`roundness` that makes a circle: how well depth is seen is the view's affair.

    Examples
    --------
    Two swings to and fro from a rest, sampled at 20 Hz:

    >>> finder = CycleFinder("x", "y", swing=0.1, round_ratio=lambda sample: 0.3)
    >>> t = np.arange(0, 7, 0.05)
    >>> x = np.where((t > 1) & (t < 5), 0.2 * np.sin(np.pi * (t - 1)), 0.0)
    >>> rest = {"x": 0.0, "y": 0.0}
    >>> found = [c for u, v in zip(t, x) for c in finder.update(u, {"x": v, "y": 0.0}, rest)]
    >>> [round(c.end_s - c.start_s) for c in found]
    [2, 2]
    """

    def __init__(self, x: str, y: str, *, swing: float, round_ratio: Callable[[Mapping[str, float]], float]) -> None:
        self.x, self.y, self.swing, self._ratio_for = x, y, swing, round_ratio
        self.round_ratio = float("inf")
        self.home = (float("nan"), float("nan"))
        self.reset()

    def reset(self) -> None:
        """Forget the movement under way."""
        self.moving = False
        self._rows: list[Row] = []
        self._fresh = True
        self._oval: _Oval | None = None

    def update(self, t: float, sample: Mapping[str, float], rest: Mapping[str, float]) -> list[Cycle]:
        """Take the sample at time *t* (s); *rest* is where the point rests. Return the cycles that are complete."""
        row = (t, sample.get(self.x, float("nan")), sample.get(self.y, float("nan")))
        if not all(map(isfinite, row)):
            return []
        self._rows.append(row)
        self.round_ratio = self._ratio_for(sample)
        if self.moving:
            path = self._path()
            way = self._line(*path[1:])
            found = self._complete(path, way)
            if found is not None:
                return [found]
            if self._still(path, way[0]):
                return self._stop()
            self._find_home(path, way[0])
            while t - self._rows[0][0] > LONGEST_S:
                self._rows.pop(0)
            return []
        home = (rest.get(self.x, float("nan")), rest.get(self.y, float("nan")))
        if all(map(isfinite, home)):
            self.home = home
        while t - self._rows[0][0] > RUN_UP_S:
            self._rows.pop(0)
        off = max(abs(row[1] - self.home[0]), DEPTH_WEIGHT * abs(row[2] - self.home[1]))
        self.moving = off >= AWAY_LEAST * self.swing
        return []

    def finish(self) -> list[Cycle]:
        """End the movement; return the cycles that were waiting, and a circle that was broken off, if there was one."""
        return self._stop() if self.moving else []

    def _path(self) -> Path:
        """Return t, x, y."""
        t, x, y = np.array(self._rows).T
        return t, x, y

    def _line(self, x: Array, y: Array) -> Way:
        """Return the way along the line of most movement, home at 0, and that line's direction."""
        p = np.stack([x - self.home[0], DEPTH_WEIGHT * (y - self.home[1])])
        axis = np.linalg.eigh(_covariance(p))[1][:, -1] if len(x) > 1 else np.array([1.0, 0.0])
        return axis @ p, axis

    def _complete(self, path: Path, way: Way, near: float = HOME) -> Cycle | None:
        t, x, y = path
        s, axis = way
        if np.ptp(s) < self.swing:
            return None
        trip = self._first_trip(s, near) if self._fresh else _trip(s, AWAY_LEAST * self.swing, near)
        if not trip.whole:
            return None
        end = trip.end
        outside = np.flatnonzero(np.abs(s[:end]) > ARRIVED * np.abs(s).max())
        if len(outside) and t[end] - t[outside[-1]] > SETTLED_S:
            end = int(outside[-1]) + 1
        if abs(roundness(x[: end + 1], y[: end + 1])) < self.round_ratio:
            cycle = self._cut(t, s, trip.peak, end)
            low, high = s[: end + 1].min(), s[: end + 1].max()
            shift = float(np.clip(0.0, low + INSIDE * (high - low), high - INSIDE * (high - low)))
            self.home = (self.home[0] + shift * axis[0], self.home[1] + shift * axis[1] / DEPTH_WEIGHT)
            return cycle
        oval = _Oval.fit(x, y)
        turned, on = self._turned(oval, x, y)
        done = np.flatnonzero(turned >= 1.0)
        if not len(done):
            return None
        end = int(on[done[0]])
        self._oval = _Oval.fit(x[: end + 1], y[: end + 1])
        off = self._off_home(x, y)
        return self._cut(t, off, _departed(off), end, circle=True)

    def _first_trip(self, s: Array, near: float) -> _Trip:
        """Follow the first way out and home, past any swaying before it."""
        least = AWAY_LEAST * self.swing
        skip = 0
        while True:
            trip = _trip(s[skip:], least, near)
            peak, end = skip + trip.peak, skip + trip.end
            size = float(np.ptp(s[skip : end + 1]))
            if not trip.whole or size >= SURE * self.swing:
                return _Trip(peak, end, trip.sides, trip.whole)
            if trip.peak and size < SWAYING * np.ptp(s):
                skip = peak
                continue
            second = _trip(s[end:], max(least, AWAY * float(np.abs(s).max())), near)
            return _Trip(peak, end, trip.sides, second.whole)

    def _turned(self, oval: _Oval, x: Array, y: Array) -> tuple[Array, NDArray[np.int_]]:
        """Return the turns made since the path came to the circle, and the indices of its points that are on it."""
        angle, radius = oval.angles(x, y)
        on = np.flatnonzero(radius >= ON_CIRCLE)
        return (np.abs(angle[on] - angle[on[0]]) if len(on) else np.array([])), on

    def _off_home(self, x: Array, y: Array) -> Array:
        return np.hypot(x - self.home[0], DEPTH_WEIGHT * (y - self.home[1]))

    def _cut(self, t: Array, off: Array, peak: int, end: int, *, circle: bool = False, complete: bool = True) -> Cycle:
        """Take the rows up to *end* for one cycle; *off* tells how far off home they are."""
        start = 0
        if self._fresh:
            near = (ARRIVED if circle else HOME) * np.abs(off[: end + 1]).max()
            before = np.flatnonzero(t[: peak + 1] >= t[peak] - RUN_UP_S)
            quiet = before[np.abs(off[before]) <= near]
            start = int(quiet[-1]) if len(quiet) else int(before[np.argmin(np.abs(off[before]))])
        middle = (t[start] + t[end]) / 2 if circle else t[peak]
        cycle = Cycle(float(t[start]), float(middle), float(t[end]), float(np.ptp(off[start : end + 1])), complete)
        self._rows = self._rows[end:]
        self._fresh = False
        return cycle

    def _still(self, path: Path, s: Array) -> bool:
        t = path[0]
        half = max(float(np.abs(s).max()), self.swing / 2)
        for seconds in (STILL_HOME_S, STILL_S):
            recent = s[t >= t[-1] - seconds]
            near = seconds == STILL_S or abs(recent[-1]) <= SETTLED * half
            if t[-1] - t[0] >= seconds and near and np.ptp(recent) <= QUIET * self.swing:
                return True
        return False

    def _find_home(self, path: Path, s: Array) -> None:
        """Move home where the body has not been for long: a foot has stepped, or the seat has shifted."""
        t, x, y = path
        recent = t >= t[-1] - ASTRAY_S
        side = s[recent]
        if t[-1] - t[0] >= ASTRAY_S and (side.min() > 0 or side.max() < 0) and np.ptp(side) >= self.swing:
            self.home = (float(x[recent].max() + x[recent].min()) / 2, float(y[recent].max() + y[recent].min()) / 2)

    def _stop(self) -> list[Cycle]:
        """End the movement: where it came to rest is home."""
        out: list[Cycle] = []
        t, x, y = self._path()
        s, _ = self._line(x, y)
        last = t >= t[-1] - SETTLED_S
        half = max(float(np.abs(s).max()), self.swing / 2)
        if np.ptp(s[last]) <= QUIET * self.swing and abs(float(np.median(s[last]))) <= SETTLED * half:
            self.home = (float(np.median(x[last])), float(np.median(y[last])))
            found = self._complete((t, x, y), self._line(x, y), ARRIVED)
            if found is not None:
                out.append(found)
        out += self._rest_of_circle()
        rows = self._rows[-1:]
        self.reset()
        self._rows = rows
        return out

    def _rest_of_circle(self) -> list[Cycle]:
        """Return the circle under way when the movement ends, if enough of it was made."""
        t, x, y = self._path()
        oval = self._oval
        if oval is None and max(abs(roundness(x, y)), abs(part_roundness(x, y))) >= self.round_ratio:
            oval = _Oval.fit(x, y)
        off = self._off_home(x, y)
        if oval is None or np.ptp(off) < self.swing / 2:
            return []
        turned, on = self._turned(oval, x, y)
        if not len(on) or turned.max() < BROKEN_TURN:
            return []
        arrived = np.flatnonzero(off[on[-1] :] <= ARRIVED * off.max())
        end = int(on[-1] + arrived[0]) if len(arrived) else len(t) - 1
        return [self._cut(t, off, _departed(off), end, circle=True, complete=bool(turned.max() >= WHOLE_TURN))]
