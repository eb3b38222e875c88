"""What is compared: two reports of one exercise, or the left and right repetitions of one report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from formcheck.errors import InputError, UsageError
from formcheck.showing.report.film import film_of
from formcheck.showing.report.objects import Report, load_report
from formcheck.showing.report.rows import RepRow

Kind = Literal["sessions", "sides"]
SIDES = ("left", "right")


@dataclass(frozen=True)
class Subject:
    """One of the two.

    Attributes
    ----------
    report : Report
    data : mapping
        The report as plain data.
    reps : tuple of RepRow
        The attempts that are compared: of the sides that both have, where there are any. Those that were not seen whole
        are left out, for they have no beginning or no end.
    side : str or None
        Of the repetitions, where sides are compared.
    film : (Path, float) or None
        And the time of its first picture.
    """

    report: Report
    data: Mapping[str, Any]
    reps: tuple[RepRow, ...]
    side: str | None
    film: tuple[Path, float] | None

    @property
    def measures(self) -> Path | None:
        """The table of measures as text; None where there is none."""
        path = self.report.measures_path
        return path if path is not None and path.suffix == ".csv" else None

    @property
    def left_out(self) -> tuple[str, ...]:
        """The sides whose repetitions are not compared, as the other has none of them."""
        return tuple(s for s in SIDES if s not in self.sides and any(r.side == s for r in self.report.reps))

    @property
    def sides(self) -> tuple[str, ...]:
        """The sides there are repetitions of."""
        return tuple(s for s in SIDES if any(r.side == s for r in self.reps))


def two_sessions(first: Path, second: Path) -> tuple[Subject, Subject]:
    """Return two reports as what is compared.

    Raises
    ------
    InputError
        If one cannot be read or judges no exercise.
    UsageError
        If they are of different exercises.
    """
    a, b = _read(first), _read(second)
    if a.exercise != b.exercise:
        raise UsageError(
            f"{first} is of {a.exercise}, {second} of {b.exercise}", "compare two reports of the same exercise"
        )
    common = _sides(a.reps) & _sides(b.reps)
    if common and _sides(a.reps) != _sides(b.reps):
        return _subject(a, (r for r in a.reps if r.side in common)), _subject(
            b, (r for r in b.reps if r.side in common)
        )
    return _subject(a, a.reps), _subject(b, b.reps)


def _sides(reps: Iterable[RepRow]) -> set[str | None]:
    return {r.side for r in reps if r.cut is None}


def two_sides(report: Path) -> tuple[Subject, Subject]:
    """Return the left and the right repetitions of a report as what is compared.

    Raises
    ------
    InputError
        If the report cannot be read or judges no exercise.
    UsageError
        If it does not have repetitions of both sides.
    """
    r = _read(report)
    there = [s for s in SIDES if any(rep.side == s and rep.cut is None for rep in r.reps)]
    if len(there) < 2:
        only = f"of the {there[0]} side only" if there else "of no side"
        raise UsageError(f"{report} has repetitions {only}", "compare two reports instead: formcheck compare A B")
    left, right = (_subject(r, (rep for rep in r.reps if rep.side == s), s) for s in SIDES)
    return left, right


def _read(path: Path) -> Report:
    report = load_report(path)
    if report.exercise is None:
        raise InputError(f"{path} judges no exercise", "analyze the film with -e first")
    return report


def _subject(report: Report, reps: Iterable[RepRow], side: str | None = None) -> Subject:
    whole = tuple(r for r in reps if r.cut is None)
    return Subject(report, report.to_dict(), whole, side, film_of(report))


def pairs(first: Subject, second: Subject) -> list[tuple[int | None, int | None]]:
    """Return which attempt of the first goes with which of the second, by their places in ``reps``.

    The n-th of a side and part goes with the n-th of that side and part; where they have no side or part in common,
    the n-th with the n-th. What has no partner stands alone.
    """
    if first.side is None and {(r.side, r.block) for r in first.reps} & {(r.side, r.block) for r in second.reps}:
        groups = list(dict.fromkeys((r.side, r.block) for s in (first, second) for r in s.reps))
        found = [
            pair
            for side, block in groups
            for pair in _in_turn(
                *([i for i, r in enumerate(s.reps) if (r.side, r.block) == (side, block)] for s in (first, second))
            )
        ]
    else:
        found = _in_turn(list(range(len(first.reps))), list(range(len(second.reps))))
    end = len(first.reps) + len(second.reps)
    return sorted(found, key=lambda p: (p[0] if p[0] is not None else end, p[1] if p[1] is not None else end))


def _in_turn(a: list[int], b: list[int]) -> list[tuple[int | None, int | None]]:
    n = max(len(a), len(b))
    return [(a[k] if k < len(a) else None, b[k] if k < len(b) else None) for k in range(n)]
