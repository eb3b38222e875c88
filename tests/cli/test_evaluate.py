"""`formcheck evaluate` as a user types it, on true tracks of the sample videos."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ..commandline import Run
from ..evaluation.tracks import SAMPLES, put_track


def put(folder: Path, sample: str, as_: str, **truth: Any) -> None:
    put_track(sample, folder, as_)
    told = json.loads((SAMPLES / f"{sample}.json").read_text(encoding="utf-8"))
    (folder / f"{as_}.json").write_text(json.dumps(told | {"clip": as_} | truth))


@pytest.fixture
def three_kinds(here: Path) -> Path:
    """A real person, a natural and a posed clip, and a movement outside the routine."""
    put(here, "plane-correct", "anna", variant=None, never=["same-side-pair"], refusal="wrong")
    put(here, "plane-correct", "natural", acted="two raises")
    put(here, "plane-correct", "posed")
    put(here, "plane-correct", "dance", variant=None, exercise=None, reps=[], faults=[], tempting=["swan"])
    return here


def test_kinds_are_shown_apart_and_real_people_first(run: Run, three_kinds: Path) -> None:
    got = run("evaluate", ".", "--markdown", "--brief", "-o", "figures.json")
    assert got.code == 0
    head = next(line for line in got.out.splitlines() if line.startswith("| figure"))
    assert [c.strip() for c in head.split("|")[2:5]] == ["real people", "rendered, natural", "rendered, posed"]
    assert "| list of attempts exact | 1/1 (100%) | 1/1 (100%) | 1/1 (100%) |" in got.out
    assert "angle" not in got.out, "in brief there is no table of angles"
    figures = json.loads((three_kinds / "figures.json").read_text())
    assert list(figures["by_kind"]) == ["real", "natural", "posed"]
    real = figures["by_kind"]["real"]
    assert (real["clips"], real["outside"], real["exact"]) == (2, 1, {"value": 1.0, "hits": 1, "of": 1})
    assert real["tempted"]["of"] == 1
    assert real["taken"] == {"value": 0.8889, "hits": 8, "of": 9}, "it is the plane after all"


def test_each_clip_that_is_not_exact_says_why_and_the_command_succeeds(run: Run, here: Path) -> None:
    told = json.loads((SAMPLES / "plane-correct.json").read_text(encoding="utf-8"))["reps"]
    late = told[-1] | {"start_s": 100.0, "peak_s": 105.0, "end_s": 110.0, "faults": ["arm-low"]}
    put(here, "plane-correct", "anna", variant=None, reps=[told[0], late], never=["leg-low"])
    got = run("evaluate", ".", "--brief")
    assert got.code == 0
    assert "anna: missed 1 of 2: 100.0 s" in got.out
    assert "anna: extra 1: " in got.out
    assert "anna: fault missed: arm-low" in got.out


def test_ways_workers_and_recognition(run: Run, three_kinds: Path) -> None:
    asked = ("--ways", "1/2,live,30", "--workers", "2", "--auto", "--cache", "kept")
    got = run("evaluate", ".", "--markdown", "--brief", *asked)
    assert got.code == 0
    for way in ("1/2 of the frames", "live"):
        assert f"| same list: {way} | 1/1 (100%) | 1/1 (100%) | 1/1 (100%) |" in got.out
    assert "30 frames/s" not in got.out, "the clips have 15"
    assert "| exercise recognised (auto) | 1/2 (50%) | 1/1 (100%) | 1/1 (100%) |" in got.out
    assert "dance: auto: taken for plane" in got.out


def test_a_way_that_is_none_is_refused_in_one_line(run: Run, three_kinds: Path) -> None:
    got = run("evaluate", ".", "--ways", "sometimes")
    assert got.code == 2
    assert "no way of watching called 'sometimes'" in got.complaint


def test_damaged_truth_is_one_line_and_does_not_stop_the_rest(run: Run, three_kinds: Path) -> None:
    (three_kinds / "posed.json").write_text('{"exercise": "plane", "reps": [], "refusal": "sometimes"}')
    got = run("evaluate", ".", "--brief")
    assert got.code == 0
    (line,) = [x for x in got.out.replace("\n ", " ").splitlines() if x.startswith("posed: failed")]
    assert "posed.json: `refusal` must be fine, wrong or null" in line


def test_movements_outside_the_routine_are_crossed_with_every_exercise(run: Run, three_kinds: Path) -> None:
    got = run("evaluate", "dance.track.npz", "natural.track.npz", "--cross", "-o", "cross.json")
    assert got.code == 0
    pairs = json.loads((three_kinds / "cross.json").read_text())["pairs"]
    assert [sum(p["clip"] == c for p in pairs) for c in ("dance", "natural")] == [9, 8]
    assert {p["as"] for p in pairs if p["counted"]} == {"plane"}
