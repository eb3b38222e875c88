"""Other ways of watching the same poses, and whether the list of attempts is the same in them."""

from __future__ import annotations

import numpy as np
import pytest

from formcheck.errors import UsageError
from formcheck.evaluation.labels import TruthRep
from formcheck.evaluation.ways import ALL, difference, parse_ways, seen_in
from formcheck.sight.pose.types import Observation

from .builders import rep, report
from .tracks import true_track


def still(rate: float, seconds: float = 4.0) -> list[Observation]:
    return [Observation(k / rate, None, (640, 360)) for k in range(round(rate * seconds))]


def times(seen):
    return [round(o.t, 3) for o in seen]


def test_ways_are_read_as_they_are_typed():
    assert parse_ways(" 1/2, live,12 ") == ("1/2", "live", "12")
    assert parse_ways("all") == ALL
    assert parse_ways("") == ()
    for wrong in ("half", "1/", "1/x", "2/3", "0", "-5", "1/0", "12.5"):
        with pytest.raises(UsageError, match="no way of watching"):
            parse_ways(wrong)


@pytest.mark.parametrize("share", [2, 3])
def test_a_share_of_the_frames_is_every_second_or_third(share):
    seen = still(30)
    assert seen_in(f"1/{share}", seen) == seen[::share]


@pytest.mark.parametrize(("of", "rate"), [(30, 10), (24, 10), (24, 15), (29.97, 8)])
def test_a_rate_takes_the_frames_nearest_to_its_grid(of, rate):
    seen = seen_in(str(rate), still(of))
    assert len(seen) == pytest.approx(4 * rate, abs=1)
    off = np.array(times(seen)) - np.arange(len(seen)) / rate
    assert np.max(np.abs(off)) <= 0.5 / of + 1e-3


def test_a_rate_that_the_source_has_not_is_no_way_for_it():
    assert seen_in("20", still(15)) is None
    assert seen_in("15", still(15)) is None
    assert seen_in("30", still(29.97)) is None
    assert len(seen_in("12", still(15))) == 48


def test_the_adaptive_way_leaves_out_what_the_sampler_leaves_out():
    seen = list(true_track("plane-correct"))
    used = seen_in("adaptive", seen)
    assert 0.5 * len(seen) < len(used) < 0.9 * len(seen)
    assert times(used) == sorted(set(times(used)))


def test_an_exercise_may_want_more_looks():
    seen = still(30)
    assert len(seen_in("adaptive", seen)) == pytest.approx(len(seen) / 3, abs=1)
    assert len(seen_in("adaptive", seen, 1 / 15)) == pytest.approx(len(seen) / 2, abs=1)


def test_live_sees_every_frame():
    assert seen_in("live", still(20)) == still(20)


def test_the_same_list_is_as_long_at_the_same_times_and_counted_alike():
    usual = report([rep(0, 4, side="left"), rep(5, 9, side="right")])
    assert difference(usual, report([rep(0.2, 4.3, side="left"), rep(5, 8.5, side="right")])) is None
    cases = {
        "1 attempts, not 2": [rep(0, 4, side="left")],
        "attempt 2 at another time": [rep(0, 4, side="left"), rep(8, 12, side="right")],
        "attempt 1: counted False, not True": [rep(0, 4, side="left", counted=False), rep(5, 9, side="right")],
        "attempt 2: side left, not right": [rep(0, 4, side="left"), rep(5, 9, side="left")],
        "3 attempts, not 2": [rep(0, 4, side="left"), rep(5, 9, side="right"), rep(10, 12, counted=False)],
    }
    for says, reps in cases.items():
        assert difference(usual, report(reps)) == says
    assert difference(usual, report([rep(0, 4, side=None), rep(5, 9, side="right")])) is None, "open is no other side"


def test_what_is_cut_or_left_open_by_the_truth_may_differ():
    usual = report([rep(0, 4), rep(5, 9, counted=False, cut="end")])
    without, counted, open_ = (report([rep(0, 4), *more]) for more in ([], [rep(5, 9)], [rep(5, 9, counted=False)]))
    assert difference(usual, without) is None
    assert difference(without, usual) is None
    assert difference(usual, counted) is None
    assert difference(counted, open_) == "attempt 2: counted False, not True"
    assert difference(counted, without) == "1 attempts, not 2"
    first = TruthRep(start_s=0, end_s=4)
    reps = first, TruthRep(start_s=5.5, end_s=9.5, counted=None)
    assert difference(counted, open_, reps) is None
    assert difference(counted, without, reps) == "1 attempts, not 2"
    assert difference(counted, without, (first, TruthRep(start_s=5.5, end_s=9.5, cut="end"))) is None
    assert difference(counted, report([rep(5, 9)]), reps) == "1 attempts, not 2"


def test_a_block_is_part_of_the_list():
    usual, other = (report([rep(0, 2, block=b)]) for b in ("tilt", "sideways"))
    assert difference(usual, other) == "attempt 1: block sideways, not tilt"
