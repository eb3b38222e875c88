"""What is recorded is there, whatever happens, and what is damaged is left alone."""

from __future__ import annotations

import sqlite3
import stat
import threading
from datetime import UTC, datetime, timedelta

import pytest

from formcheck.coaching.history import History, history_path
from formcheck.coaching.history.queries import sessions, sets
from formcheck.coaching.history.store import look_at
from formcheck.coaching.history.written import reports_of
from formcheck.errors import FormcheckError, InputError, UsageError

from .seed import PLACE, fault, put, rep

pytestmark = pytest.mark.smoke

AT = datetime(2026, 3, 9, 18, 30, tzinfo=PLACE)


def test_a_session_comes_back_as_it_was_recorded(history):
    log = history.begin_session("live", routine="ball", source="camera 0", note="after a run", started=AT)
    log.begin_set("plane", target=6, sides=("right", "left"))
    first = rep(1, faults=(fault(),), measures={"leg_level": -4.5, "pair": 1.0, "elbow": None})
    second = rep(2, side="left", counted=False, why="held 4 s of 10 s", score=None, block=None)
    log.add_rep(first)
    log.add_rep(second)
    log.end_set(score=77.0)
    log.close()

    (s,) = sets(history)
    assert s.reps == (first, second)
    assert (s.exercise, s.target, s.sides, s.score, s.number) == ("plane", 6, ("right", "left"), 77.0, 1)
    assert s.session.started == AT and s.session.started.utcoffset() == timedelta(hours=1)
    assert (s.session.kind, s.session.routine, s.session.source) == ("live", "ball", "camera 0")
    assert (s.session.reps, s.session.counted, s.session.clean, s.session.finished) == (2, 1, 0, True)
    assert s.session.note == "after a run"


def test_a_set_without_a_score_gets_the_mean_of_its_repetitions(history):
    put(history, AT, [("plane", [rep(1, score=80.0), rep(2, score=None), rep(3, score=90.0)])])
    assert sets(history)[0].score == 85.0


def test_the_next_set_ends_the_one_before(history):
    log = history.begin_session(started=AT)
    for name in ("plane", "swan"):
        log.begin_set(name, 1)
        log.add_rep(rep())
    log.close()
    ended = [r[0] for r in history.db.execute("SELECT ended_at FROM sets")]
    assert len(ended) == 2 and all(ended)


def test_repetitions_of_a_set_are_numbered_on_where_a_judge_begins_again(history):
    put(history, AT, [("plane", [rep(1), rep(2), rep(1)])])
    assert [r.index for r in sets(history)[0].reps] == [1, 2, 3]


def test_what_could_not_be_measured_is_unknown_not_zero(history):
    nan = float("nan")
    put(history, AT, [("plane", [rep(1, measures={"leg_level": nan}, score=nan, faults=(fault(worst=nan),))])])
    r = sets(history)[0].reps[0]
    assert r.measures == {"leg_level": None} and r.score is None and r.faults[0].worst is None


def test_numbers_have_three_digits_and_times_hundredths(history):
    put(history, AT, [("plane", [rep(1, start_s=612.3456, measures={"sway_rms": 0.0123456})])])
    r = sets(history)[0].reps[0]
    assert (r.start_s, r.measures["sway_rms"]) == (612.35, 0.0123)


def test_a_session_in_which_nothing_happened_leaves_no_trace(history):
    log = history.begin_session()
    log.begin_set("plane", 6)
    log.close()
    log.close()
    assert sessions(history) == []
    assert history.db.execute("SELECT count(*) FROM sets").fetchone()[0] == 0


def test_a_repetition_needs_a_set(history):
    log = history.begin_session()
    with pytest.raises(ValueError, match="set under way"):
        log.add_rep(rep())


def test_each_repetition_is_there_for_another_reader_at_once(history):
    log = history.begin_session()
    log.begin_set("plane", 6)
    with History.open() as other:
        for n in (1, 2, 3):
            log.add_rep(rep(n))
            assert len(sets(other)[0].reps) == n
        assert not sessions(other)[0].finished


def test_an_unfinished_session_ends_with_its_last_repetition(history):
    log = history.begin_session(started=AT)
    log.begin_set("plane", 6)
    log.add_rep(rep(1))
    log.add_rep(rep(2))
    history.db.execute("UPDATE reps SET recorded_at = '2026-03-09T17:41:00.000Z' WHERE number = 2")
    history.db.execute("UPDATE reps SET recorded_at = '2026-03-09T17:40:00.000Z' WHERE number = 1")
    (s,) = sessions(history)
    assert s.ended == datetime(2026, 3, 9, 18, 41, tzinfo=PLACE) and not s.finished


def test_threads_have_connections_of_their_own_and_another_one_may_close(history):
    log = history.begin_session()
    made = []

    def judge():
        log.begin_set("plane", 6)
        log.add_rep(rep())
        made.append(history.db)

    thread = threading.Thread(target=judge)
    thread.start()
    thread.join()
    log.close()
    assert made[0] is not history.db
    assert sessions(history)[0].finished


def test_only_the_owner_may_read_the_file(history):
    assert stat.S_IMODE(history.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(history.path.parent.stat().st_mode) == 0o700


def test_the_history_lies_where_the_variable_says(monkeypatch, tmp_path):
    monkeypatch.setenv("FORMCHECK_DATA", str(tmp_path / "x"))
    assert history_path() == tmp_path / "x" / "history.sqlite"
    monkeypatch.delenv("FORMCHECK_DATA")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    assert history_path().name == "history.sqlite" and "formcheck" in history_path().parts


def test_settings_are_remembered(history):
    assert history.setting("plan") is None and history.setting("plan", "twice") == "twice"
    history.remember("plan", "twice")
    history.remember("plan", "every-other-day")
    with History.open() as again:
        assert again.setting("plan") == "every-other-day"


def test_deleting_takes_all_that_belongs_to_a_session_off_the_disk(history):
    log = history.begin_session(source="camera of Wilhelmina", started=AT)
    log.begin_set("plane", 1)
    log.add_rep(rep(faults=(fault(),), why="Wilhelmina fell"))
    log.close()
    kept = put(history, AT + timedelta(days=1), [("swan", [rep()])])
    assert history.delete([log.number]) == 1
    assert [s.number for s in sessions(history)] == [kept]
    assert [history.db.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in ("sets", "reps", "faults")] == [
        1,
        1,
        0,
    ]
    history.close()
    left = b"".join(p.read_bytes() for p in history.path.parent.iterdir())
    assert b"Wilhelmina" not in left


# ---- reports ------------------------------------------------------------------------------
def report(**changes):
    r = {
        "created": "2026-03-09T17:30:00+00:00",
        "source": {"path": "clips/me.mp4", "duration_s": 60.0},
        "exercise": "plane",
        "reps": [
            {"index": 1, "side": "left", "start_s": 1.0, "peak_s": 4.0, "end_s": 8.0, "hold_s": 10.2, "counted": True,
             "verdict": "fault", "why": None, "measures": {"leg_level": -3.0, "elbow": None}, "score": 80.0,
             "faults": [{"id": "hip-sag", "from_s": 2.0, "to_s": 3.0, "worst": 0.09, "limit": 0.06, "unit": "1"}]},
        ],
        "faults": [{"id": "hip-sag", "severity": "major"}],
        "score": 80.0,
    }  # fmt: skip
    return {**r, **changes}


def test_a_report_becomes_a_session_of_one_set(history):
    number = history.add_report(report())
    (s,) = sets(history)
    assert s.session.number == number and s.session.kind == "analyze" and s.session.source == "clips/me.mp4"
    assert s.session.started == datetime(2026, 3, 9, 17, 30, tzinfo=UTC)
    assert s.session.ended - s.session.started == timedelta(seconds=60)
    assert s.session.finished
    assert s.reps[0].faults[0].severity == "major" and s.reps[0].measures == {"leg_level": -3.0, "elbow": None}
    assert s.score == 80.0


def test_a_recording_judged_again_counts_once_at_its_old_date(history):
    history.add_report(report())
    later = report(created="2026-05-01T08:00:00+00:00", score=90.0)
    history.add_report(later)
    (s,) = sets(history)
    assert s.score == 90.0 and s.day.isoformat() == "2026-03-09"
    history.add_report(report(exercise="swan"))
    assert len(sessions(history)) == 2


def test_a_report_can_say_when_it_happened(history):
    history.add_report(report(), started=AT)
    assert sessions(history)[0].started == AT


def test_a_report_without_repetitions_is_not_recorded(history):
    assert history.add_report(report(reps=[])) is None
    assert sessions(history) == []


# ---- files that are not as they should be ---------------------------------------------------
def refused(path, kind=InputError):
    before = path.read_bytes()
    with pytest.raises(kind) as e:
        History.open(path)
    assert path.read_bytes() == before
    assert "\n" not in str(e.value) and e.value.hint
    return str(e.value)


def test_a_file_that_is_no_database_is_left_alone(tmp_path):
    path = tmp_path / "history.sqlite"
    path.write_bytes(b"not a database at all" * 100)
    assert "is damaged" in refused(path)
    with pytest.raises(InputError, match="is damaged"):
        look_at(path)


def test_a_truncated_file_is_told_and_left_alone(history):
    put(history, AT, [("plane", [rep(k, faults=(fault(),)) for k in range(1, 200)])])
    history.close()
    whole = history.path.read_bytes()
    history.path.write_bytes(whole[:5000])
    assert "is damaged" in refused(history.path)


def test_damage_inside_is_found_when_it_is_read(history):
    put(history, AT, [("plane", [rep(k, faults=(fault(),)) for k in range(1, 400)])])
    history.close()
    whole = bytearray(history.path.read_bytes())
    for page in range(4, len(whole) // 4096):
        whole[page * 4096 : page * 4096 + 64] = b"\xa5" * 64
    history.path.write_bytes(whole)
    with pytest.raises(InputError, match="is damaged"), History.open(history.path) as h:
        sets(h)
    with pytest.raises(InputError, match="is damaged"):
        look_at(history.path)
    assert history.path.read_bytes() == bytes(whole)


def test_the_database_of_another_program_is_left_alone(tmp_path):
    path = tmp_path / "history.sqlite"
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE bookmarks (url TEXT)")
    db.close()
    assert "not a formcheck history" in refused(path)


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(UsageError, match="cannot be opened or written"):
        History.open(tmp_path / "file" / "history.sqlite")


def test_a_writer_that_waits_too_long_is_told(history, monkeypatch):
    monkeypatch.setattr("formcheck.coaching.history.store.BUSY_S", 0.0)
    with History.open() as other, history.writing(), pytest.raises(UsageError, match="in use by another program"):
        other.remember("plan", "twice")


def test_a_block_that_fails_writes_nothing(history):
    with pytest.raises(RuntimeError), history.writing() as db:
        db.execute("INSERT INTO settings VALUES ('a', 'b')")
        raise RuntimeError
    assert history.setting("a") is None


def test_looking_at_a_history_changes_nothing(history):
    put(history, AT, [("plane", [rep()])])
    history.close()
    before = {p.name: p.read_bytes() for p in history.path.parent.iterdir()}
    assert look_at(history.path) == 1
    assert before[history.path.name] == history.path.read_bytes()


def test_where_reports_were_written_is_kept_with_their_session(history, tmp_path):
    log = history.begin_session()
    log.begin_set("plane")
    log.add_rep(rep())
    for name in ("1-plane.report.json", "2-żółw\udcff.report.json", "1-plane.report.json"):
        log.note_report(tmp_path / name)
    log.close()
    there = [tmp_path / "1-plane.report.json", tmp_path / "2-żółw\udcff.report.json"]
    assert reports_of(history.db, log.number) == there
    added = history.add_report(report(), file=tmp_path / "film.report.json")
    assert reports_of(history.db, added) == [tmp_path / "film.report.json"]
    # Judged again elsewhere: the report of before is not this session's.
    again = history.add_report(report(), file=tmp_path / "again.report.json")
    assert reports_of(history.db, again) == [tmp_path / "again.report.json"]
    assert reports_of(history.db, 999) == []


@pytest.mark.parametrize("text", ["", "[]", "{", '{"reports": 3}', '{"reports": [1, null]}'])
def test_a_damaged_note_of_reports_tells_of_none(history, text):
    number = put(history, AT, [("plane", [rep()])])
    history.db.execute("UPDATE sessions SET summary = ? WHERE id = ?", (text, number))
    assert reports_of(history.db, number) == []


def test_errors_are_the_kind_a_command_ends_with():
    assert issubclass(InputError, FormcheckError) and InputError.exit_code == 3


def test_what_was_deleted_is_overwritten_at_once_in_the_file_and_beside_it(tmp_path, monkeypatch):
    """Not only when the last program closes the file: until then others may read the pages that were given back.

    Some builds of SQLite overwrite by themselves, others do not: here it is one that does not.
    """
    connect = sqlite3.connect

    def careless(*args, **kwargs):
        db = connect(*args, **kwargs)
        db.execute("PRAGMA secure_delete = OFF")
        return db

    monkeypatch.setattr(sqlite3, "connect", careless)
    with History.open(tmp_path / "history.sqlite") as history:
        _delete_all_of(history)


def _delete_all_of(history):
    for k in range(40):
        log = history.begin_session(source="camera of Wilhelmina", started=AT + timedelta(days=k))
        log.begin_set("plane", 1)
        log.add_rep(rep(faults=(fault(),), why="Wilhelmina fell"))
        log.close()
    copy = history.path.with_name(f"{history.path.stem}-v1{history.path.suffix}")
    copy.write_bytes(b"Wilhelmina, from before")
    assert history.db.execute("PRAGMA secure_delete").fetchone()[0] == 1
    numbers = [s.number for s in sessions(history)]
    assert history.delete([*numbers, 9999]) == 40
    left = {p.name: p.read_bytes() for p in history.path.parent.iterdir()}
    assert [name for name, data in left.items() if b"Wilhelmina" in data] == []
    assert copy.name not in left
