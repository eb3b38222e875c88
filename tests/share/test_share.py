"""A report as one file to send: what is in it, what is not, and that it opens anywhere."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path

import numpy as np
import pytest

from formcheck.errors import InputError, UsageError
from formcheck.share.film import as_figure, small_film, without_face
from formcheck.share.page import MAX_BYTES, share
from formcheck.showing.draw.private import face, hide_face, stick_figure
from formcheck.sight.pose.types import Track
from formcheck.sight.video.source import open_source

from ..agreement.made import report, review, said, write
from ..chromium import opened

NAME = 'Zoë "x" <script>alert(1)</script> 🤸 מרים'


def body(x=200.0, y=80.0):
    """Landmarks of somebody upright: the face at (x, y), the trunk 100 px below."""
    points = np.full((33, 4), np.nan)
    points[:11] = [(x + 3 * (k - 5), y + k % 3, 0.0, 1.0) for k in range(11)]
    for k, at in {11: (-20, 40), 12: (20, 40), 23: (-15, 140), 24: (15, 140), 25: (-15, 190), 27: (-15, 240)}.items():
        points[k] = (x + at[0], y + at[1], 0.0, 1.0)
    return points


def track_of(n=30, size=(400, 320)):
    t = np.arange(n) / 10
    image = np.stack([body(200.0 + k) for k in range(n)])
    return Track(t, image, np.full((n, 33, 4), np.nan), np.full((n, 4), np.nan), size)


@pytest.fixture
def film(tmp_path):
    """A film with a face of stripes that follows the track."""
    from formcheck.sight.video.writer import VideoWriter

    track, file = track_of(), tmp_path / "film.mp4"
    with VideoWriter(file, track.size, quality=12) as video:
        for k, t in enumerate(track.t):
            picture = np.full((320, 400, 3), 90, np.uint8)
            picture[60:100, 180 + k : 220 + k : 4] = 255
            picture[280:310, 20:60:4] = 255
            video.write(float(t), picture)
    return file


@pytest.fixture
def made(tmp_path, film):
    data = report("film", [{"faults": ["hip-sag"]}, {}])
    data["source"]["path"] = str(film)
    for r, at in zip(data["reps"], (0.2, 1.5), strict=True):
        r.update(start_s=at, peak_s=at + 0.5, end_s=at + 1.0)
    return write(tmp_path / "film.report.json", data)


def test_the_page_has_film_and_review_and_nothing_from_outside(made, run, tmp_path):
    write(
        tmp_path / "film.review.json",
        {**review("film", [said(1, NAME, note=NAME), said(2, NAME)], by=NAME), "note": NAME},
    )
    done = run("share", made, "-o", "to send.html", "--name", NAME)
    assert done.code == 0, done.err
    page = Path("to send.html").read_text(encoding="utf-8")
    assert len(page.encode()) < MAX_BYTES
    assert 'src="data:video/mp4;base64,' in page and "media-src data:;" in page
    assert "&lt;script&gt;alert(1)" in page and "<script>alert(1)" not in page
    outside = re.sub(r"data:[^\"']+", "", page)
    assert not re.search(r"(?:src|href)=[\"'][^\"'#]", outside) and str(tmp_path) not in page
    assert "Looked at by" in page
    assert "exists already" in run("share", made, "-o", "to send.html").complaint


def test_what_was_corrected_stands_first_and_faults_have_one_name(made, run, tmp_path):
    data = json.loads(made.read_text(encoding="utf-8"))
    answer = {**said(1, "Anna"), "answer": "changed", "counted": False}
    write(tmp_path / "film.review.json", {**review("film", [answer], by="Anna"), "faults": []})
    assert run("share", made, "-o", "a.html").code == 0
    page = Path("a.html").read_text(encoding="utf-8")
    total = data["counts"]["total"]
    first = page[page.index('class="corrected"') : page.index('id="h-verdict"')]
    assert "Anna" in first and f"counted <b>{total - 1}</b> (measured {total})" in first
    write(tmp_path / "film.review.json", review("film", [], by="Anna"))
    assert run("share", made, "-o", "b.html").code == 0
    assert 'class="corrected"' not in Path("b.html").read_text(encoding="utf-8")


@pytest.mark.browser
def test_it_plays_from_the_disk_with_the_network_off(made, browser, tmp_path):
    write(tmp_path / "film.review.json", review("film", [said(1, NAME, note=NAME)], by=NAME))
    out = tmp_path / "sent" / "one.html"
    share(made, out)
    with opened(browser, out) as page:
        plays(page)


def plays(page):
    video = page.locator("#video")
    if video.evaluate("v => v.canPlayType('video/mp4; codecs=\"avc1.42E01E\"')") == "":
        pytest.skip("this Chromium plays no H.264")
    page.wait_for_selector("#video")
    video.evaluate(
        "v => new Promise((done) => { if (v.readyState >= 2) done(); v.onloadeddata = done; v.onerror = done; })"
    )
    assert video.evaluate("v => v.error") is None and video.evaluate("v => v.duration") == pytest.approx(3.0, abs=0.2)
    page.locator("#rep-2 .jump").click()
    assert video.evaluate("v => v.currentTime") == pytest.approx(1.5, abs=0.1)
    assert page.locator("#h-said bdi").inner_text() == NAME


def stripes(film, box):
    """How much neighbours differ in a part of the pictures, on average."""
    x0, y0, x1, y1 = box
    with open_source(film, max_side=None) as source:
        return float(np.mean([np.abs(np.diff(f.image[y0:y1, x0:x1, 0].astype(int), axis=1)).mean() for f in source]))


def test_the_face_is_hidden_and_the_rest_is_not(film, tmp_path):
    small = tmp_path / "small.mp4"
    assert small_film(without_face(film, 0.0, track_of()), small, 10**7) == 0.0
    assert stripes(film, (185, 62, 215, 98)) > 30 and stripes(small, (185, 62, 215, 98)) < 6
    assert stripes(small, (22, 284, 58, 306)) > 30


def test_where_the_face_is_not_known_the_whole_picture_is_hidden(film, tmp_path):
    track = track_of()
    gone = Track(track.t + 100.0, track.image, track.world, track.ball, track.size)
    small = tmp_path / "small.mp4"
    small_film(without_face(film, 0.0, gone), small, 10**7)
    assert stripes(small, (185, 62, 215, 98)) < 6 and stripes(small, (22, 284, 58, 306)) < 6


def test_what_is_hidden_reaches_beyond_the_face():
    points = body()[:, :2]
    x, y, r = face(points)
    assert (x, y) == (pytest.approx(200.0), pytest.approx(80.9, abs=0.2)) and r >= 2.4 * 15
    picture = np.zeros((320, 400, 3), np.uint8)
    picture[:, ::2] = 255
    before = picture.copy()
    hide_face(picture, points)
    changed = np.argwhere((picture != before).any(2))
    assert np.abs(changed - (y, x)).max() == pytest.approx(r, abs=2)
    # A face at the edge, and one in profile of which little is known.
    hide_face(picture, points - (200.0, 80.0))
    points[1:11] = np.nan
    assert face(points)[2] == pytest.approx(0.38 * 100)


def test_a_stick_figure_shows_nothing_of_the_film(tmp_path, film):
    picture = stick_figure((400, 320), body()[:, :2], np.array([300.0, 200.0, 40.0, 1.0]))
    assert len(np.unique(picture.reshape(-1, 3), axis=0)) < 600 and (picture != picture[0, 0]).any(2).mean() < 0.2
    empty = stick_figure((400, 320), None)
    assert (empty == empty[0, 0]).all()
    small = tmp_path / "figure.mp4"
    assert small_film(as_figure(track_of(), 0.5, 2.0), small, 10**7) == 0.5


def test_a_film_gets_smaller_until_it_fits_or_is_refused(tmp_path):
    luck = np.random.default_rng(3)
    noise = [luck.integers(0, 255, (480, 640, 3), np.uint8) for _ in range(20)]

    def frames(side):
        step = 640 // side if side < 640 else 1
        yield from ((k / 20, p[:: max(step, 1), :: max(step, 1)].copy()) for k, p in enumerate(noise))

    small = tmp_path / "small.mp4"
    small_film(frames, small, 400_000)
    assert small.stat().st_size <= 400_000
    with pytest.raises(UsageError, match="too long for one file"):
        small_film(frames, small, 2000)


def test_without_a_film_and_with_one_that_has_gone(made, tmp_path, film):
    film.unlink()
    with pytest.raises(InputError, match="no longer at"):
        share(made, tmp_path / "a.html")
    with pytest.raises(InputError, match="--film"):
        share(made, tmp_path / "a.html", "figure")
    assert not (tmp_path / "a.html").exists()
    share(made, tmp_path / "a.html", "none")
    assert "<video" not in (tmp_path / "a.html").read_text(encoding="utf-8")


def test_a_track_gives_a_figure_and_no_film(made, run, tmp_path):
    from formcheck.sight.pose.trackfile import write_track

    write_track(track_of(), tmp_path / "film.track.npz")
    assert run("share", made, "-o", "f.html", "--video", "figure", "--film", tmp_path / "film.track.npz").code == 0
    found = re.search(r'src="data:video/mp4;base64,([^"]+)"', Path("f.html").read_text(encoding="utf-8"))
    assert base64.b64decode(found[1])[4:8] == b"ftyp"
    done = run("share", made, "-o", "g.html", "--film", tmp_path / "film.track.npz")
    assert "has no pictures: add --video figure" in done.complaint


def test_a_review_of_another_report_is_not_put_in(made, run, tmp_path):
    other = review("film", [said(1)])
    write(tmp_path / "film.review.json", {**other, "report_created": "2020-01-01T00:00:00+00:00"})
    assert "reviews another report" in run("share", made, "-o", "a.html").complaint
    assert json.loads(made.read_text())["counts"]["total"] == 2
