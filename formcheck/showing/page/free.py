"""Of which faults a report is free: those that were judged and stayed under their limits all the time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from formcheck.judging.rules.checks import Check
from formcheck.judging.rules.exercise import Exercise
from formcheck.judging.rules.score import rank

from .curves import values_of
from .table import Mask, MeasuresTable, spans


@dataclass(frozen=True)
class Free:
    """What may be said of the faults that are not reported.

    Attributes
    ----------
    free : tuple of str
        Ids of those that were judged and never beyond a limit.
    explained : tuple of (id, id)
        Those that were beyond it for long, and the reported fault that explains each.
    """

    free: tuple[str, ...] = ()
    explained: tuple[tuple[str, str], ...] = ()


def free_of(report: Mapping[str, Any], exercise: Exercise, table: MeasuresTable) -> Free:
    """Return of which faults a report is free, and which it leaves out because another explains them."""
    reported = {f["id"] for f in report["faults"]}
    unknown = " ".join(n for n in report["notes"] if n.startswith("Could not judge"))
    free, explained = [], []
    for fault in dict.fromkeys(c.id for c in exercise.checks if c.signal and c.id not in reported):
        checks = [c for c in exercise.checks if c.id == fault and c.signal]
        judged = [_beyond(report, exercise, table, c) for c in checks]
        if not any(known for known, _ in judged) or f" {fault}:" in unknown:
            continue
        if not any(out.any() for _, out in judged):
            free.append(fault)
            continue
        long = [s for c, (_, out) in zip(checks, judged, strict=True) for s in spans(table.t, out, c.dwell_s)]
        cause = _cause(report, long) if not any(c.passing for c in checks) else None
        if cause is not None:
            explained.append((fault, cause))
    return Free(tuple(free), tuple(explained))


def _beyond(report: Mapping[str, Any], exercise: Exercise, table: MeasuresTable, check: Check) -> tuple[bool, Mask]:
    """Return whether a check was judged at all, and where its measure was beyond the limit."""
    nowhere = np.zeros(len(table.t), bool)
    limit = report["limits"].get(check.limit)
    v = values_of(table, check.signal, exercise.views, relative=check.relative)
    if v is None or limit is None:
        return False, nowhere
    on = np.isin(np.array(table.phase, dtype=object), list(check.phases)) & np.isfinite(v)
    out = on & (check.excess(v, limit) > 0)
    return bool(on.any()), out


def _cause(report: Mapping[str, Any], stretches: list[tuple[float, float]]) -> str | None:
    """Return the gravest fault of the repetitions in which something was beyond its limit."""
    severity = {f["id"]: rank(f["severity"]) for f in report["faults"]}
    found = [
        f["id"]
        for r in report["reps"]
        if any(a < r["end_s"] and b > r["start_s"] for a, b in stretches)
        for f in r["faults"]
    ]
    return min(found, key=lambda f: severity.get(f, rank("")), default=None)
