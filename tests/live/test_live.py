"""The live coach as a person uses it: real pictures in real time, a real window, every way to end it."""

from __future__ import annotations

import base64
import io
import json
import re
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image

from formcheck.analysis.clip import analyze_clip
from formcheck.coaching.history import History
from formcheck.coaching.history.queries import sessions
from formcheck.sight.video.source import open_source
from formcheck.sight.video.writer import VideoWriter

from ..commandline import Run, start
from .conftest import Screen, until

#: One clip an exercise, more than half of them with a fault.
CLIPS = (
    "ball-kneel-hip-bent",
    "ball-warmup-sideways",
    "heel-bridge-hip-sag",
    "plane-hip-sag",
    "shoulder-bridge-correct",
    "side-lift-line-bent",
    "side-plank-correct-left",
    "swan-neck-back",
    "toe-squat-heels-drop",
)


def exercise_of(clip: str) -> str:
    from formcheck.judging.exercises import exercises

    return next(e for e in exercises() if clip.startswith(e))


def verdict(report: dict[str, Any]) -> tuple[list[tuple[Any, ...]], list[str]]:
    reps = [(r.get("block") or r["side"], r["counted"], r["verdict"]) for r in report["reps"]]
    return reps, sorted(f["id"] for f in report["faults"])


@pytest.fixture
def home(tmp_path: Path, pose_model: Path) -> dict[str, str]:
    """Environment of a user with a data folder of their own."""
    return {"FORMCHECK_DATA": str(tmp_path / "data"), "FORMCHECK_MODEL": str(pose_model)}


@pytest.mark.parametrize("clip", CLIPS)
def test_live_and_recorded_give_the_same_verdict(
    clip: str, process: Run, home: dict[str, str], samples: Path, here: Path, track_of: Callable[..., Path]
) -> None:
    video, exercise = samples / f"{clip}.mp4", exercise_of(clip)
    got = process(
        "live", "-e", exercise, "--reps", 0, "--camera", video, "--no-window", "--no-voice", "--no-intro", "-o", "out",
        **home,
    )  # fmt: skip
    assert got.code == 0, got.err
    assert got.err == ""
    live = json.loads((here / "out" / f"1-{exercise}.report.json").read_text(encoding="utf-8"))
    assert verdict(live) == verdict(analyze_clip(track_of(video), exercise).report)
    # What was said of each attempt as it happened is what the report says.
    lines = [line for line in got.out.splitlines() if f" s  {exercise}" in line]
    assert len(lines) == len(live["reps"])
    with History.open(Path(home["FORMCHECK_DATA"]) / "history.sqlite") as history:
        (session,) = sessions(history)
    assert (session.kind, session.routine) == ("live", None)


def stitched(target: Path, videos: list[Path]) -> None:
    """Put videos one after another, as one film."""
    after = 0.0
    with VideoWriter(target, (640, 360)) as out:
        for video in videos:
            with open_source(video) as source:
                for frame in source:
                    out.write(after + frame.t, frame.image)
            after += frame.t + 1 / 15


def test_a_routine_of_three_exercises_is_followed_to_its_end(
    process: Run, home: dict[str, str], samples: Path, here: Path
) -> None:
    stitched(
        here / "all.mp4", [samples / f"{c}.mp4" for c in ("plane-leg-low", "swan-neck-back", "toe-squat-heels-drop")]
    )
    (here / "plan.toml").write_text(
        'rest_s = 0\n[[step]]\nexercise = "plane"\nreps = 1\n[[step]]\nexercise = "swan"\nreps = 2\n'
        '[[step]]\nexercise = "toe-squat"\nreps = 3\n',
        encoding="utf-8",
    )
    got = process(
        "live", "--plan", "plan.toml", "--camera", "all.mp4", "--no-window", "--no-intro", "-o", "out",
        "--voice-log", "said.jsonl", "--lang", "pl", **home,
    )  # fmt: skip
    assert got.code == 0, got.err
    made = sorted(p.name for p in (here / "out").glob("*.report.json"))
    assert made == ["1-plane.report.json", "2-swan.report.json", "3-toe-squat.report.json"]
    reports = [json.loads((here / "out" / name).read_text(encoding="utf-8")) for name in made]
    assert [r["counts"]["total"] for r in reports] == [1, 2, 3]
    assert [[f["id"] for f in r["faults"]] for r in reports] == [["leg-low"], ["neck-back"], ["heels-drop"]]
    said = [json.loads(line) for line in (here / "said.jsonl").read_text(encoding="utf-8").splitlines()]
    assert any(s["key"] == "summary" for s in said)
    with History.open(Path(home["FORMCHECK_DATA"]) / "history.sqlite") as history:
        (session,) = sessions(history)
    assert session.routine == "plan"


class Running:
    """A live session under way."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.lines: list[str] = []

    def first_rep(self) -> str:
        """Wait for the first attempt to be told."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line)
            if " s  side-plank" in line:
                return line
        pytest.fail(f"no attempt was told: {self.lines} {self.process.stderr.read() if self.process.stderr else ''}")

    def end(self) -> tuple[int, str, str]:
        """Return exit code, and the rest of what was said."""
        out, err = self.process.communicate(timeout=60)
        return self.process.returncode, "".join(self.lines) + out, err


@pytest.fixture
def side_plank(samples: Path, here: Path, home: dict[str, str]) -> Iterator[Callable[..., Running]]:
    """Start a live session of the side plank; what still runs at the end of the test is killed."""
    started: list[subprocess.Popen[str]] = []

    def go(*options: object, **environment: str) -> Running:
        video = samples / "side-plank-correct-right.mp4"
        words = ["live", "-e", "side-plank", "--camera", video, "--no-voice", "--no-intro", "-o", "out", *options]
        started.append(start(*words, **{**home, "PYTHONUNBUFFERED": "1", **environment}))
        return Running(started[-1])

    yield go
    for p in started:
        if p.poll() is None:
            p.kill()
        p.communicate()


def kept(home: dict[str, str]) -> int:
    """Return the number of attempts in the history."""
    with History.open(Path(home["FORMCHECK_DATA"]) / "history.sqlite") as history:
        return sum(session.reps for session in sessions(history))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
def test_a_signal_keeps_what_was_done(
    number: signal.Signals, side_plank: Callable[..., Running], here: Path, home: dict[str, str]
) -> None:
    running = side_plank("--no-window")
    running.first_rep()
    running.process.send_signal(number)
    code, out, err = running.end()
    assert code == 130
    assert err.count("\n") == 1 and "interrupted" in err
    assert "counted" in out, "the summary is printed"
    report = json.loads((here / "out" / "1-side-plank.report.json").read_text(encoding="utf-8"))
    assert report["counts"]["total"] >= 1
    assert kept(home) >= 1


def test_killed_outright_the_history_has_all_but_the_attempt_under_way(
    side_plank: Callable[..., Running], here: Path, home: dict[str, str]
) -> None:
    running = side_plank("--no-window")
    running.first_rep()
    running.process.kill()
    running.end()
    assert kept(home) >= 1
    assert not list((here / "out").glob("*.report.*")), "nothing half written"


@pytest.mark.parametrize("way", ["q", "Escape", "cross"])
def test_leaving_by_key_or_window_ends_it_well(
    way: str, side_plank: Callable[..., Running], x_server: Screen, here: Path, home: dict[str, str]
) -> None:
    x_server.xdotool("version")
    running = side_plank(DISPLAY=x_server.display)
    running.first_rep()
    if way == "cross":
        x_server.close_window("formcheck")
    else:
        x_server.type(way)
    code, out, err = running.end()
    assert (code, err) == (0, "")
    assert "counted" in out
    assert (here / "out" / "1-side-plank.report.html").is_file()
    assert kept(home) >= 1


def test_the_window_shows_the_count_and_keys_work(
    side_plank: Callable[..., Running], x_server: Screen, here: Path
) -> None:
    x_server.xdotool("version")
    running = side_plank(DISPLAY=x_server.display)
    running.first_rep()
    shown = x_server.picture().convert("RGB")
    colours = shown.getcolors(1 << 24)
    assert colours is not None and len(colours) > 1000, "a picture, not an empty window"
    x_server.type("space")
    # Paused: the picture is dimmed and stands still.
    bright = sum(n * sum(c) for n, c in colours)

    def dimmed() -> bool:
        now = x_server.picture().convert("RGB").getcolors(1 << 24) or []
        return sum(n * sum(c) for n, c in now) < 0.8 * bright

    until(dimmed, "the pause is shown")
    x_server.type("space", "m", "v", "q")
    assert running.end()[0] == 0


@pytest.mark.parametrize("plain", [False, True], ids=["annotated", "plain"])
def test_recording(plain: bool, process: Run, home: dict[str, str], samples: Path, here: Path) -> None:
    video = samples / "side-plank-correct-left.mp4"
    words = ["live", "-e", "side-plank", "--reps", 1, "--camera", video, "--no-window", "--no-voice", "--no-intro"]
    got = process(*words, "-o", "out", "--record", "mine.mp4", *(["--plain"] if plain else []), **home)
    assert got.code == 0, got.err
    with av.open(str(here / "mine.mp4")) as made:
        stream = made.streams.video[0]
        assert stream.codec_context.name == "h264"
        assert (stream.width, stream.height) == (640, 360)
        assert sum(1 for _ in made.decode(stream)) > 30
    again = process(*words, "--record", "mine.mp4", **home)
    assert again.code == 2
    assert "mine.mp4" in again.complaint


def test_no_picture_is_kept_unless_asked_for(process: Run, home: dict[str, str], samples: Path, here: Path) -> None:
    video = samples / "side-plank-correct-left.mp4"
    got = process("live", "-e", "side-plank", "--camera", video, "--no-window", "--no-voice", "-q", **home)
    assert (got.code, got.out, got.err) == (0, "", "")
    files = [p for p in here.rglob("*") if p.is_file()]
    assert {p.suffix for p in files} <= {".json", ".csv", ".html", ".sqlite", ".sqlite-wal", ".sqlite-shm"}
    page = next(p for p in files if p.suffix == ".html").read_text(encoding="utf-8")
    drawings = re.findall(r"data:image/\w+;base64,([A-Za-z0-9+/=]+)", page)
    assert drawings
    for data in drawings:
        # A figure on plain ground, not a picture of a person in a room.
        picture = np.asarray(Image.open(io.BytesIO(base64.b64decode(data))).convert("RGB")).astype(int)
        plain = np.abs(picture - picture[2, 2]).max(axis=2) < 12
        assert plain.mean() > 0.7


def test_a_camera_that_is_not_there(process: Run, home: dict[str, str]) -> None:
    got = process("live", "-e", "plane", "--camera", "63", "--no-window", **home)
    assert got.code == 3
    assert "63" in got.complaint


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((), "needs one of -e"),
        (("-e", "plane", "--routine"), "needs one of -e"),
        (("-e", "dance"), "unknown exercise"),
        (("-e", "plane", "--lang", "xx"), "xx"),
        (("-e", "plane", "--plain"), "--record"),
        (("--plan", "none.toml"), "plan file not found"),
        (("--plan", "none.toml", "--reps", "3"), "--reps does not go with --plan"),
        (("-e", "plane", "-o", "/dev/null/out"), "not a folder"),
        (("-e", "plane", "--camera", "none.mp4", "--no-window"), "none.mp4"),
    ],
)
def test_what_does_not_fit_is_said_in_one_line(words: tuple[str, ...], says: str, run: Run) -> None:
    got = run("live", *words)
    assert got.code in (2, 3)
    assert says in got.complaint


def test_without_a_display(process: Run, home: dict[str, str], samples: Path) -> None:
    got = process("live", "-e", "plane", "--camera", samples / "plane-correct.mp4", DISPLAY="", **home)
    assert got.code == 2
    assert "--no-window" in got.complaint


def test_pressing_ctrl_c_twice_keeps_what_was_done_all_the_same(
    side_plank: Callable[..., Running], here: Path, home: dict[str, str]
) -> None:
    running = side_plank("--no-window")
    running.first_rep()
    running.process.send_signal(signal.SIGINT)
    running.process.send_signal(signal.SIGTERM)
    code, _, err = running.end()
    assert code == 130
    assert err.count("\n") == 1
    assert (here / "out" / "1-side-plank.report.json").is_file()
    assert not list((here / "out").glob(".*")), "nothing half written"
    assert kept(home) >= 1
