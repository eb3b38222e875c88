"""``formcheck batch`` as it is typed: outputs, failures that harm no other, resume."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from ..commandline import Run
from .clips import journal, put, put_broken, put_endless, results, rows


def test_a_folder_of_tracks(run: Run, here: Path) -> None:
    put(here / "in/anna.track.npz", 1)
    put(here / "in/ben.track.npz", 2)
    got = run("batch", "in", "-o", "out", "-e", "side-plank", "--workers", 2)
    assert got.code == 0
    assert got.out.splitlines() == ["2 clips: 2 judged, 0 failed", "Look at out/index.html"]
    table = results(here / "out")
    assert {c: r["total"] for c, r in table.items()} == {"anna": "1", "ben": "2"}
    assert table["anna"]["path"] == "in/anna.track.npz"
    assert table["anna"]["status"] == "done"
    assert [(r["clip"], r["rep"]) for r in rows(here / "out/reps.csv")] == [("anna", "1"), ("ben", "1"), ("ben", "2")]
    report = json.loads((here / "out/clips/ben.report.json").read_text())
    assert report["counts"]["total"] == 2
    assert report["source"]["path"] == "in/ben.track.npz"
    assert sorted(p.name for p in (here / "out").iterdir() if not p.name.startswith(".")) == sorted(
        ["clips", "index.html", "journal.jsonl", "reps.csv", "reps.parquet", "results.csv", "results.parquet"]
    )


def test_reports_are_those_of_analyze(run: Run, here: Path) -> None:
    put(here / "anna.track.npz", 2)
    assert run("batch", "anna.track.npz", "-o", "out", "-e", "side-plank", "--html", "--measures").code == 0
    assert run("analyze", "anna.track.npz", "-o", "one", "-e", "side-plank").code == 0
    both = [json.loads((here / d / "anna.report.json").read_text()) for d in ("out/clips", "one")]
    assert {**both[0], "created": None} == {**both[1], "created": None}
    for name in ("anna.report.html", "anna.measures.csv"):
        assert (here / "out/clips" / name).read_text().count("\n") == (here / "one" / name).read_text().count("\n")


def test_a_bad_clip_harms_no_other(run: Run, here: Path) -> None:
    put(here / "in/good.track.npz")
    put_broken(here / "in/broken.track.npz")
    (here / "in/empty.mp4").touch()
    (here / "in/prose.mp4").write_text("no video")
    put_endless(here / "in/endless.track.npz")
    got = run("batch", "in", "-o", "out", "-e", "side-plank", "--workers", 2, "--timeout", 5)
    assert got.code == 3
    assert got.complaint == "formcheck: 4 of 5 clips failed: the reasons are in out/results.csv"
    table = results(here / "out")
    assert {c: (r["status"], r["failure"]) for c, r in table.items()} == {
        "good": ("done", ""),
        "broken": ("failed", "input"),
        "empty": ("failed", "input"),
        "prose": ("failed", "input"),
        "endless": ("failed", "timeout"),
    }
    assert table["good"]["total"] == "1"
    assert "cannot read the track in/broken.track.npz" in table["broken"]["error"]
    assert "0 bytes" in table["empty"]["error"]
    assert "text, not a video" in table["prose"]["error"]
    assert "longer than 5 s" in table["endless"]["error"]
    assert [p.name for p in (here / "out/clips").iterdir()] == ["good.report.json"]


@pytest.mark.smoke
def test_stopping_at_the_first_failure(run: Run, here: Path) -> None:
    put_broken(here / "in/a.track.npz")
    for k in range(6):
        put(here / f"in/b{k}.track.npz")
    got = run("batch", "in", "-o", "out", "-e", "side-plank", "--workers", 1, "--fail-fast")
    assert got.code == 3
    assert list(results(here / "out")) == ["a"]


def test_clips_of_one_name_and_manifests(run: Run, here: Path) -> None:
    put(here / "x/a.track.npz", 1)
    put(here / "y/a.track.npz", 2)
    (here / "y/a.json").write_text('{"exercise": "side-plank", "count": 3}')
    (here / "list.jsonl").write_text(
        '{"path": "x/a.track.npz", "exercise": "side-plank", "id": "Anna / first"}\n'
        '{"path": "y/a.track.npz", "exercise": "from-truth"}\n{"path": "gone.mp4"}\n'
    )
    assert run("batch", "list.jsonl", "x", "y", "-o", "out", "-e", "side-plank").code == 3
    table = rows(here / "out/results.csv")
    assert [(r["path"], r["id"], r["total"], r["true_total"]) for r in table] == [
        ("x/a.track.npz", "Anna / first", "1", ""),
        ("y/a.track.npz", "", "2", "3"),
        ("gone.mp4", "", "", ""),
        ("x/a.track.npz", "", "1", ""),
        ("y/a.track.npz", "", "2", ""),
    ]
    assert len({r["clip"] for r in table}) == 5
    assert "no such file: gone.mp4" in table[2]["error"]
    for r in table[:2]:
        report = json.loads((here / "out/clips" / f"{r['clip']}.report.json").read_text())
        assert report["source"]["path"] == r["path"]


def test_the_tables_in_parquet_say_the_same(run: Run, here: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    put(here / "anna.track.npz", 2)
    put_broken(here / "b.track.npz")
    run("batch", ".", "-o", "out", "-e", "side-plank")
    for name in ("results", "reps"):
        table = parquet.read_table(here / f"out/{name}.parquet")
        plain = rows(here / f"out/{name}.csv")
        assert table.column_names == list(plain[0])
        assert table.num_rows == len(plain)
    whole = parquet.read_table(here / "out/results.parquet").to_pylist()
    assert [(r["clip"], r["total"], r["score"] is None) for r in whole] == [("anna", 2, False), ("b", None, True)]


def test_a_folder_that_holds_a_batch_is_not_overwritten(run: Run, here: Path) -> None:
    put(here / "in/a.track.npz")
    assert run("batch", "in", "-o", "out", "-e", "side-plank").code == 0
    got = run("batch", "in", "-o", "out", "-e", "side-plank")
    assert got.code == 2
    assert "--resume" in got.complaint
    assert run("batch", "in", "-o", "out", "-e", "side-plank", "--force").code == 0
    assert len(journal(here / "out")) == 1


def test_resume_redoes_what_changed_and_nothing_else(run: Run, here: Path) -> None:
    for name in ("same", "touched", "changed", "lost"):
        put(here / f"in/{name}.track.npz", 1)
    put_broken(here / "in/bad.track.npz")
    put_broken(here / "in/mended.track.npz")
    words = ("batch", "in", "-o", "out", "-e", "side-plank", "--workers", 2)
    assert run(*words).code == 3
    before = (here / "out/clips/same.report.json").stat().st_mtime_ns

    os.utime(here / "in/touched.track.npz", (1, 1))
    put(here / "in/changed.track.npz", 2)
    (here / "out/clips/lost.report.json").unlink()
    put(here / "in/mended.track.npz", 3)
    put(here / "in/new.track.npz", 1)
    got = run(*words, "--resume")
    assert got.code == 3
    assert got.out.splitlines()[0] == "7 clips: 4 judged, 2 unchanged, 1 failed"
    table = results(here / "out")
    assert {c: r["total"] for c, r in table.items()} == {
        **dict.fromkeys(("same", "touched", "lost", "new"), "1"),
        "changed": "2",
        "mended": "3",
        "bad": "",
    }
    assert (here / "out/clips/same.report.json").stat().st_mtime_ns == before
    # A third time there is nothing left to do, not even for what was touched.
    at = len(journal(here / "out"))
    assert "0 judged, 6 unchanged, 1 failed" in run(*words, "--resume").out
    assert len(journal(here / "out")) == at


def test_resume_judges_again_under_other_limits(run: Run, here: Path) -> None:
    put(here / "in/plank.track.npz", 1)
    put(here / "in/swan.track.npz", 1)
    (here / "list.csv").write_text("path,exercise\nin/plank.track.npz,side-plank\nin/swan.track.npz,swan\n")
    (here / "limits.toml").write_text("[side-plank]\nline_deg = 25\n")
    words = ("batch", "list.csv", "-o", "out", "--resume")
    assert "2 judged" in run(*words).out
    got = run(*words, "--limits", "limits.toml")
    # The other exercise's limits are what they were.
    assert "1 judged, 1 unchanged" in got.out
    assert json.loads((here / "out/clips/plank.report.json").read_text())["limits"]["line_deg"] == 25
    assert "2 judged" in run(*words, "--strictness", "strict").out


def test_wrong_limits_stop_a_batch_before_it_begins(run: Run, here: Path) -> None:
    put(here / "a.track.npz")
    (here / "limits.toml").write_text("[side-plank]\nnonsense = 25\n")
    got = run("batch", "a.track.npz", "-o", "out", "-e", "side-plank", "--limits", "limits.toml")
    assert got.code == 2
    assert "nonsense" in got.complaint
    assert not (here / "out").exists()


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("gone",), 3, "gone"),
        (("in", "-e", "juggling"), 2, "juggling"),
        (("in", "--resume", "--force"), 2, "exclude"),
        (("in", "--workers", "0"), 2, "workers"),
        (("in", "--timeout", "-1"), 2, "timeout"),
        (("in", "-o", "in/a.track.npz"), 2, "in/a.track.npz"),
    ],
)
def test_wrong_usage(run: Run, here: Path, words: tuple[str, ...], code: int, said: str) -> None:
    put(here / "in/a.track.npz")
    got = run("batch", *words, *(() if "-o" in words else ("-o", "out")))
    assert got.code == code
    assert said in got.complaint


def test_odd_names(run: Run, here: Path) -> None:
    put(here / "in/<b>&amp;'\" żółw\n.track.npz")
    put(here / os.fsdecode(b"in/\xff\xfe.track.npz"))
    assert run("batch", "in", "-o", "out", "-e", "side-plank").code == 0
    table = rows(here / "out/results.csv")
    assert [r["status"] for r in table] == ["done", "done"]
    for r in table:
        assert (here / "out/clips" / f"{r['clip']}.report.json").is_file()


class TestVideos:
    def test_poses_are_kept_by_content(self, run: Run, here: Path, samples: Path, pose_model: Path) -> None:
        clip = samples / "side-plank-correct-right.mp4"
        (here / "in").mkdir()
        shutil.copy(clip, here / "in/first.mp4")
        words = ("batch", "in", "-o", "out", "-e", "side-plank", "--model", pose_model, "--end", 5, "--resume")
        assert run(*words, "--workers", 1).code == 0
        kept = list((here / "out/tracks").iterdir())
        assert len(kept) == 1
        first = json.loads((here / "out/clips/first.report.json").read_text())
        assert first["source"]["kind"] == "video"
        assert first["source"]["path"] == "in/first.mp4"
        # The same film under another name needs no pose model, nor does judging it under other limits.
        shutil.copy(clip, here / "in/second.mp4")
        assert run(*words).code == 0
        assert run(*words, "--strictness", "lenient").code == 0
        assert list((here / "out/tracks").iterdir()) == kept
        assert [r["cached"] for r in journal(here / "out")] == [False, True, True, True]
        assert run(*words, "--strictness", "normal").code == 0
        again = json.loads((here / "out/clips/first.report.json").read_text())
        assert {**again, "created": None} == {**first, "created": None}

    def test_pages_and_films(self, run: Run, here: Path, samples: Path, pose_model: Path) -> None:
        words = ("batch", samples / "side-plank-correct-right.mp4", "-o", "out", "-e", "from-name", "--resume")
        words += ("--end", 2, "--model", pose_model)
        made = ["side-plank-correct-right" + e for e in (".annotated.mp4", ".report.html", ".report.json")]
        assert run(*words, "--no-cache", "--html", "--video").code == 0
        assert sorted(p.name for p in (here / "out/clips").iterdir()) == made
        assert not (here / "out/tracks").exists()
        assert made[0] in (here / "out/clips" / made[1]).read_text()
