"""How numbers are rounded where they are stored: reports and the history."""

from __future__ import annotations

from math import floor, isfinite, log10


def sig3(x: float | None) -> float | None:
    """Round to three significant digits; NaN, infinities and None give None.

    >>> sig3(0.123456), sig3(1234.5), sig3(None), sig3(float("nan"))
    (0.123, 1230.0, None, None)
    """
    if x is None or not isfinite(x):
        return None
    return round(float(x), 2 - floor(log10(abs(x)))) if x else 0.0
