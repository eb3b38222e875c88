"""A comparison as one page: films in step, measures over each other, what changed. It loads nothing but the films."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np

from formcheck.coaching.history.queries import SetRecord
from formcheck.files import write_text
from formcheck.rounding import sig3
from formcheck.showing.page.assets import curve_assets, environment, read_asset
from formcheck.showing.page.compared import said_key
from formcheck.showing.page.curves import with_room
from formcheck.showing.page.language import Words
from formcheck.showing.page.render import FIRST_CURVES, in_force, moment_of
from formcheck.showing.page.timeline import rep_said
from formcheck.showing.page.words import clean, label
from formcheck.version import __version__

from .changes import Change, changes, fault_changes
from .compared import bundle_data, notes
from .cycles import Overlaid, curves
from .subjects import Subject, pairs

#: A film of the page: its address, and the time of its first picture.
Film = tuple[str, float]


def write_comparison(
    first: Subject, second: Subject, path: Path, kept: Sequence[SetRecord] = (), lang: str = "en"
) -> None:
    """Write the page of a comparison, whole or not at all.

    Parameters
    ----------
    first, second : Subject
    path : Path
        The page. Films are shown from where they lie, as seen from its folder.
    kept : sequence of SetRecord
        As :func:`formcheck.compare.compared.compare`.
    lang : str
        ``en`` or ``pl``.

    Raises
    ------
    UsageError
        If the page cannot be written, or there are no texts in that language.
    """
    films = [_beside(s, path) for s in (first, second)]
    write_text(path, render_comparison(first, second, films, kept, lang))


def _beside(s: Subject, page: Path) -> Film | None:
    """Return where a film lies, as seen from the page; None where there is none, or no way to it."""
    if s.film is None:
        return None
    film, offset = s.film
    try:
        way = Path(os.path.relpath(os.path.realpath(film), os.path.realpath(page.parent)))
    except ValueError:  # on another drive
        return None
    return "./" + quote(os.fsencode(way.as_posix())), offset


def render_comparison(
    first: Subject,
    second: Subject,
    films: Sequence[Film | None],
    kept: Sequence[SetRecord] = (),
    lang: str = "en",
) -> str:
    """Return the page as HTML; *films* are the addresses of the two, the rest as :func:`write_comparison`."""
    words = Words(lang, first.report.exercise)
    exercise = in_force(first.data)
    if exercise is not None:
        exercise = words.phrases.localise(exercise)
    title = exercise.title if exercise is not None else label(str(first.report.exercise))
    sides = first.side is not None
    both = (first, second)
    found = changes(first, second, kept)
    stepped = pairs(first, second)
    over = curves(first, second)
    shown = [_curve(c, words) for c in over]
    data = {
        "pairs": stepped,
        "subjects": [
            {
                "offset": film[1] if film is not None else 0.0,
                "reps": [
                    {"at": [r.start_s, r.end_s], "text": rep_said({**s.data["reps"][_place(s, i)]}, words)}
                    for i, r in enumerate(s.reps)
                ],
            }
            for s, film in zip(both, films, strict=True)
        ],
        "curves": shown,
        "words": {
            "decimal": words.decimal,
            "units": words.units,
            "unmeasured": words("not-measured"),
            "alone": words("compare.alone"),
            "play": words("compare.play"),
            "pause": words("compare.pause"),
            "pairs": [words("compare.pair", k=k + 1, n=len(stepped)) for k in range(len(stepped))],
        },
    }
    return clean(
        _template().render(
            t=words,
            title=words("compare.title-sides" if sides else "compare.title", title=title),
            sides=sides,
            subjects=[_shown(s, mark, words) for s, mark in zip(both, ("A", "B"), strict=True)],
            films=[f[0] if f is not None else None for f in films],
            media="data:" if any(f is not None and f[0].startswith("data:") for f in films) else "'self' file:",
            headline=_headline(found, words, sides=sides),
            tone=_tone(found),
            changes=[_row(c, [words("of", n=len(s.reps)) for s in both], words, sides=sides) for c in found],
            by=_by(found, sides=sides),
            faults=[
                {
                    "name": words.fault(f.fault),
                    "state": f.state,
                    "cells": [
                        words("compare.in-of", n=n, of=len(s.reps))
                        for n, s in zip((f.first, f.second), both, strict=True)
                    ],
                }
                for f in fault_changes(first, second)
            ],
            curves=shown,
            first_curves=FIRST_CURVES,
            notes=notes(first, second, words),
            stepped=len(stepped),
            version=__version__,
            data=data,
            **_assets(),
        )
    )


def _place(s: Subject, i: int) -> int:
    """Return where an attempt stands in its report."""
    return next(k for k, r in enumerate(s.report.reps) if r is s.reps[i])


def _shown(s: Subject, mark: str, words: Words) -> dict[str, Any]:
    return {
        "mark": mark,
        "name": words.word(s.side) if s.side is not None else s.report.stem,
        "is_file": s.side is None,
        "filmed": moment_of(s.report.source.recorded, words),
        "judged": moment_of(s.report.created, words),
    }


def _tone(found: Sequence[Change]) -> str:
    tones = {c.tone for c in found}
    return "fault" if "worse" in tones else "good" if "better" in tones else "none"


def _headline(found: Sequence[Change], words: Words, *, sides: bool) -> list[str]:
    """Return in a few lines what is the matter: what changed, else that nothing did, else that it cannot be told."""
    names = {
        tone: [words.figure(c.figure.key) for c in found if c.tone == tone] for tone in ("better", "worse", "changed")
    }
    key = {"better": "headline-better", "worse": "headline-worse", "changed": "headline-changed"}
    if sides:
        key["changed"] = "headline-differs"
    lines = [words(f"compare.{key[tone]}", names=words.listed(some)) for tone, some in names.items() if some]
    if lines:
        return lines
    measured = [c for c in found if c.tone is not None]
    end = "-sides" if sides else ""
    unknown = all(c.tone == "open" or c.least is None for c in measured)
    return [words(f"compare.headline-{'open' if unknown else 'none'}{end}")]


def _by(found: Sequence[Change], *, sides: bool) -> str:
    if sides:
        return "by-sides"
    return "by-sessions" if any(c.by == "sessions" for c in found) else "by-none"


def _row(c: Change, of: Sequence[str], words: Words, *, sides: bool) -> dict[str, Any]:
    unit = c.figure.unit
    key = said_key(c.tone, known=c.least is not None, sides=sides)
    return {
        "name": words.figure(c.figure.key),
        "about": words.curve(c.figure.key)[1],
        "cells": [words.with_unit(x, unit) if x is not None else None for x in (c.first, c.second)],
        "of": of if c.figure.counts else None,
        "change": ("+" if c.difference > 0 else "") + words.with_unit(c.difference, unit)
        if c.difference is not None
        else None,
        "least": words.with_unit(c.least, unit) if c.least is not None else None,
        "tone": c.tone,
        "said": words(f"compare.{key}") if key is not None else None,
    }


def _curve(c: Overlaid, words: Words) -> dict[str, Any]:
    bands = [bundle_data(b) for b in (c.first, c.second)]
    lines = [{"label": words.fault(x.fault), "value": x.value, "sense": x.sense} for x in c.plan.lines]
    known = [float(x) for b in (c.first, c.second) for v in b.band for x in v[np.isfinite(v)]]
    lo, hi = with_room([*known, *(x.value for x in c.plan.lines)], 0.12)
    name, about = words.curve(c.plan.signal)
    return {
        "label": name,
        "about": about,
        "unit": c.plan.unit,
        "relative": c.plan.relative,
        "lines": lines,
        "bands": bands,
        "each": [[[sig3(x) for x in b.each[i]] for i in sorted(b.each)] for b in (c.first, c.second)],
        "lo": lo,
        "hi": hi,
    }


@cache
def _assets() -> dict[str, Any]:
    return curve_assets(read_asset("compare.js"), read_asset("compare.css"))


@cache
def _template() -> Any:
    return environment().get_template("compare.html.j2")
