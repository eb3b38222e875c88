"""The exercises described in the terminal: camera, counting, faults, limits."""

from __future__ import annotations

import sys

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from formcheck.judging.exercises import exercises, get_exercise
from formcheck.printing import print_data


def _console() -> Console:
    return Console(highlight=False) if sys.stdout.isatty() else Console(highlight=False, width=140)


def print_exercises(console: Console | None = None) -> None:
    """List all exercises."""
    c = console or _console()
    t = Table(box=None, pad_edge=False)
    for name in ("id", "exercise", "asked for", "camera"):
        t.add_column(name)
    for e in exercises().values():
        p = e.prescription
        asked = f"{p.reps}{' a side' if p.per_side else ''}" + (f" × {p.hold_s:g} s" if p.hold_s else "")
        t.add_row(e.id, escape(e.title), asked, e.views[0])
    c.print(t)
    c.print("'formcheck exercises ID' shows one.")


def print_exercise(name: str, console: Console | None = None) -> None:
    """Show one exercise: how to stand to the camera, its faults with their cues, all limits with reasons."""
    c = console or _console()
    e = get_exercise(name)
    c.print(f"[bold]{e.id}[/]: {escape(e.title)}, {escape(e.summary)}")
    for line in e.intro:
        c.print(f"  {escape(line)}")
    c.print(f"Camera: {escape(e.camera)}")
    t = Table(
        "fault", "severity", "what to do", "limit", box=None, pad_edge=False, title="Faults", title_justify="left"
    )
    for check in e.checks:
        limit = e.limits.get(check.limit)
        side = "over" if check.sense == "above" else "under"
        at = f"{side} {limit.value:g} {limit.unit}" if limit is not None else ""
        t.add_row(escape(check.id), check.severity, escape(check.cue), escape(at))
    c.print(t)
    t = Table(
        "limit", "value", "unit", "lenient", "why", box=None, pad_edge=False, title="Limits", title_justify="left"
    )
    for key, limit in e.limits.items():
        t.add_row(
            key,
            f"{limit.value:g}",
            escape(limit.unit),
            f"{limit.value + limit.slack:g}" if limit.slack else "",
            escape(limit.why),
        )
    c.print(t)


def print_limits_toml(name: str) -> None:
    """Print the limits of an exercise as a TOML table that --limits reads."""
    e = get_exercise(name)
    rows = [f"{key} = {limit.value:g}  # {limit.unit}: {limit.why}" for key, limit in e.limits.items()]
    print_data("\n".join([f"[{e.id}]", *rows]) + "\n")
