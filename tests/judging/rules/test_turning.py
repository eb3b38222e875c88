"""Turning points: where a path has come back from, by how much of its way and of the least swing."""

from __future__ import annotations

import pytest

from formcheck.judging.rules.turning import PathPoint, TurningPoints


def turns(least, *path):
    """Where, and after how long a way, a path along a line turns; it comes from 0."""
    begun, now, *rest = (PathPoint(float(t), (float(x), 0.0)) for t, x in enumerate((0.0, *path)))
    finder = TurningPoints(least, begun, now)
    return [(turn.point.p[0], turn.run) for row in rest if (turn := finder.update(row)) is not None]


@pytest.mark.parametrize(("back", "told"), [(6.6, []), (6.4, [(10.0, 10.0)])])
def test_a_path_has_turned_when_it_came_back_by_a_third_of_its_way(back, told):
    assert turns(3.0, 10, back) == told


@pytest.mark.parametrize(("back", "told"), [(6.1, []), (5.9, [(10.0, 10.0)])])
def test_it_must_come_back_by_half_of_the_least_swing(back, told):
    assert turns(8.0, 10, back) == told


@pytest.mark.parametrize(("least", "told"), [(10.1, []), (9.9, [(10.0, 10.0)])])
def test_a_way_shorter_than_the_least_swing_has_no_turning_point(least, told):
    assert turns(least, 10, 0.5) == told


def test_the_next_way_is_measured_from_the_turning_point_before():
    # A wobble at the top is none; the way back is as long as from the top to where it turned.
    assert turns(3.0, 5, 10, 9, 10.5, 4, -6, 0) == [(10.5, 10.5), (-6.0, 16.5)]


def test_whoever_goes_past_the_furthest_point_has_not_turned():
    begun = PathPoint(0.0, (0.0, 0.0))
    finder = TurningPoints(3.0, begun, PathPoint(1.0, (4.0, 0.0)))
    assert finder.run == 4.0
    assert finder.update(PathPoint(2.0, (0.0, 5.0))) is None
    assert (finder.run, finder.far.p) == (5.0, (0.0, 5.0))
    assert finder.update(PathPoint(3.0, (0.0, 4.9))) is None
    assert finder.run == 5.0


def test_a_turn_in_a_plane_is_where_it_is_furthest_from_the_one_before():
    path = [
        PathPoint(0.0, (0.0, 0.0)),
        PathPoint(1.0, (3.0, 0.0)),
        PathPoint(2.0, (3.0, 4.0)),
        PathPoint(3.0, (0.0, 4.0)),
    ]
    finder = TurningPoints(3.0, path[0], path[1])
    assert finder.update(path[2]) is None
    turn = finder.update(path[3])
    assert turn is not None and (turn.point, turn.run) == (path[2], 5.0)
    assert (finder.last, finder.far, finder.run) == (path[2], path[3], 3.0)
