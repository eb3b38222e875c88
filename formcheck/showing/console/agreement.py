"""Figures of agreement on the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ..page.words import label, one_of
from .columns import headed


def print_agreement(figures: Mapping[str, Any], c: Console) -> None:
    """Print the tables of agreement."""
    drawn = "films" if figures["drawn"] == "film" else "repetitions (few films: intervals are too narrow)"
    n = figures["films"]
    c.print(f"{n} {one_of(n, 'film')}; 95 % intervals by drawing {drawn} again; the second rater is the reference\n")
    t = _table("counted repetitions", "films", "exact", "one off", "bias", "limits", "in both", "1st only", "2nd only")
    for r in figures["counts"]:
        limits = r["limits"]
        of = (_n(limits["bias"]), f"{_n(limits['lower'])} to {_n(limits['upper'])}") if limits else ("", "")
        t.add_row(
            _pair(r), str(len(r["films"])), _share(r["exact"]), _share(r["off_by_one"]), *of,
            str(r["attempts"]), str(r["first_only"]), str(r["second_only"]),
        )  # fmt: skip
    c.print(t)
    if figures["faults"]:
        t = _table("fault", "raters", "cases", "possible", "kappa", "95 %", "weighted", "agree", "sens.", "spec.")
        for r in figures["faults"]:
            t.add_row(
                _fault(r), _pair(r), str(r["n"]), str(r["possible"]), _n(r["kappa"]["value"]), _of(r["kappa"]),
                _n(r["weighted"]["value"]), _share(r["agreement"]), _share(r["sensitivity"]), _share(r["specificity"]),
                style="bold" if r["fault"] is None else "",
            )  # fmt: skip
        c.print("\n", t)
    if figures["beside"]:
        t = _table("fault", "cases", "tool and rater", "rater and rater", "difference", "95 %", "shown")
        for r in figures["beside"]:
            t.add_row(
                _fault(r), str(r["n"]), _n(r["tool"]["value"]), _n(r["raters"]["value"]),
                _n(r["difference"]["value"]), _of(r["difference"]), r["shown"],
            )  # fmt: skip
        c.print("\n", t)
    if figures["measures"]:
        t = _table("measure", "values", "bias", "limits", "ICC(2,1)", "95 %", "SEM", "MDC95")
        for r in figures["measures"]:
            name = escape(f"{r['exercise']}: {label(r['measure'])}")
            if r["limits"] is None:
                t.add_row(name, str(r["n"]), "too few")
                continue
            limits, known = r["limits"], r["reliability"]
            t.add_row(
                name, str(r["n"]), _n(limits["bias"]), f"{_n(limits['lower'])} to {_n(limits['upper'])}",
                _n(known["icc"]), _of(known), _n(known["sem"]), _n(known["mdc95"]),
            )  # fmt: skip
        c.print("\n", t)


def _table(first: str, *names: str) -> Table:
    t = headed()
    t.add_column(first)
    for name in names:
        t.add_column(name, justify="left" if name in {"raters", "shown"} else "right", no_wrap=True)
    return t


def _fault(r: Mapping[str, Any]) -> str:
    return escape(f"{r['exercise']}: {label(r['fault']) if r['fault'] is not None else 'all faults'}")


def _pair(r: Mapping[str, Any]) -> str:
    return escape(f"{r['first']}, {r['second']}")


def _n(x: float | None) -> str:
    return "–" if x is None else f"{x:.2f}"


def _of(e: Mapping[str, Any]) -> str:
    return "" if e["low"] is None else f"{e['low']:.2f} to {e['high']:.2f}"


def _share(r: Mapping[str, Any]) -> str:
    return "–" if r["value"] is None else f"{r['found']}/{r['of']}"
