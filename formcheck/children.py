"""Processes of our own beside the program: how they are started, also where it is an app without a Python beside it.

A frozen app (PyInstaller) is its own interpreter, and takes no options of Python. It starts itself again with a word
that says which module to run instead of the commands.
"""

from __future__ import annotations

import os
import runpy
import sys
from pathlib import Path

#: What comes after it in the words of a frozen app is the module to run, and its words.
CHILD = "--formcheck-run"
#: Modules that may be run so.
MODULES = frozenset(
    {
        "pip",
        "formcheck.analysis.apart_process",
        "formcheck.coaching.voice.play_wav",
        "formcheck.live.window_process",
    }
)
_ROOT = Path(__file__).resolve().parents[1]


def is_frozen() -> bool:
    """Return whether the program is an app without a Python beside it."""
    return bool(getattr(sys, "frozen", False))


def child(module: str) -> list[str]:
    """Return the command that runs a module as a program; its words are to follow.

    A module of ours is run by its file: it loads nothing but itself, and takes nothing that lies about for a library.
    """
    if is_frozen():
        return [sys.executable, CHILD, module]
    if module.startswith("formcheck."):
        return [sys.executable, "-P", str(_ROOT.joinpath(*module.split(".")).with_suffix(".py"))]
    return [sys.executable, "-m", module]


def environment_of_others() -> dict[str, str]:
    """Return the environment for programs that are not ours: a frozen app's own libraries are not for them."""
    env = dict(os.environ)
    if is_frozen():
        for name in ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"):
            env.pop(name, None)
            if (before := env.pop(f"{name}_ORIG", None)) is not None:
                env[name] = before
    return env


def run_if_child(words: list[str]) -> bool:
    """Run a module if the words of the program ask for it; return whether they did."""
    if not is_frozen() or len(words) < 2 or words[0] != CHILD or words[1] not in MODULES:
        return False
    sys.argv = words[1:]
    runpy.run_module(words[1], run_name="__main__", alter_sys=True)
    return True
