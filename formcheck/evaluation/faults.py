"""The faults in a report against the true ones: of the clip as a whole, and attempt by attempt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from .attempts import AttemptPairs
from .hits import Hits, add_hits, tally
from .labels import Truth
from .score import ClipScore


def reported_faults(report: Mapping[str, Any]) -> frozenset[str]:
    """Return all fault ids in a report, of the clip and of its reps."""
    ids = {f["id"] for f in report.get("faults") or []}
    return frozenset(ids.union(*(ids_of(r) for r in report.get("reps") or [])))


def ids_of(rep: Mapping[str, Any]) -> set[str]:
    """Return the fault ids of an attempt."""
    return {f["id"] for f in rep.get("faults") or []}


def faults_by_attempt(truth: Truth, pairing: AttemptPairs) -> dict[str, Hits] | None:
    """Return the faults of matched attempts, each attempt by itself."""
    reps = truth.reps or ()
    if not any(t.faults is not None for t in reps):
        return None
    of_reps = frozenset().union(*(t.faults or () for t in reps))
    anywhere = truth.also_ok | ((truth.faults or frozenset()) - of_reps)
    return add_hits(
        tally(t.faults or (), ids_of(g), anywhere | t.maybe, t.may_withhold | truth.may_withhold)
        for t, g in pairing.needed
    )


def excused(report: Mapping[str, Any], truth: Truth, pairing: AttemptPairs | None) -> frozenset[str]:
    """Return ids of ``never`` that are named of nothing but attempts that may be left out, where they may be."""
    out = set()
    for i in truth.never & truth.allowed:
        fine = [g for t, g in pairing.pairs if t.free and i in t.allowed] if pairing is not None else []
        named = [g for g in report.get("reps") or [] if i in ids_of(g)]
        if named and all(any(g is f for f in fine) for g in named):
            out.add(i)
    return frozenset(out)


def with_faults(score: ClipScore, truth: Truth, report: Mapping[str, Any], pairing: AttemptPairs | None) -> ClipScore:
    """Return a score with what it says of the faults of the clip."""
    got = reported_faults(report)
    true = truth.faults or frozenset()
    never = truth.never - excused(report, truth, pairing)
    allowed = truth.allowed - never
    hits = tally(true, got, allowed, truth.may_withhold)
    return replace(
        score,
        faults=hits,
        missing=tuple(i for i, h in hits.items() if h.fn),
        extra=tuple(i for i, h in hits.items() if h.fp),
        tolerated=tuple(sorted((got - true) & allowed)),
        never=tuple(sorted(got & never)),
        correct=not true,
    )
