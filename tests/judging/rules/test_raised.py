"""A raised limb: which one it was, how far it was up, how long it was held, and whether it could be followed.

Each number that decides it stands here a second time, with a value just on either side of it.
"""

from __future__ import annotations

from dataclasses import replace
from math import isnan

import numpy as np
import pytest

from formcheck.judging.rules.exercise import Attempt
from formcheck.judging.rules.raised import Raised, blurred, held_up, raised

LEAST = 35.0


# ---- which one it was ------------------------------------------------------------------------------------------------
T = np.arange(0.0, 10.001, 0.02)
#: Up within a second from 1 s on, down within another until 9 s: more than half way up from 1.5 to 8.5 s.
UP = 80.0 * np.clip(np.minimum(T - 1.0, 9.0 - T), 0.0, 1.0)
RISEN = (T > 1.49) & (T < 8.51)


def named(share):
    """Names of the raised limb while it is up: the right one for the last share of the time."""
    return np.where(8.5 - 7.0 * share <= T, 1.0, 0.0) if share < 1.0 else np.ones(len(T))


def leg(right=1.0, stands=0.0, *, up=UP, nearer=0.0, apart=0.2, contacts=("knee",), span=(2.5, 7.5)) -> Attempt:
    """A leg raised: its names, and where the other one stands (0: where the left one did, 1: the right one)."""
    values = {"leg_up": up, "leg_right": np.zeros(len(T)) + right, "leg_nearer_seen": np.zeros(len(T)) + nearer}
    rest = {}
    where = dict(zip(contacts, np.zeros(len(contacts)) + stands, strict=True))
    for joint, at in where.items():
        for side, home in (("left", 0.0), ("right", 1.0)):
            values |= {
                f"{joint}_x_{side}": np.full(len(T), 0.4 + at * apart),
                f"{joint}_y_{side}": np.full(len(T), 0.8),
            }
            rest |= {f"{joint}_x_{side}": 0.4 + home * apart, f"{joint}_y_{side}": 0.8}
    return Attempt(T, values, up, 1.0, 5.0, 9.0, 5.0, span, rest, returned=True)


def told(a: Attempt, contacts=("knee",)) -> Raised:
    return raised(a, "leg", contacts)


def test_a_limb_that_is_named_all_along_and_beside_which_the_other_stands_is_that_one():
    assert told(leg(1.0, 0.0)) == Raised("right", 80.0)
    assert told(leg(0.0, 1.0)) == Raised("left", 80.0)


@pytest.mark.parametrize(("share", "side"), [(0.84, None), (0.86, "right"), (0.16, None), (0.14, "left")])
def test_a_name_is_believed_that_was_given_for_most_of_the_time_up(share, side):
    # It began as the right one, or the left one, so that only the share tells; nothing is known of where they stand.
    right = named(share) if share < 0.5 else 1.0 - named(1.0 - share)
    assert told(leg(right, float("nan"))).side == side


@pytest.mark.parametrize(("stands", "side"), [(0.14, "right"), (0.16, None), (0.84, None), (0.86, "left")])
def test_where_the_names_change_the_limb_that_stands_tells_which_one_was_raised(stands, side):
    assert told(leg(named(0.5), stands)) == Raised(side, 80.0)


@pytest.mark.parametrize(("apart", "side"), [(0.011, "right"), (0.009, None)])
def test_limbs_that_stand_side_by_side_tell_nothing(apart, side):
    assert told(leg(named(0.5), 0.0, apart=apart)).side == side


def test_of_two_contacts_both_tell():
    for stands, side in (((0.0, 0.2), "right"), ((0.0, 0.4), None), ((float("nan"), 0.0), "right")):
        contacts = ("knee", "ankle")
        assert told(leg(named(0.5), stands, contacts=contacts), contacts).side == side


def test_where_the_limb_stood_beside_the_hold_does_not_tell():
    a = leg(named(0.5), 0.0)
    off = np.where((T > 2.5) & (T < 7.5), 0.4, 0.6)
    values = {**a.values, "knee_x_left": off, "knee_x_right": off}
    assert told(replace(a, values=values)).side == "right"
    # Without a hold it is what is around the peak.
    off = np.where(np.abs(T - 5.0) < 0.31, 0.4, 0.6)
    values |= {"knee_x_left": off, "knee_x_right": off}
    assert told(replace(a, values=values, hold_span=None)).side == "right"


def beginning(right: bool) -> np.ndarray:
    """Names of one limb all along, but for the moments in which it was half way up, when they were the other's."""
    return np.where(np.abs(T - 1.5) < 0.11, float(right), float(not right))


@pytest.mark.parametrize(
    ("right", "stands", "side", "exchanged"),
    [
        # All along called the right one.
        (np.ones(len(T)), 0.64, "right", False),
        (np.ones(len(T)), 0.66, None, False),
        (beginning(right=False), 0.64, None, False),
        (beginning(right=False), 0.66, "left", True),
        # All along called the left one.
        (np.zeros(len(T)), 0.36, "left", False),
        (np.zeros(len(T)), 0.34, None, False),
        (beginning(right=True), 0.36, None, False),
        (beginning(right=True), 0.34, "right", True),
    ],
)
def test_names_are_exchanged_where_the_other_limb_stands_and_the_raise_began_as_the_other(
    right, stands, side, exchanged
):
    assert told(leg(right, stands)) == Raised(side, 80.0, exchanged)


def test_how_it_began_is_what_most_of_the_moments_within_a_tenth_of_a_second_say():
    # Of the eleven pictures within 0.1 s six say left, of the seven nearest two do, of the thirteen six.
    off = np.round(np.abs(T - 1.5) / 0.02)
    right = np.where((off >= 3) & (off <= 5), 0.0, 1.0)
    assert told(leg(right, 0.0)).side is None


@pytest.mark.parametrize(("nearer", "side"), [(-0.02, "right"), (-0.04, None)])
def test_a_near_limb_that_is_seen_worse_than_the_far_one_has_doubtful_names(nearer, side):
    assert told(leg(1.0, 0.0, nearer=nearer)) == Raised(side, 80.0)


@pytest.mark.parametrize(("below", "side"), [(39.0, "right"), (52.0, None)])
def test_names_count_from_half_way_up_on(below, side):
    slowly = 80.0 * np.clip(np.minimum(T - 0.8, 9.2 - T) / 4.0, 0.0, 1.0)
    right = np.where(slowly < below, 0.0, 1.0)
    assert told(leg(right, float("nan"), up=slowly, span=(4.8, 5.2))).side == side


@pytest.mark.parametrize(("seen", "known"), [(0.51, True), (0.49, False)])
def test_of_a_limb_that_was_hidden_at_the_top_what_was_seen_of_it_tells_how_far_it_was_up(seen, known):
    inside = np.abs(T - 5.0) <= 4.0 * (1.0 - seen)
    up = np.where(inside, np.nan, np.where(T < 5.0, 40.0, 60.0))
    got = told(leg(1.0, 0.0, up=up, span=None))
    assert got.side is None
    # The upper quarter of it.
    assert got.up == pytest.approx(60.0) if known else isnan(got.up)


def test_of_a_limb_that_was_hardly_up_when_it_was_seen_the_upper_quarter_tells():
    up = np.where(np.abs(T - 5.0) < 1.0, np.nan, np.where(T > 8.1, 60.0, 20.0))
    # Seen for 6 s, of which 0.9 s at 60 degrees: less than a quarter; of 1.9 s more.
    assert told(leg(1.0, 0.0, up=up, span=None)).up == pytest.approx(20.0)
    up = np.where(np.abs(T - 5.0) < 1.0, np.nan, np.where(T > 7.1, 60.0, 20.0))
    assert told(leg(1.0, 0.0, up=up, span=None)).up == pytest.approx(60.0)


# ---- how long it was held --------------------------------------------------------------------------------------------
def held(leg, seconds: float = 6.0) -> Attempt:
    """An attempt in which the arm is up and still, and the leg so many degrees up (by time)."""
    t = np.arange(0.0, seconds, 0.1)
    values = {"arm_up": np.full(len(t), 90.0), "leg_up": np.array([leg(x) for x in t])}
    values |= {"arm_higher": values["arm_up"], "leg_higher": values["leg_up"]}
    return Attempt(t, values, values["arm_up"], 0.0, seconds / 2, seconds, 0.0, None, {}, returned=True)


def test_what_is_held_is_the_longest_time_up_and_still():
    a = held(lambda t: 80.0 if 1.95 < t < 5.05 else 0.0)
    assert held_up(a, ["arm"], LEAST, 30.0) == (pytest.approx(0.0), pytest.approx(5.9))
    from_s, to_s = held_up(a, ["arm", "leg"], LEAST, 30.0)
    # The half of a smoothing length on either side is the way up and down.
    assert from_s == pytest.approx(2.0, abs=0.21) and to_s == pytest.approx(5.0, abs=0.21)


@pytest.mark.parametrize(("up", "seconds"), [(34.9, 0.0), (35.1, 5.9)])
def test_a_limb_is_up_from_the_degrees_asked_for(up, seconds):
    from_s, to_s = held_up(held(lambda t: up), ["arm", "leg"], LEAST, 30.0)
    assert to_s - from_s == pytest.approx(seconds)


@pytest.mark.parametrize(("speed", "seconds"), [(29.0, 5.9), (-29.0, 5.9), (31.0, 0.0), (-31.0, 0.0)])
def test_a_limb_rests_that_moves_no_faster_than_asked_for(speed, seconds):
    from_s, to_s = held_up(held(lambda t: 300.0 + speed * t), ["leg"], LEAST, 30.0)
    assert to_s - from_s == pytest.approx(seconds)


@pytest.mark.parametrize(("down_s", "span"), [(0.1, (0.0, 5.9)), (0.5, (2.6, 5.9))])
def test_a_moment_down_is_forgiven_and_more_begins_anew(down_s, span):
    a = held(lambda t: 0.0 if 2.05 < t < 2.05 + down_s else 80.0)
    from_s, to_s = held_up(a, ["arm", "leg"], LEAST, 1e6)
    assert (from_s, to_s) == (pytest.approx(span[0], abs=0.11), pytest.approx(span[1]))


@pytest.mark.parametrize(("unseen_s", "span"), [(3.3, (0.0, 5.9)), (3.5, (4.6, 5.9))])
def test_what_is_not_known_breaks_no_hold_for_three_and_a_half_seconds(unseen_s, span):
    a = held(lambda t: float("nan") if 1.05 < t < 1.05 + unseen_s else 80.0)
    values = {**a.values, "arm_up": a.values["leg_up"]}
    assert held_up(replace(a, values=values), ["arm", "leg"], LEAST, 30.0) == pytest.approx(span)


@pytest.mark.parametrize(("down", "longest"), [((3.05, 4.45), (0.0, 3.0)), ((1.45, 2.85), (2.9, 5.9))])
def test_of_two_holds_the_longer_one_counts_whichever_came_first(down, longest):
    a = held(lambda t: 0.0 if down[0] < t < down[1] else 80.0)
    assert held_up(a, ["arm", "leg"], LEAST, 1e6) == pytest.approx(longest)


def test_what_was_never_up_was_held_for_no_time_at_the_peak():
    assert held_up(held(lambda t: 0.0), ["leg"], LEAST, 30.0) == (3.0, 3.0)


# ---- whether it could be followed ------------------------------------------------------------------------------------
def wavering(deg_s: float, about: float = 80.0):
    """A leg that goes up and down at a speed, turning every second."""
    return lambda t: about + deg_s * abs((t % 2.0) - 1.0)


@pytest.mark.parametrize(
    ("leg", "span", "told"),
    [
        (wavering(32.0), (0.5, 5.0), True),
        (wavering(22.0), (0.5, 5.0), False),
        (wavering(32.0), (1.0, 2.45), False),
        (wavering(32.0), (1.0, 2.55), True),
        (wavering(32.0, about=0.0), (0.5, 5.0), False),
        (lambda t: 80.0, (0.5, 5.0), False),
        (lambda t: float("nan"), (0.5, 5.0), False),
    ],
    ids=["wavers", "wavers little", "too short", "long enough", "is down", "still", "unseen"],
)
def test_a_limb_is_blurred_that_wavers_while_it_is_up_and_the_other_is_held(leg, span, told):
    assert blurred(held(leg), "leg", span, LEAST) is told
