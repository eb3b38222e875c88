"""What is wrong with a report, a line each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .attempts import AttemptPairs, Rep, interval_of, label_of
from .labels import Truth, TruthRep
from .score import ClipScore

#: Ends of a static hold off by more than this (s) are told.
HOLD_OFF_S = 0.5


def reasons(score: ClipScore, truth: Truth, pairing: AttemptPairs | None) -> tuple[str, ...]:
    """Say why a clip is not exact.

    Parameters
    ----------
    score : ClipScore
    truth : Truth
    pairing : AttemptPairs or None
        Which attempt is which; None where the truth lists none.
    """
    lines: list[str] = []
    if score.refused is not None:
        fair = "fair" if score.refused == "fine" else "not fair"
        expected = f" (expected: {score.refusal_expected})" if score.refusal_expected else ""
        lines.append(f"refused, {fair}: {score.refusal}{expected}")
    if score.refused != "fine":
        if pairing is not None:
            lines += _attempts(pairing, score)
        elif not score.total_exact:
            lines.append(f"counted {score.got_total} of {score.true_total}")
        for (start, end), found in zip(truth.holds, score.held, strict=False):
            if found is None:
                lines.append(f"hold missed: {start:.1f}-{end:.1f} s")
            elif max(found) > HOLD_OFF_S:
                lines.append(
                    f"hold off: {start:.1f}-{end:.1f} s by {found[0]:.1f} s at its start, {found[1]:.1f} s at its end"
                )
    for label, ids in (
        ("fault missed", score.missing),
        ("fault invented", [i for i in score.extra if i not in score.never]),
        ("fault that must never be named", score.never),
    ):
        if ids:
            lines.append(f"{label}: {', '.join(ids)}")
    return tuple(lines)


def _attempts(p: AttemptPairs, score: ClipScore) -> Iterator[str]:
    shifted = [(t, g) for t in p.missed for g in p.extra if _touch(t, g)]
    moved, told = {id(t) for t, _ in shifted}, {id(g) for _, g in shifted}
    missed = [t for t in p.missed if id(t) not in moved]
    extra = [g for g in p.extra if id(g) not in told]
    if missed:
        yield f"missed {len(missed)} of {score.needed}: {_times(t.at_s for t in missed)}"
    if extra:
        yield f"extra {len(extra)}: " + ", ".join(_span(g) + _marks(g) for g in extra)
    for t in dict.fromkeys(t for t, _ in shifted):
        found = ", ".join(_span(g) for s, g in shifted if s is t)
        yield f"other ends: {t.start_s:.1f}-{t.end_s:.1f} s as {found}"
    for t, g in p.wrongly_counted:
        why = f" ({g['why']})" if g.get("why") else ""
        yield f"counted wrong: {_time(t.at_s)} " + ("counted" if g.get("counted") else f"not counted{why}")
    for t, g in p.wrong_labels:
        yield f"{'block' if t.block else 'side'} wrong: {_time(t.at_s)} {label_of(g, t)} for {t.label}"


def _touch(t: TruthRep, g: Rep) -> bool:
    span = interval_of(g)
    return (
        span is not None and t.start_s is not None and t.end_s is not None and span[0] < t.end_s and t.start_s < span[1]
    )


def _time(t: float | None) -> str:
    return "?" if t is None else f"{t:.1f} s"


def _times(times: Iterable[float | None]) -> str:
    return ", ".join("?" if t is None else f"{t:.1f}" for t in times) + " s"


def _span(g: Rep) -> str:
    span = interval_of(g)
    return "?" if span is None else f"{span[0]:.1f}-{span[1]:.1f} s"


def _marks(g: Rep) -> str:
    return " (counted)" if g.get("counted") else ""
