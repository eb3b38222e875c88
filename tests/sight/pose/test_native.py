"""What native code prints stays off standard error, and what it would report stays on the machine."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import formcheck
from formcheck.errors import ModelError
from formcheck.sight.pose import landmarker as landmarkers
from formcheck.sight.pose import native

pytestmark = pytest.mark.smoke

ROOT = Path(__file__).resolve().parents[3]


def say(text: str) -> None:
    """Write as native code does, past Python."""
    os.write(2, text.encode())


def test_native_lines_are_swallowed_in_the_block_only(capfd: pytest.CaptureFixture[str]) -> None:
    say("before ")
    with native.quiet():
        say("inside ")
        with native.quiet():
            say("further in ")
        say("inside again ")
    say("after")
    assert capfd.readouterr().err == "before after"


def test_an_error_ends_the_quiet(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ZeroDivisionError), native.quiet():
        say("inside")
        _ = 1 / 0
    say("after")
    assert capfd.readouterr().err == "after"


def test_threads_that_overlap_keep_each_other_quiet(capfd: pytest.CaptureFixture[str]) -> None:
    in_it, leave = threading.Event(), threading.Event()

    def other() -> None:
        with native.quiet():
            in_it.set()
            leave.wait()

    thread = threading.Thread(target=other)
    with native.quiet():
        thread.start()
        in_it.wait()
    say("the other is still in it ")  # the first to come must not have opened what the second needs closed
    leave.set()
    thread.join()
    say("both are out")
    assert capfd.readouterr().err == "both are out"


def test_debugging_shows_everything(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORMCHECK_DEBUG", "1")
    with native.quiet():
        say("inside")
    assert capfd.readouterr().err == "inside"


def said_by_a_process(program: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", f"import os, sys\nfrom formcheck.sight.pose.native import *\n{program}"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == ""
    return done.stderr


def test_what_python_says_meanwhile_is_seen_where_it_was_parted() -> None:
    said = said_by_a_process("""
print("1", file=sys.stderr)
part_from_native()
part_from_native()
with quiet(brief=False):
    print("2", file=sys.stderr)
    os.write(2, b"native\\n")
os.write(2, b"3\\n")
print("żółć", file=sys.stderr)
""")
    assert said.split("\n") == ["1", "2", "3", "żółć", ""]


def test_long_blocks_of_a_process_that_is_not_ours_lose_nothing() -> None:
    said = said_by_a_process("""
with quiet(brief=False):
    print("python", file=sys.stderr)
with quiet():
    os.write(2, b"native")
""")
    assert said == "python\n"


@pytest.mark.parametrize(
    ("version", "silent"),
    [
        ("0.10.29", False),  # nobody looked
        ("0.10.30", True),
        ("0.10.33", True),
        ("0.10.33.post1", True),
        ("0.10.34", False),
        ("0.10.35", False),
        ("1.0.0", False),
        ("1.2.3", False),
    ],
)
def test_versions_known_to_report_nothing(version: str, silent: bool) -> None:
    assert native.is_silent(version) is silent


@pytest.fixture
def reporting(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A MediaPipe that reports, and nothing said of proxies."""
    monkeypatch.setattr(native, "_installed_is_silent", lambda: False)
    for name in ("https_proxy", "no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    yield
    assert native.get_native("https_proxy") is None


NAMES = ("https_proxy", "no_proxy", "NO_PROXY")


def seen_natively() -> list[str | None]:
    return [None if (v := native.get_native(n)) is None else v.decode() for n in NAMES]


@pytest.mark.usefixtures("reporting")
def test_reports_are_held_while_at_least_one_landmarker_is_there() -> None:
    native.hold_reports()
    native.hold_reports()
    native.release_reports()
    assert seen_natively() == [native.NOBODY, None, None]
    native.release_reports()
    assert seen_natively() == [None, None, None]


@pytest.mark.usefixtures("reporting")
def test_neither_our_downloads_nor_our_children_see_the_proxy_that_holds_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://proxy.example:3128")
    native.hold_reports()
    try:
        assert seen_natively()[0] == native.NOBODY
        assert urllib.request.getproxies()["https"] == "http://proxy.example:3128"
        show = "import os; print(os.environ['https_proxy'])"
        child = subprocess.run(
            [sys.executable, "-c", show], env=dict(os.environ), capture_output=True, text=True, check=True
        )
        assert child.stdout == "http://proxy.example:3128\n"
    finally:
        native.release_reports()
    assert seen_natively()[0] == "http://proxy.example:3128"
    monkeypatch.undo()


@pytest.mark.parametrize(
    ("given", "left"),
    [
        ("localhost,10.0.0.0/8", "localhost,10.0.0.0/8"),
        ("*", ""),
        ("localhost, .googleapis.com,intranet", "localhost,intranet"),
        ("googleapis.com", ""),
        ("GoogleAPIs.com.", ""),
        ("play.googleapis.com", ""),
        ("*.com", ""),
        ("apis.com", "apis.com"),  # the end of a name, but no domain of it
        ("xplay.googleapis.com", "xplay.googleapis.com"),
    ],
)
@pytest.mark.usefixtures("reporting")
def test_an_exemption_from_proxies_does_not_let_reports_through(
    monkeypatch: pytest.MonkeyPatch, given: str, left: str
) -> None:
    monkeypatch.setenv("NO_PROXY", given)
    native.hold_reports()
    try:
        assert seen_natively() == [native.NOBODY, None, left]
        assert os.environ["NO_PROXY"] == given
    finally:
        native.release_reports()
    assert seen_natively() == [None, None, given]


def test_nothing_is_set_where_mediapipe_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(native, "_installed_is_silent", lambda: True)
    before = seen_natively()
    native.hold_reports()
    assert seen_natively() == before
    native.release_reports()


class Chatty:
    """Stands in for MediaPipe: prints at every step and notes the proxy its reporter would see."""

    def __init__(self, loads: bool = True) -> None:
        self.proxies: dict[str, str | None] = {}
        self._loads = loads

    def step(self, name: str) -> None:
        say(f"INFO: {name}\n")
        self.proxies[name] = seen_natively()[0]

    def parts(self) -> tuple[Any, Any, Any]:
        chatty = self

        class Landmarker:
            @classmethod
            def create_from_options(cls, options: object) -> Landmarker:
                chatty.step("create")
                if not chatty._loads:
                    raise RuntimeError("no such model")
                return cls()

            def detect(self, picture: object) -> Any:
                chatty.step("call")
                return SimpleNamespace(pose_landmarks=[])

            def close(self) -> None:
                chatty.step("close")

        vision = SimpleNamespace(
            RunningMode=SimpleNamespace(IMAGE=0, VIDEO=1),
            PoseLandmarkerOptions=lambda **_: None,
            PoseLandmarker=Landmarker,
        )
        mp = SimpleNamespace(Image=lambda **_: None, ImageFormat=SimpleNamespace(SRGB=0))
        return mp, vision, lambda **_: None


@pytest.mark.usefixtures("reporting")
def test_a_landmarker_says_and_reports_nothing_from_start_to_end(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    chatty = Chatty()
    monkeypatch.setattr(landmarkers, "mediapipe_parts", chatty.parts)
    landmarker = landmarkers.Landmarker(Path("m.task"), video=False)
    picture = np.zeros((4, 4, 3), np.uint8)
    for _ in range(3):
        landmarker.find(picture, None)
    landmarker.close()
    landmarker.close()
    assert chatty.proxies == dict.fromkeys(("create", "call", "close"), native.NOBODY)
    assert capfd.readouterr() == ("", "")


@pytest.mark.usefixtures("reporting")
def test_a_model_that_cannot_be_loaded_lets_go_of_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    chatty = Chatty(loads=False)
    monkeypatch.setattr(landmarkers, "mediapipe_parts", chatty.parts)
    with pytest.raises(ModelError, match="no such model"):
        landmarkers.Landmarker(Path("m.task"), video=False)
    assert chatty.proxies == {"create": native.NOBODY}
    assert seen_natively()[0] is None


def test_every_program_we_start_is_told_its_environment() -> None:
    """What a child is not given it takes from the native environment, with the proxy in it."""
    calls = [
        (path.name, {k.arg for k in node.keywords})
        for path in Path(formcheck.__file__).parent.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"subprocess.Popen", "subprocess.run"}
    ]
    assert {name for name, _ in calls} >= {"fetch.py", "window.py", "engines.py"}
    assert not [name for name, keywords in calls if "env" not in keywords]
