"""How much a figure varies by itself, within a session and from one to the next: the least change that can be told."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from formcheck.statistics.change import least_change, within

#: Degrees of freedom from which on a spread is believed.
LEAST_FREE = 4


@dataclass(frozen=True)
class Repeatability:
    """How much a session's value of a figure varies by itself.

    Attributes
    ----------
    sd : float
        Standard deviation of a session's value: from session to session, or what the repetitions of a session alone
        make, whichever is larger.
    within : float or None
        Standard deviation of a repetition within a session.
    sessions : int
        Sessions it was told from.
    """

    sd: float
    within: float | None
    sessions: int

    def least(self, before: int = 1, now: int = 1) -> float:
        """Return the least change, between means of so many sessions, that is more than chance (95 %)."""
        return least_change(self.sd, before, now)


def repeatability(values: Sequence[float | None], repeated: Sequence[Sequence[float]] = ()) -> Repeatability | None:
    """Return how a figure repeats; None where there are too few sessions to tell.

    From session to session it is told from the differences of neighbours: a slow gain over weeks is no error, and must
    not be taken for one (von Neumann 1941: half the mean square of successive differences is the variance).

    Parameters
    ----------
    values : sequence of float or None
        A value a session, oldest first.
    repeated : sequence of sequences
        The values of each session's repetitions, where the session's value is made of them.
    """
    known = [x for x in values if x is not None]
    steps = [(b - a) ** 2 for a, b in pairwise(known)]
    if len(steps) < LEAST_FREE:
        return None
    between = math.sqrt(math.fsum(steps) / (2 * len(steps)))
    spread = within(repeated)
    sd = between
    if spread is not None and spread.free >= LEAST_FREE:
        counts = [len(r) for r in repeated if r]
        sd = max(sd, spread.sd / math.sqrt(sum(counts) / len(counts)))
    return Repeatability(sd, spread.sd if spread is not None else None, len(known))
