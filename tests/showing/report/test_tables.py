"""The measures table: a row a frame, the columns of the contract, empty where nothing was measured."""

import csv
import math
from dataclasses import replace

import pytest

from formcheck.judging.exercises import get_exercise
from formcheck.judging.session.session import Session
from formcheck.showing.report.measures import COMMON, MeasuresCsv
from formcheck.showing.report.objects import Report
from formcheck.showing.report.saved import write_tables
from formcheck.showing.report.tables import reps_table

from ...judging.exercises.stick import all_fours, plane_set, shoot, without
from ..page_reports import empty_report, plane_report, rep

pytestmark = pytest.mark.smoke


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


def test_numbers_without_end_are_empty_too_and_words_are_kept_as_they_are(tmp_path, judged):
    moment = next(m for m in judged[1] if m.sample)
    odd = replace(moment, sample={**moment.sample, "trunk": math.inf, "knee_left": -math.inf, "hip_right": 1e-7})
    row = write(tmp_path / "m.csv", (judged[0], [odd]))[0]
    assert (row["trunk"], row["knee_left"], row["hip_right"]) == ("", "", "1e-07")
    assert (row["view"], row["phase"], row["pose"]) == (odd.view.kind, odd.phase, "1")


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
    from formcheck.showing.report.measures import csv_to_parquet

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


def test_a_column_without_values_is_numbers_all_the_same(tmp_path, judged):
    pq = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed")
    from formcheck.showing.report.measures import csv_to_parquet

    write(tmp_path / "m.csv", judged)
    csv_to_parquet(tmp_path / "m.csv", tmp_path / "m.parquet")
    kinds = dict(zip((s := pq.read_schema(tmp_path / "m.parquet")).names, map(str, s.types), strict=True))
    # The far side was never seen.
    assert kinds["knee_left"] == "double"
    assert kinds["rep"] == "int64" and kinds["phase"] == "string"


# ---- repetitions and faults of a report ---------------------------------------------

TRICKY = plane_report()
TRICKY["source"]["path"] = 'a "clip",\n=1+1 😀.mp4'
TRICKY["faults"].append(
    {**TRICKY["faults"][0], "id": "head-down", "reps": [], "seconds": 0.8, "from_s": 4.0, "to_s": 4.8, "worst": None}
)


def rows_of(path):
    with path.open(newline="", encoding="utf-8") as f:
        return list(csv.DictReader(f))


@pytest.mark.parametrize("report", [plane_report(), TRICKY, empty_report()], ids=["plane", "tricky", "empty"])
def test_repetitions_in_csv_are_those_of_the_report(report, tmp_path):
    files = write_tables(report, tmp_path)
    reps = rows_of(files["reps"])
    assert [int(r["rep"]) for r in reps] == [r["index"] for r in report["reps"]]
    for row, r in zip(reps, report["reps"], strict=True):
        for key in ("start_s", "peak_s", "end_s", "hold_s", "score"):
            assert float(row[key]) == r[key]
        assert row["counted"] == str(r["counted"]).lower()
        assert row["why"] == (r["why"] or "")
        assert row["faults"].split() == [f["id"] for f in r["faults"]]
        for name, value in r["measures"].items():
            assert row[name] == ("" if value is None else str(value))


def test_faults_in_csv_are_those_of_the_repetitions_and_between_them(tmp_path):
    files = write_tables(TRICKY, tmp_path)
    assert {f.name for f in files.values()} == {
        'a "clip",\n=1+1 😀.reps.csv',
        'a "clip",\n=1+1 😀.faults.csv',
    }
    faults = rows_of(files["faults"])
    assert [(f["rep"], f["fault"], f["severity"]) for f in faults] == [
        ("", "head-down", "major"),
        ("2", "hip-sag", "major"),
        ("3", "short-hold", "major"),
    ]
    assert faults[0]["worst"] == "" and float(faults[1]["worst"]) == 34.5
    assert {f["clip"] for f in faults} == {'a "clip",\n=1+1 😀'}


@pytest.mark.parametrize("report", [TRICKY, empty_report()], ids=["tricky", "empty"])
def test_parquet_and_csv_hold_the_same(report, tmp_path):
    pd = pytest.importorskip("pandas", reason="pandas is not installed")
    pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    whole = Report.from_dict(report)
    files = write_tables(whole, tmp_path, parquet=True)
    for kind, frame in (("reps", whole.reps_frame()), ("faults", whole.faults_frame())):
        read = pd.read_parquet(files[kind])
        assert list(read) == list(frame)
        for name in frame:
            assert read[name].isna().tolist() == frame[name].isna().tolist()
            assert read[name].dropna().tolist() == frame[name].dropna().tolist()


def test_a_measure_named_like_a_column_keeps_apart_from_it():
    report = plane_report()
    report["reps"] = [rep(1, 1.0, measures={"side": 1.5, "sag": 0.2})]
    table = reps_table(Report.from_dict(report))
    row = dict(zip(table.columns, table.rows[0], strict=True))
    assert row["side"] == "left" and row["measure_side"] == 1.5 and row["sag"] == 0.2
