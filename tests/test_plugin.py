"""What packages of other people's exercises import: the names stay, and are the ones used inside."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from formcheck import plugin
from formcheck.judging.measure import Body
from formcheck.judging.rules.checks import Check
from formcheck.judging.rules.exercise import Exercise
from formcheck.judging.rules.limits import Limit

ROOT = Path(__file__).resolve().parents[1]
#: A name may be added; one that is taken away breaks somebody's package.
NAMES = {
    *("ALWAYS", "HOLD", "MOVE", "REP", "START", "JOINT", "SIDES", "SEEN_SHARE", "Array", "Attempt", "Ball", "Body"),
    *("Check", "CycleFinder", "Drawing", "Exercise", "Gate", "Limit", "Limits", "Observation", "Outcome", "Pose"),
    *("Prescription", "Rep", "Sample", "Session", "Track", "Trigger", "again", "angle", "distance", "elevation"),
    *("line_deviation", "signed_sag", "travel_seconds", "wrap_degrees"),
    *("LEVEL", "PLUMB", "Bend", "Bow", "Gap", "Tilt", "BallPlace", "Breathing", "Followed"),
    *("SHORT_HOLD", "too_short", "why_short", "risen", "slow"),
}


def test_the_names_are_there() -> None:
    assert set(plugin.__all__) == NAMES
    assert all(getattr(plugin, name) is not None for name in NAMES)


def test_they_are_those_used_inside() -> None:
    assert (plugin.Body, plugin.Check, plugin.Exercise, plugin.Limit) == (Body, Check, Exercise, Limit)


@pytest.mark.parametrize(
    "path", sorted((ROOT / "examples").rglob("*.py")), ids=lambda p: p.relative_to(ROOT).as_posix()
)
def test_the_examples_need_no_other(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    used = {n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.module is not None}
    assert {m for m in used if m.startswith("formcheck")} == {"formcheck.plugin"}
