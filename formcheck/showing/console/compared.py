"""A comparison on the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.markup import escape

from formcheck.judging.exercises import exercises
from formcheck.shown import printable

from ..page.compared import said_key
from ..page.language import Words
from .columns import headed
from .progress import console

_STYLE = {"better": "green", "worse": "yellow", "changed": "bold"}


def print_comparison(data: Mapping[str, Any], c: Console | None = None) -> None:
    """Print the two, what changed and by how much, the faults, and what to keep in mind."""
    c = c or console()
    words = Words("en", data["exercise"])
    known = exercises().get(data["exercise"])
    sides = data["kind"] == "sides"
    both = (data["first"], data["second"])
    c.print(f"[bold]{escape(known.title if known is not None else data['exercise'])}[/]")
    names = [s["side"] for s in both] if sides else ["A", "B"]
    for mark, s in zip(names, both, strict=True):
        name = "" if sides else f" {escape(printable(s['name']))}:"
        c.print(f"  [bold]{mark}[/]{name} {s['counted']} of {s['attempts']} {words.noun_of(s['attempts'])} counted")
    t = headed()
    t.add_column("measure")
    for name in (*names, "difference" if sides else "change", "chance up to"):
        t.add_column(name, justify="right", no_wrap=True)
    t.add_column("")
    for x in data["changes"]:
        change = _value(x["difference"], x["unit"], words)
        said = said_key(x["tone"], known=x["least"] is not None, sides=sides)
        t.add_row(
            escape(x["label"]), *(_value(x[k], x["unit"], words) for k in ("first", "second")),
            f"+{change}" if (x["difference"] or 0) > 0 else change, _value(x["least"], x["unit"], words),
            f"[{_STYLE.get(x['tone'], 'dim')}]{words(f'compare.{said}')}[/]" if said else "",
        )  # fmt: skip
    c.print()
    c.print(t)
    for f in data["faults"]:
        counts = " → ".join(f"{n} of {s['attempts']}" for n, s in zip((f["first"], f["second"]), both, strict=True))
        if sides:
            counts = ", ".join(
                f"{s['side']} {f[k]} of {s['attempts']}" for k, s in zip(("first", "second"), both, strict=True)
            )
        state = f" [bold]{words('compare.' + f['state'])}[/]" if f["state"] else ""
        c.print(f"  [red]✗[/] {escape(words.fault(f['id']))}: {counts}{state}")
    for note in data["notes"]:
        c.print(f"  [dim]•[/] {escape(note)}")


def _value(x: float | None, unit: str, words: Words) -> str:
    return escape(words.with_unit(x, unit)) if x is not None else "–"
