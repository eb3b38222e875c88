"""What the scores of real, natural and posed clips amount to, each kind apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .figures import Mean, Share
from .labels import KINDS
from .score import ClipScore


@dataclass(frozen=True)
class KindSummary:
    """Figures over the clips of one kind. Clips of which the truth is not sure, and failed ones without truth, are out.

    Attributes
    ----------
    clips, unsure, outside : int
        All clips; those not scored; movements outside the routine.
    exact, off_by_one : Share
        Lists of attempts exact; as long as they may be or one more or fewer. Of the clips with an exercise in them, but
        for those that a report declines to judge where that is fair.
    missed, extra : Share, int
        Attempts not listed of all that must be; attempts listed that are none.
    sides, named : Share
        Matched attempts with the right side (or block) of those whose side is named; and those named of those known.
    holds : Share
        Static holds found; ``hold_ends_s`` the error of their ends (s), ``hold_s`` that of holds within repetitions.
    found, right : Share
        Certain faults found, by clip and id; reported ones that are right or may be reported.
    found_by_attempt, right_by_attempt : Share
        The same for each matched attempt by itself.
    invented, never : int
        Reported fault ids that are wrong; reported ids that the truth says must never be named.
    clean : Share
        Clips without a certain fault that are told no wrong one.
    refused_fine, refused_wrong : Share, int
        Clips that were not judged of those where that is fair; and those where it is not, or for another reason.
    unjudged : Mean
        Share of the time in position not judged.
    tempted, taken, auto_quiet : Share
        Movements outside the routine judged as one of the nearest exercises, as any exercise, and by ``auto``: pairs of
        clip and exercise of which nothing was counted.
    attempts_outside : int
        Pairs in which attempts are listed, though not counted, where even that is not acceptable.
    auto_right : Share
        Clips whose exercise ``auto`` names (a movement outside the routine: none); ``auto_wrong`` names another.
    ways : dict of Share
        Clips whose list is the same in each way of watching.
    """

    clips: int
    unsure: int
    outside: int
    exact: Share
    off_by_one: Share
    missed: Share
    extra: int
    sides: Share
    named: Share
    holds: Share
    hold_ends_s: Mean
    hold_s: Mean
    found: Share
    right: Share
    found_by_attempt: Share
    right_by_attempt: Share
    invented: int
    never: int
    clean: Share
    refused_fine: Share
    refused_wrong: int
    unjudged: Mean
    tempted: Share
    taken: Share
    attempts_outside: int
    auto_quiet: Share
    auto_right: Share
    auto_wrong: int
    ways: dict[str, Share]


def summarise_kinds(scores: Iterable[ClipScore]) -> dict[str, KindSummary]:
    """Return the figures of each kind of which there are clips: real people first."""
    listed = list(scores)
    groups = {k: [s for s in listed if s.kind == k and (s.exercise is not None or s.outside)] for k in KINDS}
    return {k: summarise_kind(of) for k, of in groups.items() if of}


def summarise_kind(scores: Sequence[ClipScore]) -> KindSummary:
    """Return the figures over some clips."""
    sure = [s for s in scores if s.sure]
    inside = [s for s in sure if not s.outside]
    listed = [s for s in inside if s.scored and s.list_exact is not None]
    pairs = [t for s in sure if s.outside for t in s.taken]
    tempted = [t for t in pairs if t.tempting]
    known = sum(s.sides[1] for s in inside)
    named = sum(s.named for s in inside)
    held = [h for s in inside for h in s.held]
    faults = [h for s in inside for h in (s.faults or {}).values()]
    by_attempt = [h for s in inside for h in (s.rep_faults or {}).values()]
    tolerated = sum(len(s.tolerated) for s in inside)
    correct = [s for s in inside if s.correct and s.failed is None and s.faults is not None]
    return KindSummary(
        clips=len(scores),
        unsure=len(scores) - len(sure),
        outside=len(sure) - len(inside),
        exact=Share(sum(bool(s.list_exact) for s in listed), len(listed)),
        off_by_one=Share(sum(s.failed is None and (s.off or 0) <= 1 for s in listed), len(listed)),
        missed=Share(sum(len(s.missed) for s in listed), sum(s.needed or 0 for s in listed)),
        extra=sum(len(s.extra_reps) for s in inside),
        sides=Share(sum(s.sides[0] for s in inside), named),
        named=Share(named, known),
        holds=Share(sum(h is not None for h in held), len(held)),
        hold_ends_s=Mean.of(e for h in held if h is not None for e in h),
        hold_s=Mean.of(e for s in inside for e in s.hold_errors),
        found=Share(sum(h.tp for h in faults), sum(h.tp + h.fn for h in faults)),
        right=Share(sum(h.tp for h in faults) + tolerated, sum(h.tp + h.fp for h in faults) + tolerated),
        found_by_attempt=Share(sum(h.tp for h in by_attempt), sum(h.tp + h.fn for h in by_attempt)),
        right_by_attempt=Share(sum(h.tp for h in by_attempt), sum(h.tp + h.fp for h in by_attempt)),
        invented=sum(h.fp for h in faults),
        never=sum(len(s.never) for s in sure),
        clean=Share(sum(not s.extra for s in correct), len(correct)),
        refused_fine=Share(sum(s.refused == "fine" for s in inside), sum(s.may_refuse for s in inside)),
        refused_wrong=sum(s.refused == "wrong" for s in inside),
        unjudged=Mean.of(s.unjudged for s in inside if s.unjudged is not None),
        tempted=Share(sum(t.quiet for t in tempted), len(tempted)),
        taken=Share(sum(t.quiet for t in pairs), len(pairs)),
        attempts_outside=sum(t.tempting and t.quiet and t.listed > 0 for t in pairs),
        auto_quiet=Share(
            sum(s.auto.quiet for s in sure if s.outside and s.auto), sum(s.outside and s.auto is not None for s in sure)
        ),
        auto_right=Share(
            sum(s.auto.named == s.exercise for s in sure if s.auto), sum(s.auto is not None for s in sure)
        ),
        auto_wrong=sum(s.auto.named not in (None, s.exercise) for s in sure if s.auto),
        ways=_ways(sure),
    )


def _ways(scores: Sequence[ClipScore]) -> dict[str, Share]:
    names = list(dict.fromkeys(w for s in scores for w in s.ways))
    known = {w: [s.ways[w] is True for s in scores if w in s.ways] for w in names}
    return {w: Share(sum(same), len(same)) for w, same in known.items()}
