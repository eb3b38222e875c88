"""Figures as the text of a table."""

from __future__ import annotations

from dataclasses import dataclass

from .figures import Share

NOTHING = "–"


@dataclass(frozen=True)
class FigureTable:
    """A title, column heads (a leading ``<`` sets the column left) and rows of text."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def num(x: float | None, digits: int = 2) -> str:
    """Return a number to so many digits."""
    return NOTHING if x is None else f"{x:.{digits}f}"


def share(r: Share) -> str:
    """Return a share as a fraction."""
    return f"{r.hits}/{r.of}" if r.of else NOTHING


def percent(x: float | None) -> str:
    """Return a share in percent."""
    return NOTHING if x is None else f"{100 * x:.0f}%"


def rate(r: Share) -> str:
    """Return a share as a fraction and in percent."""
    return f"{r.hits}/{r.of} ({100 * r.hits / r.of:.0f}%)" if r.of else NOTHING
