"""What the history tells: sessions, their sets, repetitions and faults as plain records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from typing import Any

from formcheck.judging.rules.records import FaultSpan, Rep

from .cells import Cells
from .store import History, guard, recording_of

DAY_S = 24 * 3600


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
    SELECT sets.session AS id, count(*) AS reps, sum(counted = 1) AS counted,
           sum(counted = 1 AND NOT EXISTS (SELECT 1 FROM faults WHERE rep = reps.id)) AS clean,
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
    return [_session(Cells(r, history.path, r["id"])) for r in rows]


def session_of(history: History, report: Mapping[str, Any]) -> int | None:
    """Return the number of the session that a report was added as; None where it was not added."""
    with guard(history.path):
        row = history.db.execute("SELECT id FROM sessions WHERE recording = ?", (recording_of(report),)).fetchone()
    return row["id"] if row is not None else None


def days(history: History) -> dict[date, int]:
    """Return the local days with a session, and how many sessions each had."""
    with guard(history.path):
        rows = history.db.execute(
            "SELECT date(started_at, utc_offset_s || ' seconds') AS day, count(*) AS n, min(id) AS id FROM sessions s"
            ' WHERE EXISTS (SELECT 1 FROM sets JOIN reps ON reps."set" = sets.id WHERE sets.session = s.id)'
            " GROUP BY day ORDER BY day"
        ).fetchall()
    found = {}
    for r in rows:
        cells = Cells(r, history.path, r["id"])
        found[cells.moment("day").date()] = cells.whole("n")
    return found


def totals(history: History) -> dict[str, int]:
    """Return all repetitions: ``reps`` (attempts), ``counted``, and ``clean`` (counted without a fault)."""
    with guard(history.path):
        row = history.db.execute(
            "SELECT count(*) AS reps, sum(counted = 1) AS counted,"
            " sum(counted = 1 AND id NOT IN (SELECT rep FROM faults WHERE rep IS NOT NULL)) AS clean FROM reps"
        ).fetchone()
    return {name: int(row[name] or 0) for name in ("reps", "counted", "clean")}


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
            rep_rows = db.execute(f"SELECT reps.*, sets.session {of_sets} ORDER BY reps.id", values).fetchall()
            fault_rows = db.execute(
                f"SELECT faults.*, sets.session FROM faults JOIN reps ON reps.id = faults.rep"  # noqa: S608
                f' JOIN sets ON sets.id = reps."set" {only} ORDER BY faults.id',
                values,
            ).fetchall()
        finally:
            db.execute("COMMIT")
    faults: dict[int, list[FaultSpan]] = {}
    for f in fault_rows:
        faults.setdefault(f["rep"], []).append(_fault(Cells(f, history.path, f["session"])))
    reps: dict[int, list[Rep]] = {}
    for r in rep_rows:
        cells = Cells(r, history.path, r["session"])
        reps.setdefault(r["set"], []).append(_rep(cells, tuple(faults.get(r["id"], ()))))
    by_session: dict[int, list[Any]] = {}
    place: dict[int, int] = {}
    for row in set_rows:
        place[row["session"]] = place.get(row["session"], 0) + 1
        by_session.setdefault(row["session"], []).append((place[row["session"]], row))
    for s in known:
        for number, row in by_session.get(s.number, ()):
            done = tuple(reps.get(row["id"], ()))
            if done:
                cells = Cells(row, history.path, s.number)
                sides, score = cells.text_or_none("side_order"), cells.number_or_none("score")
                scores = [r.score for r in done if r.score is not None]
                mean = sum(scores) / len(scores) if scores else None
                yield SetRecord(
                    session=s,
                    number=number,
                    exercise=cells.text("exercise"),
                    target=cells.whole_or_none("target"),
                    sides=tuple(sides.split(",")) if sides else (),
                    score=score if score is not None else mean,
                    reps=done,
                )


def _session(c: Cells) -> SessionRecord:
    ahead = c.value("utc_offset_s")
    if not isinstance(ahead, int) or abs(ahead) >= DAY_S:
        raise c.bad("utc_offset_s", ahead)
    place = timezone(timedelta(seconds=ahead))
    started = c.moment("started_at").astimezone(place)
    ended = c.moment("ended_at", "last", "started_at").astimezone(place)
    return SessionRecord(
        number=c.value("id"),
        started=started,
        ended=max(started, ended),
        kind=c.text("kind"),
        routine=c.text_or_none("routine"),
        source=c.text_or_none("source"),
        note=c.text_or_none("note"),
        formcheck=c.text("formcheck"),
        exercises=tuple(dict.fromkeys(c.text("done").split(","))),
        reps=c.whole("reps"),
        counted=c.whole("counted"),
        clean=c.whole("clean"),
        score=c.number_or_none("score"),
        finished=c.value("ended_at") is not None,
    )


def _rep(c: Cells, faults: tuple[FaultSpan, ...]) -> Rep:
    counted = c.value("counted")
    if counted not in {0, 1}:
        raise c.bad("counted", counted)
    return Rep(
        index=c.whole("number"),
        side=c.text_or_none("side"),
        start_s=c.number("start_s"),
        peak_s=c.number("peak_s"),
        end_s=c.number("end_s"),
        hold_s=c.number_or_none("hold_s") or 0.0,
        counted=bool(counted),
        why=c.text_or_none("why"),
        faults=faults,
        measures=c.measures("measures"),
        score=c.number_or_none("score"),
        block=c.text_or_none("block"),
    )


def _fault(c: Cells) -> FaultSpan:
    return FaultSpan(
        c.text("fault"),
        c.number("from_s"),
        c.number("to_s"),
        c.number_or_none("worst"),
        c.number_or_none("limit"),
        c.text("unit"),
        c.text("severity"),
    )
