"""The examples in the docstrings give what they say."""

from __future__ import annotations

import doctest
from importlib import import_module
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "formcheck"


def modules_with_examples() -> list[str]:
    names = []
    for path in sorted(PACKAGE.rglob("*.py")):
        examples = [line for line in path.read_text(encoding="utf-8").splitlines() if ">>>" in line]
        if any("+SKIP" not in line for line in examples):
            parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
            names.append(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    return names


def test_there_are_examples() -> None:
    assert len(modules_with_examples()) > 20


@pytest.mark.parametrize("name", modules_with_examples())
def test_examples_hold(name: str) -> None:
    result = doctest.testmod(import_module(name), verbose=False)
    assert result.failed == 0, f"run python -m doctest {name}"
    assert result.attempted > 0
