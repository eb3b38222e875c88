"""The documentation: it builds without a warning, needs nothing from elsewhere, and says what is so."""

from __future__ import annotations

import doctest
import importlib.util
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from formcheck.judging.exercises import ROUTINE
from formcheck.judging.measure import Body
from formcheck.showing.report.dictionary import REPORT, decided_by, own_measures, to_markdown
from formcheck.showing.report.objects import Report
from formcheck.sight.pose.landmarks import N_LANDMARKS

from .showing.page_reports import plane_report

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"


#: Pictures of many screens and pages at once.
SHEETS = {"screens", "pages"}


def load(name: str) -> ModuleType:
    """A script of the documentation."""
    spec = importlib.util.spec_from_file_location(f"docs_{name}", DOCS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # where its dataclasses look for their types
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def make() -> ModuleType:
    """The script that makes pages from code."""
    return load("make")


# ---- pages made from code -----------------------------------------------------------


@pytest.mark.parametrize("name", ["data-dictionary.md", "exercises.md"])
def test_pages_made_from_code_are_up_to_date(name: str, make: ModuleType) -> None:
    assert make.PAGES[name]() == (DOCS / name).read_text(encoding="utf-8"), "run python docs/make.py"


def test_every_exercise_has_its_picture() -> None:
    from PIL import Image

    for e in ROUTINE:
        with Image.open(DOCS / "pictures" / f"{e.id}.jpg") as picture:
            assert picture.size == (724, 202)
    assert {p.stem for p in (DOCS / "pictures").iterdir()} == {e.id for e in ROUTINE} | SHEETS


def test_the_contact_sheets_have_a_row_an_exercise_and_are_small() -> None:
    from PIL import Image

    script = load("sheets")
    assert list(script.ROWS) == [e.id for e in ROUTINE]
    for clips in script.ROWS.values():
        assert all((script.CLIPS / f"{clip}.mp4").exists() for clip in clips)
    (w, h), gap, words = script.TILE, script.GAP, script.WORDS
    for name in SHEETS:
        with Image.open(DOCS / "pictures" / f"{name}.jpg") as picture:
            assert picture.size == (gap + 6 * (w + gap), gap + len(ROUTINE) * (h + words + gap))
    assert sum((DOCS / "pictures" / f"{name}.jpg").stat().st_size for name in SHEETS) < 3_000_000


@pytest.mark.parametrize("exercise", [e.id for e in ROUTINE])
def test_the_dictionary_knows_the_measures_of_every_exercise_and_no_others(exercise: str) -> None:
    from formcheck.judging.exercises import get_exercise

    image = np.zeros((3, N_LANDMARKS, 4))
    image[..., :3] = np.random.default_rng(0).uniform(100, 200, (3, N_LANDMARKS, 3))
    image[..., 3] = 0.9
    body = Body(np.arange(3.0), image, image / 100, (640, 480))
    with np.errstate(all="ignore"):
        measured = set(get_exercise(exercise).signals(body)) - set(body.angles)
    told = {e.name for e in own_measures(get_exercise(exercise))}
    assert measured <= told
    assert set(get_exercise(exercise).measures) <= measured, "told of but not measured"
    assert decided_by(get_exercise(exercise))


def paths_of(value: object, at: str = "") -> set[str]:
    """The places in a report that hold plain values, written as the dictionary writes them."""
    free = {"limits", "reps[].measures", "counts.blocks"}
    if isinstance(value, dict):
        places = set()
        for key, v in value.items():
            name = "{}" if at in free else key
            places |= paths_of(v, f"{at}.{name}" if at else name)
        return places
    if isinstance(value, list):
        return set().union(*(paths_of(v, f"{at}[]") for v in value)) if value else set()
    return {at}


def test_the_dictionary_knows_every_field_of_a_report() -> None:
    report = plane_report(recognised={"exercise": "plane", "confidence": 0.9})
    report["reps"][0]["block"] = "tilt"
    report["counts"]["blocks"] = {"tilt": 1}
    report["reps"][0] |= {"seen": 0.98, "cut": "start"}
    report["coverage"]["withheld"] = 0.02
    report["persons"] = 2
    report["source"] |= {"note": "Slow motion.", "recorded": "2026-11-20T08:15:00+00:00"}
    report["holds"] = [{"from_s": 1.0, "to_s": 2.0, "seconds": 1.0}]
    report["view"]["advice"] = ["Turn."]
    size = {"diameter_torso": 1.2, "travel_torso": 0.1, "floor_y_px": 300.0, "diameter_cm": 65.0, "torso_cm": 54.2}
    report["ball"] = {"seen": 0.9, **size}
    for fault in (*report["faults"], *(f for r in report["reps"] for f in r["faults"])):
        fault["worst_s"] = 6.5
    assert not Report.from_dict(report).extra
    told = {e.name for e in REPORT}
    assert paths_of(report) | {"recognised"} == told
    assert len(told) == len(REPORT)
    assert to_markdown().count("\n## ") > len(ROUTINE)


# ---- the examples -------------------------------------------------------------------


def test_the_examples_in_python_md_give_what_they_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pose_model: Path, track_of: Callable[..., Path], samples: Path
) -> None:
    pytest.importorskip("pandas", reason="pandas is not installed")
    clip = samples / "plane-hip-sag.mp4"
    shutil.copy(clip, tmp_path)
    shutil.copy(track_of(clip), tmp_path / "plane-hip-sag.track.npz")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FORMCHECK_MODEL", str(pose_model))
    # A fence ends an example as an empty line does.
    text = re.sub(r"^```.*$", "", (DOCS / "python.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    examples = doctest.DocTestParser().get_doctest(text, {}, "python.md", "docs/python.md", 0)
    failed: list[str] = []
    result = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(examples, out=failed.append)
    assert result.failed == 0, "".join(failed)
    assert result.attempted > 20


# ---- the site -----------------------------------------------------------------------


class Links(HTMLParser):
    """What a page loads and where it leads."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.leads: list[str] = []
        self.ids: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a = {k: v or "" for k, v in attrs}
        self.ids |= {a[k] for k in ("id", "name") if k in a}
        if tag in {"script", "img", "iframe", "source", "video"} and "src" in a:
            self.loaded.append(a["src"])
        elif tag == "link" and not {"search", "index", "next", "prev", "canonical"} & set(a.get("rel", "").split()):
            self.loaded.append(a["href"])
        elif tag == "a" and "href" in a:
            self.leads.append(a["href"])


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site; a warning is an error."""
    for needed in ("sphinx", "furo", "myst_parser"):
        if importlib.util.find_spec(needed) is None:
            pytest.skip(f"{needed} is not installed (pip install -e '.[docs]')")
    out = tmp_path_factory.mktemp("site")
    words = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html", "-d", str(out / ".trees")]
    done = subprocess.run(
        [*words, str(DOCS), str(out / "html")], cwd=ROOT, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr
    assert not done.stderr.strip()
    return out / "html"


def test_the_site_has_its_pages_and_loads_nothing_from_elsewhere(site: Path) -> None:
    pages = {p.stem for p in site.glob("*.html")}
    assert {p.stem for p in DOCS.glob("*.md")} - {"accuracy-table"} <= pages
    for page in site.glob("*.html"):
        for address in Links(page.read_text(encoding="utf-8")).loaded:
            assert not re.match(r"(https?:)?//", address), f"{page.name} loads {address}"
    for style in site.rglob("*.css"):
        assert not re.search(r"@import|url\(['\"]?(https?:)?//", style.read_text(encoding="utf-8")), style


def test_links_within_the_site_lead_somewhere(site: Path) -> None:
    pages = {p.name: Links(p.read_text(encoding="utf-8")) for p in site.glob("*.html")}
    for name, links in pages.items():
        for address in links.leads:
            if re.match(r"[a-z]+:", address):
                continue
            path, _, anchor = address.partition("#")
            assert not path or (site / path).exists(), f"{name}: {address}"
            if anchor and (path or name) in pages:
                assert anchor in pages[path or name].ids, f"{name}: {address}"


def test_the_reference_tells_of_the_public_names(site: Path) -> None:
    import formcheck

    ids = Links((site / "reference.html").read_text(encoding="utf-8")).ids
    for name in formcheck.__all__:
        kinds = ("formcheck.", "formcheck.showing.report.objects.")
        assert any(f"{kind}{name}" in ids for kind in kinds), name
