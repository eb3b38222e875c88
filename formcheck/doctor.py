"""Whether this machine has what formcheck needs: a line a thing, and what to do where something is amiss."""

from __future__ import annotations

import csv
import os
import platform
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib import metadata
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import Any, Literal

from .errors import FormcheckError
from .files import expanded

State = Literal["ok", "warn", "fail"]

PYTHON_FROM, PYTHON_TO = (3, 11), (3, 13)
PYAV_FROM, PYAV_BEFORE = (17, 1), (20, 0)
#: Distributions that all write into the same folder ``cv2``; the first is the one asked for.
OPENCV = (
    "opencv-contrib-python",
    "opencv-python",
    "opencv-contrib-python-headless",
    "opencv-python-headless",
)
#: Systems and processors for which there is no MediaPipe that is known to send nothing.
NO_SILENT_MEDIAPIPE = frozenset({("linux", "aarch64")})
#: Poses a second below which live coaching is too late, and from which it is smooth.
SLOW, SMOOTH = 15.0, 20.0
#: Pictures the speed is measured on, and seconds it may take.
_FRAMES, _SPEED_S = 45, 1.0
_SAMPLE = "plane-hip-sag.mp4"
_CAMERA_S = 8.0


@dataclass(frozen=True)
class Finding:
    """What came out for one thing.

    Attributes
    ----------
    name : str
    state : {"ok", "warn", "fail"}
        ``warn``: something is missing that recorded videos do without. ``fail``: the main job cannot be done.
    text : str
        What was found.
    advice : str
        What to do; empty where nothing needs to be done.
    code : int
        Exit code a failure stands for: 5 for the model, else 1.
    """

    name: str
    state: State
    text: str
    advice: str = ""
    code: int = 1


def examine(camera: str | None = None) -> Iterator[Finding]:
    """Check one thing after another, giving each result as it is known.

    Parameters
    ----------
    camera : str, optional
        A camera to open, as for ``live``; otherwise cameras are only listed.
    """
    parts: list[tuple[str, Callable[[], Finding]]] = [
        ("Python", python),
        ("OpenCV", opencv),
        ("MediaPipe", mediapipe),
        ("PyAV", pyav),
        ("Exercises", exercises),
    ]
    for name, part in parts:
        yield _safely(name, part)
    found = _safely("Pose model", model)
    yield found
    if found.state == "ok":
        yield _safely("Speed", speed)
    yield _safely("Camera", cameras if camera is None else lambda: open_one(camera))
    yield _safely("Speech", speech)
    yield _safely("Display", display)
    yield _safely("Data folder", data_folder)
    yield _safely("History", history)


def exit_code(checks: Iterable[Finding]) -> int:
    """Return 0 where nothing failed, else the code of the first failure; the model's goes before others."""
    codes = [c.code for c in checks if c.state == "fail"]
    return 5 if 5 in codes else next(iter(codes), 0)


def _safely(name: str, part: Callable[[], Finding]) -> Finding:
    try:
        return part()
    except FormcheckError as e:
        return Finding(name, "fail", e.message, e.hint, e.exit_code if e.exit_code == 5 else 1)
    except Exception as e:  # noqa: BLE001 - whatever is broken here is what the user wants to know
        first = str(e).splitlines()[0] if str(e) else "no message"
        return Finding(name, "fail", f"{type(e).__name__}: {first}", "install formcheck again, or report this")


def python(version: tuple[int, ...] = tuple(sys.version_info[:3])) -> Finding:
    """Check the version of Python."""
    text = ".".join(map(str, version))
    low, high = (".".join(map(str, v)) for v in (PYTHON_FROM, PYTHON_TO))
    if version[:2] < PYTHON_FROM:
        return Finding("Python", "fail", text, f"formcheck needs Python {low} to {high}")
    if version[:2] > PYTHON_TO:
        return Finding("Python", "warn", text, f"not tried yet; Python {low} to {high} are known to work")
    return Finding("Python", "ok", text)


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def lost_files(name: str) -> list[str]:
    """Return the files of a distribution that are missing or no longer as long as when they were installed."""
    # Not metadata.files: from Python 3.12 on it leaves out what is missing.
    installed = metadata.distribution(name)
    out = []
    for file, *_, size in csv.reader((installed.read_text("RECORD") or "").splitlines()):
        f = Path(file)
        if f.suffix in {".pyc", ".pyi", ".txt"} or f.parts[0] == "..":
            continue
        where = Path(str(installed.locate_file(file)))
        if not where.is_file() or (size and where.stat().st_size != int(size)):
            out.append(file)
    return out


def opencv() -> Finding:
    """Check that ``cv2`` is there, whole, and written by one distribution only."""
    name = "OpenCV"
    mend = f"pip uninstall -y {{}}, then pip install --force-reinstall --no-deps {OPENCV[0]}"
    owners = [d for d in OPENCV if _version(d)]
    text = ", ".join(f"{d} {_version(d)}" for d in owners) or "of this system, not from pip"
    lost = {d: files for d in owners if (files := lost_files(d))}
    try:
        import cv2
    except ImportError as e:
        first = str(e).splitlines()[0]
        if not owners:
            return Finding(name, "fail", "not installed", f"pip install {OPENCV[0]}")
        if "cannot open shared object" in first:
            return Finding(name, "fail", first, "install that library; on Debian: apt install libgl1 libglib2.0-0")
        return Finding(name, "fail", f"{text}: {first}", mend.format(" ".join(owners)))
    broken = [n for n in ("cvtColor", "VideoCapture", "resize", "__version__") if not hasattr(cv2, n)]
    if broken:
        return Finding(name, "fail", f"{text}: cv2 is not whole", mend.format(" ".join(owners)))
    if len(owners) > 1:
        advice = mend.format(" ".join(d for d in owners))
        return Finding(name, "warn", f"{text} write into the same folder and break each other", advice)
    if lost:
        first = lost[owners[0]][0]
        return Finding(
            name, "fail", f"{text}: {len(lost[owners[0]])} files are missing or changed, as {first}",
            mend.format(owners[0]),
        )  # fmt: skip
    return Finding(name, "ok", text)


def mediapipe(machine: tuple[str, str] = (sys.platform, platform.machine())) -> Finding:
    """Check that MediaPipe is installed and sends nothing; the speed test loads it.

    Parameters
    ----------
    machine : (str, str)
        System and processor, as Python names them.
    """
    from .sight.pose.native import SILENT, can_hold_reports, is_silent

    low, high = (".".join(map(str, v)) for v in SILENT)
    install = f"pip install 'mediapipe>={low},<{high}'"
    if machine in NO_SILENT_MEDIAPIPE:
        install = "pip install 'mediapipe>=1.2,<2'"
    version = _version("mediapipe")
    if version is None:
        return Finding("MediaPipe", "fail", "not installed", install)
    if is_silent(version):
        return Finding("MediaPipe", "ok", f"{version}, known to send nothing")
    if not can_hold_reports():
        return Finding(
            "MediaPipe", "warn", f"{version} may report to its maker when and how long you exercise", install
        )
    text = f"{version} would report its use to its maker; formcheck keeps that from leaving this machine"
    if machine in NO_SILENT_MEDIAPIPE:
        return Finding("MediaPipe", "ok", text)
    return Finding("MediaPipe", "warn", text, f"{install}: that one sends nothing by itself")


def pyav() -> Finding:
    """Check that PyAV, which reads videos, is installed, in a version that was tried."""
    version = _version("av")
    low, high = (".".join(map(str, v)) for v in (PYAV_FROM, PYAV_BEFORE))
    install = f"pip install 'av>={low},<{high}'"
    if version is None:
        return Finding("PyAV", "fail", "not installed", install)
    numbers = tuple(int(n) for n in version.split(".")[:2])
    if numbers < PYAV_FROM:
        return Finding("PyAV", "fail", f"{version} is too old", install)
    if numbers >= PYAV_BEFORE:
        return Finding("PyAV", "warn", version, f"not tried yet; known to work: {install}")
    return Finding("PyAV", "ok", version)


def _chosen_model() -> str | Path:
    """Return the model a command would use without ``--model``: a name of the manifest or a path."""
    from .sight.models.manifest import read_manifest
    from .sight.models.store import DEFAULT, MODEL_VARIABLE, settings_path

    own: Any = os.environ.get(MODEL_VARIABLE)
    folder = Path()
    if not own and (settings := settings_path()).is_file():
        own = tomllib.loads(settings.read_text(encoding="utf-8")).get("model")
        folder = settings.parent
    if not own:
        return DEFAULT
    return str(own) if own in read_manifest() else folder / expanded(str(own))


def exercises() -> Finding:
    """Check the exercises that installed packages add."""
    from .judging.exercises import ROUTINE, plugins
    from .judging.exercises import exercises as known

    added = list(known())[len(ROUTINE) :]
    broken = plugins.left_out()
    text = f"{len(ROUTINE)}" + (f", and of other packages {', '.join(added)}" if added else "")
    if broken:
        what, _, advice = broken[0].rpartition(": ")
        more = f" and {len(broken) - 1} more" if len(broken) > 1 else ""
        return Finding("Exercises", "warn", f"{text}; {what}{more}", advice)
    return Finding("Exercises", "ok", text)


def model() -> Finding:
    """Check the pose model's bytes; nothing is fetched."""
    from .sight.models.store import MODEL_VARIABLE, verify

    chosen = _chosen_model()
    if isinstance(chosen, Path) and not chosen.is_file():
        advice = f"correct {MODEL_VARIABLE} or the settings file"
        return Finding("Pose model", "fail", f"there is no file {chosen}", advice, 5)
    found = verify(chosen)
    text = f"{found.name}, {found.detail}"
    if found.state == "ok":
        return Finding("Pose model", "ok", text)
    if found.state == "missing":
        advice = "it is fetched when first needed; to do it now: formcheck models install"
    else:
        advice = "formcheck models install --force"
    return Finding("Pose model", "fail", text, advice, 5)


def speed() -> Finding:
    """Measure poses a second on the bundled clip, for one second."""
    from .resources import resource
    from .sight.models.store import resolve_model, verify
    from .sight.pose.estimator import MediaPipePose
    from .sight.video.source import open_source

    chosen = _chosen_model()
    path = chosen if isinstance(chosen, Path) else verify(chosen).path
    with open_source(resource("sample_videos", _SAMPLE), start=2.0, max_side=960) as source:
        frames = list(islice(source, _FRAMES))
    n, found, spent = 0, 0, 0.0
    with MediaPipePose(resolve_model(path=path, quiet=True)) as pose:
        for k, frame in enumerate(frames):
            began = perf_counter()
            body = pose.estimate(frame.t, frame.image)
            if k < 2:  # the first ones load the model and find the body
                continue
            spent += perf_counter() - began
            n, found = n + 1, found + (body is not None)
            if spent >= _SPEED_S:
                break
    return speed_verdict(n / spent if spent else 0.0, found)


def speed_verdict(rate: float, found: int) -> Finding:
    """Return what a rate (poses a second) means, given in how many pictures somebody was found."""
    text = f"{rate:.0f} poses a second"
    if not found:
        return Finding("Speed", "fail", "nobody was found on the bundled clip", "formcheck models install --force", 5)
    if rate < SLOW:
        advice = (
            "too slow to coach live: close other programs, plug the charger in, or use the smaller model"
            " (FORMCHECK_MODEL=lite); recorded videos only take longer"
        )
        return Finding("Speed", "warn", text, advice)
    if rate < SMOOTH:
        return Finding("Speed", "ok", f"{text}: enough to coach live")
    return Finding("Speed", "ok", f"{text}: smooth")


def cameras() -> Finding:
    """Check which cameras there are; none is opened where their names can be read."""
    from .sight.camera.camera import list_cameras

    found = list_cameras()
    if not found:
        advice = "plug one in, or give live a network camera: --camera URL; recorded videos need none"
        return Finding("Camera", "warn", "none found", advice)
    text = ", ".join(map(str, found))
    locked = [c.index for c in found if sys.platform == "linux" and not os.access(f"/dev/video{c.index}", os.R_OK)]
    if locked:
        advice = "add yourself to the group 'video' and log in again: sudo usermod -aG video $USER"
        return Finding("Camera", "warn", f"{text}; no permission for /dev/video{locked[0]}", advice)
    return Finding("Camera", "ok", text)


def open_one(spec: str) -> Finding:
    """Open a camera, as ``live`` would, and look at what comes."""
    from .sight.camera.camera import open_camera

    with open_camera(spec) as camera:
        frame = camera.newest(timeout=_CAMERA_S)
        if frame is None:
            return Finding("Camera", "fail", f"no picture from {spec}", camera.message or "check its cable or network")
        for _ in range(15):
            after = camera.newest(frame.index, timeout=1.0)
            if after is None:
                break
            frame = after
        info, rate = camera.info, camera.fps
    text = f"{info.path}: {info.width} x {info.height}" + (f", {rate:.0f} pictures a second" if rate else "")
    if rate and rate < 0.9 * SLOW:  # 15 a second is 14.9 in a short look
        return Finding("Camera", "warn", text, "too few: more light, another port, or a smaller picture helps")
    return Finding("Camera", "ok", text)


def speech() -> Finding:
    """Check whether there is a voice to speak with."""
    from .coaching.voice.voice import find_voice

    voice = find_voice("en")
    try:
        if voice.why_silent:
            return Finding("Speech", "warn", voice.why_silent, "cues are shown on the screen all the same")
        return Finding("Speech", "ok", voice.name)
    finally:
        voice.close()


def display() -> Finding:
    """Check whether a window can be opened."""
    name, gui = "Display", ""
    with suppress(ImportError):  # a broken OpenCV has a line of its own
        import cv2

        gui = next((x for x in cv2.getBuildInformation().splitlines() if x.strip().startswith("GUI:")), "")
    if gui.endswith("NONE"):
        return Finding(
            name, "warn", "this OpenCV opens no windows", f"pip install {OPENCV[0]} instead of a headless one"
        )
    if sys.platform != "linux":
        return Finding(name, "ok", "a desktop")
    for variable, said in (("WAYLAND_DISPLAY", "Wayland"), ("DISPLAY", "X11")):
        if os.environ.get(variable):
            return Finding(name, "ok", f"{said} ({os.environ[variable]})")
    return Finding(name, "warn", "none", "live needs a desktop for its window; recorded videos do not")


def data_folder() -> Finding:
    """Check that the folder of the history can be written to, without making it."""
    from .coaching.history.store import DATA_VARIABLE, history_path

    folder = history_path().parent
    there = next(p for p in (folder, *folder.absolute().parents) if p.exists())
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        return Finding(
            "Data folder", "warn", f"{folder} cannot be written", f"name a writable folder in {DATA_VARIABLE}"
        )
    return Finding("Data folder", "ok", str(folder))


def history() -> Finding:
    """Check that the history can be read, changing nothing."""
    from .coaching.history.store import history_path, look_at

    path = history_path()
    if not path.exists():
        return Finding("History", "ok", "none yet")
    try:
        n = look_at(path)
    except FormcheckError as e:
        return Finding("History", "warn", e.message, e.hint)
    return Finding("History", "ok", f"{n} session{'s' if n != 1 else ''}")
