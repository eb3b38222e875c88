"""Getting into the start position: what is said when, how calmly, and when it is ready."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from formcheck.coaching.coach.framing import heading, wrong_view
from formcheck.coaching.coach.phrases import Phrases
from formcheck.coaching.coach.plan import single_plan
from formcheck.coaching.coach.scenes import SceneBook
from formcheck.coaching.coach.setup import BALL_WAIT_S, DUE_S, HOLD_S, KEEP_S, LOST_S, Majority, SetupHelper
from formcheck.judging.exercises import exercises, get_exercise
from formcheck.judging.measure.view import View, classify
from formcheck.judging.session.moment import Moment
from formcheck.judging.session.session import Session
from formcheck.sight.pose.landmarks import JOINT, PAIRS
from formcheck.sight.pose.types import Ball

from ...judging.exercises.stick import (  # fmt: skip
    ALL_FOURS,
    BRIDGE,
    SIDE_SUPPORT,
    SIZE,
    STANDING,
    Motion,
    all_fours,
    bridge,
    plane_set,
    shoot,
    side_support,
    standing,
)

FPS = 15.0
FIGURES = {
    "plane": (all_fours, ALL_FOURS),
    "shoulder-bridge": (bridge, BRIDGE),
    "side-plank": (side_support, SIDE_SUPPORT),
}


@cache
def held(name: str = "plane", facing: str = "right", pose: str = "start") -> Moment:
    """A moment in which somebody has been in the start position (or stood upright) for a while."""
    build, start = FIGURES[name] if pose == "start" else (standing, STANDING)
    track = shoot(build, Motion(start).wait(2.0), facing=facing)
    session = Session(get_exercise(name), live=True)
    return [m for o in track for m in session.update(o)][-1]


def at(t: float, m: Moment) -> Moment:
    return replace(m, t=t)


def moved(m: Moment, dx: float = 0.0, dy: float = 0.0, grow: float = 1.0) -> Moment:
    """The same body elsewhere (shares of the picture) and larger about its hips; what is measured does not change."""
    image = m.image.copy()
    hips = image[[23, 24], :2].mean(axis=0)
    image[:, :2] = hips + grow * (image[:, :2] - hips) + (dx * SIZE[0], dy * SIZE[1])
    return replace(m, image=image)


def to_edge(m: Moment, side: str, beyond: float) -> Moment:
    """The body moved until it reaches beyond an edge by a share of the picture."""
    xy = m.image[:, :2] / SIZE
    left, top = xy.min(axis=0)
    right, bottom = xy.max(axis=0)
    way = {
        "left": (-left - beyond, 0),
        "right": (1 + beyond - right, 0),
        "top": (0, -top - beyond),
        "bottom": (0, 1 + beyond - bottom),
    }
    return moved(m, *way[side])


def nobody(t: float = 0.0) -> Moment:
    return replace(held(), t=t, image=None, sample={}, phase="away", view=View(), confidence=0.0)


def run(helper: SetupHelper, m: Moment, seconds: float, start: float = 0.0, luma: float | None = None) -> list:
    times = start + np.arange(round(seconds * FPS)) / FPS
    return [helper.update(at(float(t), m), SIZE, luma) for t in times]


def settled(m: Moment, name: str = "plane", luma: float | None = None) -> str | None:
    """The advice after it has been due for some time."""
    return run(SetupHelper(get_exercise(name)), m, 1.4, luma=luma)[-1].advice


# ---- what is said ------------------------------------------------------------------------------------------
def test_a_good_start_position_needs_no_advice():
    for name in FIGURES:
        for facing in ("right", "left"):
            assert settled(held(name, facing), name) is None


def test_nobody_and_darkness():
    assert settled(nobody()) == "nobody"
    assert settled(nobody(), luma=120.0) == "nobody"
    assert settled(nobody(), luma=10.0) == "more-light"
    assert settled(replace(held(), confidence=0.3), luma=10.0) == "more-light"
    # A body that is seen well needs no more light, whatever the mean brightness.
    assert settled(held(), luma=10.0) is None


def test_a_small_body_comes_closer_and_a_large_one_steps_back():
    assert settled(moved(held(), grow=0.25)) == "come-closer"
    assert settled(moved(held(), grow=6.0)) == "step-back"


def test_the_camera_is_tilted_towards_what_is_cut_off_where_there_is_room_on_the_other_side():
    assert settled(to_edge(held(), "bottom", 0.08)) == "tilt-camera-down"
    assert settled(to_edge(held(), "top", 0.12)) == "tilt-camera-up"


def test_one_side_cut_off_moves_the_person_to_the_other_in_their_own_terms():
    # Who looks at the camera has the picture's left on the right hand.
    assert settled(to_edge(held(), "left", 0.1)) == "move-left"
    assert settled(to_edge(held(), "right", 0.1)) == "move-right"
    back = held()
    image = back.image.copy()
    image[0, 2] = image[[7, 8], 2].mean() + 60.0  # the nose behind the ears: seen from behind
    back = replace(back, image=image)
    assert settled(to_edge(back, "left", 0.1)) == "move-right"
    assert settled(to_edge(back, "right", 0.1)) == "move-left"


def test_a_cut_off_body_with_no_room_on_the_other_side_steps_back():
    wide = moved(held(), grow=1.08 * SIZE[0] / np.ptp(held().image[:, 0]))
    wide = replace(wide, image=wide.image * [1, 0.4, 1, 1])
    assert settled(to_edge(wide, "left", 0.12)) == "step-back"
    assert settled(to_edge(wide, "right", 0.12)) == "step-back"


def test_a_trembling_at_the_edge_is_no_cut():
    assert settled(to_edge(held(), "left", 0.004)) is None


@pytest.mark.parametrize(
    ("yaw", "advice"),
    [(3.0, "turn-side"), (25.0, "turn-right-side"), (-25.0, "turn-left-side"), (45.0, "turn-right-side"), (70.0, None)],
)
def test_side_views_are_asked_for_by_the_side_that_is_nearer_already(yaw, advice):
    m = replace(held("plane", "right", "standing"), view=classify(yaw))
    assert settled(m) == (advice or "get-into-position")


def test_other_views_are_asked_for_as_the_exercise_wants_them():
    assert wrong_view(get_exercise("side-plank"), classify(80.0)) == "turn-front"
    assert wrong_view(get_exercise("side-plank"), classify(45.0)) is None
    assert all(wrong_view(get_exercise("ball-warmup"), classify(y)) is None for y in (-80, -45, 0, 45, 80))
    half = get_exercise("ball-warmup").changed({"views": ("oblique",)})
    assert wrong_view(half, classify(0.0)) == "turn-half"
    assert wrong_view(get_exercise("plane"), View()) is None


def test_a_lying_body_tells_its_near_side_by_its_head():
    # On the back with the head to the right it is the left side, on all fours the right one, whatever the depth says.
    for name, side in (("shoulder-bridge", "left"), ("plane", "right")):
        m = replace(held(name, "right"), view=classify(-20.0))
        assert settled(m, name) == f"turn-{side}-side"


def test_the_side_to_turn_does_not_change_with_the_noise_of_the_yaw():
    helper = SetupHelper(get_exercise("plane"))
    m = held("plane", "right", "standing")
    said = {
        helper.update(replace(m, t=k / FPS, view=classify(20.0 if k % 40 < 20 else -20.0)), SIZE).advice
        for k in range(120)
    }
    assert said == {None, "turn-right-side"}


def test_who_stands_is_sent_into_position_and_not_told_that_the_floor_camera_cuts_the_head():
    m = replace(held("plane", "right", "standing"), view=classify(80.0))
    assert settled(m) == "get-into-position"
    assert settled(to_edge(m, "top", 0.2)) == "get-into-position"


def test_a_moving_body_in_position_is_asked_to_hold_still():
    helper = SetupHelper(get_exercise("plane"))
    out = [helper.update(moved(at(k / FPS, held()), dx=0.05 * np.sin(0.5 * k)), SIZE) for k in range(30)]
    assert out[-1].advice == "hold-still" and not any(s.ready for s in out)


WITH_BALL = sorted(e.id for e in exercises().values() if e.uses_ball)


@pytest.mark.parametrize("name", WITH_BALL)
def test_the_ball_has_to_be_in_the_picture(name):
    exercise = get_exercise(name)
    m = replace(held("plane"), ball=Ball(SIZE[0] / 2, SIZE[1] + 20.0, 80.0, 0.9))
    helper = SetupHelper(exercise)
    helper._in_position = lambda moment: True
    m = replace(m, view=View("side" if "side" in exercise.views else "front", None, 80.0))
    assert run(helper, m, 1.4)[-1].advice == "ball-out-of-view"
    seen = SetupHelper(exercise)
    seen._in_position = lambda moment: True
    assert run(seen, replace(m, ball=Ball(SIZE[0] / 2, SIZE[1] / 2, 80.0, 0.9)), 1.4)[-1].advice is None


def test_a_ball_that_is_not_looked_for_is_expected_under_the_body():
    m = held("shoulder-bridge")
    assert settled(m, "shoulder-bridge") is None
    low = 1.0 - m.image[:, 1].max() / SIZE[1]
    shoulders = m.image[list(JOINT["shoulder"].values()), 1].mean() / SIZE[1]
    torso = np.hypot(*(m.image[[11, 12], :2].mean(axis=0) - m.image[[23, 24], :2].mean(axis=0))) / SIZE[1]
    # The feet at the lower edge and a bridge so low that the ball cannot be in the picture.
    flat = m.image.copy()
    flat[:, 1] = shoulders * SIZE[1]
    flat = replace(m, image=flat)
    assert low < 1.0 and torso > 0.1
    assert settled(to_edge(flat, "bottom", -0.01), "shoulder-bridge") == "ball-out-of-view"


def with_ball_off(m: Moment, off: float) -> Moment:
    """The moment with a ball in the picture, this far from where it belongs."""
    return replace(m, ball=Ball(SIZE[0] / 2, SIZE[1] / 2, 80.0, 0.9), sample={**m.sample, "ball_off": off})


@pytest.mark.parametrize("name", WITH_BALL)
def test_a_ball_seen_elsewhere_is_sent_to_its_place(name):
    exercise = get_exercise(name)
    m = replace(held("plane"), view=View("side" if "side" in exercise.views else "front", None, 80.0))
    for off, advice in ((0.0, None), (2.0, "ball-in-place")):
        helper = SetupHelper(exercise)
        helper._in_position = lambda moment: True
        assert run(helper, with_ball_off(m, off), 1.4)[-1].advice == advice


def test_who_lies_beside_the_ball_is_told_where_it_goes_rather_than_to_get_into_position():
    m = held("shoulder-bridge")
    helper = SetupHelper(get_exercise("shoulder-bridge"))
    helper._in_position = lambda moment: False
    assert run(helper, with_ball_off(m, 2.0), 1.4)[-1].advice == "ball-in-place"
    helper.restart()
    assert run(helper, with_ball_off(m, 0.0), 1.4, start=5.0)[-1].advice == "get-into-position"


def test_nothing_is_said_of_a_ball_that_is_not_seen():
    m = held("shoulder-bridge")
    unseen = replace(m, ball=None, sample={**m.sample, "ball_off": float("nan")})
    assert settled(unseen, "shoulder-bridge") is None
    assert any(s.ready for s in run(SetupHelper(get_exercise("shoulder-bridge")), unseen, HOLD_S + 0.5))


def test_what_is_taken_for_a_ball_out_of_its_place_does_not_keep_anybody_waiting_for_ever():
    m = with_ball_off(held("shoulder-bridge"), 2.0)
    out = run(SetupHelper(get_exercise("shoulder-bridge")), m, BALL_WAIT_S + HOLD_S + 3.0)
    first = next(k for k, s in enumerate(out) if s.ready) / FPS
    assert first > BALL_WAIT_S


def test_an_exercise_without_a_ball_and_one_of_another_package():
    assert settled(with_ball_off(held("plane"), 2.0)) is None
    theirs = get_exercise("plane").changed({"uses_ball": True})
    assert run(SetupHelper(theirs), with_ball_off(held("plane"), 2.0), 1.4)[-1].advice == "ball-in-place"


def test_words_come_from_whoever_has_them():
    class Words:
        def advice(self, reason, exercise):
            return f"{reason} for {exercise.id}"

    helper = SetupHelper(get_exercise("plane"), Words())
    assert run(helper, nobody(), 1.4)[-1].text == "nobody for plane"
    assert run(SetupHelper(get_exercise("plane"), Words()), held(), 0.5)[-1].text == ""


# ---- how calmly --------------------------------------------------------------------------------------------
def test_advice_must_be_due_for_a_while_before_it_is_given():
    out = run(SetupHelper(get_exercise("plane")), nobody(), 2.0)
    first = next(k for k, s in enumerate(out) if s.advice is not None) / FPS
    assert DUE_S <= first <= DUE_S + 2 / FPS


def test_advice_stays_two_seconds_and_gives_way_only_to_what_stays_due():
    helper = SetupHelper(get_exercise("plane"))
    small, large = moved(held(), grow=0.25), moved(held(), grow=6.0)
    said = [
        helper.update(at(k / FPS, nobody() if k < 12 else small if (k // 4) % 2 else large), SIZE).advice
        for k in range(90)
    ]
    # Two pieces of advice that take turns every quarter of a second.
    assert set(said) == {None, "nobody"}
    helper = SetupHelper(get_exercise("plane"))
    said = [helper.update(at(k / FPS, nobody() if k < 12 else small), SIZE).advice for k in range(90)]
    shown = [k / FPS for k, a in enumerate(said) if a == "nobody"]
    assert shown[-1] - shown[0] >= KEEP_S - 1.5 / FPS and said[-1] == "come-closer"


@given(st.lists(st.tuples(st.sampled_from(["nobody", "small", "large", "good"]), st.integers(1, 40)), max_size=12))
def test_no_advice_flickers_whatever_happens(parts):
    kinds = {
        "nobody": nobody(),
        "small": moved(held(), grow=0.25),
        "large": moved(held(), grow=6.0),
        "good": replace(held(), phase="away"),
    }
    helper = SetupHelper(get_exercise("plane"))
    said, k = [], 0
    for kind, n in parts:
        for _ in range(n):
            said.append((k / FPS, helper.update(at(k / FPS, kinds[kind]), SIZE).advice))
            k += 1
    changes = [t for (t, a), (_, b) in zip(said[1:], said, strict=False) if a != b]
    assert all(b - a >= KEEP_S - 1e-6 for a, b in pairwise(changes) if dict(said)[a] is not None)


# ---- ready ---------------------------------------------------------------------------------------------------
def test_ready_comes_once_after_the_position_was_held():
    out = run(SetupHelper(get_exercise("plane")), held(), 4.0)
    ready = [k / FPS for k, s in enumerate(out) if s.ready]
    assert len(ready) == 1 and HOLD_S <= ready[0] <= HOLD_S + 2 / FPS
    progress = [s.progress for s in out]
    assert progress == sorted(progress) and progress[0] < 0.1 and progress[-1] == 1.0
    assert [s.done for s in out] == [k / FPS >= ready[0] for k in range(len(out))]


def test_the_frame_rate_does_not_matter():
    for fps in (5, 10, 30, 60):
        helper = SetupHelper(get_exercise("plane"))
        ready = [k / fps for k in range(4 * fps) if helper.update(at(k / fps, held()), SIZE).ready]
        assert ready and HOLD_S <= ready[0] <= HOLD_S + 1.01 / fps


def test_a_short_lapse_is_forgiven_and_a_longer_one_starts_again():
    for lapse, forgiven in ((0.2, True), (0.6, False)):
        helper = SetupHelper(get_exercise("plane"))
        ready = None
        for k in range(60):
            t = k / FPS
            m = nobody(t) if 1.0 <= t < 1.0 + lapse else at(t, held())
            if helper.update(m, SIZE).ready:
                ready = t
        assert ready is not None and (ready < 2.0) == forgiven


def test_nothing_is_ready_while_the_judge_sees_nobody_in_position():
    out = run(SetupHelper(get_exercise("plane")), replace(held(), phase="away"), 4.0)
    assert not any(s.ready for s in out)


def test_a_restart_asks_for_the_position_again():
    helper = SetupHelper(get_exercise("plane"))
    run(helper, held(), 2.0)
    assert helper.done
    helper.restart()
    out = run(helper, held(), 2.0, start=10.0)
    assert out[0].progress < 0.1 and sum(s.ready for s in out) == 1


def test_somebody_walking_in_turning_and_kneeling_down_is_led_to_ready():
    helper, t, said, ready = SetupHelper(get_exercise("plane")), 0.0, [], None
    upright = held("plane", "right", "standing")
    story = [
        (nobody(), 2.0),
        (replace(upright, view=classify(5.0)), 3.0),
        (replace(upright, view=classify(80.0)), 3.0),
        (held(), 3.0),
    ]
    for m, seconds in story:
        for s in run(helper, m, seconds, start=t):
            if s.advice not in (None, *said[-1:]):
                said.append(s.advice)
            ready = ready or s.ready
        t += seconds
    assert said[:3] == ["nobody", "turn-side", "get-into-position"] and ready


def test_a_session_is_ready_before_its_first_repetition():
    session, helper = Session(get_exercise("plane"), live=True), SetupHelper(get_exercise("plane"))
    ready, first = None, None
    for o in shoot(all_fours, plane_set("right", hold=2.0)):
        for m in session.update(o):
            if helper.update(m, o.size, o.luma).ready:
                ready = m.t
            if first is None and m.phase == "move":
                first = m.t
    assert ready is not None and first is not None and ready < first


# ---- later ---------------------------------------------------------------------------------------------------
def test_a_view_that_is_lost_later_is_told_after_a_second():
    helper = SetupHelper(get_exercise("plane"))
    run(helper, held(), 2.0)
    gone = replace(nobody(), problem=("nobody seen", "..."))
    out = run(helper, gone, 2.0, start=2.0)
    first = next(k for k, s in enumerate(out) if s.advice == "nobody") / FPS
    assert LOST_S < first <= LOST_S + 2 / FPS
    after = run(helper, held(), 4.0, start=4.0)
    assert after[-1].advice is None and not any(s.ready for s in after)


def scene(setup):
    return SceneBook(single_plan("plane"), Phrases("en")).setup(0, setup)


def test_a_correction_in_mid_set_is_amber_without_a_tick_and_fills_no_bar():
    helper = SetupHelper(get_exercise("plane"), Phrases("en"))
    run(helper, held(), 2.0)
    lost = run(helper, replace(nobody(), problem=("nobody seen", "...")), 3.0, start=2.0)[-1]
    front = replace(held(), view=classify(2.0), problem=("front view", "..."))
    turned = run(helper, front, 5.0, start=5.0)[-1]
    for setup, words in (
        (lost, "I cannot see you. Come into the picture."),
        (turned, "Turn your right side to the camera."),
    ):
        shown = scene(setup)
        assert setup.advice is not None and setup.done and setup.progress == 0.0
        assert (shown.headline, shown.ok, shown.progress) == (words, False, 0.0)


def test_out_of_position_in_mid_set_nothing_is_ticked():
    helper = SetupHelper(get_exercise("plane"), Phrases("en"))
    run(helper, held(), 2.0)
    shown = scene(run(helper, held("plane", "right", "standing"), 3.0, start=2.0)[-1])
    assert (shown.headline, shown.ok, shown.progress) == ("Get into the start position.", False, 0.0)


def test_a_tick_comes_only_with_words_that_correct_nothing():
    helper = SetupHelper(get_exercise("plane"), Phrases("en"))
    small = run(helper, moved(held(), grow=0.25), 2.0)[-1]
    assert scene(small).ok is False and scene(small).headline == "Come closer to the camera."
    for setup in run(helper, held(), 2.0, start=2.0):
        shown = scene(setup)
        assert shown.ok is not True or shown.headline in ("Get ready.", "Good. Hold still.")
        assert shown.ok is True or not shown.progress or setup.progress < 0.2


def test_movement_and_leaving_the_position_are_no_lost_view():
    helper = SetupHelper(get_exercise("plane"))
    run(helper, held(), 2.0)
    assert {s.advice for s in run(helper, held("plane", "right", "standing"), 3.0, start=2.0)} == {None}


# ---- which way -------------------------------------------------------------------------------------------------
def mirrored(m: Moment) -> Moment:
    image = m.image.copy()
    for a, b in PAIRS:
        image[[a, b]] = image[[b, a]]
    image[:, 0] = SIZE[0] - image[:, 0]
    return replace(m, image=image, view=classify(-m.view.yaw))


@pytest.mark.parametrize("name", FIGURES)
def test_the_head_of_a_lying_body_tells_which_way_it_is_turned(name):
    belly = get_exercise(name).belly
    for facing, way in (("right", 1), ("left", -1)):
        assert heading(held(name, facing), belly) == way
        assert heading(mirrored(held(name, facing)), belly) == -way


def test_an_upright_body_faces_the_way_its_near_side_says():
    m = held("plane", "right", "standing")
    right, left = (replace(m, view=classify(y)) for y in (70.0, -70.0))
    assert heading(right, "ahead") == heading(right, "down") == 1 == -heading(left, "ahead")
    # On the back the head ends on the other side.
    assert heading(right, "up") == -1
    assert heading(right, "camera") == 0 == heading(replace(m, view=classify(2.0)), "ahead")
    assert heading(nobody(), "down") == 0


def test_the_majority_of_a_second_decides():
    votes = Majority(1.0)
    assert [votes.update(k / 10, v) for k, v in enumerate([0, 1, 1, -1, 0, 1])] == [0, 1, 1, 1, 1, 1]
    assert votes.update(5.0, -1) == -1
    assert votes.update(6.0, 0) == -1


def test_every_exercise_has_a_helper():
    for exercise in exercises().values():
        assert run(SetupHelper(exercise), nobody(), 1.4)[-1].advice == "nobody"
