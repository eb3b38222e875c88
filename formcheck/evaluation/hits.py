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


def tally(true: Iterable[str], got: Iterable[str], also_ok: Iterable[str] = ()) -> dict[str, Hits]:
    """Return hits by fault id; a reported id in ``also_ok`` that was not acted counts for nothing."""
    true, got = set(true), set(got)
    wrong = got - true - set(also_ok)
    return {i: Hits(int(i in true & got), int(i in wrong), int(i in true - got)) for i in sorted(true | wrong)}


def add_hits(parts: Iterable[Mapping[str, Hits]]) -> dict[str, Hits]:
    """Add up hits by id."""
    out: dict[str, Hits] = {}
    for part in parts:
        for i, h in part.items():
            out[i] = out.get(i, Hits()) + h
    return dict(sorted(out.items()))
