"""Smoothing of landmarks in time, by time: no frame rate is assumed anywhere.

Two operators share one protocol, ``update(t, x) -> list[(t, x)]`` and ``flush()``: :class:`OneEuro` answers at once
(live), :class:`ZeroPhase` answers a little later and shifts nothing in time (recorded video). Both keep gaps as gaps:
NaN in gives NaN out, and nothing is carried across a gap longer than a blink.
"""

from __future__ import annotations

from collections import deque
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Timed = tuple[float, Array]

#: Frames further apart than this (s) are not smoothed together.
MAX_GAP_S = 0.35


class Smoother(Protocol):
    """A streaming filter of arrays in time."""

    def update(self, t: float, x: Array) -> list[Timed]:
        """Take the sample at time *t* and return the samples that are ready."""
        ...

    def flush(self) -> list[Timed]:
        """Return what is still held back."""
        ...


class OneEuro:
    """One Euro filter on real time steps, elementwise over an array.

    Parameters
    ----------
    min_cutoff_hz : float
        Cut-off at rest: lower is calmer.
    beta : float
        How much the cut-off rises with speed, Hz per (unit/s).
    derivative_cutoff_hz : float

    References
    ----------
    Casiez, Roussel, Vogel: 1 euro filter, CHI 2012.

    Examples
    --------
    >>> f = OneEuro(1.0, 0.0)
    >>> f.update(0.0, np.array([1.0]))[0][1].tolist()
    [1.0]
    """

    def __init__(self, min_cutoff_hz: float = 1.2, beta: float = 0.02, derivative_cutoff_hz: float = 1.0) -> None:
        self.min_cutoff_hz, self.beta, self.derivative_cutoff_hz = min_cutoff_hz, beta, derivative_cutoff_hz
        self._t: float | None = None
        self._x: Array | None = None
        self._raw: Array | None = None
        self._dx: Array | None = None

    @staticmethod
    def _alpha(dt: float, cutoff: Array | float) -> Array | float:
        tau = 1.0 / (2 * np.pi * cutoff)
        return 1.0 / (1.0 + tau / dt)

    def update(self, t: float, x: Array) -> list[Timed]:
        """Take the array at time *t* (s) and return it smoothed."""
        x = np.asarray(x, dtype=np.float64)
        if self._t is None or self._x is None or self._dx is None or self._raw is None or t - self._t > MAX_GAP_S:
            self._t, self._x, self._raw, self._dx = t, x.copy(), x.copy(), np.zeros_like(x)
            return [(t, x.copy())]
        dt = max(t - self._t, 1e-6)
        fresh = ~np.isfinite(self._x)
        dx = np.where(np.isfinite(x - self._raw), (x - self._raw) / dt, 0.0)
        a = self._alpha(dt, self.derivative_cutoff_hz)
        self._dx = a * dx + (1 - a) * self._dx
        a = self._alpha(dt, self.min_cutoff_hz + self.beta * np.abs(self._dx))
        y = np.where(fresh, x, a * x + (1 - a) * np.where(fresh, 0.0, self._x))
        self._t, self._x, self._raw = t, y, x
        return [(t, y.copy())]

    def flush(self) -> list[Timed]:
        """Return nothing: nothing is held back."""
        return []


class ZeroPhase:
    """Gaussian-weighted mean of the samples around each moment, given out *lag* seconds later.

    Symmetric in time, so events do not move; constant memory, so a file may be as long as it likes.

    Parameters
    ----------
    sigma_s : float
        Standard deviation of the weights. 0.09 s passes 93 % of a 0.5 Hz movement's swing (a rep every 2 s) and
        takes jitter of single frames down to a third at 15 frames/s.
    """

    def __init__(self, sigma_s: float = 0.09) -> None:
        self.sigma_s = sigma_s
        self.lag_s = 2.5 * sigma_s
        self._held: deque[Timed] = deque()
        self._next = 0  # index in _held of the next sample to give out

    def update(self, t: float, x: Array) -> list[Timed]:
        """Take the array at time *t* (s) and return those that are ready."""
        self._held.append((t, np.asarray(x, dtype=np.float64)))
        out = []
        while self._next < len(self._held) and self._held[self._next][0] <= t - self.lag_s:
            out.append(self._give())
        return out

    def flush(self) -> list[Timed]:
        """Return the samples that waited for what comes after them."""
        out = []
        while self._next < len(self._held):
            out.append(self._give())
        return out

    def _give(self) -> Timed:
        t0, x0 = self._held[self._next]
        while self._held[0][0] < t0 - self.lag_s:
            self._held.popleft()
            self._next -= 1
        near = [(t, x) for t, x in self._held if t <= t0 + self.lag_s]
        # Only the unbroken run of samples around t0 counts.
        lo = hi = self._next
        while lo > 0 and near[lo][0] - near[lo - 1][0] <= MAX_GAP_S:
            lo -= 1
        while hi + 1 < len(near) and near[hi + 1][0] - near[hi][0] <= MAX_GAP_S:
            hi += 1
        self._next += 1
        if lo == hi:
            return t0, x0
        ts = np.array([t for t, _ in near[lo : hi + 1]])
        xs = np.stack([x for _, x in near[lo : hi + 1]])
        w = np.exp(-0.5 * ((ts - t0) / self.sigma_s) ** 2)
        if np.isfinite(xs).all():
            return t0, np.tensordot(w / w.sum(), xs, axes=1)
        ok = np.isfinite(xs)
        ww = w.reshape(-1, *([1] * (xs.ndim - 1))) * ok
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = (ww * np.where(ok, xs, 0.0)).sum(0) / ww.sum(0)
        return t0, np.where(np.isfinite(x0), mean, np.nan)
