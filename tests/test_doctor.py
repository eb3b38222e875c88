"""``formcheck doctor``: what it finds, and what it advises."""

from __future__ import annotations

import json
import shutil
import sys
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace

import pytest

from formcheck import doctor
from formcheck.coaching.history import History
from formcheck.doctor import Finding, exit_code
from formcheck.errors import InputError

from .coaching.history.seed import rep


@pytest.fixture(autouse=True)
def somewhere(tmp_path, monkeypatch):
    """No machine's own folders, model settings or display."""
    monkeypatch.setenv("FORMCHECK_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("FORMCHECK_MODEL", raising=False)
    monkeypatch.setattr("formcheck.sight.models.store.settings_path", lambda: tmp_path / "settings.toml")
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.mark.smoke
def test_the_whole_examination_of_this_computer(run, pose_model, monkeypatch):
    monkeypatch.setenv("FORMCHECK_MODEL", str(pose_model))
    ran = run("doctor", "--json")
    found = json.loads(ran.out)
    checks = {c["name"]: c for c in found["checks"]}
    assert list(checks) == [
        "Python", "OpenCV", "MediaPipe", "PyAV", "Exercises", "Pose model", "Speed", "Camera", "Speech", "Display",
        "Data folder", "History",
    ]  # fmt: skip
    assert (ran.code, found["ok"]) == (0, True)
    assert {checks[n]["state"] for n in ("Python", "MediaPipe", "PyAV", "Pose model", "Data folder")} == {"ok"}
    assert "poses a second" in checks["Speed"]["text"]
    assert all(c["advice"] for c in found["checks"] if c["state"] != "ok")


def plain(monkeypatch, *checks):
    monkeypatch.setattr(doctor, "examine", lambda camera: iter(checks))


def test_a_line_a_thing_readable_without_colours(run, monkeypatch):
    plain(monkeypatch, Finding("Python", "ok", "3.11.2"), Finding("Camera", "warn", "none found", "plug one in"))
    ran = run("doctor")
    assert ran.code == 0
    assert ran.out.splitlines() == [
        "ok    Python       3.11.2",
        "warn  Camera       none found",
        "                   -> plug one in",
    ]


@pytest.mark.parametrize(
    ("states", "code"),
    [
        ([("ok", 1), ("warn", 1)], 0),
        ([("fail", 1)], 1),
        ([("fail", 1), ("fail", 5)], 5),
        ([("warn", 5), ("ok", 5)], 0),
    ],
)
def test_the_exit_code_is_that_of_what_failed(run, monkeypatch, states, code):
    checks = [Finding("x", state, "y", "z", c) for state, c in states]
    assert exit_code(checks) == code
    plain(monkeypatch, *checks)
    assert run("doctor").code == code
    assert json.loads(run("doctor", "--json").out)["ok"] == (code == 0)


def test_what_breaks_is_a_line_and_the_rest_goes_on(monkeypatch):
    def broken():
        raise ZeroDivisionError("by 0")

    for name in ("mediapipe", "model", "cameras", "speech"):
        monkeypatch.setattr(doctor, name, broken)
    found = {c.name: c for c in doctor.examine()}
    assert found["MediaPipe"].state == "fail" and found["MediaPipe"].text == "ZeroDivisionError: by 0"
    assert "Speed" not in found and "History" in found


@pytest.mark.parametrize(("version", "state"), [((3, 10, 9), "fail"), ((3, 11, 0), "ok"), ((3, 14, 0), "warn")])
def test_python(version, state):
    assert doctor.python(version).state == state


# ---- OpenCV -----------------------------------------------------------------------------------
@pytest.fixture
def installed(tmp_path, monkeypatch):
    """Make up which OpenCV distributions are installed, with a file each in a shared folder."""
    site = tmp_path / "site"
    (site / "cv2").mkdir(parents=True)

    def make(*names):
        for name in names:
            (site / "cv2" / "core.so").write_bytes(b"x" * 100)
            info = site / f"{name.replace('-', '_')}-5.0.dist-info"
            info.mkdir()
            (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 5.0\n")
            (info / "RECORD").write_text("cv2/core.so,,100\ncv2/LICENSE.txt,,7\n../bin/tool,,3\n")
        return site

    def distribution(name):
        return next(iter(metadata.distributions(name=name, path=[str(site)])), None)

    def version(name):
        found = distribution(name)
        return found.version if found is not None else None

    monkeypatch.setattr(doctor, "_version", version)
    monkeypatch.setattr(doctor.metadata, "distribution", distribution)
    return make


def test_one_whole_opencv_is_fine(installed):
    installed("opencv-contrib-python")
    assert doctor.opencv() == Finding("OpenCV", "ok", "opencv-contrib-python 5.0")


def test_twin_distributions_are_warned_of(installed):
    installed("opencv-contrib-python", "opencv-python")
    c = doctor.opencv()
    assert c.state == "warn" and "opencv-contrib-python 5.0, opencv-python 5.0" in c.text
    assert c.advice.startswith("pip uninstall -y opencv-contrib-python opencv-python, then pip install")


@pytest.mark.parametrize("harm", [lambda f: f.unlink(), lambda f: f.write_bytes(b"other")])
def test_an_opencv_that_lost_files_to_a_twin_is_found(installed, harm):
    site = installed("opencv-contrib-python")
    harm(site / "cv2" / "core.so")
    c = doctor.opencv()
    assert c.state == "fail" and "core.so" in c.text and "--force-reinstall" in c.advice
    assert doctor.lost_files("opencv-contrib-python") == ["cv2/core.so"]


def test_an_opencv_that_does_not_load_is_found(installed, monkeypatch):
    monkeypatch.setitem(sys.modules, "cv2", None)
    assert doctor.opencv().text == "not installed"
    installed("opencv-contrib-python")
    c = doctor.opencv()
    assert c.state == "fail" and "uninstall" in c.advice


def test_an_opencv_with_an_empty_folder_is_not_whole(installed, monkeypatch):
    installed("opencv-contrib-python")
    monkeypatch.setitem(sys.modules, "cv2", SimpleNamespace())
    assert "not whole" in doctor.opencv().text


def test_packages_that_are_missing(monkeypatch):
    monkeypatch.setattr(doctor, "_version", lambda name: None)
    for c, wanted in ((doctor.mediapipe(INTEL), "'mediapipe>=0.10.30,<0.10.34'"), (doctor.pyav(), "'av>=17.1,<20.0'")):
        assert (c.state, c.text, c.advice) == ("fail", "not installed", f"pip install {wanted}")
    assert doctor.mediapipe(ARM).advice == "pip install 'mediapipe>=1.2,<2'"


INTEL, ARM, WINDOWS = ("linux", "x86_64"), ("linux", "aarch64"), ("win32", "AMD64")


@pytest.mark.parametrize(
    ("version", "machine", "state", "says", "advises"),
    [
        ("0.10.30", INTEL, "ok", "known to send nothing", False),
        ("0.10.33", WINDOWS, "ok", "known to send nothing", False),
        ("0.10.35", INTEL, "warn", "keeps that from leaving this machine", True),
        ("1.2.3", INTEL, "warn", "keeps that from leaving this machine", True),
        ("1.2.3", ARM, "ok", "keeps that from leaving this machine", False),  # there is no better one
    ],
)
def test_whether_mediapipe_sends_anything(monkeypatch, version, machine, state, says, advises):
    monkeypatch.setattr(doctor, "_version", lambda name: version)
    monkeypatch.setattr("formcheck.sight.pose.native.can_hold_reports", lambda: True)
    c = doctor.mediapipe(machine)
    assert (c.state, bool(c.advice)) == (state, advises)
    assert c.text.startswith(version) and says in c.text


def test_a_mediapipe_whose_reports_cannot_be_held(monkeypatch):
    monkeypatch.setattr(doctor, "_version", lambda name: "1.2.3")
    monkeypatch.setattr("formcheck.sight.pose.native.can_hold_reports", lambda: False)
    c = doctor.mediapipe(WINDOWS)
    assert c.state == "warn" and "may report to its maker" in c.text and "<0.10.34" in c.advice


@pytest.mark.parametrize(
    ("version", "state"),
    [("16.1.0", "fail"), ("17.0.1", "fail"), ("17.1.0", "ok"), ("19.0.2", "ok"), ("20.0.0", "warn")],
)
def test_versions_of_pyav(monkeypatch, version, state):
    monkeypatch.setattr(doctor, "_version", lambda name: version)
    assert doctor.pyav().state == state


# ---- model and speed --------------------------------------------------------------------------
def test_a_model_that_is_not_there_yet(run, monkeypatch, tmp_path):
    monkeypatch.setenv("FORMCHECK_CACHE", str(tmp_path / "cache"))
    c = doctor.model()
    assert (c.state, c.code) == ("fail", 5) and "formcheck models install" in c.advice
    assert run("doctor").code == 5
    assert not (tmp_path / "cache" / "models" / "pose_landmarker_full.task").exists()


def test_a_damaged_model(monkeypatch, tmp_path, pose_model):
    bad = tmp_path / "cache" / "models" / "pose_landmarker_full.task"
    bad.parent.mkdir(parents=True)
    bad.write_bytes(pose_model.read_bytes()[:1000])
    monkeypatch.setenv("FORMCHECK_CACHE", str(tmp_path / "cache"))
    c = doctor.model()
    assert (c.state, c.code) == ("fail", 5) and "--force" in c.advice


def test_the_model_chosen_by_variable_or_settings_is_the_one_looked_at(monkeypatch, tmp_path, pose_model):
    shutil.copy(pose_model, tmp_path / "mine.task")
    (tmp_path / "settings.toml").write_text('model = "mine.task"')
    assert doctor.model().text.startswith("mine.task")
    monkeypatch.setenv("FORMCHECK_MODEL", str(tmp_path / "gone.task"))
    c = doctor.model()
    assert (c.state, c.code) == ("fail", 5) and "gone.task" in c.text


@pytest.mark.parametrize(
    ("rate", "found", "state", "said"),
    [(40.0, 30, "ok", "smooth"), (16.0, 20, "ok", "enough"), (9.0, 9, "warn", "9 poses"), (30.0, 0, "fail", "nobody")],
)
def test_what_a_speed_means(rate, found, state, said):
    c = doctor.speed_verdict(rate, found)
    assert c.state == state and said in c.text


# ---- camera, speech, display ------------------------------------------------------------------
def test_cameras(monkeypatch):
    from formcheck.sight.camera.camera import FoundCamera

    monkeypatch.setattr("formcheck.sight.camera.camera.list_cameras", list)
    assert doctor.cameras().state == "warn"
    monkeypatch.setattr("formcheck.sight.camera.camera.list_cameras", lambda: [FoundCamera(0, "Eye"), FoundCamera(2)])
    monkeypatch.setattr(doctor.os, "access", lambda path, mode: True)
    assert doctor.cameras() == Finding("Camera", "ok", "0 (Eye), 2")
    monkeypatch.setattr(doctor.sys, "platform", "linux")
    monkeypatch.setattr(doctor.os, "access", lambda path, mode: False)
    assert "group 'video'" in doctor.cameras().advice


def test_a_camera_that_is_asked_for_is_opened(samples):
    c = doctor.open_one(str(samples / "plane-hip-sag.mp4"))
    # How fast it comes is up to the machine.
    assert c.state in {"ok", "warn"} and "640 x 360" in c.text


def test_a_camera_that_cannot_be_opened_fails(run, monkeypatch):
    def refuse(spec):
        raise InputError(f"camera {spec}: there is none", "plug it in")

    monkeypatch.setattr("formcheck.sight.camera.camera.open_camera", refuse)
    monkeypatch.setattr(doctor, "speed", lambda: Finding("Speed", "ok", "fine"))
    monkeypatch.setattr(doctor, "model", lambda: Finding("Pose model", "ok", "fine"))
    ran = run("doctor", "--camera", "7")
    assert ran.code == 1
    assert "fail  Camera       camera 7: there is none\n                   -> plug it in\n" in ran.out


def test_speech(monkeypatch):
    closed = []

    def voice(name, why):
        return lambda lang: SimpleNamespace(name=name, why_silent=why, close=lambda: closed.append(name))

    monkeypatch.setattr("formcheck.coaching.voice.voice.find_voice", voice("espeak-ng", ""))
    assert doctor.speech() == Finding("Speech", "ok", "espeak-ng")
    monkeypatch.setattr("formcheck.coaching.voice.voice.find_voice", voice("silence", "no speech program is installed"))
    c = doctor.speech()
    assert (c.state, c.text) == ("warn", "no speech program is installed")
    assert closed == ["espeak-ng", "silence"]


def test_display(monkeypatch):
    monkeypatch.setattr(doctor.sys, "platform", "linux")
    assert doctor.display().state == "warn"
    monkeypatch.setenv("DISPLAY", ":7")
    assert doctor.display() == Finding("Display", "ok", "X11 (:7)")
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    assert "Wayland" in doctor.display().text
    monkeypatch.setattr("cv2.getBuildInformation", lambda: "General\n  GUI:                           NONE\n")
    assert "no windows" in doctor.display().text


# ---- data folder and history ------------------------------------------------------------------
def test_the_data_folder_is_looked_at_but_not_made(tmp_path, monkeypatch):
    assert doctor.data_folder() == Finding("Data folder", "ok", str(tmp_path / "data"))
    assert not (tmp_path / "data").exists()
    (tmp_path / "file").write_text("x")
    monkeypatch.setenv("FORMCHECK_DATA", str(tmp_path / "file" / "below"))
    assert doctor.data_folder().state == "warn"


def test_a_folder_without_permission_is_told(monkeypatch):
    monkeypatch.setattr(doctor.os, "access", lambda path, mode: False)
    c = doctor.data_folder()
    assert c.state == "warn" and "FORMCHECK_DATA" in c.advice


def test_history(tmp_path):
    assert doctor.history() == Finding("History", "ok", "none yet")
    with History.open() as h:
        log = h.begin_session()
        log.begin_set("plane")
        log.add_rep(rep())
        log.close()
    assert doctor.history() == Finding("History", "ok", "1 session")
    Path(tmp_path / "data" / "history.sqlite").write_bytes(b"garbage" * 999)
    c = doctor.history()
    assert c.state == "warn" and "damaged" in c.text and "move the file away" in c.advice
