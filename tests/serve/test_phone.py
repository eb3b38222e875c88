"""The page in Chromium with a film for a camera: what it counts and keeps is what ``analyze`` says of the film."""

from __future__ import annotations

from pathlib import Path

import pytest

from formcheck.analysis.api import analyze
from formcheck.coaching.history import History
from formcheck.coaching.history.queries import sets

from .client import Server
from .phone import begin, cut, end, enter, mend, phone, read_film, until

pytestmark = pytest.mark.browser

#: The film, its exercise, and how much of it is enough (s).
CLIP, EXERCISE, END_S = "toe-squat-heels-drop", "toe-squat", 10.5


def test_counts_and_faults_are_those_of_the_film_though_the_network_was_cut(
    server: Server, samples: Path, pose_model: Path
) -> None:
    video = samples / f"{CLIP}.mp4"
    said = analyze(video, EXERCISE, end=END_S)
    expected = [(r.side, r.counted, [f.id for f in r.faults]) for r in said.reps if not r.cut]
    assert [counted for _, counted, _ in expected] == [True, True]
    film = read_film(video, END_S)
    server.paired().ask("PUT", "/api/settings", {"introduce": False})
    with phone(film, server) as page:
        enter(page, server)
        begin(page, EXERCISE)
        until(page, f"film.shown > {5 * film.fps}")
        cut(page)
        until(page, f"film.shown > {7 * film.fps}")
        assert "No connection" in page.locator(".notices").inner_text()
        mend(page)
        until(page, "film.over")
        until(page, "document.querySelector('.count .n').textContent === '2'")
        end(page)
    with History.open() as history:
        (done,) = sets(history)
    assert [(r.side, r.counted, [f.id for f in r.faults]) for r in done.reps] == expected
