"""Right, wrong and missed, by fault id."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Hits:
    """Things found rightly (tp), reported wrongly (fp) and missed (fn)."""

    tp: int = 0
    fp: int = 0
    fn: int = 0

    def __add__(self, other: Hits) -> Hits:
        return Hits(self.tp + other.tp, self.fp + other.fp, self.fn + other.fn)

    @property
    def precision(self) -> float | None:
        """Share of the reported that is right; None if nothing was reported."""
        return self.tp / (self.tp + self.fp) if self.tp + self.fp else None

    @property
    def recall(self) -> float | None:
        """Share of the true that was found; None if there was nothing to find."""
        return self.tp / (self.tp + self.fn) if self.tp + self.fn else None

    @property
    def f1(self) -> float | None:
        """Harmonic mean of precision and recall; None if there was nothing to find and nothing reported."""
        n = 2 * self.tp + self.fp + self.fn
        return 2 * self.tp / n if n else None


def tally(
    true: Iterable[str], got: Iterable[str], also_ok: Iterable[str] = (), may_withhold: Iterable[str] = ()
) -> dict[str, Hits]:
    """Return hits by fault id.

    A reported id in ``also_ok`` that is not true counts for nothing, nor does a true one in ``may_withhold`` that is
    not reported.
    """
    true, got = set(true), set(got)
    wrong, missed = got - true - set(also_ok), true - got - set(may_withhold)
    told = wrong | missed | (true & got)
    return {i: Hits(int(i in true & got), int(i in wrong), int(i in missed)) for i in sorted(told)}


def add_hits(parts: Iterable[Mapping[str, Hits]]) -> dict[str, Hits]:
    """Add up hits by id."""
    out: dict[str, Hits] = {}
    for part in parts:
        for i, h in part.items():
            out[i] = out.get(i, Hits()) + h
    return dict(sorted(out.items()))
