"""One report against one truth."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from .angles import angle_errors
from .attempts import AttemptPairs, Rep, counted_right, interval_of, label_of, label_right, pair
from .faults import faults_by_attempt, with_faults
from .hits import Hits
from .labels import Truth, TruthRep
from .matching import MIN_IOU, Interval, hold_error, iou
from .reasons import reasons
from .refusal import declined, fair
from .score import ClipScore
from .series import Array


def score_clip(
    report: Mapping[str, Any],
    truth: Truth,
    measures: Mapping[str, Array] | None = None,
    *,
    frames: int | None = None,
    seconds: float | None = None,
    inference_seconds: float | None = None,
) -> ClipScore:
    """Score one report.

    Parameters
    ----------
    report : mapping
        By the schema ``formcheck.report/1``.
    truth : Truth
        What really happened.
    measures : mapping of (n,) arrays, optional
        ``t`` in seconds and the measured angles in degrees (``knee_left`` ...), for the angle errors.
    frames, seconds, inference_seconds : optional
        Frames judged; seconds of the analysis and of the pose inference alone.

    Raises
    ------
    ValueError
        If the columns of ``measures`` do not fit together.
    """
    got = _in_time(report.get("reps") or [])
    total = _total(report, got)
    score = ClipScore(
        clip=truth.clip,
        exercise=truth.exercise,
        kind=truth.kind,
        sure=truth.sure,
        outside=truth.exercise is None,
        got_total=total,
        true_total=truth.count,
        true_most=truth.most,
        total_exact=truth.count <= total <= truth.most,
        view=truth.view,
        frames=frames,
        seconds=seconds,
        inference_seconds=inference_seconds,
        unjudged=_unjudged(report),
        may_refuse=truth.refusal == "fine",
        notes=_remarks(report, truth, got, total),
    )
    pairing = None
    if truth.reps is not None:
        pairing = pair(truth, got)
        score = _with_reps(score, truth, pairing, got, report)
        score = replace(score, notes=(*score.notes, *(_cut_note(g) for g in pairing.cut)))
    score = _with_holds(score, truth, report.get("holds") or [])
    if truth.faults is not None:
        score = with_faults(score, truth, report, pairing)
    if measures is not None and truth.series is not None and truth.near_side is not None:
        score = replace(score, angles=angle_errors(measures, truth.series, truth.near_side))
    score = _with_refusal(score, truth, declined(report))
    return replace(score, why=reasons(score, truth, pairing))


def failed_clip(clip: str, reason: str, truth: Truth | None = None, *, declines: bool = False) -> ClipScore:
    """Return the score of a clip that gave no report: nothing found, and nothing right by accident.

    Parameters
    ----------
    clip, reason : str
    truth : Truth, optional
    declines : bool
        There is no report because nobody was found, which declines to judge.
    """
    if truth is None:
        return ClipScore(clip=clip, exercise=None, failed=reason)
    score = score_clip({}, truth)
    if declines and fair(truth, reason):
        return _with_refusal(score, truth, reason)

    def no(flag: bool | None) -> bool | None:
        return None if flag is None else False

    return replace(
        score,
        failed=reason,
        got_total=None,
        got_reps=None,
        total_exact=False,
        sides_exact=no(score.sides_exact),
        flags_exact=no(score.flags_exact),
        list_exact=no(score.list_exact),
        refused="wrong" if declines else None,
        refusal=reason if declines else None,
        notes=(),
        why=(f"failed: {reason}",),
    )


def _in_time(reps: Iterable[Rep]) -> list[Rep]:
    listed = list(reps)
    if all(r.get("start_s") is not None for r in listed):
        listed.sort(key=lambda r: float(r["start_s"]))
    return listed


def _total(report: Mapping[str, Any], reps: list[Rep]) -> int:
    total = (report.get("counts") or {}).get("total")
    return sum(bool(r.get("counted")) for r in reps) if total is None else int(total)


def _unjudged(report: Mapping[str, Any]) -> float | None:
    """Return the share of the time in position that was not judged."""
    cover = report.get("coverage") or {}
    if cover.get("withheld") is not None:
        return float(cover["withheld"])
    inside, judged = cover.get("in_position"), cover.get("judged")
    if inside is None or judged is None:
        return None
    return 1.0 - min(judged / inside, 1.0) if inside > 0 else 1.0


def _remarks(report: Mapping[str, Any], truth: Truth, reps: list[Rep], total: int) -> tuple[str, ...]:
    notes = []
    if report.get("exercise") not in (truth.exercise, None):
        notes.append(f"analysed as {report['exercise']}, the truth is {truth.exercise}")
    listed = sum(bool(r.get("counted")) for r in reps)
    if listed != total:
        notes.append(f"the report contradicts itself: counts.total {total}, counted reps listed {listed}")
    counts = report.get("counts") or {}
    for side in ("left", "right"):
        n = sum(bool(r.get("counted")) and r.get("side") == side for r in reps)
        if counts.get(side) is not None and int(counts[side]) != n:
            notes.append(f"the report contradicts itself: counts.{side} {counts[side]}, counted reps listed {n}")
    return tuple(notes)


def _cut_note(rep: Rep) -> str:
    return f"listed as cut ({rep['cut']}), {rep.get('start_s')}-{rep.get('end_s')} s: no such attempt in the truth"


def _with_reps(
    score: ClipScore, truth: Truth, pairing: AttemptPairs, got: list[Rep], report: Mapping[str, Any]
) -> ClipScore:
    needed = pairing.needed
    whole = not pairing.missed and not pairing.extra
    known = [(t, g) for t, g in needed if t.label is not None]
    held = [(t.hold_s, g.get("hold_s")) for t, g in needed if t.hold_s]
    timed = (
        [(t, span) for t, g in needed if t.timed and (span := interval_of(g)) is not None] if pairing.by_time else []
    )
    true, least = truth.reps or (), len(truth.needed)
    by_time = pairing.by_time
    return replace(
        score,
        got_reps=len(got),
        true_reps=least,
        sides_exact=whole and all(label_right(t, g) for t, g in pairing.pairs) if _labelled(true) else None,
        flags_exact=whole and all(counted_right(t, g) for t, g in pairing.pairs),
        list_exact=pairing.exact,
        missed=tuple(t.at_s or 0.0 for t in pairing.missed),
        extra_reps=tuple(float(g.get("start_s") or 0.0) for g in pairing.extra),
        needed=least,
        off=max(least - len(got), len(got) - len(pairing.cut) - len(true), 0),
        blocks=_blocks(true, got, report),
        matched=Hits(len(needed), len(pairing.extra), len(pairing.missed)) if by_time else None,
        start_errors=tuple(lo - (t.start_s or 0.0) for t, (lo, _) in timed),
        end_errors=tuple(hi - (t.end_s or 0.0) for t, (_, hi) in timed),
        sides=(sum(label_of(g, t) == t.label for t, g in known), len(known)),
        named=sum(label_of(g, t) is not None for t, g in known),
        hold_errors=tuple(hold_error(h, float(m)) for h, m in held if m is not None),
        holds_unmeasured=sum(m is None for _, m in held),
        rep_faults=faults_by_attempt(truth, pairing),
    )


def _labelled(reps: Iterable[TruthRep]) -> bool:
    return any(t.label is not None for t in reps)


def _blocks(true: tuple[TruthRep, ...], got: list[Rep], report: Mapping[str, Any]) -> dict[str, tuple[int, int]]:
    """Counted reps by warm-up block: (report, truth). Empty if the truth names no block, or leaves some open."""
    want: dict[str, int] = {}
    for t in true:
        if t.block is not None:
            want[t.block] = want.get(t.block, 0) + bool(t.counted)
    if not want or any(t.counted is None or t.free for t in true):
        return {}
    have = (report.get("counts") or {}).get("blocks")
    if have is None:
        have = {}
        for g in got:
            if g.get("block") is not None:
                have[g["block"]] = have.get(g["block"], 0) + bool(g.get("counted"))
    have = {k: int(v) for k, v in have.items() if v}
    return {k: (have.get(k, 0), want.get(k, 0)) for k in sorted(want.keys() | have.keys())}


def _with_holds(score: ClipScore, truth: Truth, got: Iterable[Mapping[str, Any]]) -> ClipScore:
    spans = [(float(h["from_s"]), float(h["to_s"])) for h in got]
    return replace(score, held=tuple(_hold(h, spans, truth.slack_s) for h in truth.holds))


def _hold(true: Interval, got: list[Interval], slack_s: float) -> tuple[float, float] | None:
    """Return by how much (s) start and end of the best fitting hold are off beyond what the truth knows."""
    best = max(got, key=lambda g: iou(true, g), default=None)
    if best is None or iou(true, best) < MIN_IOU:
        return None
    start, end = (max(abs(g - t) - slack_s, 0.0) for g, t in zip(best, true, strict=True))
    return start, end


def _with_refusal(score: ClipScore, truth: Truth, why: str | None) -> ClipScore:
    """Say that a report declines to judge what there was to judge; where that is fair, only what it claims counts."""
    if why is None or truth.exercise is None or not (truth.needed or truth.holds or truth.count):
        return score
    score = replace(score, refusal=why, refusal_expected=truth.refusal_reason)
    if not fair(truth, why):
        return replace(score, refused="wrong", list_exact=False if score.list_exact is not None else None)
    only_claims = {i: Hits(0, h.fp, 0) for i, h in (score.faults or {}).items() if h.fp}
    return replace(
        score,
        refused="fine",
        total_exact=None,
        sides_exact=None,
        flags_exact=None,
        list_exact=None,
        missed=(),
        off=None,
        blocks={},
        matched=None,
        held=(),
        faults=only_claims if score.faults is not None else None,
        missing=(),
    )
