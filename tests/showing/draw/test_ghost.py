"""The ghost of the start position: a body's outline, the right way round, inside the picture."""

from __future__ import annotations

import json
from importlib.util import module_from_spec, spec_from_file_location
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from formcheck.judging.exercises import ROUTINE
from formcheck.showing.draw.ghost import END_S, FILLS, START_S, WAY_S, Ghost, Whereabouts, demonstrated, demonstration
from formcheck.showing.draw.silhouette import extent, start_position, trace
from formcheck.showing.draw.style import AMBER, OK
from formcheck.sight.pose.landmarks import JOINT, SIDES

NAMES = [cls.id for cls in ROUTINE]
SIZES = [(640, 480), (1280, 720), (480, 640)]
each = pytest.mark.parametrize("name", NAMES)


def ground(size):
    return np.full((size[1], size[0], 3), 90, np.uint8)


def drawn(name, size=(640, 480), **how):
    picture = ground(size)
    box = Ghost(name, size).draw(picture, **how)
    return picture, box


def changed(picture):
    y, x = np.nonzero((picture != 90).any(axis=2))
    return x, y


def test_the_shapes_are_those_of_the_sample_videos(samples):
    spec = spec_from_file_location("make_ghosts", samples / "make_ghosts.py")
    script = module_from_spec(spec)
    spec.loader.exec_module(script)
    made = {name: script.ghost(name, *clip) for name, clip in script.CLIPS.items()}
    kept = {name: json.loads((script.OUT / f"{name}.ghost.json").read_text(encoding="utf-8")) for name in made}
    assert made == kept


def test_every_exercise_of_the_routine_has_one_and_no_other():
    assert all(start_position(name) is not None for name in NAMES)
    picture, box = drawn("somebody-elses-exercise")
    assert box is None and (picture == 90).all()
    assert demonstration("somebody-elses-exercise", 300, 200) is None
    assert demonstration(None, 300, 200) is None
    assert demonstrated("somebody-elses-exercise", 3.0) == demonstrated(None, 3.0) == 0.0


@each
def test_shapes_are_normalised(name):
    p = start_position(name).points
    hips, shoulders = (np.mean([p[JOINT[j][s]] for s in SIDES], axis=0) for j in ("hip", "shoulder"))
    assert np.hypot(*hips) == pytest.approx(0, abs=2e-3)
    assert np.hypot(*(shoulders - hips)) == pytest.approx(1, abs=2e-3)
    left, top, right, bottom = extent(start_position(name))
    assert left < 0 < right and top < 0 < start_position(name).floor <= bottom


@each
@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_it_is_one_body_and_not_sticks(name, share):
    import cv2

    made = trace(name, 60.0, share)
    solid = (made.mask > 127).astype(np.uint8)
    assert cv2.connectedComponents(solid)[0] == 2
    # Its breadth: as much area as a body has, not that of lines.
    assert 1.1 < solid.sum() / (60.0 * made.over) ** 2 < 5.0
    assert not solid[[0, -1]].any() and not solid[:, [0, -1]].any()


@each
def test_the_ball_is_where_the_exercise_has_it(name):
    shape = start_position(name)
    assert (shape.ball is not None) == (
        name in {"ball-warmup", "shoulder-bridge", "heel-bridge", "side-lift", "ball-kneel"}
    )
    made = trace(name, 60.0)
    assert (made.ball is not None) == (shape.ball is not None)
    assert made.hides(np.zeros((1, 2)))[0], "the hips are behind the body"
    if made.ball is not None:
        picture = drawn(name)[0]
        assert (np.abs(picture.astype(int) - AMBER) < 30).all(axis=2).sum() > 50


@each
@pytest.mark.parametrize("size", SIZES)
def test_it_stands_in_the_middle_and_fills_most_of_the_width_or_height(name, size):
    picture, box = drawn(name, size)
    x, y = changed(picture)
    assert x.min() > 0 and x.max() < size[0] - 1 and y.min() > 0 and y.max() < size[1] - 1
    share = max(np.ptp(x) / size[0], np.ptp(y) / size[1])
    assert FILLS - 0.05 < share < FILLS + 0.1
    assert (x.min() + x.max()) / 2 == pytest.approx(size[0] / 2, abs=0.06 * size[0])
    assert box[0] <= x.min() and box[1] <= y.min() and x.max() < box[0] + box[2] and y.max() < box[1] + box[3]


@each
def test_it_turns_the_way_the_person_does(name):
    own = start_position(name).heading
    same, other = (drawn(name, heading=own * k)[0] for k in (1, -1))
    assert (drawn(name)[0] == same).all()
    # The other way round is the mirror image, to a pixel of rounding.
    flipped = other[:, ::-1].astype(int)
    worth = np.abs(same.astype(int) - 90).sum()
    off = min(np.abs(same - np.roll(flipped, k, axis=1)).sum() for k in range(-3, 4))
    assert off < 0.35 * worth < np.abs(same.astype(int) - other).sum()


def head_x(name, heading):
    """Where the head is, from the middle of the hips, of the ghost that is drawn."""
    shape = start_position(name)
    return shape.points[0, 0] * (1 if heading == shape.heading else -1)


@pytest.mark.parametrize("name", ["plane", "swan", "shoulder-bridge", "heel-bridge", "side-lift", "side-plank"])
def test_the_head_of_a_lying_ghost_lies_where_the_heading_says(name):
    assert head_x(name, 1) > 0.5 and head_x(name, -1) < -0.5


@pytest.mark.parametrize("name", ["toe-squat", "ball-kneel"])
def test_an_upright_ghost_stretches_its_hands_forward(name):
    shape = start_position(name)
    assert shape.points[JOINT["index"]["right"], 0] * shape.heading > 0.3


def test_it_comes_to_the_person_gently():
    size = (640, 480)
    ghost, alone = Ghost("plane", size), drawn("plane", size)[1]
    person = Whereabouts(x=220.0, floor=430.0, torso=120.0)
    places = [ghost.draw(ground(size), k / 15, heading=1, person=person if k >= 5 else None)[0] for k in range(60)]
    assert places[4] == alone[0]
    steps = np.abs(np.diff(places))
    assert places[-1] < alone[0] - 20 and steps.max() < 15 and steps[-10:].max() <= 1


@given(
    st.sampled_from(NAMES),
    st.sampled_from(SIZES),
    st.floats(-2000, 3000),
    st.floats(-2000, 3000),
    st.floats(0.1, 5000),
    st.sampled_from([-1, 1]),
)
def test_wherever_somebody_is_it_stays_in_the_picture(name, size, x, floor, torso, heading):
    ghost = Ghost(name, size)
    picture = ground(size)
    box = ghost.draw(picture, heading=heading, person=Whereabouts(x, floor, torso))
    assert -0.04 * size[0] <= box[0] and box[0] + box[2] <= 1.04 * size[0]
    assert -0.04 * size[1] <= box[1] and box[1] + box[3] <= 1.04 * size[1] + 1


def test_a_good_position_colours_it_and_a_panel_above_makes_a_tall_one_a_little_smaller():
    picture, _ = drawn("toe-squat", good=True)
    green = (np.abs(picture.astype(int) - OK) < 30).all(axis=2)
    assert green.sum() > 300
    free, under = drawn("toe-squat")[1], drawn("toe-squat", top=200.0)[1]
    assert 0.75 * free[3] < under[3] < free[3] and under[1] > free[1]


# ---- the way ---------------------------------------------------------------------------------------------------
def test_a_demonstration_waits_goes_stays_and_comes_back_again_and_again():
    at = [demonstrated("plane", t) for t in np.arange(0.0, 30.0, 0.05)]
    assert min(at) == 0.0 and max(at) == 1.0
    assert np.abs(np.diff(at)).max() < 0.1, "no jump"
    assert demonstrated("plane", START_S / 2) == 0.0
    assert demonstrated("plane", START_S + WAY_S + END_S / 2) == 1.0
    cycle = START_S + 2 * WAY_S + END_S
    assert demonstrated("plane", 1.9) == pytest.approx(demonstrated("plane", 1.9 + 3 * cycle))


@each
def test_on_the_way_it_moves_from_the_start_to_the_end_position(name):
    shape = start_position(name)
    places = [shape.at(s)[0] for s in np.linspace(0.0, 1.0, 9)]
    known = np.isfinite(places[0][:, 0])
    far = [float(np.hypot(*(p - places[0])[known].T).max()) for p in places]
    assert max(far) > 0.08, "somebody sees it move"
    steps = [float(np.hypot(*(b - a)[known].T).max()) for a, b in pairwise(places)]
    assert max(steps) < 0.75, "no limb leaps"
    if shape.back:
        assert far[-1] > 0.9 * max(far), "the end position is the furthest"
    # The trunk keeps its length: it is a body all the way.
    for p in places:
        hips, shoulders = (np.mean([p[JOINT[j][s]] for s in SIDES], axis=0) for j in ("hip", "shoulder"))
        assert np.hypot(*(shoulders - hips)) == pytest.approx(1.0, abs=0.12)


@each
def test_the_demonstration_stays_in_its_box_all_the_way(name):
    for w, h in ((300, 200), (120, 300), (500, 90)):
        made = demonstration(name, w, h)
        assert made is None or (made.w <= w and made.h <= h)
    made = demonstration(name, 300, 200)
    for share in (0.0, 0.3, 0.7, 1.0):
        picture = ground((340, 240))
        made.draw(picture, 20, 20, share)
        x, y = changed(picture)
        assert x.min() >= 20 and y.min() >= 20 and x.max() < 20 + made.w and y.max() < 20 + made.h
    assert demonstration(name, 20, 20) is None


@each
def test_it_is_the_same_however_it_is_asked_for(name):
    a, b = (drawn(name, share=0.6)[0] for _ in range(2))
    assert (a == b).all() and (a != drawn(name)[0]).any()
