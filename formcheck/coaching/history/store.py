"""The history's file: opening it, and writing sessions to it as they happen.

Threads and programs
    A :class:`History` may be used from any thread: each has a connection of its own. A :class:`SessionLog` is written
    to by one thread (in ``live`` the judge's); only :meth:`SessionLog.close` may come from another. Any number of
    programs may have the file open; a writer waits for another up to :data:`BUSY_S`.

What survives
    Every repetition is committed before :meth:`SessionLog.add_rep` returns. A program that is killed loses the
    repetition under way; its session then counts as ended at the last one recorded.
"""

from __future__ import annotations

import json
import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from formcheck.closing import Closing
from formcheck.errors import InputError, UsageError
from formcheck.files import expanded
from formcheck.judging.rules.records import FaultSpan, Rep
from formcheck.rounding import sig3
from formcheck.version import __version__

from .cells import Cells
from .schema import bring_up, moment, offset_s, version_of
from .written import note_report

DATA_VARIABLE = "FORMCHECK_DATA"
FILE = "history.sqlite"
#: Seconds a writer waits for another program.
BUSY_S = 5.0

Kind = Literal["live", "analyze"]


def history_path() -> Path:
    """Return where the history lies: in ``FORMCHECK_DATA`` or the user's data folder."""
    import platformdirs

    own = os.environ.get(DATA_VARIABLE)
    folder = expanded(own) if own else platformdirs.user_data_path("formcheck", appauthor=False)
    return folder / FILE


@contextmanager
def guard(path: Path) -> Iterator[None]:
    """Turn what SQLite says into one line with what to do."""
    try:
        yield
    except sqlite3.OperationalError as e:
        text = str(e)
        if "locked" in text or "busy" in text:
            raise UsageError(f"the history {path} is in use by another program", "try again in a moment") from e
        if "readonly" in text or "unable to open" in text:
            hint = f"make it writable, or name another folder in {DATA_VARIABLE}"
            raise UsageError(f"the history {path} cannot be opened or written ({text})", hint) from e
        if "full" in text:
            raise UsageError(f"the history {path} cannot be written", "no space left on the disk; free some") from e
        raise _damaged(path, text) from e
    except (sqlite3.Error, UnicodeDecodeError) as e:  # the words of SQLite may be damaged, too
        raise _damaged(path, str(e)) from e


def _damaged(path: Path, text: str) -> InputError:
    return InputError(
        f"the history {path} is damaged ({text})",
        "nothing was changed; move the file away to begin a new history, or put a copy of it back",
    )


def recording_of(report: Mapping[str, Any]) -> str:
    """Return what tells a report's recording from another, so that judging it again does not count twice."""
    source = report["source"]
    return json.dumps([os.path.realpath(source["path"]), source.get("duration_s"), report["exercise"]])


def look_at(path: Path) -> int:
    """Read a whole history without changing it, not even to bring it up to date.

    Returns
    -------
    int
        Sessions in it.

    Raises
    ------
    InputError, UsageError
        As :meth:`History.open`.
    """
    with guard(path):
        db = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=BUSY_S)
        try:
            version = version_of(db, path)
            found = [str(r[0]) for r in db.execute("PRAGMA quick_check(1)").fetchall()]
            if found != ["ok"]:
                raise _damaged(path, " ".join(found))
            return int(db.execute("SELECT count(*) FROM sessions").fetchone()[0]) if version else 0
        finally:
            db.close()


class History(Closing):
    """Sessions, sets, repetitions and faults in one SQLite file. See the module for threads and programs.

    Examples
    --------
    ::

        with History.open() as history:
            log = history.begin_session("live", routine="ball")
            log.begin_set("plane", target=6)
            log.add_rep(rep)          # on disk when it returns
            log.close()
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._own = threading.local()
        self._all: list[sqlite3.Connection] = []
        self._lock = threading.Lock()

    @classmethod
    def open(cls, path: str | os.PathLike[str] | None = None) -> History:
        """Open the history, making it where there is none and bringing an older one up to date.

        Parameters
        ----------
        path : path-like, optional
            Default: :func:`history_path`.

        Raises
        ------
        InputError
            If the file is damaged or belongs to another program; it is left as it is.
        UsageError
            If a newer formcheck made it, or it cannot be opened or written.
        """
        where = expanded(path) if path is not None else history_path()
        try:
            where.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            # How somebody exercises is nobody else's business.
            os.close(os.open(where, os.O_RDWR | os.O_CREAT, 0o600))
        except OSError as e:
            why = (e.strerror or str(e)).lower()
            hint = f"make it writable, or name another folder in {DATA_VARIABLE}"
            raise UsageError(f"the history {where} cannot be opened or written ({why})", hint) from e
        history = cls(where)
        try:
            with guard(where):
                bring_up(history.db, where)
        except BaseException:
            history.close()
            raise
        return history

    @property
    def db(self) -> sqlite3.Connection:
        """The connection of the thread that asks."""
        db: sqlite3.Connection | None = getattr(self._own, "db", None)
        if db is None:
            db = sqlite3.connect(self.path, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
            with self._lock:
                self._all.append(db)
            db.row_factory = sqlite3.Row
            db.execute("PRAGMA foreign_keys = ON")
            db.execute("PRAGMA secure_delete = ON")
            self._own.db = db
            # Before anything is written: a file that is not ours stays as it is.
            if db.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
                bring_up(db, self.path)
                # Two programs that start at once may both try; without WAL everything works too, only in turn.
                with suppress(sqlite3.OperationalError):
                    db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = NORMAL")
        return db

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Write in one step: what the block does is kept whole when it ends well, and not at all when it raises."""
        with guard(self.path):
            db = self.db
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
                db.execute("COMMIT")
            except BaseException:
                if db.in_transaction:
                    db.execute("ROLLBACK")
                raise

    def begin_session(
        self,
        kind: Kind = "live",
        *,
        routine: str | None = None,
        source: str | None = None,
        note: str | None = None,
        started: datetime | None = None,
    ) -> SessionLog:
        """Begin a session.

        Parameters
        ----------
        kind : {"live", "analyze"}
        routine : str, optional
            Name of the routine or plan.
        source : str, optional
            Camera or file.
        note : str, optional
        started : datetime, optional
            An aware moment; default now, with the local offset.
        """
        began = started if started is not None else datetime.now(UTC).astimezone()
        with self.writing() as db:
            number = _insert_session(db, kind, began, routine, source, note)
        return SessionLog(self, number)

    def add_report(
        self, report: Mapping[str, Any], *, started: datetime | None = None, file: Path | None = None
    ) -> int | None:
        """Record a report (``formcheck.report/1``) as a session of one set.

        A recording counts once: the same file judged again replaces what was recorded of it, at its old date.

        Parameters
        ----------
        report : mapping
        started : datetime, optional
            When the exercise was done (an aware moment); default when the report was made.
        file : path, optional
            Where the report was written.

        Returns
        -------
        int or None
            Number of the session; None where the report has no repetition, and nothing is recorded.
        """
        if not report["reps"]:
            return None
        source = report["source"]
        began = started or datetime.fromisoformat(report["created"]).astimezone()
        length = max(float(source.get("duration_s") or 0.0), *(float(r["end_s"]) for r in report["reps"]))
        ended = began + timedelta(seconds=length)
        recording = recording_of(report)
        severity = {f["id"]: f["severity"] for f in report["faults"]}
        with self.writing() as db:
            old = db.execute(
                "SELECT id, started_at, ended_at, utc_offset_s FROM sessions WHERE recording = ?", (recording,)
            ).fetchone()
            said = None
            if old is not None:
                said = db.execute("SELECT changed_at, review FROM reviews WHERE session = ?", (old["id"],)).fetchone()
                db.execute("DELETE FROM sessions WHERE id = ?", (old["id"],))
            number = _insert_session(db, "analyze", began, None, str(source["path"]), None, recording)
            if old is not None and started is None:
                db.execute(
                    "UPDATE sessions SET started_at = ?, utc_offset_s = ? WHERE id = ?",
                    (old["started_at"], old["utc_offset_s"], number),
                )
                ended = Cells(old, self.path, old["id"]).moment("started_at") + timedelta(seconds=length)
            db.execute("UPDATE sessions SET ended_at = ? WHERE id = ?", (moment(ended), number))
            if said is not None:  # what was said of it before stays
                db.execute("INSERT INTO reviews VALUES (?, ?, ?)", (number, said["changed_at"], said["review"]))
            if file is not None:
                note_report(db, number, file)
            into = _insert_set(db, number, report["exercise"], began, None, ())
            for r in report["reps"]:
                _insert_rep(db, into, _rep(r, severity), None)
            db.execute(
                "UPDATE sets SET ended_at = ?, score = ? WHERE id = ?", (moment(ended), sig3(report["score"]), into)
            )
        return number

    def setting(self, name: str, default: str | None = None) -> str | None:
        """Return a remembered setting."""
        with guard(self.path):
            row = self.db.execute("SELECT value FROM settings WHERE name = ?", (name,)).fetchone()
        return row["value"] if row is not None else default

    def remember(self, name: str, value: str) -> None:
        """Remember a setting."""
        with self.writing() as db:
            db.execute(
                "INSERT INTO settings VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                (name, value),
            )

    def numbers(self, *, before: date | None = None) -> list[int]:
        """Return the numbers of all sessions, or of those on days before a date, oldest first."""
        where = "" if before is None else "WHERE date(started_at, utc_offset_s || ' seconds') < ?"
        with guard(self.path):
            rows = self.db.execute(
                f"SELECT id FROM sessions {where} ORDER BY started_at, id",  # noqa: S608
                () if before is None else (before.isoformat(),),
            ).fetchall()
        return [int(r["id"]) for r in rows]

    def delete(self, numbers: Sequence[int]) -> int:
        """Delete sessions with all that belongs to them, overwriting it on disk; return how many there were.

        Copies that were kept when an older file was brought up to date hold the same sessions, and go too.
        """
        with self.writing() as db:
            gone = sum(db.execute("DELETE FROM sessions WHERE id = ?", (n,)).rowcount for n in numbers)
        with guard(self.path), suppress(sqlite3.OperationalError):
            self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        for copy in self.path.parent.glob(f"{self.path.stem}-v*{self.path.suffix}"):
            copy.unlink(missing_ok=True)
        return gone

    def close(self) -> None:
        """Close the file, in all threads."""
        with self._lock:
            for db in self._all:
                db.close()
            self._all.clear()
        self._own = threading.local()


class SessionLog(Closing):
    """A session being written. Made by :meth:`History.begin_session`."""

    def __init__(self, history: History, number: int) -> None:
        #: Number of the session.
        self.number = number
        self._history = history
        self._set: int | None = None
        self._closed = False
        self._lock = threading.Lock()

    def begin_set(self, exercise: str, target: int | None = None, *, sides: Iterable[str] = ()) -> None:
        """Begin a set, ending the one before.

        Parameters
        ----------
        exercise : str
            Id.
        target : int, optional
            Repetitions asked for.
        sides : iterable of str
            The sides in the order they are to be done.
        """
        with self._lock, self._history.writing() as db:
            self._end_set(db, None)
            self._set = _insert_set(db, self.number, exercise, datetime.now(UTC), target, sides)

    def add_rep(self, rep: Rep) -> None:
        """Record a repetition; it is on disk when this returns. Its number is the next one of the set."""
        with self._lock:
            if self._set is None:
                raise ValueError("expected a set under way, got a repetition without one")
            with self._history.writing() as db:
                _insert_rep(db, self._set, rep, datetime.now(UTC))

    def end_set(self, score: float | None = None) -> None:
        """End the set; without a score it gets the mean of its repetitions'."""
        with self._lock, self._history.writing() as db:
            self._end_set(db, score)

    def _end_set(self, db: sqlite3.Connection, score: float | None) -> None:
        if self._set is None:
            return
        mean = db.execute('SELECT avg(score) FROM reps WHERE "set" = ?', (self._set,)).fetchone()[0]
        db.execute(
            "UPDATE sets SET ended_at = ?, score = ? WHERE id = ?",
            (moment(datetime.now(UTC)), sig3(mean if score is None else score), self._set),
        )
        self._set = None

    def note_report(self, file: Path) -> None:
        """Note where a report of the session was written."""
        with self._lock, self._history.writing() as db:
            note_report(db, self.number, file)

    def close(self) -> None:
        """End the session. One without any repetition leaves no trace. A second call does nothing."""
        with self._lock:
            if self._closed:
                return
            with self._history.writing() as db:
                self._end_set(db, None)
                seen = db.execute(
                    'SELECT 1 FROM reps JOIN sets ON sets.id = reps."set" WHERE sets.session = ? LIMIT 1',
                    (self.number,),
                ).fetchone()
                if seen is None:
                    db.execute("DELETE FROM sessions WHERE id = ?", (self.number,))
                else:
                    db.execute(
                        "UPDATE sessions SET ended_at = ? WHERE id = ?", (moment(datetime.now(UTC)), self.number)
                    )
            self._closed = True


def _insert_session(
    db: sqlite3.Connection,
    kind: Kind,
    began: datetime,
    routine: str | None,
    source: str | None,
    note: str | None,
    recording: str | None = None,
) -> int:
    # The bytes of an odd file name are no text that can be stored.
    known = source.encode("utf-8", "surrogatepass").decode("utf-8", "replace") if source is not None else None
    row = db.execute(
        "INSERT INTO sessions (started_at, utc_offset_s, kind, routine, source, formcheck, note, recording)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (moment(began), offset_s(began), kind, routine, known, __version__, note, recording),
    )
    assert row.lastrowid is not None
    return row.lastrowid


def _insert_set(
    db: sqlite3.Connection, session: int, exercise: str, began: datetime, target: int | None, sides: Iterable[str]
) -> int:
    row = db.execute(
        "INSERT INTO sets (session, exercise, started_at, target, side_order) VALUES (?, ?, ?, ?, ?)",
        (session, exercise, moment(began), target, ",".join(sides) or None),
    )
    assert row.lastrowid is not None
    return row.lastrowid


def _insert_rep(db: sqlite3.Connection, into: int, r: Rep, recorded: datetime | None) -> None:
    measures = json.dumps({name: sig3(x) for name, x in r.measures.items()}, allow_nan=False)
    row = db.execute(
        'INSERT INTO reps ("set", number, side, block, start_s, peak_s, end_s, hold_s, counted, why, score, measures,'
        " recorded_at) VALUES"
        ' (?, (SELECT count(*) + 1 FROM reps WHERE "set" = ?), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
        (
            *(into, into, r.side, r.block, *(round(float(t), 2) for t in (r.start_s, r.peak_s, r.end_s))),
            *(sig3(r.hold_s), int(r.counted), r.why, sig3(r.score), measures),
            moment(recorded) if recorded is not None else None,
        ),
    )
    db.executemany(
        'INSERT INTO faults (rep, fault, severity, worst, "limit", unit, from_s, to_s) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
        [
            (
                *(row.lastrowid, f.id, f.severity, sig3(f.worst), sig3(f.limit), f.unit),
                *(round(float(t), 2) for t in (f.from_s, f.to_s)),
            )
            for f in r.faults
        ],
    )


def _rep(r: Mapping[str, Any], severity: Mapping[str, str]) -> Rep:
    """Return a report's repetition as a record."""
    faults = tuple(
        FaultSpan(f["id"], f["from_s"], f["to_s"], f["worst"], f["limit"], f["unit"], severity.get(f["id"], "moderate"))
        for f in r["faults"]
    )
    return Rep(
        index=r["index"],
        side=r["side"],
        start_s=r["start_s"],
        peak_s=r["peak_s"],
        end_s=r["end_s"],
        hold_s=r["hold_s"] or 0.0,
        counted=r["counted"],
        why=r["why"],
        faults=faults,
        measures=dict(r["measures"]),
        score=r["score"],
        block=r.get("block"),
    )
