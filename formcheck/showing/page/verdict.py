"""The verdict in plain words: what went well, the one thing to work on, and how."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from formcheck.judging.rules.exercise import Exercise
from formcheck.judging.rules.holding import SHORT_HOLD
from formcheck.judging.rules.score import rank

from .free import Free, free_of
from .table import Table
from .words import label, listed


@dataclass(frozen=True)
class Verdict:
    """What stands on top of the page.

    Attributes
    ----------
    headline : str
    tone : str
        ``good``, ``fault`` or ``none``: nothing to judge by.
    well : tuple of str
        What went well, sentence by sentence.
    focus : int or None
        Index in the report's faults of the one to work on.
    focus_name, why : str
        Its name, and what for.
    explained : tuple of str
        What was beyond its limit and is no fault of its own, sentence by sentence.
    """

    headline: str
    tone: str
    well: tuple[str, ...]
    focus: int | None
    focus_name: str
    why: str
    explained: tuple[str, ...] = ()


def verdict(report: Mapping[str, Any], exercise: Exercise | None, table: Table | None = None) -> Verdict:
    """Return the verdict of a report; without the measures nothing can be said of the faults that are not in it."""
    free = free_of(report, exercise, table) if exercise is not None and table is not None else Free()
    reps, faults = report["reps"], report["faults"]
    counted, tried = report["counts"]["total"], len(reps)
    k = _focus(faults)
    focus = faults[k]["id"] if k is not None else ""
    why = next((c.why for c in exercise.checks if c.id == focus), "") if exercise is not None else ""
    tone = "none" if not tried and k is None else "fault" if k is not None or counted < tried else "good"
    return Verdict(
        _headline(report, k), tone, tuple(_well(report, exercise, free)), k, label(focus), why, _explained(free)
    )


def _focus(faults: list[dict[str, Any]]) -> int | None:
    """Return the index of the fault that matters most: severe first, then in many repetitions, then long."""

    def order(i: int) -> tuple[float, ...]:
        f = faults[i]
        return rank(f["severity"]), -len(f["reps"]), -(f["seconds"] or 0)

    return min(range(len(faults)), key=order, default=None)


def _headline(report: Mapping[str, Any], focus: int | None) -> str:
    counted, tried = report["counts"]["total"], len(report["reps"])
    if not tried:
        return "No repetition was seen"
    if counted == 0:
        return "No repetition counted yet" if tried > 1 else "The repetition did not count yet"
    all_of = f"All {counted} repetitions counted" if tried > 1 else "The repetition counted"
    done = all_of if counted == tried else f"{counted} of {tried} repetitions counted"
    if focus is None and counted == tried:
        return f"{done}, nothing to correct"
    return f"{done}, one thing to work on" if focus is not None else done


def _share(n: int, of: int) -> str:
    if of == 1:
        return "The repetition"
    return f"All {n} repetitions" if n == of else f"{n} of {of} repetitions"


def _explained(free: Free) -> tuple[str, ...]:
    by: dict[str, list[str]] = {}
    for fault, cause in free.explained:
        by.setdefault(cause, []).append(label(fault))
    return tuple(
        f"Beyond the limit too, and explained by {listed([label(cause)])}: {listed(faults)}."
        for cause, faults in by.items()
    )


def _well(report: Mapping[str, Any], exercise: Exercise | None, free: Free) -> list[str]:
    reps, counts = report["reps"], report["counts"]
    out = []
    clean = sum(r["verdict"] == "good" for r in reps)
    if clean:
        out.append(_share(clean, len(reps)) + (" was without a fault." if len(reps) == 1 else " were without a fault."))
    elif counts["total"]:
        out.append(_share(counts["total"], len(reps)) + " counted.")
    if counts["left"] and counts["left"] == counts["right"]:
        out.append("Both sides did the same number.")
    ids = {f["id"] for f in report["faults"]}
    if exercise is not None and exercise.prescription.hold_s and counts["total"] and SHORT_HOLD not in ids:
        out.append("Held long enough every time." if counts["total"] > 1 else "Held long enough.")
    if reps and free.free:
        out.append(f"Free of these faults: {listed([label(name) for name in free.free])}.")
    return out
