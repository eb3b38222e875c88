"""How fast a movement was made: the time from a tenth to nine tenths of its way, read off an attempt's effort."""

from __future__ import annotations

from math import isnan

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

#: Shares of the way between which a movement is timed: its slow beginning and end drown in landmark noise.
FROM_SHARE, TO_SHARE = 0.1, 0.9
#: Samples above this share of the greatest effort belong to the end position.
TOP_SHARE = 0.8
#: Whole duration over the time from 10 % to 90 % for a movement of smooth effort ("minimum jerk", x = 10u^3 - 15u^4 +
#: 6u^5: Flash and Hogan 1985), and for one at an even speed.
SMOOTH_SCALE, EVEN_SCALE = 1.99, 1.25


def _crossing(t: Array, x: Array, level: float) -> float:
    """Time at which x first reaches *level*, between samples by straight lines; NaN if it never does."""
    above = np.flatnonzero(x >= level)
    if not len(above):
        return float("nan")
    k = int(above[0])
    if k == 0:
        return float(t[0])
    share = (level - x[k - 1]) / (x[k] - x[k - 1])
    return float(t[k - 1] + share * (t[k] - t[k - 1]))


def _passage(t: Array, x: Array, to_share: float, from_share: float) -> float:
    if len(x) < 3 or x.max() <= 0:
        return float("nan")
    top = float(np.median(x[x >= TOP_SHARE * x.max()]))
    late = _crossing(t, x, to_share * top)
    if isnan(late):
        return late
    # Backwards from there to the last moment below the first share.
    before = t <= late
    early = -_crossing(-t[before][::-1], -x[before][::-1], -from_share * top)
    return late - early


def travel_seconds(
    t: Array, x: Array, to_share: float = TO_SHARE, from_share: float = FROM_SHARE, after: float = 0.0
) -> tuple[float, float]:
    """Time from 10 % to 90 % of the way out, and from 90 % to 10 % of the way back.

    Parameters
    ----------
    t : (k,) array
        Seconds, rising, from rest to rest.
    x : (k,) array
        What moved, 0 at rest and growing towards the end position; NaN where unknown.
    to_share : float
        Instead of 90 %, where the end position is held and drifts: 75 % is safely before it.
    from_share : float
        Instead of 10 %.
    after : float
        What *x* is at rest afterwards, where that is another rest: the way back ends there.

    Returns
    -------
    (float, float)
        Seconds out and back; NaN where that part of the way was not seen.

    Examples
    --------
    >>> t = np.linspace(0, 4, 41)
    >>> out, back = travel_seconds(t, np.interp(t, [0, 1, 2, 4], [0, 1, 1, 0]))
    >>> round(out, 2), round(back, 2)
    (0.8, 1.6)
    """
    known = np.isfinite(x)
    t, x = np.asarray(t)[known], np.asarray(x)[known]
    return _passage(t, x, to_share, from_share), _passage(-t[::-1], x[::-1] - after, to_share, from_share)
