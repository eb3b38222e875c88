"""Scores that mean something: 100 less a penalty for every limit missed, by how far and for how long.

For each check, ``x`` is the mean over the time it was judged of ``clip(excess / span, 0, 1)``: 0 while inside the
limit, 1 when beyond it by the check's *span* or more. The penalty is ``weight * (0.5 * present + 0.5 * x)``, where
*present* is 1 once the check's fault was called. Penalties add up; an attempt that did not count scores at most 40.

Worked example: a plane held for its 10 s with the arm 10 degrees under its limit all along (span 20, moderate, weight
25) has x = 0.5 and loses 25 * (0.5 + 0.25) = 18.75: it scores 81.2.
"""

from __future__ import annotations

from collections.abc import Iterable

#: Points lost at the most for one fault, by severity.
WEIGHTS: dict[str, float] = {"minor": 12.0, "moderate": 25.0, "major": 40.0}
#: The most an attempt that did not count may score.
NOT_COUNTED_CAP = 40.0


def rank(severity: str) -> int:
    """Return the place of a severity among all, from 0 for the gravest; one that is not known comes last.

    >>> [rank(s) for s in ("major", "moderate", "minor", "grave")]
    [0, 1, 2, 3]
    """
    graver = sorted(WEIGHTS, key=WEIGHTS.__getitem__, reverse=True)
    return graver.index(severity) if severity in WEIGHTS else len(graver)


def penalty(severity: str, present: bool, mean_excess: float) -> float:
    """Return the points lost for one check.

    Parameters
    ----------
    severity : str
    present : bool
        Whether the fault was called.
    mean_excess : float
        0-1, mean of the clipped excess over the judged time.

    Examples
    --------
    >>> penalty("moderate", True, 0.5)
    18.75
    """
    return WEIGHTS[severity] * (0.5 * float(present) + 0.5 * min(max(mean_excess, 0.0), 1.0))


def rep_score(penalties: Iterable[float], counted: bool) -> float:
    """Return the score of an attempt from its penalties.

    >>> rep_score([18.75], counted=True)
    81.25
    """
    raw = max(0.0, 100.0 - sum(penalties))
    return raw if counted else raw * NOT_COUNTED_CAP / 100.0
