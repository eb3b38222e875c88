"""The page of a comparison: opened from the disk with the network off, by repetition, and safe with any name."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest

from formcheck.compare.page import render_comparison, write_comparison
from formcheck.compare.subjects import two_sessions, two_sides

from ..chromium import opened, until
from .made import session

NAME = "Zoë \"the '1'\" <img src=x onerror=alert(1)> 🤸 מרים"


def film(path, shade):
    from formcheck.sight.video.writer import VideoWriter

    with VideoWriter(path, (80, 60)) as video:
        for i in range(42):
            video.write(float(i), np.full((60, 80, 3), shade + i, np.uint8))


@pytest.fixture
def both(tmp_path):
    a = session(tmp_path / "in" / "a", NAME, [10, 20, 30], sides=["left", "right", "left"])
    b = session(tmp_path / "in" / "b", "after", [14, 18], sides=["left", "right"])
    return two_sessions(a, b)


def test_names_cannot_break_the_page(both, tmp_path):
    page = render_comparison(*both, [None, None])
    assert "<img" not in page and "&lt;img src=x" in page
    scripts = re.findall(r"<script[^>]*>(.*?)</script>", page, re.DOTALL)
    assert len(scripts) == 4 and len(json.loads(scripts[0])["pairs"]) == 3
    assert "default-src 'none'" in page and not re.search(r"(?:src|href)=[\"'](?!data:|#)", page)
    assert "<video" not in page and 'id="before"' in page
    assert str(tmp_path) not in page


def test_the_page_is_in_polish_and_of_sides(both, tmp_path):
    page = render_comparison(*two_sides(both[0].report.path), [None, None], lang="pl")
    assert '<html lang="pl">' in page and "Samolot: lewa i prawa" in page and "Lewa wobec prawej" in page
    assert NAME not in page
    with pytest.raises(Exception, match="no texts"):
        render_comparison(*both, [None, None], lang="xx")


def test_films_are_shown_from_where_they_lie(both, tmp_path):
    film(both[0].report.path.with_name(f"{NAME}.annotated.mp4"), 40)
    out = tmp_path / "out" / "page.html"
    write_comparison(*two_sessions(both[0].report.path, both[1].report.path), out)
    page = out.read_text(encoding="utf-8")
    (src,) = re.findall(r'<video src="([^"]+)"', page)
    assert src.startswith("./../in/a/Zo%C3%AB%20%22the") and "There is no film beside this report." in page
    assert "file:; img-src" in page


@pytest.mark.browser
def test_it_opens_from_the_disk_and_goes_by_repetition(both, tmp_path, browser):
    for s, shade in zip(both, (40, 120), strict=True):
        film(s.report.path.with_name(f"{s.report.stem}.annotated.mp4"), shade)
    out = tmp_path / "out" / "page.html"
    write_comparison(*two_sessions(both[0].report.path, both[1].report.path), out)
    with opened(browser, out) as page:
        goes_by_repetition(page)
    with opened(browser, out, viewport={"width": 360, "height": 740}) as page:
        assert page.evaluate("document.documentElement.scrollWidth") == 360


def goes_by_repetition(page):
    said = page.locator(".film .now")
    assert page.locator("#pair").inner_text() == "Pair 1 of 3"
    assert said.all_inner_texts() == ["Repetition 1, left: good", "Repetition 1, left: good"]
    page.keyboard.press("ArrowRight")
    assert said.all_inner_texts() == ["Repetition 2, right: good", "Repetition 2, right: good"]
    page.locator("#place").focus()
    page.locator("#place").evaluate("p => { p.value = 50; p.dispatchEvent(new Event('input')); }")
    assert page.locator("#percent").inner_text().replace("\xa0", " ") == "50 %"
    # The half sine of the right repetitions is at its height there.
    assert page.locator(".curve .read b").first.inner_text().startswith("A ")
    page.locator("body").click(position={"x": 2, "y": 2})
    page.locator("#after").click()
    assert said.all_inner_texts() == ["Repetition 3, left: good", "no such repetition"]
    assert page.locator("#after").is_disabled()
    page.locator("#before").click()
    videos = page.locator("video")
    plays = videos.first.evaluate("v => v.canPlayType('video/mp4; codecs=\"avc1.42E01E\"')") != ""
    if plays:
        until(page, "[...document.querySelectorAll('video')].every((v) => v.readyState >= 2)")
        page.locator("#place").evaluate("p => { p.value = 50; p.dispatchEvent(new Event('input')); }")
        times = [v.evaluate("v => v.currentTime") for v in videos.all()]
        assert times == pytest.approx([24.0, 24.0], abs=0.06)  # the second repetition is from 20 to 28 s
        page.locator("#play").click()
        until(page, "!document.getElementById('percent').textContent.startsWith('5')")
        page.keyboard.press("ArrowLeft")
        assert page.locator("#play").inner_text() == "Play"
        assert videos.first.evaluate("v => v.paused") is True
    assert page.locator("h1 + p bdi").inner_text() == NAME
