"""The server for one person: history, limits, plan, sessions and films are theirs, nobody else's."""

from __future__ import annotations

import re
import signal
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from formcheck.coaching.people import Person, add_person, find_person
from formcheck.serve.place import Data

from ..coaching.history.seed import put, rep
from ..commandline import start
from .client import Client, Page, Server, serving

NAME = 'Zoë "the 🤸" <b>מרים</b>'


@pytest.fixture
def zoe(own_data: Path) -> Person:
    return add_person(NAME)


@pytest.fixture
def hers(zoe: Person) -> Iterator[Server]:
    zoe.limits.write_text("[plane]\narch_deg = 35\nhold_s = 4\n", encoding="utf-8")
    zoe.plan.write_text('name = "hers"\n[[step]]\nexercise = "swan"\nreps = 3\n', encoding="utf-8")
    with serving(zoe.folder, data=Data.of(zoe)) as it:
        yield it


def limit(client: Client, name: str) -> float:
    plane = next(e for e in client.get("/api/exercises")["exercises"] if e["id"] == "plane")
    return float(next(x["value"] for x in plane["limits"] if x["name"] == name))


def test_history_and_plan_are_hers(hers: Server, zoe: Person) -> None:
    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    with find_person(None).open_history() as mine:
        put(mine, at, [("swan", [rep(), rep(2), rep(3)])])
    client = hers.paired()
    assert client.get("/api/history")["sessions"] == []
    with zoe.open_history() as history:
        put(history, at, [("plane", [rep()])])
    (session,) = client.get("/api/history")["sessions"]
    assert (session["exercises"], session["reps"]) == (["plane"], 1)
    assert "Plane" in client.ask("GET", "/progress").body.decode()
    plans = {p["id"]: p for p in client.get("/api/plans")["plans"]}
    assert plans["own"]["name"] == "hers" and plans["own"]["steps"][0]["exercise"] == "swan"
    page = Page(client, {"saved": "own"})
    assert page.open()["plan"]["name"] == "hers"
    page.finish()
    assert client.ask("PUT", "/api/settings", {"plan": "twice"}).data["plan"] == "twice"
    with find_person(None).open_history() as mine:
        assert mine.setting("plan", "every-other-day") == "every-other-day"


@pytest.mark.parametrize(
    ("settled", "asked", "title"), [("pl", "", "Samolot"), ("en", "?lang=pl", "Samolot"), ("pl", "?lang=en", "Plane")]
)
def test_progress_in_the_language_chosen(hers: Server, zoe: Person, settled: str, asked: str, title: str) -> None:
    with zoe.open_history() as history:
        put(history, datetime(2026, 3, 2, 9, tzinfo=UTC), [("plane", [rep()])])
    client = hers.paired()
    client.ask("PUT", "/api/settings", {"lang": settled})
    page = client.ask("GET", f"/progress{asked}").body.decode()
    lang = "pl" if title == "Samolot" else "en"
    assert f'<html lang="{lang}"' in page and f">{title}<" in page


def test_limits_are_hers_and_the_page_lays_its_own_over_them(hers: Server, zoe: Person, own_data: Path) -> None:
    client = hers.paired()
    assert (limit(client, "arch_deg"), limit(client, "hold_s")) == (35.0, 4.0)
    changed = client.ask("PUT", "/api/settings", {"limits": {"plane": {"arch_deg": 30}}})
    assert (
        changed.status == 200
        and changed.data["limits"] == {"plane": {"arch_deg": 30.0}}
        and "under" not in changed.data
    )
    assert (limit(client, "arch_deg"), limit(client, "hold_s")) == (30.0, 4.0)
    assert client.ask("PUT", "/api/settings", {"under": {}}).status == 400
    with serving(own_data, data=Data.own()) as mine:
        other = mine.paired()
        assert limit(other, "arch_deg") == 22.0 and other.get("/api/settings")["limits"] == {}
    assert zoe.limits.read_text(encoding="utf-8").startswith("[plane]")


def test_sessions_and_films_land_with_her(
    hers: Server, zoe: Person, own_data: Path, samples: Path, track_of: Callable[..., Path]
) -> None:
    client = hers.paired()
    track = track_of(samples / "plane-hip-sag.mp4")
    page = Page(client, {"exercise": "plane", "reps": 0})
    page.open()
    page.show(track)
    over = page.finish()
    assert len(over["reports"]) == 1
    (report,) = zoe.sessions.glob("*/*.report.json")
    # Her limit, not the usual 22: the back is arched by 28 degrees and that is allowed.
    text = report.read_text(encoding="utf-8")
    assert '"arch_deg": 35.0' in text and '"hip-sag"' not in text
    answer = client.ask("POST", "/api/uploads?name=film.track.npz&exercise=plane&history=1", track.read_bytes())
    assert answer.status == 202, answer.body
    hers.serving.parts.uploads._threads.shutdown(wait=True)
    (job,) = client.get("/api/jobs")["jobs"]
    assert job["state"] == "done", job
    kinds = [s["kind"] for s in client.get("/api/history")["sessions"]]
    assert sorted(kinds) == ["analyze", "live"]
    assert len(client.get("/api/reports")["reports"]) == 2
    assert not find_person(None).history.exists() and not (own_data / "sessions").exists()
    assert not (own_data / "uploads").exists() and len(list((zoe.folder / "uploads").rglob("*.report.json"))) == 1


def test_who_it_is_for_is_told_to_paired_devices_alone(hers: Server) -> None:
    assert hers.paired().get("/api/state")["person"] == NAME
    assert hers.stranger().get("/api/state")["person"] is None


def test_the_command_says_whose_it_is(here: Path, own_data: Path) -> None:
    add_person("Anna")
    with start("serve", "--port", "0", "--person", "anna") as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("For Anna:")
        assert re.search(r"http://127\.0\.0\.1:\d+/#pair=", process.stdout.readline())
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=300)
    with start("serve", "--port", "0", "--person", "Nobody") as process:
        _, err = process.communicate(timeout=300)
    assert process.returncode == 2 and "there is nobody called 'Nobody'" in err
