"""How our own processes beside the program are started, beside a Python and in an app without one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from formcheck.children import CHILD, MODULES, child, environment_of_others, run_if_child


@pytest.fixture
def frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "argv", ["formcheck"])


def test_a_module_of_ours_is_run_by_its_file_and_one_of_others_by_its_name() -> None:
    python, option, file = child("formcheck.coaching.voice.play_wav")
    assert (python, option) == (sys.executable, "-P")
    assert Path(file).is_file()
    assert child("pip") == [sys.executable, "-m", "pip"]
    done = subprocess.run(child("formcheck.coaching.voice.play_wav"), capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_an_app_starts_itself_again(frozen: None) -> None:
    for module in MODULES:
        assert child(module) == [sys.executable, CHILD, module]


def test_an_app_runs_the_module_asked_for_with_the_words_behind_it(
    frozen: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    run: list[tuple[str, list[str]]] = []
    monkeypatch.setattr("runpy.run_module", lambda module, **_: run.append((module, list(sys.argv[1:]))))
    assert run_if_child([CHILD, "pip", "download", "x"])
    assert run == [("pip", ["download", "x"])]


@pytest.mark.parametrize("words", [[], [CHILD], [CHILD, "os"], ["analyze", CHILD, "pip"], ["analyze", "a.mp4"]])
def test_an_app_runs_no_other(frozen: None, words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("runpy.run_module", lambda *_, **__: pytest.fail("run"))
    assert not run_if_child(words)


def test_beside_a_python_the_word_means_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("runpy.run_module", lambda *_, **__: pytest.fail("run"))
    assert not run_if_child([CHILD, "pip"])


def test_programs_of_others_do_not_get_the_libraries_of_an_app(frozen: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LD_LIBRARY_PATH", "app")
    monkeypatch.setenv("LD_LIBRARY_PATH_ORIG", "system")
    monkeypatch.setenv("DYLD_LIBRARY_PATH", "app")
    monkeypatch.delenv("DYLD_LIBRARY_PATH_ORIG", raising=False)
    env = environment_of_others()
    assert env["LD_LIBRARY_PATH"] == "system"
    assert "DYLD_LIBRARY_PATH" not in env
    assert os.environ["LD_LIBRARY_PATH"] == "app"


def test_beside_a_python_the_environment_is_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LD_LIBRARY_PATH", "mine")
    assert environment_of_others() == dict(os.environ)
