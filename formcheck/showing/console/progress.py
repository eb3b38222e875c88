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

from ..page.progress.words import STATES, TONES, day, due, minutes, percent, short_day, value, weeks_in_a_row, when
from ..page.words import one_of

#: Weeks of the calendar shown.
WEEKS = 4
#: Sessions shown in the table of an exercise.
LAST = 12
_VERDICT = {"good": "[green]good[/]", "fault": "[yellow]with faults[/]", "not-counted": "[red]not counted[/]"}
_TONE = {"better": "green", "worse": "yellow", "steady": "dim", "changed": "dim", "open": "dim"}
_STATE = {"gone": "green", "less": "green", "stays": "yellow", "new": "yellow", "seen": "dim"}
#: Columns that may take several lines.
_WRAPPED = frozenset({"exercises", "faults", "last four weeks"})
_RIGHT = frozenset({"no", "time", "reps", "counted", "clean", "score", "sessions", "best hold", "hold", "rep"})


def console() -> Console:
    """Return a console of the terminal's width; wide where the output is no terminal."""
    return Console(highlight=False) if sys.stdout.isatty() else Console(highlight=False, width=140)


def _table(*names: str) -> Table:
    t = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for name in names:
        t.add_column(name, justify="right" if name in _RIGHT else "left", no_wrap=name not in _WRAPPED)
    return t


def _number(x: float | None) -> str:
    return "" if x is None else f"{x:.0f}"


def print_overview(data: Mapping[str, Any], sessions: Sequence[Any], c: Console) -> None:
    """Print the last weeks, what is due, and the last sessions."""
    total = data["totals"]
    n = total["sessions"]
    c.print(
        f"[bold]{n} {one_of(n, 'session')}[/] since {short_day(total['since'])}:"
        f" {total['counted']} {one_of(total['counted'], 'repetition')} counted, {total['clean']} of them clean\n"
    )
    print_weeks(data, c)
    c.print()
    t = _table("no", "when", "time", "exercises", "reps", "counted", "clean", "score")
    for s in sessions:
        t.add_row(
            str(s.number), when(s.started), minutes(s.ended - s.started),
            escape(_exercises(s) + ("" if s.finished else " (not finished)")),
            str(s.reps), str(s.counted), str(s.clean), _number(s.score),
        )  # fmt: skip
    c.print(t)
    if n > len(sessions):
        c.print(f"[dim]and {n - len(sessions)} before: formcheck history -n {n}[/]")


def _exercises(s: Any) -> str:
    names = ", ".join(s.exercises) if len(s.exercises) <= 3 else f"{len(s.exercises)} exercises"
    return f"{s.routine}: {names}" if s.routine else names


def print_weeks(data: Mapping[str, Any], c: Console) -> None:
    """Print the calendar of the last weeks, the streak and what is due."""
    today = data["today"]
    t = _table("week of", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun", "days")
    for w in data["weeks"][-WEEKS:]:
        cells = []
        for k, n in enumerate(w.sessions):
            d = w.monday + timedelta(days=k)
            sign = "[green]●[/]" if n else " " if d > today else "·"
            cells.append(f"{sign}{'<' if d == today else ''}")
        met = "[green]✓[/]" if w.met else ""
        t.add_row(short_day(w.monday), *cells, f"{w.done} of {w.target} {met}")
    c.print(t)
    c.print(f"[dim]● trained   < today   The plan: {data['asked']}.[/]")
    row = f"{weeks_in_a_row(data['streak'])} with the plan met" if data["streak"] else "No week with the plan met yet"
    if not data["streak"] and data["longest"]:
        row = "The plan was not met last week"
    best = f" (at best {data['longest']})" if data["longest"] > data["streak"] else ""
    c.print(f"{row}{best}. [bold]{due(data)}[/] {data['stretch']}")


def print_session(session: Any, sets: Sequence[Any], titles: Mapping[str, str], every: bool, c: Console) -> None:
    """Print one session: a row a set, or a row a repetition."""
    c.print(f"[bold]Session {session.number}[/], {when(session.started)}, {minutes(session.ended - session.started)}")
    about = [
        {"live": "at the camera", "analyze": "from a recording"}.get(session.kind, session.kind),
        *(["the routine" if session.routine == "routine" else f"plan {session.routine}"] if session.routine else []),
        *([session.source] if session.source else []),
        *([] if session.finished else ["not finished: ends with the last repetition recorded"]),
        f"formcheck {session.formcheck}",
    ]
    c.print(f"[dim]{escape(', '.join(about))}[/]")
    if session.note:
        c.print(escape(session.note))
    if every:
        for s in sets:
            c.print(f"\n[bold]{escape(titles.get(s.exercise, s.exercise))}[/]")
            _print_reps(s, c)
        return
    t = _table("exercise", "reps", "clean", "best hold", "score", "faults")
    for s in sets:
        counted = sum(r.counted for r in s.reps)
        seen = Counter(f for r in s.reps for f in dict.fromkeys(x.id for x in r.faults))
        hold = max((r.hold_s for r in s.reps), default=0.0)
        t.add_row(
            escape(titles.get(s.exercise, s.exercise)),
            f"{counted} of {s.target or len(s.reps)}",
            str(sum(r.verdict == "good" for r in s.reps)),
            f"{hold:.1f} s" if hold else "",
            _number(s.score),
            escape(", ".join(f"{f} ×{n}" if n > 1 else f for f, n in seen.most_common())),
        )
    c.print(t)
    c.print("[dim]Every repetition: --reps[/]")


def _print_reps(s: Any, c: Console) -> None:
    t = _table("rep", "side", "hold", "verdict", "score", "faults")
    for r in s.reps:
        verdict = _VERDICT[r.verdict] + (f": {escape(r.why)}" if r.why else "")
        t.add_row(
            str(r.index),
            r.side or r.block or "",
            f"{r.hold_s:.1f} s" if r.hold_s else "",
            verdict,
            _number(r.score),
            escape(", ".join(dict.fromkeys(f.id for f in r.faults))),
        )
    c.print(t)


def print_progress(data: Mapping[str, Any], c: Console) -> None:
    """Print a row an exercise: the last session and how the last weeks compare with those before."""
    t = _table("exercise", "sessions", "last", "reps", "clean", "best hold", "score", "last four weeks")
    for e in data["exercises"]:
        f = {x["key"]: x for x in e["figures"]}
        hold = f.get("hold")
        moved = [
            f"[{_TONE[tone]}]{TONES[tone]}: {', '.join(labels)}[/]"
            for tone in ("better", "worse")
            if (labels := [x["label"].lower() for x in e["figures"] if x["trend"] and x["trend"].tone == tone])
        ]
        t.add_row(
            e["id"],
            str(len(e["sessions"])),
            short_day(e["sessions"][-1].day),
            *(_number(f[k]["last"]) if k in f else "" for k in ("counted", "clean")),
            f"{hold['best'][1]:.3g} s" if hold else "",
            _number(f["score"]["last"]) if "score" in f else "",
            "; ".join(moved) or f"[dim]{_no_change(e)}[/]",
        )
    c.print(t)
    c.print("[dim]One exercise: formcheck history progress EXERCISE. As a page: formcheck history --html FILE[/]")


def _no_change(e: Mapping[str, Any]) -> str:
    tones = {f["trend"].tone for f in e["figures"] if f["trend"]}
    return TONES["steady" if "steady" in tones else "open"] if tones else "nothing to compare yet"


def print_exercise(e: Mapping[str, Any], c: Console) -> None:
    """Print the progress of one exercise: its last sessions, its trends, its faults."""
    n = len(e["sessions"])
    c.print(f"[bold]{escape(e['title'])}[/]: {n} {one_of(n, 'session')}")
    t = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    t.add_column("when", no_wrap=True)
    for f in e["figures"]:
        t.add_column(f["label"].lower(), justify="right")
    for p in e["sessions"][-LAST:]:
        known = [(p.values[f["key"]], f["unit"]) for f in e["figures"]]
        t.add_row(day(p.day), *(value(x, u) if x is not None else "" for x, u in known))
    c.print(t)
    for f in e["figures"]:
        tr = f["trend"]
        if tr is not None:
            tone = TONES[tr.tone] + (f" (more than chance from {value(tr.least, f['unit'])} on)" if tr.least else "")
            c.print(
                f"  {f['label']}: {value(tr.now, f['unit'])} a session in the last four weeks,"
                f" {value(tr.before, f['unit'])} in the four before: [{_TONE[tr.tone]}]{tone}[/]"
            )
    if not any(f["trend"] for f in e["figures"]):
        c.print("  [dim]For a trend it takes sessions in the last four weeks and in the four before.[/]")
    for s in e["faults"]:
        before = f", before {percent(s.before)}" if s.before is not None else ""
        cue = f": {escape(s.cue)}" if s.cue and s.state != "gone" else ""
        c.print(
            f"  [{_STATE[s.state]}]{escape(s.fault)} {STATES[s.state]}[/]"
            f" ({percent(s.recent)} of the repetitions lately{before}){cue}"
        )
