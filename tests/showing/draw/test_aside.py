"""The advice on the way into position keeps off the body, does not chase it, and can be read wherever it stands."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from formcheck.coaching.coach.scene import SETUP, Scene
from formcheck.showing.draw import pages
from formcheck.showing.draw.aside import OUTLINE_WEIGHT, RELUCTANCE, Aside
from formcheck.showing.draw.layout import CALM_S, TOUCH, WORTH
from formcheck.showing.draw.pages import ASIDE, BOTTOM, LEFT, RIGHT, TOP

WIDE = {TOP: (10, 10, 620, 90), BOTTOM: (10, 240, 620, 90), LEFT: (10, 60, 240, 200), RIGHT: (390, 60, 240, 200)}
STANDING = np.array([[280.0, 20.0, 360.0, 340.0]])
LYING = np.array([[100.0, 250.0, 540.0, 340.0]])
ADVICE = Scene(SETUP, "plane", "8 of 9  Plane", "Turn your right side.", progress=0.4, ghost=True, ok=False)


@pytest.mark.parametrize(
    ("body", "at"),
    [
        (STANDING, LEFT),
        (STANDING - [60, 0, 60, 0], RIGHT),
        (LYING, TOP),
        (LYING - [0, 240, 0, 240], BOTTOM),
        (np.array([[200.0, 20.0, 440.0, 340.0]]), LEFT),
        (np.empty((0, 4)), TOP),
        (None, TOP),
    ],
)
def test_it_stands_where_nobody_is(body, at):
    assert Aside().choose(0.0, WIDE, body) == at


def test_where_something_is_covered_everywhere_the_least_is():
    portrait = {TOP: (10, 10, 340, 90), BOTTOM: (10, 540, 340, 90)}
    assert Aside().choose(0.0, portrait, np.array([[100.0, 5.0, 200.0, 590.0]])) == BOTTOM
    assert Aside().choose(0.0, portrait, np.array([[100.0, 5.0, 200.0, 635.0]])) == TOP


def test_the_outline_of_the_start_position_weighs_half_as_much():
    two = {TOP: (0, 0, 100, 100), BOTTOM: (0, 200, 100, 100)}
    body = np.array([[0.0, 0.0, 40.0, 100.0]])  # 40 % of the upper one
    outline_of = lambda share: (0, 200, round(100 * share), 100)  # noqa: E731
    assert OUTLINE_WEIGHT == 0.5
    assert Aside().choose(0.0, two, body, outline_of(0.5)) == BOTTOM
    assert Aside().choose(0.0, two, body, outline_of(0.9)) == TOP


def test_it_stays_where_another_place_frees_little():
    two = {TOP: (0, 0, 1000, 100), BOTTOM: (0, 200, 1000, 100)}
    # Of the eighty points of each looked at: eight of the lower one, and eight and a few more of the upper one.
    below, above = [0.0, 200.0, 50.0, 300.0], [0.0, 0.0, 50.0, 100.0]
    for more, at in ((7, TOP), (8, BOTTOM)):
        body = np.array([below, above, [100.0, 0.0, 150.0, 100.0 * (more - 0.5) / 7]])
        assert ((8 + more) / 80 - (8 / 80 + RELUCTANCE) > WORTH) == (at == BOTTOM)
        assert Aside().choose(0.0, two, body) == at


def test_it_does_not_chase_a_body_that_passes():
    aside = Aside()
    assert aside.choose(0.0, WIDE, LYING) == TOP
    for k in range(3):
        assert aside.choose(0.25 * (k + 1), WIDE, LYING - [0, 240, 0, 240]) == TOP
    assert aside.choose(1.0, WIDE, LYING) == TOP
    seen = [aside.choose(1.0 + 0.25 * k, WIDE, LYING - [0, 240, 0, 240]) for k in range(int(4 * 3 * CALM_S))]
    assert seen[-1] == BOTTOM and seen.index(BOTTOM) >= 2


def test_it_stays_where_it_is_while_nobody_is_seen():
    aside = Aside()
    aside.choose(0.0, WIDE, STANDING)
    assert aside.choose(5.0, WIDE, None) == LEFT


def test_time_that_begins_anew_forgets_what_was():
    aside = Aside()
    for t in (10.0, 11.0, 12.0):
        aside.choose(t, WIDE, LYING)
    assert aside.choose(0.0, WIDE, LYING - [0, 240, 0, 240]) == BOTTOM


def test_longer_words_that_fit_at_the_top_only_go_there():
    aside = Aside()
    aside.choose(0.0, WIDE, STANDING)
    assert aside.choose(0.1, {TOP: WIDE[TOP]}, STANDING) == TOP
    assert RELUCTANCE * len(ASIDE) < TOUCH


@pytest.mark.parametrize("size", [(640, 360), (1280, 720), (1920, 1080), (640, 480), (360, 640)])
@pytest.mark.parametrize("headline", ["Get ready.", "Turn your right side to the camera.", "Ustaw się prawym bokiem."])
def test_every_place_lies_in_the_picture_and_clear_of_the_keys(size, headline):
    keys = (("space", "pause"), ("q", "quit"))
    there = {}
    for at in ASIDE:
        page = pages.build(replace(ADVICE, headline=headline), keys, size, None, at)
        if page is None:
            continue
        x, y, w, h = there[at] = page.panel
        top = page.placed[0][2]  # of the legend
        assert x >= 0 and y >= 0 and x + w <= size[0] and y + h <= top
        bar = page.bar
        assert bar[0] >= x and bar[0] + bar[2] <= x + w and y < bar[1] and bar[1] + bar[3] <= y + h
    assert TOP in there
    assert (LEFT in there) == (RIGHT in there) == (size[0] > size[1] and (LEFT in there or len(headline) > 12))
    if LEFT in there:
        assert there[LEFT][2] <= 0.41 * size[0] and there[LEFT][0] + there[LEFT][2] < there[RIGHT][0]


def test_short_advice_fits_at_the_side_of_a_wide_picture():
    for size in ((640, 360), (1280, 720)):
        for headline in ("Get ready.", "Move back a little.", "Turn your left side to the camera."):
            assert pages.build(replace(ADVICE, headline=headline), (), size, None, LEFT) is not None
