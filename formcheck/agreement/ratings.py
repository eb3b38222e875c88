"""What one rater, or the tool, says of one film: read from reports, reviews and truth files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from formcheck.clips import REPORT_ENDING
from formcheck.errors import InputError
from formcheck.evaluation.labels import span_of
from formcheck.evaluation.truth import parse_truth
from formcheck.showing.report.objects import Report
from formcheck.showing.review.record import SCHEMA as REVIEW_SCHEMA
from formcheck.showing.review.record import SUFFIX as REVIEW_SUFFIX
from formcheck.showing.review.record import Review

#: The rater's name of a report.
TOOL = "formcheck"
#: Of a truth file that does not say who wrote it.
SOMEBODY = "labelled by hand"
#: How surely a fault is there.
ABSENT, POSSIBLE, CERTAIN = 0, 1, 2
_HINT = "give reports, reviews (.review.json) or truth files (<clip>.json)"


@dataclass(frozen=True)
class RatedAttempt:
    """An attempt as a rater sees it.

    Attributes
    ----------
    span : (start, end), seconds
    counted : bool or None
        None: the rater left it open.
    side : str or None
    faults : mapping or None
        Level by id; what is missing is absent. None: the rater did not look at faults.
    free : bool
        It may be listed or left out: not seen whole, or nothing was said of it.
    measures : mapping
        Of the tool: values by name.
    index : int or None
    """

    span: tuple[float, float]
    counted: bool | None
    side: str | None
    faults: Mapping[str, int] | None
    free: bool = False
    measures: Mapping[str, float | None] = field(default_factory=dict)
    index: int | None = None


@dataclass(frozen=True)
class Rating:
    """What one rater says of one film.

    Attributes
    ----------
    looked : frozenset of int or None
        Numbers of the report's repetitions of which something was said; None: the rater looked at the whole film.
    """

    film: str
    rater: str
    exercise: str | None
    attempts: tuple[RatedAttempt, ...]
    looked: frozenset[int] | None = None

    @property
    def counted(self) -> int:
        """Repetitions that count, those left open not among them."""
        return sum(a.counted is True for a in self.attempts)

    @property
    def open(self) -> int:
        """Repetitions of which it was left open whether they count."""
        return sum(a.counted is None for a in self.attempts)


def read_ratings(path: Path) -> list[Rating]:
    """Read the ratings in a file: one, or of a review with several people one each.

    Raises
    ------
    InputError
        If it is neither a report, a review nor a truth file.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise InputError(f"file not found: {path}", "check the path") from None
    except (OSError, ValueError, RecursionError) as e:
        raise InputError(f"cannot read {path} ({type(e).__name__})", _HINT) from e
    schema = data.get("schema") if isinstance(data, Mapping) else None
    if schema == REVIEW_SCHEMA:
        return of_review(Review.from_dict(data, str(path)))
    if isinstance(schema, str) and schema.startswith("formcheck.report/"):
        return [of_report(Report.from_dict(data, name=str(path)), path)]
    if isinstance(data, Mapping) and "exercise" in data:
        return [of_truth(data, path)]
    raise InputError(f"{path} is neither a report, a review nor a truth file", _HINT)


def film_of(path: Path) -> str:
    """Return the name of the film that a file is about: what stands before the first ending that is ours.

    >>> film_of(Path("day 1/plane.anna.review.json")), film_of(Path("plane.json"))
    ('plane.anna', 'plane')
    """
    for ending in (REPORT_ENDING, REVIEW_SUFFIX):
        if path.name.endswith(ending):
            return path.name.removesuffix(ending)
    return path.stem


def of_report(report: Report, path: Path) -> Rating:
    """Return the tool's rating."""
    attempts = tuple(
        RatedAttempt(
            (r.start_s, r.end_s),
            r.counted,
            r.side,
            {f.id: CERTAIN for f in r.faults},
            r.cut is not None,
            r.measures,
            r.index,
        )
        for r in report.reps
    )
    return Rating(film_of(path), TOOL, report.exercise, attempts)


def of_review(review: Review) -> list[Rating]:
    """Return a rating for each person who spoke in a review."""
    people: dict[str, list[RatedAttempt]] = {}
    looked: dict[str, set[int]] = {}
    for r in review.reps:
        mine = people.setdefault(r.by, [])
        looked.setdefault(r.by, set()).update(() if r.index is None else (r.index,))
        if r.answer != "none":
            faults = {f.id: CERTAIN if f.certainty == "certain" else POSSIBLE for f in r.faults}
            mine.append(RatedAttempt((r.start_s, r.end_s), r.counted, r.side, faults, index=r.index))
    return [Rating(review.film, who, review.exercise, tuple(a), frozenset(looked[who])) for who, a in people.items()]


def of_truth(data: Mapping[str, Any], path: Path) -> Rating:
    """Return the rating in a truth file.

    Raises
    ------
    InputError
        If it is damaged, or lists no attempts with times.
    """
    truth = parse_truth(data, str(path))
    reps = truth.reps or ()
    if truth.reps is None or any(not r.timed for r in truth.needed):
        raise InputError(f"{path} does not say when the attempts were", "give `start_s` and `end_s` of each")
    attempts = []
    for r in reps:
        faults = None
        if r.faults is not None:
            unsure = dict.fromkeys(r.maybe | r.may_withhold | truth.also_ok | truth.may_withhold, POSSIBLE)
            faults = {**unsure, **dict.fromkeys(r.faults - r.may_withhold, CERTAIN)}
        attempts.append(RatedAttempt(span_of(r, reps), r.counted, r.side, faults, r.free))
    told = data.get("labelled")
    who = told.get("by") if isinstance(told, Mapping) else None
    return Rating(film_of(path), who or SOMEBODY, truth.exercise, tuple(attempts))
