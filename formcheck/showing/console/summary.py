"""A report in the terminal, in plain words."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from formcheck.judging.exercises import exercises
from formcheck.judging.rules.exercise import Exercise
from formcheck.judging.rules.records import Rep
from formcheck.shown import printable

from ..page.verdict import verdict

_MARK = {"good": "[green]good[/]", "fault": "[yellow]counted, with faults[/]", "not-counted": "[red]not counted[/]"}


#: Units in words, of one and of several; a ratio has none.
_UNITS = {
    "deg": ("degree", "degrees"),
    "deg/s": ("degree a second", "degrees a second"),
    "s": ("second", "seconds"),
    "torso": ("torso length", "torso lengths"),
    "leg": ("leg length", "leg lengths"),
    "1": ("", ""),
}


def in_words(x: float, unit: str) -> str:
    """Return a number with its unit in words; a fraction in percent.

    >>> in_words(57.9, "deg"), in_words(0.105, "fraction"), in_words(1.21, "1"), in_words(1.0, "s")
    ('57.9 degrees', '10.5 %', '1.21', '1 second')
    """
    if unit == "fraction":
        return f"{100 * x:.3g} %"
    one, many = _UNITS.get(unit, (unit, unit))
    return f"{x:g} {one if x == 1 else many}".strip()


def print_summary(report: dict[str, Any], out: str | Path | None = None, console: Console | None = None) -> None:
    """Print verdict, repetitions, faults with what to do, notes, and where the files are."""
    c = console or (Console(highlight=False) if sys.stdout.isatty() else Console(highlight=False, width=140))
    ex = exercises().get(report["exercise"])
    title = ex.title if ex is not None else report["exercise"] or "No exercise recognised"
    if report["recognised"] is not None and ex is not None:
        title += f" (recognised, confidence {report['recognised']['confidence']:.0%})"
    counts = report["counts"]
    n, tried = counts["total"], len(report["reps"])
    score = report["score"]
    c.print(
        f"[bold]{escape(title)}[/]: {n} of {tried} repetitions counted"
        + (f", score {score:g} of 100" if score is not None else "")
    )
    if tried:
        t = Table(box=None, pad_edge=False)
        for name in ("rep", "side", "from", "to", "hold", "verdict", "score", "faults"):
            t.add_column(name, justify="right" if name in ("rep", "from", "to", "hold", "score") else "left")
        for r in report["reps"]:
            ids = ", ".join(f["id"] for f in r["faults"])
            verdict = _MARK[r["verdict"]] + (f": {escape(r['why'])}" if r["why"] else "")
            t.add_row(
                str(r["index"]), r["side"] or "", f"{r['start_s']:.1f} s", f"{r['end_s']:.1f} s",
                f"{r['hold_s']:.1f} s" if r["hold_s"] else "",
                verdict, f"{r['score']:.0f}" if r["score"] is not None else "", escape(ids),
            )  # fmt: skip
        c.print(t)
    for f in report["faults"]:
        how = (
            f" (at worst {in_words(f['worst'], f['unit'])}, limit {in_words(f['limit'], f['unit'])})"
            if f["worst"] is not None and f["limit"] is not None
            else ""
        )
        c.print(f"  [red]✗[/] {escape(f['id'] + how)}: [bold]{escape(f['cue'])}[/]")
    for note in report["notes"]:
        c.print(f"  [dim]•[/] {escape(note)}")
    if out is not None:
        c.print(f"[dim]Files are in {escape(printable(str(out)))}[/]")


def print_rep(exercise: Exercise, rep: Rep) -> None:
    """Print one attempt as it happens."""
    side = f" ({rep.block or rep.side})" if rep.block or rep.side else ""
    faults = ", ".join(dict.fromkeys(f.id for f in rep.faults))
    why = f": {escape(rep.why)}" if rep.why else ""
    c = Console(highlight=False)
    end = f"  {escape(faults)}" if faults else ""
    line = f"{rep.start_s:7.1f} s  {exercise.id}{side}  {_MARK[rep.verdict]}{why}{end}"
    c.print(line, soft_wrap=True)


def print_workout(reports: list[dict[str, Any]], files: list[Path]) -> None:
    """Print what was done in a workout: a row a set, the one thing to work on, the reminder to stretch."""
    c = Console(highlight=False) if sys.stdout.isatty() else Console(highlight=False, width=140)
    if not reports:
        c.print("Nothing was done this time.")
        return
    t = Table(box=None, pad_edge=False)
    for name in ("exercise", "counted", "clean", "best hold", "score", "to work on"):
        t.add_column(name, justify="left" if name in ("exercise", "to work on") else "right")
    for r in reports:
        focus = verdict(r, None).focus
        reps = [x for x in r["reps"] if x["counted"]]
        clean = sum(x["verdict"] == "good" for x in reps)
        hold = max((x["hold_s"] or 0.0 for x in reps), default=0.0)
        t.add_row(
            r["exercise"],
            str(len(reps)),
            str(clean),
            f"{hold:.1f} s" if hold else "",
            f"{r['score']:.0f}" if r["score"] is not None else "",
            escape(r["faults"][focus]["cue"]) if focus is not None else "",
        )
    c.print(t)
    if any(x["counted"] for r in reports for x in r["reps"]):
        c.print("Now stretch your back, hips and legs.")
    for f in files:
        c.print(f"[dim]{escape(printable(str(f)))}[/]", soft_wrap=True)
