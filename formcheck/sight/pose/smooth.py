"""Smoothing of landmarks in time, by time: no frame rate is assumed anywhere.

Two operators share one protocol, ``update(t, x) -> list[(t, x)]`` and ``flush()``: :class:`OneEuro` answers at once
(live), :class:`ZeroPhase` answers a little later and shifts nothing in time (recorded video). Both keep gaps as gaps:
NaN in gives NaN out, and nothing is carried across a gap longer than a blink.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Timed = tuple[float, Array]

#: Frames further apart than this (s) are not smoothed together.
MAX_GAP_S = 0.35
#: Samples for which :class:`ZeroPhase` has room at first; it needs 14 at 30 a second.
_ROOM = 64


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
        self._held: list[float] = []
        #: Whether all of a held sample is known.
        self._whole: list[bool] = []
        #: The samples themselves, one after the other in one block from *_at* on, so that a run of them is a view.
        self._block: Array | None = None
        self._at = 0
        self._next = 0  # index in _held of the next sample to give out

    def update(self, t: float, x: Array) -> list[Timed]:
        """Take the array at time *t* (s) and return those that are ready."""
        self._hold(t, np.asarray(x, dtype=np.float64))
        out = []
        while self._next < len(self._held) and self._held[self._next] <= t - self.lag_s:
            out.append(self._give())
        return out

    def flush(self) -> list[Timed]:
        """Return the samples that waited for what comes after them."""
        out = []
        while self._next < len(self._held):
            out.append(self._give())
        return out

    def _hold(self, t: float, x: Array) -> None:
        n = len(self._held)
        if self._block is None:
            self._block = np.empty((_ROOM, *x.shape))
        if self._at + n == len(self._block):
            # No room behind: move to the front, of a larger block where it is too small.
            old = self._block[self._at : self._at + n]
            self._block = self._block if 2 * n <= len(self._block) else np.empty((4 * n, *x.shape))
            self._block[:n] = old
            self._at = 0
        self._block[self._at + n] = x
        self._held.append(t)
        self._whole.append(bool(np.isfinite(x).all()))

    def _give(self) -> Timed:
        assert self._block is not None
        held, t0 = self._held, self._held[self._next]
        old = 0
        while held[old] < t0 - self.lag_s:
            old += 1
        if old:
            del held[:old], self._whole[:old]
            self._at += old
            self._next -= old
        # Only the unbroken run of samples around t0 counts.
        lo = hi = self._next
        while lo > 0 and held[lo] - held[lo - 1] <= MAX_GAP_S:
            lo -= 1
        until = t0 + self.lag_s
        while hi + 1 < len(held) and held[hi + 1] <= until and held[hi + 1] - held[hi] <= MAX_GAP_S:
            hi += 1
        x0 = self._block[self._at + self._next]
        self._next += 1
        if lo == hi:
            return t0, x0.copy()
        xs = self._block[self._at + lo : self._at + hi + 1]
        w = np.exp(-0.5 * ((np.array(held[lo : hi + 1]) - t0) / self.sigma_s) ** 2)
        if all(self._whole[lo : hi + 1]):
            return t0, np.dot((w / w.sum())[None], xs.reshape(len(xs), -1)).reshape(x0.shape)
        ok = np.isfinite(xs)
        ww = w.reshape(-1, *([1] * (xs.ndim - 1))) * ok
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = (ww * np.where(ok, xs, 0.0)).sum(0) / ww.sum(0)
        return t0, np.where(np.isfinite(x0), mean, np.nan)
