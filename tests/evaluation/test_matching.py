import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from formcheck.evaluation import parse_truth
from formcheck.evaluation.attempts import pair
from formcheck.evaluation.matching import assign, hold_error, iou

from .builders import rep

times = st.floats(0, 100, allow_nan=False)
intervals = st.tuples(times, times).map(lambda ab: (min(ab), max(ab)))


def match(true, got):
    """Pairs of the indices of true and reported attempts, of a truth that is sure of its times."""
    truth = parse_truth(
        {"exercise": "swan", "variant": "correct", "reps": [rep(*x, hold_s=i) for i, x in enumerate(true)]}
    )
    listed = [rep(*(x or (None, None)), index=j) for j, x in enumerate(got)]
    return sorted((int(t.hold_s), g["index"]) for t, g in pair(truth, listed).pairs)


@pytest.mark.parametrize(
    ("a", "b", "want"),
    [
        ((0, 2), (0, 2), 1.0),
        ((0, 2), (1, 3), 1 / 3),
        ((0, 4), (1, 3), 0.5),  # one inside the other
        ((0, 1), (1, 2), 0.0),  # touching is not overlapping
        ((0, 1), (5, 6), 0.0),
        ((1, 1), (1, 1), 1.0),  # an instant is the same as itself
        ((1, 1), (0, 2), 0.0),
    ],
)
def test_iou(a, b, want):
    assert iou(a, b) == pytest.approx(want)


@given(intervals, intervals)
def test_iou_is_symmetric_and_a_fraction(a, b):
    assert iou(a, b) == iou(b, a)
    assert 0 <= iou(a, b) <= 1


def test_pairs_need_half_overlap():
    assert match([(0, 4), (10, 14)], [(1, 3), (13, 17)]) == [(0, 0)]


def test_each_rep_is_matched_once():
    assert match([(0, 4)], [(0, 3), (0, 4)]) == [(0, 1)]


def test_two_pairs_are_better_than_one_good_pair():
    # True 0 fits both, best the second; true 1 fits only the second.
    true, got = [(0.0, 10.0), (2.0, 12.0)], [(-4.0, 7.0), (0.5, 10.5)]
    assert iou(true[0], got[1]) > iou(true[0], got[0]) >= 0.5
    assert iou(true[1], got[0]) < 0.5 <= iou(true[1], got[1])
    assert match(true, got) == [(0, 0), (1, 1)]


def test_reps_without_times_match_nothing():
    assert match([(0, 1)], [None, (0, 1)]) == [(0, 1)]
    assert match([], [(0, 1)]) == []


@given(st.lists(intervals, max_size=6), st.lists(intervals, max_size=6))
def test_matching_is_one_to_one_and_above_the_limit(true, got):
    pairs = match(true, got)
    assert len({i for i, _ in pairs}) == len({j for _, j in pairs}) == len(pairs)
    assert all(iou(true[i], got[j]) >= 0.5 for i, j in pairs)


def test_rows_that_go_first_take_their_columns_from_the_others():
    fit = np.array([[0.9, 0.0], [0.6, 0.0], [0.0, 0.5]])
    assert assign(fit, [True, True, True]) == {0: 0, 2: 1}
    assert assign(fit, [False, True, False]) == {1: 0, 2: 1}
    assert assign(np.zeros((2, 3)), [True, True]) == {}


@pytest.mark.parametrize(
    ("true", "measured", "want"),
    [(10, 9.5, 0.5), (10, 10, 0), (10, 10.5, 0), (10, 10.8, 0), (10, 11, 0.2), (2.1, 2.9, 0), (2, 0, 2)],
)
def test_hold_error(true, measured, want):
    assert hold_error(true, measured) == pytest.approx(want, abs=1e-9)
