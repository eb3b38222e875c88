"""An empty history of one's own, and running commands on it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from formcheck.coaching.history import History


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the commands look for the history; nothing is there yet."""
    folder = tmp_path / "data"
    monkeypatch.setenv("FORMCHECK_DATA", str(folder))
    return folder / "history.sqlite"


@pytest.fixture
def history(path: Path) -> Iterator[History]:
    with History.open() as h:
        yield h
