"""The rest before a movement: where the body was, and how much it trembled there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from statistics import median

#: Standard deviation of a normal variable over its median absolute deviation.
MAD_TO_SD = 1.4826


def medians(samples: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Return the median of every signal over samples, unknown values left out (NaN where all are unknown)."""
    out: dict[str, float] = {}
    for name in samples[-1] if samples else ():
        known = [v for s in samples if (v := s.get(name, float("nan"))) == v]
        out[name] = median(known) if known else float("nan")
    return out


def tremble(values: Iterable[float]) -> float:
    """Return the spread of values as a standard deviation, by the median absolute deviation; 0 where none is known.

    >>> round(tremble([0.0, 1.0, -1.0, 0.0, 100.0]), 4)
    1.4826
    """
    known = [v for v in values if v == v]
    if not known:
        return 0.0
    middle = median(known)
    return MAD_TO_SD * median(abs(v - middle) for v in known)
