"""What a person said of a report, in words for its page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from formcheck.judging.rules.exercise import Exercise

from ..review.corrected import corrected, measured
from ..review.record import Review
from .words import label

_ANSWERS = {"confirmed": "as measured", "changed": "changed", "none": "no attempt at all", "added": "not in the report"}
_SEEN = {"certain": "it is there", "possible": "possible", "none": "it is not there"}
_COUNTED = {True: "yes", False: "no", None: "unsure"}


@dataclass(frozen=True)
class SaidRow:
    """A line of the table: a repetition, or a fault of the whole film."""

    name: str
    at: float | None
    answer: str
    counted: str
    faults: str
    note: str
    by: str


@dataclass(frozen=True)
class Said:
    """All of it: ``figures`` are names with the value as measured and as corrected."""

    by: str
    changed: str
    note: str | None
    figures: tuple[tuple[str, str, str], ...]
    rows: tuple[SaidRow, ...]

    @property
    def changes(self) -> tuple[tuple[str, str, str], ...]:
        """The figures that a correction changed."""
        return tuple(f for f in self.figures if f[1] != f[2])


def said_of(
    report: Mapping[str, Any], review: Review, exercise: Exercise | None, fault: Callable[[str], str] = label
) -> Said:
    """Return what a review says, in words; *fault* gives the name of a fault."""
    severity = {c.id: c.severity for c in reversed(exercise.checks)} if exercise is not None else {}
    before = measured(report)
    after = corrected(report, review, severity | {f["id"]: f["severity"] for f in report["faults"]})
    unsure = f" (+{after.unsure} unsure)" if after.unsure else ""
    figures = [
        ("counted", str(before.counted), f"{after.counted}{unsure}"),
        ("without a fault", str(before.clean), str(after.clean)),
    ]
    if before.score is not None and after.score is not None:
        figures.append(("score", str(round(before.score)), str(round(after.score))))
    rows = [
        SaidRow(
            str(r.index) if r.index is not None else "added",
            r.start_s,
            _ANSWERS[r.answer],
            _COUNTED[r.counted] if r.answer != "none" else "–",
            ", ".join(fault(f.id) + (" (possible)" if f.certainty == "possible" else "") for f in r.faults) or "none",
            r.note or "",
            r.by,
        )
        for r in review.reps
    ]
    rows += [SaidRow(fault(f.id), None, _SEEN[f.certainty], "–", "–", f.note or "", f.by) for f in review.faults]
    return Said(review.by, review.changed[:10], review.note, tuple(figures), tuple(rows))
