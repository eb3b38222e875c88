"""Swings: when one begins, when it is over, which valley is its rest, and whether it was under way at the first sample.

Each number that decides it stands here a second time, with a value just on either side of it.
"""

from __future__ import annotations

from itertools import pairwise
from math import isnan

import numpy as np
import pytest

from formcheck.judging.rules.attempts import Swing, SwingFinder

LEAST = 5.0


def fed(*points: tuple[float, float], finder: SwingFinder | None = None) -> tuple[SwingFinder, list[Swing]]:
    """Feed (seconds, value) points; return the finder and the swings that are over."""
    finder = finder or SwingFinder(LEAST)
    return finder, [s for t, x in points for s in finder.update(t, x)]


def path(*knots: tuple[float, float], step: float = 0.05) -> list[tuple[float, float]]:
    """Points every *step* seconds along straight lines between knots."""
    out = []
    for (t0, x0), (t1, x1) in pairwise(knots):
        n = round((t1 - t0) / step)
        out += [(t0 + k * step, x0 + (x1 - x0) * k / n) for k in range(n)]
    return [*out, knots[-1]]


# ---- its beginning --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("top", "rising"), [(4.9, False), (5.1, True)])
def test_a_rise_by_the_least_amplitude_is_one(top, rising):
    finder, _ = fed((0.0, 0.0), (1.0, top))
    assert finder.rising is rising
    assert finder.amplitude == (top if rising else 0.0)


def test_it_rises_from_the_lowest_point_lately():
    finder, _ = fed((0.0, 4.0), (0.5, 1.0), (1.0, 2.0), (1.5, 5.5))
    assert (finder.rising, finder.valley, finder.valley_s) == (False, 1.0, 0.5)
    fed((2.0, 6.5), (2.5, 9.0), finder=finder)
    assert (finder.rising, finder.valley, finder.valley_s, finder.amplitude) == (True, 1.0, 0.5, 8.0)


@pytest.mark.parametrize(("late", "rising"), [(2.9, True), (3.1, False)])
def test_a_valley_of_three_seconds_ago_is_forgotten(late, rising):
    finder, _ = fed((0.0, 0.0), *path((0.1, 3.0), (2.8, 3.0)), (late, 5.1))
    assert finder.rising is rising
    assert finder.valley == (0.0 if rising else 3.0)


@pytest.mark.parametrize("zero", [0.0, 100.0, -100.0])
def test_when_a_valley_is_forgotten_the_lowest_point_since_is_the_valley(zero):
    finder, _ = fed((0.0, zero + 1.0), (0.5, zero + 3.0), (1.0, zero + 2.0), (2.9, zero + 4.0))
    assert (finder.valley_s, finder.valley) == (0.0, zero + 1.0)
    fed((3.2, zero + 4.0), finder=finder)
    assert (finder.valley_s, finder.valley) == (1.0, zero + 2.0)


def test_before_the_first_value_and_of_what_is_not_known_there_is_nothing():
    finder, over = fed((0.0, float("nan")), (1.0, float("nan")))
    assert isnan(finder.valley) and isnan(finder.valley_s)
    assert (over, finder.finish(), finder.rising, finder.turned) == ([], [], False, False)
    # The first that is known is the first.
    _, (swing,) = fed((2.0, 10.0), (2.1, 20.0), (2.2, 0.0), (3.0, 0.0), finder=finder)
    assert (swing.valley_s, swing.from_first) == (2.0, True)


# ---- its end ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("low", "turned"), [(10.1, False), (9.9, True)])
def test_it_has_turned_when_it_fell_by_half_its_rise(low, turned):
    finder, over = fed((0.0, 0.0), (0.1, 0.0), (0.5, 20.0), (0.8, low))
    assert (finder.turned, over) == (turned, [])


@pytest.mark.parametrize(("low", "turned"), [(1.1, False), (0.9, True)])
def test_it_has_turned_no_sooner_than_it_fell_by_the_least_amplitude(low, turned):
    finder, _ = fed((0.0, 0.0), (0.1, 0.0), (0.5, 6.0), (0.8, low))
    assert finder.turned is turned


def test_how_far_it_must_fall_and_how_long_it_may_settle_can_be_said():
    finder, _ = fed((0.0, 0.0), (0.5, 20.0), (0.8, 5.9), finder=SwingFinder(LEAST, back_share=0.7, settle_s=2.0))
    assert finder.turned
    assert fed((2.7, 5.9), finder=finder)[1] == []
    assert len(fed((2.81, 5.9), finder=finder)[1]) == 1
    finder, _ = fed((0.0, 0.0), (0.5, 20.0), (0.8, 6.1), finder=SwingFinder(LEAST, back_share=0.7))
    assert not finder.turned


@pytest.mark.parametrize(("low", "over"), [(1.25, False), (1.15, True)])
def test_it_is_over_at_once_where_it_is_back_in_the_valley(low, over):
    _, swings = fed((0.0, 0.0), (0.6, 0.0), (1.1, 20.0), (1.6, low))
    assert [(s.valley, s.peak_s, s.peak, s.end_s, s.end, s.returned) for s in swings] == (
        [(0.0, 1.1, 20.0, 1.6, low, True)] if over else []
    )


@pytest.mark.parametrize(("later", "over"), [(0.44, False), (0.46, True)])
def test_it_is_over_where_it_comes_no_lower_for_a_while(later, over):
    _, swings = fed((0.0, 0.0), (0.5, 20.0), (1.0, 5.0), (1.0 + later, 6.0))
    assert [(s.end_s, s.end, s.returned) for s in swings] == ([(1.0, 5.0, True)] if over else [])


def test_whoever_still_comes_lower_has_not_settled():
    _, swings = fed((0.0, 0.0), (0.5, 20.0), (1.0, 9.0), (1.4, 7.0), (1.8, 5.0), (2.2, 3.0))
    assert swings == []


@pytest.mark.parametrize(("again", "over"), [(9.9, False), (10.1, True)])
def test_it_is_over_where_the_next_one_rises(again, over):
    finder, swings = fed((0.0, 0.0), (0.5, 20.0), (1.0, 5.0), (1.2, again))
    assert [(s.end_s, s.end) for s in swings] == ([(1.0, 5.0)] if over else [])
    # The next one rises from where this one ended.
    assert (finder.rising, finder.valley_s, finder.valley) == ((True, 1.0, 5.0) if over else (True, 0.0, 0.0))


def test_a_wobble_on_the_top_moves_the_peak_and_ends_nothing():
    top = [(1.1, 20.0), (1.2, 14.0), (1.4, 20.0), (1.5, 13.0), (1.6, 19.0)]
    _, (swing,) = fed((0.0, 0.0), (0.6, 0.0), *top, (1.9, 0.0))
    assert (swing.peak_s, swing.peak) == (1.4, 20.0)


def test_what_has_not_come_back_by_the_end_of_the_stream_ends_on_the_top():
    finder, over = fed((0.0, 1.0), (0.5, 20.0), (0.9, 15.0))
    assert over == []
    assert finder.finish() == [Swing(0.0, 1.0, 0.5, 20.0, 0.5, 20.0, returned=False, from_first=False)]
    assert finder.finish() == [] and not finder.rising


def test_what_has_turned_by_the_end_of_the_stream_came_back_as_far_as_it_did():
    finder, _ = fed((0.0, 1.0), (0.5, 20.0), (0.9, 4.0))
    assert finder.finish() == [Swing(0.0, 1.0, 0.5, 20.0, 0.9, 4.0, returned=True, from_first=False)]


@pytest.mark.parametrize(("valley", "end", "height"), [(2.0, 5.0, 18.0), (5.0, 2.0, 18.0)])
def test_its_amplitude_is_taken_from_the_lower_of_its_valleys(valley, end, height):
    assert Swing(0.0, valley, 1.0, 20.0, 2.0, end, returned=True, from_first=False).amplitude == height


def test_given_up_the_value_now_is_the_new_rest():
    finder, _ = fed((0.0, 0.0), (0.5, 12.0))
    finder.drop(1.0, 12.0)
    assert (finder.rising, finder.valley, finder.valley_s) == (False, 12.0, 1.0)
    finder, swings = fed((1.5, 16.9), finder=finder)
    assert not finder.rising
    _, swings = fed((1.6, 20.0), (2.0, 3.0), (2.1, 3.0), (2.6, 3.0), finder=finder)
    # The stream's first sample was another one: this movement was not under way then.
    assert [(s.valley_s, s.valley, s.from_first) for s in swings] == [(1.0, 12.0, False)]


# ---- under way from the first ----------------------------------------------------------------------------------------
def from_first(*rise: tuple[float, float], end: float = 0.0) -> bool:
    """Whether a swing that rises so, to 20, and falls to *end*, is taken for one under way at the first sample."""
    t = rise[-1][0]
    finder, swings = fed(*rise, (t + 0.3, 20.0), *path((t + 0.5, 19.0), (t + 1.0, end)), (t + 1.6, end))
    (swing,) = swings + finder.finish()
    assert swing.returned
    return swing.from_first


@pytest.mark.parametrize(("first", "told"), [(7.9, False), (8.1, True)])
def test_a_first_value_high_above_the_rest_after_it_was_no_rest(first, told):
    assert from_first((0.0, first)) is told


def test_a_first_value_below_the_rest_after_it_was_one():
    assert from_first((0.0, 0.0), end=9.5) is False


@pytest.mark.parametrize(("valley_s", "told"), [(0.14, True), (0.16, False)])
def test_whoever_still_went_down_at_first_rose_from_a_valley_that_was_seen(valley_s, told):
    assert from_first((0.0, 10.1), (valley_s, 10.0)) is told


@pytest.mark.parametrize(("stayed_s", "told"), [(0.49, True), (0.51, False)])
def test_whoever_stayed_at_the_first_value_for_half_a_second_rested_there(stayed_s, told):
    assert from_first((0.0, 10.0), (stayed_s, 10.1)) is told


@pytest.mark.parametrize(("near", "told"), [(11.2, False), (11.3, True)])
def test_whoever_stayed_near_the_first_value_rested_there(near, told):
    # Near is within a quarter of the least amplitude: 1.25.
    assert from_first((0.0, 10.0), (0.3, near), (0.6, near)) is told


def test_the_way_down_of_what_was_under_way_goes_on_below_its_first_value():
    finder, swings = fed((0.0, 10.0), (0.3, 21.0), (0.6, 10.2))
    assert (swings, finder.turned) == ([], True)
    _, (swing,) = fed((0.8, 4.0), (1.0, 0.0), (1.5, 0.0), finder=finder)
    assert (swing.end, swing.from_first) == (0.0, True)


def test_what_did_not_come_back_says_nothing_of_the_first_value():
    finder, _ = fed((0.0, 10.0), (0.3, 21.0))
    assert [s.from_first for s in finder.finish()] == [False]


def came_in(*swings, rested=0.2, before=-0.17, dt=1 / 15):
    """Somebody who comes into position as a rise, and then swings from there: (height, seconds) each, by cosine."""
    xs = [before] * round(rested / dt) + list(np.linspace(before, 0.02, round(0.4 / dt))) + [0.02] * round(0.8 / dt)
    for high, seconds in swings:
        n = round(seconds / dt)
        xs += [0.02 + high * (1 - np.cos(2 * np.pi * k / n)) / 2 for k in range(n)]
    return [(k * dt, float(x)) for k, x in enumerate([*xs, *[0.02] * round(1.5 / dt)])]


def found_in(samples):
    finder = SwingFinder(0.05)
    return [s for t, x in samples for s in finder.update(t, x)] + finder.finish()


def test_swings_above_the_rise_into_position_are_told_by_themselves():
    found = found_in(came_in((0.12, 2.0), (0.11, 1.6), (0.13, 2.4)))
    assert [s.returned for s in found] == [True] * 3 and not any(s.from_first for s in found)
    assert [x for s in found for x in (s.valley, s.peak, s.end)] == pytest.approx(
        [0.02, 0.14, 0.02, 0.02, 0.13, 0.02, 0.02, 0.15, 0.02], abs=0.008
    )
    # It begins where it rose from the position, not where it came into it.
    assert found[0].valley_s == pytest.approx(1.4, abs=0.25)


@pytest.mark.parametrize(("second", "n"), [((0.075, 2.0), 2), ((0.068, 2.0), 1), ((0.12, 1.2), 2), ((0.12, 0.7), 1)])
def test_the_second_of_them_is_as_large_and_long_as_a_swing(second, n):
    """Against 0.12 of the first, of which 0.6 is asked for, and 1 s from dip to dip."""
    assert len(found_in(came_in((0.12, 2.0), second))) == n


def test_after_one_that_was_too_small_the_next_two_tell():
    found = found_in(came_in((0.12, 2.0), (0.06, 1.4), (0.12, 2.0), (0.12, 2.0)))
    assert [s.peak for s in found[-2:]] == pytest.approx([0.14, 0.14], abs=0.005)
    assert found[-1].valley_s == pytest.approx(6.8)


@pytest.mark.parametrize(("rested", "n"), [(0.3, 2), (0.7, 1)])
def test_who_rested_before_the_rise_has_come_from_there(rested, n):
    assert len(found_in(came_in((0.12, 2.0), (0.12, 2.0), rested=rested))) == n
