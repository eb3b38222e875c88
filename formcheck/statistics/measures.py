"""Two measurements of the same things: bias, limits of agreement, intraclass correlation, error of measurement."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .change import least_change
from .rates import Z95

Array = NDArray[np.float64]


@dataclass(frozen=True)
class AgreementLimits:
    """Bias and 95 % limits of agreement of two methods, each with its 95 % interval.

    Attributes
    ----------
    n : int
    bias, sd : float
        Mean and standard deviation of the differences, second minus first.
    lower, upper : float
        Between these lie the differences of 95 of 100 cases.
    bias_low, bias_high, lower_low, lower_high, upper_low, upper_high : float
        Intervals of the bias and of each limit.
    """

    n: int
    bias: float
    sd: float
    lower: float
    upper: float
    bias_low: float
    bias_high: float
    lower_low: float
    lower_high: float
    upper_low: float
    upper_high: float


def limits_of_agreement(first: ArrayLike, second: ArrayLike, z: float = Z95) -> AgreementLimits:
    """Return bias and limits of agreement of two methods that measured the same cases.

    Parameters
    ----------
    first, second : (n,) array
        At least two cases.
    z : float
        Half-width of the limits in standard deviations.

    References
    ----------
    Bland, J. M., Altman, D. G. (1986). Lancet i, 307-310: the intervals by the standard errors s/sqrt(n) and
    s sqrt(3/n).
    """
    from scipy.stats import t as student

    d = np.asarray(second, float) - np.asarray(first, float)
    n = len(d)
    if n < 2:
        raise ValueError(f"expected two cases at least, got {n}")
    bias, sd = float(d.mean()), float(d.std(ddof=1))
    q = float(student.ppf(0.975, n - 1))
    of_bias, of_limit = q * sd / math.sqrt(n), q * sd * math.sqrt(3.0 / n)
    lower, upper = bias - z * sd, bias + z * sd
    return AgreementLimits(
        n, bias, sd, lower, upper, bias - of_bias, bias + of_bias,
        lower - of_limit, lower + of_limit, upper - of_limit, upper + of_limit,
    )  # fmt: skip


@dataclass(frozen=True)
class Reliability:
    """How far measurements tell cases apart, and how much they err.

    Attributes
    ----------
    n, k : int
        Cases and measurements of each.
    icc : float
        ICC(2,1): of single measurements, absolute agreement, raters drawn at random.
    low, high : float
        Its 95 % interval.
    sem : float
        Standard error of measurement, in the unit measured: the root of the mean square of the error.
    mdc95 : float
        A change smaller than this may be error of measurement alone.
    """

    n: int
    k: int
    icc: float
    low: float
    high: float
    sem: float
    mdc95: float


def reliability(values: ArrayLike) -> Reliability:
    """Return ICC(2,1), the standard error of measurement and the least detectable change.

    Parameters
    ----------
    values : (n, k) array
        A row a case, a column a rater (or method); at least two of each, nothing missing.

    References
    ----------
    Shrout, P. E., Fleiss, J. L. (1979). Psychol Bull 86, 420-428; interval: McGraw, K. O., Wong, S. P. (1996). Psychol
    Methods 1, 30-46; error and change: Weir, J. P. (2005). J Strength Cond Res 19, 231-240.
    """
    from scipy.stats import f

    x = np.asarray(values, float)
    n, k = x.shape
    if n < 2 or k < 2:
        raise ValueError(f"expected two cases and two measurements at least, got {n} and {k}")
    mean = x.mean()
    of_rows = k * float(((x.mean(1) - mean) ** 2).sum()) / (n - 1)
    of_columns = n * float(((x.mean(0) - mean) ** 2).sum()) / (k - 1)
    rest = x - x.mean(1, keepdims=True) - x.mean(0, keepdims=True) + mean
    error = float((rest**2).sum()) / ((n - 1) * (k - 1))
    whole = of_rows + (k - 1) * error + k * (of_columns - error) / n
    icc = (of_rows - error) / whole if whole > 0 else math.nan
    low, high = math.nan, math.nan
    if error > 0 and icc < 1:
        a, b = k * icc / (n * (1 - icc)), 1 + k * icc * (n - 1) / (n * (1 - icc))
        free = (a * of_columns + b * error) ** 2 / (
            (a * of_columns) ** 2 / (k - 1) + (b * error) ** 2 / ((n - 1) * (k - 1))
        )
        lo, hi = float(f.ppf(0.975, n - 1, free)), float(f.ppf(0.975, free, n - 1))
        spread = k * of_columns + (k * n - k - n) * error
        low = n * (of_rows - lo * error) / (lo * spread + n * of_rows)
        high = n * (hi * of_rows - error) / (spread + n * hi * of_rows)
    sem = math.sqrt(error)
    return Reliability(n, k, icc, low, high, sem, least_change(sem))
