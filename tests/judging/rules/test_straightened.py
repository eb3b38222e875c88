"""Which leg was straightened: told where one stands, by what was seen and how steadily where both are drawn open."""

from __future__ import annotations

from math import isnan

import numpy as np
import pytest

from formcheck.judging.measure import Body
from formcheck.judging.rules.exercise import Attempt
from formcheck.judging.rules.straightened import Legs, legs_of, raised_leg, reached, top_of

from ..exercises.stick import BRIDGE, Motion, bridge, film

T = np.arange(0.0, 4.01, 0.05)
TOP = (1.0, 3.0)
#: The right leg is the near one here, unless it is said otherwise.
NEAR, FAR = "right", "left"


def attempt(*, rest=None, after=None, **signals) -> Attempt:
    values = {k: np.broadcast_to(np.asarray(v, float), T.shape) for k, v in signals.items()}
    effort = values.get("opened", np.ones(len(T)))
    return Attempt(T, values, effort, 0.5, 2.0, 3.5, 1.0, None, rest or {}, True, after=after or {})


def legs(near, far, *, top=TOP, seen=0.5, near_right=1.0, rest=None, after=None) -> Legs:
    """What is told of two legs that have opened so far from a rest of 0."""
    right, left = (near, far) if near_right > 0.5 else (far, near)
    zero = {"open_right": 0.0, "open_left": 0.0}
    a = attempt(
        open_right=right, open_left=left, near_right=near_right, far_seen=seen,
        rest={**zero, **(rest or {})}, after={**zero, **(after or {})},
    )  # fmt: skip
    return raised_leg(a, top)


def wavering(speed):
    """A leg about 1 open that opens and closes at a speed, turning every two seconds."""
    return 0.75 + speed * np.abs((T % 4.0) - 2.0)


# ---- one leg stands --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("near", "far", "side"), [(1.0, 0.24, NEAR), (0.24, 1.0, FAR)])
def test_a_leg_that_opened_by_less_than_a_quarter_of_the_other_stands(near, far, side):
    assert legs(near, far) == Legs(side, True)


@pytest.mark.parametrize(("near", "far"), [(1.0, 0.26), (0.26, 1.0)])
def test_of_two_legs_that_opened_none_is_clear(near, far):
    got = legs(near, far, seen=0.58)
    assert (got.side, got.clear, got.blended) == (None, False, True)


def test_which_leg_is_near_is_what_it_was_for_most_of_the_top():
    assert legs(1.0, 0.0, near_right=0.0) == Legs("left", True)
    changing = np.where(T < 1.9, 0.0, 1.0)
    a = attempt(
        open_right=1.0, open_left=1.0, near_right=changing, far_seen=0.5, rest={"open_right": 0.0, "open_left": 0.0}
    )
    assert raised_leg(a, TOP).side == "right"
    assert raised_leg(a, (0.0, 2.5)).side == "left"


def test_how_far_a_leg_opened_is_taken_from_the_lower_of_its_rests():
    # From 0.5 to 0.6 it stands, from 0.1 to 0.6 it has opened half as far as the other.
    assert legs(1.0, 0.6, rest={"open_left": 0.5}, after={"open_left": 0.5}) == Legs(NEAR, True)
    assert not legs(1.0, 0.6, rest={"open_left": 0.5}, after={"open_left": 0.1}).clear
    assert not legs(1.0, 0.6, rest={"open_left": 0.1}, after={"open_left": 0.5}).clear
    assert legs(1.0, 0.6, rest={"open_left": 0.5}, after={"open_left": float("nan")}) == Legs(NEAR, True)


def test_what_is_not_known_of_both_legs_at_once_tells_nothing():
    early = np.where(T < 2.0, 1.0, np.nan)
    late = np.where(T < 2.0, np.nan, 1.0)
    assert legs(early, late) == Legs(None, False)
    assert legs(1.0, 0.0, rest={"open_right": float("nan")}, after={"open_right": float("nan")}) == Legs(None, False)


def test_only_the_top_tells():
    inside = (T >= 1.0) & (T <= 3.0)
    assert legs(np.where(inside, 1.0, 0.0), np.where(inside, 0.0, 1.0)) == Legs(NEAR, True)


# ---- both are drawn open ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("seen", "speed", "side"),
    [
        (0.61, 0.31, FAR),
        (0.61, 0.29, None),
        (0.59, 0.31, None),
        (0.56, 0.29, None),
        (0.54, 0.29, NEAR),
        (0.54, 0.31, None),
    ],
    ids=[
        "seen and wavers",
        "seen and steady",
        "hardly seen",
        "hardly hidden",
        "hidden and steady",
        "hidden and wavers",
    ],
)
@pytest.mark.parametrize("near_right", [1.0, 0.0])
def test_the_far_leg_was_raised_where_it_was_seen_the_near_one_where_it_hides_it_and_is_steady(
    seen, speed, side, near_right
):
    got = legs(wavering(speed), 0.9, seen=seen, near_right=near_right)
    names = {NEAR: "right", FAR: "left"} if near_right else {NEAR: "left", FAR: "right"}
    assert (got.side, got.clear) == (names.get(side), False)


@pytest.mark.parametrize(
    ("seconds", "seen", "speed", "side"),
    [(0.79, 0.61, 0.29, FAR), (0.81, 0.61, 0.29, None), (0.79, 0.54, 0.31, NEAR), (0.81, 0.54, 0.31, None)],
)
def test_how_steadily_it_is_drawn_tells_nothing_of_a_short_top(seconds, seen, speed, side):
    assert legs(wavering(speed), 0.9, seen=seen, top=(1.0, 1.0 + seconds)).side == side


@pytest.mark.parametrize(("near", "side"), [(0.62, FAR), (0.64, None)])
def test_a_far_leg_that_was_seen_far_more_open_was_raised_however_steadily_the_near_one_is_drawn(near, side):
    assert legs(near, 0.9, seen=0.61).side == side
    assert legs(near, 0.9, seen=0.59).side is None


def test_legs_that_are_up_by_turns_are_not_drawn_between_each_other():
    turns = np.where(np.arange(len(T)) % 2 == 0, 1.0, 0.0)
    got = legs(turns, 1.0 - turns, top=(1.0, 2.96), seen=0.5)
    assert (got.side, got.clear, got.blended) == (NEAR, False, False)


def test_how_far_they_are_open_is_a_share_of_the_other_ones_opening():
    turns = np.where(np.arange(len(T)) % 2 == 0, 2.0, 0.3)
    got = legs(turns, 2.3 - turns, top=(1.0, 2.96), seen=0.5)
    assert (got.side, got.clear, got.blended) == (NEAR, False, False)
    turns = np.where(np.arange(len(T)) % 2 == 0, 2.0, 0.6)
    assert legs(turns, 2.6 - turns, top=(1.0, 2.96), seen=0.5).blended


@pytest.mark.parametrize(("facing", "footward"), [("right", -1.0), ("left", 1.0)])
def test_a_leg_is_open_by_its_knee_and_the_height_of_its_foot_hidden_or_not(facing, footward):
    t = np.array([0.0, 0.1])
    straight = {"knee_left": 179.0, "knee_right": 90.0}
    track = film(bridge, Motion(BRIDGE, **straight).sample(t), t, pitch=0.0, facing=facing, far_visibility=0.2)
    got = legs_of(Body(track.t, track.image, track.world, track.size), np.full(2, footward))
    read = {name: (v["left"][0], v["right"][0]) for name, v in got.items()}
    # Shank over trunk: 0.84. The right foot is on the floor, the left one about level with the hips.
    assert read["knee"] == pytest.approx((179.0, 90.0), abs=0.1)
    assert read["height"][0] - read["height"][1] == pytest.approx(0.84, abs=0.02)
    assert read["open"] == pytest.approx((179.0 / 90.0, 1.0 - 0.84), abs=0.02)
    assert read["thigh"] == pytest.approx((0.0, 0.0), abs=0.1)
    assert read["leg"] == pytest.approx((-0.5, -45.0), abs=0.1)
    assert read["shank"][1] == pytest.approx(90.0, abs=0.1)


# ---- the top ---------------------------------------------------------------------------------------------------------
def test_the_top_is_the_longest_stretch_above_a_share_of_the_most():
    opened = np.where((T >= 0.975) & (T <= 1.475), 1.0, np.where((T >= 1.975) & (T <= 3.025), 0.72, 0.0))
    assert top_of(attempt(opened=opened), 0.7) == (pytest.approx(2.0), pytest.approx(3.0))
    assert top_of(attempt(opened=opened), 0.74) == (pytest.approx(1.0), pytest.approx(1.45))


def test_a_peak_of_a_moment_is_not_the_most():
    opened = np.where((T >= 0.975) & (T <= 3.025), 1.0, 0.0)
    opened[30:32] = 1.6
    assert top_of(attempt(opened=opened), 0.7) == (pytest.approx(1.0), pytest.approx(3.0))


def test_what_lies_beside_the_attempt_is_no_top_and_a_short_break_is_bridged():
    assert top_of(attempt(opened=1.0), 0.7) == (pytest.approx(0.5), pytest.approx(3.5))
    for gone_s, top in ((0.2, (0.5, 3.5)), (0.5, (2.0, 3.5))):
        opened = np.where((2.0 - gone_s + 0.01 < T) & (T < 1.99), 0.0, 1.0)
        assert top_of(attempt(opened=opened), 0.7) == pytest.approx(top)


def test_what_is_reached_at_the_top_is_a_percentile_of_what_was_seen_there():
    rising = np.where(T < 1.0, 200.0, 100.0 * (T - 1.0) / 2.0)
    assert reached(attempt(knee=rising), TOP, "knee") == pytest.approx(50.0)
    assert reached(attempt(knee=rising), TOP, "knee", 80.0) == pytest.approx(80.0)


@pytest.mark.parametrize(("from_s", "known"), [(1.9, True), (2.1, False)])
def test_what_was_hardly_seen_at_the_top_was_not_reached(from_s, known):
    seen = np.where(from_s > T, np.nan, 70.0)
    assert isnan(reached(attempt(knee=seen), TOP, "knee")) is not known
