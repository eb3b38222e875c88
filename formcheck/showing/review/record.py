"""A review as typed objects: the schema ``formcheck.review/1``, checked as it is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

from formcheck.errors import InputError
from formcheck.shown import brief, printable

from ..report.schema import decode, encode

SCHEMA = "formcheck.review/1"
SUFFIX = ".review.json"
#: What may be said of a repetition, and how surely a fault is there.
ANSWERS = ("confirmed", "changed", "none", "added")
CERTAINTIES = ("certain", "possible")
SIDES = (None, "left", "right")
#: Longest note and name, in characters.
LONGEST_NOTE, LONGEST_NAME = 4000, 120
_HINT = "give a .review.json written by 'formcheck review'"


@dataclass(frozen=True)
class SaidFault:
    """A fault that a person sees in a repetition: ``certain`` or ``possible``."""

    id: str
    certainty: str
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class SaidRep:
    """What a person says of one repetition.

    Attributes
    ----------
    index : int or None
        Number in the report; None where the report does not have it (``added``).
    start_s, peak_s, end_s : float
        When it was, seconds.
    answer : str
        ``confirmed``: as measured; ``changed``; ``none``: it is no attempt at all; ``added``: one the report does not
        have.
    counted : bool or None
        None: the person cannot tell.
    side : str or None
    faults : tuple of SaidFault
        All that the person sees; what is not named is not there.
    note : str or None
    by, at : str
        Who, and when (ISO 8601).
    """

    index: int | None
    start_s: float
    peak_s: float
    end_s: float
    answer: str
    counted: bool | None
    side: str | None
    faults: tuple[SaidFault, ...]
    note: str | None
    by: str
    at: str
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class SaidOfFault:
    """What a person says of a fault of the whole film: ``certain``, ``possible`` or ``none``, and a note."""

    id: str
    certainty: str
    note: str | None
    by: str
    at: str
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Review:
    """All that was said of a report.

    Attributes
    ----------
    schema, formcheck : str
    film : str
        Stem of the report.
    exercise : str or None
    report_created : str
        When the report was written: a review belongs to one report.
    by, changed : str
        Who spoke last, and when.
    reps : tuple of SaidRep
        In the order of time; a repetition of which nothing was said is not among them.
    faults : tuple of SaidOfFault
    note : str or None
    """

    schema: str
    formcheck: str
    film: str
    exercise: str | None
    report_created: str
    by: str
    changed: str
    reps: tuple[SaidRep, ...] = ()
    faults: tuple[SaidOfFault, ...] = ()
    note: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def from_dict(cls, data: Any, name: str = "the review") -> Self:
        """Make a review of parsed JSON.

        Raises
        ------
        InputError
            If it is none; *name* says which.
        """
        schema = data.get("schema") if isinstance(data, Mapping) else None
        if schema != SCHEMA:
            raise InputError(f"{name} is no review, its schema is {brief(schema)}", _HINT)
        try:
            review: Self = decode(cls, data)
            _check(review)
        except ValueError as e:
            raise InputError(f"{name} is no sound review ({e})", _HINT) from None
        return review

    def to_dict(self) -> dict[str, Any]:
        """Return the review as plain data."""
        out: dict[str, Any] = encode(self)
        return out

    def of(self, index: int) -> SaidRep | None:
        """Return what was said of a repetition of the report."""
        return next((r for r in self.reps if r.index == index), None)

    def with_rep(self, said: SaidRep) -> Self:
        """Return the review with what is said of a repetition, in place of what was said before."""
        rest = [r for r in self.reps if not _same(r, said)]
        ordered = sorted([*rest, said], key=lambda r: (r.start_s, r.end_s))
        return replace(self, reps=tuple(ordered), by=said.by, changed=said.at)

    def without_rep(self, index: int | None, start_s: float, by: str, at: str) -> Self:
        """Return the review without what was said of a repetition."""
        kept = tuple(r for r in self.reps if not (r.index == index and (index is not None or r.start_s == start_s)))
        return replace(self, reps=kept, by=by, changed=at)

    def with_fault(self, said: SaidOfFault) -> Self:
        """Return the review with what is said of a fault of the whole film."""
        rest = [f for f in self.faults if f.id != said.id]
        return replace(self, faults=(*rest, said), by=said.by, changed=said.at)

    def without_fault(self, name: str, by: str, at: str) -> Self:
        """Return the review without what was said of a fault of the whole film."""
        return replace(self, faults=tuple(f for f in self.faults if f.id != name), by=by, changed=at)


def _same(a: SaidRep, b: SaidRep) -> bool:
    return a.index == b.index and (a.index is not None or a.start_s == b.start_s)


def _check(review: Review) -> None:
    for i, r in enumerate(review.reps):
        where = f"reps[{i}]"
        _one_of(f"{where}.answer", r.answer, ANSWERS)
        _one_of(f"{where}.side", r.side, SIDES)
        if not 0 <= r.start_s <= r.end_s:
            raise ValueError(f"{where}: it ends before it starts")
        for f in r.faults:
            _one_of(f"{where}: certainty of {f.id}", f.certainty, CERTAINTIES)
    for j, said in enumerate(review.faults):
        _one_of(f"faults[{j}].certainty", said.certainty, (*CERTAINTIES, "none"))


def _one_of(where: str, value: Any, known: tuple[Any, ...]) -> None:
    if value not in known:
        raise ValueError(f"{where}: expected one of {', '.join(map(str, known))}, got {brief(value)}")


def tidy(text: str | None, longest: int = LONGEST_NOTE) -> str | None:
    r"""Return a note or a name as it is kept: no control characters but line breaks, not endless; None where empty.

    >>> tidy("  good\x00 hold ")
    'good\\x00 hold'
    """
    lines = (printable(line) for line in (text or "").replace("\r\n", "\n").split("\n"))
    return "\n".join(lines).strip()[:longest] or None
