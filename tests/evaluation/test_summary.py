import io
import json

import pytest

from formcheck.evaluation import (
    Hits,
    failed_clip,
    parse_truth,
    print_tables,
    score_clip,
    summarise,
    to_json,
    to_markdown,
)

from .builders import rep, report


def truth(clip, n, exercise="swan", faults=(), **more):
    reps = [rep(10 * i, 10 * i + 5) for i in range(n)]
    return parse_truth({"clip": clip, "exercise": exercise, "reps": reps, "faults": list(faults), **more})


def counted(n):
    return [rep(10 * i, 10 * i + 5) for i in range(n)]


def four_clips():
    return [
        score_clip(report(counted(4)), truth("a", 4)),
        score_clip(report(counted(5), ("jerky",)), truth("b", 4)),
        score_clip(report(counted(0)), truth("c", 2, faults=["jerky"])),
        score_clip(report(counted(2)), truth("d", 0, exercise="plane")),
    ]


def test_counts():
    e = summarise(four_clips())
    s = e.overall
    assert (s.clips, s.failed) == (4, 0)
    assert (s.total_exact.hits, s.total_exact.of) == (1, 4)
    assert s.count_mae.value == pytest.approx((0 + 1 / 4 + 2 / 2 + 2 / 1) / 4)
    assert s.off_by_one.value == 0.5
    assert s.matched == Hits(8, 3, 2)
    assert (s.ok.hits, s.ok.of) == (1, 4)
    assert list(e.by_exercise) == ["plane", "swan"]
    assert e.by_exercise["swan"].count_mae.value == pytest.approx(1.25 / 3)


def test_faults_and_false_faults_on_correct_clips():
    s = summarise(four_clips()).overall
    assert s.faults == Hits(0, 1, 1)
    assert s.fault_ids == {"jerky": Hits(0, 1, 1)}
    assert (s.false_faults.value, s.false_faults.n) == (pytest.approx(1 / 3), 3)
    assert (s.clean.hits, s.clean.of) == (2, 3)


def test_failed_clips_are_wrong_and_do_not_pass_as_clean():
    s = summarise([failed_clip("a", "nobody", truth("a", 1)), failed_clip("b", "no truth")])
    o = s.overall
    assert (o.clips, o.failed, o.total_exact.hits, o.total_exact.of) == (2, 2, 0, 1)
    assert (o.off_by_one.value, o.count_mae.value, o.clean.of) == (0, 1, 0)
    assert list(s.by_exercise) == ["swan"]


def test_blocks_by_clip_and_block():
    blocks = {
        "exercise": "ball-warmup",
        "reps": [rep(0, 1, block="tilt"), rep(2, 3, block="sideways"), rep(4, 5, block="sideways")],
    }
    s = summarise(
        [score_clip(report([rep(0, 1, block="tilt"), rep(2, 3, block="sideways")]), parse_truth(blocks))]
    ).overall
    assert (s.block_exact.hits, s.block_exact.of) == (1, 2)
    assert s.block_mae.value == pytest.approx(0.25)


def test_speed_over_the_clips_that_know_it():
    t = truth("a", 0)
    scores = [
        score_clip({}, t, frames=100, seconds=4.0, inference_seconds=2.0),
        score_clip({}, t, frames=200, seconds=6.0),
        score_clip({}, t),
    ]
    s = summarise(scores).overall
    assert s.frames_per_s == pytest.approx(30)
    assert s.ratio_to_inference == pytest.approx(2)


def test_nothing_to_summarise_gives_no_figures():
    s = summarise([]).overall
    assert (s.total_exact.value, s.count_mae.value, s.matched.precision, s.frames_per_s) == (None,) * 4


def test_json_is_plain_and_complete():
    e = summarise([*four_clips(), failed_clip("x", "nobody found")])
    out = json.loads(json.dumps(to_json(e, lambda: {"created": "now", "schema": "other"}), allow_nan=False))
    assert out["schema"] == "formcheck.evaluation/1"
    assert out["created"] == "now"
    assert out["overall"]["matched"] == {"tp": 8, "fp": 3, "fn": 2, "precision": 0.7273, "recall": 0.8, "f1": 0.7619}
    assert out["by_exercise"]["swan"]["total_exact"] == {"value": 0.3333, "hits": 1, "of": 3}
    by_clip = {c["clip"]: c for c in out["clips"]}
    assert by_clip["b"]["extra"] == ["jerky"]
    assert by_clip["x"]["failed"] == "nobody found"


def test_markdown_has_a_row_a_clip_and_an_exercise():
    lines = to_markdown(summarise([*four_clips(), failed_clip("x", "nobody found")])).splitlines()
    assert any(line.startswith("| b | 5/4 |") and "jerky" in line for line in lines)
    assert any(line.startswith("| plane | 1 |") for line in lines)
    assert any(line.startswith("| all | 5 (1 failed) |") for line in lines)
    assert "- x: failed: nobody found" in lines
    widths = {line.count("|") for line in lines[2:8]}
    assert len(widths) == 1


def test_the_terminal_shows_what_the_markdown_shows():
    rich = pytest.importorskip("rich.console")
    console = rich.Console(width=200, record=True, file=io.StringIO())
    print_tables(summarise(four_clips()), console)
    text = console.export_text()
    assert "5/4" in text
    assert "Reps by exercise" in text
