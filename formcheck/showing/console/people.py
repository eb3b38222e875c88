"""People on the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from rich.console import Console
from rich.markup import escape

from formcheck.shown import printable

from ..page.progress.words import HistoryWords
from .columns import headed


def print_review(said: Mapping[str, Any], c: Console) -> None:
    """Print who looked at a session, and the figures as measured and as corrected."""
    figures = said.get("figures")
    text = f"Looked at by {escape(printable(str(said.get('by'))))}, {str(said.get('changed'))[:10]}"
    if isinstance(figures, dict) and all(isinstance(figures.get(k), dict) for k in ("measured", "corrected")):
        before, after = figures["measured"], figures["corrected"]
        known = [
            f"{k} {_shown(after.get(k))} (measured {_shown(before.get(k))})" for k in ("counted", "clean", "score")
        ]
        text += f": {', '.join(known)}"
    c.print(text)


def _shown(x: Any) -> str:
    return f"{x:g}" if isinstance(x, (int, float)) else "–"


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
