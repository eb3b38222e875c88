"""What a page is told, and what is kept of it, is what ``analyze`` says of the same film."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from formcheck.analysis.api import analyze
from formcheck.coaching.history import History
from formcheck.coaching.history.queries import sessions, sets
from formcheck.coaching.history.written import reports_of

from .client import Page, Server

CLIPS = {
    "plane-hip-sag": "plane",
    "shoulder-bridge-correct": "shoulder-bridge",
    "side-lift-correct-right": "side-lift",
}


#: What the camera's clock shows when a film begins: seconds since 1970, as in a browser.
CLOCK = 1_780_000_000.25


def facts(rep: dict[str, Any], origin: float = 0.0) -> tuple[Any, ...]:
    keys = ("index", "side", "counted", "verdict", "hold_s", "score")
    faults = [(f["id"], f["worst"], *since(f, ("from_s", "to_s"), origin)) for f in rep["faults"]]
    return (*(rep[k] for k in keys), *since(rep, ("start_s", "peak_s", "end_s"), origin), faults)


def since(data: dict[str, Any], names: tuple[str, ...], origin: float) -> list[float]:
    return [round(data[name] - origin, 2) for name in names]


@pytest.mark.parametrize("clip", CLIPS)
def test_told_shown_and_kept_is_what_analyze_says(
    clip: str, server: Server, samples: Path, track_of: Callable[..., Path]
) -> None:
    track, exercise = track_of(samples / f"{clip}.mp4"), CLIPS[clip]
    said = analyze(track, exercise)
    page = Page(server.paired(), {"exercise": exercise, "reps": 0}, clock=CLOCK)
    welcome = page.open()
    assert (welcome["resumed"], welcome["next"]) == (False, 0)
    page.show(track)
    over = page.finish()

    expected = [(r.index, r.side, r.counted, r.verdict, [f.id for f in r.faults]) for r in said.reps]
    assert expected
    # Told while it went on.
    assert [(r["index"], r["side"], r["counted"], r["verdict"], [f["id"] for f in r["faults"]]) for r in page.reps] == (
        expected
    )
    last = [m for m in page.messages if m["type"] == "moment" and m["judged"]][-1]["judged"]["counts"]
    assert last["total"] <= said.counts.total  # the end of the film may end one more
    # Kept as a report ...
    (report,) = over["reports"]
    assert report["counts"]["total"] == said.counts.total
    assert [f["id"] for f in report["faults"]] == [f.id for f in said.faults]
    assert page.client.ask("GET", report["page"]).status == 200
    listed = page.client.get("/api/reports")["reports"]
    assert [(r["exercise"], r["score"], r["kind"], r["page"]) for r in listed] == [
        (exercise, said.score, "live", report["page"])
    ]
    kept = json.loads(page.client.ask("GET", listed[0]["data"]).body)
    assert [facts(r) for r in kept["reps"]] == [facts(r, CLOCK) for r in page.reps]
    assert kept["limits"] == said.limits
    # ... and in the history.
    with History.open() as history:
        (session,) = sessions(history)
        (done,) = sets(history)
        written = reports_of(history.db, session.number)
    assert [json.loads(f.read_text(encoding="utf-8"))["counts"] for f in written] == [report["counts"]]
    assert (session.kind, session.number, session.finished) == ("live", over["history"], True)
    assert [(r.side, r.counted, [f.id for f in r.faults]) for r in done.reps] == [
        (side, counted, faults) for _, side, counted, _, faults in expected
    ]


def test_all_times_of_a_moment_are_by_the_cameras_clock(
    server: Server, samples: Path, track_of: Callable[..., Path]
) -> None:
    page = Page(server.paired(), {"exercise": "plane", "reps": 0}, clock=CLOCK)
    page.open()
    page.show(track_of(samples / "plane-hip-sag.mp4"))
    moments = [m for m in page.messages if m["type"] == "moment"]
    judged = [m["t"] - m["judged"]["t"] for m in moments if m["judged"]]
    assert judged and all(0.0 <= lag < 0.3 for lag in judged)
    told = [(m["t"], e["t"]) for m in moments for e in m["events"]]
    assert told and all(-1.0 <= t - now <= 0.0 for now, t in told)
    said = [(m["t"], u["t"], u["good_for_s"]) for m in moments for u in m["say"]]
    # What has just become worth saying can still be said.
    assert said and all(t <= now + 1e-3 and now - t <= good for now, t, good in said)
