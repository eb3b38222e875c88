"""Older files become those of today; newer ones stay as they are."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from formcheck.coaching.history import History
from formcheck.coaching.history.queries import sessions, sets
from formcheck.coaching.history.schema import APPLICATION_ID, STEPS, VERSION, bring_up, moment, offset_s, version_of
from formcheck.coaching.history.store import look_at
from formcheck.errors import UsageError

#: A file as the first version of the schema made it, kept here as text: the code may change, this may not.
FIRST = f"""
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = 1;
CREATE TABLE sessions (id INTEGER PRIMARY KEY, started_at TEXT NOT NULL, ended_at TEXT, kind TEXT NOT NULL, source TEXT,
    formcheck TEXT NOT NULL);
CREATE TABLE sets (id INTEGER PRIMARY KEY, session INTEGER NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    exercise TEXT NOT NULL, started_at TEXT NOT NULL, ended_at TEXT, target INTEGER, score REAL);
CREATE TABLE reps (id INTEGER PRIMARY KEY, "set" INTEGER NOT NULL REFERENCES sets (id) ON DELETE CASCADE,
    number INTEGER NOT NULL, side TEXT, start_s REAL NOT NULL, peak_s REAL NOT NULL, end_s REAL NOT NULL,
    hold_s REAL, counted INTEGER NOT NULL, why TEXT, score REAL, measures TEXT NOT NULL DEFAULT '{{}}');
CREATE TABLE faults (id INTEGER PRIMARY KEY, rep INTEGER NOT NULL REFERENCES reps (id) ON DELETE CASCADE,
    fault TEXT NOT NULL, severity TEXT NOT NULL, worst REAL, "limit" REAL, unit TEXT NOT NULL,
    from_s REAL NOT NULL, to_s REAL NOT NULL);
INSERT INTO sessions VALUES (1, '2026-01-15T22:30:00Z', '2026-01-15T22:50:00Z', 'live', NULL, '0.1.0');
INSERT INTO sessions VALUES (2, '2026-07-15T22:30:00Z', NULL, 'live', '0', '0.1.0');
INSERT INTO sets VALUES (1, 1, 'plane', '2026-01-15T22:31:00Z', '2026-01-15T22:40:00Z', 6, 82.0);
INSERT INTO sets VALUES (2, 2, 'swan', '2026-07-15T22:31:00Z', NULL, 5, NULL);
INSERT INTO reps VALUES (1, 1, 1, 'left', 3.0, 8.0, 14.0, 10.3, 1, NULL, 82.0, '{{"leg_level": -6.0}}');
INSERT INTO reps VALUES (2, 2, 1, NULL, 3.0, 8.0, 14.0, 2.3, 1, NULL, NULL, '{{}}');
INSERT INTO faults VALUES (1, 1, 'hip-sag', 'major', 0.09, 0.06, 'fraction', 5.0, 7.0);
"""


@pytest.fixture
def old(path):
    path.parent.mkdir()
    db = sqlite3.connect(path)
    db.executescript(FIRST)
    db.close()
    return path


@pytest.fixture
def in_warsaw(monkeypatch):
    if not hasattr(time, "tzset"):
        pytest.skip("the time zone of a process cannot be set here")
    monkeypatch.setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def test_a_file_of_the_first_version_comes_over_whole(old):
    with History.open(old) as h:
        assert h.db.execute("PRAGMA user_version").fetchone()[0] == VERSION
        first, second = sets(h)
        assert first.reps[0].faults[0].id == "hip-sag" and first.reps[0].measures == {"leg_level": -6.0}
        assert (first.score, first.target, second.exercise, second.session.finished) == (82.0, 6, "swan", False)
        h.remember("plan", "twice")
        log = h.begin_session()
        log.begin_set("plane", 6)
        log.close()


def test_the_offset_of_old_sessions_is_that_of_this_place_at_that_time(old, in_warsaw):
    with History.open(old) as h:
        summer, winter = sessions(h)
    # Half past ten in the evening in Greenwich: the same day in winter, the next one in summer.
    assert (winter.started.hour, winter.started.utcoffset()) == (23, timedelta(hours=1))
    assert (summer.day.isoformat(), summer.started.utcoffset()) == ("2026-07-16", timedelta(hours=2))


def test_the_file_as_it_was_is_kept_beside_it(old):
    History.open(old).close()
    kept = sqlite3.connect(old.with_name("history-v1.sqlite"))
    assert kept.execute("PRAGMA user_version").fetchone()[0] == 1
    assert kept.execute("SELECT count(*) FROM reps").fetchone()[0] == 2
    kept.close()


def test_deleting_a_session_takes_the_kept_copy_with_it(old):
    with History.open(old) as h:
        h.delete([1])
        assert [s.number for s in sessions(h)] == [2]
    assert not old.with_name("history-v1.sqlite").exists()


def test_a_migration_that_fails_changes_nothing(old, monkeypatch):
    def half_way(db):
        db.execute("ALTER TABLE sessions ADD COLUMN routine TEXT")
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setitem(STEPS, 2, half_way)
    with pytest.raises(UsageError, match="no space left"):
        History.open(old)
    monkeypatch.undo()
    db = sqlite3.connect(old)
    assert db.execute("PRAGMA user_version").fetchone()[0] == 1
    assert "routine" not in [c[1] for c in db.execute("PRAGMA table_info(sessions)")]
    db.close()
    with History.open(old) as h:
        assert len(sessions(h)) == 2


def test_looking_at_an_old_file_leaves_it_old(old):
    before = old.read_bytes()
    assert look_at(old) == 2
    assert old.read_bytes() == before


def test_a_migrated_file_has_the_tables_of_a_new_one(old, tmp_path):
    def tables(h):
        out = {}
        for (name,) in h.db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            out[name] = sorted(tuple(c)[1:3] for c in h.db.execute(f"PRAGMA table_info('{name}')"))
        return out

    with History.open(old) as migrated, History.open(tmp_path / "new.sqlite") as new:
        assert tables(migrated) == tables(new)


def test_a_newer_file_is_refused_untouched(history):
    history.db.execute(f"PRAGMA user_version = {VERSION + 1}")
    history.close()
    before = history.path.read_bytes()
    with pytest.raises(UsageError, match=f"newer formcheck .schema {VERSION + 1}.*update formcheck"):
        History.open(history.path)
    assert history.path.read_bytes() == before


def test_moments_are_stored_in_utc_with_the_offset_beside_them():
    t = datetime.fromisoformat("2026-03-29T03:30:00+02:00")
    assert (moment(t), offset_s(t)) == ("2026-03-29T01:30:00.000Z", 7200)
    assert offset_s(datetime(2026, 3, 29, tzinfo=UTC)) == 0
    with pytest.raises(ValueError, match="time zone"):
        offset_s(datetime(2026, 3, 29))  # noqa: DTZ001


class Meddled(sqlite3.Connection):
    """A connection in the middle of whose look at a file another program makes its tables, as far as it may."""

    def execute(self, statement, *values):
        found = super().execute(statement, *values)
        if statement != "PRAGMA application_id":
            return found
        (owner,) = found.fetchone()
        (path,) = (row[2] for row in super().execute("PRAGMA database_list").fetchall())
        other = sqlite3.connect(path, timeout=0.05, isolation_level=None)
        with closing(other), suppress(sqlite3.OperationalError):
            bring_up(other, Path(path))
        return super().execute(f"SELECT {owner}")


@pytest.mark.parametrize("mode", ["DELETE", "WAL"])
def test_a_file_that_another_program_is_making_is_no_stranger(tmp_path, mode):
    path = tmp_path / "history.sqlite"
    with closing(sqlite3.connect(path, isolation_level=None, factory=Meddled)) as db:
        db.execute(f"PRAGMA journal_mode = {mode}")
        assert version_of(db, path) in (0, VERSION) and not db.in_transaction
        bring_up(db, path)
        assert version_of(db, path) == VERSION
