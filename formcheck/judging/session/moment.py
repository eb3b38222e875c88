"""One judged frame, and how many repetitions count."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from formcheck.sight.pose.types import Ball

from ..measure.view import View
from ..rules.records import Event, Rep

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Moment:
    """One judged frame.

    Attributes
    ----------
    t : float
        Seconds.
    image : (33, 4) array or None
        Smoothed landmarks, px and visibility; None where nobody was found.
    sample : dict
        Measures by name (degrees, torso lengths ...), NaN = not measured; empty where nobody was found.
    confidence : float
        0-1.
    view : View
    phase : str
        ``away``, ``start``, ``move`` or ``hold``.
    rep : int or None
        Number of the attempt under way.
    hold_s : float
        Seconds in the end position so far.
    faults : tuple of str
        Ids of the faults that are on.
    problem : (reason, advice) or None
        Why the picture cannot be judged.
    events : tuple of Event
    counts : dict
        Counted repetitions so far: ``total``, ``left``, ``right``, and those of each block of which there are some.
    ball : Ball or None
    part : str or None
        Block, or else side, of the last attempt.
    """

    t: float
    image: Array | None
    sample: dict[str, float]
    confidence: float
    view: View
    phase: str
    rep: int | None
    hold_s: float
    faults: tuple[str, ...]
    problem: tuple[str, str] | None
    events: tuple[Event, ...]
    counts: dict[str, int]
    ball: Ball | None = None
    part: str | None = None


def count(reps: Iterable[Rep]) -> dict[str, int]:
    """Count the reps that count, in all, by side and by block."""
    out = {"total": 0, "left": 0, "right": 0}
    for r in reps:
        if r.counted:
            out["total"] += 1
            if r.side in out:
                out[r.side] += 1
            if r.block is not None:
                out[r.block] = out.get(r.block, 0) + 1
    return out


def part_of(reps: Sequence[Rep]) -> str | None:
    """Return the block, or else the side, of the last of some attempts."""
    return (reps[-1].block or reps[-1].side) if reps else None
