"""Counts, faults and score as measured, and beside them as a person corrected them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from formcheck.judging.rules.score import NOT_COUNTED_CAP, WEIGHTS
from formcheck.rounding import sig3

from .record import Review, SaidRep

#: What a fault costs at least, as a share of its severity's points: what presence alone costs in a measured score. A
#: person says that a fault is there, not how far it goes.
PRESENCE = 0.5
USUAL = "moderate"


@dataclass(frozen=True)
class Figures:
    """Counted repetitions and score of a report.

    Attributes
    ----------
    counted, left, right : int
    clean : int
        Counted without a certain fault.
    unsure : int
        Of which it was left open whether they count.
    score : float or None
    """

    counted: int
    left: int
    right: int
    clean: int
    unsure: int
    score: float | None


def measured(report: Mapping[str, Any]) -> Figures:
    """Return the figures as measured."""
    reps = report["reps"]
    counted = [r for r in reps if r["counted"]]
    return Figures(
        len(counted),
        sum(r["side"] == "left" for r in counted),
        sum(r["side"] == "right" for r in counted),
        sum(not r["faults"] for r in counted),
        0,
        report["score"],
    )


def corrected(report: Mapping[str, Any], review: Review, severity: Mapping[str, str]) -> Figures:
    """Return the figures as a person corrected them; of a repetition of which nothing was said, as measured.

    Parameters
    ----------
    report : mapping
    review : Review
    severity : mapping
        Severity of the exercise's faults by id.
    """
    said = {r.index: r for r in review.reps if r.index is not None}
    rows: list[tuple[bool | None, str | None, bool, float | None]] = []
    for rep in report["reps"]:
        mine = said.get(rep["index"])
        if mine is None:
            rows.append((rep["counted"], rep["side"], not rep["faults"], rep["score"]))
        elif mine.answer != "none":
            rows.append((mine.counted, mine.side, _clean(mine), _score(rep, mine, severity)))
    added = [r for r in review.reps if r.index is None]
    rows += [(r.counted, r.side, _clean(r), _score(None, r, severity)) for r in added]
    counted = [r for r in rows if r[0]]
    scores = [r[3] for r in rows if r[3] is not None]
    return Figures(
        len(counted),
        sum(r[1] == "left" for r in counted),
        sum(r[1] == "right" for r in counted),
        sum(r[2] for r in counted),
        sum(r[0] is None for r in rows),
        sig3(fmean(scores)) if scores else None,
    )


def _clean(said: SaidRep) -> bool:
    return not any(f.certainty == "certain" for f in said.faults)


def _score(rep: Mapping[str, Any] | None, said: SaidRep, severity: Mapping[str, str]) -> float | None:
    """Return a repetition's score after a person's changes; None where it is open whether it counts."""
    if said.counted is None:
        return None
    seen = {f.id: f.certainty for f in said.faults}
    had = {f["id"] for f in rep["faults"]} if rep is not None else set()
    if rep is not None and rep["score"] is None:
        return None
    raw = 100.0
    if rep is not None:
        raw = rep["score"] if rep["counted"] else rep["score"] * 100.0 / NOT_COUNTED_CAP
        raw += sum(_cost(i, severity) for i in had - set(seen))
    raw -= sum(_cost(i, severity) for i, how in seen.items() if how == "certain" and i not in had)
    raw = min(max(raw, 0.0), 100.0)
    return raw if said.counted else raw * NOT_COUNTED_CAP / 100.0


def _cost(fault: str, severity: Mapping[str, str]) -> float:
    return PRESENCE * WEIGHTS.get(severity.get(fault, USUAL), WEIGHTS[USUAL])
