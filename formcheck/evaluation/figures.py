"""Shares and means that know what they are of."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Share:
    """A share, with what it is a share of."""

    hits: int
    of: int

    @property
    def value(self) -> float | None:
        """The share; None of nothing."""
        return self.hits / self.of if self.of else None


@dataclass(frozen=True)
class Mean:
    """A mean with the number of values in it; None of nothing."""

    value: float | None
    n: int

    @classmethod
    def of(cls, values: Iterable[float]) -> Mean:
        """Return the mean of values; the order of the values makes no difference to the last bit."""
        v = [float(x) for x in values]
        return cls(math.fsum(v) / len(v) if v else None, len(v))
