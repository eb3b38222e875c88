"""A report turned into the page: what stands on it is prepared here, how it looks is in ``templates``."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from formcheck.files import write_text
from formcheck.judging.exercises import exercises
from formcheck.judging.rules.exercise import Exercise
from formcheck.judging.rules.limits import Limits

from ..review.record import Review
from .assets import curve_assets, environment, read_asset
from .curves import build_curves, plan_curves, units_of
from .keyframes import Shots
from .language import Words
from .numbers import Numbers
from .pictures import Pictures, build_pictures
from .said import said_of
from .seen import how_judgeable
from .table import read_table
from .timeline import lanes, rep_said, ticks, time_span
from .verdict import verdict
from .words import clean, label

#: Curves shown at once; the others wait behind a button.
FIRST_CURVES = 4
#: The page without its video is smaller than this.
MAX_BYTES = 1_900_000


def write_page(
    report: dict[str, Any],
    path: Path,
    video_name: str | None,
    measures_csv: Path | None = None,
    shots: Shots | None = None,
    lang: str = "en",
    asked: int | None = None,
) -> None:
    """Write the page of a report, whole or not at all.

    Parameters
    ----------
    report : dict
        By the schema ``formcheck.report/1``.
    path : Path
        The page.
    video_name : str or None
        Name of the annotated video as seen from the page's folder; None: there is none.
    measures_csv : Path, optional
        The measures table; without it the page has no curves.
    shots : Shots, optional
        What :class:`formcheck.showing.page.keyframes.KeyFrames` picked; without it the page has no pictures.
    lang : str
        ``en`` or ``pl``.
    asked : int, optional
        Repetitions asked for (a side, where sides take turns); default: what the routine asks for. 0: as many as liked.

    Raises
    ------
    UsageError
        If the page cannot be written, or there are no texts in that language.
    """
    write_text(path, render_page(report, video_name, measures_csv, shots, lang, asked))


def render_page(
    report: Mapping[str, Any],
    video_name: str | None,
    measures_csv: Path | None = None,
    shots: Shots | None = None,
    lang: str = "en",
    asked: int | None = None,
    *,
    review: Review | None = None,
    film: tuple[str, float] | None = None,
) -> str:
    """Return the page of a report as HTML; parameters as :func:`write_page`, and these.

    Parameters
    ----------
    review : Review, optional
        What a person said of it, shown beside what was measured.
    film : (str, float), optional
        A film inside the page, as an address that holds it (``data:``), and the time of its first picture, s.
    """
    words = Words(lang, report["exercise"])
    exercise = in_force(report, asked)
    if exercise is not None:
        exercise = words.phrases.localise(exercise)
    plans = plan_curves(report, exercise)
    table = read_table(measures_csv, [p.signal for p in plans]) if measures_csv is not None else None
    first, last = time_span(report, table)
    views = exercise.views if exercise is not None else None
    curves = build_curves(table, plans, views, words) if table is not None else []
    rows = lanes(report, table, exercise, words, shots.problems if shots is not None else ())
    data = {
        "first": first,
        "last": last,
        # The annotated video starts with the first frame used.
        "offset": film[1] if film is not None else float(table.t[0]) if table is not None and len(table.t) else 0.0,
        "curves": curves,
        "faults": _now(report, exercise, words),
        "reps": [{"at": [r["start_s"], r["end_s"]], "text": rep_said(r, words)} for r in report["reps"]],
        "words": {
            "decimal": words.decimal,
            "units": words.units,
            "unmeasured": words("not-measured"),
            "unjudged": words("key-not-judged"),
        },
    }
    parts = dict(
        r=report,
        ex=exercise,
        t=words,
        n=Numbers(report, words),
        v=verdict(report, exercise, table, words),
        title=exercise.title if exercise is not None else _title(report, words),
        name=clean(_name(report["source"]["path"])),
        filmed=moment_of(report["source"].get("recorded"), words),
        judged=moment_of(report["created"], words),
        judgeable=how_judgeable(report, words),
        upright=_upright(report),
        video=film[0]
        if film is not None
        else "./" + quote(os.fsencode(video_name))
        if video_name is not None
        else None,
        video_name=clean(video_name) if video_name is not None else None,
        media="data:" if film is not None else "'self' file:",
        said=said_of(report, review, exercise, words.fault) if review is not None else None,
        lanes=rows,
        ticks=ticks(first, last, max(8, len(report["reps"]) // 4)),
        first=first,
        last=last,
        curves=curves,
        quiet={b.kind for lane in rows if lane.quiet for b in lane.blocks},
        worst_at=[_worst_at(report, i) for i in range(len(report["faults"]))],
        first_curves=_first_curves(report, curves),
        units=units_of(plans, exercise),
        moved=_moved(report, exercises().get(report["exercise"])),
        show_hold=any(r["hold_s"] for r in report["reps"]),
        data=data,
        **_assets(),
    )
    page = clean(_template().render(pictures=Pictures(), **parts))
    if shots is None:
        return page
    room = MAX_BYTES - len(page.encode()) - 2000 * len(report["reps"])
    return clean(_template().render(pictures=build_pictures(report, exercise, shots, room, words), **parts))


def in_force(report: Mapping[str, Any], asked: int | None = None) -> Exercise | None:
    """Return the exercise of a report as it was asked for: with its limits, whose the hold is, and its repetitions."""
    exercise = exercises().get(report["exercise"])
    if exercise is None:
        return None
    values = {k: v for k, v in report["limits"].items() if k in exercise.limits and v is not None}
    bound = exercise.under(Limits(exercise.id, exercise.limits, values))
    if asked is not None:
        bound.__dict__["prescription"] = replace(bound.prescription, reps=asked)
    return bound


def _worst_at(report: Mapping[str, Any], i: int) -> tuple[str | int, ...]:
    """Return where in a report the moment stands that the picture of a fault shows."""
    fault = report["faults"][i]
    if fault.get("worst_s") is not None:
        return "faults", i, "worst_s"
    for k, rep in enumerate(report["reps"]):
        if any(f["id"] == fault["id"] and f["worst"] == fault["worst"] for f in rep["faults"]):
            return "reps", k, "peak_s"
    return "faults", i, "from_s"


def _first_curves(report: Mapping[str, Any], curves: list[dict[str, Any]]) -> int:
    """Return how many curves to show at once: all with a fault, a few at least, none where nothing was judged."""
    if not report["reps"] and not report["faults"]:
        return 0
    faults = {f["id"] for f in report["faults"]}
    return max(FIRST_CURVES, sum(any(x["fault"] in faults for x in c["lines"]) for c in curves))


def _name(path: str) -> str:
    return Path(path.rstrip("/")).name or path


def _title(report: Mapping[str, Any], words: Words) -> str:
    return label(report["exercise"]) if report["exercise"] else words("nothing-recognised")


def moment_of(text: str | None, words: Words) -> tuple[str, str] | None:
    """Return a moment of a report as a program reads it, and as people do: by the clock of the place it names.

    One in universal time is told by this machine's clock. None where there is none.
    """
    if not text:
        return None
    try:
        d = datetime.fromisoformat(text)
    except ValueError:
        return text, text
    return text, words.date(d.astimezone() if d.utcoffset() == timedelta(0) else d)


def _upright(report: Mapping[str, Any]) -> tuple[tuple[str | int, ...], tuple[str | int, ...]] | None:
    """Return where in a report the longest time upright stands and all of it together; None where it is no matter."""
    for i in reversed(range(len(report["reps"]))):
        measures = report["reps"][i]["measures"]
        if measures.get("best_s") is not None and measures.get("total_s") is not None:
            return ("reps", i, "measures", "best_s"), ("reps", i, "measures", "total_s")
    return None


def _now(report: Mapping[str, Any], exercise: Exercise | None, words: Words) -> list[dict[str, Any]]:
    """Return what to say while a fault is on, by stretch of time."""
    cues = {f["id"]: words.cue(f, exercise) for f in report["faults"]}
    spans = [f for r in report["reps"] for f in r["faults"]]
    outside = [f for f in report["faults"] if not any(s["id"] == f["id"] for s in spans)]
    return [
        {"at": [f["from_s"], f["to_s"]], "label": words.fault(f["id"]), "cue": cues.get(f["id"], "")}
        for f in [*spans, *outside]
    ]


def _moved(report: Mapping[str, Any], exercise: Exercise | None) -> dict[str, float]:
    """Return the usual values of the limits that are not in force as usual."""
    if exercise is None:
        return {}
    usual = {name: limit.value for name, limit in exercise.limits.items()}
    known = {name: x for name, x in report["limits"].items() if name in usual and x is not None}
    # The report has three significant digits.
    return {name: usual[name] for name, x in known.items() if abs(x - usual[name]) > 0.006 * abs(usual[name])}


def tempo(r: Mapping[str, Any]) -> tuple[float, float]:
    """Return the seconds from the start to the end position and back, without those for which it was held.

    >>> tempo({"start_s": 1.93, "peak_s": 8.57, "end_s": 14.93, "hold_s": 10.4})
    (1.44, 1.16)
    """
    start, peak, end = (Decimal(str(r[k])) for k in ("start_s", "peak_s", "end_s"))
    held = Decimal(str(r.get("hold_s") or 0.0)) / 2
    out, back = (max(span - held, Decimal(0)) for span in (peak - start, end - peak))
    return float(round(out, 2)), float(round(back, 2))


@cache
def _assets() -> dict[str, Any]:
    return curve_assets(read_asset("page.js"))


@cache
def _template() -> Any:
    env = environment()
    env.globals.update(tempo=tempo)
    return env.get_template("page.html.j2")
