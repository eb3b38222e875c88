"""One report against one truth."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from .angles import AngleErrors, angle_errors
from .hits import Hits, add_hits, tally
from .matching import Interval, hold_error, match
from .truth import Array, Truth, TruthRep


@dataclass(frozen=True, eq=False)
class ClipScore:
    """How one report compares with its truth. ``None`` = the truth does not say, so it is not scored.

    Attributes
    ----------
    failed : str or None
        Why there is no report. A failed clip is scored as a report without reps and faults, and never as exact.
    got_total, true_total : int or None
        Counted reps.
    got_reps, true_reps : int or None
        Attempts listed, counted or not.
    total_exact, sides_exact, flags_exact, list_exact : bool or None
        The totals agree; the sequence of sides (warm-up: blocks) agrees; the sequence of counted flags agrees; the
        whole list agrees (number, order, side or block, counted).
    blocks : dict
        Warm-up block -> (counted by the report, true).
    matched : Hits or None
        Attempts matched by time.
    start_errors, end_errors : tuple of float
        Reported minus true, seconds, matched attempts.
    sides : (int, int)
        Matched attempts whose side (or block) is right, and of how many.
    hold_errors : tuple of float
        Seconds outside the allowance, matched attempts with a true hold.
    holds_unmeasured : int
        Matched attempts with a true hold for which the report gives none.
    faults, rep_faults : dict of Hits by fault id, or None
        For the clip as a whole, and for matched attempts one by one.
    missing, extra, tolerated : tuple of str
        Fault ids missed, reported wrongly, and reported where that does no harm.
    correct : bool
        The truth knows of no fault.
    view : str or None
        How the camera looks at the person, by the truth.
    angles : dict
        Errors by joint on the near side.
    frames, seconds, inference_seconds
        Frames judged, seconds of the whole analysis and of the bare pose inference in it.
    notes : tuple of str
        What the scoring noticed (a report that contradicts itself, another exercise).
    """

    clip: str
    exercise: str | None
    failed: str | None = None
    got_total: int | None = None
    true_total: int | None = None
    got_reps: int | None = None
    true_reps: int | None = None
    total_exact: bool | None = None
    sides_exact: bool | None = None
    flags_exact: bool | None = None
    list_exact: bool | None = None
    blocks: dict[str, tuple[int, int]] = field(default_factory=dict)
    matched: Hits | None = None
    start_errors: tuple[float, ...] = ()
    end_errors: tuple[float, ...] = ()
    sides: tuple[int, int] = (0, 0)
    hold_errors: tuple[float, ...] = ()
    holds_unmeasured: int = 0
    faults: dict[str, Hits] | None = None
    rep_faults: dict[str, Hits] | None = None
    missing: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    tolerated: tuple[str, ...] = ()
    correct: bool = False
    view: str | None = None
    angles: dict[str, AngleErrors] = field(default_factory=dict)
    frames: int | None = None
    seconds: float | None = None
    inference_seconds: float | None = None
    notes: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """True if the reps (or, where only that is known, the total) and the faults are all right."""
        reps = self.total_exact and self.list_exact is not False and all(g == t for g, t in self.blocks.values())
        return self.failed is None and bool(reps) and not self.missing and not self.extra


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
        got_total=total,
        true_total=truth.count,
        total_exact=total == truth.count,
        view=truth.view,
        frames=frames,
        seconds=seconds,
        inference_seconds=inference_seconds,
        notes=_remarks(report, truth, got, total),
    )
    if truth.reps is not None:
        score = _with_reps(score, truth, got, report)
    if truth.faults is not None:
        score = _with_faults(score, truth, reported_faults(report))
    if measures is not None and truth.series is not None and truth.near_side is not None:
        score = replace(score, angles=angle_errors(measures, truth.series, truth.near_side))
    return score


def failed_clip(clip: str, reason: str, truth: Truth | None = None) -> ClipScore:
    """Return the score of a clip that gave no report: nothing found, and nothing right by accident."""
    if truth is None:
        return ClipScore(clip=clip, exercise=None, failed=reason)
    score = score_clip({}, truth)

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
        notes=(),
    )


def reported_faults(report: Mapping[str, Any]) -> frozenset[str]:
    """Return all fault ids in a report, of the clip and of its reps."""
    ids = {f["id"] for f in report.get("faults") or []}
    return frozenset(ids.union(*(_ids(r) for r in report.get("reps") or [])))


def _ids(rep: Mapping[str, Any]) -> set[str]:
    return {f["id"] for f in rep.get("faults") or []}


def _interval(rep: Mapping[str, Any]) -> Interval | None:
    start, end = rep.get("start_s"), rep.get("end_s")
    return None if start is None or end is None else (float(start), float(end))


def _in_time(reps: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    listed = list(reps)
    if all(r.get("start_s") is not None for r in listed):
        listed.sort(key=lambda r: float(r["start_s"]))
    return listed


def _total(report: Mapping[str, Any], reps: list[Mapping[str, Any]]) -> int:
    total = (report.get("counts") or {}).get("total")
    return sum(bool(r.get("counted")) for r in reps) if total is None else int(total)


def _remarks(report: Mapping[str, Any], truth: Truth, reps: list[Mapping[str, Any]], total: int) -> tuple[str, ...]:
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


def _label(rep: Mapping[str, Any], true: TruthRep) -> Any:
    return rep.get("block") if true.block is not None else rep.get("side")


def _with_reps(score: ClipScore, truth: Truth, got: list[Mapping[str, Any]], report: Mapping[str, Any]) -> ClipScore:
    true = truth.reps or ()
    same_number = len(true) == len(got)
    labelled = any(t.label is not None for t in true)
    sides_ok = same_number and all(t.label in (None, _label(g, t)) for t, g in zip(true, got, strict=False))
    flags_ok = same_number and all(t.counted == bool(g.get("counted")) for t, g in zip(true, got, strict=False))

    timed = bool(true) and all(t.timed for t in true)
    spans = [_interval(g) for g in got]
    if timed or not true:
        pairs = match([(t.start_s or 0.0, t.end_s or 0.0) for t in true], spans)
        matched = Hits(len(pairs), len(got) - len(pairs), len(true) - len(pairs))
    else:  # written without times: only lists of one length can be put side by side
        pairs = [(i, i) for i in range(len(true))] if same_number else []
        matched = None
    both = [(true[i], got[j]) for i, j in pairs]
    named = [(t, g) for t, g in both if t.label is not None]
    held = [(t.hold_s, g.get("hold_s")) for t, g in both if t.hold_s]
    rep_faults = None
    if any(t.faults is not None for t in true):
        rep_faults = add_hits(tally(t.faults or (), _ids(g), truth.also_ok) for t, g in both)
    return replace(
        score,
        got_reps=len(got),
        true_reps=len(true),
        sides_exact=sides_ok if labelled else None,
        flags_exact=flags_ok,
        list_exact=sides_ok and flags_ok,
        blocks=_blocks(true, got, report),
        matched=matched,
        start_errors=tuple(float(g["start_s"]) - (t.start_s or 0.0) for t, g in both) if timed else (),
        end_errors=tuple(float(g["end_s"]) - (t.end_s or 0.0) for t, g in both) if timed else (),
        sides=(sum(_label(g, t) == t.label for t, g in named), len(named)),
        hold_errors=tuple(hold_error(h, float(m)) for h, m in held if m is not None),
        holds_unmeasured=sum(m is None for _, m in held),
        rep_faults=rep_faults,
    )


def _blocks(
    true: tuple[TruthRep, ...], got: list[Mapping[str, Any]], report: Mapping[str, Any]
) -> dict[str, tuple[int, int]]:
    """Counted reps by warm-up block: (report, truth). Empty if the truth names no block."""
    want: dict[str, int] = {}
    for t in true:
        if t.block is not None:
            want[t.block] = want.get(t.block, 0) + t.counted
    if not want:
        return {}
    have = (report.get("counts") or {}).get("blocks")
    if have is None:
        have = {}
        for g in got:
            if g.get("block") is not None:
                have[g["block"]] = have.get(g["block"], 0) + bool(g.get("counted"))
    have = {k: int(v) for k, v in have.items() if v}
    return {k: (have.get(k, 0), want.get(k, 0)) for k in sorted(want.keys() | have.keys())}


def _with_faults(score: ClipScore, truth: Truth, got: frozenset[str]) -> ClipScore:
    true = truth.faults or frozenset()
    hits = tally(true, got, truth.also_ok)
    return replace(
        score,
        faults=hits,
        missing=tuple(i for i, h in hits.items() if h.fn),
        extra=tuple(i for i, h in hits.items() if h.fp),
        tolerated=tuple(sorted((got - true) & truth.also_ok)),
        correct=not true,
    )
