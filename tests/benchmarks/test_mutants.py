"""The table of the mutation run names modules and tests that are there."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CONFIG = tomllib.loads((ROOT / "benchmarks" / "mutants.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("part", CONFIG["parts"])
def test_every_module_of_a_part_has_tests_that_are_there(part):
    of = CONFIG["parts"][part]
    for glob in of["modules"]:
        modules = list(ROOT.glob(glob))
        assert modules, f"no module fits {glob}"
        for module in modules:
            tests = [t.format(name=module.stem) for t in of["tests"] if t.startswith("tests/")]
            assert tests and [t for t in tests if not (ROOT / t).exists()] == []
    assert [p for p in of.get("but", ()) if not (ROOT / p).is_file()] == []


def test_equivalent_mutants_stand_on_lines_that_are_there():
    for e in CONFIG.get("equivalent", []):
        lines = [line.strip() for line in (ROOT / e["module"]).read_text(encoding="utf-8").splitlines()]
        assert e["line"] in lines
        assert e["becomes"] != e["line"]
        assert e["why"]


def test_operators_are_names_of_cosmic_ray():
    assert CONFIG["operators"]
    assert all(o.startswith("core/") and re.compile(o) for o in CONFIG["operators"])
