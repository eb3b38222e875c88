"""What a truth says of a clip, and what it leaves open."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from .series import TruthSeries

#: Where a truth comes from: ``real`` people, labelled by hand; ``natural`` and ``posed`` ones, rendered from a script.
Kind = Literal["real", "natural", "posed"]
KINDS: tuple[Kind, ...] = ("real", "natural", "posed")
#: Times of a truth made by hand are right to this much (s).
HAND_S = 0.2


@dataclass(frozen=True)
class TruthRep:
    """One attempt, counted or not. Times in seconds; ``None`` where the file does not say.

    Attributes
    ----------
    counted : bool or None
        None: either is right.
    faults : frozenset of str or None
        Shown without doubt; None if the file is silent about faults.
    maybe : frozenset of str
        May be reported or not.
    may_withhold : frozenset of str
        Right where reported; leaving them out is fair too.
    cut : "start", "end", "gap" or None
        Under way at the first or last frame or where the picture is missing: may be listed (not counted) or left out.
    optional : bool
        May be listed or left out.
    """

    side: str | None = None
    block: str | None = None
    start_s: float | None = None
    peak_s: float | None = None
    end_s: float | None = None
    hold_s: float | None = None
    counted: bool | None = True
    faults: frozenset[str] | None = None
    maybe: frozenset[str] = frozenset()
    may_withhold: frozenset[str] = frozenset()
    cut: str | None = None
    optional: bool = False

    @property
    def label(self) -> str | None:
        """The block of a warm-up cycle, otherwise the side."""
        return self.block or self.side

    @property
    def timed(self) -> bool:
        """True if both ends are known."""
        return self.start_s is not None and self.end_s is not None

    @property
    def free(self) -> bool:
        """True if the attempt may be listed or left out."""
        return self.optional or self.cut is not None

    @property
    def allowed(self) -> frozenset[str]:
        """Fault ids that may be reported of it."""
        return (self.faults or frozenset()) | self.maybe | self.may_withhold

    @property
    def at_s(self) -> float | None:
        """When it was, roughly: its start, else its peak, else its end."""
        return next((t for t in (self.start_s, self.peak_s, self.end_s) if t is not None), None)


@dataclass(frozen=True, eq=False)
class Truth:
    """What happened in one clip.

    Attributes
    ----------
    exercise : str or None
        None: a movement outside the routine, of which nothing may be counted.
    reps : tuple of TruthRep or None
        Attempts in the order of time, those that may be left out among them; None if only the count is known.
    count, most : int
        Fewest and most repetitions that may be counted.
    faults : frozenset of str or None
        Fault ids shown without doubt anywhere in the clip; None if the file is silent about faults.
    also_ok : frozenset of str
        Fault ids that may be reported anywhere in the clip.
    may_withhold : frozenset of str
        Ids of ``faults`` that may be left out.
    never : frozenset of str
        Ids of faults (of a movement outside the routine: of exercises too) that would clearly be wrong.
    tempting, attempts_ok : tuple of str
        Of a movement outside the routine: exercises most likely to be taken for it, and those as which an attempt that
        is not counted is acceptable.
    refusal : "fine", "wrong" or None
        Whether not judging the clip is as good as judging it; the reason expected then is ``refusal_reason``.
    holds : tuple of (start, end)
        Static holds without repetitions, seconds.
    sure : bool
        False: the reader was not sure, so the clip is shown but not scored.
    kind : "real", "natural" or "posed"
        Told by the file: ``acted`` says a script that behaves like people, ``variant`` a posed one; what has neither
        was written by hand.
    near_side : "left", "right" or None
        The side of the body nearer the camera.
    view : str or None
        How the camera looks at the person: ``"side"``, ``"front"`` ...
    duration_s : float or None
    """

    clip: str
    exercise: str | None
    count: int
    most: int = 0
    reps: tuple[TruthRep, ...] | None = None
    faults: frozenset[str] | None = None
    also_ok: frozenset[str] = frozenset()
    may_withhold: frozenset[str] = frozenset()
    never: frozenset[str] = frozenset()
    tempting: tuple[str, ...] = ()
    attempts_ok: tuple[str, ...] = ()
    refusal: str | None = None
    refusal_reason: str | None = None
    holds: tuple[tuple[float, float], ...] = ()
    sure: bool = True
    kind: Kind = "real"
    near_side: str | None = None
    view: str | None = None
    duration_s: float | None = None
    series: TruthSeries | None = field(default=None, repr=False)

    @property
    def needed(self) -> tuple[TruthRep, ...]:
        """The attempts that must be listed."""
        return tuple(r for r in self.reps or () if not r.free)

    @property
    def allowed_anywhere(self) -> frozenset[str]:
        """Fault ids that may be reported, whatever is made of attempts that may be left out."""
        told = (r.allowed for r in self.needed)
        return (self.faults or frozenset()).union(self.also_ok, self.may_withhold, *told)

    @property
    def allowed(self) -> frozenset[str]:
        """Fault ids that may be reported, those of attempts that may be left out among them."""
        return self.allowed_anywhere.union(*(r.allowed for r in self.reps or ()))

    @property
    def slack_s(self) -> float:
        """How far the times may be off."""
        return HAND_S if self.kind == "real" else 0.0


def span_of(rep: TruthRep, reps: Sequence[TruthRep]) -> tuple[float, float]:
    """Return from when to when an attempt may have been; an end that is not known is its neighbour's or the clip's.

    Parameters
    ----------
    rep : TruthRep
    reps : sequence of TruthRep
        All attempts of the clip.
    """
    lo, hi = rep.start_s, rep.end_s
    if lo is None:
        before = [r.end_s for r in reps if r is not rep and r.end_s is not None and r.end_s <= (rep.at_s or 0.0)]
        lo = max(before, default=0.0) if rep.cut != "start" else 0.0
    if hi is None:
        after = [r.start_s for r in reps if r is not rep and r.start_s is not None and r.start_s >= (rep.at_s or 0.0)]
        hi = min(after, default=math.inf) if rep.cut != "end" else math.inf
    return lo, hi
