"""The index page of a batch in Chromium, opened from disk: filters, order, links, and nothing in a name gets out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from formcheck.batch import page
from formcheck.batch.page import write_index

EVIL = "</script><script>document.title='out'</script><img src=x onerror=\"document.title='out'\">&amp; 'x' .mp4"


@dataclass
class Ended:
    out: Path
    left: int = 0


def record(name: str, exercise: str = "plane", faults: tuple[str, ...] = (), **more: Any) -> dict[str, Any]:
    row = {
        "exercise": exercise,
        "total": 4,
        "not_counted": 1,
        "score": 87.5,
        "faults": list(faults),
        "view": "side",
        "coverage_judged": 0.9,
    }
    base = {"source": f"in/{name}.mp4", "asked": "auto", "name": name, "id": None, "status": "done", "row": row}
    return {**base, "exercise": "auto", "seconds": 3.21, **more}


def failed(name: str, why: str = "in/x.mp4 is empty") -> dict[str, Any]:
    return {**record(name), "status": "failed", "row": None, "failure": "input", "error": why}


RECORDS = [
    record("anna 1"),
    record("ben", "swan", ("neck-back", "arms-low")),
    record("cleo", "plane", ("hip-sag",), row={**record("x")["row"], "faults": ["hip-sag"], "score": None}),
    record("nobody knows", row={**record("x")["row"], "exercise": None, "score": None, "coverage_judged": None}),
    failed("broken"),
    {**record("<b>evil", "plane"), "source": EVIL},
    failed("evil", EVIL),
]


def test_nothing_of_a_clip_is_markup(tmp_path: Path) -> None:
    text = write_index(Ended(tmp_path), lambda: RECORDS).read_text()
    assert text.count("<script") == 2
    assert "<img" not in text
    assert "http" not in text.replace("http-equiv", "")


def test_what_was_not_reached_is_said(tmp_path: Path) -> None:
    assert "--resume" in write_index(Ended(tmp_path, 3), lambda: RECORDS).read_text()
    assert "--resume" not in write_index(Ended(tmp_path), lambda: RECORDS).read_text()


def test_where_not_all_fit_those_that_failed_come_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "AT_MOST", 3)
    text = write_index(Ended(tmp_path), lambda: RECORDS).read_text()
    assert "broken" in text
    assert "anna 1" in text
    assert "cleo" not in text
    assert "results.csv holds all" in text


def test_an_empty_batch_has_a_page(tmp_path: Path) -> None:
    assert "0 clips" in write_index(Ended(tmp_path, 2), list).read_text()


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory, browser) -> Iterator[tuple[Any, str]]:
    out = tmp_path_factory.mktemp("out")
    (out / "clips").mkdir()
    for name in ("anna 1", "<b>evil"):
        (out / f"clips/{name}.report.html").write_text("<title>the report</title>")
    write_index(Ended(out), lambda: RECORDS)
    tab = browser.new_page()
    tab.errors = []
    tab.on("console", lambda m: tab.errors.append(m.text))
    tab.on("pageerror", lambda e: tab.errors.append(str(e)))
    yield tab, (out / "index.html").as_uri()
    tab.close()


@pytest.fixture
def tab(opened):
    tab, address = opened
    tab.goto(address)
    yield tab
    assert tab.errors == []


def shown(tab) -> list[str]:
    return tab.eval_on_selector_all("#rows .name", "cells => cells.map(c => c.firstChild.textContent)")


@pytest.mark.browser
class TestBrowser:
    def test_all_are_there_by_name(self, tab) -> None:
        assert shown(tab) == sorted(shown(tab), key=str.lower) or len(shown(tab)) == 7
        assert set(shown(tab)) == {r["name"] for r in RECORDS}
        assert tab.title() == "7 clips - formcheck"
        assert EVIL in tab.inner_text("#rows")

    @pytest.mark.parametrize(
        ("choose", "left"),
        [
            ({"exercise": "swan"}, {"ben"}),
            ({"fault": "hip-sag"}, {"cleo"}),
            ({"status": "failed"}, {"broken", "evil"}),
            ({"status": "faults"}, {"ben", "cleo"}),
            ({"status": "good"}, {"anna 1", "nobody knows", "<b>evil"}),
            ({"exercise": "plane", "status": "faults"}, {"cleo"}),
        ],
    )
    def test_filters(self, tab, choose: dict[str, str], left: set[str]) -> None:
        for name, value in choose.items():
            tab.select_option(f"#{name}", value)
        assert set(shown(tab)) == left
        tab.click("#clear")
        assert len(shown(tab)) == 7

    def test_search(self, tab) -> None:
        tab.fill("#text", "ANNA in/")
        assert shown(tab) == ["anna 1"]
        assert tab.inner_text("#number") == "1 clip"

    def test_order(self, tab) -> None:
        tab.click("[data-by=exercise]")
        assert shown(tab)[3] == "ben"
        tab.click("[data-by=exercise]")
        assert shown(tab)[0] == "ben"
        assert tab.get_attribute("th:nth-child(2)", "aria-sort") == "descending"

    def test_links_lead_to_the_reports(self, tab) -> None:
        for name in ("anna 1", "<b>evil"):
            tab.click(f"text={name}")
            assert tab.title() == "the report"
            tab.go_back()
