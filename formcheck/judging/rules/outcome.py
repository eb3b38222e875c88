"""What an exercise says of a finished attempt, and what its checks make of that: faults, and whether it counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import nan

from .checks import Check

#: A fault that the end of an attempt tells, and its worst value, where it has one.
Told = tuple[str, float | None]


@dataclass(frozen=True)
class Outcome:
    """What an exercise says of an attempt.

    Attributes
    ----------
    side : str or None
    counted : bool
    why : str or None
        Why not counted; what a check says of it (``Check.uncounts``) comes first.
    faults : sequence of (fault id, worst value or None)
        Faults that only the end of the attempt can tell and that no single limit decides; measured ones come from the
        checks.
    drop : frozenset of str
        Faults of the checks that another fault of this attempt explains.
    measures : mapping
        What decided, by name.
    hold_s, start_s, end_s : float or None
        Where they differ from those of the attempt (s).
    block : str or None
        Which of several movements it was.
    ignore : bool
        True: this was no attempt at all, leave it out.
    decides : mapping
        The values that decide a fault of the end of an attempt, by the fault: held against the limit of its check
        (:func:`concluded`). What is not known (NaN), and what is left out, is no fault.
    """

    side: str | None = None
    counted: bool = True
    why: str | None = None
    faults: Sequence[Told] = ()
    drop: frozenset[str] = frozenset()
    measures: Mapping[str, float] = field(default_factory=dict)
    hold_s: float | None = None
    start_s: float | None = None
    end_s: float | None = None
    block: str | None = None
    ignore: bool = False
    decides: Mapping[str, float] = field(default_factory=dict)


def concluded(out: Outcome, checks: Sequence[Check], limits: Mapping[str, float]) -> Outcome:
    """Return an outcome with all that its checks tell: the faults beyond their limits, whether it counts and why not.

    Of several checks that keep it from counting the first in order says why.

    Examples
    --------
    >>> low = Check("low", "top", "Higher.", "too low", sense="below", uncounts="only {value:g} of {limit:g}")
    >>> concluded(Outcome(decides={"low": 7.5}), [low], {"top": 8.0}).why
    'only 7.5 of 8'
    """
    ends = {c.id: c for c in checks if not c.signal}
    beyond = [(fault, float(v)) for fault, v in out.decides.items() if ends[fault].fails(v, limits)]
    faults: tuple[Told, ...] = (*out.faults, *beyond)
    whys = [_why(ends[fault], value, out, limits) for fault, value in faults if ends[fault].uncounts]
    why = whys[0] if whys else out.why
    return replace(out, counted=out.counted and not whys, why=why, faults=faults, decides={})


def _why(check: Check, value: float | None, out: Outcome, limits: Mapping[str, float]) -> str:
    """Return in words why an attempt with a fault does not count; what is not known is ``nan``."""
    words: dict[str, float] = defaultdict(lambda: nan, out.measures)
    words["value"] = nan if value is None else value
    words["limit"] = limits[check.limit] if check.limit else nan
    return check.uncounts.format_map(words)
