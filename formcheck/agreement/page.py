"""The figures of agreement as one page: tables, and plots as drawings in it; no script, nothing from outside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from formcheck.files import write_text
from formcheck.judging.exercises import exercises
from formcheck.showing.page.assets import environment, read_asset
from formcheck.showing.page.words import clean, label, one_of

from .ratings import TOOL

#: Faults seen by both fewer times than this say little.
FEW = 5
#: Size of a plot of differences, and room for its scale (px).
WIDTH, HEIGHT, LEFT, BELOW = 560, 300, 58, 40


def write_agreement(figures: Mapping[str, Any], path: Path) -> None:
    """Write the page of :func:`formcheck.agreement.figures.agreement_of`, whole or not at all.

    Raises
    ------
    UsageError
        If the page cannot be written.
    """
    write_text(path, render_agreement(figures))


def render_agreement(figures: Mapping[str, Any]) -> str:
    """Return the page of agreement as HTML."""
    faults = figures["faults"]
    groups = [
        {"exercise": e, "pair": p, "rows": rows}
        for e in dict.fromkeys(f["exercise"] for f in faults)
        for p in dict.fromkeys((f["first"], f["second"]) for f in faults)
        if (rows := [f for f in faults if f["exercise"] == e and (f["first"], f["second"]) == p])
    ]
    groups.sort(key=lambda g: TOOL not in g["pair"])
    return clean(
        _template().render(
            f=figures,
            groups=groups,
            counts=[
                {**c, "plot": differences(_points(c["films"], "first", "second"), c["limits"])}
                for c in figures["counts"]
            ],
            measures=[
                {**m, "plot": differences(_points(m["points"], "other", "tool"), m["limits"])}
                for m in figures["measures"]
            ],
            few=FEW,
            tool=TOOL,
            css=read_asset("page.css").strip() + "\n" + read_asset("agreement.css").strip(),
        )
    )


def _points(rows: Sequence[Mapping[str, Any]], first: str, second: str) -> list[tuple[float, float, str]]:
    return [((r[first] + r[second]) / 2, r[second] - r[first], str(r["film"])) for r in rows]


def differences(
    points: Sequence[tuple[float, float, str]], limits: Mapping[str, float] | None
) -> dict[str, Any] | None:
    """Return what a plot of differences over means draws, in px; None where there are no limits to draw.

    Parameters
    ----------
    points : sequence of (mean, difference, name)
    limits : mapping or None
        Of :class:`formcheck.statistics.measures.AgreementLimits`.
    """
    if limits is None:
        return None
    xs = [p[0] for p in points]
    ys = [p[1] for p in points] + [limits["lower"], limits["upper"], 0.0]
    x, x_ticks = _scale(min(xs), max(xs), LEFT, WIDTH - 70)
    y, y_ticks = _scale(min(ys), max(ys), HEIGHT - BELOW, 12)
    # Equal points lie side by side, so that each is seen.
    seen: dict[tuple[float, float], int] = {}
    dots = []
    for px, py, name in points:
        k = seen[px, py] = seen.get((px, py), -1) + 1
        dots.append((x(px) + 7 * ((k + 1) // 2) * (-1) ** k, y(py), name))
    lines = [(y(limits[k]), limits[k], k) for k in ("upper", "bias", "lower")]
    return {
        "w": WIDTH, "h": HEIGHT, "left": LEFT, "right": WIDTH - 70, "floor": HEIGHT - BELOW,
        "dots": dots, "lines": lines, "x": [(x(t), t) for t in x_ticks], "y": [(y(t), t) for t in y_ticks],
        "zero": y(0.0),
    }  # fmt: skip


def _scale(lo: float, hi: float, at_lo: float, at_hi: float) -> tuple[Any, list[float]]:
    """Return what takes a value to its place, and round values between."""
    if hi - lo < 1e-9:
        lo, hi = lo - 1.0, hi + 1.0
    pad = 0.08 * (hi - lo)
    lo, hi = lo - pad, hi + pad
    step = next(s for s in (m * 10.0**e for e in range(-4, 7) for m in (1, 2, 5)) if (hi - lo) / s <= 6)
    first = int(lo // step) + 1
    ticks = [k * step for k in range(first, int(hi // step) + 1)]
    return (lambda v: at_lo + (v - lo) / (hi - lo) * (at_hi - at_lo)), ticks


def number(x: float | None, digits: int = 2) -> str:
    """Return a figure with so many digits after the point; a dash where there is none.

    >>> number(0.6765), number(-0.004), number(None)
    ('0.68', '0.00', '–')
    """
    if x is None:
        return "–"
    text = f"{x:.{digits}f}"
    return (text.removeprefix("-") if float(text) == 0 else text).replace("-", "\N{MINUS SIGN}")


def interval(e: Mapping[str, float | None]) -> str:
    """Return a 95 % interval.

    >>> interval({"low": 0.1, "high": 0.73})
    '0.10 to 0.73'
    """
    return "–" if e["low"] is None else f"{number(e['low'])} to {number(e['high'])}"


def share(r: Mapping[str, Any]) -> str:
    r"""Return a share as its parts and percent.

    >>> share({"found": 3, "of": 4, "value": 0.75}), share({"found": 0, "of": 0, "value": None})
    ('3/4 (75\xa0%)', '–')
    """
    return "–" if r["value"] is None else f"{r['found']}/{r['of']} ({100 * r['value']:.0f}\N{NO-BREAK SPACE}%)"


def place(x: float | None) -> float | None:
    """Return where a kappa stands in the little drawing of a table's row (0-100)."""
    return None if x is None else round(min(max((x + 0.2) / 1.2, 0.0), 1.0) * 100, 1)


@cache
def _template() -> Any:
    env = environment()
    env.filters.update(label=label, number=number, interval=interval, share=share, place=place, one_of=one_of)
    env.filters["title"] = lambda e: known.title if (known := exercises().get(e)) is not None else e
    return env.get_template("agreement.html.j2")
