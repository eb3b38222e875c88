"""The pages in Chromium: by keyboard and screen reader, in both languages, large and small, asking nobody else."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ..chromium import until
from .client import Page, Server, serving

pytestmark = pytest.mark.browser

PAGES = ["coach", "films", "reports", "history", "settings", "doctor", "watch", "trust"]
PHONE, TELEVISION = {"width": 320, "height": 640}, {"width": 1920, "height": 1080}
CLIP, EXERCISE = "plane-hip-sag", "plane"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with an empty data folder, for all pages of this module."""
    folder = tmp_path_factory.mktemp("data")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FORMCHECK_DATA", str(folder))
        with serving(folder) as it:
            yield it


@pytest.fixture
def visit(browser: Any, home: Server) -> Iterator[Callable[..., Any]]:
    """Open a page of a paired browser; in the end nothing may have been complained about, nobody else asked."""
    opened = []

    def go(name: str, viewport: dict[str, int] = TELEVISION, *, paired: bool = True, **options: Any) -> Any:
        context = browser.new_context(viewport=viewport, locale="en-GB", service_workers="block", **options)
        if paired:
            key, _, value = (home.paired().cookie or "").partition("=")
            context.add_cookies([{"name": key, "value": value, "url": address(home)}])
        page = context.new_page()
        said: list[str] = []
        asked: list[str] = []
        page.on("console", lambda m: said.append(m.text) if m.type in {"error", "warning"} else None)
        page.on("pageerror", lambda e: said.append(str(e)))
        page.on("request", lambda r: asked.append(r.url))
        opened.append((context, said, asked))
        page.goto(f"{address(home)}/{name}")
        page.wait_for_selector("h1")
        return page

    yield go
    for context, said, asked in opened:
        # A wrong code is a refusal that the browser notes; the worker that keeps the pages is blocked for these tests.
        assert [s for s in said if "403" not in s and "Service Worker" not in s] == []
        assert all(url.startswith((f"{address(home)}/", "data:", "blob:")) for url in asked)
        context.close()


def address(server: Server) -> str:
    return f"http://127.0.0.1:{server.port}"


def axe_on(page: Any) -> list[tuple[str, list[str]]]:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    # The page's policy forbids scripts from elsewhere: axe is put in by the browser.
    found = axe.Axe().run(page).response["violations"]
    return [(v["id"], [n["html"][:160] for n in v["nodes"]]) for v in found if v["impact"] in {"serious", "critical"}]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(visit: Callable[..., Any], scheme: str) -> None:
    page = visit("#coach", color_scheme=scheme)
    for name in PAGES:
        page.goto(f"{page.url.partition('#')[0]}#{name}")
        page.wait_for_selector("main h1")
        until(page, "!document.querySelector('.loading')")
        assert axe_on(page) == [], name
    page.goto(f"{page.url.partition('#')[0]}#coach")
    page.locator("button.exercise").first.click()
    page.wait_for_selector("button.start")
    assert axe_on(page) == []


def test_every_page_fits_the_narrowest_phone(visit: Callable[..., Any]) -> None:
    page = visit("#coach", PHONE)
    for name in PAGES:
        page.goto(f"{page.url.partition('#')[0]}#{name}")
        page.wait_for_selector("main h1")
        until(page, "!document.querySelector('.loading')")
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], name


def test_a_stranger_is_let_in_with_the_code_by_the_keyboard_alone(visit: Callable[..., Any], home: Server) -> None:
    page = visit("", paired=False)
    assert page.locator("h1").inner_text() == "Pair this device"
    assert page.locator("nav").count() == 0
    page.get_by_label("Code", exact=True).focus()
    page.keyboard.type("000 000")
    page.keyboard.press("Enter")
    page.wait_for_selector(".wrong:not(:empty)")
    assert "Tries left: 4" in page.locator(".wrong").inner_text()
    code = page.get_by_label("Code", exact=True)
    code.fill("")
    code.focus()
    page.keyboard.type(home.serving.parts.pairing.shown)
    page.keyboard.press("Enter")
    page.wait_for_selector("button.exercise")
    assert page.locator("button.exercise").count() == 9


def test_the_link_lets_in_and_leaves_no_trace_in_the_address(visit: Callable[..., Any], home: Server) -> None:
    page = visit(f"#pair={home.serving.parts.pairing.token}", paired=False)
    page.wait_for_selector("button.exercise")
    assert page.url == f"{address(home)}/#coach"


def test_the_language_is_chosen_and_kept(visit: Callable[..., Any], home: Server) -> None:
    page = visit("#settings")
    page.get_by_label("Language").select_option("pl")
    page.get_by_role("heading", name="Ustawienia").wait_for()
    assert page.evaluate("document.documentElement.lang") == "pl"
    page.reload()
    page.get_by_role("heading", name="Ustawienia").wait_for()
    page.get_by_label("Język").select_option("en")
    page.get_by_role("heading", name="Settings").wait_for()
    assert home.paired().get("/api/settings")["lang"] == "en"


def test_a_limit_of_ones_own_is_kept_and_taken_back(visit: Callable[..., Any], home: Server) -> None:
    page = visit("#settings")
    page.locator("section[aria-labelledby=h-limits] select").select_option(EXERCISE)
    for text, kept in (("20", {EXERCISE: {"arch_deg": 20.0}}), ("", {})):
        field = page.get_by_label("Own value: arch_deg")
        with page.expect_response(lambda r: r.request.method == "PUT") as put:
            field.fill(text)
            field.press("Tab")
        assert put.value.status == 200
        limits = home.paired().get("/api/settings")["limits"]
        assert {e: own for e, own in limits.items() if own} == kept


def test_a_film_is_judged_and_its_report_shown_within_the_page(
    visit: Callable[..., Any], samples: Path, track_of: Callable[..., Path]
) -> None:
    page = visit("#films")
    page.get_by_label("Exercise").select_option(EXERCISE)
    page.locator("input[type=file]").set_input_files(track_of(samples / f"{CLIP}.mp4"))
    page.locator(".job .report").wait_for(timeout=120_000)
    assert "Plane" in page.locator(".job .report").inner_text()
    page.locator(".job .report a").click()
    frame = page.frame_locator("iframe")
    frame.locator("h1").wait_for()
    assert "Plane" in frame.locator("body").inner_text()
    page.get_by_role("link", name="Back").click()
    page.get_by_role("heading", name="Reports").wait_for()
    page.locator(".reports li").first.wait_for()
    assert page.locator(".reports li").count() == 1


def test_a_second_screen_shows_the_count_and_the_body(
    visit: Callable[..., Any], home: Server, samples: Path, track_of: Callable[..., Path]
) -> None:
    camera = Page(home.paired(), {"exercise": EXERCISE, "reps": 0})
    camera.open()
    page = visit("#watch")
    page.wait_for_selector(".coach")
    shown = threading.Thread(target=camera.show, args=(track_of(samples / f"{CLIP}.mp4"),), daemon=True)
    shown.start()
    page.wait_for_selector(".count")
    shown.join(120)
    counts = [m for m in camera.messages if m["type"] == "moment" and m["judged"]][-1]["judged"]["counts"]
    assert counts["total"] > 0
    until(page, f"document.querySelector('.count .n')?.textContent === '{counts['total']}'")
    assert page.locator("video").count() == 0
    painted = """(() => { const c = document.querySelector('.picture canvas');
        return c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some((v) => v > 0); })()"""
    until(page, painted)
    assert axe_on(page) == []
    camera.finish()
    page.wait_for_selector(".sheet.over")


def test_it_can_be_installed(visit: Callable[..., Any], home: Server) -> None:
    page = visit("#coach")
    manifest = json.loads(home.stranger().ask("GET", "/manifest.webmanifest").body)
    assert (manifest["display"], {i["sizes"] for i in manifest["icons"]}) == (
        "standalone",
        {"any", "192x192", "512x512"},
    )
    for icon in manifest["icons"]:
        assert home.stranger().ask("GET", f"/{icon['src']}").status == 200
    kept = home.stranger().ask("GET", "/sw.js").body.decode()
    assert '"wasm/vision_wasm_internal.wasm"' in kept
    assert page.evaluate("document.querySelector('link[rel=manifest]').href").endswith("/manifest.webmanifest")
