"""Which reported rep is which true one: matching by overlap in time, and the allowance for holds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

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


def assign(fit: NDArray[np.float64], first: Sequence[bool]) -> dict[int, int]:
    """Pair rows and columns one to one: most pairs of the rows that go first, most of the others, then the best fit.

    Parameters
    ----------
    fit : (m, n) array
        How well row i fits column j, up to 1; 0: not at all, so that they are never paired.
    first : (m,) sequence of bool
        Rows that go before the others.

    Returns
    -------
    dict
        Row -> column. The assignment is the optimal one (Hungarian method; Kuhn 1955, scipy's
        ``linear_sum_assignment``).
    """
    if not fit.any():
        return {}
    from scipy.optimize import linear_sum_assignment

    # A pair gains more than all fits together, and one of a row that goes first more than all pairs of others.
    n = fit.shape[1] + 1.0
    worth = np.where(np.asarray(first, dtype=bool), n * n, n).reshape(-1, 1)
    rows, columns = linear_sum_assignment(np.where(fit > 0, fit + worth, 0.0), maximize=True)
    return {int(i): int(j) for i, j in zip(rows, columns, strict=True) if fit[i, j] > 0}


def hold_error(true_s: float, measured_s: float, allowance_s: float = HOLD_ALLOWANCE_S) -> float:
    """Return how far, in seconds, a measured hold lies outside ``[true_s, true_s + allowance_s]``.

    >>> [round(hold_error(10.0, x), 3) for x in (9.5, 10.0, 10.8, 11.0)]
    [0.5, 0.0, 0.0, 0.2]
    """
    if measured_s < true_s:
        return true_s - measured_s
    # Rounding of decimal fractions must not turn the end of the allowance into an error.
    return max(0.0, round(measured_s - (true_s + allowance_s), 9))
