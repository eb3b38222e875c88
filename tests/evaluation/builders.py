"""Small truths and reports to score."""

from __future__ import annotations

from typing import Any

from formcheck.evaluation import Truth


def rep(start: float, end: float, **more: Any) -> dict[str, Any]:
    """A rep as it stands in a truth file or, with its faults as objects, in a report."""
    return {"start_s": start, "end_s": end, "counted": True, **more}


def fault(name: str) -> dict[str, Any]:
    return {"id": name}


def report(reps: list[dict[str, Any]], faults: tuple[str, ...] = (), **more: Any) -> dict[str, Any]:
    counts = {"total": sum(r["counted"] for r in reps)}
    return {
        "schema": "formcheck.report/1",
        "counts": counts,
        "reps": reps,
        "faults": [fault(f) for f in faults],
        **more,
    }


def perfect(truth: Truth) -> dict[str, Any]:
    """The report that says exactly what the truth says."""
    reps = [
        {
            "side": r.side,
            "block": r.block,
            "start_s": r.start_s,
            "end_s": r.end_s,
            "hold_s": r.hold_s,
            "counted": r.counted,
            "faults": [fault(i) for i in sorted(r.faults or ())],
        }
        for r in truth.reps or ()
    ]
    counts: dict[str, Any] = {"total": truth.count}
    blocks = {r.block for r in truth.reps or () if r.block}
    if blocks:
        counts["blocks"] = {b: sum(r.counted for r in truth.reps or () if r.block == b) for b in blocks}
    return {
        "schema": "formcheck.report/1",
        "exercise": truth.exercise,
        "counts": counts,
        "reps": reps,
        "faults": [fault(i) for i in sorted(truth.faults or ())],
    }
