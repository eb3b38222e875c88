"""Evaluations to read: tables for the terminal (rich) and for notes (Markdown)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Literal

from .cells import NOTHING, FigureTable, num, percent, share
from .figures import Mean
from .hits import Hits
from .kind_table import kind_table, reason_lines
from .score import ClipScore
from .summary import AngleFigures, Evaluation, Summary, clip_angles

if TYPE_CHECKING:
    from rich.console import Console


def _mark(x: bool | None) -> str:
    return NOTHING if x is None else "yes" if x else "NO"


def _abs_mean(errors: Sequence[float]) -> str:
    return num(Mean.of(abs(e) for e in errors).value)


def _pair(space: AngleFigures | None, image: AngleFigures | None) -> str:
    """Two angle errors, against space / against the picture."""
    if space is None and image is None:
        return NOTHING
    return " / ".join(num(f.mae if f else None, 1) for f in (space, image))


def _ids(ids: Iterable[str]) -> str:
    return " ".join(ids) or NOTHING


def _clip_row(s: ClipScore) -> tuple[str, ...]:
    got = NOTHING if s.got_total is None else str(s.got_total)
    true = NOTHING if s.true_total is None else str(s.true_total)
    if s.true_most is not None and s.true_most != s.true_total:
        true += f"-{s.true_most}"
    blocks = "".join(f" {k} {g}/{t}" for k, (g, t) in s.blocks.items() if g != t)
    hold = num(Mean.of(s.hold_errors).value) + (f" (+{s.holds_unmeasured}?)" if s.holds_unmeasured else "")
    return (
        s.clip,
        f"{got}/{true}{blocks}",
        _mark(s.sides_exact),
        _mark(s.list_exact),
        f"{_abs_mean(s.start_errors)} / {_abs_mean(s.end_errors)}" if s.start_errors else NOTHING,
        hold,
        _ids(s.missing),
        _ids(s.extra),
        _pair(clip_angles(s), clip_angles(s, "image")) if s.angles else NOTHING,
        "FAILED" if s.failed is not None else "ok" if s.ok else "x",
    )


def clip_table(evaluation: Evaluation) -> FigureTable:
    """Return a row a clip."""
    heads = ("<clip", "reps", "sides", "list", "start/end s", "hold s", "<missing", "<extra", "angle °", "ok")
    rows = tuple(_clip_row(s) for s in evaluation.clips if not s.outside)
    return FigureTable("Clips (got/true; errors are mean absolute)", heads, rows)


def _named(evaluation: Evaluation) -> list[tuple[str, Summary]]:
    return [*evaluation.by_exercise.items(), ("all", evaluation.overall)]


def _reps_row(name: str, s: Summary) -> tuple[str, ...]:
    m = s.matched
    return (
        name,
        f"{s.clips}" + (f" ({s.failed} failed)" if s.failed else ""),
        share(s.ok),
        share(s.total_exact),
        share(s.list_exact),
        num(s.count_mae.value),
        percent(s.off_by_one.value),
        f"{percent(m.precision)} / {percent(m.recall)}",
        f"{num(s.start_mae_s.value)} / {num(s.end_mae_s.value)}" if s.start_mae_s.n else NOTHING,
        percent(s.side_accuracy.value),
        num(s.hold_mae_s.value) + (f" (+{s.holds_unmeasured}?)" if s.holds_unmeasured else ""),
        share(s.block_exact),
    )


def reps_table(evaluation: Evaluation) -> FigureTable:
    """Return a row an exercise and one for all: clips right, counts, matching in time, holds."""
    heads = (
        "<exercise",
        "clips",
        "ok",
        "total",
        "list",
        "MAE",
        "OBO",
        "match P/R",
        "start/end s",
        "side",
        "hold s",
        "blocks",
    )
    return FigureTable("Reps by exercise", heads, tuple(_reps_row(name, s) for name, s in _named(evaluation)))


def _judgement_row(name: str, s: Summary) -> tuple[str, ...]:
    f = s.faults
    return (
        name,
        f"{f.tp}/{f.fp}/{f.fn}",
        f"{percent(f.precision)} / {percent(f.recall)}",
        num(f.f1),
        num(s.rep_faults.f1),
        num(s.false_faults.value),
        share(s.clean),
        _pair(s.angles.get("all"), s.angles_image.get("all")),
        num(s.frames_per_s, 1),
        num(s.ratio_to_inference),
    )


def judgement_table(evaluation: Evaluation) -> FigureTable:
    """Return a row an exercise and one for all: faults (false ones a correct clip), angles, speed."""
    heads = ("<exercise", "TP/FP/FN", "P/R", "F1", "F1 by rep", "false", "clean", "angle °", "frames/s", "x pose")
    return FigureTable(
        "Faults, angles, speed by exercise (false: a correct clip; x pose: times the pose inference)",
        heads,
        tuple(_judgement_row(n, s) for n, s in _named(evaluation)),
    )


def _fault_row(exercise: str, name: str, h: Hits) -> tuple[str, ...]:
    return (exercise, name, str(h.tp), str(h.fp), str(h.fn), percent(h.precision), percent(h.recall), num(h.f1))


def fault_table(evaluation: Evaluation) -> FigureTable:
    """Return a row an exercise and fault id."""
    heads = ("<exercise", "<fault", "right", "false", "missed", "precision", "recall", "F1")
    rows = [_fault_row(x, i, h) for x, s in evaluation.by_exercise.items() for i, h in s.fault_ids.items()]
    return FigureTable("Faults per clip", heads, tuple(rows))


def angle_table(evaluation: Evaluation) -> FigureTable:
    """Return a row a joint, over all clips, near side."""
    heads = ("<joint", "MAE", "p90", "bias", "side view MAE", "p90", "image MAE", "p90", "bias", "frames")
    s, nothing, rows = evaluation.overall, AngleFigures(None, None, None, 0), []
    for joint, f in s.angles.items():
        side, flat = s.angles_side_view.get(joint, nothing), s.angles_image.get(joint, nothing)
        figures = (f.mae, f.p90, f.bias, side.mae, side.p90, flat.mae, flat.p90, flat.bias)
        rows.append((joint, *(num(v, 1) for v in figures), str(f.n)))
    title = "Angles, near side, degrees (against the joint in space; side view only; image: against the picture)"
    return FigureTable(title, heads, tuple(rows))


def tables(evaluation: Evaluation, brief: bool = False) -> list[FigureTable]:
    """Return all tables that have rows; in brief, the one by kind."""
    makers = (kind_table,) if brief else (kind_table, clip_table, reps_table, judgement_table, fault_table, angle_table)
    return [t for t in (make(evaluation) for make in makers) if t.rows]


def remarks(evaluation: Evaluation) -> list[str]:
    """Return one line for each clip that failed and for each thing the scoring noticed."""
    lines = []
    for s in evaluation.clips:
        if s.failed is not None:
            lines.append(f"{s.clip}: failed: {s.failed}")
        lines += [f"{s.clip}: {note}" for note in s.notes]
    return lines


def to_markdown(evaluation: Evaluation, *, brief: bool = False) -> str:
    """Return the tables, what is wrong with which clip, and remarks as Markdown."""
    parts = []
    for t in tables(evaluation, brief):
        heads = [h.lstrip("<") for h in t.heads]
        rule = [":--" if h.startswith("<") else "--:" for h in t.heads]
        body = ["| " + " | ".join(c.replace("|", "\\|") for c in row) + " |" for row in (heads, rule, *t.rows)]
        parts.append("\n".join([f"### {t.title}", "", *body]))
    for title, lines in (("What is wrong", reason_lines(evaluation)), ("Remarks", remarks(evaluation))):
        if lines:
            parts.append("\n".join([f"### {title}", "", *(f"- {n}" for n in lines)]))
    return "\n\n".join(parts) + "\n"


def print_tables(evaluation: Evaluation, console: Console | None = None, *, brief: bool = False) -> None:
    """Print the tables, what is wrong with which clip, and remarks to a terminal.

    Parameters
    ----------
    evaluation : Evaluation
        What to show.
    console : rich.console.Console, optional
        Where to; standard output by default.
    brief : bool
        Of the tables only the one by kind.
    """
    from rich import box
    from rich.console import Console as RichConsole
    from rich.table import Table
    from rich.text import Text

    console = console or RichConsole()
    for t in tables(evaluation, brief):
        shown = Table(title=t.title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
        for i, h in enumerate(t.heads):
            justify: Literal["left", "right"] = "left" if h.startswith("<") else "right"
            shown.add_column(h.lstrip("<"), justify=justify, overflow="fold", no_wrap=i == 0)
        for row in t.rows:
            bad = {"NO", "x", "FAILED"}
            shown.add_row(*(Text(c, style="red" if c in bad else "green" if c == "ok" else "") for c in row))
        console.print(shown)
    for line in reason_lines(evaluation):
        console.print(Text(line), soft_wrap=True)
    for line in remarks(evaluation):
        console.print(Text(line, style="yellow"))
