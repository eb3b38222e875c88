"""The ghost of the start position: a body's outline, the right way round, inside the picture."""

from __future__ import annotations

import json
from importlib.util import module_from_spec, spec_from_file_location

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from formcheck.judging.exercises import ROUTINE
from formcheck.showing.draw.ghost import FILLS, Ghost, Whereabouts, illustration
from formcheck.showing.draw.silhouette import extent, masks, start_position
from formcheck.showing.draw.style import OK
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
    made = {name: script.ghost(*clip) for name, clip in script.CLIPS.items()}
    kept = {name: json.loads((script.OUT / f"{name}.ghost.json").read_text(encoding="utf-8")) for name in made}
    assert made == kept


def test_every_exercise_of_the_routine_has_one_and_no_other():
    assert all(start_position(name) is not None for name in NAMES)
    picture, box = drawn("somebody-elses-exercise")
    assert box is None and (picture == 90).all()
    assert illustration("somebody-elses-exercise", 300, 200) is None
    assert illustration(None, 300, 200) is None


@each
def test_shapes_are_normalised(name):
    p = start_position(name).points
    hips, shoulders = (np.mean([p[JOINT[j][s]] for s in SIDES], axis=0) for j in ("hip", "shoulder"))
    assert np.hypot(*hips) == pytest.approx(0, abs=2e-3)
    assert np.hypot(*(shoulders - hips)) == pytest.approx(1, abs=2e-3)
    left, top, right, bottom = extent(start_position(name))
    assert left < 0 < right and top < 0 < start_position(name).floor <= bottom


@each
def test_it_is_one_body_and_not_sticks(name):
    import cv2

    m = masks(start_position(name), 60.0, edge=2)
    solid = (m.body > 127).astype(np.uint8)
    assert cv2.connectedComponents(solid)[0] == 2
    # Its breadth: as much area as a body has, not that of lines.
    assert 1.1 < solid.sum() / 60.0**2 < 5.0
    assert not solid[[0, -1]].any() and not solid[:, [0, -1]].any()


@each
def test_the_ball_is_where_the_exercise_has_it(name):
    shape = start_position(name)
    assert (shape.ball is not None) == (
        name in {"ball-warmup", "shoulder-bridge", "heel-bridge", "side-lift", "ball-kneel"}
    )
    m = masks(shape, 60.0)
    assert m.ball.any() == (shape.ball is not None)
    assert not ((m.ball > 200) & (m.body > 200)).any()


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


@each
def test_the_illustration_fits_its_box(name):
    for w, h in ((300, 200), (120, 300), (500, 90)):
        made = illustration(name, w, h)
        assert made is None or (made.w <= w and made.h <= h)
    assert illustration(name, 300, 200) is not None
    assert illustration(name, 20, 20) is None
