import json
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from formcheck.errors import InputError, NoPersonError
from formcheck.evaluation.discovery import discover, read_measures
from formcheck.evaluation.run import cross_pairs, evaluate_cross, evaluate_paths

from .builders import rep, report


@dataclass
class Analysis:
    report: dict
    measures: dict = field(default_factory=lambda: {"t": np.zeros(0)})
    frames: int = 50
    seconds: float = 2.0
    inference_seconds: float | None = 1.0


def put(folder: Path, name: str, truth: object | None = None) -> Path:
    video = folder / name
    video.parent.mkdir(parents=True, exist_ok=True)
    video.write_bytes(b"")
    if truth is not None:
        stem = video.name.split(".", maxsplit=1)[0]
        (video.parent / f"{stem}.json").write_text(json.dumps(truth))
    return video


ONE = {"exercise": "swan", "reps": [rep(0, 5)], "faults": []}


def one_rep(path, exercise):
    return Analysis(report([rep(0, 5)], exercise=exercise))


def test_folders_are_searched_for_clips_with_truth(tmp_path):
    put(tmp_path, "b.mp4", ONE)
    put(tmp_path, "deep/a.MOV", ONE)
    put(tmp_path, "no-truth.mp4")
    (tmp_path / "notes.json").write_text("{}")
    assert [i.source.name for i in discover([tmp_path])] == ["b.mp4", "a.MOV"]


def test_a_clip_is_taken_once_and_before_its_track_and_report(tmp_path):
    video = put(tmp_path, "a.mp4", ONE)
    put(tmp_path, "a.track.npz")
    put(tmp_path, "a.report.json")
    put(tmp_path, "b.track.npz", ONE)
    assert [i.source.name for i in discover([tmp_path, video])] == ["a.mp4", "b.track.npz"]


def test_a_truth_file_stands_for_its_clip(tmp_path):
    put(tmp_path, "a.report.json")
    video = put(tmp_path, "a.mp4", ONE)
    assert [i.source for i in discover([tmp_path / "a.json"])] == [video]


def test_nothing_to_evaluate_is_an_error(tmp_path):
    with pytest.raises(InputError, match="no clip with a truth file"):
        discover([tmp_path])
    with pytest.raises(InputError, match="no such file"):
        discover([tmp_path / "gone.mp4"])
    (tmp_path / "alone.json").write_text(json.dumps(ONE))
    with pytest.raises(InputError, match="beside it"):
        discover([tmp_path / "alone.json"])


def test_clips_are_analysed_as_the_exercise_in_their_truth(tmp_path):
    put(tmp_path, "a.mp4", ONE)
    put(tmp_path, "b.mp4", ONE | {"exercise": "plane"})
    asked = []

    def analyse(path, exercise):
        asked.append((path.name, exercise))
        return one_rep(path, exercise)

    e = evaluate_paths([tmp_path], analyse)
    assert asked == [("a.mp4", "swan"), ("b.mp4", "plane")]
    assert e.overall.ok.value == 1
    assert e.overall.frames_per_s == 25
    assert e.overall.ratio_to_inference == 2


def test_one_clip_that_fails_does_not_stop_the_rest(tmp_path):
    for name in ("a", "b", "d"):
        put(tmp_path, f"{name}.mp4", ONE)
    (tmp_path / "b.json").write_text("{broken")
    bare = put(tmp_path, "c.mp4")

    def analyse(path, exercise):
        if path.stem == "a":
            raise NoPersonError("a.mp4: nobody in it", "come closer")
        return one_rep(path, exercise)

    done = []
    e = evaluate_paths([tmp_path, bare], analyse, lambda i, n, s: done.append((i, n, s.clip)))
    assert done == [(1, 4, "a"), (2, 4, "b"), (3, 4, "d"), (4, 4, "c")]
    failed = {s.clip: s.failed for s in e.clips if s.failed}
    assert failed["a"] == "a.mp4: nobody in it: come closer"
    assert "not JSON" in failed["b"]
    assert "no truth file" in failed["c"]
    assert (e.overall.clips, e.overall.failed, e.overall.ok.hits) == (4, 3, 1)


def test_an_interruption_keeps_what_was_finished(tmp_path):
    put(tmp_path, "a.mp4", ONE)
    put(tmp_path, "b.mp4", ONE)

    def analyse(path, exercise):
        if path.stem == "b":
            raise KeyboardInterrupt
        return one_rep(path, exercise)

    e = evaluate_paths([tmp_path], analyse)
    assert e.interrupted
    assert [s.clip for s in e.clips] == ["a"]


def never(path, exercise):
    raise AssertionError("a finished report must not be analysed again")


def test_finished_reports_are_scored_with_their_measures(tmp_path):
    truth = ONE | {"camera": {"near_side": "left"}}
    (tmp_path / "a.json").write_text(json.dumps(truth))
    np.savez(tmp_path / "a.npz", t=[0.0, 1.0], angle_knee_left=[90.0, 90.0])
    (tmp_path / "a.report.json").write_text(json.dumps(report([rep(0, 5)])))
    (tmp_path / "a.measures.csv").write_text("t_s,pose,view,knee_left\n0.0,1,side,93\n1.0,0,side,\n")
    e = evaluate_paths([tmp_path / "a.report.json"], never)
    assert e.clips[0].ok
    assert e.overall.angles["knee"].mae == pytest.approx(3)
    assert e.overall.frames_per_s is None


def test_the_truth_of_a_report_may_lie_beside_its_video(tmp_path):
    video = put(tmp_path, "in/a.mp4", ONE)
    put(tmp_path, "out/a.report.json").write_text(json.dumps(report([rep(0, 5)], source={"path": str(video)})))
    assert evaluate_paths([tmp_path / "out" / "a.report.json"], never).clips[0].ok


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "not a readable report"),
        ("[]", "not a report"),
        ('{"schema": "formcheck.report/2"}', "formcheck.report/2"),
        ('{"schema": "formcheck.report/1", "faults": [{}]}', "does not follow its schema"),
    ],
)
def test_a_broken_report_is_recorded_as_failed(tmp_path, text, says):
    (tmp_path / "a.json").write_text(json.dumps(ONE))
    (tmp_path / "a.report.json").write_text(text)
    score = evaluate_paths([tmp_path / "a.report.json"], never).clips[0]
    assert says in score.failed


def test_measures_without_times_are_refused(tmp_path):
    (tmp_path / "a.csv").write_text("knee_left\n3\n")
    with pytest.raises(InputError, match="no column `t_s`"):
        read_measures(tmp_path / "a.csv")


def test_cross_pairs_leave_out_the_own_exercise_and_take_turns(tmp_path):
    put(tmp_path, "a.mp4", ONE)
    put(tmp_path, "b.mp4", ONE)
    names = ["swan", "plane", "toe-squat"]
    assert [p[1:] for p in cross_pairs([tmp_path], names)] == [("swan", "plane"), ("swan", "toe-squat")] * 2
    assert [p[2] for p in cross_pairs([tmp_path], names, per_clip=1)] == ["plane", "toe-squat"]


def test_cross_counts_the_quiet_ones(tmp_path):
    answers = {
        "plane": Analysis(report([], notes=["not in position"])),  # as it should be
        "toe-squat": Analysis(report([])),  # nothing counted, but nothing said
        "side-plank": Analysis(report([rep(0, 1)], notes=["far away"])),  # made up
    }

    def analyse(path, exercise):
        if exercise == "ball-kneel":
            raise NoPersonError("nobody", "come closer")
        return answers[exercise]

    pairs = [(Path("a.mp4"), "swan", other) for other in (*answers, "ball-kneel")]
    e = evaluate_cross(pairs, analyse)
    assert (e.quiet.hits, e.quiet.of) == (1, 3)
    assert (e.uncounted.hits, e.uncounted.of) == (2, 3)
    out = e.to_json()
    assert out["failed"] == 1
    assert [p["quiet"] for p in out["pairs"]] == [True, False, False, False]
