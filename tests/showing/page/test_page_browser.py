"""The report page in Chromium, opened from disk: it works, fits a phone, prints, and speaks to a screen reader."""

from __future__ import annotations

from contextlib import ExitStack

import numpy as np
import pytest

from formcheck.showing.page import write_page
from formcheck.sight.video.writer import VideoWriter

from ...chromium import opened, until
from ..page_reports import empty_report, long_report, noisy_jpeg, plane_report, shots_of, write_measures

pytestmark = pytest.mark.browser

DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with a video of 16 s that starts at second 2 of its source, and pages about it."""
    d = tmp_path_factory.mktemp("report")
    with VideoWriter(d / "clip's <b>.mp4", (160, 90)) as video:
        for k in range(160):
            video.write(2 + k / 10, np.full((90, 160, 3), k, np.uint8))
    table = write_measures(d / "clip.measures.csv", start=2.0)
    report = plane_report()
    write_page(report, d / "video.html", "clip's <b>.mp4", table, shots_of(report, noisy_jpeg()))
    write_page(report, d / "drawn.html", None, table, shots_of(report))
    write_page(plane_report(), d / "lost.html", "gone.mp4", table)
    write_page(plane_report(), d / "plain.html", None, table)
    write_page(empty_report(), d / "empty.html", None)
    write_page(report, d / "polish.html", "clip's <b>.mp4", table, shots_of(report, noisy_jpeg()), "pl")
    report = long_report()
    write_page(
        report, d / "long.html", None, write_measures(d / "long.csv", seconds=600), shots_of(report, noisy_jpeg())
    )
    return d


@pytest.fixture
def visit(browser, folder):
    """Open a page from disk with the network off; in the end nothing may have been complained about."""
    with ExitStack() as stack:

        def go(name, viewport=DESKTOP, **options):
            lost = ("gone.mp4", "ERR_FILE_NOT_FOUND")
            return stack.enter_context(
                opened(browser, folder / f"{name}.html", harmless=lost, viewport=viewport, **options)
            )

        yield go


def moment(page):
    """Where the video is, in seconds of the source."""
    until(page, "!document.getElementById('video').seeking")
    return page.evaluate("document.getElementById('video').currentTime") + 2.0


def loaded(page):
    until(page, "document.getElementById('video').readyState >= 2")
    return page


def test_a_click_on_the_third_repetition_moves_the_video_to_it(visit):
    page = loaded(visit("video"))
    page.get_by_role("button", name="Show repetition 3").click()
    assert moment(page) == pytest.approx(10.31, abs=0.02)
    assert page.locator("#rep-3.on").count() == 1


def test_a_click_on_a_fault_moves_the_video_to_it(visit):
    page = loaded(visit("video"))
    page.get_by_role("button", name="Lower back arching in repetition 2, at").click()
    assert moment(page) == pytest.approx(6.07, abs=0.02)
    assert page.locator("#now").inner_text() == "Lower back arching: Flatten your back."


def test_a_click_on_a_curve_moves_the_video_there(visit):
    page = loaded(visit("video"))
    over = page.locator(".plot .u-over").first
    box = over.bounding_box()
    over.click(position={"x": box["width"] / 2, "y": box["height"] / 2})
    # The page is about seconds 1.05 (the first repetition) to 17.97 (the last frame).
    assert moment(page) == pytest.approx((1.05 + 17.97) / 2, abs=0.15)


def test_a_click_on_a_picture_moves_the_video_to_its_moment(visit):
    page = loaded(visit("video"))
    page.get_by_role("button", name="Lower back arching at its worst").click()
    assert moment(page) == pytest.approx(7.13, abs=0.02)
    page.get_by_role("button", name="Repetition 1, left, in its end position").click()
    assert moment(page) == pytest.approx(2.42, abs=0.02)
    assert page.locator(".shots li.on").count() == 1
    page.get_by_role("button", name="Held too briefly at its worst").first.focus()
    page.keyboard.press("Enter")
    assert moment(page) == pytest.approx(11.68, abs=0.02)


def test_the_mark_keeps_its_place_where_the_curves_are_built_anew(visit):
    page = visit("plain")
    page.locator(".plot").first.focus()
    page.keyboard.press("End")
    page.keyboard.press("PageDown")
    where = (
        "[...document.querySelectorAll('.plot .head-line')].map((h) => "
        "h.hidden ? null : parseFloat(h.style.left) / h.parentElement.clientWidth)"
    )
    assert page.evaluate(where) == [pytest.approx(0.9, abs=0.003)] * page.locator(".plot").count()
    page.set_viewport_size({"width": 900, "height": 900})
    until(page, "document.querySelector('.plot').clientWidth === document.querySelector('.plot .uplot').clientWidth")
    page.emulate_media(color_scheme="dark")
    until(page, "matchMedia('(prefers-color-scheme: dark)').matches")
    assert page.evaluate(where) == [pytest.approx(0.9, abs=0.003)] * page.locator(".plot").count()


def test_playing_moves_the_marks_on_the_timeline_and_the_curves(visit):
    page = loaded(visit("video"))
    where = "parseFloat(document.querySelector('{} .head-line').style.left)"
    before = [page.evaluate(where.format(x)) for x in (".lanes", ".plot")]
    page.evaluate("document.getElementById('video').play()")
    until(page, "document.getElementById('video').currentTime > 0.5")
    page.evaluate("document.getElementById('video').pause()")
    after = [page.evaluate(where.format(x)) for x in (".lanes", ".plot")]
    assert all(b > a for a, b in zip(before, after, strict=True))


def test_the_arrow_keys_move_through_the_video_and_say_the_value(visit):
    page = loaded(visit("video"))
    plot = page.locator(".plot").first
    plot.focus()
    plot.press("End")
    before = moment(page)
    plot.press("PageDown")
    plot.press("ArrowLeft")
    assert moment(page) < before
    assert plot.get_attribute("role") == "slider"
    assert plot.get_attribute("aria-valuetext").endswith("s: not judged then")
    page.locator(".block.rep").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    assert moment(page) == pytest.approx(5.21, abs=0.02)
    plot.focus()
    heard = []
    for _ in range(12):
        plot.press("PageUp")
        heard.append(plot.get_attribute("aria-valuetext"))
    assert any("°" in said for said in heard)  # within the repetition its value is said


def test_the_timeline_follows_the_video(visit):
    page = loaded(visit("video"))
    page.evaluate("document.getElementById('video').currentTime = 4")
    moment(page)
    page.wait_for_selector("#rep-2.on")
    share = page.evaluate("parseFloat(document.querySelector('.lanes .head-line').style.left)")
    assert share == pytest.approx(100 * (6 - 1.05) / (17.97 - 1.05), abs=0.5)


def test_a_video_that_is_gone_is_told_of(visit):
    page = visit("lost")
    page.wait_for_selector("#lost:not([hidden])")
    assert "gone.mp4" in page.locator("#lost").inner_text()
    page.get_by_role("button", name="Show repetition 3").click()
    assert page.locator("#rep-3.on").count() == 1


@pytest.mark.parametrize("name", ["video", "plain", "drawn", "empty", "long"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_needs_no_sideways_scrolling(visit, name, scheme):
    page = visit(name, PHONE, color_scheme=scheme, has_touch=True, is_mobile=True)
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


#: Boxes of what must not lie on each other, and whether each lies within its frame.
OVERLAPS = """() => {
    const KINDS = ":scope > .limit, :scope > i, :scope > div > dd, :scope > strong, :scope > .read";
    const box = (el) => { const b = el.getBoundingClientRect(); return [b.left, b.top, b.right, b.bottom]; };
    const meet = (a, b) => a[0] < b[2] - 0.5 && b[0] < a[2] - 0.5 && a[1] < b[3] - 0.5 && b[1] < a[3] - 0.5;
    const groups = [...document.querySelectorAll('.u-over, .axis > div, .figures, figcaption')];
    const out = [];
    let seen = 0;
    for (const g of groups) {
        const labels = [...g.querySelectorAll(KINDS)];
        seen += labels.length;
        for (const [k, a] of labels.entries()) {
            if (a.scrollWidth > a.clientWidth + 1 && a.clientWidth) out.push(`cut: ${a.textContent}`);
            const others = labels.slice(k + 1).filter((b) => meet(box(a), box(b)));
            out.push(...others.map((b) => `${a.textContent} | ${b.textContent}`));
        }
        if (g.className === 'u-over') for (const el of g.querySelectorAll('.limit')) {
            const [a, b] = [box(g), box(el)];
            const out_of = b[0] < a[0] - 1 || b[1] < a[1] - 1 || b[2] > a[2] + 1 || b[3] > a[3] + 1;
            if (out_of) out.push(`outside: ${el.textContent}`);
        }
    }
    return { out, seen };
}"""
#: How many opaque dots stand at the very edges of the curves' pictures: a label that is cut has some.
CUT = """() => [...document.querySelectorAll('.plot canvas')].map((c) => {
    const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
    let n = 0;
    for (let y = 0; y < c.height; y++) for (const x of [0, c.width - 1]) if (d[4 * (y * c.width + x) + 3] > 40) n++;
    return n;
})"""


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("name", ["video", "drawn", "long", "polish"])
def test_no_label_lies_on_another_or_is_cut(visit, name, width):
    page = visit(name, {"width": width, "height": 800})
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    until(page, "document.querySelectorAll('.plot canvas').length == document.querySelectorAll('.plot').length")
    found = page.evaluate(OVERLAPS)
    assert found["seen"] > 12
    assert found["out"] == []
    assert set(page.evaluate(CUT)) == {0}
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_limits_near_each_other_stand_apart(visit):
    page = visit("video", PHONE)
    until(page, "document.querySelectorAll('.plot canvas').length >= 4")
    said = page.locator(".curve", has_text="Height of the leg").locator(".limit").all_inner_texts()
    assert sorted(said) == ["< −15°", "> 16°"]


def brightest(page):
    """The brightest opaque spot of the first curve, 0 to 765."""
    return page.evaluate(
        """() => {
        const c = document.querySelector('.plot canvas');
        const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
        let most = 0;
        for (let i = 0; i < d.length; i += 4) if (d[i + 3] > 200) most = Math.max(most, d[i] + d[i + 1] + d[i + 2]);
        return most;
        }"""
    )


def test_curves_follow_the_colours_of_the_scheme(visit):
    # Dark scheme: a light curve (#6fd3c5) and light letters; light scheme: nothing lighter than the grey of the axes.
    assert brightest(visit("plain", color_scheme="dark")) > 0x6F + 0xD3 + 0xC5 - 30
    page = visit("plain", color_scheme="light")
    light = brightest(page)
    page.emulate_media(color_scheme="dark")
    until(page, "getComputedStyle(document.body).backgroundColor == 'rgb(16, 21, 20)'")
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert brightest(page) != light, "drawn anew when the scheme changes"


def test_paper_shows_all_curves_in_light_colours_and_no_video(visit):
    page = visit("video", color_scheme="dark")
    page.evaluate(
        """() => addEventListener('beforeprint', () => {
        const count = (what) => document.querySelectorAll(what).length;
        window.paper = {
            pictures: [...document.querySelectorAll('.shot img')].filter((i) => i.complete && i.naturalWidth
                && i.getBoundingClientRect().width > 40).length,
            canvases: count('.plot canvas'), plots: count('.plot'), closed: count('details:not([open])'),
            ink: getComputedStyle(document.documentElement).getPropertyValue('--ink').trim() };
        })"""
    )
    assert page.pdf(format="A4").startswith(b"%PDF")
    paper = page.evaluate("window.paper")
    assert paper["canvases"] == paper["plots"] == 5
    assert paper["closed"] == 0
    # Three repetitions, two faults, and the one to work on once more.
    assert paper["pictures"] == 6
    assert paper["ink"] == "#17201d"
    page.wait_for_selector("details:not([open])")
    page.emulate_media(media="print")
    assert not page.locator("#video").is_visible()


def test_a_hundred_repetitions_of_ten_minutes_can_be_stepped_through(visit):
    page = visit("long")
    jumps = page.locator("button.jump")
    assert jumps.count() == 100
    for k in (99, 0, 50):
        jumps.nth(k).click()
        assert page.locator("tr.on").get_attribute("id") == f"rep-{k + 1}"
    page.get_by_text("Pictures of all 100").click()
    page.get_by_role("button", name="Repetition 77, left, in its end position").scroll_into_view_if_needed()
    page.get_by_role("button", name="Repetition 77, left, in its end position").click()
    assert page.locator("tr.on").get_attribute("id") == "rep-77"
    points = page.evaluate("JSON.parse(document.getElementById('page-data').textContent).curves.map((c) => c.t.length)")
    assert points and max(points) < 5000


@pytest.mark.parametrize("name", ["video", "empty"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(visit, name, scheme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    page = visit(name, color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    found = axe.Axe().run(page).response["violations"]
    assert [(v["id"], v["nodes"][0]["html"][:200]) for v in found if v["impact"] in {"serious", "critical"}] == []
