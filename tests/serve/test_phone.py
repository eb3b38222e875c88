"""The page in Chromium with a film for a camera: what it counts and keeps is what ``analyze`` says of the film."""

from __future__ import annotations

from pathlib import Path

import pytest

from formcheck.analysis.api import analyze
from formcheck.coaching.history import History
from formcheck.coaching.history.queries import sets

from ..chromium import until
from .client import Server
from .phone import begin, cut, end, enter, mend, phone, phones, read_film

pytestmark = pytest.mark.browser

#: Films of exercises, and how much of it is enough (s).
FILMS = [
    ("ball-warmup", "ball-warmup-sideways", None),
    ("ball-kneel", "ball-kneel-hip-bent", None),
    ("heel-bridge", "heel-bridge-hip-sag", 13.0),
    ("plane", "plane-leg-low", 15.6),
    ("shoulder-bridge", "shoulder-bridge-short-hold", None),
    ("side-lift", "side-lift-line-bent", None),
    ("side-plank", "side-plank-hip-sag", None),
    ("swan", "swan-neck-back", 9.0),
]
#: The one in which the network is cut.
CUT = ("toe-squat", "toe-squat-heels-drop", 10.5)

#: Two that are done at the same time.
TWO = [("shoulder-bridge", "shoulder-bridge-short-hold", None), ("swan", "swan-neck-back", 9.0)]

Said = list[tuple[str | None, bool, list[str]]]


def said_of(video: Path, exercise: str, end_s: float | None) -> Said:
    """Return side, whether it counted and faults of every whole attempt, as ``analyze`` tells them."""
    report = analyze(video, exercise, end=end_s)
    return [(r.side, r.counted, [f.id for f in r.faults]) for r in report.reps if not r.cut]


def kept() -> Said:
    """Return the same of the only set of the history."""
    (done,) = all_kept().values()
    return done


def all_kept() -> dict[str, Said]:
    """Return the same of all sets of the history, each of a session of its own, by exercise."""
    with History.open() as history:
        done = sets(history)
    assert len({s.session.number for s in done}) == len(done)
    return {s.exercise: [(r.side, r.counted, [f.id for f in r.faults]) for r in s.reps] for s in done}


@pytest.mark.parametrize(("exercise", "clip", "end_s"), FILMS, ids=[e for e, _, _ in FILMS])
def test_counts_sides_and_faults_are_those_of_the_film(
    exercise: str, clip: str, end_s: float | None, server: Server, samples: Path, pose_model: Path
) -> None:
    expected = said_of(samples / f"{clip}.mp4", exercise, end_s)
    assert expected
    film = read_film(samples / f"{clip}.mp4", end_s)
    server.paired().ask("PUT", "/api/settings", {"introduce": False})
    with phone(film, server) as page:
        enter(page, server)
        begin(page, exercise)
        until(page, "film.over")
        end(page)
        # It speaks: a sentence of the bank was fetched while it was still worth saying.
        assert any("/voice/en/" in url for url in page.asked)
    assert kept() == expected


def test_where_the_computer_finds_the_body_it_is_the_same(server: Server, samples: Path, pose_model: Path) -> None:
    exercise, clip, end_s = "swan", "swan-neck-back", 9.0
    expected = said_of(samples / f"{clip}.mp4", exercise, end_s)
    film = read_film(samples / f"{clip}.mp4", end_s)
    server.paired().ask("PUT", "/api/settings", {"introduce": False, "pictures": True})
    with phone(film, server) as page:
        enter(page, server)
        begin(page, exercise)
        until(page, "film.over")
        # The page asks for no model, and draws the body that the computer found.
        assert not any("/model" in url or ".wasm" in url for url in page.asked)
        assert page.evaluate("!!document.querySelector('.picture canvas')")
        end(page)
    assert kept() == expected


def test_two_phones_at_once_do_not_meet(server: Server, samples: Path, pose_model: Path) -> None:
    expected = {e: said_of(samples / f"{clip}.mp4", e, end_s) for e, clip, end_s in TWO}
    assert all(expected.values())
    films = [read_film(samples / f"{clip}.mp4", end_s) for _, clip, end_s in TWO]
    client = server.paired()
    client.ask("PUT", "/api/settings", {"introduce": False})
    with phones(films, server) as pages:
        for page, (exercise, _, _) in zip(pages, TWO, strict=True):
            enter(page, server)
            begin(page, exercise)
        under_way = client.get("/api/coaching")["sessions"]
        assert {s["exercise"] for s in under_way} <= {e for e, _, _ in TWO}
        for page in pages:
            until(page, "film.over")
        assert len(client.get("/api/coaching")["sessions"]) == 2
        for page in pages:
            end(page)
    assert all_kept() == expected
    reports = client.get("/api/reports")["reports"]
    assert {r["exercise"]: r["counts"]["total"] for r in reports} == {
        e: sum(counted for _, counted, _ in said) for e, said in expected.items()
    }


def test_a_network_that_is_cut_in_mid_repetition_loses_nothing(server: Server, samples: Path, pose_model: Path) -> None:
    exercise, clip, end_s = CUT
    expected = said_of(samples / f"{clip}.mp4", exercise, end_s)
    assert [counted for _, counted, _ in expected] == [True, True]
    film = read_film(samples / f"{clip}.mp4", end_s)
    server.paired().ask("PUT", "/api/settings", {"introduce": False})
    with phone(film, server) as page:
        enter(page, server)
        begin(page, exercise)
        until(page, f"film.shown > {5 * film.fps}")
        cut(page)
        until(page, f"film.shown > {7 * film.fps}")
        assert "No connection" in page.locator(".notices").inner_text()
        mend(page)
        until(page, "film.over")
        until(page, "document.querySelector('.count .n').textContent === '2'")
        end(page)
    assert kept() == expected
