"""The journal: what was written stays, and a crash costs the last line at most."""

import json
from pathlib import Path

import pytest

from formcheck.batch.journal import Journal
from formcheck.errors import InputError


def test_records_are_found_by_their_place(tmp_path: Path) -> None:
    with Journal(tmp_path, fresh=True) as j:
        places = [j.append({"n": n, "text": "zażółć\n"}) for n in range(3)]
        assert j.read(places[1])["n"] == 1
        assert [(p, r["n"]) for p, r in j.records()] == list(zip(places, range(3), strict=True))
    assert len((tmp_path / "journal.jsonl").read_bytes().splitlines()) == 3


def test_a_record_is_on_disk_at_once(tmp_path: Path) -> None:
    with Journal(tmp_path, fresh=True) as j:
        j.append({"n": 1})
        assert json.loads((tmp_path / "journal.jsonl").read_text()) == {"n": 1}


@pytest.mark.parametrize("torn", [b'{"n": 2, "te', b'{"n": 2', b"\xff\xfe", b'"n"', b""])
def test_a_torn_last_line_is_left_out_and_does_not_spoil_the_next(tmp_path: Path, torn: bytes) -> None:
    path = tmp_path / "journal.jsonl"
    path.write_bytes(b'{"n": 1}\n' + torn)
    with Journal(tmp_path, fresh=False) as j:
        place = j.append({"n": 3})
        assert [r["n"] for _, r in j.records()] == [1, 3]
        assert j.read(place) == {"n": 3}


def test_a_fresh_journal_forgets(tmp_path: Path) -> None:
    for fresh, left in ((True, [1]), (False, [1, 1]), (True, [1])):
        with Journal(tmp_path, fresh=fresh) as j:
            j.append({"n": 1})
            assert [r["n"] for _, r in j.records()] == left


def test_another_version_is_refused(tmp_path: Path) -> None:
    (tmp_path / "journal.jsonl").write_text('{"kind": "run", "schema": "formcheck.batch/9"}\n')
    with Journal(tmp_path, fresh=False) as j, pytest.raises(InputError, match="formcheck.batch/9"):
        list(j.records())
