"""The list of attempts in a report against the true one: which is which, what is missing, what is too much."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .labels import Truth, TruthRep, span_of
from .matching import MIN_IOU, Interval, assign, iou

Rep = Mapping[str, Any]


@dataclass(frozen=True)
class AttemptPairs:
    """Which reported attempt is which true one.

    Attributes
    ----------
    pairs : tuple of (TruthRep, report rep)
        In the order of time.
    missed : tuple of TruthRep
        Attempts that had to be listed and are not.
    extra : tuple of report reps
        Attempts that are none.
    cut : tuple of report reps
        Listed besides as cut, by the ends of the clip or a gap, and not counted: neither right nor wrong.
    by_time : bool
        False where the truth has no times, so that lists of one length were put side by side.
    """

    pairs: tuple[tuple[TruthRep, Rep], ...]
    missed: tuple[TruthRep, ...]
    extra: tuple[Rep, ...]
    cut: tuple[Rep, ...] = ()
    by_time: bool = True

    @property
    def needed(self) -> tuple[tuple[TruthRep, Rep], ...]:
        """The pairs of attempts that had to be listed."""
        return tuple((t, g) for t, g in self.pairs if not t.free)

    @property
    def wrongly_counted(self) -> tuple[tuple[TruthRep, Rep], ...]:
        """Pairs counted though they must not be, or the other way round."""
        return tuple((t, g) for t, g in self.pairs if not counted_right(t, g))

    @property
    def wrong_labels(self) -> tuple[tuple[TruthRep, Rep], ...]:
        """Pairs with another side (a warm-up: block) than the true one. No side at all is not a wrong one."""
        return tuple((t, g) for t, g in self.pairs if not label_right(t, g))

    @property
    def exact(self) -> bool:
        """Every attempt listed once and nothing else, counted as it must be, the side right or open."""
        return not (self.missed or self.extra or self.wrongly_counted or self.wrong_labels)


def label_of(rep: Rep, true: TruthRep) -> Any:
    """Return the block of a reported warm-up cycle, otherwise its side."""
    return rep.get("block") if true.block is not None else rep.get("side")


def counted_right(true: TruthRep, rep: Rep) -> bool:
    """Return whether an attempt is counted as it must be; one that is cut need never be."""
    counted = bool(rep.get("counted"))
    return true.counted is None or counted == true.counted or (true.cut is not None and not counted)


def label_right(true: TruthRep, rep: Rep) -> bool:
    """Return whether an attempt's side (a warm-up: its block) is right, or open where it may be."""
    got = label_of(rep, true)
    return true.label is None or got == true.label or (got is None and true.block is None)


def interval_of(rep: Rep) -> Interval | None:
    """Return from when to when a reported attempt was."""
    start, end = rep.get("start_s"), rep.get("end_s")
    return None if start is None or end is None else (float(start), float(end))


def pair(truth: Truth, got: Sequence[Rep]) -> AttemptPairs:
    """Pair true and reported attempts one to one by their overlap in time.

    What the report itself calls cut, and does not count, may stand in the list without being in the truth. An attempt
    that must be listed is matched by an intersection over union of at least one half, its ends taken as near
    to the reported ones as the truth is unsure of them; one that may be left out takes a reported attempt of which at
    least one half lies in it. Attempts that must be listed go first, then as many of the others as possible.

    Parameters
    ----------
    truth : Truth
        With ``reps``.
    got : sequence of report reps
        In the order of time.
    """
    true = truth.reps or ()
    if any(not t.timed for t in truth.needed):
        return _side_by_side(true, got)
    spans = [interval_of(g) for g in got]
    fit = np.array([[_fit(t, s, truth) if s else 0.0 for s in spans] for t in true]).reshape(len(true), len(got))
    of = assign(fit, [not t.free for t in true])
    rest = [g for j, g in enumerate(got) if j not in set(of.values())]
    return AttemptPairs(
        tuple((true[i], got[of[i]]) for i in sorted(of)),
        tuple(t for i, t in enumerate(true) if i not in of and not t.free),
        tuple(g for g in rest if not is_cut(g)),
        tuple(g for g in rest if is_cut(g)),
    )


def is_cut(rep: Rep) -> bool:
    """Return whether a report itself calls an attempt cut, and does not count it."""
    return rep.get("cut") is not None and not rep.get("counted")


def _fit(true: TruthRep, got: Interval, truth: Truth) -> float:
    """Return how well a reported attempt fits a true one, 0-1; 0 where it does not."""
    lo, hi = span_of(true, truth.reps or ())
    if true.free:
        inside = (min(hi, got[1]) - max(lo, got[0])) / max(got[1] - got[0], 1e-9)
        return min(inside, 1.0) if inside >= MIN_IOU else 0.0
    near = _near(lo, got[0], truth.slack_s), _near(hi, got[1], truth.slack_s)
    overlap = iou(near, got) if near[0] <= near[1] else 0.0
    return overlap if overlap >= MIN_IOU else 0.0


def _near(t: float, to: float, slack_s: float) -> float:
    """Return the time nearest to another that a time right to *slack_s* may mean."""
    return min(max(to, t - slack_s), t + slack_s)


def _side_by_side(true: Sequence[TruthRep], got: Sequence[Rep]) -> AttemptPairs:
    needed = tuple(t for t in true if not t.free)
    if len(got) in (len(needed), len(true)):
        both = zip(needed if len(got) == len(needed) else true, got, strict=True)
        return AttemptPairs(tuple(both), (), (), by_time=False)
    return AttemptPairs((), needed[len(got) :], tuple(got[len(needed) :]), by_time=False)
