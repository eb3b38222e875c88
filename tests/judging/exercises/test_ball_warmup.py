"""``ball-warmup``: what a known body must and must not be told."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from formcheck.judging.exercises.ball_warmup import BallWarmup
from formcheck.sight.pose.landmarks import JOINT

from .cases import Effect, Scene, attempts, counted, fault_ids, gate_effects, reports
from .figures import FRONT, OBLIQUE, RIGHT, path
from .figures2 import shaken, shoot, sitting
from .stick import with_ball

PERIOD = 3.0


def to_and_fro(n, size=0.14, period=PERIOD):
    """Way of the hips over time: *n* swings of *size* either way from a rest."""
    knots = [(0.0, 0.0)]
    for k in range(n):
        t = 1.5 + k * period
        knots += [(t, 0.0), (t + 0.3 * period, size), (t + 0.7 * period, -size), (t + period, 0.0)]
    return (lambda u: path(u, knots)), 1.5 + n * period + 2.0


def round_and_round(turns, direction, size=0.14, period=PERIOD, squash=1.0):
    """Way of the hips ahead and to the right: to the front, *turns* one after another, and back to the middle."""
    marks, angles, t = [0.0, 2.2], [0.0, 0.0], 2.2
    for k in turns:
        t += abs(k) * period
        marks.append(t)
        angles.append(angles[-1] + k)
    sign = 1.0 if direction == "right" else -1.0

    def motion(u):
        a = 2 * np.pi * sign * np.interp(u, marks, angles)
        r = size * path(u, [(1.5, 0.0), (2.2, 1.0), (t, 1.0), (t + 0.7, 0.0)])
        return {"ahead": r * np.cos(a), "right": squash * r * np.sin(a)}

    return motion, t + 2.7


def tilts(n=3, *, turn=OBLIQUE, size=0.14, period=PERIOD, tremble=0.0, **more):
    way, end = to_and_fro(n, size, period)
    return shoot(sitting, end, lambda u: {"ahead": way(u) + tremble * np.sin(6 * np.pi * u), **_at(u, more)}, turn)


def sideways(n=3, *, turn=OBLIQUE, size=0.14, period=PERIOD, **more):
    way, end = to_and_fro(n, size, period)
    return shoot(sitting, end, lambda u: {"right": way(u), **_at(u, more)}, turn)


def circles(*turns, direction="right", turn=OBLIQUE, size=0.14, period=PERIOD, squash=1.0, **more):
    motion, end = round_and_round(turns or (3,), direction, size, period, squash)
    return shoot(sitting, end, lambda u: {**motion(u), **_at(u, more)}, turn)


def _at(u, more):
    return {k: v(u) if callable(v) else v for k, v in more.items()}


def scene(make, *args, **how):
    return Scene("ball-warmup", lambda: make(*args, **how))


def stepping(u):
    return path(u, [(3.0, 0.0), (3.5, 0.35)])


GOOD, GOOD_CIRCLES = scene(tilts), scene(circles)
SHOULDERS = scene(tilts, turn=RIGHT, follow=1.1)
FEET = scene(tilts, turn=RIGHT, step=stepping)
SMALL = scene(tilts, turn=RIGHT, size=0.045)
BROKEN, THERE_AND_BACK = scene(circles, 1.55), scene(circles, 0.5, -0.5)
GONE_BACK = scene(circles, 1, 0.5, -0.35, 0.85)
LEANING = scene(sideways, turn=FRONT, lean=32.0)
TREMBLING, OVAL = scene(tilts, turn=RIGHT, tremble=0.2), scene(circles, squash=0.2)

CASES = {
    "shoulders-move": (SHOULDERS, GOOD),
    "feet-move": (FEET, GOOD),
    "small-range": (SMALL, GOOD),
    "broken-circle": (BROKEN, GOOD_CIRCLES),
    "trunk-lean": (LEANING, GOOD),
}


def blocks(session):
    return [r.block for r in session.judge.reps]


EFFECTS = {
    **gate_effects(BallWarmup, GOOD, attempts),
    "bob_ratio": Effect(GOOD, -1.0, attempts),
    "swing_torso": Effect(SMALL, 0.2, attempts),
    "round_ratio": Effect(GOOD_CIRCLES, 90.0, counted),
    "back_turn": Effect(GOOD_CIRCLES, -1.0, reports("broken-circle")),
    "part_round_ratio": Effect(THERE_AND_BACK, 0.9, reports("broken-circle")),
    "oblique_deg": Effect(OVAL, 44.0, blocks),
    "depth_ratio": Effect(scene(tilts, turn=12.0), 1e6, blocks),
    "sideways_votes": Effect(GOOD, -0.1, blocks),
    "small_torso": Effect(SMALL, 0.05, reports("small-range")),
    "shoulder_ratio": Effect(SHOULDERS, 2.0, reports("shoulders-move")),
    "shoulder_torso": Effect(SHOULDERS, 1.0, reports("shoulders-move")),
    "feet_torso": Effect(FEET, 2.0, reports("feet-move")),
    "lean_deg": Effect(LEANING, 60.0, reports("trunk-lean")),
}


@pytest.mark.parametrize(
    ("make", "how", "block"),
    [
        (tilts, {"turn": RIGHT}, "tilt"),
        (tilts, {"turn": -85.0}, "tilt"),
        (tilts, {}, "tilt"),
        (tilts, {"turn": -OBLIQUE}, "tilt"),
        (sideways, {"turn": FRONT}, "sideways"),
        (sideways, {}, "sideways"),
        (sideways, {"turn": -OBLIQUE}, "sideways"),
        (circles, {}, "circle-right"),
        (circles, {"turn": -OBLIQUE}, "circle-right"),
        (circles, {"direction": "left"}, "circle-left"),
        (circles, {"direction": "left", "turn": -OBLIQUE}, "circle-left"),
    ],
)
@pytest.mark.parametrize("period", [2.0, 4.5])
def test_cycles_are_told_apart_and_counted_from_where_they_show(make, how, block, period):
    session = scene(make, period=period, **how)()
    assert [(r.block, r.verdict, r.score) for r in session.judge.reps] == [(block, "good", 100.0)] * 3
    assert fault_ids(session) == set()


@pytest.mark.parametrize(("make", "first"), [(tilts, 1.5), (sideways, 1.5), (circles, 1.5)])
def test_a_cycle_begins_where_the_last_one_ended(make, first):
    reps = scene(make)().judge.reps
    assert reps[0].start_s == pytest.approx(first, abs=0.4)
    for a, b in pairwise(reps):
        assert 0.0 <= b.start_s - a.end_s < 0.6
        assert a.end_s - a.start_s == pytest.approx(PERIOD, abs=0.9)
    assert reps[-1].end_s == pytest.approx(first + 3 * PERIOD, abs=1.6)


def test_the_way_of_the_hips_is_told_whatever_the_view():
    for turn in (RIGHT, OBLIQUE):
        for rep in scene(tilts, turn=turn)().judge.reps:
            assert rep.measures["travel"] == pytest.approx(0.28, rel=0.15)


def test_what_goes_along_the_view_is_not_made_up():
    session = scene(tilts, turn=FRONT)()
    assert session.judge.reps == [] and fault_ids(session) == set()


def test_blocks_may_come_in_any_order_without_a_rest_between_them():
    side, end = to_and_fro(2)
    motion, length = round_and_round((2,), "left")
    wait = end - 1.5

    def both(u):
        m = motion(np.maximum(u - wait, 0.0))
        return {"ahead": m["ahead"], "right": m["right"] + side(u)}

    session = Scene("ball-warmup", lambda: shoot(sitting, wait + length, both, OBLIQUE))()
    assert blocks(session) == ["sideways", "sideways", "circle-left", "circle-left"]


@pytest.mark.parametrize(("turns", "why"), [((1.55,), "broken off"), ((0.45, -0.45), "")])
def test_a_circle_that_is_not_closed_is_no_turn(turns, why):
    session = scene(circles, *turns)()
    last = session.judge.reps[-1]
    assert not last.counted
    assert why in last.why
    assert "broken-circle" in {f.id for f in last.faults}
    assert sum(r.counted for r in session.judge.reps) == int(turns[0])


def test_a_turn_with_a_way_back_counts_with_the_fault():
    reps = GONE_BACK().judge.reps
    assert (reps[0].block, reps[0].verdict) == ("circle-right", "good")
    assert any(r.block == "circle-right" and r.verdict != "good" for r in reps[1:])


def test_swaying_in_the_seat_is_no_cycle():
    session = scene(tilts, 1, turn=RIGHT, size=0.02)()
    assert session.judge.reps == []


def test_small_cycles_count_with_the_fault():
    assert [r.verdict for r in SMALL().judge.reps] == ["fault"] * 3


def test_a_step_interrupts_the_count_but_does_not_end_it():
    reps = scene(tilts, 6, turn=RIGHT, step=stepping)().judge.reps
    assert any("feet-move" in {f.id for f in r.faults} for r in reps)
    assert not reps[-1].faults
    assert 4 <= len(reps) <= 7


def test_standing_is_not_in_position():
    track = tilts()
    image = track.image.copy()
    image[:, 25:, 1] += 110.0
    session = Scene("ball-warmup", lambda: track.with_poses(image, track.world))()
    assert session.judge.seconds["in_position"] == 0.0


@pytest.mark.parametrize("make", [tilts, sideways, circles])
def test_landmark_noise_changes_no_verdict(make):
    clean, noisy = scene(make)(), Scene("ball-warmup", lambda: shaken(make(), 1.0))()
    assert [(r.block, r.verdict) for r in noisy.judge.reps] == [(r.block, r.verdict) for r in clean.judge.reps]


# ---- the ball ----------------------------------------------------------------------------------------------
def test_the_way_of_the_pelvis_over_the_ball_and_of_the_ball_under_it_is_measured():
    """A ball that rolls goes half as far as what rolls over it."""
    track = sideways(3, turn=FRONT)
    still = with_ball(track, "ankle", 0.0, -0.3, 0.55)
    hips, ankles = (track.image[:, [*JOINT[j].values()], :2].mean(axis=1) for j in ("hip", "ankle"))
    half = still.ball.copy()
    half[:, 0] = (hips[:, 0] + ankles[:, 0]) / 2
    lying, rolling = (result(Scene("ball-warmup", lambda b=b: replace(track, ball=b))) for b in (still.ball, half))
    for rep in lying:
        assert rep.measures["over_ball"] == pytest.approx(rep.measures["travel"], rel=0.1)
        assert rep.measures["ball_travel"] < 0.02
    for rep in rolling:
        assert rep.measures["over_ball"] == pytest.approx(rep.measures["travel"] / 2, rel=0.1)
        assert rep.measures["ball_travel"] == pytest.approx(rep.measures["travel"] / 2, rel=0.1)
    assert all(r.measures["over_ball"] is None or np.isnan(r.measures["over_ball"]) for r in result(scene(sideways)))


def result(case):
    reps = case(None).judge.reps
    assert reps
    return reps


def test_the_time_in_the_seat_is_the_time_in_position():
    session = GOOD()
    (held,) = session.holds
    assert held[0] < session.judge.reps[0].start_s and held[1] > session.judge.reps[-1].end_s - 1.0
