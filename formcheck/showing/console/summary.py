"""A report in the terminal, in plain words."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from formcheck.judging.exercises import exercises
from formcheck.judging.rules.exercise import Exercise
from formcheck.judging.rules.records import Rep
from formcheck.shown import printable

from ..page.language import Words
from ..page.progress.words import HistoryWords
from ..page.verdict import verdict

_MARK = {
    "good": ("green", "good"),
    "fault": ("yellow", "counted-with-faults"),
    "not-counted": ("red", "not-counted"),
}


#: Units in words, of one and of several; a ratio has none.
_UNITS = {
    "deg": ("degree", "degrees"),
    "deg/s": ("degree a second", "degrees a second"),
    "s": ("second", "seconds"),
    "torso": ("torso length", "torso lengths"),
    "leg": ("leg length", "leg lengths"),
    "1": ("", ""),
}


def in_words(x: float, unit: str) -> str:
    """Return a number with its unit in words; a fraction in percent.

    >>> in_words(57.9, "deg"), in_words(0.105, "fraction"), in_words(1.21, "1"), in_words(1.0, "s")
    ('57.9 degrees', '10.5 %', '1.21', '1 second')
    """
    if unit == "fraction":
        return f"{100 * x:.3g} %"
    one, many = _UNITS.get(unit, (unit, unit))
    return f"{x:g} {one if x == 1 else many}".strip()


def _mark(verdict: str, said: HistoryWords) -> str:
    colour, key = _MARK[verdict]
    return f"[{colour}]{said.terminal(key)}[/]"


def print_summary(
    report: dict[str, Any], out: str | Path | None = None, console: Console | None = None, lang: str = "en"
) -> None:
    """Print verdict, repetitions, faults with what to do, notes, and where the files are."""
    c = console or (Console(highlight=False) if sys.stdout.isatty() else Console(highlight=False, width=140))
    ex = exercises().get(report["exercise"])
    said = HistoryWords(lang)
    words = Words(lang, report["exercise"])
    title = said.title(report["exercise"]) if report["exercise"] else said.terminal("none-recognised")
    if report["recognised"] is not None and ex is not None:
        title += said.terminal("recognised", share=f"{report['recognised']['confidence']:.0%}")
    counts = report["counts"]
    n, tried = counts["total"], len(report["reps"])
    score = report["score"]
    c.print(
        f"[bold]{escape(title)}[/]: {said.terminal('summary', n=n, all=tried)}"
        + (said.terminal("score-of", score=f"{score:g}") if score is not None else "")
    )
    if tried:
        t = Table(box=None, pad_edge=False)
        for name in ("rep", "side", "from", "to", "hold", "verdict", "score", "faults"):
            right = name in ("rep", "from", "to", "hold", "score")
            t.add_column(said.terminal(name), justify="right" if right else "left")
        for r in report["reps"]:
            ids = ", ".join(_fault(f["id"], words) for f in r["faults"])
            verdict = _mark(r["verdict"], said) + (f": {escape(_sentence(r['why'], words))}" if r["why"] else "")
            start, end = _seconds(r["start_s"], words), _seconds(r["end_s"], words)
            t.add_row(
                str(r["index"]), words.word(r["side"] or ""), start, end,
                _seconds(r["hold_s"], words) if r["hold_s"] else "",
                verdict, f"{r['score']:.0f}" if r["score"] is not None else "", escape(ids),
            )  # fmt: skip
        c.print(t)
    localised = words.phrases.localise(ex, "written") if ex is not None and lang != "en" else ex
    for f in report["faults"]:
        how = ""
        if f["worst"] is not None and f["limit"] is not None:
            worst, limit = (_measured(f[k], f["unit"], words) for k in ("worst", "limit"))
            how = f" ({said.terminal('worst', worst=worst, limit=limit)})"
        cue = words.cue(f, localised)
        c.print(f"  [red]✗[/] {escape(_fault(f['id'], words) + how)}: [bold]{escape(cue)}[/]")
    for note in report["notes"]:
        c.print(f"  [dim]•[/] {escape(_sentence(note, words))}")
    if out is not None:
        c.print(f"[dim]{said.terminal('files', folder=escape(printable(str(out))))}[/]")


def _fault(name: str, words: Words) -> str:
    """Return the name of a fault: in English its id, which files and commands know."""
    return name if words.lang == "en" else words.fault(name)


def _sentence(text: str, words: Words) -> str:
    """Return what a report says; in English as it stands."""
    return text if words.lang == "en" else words.sentence(text)


def _seconds(x: float, words: Words) -> str:
    return words.decimal.join(f"{x:.1f} s".split("."))


def _measured(x: float, unit: str, words: Words) -> str:
    return in_words(x, unit) if words.lang == "en" else words.with_unit(x, unit)


def print_rep(exercise: Exercise, rep: Rep, lang: str = "en") -> None:
    """Print one attempt as it happens."""
    said, words = HistoryWords(lang), Words(lang, exercise.id)
    what = words.block(rep.block).lower() if rep.block and lang != "en" else words.word(rep.block or rep.side or "")
    side = f" ({what})" if what else ""
    faults = ", ".join(dict.fromkeys(_fault(f.id, words) for f in rep.faults))
    why = f": {escape(_sentence(rep.why, words))}" if rep.why else ""
    c = Console(highlight=False)
    end = f"  {escape(faults)}" if faults else ""
    line = f"{rep.start_s:7.1f} s  {exercise.id}{side}  {_mark(rep.verdict, said)}{why}{end}"
    c.print(line, soft_wrap=True)


def _cue(report: dict[str, Any], fault: dict[str, Any], lang: str) -> str:
    words, known = Words(lang, report["exercise"]), exercises().get(report["exercise"])
    localised = words.phrases.localise(known, "written") if known is not None and lang != "en" else known
    return words.cue(fault, localised)


def print_workout(reports: list[dict[str, Any]], files: list[Path], lang: str = "en") -> None:
    """Print what was done in a workout: a row a set, the one thing to work on, the reminder to stretch."""
    c = Console(highlight=False) if sys.stdout.isatty() else Console(highlight=False, width=140)
    said = HistoryWords(lang)
    if not reports:
        c.print(said.terminal("nothing-done"))
        return
    t = Table(box=None, pad_edge=False)
    for name in ("exercise", "counted", "clean", "best-hold", "score", "work-on"):
        t.add_column(said.terminal(name), justify="left" if name in ("exercise", "work-on") else "right")
    for r in reports:
        focus = verdict(r, None).focus
        reps = [x for x in r["reps"] if x["counted"]]
        clean = sum(x["verdict"] == "good" for x in reps)
        hold = max((x["hold_s"] or 0.0 for x in reps), default=0.0)
        t.add_row(
            r["exercise"] if lang == "en" else said.title(r["exercise"]),
            str(len(reps)),
            str(clean),
            _seconds(hold, said.words) if hold else "",
            f"{r['score']:.0f}" if r["score"] is not None else "",
            escape(_cue(r, r["faults"][focus], lang)) if focus is not None else "",
        )
    c.print(t)
    if any(x["counted"] for r in reports for x in r["reps"]):
        c.print(said.terminal("stretch"))
    for f in files:
        c.print(f"[dim]{escape(printable(str(f)))}[/]", soft_wrap=True)
