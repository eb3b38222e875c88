"""The verdict in plain words: what went well, the one thing to work on, and how."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from formcheck.judging.rules.exercise import Exercise
from formcheck.judging.rules.holding import SHORT_HOLD
from formcheck.judging.rules.score import rank

from .free import Free, free_of
from .language import Words
from .table import MeasuresTable


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
    focus_name : str
        Its name.
    explained : tuple of str
        What was beyond its limit and is no fault of its own, sentence by sentence.
    """

    headline: str
    tone: str
    well: tuple[str, ...]
    focus: int | None
    focus_name: str
    explained: tuple[str, ...] = ()


def verdict(
    report: Mapping[str, Any], exercise: Exercise | None, table: MeasuresTable | None = None, words: Words | None = None
) -> Verdict:
    """Return the verdict of a report; without the measures nothing can be said of the faults that are not in it.

    Parameters
    ----------
    report : mapping
    exercise : Exercise or None
    table : MeasuresTable, optional
        The measures.
    words : Words, optional
        English unless given.
    """
    words = words if words is not None else Words("en", report["exercise"])
    free = free_of(report, exercise, table) if exercise is not None and table is not None else Free()
    reps, faults = report["reps"], report["faults"]
    counted, tried = report["counts"]["total"], len(reps)
    k = _focus(faults)
    name = words.fault(faults[k]["id"]) if k is not None else ""
    tone = "none" if not tried and k is None else "fault" if k is not None or counted < tried else "good"
    well = tuple(_well(report, exercise, free, words))
    return Verdict(_headline(report, k, words), tone, well, k, name, _explained(free, words))


def _focus(faults: list[dict[str, Any]]) -> int | None:
    """Return the index of the fault that matters most: severe first, then in many repetitions, then long."""

    def order(i: int) -> tuple[float, ...]:
        f = faults[i]
        return rank(f["severity"]), -len(f["reps"]), -(f["seconds"] or 0)

    return min(range(len(faults)), key=order, default=None)


def _headline(report: Mapping[str, Any], focus: int | None, words: Words) -> str:
    counted, tried = report["counts"]["total"], len(report["reps"])
    if not tried:
        return words.unseen
    if counted == 0:
        return words("verdict.zero-one" if tried == 1 else "verdict.zero", noun=words.noun(1))
    done = _share(words.it_counted, "verdict.all", "verdict.some", counted, tried, words)
    if focus is None and counted == tried:
        return words("verdict.clean", done=done)
    return words("verdict.focus", done=done) if focus is not None else done


def _share(one: str, all_of: str, some: str, n: int, of: int, words: Words) -> str:
    """Say how many of the repetitions there were: what is said of the one, or the texts of all or some of them."""
    if of == 1:
        return one
    if n == of:
        return words(all_of, n=n, noun=words.noun(n))
    return words(some, n=n, of=of, noun=words.noun_of(of))


def _explained(free: Free, words: Words) -> tuple[str, ...]:
    by: dict[str, list[str]] = {}
    for fault, cause in free.explained:
        by.setdefault(cause, []).append(words.fault(fault))
    return tuple(
        words("verdict.explained", cause=words.listed([words.fault(cause)]), faults=words.listed(faults))
        for cause, faults in by.items()
    )


def _well(report: Mapping[str, Any], exercise: Exercise | None, free: Free, words: Words) -> list[str]:
    reps, counts = report["reps"], report["counts"]
    out = []
    clean = sum(r["verdict"] == "good" for r in reps)
    if clean:
        one = words("verdict.clean-one")
        out.append(_share(one, "verdict.clean-all", "verdict.clean-some", clean, len(reps), words))
    elif counts["total"]:
        one = f"{words.it_counted}."
        out.append(_share(one, "verdict.counted-all", "verdict.counted-some", counts["total"], len(reps), words))
    if counts["left"] and counts["left"] == counts["right"]:
        out.append(words("verdict.both-sides"))
    ids = {f["id"] for f in report["faults"]}
    if exercise is not None and exercise.prescription.hold_s and counts["total"] and SHORT_HOLD not in ids:
        out.append(words("verdict.held" if counts["total"] > 1 else "verdict.held-one"))
    if reps and free.free:
        out.append(words("verdict.free", faults=words.listed([words.fault(name) for name in free.free])))
    return out
