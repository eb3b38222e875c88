"""Sessions named by their number in the history: which report is meant by one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from formcheck.clips import REPORT_ENDING
from formcheck.coaching.history.queries import SetRecord, sets
from formcheck.coaching.history.written import reports_of
from formcheck.coaching.people import Person
from formcheck.errors import FormcheckError, InputError, UsageError
from formcheck.showing.report.objects import Report, load_report
from formcheck.shown import as_typed

#: Times in the history and in a report are rounded alike (s).
SAME_S = 0.006


@dataclass(frozen=True)
class Numbered:
    """A session of the history.

    Attributes
    ----------
    number : int
    sets : tuple of SetRecord
    written : tuple of Path
        Where its reports were written, as far as that was noted.
    folders : tuple of Path
        Of the person's, in which reports lie, too.
    """

    number: int
    sets: tuple[SetRecord, ...]
    written: tuple[Path, ...]
    folders: tuple[Path, ...]

    @property
    def exercises(self) -> list[str]:
        """The exercises done, in order."""
        return list(dict.fromkeys(s.exercise for s in self.sets))


def number_of(said: str) -> int | None:
    """Return the session's number that is meant; None where a file is.

    >>> number_of("7"), number_of("7.report.json"), number_of("./7")
    (7, None, None)
    """
    return int(said) if said.isascii() and said.isdigit() and len(said) <= 9 else None


def find_session(person: Person, number: int) -> Numbered:
    """Return a session by its number.

    Raises
    ------
    UsageError
        If there is none.
    """
    if person.history.exists():
        with person.open_history() as history:
            done = tuple(sets(history, session=number))
            if done:
                return Numbered(number, done, tuple(reports_of(history.db, number)), (person.sessions, person.uploads))
    whose = "" if person.is_me else f" --person {as_typed(person.name)}"
    raise UsageError(f"there is no session {number}", f"`formcheck history{whose}` lists those there are")


def reports_meant(said: Sequence[str], person: Person, exercise: str | None = None) -> list[Path]:
    """Return the reports that are meant by files and numbers of sessions.

    Parameters
    ----------
    said : sequence of str
        Paths of reports, or numbers as ``formcheck history`` lists them.
    person : Person
        Whose history the numbers are of.
    exercise : str, optional
        Which one is meant of sessions with several.

    Raises
    ------
    UsageError
        If there is no such session, or it is not clear which exercise of it is meant.
    InputError
        If a session's report is not known.
    """
    meant = [find_session(person, n) if (n := number_of(s)) is not None else Path(s) for s in said]
    numbered = [m for m in meant if isinstance(m, Numbered)]
    if not numbered:
        if exercise is not None:
            raise UsageError(
                "-e says which exercise of a numbered session is meant", "a report is of one: leave it out"
            )
        return [Path(s) for s in said]
    which = exercise if exercise is not None else _in_common(meant)
    for m in numbered:
        if which not in m.exercises:
            raise UsageError(f"session {m.number} has no {which}", f"it has {', '.join(m.exercises)}")
    return [_report(m, which) if isinstance(m, Numbered) else m for m in meant]


def _in_common(meant: Sequence[Numbered | Path]) -> str:
    """Return the one exercise that all have."""
    done = {
        f"session {m.number}" if isinstance(m, Numbered) else str(m): m.exercises
        if isinstance(m, Numbered)
        else [load_report(m).exercise or "none"]
        for m in meant
    }
    first, *others = done.values()
    common = [e for e in first if all(e in of_one for of_one in others)]
    has = "; ".join(f"{name} has {', '.join(of_one)}" for name, of_one in done.items())
    if not common:
        raise UsageError(f"no exercise in common: {has}", "compare two sessions of the same exercise")
    if len(common) > 1:
        raise UsageError(f"several exercises could be meant: {has}", f"say which: -e {common[0]}")
    return common[0]


def _report(session: Numbered, exercise: str) -> Path:
    """Return the report of the last set of an exercise in a session."""
    last = [s for s in session.sets if s.exercise == exercise][-1]
    for file in _candidates(session):
        try:
            report = load_report(file)
        except FormcheckError:
            continue
        if _is_of(report, last):
            return file
    source = last.session.source
    hint = (
        f"judge the film again with --history: {source}"
        if last.session.kind == "analyze" and source is not None
        else "it was moved, or none was written; name its .report.json in place of the number"
    )
    raise InputError(f"the report of session {session.number} ({exercise}) is not known", hint)


def _candidates(session: Numbered) -> Iterator[Path]:
    """Give the files that may be the session's reports: where they were written, then all of the person's."""
    yield from session.written
    for folder in session.folders:
        yield from sorted(folder.rglob(f"*{REPORT_ENDING}"), reverse=True)


def _is_of(report: Report, done: SetRecord) -> bool:
    """Whether a report tells of a set: the same exercise, and the same repetitions at the same times."""
    if report.exercise != done.exercise or len(report.reps) != len(done.reps):
        return False
    return all(
        abs(a - b) < SAME_S
        for r, s in zip(report.reps, done.reps, strict=True)
        for a, b in ((r.start_s, s.start_s), (r.peak_s, s.peak_s), (r.end_s, s.end_s))
    )
