"""The measures table: a row a frame, the columns of the contract, empty where nothing was measured."""

import csv
import math

import pytest

from formcheck.coach.session import Session
from formcheck.exercises import get_exercise
from formcheck.outputs.tables import COMMON, MeasuresCsv

from ..exercises.stick import all_fours, plane_set, shoot, without


@pytest.fixture(scope="module")
def judged():
    session = Session(get_exercise("plane"))
    track = without(shoot(all_fours, plane_set("right"), far_visibility=0.3), 4.0, 4.7)
    moments = [m for o in track for m in session.update(o)] + session.finish()
    return session, moments


def write(path, judged):
    session, moments = judged
    with MeasuresCsv(path, session.own_measures) as table:
        for m in moments:
            table.write(m)
    with path.open(newline="", encoding="utf-8") as f:
        return list(csv.DictReader(f))


def test_the_columns_are_those_of_the_contract_then_the_exercises_own(tmp_path, judged):
    rows = write(tmp_path / "m.csv", judged)
    columns = list(rows[0])
    assert columns[: len(COMMON)] == [
        *("t_s", "pose", "confidence", "view", "phase", "rep"),
        *(
            "knee_left",
            "knee_right",
            "hip_left",
            "hip_right",
            "elbow_left",
            "elbow_right",
            "shoulder_left",
            "shoulder_right",
        ),
        *("line_left", "line_right", "trunk"),
    ]
    assert set(columns[len(COMMON) :]) == set(judged[0].own_measures)
    assert "arm_level" in columns and len(columns) == len(set(columns))


def test_there_is_a_row_for_each_frame_with_what_was_measured(tmp_path, judged):
    _, moments = judged
    rows = write(tmp_path / "m.csv", judged)
    assert len(rows) == len(moments)
    for row, m in zip(rows, moments, strict=True):
        assert float(row["t_s"]) == pytest.approx(m.t, abs=5e-4)
        assert row["phase"] == m.phase and row["pose"] == str(int(m.image is not None))
        assert row["rep"] == (str(m.rep) if m.rep else "")
        for name, cell in row.items():
            if name in m.sample and not math.isnan(m.sample[name]):
                assert float(cell) == pytest.approx(m.sample[name], rel=1e-3, abs=1e-3)
    assert {r["rep"] for r in rows} == {"", "1"}


def test_what_was_not_measured_is_empty(tmp_path, judged):
    rows = write(tmp_path / "m.csv", judged)
    lost = [r for r in rows if 4.1 < float(r["t_s"]) < 4.6]
    assert lost and all(r["pose"] == "0" and r["knee_right"] == "" and r["confidence"] == "" for r in lost)
    # The far, left side is hidden.
    assert all(r["knee_left"] == "" for r in rows) and any(r["knee_right"] for r in rows)
    assert not any("nan" in cell.lower() for r in rows for cell in r.values())


def test_an_interrupted_table_leaves_nothing(tmp_path, judged):
    session, moments = judged

    def interrupted():
        with MeasuresCsv(tmp_path / "m.csv", session.own_measures) as table:
            table.write(moments[0])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert list(tmp_path.iterdir()) == []


def test_rows_can_be_read_before_the_end_once_flushed(tmp_path, judged):
    session, moments = judged
    with MeasuresCsv(tmp_path / "m.csv", session.own_measures) as table:
        table.write(moments[0])
        table.flush()
        assert len(table.path.read_text().splitlines()) == 2


def test_parquet_holds_the_same_rows_or_says_what_to_install(tmp_path, judged):
    from formcheck.errors import UsageError
    from formcheck.outputs.tables import csv_to_parquet

    rows = write(tmp_path / "m.csv", judged)
    try:
        from pyarrow import parquet
    except ImportError:
        with pytest.raises(UsageError, match="pyarrow"):
            csv_to_parquet(tmp_path / "m.csv", tmp_path / "m.parquet")
        return
    csv_to_parquet(tmp_path / "m.csv", tmp_path / "m.parquet")
    table = parquet.read_table(tmp_path / "m.parquet").to_pydict()
    assert list(table) == list(rows[0])
    assert table["t_s"] == [float(r["t_s"]) for r in rows]
