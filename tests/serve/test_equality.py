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

from .client import Page, Server

CLIPS = {
    "plane-hip-sag": "plane",
    "shoulder-bridge-correct": "shoulder-bridge",
    "side-lift-correct-right": "side-lift",
}


def facts(rep: dict[str, Any]) -> tuple[Any, ...]:
    keys = ("index", "side", "counted", "verdict", "start_s", "peak_s", "end_s", "hold_s", "score")
    return (*(rep[k] for k in keys), [(f["id"], f["worst"]) for f in rep["faults"]])


@pytest.mark.parametrize("clip", CLIPS)
def test_told_shown_and_kept_is_what_analyze_says(
    clip: str, server: Server, samples: Path, track_of: Callable[..., Path]
) -> None:
    track, exercise = track_of(samples / f"{clip}.mp4"), CLIPS[clip]
    said = analyze(track, exercise)
    page = Page(server.paired(), {"exercise": exercise, "reps": 0})
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
    assert [facts(r) for r in kept["reps"]] == [facts(r) for r in page.reps]
    assert kept["limits"] == said.limits
    # ... and in the history.
    with History.open() as history:
        (session,) = sessions(history)
        (done,) = sets(history)
    assert (session.kind, session.number, session.finished) == ("live", over["history"], True)
    assert [(r.side, r.counted, [f.id for f in r.faults]) for r in done.reps] == [
        (side, counted, faults) for _, side, counted, _, faults in expected
    ]
