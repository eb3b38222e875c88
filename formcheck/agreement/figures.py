"""All figures of agreement as plain data, schema ``formcheck.agreement/1``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from formcheck.judging.exercises import exercises
from formcheck.statistics.kappa import agreement, kappa, prevalence, tabulate
from formcheck.statistics.measures import limits_of_agreement, reliability
from formcheck.statistics.rates import detection, rate
from formcheck.statistics.resampling import Estimate, estimate
from formcheck.version import __version__

from .cases import Case, by_film, cases
from .measured import Second
from .ratings import ABSENT, CERTAIN, TOOL, RatedAttempt, Rating

SCHEMA = "formcheck.agreement/1"
#: Films from which on they are what is drawn again for an interval; with fewer, repetitions are.
LEAST_FILMS = 10
#: A kappa lower than the raters' own by less than this is taken for no worse.
MARGIN = 0.1
#: Measurements of a measure for which its error is told.
LEAST_MEASURED = 3
Array = NDArray[np.float64]
Pair = tuple[str, str]
Level = Callable[[RatedAttempt], int | None]


def agreement_of(ratings: Iterable[Rating], second: Sequence[Second] = (), margin: float = MARGIN) -> dict[str, Any]:
    """Return the figures of all pairs of raters, of the tool beside them, and of a second measurement.

    Parameters
    ----------
    ratings : iterable of Rating
    second : sequence of Second
        Values measured otherwise.
    margin : float
        How much lower than between raters a kappa may be and still be no worse.

    Raises
    ------
    InputError
        As :func:`formcheck.agreement.cases.by_film`.
    """
    films = by_film(ratings)
    listed = [case for film, rs in films.items() for case in cases(film, rs)]
    raters = list(dict.fromkeys(r.rater for rs in films.values() for r in rs))
    raters.sort(key=lambda r: (r != TOOL, r))
    pairs = list(combinations(raters, 2))
    shared = {p: [f for f, rs in films.items() if {r.rater for r in rs} >= set(p)] for p in pairs}
    pairs = [p for p in pairs if shared[p]]
    # With a single rating of a film there is nothing to compare.
    unit = "film" if sum(len(rs) > 1 for rs in films.values()) >= LEAST_FILMS else "repetition"
    return {
        "schema": SCHEMA,
        "formcheck": __version__,
        "films": len(films),
        "raters": raters,
        "drawn": unit,
        "margin": margin,
        "counts": [_counts(p, [films[f] for f in shared[p]], listed) for p in pairs],
        "counting": [_counting(p, listed, unit) for p in pairs],
        "faults": _faults(pairs, listed, unit),
        "beside": _beside(raters, listed, unit, margin),
        "measures": measured(films, second),
    }


# ---- repetitions ----
def _counts(pair: Pair, films: Sequence[Sequence[Rating]], listed: Sequence[Case]) -> dict[str, Any]:
    """Return how the numbers of counted repetitions agree, film by film, and the lists attempt by attempt."""
    rows: list[dict[str, Any]] = []
    for rs in films:
        a = next(r for r in rs if r.rater == pair[0])
        known = [c for c in listed if c.film == a.film and set(c.said) >= set(pair)]
        n = [sum(x is not None and x.counted is True for c in known for x in (c.said[who],)) for who in pair]
        # Where one left open whether a repetition counts, the other's answer is as good.
        free = sum(any(x is not None and x.counted is None for x in (c.said[w] for w in pair)) for c in known)
        off = max(abs(n[1] - n[0]) - free, 0)
        rows.append({"film": a.film, "exercise": a.exercise, "first": n[0], "second": n[1], "open": free, "off": off})
    both = [c for c in listed if set(c.said) >= set(pair)]
    first, second = ([r[k] for r in rows] for k in ("first", "second"))
    spread = asdict(limits_of_agreement(first, second)) if len(rows) > 1 else None
    lists = [tuple(c.said[who] for who in pair) for c in both]
    same = [(x, y) for x, y in lists if x is not None and y is not None]
    sides = [(x.side, y.side) for x, y in same if x.side is not None and y.side is not None]
    return {
        "first": pair[0],
        "second": pair[1],
        "films": rows,
        "exact": asdict(rate(sum(r["off"] == 0 for r in rows), len(rows))),
        "off_by_one": asdict(rate(sum(r["off"] <= 1 for r in rows), len(rows))),
        "limits": spread,
        "attempts": len(same),
        "first_only": sum(y is None and not x.free for x, y in lists if x is not None),
        "second_only": sum(x is None and not y.free for x, y in lists if y is not None),
        "sides": asdict(rate(sum(x == y for x, y in sides), len(sides))),
    }


def _counting(pair: Pair, listed: Sequence[Case], unit: str) -> dict[str, Any]:
    """Return how two raters agree on whether an attempt counts."""

    def level(a: RatedAttempt) -> int | None:
        return None if a.counted is None or a.free else int(a.counted)

    return {"first": pair[0], "second": pair[1], **_of_two(pair, listed, level, unit, 2)}


# ---- faults ----
def fault_ids(exercise: str | None, listed: Sequence[Case]) -> list[str]:
    """Return the faults of an exercise that anybody named, in its own order."""
    seen = {
        i for c in listed if c.exercise == exercise for a in c.said.values() if a is not None for i in a.faults or ()
    }
    known = exercises().get(exercise) if exercise is not None else None
    order = list(dict.fromkeys(c.id for c in known.checks)) if known is not None else []
    return [i for i in order if i in seen] + sorted(seen - set(order))


def _level(fault: str) -> Level:
    def level(a: RatedAttempt) -> int | None:
        return None if a.faults is None or a.free else a.faults.get(fault, ABSENT)

    return level


def _topics(listed: Sequence[Case]) -> list[tuple[str, list[str]]]:
    """Return exercises with the faults that anybody named in them."""
    known = list(dict.fromkeys(c.exercise for c in listed if c.exercise is not None))
    return [(e, ids) for e in known if (ids := fault_ids(e, listed))]


def _faults(pairs: Sequence[Pair], listed: Sequence[Case], unit: str) -> list[dict[str, Any]]:
    out = []
    for exercise, ids in _topics(listed):
        mine = [c for c in listed if c.exercise == exercise]
        for pair in pairs:
            for fault in (*ids, None):
                levels = [_level(i) for i in (ids if fault is None else [fault])]
                figures = _of_two(pair, mine, levels, unit, 3)
                if figures["n"]:
                    out.append({"exercise": exercise, "fault": fault, "first": pair[0], "second": pair[1], **figures})
    return out


def _tables(pair: Pair, listed: Sequence[Case], levels: Sequence[Level], unit: str, k: int) -> tuple[Array, list[str]]:
    """Return a table for each thing drawn, and the films: the second rater is the reference (rows)."""
    drawn: dict[Any, list[tuple[int, int]]] = {}
    films: dict[str, None] = {}
    for i, c in enumerate(listed):
        if not set(c.said) >= set(pair):
            continue
        first, second = (c.said[who] for who in pair)
        told = drawn.setdefault(c.film if unit == "film" else i, [])
        if first is None or second is None:
            continue
        for level in levels:
            a, b = level(first), level(second)
            if a is not None and b is not None:
                told.append((b, a))
                films[c.film] = None
    tables = [tabulate(pairs, k) for pairs in drawn.values()]
    return np.array(tables).reshape(-1, k, k), list(films)


def _two(tables: Array) -> Array:
    """Return tables of absent and certain alone; those of two categories as they are."""
    return tables if tables.shape[-1] == 2 else tables[..., ::CERTAIN, ::CERTAIN]


def _of_two(pair: Pair, listed: Sequence[Case], levels: Level | Sequence[Level], unit: str, k: int) -> dict[str, Any]:
    """Return the figures of two raters; what one of them calls possible is in the weighted kappa alone."""
    asked = [levels] if callable(levels) else list(levels)
    tables, films = _tables(pair, listed, asked, unit, k)
    whole = tables.sum(0) if len(tables) else np.zeros((k, k))
    (neither, invented), (missed, both) = _two(whole).astype(int).tolist()
    found = detection(both, missed, invented, neither)
    n = both + missed + invented + neither
    out: dict[str, Any] = {
        "n": int(whole.sum()),
        "films": len(films),
        "possible": int(whole.sum()) - n,
        "table": whole.astype(int).tolist(),
        "both": both,
        "kappa": _told(estimate(tables, lambda t: kappa(_two(t)))),
        "agreement": asdict(rate(both + neither, n)),
        "chance_free": _number(agreement(_two(whole)) * 2 - 1),
        "prevalence": _number(prevalence(_two(whole))),
        "sensitivity": asdict(found.sensitivity),
        "specificity": asdict(found.specificity),
    }
    if k > 2:
        out["weighted"] = _told(estimate(tables, lambda t: kappa(t, "linear")))
    return out


# ---- the tool beside the raters ----
def _beside(raters: Sequence[str], listed: Sequence[Case], unit: str, margin: float) -> list[dict[str, Any]]:
    """Return the mean kappa of the tool with the raters, of the raters among themselves, and the difference."""
    people = [r for r in raters if r != TOOL]
    if TOOL not in raters or len(people) < 2:
        return []
    with_tool = [(TOOL, p) for p in people]
    among = list(combinations(people, 2))
    out = []
    for exercise, ids in _topics(listed):
        # What not all have rated would compare different films.
        mine = [c for c in listed if c.exercise == exercise and set(c.said) >= set(raters)]
        for fault in (*ids, None):
            levels = [_level(i) for i in (ids if fault is None else [fault])]
            stack = [_tables(p, mine, levels, unit, 3)[0] for p in (*with_tool, *among)]
            tables = np.stack(stack, axis=1)
            if not tables.sum():
                continue
            figures = _difference(tables, len(with_tool))
            out.append({"exercise": exercise, "fault": fault, **figures, **_verdict(figures["difference"], margin)})
    return out


def _difference(tables: Array, n_tool: int) -> dict[str, Any]:
    def tool(t: Array) -> Array:
        mean: Array = kappa(_two(t))[..., :n_tool].mean(-1)
        return mean

    def raters(t: Array) -> Array:
        mean: Array = kappa(_two(t))[..., n_tool:].mean(-1)
        return mean

    return {
        "n": int(tables[:, 0].sum()),
        "tool": _told(estimate(tables, tool)),
        "raters": _told(estimate(tables, raters)),
        "difference": _told(estimate(tables, lambda t: tool(t) - raters(t))),
    }


def _verdict(difference: Mapping[str, float | None], margin: float) -> dict[str, str]:
    low, high = difference["low"], difference["high"]
    if low is None or high is None:
        return {"shown": "nothing"}
    if low > -margin:
        return {"shown": "no worse"}
    return {"shown": "worse" if high < -margin else "nothing"}


# ---- measures ----
def measured(films: Mapping[str, Sequence[Rating]], second: Sequence[Second]) -> list[dict[str, Any]]:
    """Return bias, limits of agreement and reliability of the tool's measures against a second measurement."""
    groups: dict[tuple[str | None, str], list[tuple[str, int, float, float]]] = {}
    for s in second:
        tool = next((r for r in films.get(s.film, ()) if r.rater == TOOL), None)
        attempt = next((a for a in tool.attempts if a.index == s.rep), None) if tool is not None else None
        if tool is None or attempt is None:
            raise s.unknown()
        value = attempt.measures.get(s.measure)
        if s.measure not in attempt.measures:
            raise s.unknown(sorted(attempt.measures))
        if value is not None:
            groups.setdefault((tool.exercise, s.measure), []).append((s.film, s.rep, value, s.value))
    out = []
    for (exercise, name), rows in groups.items():
        entry: dict[str, Any] = {
            "exercise": exercise,
            "measure": name,
            "n": len(rows),
            "points": [{"film": f, "rep": r, "tool": x, "other": y} for f, r, x, y in rows],
            "limits": None,
            "reliability": None,
        }
        if len(rows) >= LEAST_MEASURED:
            ours, theirs = [r[2] for r in rows], [r[3] for r in rows]
            entry["limits"] = asdict(limits_of_agreement(theirs, ours))
            entry["reliability"] = {k: _number(v) for k, v in asdict(reliability(np.transpose([ours, theirs]))).items()}
        out.append(entry)
    return out


def _told(e: Estimate) -> dict[str, float | None]:
    return {"value": e.value, "low": e.low, "high": e.high}


def _number(x: Any) -> float | None:
    return float(x) if np.isfinite(x) else None
