"""Other ways of watching the same poses: fewer frames, as the adaptive sampler chooses them, or live."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from formcheck.errors import UsageError
from formcheck.sight.pose.sampling import BODY_S, AdaptiveSampler, sampled
from formcheck.sight.pose.types import Observation

from .attempts import Rep, interval_of, is_cut
from .labels import TruthRep, span_of
from .matching import MIN_IOU, iou

Report = Mapping[str, Any]

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


def seen_in(way: str, observations: Sequence[Observation], look_s: float = BODY_S) -> list[Observation] | None:
    """Return what is seen in a way of watching; None where the source has not so many frames a second.

    Parameters
    ----------
    way : str
        See :func:`parse_ways`.
    observations : sequence of Observation
        All there are.
    look_s : float
        Seconds between two looks at a body, in the adaptive way.
    """
    if way == LIVE or not observations:
        return list(observations)
    if way == ADAPTIVE:
        return [o for o, used, _ in sampled(observations, lambda o: o.pose, AdaptiveSampler(look_s)) if used]
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


def difference(usual: Report, other: Report, reps: Sequence[TruthRep] = ()) -> str | None:
    """Say how the list of attempts of one report differs from that of another; None where it is the same.

    The same list has the same attempts, each at the same time (intersection over union of at least one half), counted
    alike and of the same block, and none with another side; a side that one of them leaves open is no other one. What
    may be listed or left out, or counted or not, may differ: attempts that a report calls cut, and those that the truth
    leaves open.

    Parameters
    ----------
    usual, other : mapping
        Reports.
    reps : sequence of TruthRep, optional
        The true attempts.
    """
    a, b = list(usual.get("reps") or ()), list(other.get("reps") or ())
    left = list(b)
    for k, x in enumerate(a, 1):
        fit = [(_overlap(x, y), -i) for i, y in enumerate(left)]
        best, at = max(fit, default=(0.0, 0))
        if best < MIN_IOU:
            if _open(x, reps):
                continue
            needed = [sum(not _open(r, reps) for r in all_) for all_ in (a, b)]
            return f"attempt {k} at another time" if needed[0] == needed[1] else f"{len(b)} attempts, not {len(a)}"
        y = left.pop(-at)
        if x.get("counted") != y.get("counted") and not any(_open(r, reps, counted=True) for r in (x, y)):
            return f"attempt {k}: counted {y.get('counted')}, not {x.get('counted')}"
        if x.get("side") != y.get("side") and None not in (x.get("side"), y.get("side")):
            return f"attempt {k}: side {y.get('side')}, not {x.get('side')}"
        if x.get("block") != y.get("block"):
            return f"attempt {k}: block {y.get('block')}, not {x.get('block')}"
    return None if all(_open(y, reps) for y in left) else f"{len(b)} attempts, not {len(a)}"


def _overlap(x: Rep, y: Rep) -> float:
    one, two = interval_of(x), interval_of(y)
    return iou(one, two) if one is not None and two is not None else 0.0


def _open(rep: Rep, reps: Sequence[TruthRep], *, counted: bool = False) -> bool:
    """Whether an attempt may be listed or not (or counted or not): it is cut, or lies by half in one that is open."""
    if is_cut(rep):
        return True
    got = interval_of(rep)
    if got is None:
        return False
    spans = [span_of(t, reps) for t in reps if t.free or (counted and t.counted is None)]
    return any(min(hi, got[1]) - max(lo, got[0]) >= MIN_IOU * (got[1] - got[0]) for lo, hi in spans)
