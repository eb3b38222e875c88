"""Films that are sent: what is refused, and how."""

from __future__ import annotations

import pytest

from .client import Client


@pytest.mark.parametrize(
    ("asked", "status", "said"),
    [
        ("name=notes.txt", 415, "this is no video by its name"),
        ("name=no%20video.txt&exercise=no%20video", 415, "this is no video by its name"),
        # What a message says decides nothing: these words stand in this one, too.
        ("name=a.mp4&exercise=no%20video", 400, "unknown exercise 'no video'"),
    ],
)
def test_a_film_is_refused_by_what_is_wrong_with_it(client: Client, asked: str, status: int, said: str) -> None:
    answer = client.ask("POST", f"/api/uploads?{asked}", b"x")
    assert answer.status == status and said in answer.data["error"], answer.body
    assert client.get("/api/jobs")["jobs"] == []
