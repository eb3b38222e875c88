"""Where the body is: the position is taken after a moment, lost after a time elsewhere or unseen."""

from __future__ import annotations

import pytest

from formcheck.judging.rules.presence import Presence

#: The numbers stand here a second time, on purpose: one that is moved parts other values than these.
ENTER_S, LOST_S, GAP_S, TOLD_S, FROM_FIRST_S = 0.3, 1.0, 1.2, 0.7, 0.5
A = 0.01
#: Long enough in position.
ENOUGH_S = ENTER_S + 1e-6


def present(at: float = 0.0, first: float | None = None) -> Presence:
    """The position taken at a time (s) in a stream that began *first*."""
    p = Presence()
    p.begin(at if first is None else first)
    if first is not None:
        p.elsewhere(at - A)
    assert p.enter(at, {}) == [] and not p.inside
    assert p.enter(at + ENOUGH_S, {}) and p.inside
    return p


def test_the_position_is_taken_after_a_moment_in_it_and_what_was_measured_meanwhile_is_kept():
    p = Presence()
    p.begin(5.0)
    for t in (5.0, 5.1, 5.0 + ENTER_S - A):
        assert p.enter(t, {"x": t}) == [] and not p.inside
    rows = p.enter(5.0 + ENOUGH_S, {"x": 9.0})
    assert [r.sample["x"] for r in rows] == pytest.approx([5.0, 5.1, 5.0 + ENTER_S - A, 9.0])
    assert p.inside and p.entries == [5.0] and p.seen_at == 5.0 + ENOUGH_S


def test_whoever_was_elsewhere_meanwhile_begins_anew():
    p = Presence()
    p.begin(0.0)
    p.enter(0.0, {})
    p.elsewhere(0.2)
    assert p.enter(0.3, {}) == []
    assert len(p.enter(0.3 + ENOUGH_S, {})) == 2


@pytest.mark.parametrize(("unseen_s", "kept"), [(ENTER_S - A, True), (ENTER_S + A, False)])
def test_whoever_was_unseen_for_a_moment_goes_on_for_longer_begins_anew(unseen_s, kept):
    p = Presence()
    p.begin(0.0)
    p.enter(0.0, {})
    assert p.unseen(unseen_s) is False
    assert bool(p.enter(unseen_s + A, {})) == (kept and unseen_s + A >= ENTER_S)


def test_what_a_body_does_that_was_not_seen_going_there_may_be_under_way_unless_it_is_elsewhere_first():
    for elsewhere, begun in ((False, "gap"), (True, None)):
        p = Presence()
        p.begin(0.0)
        p.elsewhere(2.0)
        p.enter(2.1, {})
        p.out_of_sight()
        if elsewhere:
            p.elsewhere(2.2)
        assert p.enter(2.3, {}) == [], "it begins anew"
        assert p.enter(2.3 + ENOUGH_S, {}) and p.begun == begun


@pytest.mark.parametrize(
    ("at", "begun"), [(FROM_FIRST_S - A, "start"), (FROM_FIRST_S, "start"), (FROM_FIRST_S + A, None)]
)
def test_what_comes_next_may_have_been_under_way_where_the_position_was_there_from_the_first(at, begun):
    assert present(at, first=0.0).begun == begun


def test_it_may_have_been_under_way_too_where_nothing_was_seen_before():
    p = Presence()
    p.begin(0.0)
    p.unseen(0.0)
    for t in (3.0, 3.0 + ENOUGH_S):
        p.enter(t, {})
    assert p.begun == "gap"
    p.leave(gap=False)
    for t in (9.0, 9.0 + ENOUGH_S):
        p.enter(t, {})
    assert p.begun is None
    p.leave(gap=True)
    for t in (19.0, 19.0 + ENOUGH_S):
        p.enter(t, {})
    assert p.begun == "gap"


def test_whoever_was_seen_elsewhere_after_a_gap_begins_afresh():
    p = present()
    p.leave(gap=True)
    p.elsewhere(10.0)
    for t in (11.0, 11.0 + ENOUGH_S):
        p.enter(t, {})
    assert p.begun is None


@pytest.mark.parametrize(("away_s", "lost"), [(LOST_S - A, False), (LOST_S, True)])
def test_the_position_is_lost_after_a_time_elsewhere(away_s, lost):
    p = present()
    assert p.elsewhere(1.0) is False
    assert p.elsewhere(1.0 + away_s) is lost
    assert p.until == 1.0, "it was left when the body went, not when that was sure"
    p.there(1.0 + away_s)
    assert p.until == 1.0 + away_s and p.elsewhere(5.0) is False


@pytest.mark.parametrize("patience_s", [None, 3.0])
def test_the_position_is_lost_after_a_time_unseen_with_more_patience_in_a_hold(patience_s):
    p = present()
    patience = {} if patience_s is None else {"patience_s": patience_s}
    limit = patience_s or GAP_S
    assert p.unseen(ENTER_S + limit - A, **patience) is False
    assert p.unseen(ENTER_S + limit + A, **patience) is True
    assert p.until == ENOUGH_S


def test_what_was_unseen_after_a_gap_is_noted_from_the_last_sight_to_the_next():
    p = present()
    p.there(4.0)
    p.leave(gap=True)
    p.told(9.0)
    p.told(11.0)
    assert p.blind == [(4.0, 9.0)]
    p = present()
    p.leave(gap=False)
    p.told(9.0)
    assert p.blind == [], "the person left: nothing was missed"
    p = present()
    p.leave(gap=True)
    p.pause()
    p.told(9.0)
    assert p.blind == [], "nobody was to look"


@pytest.mark.parametrize(("gap_s", "blind"), [(TOLD_S - A, []), (TOLD_S + A, [(2.0, 2.0 + TOLD_S + A)])])
def test_a_short_time_unseen_is_noted_if_it_is_long_enough_to_be_told(gap_s, blind):
    p = present()
    p.there(2.0)
    p.note_short_gap(2.0 + gap_s)
    assert p.blind == blind
    away = Presence()
    away.begin(0.0)
    away.note_short_gap(9.0)
    assert away.blind == []


@pytest.mark.parametrize(("gap_s", "told"), [(0.65, False), (0.8, True)])
def test_who_was_about_to_take_the_position_and_was_not_seen_for_a_while_is_told(gap_s, told):
    p = Presence()
    p.begin(0.0)
    for k in range(3):
        p.told(0.05 * k)
        assert p.enter(0.05 * k, {}) == []
    t = 0.1
    while (t := t + 0.05) < 0.1 + gap_s - 1e-9:
        assert not p.unseen(t)
    p.told(0.1 + gap_s)
    assert [(round(a, 2), round(b, 2)) for a, b in p.blind] == ([(0.1, 0.1 + gap_s)] if told else [])


def test_who_was_never_in_position_is_not_missed():
    p = Presence()
    p.begin(0.0)
    p.elsewhere(0.1)
    for k in range(40):
        p.unseen(0.2 + 0.05 * k)
    p.told(2.5)
    assert p.blind == []
