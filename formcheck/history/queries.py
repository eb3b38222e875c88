"""What the history tells: sessions, their sets, repetitions and faults as plain records."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from typing import Any

from ..rules.records import FaultSpan, Rep
from .store import History, guard


@dataclass(frozen=True)
class SessionRecord:
    """A session in figures.

    Attributes
    ----------
    number : int
    started, ended : datetime
        By the clock of the place and time of the session.
    kind : str
        ``live`` or ``analyze``.
    exercises : tuple of str
        Ids in the order they were done.
    reps, counted, clean : int
        Attempts, those that count, and those that count without a fault.
    score : float or None
        Mean of the repetitions', 0-100.
    finished : bool
        False where the program ended before the session did (or it is still going on).
    """

    number: int
    started: datetime
    ended: datetime
    kind: str
    routine: str | None
    source: str | None
    note: str | None
    formcheck: str
    exercises: tuple[str, ...]
    reps: int
    counted: int
    clean: int
    score: float | None
    finished: bool

    @property
    def day(self) -> date:
        """The local day it began on."""
        return self.started.date()


@dataclass(frozen=True)
class SetRecord:
    """A set and its repetitions; ``number`` counts from 1 in its session."""

    session: SessionRecord
    number: int
    exercise: str
    target: int | None
    sides: tuple[str, ...]
    score: float | None
    reps: tuple[Rep, ...] = field(repr=False)

    @property
    def day(self) -> date:
        """The local day of the session."""
        return self.session.day


_SESSIONS = """
SELECT s.*, f.reps, f.counted, f.clean, f.score, f.last,
       (SELECT group_concat(exercise) FROM (SELECT exercise FROM sets WHERE session = s.id ORDER BY id)) AS done
FROM sessions s JOIN (
    SELECT sets.session AS id, count(*) AS reps, sum(counted) AS counted,
           sum(counted AND NOT EXISTS (SELECT 1 FROM faults WHERE rep = reps.id)) AS clean,
           avg(reps.score) AS score, max(recorded_at) AS last
    FROM reps JOIN sets ON sets.id = reps."set" GROUP BY sets.session
) f ON f.id = s.id
"""


def sessions(history: History, *, last: int | None = None, number: int | None = None) -> list[SessionRecord]:
    """Return the sessions that have a repetition, newest first.

    Parameters
    ----------
    history : History
    last : int, optional
        At most this many.
    number : int, optional
        Only the session of this number.
    """
    where, values = ("WHERE s.id = ?", [number]) if number is not None else ("", [])
    with guard(history.path):
        rows = history.db.execute(
            f"{_SESSIONS} {where} ORDER BY s.started_at DESC, s.id DESC LIMIT ?",
            (*values, -1 if last is None else last),
        ).fetchall()
    return [_session(r) for r in rows]


def days(history: History) -> dict[date, int]:
    """Return the local days with a session, and how many sessions each had."""
    with guard(history.path):
        rows = history.db.execute(
            "SELECT date(started_at, utc_offset_s || ' seconds') AS day, count(*) AS n FROM sessions s"
            ' WHERE EXISTS (SELECT 1 FROM sets JOIN reps ON reps."set" = sets.id WHERE sets.session = s.id)'
            " GROUP BY day ORDER BY day"
        ).fetchall()
    return {date.fromisoformat(r["day"]): int(r["n"]) for r in rows}


def totals(history: History) -> dict[str, int]:
    """Return all repetitions: ``reps`` (attempts), ``counted``, and ``clean`` (counted without a fault)."""
    with guard(history.path):
        row = history.db.execute(
            "SELECT count(*), total(counted), total(counted AND id NOT IN (SELECT rep FROM faults)) FROM reps"
        ).fetchone()
    return dict(zip(("reps", "counted", "clean"), map(int, row), strict=True))


def sets(history: History, *, session: int | None = None, exercise: str | None = None) -> list[SetRecord]:
    """Return the sets that have a repetition, oldest first, with all that was recorded of them."""
    return list(_sets(history, sessions(history, number=session)[::-1], session, exercise))


def _sets(
    history: History, known: Sequence[SessionRecord], session: int | None, exercise: str | None
) -> Iterator[SetRecord]:
    where, values = [], []
    for column, value in (("session", session), ("exercise", exercise)):
        if value is not None:
            where.append(f"sets.{column} = ?")
            values.append(value)
    only = f"WHERE {' AND '.join(where)}" if where else ""
    with guard(history.path):
        # One look at all three tables, so that a writer cannot come between.
        db = history.db
        db.execute("BEGIN")
        try:
            set_rows = db.execute(f"SELECT * FROM sets {only} ORDER BY id", values).fetchall()  # noqa: S608
            of_sets = f'FROM reps JOIN sets ON sets.id = reps."set" {only}'
            rep_rows = db.execute(f"SELECT reps.* {of_sets} ORDER BY reps.id", values).fetchall()
            fault_rows = db.execute(
                f"SELECT faults.* FROM faults WHERE rep IN (SELECT reps.id {of_sets}) ORDER BY id",  # noqa: S608
                values,
            ).fetchall()
        finally:
            db.execute("COMMIT")
    faults: dict[int, list[FaultSpan]] = {}
    for f in fault_rows:
        faults.setdefault(f["rep"], []).append(
            FaultSpan(f["fault"], f["from_s"], f["to_s"], f["worst"], f["limit"], f["unit"], f["severity"])
        )
    reps: dict[int, list[Rep]] = {}
    for r in rep_rows:
        reps.setdefault(r["set"], []).append(_rep(r, tuple(faults.get(r["id"], ()))))
    by_session: dict[int, list[Any]] = {}
    place: dict[int, int] = {}
    for row in set_rows:
        place[row["session"]] = place.get(row["session"], 0) + 1
        by_session.setdefault(row["session"], []).append((place[row["session"]], row))
    for s in known:
        for number, row in by_session.get(s.number, ()):
            done = tuple(reps.get(row["id"], ()))
            if done:
                scores = [r.score for r in done if r.score is not None]
                mean = sum(scores) / len(scores) if scores else None
                yield SetRecord(
                    session=s,
                    number=number,
                    exercise=row["exercise"],
                    target=row["target"],
                    sides=tuple(row["side_order"].split(",")) if row["side_order"] else (),
                    score=row["score"] if row["score"] is not None else mean,
                    reps=done,
                )


def _session(r: sqlite3.Row) -> SessionRecord:
    place = timezone(timedelta(seconds=r["utc_offset_s"]))
    started = datetime.fromisoformat(r["started_at"]).astimezone(place)
    ended = datetime.fromisoformat(r["ended_at"] or r["last"] or r["started_at"]).astimezone(place)
    return SessionRecord(
        number=r["id"],
        started=started,
        ended=max(started, ended),
        kind=r["kind"],
        routine=r["routine"],
        source=r["source"],
        note=r["note"],
        formcheck=r["formcheck"],
        exercises=tuple(dict.fromkeys(r["done"].split(","))),
        reps=r["reps"],
        counted=r["counted"],
        clean=r["clean"],
        score=r["score"],
        finished=r["ended_at"] is not None,
    )


def _rep(r: sqlite3.Row, faults: tuple[FaultSpan, ...]) -> Rep:
    return Rep(
        index=r["number"],
        side=r["side"],
        start_s=r["start_s"],
        peak_s=r["peak_s"],
        end_s=r["end_s"],
        hold_s=r["hold_s"] or 0.0,
        counted=bool(r["counted"]),
        why=r["why"],
        faults=faults,
        measures=json.loads(r["measures"]),
        score=r["score"],
        block=r["block"],
    )
