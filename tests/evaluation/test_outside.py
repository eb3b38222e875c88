"""Movements outside the routine: nothing may be counted, whatever they are taken for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from formcheck.errors import NoPersonError
from formcheck.evaluation.run import Extras, evaluate_paths
from formcheck.judging.exercises import exercises

from .builders import fault, rep, report
from .test_run import Analysis, put

LUNGE = {"exercise": None, "reps": [], "tempting": ["toe-squat"], "attempts_ok": ["toe-squat"], "never": ["shallow"]}


def judged(folder: Path, truth: dict[str, Any], says: dict[str, Any]):
    """Evaluate one clip of which the report as an exercise (or ``auto``) is given; nothing is seen as the others."""
    put(folder, "a.mp4", truth)

    def analyse(path, exercise):
        got = says.get(exercise, report([], exercise=None if exercise == "auto" else exercise))
        if isinstance(got, Exception):
            raise got
        return Analysis(got)

    return evaluate_paths([folder], analyse)


def test_it_is_judged_as_every_exercise_the_nearest_first_and_recognised(tmp_path):
    asked = []
    put(tmp_path, "a.mp4", LUNGE)

    def analyse(path, exercise):
        asked.append(exercise)
        return Analysis(report([], exercise=None if exercise == "auto" else exercise))

    k = evaluate_paths([tmp_path], analyse).by_kind["real"]
    assert asked[:2] == ["auto", "toe-squat"]
    assert sorted(asked[1:]) == sorted(exercises())
    assert ((k.tempted.hits, k.tempted.of), (k.taken.hits, k.taken.of)) == ((1, 1), (9, 9))
    assert (k.auto_quiet.hits, k.auto_right.hits, k.auto_wrong, k.outside) == (1, 1, 0, 1)


def test_what_is_counted_is_told_for_the_nearest_for_any_and_for_auto(tmp_path):
    counted = report([rep(0, 1), rep(2, 3)], exercise="ball-warmup")
    e = judged(tmp_path, LUNGE, {"ball-warmup": counted, "auto": counted})
    k = e.by_kind["real"]
    assert (k.tempted.hits, k.taken.hits, k.taken.of) == (1, 8, 9)
    assert (k.auto_quiet.hits, k.auto_right.hits, k.auto_wrong) == (0, 0, 1)
    assert e.clips[0].why == ("as ball-warmup: 2 counted", "auto: taken for ball-warmup, 2 counted")
    assert not e.clips[0].ok


def test_attempts_not_counted_are_acceptable_where_the_truth_says_so(tmp_path):
    attempts = report([rep(0, 1, counted=False)], exercise="toe-squat")
    fine = judged(tmp_path / "a", LUNGE, {"toe-squat": attempts})
    not_fine = judged(tmp_path / "b", LUNGE | {"attempts_ok": []}, {"toe-squat": attempts})
    assert [e.by_kind["real"].attempts_outside for e in (fine, not_fine)] == [0, 1]
    assert fine.clips[0].why == ()
    assert not_fine.clips[0].why == ("as toe-squat (near): 1 attempts listed",)


def test_faults_that_must_never_be_named_count_for_the_nearest_exercises_only(tmp_path):
    said = {i: report([], ("shallow", "arms-drop"), exercise=i) for i in ("toe-squat", "plane")}
    assert judged(tmp_path / "a", LUNGE, {"plane": said["plane"]}).by_kind["real"].never == 0
    assert judged(tmp_path / "b", LUNGE, said).by_kind["real"].never == 1


def test_without_tempting_ones_every_exercise_is_near(tmp_path):
    k = judged(tmp_path, {"exercise": None, "reps": []}, {"swan": report([rep(0, 1)], exercise="swan")}).by_kind["real"]
    assert (k.tempted.hits, k.tempted.of) == (8, 9)


def test_where_nobody_is_found_nothing_is_counted(tmp_path):
    nobody = NoPersonError("nobody was found in a.mp4", "come closer")
    k = judged(tmp_path, LUNGE, dict.fromkeys((*exercises(), "auto"), nobody)).by_kind["real"]
    assert (k.taken.hits, k.taken.of, k.auto_quiet.hits) == (9, 9, 1)


def test_movements_outside_enter_no_other_figure(tmp_path):
    e = judged(tmp_path, LUNGE, {"toe-squat": report([rep(0, 1, faults=[fault("jerky")])], exercise="toe-squat")})
    k = e.by_kind["real"]
    assert (k.exact.of, k.extra, k.right.of, e.overall.clips, e.by_exercise) == (0, 0, 0, 0, {})


def test_a_finished_report_of_one_is_scored_as_what_it_was_judged_as(tmp_path):
    (tmp_path / "a.json").write_text(json.dumps(LUNGE))
    (tmp_path / "a.report.json").write_text(json.dumps(report([rep(0, 1)], exercise="toe-squat")))
    e = evaluate_paths([tmp_path / "a.report.json"], lambda *_: None)
    assert (e.by_kind["real"].tempted.hits, e.by_kind["real"].tempted.of) == (0, 1)


def test_the_exercise_of_other_clips_is_recognised_where_asked_for(tmp_path):
    truth = {"exercise": "swan", "reps": [rep(0, 1)]}
    for name, seen in (("a", "swan"), ("b", "plane"), ("c", None)):
        put(tmp_path, f"{name}.mp4", truth | {"clip": name, "seen": seen})

    def analyse(path, exercise):
        seen = json.loads(path.with_suffix(".json").read_text())["seen"]
        return Analysis(report([rep(0, 1)], exercise=seen if exercise == "auto" else exercise))

    k = evaluate_paths([tmp_path], analyse, plan=Extras(auto=True)).by_kind["real"]
    assert (k.auto_right.hits, k.auto_right.of, k.auto_wrong) == (1, 3, 1)
    assert evaluate_paths([tmp_path], analyse).by_kind["real"].auto_right.of == 0
