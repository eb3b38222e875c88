"""Exercises of other packages: whatever one of them does, it is named, and the others go on."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from formcheck import doctor
from formcheck.errors import PluginError
from formcheck.judging.exercises import ROUTINE, exercises, get_exercise, plugins
from formcheck.live.app import Live
from formcheck.sight.pose.types import Pose, Track
from formcheck.sight.video.writer import VideoWriter

from ...batch.clips import put, results, side_plank
from ...commandline import ROOT, Run

OWN = [e.id for e in ROUTINE]
#: The example of CONTRIBUTING.md.
SOUND = re.findall(r"```python\n(.*?)```", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), re.DOTALL)[0]
Install = Callable[..., None]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Install a package ``acme-knee`` of one module, with an entry point."""
    made = []

    def go(code: str, name: str = "knee-lift", module: str = "acme_knee", package: str = "acme-knee") -> None:
        site = tmp_path / f"site-{package}"
        info = site / f"{package.replace('-', '_')}-1.0.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[{plugins.GROUP}]\n{name} = {module}:KneeLift\n")
        (site / f"{module}.py").write_text(code, encoding="utf-8")
        monkeypatch.syspath_prepend(str(site))
        made.append(module)
        exercises.cache_clear()

    yield go
    for module in made:
        sys.modules.pop(module, None)
    monkeypatch.undo()
    exercises.cache_clear()
    exercises()


def method(name: str, body: str) -> str:
    """The sound exercise with another method; every body is in its position, from wherever it is seen."""
    anywhere = SOUND.replace("    position = (", "    position = () and (").replace(
        "    start = (", "    start = () and ("
    )
    assert anywhere.count("= () and (") == 2
    code = anywhere.replace('("side",)', '("side", "front")')
    return f"{code}\n    def {name}(self, *a, **k):\n        {body}\n"


BROKEN_AT_LOAD = {
    "raises at import": ('raise RuntimeError("boom\\nsecond line")', "RuntimeError: boom"),
    "misses a package": ("import nonexistent_thing", "ModuleNotFoundError"),
    "is no Python": ("def (", "SyntaxError"),
    "leaves the program": ("import sys\nsys.exit(3)", "SystemExit: 3"),
    "raises what is no Exception": ("class Odd(BaseException): ...\nraise Odd", "Odd"),
    "raises when made": (SOUND.replace("    id =", "    def __init__(self): raise ValueError('no')\n    id ="), "no"),
    "is no Exercise": ('class KneeLift:\n    id = "knee-lift"\n', "expected an Exercise, got a KneeLift"),
    "is a number": ("KneeLift = 3", "TypeError"),
    "lacks methods": (SOUND.split("    def signals")[0], "abstract"),
    "lacks attributes": (SOUND.replace('    title = "Standing knee lift"\n', ""), "title: expected a text"),
    "has an id that is none": (SOUND.replace('id = "knee-lift"', 'id = "knee\\nlift"'), "id: expected a name"),
    "has an id that means something": (SOUND.replace('id = "knee-lift"', 'id = "auto"'), "id: expected a name"),
    "has the id of another": (SOUND.replace('id = "knee-lift"', 'id = "plane"'), "another exercise has the id plane"),
    "has no view": (SOUND.replace('views = ("side",)', "views = ()"), "views: expected at least one"),
    "has an odd view": (SOUND.replace('views = ("side",)', 'views = ("top",)'), "views: expected of side"),
    "has a number for a limit": (re.sub(r'Limit\(15.0, "deg", ".*?", 6.0\)', "15.0", SOUND), "expected a Limit"),
    "has a check of no limit": (SOUND.replace('"lean_deg", "Stay', '"lean", "Stay'), "there is no limit 'lean'"),
    "prescribes nothing": (SOUND.replace("reps=10", "reps=0"), "prescription.reps"),
    "cannot be judged by": (method("cycles", "return 1 / 0"), "ZeroDivisionError"),
    "follows what does not decide": (SOUND.replace('Followed("lift"', 'Followed("lift_left"'), "followed: expected"),
    "does not count for no fault": (
        SOUND.replace("    followed = (", '    uncounting = ("low",)\n    followed = ('),
        "uncounting",
    ),
    "says what nobody can fill in": (
        SOUND.replace("{limit:g} are", "{most:g} are"),
        "too-low.uncounts: cannot fill in",
    ),
    "is sure by no limit": (SOUND.replace('sense="below",', 'sense="below", slack="odd",'), "there is no limit 'odd'"),
    "explains in half": (SOUND.replace('("deg", "raised thigh at its highest")', '"deg"'), "decided.lift: expected"),
    "draws no joint": (
        SOUND.replace('Tilt("hip", "knee"', 'Tilt("hip", "toe"'),
        "sketches.too-low: expected of",
    ),
    "draws no shape": (SOUND.replace('Tilt("hip", "knee", PLUMB)', "3"), "drawing.sketches.too-low: expected a Bend"),
    "prints escape codes": (SOUND.replace('"Standing knee lift"', '"Knee\\x1b[31m"'), "title: expected one line"),
}
#: Sees every attempt at a side plank, and cannot say what to make of it.
NO_VERDICT = """
from formcheck.judging.exercises.side_plank import SidePlank

class KneeLift(SidePlank):
    id = "knee-lift"

    def conclude(self, a, limits, before):
        return 1 / 0
"""
BROKEN_LATER = {
    "conclude": (NO_VERDICT, "ZeroDivisionError"),
    "conclude, leaving": (NO_VERDICT.replace("return 1 / 0", "raise SystemExit(0)"), "SystemExit"),
    "conclude of another kind": (NO_VERDICT.replace("1 / 0", "'good'"), "Error"),
    "signals": (method("signals", "return 1 / 0"), "ZeroDivisionError"),
    "signals, leaving": (method("signals", "raise SystemExit(1)"), "SystemExit"),
    "signals of another length": (method("signals", 'return {"lean": np.zeros(1)}'), "Error"),
    "signals that are texts": (method("signals", 'return {"lean": "x"}'), "Error"),
    "effort": (method("effort", 'raise KeyError("lean")'), "KeyError"),
}


def test_one_with_a_damaged_file_beside_it_is_left_out_and_the_file_named(install: Install, tmp_path: Path) -> None:
    install(SOUND)
    (tmp_path / "site-acme-knee" / "knee-lift.pl.toml").write_text('[cues]\ntoo-high = "Nie tak wysoko."\n')
    assert list(exercises()) == OWN
    (line,) = plugins.left_out()
    assert "package acme-knee cannot be used" in line
    assert "knee-lift.pl.toml: the exercise has no fault 'too-high'" in line


@pytest.mark.parametrize("how", BROKEN_AT_LOAD)
def test_one_that_cannot_be_loaded_is_fatal_only_where_it_is_asked_for(how: str, install: Install, run: Run) -> None:
    code, cause = BROKEN_AT_LOAD[how]
    install(code)
    assert list(exercises()) == OWN
    (line,) = plugins.left_out()
    assert "acme-knee" in line
    assert cause in line
    listed = run("exercises")
    assert listed.code == 0
    assert "acme-knee" in listed.complaint
    if how != "has the id of another":
        with pytest.raises(PluginError, match="acme-knee"):
            get_exercise("knee-lift")
    asked = run("exercises", "knee-lift")
    assert asked.code == 2
    assert "acme-knee" in asked.complaint
    assert get_exercise("plane").id == "plane"


def test_a_sound_one_is_there_and_nothing_is_said(install: Install, run: Run) -> None:
    install('print("hello")\nimport warnings\nwarnings.warn("odd")\n' + SOUND)
    got = run("exercises")
    assert (got.code, got.err) == (0, "")
    assert "knee-lift" in got.out
    assert list(exercises()) == [*OWN, "knee-lift"]


def test_of_two_with_one_id_the_first_is_taken(install: Install) -> None:
    install(SOUND)
    install(SOUND, name="z-lift", module="other_knee", package="other-knee")
    assert type(get_exercise("knee-lift")).__module__ == "acme_knee"
    (line,) = plugins.left_out()
    assert "other-knee" in line


@pytest.mark.parametrize("how", BROKEN_LATER)
def test_one_that_fails_while_judging_is_left_out_of_what_others_are_asked(
    how: str, install: Install, run: Run, here: Path
) -> None:
    code, cause = BROKEN_LATER[how]
    install(code)
    put(here / "a.track.npz", 2)
    own = run("analyze", "a.track.npz", "-e", "side-plank", "--json", "-")
    assert own.code == 0
    assert json.loads(own.out)["counts"]["total"] == 2
    recognised = run("analyze", "a.track.npz", "-e", "auto", "--json", "-")
    assert recognised.code == 0
    assert "acme-knee" in recognised.complaint
    report = json.loads(recognised.out)
    assert report["exercise"] == "side-plank"
    assert "acme-knee" in report["notes"][0]
    asked = run("analyze", "a.track.npz", "-e", "knee-lift", "--json", "-")
    assert asked.code == 2
    assert "acme-knee" in asked.complaint
    assert cause in asked.complaint


def test_a_description_that_fails_is_replaced(install: Install) -> None:
    install(method("describe", "return 1 / 0"))
    assert plugins.described(get_exercise("knee-lift")) == "standing upright, one side to the camera"
    assert len(plugins.left_out()) == 1


def test_the_doctor_names_it(install: Install) -> None:
    install(SOUND)
    assert doctor.exercises() == doctor.Finding("Exercises", "ok", "9, and of other packages knee-lift")
    install(BROKEN_AT_LOAD["misses a package"][0], name="hop", module="other", package="acme-hop")
    found = doctor.exercises()
    assert (found.state, found.advice) == ("warn", "update or remove the package")
    assert "acme-hop" in found.text
    assert "knee-lift" in found.text


def test_a_batch_goes_on_and_says_it_once(install: Install, run: Run, here: Path) -> None:
    install(BROKEN_AT_LOAD["raises at import"][0])
    for name in ("a", "b"):
        put(here / f"{name}.track.npz", 2)
    got = run("batch", "a.track.npz", "b.track.npz", "-o", "out", "--workers", "2")
    assert got.code == 0
    assert "acme-knee" in got.complaint
    assert {r["exercise"] for r in results(here / "out").values()} == {"side-plank"}


def test_errors_of_the_machine_are_not_blamed_on_a_package(install: Install) -> None:
    install(SOUND)
    exercise = get_exercise("knee-lift")
    for error in (OSError("no space"), MemoryError(), KeyboardInterrupt()):
        with pytest.raises(type(error)), plugins.isolated(exercise):
            raise error
    with pytest.raises(RuntimeError), plugins.isolated(get_exercise("plane")):
        raise RuntimeError


def truth(path: Path, exercise: str | None, count: int = 2) -> None:
    what = {"exercise": exercise, "count": count} if exercise else {"exercise": None, "tempting": ["knee-lift"]}
    path.write_text(json.dumps(what))


@pytest.mark.parametrize("workers", [1, 2])
def test_an_evaluation_goes_on_with_the_other_clips(
    workers: int, install: Install, run: Run, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(NO_VERDICT)
    monkeypatch.setenv("PYTHONPATH", f"{here / 'site-acme-knee'}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")
    for name, exercise in (("a", "side-plank"), ("b", "knee-lift"), ("c", None)):
        put(here / f"{name}.track.npz", 2)
        truth(here / f"{name}.json", exercise)
    got = run("evaluate", *(f"{n}.track.npz" for n in "abc"), "-o", "figures.json", "--workers", workers)
    assert got.code == 0
    assert "acme-knee" in got.complaint
    assert "ZeroDivisionError" in got.complaint
    clips = {c["clip"]: c for c in json.loads((here / "figures.json").read_text())["clips"]}
    assert clips["a"]["failed"] is None
    assert "acme-knee" in clips["b"]["failed"]
    assert clips["c"]["failed"] is None


def test_a_batch_goes_on_where_one_fails_while_judging(
    install: Install, run: Run, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(NO_VERDICT)
    monkeypatch.setenv("PYTHONPATH", f"{here / 'site-acme-knee'}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")
    for name in ("a", "b"):
        put(here / f"{name}.track.npz", 2)
    got = run("batch", "a.track.npz", "b.track.npz", "-o", "out", "-e", "auto", "--workers", "1")
    assert got.code == 0, got.err
    assert {r["exercise"] for r in results(here / "out").values()} == {"side-plank"}
    for name in ("a", "b"):
        report = json.loads(next((here / "out").rglob(f"{name}.report.json")).read_text())
        assert "acme-knee" in report["notes"][0]
    assert "acme-knee" in got.complaint


def test_an_export_names_it(install: Install, run: Run, here: Path) -> None:
    pytest.importorskip("rerun", reason="rerun-sdk is not installed")
    install(NO_VERDICT)
    put(here / "a.track.npz", 2)
    got = run("export", "a.track.npz", "-f", "rerun", "-e", "knee-lift", "-o", "made")
    assert got.code == 2
    assert "acme-knee" in got.complaint
    assert "ZeroDivisionError" in got.complaint
    assert [p.name for p in here.rglob("*") if p.suffix == ".rrd" or p.name.startswith(".formcheck")] == []
    assert run("export", "a.track.npz", "-f", "trc", "-o", "made").code == 0


class Acted:
    """In place of the pose model: finds what a track holds at the time of the picture."""

    persons = 1

    def __init__(self, track: Track) -> None:
        self._observations = list(track)

    def estimate(self, t: float, image: object) -> Pose | None:
        return min(self._observations, key=lambda o: abs(o.t - t)).pose


@pytest.mark.parametrize("how", ["signals", "conclude"])
def test_a_live_session_that_asks_for_it_ends_in_a_line_and_others_go_on(
    how: str, install: Install, run: Run, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, cause = BROKEN_LATER[how]
    install(code)
    monkeypatch.setenv("FORMCHECK_DATA", str(here / "data"))
    monkeypatch.setattr(Live, "_open_estimator", lambda *_: Acted(side_plank(1)))
    with VideoWriter(here / "grey.mp4", (960, 540)) as video:
        for t in np.arange(0.0, 5.5, 0.1):
            video.write(float(t), np.full((540, 960, 3), 128, np.uint8))
    words = ("--camera", "grey.mp4", "--no-window", "--no-voice", "--no-intro", "--reps", "0", "-o")
    got = run("live", "-e", "knee-lift", *words, "out", "--record", "me.mp4", "--plain")
    assert got.code == 2
    assert "acme-knee" in got.complaint
    assert cause in got.complaint
    assert (here / "me.mp4").is_file()
    assert list(here.rglob(".formcheck-*")) == []
    if how == "signals":
        own = run("live", "-e", "side-plank", *words, "own")
        assert (own.code, len(list((here / "own").glob("*.report.json")))) == (0, 1)
