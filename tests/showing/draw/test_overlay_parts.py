"""The parts of the overlay: which joint, which sentence, which corner, and how sprites and text behave."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from formcheck.coaching.coach.shown_now import FADE_S, HOLD_S, VERDICT_S
from formcheck.judging.exercises import get_exercise
from formcheck.judging.measure.view import View
from formcheck.judging.rules.records import FaultSpan, Rep, RepDone
from formcheck.showing.draw.cues import CueBoard
from formcheck.showing.draw.joints import DrawnBody, judged_angle, judged_line
from formcheck.showing.draw.layout import Placer, body_box, candidates
from formcheck.showing.draw.sprites import Sprite, blend, icon, rounded_panel, text, text_width, wrap
from formcheck.showing.draw.states import judge_parts
from formcheck.showing.draw.style import BAD, GOOD, INK, NOT_JUDGED, NOT_KNOWN, WHITE, Labels, Sizes
from formcheck.sight.pose.landmarks import JOINT

from .test_overlay import PLANK, SIZE, angle_at, body, moment

pytestmark = pytest.mark.smoke

PANEL, BANNER, MARGIN = (180, 105), (400, 80), 9


def figure(image: np.ndarray, view: View | None = None) -> DrawnBody:
    out = DrawnBody.of(moment(image=image, view=view or View("side", "left", -80.0)), SIZE, (1.0, 1.0), False)
    assert out is not None
    return out


def shifted(dx: float, dy: float, share: float = 1.0) -> np.ndarray:
    """The body moved by shares of the picture and scaled about its hip."""
    hx, hy = PLANK["hip"]
    return body({j: (hx + share * (x - hx) + dx, hy + share * (y - hy) + dy) for j, (x, y) in PLANK.items()})


def overlaps(rect: tuple[int, int, int, int], box: tuple[float, float, float, float]) -> bool:
    x, y, w, h = rect
    return x < box[2] and box[0] < x + w and y < box[3] and box[1] < y + h


# ---- joints ------------------------------------------------------------------------------
@pytest.mark.parametrize("side", ["left", "right"])
def test_the_angle_is_drawn_where_it_was_measured(side: str) -> None:
    image = body(knee_left=(0.58, 0.45), knee_right=(0.55, 0.8))
    value = angle_at(image, "hip", "knee", "ankle", side)
    found = judged_angle(figure(image), value, ("hip", "knee", "ankle"))
    assert found == (("hip", side), ("knee", side), ("ankle", side))


def test_no_angle_is_drawn_that_the_picture_does_not_have() -> None:
    assert judged_angle(figure(body()), 30.0, ("hip", "knee", "ankle")) is None


def test_the_line_is_the_near_sides_unless_only_the_far_one_is_straight() -> None:
    names = ("shoulder", "hip", "ankle")
    assert judged_line(figure(body()), names) == tuple((n, "left") for n in names)
    bent = body(ankle_left=(0.4, 0.9), knee_left=(0.5, 0.8))
    assert judged_line(figure(bent), names) == tuple((n, "right") for n in names)


def test_joints_in_the_middle_are_between_the_two() -> None:
    f = figure(body(hip_left=(0.4, 0.5), hip_right=(0.6, 0.7)))
    at = f.at(("hip", "mid"))
    assert at is not None
    np.testing.assert_allclose(at, (0.5 * SIZE[0], 0.6 * SIZE[1]))
    assert f.at(("tail", "left")) is None


def test_the_raised_arm_is_the_one_at_fault() -> None:
    # Near side left, but the right arm is up.
    image = body(wrist_right=(0.2, 0.45), elbow_right=(0.26, 0.5))
    m = moment(image=image, phase="hold", faults=("arm-low",), sample={"arm_level": -30.0})
    states = judge_parts(get_exercise("plane"), m, figure(image))
    assert states.marks == {"arm-low": [("wrist", "right")]}
    assert states.bones[("elbow", "wrist", "right")] == BAD
    assert states.bones.get(("elbow", "wrist", "left"), NOT_JUDGED) != BAD


def test_a_part_that_could_not_be_measured_is_not_called_good() -> None:
    image = body()
    states = judge_parts(
        get_exercise("plane"), moment(image=image, phase="hold", sample={"arm_level": float("nan")}), figure(image)
    )
    assert states.bones[("elbow", "wrist", "left")] == NOT_KNOWN
    states = judge_parts(
        get_exercise("plane"), moment(image=image, phase="hold", sample={"arm_level": 0.0}), figure(image)
    )
    assert states.bones[("elbow", "wrist", "left")] == GOOD


def test_nothing_is_judged_out_of_position_or_in_a_bad_view() -> None:
    image = body()
    plane = get_exercise("plane")
    away = judge_parts(plane, moment(image=image, phase="away", sample={"arm_level": 0.0}), figure(image))
    blind = judge_parts(
        plane, moment(image=image, phase="hold", problem=("a", "b"), sample={"arm_level": 0.0}), figure(image)
    )
    for states in (away, blind):
        assert not any(states.bones.values()) and not states.marks and states.line is None


def test_a_line_past_a_bent_knee_is_no_line() -> None:
    image = body(knee_left=(0.5, 0.85), knee_right=(0.5, 0.85))
    states = judge_parts(get_exercise("plane"), moment(image=image, phase="hold", sample={}), figure(image))
    assert states.line is None


# ---- the cue -----------------------------------------------------------------------------------
def board(name: str = "plane") -> CueBoard:
    return CueBoard(get_exercise(name), Labels())


def test_a_short_fault_stays_long_enough_to_be_read_and_then_goes() -> None:
    b = board()
    b.update(moment(1.0, phase="hold", faults=("arm-low",)))
    assert b.cue is not None and b.cue.fault == "arm-low" and b.opacity > 0.5
    for t in np.arange(1.1, 1.0 + HOLD_S, 0.1):
        b.update(moment(float(t), phase="hold"))
        assert b.cue is not None and b.cue.fault == "arm-low" and b.opacity > 0.5
    b.update(moment(1.0 + HOLD_S + FADE_S / 2, phase="hold"))
    assert 0 < b.opacity < 1
    b.update(moment(1.01 + HOLD_S + FADE_S, phase="hold"))
    assert b.cue is None and b.opacity == 0.0


def test_the_most_severe_fault_is_spoken_of() -> None:
    b = board()
    b.update(moment(1.0, phase="hold", faults=("elbow-locked", "arm-low", "hip-sag")))
    assert b.cue is not None and b.cue.fault == "hip-sag"


def test_a_worse_fault_waits_until_the_first_has_been_read() -> None:
    b = board()
    b.update(moment(1.0, phase="hold", faults=("arm-low",)))
    b.update(moment(1.2, phase="hold", faults=("arm-low", "hip-sag")))
    assert b.cue is not None and b.cue.fault == "arm-low"
    b.update(moment(1.1 + HOLD_S, phase="hold", faults=("arm-low", "hip-sag")))
    assert b.cue.fault == "hip-sag"


def test_advice_on_the_picture_comes_before_faults_and_position() -> None:
    b = board()
    b.update(moment(1.0, phase="away", problem=("too dark", "Switch a light on."), faults=("hip-sag",)))
    assert b.cue is not None and (b.cue.text, b.cue.kind) == ("Switch a light on.", "advice")


def test_before_the_start_the_position_is_described() -> None:
    b = board()
    b.update(moment(0.0, phase="away"))
    assert b.cue is not None
    assert b.cue.text == "Get into position: on all fours, seen from the side"


def test_the_verdict_on_an_attempt_is_shown_after_it() -> None:
    b = board()
    span = FaultSpan("short-hold", 0.0, 4.0, 4.0, 10.0, "s", "major")
    rep = Rep(1, "left", 0.0, 2.0, 4.0, 4.0, False, "held 4 s of 10 s", (span,), {}, 10.0)
    b.update(moment(4.0, phase="start", events=(RepDone(4.0, rep),)))
    assert b.cue is not None and (b.cue.fault, b.cue.side) == ("short-hold", "left")
    assert b.flash == (4.0, False)
    b.update(moment(4.1 + VERDICT_S + FADE_S, phase="start"))
    b.update(moment(4.2 + VERDICT_S + 2 * FADE_S, phase="start"))
    assert b.cue is None and b.flash is None


# ---- the corners -----------------------------------------------------------------------------------
@settings(max_examples=60, deadline=None)
@given(dx=st.floats(-0.3, 0.3), dy=st.floats(-0.5, 0.25), share=st.floats(0.3, 1.0))
def test_no_panel_lies_over_the_body_where_there_is_room(dx: float, dy: float, share: float) -> None:
    f = figure(shifted(dx, dy, share))
    box = body_box(f)
    assert box is not None
    choices = candidates(SIZE, PANEL, [BANNER], MARGIN)
    assume(any(not overlaps(c.panel, box) and not overlaps(c.strip, box) for c in choices))
    places = Placer(choices).update(0.0, f)
    assert not overlaps(places.panel, box) and not overlaps(places.strip, box)


def test_a_raised_foot_is_not_hidden_where_every_corner_is_taken() -> None:
    """On hands and knees, close to the camera: arm and leg in the upper corners, hand and knee in the lower ones."""
    spread = {"ear": (0.74, 0.42), "shoulder": (0.68, 0.5), "hip": (0.42, 0.5)}
    low = {
        "elbow": (0.72, 0.7),
        "wrist": (0.74, 0.92),
        "index": (0.76, 0.94),
        "knee": (0.27, 0.92),
        "ankle": (0.1, 0.92),
    }
    far = {"heel": (0.06, 0.9), "foot_index": (0.05, 0.95)}
    raised = {
        "elbow_left": (0.82, 0.4), "wrist_left": (0.93, 0.3), "index_left": (0.95, 0.28),
        "knee_left": (0.24, 0.4), "ankle_left": (0.1, 0.3),
        "heel_left": (0.07, 0.28), "foot_index_left": (0.06, 0.32),
    }  # fmt: skip
    f = figure(body(PLANK | spread | low | far, **raised))
    assert {(bool(x > SIZE[0] / 2), bool(y > SIZE[1] / 2)) for x, y in f.xy[[27, 15, 16, 28], :2]} == {
        (a, b) for a in (False, True) for b in (False, True)
    }
    x, y, w, h = Placer(candidates(SIZE, PANEL, [BANNER], MARGIN)).update(0.0, f).panel
    assert (x, y) == ((SIZE[0] - w) // 2, MARGIN)
    assert not any(x < px < x + w and y < py < y + h for px, py in f.xy[:, :2])


@pytest.mark.parametrize("size", [(640, 360), (360, 640), (1920, 1080), (720, 720)])
def test_the_banner_never_lies_on_the_counter_and_both_are_in_the_picture(size: tuple[int, int]) -> None:
    unit = Sizes(*size).unit
    panel = (round(0.5 * unit), round(0.29 * unit))
    for c in candidates(size, panel, [(round(a * unit), round(b * unit)) for a, b in ((1.4, 0.27), (0.64, 0.5))], 5):
        x, y, w, h = c.panel
        assert not overlaps(c.strip, (x, y, x + w, y + h))
        for rx, ry, rw, rh in (c.panel, c.strip):
            assert rx >= 0 and ry >= 0 and rx + rw <= size[0] and ry + rh <= size[1] and rw > 0


def test_a_moment_in_the_way_does_not_chase_the_panel_but_staying_does() -> None:
    placer = Placer(candidates(SIZE, PANEL, [BANNER], MARGIN))
    low, high = figure(shifted(0.0, 0.05, 0.8)), figure(shifted(-0.2, -0.4, 0.8))
    first = placer.update(0.0, low)
    box = body_box(high)
    assert box is not None and (overlaps(first.panel, box) or overlaps(first.strip, box))
    for i in range(1, 60):
        # A twitch of 0.1 s every 2 s.
        assert placer.update(i / 10, high if i % 20 == 0 else low) == first
    for i in range(60, 160):
        last = placer.update(i / 10, high)
    assert last != first
    assert not overlaps(last.panel, box)


def test_a_body_that_goes_to_and_fro_moves_the_panels_once_at_most() -> None:
    placer = Placer(candidates(SIZE, PANEL, [BANNER], MARGIN))
    a, b = figure(shifted(-0.15, -0.35)), figure(shifted(0.15, 0.05))
    seen = [placer.update(i / 10, a if (i // 20) % 2 else b) for i in range(600)]
    late = seen[150:]
    assert sum(p != q for p, q in pairwise(late)) <= 1


def test_a_new_sentence_keeps_clear_of_where_the_body_was_of_late() -> None:
    placer = Placer(candidates(SIZE, PANEL, [BANNER, (160, 140)], MARGIN))
    high, low = figure(shifted(0.25, -0.3, 0.4)), figure(shifted(0.25, 0.2, 0.4))
    for k in range(20):
        placer.update(0.2 * k, high)
    places = placer.update(4.0, low, sentence="Stay high on your toes.")
    for f in (high, low):
        assert not overlaps(places.strip, body_box(f))


def test_nobody_leaves_the_panels_where_they_are() -> None:
    placer = Placer(candidates(SIZE, PANEL, [BANNER], MARGIN))
    first = placer.update(0.0, figure(shifted(-0.2, -0.4, 0.8)))
    assert placer.update(5.0, None) == first


def test_the_box_holds_every_landmark_with_a_margin() -> None:
    f = figure(body())
    box = body_box(f)
    assert box is not None
    used = sorted(i for sides in JOINT.values() for i in sides.values())
    x, y = f.xy[used].T
    assert box[0] < x.min() - 5 and box[1] < y.min() - 5 and box[2] > x.max() + 5 and box[3] > y.max() + 5


# ---- sprites and text -----------------------------------------------------------------------------------
def test_a_sprite_over_the_edge_is_cut_and_beyond_it_left_out() -> None:
    picture = np.zeros((20, 30, 3), np.uint8)
    square = Sprite.tint(np.full((10, 10), 255, np.uint8), (9, 99, 199))
    blend(picture, square, -5, -5)
    assert (picture[:5, :5] == (9, 99, 199)).all() and picture[5:].max() == 0 and picture[:, 5:].max() == 0
    blend(picture, square, 40, 40)
    blend(picture, square, 10, 10, opacity=0.0)
    assert picture[5:].max() == 0


@given(alpha=st.floats(0, 1), opacity=st.floats(0, 1), under=st.integers(0, 255), over=st.integers(0, 255))
def test_blending_is_the_weighted_mean(alpha: float, opacity: float, under: int, over: int) -> None:
    picture = np.full((4, 4, 3), under, np.uint8)
    blend(picture, Sprite.tint(np.full((4, 4), 255, np.uint8), (over, over, over), alpha), 0, 0, opacity)
    assert picture[0, 0, 0] == pytest.approx(under + alpha * opacity * (over - under), abs=3)


@given(words=st.lists(st.text("abcdefgh", min_size=1, max_size=9), min_size=1, max_size=12), width=st.integers(60, 400))
@settings(deadline=None)
def test_wrapping_keeps_every_word_and_the_width(words: list[str], width: int) -> None:
    lines = wrap(" ".join(words), 16, width)
    assert " ".join(lines).split() == words
    assert all(text_width(line, 16, True) <= width or " " not in line for line in lines)


def test_text_is_drawn_whole_and_lines_of_one_size_have_one_height() -> None:
    a, b = text("acenor", 30, WHITE), text("\u00c5gjp|", 30, WHITE)
    assert a.h == b.h
    for sprite in (a, b):
        assert sprite.rgb.max() > 200
        # Nothing is cut off at the border.
        assert sprite.rgb[[0, -1]].max() == 0 and sprite.rgb[:, [0, -1]].max() < 200


def test_making_a_panel_twice_gives_two_panels() -> None:
    first = rounded_panel(40, 30, 6)
    first.put(text("x", 12, WHITE), 5, 5)
    second = rounded_panel(40, 30, 6)
    assert (first.rgb != second.rgb).any()
    assert second.clear[15, 20].max() < 255 and second.clear[0, 0].min() > 200


@pytest.mark.parametrize("name", ["warning", "tick", "cross", "info", "dot"])
def test_signs_have_a_shape(name: str) -> None:
    sprite = icon(name, 24, WHITE, INK)
    assert (sprite.w, sprite.h) == (24, 24)
    assert 0.2 < (sprite.clear[..., 0] < 128).mean() < 0.95


def test_signs_differ() -> None:
    shapes = [icon(n, 24, WHITE, INK).rgb.tobytes() for n in ("warning", "tick", "cross", "info", "dot")]
    assert len(set(shapes)) == 5


@given(w=st.integers(240, 4000), h=st.integers(240, 4000))
def test_sizes_grow_with_the_picture_and_fit_a_narrow_one(w: int, h: int) -> None:
    s = Sizes(w, h)
    assert (s.unit <= h and s.unit <= 0.8 * w) or s.unit == 48.0
    assert s.px(0.05) >= 1
    assert Sizes(2 * w, 2 * h).unit == pytest.approx(2 * s.unit)
