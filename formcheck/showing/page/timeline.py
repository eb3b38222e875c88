"""The timeline: lanes of repetitions, holds and faults, and when nothing could be judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from formcheck.judging.rules.exercise import Exercise
from formcheck.judging.rules.judge import AWAY

from .language import Words
from .table import MeasuresTable, spans

#: A fault seen this much (s) before or after the repetitions it belongs to gets a mark of its own.
OUTSIDE_S = 0.1


@dataclass(frozen=True)
class Block:
    """A stretch of time that can be clicked.

    Attributes
    ----------
    start, end : float
        Seconds.
    text : str
        Short, on the block.
    title : str
        What it is, for a screen reader and as a tooltip.
    kind : str
        CSS class.
    hold : (float, float) or None
        Part of it in which the end position was held.
    """

    start: float
    end: float
    text: str
    title: str
    kind: str
    hold: tuple[float, float] | None = None


@dataclass(frozen=True)
class Lane:
    """A row of the timeline; where *quiet*, its blocks only inform."""

    name: str
    blocks: tuple[Block, ...]
    quiet: bool = False


def time_span(report: Mapping[str, Any], table: MeasuresTable | None) -> tuple[float, float]:
    """Return the first and last moment (s) the page is about."""
    if table is not None and len(table.t):
        first, last = float(table.t[0]), float(table.t[-1])
    else:
        first, last = 0.0, float(report["source"].get("duration_s") or 0.0)
    last = max([last, *(r["end_s"] for r in report["reps"]), *(f["to_s"] for f in report["faults"])])
    first = min([first, *(r["start_s"] for r in report["reps"]), *(f["from_s"] for f in report["faults"])])
    return first, max(last, first + 1.0)


def lanes(
    report: Mapping[str, Any],
    table: MeasuresTable | None,
    exercise: Exercise | None,
    words: Words,
    problems: Sequence[tuple[float, float, str]] = (),
) -> list[Lane]:
    """Return the rows of the timeline, those without anything left out.

    Parameters
    ----------
    report : mapping
    table : MeasuresTable or None
    exercise : Exercise or None
    words : Words
    problems : sequence of (from, to, reason)
        When the picture could not be judged (s), and why; told by the table as far as it goes where there are none.
    """
    out = [Lane(words.nouns_title, tuple(_rep(r, words) for r in report["reps"]))]
    name = words("lane-held")
    held = [Block(h["from_s"], h["to_s"], "", name, "hold") for h in report.get("holds") or ()]
    out.append(Lane(name, tuple(held)))
    out += [Lane(words.fault(f["id"]), tuple(_fault(report, f, words))) for f in report["faults"]]
    if table is not None and len(table.t):
        unjudged = _unjudged(table, exercise, words, problems)
        out.append(Lane(words("lane-unjudged"), tuple(unjudged), quiet=True))
    return [lane for lane in out if lane.blocks]


_MARK = {"good": "✓", "fault": "!", "not-counted": "✗"}


def rep_said(r: Mapping[str, Any], words: Words) -> str:
    """Return what a repetition was: its number, side and verdict."""
    values = {"noun": words.noun_title, "n": r["index"], "verdict": words.word(r["verdict"])}
    return words("rep-side-said", side=words.word(r["side"]), **values) if r["side"] else words("rep-said", **values)


def _rep(r: Mapping[str, Any], words: Words) -> Block:
    hold = None
    if r["hold_s"]:
        half = r["hold_s"] / 2
        hold = (max(r["peak_s"] - half, r["start_s"]), min(r["peak_s"] + half, r["end_s"]))
    mark = f"{r['index']} {_MARK[r['verdict']]}"
    return Block(r["start_s"], r["end_s"], mark, rep_said(r, words), f"rep {r['verdict']}", hold)


def _fault(report: Mapping[str, Any], fault: Mapping[str, Any], words: Words) -> list[Block]:
    name, kind = words.fault(fault["id"]), f"fault {fault['severity']}"
    out = [
        Block(f["from_s"], f["to_s"], "", words("fault-in", fault=name, noun=words.noun(1), n=r["index"]), kind)
        for r in report["reps"]
        for f in r["faults"]
        if f["id"] == fault["id"]
    ]
    if not out:
        return [Block(fault["from_s"], fault["to_s"], "", words("fault-outside", fault=name, noun=words.noun(5)), kind)]
    first, last = min(b.start for b in out), max(b.end for b in out)
    if fault["from_s"] < first - OUTSIDE_S:
        out.insert(0, Block(fault["from_s"], fault["from_s"], "", words("seen-first", fault=name), kind))
    if fault["to_s"] > last + OUTSIDE_S:
        out.append(Block(fault["to_s"], fault["to_s"], "", words("seen-last", fault=name), kind))
    return out


def _unjudged(
    table: MeasuresTable, exercise: Exercise | None, words: Words, problems: Sequence[tuple[float, float, str]]
) -> list[Block]:
    out = [Block(a, b, "", words.sentence(reason), "blind") for a, b, reason in problems]
    blind = np.zeros(len(table.t), bool)
    for a, b, _ in problems:
        blind |= (table.t >= a) & (table.t <= b)
    out += [Block(a, b, "", words("nobody"), "blind") for a, b in spans(table.t, ~table.pose & ~blind)]
    blind |= ~table.pose
    if exercise is not None and not problems:
        turned = ~blind & ~np.isin(np.array(table.view, dtype=object), list(exercise.views))
        out += [Block(a, b, "", words("view-unfit"), "blind") for a, b in spans(table.t, turned)]
        blind |= turned
    away = ~blind & (np.array(table.phase, dtype=object) == AWAY)
    out += [Block(a, b, "", words("away"), "away") for a, b in spans(table.t, away)]
    return sorted(out, key=lambda b: b.start)


def ticks(first: float, last: float, at_most: int = 8) -> Sequence[tuple[float, str]]:
    """Return round moments (s) for the time axis, with their labels.

    >>> ticks(0.0, 16.9)
    [(0, '0'), (5, '5'), (10, '10'), (15, '15')]
    >>> ticks(0.0, 600.0)[1]
    (120, '2:00')
    """
    steps = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200)
    step = next((s for s in steps if (last - first) / s <= at_most), int((last - first) / at_most) + 1)
    marks = range(int(-(-first // step)) * step, int(last) + 1, step)
    long = last >= 60
    return [(m, f"{m // 60}:{m % 60:02d}" if long else str(m)) for m in marks]
