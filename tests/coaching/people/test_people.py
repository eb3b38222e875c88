"""People: each with a history, limits and a plan of their own; all of one person exported or deleted at once."""

from __future__ import annotations

import io
import json
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from formcheck.coaching.history import History
from formcheck.coaching.history.queries import sessions, sets
from formcheck.coaching.history.reviews import keep_review, reviews
from formcheck.coaching.history.schema import APPLICATION_ID, V1, V2, VERSION
from formcheck.coaching.people import add_person, find_person, list_people
from formcheck.coaching.people.whole import delete_person, export_person
from formcheck.errors import InputError, UsageError

from ...agreement.made import report, review, said
from ..history.seed import fault, put, rep

ROOT = Path(__file__).resolve().parents[3]
ODD = [
    'Zoë "the 🤸" <script>alert(1)</script>',
    "מרים כהן",
    "O'Neill; DROP TABLE sessions --",
    "../../etc/passwd",
    "..",
    "a/b",
]
AT = datetime(2026, 3, 1, 10, 0, tzinfo=UTC)


@pytest.fixture
def data(tmp_path, monkeypatch):
    folder = tmp_path / "data"
    monkeypatch.setenv("FORMCHECK_DATA", str(folder))
    return folder


def test_there_is_always_me_and_others_are_added(data):
    assert [p.name for p in list_people()] == ["me"]
    assert find_person(None).history == data / "history.sqlite"
    anna = add_person("  Anna   Nowak ")
    assert anna.name == "Anna Nowak" and anna.history.parent.parent == data / "people"
    assert find_person("anna nowak") == anna and [p.name for p in list_people()] == ["me", "Anna Nowak"]
    assert anna.folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("name", ODD)
def test_any_name_is_kept_as_it_is_and_stands_in_no_path(data, name):
    person = add_person(name)
    assert find_person(name).name == name
    assert person.folder.parent == data / "people" and person.folder.name.isalnum()
    assert {p.name for p in data.iterdir()} == {"people"}


def test_names_that_are_none_or_taken_are_refused(data):
    add_person("Anna")
    for name, why in (
        ("ANNA", "already"),
        ("Me", "already"),
        (" ", "is no name"),
        ("a\nb\x07", "is no name"),
        ("x" * 121, "no name"),
    ):
        with pytest.raises(UsageError, match=why):
            add_person(name)
    with pytest.raises(UsageError, match="nobody called 'Ana': did you mean 'Anna'"):
        find_person("Ana")
    with pytest.raises(UsageError, match="formcheck people add 'Bruno'"):
        find_person("Bruno")


def test_a_damaged_card_is_named(data):
    anna = add_person("Anna")
    (anna.folder / "person.json").write_text("{")
    with pytest.raises(InputError, match=r"person.json cannot be read"):
        list_people()


def test_a_history_of_the_version_before_belongs_to_me_whole(data):
    # A file as the second version of the schema made it.
    data.mkdir()
    db = sqlite3.connect(data / "history.sqlite")
    db.executescript(f"PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = 2; {'; '.join((*V1, *V2))};")
    db.executescript("""
        INSERT INTO sessions VALUES (7, '2026-01-15T22:30:00.000Z', '2026-01-15T22:50:00.000Z', 'live', 'camera 0',
            '0.1.0', 3600, 'mornings', 'a note', '{"a": 1}', NULL);
        INSERT INTO sets VALUES (3, 7, 'plane', '2026-01-15T22:31:00.000Z', NULL, 6, 82.0, 'right,left');
        INSERT INTO reps VALUES (5, 3, 1, 'left', 3.0, 8.0, 14.0, 10.3, 1, NULL, 82.0, '{"leg_level": -6.0}', NULL,
            NULL);
        INSERT INTO faults VALUES (9, 5, 'hip-sag', 'major', 0.09, 0.06, 'fraction', 5.0, 7.0);
        INSERT INTO settings VALUES ('plan', 'twice');""")
    before = {
        t: db.execute(f"SELECT * FROM {t}").fetchall() for t in ("sessions", "sets", "reps", "faults", "settings")
    }
    db.close()
    with find_person(None).open_history() as h:
        assert h.db.execute("PRAGMA user_version").fetchone()[0] == VERSION == 3
        after = {t: [tuple(r) for r in h.db.execute(f"SELECT * FROM {t}").fetchall()] for t in before}
        assert after == before
        (s,) = sets(h)
        assert (s.session.number, s.session.note, s.reps[0].faults[0].id, h.setting("plan")) == (
            7,
            "a note",
            "hip-sag",
            "twice",
        )
    assert (data / "history-v2.sqlite").is_file()


def test_histories_are_apart(data, run):
    with add_person("Anna").open_history() as h:
        put(h, AT, [("plane", [rep(1), rep(2)])])
    with find_person(None).open_history() as h:
        put(h, AT, [("swan", [rep(1)])])
    mine, hers = run("history"), run("history", "--person", "anna")
    assert "swan" in mine.out and "plane" not in mine.out
    assert "plane" in hers.out and "swan" not in hers.out
    assert "Plane " in run("history", "--person", "anna", "show", "1").out
    assert run("history", "--person", "Bruno").code == 2
    listed = run("people").out
    assert [line.split()[:2] for line in listed.splitlines()[1:]] == [["me", "1"], ["Anna", "1"]]


def test_what_to_type_next_can_be_typed(data, run):
    assert "--person 'Anna B'" in run("people", "add", "Anna B").out
    assert '--person "Zoë O\'Neil"' in run("people", "add", "Zoë O'Neil").out


def test_a_person_has_limits_and_a_plan(data, run, here):
    run("people", "add", "Anna")
    Path("l.toml").write_text("[plane]\nhold_s = 4\n")
    assert run("people", "limits", "Anna", "l.toml").code == 0
    assert run("people", "limits", "Anna").out == "[plane]\nhold_s = 4\n"
    Path("bad.toml").write_text("[plane]\nnothing = 4\n")
    assert "has no limit 'nothing'" in run("people", "limits", "Anna", "bad.toml").complaint
    assert run("people", "limits", "Anna").out == "[plane]\nhold_s = 4\n"
    Path("p.toml").write_text("[[step]]\nexercise = 'swan'\n")
    assert run("people", "plan", "Anna", "p.toml").code == 0
    assert "swan" in run("people", "plan", "Anna").out
    assert "own" in run("people").out
    assert run("people", "limits", "Anna", "--clear").out == "The usual limits.\n"
    assert run("people", "limits", "me").out == "The usual limits.\n"


def test_analyze_judges_by_a_persons_limits_and_keeps_it_in_their_history(data, run, track_of, samples):
    track = track_of(samples / "plane-correct.mp4")
    anna = add_person("Anna")
    anna.limits.write_text("[plane]\nhold_s = 30\n")
    done = run("analyze", track, "-e", "plane", "--person", "Anna", "--json", "a.json", "-q")
    assert done.code == 0, done.err
    found = json.loads(Path("a.json").read_text())
    assert found["limits"]["hold_s"] == 30
    with anna.open_history() as h:
        assert [s.exercise for s in sets(h)] == ["plane"]
    assert not find_person(None).history.exists()
    Path("own.toml").write_text("[plane]\nhold_s = 5\n")
    run("analyze", track, "-e", "plane", "--person", "Anna", "--limits", "own.toml", "--json", "b.json", "-q")
    assert json.loads(Path("b.json").read_text())["limits"]["hold_s"] == 5
    with anna.open_history() as h:
        assert len(sessions(h)) == 1, "the same recording counts once"


def test_all_of_one_person_in_one_file(data, run, here):
    anna = add_person('Anna "x"')
    anna.limits.write_text("[plane]\nhold_s = 4\n")
    (anna.sessions / "2026").mkdir(parents=True)
    (anna.sessions / "2026" / "1-plane.report.json").write_text("{}")
    film = report("plane", [{}, {}])
    with anna.open_history() as h:
        h.add_report(film)
        assert keep_review(h, film, review("plane", [said(1)]))
        assert not keep_review(h, report("other", [{}]), review("other", []))
    assert run("people", "export", 'anna "X"', "-o", "a.zip").code == 0
    with zipfile.ZipFile("a.zip") as z:
        names = set(z.namelist())
        assert names == {
            "person.json", "history.sqlite", "reps.csv", "reps.json", "reviews.json", "limits.toml",
            "sessions/2026/1-plane.report.json",
        }  # fmt: skip
        assert json.loads(z.read("person.json"))["name"] == 'Anna "x"'
        assert json.loads(z.read("reviews.json"))["1"]["by"] == "Anna"
        Path("back.sqlite").write_bytes(z.read("history.sqlite"))
    with History.open("back.sqlite") as h:
        assert len(sets(h)[0].reps) == 2
    assert "exists already" in run("people", "export", 'anna "X"', "-o", "a.zip").complaint
    assert export_person(find_person(None), Path("me.zip")) == 1


def test_a_review_stays_when_the_recording_is_judged_again(data):
    film = report("plane", [{}])
    with find_person(None).open_history() as h:
        h.add_report(film)
        keep_review(h, film, review("plane", [said(1)]))
        again = h.add_report(film)
        assert list(reviews(h)) == [again]
        h.delete([again])
        assert reviews(h) == {}


def test_deleting_leaves_nothing_on_the_disk(data, run, tmp_path):
    mark = "SECRETNOTE-93417"
    anna, bea = add_person("Anna"), add_person("Bea")
    for p in (anna, bea):
        with p.open_history() as h:
            put(h, AT, [("plane", [rep(k, why=mark, faults=(fault(),)) for k in range(1, 60)])], note=mark)
        p.limits.write_text(f"# {mark}\n")
    (anna.sessions).mkdir()
    (anna.sessions / "x.report.json").write_text(mark)
    shutil.copy(anna.history, anna.folder / "history-v2.sqlite")
    linked = [tmp_path / f"kept-{k}" for k in range(3)]
    for file, link in zip((anna.history, anna.limits, anna.sessions / "x.report.json"), linked, strict=True):
        link.hardlink_to(file)  # another name of the same bytes on the disk shows what became of them
    assert run("people", "delete", "Anna", "--yes").out.startswith("Deleted Anna: ")
    assert not anna.folder.exists()
    for link in linked:
        assert set(link.read_bytes()) <= {0}
    assert [p.name for p in list_people()] == ["me", "Bea"]
    with bea.open_history() as h:
        assert len(sets(h)[0].reps) == 59


def test_deleting_me_leaves_the_others_and_the_folder(data, run, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    add_person("Anna")
    with find_person(None).open_history() as h:
        put(h, AT, [("plane", [rep(1)])])
    mine = (
        "sessions/x/1-plane.report.json",
        "uploads/clips/a.report.json",
        "serve/uploads/x/a.mp4",
        "serve/settings.json",
    )
    machines = "serve/devices.json"
    for name in (*mine, machines):
        (data / name).parent.mkdir(parents=True, exist_ok=True)
        (data / name).write_text("{}")
    assert "nobody answered" in run("people", "delete", "me").err
    assert run("people", "delete", "me", "-y").code == 0
    assert sorted(p.name for p in data.iterdir()) == ["people", "serve"]
    assert [p.relative_to(data).as_posix() for p in (data / "serve").rglob("*")] == [machines]
    with find_person(None).open_history() as h:
        assert sessions(h) == []


def test_a_history_in_the_middle_of_a_step_is_not_deleted(data, monkeypatch):
    anna = add_person("Anna")
    with anna.open_history() as h:
        put(h, AT, [("plane", [rep(1)])])
        real = sqlite3.connect
        monkeypatch.setattr(sqlite3, "connect", lambda *a, **k: real(*a, **{**k, "timeout": 0.05}))
        with h.writing(), pytest.raises(UsageError, match="in use by another program"):
            delete_person(anna)
        assert len(sessions(h)) == 1
    delete_person(anna)
    assert not anna.folder.exists()


PROGRAM = """
import sys
from formcheck.coaching.people import add_person, find_person
from formcheck.errors import UsageError
won = 0
for k in range(12):
    try:
        add_person(f"Person {k}")
        won += 1
    except UsageError as e:
        assert "already" in str(e), e
    with find_person(f"Person {k}").open_history() as h:
        log = h.begin_session("live")
        log.close()
print(won)
"""


def test_two_programs_add_people_at_once(data):
    both = [
        subprocess.Popen([sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE, text=True, cwd=ROOT) for _ in range(2)
    ]
    won = [int(p.communicate()[0]) for p in both]
    assert [p.returncode for p in both] == [0, 0] and sum(won) == 12
    assert len(list_people()) == 13
