"""A server for the tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from .client import Client, Server, serving


@pytest.fixture
def own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty data folder."""
    folder = tmp_path / "data"
    monkeypatch.setenv("FORMCHECK_DATA", str(folder))
    return folder


@pytest.fixture
def server(own_data: Path) -> Iterator[Server]:
    """A server with an empty data folder."""
    with serving(own_data) as it:
        yield it


@pytest.fixture
def client(server: Server) -> Client:
    """A paired browser."""
    return server.paired()
