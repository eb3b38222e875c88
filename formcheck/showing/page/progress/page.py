"""The progress page: weeks as a calendar, trends, best holds, faults that went and that stay. One file, no network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from formcheck.files import write_text
from formcheck.version import __version__

from ..assets import curve_assets, environment
from ..words import clean
from .words import HistoryWords

OWN = Path(__file__).parent / "templates"
#: Weeks of the calendar.
WEEKS = 26
#: Sessions in the table of an exercise; its charts show all.
TABLE_ROWS = 100
_FADING = ("gone", "less")
#: The least that a chart shows from bottom to top, by unit: less than that is no change to be seen.
LEAST_SPAN = {"deg": 20.0, "s": 5.0, "torso": 0.1, "leg": 0.1, "fraction": 0.1}
#: No angle is more.
STRAIGHT_DEG = 180.0


def write_progress(data: Mapping[str, Any], path: Path, made: datetime, lang: str = "en") -> None:
    """Write the progress page, whole or not at all.

    Parameters
    ----------
    data : mapping
        From :func:`formcheck.coaching.history.progress.progress_data`.
    path : Path
    made : datetime
        Now, by the local clock.
    lang : str
        Language of the page.

    Raises
    ------
    UsageError
        If the page cannot be written.
    """
    write_text(path, render_progress(data, made, lang))


def render_progress(data: Mapping[str, Any], made: datetime, lang: str = "en") -> str:
    """Return the progress page as HTML; parameters as :func:`write_progress`."""
    said = HistoryWords(lang)
    charts: list[dict[str, Any]] = []
    named = [{**e, "title": said.title(e["id"])} for e in data["exercises"]]
    shown = [{**e, "charts": _charts(e, charts, said)} for e in named]
    stories = [{"title": e["title"], "story": s} for e in named for s in e["faults"]]
    text = _template().render(
        d=data,
        said=said,
        exercises=shown,
        headline=_headline(data, said),
        tone="good" if data["streak"] else "none",
        better=_better(named),
        work=next(iter(_worst(stories)), None),
        fading=[s for s in stories if s["story"].state in _FADING],
        staying=_worst(stories),
        compared=any(s["story"].before is not None for s in stories),
        calendar=_calendar(data, said),
        table_rows=TABLE_ROWS,
        made=made,
        version=__version__,
        purpose=said.words.phrases.purpose,
        data={"charts": charts, **_axes(said)},
        **_assets(),
    )
    return clean(text)


def _headline(data: Mapping[str, Any], said: HistoryWords) -> str:
    if data["streak"]:
        return said("with-plan", weeks=said.weeks_in_a_row(data["streak"]))
    return said("sessions-so-far", n=data["totals"]["sessions"])


def _axes(said: HistoryWords) -> dict[str, Any]:
    """Return the words and signs that the script sets: months, units, the decimal sign."""
    return {"months": said.months, "units": said.words.units, "decimal": said.words.decimal}


def _better(exercises: Sequence[Mapping[str, Any]], at_most: int = 5) -> list[dict[str, Any]]:
    """Return what has become better in the last weeks, the largest change first; one line an exercise."""
    out = []
    for e in exercises:
        best = [
            (abs(t.now - t.before) / max(abs(t.before), 1e-9), f)
            for f in e["figures"]
            if (t := f["trend"]) is not None and t.tone == "better"
        ]
        if best:
            size, f = max(best, key=lambda x: x[0])
            out.append({"size": size, "id": e["id"], "title": e["title"], "figure": f})
    return sorted(out, key=lambda x: -x["size"])[:at_most]


def _worst(stories: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return sorted((s for s in stories if s["story"].state not in _FADING), key=lambda s: -s["story"].recent)


def _calendar(data: Mapping[str, Any], said: HistoryWords) -> dict[str, Any]:
    """Return the weeks as columns: months over them, a row a weekday, what was done below."""
    shown, today = data["weeks"][-WEEKS:], data["today"]
    months: list[list[Any]] = []
    for w in shown:
        # A week belongs to the month of its Thursday, as it belongs to the year of it.
        name = said.months[(w.monday + timedelta(days=3)).month - 1]
        if months and months[-1][0] == name:
            months[-1][1] += 1
        else:
            months.append([name, 1])
    if len(months) > 1 and months[0][1] == 1:
        months[0][0] = ""  # no room for its name
    rows = [[_cell(w.monday + timedelta(days=k), w.sessions[k], today, said) for w in shown] for k in range(7)]
    return {"weeks": shown, "months": months, "rows": rows, "before": len(data["weeks"]) - len(shown)}


def _cell(d: date, n: int, today: date, said: HistoryWords) -> dict[str, Any]:
    kind = "done" if n else "later" if d > today else "none"
    what = said("sessions-said", n=n) if n else said("no-session" if d <= today else "to-come")
    return {"day": d, "n": n, "kind": kind + (" today" if d == today else ""), "said": f"{said.day(d)}: {what}"}


def _charts(e: Mapping[str, Any], into: list[dict[str, Any]], said: HistoryWords) -> list[dict[str, Any]]:
    """Return the charts of an exercise, their points added to *into*; repetitions and clean ones share one."""
    figures = {f["key"]: f for f in e["figures"]}
    out = []
    for f in e["figures"]:
        if f["key"] == "clean":
            continue
        other = figures["clean"] if f["key"] == "counted" and "clean" in figures else None
        v = [x for _, x in f["points"]]
        known = [x for x in v if x is not None]
        lo, hi = _range(f["key"], f["unit"], [*known, *(f["band"] or ())])
        into.append(
            {
                "t": _moments([d for d, _ in f["points"]]),
                "v": v,
                "also": [x for _, x in other["points"]] if other is not None else None,
                "lo": lo,
                "hi": hi,
                "band": f["band"],
                "unit": f["unit"],
                "whole": f["key"] == "counted",
                "names": [said("counted"), said("clean")] if other is not None else [""],
            }
        )
        out.append({"figure": f, "also": other, "index": len(into) - 1})
    return out


def _moments(days: Sequence[date]) -> list[float]:
    """Return days as seconds, those of several sessions on one day a little apart."""
    out: list[float] = []
    for d in days:
        at = datetime(d.year, d.month, d.day, tzinfo=UTC).timestamp()
        out.append(max(at, out[-1] + 3 * 3600) if out else at)
    return out


def _range(key: str, unit: str, known: Sequence[float]) -> tuple[float, float]:
    """Return the ends of a chart's scale, by what is a change of its unit; counts, holds and scores start at zero.

    >>> _range("line_top", "deg", [171.0, 172.0]), _range("sway_rms", "torso", [0.02, 0.03]), _range("hold", "s", [2.0])
    ((160.0, 180.0), (0.0, 0.1), (0.0, 5.0))
    """
    lo, hi = min(known), max(known)
    least = LEAST_SPAN.get(unit, 0.1 * max(abs(lo), abs(hi), 1e-3))
    if key == "score":
        return 0.0, 104.0
    if key == "counted":
        return 0.0, max(1.12 * hi, 5.0)
    if key == "hold":
        return 0.0, max(1.12 * hi, least)
    pad = max(0.15 * (hi - lo), (least - (hi - lo)) / 2)
    low, high = lo - pad, hi + pad
    # What is never below nothing, or above straight, has no room there.
    if lo >= 0 > low:
        low, high = 0.0, max(high, least)
    if unit == "deg" and hi <= STRAIGHT_DEG < high:
        low, high = min(low, STRAIGHT_DEG - least), STRAIGHT_DEG
    return round(low, 6), round(high, 6)


@cache
def _assets() -> dict[str, Any]:
    script, style = ((OWN / f"progress.{end}").read_text(encoding="utf-8") for end in ("js", "css"))
    return curve_assets(script, style)


@cache
def _template() -> Any:
    return environment(OWN).get_template("progress.html.j2")
