"""Measures in normalised time: each repetition from 0 to 100 % of its own length, so that they lie over each other."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from formcheck.showing.page.curves import CurvePlan, plan_curves, values_of
from formcheck.showing.page.render import in_force
from formcheck.showing.page.table import GAP_S, Array, read_table

from .subjects import Subject

#: Per cent of a repetition at which a curve has a value.
PERCENT = np.arange(101.0)


@dataclass(frozen=True)
class Bundle:
    """A measure in all repetitions of one of the two.

    Attributes
    ----------
    each : dict of (101,) arrays
        By place of the attempt; NaN = not measured.
    middle, least, most : (101,) arrays
        Of the repetitions that count (of all, where none does); NaN where fewer than half of them were measured.
    """

    each: dict[int, Array]
    middle: Array
    least: Array
    most: Array
    n: int

    @property
    def band(self) -> tuple[Array, Array, Array]:
        """The middle, the least and the most."""
        return self.middle, self.least, self.most


@dataclass(frozen=True)
class Overlaid:
    """A measure of the two over each other."""

    plan: CurvePlan
    first: Bundle
    second: Bundle


def curves(first: Subject, second: Subject) -> list[Overlaid]:
    """Return what can be laid over each other; nothing where a table of measures is missing."""
    exercises = [in_force(s.data) for s in (first, second)]
    planned = [plan_curves(s.data, e) for s, e in zip((first, second), exercises, strict=True)]
    seen = {f.id for s in (first, second) for f in s.report.faults}
    every = sorted((p for plans in planned for p in plans), key=lambda p: not any(x.fault in seen for x in p.lines))
    ordered: dict[str, CurvePlan] = {}
    for plan in every:
        ordered.setdefault(plan.signal, plan)
    bundles = [_bundles(s, list(ordered.values())) for s in (first, second)]
    limits = [{p.signal: p.lines for p in plans} for plans in planned]
    out = []
    for name, plan in ordered.items():
        if name in bundles[0] and name in bundles[1]:
            # Limits stand there where they are those of both.
            same = limits[0].get(name) == limits[1].get(name)
            shown = plan if same else CurvePlan(name, plan.unit, plan.phases, (), plan.relative)
            out.append(Overlaid(shown, bundles[0][name], bundles[1][name]))
    return out


def _bundles(s: Subject, plans: Sequence[CurvePlan]) -> dict[str, Bundle]:
    if s.measures is None or not s.reps:
        return {}
    table = read_table(s.measures, [p.signal for p in plans])
    exercise = in_force(s.data)
    views = exercise.views if exercise is not None else None
    counted = [i for i, r in enumerate(s.reps) if r.counted] or list(range(len(s.reps)))
    out = {}
    for plan in plans:
        v = values_of(table, plan.signal, views, relative=plan.relative)
        if v is None:
            continue
        each = {i: cycle(table.t, v, r.start_s, r.end_s) for i, r in enumerate(s.reps)}
        bundle = _together(each, counted)
        if np.isfinite(bundle.middle).any():
            out[plan.signal] = bundle
    return out


def _together(each: dict[int, Array], counted: Sequence[int]) -> Bundle:
    rows = np.stack([each[i] for i in counted])
    enough = np.isfinite(rows).sum(0) * 2 >= len(rows)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # nothing but NaN stays NaN
        middle, least, most = (np.where(enough, f(rows, axis=0), np.nan) for f in (np.nanmedian, np.nanmin, np.nanmax))
    return Bundle(each, middle, least, most, len(rows))


def cycle(t: Array, v: Array, start: float, end: float) -> Array:
    """Return a measure at each per cent of a repetition; NaN where it was not measured for a while.

    Examples
    --------
    >>> t = np.linspace(0.0, 4.0, 41)
    >>> cycle(t, 10.0 * t, 1.0, 3.0)[[0, 25, 100]].round(3).tolist()
    [10.0, 15.0, 30.0]
    """
    known = np.isfinite(v) & (t >= start - GAP_S) & (t <= end + GAP_S)
    at = start + PERCENT / 100 * (end - start)
    if not known.any():
        return np.full(len(at), np.nan)
    tk, vk = t[known], v[known]
    k = np.searchsorted(tk, at)
    before, after = tk[np.maximum(k - 1, 0)], tk[np.minimum(k, len(tk) - 1)]
    # At its ends a curve goes on for as long as a gap may last; between two samples further apart it has a gap.
    near = np.where(k == 0, after - at, np.where(k == len(tk), at - before, after - before))
    out: Array = np.where(near <= GAP_S, np.interp(at, tk, vk), np.nan)
    return out
