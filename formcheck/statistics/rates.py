"""Shares with intervals: how many of the true ones were found, how many of the others left alone."""

from __future__ import annotations

import math
from dataclasses import dataclass

#: Half-width of a 95 % interval in standard errors.
Z95 = 1.959963984540054


@dataclass(frozen=True)
class Rate:
    """A share of cases.

    Attributes
    ----------
    found, of : int
    value : float or None
        None where there was no case.
    low, high : float or None
        95 % interval.
    """

    found: int
    of: int
    value: float | None
    low: float | None
    high: float | None


def rate(found: int, of: int, z: float = Z95) -> Rate:
    """Return a share with Wilson's interval, which holds for few cases and for shares of 0 and 1, too.

    References
    ----------
    Wilson, E. B. (1927). J Am Stat Assoc 22, 209-212; Newcombe, R. G. (1998). Stat Med 17, 857-872 (method 3).

    Examples
    --------
    >>> r = rate(81, 263)
    >>> round(r.low, 4), round(r.high, 4)
    (0.2553, 0.3662)
    """
    if not 0 <= found <= of:
        raise ValueError(f"expected a part of {of} cases, got {found}")
    if of == 0:
        return Rate(0, 0, None, None, None)
    p = found / of
    half = z * math.sqrt(p * (1 - p) / of + z * z / (4 * of * of))
    middle, scale = p + z * z / (2 * of), 1 + z * z / of
    return Rate(found, of, p, max((middle - half) / scale, 0.0), min((middle + half) / scale, 1.0))


@dataclass(frozen=True)
class Detection:
    """How a yes-or-no answer fares against a reference."""

    sensitivity: Rate
    specificity: Rate
    positive_value: Rate
    negative_value: Rate
    prevalence: Rate


def detection(both: int, missed: int, invented: int, neither: int) -> Detection:
    """Return sensitivity, specificity, predictive values and prevalence.

    Parameters
    ----------
    both : int
        Cases in which the reference and the answer say yes.
    missed : int
        The reference alone does.
    invented : int
        The answer alone does.
    neither : int
    """
    return Detection(
        rate(both, both + missed),
        rate(neither, neither + invented),
        rate(both, both + invented),
        rate(neither, neither + missed),
        rate(both + missed, both + missed + invented + neither),
    )
