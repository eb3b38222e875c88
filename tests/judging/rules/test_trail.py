"""What is recalled: how fast the effort goes, where the body rests, whether it stands still."""

from __future__ import annotations

import pytest

from formcheck.judging.rules.recall import RecalledMoment
from formcheck.judging.rules.trail import Trail

LEAST = 10.0
#: The numbers stand here a second time, on purpose: one that is moved parts other values than these.
SPEED_S, REFRESH_S, LATELY_S, REST_SHARE, STILL_S = 0.3, 0.2, 1.5, 0.35, 1.6


def trail(effort, until: float, step: float = 0.1) -> Trail:
    """A trail of an effort by time (s), with a signal twice as large."""
    out = Trail(LEAST)
    for k in range(round(until / step) + 1):
        t = k * step
        out.recall.add(RecalledMoment(t, effort(t), {"x": 2.0 * effort(t)}), under_way=True, at_rest=True)
    return out


def test_the_speed_is_that_of_the_last_moments():
    it = Trail(LEAST)
    speeds = [it.speed(k * 0.1, 5.0 * k * 0.1 if k < 10 else 4.5) for k in range(20)]
    assert speeds[0] == 0.0 and speeds[1] == pytest.approx(5.0) and speeds[9] == pytest.approx(5.0)
    assert 0.0 < speeds[10] < 5.0
    assert speeds[9 + round(SPEED_S / 0.1) + 1] == pytest.approx(0.0)
    assert it.speed(2.0, float("nan")) == pytest.approx(0.0), "what is not known changes nothing"


def test_the_rest_is_the_middle_of_what_lay_near_the_valley_lately():
    near = 1.0 + REST_SHARE * LEAST
    it = trail(lambda t: 90.0 if t < 3.0 else 1.0 if t < 4.0 else near - 0.1 if t < 4.3 else near + 0.1, 5.0)
    it.take_rest(5.0, 1.0)
    # 3.5 to 5 s are looked at: half a second at 1, three samples within the share, the others beyond it.
    assert it.rest == {"x": pytest.approx(2.0), "effort": 1.0}
    far = trail(lambda t: 1.0 if t < 5.0 - LATELY_S - 0.05 else 50.0, 5.0)
    far.take_rest(5.0, 1.0)
    assert far.rest == {}, "where it rested longer ago tells nothing"


def test_the_rest_is_brought_up_to_date_now_and_then():
    it = trail(lambda t: 1.0, 2.0)
    it.take_rest(2.0, 1.0)
    it.take_rest(2.0 + REFRESH_S - 0.01, 0.5)
    assert it.rest["effort"] == 1.0
    it.take_rest(2.0 + REFRESH_S, 0.5)
    assert it.rest["effort"] == 0.5
    it.clear()
    assert it.rest == {} and it.recall.rows == []


@pytest.mark.parametrize(("sway", "still"), [(0.49, True), (0.51, False)])
def test_a_body_is_still_whose_effort_stays_within_half_the_least_amplitude(sway, still):
    assert trail(lambda t: sway * LEAST * (round(t * 10) % 2), 5.0).still(5.0) is still


def test_only_the_last_while_tells_and_a_few_moments_at_least():
    assert trail(lambda t: 100.0 if t < 5.0 - STILL_S - 0.05 else 0.0, 5.0).still(5.0)
    assert not trail(lambda t: 100.0 if t < 5.0 - STILL_S + 0.15 else 0.0, 5.0).still(5.0)
    assert trail(lambda t: 0.0, 4.8, step=0.4).still(4.8), "five moments"
    assert trail(lambda t: 0.0, 4.8, step=0.5).still(4.5), "four moments"
    assert not trail(lambda t: 0.0, 4.8, step=0.8).still(4.8), "three moments"


def test_a_gap_leaves_a_row_without_signals():
    it = Trail(LEAST)
    it.gap(1.0, under_way=False)
    it.gap(1.1, under_way=False, away=True)
    assert [(r.t, r.effort == r.effort, dict(r.sample), r.away) for r in it.recall.rows] == [
        (1.0, False, {}, False),
        (1.1, False, {}, True),
    ]
