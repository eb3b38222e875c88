"""The page in Chromium with a film for a camera: what it counts and keeps is what ``analyze`` says of the film."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from formcheck.analysis.api import analyze
from formcheck.coaching.history import History
from formcheck.coaching.history.queries import sets

from .client import Server
from .phone import begin, end, enter, phone, until, write_film

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("phone")]

#: The film, its exercise, and how much of it is enough (s).
CLIP, EXERCISE, END_S = "toe-squat-heels-drop", "toe-squat", 10.5


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, float, int]]:
    samples = Path(__file__).resolve().parents[2] / "sample_videos"
    file = tmp_path_factory.mktemp("film") / "film.y4m"
    yield (file, *write_film(samples / f"{CLIP}.mp4", file, END_S))
    file.unlink()


def test_counts_and_faults_are_those_of_the_film_though_the_network_was_cut(
    film: tuple[Path, float, int], server: Server, samples: Path, pose_model: Path
) -> None:
    said = analyze(samples / f"{CLIP}.mp4", EXERCISE, end=END_S)
    expected = [(r.side, r.counted, [f.id for f in r.faults]) for r in said.reps if not r.cut]
    assert sum(counted for _, counted, _ in expected) == 2
    server.paired().ask("PUT", "/api/settings", {"introduce": False})
    with phone(*film, server) as page:
        enter(page, server)
        begin(page, EXERCISE)
        until(page, f"film.last > {5 * film[1]}")
        page.context.set_offline(True)
        until(page, f"film.last > {7 * film[1]}")
        assert "No connection" in page.locator(".notices").inner_text()
        page.context.set_offline(False)
        until(page, "film.over")
        until(page, "document.querySelector('.count .n').textContent === '2'")
        end(page)
        given = page.evaluate("film.given")
    assert given > 0.45 * film[2], "too few pictures for a fair trial"
    with History.open() as history:
        (done,) = sets(history)
    assert [(r.side, r.counted, [f.id for f in r.faults]) for r in done.reps] == expected
