"""Which reported rep is which true one: matching by overlap in time, and the allowance for holds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

Interval = tuple[float, float]

#: Least overlap (intersection over union) of a true and a reported rep that are taken for the same one.
MIN_IOU = 0.5
#: A measured hold may exceed the true rest in the end position by the coming and going inside the limits, seconds.
HOLD_ALLOWANCE_S = 0.8


def iou(a: Interval, b: Interval) -> float:
    """Return intersection over union of two stretches of time (1 for the same, 0 for disjoint ones).

    >>> iou((0.0, 2.0), (1.0, 3.0))
    0.3333333333333333
    """
    if a == b:
        return 1.0
    both = min(a[1], b[1]) - max(a[0], b[0])
    either = max(a[1], b[1]) - min(a[0], b[0])
    return both / either if both > 0 else 0.0


def match(
    true: Sequence[Interval | None], got: Sequence[Interval | None], min_iou: float = MIN_IOU
) -> list[tuple[int, int]]:
    """Pair true and reported stretches of time one to one: most pairs first, then the largest total overlap.

    Parameters
    ----------
    true, got : sequences of (start, end) in seconds, or None for a rep without times
    min_iou : float
        Pairs with a smaller overlap are not taken.

    Returns
    -------
    list of (index in true, index in got)
        In the order of ``true``. The assignment is the optimal one (Hungarian method; Kuhn 1955, scipy's
        ``linear_sum_assignment``).
    """
    if not true or not got:
        return []
    overlap = np.array([[iou(a, b) if a and b else 0.0 for b in got] for a in true])
    fits = (overlap >= min_iou) & (overlap > 0)
    if not fits.any():
        return []
    from scipy.optimize import linear_sum_assignment

    # A pair that fits gains more than all overlaps together, so that no good pair is given up for a better one.
    gain = np.where(fits, overlap + min(len(true), len(got)), 0.0)
    rows, columns = linear_sum_assignment(gain, maximize=True)
    return [(int(i), int(j)) for i, j in zip(rows, columns, strict=True) if fits[i, j]]


def hold_error(true_s: float, measured_s: float, allowance_s: float = HOLD_ALLOWANCE_S) -> float:
    """Return how far, in seconds, a measured hold lies outside ``[true_s, true_s + allowance_s]``.

    >>> [round(hold_error(10.0, x), 3) for x in (9.5, 10.0, 10.8, 11.0)]
    [0.5, 0.0, 0.0, 0.2]
    """
    if measured_s < true_s:
        return true_s - measured_s
    # Rounding of decimal fractions must not turn the end of the allowance into an error.
    return max(0.0, round(measured_s - (true_s + allowance_s), 9))
