"""Evaluations to read: tables for the terminal (rich) and for notes (Markdown)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from .figures import Mean, Rate
from .hits import Hits
from .kinds import KindSummary
from .score import ClipScore
from .summary import AngleFigures, Evaluation, Summary, clip_angles

if TYPE_CHECKING:
    from rich.console import Console

NOTHING = "–"


@dataclass(frozen=True)
class Table:
    """A title, column heads (a leading ``<`` sets the column left) and rows of text."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def _num(x: float | None, digits: int = 2) -> str:
    return NOTHING if x is None else f"{x:.{digits}f}"


def _share(r: Rate) -> str:
    return f"{r.hits}/{r.of}" if r.of else NOTHING


def _percent(x: float | None) -> str:
    return NOTHING if x is None else f"{100 * x:.0f}%"


def _mark(x: bool | None) -> str:
    return NOTHING if x is None else "yes" if x else "NO"


def _abs_mean(errors: Sequence[float]) -> str:
    return _num(Mean.of(abs(e) for e in errors).value)


def _pair(space: AngleFigures | None, image: AngleFigures | None) -> str:
    """Two angle errors, against space / against the picture."""
    if space is None and image is None:
        return NOTHING
    return " / ".join(_num(f.mae if f else None, 1) for f in (space, image))


def _ids(ids: Iterable[str]) -> str:
    return " ".join(ids) or NOTHING


def _rate(r: Rate) -> str:
    return f"{r.hits}/{r.of} ({100 * r.hits / r.of:.0f}%)" if r.of else NOTHING


#: Titles of the kinds of clips.
KIND_TITLES = {"real": "real people", "natural": "rendered, natural", "posed": "rendered, posed"}
#: What is said of each kind: a title, and how to read it from a summary.
KIND_FIGURES: tuple[tuple[str, Callable[[KindSummary], str]], ...] = (
    ("clips (of them unsure, not scored)", lambda k: f"{k.clips} ({k.unsure})"),
    ("list of attempts exact", lambda k: _rate(k.exact)),
    ("list right or one off", lambda k: _rate(k.off_by_one)),
    ("attempts missed", lambda k: _rate(k.missed)),
    ("attempts invented", lambda k: str(k.extra)),
    ("sides right, of those named", lambda k: _rate(k.sides)),
    ("sides named, of those known", lambda k: _rate(k.named)),
    ("static holds found", lambda k: _rate(k.holds)),
    ("error of their ends, s", lambda k: _num(k.hold_ends_s.value)),
    ("error of holds in attempts, s", lambda k: _num(k.hold_s.value)),
    ("certain faults found", lambda k: _rate(k.found)),
    ("reported faults right or maybe", lambda k: _rate(k.right)),
    ("certain faults found, by attempt", lambda k: _rate(k.found_by_attempt)),
    ("reported faults right or maybe, by attempt", lambda k: _rate(k.right_by_attempt)),
    ("faults invented (clip and id)", lambda k: str(k.invented)),
    ("faults that must never be named", lambda k: str(k.never)),
    ("clips without a fault told none", lambda k: _rate(k.clean)),
    ("refused, of those where that is fair", lambda k: _rate(k.refused_fine)),
    ("refused wrongly", lambda k: str(k.refused_wrong)),
    ("share of the time not judged", lambda k: _percent(k.unjudged.value)),
    ("other movements: clips", lambda k: str(k.outside)),
    ("... as the nearest exercises: nothing counted", lambda k: _rate(k.tempted)),
    ("... as any exercise: nothing counted", lambda k: _rate(k.taken)),
    ("... as the nearest: attempts listed", lambda k: str(k.attempts_outside) if k.tempted.of else NOTHING),
    ("... recognised (auto): nothing counted", lambda k: _rate(k.auto_quiet)),
    ("exercise recognised (auto)", lambda k: _rate(k.auto_right)),
    ("another exercise named (auto)", lambda k: str(k.auto_wrong) if k.auto_right.of else NOTHING),
)


def kind_table(evaluation: Evaluation) -> Table:
    """Return a column a kind of clips: real people, natural and posed renders."""
    kinds = evaluation.by_kind
    rows = [(title, *(of(k) for k in kinds.values())) for title, of in KIND_FIGURES]
    for way in dict.fromkeys(w for k in kinds.values() for w in k.ways):
        shares = (_rate(k.ways[way]) if way in k.ways else NOTHING for k in kinds.values())
        rows.append((f"same list: {_way(way)}", *shares))
    shown = tuple(r for r in rows if any(c != NOTHING for c in r[1:]))
    return Table("By kind of clip", ("<figure", *(KIND_TITLES[k] for k in kinds)), shown if kinds else ())


def _way(way: str) -> str:
    return way if not way.replace("/", "").isdigit() else f"{way} of the frames" if "/" in way else f"{way} frames/s"


def reason_lines(evaluation: Evaluation) -> list[str]:
    """Return a line for each thing wrong with a clip, kind by kind."""
    lines = []
    for kind in evaluation.by_kind:
        for s in evaluation.clips:
            if s.kind == kind:
                name = s.clip if s.sure else f"{s.clip} (unsure, not scored)"
                lines += [f"{name}: {w}" for w in s.why]
                lines += [f"{name}: {_way(w)}: {same}" for w, same in s.ways.items() if same is not True]
    return lines


def _clip_row(s: ClipScore) -> tuple[str, ...]:
    got = NOTHING if s.got_total is None else str(s.got_total)
    true = NOTHING if s.true_total is None else str(s.true_total)
    if s.true_most is not None and s.true_most != s.true_total:
        true += f"-{s.true_most}"
    blocks = "".join(f" {k} {g}/{t}" for k, (g, t) in s.blocks.items() if g != t)
    hold = _num(Mean.of(s.hold_errors).value) + (f" (+{s.holds_unmeasured}?)" if s.holds_unmeasured else "")
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


def clip_table(evaluation: Evaluation) -> Table:
    """Return a row a clip."""
    heads = ("<clip", "reps", "sides", "list", "start/end s", "hold s", "<missing", "<extra", "angle °", "ok")
    rows = tuple(_clip_row(s) for s in evaluation.clips if not s.outside)
    return Table("Clips (got/true; errors are mean absolute)", heads, rows)


def _named(evaluation: Evaluation) -> list[tuple[str, Summary]]:
    return [*evaluation.by_exercise.items(), ("all", evaluation.overall)]


def _reps_row(name: str, s: Summary) -> tuple[str, ...]:
    m = s.matched
    return (
        name,
        f"{s.clips}" + (f" ({s.failed} failed)" if s.failed else ""),
        _share(s.ok),
        _share(s.total_exact),
        _share(s.list_exact),
        _num(s.count_mae.value),
        _percent(s.off_by_one.value),
        f"{_percent(m.precision)} / {_percent(m.recall)}",
        f"{_num(s.start_mae_s.value)} / {_num(s.end_mae_s.value)}" if s.start_mae_s.n else NOTHING,
        _percent(s.side_accuracy.value),
        _num(s.hold_mae_s.value) + (f" (+{s.holds_unmeasured}?)" if s.holds_unmeasured else ""),
        _share(s.block_exact),
    )


def reps_table(evaluation: Evaluation) -> Table:
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
    return Table("Reps by exercise", heads, tuple(_reps_row(name, s) for name, s in _named(evaluation)))


def _judgement_row(name: str, s: Summary) -> tuple[str, ...]:
    f = s.faults
    return (
        name,
        f"{f.tp}/{f.fp}/{f.fn}",
        f"{_percent(f.precision)} / {_percent(f.recall)}",
        _num(f.f1),
        _num(s.rep_faults.f1),
        _num(s.false_faults.value),
        _share(s.clean),
        _pair(s.angles.get("all"), s.angles_image.get("all")),
        _num(s.frames_per_s, 1),
        _num(s.ratio_to_inference),
    )


def judgement_table(evaluation: Evaluation) -> Table:
    """Return a row an exercise and one for all: faults (false ones a correct clip), angles, speed."""
    heads = ("<exercise", "TP/FP/FN", "P/R", "F1", "F1 by rep", "false", "clean", "angle °", "frames/s", "x pose")
    return Table(
        "Faults, angles, speed by exercise (false: a correct clip; x pose: times the pose inference)",
        heads,
        tuple(_judgement_row(n, s) for n, s in _named(evaluation)),
    )


def _fault_row(exercise: str, name: str, h: Hits) -> tuple[str, ...]:
    return (exercise, name, str(h.tp), str(h.fp), str(h.fn), _percent(h.precision), _percent(h.recall), _num(h.f1))


def fault_table(evaluation: Evaluation) -> Table:
    """Return a row an exercise and fault id."""
    heads = ("<exercise", "<fault", "right", "false", "missed", "precision", "recall", "F1")
    rows = [_fault_row(x, i, h) for x, s in evaluation.by_exercise.items() for i, h in s.fault_ids.items()]
    return Table("Faults per clip", heads, tuple(rows))


def angle_table(evaluation: Evaluation) -> Table:
    """Return a row a joint, over all clips, near side."""
    heads = ("<joint", "MAE", "p90", "bias", "side view MAE", "p90", "image MAE", "p90", "bias", "frames")
    s, nothing, rows = evaluation.overall, AngleFigures(None, None, None, 0), []
    for joint, f in s.angles.items():
        side, flat = s.angles_side_view.get(joint, nothing), s.angles_image.get(joint, nothing)
        figures = (f.mae, f.p90, f.bias, side.mae, side.p90, flat.mae, flat.p90, flat.bias)
        rows.append((joint, *(_num(v, 1) for v in figures), str(f.n)))
    title = "Angles, near side, degrees (against the joint in space; side view only; image: against the picture)"
    return Table(title, heads, tuple(rows))


def tables(evaluation: Evaluation, brief: bool = False) -> list[Table]:
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
    from rich.table import Table as RichTable
    from rich.text import Text

    console = console or RichConsole()
    for t in tables(evaluation, brief):
        shown = RichTable(title=t.title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
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
