"""Intervals by drawing cases again with replacement (bootstrap), for anything that is worked out of summed tables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
#: Draws, and the seed: the same ratings give the same interval.
DRAWS, SEED = 4000, 20
#: Share of the draws for which a figure must be defined for an interval to be told.
DEFINED = 0.9


@dataclass(frozen=True)
class Estimate:
    """A figure with its 95 % interval.

    Attributes
    ----------
    value, low, high : float or None
        None where it is not defined.
    """

    value: float | None
    low: float | None = None
    high: float | None = None


def estimate(tables: ArrayLike, figure: Callable[[Array], Array], draws: int = DRAWS, seed: int = SEED) -> Estimate:
    """Return a figure of the sum of tables, with the percentile interval of the bootstrap.

    What belongs together (the repetitions of one film) is drawn together: a table each.

    Parameters
    ----------
    tables : (m, ...) array
        A table (or a stack of tables, for figures that compare) for each of the m things drawn.
    figure : callable
        Takes the summed table with any number of axes before, gives a value for each.
    draws, seed : int

    References
    ----------
    Efron, B., Tibshirani, R. J. (1993). An Introduction to the Bootstrap, chapters 8 and 13.
    """
    t = np.asarray(tables, float)
    m = len(t)
    if m == 0:
        return Estimate(None)
    value = float(figure(t.sum(0)))
    known = value if np.isfinite(value) else None
    if m < 2 or known is None:
        return Estimate(known)
    times = np.random.default_rng(seed).multinomial(m, np.full(m, 1.0 / m), size=draws).astype(float)
    drawn = figure(np.tensordot(times, t, axes=1))
    drawn = drawn[np.isfinite(drawn)]
    if len(drawn) < DEFINED * draws:
        return Estimate(known)
    low, high = np.quantile(drawn, (0.025, 0.975))
    # Where all draws are alike (two raters who never differ) they say nothing of how sure that is.
    if high - low < 1e-12:
        return Estimate(known)
    return Estimate(known, float(low), float(high))
