"""The table for other programs."""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime

from formcheck.coaching.history.export import COLUMNS, to_csv, to_json
from formcheck.coaching.history.queries import sets

from .seed import PLACE, fault, put, rep

AT = datetime(2026, 3, 9, 18, 30, tzinfo=PLACE)


def table(history):
    return list(csv.DictReader(io.StringIO(to_csv(sets(history)))))


def test_a_row_a_repetition_with_all_that_is_known(history):
    put(
        history, AT, [("plane", [rep(1, faults=(fault(), fault("arm-low"))), rep(2, counted=False, why='held, "4" s')])]
    )
    first, second = table(history)
    assert first["started"] == "2026-03-09T18:30:00+01:00" and first["date"] == "2026-03-09"
    assert (first["exercise"], first["set"], first["rep"], first["target"]) == ("plane", "1", "1", "2")
    assert (first["counted"], first["verdict"], first["faults"]) == ("1", "fault", "hip-sag;arm-low")
    assert (first["hold_s"], first["score"], first["measure_leg_level"]) == ("3.25", "90.0", "-4.0")
    assert (second["counted"], second["verdict"], second["why"]) == ("0", "not-counted", 'held, "4" s')


def test_a_measure_has_one_column_whatever_exercise_it_is_of_and_unknown_is_empty(history):
    put(history, AT, [("plane", [rep(measures={"a": 1.0, "b": None})]), ("swan", [rep(measures={"b": 2.0})])])
    text = to_csv(sets(history))
    assert text.splitlines()[0].split(",") == [*COLUMNS, "measure_a", "measure_b"]
    assert [(r["measure_a"], r["measure_b"]) for r in table(history)] == [("1.0", ""), ("", "2.0")]


def test_json_says_the_same_with_faults_in_full(history):
    put(history, AT, [("plane", [rep(1, faults=(fault(),)), rep(2)])], source="żółw <b>.mp4")
    whole = json.loads(to_json(sets(history)))
    assert whole["schema"] == "formcheck.history/1"
    for row, line in zip(whole["reps"], table(history), strict=True):
        for name in set(COLUMNS) - {"faults", "counted"}:
            assert ("" if row[name] is None else str(row[name])) == line[name]
    (f,) = whole["reps"][0]["faults"]
    assert (f["id"], f["severity"], f["from_s"], f["to_s"]) == ("hip-sag", "major", 11.0, 12.5)
    assert (f["worst"], f["limit"], f["unit"]) == (0.0912, 0.06, "fraction")
    assert whole["reps"][1]["measures"] == {"leg_level": -4.0} and whole["reps"][0]["source"] == "żółw <b>.mp4"


def test_an_empty_history_is_an_empty_table(history):
    assert to_csv(sets(history)) == ",".join(COLUMNS) + "\n"
    assert json.loads(to_json([]))["reps"] == []
