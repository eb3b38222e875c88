"""A report in short: one line, and a small table for a notebook."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Protocol

from formcheck.judging.exercises import exercises
from formcheck.judging.rules.beside import NO_TEXTS, texts

from .rows import Counts, FaultRow, RepRow

#: Rows of the table; of more repetitions the first are shown.
MAX_ROWS = 20
VERDICTS = {"good": "good", "fault": "counted, with faults", "not-counted": "not counted"}


class Brief(Protocol):
    """What of a report is told in short."""

    @property
    def stem(self) -> str:
        """The name of its files."""

    @property
    def exercise(self) -> str | None:
        """Id of the exercise."""

    @property
    def counts(self) -> Counts:
        """What was counted."""

    @property
    def reps(self) -> tuple[RepRow, ...]:
        """The attempts."""

    @property
    def faults(self) -> tuple[FaultRow, ...]:
        """The faults, the gravest first."""

    @property
    def score(self) -> float | None:
        """0-100."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What could not be judged."""


def in_one_line(report: Brief) -> str:
    """Return what a report says in one line."""
    faults = ", ".join(f.id for f in report.faults) or "no fault"
    score = f", score {report.score:.0f} of 100" if report.score is not None else ""
    counted = f"{report.counts.total} of {len(report.reps)} counted"
    return f"<Report of {report.stem}: {report.exercise or 'no exercise'}, {counted}{score}; {faults}>"


def as_html(report: Brief) -> str:
    """Return a report as a piece of HTML: what was done, a row a repetition, what to do about it."""
    known = exercises().get(report.exercise or "")
    own = texts(type(known), "en") if known is not None else NO_TEXTS
    names = {name: text.written for name, text in own.faults.items()}

    def named(ids: Iterable[str]) -> str:
        return ", ".join(names.get(i, i) for i in ids)

    title = known.title if known is not None else report.exercise or "No exercise recognised"
    score = f", score {report.score:.0f} of 100" if report.score is not None else ""
    counted = f"{report.counts.total} of {len(report.reps)} counted{score}"
    parts = [f"<p><b>{escape(title)}</b>: {counted} <small>({escape(report.stem)})</small></p>"]
    if report.reps:
        head = "".join(
            f"<th>{name}</th>" for name in ("no.", "side", "from", "to", "held", "verdict", "score", "faults")
        )
        parts.append(f"<table><thead><tr>{head}</tr></thead><tbody>")
        for r in report.reps[:MAX_ROWS]:
            held = f"{r.hold_s:.1f} s" if r.hold_s else ""
            verdict = VERDICTS.get(r.verdict, r.verdict) + (f": {r.why}" if r.why else "")
            scored = f"{r.score:.0f}" if r.score is not None else ""
            cells = (
                str(r.index), r.side or "", f"{r.start_s:.1f} s", f"{r.end_s:.1f} s", held, verdict, scored,
                named(f.id for f in r.faults),
            )  # fmt: skip
            parts.append(f"<tr>{''.join(f'<td>{escape(c)}</td>' for c in cells)}</tr>")
        parts.append("</tbody></table>")
    if len(report.reps) > MAX_ROWS:
        parts.append(f"<p>... and {len(report.reps) - MAX_ROWS} more</p>")
    lines = [f"<b>{escape(names.get(f.id, f.id))}</b>: {escape(f.cue)}" for f in report.faults]
    lines += [escape(note) for note in report.notes]
    if lines:
        parts.append(f"<ul>{''.join(f'<li>{line}</li>' for line in lines)}</ul>")
    return "".join(parts)
