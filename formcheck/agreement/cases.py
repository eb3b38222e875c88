"""Ratings of one film laid over each other: which attempt of one rater is which of another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from formcheck.errors import InputError
from formcheck.evaluation.matching import MIN_IOU, Interval, assign, iou

from .ratings import TOOL, RatedAttempt, Rating


@dataclass(frozen=True)
class Case:
    """One attempt, as all raters of the film see it.

    Attributes
    ----------
    film : str
    exercise : str or None
    said : mapping
        Attempt by rater; None where a rater who looked does not list it. Who did not look is not among them.
    """

    film: str
    exercise: str | None
    said: Mapping[str, RatedAttempt | None]


def by_film(ratings: Iterable[Rating]) -> dict[str, list[Rating]]:
    """Return the ratings by film, the tool's first.

    Raises
    ------
    InputError
        If a rater rated a film twice, or raters rated it as different exercises.
    """
    films: dict[str, list[Rating]] = {}
    for r in ratings:
        there = films.setdefault(r.film, [])
        if any(x.rater == r.rater for x in there):
            raise InputError(
                f"{r.film} is rated twice by '{r.rater}'", "give each rater's file once; two raters need two names"
            )
        if any(x.exercise != r.exercise for x in there):
            both = f"{there[0].exercise} ({there[0].rater}) and {r.exercise} ({r.rater})"
            raise InputError(f"{r.film} is rated as {both}", "ratings of one film must be of one exercise")
        there.append(r)
    return {film: sorted(rs, key=lambda r: (r.rater != TOOL, r.rater)) for film, rs in sorted(films.items())}


def cases(film: str, ratings: Sequence[Rating]) -> list[Case]:
    """Return the attempts of a film in the order of time, each with what every rater says of it.

    Attempts are the same when their times overlap by half of what they cover together; one that is not seen whole may
    lie in the other by half.
    """
    spans: list[Interval] = []
    said: list[dict[str, RatedAttempt]] = []
    for rating in ratings:
        fit = np.array([[_fit(a, s, x) for s, x in zip(spans, said, strict=True)] for a in rating.attempts])
        fit = fit.reshape(len(rating.attempts), len(spans))
        of = assign(fit, [not a.free for a in rating.attempts])
        for i, attempt in enumerate(rating.attempts):
            if i in of:
                said[of[i]][rating.rater] = attempt
            else:
                spans.append(attempt.span)
                said.append({rating.rater: attempt})
    order = sorted(range(len(spans)), key=lambda k: spans[k])
    return [Case(film, ratings[0].exercise, _all(said[k], ratings)) for k in order]


def _all(said: Mapping[str, RatedAttempt], ratings: Sequence[Rating]) -> dict[str, RatedAttempt | None]:
    number = next((a.index for a in said.values() if a.index is not None), None)
    out: dict[str, RatedAttempt | None] = {}
    for r in ratings:
        mine = said.get(r.rater)
        if mine is not None or r.looked is None or number is None or number in r.looked:
            out[r.rater] = mine
    return out


def _fit(attempt: RatedAttempt, span: Interval, others: Mapping[str, RatedAttempt]) -> float:
    if attempt.free or any(o.free for o in others.values()):
        a = attempt.span
        both = min(a[1], span[1]) - max(a[0], span[0])
        inside = both / max(min(a[1] - a[0], span[1] - span[0]), 1e-9)
        return min(inside, 1.0) if inside >= MIN_IOU else 0.0
    overlap = iou(attempt.span, span)
    return overlap if overlap >= MIN_IOU else 0.0
