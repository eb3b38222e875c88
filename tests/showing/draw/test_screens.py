"""The screens of a live session: every kind, at every size, in every language, readable and whole."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from formcheck.coaching.coach.phrases import Phrases
from formcheck.coaching.coach.scene import COUNTDOWN, INTRO, NO_CAMERA, PAUSED, REST, SETUP, SUMMARY, WORK, Scene
from formcheck.showing.draw import boxes, pages
from formcheck.showing.draw.boxes import SHARES, TableBlock, TextBlock, cap_share, column, legend
from formcheck.showing.draw.fonts import POLISH, accents, can_be_drawn, find_font, has, legible
from formcheck.showing.draw.screens import Screens
from formcheck.showing.draw.sprites import text, text_width
from formcheck.showing.draw.style import AMBER, OK, WHITE

from .test_overlay import body, moment

SIZES = [(640, 480), (1280, 720), (480, 640), (1920, 1080), (320, 240), (427, 241), (64, 48), (8, 8)]
GROUND = 120
KEYS = [
    ("space", "pause"),
    ("n", "next"),
    ("r", "repeat"),
    ("v", "voice"),
    ("m", "mirror"),
    ("f", "full screen"),
    ("q", "quit"),
]
ROWS = (
    "Exercise\tReps\tClean\tHold\tScore",
    "Pelvic warm-up on the ball\t40\t38\t\t96",
    "Side plank with hip lift\t10\t10\t41 s\t97",
    "Plane\t6\t5",
)
STEPS = (
    "Side on to the camera: shoulders on the ball, hands behind your head, knees at a right angle.",
    "Straighten one leg to the height of the other thigh and hold it there.",
    "Put the foot down and change legs.",
)
SCENES = {
    INTRO: Scene(INTRO, "shoulder-bridge", "2 of 9", "Shoulder bridge on the ball", "10 × 1 s", STEPS, 9.0, ghost=True),
    SETUP: Scene(
        SETUP, "plane", "8 of 9  Plane", "Turn your right side to the camera.", progress=0.4, ghost=True, ok=False
    ),
    COUNTDOWN: Scene(COUNTDOWN, "plane", "Plane", "3", "Breathe evenly", seconds=2.4, ghost=True),
    WORK: Scene(WORK, "plane", "Plane", progress=0.5),
    PAUSED: Scene(PAUSED, "plane", "Plane", "Paused", "Press space to go on", STEPS),
    REST: Scene(REST, "side-lift", "4 of 9", "Rest", "Next: Side lift with the ball", seconds=17.2, progress=0.4),
    SUMMARY: Scene(SUMMARY, None, "", "Well done", "Now stretch your back, hips and legs.", ROWS, ok=True),
    NO_CAMERA: Scene(
        NO_CAMERA, None, "", "No camera", "The camera is gone. Plug it in again.", ("Looking for it again in 4 s",)
    ),
}
LONG = "Wherever somebody writes far more than anybody wants to read on a screen, " * 6
every = pytest.mark.parametrize("kind", SCENES)


def ground(size):
    return np.full((size[1], size[0], 3), GROUND, np.uint8)


def shot(scene, size=(640, 480), keys=KEYS, moment=None, **how):
    return Screens(size, **how).draw(ground(size), scene, moment, keys)


def placed(scene, size, keys=KEYS, font=None):
    return pages.build(scene, tuple(keys), size, font).placed


@every
@pytest.mark.parametrize("size", SIZES)
def test_every_kind_draws_at_every_size(kind, size):
    picture = ground(size)
    out = Screens(size).draw(picture, SCENES[kind], None, KEYS)
    assert out.shape == picture.shape and out.dtype == np.uint8
    assert (picture == GROUND).all()
    assert (out != GROUND).any()


@every
@pytest.mark.parametrize("size", [*SIZES[:3], (320, 240), (427, 241)])
def test_all_of_it_lies_inside_the_picture(kind, size):
    for scene in (
        SCENES[kind],
        replace(SCENES[kind], title=LONG[:120], headline=LONG[:90], detail=LONG, lines=(LONG,) * 4),
    ):
        for sprite, x, y in placed(scene, size):
            assert x >= 0 and y >= 0 and x + sprite.w <= size[0] and y + sprite.h <= size[1], (sprite.w, sprite.h, x, y)


@every
def test_the_same_scene_gives_the_same_picture(kind):
    screens = Screens((640, 480))
    first = screens.draw(ground((640, 480)), SCENES[kind], None, KEYS)
    screens.draw(ground((640, 480)), SCENES[WORK], None, KEYS)
    assert (screens.draw(ground((640, 480)), SCENES[kind], None, KEYS) == first).all()
    assert (shot(SCENES[kind]) == first).all()


def test_what_does_not_change_is_laid_out_once(monkeypatch):
    made = []
    monkeypatch.setattr("formcheck.showing.draw.screens.build", lambda *a: made.append(a[0]) or pages.build(*a))
    screens = Screens((640, 480))
    for k in range(20):
        screens.draw(ground((640, 480)), replace(SCENES[REST], seconds=17.0 - k / 10, progress=k / 200), None, KEYS)
    assert len(made) == 1
    screens.draw(ground((640, 480)), replace(SCENES[REST], headline="Almost"), None, KEYS)
    screens.draw(ground((640, 480)), replace(SCENES[REST], headline="Almost"), None, KEYS[:2])
    assert len(made) == 3


def test_scenes_without_any_words_draw_as_well():
    for kind in (*SCENES, "a kind of the future"):
        assert shot(Scene(kind), keys=()).shape == (480, 640, 3)


# ---- words ---------------------------------------------------------------------------------------------------
ADVICE = [
    "Move back a little.",
    "Turn your right side to the camera.",
    "I cannot see you. Come into the picture.",
    "Odsuń się trochę.",
    "Ustaw się prawym bokiem do kamery.",
    "Nie widzę cię. Wejdź w kadr.",
]


@pytest.mark.parametrize("size", [(640, 480), (1280, 720), (480, 640)])
@pytest.mark.parametrize("words", ADVICE)
@pytest.mark.parametrize("ok", [False, True, None])
def test_advice_can_be_read_from_three_metres(monkeypatch, size, words, ok):
    font = find_font(words)
    used = []
    monkeypatch.setattr(
        boxes,
        "text",
        lambda line, px, colour, bold=False, font=None: used.append((line, px)) or TEXT(line, px, colour, bold, font),
    )
    column.cache_clear()
    placed(replace(SCENES[SETUP], headline=words, ok=ok), size, font=font)
    column.cache_clear()
    sizes = {px for line, px in used if line and line in words and len(line) > 2}
    assert sizes and min(sizes) * cap_share(font) >= 0.06 * size[1]


TEXT = boxes.text


def test_a_column_is_never_larger_than_its_box():
    for words in ("Short", LONG, "Donaudampfschifffahrtsgesellschaftskapitän" * 2, "a b " * 200):
        for w, h in ((600, 400), (200, 300), (60, 40), (20, 12)):
            made = column(
                (TextBlock(words, 40, mark="1"), TableBlock((("a", "b"), (words, "12345")), 20, True)), w, h, None
            )
            assert made.w <= w and made.h <= h


def test_text_shrinks_no_more_than_it_must():
    roomy, tight = (column((TextBlock("Turn your right side to the camera.", 40),), 300, h, None).h for h in (400, 60))
    assert tight <= 60 < roomy
    assert column((TextBlock("Rest", 40),), 300, 100, None).h == column((TextBlock("Rest", 40),), 900, 900, None).h
    assert SHARES[0] == 1.0 and list(SHARES) == sorted(SHARES, reverse=True)


def test_columns_of_a_table_line_up():
    rows = (("Exercise", "Reps"), ("Plane", "6"), ("Swan", "115"))
    made = column((TableBlock(rows, 20, True),), 300, 200, None)
    x = np.nonzero((made.clear < 128).any(axis=(0, 2)))[0]
    assert x.max() - x.min() > text_width("Exercise", 20) + text_width("Reps", 20)
    bottoms = [np.nonzero((band < 128).any(axis=(0, 2)))[0].max() for band in np.array_split(made.clear, 3)]
    assert max(bottoms) - min(bottoms) <= 3


def test_the_legend_takes_one_line_where_there_is_room_and_never_more_width_than_that():
    keys = tuple(KEYS)
    one, two = legend(keys, 900, 17, None), legend(keys, 300, 17, None)
    assert one.h < two.h and one.w <= 900 + 20 and two.w <= 300 + 20
    assert legend((), 300, 17, None) is None


# ---- letters -------------------------------------------------------------------------------------------------
def test_english_and_polish_are_set_in_one_font():
    for words in ("Turn your side to the camera.", POLISH, Phrases("pl").letters):
        assert find_font(words) is None
    assert not any(has(None, c) for c in POLISH) and all(can_be_drawn(c, None) for c in POLISH)
    assert accents("Zażółć", None) == ((2, "z", "\u0307"), (3, "o", "\u0301"), (4, "l", "/"), (5, "c", "\u0301"))
    other = find_font("Привет, ż")
    assert other is None or (has(other, "П") and accents("ż", other) == ())


@pytest.mark.parametrize("letter", POLISH)
@pytest.mark.parametrize("bold", [False, True])
def test_an_accent_is_drawn_on_its_plain_letter_and_whole(letter, bold):
    plain, accented = (text(c, 40, WHITE, bold) for c in (legible(letter, None), letter))
    assert (plain.w, plain.h) == (accented.w, accented.h)
    more = accented.rgb.astype(int) - plain.rgb
    # A part of what a letter is made of, nothing of it cut off, and nothing taken away.
    assert more.min() >= 0 and 0.03 < more.sum() / plain.rgb.sum() < 0.4
    assert accented.rgb[[0, -1]].max() == 0
    y = np.nonzero(more.sum(axis=(1, 2)))[0].mean() / plain.h
    assert (y > 0.6) if letter in "ąęĄĘ" else (y < 0.6)


def test_without_a_font_letters_lose_their_accents_and_nothing_else():
    assert legible("Zażółć gęślą jaźń – ŁÓDŹ", None) == "Zazolc gesla jazn - LODZ"
    assert legible("Hold 10 s, 90°", None) == "Hold 10 s, 90°"
    assert "?" in legible("漢", None)


def test_no_font_anywhere_is_no_error(monkeypatch):
    monkeypatch.setattr("formcheck.showing.draw.fonts._candidates", lambda: iter(()))
    find_font.cache_clear()
    try:
        assert find_font("ПŻ") is None
    finally:
        find_font.cache_clear()
    assert shot(replace(SCENES[SETUP], headline="Odsuń się trochę.")).shape == (480, 640, 3)


# ---- what moves ----------------------------------------------------------------------------------------------
def count(picture, colour, region=None):
    part = picture if region is None else picture[region]
    return int((np.abs(part.astype(int) - colour) <= 6).all(axis=2).sum())


def test_the_bar_of_the_set_up_fills():
    got = [count(shot(replace(SCENES[SETUP], progress=p, ghost=False), keys=()), OK) for p in (0.0, 0.5, 1.0)]
    assert got[0] < 20 and got[1] == pytest.approx(got[2] / 2, rel=0.1)


def test_the_ring_of_a_rest_empties():
    got = [count(shot(replace(SCENES[REST], progress=p, exercise=None, seconds=None)), AMBER) for p in (0.0, 0.5, 1.0)]
    assert got[0] > 1.8 * got[1] > 1.6 * got[2] and got[2] < 20
    screens = Screens((640, 480))
    timed = [replace(SCENES[REST], progress=None, exercise=None, seconds=s) for s in (20.0, 10.0, 0.0)]
    left = [count(screens.draw(ground((640, 480)), s), AMBER) for s in timed]
    assert left[0] > 1.8 * left[1] > 1.6 * left[2]


def test_the_routine_s_progress_is_a_thin_line_at_the_top():
    out = shot(SCENES[WORK], keys=())
    changed = np.nonzero((out != GROUND).any(axis=(1, 2)))[0]
    assert changed.max() < 0.02 * 480
    assert count(out, OK, np.s_[:2]) == pytest.approx(640, abs=4)


def test_a_countdown_shows_its_number_large_and_counts_without_a_headline():
    def number(scene):
        out = shot(
            replace(scene, title="", detail="", ghost=False, seconds=None, headline=scene.headline or "2"), keys=()
        )
        y = np.nonzero((out > 230).all(axis=2).any(axis=1))[0]
        return np.ptp(y) / 480

    assert number(SCENES[COUNTDOWN]) > 0.2
    by_seconds = [shot(replace(SCENES[COUNTDOWN], headline="", seconds=s)) for s in (2.9, 2.1, 1.9)]
    by_words = [
        shot(replace(SCENES[COUNTDOWN], headline=n, seconds=s)) for n, s in (("3", 2.9), ("3", 2.1), ("2", 1.9))
    ]
    assert all((a == b).all() for a, b in zip(by_seconds, by_words, strict=True))


# ---- picture and person ----------------------------------------------------------------------------------------
def test_the_camera_is_dimmed_behind_text_and_clear_while_somebody_uses_it():
    corner = np.s_[200:220, :10]
    for kind, light in ((INTRO, False), (SETUP, True), (WORK, True), (PAUSED, False), (REST, False), (SUMMARY, False)):
        assert (shot(SCENES[kind])[corner].mean() == GROUND) == light


def test_no_camera_needs_no_picture():
    out = Screens((640, 480)).draw(None, SCENES[NO_CAMERA], None, KEYS)
    assert (out == Screens((640, 480)).draw(ground((640, 480)), SCENES[NO_CAMERA], None, KEYS)).all()
    assert Screens((640, 480)).draw(None, SCENES[SUMMARY]).shape == (480, 640, 3)


def test_the_ghost_turns_and_comes_to_the_person_also_in_a_mirror():
    size = (640, 480)
    scene = Scene(SETUP, "plane", ghost=True)

    def middle(side, mirror, x):
        joints = {
            "ear": (0.3, 0.6),
            "shoulder": (0.33, 0.6),
            "elbow": (0.33, 0.7),
            "wrist": (0.33, 0.8),
            "index": (0.3, 0.8),
            "hip": (0.5, 0.6),
            "knee": (0.5, 0.8),
            "ankle": (0.65, 0.8),
            "heel": (0.66, 0.78),
            "foot_index": (0.7, 0.8),
        }
        image = body(joints, size)
        image[:, 0] += x
        if side > 0:
            image[:, 0] = 2 * (0.5 * size[0] + x) - image[:, 0]
        screens = Screens(size, mirror=mirror)
        out = screens.draw(ground(size), scene, moment(1.0, image))
        return np.abs(out.astype(int) - GROUND).sum(axis=2)

    left, right = middle(-1, False, 0), middle(1, False, 0)
    # The head is high and the feet are low: more is drawn above on the head's side.
    high = np.s_[:300]
    assert left[high][:, :320].sum() > 1.3 * left[high][:, 320:].sum()
    assert right[high][:, 320:].sum() > 1.3 * right[high][:, :320].sum()
    assert np.abs(middle(-1, True, 0) - right).sum() < 0.1 * right.sum()
    far = middle(-1, False, 90)
    columns = np.arange(640)
    assert (far.sum(axis=0) * columns).sum() / far.sum() > (left.sum(axis=0) * columns).sum() / left.sum() + 40


def test_an_exercise_of_somebody_else_has_no_ghost():
    with_ghost = shot(replace(SCENES[SETUP], exercise="knee-lift-of-others"), moment=moment(1.0, body()))
    assert (with_ghost == shot(replace(SCENES[SETUP], exercise=None, ghost=False))).all()


def test_wrong_pictures_are_refused():
    with pytest.raises(ValueError, match="expected a"):
        Screens((640, 480)).draw(ground((480, 640)), SCENES[WORK])
    with pytest.raises(ValueError, match="size"):
        Screens((0, 480))


def test_the_demonstration_moves_until_the_start_position_is_held_and_not_without_a_time():
    def shown(scene, *at):
        screens = Screens((640, 480))
        return [screens.draw(ground((640, 480)), scene, None, (), t) for t in at]

    setup = replace(SCENES[SETUP], exercise="plane")
    for scene in (SCENES[INTRO], replace(SCENES[REST], seconds=None, progress=None), setup):
        first, waiting, going, there = shown(scene, 5.0, 5.5, 7.4, 8.2)
        assert (first == waiting).all() and (going != first).any() and (there != going).any(), scene.kind
    still = shown(replace(setup, ok=True), 5.0, 7.4, 8.2)
    assert (still[0] == still[1]).all() and (still[0] == still[2]).all()
    timeless = shown(setup, None, None)
    assert (timeless[0] == timeless[1]).all()


def test_nothing_is_demonstrated_while_somebody_exercises():
    screens = Screens((640, 480))
    at = [screens.draw(ground((640, 480)), SCENES[WORK], moment(1.0, body()), (), t) for t in (1.0, 3.4, 4.2)]
    assert (at[0] == at[1]).all() and (at[0] == at[2]).all()
