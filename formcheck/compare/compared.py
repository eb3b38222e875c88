"""A comparison as plain data, schema ``formcheck.comparison/1``; and what makes it less sure, in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from formcheck.coaching.history.queries import SetRecord
from formcheck.rounding import sig3
from formcheck.showing.page.language import Words
from formcheck.version import __version__

from .changes import Change, changes, fault_changes
from .cycles import PERCENT, Bundle, curves
from .subjects import Subject, pairs

SCHEMA = "formcheck.comparison/1"


def compare(first: Subject, second: Subject, kept: Sequence[SetRecord] = ()) -> dict[str, Any]:
    """Return all that a table, a page or another program shows of a comparison.

    Parameters
    ----------
    first, second : Subject
    kept : sequence of SetRecord
        What the history of the person holds of the exercise.

    Returns
    -------
    dict
        By the schema; see the documentation on comparing.
    """
    words = Words("en", first.report.exercise)
    return {
        "schema": SCHEMA,
        "formcheck": __version__,
        "exercise": first.report.exercise,
        "kind": "sides" if first.side is not None else "sessions",
        "first": _subject(first),
        "second": _subject(second),
        "changes": [_change(c, words) for c in changes(first, second, kept)],
        "faults": [
            {"id": f.fault, "first": f.first, "second": f.second, "state": f.state or None}
            for f in fault_changes(first, second)
        ],
        "pairs": [
            [first.reps[i].index if i is not None else None, second.reps[j].index if j is not None else None]
            for i, j in pairs(first, second)
        ],
        "curves": [
            {
                "measure": c.plan.signal,
                "label": words.curve(c.plan.signal)[0],
                "unit": c.plan.unit,
                "percent": PERCENT.astype(int).tolist(),
                "first": bundle_data(c.first),
                "second": bundle_data(c.second),
            }
            for c in curves(first, second)
        ],
        "notes": notes(first, second, words),
    }


def _subject(s: Subject) -> dict[str, Any]:
    source = s.report.source
    return {
        "report": str(s.report.path),
        "name": s.report.stem,
        "side": s.side,
        "recorded": source.recorded,
        "judged": s.report.created,
        "attempts": len(s.reps),
        "counted": sum(r.counted for r in s.reps),
        "film": str(s.film[0]) if s.film is not None else None,
    }


def _change(c: Change, words: Words) -> dict[str, Any]:
    return {
        "key": c.figure.key,
        "label": words.figure(c.figure.key),
        "unit": c.figure.unit,
        "better": c.figure.better,
        "first": c.first,
        "second": c.second,
        "repetitions": list(c.repetitions),
        "difference": c.difference,
        "least": c.least,
        "by": c.by,
        "tone": c.tone,
    }


def bundle_data(b: Bundle) -> dict[str, Any]:
    """Return a bundle without its single repetitions as plain data; None = not measured."""
    known = ([sig3(x) for x in values] for values in b.band)
    return {"repetitions": b.n, **dict(zip(("middle", "least", "most"), known, strict=True))}


def notes(first: Subject, second: Subject, words: Words) -> list[str]:
    """Return what makes the comparison less sure, in the words' language."""
    a, b = first.report, second.report
    out = []
    if first.side is not None:
        return [words("compare.note-one-camera")] if a.view.kind == "side" and a.view.near_side else []
    if None not in (a.source.recorded, b.source.recorded) and str(a.source.recorded) > str(b.source.recorded):
        out.append(words("compare.note-order"))
    if (a.view.kind, a.view.near_side) != (b.view.kind, b.view.near_side):
        out.append(words("compare.note-view"))
    if not set(first.sides) & set(second.sides) and (first.sides or second.sides):
        both = [" + ".join(words.word(x) for x in s.sides) or "–" for s in (first, second)]
        out.append(words("compare.note-sides", first=both[0], second=both[1]))
    elif first.sides and (first.left_out or second.left_out):
        out.append(words("compare.note-only", side=words.word(first.sides[0])))
    moved = [k for k, x in a.limits.items() if k in b.limits and b.limits[k] != x]
    if moved:
        out.append(words("compare.note-limits", names=", ".join(moved)))
    if a.formcheck != b.formcheck:
        out.append(words("compare.note-version", first=a.formcheck, second=b.formcheck))
    return out
