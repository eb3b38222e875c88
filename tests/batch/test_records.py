"""What an earlier run wrote is used where it is sound, and as good as not there where it is not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from formcheck.batch.journal import SCHEMA, Journal
from formcheck.batch.records import read_earlier
from formcheck.errors import InputError

RUN = {"kind": "run", "schema": SCHEMA}
CLIP: dict[str, Any] = {
    "kind": "clip", "key": "0" * 32, "name": "a", "source": "a.mp4", "asked": "plane", "status": "done",
    "files": ["a.report.json"], "measures": ["lean"], "row": {"exercise": "plane", "counted": 2}, "seconds": 1.5,
}  # fmt: skip
ODD: dict[str, dict[str, Any]] = {
    "a name that leads out": {"name": "../a"},
    "a name that is a number": {"name": 3},
    "a name without end": {"name": "a" * 300},
    "a file elsewhere": {"files": ["a.report.json", "../b.report.json"]},
    "no report": {"files": []},
    "files that are none": {"files": "a.report.json"},
    "another status": {"status": "perhaps"},
    "an endless figure": {"row": {"duration_s": 1e300}},
    "a figure that is a text": {"row": {"counted": "two"}},
    "seconds that are a list": {"seconds": [1]},
    "another kind": {"kind": "clop"},
}


def journal(folder: Path, *records: dict[str, Any]) -> Journal:
    (folder / "journal.jsonl").write_text("".join(f"{json.dumps(r)}\n" for r in records))
    return Journal(folder, fresh=False)


def test_a_sound_record_is_known(tmp_path: Path) -> None:
    with journal(tmp_path, RUN, CLIP) as j:
        earlier = read_earlier(j)
    assert earlier.odd == 0
    assert earlier.names == {"0" * 32: "a"}
    assert earlier.clips["0" * 32].files == ("a.report.json",)


@pytest.mark.parametrize("how", ODD)
def test_an_odd_one_is_counted_and_left_out(how: str, tmp_path: Path) -> None:
    with journal(tmp_path, RUN, {**CLIP, **ODD[how]}, {**CLIP, "key": "1" * 32}) as j:
        earlier = read_earlier(j)
    assert earlier.odd == 1
    assert list(earlier.clips) == ["1" * 32]


def test_the_address_in_a_key_of_an_earlier_version_is_known_by_its_hash(tmp_path: Path) -> None:
    with journal(tmp_path, RUN, {**CLIP, "key": "https://host/a.mp4?token=x\tplane"}) as j:
        (key,) = read_earlier(j).clips
    assert len(key) == 32
    assert "token" not in key


@pytest.mark.parametrize("records", [[{"a": 1}], [CLIP], [{"kind": "run"}]])
def test_the_journal_of_another_program_is_refused(records: list[dict[str, Any]], tmp_path: Path) -> None:
    with journal(tmp_path, *records) as j, pytest.raises(InputError, match="not the journal of a batch"):
        read_earlier(j)


def test_a_journal_that_was_just_begun_is_none_yet(tmp_path: Path) -> None:
    with journal(tmp_path) as j:
        assert read_earlier(j).clips == {}
