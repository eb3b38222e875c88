"""The progress page: what it says, and in Chromium how it works on a desk, a phone, in the dark and on paper."""

from __future__ import annotations

import json
import re
from contextlib import ExitStack
from datetime import datetime, timedelta, timezone
from html import unescape

import pytest

from formcheck.coaching.history import History
from formcheck.coaching.history.progress import progress_data
from formcheck.coaching.history.queries import days, sets
from formcheck.showing.page.progress import page as page_of_progress
from formcheck.showing.page.progress import render_progress, write_progress

from ...chromium import opened
from ...coaching.history.seed import fault, practise, put, rep
from .test_language import ALIKE, Seen, vocabulary

PLACE = timezone(timedelta(hours=1))
NOW = datetime(2026, 11, 22, 20, 0, tzinfo=PLACE)


def data_of(history, plan="twice", today=NOW):
    return progress_data(sets(history), days(history), plan, today.date())


def text_of(html):
    """What a reader sees, in one line."""
    body = re.sub(r"(?s)<(script|style).*?</\1>|<[^>]+>", " ", html)
    return re.sub(r"\s+", " ", unescape(body))


@pytest.fixture
def history(tmp_path):
    with History.open(tmp_path / "history.sqlite") as h:
        yield h


def test_the_page_tells_of_streak_holds_and_faults(history):
    for k in range(8):
        seen = (fault("hip-sag"), *((fault("head-down"),) if k < 4 else ()))
        at = NOW - timedelta(weeks=7 - k)
        for day in (0, 3):
            put(history, at - timedelta(days=day), [("plane", [rep(1, hold_s=10.0 + k, faults=seen), rep(2)])])
    text = text_of(render_progress(data_of(history), NOW))
    assert "8 weeks in a row with the plan met" in text
    assert "16 sessions" in text.replace("sessions 16", "16 sessions")
    assert "Plane 17 s 19 Nov 2026; before that 16 s; asked for 10 s" in text
    gone = text[text.index("Went away") : text.index("Still there")]
    assert "Head hanging gone" in gone and "Lower back arching" not in gone
    still = text[text.index("Still there") : text.index("Exercises")]
    assert "Lower back arching stays" in still and "Flatten your back" in still
    assert "Done for today. Next: Wed 25 November 2026." in text and "Stretch afterwards" in text


def test_the_calendar_has_a_cell_a_day_and_says_what_was(history):
    put(history, datetime(2026, 12, 31, 18, 0, tzinfo=PLACE), [("plane", [rep()])])
    put(history, datetime(2027, 1, 1, 9, 0, tzinfo=PLACE), [("plane", [rep()])])
    put(history, datetime(2027, 1, 1, 19, 0, tzinfo=PLACE), [("plane", [rep()])])
    html = render_progress(data_of(history, today=datetime(2027, 1, 2, tzinfo=PLACE)), NOW)
    cells = re.findall(r'<td><span class="day ([^"]+)" title="([^"]+)">', html)
    assert cells == [
        ("none", "Mon 28 December 2026: no session"),
        ("none", "Tue 29 December 2026: no session"),
        ("none", "Wed 30 December 2026: no session"),
        ("done", "Thu 31 December 2026: 1 session"),
        ("done", "Fri 1 January 2027: 2 sessions"),
        ("none today", "Sat 2 January 2027: no session"),
        ("later", "Sun 3 January 2027: to come"),
    ]


def test_a_long_history_shows_the_last_half_year_of_weeks(history):
    for k in range(40):
        put(history, NOW - timedelta(weeks=k), [("plane", [rep()])])
    html = render_progress(data_of(history), NOW)
    assert len(re.findall(r'class="day (?:done|none|later)', html)) - 3 == 26 * 7  # three are the key's
    assert "The last 26 weeks; 14 weeks before them" in text_of(html)


def test_charts_hold_the_values_of_every_session(history):
    for k, hold in enumerate((3.5, 8.25, 0.0)):
        put(history, NOW - timedelta(days=9 - 3 * k), [("ball-kneel", [rep(hold_s=hold, measures={"sway_rms": None})])])
    html = render_progress(data_of(history), NOW)
    charts = json.loads(re.search(r'id="page-data">(.*?)</script>', html).group(1))["charts"]
    assert [c["v"] for c in charts] == [[1, 1, 1], [3.5, 8.25, None], [90, 90, 90]]
    assert charts[0]["also"] == [1, 1, 1]
    assert charts[1]["t"] == [
        datetime(2026, 11, d, tzinfo=timezone.utc).timestamp() for d in (13, 16, 19)  # noqa: UP017
    ]  # fmt: skip
    assert all(c["lo"] < c["hi"] for c in charts)


def test_a_polish_page_says_nothing_in_english(history):
    for k in range(8):
        seen = (fault("hip-sag"), *((fault("head-down"),) if k < 4 else ()))
        at = NOW - timedelta(weeks=7 - k)
        for day in (0, 3):
            clean = [(e, [rep(1, hold_s=10.0 + k), rep(2)]) for e in ("ball-kneel", "side-plank", "ball-warmup")]
            put(history, at - timedelta(days=day), [("plane", [rep(1, hold_s=10.0 + k, faults=seen), rep(2)]), *clean])
    html = render_progress(data_of(history), NOW, "pl")
    said = " ".join(Seen(html).words)
    words = set(re.findall(r"[^\W\d_]{3,}", said.lower()))
    assert words & (vocabulary("en") - vocabulary("pl") - ALIKE - {"file", "csv", "export", "history"}) == set()
    assert len(words & vocabulary("pl")) > 80
    assert '<html lang="pl">' in html and "Postępy do 22 lis 2026" in html
    assert "8 tygodni z rzędu zgodnie z planem" in said and "Głowa opuszczona zniknął" not in said
    data = json.loads(re.search(r'id="page-data">(.*?)</script>', html).group(1))
    assert data["decimal"] == "," and data["months"][10] == "lis" and data["units"]["torso"].endswith("tułowia")


@pytest.mark.parametrize(
    ("key", "unit", "known", "ends"),
    [
        ("score", "", [90.0, 91.0], (0.0, 104.0)),
        ("counted", "", [3.0], (0.0, 5.0)),
        ("counted", "", [10.0], (0.0, 11.2)),
        ("hold", "s", [2.0, 3.0], (0.0, 5.0)),
        ("hold", "s", [40.0], (0.0, 44.8)),
        ("line_top", "deg", [171.0, 172.0], (160.0, 180.0)),
        ("line_top", "deg", [140.0, 179.0], (134.15, 180.0)),
        ("leg_level", "deg", [-2.0, 2.0], (-10.0, 10.0)),
        ("rise", "deg", [20.0, 60.0], (14.0, 66.0)),
        ("sway_rms", "torso", [0.02, 0.03], (0.0, 0.1)),
        ("dip", "fraction", [0.1, 0.3], (0.07, 0.33)),
    ],
)
def test_a_scale_shows_what_is_a_change_of_its_unit(key, unit, known, ends):
    assert page_of_progress._range(key, unit, known) == pytest.approx(ends, abs=1e-9)


def test_several_sessions_on_a_day_stand_apart(history):
    for hour in (7, 12, 18):
        put(history, NOW.replace(hour=hour), [("plane", [rep()])])
    html = render_progress(data_of(history), NOW)
    t = json.loads(re.search(r'id="page-data">(.*?)</script>', html).group(1))["charts"][0]["t"]
    assert len(set(t)) == 3 and t == sorted(t)


def test_the_table_of_years_is_cut_and_the_charts_are_not(history, monkeypatch):
    monkeypatch.setattr("formcheck.showing.page.progress.page.TABLE_ROWS", 3)
    for k in range(5):
        put(history, NOW - timedelta(days=3 * k), [("plane", [rep()])])
    html = render_progress(data_of(history), NOW)
    assert "The last 3 sessions" in html and len(re.findall(r'<th scope="row" class="times">', html)) == 3
    assert len(json.loads(re.search(r'id="page-data">(.*?)</script>', html).group(1))["charts"][0]["v"]) == 5


def test_names_from_outside_cannot_break_the_page(history):
    put(history, NOW, [("<script>alert(1)</script>", [rep(faults=(fault('"><img src=x onerror=alert(1)>'),))])])
    html = render_progress(data_of(history), NOW)
    assert "<script>alert" not in html and "<img" not in html


def test_the_page_names_no_address_and_is_small(history):
    practise(history, NOW, weeks=20)
    html = render_progress(data_of(history), NOW)
    assert not re.search(r"https?://", html)
    assert len(html) < 300_000


def test_the_page_is_written_whole_or_not_at_all(history, tmp_path):
    put(history, NOW, [("plane", [rep()])])
    (tmp_path / "p.html").write_text("before")
    with pytest.raises(KeyError):
        write_progress({"exercises": []}, tmp_path / "p.html", NOW)
    assert (tmp_path / "p.html").read_text() == "before"
    write_progress(data_of(history), tmp_path / "p.html", NOW)
    assert (tmp_path / "p.html").read_text(encoding="utf-8").rstrip().endswith("</html>")


# ---- in Chromium ------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    folder = tmp_path_factory.mktemp("progress")
    for name in ("months", "one"):
        with History.open(folder / f"{name}.sqlite") as h:
            if name == "months":
                practise(h, NOW, weeks=16)
            else:
                put(h, NOW, [("plane", [rep()])])
            write_progress(data_of(h), folder / f"{name}.html", NOW)
    return folder


@pytest.fixture
def visit(browser, pages):
    """Open a page from disk with the network off; in the end nothing may have been complained about."""
    with ExitStack() as stack:

        def go(name="months", width=1280, height=900, **options):
            viewport = {"width": width, "height": height}
            return stack.enter_context(opened(browser, pages / f"{name}.html", viewport=viewport, **options))

        yield go


@pytest.mark.browser
@pytest.mark.parametrize("name", ["months", "one"])
def test_every_chart_is_drawn(visit, name):
    page = visit(name)
    assert page.locator(".plot").count() == page.locator(".plot canvas").count() >= 4
    assert all(x.strip() for x in page.locator(".read").all_inner_texts())


@pytest.mark.browser
def test_the_pointer_reads_a_session(visit):
    page = visit()
    chart = page.locator(".curve").first
    resting = chart.locator(".read").inner_text()
    over = chart.locator(".u-over")
    over.hover(position={"x": over.bounding_box()["width"] / 2, "y": 20})
    assert re.fullmatch(r"\d+ \w{3} 2026: \d+ counted, \d+ clean", chart.locator(".read").inner_text())
    assert chart.locator(".read").inner_text() != resting
    page.mouse.move(0, 0)
    assert chart.locator(".read").inner_text() == resting


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_needs_no_scrolling_sideways_and_sees_the_newest_weeks(visit, scheme):
    page = visit(width=360, height=740, color_scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    pane = page.evaluate(
        "(({scrollLeft: x, scrollWidth: w, clientWidth: c}) => [x, w, c])(document.getElementById('calendar'))"
    )
    assert pane[0] == pytest.approx(pane[1] - pane[2], abs=1) and pane[1] > pane[2]


@pytest.mark.browser
def test_the_page_prints_light_with_every_chart(visit, tmp_path):
    page = visit(color_scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    page.wait_for_selector("html.printing", state="attached")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.locator(".plot canvas").count() == page.locator(".plot").count()
    assert page.pdf(format="A4").startswith(b"%PDF")


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_fault(visit, scheme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    page = visit(color_scheme=scheme, bypass_csp=True)
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    found = axe.Axe().run(page).response["violations"]
    serious = [v for v in found if v["impact"] in {"serious", "critical"}]
    assert [(v["id"], [n["target"] for n in v["nodes"][:3]]) for v in serious] == []
