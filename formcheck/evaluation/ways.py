"""Other ways of watching the same poses: fewer frames, as the adaptive sampler chooses them, or live."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..errors import UsageError
from ..pose.sampling import AdaptiveSampler, sampled
from ..pose.types import Observation
from .attempts import interval_of
from .matching import MIN_IOU, iou

LIVE, ADAPTIVE = "live", "adaptive"
#: What ``all`` means: a share of the frames, live, adaptive, frames a second.
ALL = ("1/2", "1/3", ADAPTIVE, LIVE, "8", "10", "12", "15", "20", "30")
#: A rate this near to the source's own is the source's own.
SAME_RATE = 0.97


def parse_ways(text: str) -> tuple[str, ...]:
    """Read a list of ways: ``live``, ``adaptive``, ``1/N`` of the frames, frames a second, or ``all``.

    Raises
    ------
    UsageError
        If one is none of these.

    Examples
    --------
    >>> parse_ways("live,1/2,10")
    ('live', '1/2', '10')
    """
    if text.strip() == "all":
        return ALL
    ways = tuple(w.strip() for w in text.split(",") if w.strip())
    for w in ways:
        number = w.removeprefix("1/")
        if w not in (LIVE, ADAPTIVE) and not (number.isdigit() and int(number) > 0):
            raise UsageError(
                f"no way of watching called '{w}'", "give live, adaptive, 1/2 (of the frames), 10 (a second) or all"
            )
    return ways


def seen_in(way: str, observations: Sequence[Observation]) -> list[Observation] | None:
    """Return what is seen in a way of watching; None where the source has not so many frames a second.

    Parameters
    ----------
    way : str
        See :func:`parse_ways`.
    observations : sequence of Observation
        All there are.
    """
    if way == LIVE or not observations:
        return list(observations)
    if way == ADAPTIVE:
        return [o for o, used, _ in sampled(observations, lambda o: o.pose, AdaptiveSampler()) if used]
    if way.startswith("1/"):
        return list(observations[:: int(way[2:])])
    t = np.array([o.t for o in observations])
    rate = float(way)
    if len(t) < 2 or rate > SAME_RATE / float(np.median(np.diff(t))):
        return None
    wanted = np.arange(t[0], t[-1] + 1e-9, 1 / rate)
    after = np.clip(np.searchsorted(t, wanted), 1, len(t) - 1)
    nearest = np.where(wanted - t[after - 1] <= t[after] - wanted, after - 1, after)
    return [observations[i] for i in np.unique(nearest).tolist()]


def difference(usual: Mapping[str, Any], other: Mapping[str, Any]) -> str | None:
    """Say how the list of attempts of one report differs from that of another; None where it is the same.

    The same list has as many attempts, each at the same time (intersection over union of at least one half), counted
    alike and with the same side and block.
    """
    a, b = list(usual.get("reps") or ()), list(other.get("reps") or ())
    if len(a) != len(b):
        return f"{len(b)} attempts, not {len(a)}"
    for k, (x, y) in enumerate(zip(a, b, strict=True), 1):
        one, two = interval_of(x), interval_of(y)
        if one is None or two is None or iou(one, two) < MIN_IOU:
            return f"attempt {k} at another time"
        for key in ("counted", "side", "block"):
            if x.get(key) != y.get(key):
                return f"attempt {k}: {key} {y.get(key)}, not {x.get(key)}"
    return None
