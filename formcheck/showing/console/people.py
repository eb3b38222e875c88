"""People on the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ..page.progress.words import short_day


def print_people(rows: Sequence[tuple[str, int, date | None, bool, bool]], c: Console) -> None:
    """Print a row a person: name, sessions, day of the last one, and whether they have limits and a plan."""
    t = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    t.add_column("name")
    t.add_column("sessions", justify="right")
    for name in ("last", "limits", "plan"):
        t.add_column(name, no_wrap=True)
    for name, n, last, limits, plan in rows:
        t.add_row(
            escape(name), str(n), short_day(last) if last else "", "own" if limits else "usual", "own" if plan else ""
        )
    c.print(t)
