"""Tidy tables of a report: its repetitions, a row each, and their faults."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from .rows import FaultRow, RepRow
from .table import Table

REP_COLUMNS = {
    "clip": "text", "exercise": "text", "rep": "int", "side": "text", "block": "text", "start_s": "float",
    "peak_s": "float", "end_s": "float", "hold_s": "float", "counted": "bool", "verdict": "text", "why": "text",
    "score": "float", "faults": "text",
}  # fmt: skip
FAULT_COLUMNS = {
    "clip": "text", "exercise": "text", "rep": "int", "side": "text", "fault": "text", "severity": "text",
    "from_s": "float", "to_s": "float", "seconds": "float", "worst": "float", "worst_s": "float", "limit": "float",
    "unit": "text", "cue": "text",
}  # fmt: skip


class Reported(Protocol):
    """What the tables are made of; a :class:`~formcheck.Report` is."""

    @property
    def stem(self) -> str:
        """Name of the clip."""

    @property
    def exercise(self) -> str | None:
        """Id of the exercise, if there was one."""

    @property
    def reps(self) -> Sequence[RepRow]:
        """All attempts."""

    @property
    def faults(self) -> Sequence[FaultRow]:
        """The faults of the whole session."""


def reps_table(report: Reported) -> Table:
    """Return a row a repetition, counted or not; the exercise's own measures as columns at the end."""
    own = list(dict.fromkeys(name for r in report.reps for name in r.measures))
    rows = []
    for r in report.reps:
        faults = " ".join(dict.fromkeys(f.id for f in r.faults)) or None
        head = (report.stem, report.exercise, r.index, r.side, r.block, r.start_s, r.peak_s, r.end_s, r.hold_s)
        tail = (r.counted, r.verdict, r.why, r.score, faults)
        rows.append((*head, *tail, *(r.measures.get(name) for name in own)))
    # A measure of the name of another column keeps apart from it.
    named = {f"measure_{n}" if n in REP_COLUMNS else n: "float" for n in own}
    return Table({**REP_COLUMNS, **named}, tuple(rows))


def faults_table(report: Reported) -> Table:
    """Return a row for each fault of each repetition, and one without ``rep`` for a fault between repetitions."""
    known = {f.id: f for f in report.faults}
    rows: list[tuple[Any, ...]] = []
    for r in report.reps:
        for f in r.faults:
            whole = known.get(f.id)
            said = (whole.severity, whole.cue) if whole is not None else (None, None)
            seconds = round(f.to_s - f.from_s, 2)
            head = (report.stem, report.exercise, r.index, r.side, f.id, said[0], f.from_s, f.to_s, seconds)
            rows.append((*head, f.worst, f.worst_s, f.limit, f.unit, said[1]))
    for w in report.faults:
        if not w.reps:
            where = (report.stem, report.exercise, None, None, w.id, w.severity, w.from_s, w.to_s, w.seconds)
            rows.append((*where, w.worst, w.worst_s, w.limit, w.unit, w.cue))
    return Table(FAULT_COLUMNS, tuple(sorted(rows, key=lambda row: (row[6], row[4]))))
