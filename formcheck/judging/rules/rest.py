"""The rest before a movement: where the body was, and how much it trembled there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from statistics import median

import numpy as np

#: Standard deviation of a normal variable over its median absolute deviation.
MAD_TO_SD = 1.4826


def medians(samples: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Return the median of every signal over samples, unknown values left out (NaN where all are unknown)."""
    out: dict[str, float] = {}
    names = list(samples[-1]) if samples else []
    if all(list(s) == names for s in samples):
        return dict(zip(names, _column_medians([list(s.values()) for s in samples]), strict=True))
    for name in names:
        known = [v for s in samples if (v := s.get(name, float("nan"))) == v]
        out[name] = median(known) if known else float("nan")
    return out


def _column_medians(rows: Sequence[Sequence[float]]) -> list[float]:
    """Return the median of each column, NaN left out."""
    if not rows or not rows[0]:
        return []
    table = np.sort(np.array(rows, dtype=np.float64), axis=0)  # NaN comes last
    known = (~np.isnan(table)).sum(0)
    columns = np.arange(table.shape[1])
    middle: list[float] = ((table[(known - 1) // 2, columns] + table[known // 2, columns]) / 2).tolist()
    return middle


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
