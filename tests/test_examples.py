"""The example package adds its exercise as installed, judges by its own tests, and is the one CONTRIBUTING.md shows."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from formcheck.judging.exercises import ROUTINE
from formcheck.judging.exercises.plugins import GROUP

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE = ROOT / "examples" / "formcheck-knee-lift"
PROJECT = tomllib.loads((EXAMPLE / "pyproject.toml").read_text(encoding="utf-8"))
POINTS = PROJECT["project"]["entry-points"][GROUP]
MODULES = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["include"]


def run(folder: Path, *words: str, path: list[Path]) -> subprocess.CompletedProcess[str]:
    """Run Python in a folder, with these folders and formcheck importable, and nothing of this test session's own."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST_", "COV_"))}
    env["PYTHONPATH"] = os.pathsep.join(map(str, [*path, ROOT]))
    env["PYTHONDONTWRITEBYTECODE"] = "1"
    env["PYTHONIOENCODING"] = "utf-8"
    command = [sys.executable, *words]
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, encoding="utf-8", check=False)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A folder with what an installer writes: the modules, and beside them the metadata with the entry points."""
    folder = tmp_path / "site"
    name, version = PROJECT["project"]["name"].replace("-", "_"), PROJECT["project"]["version"]
    info = folder / f"{name}-{version}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {PROJECT['project']['name']}\nVersion: {version}\n")
    (info / "entry_points.txt").write_text("\n".join([f"[{GROUP}]", *(f"{k} = {v}" for k, v in POINTS.items())]) + "\n")
    for module in MODULES:
        shutil.copy(EXAMPLE / module, folder)
    return folder


def test_its_own_tests_pass(tmp_path: Path) -> None:
    copy = tmp_path / "package"
    shutil.copytree(EXAMPLE, copy, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    done = run(copy, "-m", "pytest", "-q", "-p", "no:cacheprovider", path=[copy])
    assert done.returncode == 0, done.stdout
    assert re.search(r"^\d+ passed", done.stdout, re.MULTILINE), "none failed, none skipped"


def test_formcheck_lists_it_after_its_own(site: Path, tmp_path: Path) -> None:
    done = run(tmp_path, "-m", "formcheck", "exercises", path=[site])
    assert done.returncode == 0, done.stderr
    ids = [line.split()[0] for line in done.stdout.splitlines()[1:-1]]
    # Other packages may be installed here, too.
    assert ids[: len(ROUTINE)] == [e.id for e in ROUTINE]
    assert ids[len(ROUTINE) :].count("knee-lift") == 1


def test_formcheck_shows_it(site: Path, tmp_path: Path) -> None:
    done = run(tmp_path, "-m", "formcheck", "exercises", "knee-lift", path=[site])
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("knee-lift: Standing knee lift")
    for words in ("At your side", "trunk-lean", "Stay tall.", "too-low", "under 75 deg", "least_effort"):
        assert words in done.stdout
    toml = run(tmp_path, "-m", "formcheck", "exercises", "knee-lift", "--toml", path=[site])
    assert tomllib.loads(toml.stdout)["knee-lift"]["lift_deg"] == 75


def test_formcheck_judges_a_track_as_it_and_writes_the_page(site: Path, tmp_path: Path) -> None:
    film = (
        "from test_knee_lift import clock, film, swing; from formcheck.sight.pose.trackfile import write_track\n"
        "t = clock(9.0); write_track(film(t, swing(t, 2.0, 88.0), swing(t, 5.0, 60.0)), 'me.track.npz')"
    )
    made = run(tmp_path, "-c", film, path=[site, EXAMPLE / "tests"])
    assert made.returncode == 0, made.stderr
    words = ("analyze", "me.track.npz", "-e", "knee-lift", "-o", "out", "--quiet")
    done = run(tmp_path, "-m", "formcheck", *words, path=[site])
    assert done.returncode == 0, done.stderr
    report = json.loads((tmp_path / "out" / "me.report.json").read_text(encoding="utf-8"))
    assert report["counts"] == {"total": 1, "left": 1, "right": 0}
    assert [f["id"] for f in report["faults"]] == ["too-low"]
    assert "Raise your knee to hip height." in (tmp_path / "out" / "me.report.html").read_text(encoding="utf-8")


def test_it_speaks_polish_and_is_followed_drawn_and_explained(site: Path, tmp_path: Path) -> None:
    program = """
from formcheck.coaching.coach.corrections import Corrections
from formcheck.coaching.coach.phrases import Phrases
from formcheck.coaching.history.figures import figures
from formcheck.judging.exercises import get_exercise
e, pl = get_exercise("knee-lift"), Phrases("pl")
print(pl.title(e), pl.cue(e, "too-low"), pl.cue(e, "too-low", "written"), pl.mended(e, "too-low"), sep="|")
print(pl.localise(e).checks[1].cue, pl.labels(e)["measures"]["lean"], Phrases("en").cue(e, "too-low"), sep="|")
print(*[(f.key, f.unit) for f in figures("knee-lift")], sep="|")
print(*[type(e.drawing.sketch_of(c)).__name__ for c in e.checks], e.uncounting)
"""
    done = run(tmp_path, "-X", "utf8", "-c", program, path=[site])
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "Unoszenie kolana|Kolano wyżej.|Unieś kolano do wysokości biodra.|Dobrze, teraz wysoko.",
        "Unieś kolano do wysokości biodra.|tułów|Raise your knee to hip height.",
        "('counted', '')|('clean', '')|('lift', 'deg')|('score', '')",
        "Tilt Tilt ('too-low',)",
    ]


# ---- the same as in CONTRIBUTING.md ---------------------------------------------------


def block(language: str, file: str) -> str:
    """Return the code under the heading that names a file."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").partition(f". `{file}`**")[2]
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)[0]


def lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.strip().splitlines()]


def missing(part: dict[str, Any], whole: dict[str, Any], where: str = "") -> list[str]:
    """Return what of *part* is not in *whole*, or is something else there."""
    out = []
    for key, value in part.items():
        if isinstance(value, dict) and isinstance(whole.get(key), dict):
            out += missing(value, whole[key], f"{where}{key}.")
        elif whole.get(key) != value:
            out.append(f"{where}{key}")
    return out


def test_its_code_is_the_code_of_contributing() -> None:
    assert lines((EXAMPLE / "knee_lift.py").read_text(encoding="utf-8")) == lines(block("python", "knee_lift.py"))


def test_its_polish_texts_are_those_of_contributing() -> None:
    text = (EXAMPLE / "knee-lift.pl.toml").read_text(encoding="utf-8")
    assert lines(text) == lines(block("toml", "knee-lift.pl.toml"))


def test_its_project_file_is_that_of_contributing_and_how_to_test_it() -> None:
    shown = tomllib.loads(block("toml", "pyproject.toml"))
    assert missing(shown, PROJECT) == []
    assert missing(PROJECT, shown) == ["tool.pytest"]


def test_the_wheel_holds_the_module_of_the_entry_point() -> None:
    for name, point in POINTS.items():
        module, _, cls = point.partition(":")
        assert f"{module}.py" in MODULES
        code = (EXAMPLE / f"{module}.py").read_text(encoding="utf-8")
        assert f"class {cls}(Exercise)" in code
        assert f'id = "{name}"' in code
