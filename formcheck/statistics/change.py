"""One measurement repeated on the same person: how much it varies by itself, and what change is more than that."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean

from .rates import Z95


@dataclass(frozen=True)
class Spread:
    """How much a measurement varies by itself.

    Attributes
    ----------
    sd : float
        Standard deviation within a group.
    free : int
        Degrees of freedom: measurements less groups.
    """

    sd: float
    free: int


def within(groups: Iterable[Sequence[float]]) -> Spread | None:
    """Return the standard deviation within groups of measurements that ought to be equal; None without repetition.

    References
    ----------
    Bland, J. M., Altman, D. G. (1996). Measurement error. BMJ 313, 744: the root of the mean variance within subjects.

    Examples
    --------
    >>> within([(1.0, 3.0), (5.0,)])
    Spread(sd=1.4142135623730951, free=1)
    """
    squares, free = 0.0, 0
    for group in groups:
        if len(group) > 1:
            mean = fmean(group)
            squares += math.fsum((x - mean) ** 2 for x in group)
            free += len(group) - 1
    return Spread(math.sqrt(squares / free), free) if free else None


def least_change(sd: float, before: float = 1.0, now: float = 1.0, z: float = Z95) -> float:
    """Return the least difference of two values that error alone makes in fewer than 5 of 100 cases.

    Parameters
    ----------
    sd : float
        Standard error of a single value.
    before, now : float
        Values of which each side is the mean.

    Examples
    --------
    >>> round(least_change(1.0), 3), round(least_change(1.0, 4, 4), 3)
    (2.772, 1.386)
    """
    return z * sd * math.sqrt(1.0 / before + 1.0 / now)
