"""What the documents say is so: commands exist, links lead somewhere, the example exercise works as written."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import numpy as np
import pytest

from formcheck import __version__
from formcheck.cli import COMMANDS, cli
from formcheck.coaching.coach.phrases import read_texts
from formcheck.judging.exercises import ROUTINE, exercises
from formcheck.judging.session.session import Session
from formcheck.sight.pose.landmarks import JOINT
from formcheck.sight.pose.types import Observation, Pose

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = [
    *sorted(ROOT.glob("*.md")),
    *sorted((ROOT / "docs").glob("*.md")),
    *(ROOT / d / "README.md" for d in ("sample_videos", "models")),
]
TEXTS = {d.relative_to(ROOT).as_posix(): d.read_text(encoding="utf-8") for d in DOCUMENTS}


def commands(text: str) -> Iterator[str]:
    """Give the formcheck commands of a document: in code blocks, indented or fenced, and in back ticks."""
    text = re.sub(r"```(?:python|toml|json).*?```", "", text, flags=re.DOTALL)
    for found in re.finditer(r"(?:^ {4}|^|&& |`)(?:\S*/bin/)?formcheck( [^`\n]+)(?:`|$)", text, re.MULTILINE):
        line = re.split(r"\s{2,}|\s#|\s>", found.group(1).strip())[0]
        if re.match(r"[a-z]+( |$)", line) and line.split()[0] in COMMANDS:
            yield line


@pytest.mark.parametrize("name", TEXTS)
def test_commands_in_the_documents_exist(name: str) -> None:
    for line in commands(TEXTS[name]):
        words = shlex.split(line)
        context = click.Context(cli)
        command = cli.get_command(context, words.pop(0))
        assert command is not None
        while isinstance(command, click.Group) and words and words[0] in command.commands:
            command = command.commands[words.pop(0)]
        known = {o for p in command.params for o in p.opts} | {"-h", "--help"}
        wrong = [w for w in words if re.match(r"--?[a-z]", w) and w not in known]
        assert not wrong, f"formcheck {line}"


def test_the_command_finder_finds() -> None:
    text = "Do:\n\n    formcheck analyze x.mp4 -e plane   # judge\n\nor `formcheck demo` and\nformcheck is nice."
    assert list(commands(text)) == ["analyze x.mp4 -e plane", "demo"]
    assert sum(len(list(commands(t))) for t in TEXTS.values()) > 10


@pytest.mark.parametrize("name", TEXTS)
def test_links_lead_somewhere(name: str) -> None:
    folder = (ROOT / name).parent
    text = TEXTS[name]
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        path, _, anchor = target.partition("#")
        if re.match(r"https?:", path):
            continue
        file = folder / path if path else ROOT / name
        if file.parent == ROOT / "docs" / "notebooks":  # made of the notebook by the build of the documentation
            file = ROOT / "notebooks" / f"{file.stem}.ipynb"
        assert file.exists(), target
        if anchor:
            heads = re.findall(r"^#+ (.*)$", file.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in {re.sub(r"[^\w\- ]", "", h).lower().replace(" ", "-") for h in heads}, target


def test_readme_tells_the_exit_codes_and_exercises_there_are() -> None:
    text = TEXTS["README.md"]
    table = dict(re.findall(r"^\| (\d+) \| (.+?) \|$", text, re.MULTILINE))
    assert set(table) == {"0", "1", "2", "3", "4", "5", "130"}
    for exercise in ROUTINE:
        assert f"`{exercise.id}`" in text


def test_the_two_commands_are_one_line_each_and_ci_runs_the_second() -> None:
    text = TEXTS["README.md"]
    main, tests = (
        re.findall(rf"^<!-- {what} -->\n```sh\n(.+)\n```$", text, re.MULTILINE) for what in ("main job", "tests")
    )
    assert len(main) == len(tests) == 1
    assert "pip install" in main[0]
    assert main[0].endswith("formcheck demo")
    assert "pytest" in tests[0]
    assert "<!-- tests -->" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_changelog_knows_this_version() -> None:
    versions = re.findall(r"^## \[(\d+\.\d+\.\d+)\]", TEXTS["CHANGELOG.md"], re.MULTILINE)
    assert versions[0] == __version__


# ---- the exercise of CONTRIBUTING.md ------------------------------------------------


def block(language: str, file: str) -> str:
    """Return the code under the heading that names a file."""
    text = TEXTS["CONTRIBUTING.md"].partition(f". `{file}`**")[2]
    return str(re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)[0])


@pytest.fixture
def knee_lift(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The package of CONTRIBUTING.md as if it were installed; gives the id of its exercise."""
    points = re.search(r'\[project\.entry-points\."(.+?)"\]\n(.+)', block("toml", "pyproject.toml"))
    assert points is not None
    (tmp_path / "knee-lift.pl.toml").write_text(block("toml", "knee-lift.pl.toml"), encoding="utf-8")
    (tmp_path / "knee_lift.py").write_text(block("python", "knee_lift.py"), encoding="utf-8")
    info = tmp_path / "formcheck_knee_lift-0.1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: formcheck-knee-lift\nVersion: 0.1.0\n")
    (info / "entry_points.txt").write_text(f"[{points[1]}]\n{points[2].replace(chr(34), '')}\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    exercises.cache_clear()
    yield "knee-lift"
    sys.modules.pop("knee_lift", None)
    exercises.cache_clear()


def standing(t: float, left: float, right: float, lean: float = 0.0) -> Observation:
    """A stick figure seen from its right side, hips bent by so many degrees, 100 px a torso."""
    hip, torso, thigh, shank = np.array([320.0, 200.0]), 100.0, 80.0, 80.0
    up = np.array([np.sin(np.radians(lean)), -np.cos(np.radians(lean))])
    points = {"hip": {"left": hip, "right": hip}}
    points["shoulder"] = dict.fromkeys(("left", "right"), hip + torso * up)
    points["ear"] = dict.fromkeys(("left", "right"), hip + 1.4 * torso * up)
    points["elbow"] = dict.fromkeys(("left", "right"), hip + 0.5 * torso * up)
    points["wrist"] = {"left": hip, "right": hip}
    points["knee"], points["ankle"] = {}, {}
    for side, bend in (("left", left), ("right", right)):
        a = np.radians(bend)
        points["knee"][side] = hip + thigh * np.array([np.sin(a), np.cos(a)])
        points["ankle"][side] = points["knee"][side] + np.array([0.0, shank])
    image, world = np.zeros((33, 4)), np.zeros((33, 4))
    image[:, :2] = hip + 1.4 * torso * up
    # No body is the same to the last digit in two pictures: that would be one that stood still.
    image[:, 3] = world[:, 3] = 0.95 - 1e-4 * (t % 1)
    for joint, sides in points.items():
        for side, p in sides.items():
            image[JOINT[joint][side], :2] = p
            # The right side is nearer: less depth.
            world[JOINT[joint][side], :3] = [0.0, 0.0, -0.15 if side == "right" else 0.15]
    return Observation(t, Pose(image, world), (640, 480))


def test_the_example_exercise_works_as_written(knee_lift: str) -> None:
    exercise = exercises()[knee_lift]
    session = Session(exercise)
    lifts = [("left", 88.0), ("right", 86.0), ("left", 45.0)]
    for k in range(int(15 * (2 + 4 * len(lifts)))):
        t = k / 15
        bend = {"left": 2.0, "right": 2.0}
        n, phase = divmod(t - 2.0, 4.0)
        if 0 <= n < len(lifts) and phase < 2.0:
            side, height = lifts[int(n)]
            bend[side] += (height - 2.0) * np.sin(np.pi * phase / 2.0) ** 2
        session.update(standing(t, bend["left"], bend["right"]))
    session.finish()
    assert [(r.side, r.counted) for r in session.judge.reps] == [("left", True), ("right", True), ("left", False)]
    assert [[f.id for f in r.faults] for r in session.judge.reps] == [[], [], ["too-low"]]
    assert session.judge.reps[0].start_s == pytest.approx(2.0, abs=0.4)


def test_the_example_exercise_sees_a_leaning_trunk(knee_lift: str) -> None:
    session = Session(exercises()[knee_lift])
    for k in range(90):
        lifted = 2.0 + 83.0 * min(max(2.0 - abs(k - 60) / 7, 0.0), 1.0)
        session.update(standing(k / 15, lifted, 2.0, lean=25.0 if k > 30 else 0.0))
    session.finish()
    assert {f.id for f in session.judge.all_faults()} == {"trunk-lean"}


def test_what_it_is_for_is_one_paragraph_everywhere() -> None:
    for name in ("README.md", "docs/limits.md", "docs/index.md"):
        assert read_texts("en")["purpose"] in " ".join(TEXTS[name].split()), name
