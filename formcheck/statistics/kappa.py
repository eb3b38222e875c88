"""Agreement of two raters in categories: the share on which they agree, and kappa, which takes chance out of it.

A table counts the cases by what the first rater said (rows) and the second (columns). All functions take stacks of
tables, too: the last two axes are the table's.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
Weights = Literal["none", "linear", "quadratic"]


def disagreement(k: int, weights: Weights | ArrayLike = "none") -> Array:
    """Return how grave it is that one rater says the i-th category and the other the j-th: a (k, k) table.

    ``none``: any disagreement is as grave as any other; ``linear``: by the distance of the categories; ``quadratic``:
    by its square. A table of one's own is taken as it is.
    """
    if not isinstance(weights, str):
        own = np.asarray(weights, float)
        if own.shape != (k, k):
            raise ValueError(f"expected weights of shape {(k, k)}, got {own.shape}")
        return own
    apart = np.abs(np.subtract.outer(np.arange(k), np.arange(k))).astype(float)
    return {"none": (apart > 0).astype(float), "linear": apart, "quadratic": apart**2}[weights]


def agreement(table: ArrayLike) -> Array:
    """Return the share of cases in which both say the same; NaN without cases.

    >>> float(agreement([[15, 5], [10, 70]]))
    0.85
    """
    t = np.asarray(table, float)
    n = t.sum((-2, -1))
    with np.errstate(invalid="ignore", divide="ignore"):
        same: Array = np.trace(t, axis1=-2, axis2=-1) / n
    return same


def kappa(table: ArrayLike, weights: Weights | ArrayLike = "none") -> Array:
    """Return Cohen's kappa: 1 is agreement in every case, 0 what chance would give.

    Parameters
    ----------
    table : (..., k, k) array
    weights : str or (k, k) array
        For weighted kappa: see :func:`disagreement`.

    Returns
    -------
    (...) array
        NaN where chance alone would make them agree in every case (both say one and the same category throughout):
        nothing can be told then.

    References
    ----------
    Cohen, J. (1960). A coefficient of agreement for nominal scales. Educ Psychol Meas 20, 37-46.
    Cohen, J. (1968). Weighted kappa. Psychol Bull 70, 213-220.

    Examples
    --------
    >>> round(float(kappa([[15, 5], [10, 70]])), 3)
    0.571
    """
    t = np.asarray(table, float)
    w = disagreement(t.shape[-1], weights)
    n = t.sum((-2, -1), keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        p = t / n
        expected = p.sum(-1)[..., :, None] * p.sum(-2)[..., None, :]
        by_chance = (w * expected).sum((-2, -1))
        out: Array = np.where(by_chance > 1e-12, 1.0 - (w * p).sum((-2, -1)) / by_chance, np.nan)
    return out


def prevalence(table: ArrayLike, category: int = -1) -> Array:
    """Return the mean of the shares in which each rater said a category; NaN without cases."""
    t = np.asarray(table, float)
    with np.errstate(invalid="ignore", divide="ignore"):
        share: Array = (t.sum(-1)[..., category] + t.sum(-2)[..., category]) / (2 * t.sum((-2, -1)))
    return share


def tabulate(pairs: ArrayLike, k: int) -> Array:
    """Return the (k, k) table of pairs of categories, numbered from 0.

    >>> tabulate([(0, 0), (1, 0), (1, 1)], 2)
    array([[1., 0.],
           [1., 1.]])
    """
    table = np.zeros((k, k))
    both = np.asarray(pairs, int).reshape(-1, 2)
    np.add.at(table, (both[:, 0], both[:, 1]), 1.0)
    return table
