"""Movements outside the routine, and exercises taken for others: nothing may be counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .faults import reported_faults
from .labels import Truth
from .score import ClipScore, Taken


def taken(report: Mapping[str, Any], truth: Truth, as_: str) -> Taken:
    """Say what a report makes of a movement that is none of its exercise's."""
    reps = report.get("reps") or []
    total = (report.get("counts") or {}).get("total")
    counted = sum(bool(r.get("counted")) for r in reps) if total is None else int(total)
    named = report.get("exercise")
    ids = reported_faults(report)
    return Taken(
        as_,
        as_ in truth.tempting or (truth.exercise is None and not truth.tempting),
        named,
        counted,
        0 if named in truth.attempts_ok else len(reps),
        tuple(sorted(ids)),
        tuple(sorted(ids & truth.never)),
    )


def outside_score(truth: Truth, as_each: tuple[Taken, ...], auto: Taken | None) -> ClipScore:
    """Return the score of a movement outside the routine, judged as exercises and by ``auto``."""
    nearest = [t for t in as_each if t.tempting] or list(as_each)
    return ClipScore(
        clip=truth.clip,
        exercise=None,
        kind=truth.kind,
        sure=truth.sure,
        outside=True,
        view=truth.view,
        may_refuse=truth.refusal == "fine",
        never=tuple(sorted({i for t in nearest for i in t.never})),
        taken=as_each,
        auto=auto,
        why=tuple(_reasons(as_each, auto)),
    )


def _reasons(as_each: tuple[Taken, ...], auto: Taken | None) -> Iterator[str]:
    for t in as_each:
        what = [f"{t.counted} counted"] if t.counted else []
        what += [f"{t.listed} attempts listed"] if t.listed and t.tempting and not t.counted else []
        what += [f"faults that must never be named: {', '.join(t.never)}"] if t.never and t.tempting else []
        if what:
            yield f"as {t.as_}{' (near)' if t.tempting else ''}: {'; '.join(what)}"
    if auto is not None and auto.named is not None:
        yield f"auto: taken for {auto.named}, {auto.counted} counted"
