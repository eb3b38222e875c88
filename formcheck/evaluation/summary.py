"""Many clip scores in a few figures, by exercise and in all, and as JSON."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .angles import HEADLINE, JOINTS
from .figures import Mean, Share
from .hits import Hits, add_hits
from .kinds import KindSummary, summarise_kinds
from .score import ClipScore

SCHEMA = "formcheck.evaluation/1"


@dataclass(frozen=True)
class AngleFigures:
    """Angle errors in degrees over n frames: mean absolute, its 90th percentile, and signed mean (bias)."""

    mae: float | None
    p90: float | None
    bias: float | None
    n: int

    @classmethod
    def of(cls, errors: Sequence[Any]) -> AngleFigures:
        """Pool arrays of signed errors."""
        e = np.sort(np.concatenate([np.asarray(x, dtype=np.float64) for x in errors])) if errors else np.empty(0)
        if not e.size:
            return cls(None, None, None, 0)
        size = np.abs(e)
        return cls(math.fsum(size) / e.size, float(np.percentile(size, 90)), math.fsum(e) / e.size, int(e.size))


@dataclass(frozen=True)
class Summary:
    """Figures over a set of clips.

    Attributes
    ----------
    clips, failed : int
        All clips, and those that gave no report.
    ok : Share
        Clips with every rep and every fault right.
    total_exact, list_exact, sides_exact, off_by_one : Share
        Clips whose counted total is exact; whose whole list is; whose sides (or blocks) are; total within one (OBO).
    count_mae : Mean
        Absolute error of the total over the true total (over 1 where the true total is 0).
    matched : Hits
        Attempts matched by time.
    start_mae_s, end_mae_s : Mean
        Absolute error of the ends of matched attempts, seconds.
    side_accuracy : Share
        Matched attempts with the right side (or block).
    hold_mae_s : Mean
        Seconds outside the allowance; ``holds_unmeasured`` matched attempts gave no hold.
    block_exact, block_mae : Share, Mean
        Counts of warm-up blocks, one value a clip and block.
    faults, fault_ids : Hits, dict of Hits
        Faults per clip, in all and by id; ``rep_faults`` the same for matched attempts.
    false_faults : Mean
        Wrongly reported fault ids per correct clip; ``clean`` the correct clips without any.
    angles, angles_image : dict of AngleFigures
        By joint and ``"all"`` (knee, hip, line): against the joint in space, and against the picture.
    angles_side_view : dict of AngleFigures
        Against the joint in space, clips seen from the side only: the one view in which the two are alike.
    frames, frames_per_s, ratio_to_inference
        Over the clips with known speed; the ratio of the whole time to that of the pose inference in it.
    """

    clips: int
    failed: int
    ok: Share
    total_exact: Share
    list_exact: Share
    sides_exact: Share
    off_by_one: Share
    count_mae: Mean
    matched: Hits
    start_mae_s: Mean
    end_mae_s: Mean
    side_accuracy: Share
    hold_mae_s: Mean
    holds_unmeasured: int
    block_exact: Share
    block_mae: Mean
    faults: Hits
    fault_ids: dict[str, Hits]
    rep_faults: Hits
    false_faults: Mean
    clean: Share
    angles: dict[str, AngleFigures]
    angles_image: dict[str, AngleFigures]
    angles_side_view: dict[str, AngleFigures]
    frames: int
    frames_per_s: float | None
    ratio_to_inference: float | None


@dataclass(frozen=True)
class Evaluation:
    """All scores and their summaries: by kind (real people first), by exercise and in all."""

    clips: tuple[ClipScore, ...]
    overall: Summary
    by_exercise: dict[str, Summary]
    by_kind: dict[str, KindSummary]
    interrupted: bool = False


def _rate(flags: Iterable[bool | None]) -> Share:
    known = [f for f in flags if f is not None]
    return Share(sum(known), len(known))


def _off(s: ClipScore) -> int:
    """Return by how many repetitions the count is off what it may be."""
    got, least = s.got_total or 0, s.true_total or 0
    return max(least - got, got - (least if s.true_most is None else s.true_most), 0)


def _counts(s: ClipScore) -> bool:
    return s.true_total is not None and s.refused != "fine"


def _off_by_one(s: ClipScore) -> bool | None:
    return s.failed is None and _off(s) <= 1 if _counts(s) else None


def _angles(scores: Sequence[ClipScore], kind: str) -> dict[str, AngleFigures]:
    pooled = {j: [getattr(s.angles[j], kind) for s in scores if j in s.angles] for j in JOINTS}
    out = {"all": AngleFigures.of([e for j in HEADLINE for e in pooled[j]])}
    out |= {j: AngleFigures.of(e) for j, e in pooled.items()}
    return {j: f for j, f in out.items() if f.n}


def summarise_set(scores: Sequence[ClipScore]) -> Summary:
    """Return the figures over a set of clips; their order makes no difference."""
    counted = [s for s in scores if _counts(s)]
    blocks = [pair for s in scores for pair in s.blocks.values()]
    judged = [s for s in scores if s.faults is not None]
    correct = [s for s in judged if s.correct and s.failed is None]
    ids = add_hits(s.faults or {} for s in judged)
    rep_ids = add_hits(s.rep_faults or {} for s in scores)
    timed = [s for s in scores if s.frames and s.seconds]
    seconds = math.fsum(s.seconds or 0.0 for s in timed)
    shared = [s for s in timed if s.inference_seconds]
    inference = math.fsum(s.inference_seconds or 0.0 for s in shared)
    frames = sum(s.frames or 0 for s in timed)
    return Summary(
        clips=len(scores),
        failed=sum(s.failed is not None for s in scores),
        ok=Share(sum(s.ok for s in scores), len(scores)),
        total_exact=_rate(s.total_exact for s in scores),
        list_exact=_rate(s.list_exact for s in scores),
        sides_exact=_rate(s.sides_exact for s in scores),
        off_by_one=_rate(_off_by_one(s) for s in scores),
        count_mae=Mean.of(_off(s) / max(s.true_total or 0, 1) for s in counted),
        matched=sum((s.matched for s in scores if s.matched), Hits()),
        start_mae_s=Mean.of(abs(e) for s in scores for e in s.start_errors),
        end_mae_s=Mean.of(abs(e) for s in scores for e in s.end_errors),
        side_accuracy=Share(sum(s.sides[0] for s in scores), sum(s.sides[1] for s in scores)),
        hold_mae_s=Mean.of(e for s in scores for e in s.hold_errors),
        holds_unmeasured=sum(s.holds_unmeasured for s in scores),
        block_exact=_rate(g == t for g, t in blocks),
        block_mae=Mean.of(abs(g - t) / max(t, 1) for g, t in blocks),
        faults=sum(ids.values(), Hits()),
        fault_ids=ids,
        rep_faults=sum(rep_ids.values(), Hits()),
        false_faults=Mean.of(len(s.extra) for s in correct),
        clean=_rate(not s.extra for s in correct),
        angles=_angles(scores, "space"),
        angles_image=_angles(scores, "image"),
        angles_side_view=_angles([s for s in scores if s.view == "side"], "space"),
        frames=frames,
        frames_per_s=frames / seconds if seconds else None,
        ratio_to_inference=math.fsum(s.seconds or 0.0 for s in shared) / inference if inference else None,
    )


def summarise(scores: Iterable[ClipScore], interrupted: bool = False) -> Evaluation:
    """Summarise clip scores by exercise and in all.

    Parameters
    ----------
    scores : iterable of ClipScore
        In any order.
    interrupted : bool
        The evaluation was stopped before its end.
    """
    clips = tuple(sorted(scores, key=lambda s: (s.exercise or "~", s.clip)))
    names = sorted({s.exercise for s in clips if s.exercise})
    scored = [s for s in clips if s.sure and not s.outside]
    by = {name: summarise_set([s for s in scored if s.exercise == name]) for name in names}
    return Evaluation(clips, summarise_set(scored), by, summarise_kinds(clips), interrupted)


def clip_angles(score: ClipScore, kind: str = "space") -> AngleFigures:
    """Return the angle figures of one clip over knee, hip and line; ``kind`` is ``"space"`` or ``"image"``."""
    return AngleFigures.of([getattr(score.angles[j], kind) for j in HEADLINE if j in score.angles])


def _plain(x: Any) -> Any:
    """Turn figures into JSON values; floats to four decimals."""
    if isinstance(x, bool) or x is None or isinstance(x, (int, str)):
        return x
    if isinstance(x, float):
        return round(x, 4) if math.isfinite(x) else None
    if isinstance(x, Share):
        return {"value": _plain(x.value), "hits": x.hits, "of": x.of}
    if isinstance(x, Hits):
        figures = {k: _plain(getattr(x, k)) for k in ("precision", "recall", "f1")}
        return {"tp": x.tp, "fp": x.fp, "fn": x.fn, **figures}
    if isinstance(x, dict):
        return {k: _plain(v) for k, v in x.items()}
    if isinstance(x, (tuple, list)):
        return [_plain(v) for v in x]
    return {k: _plain(getattr(x, k)) for k in x.__dataclass_fields__}


def clip_json(score: ClipScore) -> dict[str, Any]:
    """Return one clip's score as plain JSON values; of the angles the figures, not every frame."""
    out = {k: _plain(getattr(score, k)) for k in score.__dataclass_fields__ if k not in ("angles", "sides")}
    out["blocks"] = {k: {"got": g, "true": t} for k, (g, t) in score.blocks.items()}
    out["sides"] = _plain(Share(*score.sides))
    out["angles"] = _plain(_angles([score], "space"))
    out["angles_image"] = _plain(_angles([score], "image"))
    out["ok"] = score.ok
    return out


def to_json(evaluation: Evaluation, extra: Callable[[], dict[str, Any]] | None = None) -> dict[str, Any]:
    """Return an evaluation as plain JSON values, schema ``formcheck.evaluation/1``.

    Parameters
    ----------
    evaluation : Evaluation
        What to write.
    extra : callable, optional
        Gives further top-level entries (time, machine); they do not replace the figures.
    """
    from formcheck.version import __version__

    figures = {
        "schema": SCHEMA,
        "formcheck": __version__,
        "interrupted": evaluation.interrupted,
        "by_kind": _plain(evaluation.by_kind),
        "overall": _plain(evaluation.overall),
        "by_exercise": _plain(evaluation.by_exercise),
        "clips": [clip_json(s) for s in evaluation.clips],
    }
    return {**(extra() if extra else {}), **figures}
