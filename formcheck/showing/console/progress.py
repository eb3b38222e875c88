"""The history on the terminal; readable without colours."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from formcheck.coaching.history.reviews import ReviewFigures
from formcheck.rounding import sig3

from ..page.progress.words import HistoryWords
from .columns import headed

#: Weeks of the calendar shown.
WEEKS = 4
#: Sessions shown in the table of an exercise.
LAST = 12
_VERDICT = {"good": "green", "fault": "yellow", "not-counted": "red"}
_TONE = {"better": "green", "worse": "yellow", "steady": "dim", "changed": "dim", "open": "dim"}
_STATE = {"gone": "green", "less": "green", "stays": "yellow", "new": "yellow", "seen": "dim"}
#: Columns that may take several lines.
_WRAPPED = frozenset({"exercises", "faults", "lately"})
_RIGHT = frozenset({"no", "time", "reps", "counted", "clean", "score", "sessions", "best-hold", "hold", "rep"})


def console() -> Console:
    """Return a console of the terminal's width; wide where the output is no terminal."""
    return Console(highlight=False) if sys.stdout.isatty() else Console(highlight=False, width=140)


def _table(said: HistoryWords, *names: str, between: tuple[str, ...] = ()) -> Table:
    """Return an empty table: its columns by their keys, after the first one those that have names already."""
    t = headed()
    for k, name in enumerate(names):
        words = said.terminal(name)
        t.add_column(words, justify="right" if name in _RIGHT else "left", no_wrap=name not in _WRAPPED)
        for other in between if k == 0 else ():
            t.add_column(other, no_wrap=True)
    return t


def _number(x: float | None) -> str:
    return "" if x is None else f"{x:.0f}"


def _both(measured: float | None, corrected: float | None) -> str:
    """Return a figure as a person corrected it with the measured one behind; as measured where they are the same."""
    shown = _number(measured)
    if corrected is None or _number(corrected) == shown:
        return shown
    return f"{_number(corrected)} ({shown or '–'})"


def _figures(s: Any, corrected: ReviewFigures | None) -> list[str]:
    """Return the cells of what counted, the clean ones and the score of a session or set."""
    measured = {"counted": s.counted, "clean": s.clean, "score": s.score}
    return [_both(x, corrected.value(k) if corrected is not None else None) for k, x in measured.items()]


def print_overview(
    data: Mapping[str, Any],
    sessions: Sequence[Any],
    c: Console,
    said: HistoryWords,
    corrected: Mapping[int, ReviewFigures] | None = None,
) -> None:
    """Print the last weeks, what is due, and the last sessions."""
    corrected = corrected or {}
    total = data["totals"]
    n = total["sessions"]
    row = said.terminal(
        "since",
        sessions=f"[bold]{said('sessions-said', n=n)}[/]",
        day=said.short_day(total["since"]),
        counted=said.terminal("reps-said", n=total["counted"]),
        clean=total["clean"],
    )
    c.print(f"{row}\n")
    print_weeks(data, c, said)
    c.print()
    t = _table(said, "no", "when", "time", "exercises", "reps", "counted", "clean", "score")
    for s in sessions:
        t.add_row(
            str(s.number), said.when(s.started), said.minutes(s.ended - s.started),
            escape(_exercises(s, said) + ("" if s.finished else said.terminal("not-finished"))),
            str(s.reps), *_figures(s, corrected.get(s.number)),
        )  # fmt: skip
    c.print(t)
    if any(s.number in corrected for s in sessions):
        c.print(f"[dim]{said.terminal('corrected')}[/]")
    if n > len(sessions):
        c.print(f"[dim]{said.terminal('more', n=n - len(sessions), all=n)}[/]")


def _exercises(s: Any, said: HistoryWords) -> str:
    names = ", ".join(s.exercises) if len(s.exercises) <= 3 else said.terminal("several", n=len(s.exercises))
    return f"{s.routine}: {names}" if s.routine else names


def print_weeks(data: Mapping[str, Any], c: Console, said: HistoryWords) -> None:
    """Print the calendar of the last weeks, the streak and what is due."""
    today = data["today"]
    t = _table(said, "week-of", "days", between=tuple(said.weekdays))
    for w in data["weeks"][-WEEKS:]:
        cells = []
        for k, n in enumerate(w.sessions):
            d = w.monday + timedelta(days=k)
            sign = "[green]●[/]" if n else " " if d > today else "·"
            cells.append(f"{sign}{'<' if d == today else ''}")
        met = "[green]✓[/]" if w.met else ""
        t.add_row(said.short_day(w.monday), *cells, f"{said.terminal('days-of', done=w.done, n=w.target)} {met}")
    c.print(t)
    c.print(f"[dim]{said.terminal('key', plan=said.plan(data))}[/]")
    row = said("not-last-week" if data["longest"] else "no-week")
    if data["streak"]:
        row = said("with-plan", weeks=said.weeks_in_a_row(data["streak"]))
    best = said("at-best", n=data["longest"]) if data["longest"] > data["streak"] else ""
    c.print(f"{row}{best}. [bold]{said.due(data)}[/] {said('stretch')}")


def print_session(session: Any, sets: Sequence[Any], every: bool, c: Console, said: HistoryWords) -> None:
    """Print one session: a row a set, or a row a repetition."""
    number, lasted = said.terminal("session", n=session.number), said.minutes(session.ended - session.started)
    c.print(f"[bold]{number}[/], {said.when(session.started)}, {lasted}")
    routine = session.routine
    about = [
        said.terminal(session.kind) if session.kind in {"live", "analyze"} else session.kind,
        *(
            [said.terminal("routine") if routine == "routine" else said.terminal("plan", name=routine)]
            if routine
            else []
        ),
        *([session.source] if session.source else []),
        *([] if session.finished else [said.terminal("ends")]),
        f"formcheck {session.formcheck}",
    ]
    c.print(f"[dim]{escape(', '.join(about))}[/]")
    if session.note:
        c.print(escape(session.note))
    if every:
        for s in sets:
            c.print(f"\n[bold]{escape(said.title(s.exercise))}[/]")
            _print_reps(s, c, said)
        return
    t = _table(said, "exercise", "reps", "clean", "best-hold", "score", "faults")
    for s in sets:
        counted = sum(r.counted for r in s.reps)
        seen = Counter(f for r in s.reps for f in dict.fromkeys(x.id for x in r.faults))
        hold = max((r.hold_s for r in s.reps), default=0.0)
        t.add_row(
            escape(said.title(s.exercise)),
            said.terminal("of", n=counted, all=s.target or len(s.reps)),
            str(sum(r.verdict == "good" for r in s.reps)),
            said.words.decimal.join(f"{hold:.1f} s".split(".")) if hold else "",
            _number(s.score),
            escape(
                ", ".join(f"{_named(said, s, f)} ×{n}" if n > 1 else _named(said, s, f) for f, n in seen.most_common())
            ),
        )
    c.print(t)
    c.print(f"[dim]{said.terminal('every')}[/]")


def _named(said: HistoryWords, s: Any, fault: str) -> str:
    """Return the name of a fault: in English its id, which files and commands know."""
    return fault if said.lang == "en" else said.fault_name(s.exercise, fault)


def _print_reps(s: Any, c: Console, said: HistoryWords) -> None:
    t = _table(said, "rep", "side", "hold", "verdict", "score", "faults")
    for r in s.reps:
        why = f": {escape(r.why if said.lang == 'en' else said.words.sentence(r.why))}" if r.why else ""
        verdict = f"[{_VERDICT[r.verdict]}]{said.terminal(r.verdict)}[/]{why}"
        t.add_row(
            str(r.index),
            said.words.word(r.side or r.block or ""),
            said.words.decimal.join(f"{r.hold_s:.1f} s".split(".")) if r.hold_s else "",
            verdict,
            _number(r.score),
            escape(", ".join(dict.fromkeys(_named(said, s, f.id) for f in r.faults))),
        )
    c.print(t)


def print_progress(data: Mapping[str, Any], c: Console, said: HistoryWords) -> None:
    """Print a row an exercise: the last session and how the last weeks compare with those before."""
    t = _table(said, "exercise", "sessions", "last", "reps", "clean", "best-hold", "score", "lately")
    for e in data["exercises"]:
        f = {x["key"]: x for x in e["figures"]}
        hold = f.get("hold")
        moved = [
            f"[{_TONE[tone]}]{said.tones[tone]}: {', '.join(labels)}[/]"
            for tone in ("better", "worse")
            if (
                labels := [
                    said.figure(e["id"], x).lower() for x in e["figures"] if x["trend"] and x["trend"].tone == tone
                ]
            )
        ]
        t.add_row(
            e["id"],
            str(len(e["sessions"])),
            said.short_day(e["sessions"][-1].day),
            *(_number(f[k]["last"]) if k in f else "" for k in ("counted", "clean")),
            said.value(sig3(hold["best"][1]) or 0.0, "s") if hold else "",
            _number(f["score"]["last"]) if "score" in f else "",
            "; ".join(moved) or f"[dim]{_no_change(e, said)}[/]",
        )
    c.print(t)
    c.print(f"[dim]{said.terminal('one-exercise')}[/]")


def _no_change(e: Mapping[str, Any], said: HistoryWords) -> str:
    tones = {f["trend"].tone for f in e["figures"] if f["trend"]}
    return said.tones["steady" if "steady" in tones else "open"] if tones else said.terminal("nothing-yet")


def _figure_of(p: Any, figure: Mapping[str, Any], said: HistoryWords) -> str:
    """Return the cell of a figure of a session."""
    x = p.values[figure["key"]]
    right = p.corrected.value(figure["key"]) if p.corrected is not None else None
    if right is not None:
        return _both(x, right)
    return said.value(x, figure["unit"]) if x is not None else ""


def print_exercise(e: Mapping[str, Any], c: Console, said: HistoryWords) -> None:
    """Print the progress of one exercise: its last sessions, its trends, its faults."""
    c.print(f"[bold]{escape(said.title(e['id']))}[/]: {said('sessions-said', n=len(e['sessions']))}")
    t = headed()
    t.add_column(said.terminal("when"), no_wrap=True)
    for f in e["figures"]:
        t.add_column(said.figure(e["id"], f).lower(), justify="right")
    shown = e["sessions"][-LAST:]
    for p in shown:
        t.add_row(said.day(p.day), *(_figure_of(p, f, said) for f in e["figures"]))
    c.print(t)
    if any(p.corrected is not None for p in shown):
        c.print(f"[dim]{said.terminal('corrected')}[/]")
    for f in e["figures"]:
        tr = f["trend"]
        if tr is not None:
            tone = said.tones[tr.tone]
            if tr.least:
                tone += said.terminal("chance", least=said.value(tr.least, f["unit"]))
            now, before = (said.value(x, f["unit"]) for x in (tr.now, tr.before))
            row = said.terminal("trend", name=said.figure(e["id"], f), now=now, before=before)
            c.print(f"  {row}[{_TONE[tr.tone]}]{tone}[/]")
    if not any(f["trend"] for f in e["figures"]):
        c.print(f"  [dim]{said.terminal('no-trend')}[/]")
    for s in e["faults"]:
        before = said.terminal("share-before", share=said.percent(s.before)) if s.before is not None else ""
        cue = f": {escape(said.cue(s))}" if s.cue and s.state != "gone" else ""
        name = s.fault if said.lang == "en" else said.fault(s)
        share = said.terminal("share", share=said.percent(s.recent))
        c.print(f"  [{_STATE[s.state]}]{escape(name)} {said.states[s.state]}[/] ({share}{before}){cue}")
