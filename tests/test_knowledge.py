"""What is known of an exercise stands with the exercise: no other place of the package knows one by its id."""

from __future__ import annotations

import ast
import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from formcheck.judging.exercises import ROUTINE

PACKAGE = Path(__file__).resolve().parents[1] / "formcheck"
OWN = PACKAGE / "judging" / "exercises"
IDS = [cls.id for cls in ROUTINE]
#: Files that a program writes or reads, outside the exercises' own folder.
#: Words that were recorded, the names of the exercises among them.
SPOKEN = set((PACKAGE / "coaching" / "voice" / "bank").iterdir())
FILES = [
    p
    for p in sorted(PACKAGE.rglob("*"))
    if p.is_file() and OWN not in p.parents and "__pycache__" not in p.parts and p not in SPOKEN
]


def names_one(text: str) -> list[str]:
    """Return the exercises named in a text; ids that are words of the language only where they are all of it."""
    return [i for i in IDS if (re.search(rf"(?<![\w-]){i}(?![\w-])", text) if "-" in i else text == i)]


def keys(value: Any) -> Iterator[str]:
    """Give the keys and the texts in a tree of tables and lists."""
    if isinstance(value, dict):
        yield from value
        for v in value.values():
            yield from keys(v)
    elif isinstance(value, list):
        for v in value:
            yield from keys(v)
    elif isinstance(value, str):
        yield value


def texts(path: Path) -> Iterator[str]:
    """Give what stands in a file for a program: no comments, no docstrings."""
    if path.suffix == ".py":
        tree = ast.parse(path.read_text(encoding="utf-8"))
        said = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr)}
        yield from (
            n.value
            for n in ast.walk(tree)
            if isinstance(n, ast.Constant) and isinstance(n.value, str) and id(n) not in said
        )
    elif path.suffix == ".toml":
        yield from keys(tomllib.loads(path.read_text(encoding="utf-8")))
    elif path.suffix == ".json":
        yield from keys(json.loads(path.read_text(encoding="utf-8")))
    elif path.suffix in {".js", ".css", ".html", ".j2", ".txt", ".md"}:
        yield from path.read_text(encoding="utf-8").splitlines()


def test_the_scan_sees_an_id_in_code_and_data_and_no_other_word(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(
        '"""Of a plane."""\nX = {"plane": 1}\nY = f"see side-lift, {X}"\nZ = "in one plane"\n'
    )
    (tmp_path / "b.toml").write_text('[swan]\ntext = "the toe-squat"\nother = "side-lifts"\n')
    assert [i for p in ("a.py", "b.toml") for t in texts(tmp_path / p) for i in names_one(t)] == [
        "plane",
        "side-lift",
        "swan",
        "toe-squat",
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_nothing_is_keyed_by_an_exercise_elsewhere(path: Path) -> None:
    assert not [(i, text[:60]) for text in texts(path) for i in names_one(text)]


@pytest.mark.parametrize("cls", ROUTINE, ids=IDS)
def test_the_files_beside_an_exercise_are_its_own(cls: type) -> None:
    found = {p.name for p in OWN.iterdir() if p.suffix in {".toml", ".json"}}
    assert {n for n in found if n.startswith(f"{cls.id}.")} == {
        f"{cls.id}.{end}" for end in ("en.toml", "pl.toml", "ghost.json")
    }
    assert {n.partition(".")[0] for n in found} == set(IDS)
