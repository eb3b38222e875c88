"""People on the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from rich.console import Console
from rich.markup import escape

from formcheck.coaching.history.reviews import figures_of
from formcheck.shown import printable

from ..page.progress.words import HistoryWords
from .columns import headed


def print_review(said: Mapping[str, Any], c: Console) -> None:
    """Print who looked at a session, and the figures as measured and as corrected."""
    text = f"Looked at by {escape(printable(str(said.get('by'))))}, {str(said.get('changed'))[:10]}"
    before, after = (figures_of(said, which) for which in ("measured", "corrected"))
    if before is not None and after is not None:
        known = [
            f"{k} {_shown(after.value(k))} (measured {_shown(before.value(k))})" for k in ("counted", "clean", "score")
        ]
        text += f": {', '.join(known)}"
    c.print(text)


def _shown(x: float | None) -> str:
    return f"{x:g}" if x is not None else "–"


def print_people(rows: Sequence[tuple[str, int, date | None, bool, bool]], c: Console) -> None:
    """Print a row a person: name, sessions, day of the last one, and whether they have limits and a plan."""
    t = headed()
    t.add_column("name")
    t.add_column("sessions", justify="right")
    for name in ("last", "limits", "plan"):
        t.add_column(name, no_wrap=True)
    said = HistoryWords()
    for name, n, last, limits, plan in rows:
        t.add_row(
            escape(name),
            str(n),
            said.short_day(last) if last else "",
            "own" if limits else "usual",
            "own" if plan else "",
        )
    c.print(t)
