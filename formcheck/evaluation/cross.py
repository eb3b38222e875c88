"""Clips analysed as exercises that they do not show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .figures import Share


@dataclass(frozen=True)
class CrossScore:
    """A clip analysed as an exercise that it does not show.

    Attributes
    ----------
    quiet : bool
        No rep was counted and a note says that something does not fit.
    """

    clip: str
    true: str | None
    as_: str
    counted: int = 0
    notes: int = 0
    faults: int = 0
    failed: str | None = None

    @property
    def quiet(self) -> bool:
        """True if nothing was counted and a note was given."""
        return self.failed is None and self.counted == 0 and self.notes > 0


@dataclass(frozen=True)
class CrossEvaluation:
    """Scores of clips analysed as other exercises; failed ones are left out of the rates."""

    scores: tuple[CrossScore, ...]
    interrupted: bool = False

    def _rate(self, good: Callable[[CrossScore], bool]) -> Share:
        done = [s for s in self.scores if s.failed is None]
        return Share(sum(map(good, done)), len(done))

    @property
    def quiet(self) -> Share:
        """Analyses with no counted rep and a note."""
        return self._rate(lambda s: s.quiet)

    @property
    def uncounted(self) -> Share:
        """Analyses with no counted rep."""
        return self._rate(lambda s: s.counted == 0)

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON values, schema ``formcheck.cross/1``."""

        def rate(r: Share) -> dict[str, Any]:
            return {"value": None if r.value is None else round(r.value, 4), "hits": r.hits, "of": r.of}

        rows = [
            {"clip": s.clip, "true": s.true, "as": s.as_, "counted": s.counted, "notes": s.notes}
            | {"faults": s.faults, "failed": s.failed, "quiet": s.quiet}
            for s in self.scores
        ]
        return {
            "schema": "formcheck.cross/1",
            "interrupted": self.interrupted,
            "quiet": rate(self.quiet),
            "uncounted": rate(self.uncounted),
            "failed": sum(s.failed is not None for s in self.scores),
            "pairs": rows,
        }
