"""Curves of the deciding measures: which, with what limits, thinned for drawing without losing a peak or a gap."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray

from formcheck.judging.rules.checks import ALWAYS, REP, START, Check
from formcheck.judging.rules.exercise import Exercise
from formcheck.judging.rules.trail import LATELY_S

from ..report.dictionary import decided_by, own_measures
from .language import Words
from .table import GAP_S, Array, Mask, MeasuresTable, spans

#: Pieces of time a curve is cut into for drawing; each keeps its first, last, least and greatest value.
PIECES = 400
#: Curves at the most.
MAX_CURVES = 24


@dataclass(frozen=True)
class Line:
    """A limit drawn over a curve.

    Attributes
    ----------
    fault : str
        Fault id.
    limit : str
        Name of the limit in the report.
    value : float
    sense : str
        ``above`` or ``below``: where the fault lies.
    """

    fault: str
    limit: str
    value: float
    sense: str


@dataclass(frozen=True)
class CurvePlan:
    """What one curve shows.

    Attributes
    ----------
    signal : str
        Column of the measures table.
    unit : str
    phases : frozenset of str
        In which it decides anything.
    lines : tuple of Line
    relative : bool
        Shown as the change since the start position.
    """

    signal: str
    unit: str
    phases: frozenset[str]
    lines: tuple[Line, ...] = ()
    relative: bool = False


def plan_curves(report: Mapping[str, Any], exercise: Exercise | None) -> list[CurvePlan]:
    """Return the curves worth showing, those with faults first.

    They are the signals of the checks with their limits in force, the angles drawn on the picture, and the values that
    decided the repetitions.
    """
    limits = report["limits"]
    plans: dict[str, CurvePlan] = {}
    for check in exercise.checks if exercise is not None else ():
        if not check.signal:
            continue
        known = plans.get(check.signal)
        value = limits.get(check.limit)
        line = (Line(check.id, check.limit, value, check.sense),) if value is not None else ()
        unit = exercise.limits[check.limit].unit if exercise is not None and check.limit in exercise.limits else ""
        if known is None:
            plans[check.signal] = CurvePlan(check.signal, unit, check.phases, line, check.relative)
        else:
            plans[check.signal] = CurvePlan(
                check.signal, known.unit, known.phases | check.phases, known.lines + line, known.relative
            )
    if exercise is not None:
        for check in exercise.checks:
            found = None if check.signal else _decided_by(report, check)
            if found is not None and found[0] not in plans:
                plans[found[0]] = CurvePlan(found[0], exercise.limits[check.limit].unit, REP, (found[1],))
    seen = {f["id"] for f in report["faults"]}
    ordered = sorted(plans.values(), key=lambda p: not any(x.fault in seen for x in p.lines))
    more = [CurvePlan(a[0], "deg", ALWAYS) for a in exercise.drawing.angles] if exercise is not None else []
    units = {e.name: e.unit for e in own_measures(exercise)} if exercise is not None else {}
    more += [CurvePlan(name, units.get(name, ""), ALWAYS) for rep in report["reps"] for name in rep["measures"]]
    for plan in more:
        if plan.signal not in plans:
            plans[plan.signal] = plan
            ordered.append(plan)
    return ordered[:MAX_CURVES]


def _decided_by(report: Mapping[str, Any], check: Check) -> tuple[str, Line] | None:
    """Return the measure, and the limit on it, by which the end of a repetition decided on a fault.

    It is the one that equals the fault's worst value (but for the sign: "too low by") in every repetition that has it.
    """
    signs: dict[str, int] | None = None
    limit = None
    for rep in report["reps"]:
        for f in rep["faults"]:
            if f["id"] != check.id or not f["worst"] or f["limit"] is None:
                continue
            limit = f["limit"]
            same = {
                m: 1 if v == f["worst"] else -1
                for m, v in rep["measures"].items()
                if v is not None and abs(v) == abs(f["worst"])
            }
            signs = same if signs is None else {m: s for m, s in signs.items() if same.get(m) == s}
    if limit is None or signs is None or len(signs) != 1:
        return None
    ((signal, sign),) = signs.items()
    other = {"above": "below", "below": "above"}
    return signal, Line(check.id, check.limit, sign * limit, check.sense if sign > 0 else other[check.sense])


def thin(t: Array, v: Array, inside: Mask, pieces: int = PIECES) -> NDArray[np.intp]:
    """Return the indexes of the samples to draw.

    Parameters
    ----------
    t, v : (n,) array
        Seconds, rising, and values; NaN is a gap.
    inside : (n,) bool array
        Samples whose extremes are kept for their own sake too.
    pieces : int
        Time is cut into so many pieces; each keeps its first, last, least and greatest sample. No gap is bridged.

    Returns
    -------
    (k,) int array
        Rising. Everything where there is little.
    """
    n = len(t)
    if n <= 4 * pieces:
        return np.arange(n)
    span = max(float(t[-1] - t[0]), 1e-9)
    piece = np.minimum(((t - t[0]) / span * pieces).astype(int), pieces - 1)
    starts = np.flatnonzero(np.diff(piece, prepend=-1))
    ends = np.append(starts[1:], n)
    known = np.isfinite(v)
    keep: set[int] = set()
    for lo, hi in zip(starts, ends, strict=True):
        keep |= {int(lo), int(hi) - 1}
        part = v[lo:hi]
        for mask in (known[lo:hi], known[lo:hi] & inside[lo:hi]):
            where = np.flatnonzero(mask)
            if len(where):
                keep |= {int(lo + where[np.argmin(part[where])]), int(lo + where[np.argmax(part[where])])}
    k = np.array(sorted(keep), dtype=np.intp)
    # Between two values that are drawn one after the other, nothing may have been missing.
    gaps = np.flatnonzero(~known)
    first = np.searchsorted(gaps, k[:-1])
    crossed = known[k[:-1]] & known[k[1:]] & (np.searchsorted(gaps, k[1:]) > first)
    return np.union1d(k, gaps[first[crossed]])


def values_of(table: MeasuresTable, signal: str, views: Sequence[str] | None, *, relative: bool) -> Array | None:
    """Return a measure where it could be judged, NaN elsewhere; None where the table does not have it.

    Parameters
    ----------
    table : MeasuresTable
    signal : str
    views : sequence of str or None
        Kinds of view in which anything could be measured; None: all.
    relative : bool
        As the change since the start position.
    """
    v = table.columns.get(signal)
    if v is None:
        return None
    seen = table.pose if views is None else table.pose & np.isin(np.array(table.view, dtype=object), list(views))
    v = np.where(seen, v, np.nan)
    return v - _baseline(table.t, v, np.array(table.phase, dtype=object)) if relative else v


def units_of(plans: Sequence[CurvePlan], exercise: Exercise | None) -> dict[str, str]:
    """Return the units of what decided the repetitions of an exercise, by name."""
    decided = decided_by(exercise) if exercise is not None else ()
    return {p.signal: p.unit for p in plans} | {e.name: e.unit for e in decided}


def build_curves(
    table: MeasuresTable, plans: Sequence[CurvePlan], views: Sequence[str] | None, words: Words
) -> list[dict[str, Any]]:
    """Return the curves as plain data for the page.

    Parameters
    ----------
    table : MeasuresTable
    plans : sequence of CurvePlan
    views : sequence of str or None
        Kinds of view in which anything could be measured; None: all.
    words : Words
        Of the page's language, for names.

    Returns
    -------
    list of dict
        ``signal, label, about, unit, relative, lines, t, v`` (None = gap), ``on`` (1 where it decides), ``gaps``,
        ``lo, hi``.
        Signals never measured are left out.
    """
    phase = np.array(table.phase, dtype=object)
    out = []
    for plan in plans:
        v = values_of(table, plan.signal, views, relative=plan.relative)
        if v is None or not np.isfinite(v).any():
            continue
        on = np.isin(phase, list(plan.phases))
        k = thin(table.t, v, on)
        t, drawn, active = _with_holes(table.t[k], v[k], on[k], table.t)
        lo, hi = _range(v, on, plan)
        out.append(
            {
                "signal": plan.signal,
                "label": words.curve(plan.signal)[0],
                "about": words.curve(plan.signal)[1],
                "unit": plan.unit,
                "relative": plan.relative,
                "lines": [
                    {
                        "fault": x.fault,
                        "label": words.fault(x.fault),
                        "limit": x.limit,
                        "value": x.value,
                        "sense": x.sense,
                    }
                    for x in plan.lines
                ],
                "t": [round(float(x), 3) for x in t],
                "v": [float(f"{x:.4g}") if np.isfinite(x) else None for x in drawn],
                "on": [int(x) for x in active],
                "gaps": _gaps(table.t, ~np.isfinite(v)),
                "lo": lo,
                "hi": hi,
            }
        )
    return out


def _baseline(t: Array, v: Array, phase: NDArray[np.object_]) -> Array:
    """Return at each moment the value in the last rest, which relative checks compare with; NaN before the first."""
    out = np.full(len(t), np.nan)
    rest: deque[tuple[float, float]] = deque()
    for i, (u, x, now) in enumerate(zip(t.tolist(), v.tolist(), phase, strict=True)):
        if now == START and x == x:
            rest.append((u, x))
            while u - rest[0][0] > LATELY_S:
                rest.popleft()
        if rest:
            out[i] = median(known for _, known in rest)
    return out


def _with_holes(t: Array, v: Array, on: Mask, frames: Array) -> tuple[Array, Array, Mask]:
    """Put a gap where the frames themselves are missing for a while."""
    holes = np.flatnonzero(np.diff(frames) > GAP_S)
    middle = (frames[holes] + frames[holes + 1]) / 2
    at = np.searchsorted(t, middle)
    return np.insert(t, at, middle), np.insert(v, at, np.nan), np.insert(on, at, False)


def _gaps(t: Array, missing: Mask) -> list[list[float]]:
    holes = np.flatnonzero(np.diff(t) > GAP_S)
    found = spans(t, missing) + [(float(t[i]), float(t[i + 1])) for i in holes]
    return [[round(a, 3), round(b, 3)] for a, b in sorted(found)]


def _range(v: Array, on: Mask, plan: CurvePlan) -> tuple[float, float]:
    """Return the vertical range: the values where it decides, and its limits; others run out of the picture."""
    known = v[np.isfinite(v) & on]
    if not len(known):
        known = v[np.isfinite(v)]
    return with_room([float(known.min()), float(known.max()), *(x.value for x in plan.lines)], 0.16)


def with_room(values: Sequence[float], share: float) -> tuple[float, float]:
    """Return the ends of a scale that holds values, with so much of their span free above and below.

    >>> with_room([160.0, 180.0], 0.1), with_room([20.0], 0.1)
    ((158.0, 182.0), (18.0, 22.0))
    """
    lo, hi = min(values), max(values)
    pad = share * (hi - lo) or max(0.1 * abs(hi), 1.0)
    return float(f"{lo - pad:.4g}"), float(f"{hi + pad:.4g}")
