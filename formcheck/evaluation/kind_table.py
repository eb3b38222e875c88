"""The table of figures by kind of clip, and what is wrong with which clip."""

from __future__ import annotations

from collections.abc import Callable

from .cells import NOTHING, FigureTable, num, percent, rate
from .kinds import KindSummary
from .summary import Evaluation

#: Titles of the kinds of clips.
KIND_TITLES = {"real": "real people", "natural": "rendered, natural", "posed": "rendered, posed"}
#: What is said of each kind: a title, and how to read it from a summary.
KIND_FIGURES: tuple[tuple[str, Callable[[KindSummary], str]], ...] = (
    ("clips (of them unsure, not scored)", lambda k: f"{k.clips} ({k.unsure})"),
    ("list of attempts exact", lambda k: rate(k.exact)),
    ("list right or one off", lambda k: rate(k.off_by_one)),
    ("attempts missed", lambda k: rate(k.missed)),
    ("attempts invented", lambda k: str(k.extra)),
    ("sides right, of those named", lambda k: rate(k.sides)),
    ("sides named, of those known", lambda k: rate(k.named)),
    ("static holds found", lambda k: rate(k.holds)),
    ("error of their ends, s", lambda k: num(k.hold_ends_s.value)),
    ("error of holds in attempts, s", lambda k: num(k.hold_s.value)),
    ("certain faults found", lambda k: rate(k.found)),
    ("reported faults right or maybe", lambda k: rate(k.right)),
    ("certain faults found, by attempt", lambda k: rate(k.found_by_attempt)),
    ("reported faults right or maybe, by attempt", lambda k: rate(k.right_by_attempt)),
    ("faults invented (clip and id)", lambda k: str(k.invented)),
    ("faults that must never be named", lambda k: str(k.never)),
    ("clips without a fault told none", lambda k: rate(k.clean)),
    ("refused, of those where that is fair", lambda k: rate(k.refused_fine)),
    ("refused wrongly", lambda k: str(k.refused_wrong)),
    ("share of the time not judged", lambda k: percent(k.unjudged.value)),
    ("other movements: clips", lambda k: str(k.outside)),
    ("... as the nearest exercises: nothing counted", lambda k: rate(k.tempted)),
    ("... as any exercise: nothing counted", lambda k: rate(k.taken)),
    ("... as the nearest: attempts listed", lambda k: str(k.attempts_outside) if k.tempted.of else NOTHING),
    ("... recognised (auto): nothing counted", lambda k: rate(k.auto_quiet)),
    ("exercise recognised (auto)", lambda k: rate(k.auto_right)),
    ("another exercise named (auto)", lambda k: str(k.auto_wrong) if k.auto_right.of else NOTHING),
)


def kind_table(evaluation: Evaluation) -> FigureTable:
    """Return a column a kind of clips: real people, natural and posed renders."""
    kinds = evaluation.by_kind
    rows = [(title, *(of(k) for k in kinds.values())) for title, of in KIND_FIGURES]
    for way in dict.fromkeys(w for k in kinds.values() for w in k.ways):
        shares = (rate(k.ways[way]) if way in k.ways else NOTHING for k in kinds.values())
        rows.append((f"same list: {_way(way)}", *shares))
    shown = tuple(r for r in rows if any(c != NOTHING for c in r[1:]))
    return FigureTable("By kind of clip", ("<figure", *(KIND_TITLES[k] for k in kinds)), shown if kinds else ())


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
