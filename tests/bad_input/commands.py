"""Running commands by the thousand, in this process, and what each of them must keep to whatever it was given."""

from __future__ import annotations

import io
import json
import os
import re
import signal
from collections.abc import Iterable
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

from formcheck.cli import main

#: Done, wrong usage, input, nobody, model: what bad input may end in. Never 1, which says that we are at fault.
CODES = frozenset({0, 2, 3, 4, 5})
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e]")
LONGEST = 1500


@dataclass(frozen=True)
class Said:
    """How a command ended and what it said."""

    words: tuple[str, ...]
    code: int
    out: str
    err: str


def say(folder: Path, *words: object) -> Said:
    """Run a command in a folder; everything that a user keeps lies in it, too."""
    texts = tuple(str(w) for w in words)
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    handler = signal.getsignal(signal.SIGTERM)
    own = {"FORMCHECK_DATA": str(folder / "data"), "FORMCHECK_CACHE": str(folder / "cache")}
    before = {name: os.environ.get(name) for name in own}
    os.environ.update(own)
    try:
        with chdir(folder), redirect_stdout(out), redirect_stderr(err):
            main(list(texts))
    except SystemExit as e:
        code = e.code if isinstance(e.code, int) else 0
    finally:
        signal.signal(signal.SIGTERM, handler)
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
    texts_said = (s.buffer.getvalue().decode("utf-8") for s in (out, err))  # type: ignore[attr-defined]
    return Said(texts, code, *texts_said)


def faults(said: Said) -> list[str]:
    """Return what is wrong with how a command ended; empty where nothing is."""
    wrong = []
    if said.code not in CODES:
        wrong.append(f"exit code {said.code}")
    lines = said.err.splitlines()
    if len(lines) != (said.code != 0):
        wrong.append(f"{len(lines)} lines of complaint")
    if any(not line.startswith("formcheck: ") or len(line) > LONGEST for line in lines):
        wrong.append("a complaint that is none of ours, or is too long")
    if "Traceback" in said.err or _CONTROL.search(said.err.rstrip("\n")) or _CONTROL.search(said.out):
        wrong.append("a traceback or control characters")
    if said.code == 0 and ("--json" in said.words or "json" in said.words):
        wrong += _json_faults(said.out)
    return [f"{' '.join(said.words)}: {what} | {said.err[:300]}" for what in wrong]


def _json_faults(text: str) -> list[str]:
    def refuse(name: str) -> None:
        raise ValueError(name)

    try:
        json.loads(text, parse_constant=refuse)
    except ValueError as e:
        return [f"no JSON ({e})"]
    return []


def left_behind(folder: Path) -> list[str]:
    """Return half-written files."""
    return [f"left behind: {p.name}" for p in folder.rglob(".formcheck-*")]


def all_faults(folder: Path, commands: Iterable[Iterable[object]]) -> list[str]:
    """Run commands in a folder; return what is wrong with any of them."""
    return [fault for words in commands for fault in faults(say(folder, *words))] + left_behind(folder)
