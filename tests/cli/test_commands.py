"""The commands as a user types them."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from formcheck import __version__
from formcheck.judging.exercises import exercises
from formcheck.sight.pose.trackfile import read_track, write_track

from ..clips.sample import read, rep_list
from ..commandline import Run

SAMPLE = read("side-plank-small-dip")
CORRECT = read("side-plank-correct-left")


@pytest.fixture
def track(track_of: Callable[..., Path]) -> Path:
    return track_of(SAMPLE.video)


@pytest.mark.smoke
def test_version_and_help(run: Run) -> None:
    assert run("--version").out.split()[-1] == __version__
    text = run("--help").out
    for command in ("analyze", "track", "evaluate", "exercises", "models", "demo", "completion"):
        assert command in text
        helped = run(command, "-h")
        assert helped.code == 0
        assert len(helped.out.splitlines()) > 3


@pytest.mark.smoke
@pytest.mark.parametrize("group", [(), ("models",)])
def test_a_bare_group_prints_its_help_as_it_stands(group: tuple[str, ...], run: Run) -> None:
    bare = run(*group)
    assert (bare.code, bare.err) == (0, "")
    assert bare.out == run(*group, "--help").out
    assert bare.out.startswith(f"Usage: {' '.join(('formcheck', *group))} [OPTIONS] COMMAND")
    assert len(bare.out.splitlines()) > 8 and "\\n" not in bare.out and "..." not in bare.out.split("Commands:")[1]


@pytest.mark.smoke
@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("analize", "x.mp4"), "No such command 'analize'. Did you mean 'analyze'?: see 'formcheck --help'"),
        (("history", "progres"), "No such command 'progres'. Did you mean 'progress'?: see 'formcheck history --help'"),
        (("analyze", "x.mp4", "--exercize", "plane"), "Did you mean '--exercise'?: see 'formcheck analyze --help'"),
        (("exercises", "plain"), "unknown exercise 'plain': did you mean 'plane'? Or choose one of ball-warmup"),
        (("exercises", "handstand"), "unknown exercise 'handstand': choose one of ball-warmup"),
        (("analyze",), "Missing argument 'VIDEO': see 'formcheck analyze --help'"),
    ],
)
def test_what_is_mistyped_is_answered_with_what_is_near(words: tuple[str, ...], complaint: str, run: Run) -> None:
    got = run(*words)
    assert got.code == 2 and complaint in got.complaint


@pytest.mark.smoke
def test_as_a_module_and_without_loading_what_is_heavy() -> None:
    code = (
        "import runpy, sys\n"
        "sys.argv = ['formcheck', '--help']\n"
        "try: runpy.run_module('formcheck', run_name='__main__')\n"
        "except SystemExit as e: print('code', e.code)\n"
        "print('loaded', sorted({'av', 'cv2', 'mediapipe', 'scipy', 'matplotlib', 'PIL', 'rich'} & set(sys.modules)))\n"
    )
    got = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "code 0" in got.stdout
    assert "loaded []" in got.stdout
    assert got.stderr == ""


def test_exercises_are_listed_and_shown(run: Run) -> None:
    listed = run("exercises")
    assert listed.code == 0
    for name, exercise in exercises().items():
        assert name in listed.out
        shown = run("exercises", name).out
        assert exercise.camera[:30] in shown.replace("\n", " ")
        assert all(check.id in shown for check in exercise.checks)
        assert all(limit in shown for limit in exercise.limits)


@pytest.mark.parametrize("name", sorted(exercises()))
def test_limits_printed_as_toml_are_the_defaults(name: str, run: Run) -> None:
    table = tomllib.loads(run("exercises", name, "--toml").out)
    assert list(table) == [name]
    assert table[name] == pytest.approx({k: v.value for k, v in exercises()[name].limits.items()}, rel=1e-4)


def test_limits_from_a_file_change_the_verdict_not_the_measures(run: Run, track: Path, here: Path) -> None:
    text = run("exercises", "side-plank", "--toml").out
    (here / "same.toml").write_text(text, encoding="utf-8")
    asked = ("analyze", track, "-e", "side-plank", "--json", "-")
    plain = json.loads(run(*asked).out)
    same = json.loads(run(*asked, "--limits", "same.toml").out)
    assert same["reps"] == plain["reps"]
    assert plain["counts"]["total"] == 0, "the dips of this clip are too small"
    name = next(n for n, limit in exercises()["side-plank"].limits.items() if n.startswith("dip"))
    (here / "small.toml").write_text(f"[side-plank]\n{name} = 0.001\n")
    small = json.loads(run(*asked, "--limits", "small.toml").out)
    assert small["limits"][name] == 0.001
    assert small["counts"]["total"] > 0
    assert [r["start_s"] for r in small["reps"]] == [r["start_s"] for r in plain["reps"]]


@pytest.mark.smoke
def test_json_on_stdout_is_all_there_is(run: Run, track: Path, here: Path) -> None:
    got = run("analyze", track, "-e", "side-plank", "--json", "-")
    assert (got.code, got.err) == (0, "")
    report = json.loads(got.out)
    assert rep_list(report["reps"]) == SAMPLE.reps
    assert not list(here.iterdir())


def test_json_in_a_file_is_all_that_is_written(run: Run, track: Path, here: Path) -> None:
    assert run("analyze", track, "-e", "side-plank", "--json", "deep/r.json").code == 0
    assert [p.name for p in here.rglob("*") if p.is_file()] == ["r.json"]
    again = run("analyze", track, "-e", "side-plank", "--json", "deep/r.json")
    assert again.code == 2
    assert "--force" in again.complaint


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_track_that_lies_on_its_side_is_put_upright(run: Run, track: Path, here: Path, turn: int) -> None:
    write_track(replace(read_track(track).turned(360 - turn), meta={}), here / "lying.track.npz")
    upright, turned = (
        json.loads(run("analyze", file, "-e", "side-plank", "--json", "-", *option).out)
        for file, option in ((track, ()), ("lying.track.npz", ("--rotate", turn)))
    )
    assert rep_list(turned["reps"]) == rep_list(upright["reps"]) != []
    assert turned["view"] == upright["view"]
    assert [turned["source"][k] for k in ("width", "height", "rotation")] == [
        *(upright["source"][k] for k in ("width", "height")),
        turn,
    ]


def test_a_turn_other_than_a_quarter_is_refused(run: Run, track: Path) -> None:
    got = run("analyze", track, "-e", "side-plank", "--rotate", "45", "--json", "-")
    assert got.code == 2
    assert "45" in got.complaint and "90" in got.complaint


@pytest.mark.smoke
def test_quiet_says_nothing(run: Run, track: Path) -> None:
    got = run("analyze", track, "-e", "side-plank", "-o", "out", "--no-html", "--quiet")
    assert (got.code, got.out, got.err) == (0, "", "")


def test_the_summary_names_what_to_do(run: Run, track: Path) -> None:
    got = run("analyze", track, "-e", "side-plank", "--no-html")
    assert got.code == 0
    assert "0 of 3" in got.out
    assert "small-dip" in got.out
    assert "formcheck-out" in got.out
    assert got.err == ""


def test_what_exists_is_refused_or_replaced(run: Run, track: Path, here: Path) -> None:
    words = ("analyze", track, "-e", "side-plank", "-o", "out", "--no-html", "-q")
    assert run(*words).code == 0
    report = here / "out" / f"{SAMPLE.name}.report.json"
    report.write_text("precious")
    refused = run(*words)
    assert refused.code == 2
    assert "--force" in refused.complaint
    assert report.read_text() == "precious"
    assert run(*words, "--force").code == 0
    assert json.loads(report.read_text())["exercise"] == "side-plank"


def test_a_wrong_exercise_counts_nothing_and_says_so(run: Run, track: Path) -> None:
    got = run("analyze", track, "-e", "plane", "--json", "-")
    report = json.loads(got.out)
    assert (got.code, report["counts"]["total"]) == (0, 0)
    assert any("side-plank" in note for note in report["notes"]), report["notes"]


def test_a_track_of_a_video_and_not_of_a_track(process: Run, run: Run, track: Path, pose_model: Path) -> None:
    got = run("track", track, "-o", "again.track.npz")
    assert got.code == 2
    assert "track already" in got.complaint
    made = process("track", SAMPLE.video, "-o", "new.track.npz", "--end", "2", "--model", pose_model)
    assert (made.code, made.err) == (0, "")
    assert "30 frames" in made.out
    refused = run("track", SAMPLE.video, "-o", "new.track.npz")
    assert refused.code == 2
    assert "--force" in refused.complaint


def test_strictness_moves_limits(run: Run, track: Path) -> None:
    asked = ("analyze", track, "-e", "side-plank", "--json", "-", "--strictness")
    by = {s: json.loads(run(*asked, s).out)["limits"] for s in ("lenient", "normal", "strict")}
    assert by["lenient"] != by["normal"] != by["strict"]


def test_evaluate_scores_clips_and_writes_figures(run: Run, track_of: Callable[..., Path], here: Path) -> None:
    for sample in (SAMPLE, CORRECT):
        (here / f"{sample.name}.track.npz").symlink_to(track_of(sample.video))
        (here / f"{sample.name}.json").write_text(json.dumps(sample.truth))
    got = run("evaluate", ".", "-o", "figures.json")
    assert got.code == 0
    assert "side-plank" in got.out
    figures = json.loads((here / "figures.json").read_text())
    assert figures["schema"].startswith("formcheck.evaluation/")
    assert SAMPLE.name in json.dumps(figures)
    refused = run("evaluate", ".", "-o", "figures.json")
    assert refused.code == 2
    assert "--force" in refused.complaint
    table = run("evaluate", ".", "--markdown").out
    assert table.count("|") > 20


def test_evaluate_across_exercises(run: Run, track_of: Callable[..., Path], here: Path) -> None:
    (here / f"{SAMPLE.name}.track.npz").symlink_to(track_of(SAMPLE.video))
    (here / f"{SAMPLE.name}.json").write_text(json.dumps(SAMPLE.truth))
    got = run("evaluate", ".", "--cross", "-o", "cross.json")
    assert got.code == 0
    figures = json.loads((here / "cross.json").read_text())
    assert figures["schema"] == "formcheck.cross/1"
    assert {p["as"] for p in figures["pairs"]} == set(exercises()) - {"side-plank"}
    assert figures["uncounted"]["value"] == 1


def test_evaluate_without_anything_to_score(run: Run, here: Path) -> None:
    got = run("evaluate", ".")
    assert got.code == 3
    assert got.complaint


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts(shell: str, run: Run) -> None:
    got = run("completion", shell)
    assert got.code == 0
    assert "_FORMCHECK_COMPLETE" in got.out


def test_completion_knows_the_exercises() -> None:
    from click.shell_completion import ShellComplete

    from formcheck.cli import cli

    found = ShellComplete(cli, {}, "formcheck", "_FORMCHECK_COMPLETE").get_completions(["analyze", "x.mp4", "-e"], "pl")
    assert [c.value for c in found] == ["plane"]


def test_models_are_listed(run: Run) -> None:
    out = run("models", "list").out
    assert [line.split()[0] for line in out.splitlines()] == ["full", "lite", "heavy"]


@pytest.mark.smoke
@pytest.mark.xdist_group("demo")
def test_the_demo_shows_the_main_job(process: Run, here: Path, pose_model: Path) -> None:
    got = process("demo", FORMCHECK_MODEL=str(pose_model))
    assert got.code == 0, got.err
    assert "hip-sag" in got.out
    made = {p.name for p in (here / "formcheck-demo").iterdir()}
    assert {f"plane-hip-sag.{s}" for s in ("report.json", "measures.csv", "report.html", "annotated.mp4")} == made


def test_analyze_writes_tables_and_remembers(
    run: Run, here: Path, samples: Path, track_of: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    from formcheck.coaching.history import History
    from formcheck.coaching.history.queries import sessions

    monkeypatch.setenv("FORMCHECK_DATA", str(here / "data"))
    track = track_of(samples / "side-plank-small-dip.mp4")
    for words in ((), ("--force",)):
        got = run("analyze", track, "-e", "side-plank", "-o", "out", "--tables", "--history", "-q", *words)
        assert (got.code, got.err) == (0, "")
    stem = "side-plank-small-dip"
    lines = (here / "out" / f"{stem}.reps.csv").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 4
    assert (here / "out" / f"{stem}.faults.csv").is_file()
    with History.open(here / "data" / "history.sqlite") as history:
        (session,) = sessions(history)
    assert (session.kind, session.reps) == ("analyze", 3), "analysed twice, done once"
