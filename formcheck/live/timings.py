"""How long the parts of the live loop take: the last few thousand of each, for the benchmark and for debugging."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

import numpy as np

#: Values kept of each kind.
KEPT = 20_000


def _values() -> deque[float]:
    return deque(maxlen=KEPT)


@dataclass
class Timings:
    """Seconds, one value a frame (or a cue).

    Attributes
    ----------
    inference : deque of float
        Of the pose model.
    judging : deque of float
        From the pose to the judged moment and scene.
    drawing : deque of float
        On the picture.
    to_display : deque of float
        From the capture of a picture until it was on the screen with its verdict.
    to_cue : deque of float
        From the capture of the picture that gave rise to a cue until the voice took it.
    judged, dropped : int
        Frames judged, and captured but never looked at.
    """

    inference: deque[float] = field(default_factory=_values)
    judging: deque[float] = field(default_factory=_values)
    drawing: deque[float] = field(default_factory=_values)
    to_display: deque[float] = field(default_factory=_values)
    to_cue: deque[float] = field(default_factory=_values)
    judged: int = 0
    dropped: int = 0

    def table(self) -> dict[str, dict[str, float]]:
        """Return p50 and p95 in milliseconds by name, of those that have values."""
        names = ("inference", "judging", "drawing", "to_display", "to_cue")
        return {
            name: {f"p{q}_ms": round(1e3 * float(np.percentile(values, q)), 2) for q in (50, 95)}
            for name in names
            if (values := list(getattr(self, name)))
        }
