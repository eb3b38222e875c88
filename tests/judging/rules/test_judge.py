"""The engine on a toy exercise: what is a repetition, what is none, and what cannot be judged."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formcheck.judging.rules import judge as engine
from formcheck.judging.rules import recall
from formcheck.judging.rules.exercise import Prescription
from formcheck.judging.rules.limits import Limits
from formcheck.judging.rules.records import (  # fmt: skip
    FaultOver,
    FaultSeen,
    HoldTick,
    PositionLost,
    PositionReady,
    RepDone,
    RepStarted,
    ViewGood,
    ViewProblem,
)

from .toy import LIMITS, Still, Toy, line, reps, run


class Anywhere(Toy):
    """Rests anywhere."""

    start = ()


def summary(judge):
    return [(r.counted, tuple(f.id for f in r.faults)) for r in judge.reps]


def kinds(events, *wanted):
    return [type(e) for e in events if isinstance(e, wanted)]


# ---- repetitions -------------------------------------------------------------------------------------------
def test_repetitions_are_counted_timed_and_numbered():
    judge, events = run(reps(3))
    assert summary(judge) == [(True, ())] * 3
    assert [r.index for r in judge.reps] == [1, 2, 3]
    # Each: 0.5 s up, 1.5 s at the top, 0.5 s down, 1 s rest, after 1 s at the start.
    for k, r in enumerate(judge.reps):
        begin = 1.0 + 3.5 * k
        assert r.start_s == pytest.approx(begin, abs=0.15)
        assert r.peak_s == pytest.approx(begin + 1.25, abs=0.15)
        assert r.end_s == pytest.approx(begin + 2.5, abs=0.15)
        assert r.hold_s == pytest.approx(1.5 + 2 * 0.1, abs=0.15)
        assert r.measures == {"top": pytest.approx(10.0)}
    assert [e.rep for e in events if isinstance(e, RepDone)] == judge.reps


def test_events_come_in_order_of_time_and_of_sense():
    _, events = run(reps(2))
    assert [e.t for e in events] == sorted(e.t for e in events)
    assert kinds(events, PositionReady, RepStarted, RepDone) == [
        PositionReady,
        RepStarted,
        RepDone,
        RepStarted,
        RepDone,
    ]
    ticks = [e.seconds for e in events if isinstance(e, HoldTick)]
    assert max(ticks) == pytest.approx(1.7, abs=0.15)


@pytest.mark.parametrize("rate", [8, 10, 15, 24, 30, 50, 60])
def test_the_sample_rate_changes_no_repetition(rate):
    judge, _ = run(reps(4), rate=rate)
    base, _ = run(reps(4), rate=30)
    assert summary(judge) == summary(base)
    for a, b in zip(judge.reps, base.reps, strict=True):
        for name in ("start_s", "peak_s", "end_s", "hold_s"):
            assert getattr(a, name) == pytest.approx(getattr(b, name), abs=0.2)


@given(st.integers(0, 5), st.floats(0.3, 1.5), st.floats(1.2, 3.0), st.floats(0.5, 2.0), st.sampled_from([10, 15, 30]))
@settings(max_examples=40)
def test_n_repetitions_are_n_whatever_their_tempo(n, rise, hold, rest, rate):
    judge, _ = run(reps(n, rise=rise, hold=hold, rest=rest), rate=rate)
    assert [r.counted for r in judge.reps] == [True] * n
    for a, b in zip(judge.reps, judge.reps[1:], strict=False):
        assert a.end_s <= b.start_s + 1e-9


@pytest.mark.parametrize("rate", [10, 15, 30, 60])
@pytest.mark.parametrize("low", [0.0, 1.0])
def test_repetitions_without_rest_between_them_are_told_apart(rate, low):
    judge, _ = run(reps(4, rest=0.0, rise=0.6 if low == 0 else 1.0, low=low), rate=rate)
    assert summary(judge) == [(True, ())] * 4
    for a, b in zip(judge.reps, judge.reps[1:], strict=False):
        assert a.end_s <= b.start_s + 1e-9


@pytest.mark.parametrize("rate", [10, 15, 30, 60])
def test_repetitions_that_turn_below_the_lower_threshold_for_a_moment_are_told_apart(rate):
    judge, _ = run(reps(4, rest=0.25, rise=0.6, low=1.5), rate=rate)
    assert summary(judge) == [(True, ())] * 4


def test_half_repetitions_are_listed_and_not_counted():
    judge, _ = run(reps(2, top=6.0))
    assert summary(judge) == [(False, ("too-low",))] * 2
    assert all(r.why == "too low" and r.score <= 40 for r in judge.reps)


@pytest.mark.parametrize("top", [1.0, 3.0, 3.9])
def test_movements_below_the_threshold_are_no_attempts(top):
    judge, events = run(reps(3, top=top))
    assert judge.reps == [] and kinds(events, RepStarted) == []


def test_a_spike_is_no_attempt():
    f, end = reps(0)
    spiky = (lambda t: 10.0 if abs(t - 1.5) < 0.04 else f(t)), end
    judge, _ = run(spiky, rate=15)
    assert judge.reps == []


def test_trembling_at_the_threshold_makes_no_more_attempts_than_movements():
    rng = np.random.default_rng(2)
    f, end = line((0, 0), (1, 0), (1.5, 4.5), (6, 4.5), (6.5, 0), (8, 0))
    noisy = {round(k / 30, 6): f(k / 30) + rng.normal(0, 0.6) for k in range(int(end * 30) + 1)}
    judge, _ = run(((lambda t: noisy[round(t, 6)]), end), rate=30)
    assert len(judge.reps) == 1


def test_a_hold_interrupted_within_the_grace_time_goes_on_and_a_longer_break_ends_it():
    def holds(gap):
        f, end = line((0, 0), (1, 0), (1.5, 10), (4.5, 10), (5, 0), (6, 0))
        broken = lambda t: 7.0 if 2.5 <= t < 2.5 + gap else f(t)  # noqa: E731
        return run((broken, end), rate=30)[0].reps[0].hold_s

    assert holds(0.25) == pytest.approx(3.2, abs=0.15)
    assert holds(0.35) == pytest.approx(1.65, abs=0.2)


@pytest.mark.parametrize("rate", [10, 30])
def test_a_hold_that_was_out_of_sight_for_a_moment_is_no_short_hold(rate):
    course = line((0, 0), (1, 0), (1.5, 10), (4.5, 10), (5, 0), (6, 0))
    whole = run(course, rate=rate)[0].reps[0].hold_s
    for how in (
        {"gone": lambda t: 2.5 < t < 3.2},
        {"problem": lambda t: ("bad view", "turn") if 2.5 < t < 3.2 else None},
    ):
        (rep,) = run(course, rate=rate, **how)[0].reps
        assert rep.hold_s == pytest.approx(whole, abs=0.01)
    # Seen out of position is another matter, and so is a hold that was given up meanwhile.
    (rep,) = run(course, rate=rate, inside=lambda t: not 2.5 < t < 3.2)[0].reps
    assert rep.hold_s == pytest.approx(1.4, abs=0.25)
    dropped = line((0, 0), (1, 0), (1.5, 10), (2.6, 10), (2.8, 6), (3.5, 6), (3.7, 10), (5.5, 10), (6, 0), (7, 0))
    (rep,) = run(dropped, rate=rate, gone=lambda t: 2.5 < t < 3.2)[0].reps
    assert rep.hold_s == pytest.approx(1.9, abs=0.3)


def test_the_moment_an_attempt_is_over_is_at_rest_again():
    judge = engine.Judge(Toy())
    f, end = reps(1)
    for k in range(int(end * 15)):
        done = [
            e
            for e in judge.update(k / 15, {"x": float(f(k / 15)), "lean": 0.0, "inside": 1.0})
            if isinstance(e, RepDone)
        ]
        if done:
            assert judge.phase == engine.START
    assert judge.reps


# ---- position and view -------------------------------------------------------------------------------------
def test_getting_into_position_never_counts():
    # Up and down while out of position, then into the start position from above.
    course = line((0, 0), (1, 10), (2, 0), (3, 10), (4, 0), (6, 0))
    judge, _ = run(course, inside=lambda t: t > 3.2)
    assert judge.reps == []


def test_starting_in_the_end_position_does_not_count_either():
    judge, _ = run(line((0, 10), (3, 10), (3.5, 0), (5, 0), (5.5, 10), (7, 10), (7.5, 0), (9, 0)))
    assert summary(judge) == [(True, ())]
    assert judge.reps[0].start_s == pytest.approx(5.0, abs=0.15)


def test_walking_off_ends_the_position_and_makes_no_repetition():
    judge, events = run(line((0, 0), (3, 0), (3.5, 10), (5, 10)), inside=lambda t: t < 3.0)
    assert judge.reps == []
    assert kinds(events, PositionReady, PositionLost) == [PositionReady, PositionLost]
    assert judge.phase == engine.AWAY


def test_the_position_lost_in_the_middle_is_an_attempt_not_counted_with_its_fault():
    judge, _ = run(line((0, 0), (1, 0), (1.5, 10), (2, 10), (9, 10)), inside=lambda t: t < 2.2)
    (rep,) = judge.reps
    assert (rep.counted, rep.why) == (False, "short")
    assert rep.end_s <= 2.3


def test_a_moment_out_of_position_does_not_end_an_attempt():
    judge, events = run(reps(2), inside=lambda t: not 2.0 < t < 2.9, rate=30)
    assert len(judge.reps) == 2
    assert PositionLost not in kinds(events, PositionLost)


@pytest.mark.parametrize("how", ["view", "nobody"])
def test_what_was_not_seen_to_its_end_could_not_be_judged_and_is_no_fault(how):
    course = line((0, 0), (1, 0), (1.5, 10), (2, 10), (9, 10))
    lost = (
        {"problem": lambda t: ("bad view", "turn round") if t > 2.1 else None}
        if how == "view"
        else {"gone": lambda t: t > 2.1}
    )
    judge, _ = run(course, **lost)
    (rep,) = judge.reps
    assert (rep.counted, rep.faults, rep.score) == (False, (), None)
    assert (rep.cut, rep.why) == ("gap", "it could not be seen to its end")
    assert judge.all_faults() == []


class Held(Toy):
    """Asks for a hold of five seconds."""

    prescription = Prescription(reps=3, hold_s=5.0)


class HeldLong(Toy):
    prescription = Prescription(reps=3, hold_s=10.0)


@pytest.mark.parametrize(
    ("exercise", "unseen", "bridged"),
    [
        (Toy, 1.45, True),
        (Toy, 1.55, False),
        (Held, 2.45, True),
        (Held, 2.55, False),
        (HeldLong, 3.45, True),
        (HeldLong, 3.55, False),
    ],
)
def test_of_a_hold_half_of_what_is_asked_for_may_be_unseen_within_bounds(exercise, unseen, bridged):
    course = line((0, 0), (1, 0), (1.5, 10), (9, 10), (9.5, 0), (11, 0))
    judge, _ = run(course, exercise=exercise(), gone=lambda t: 2.999 < t < 2.951 + unseen, rate=20)
    assert next((r.counted, r.cut) for r in judge.reps) == ((True, None) if bridged else (False, "gap"))


@pytest.mark.parametrize(("unseen", "counted"), [(1.3, True), (1.8, False)])
def test_a_hold_goes_on_through_what_was_not_seen_up_to_the_stated_time(unseen, counted):
    course = line((0, 0), (1, 0), (1.5, 10), (9, 10), (9.5, 0), (11, 0))
    judge, _ = run(course, gone=lambda t: 3 < t < 3 + unseen, rate=20)
    assert [r.counted for r in judge.reps] == [counted]
    if counted:
        (rep,) = judge.reps
        assert rep.hold_s == pytest.approx(7.7, abs=0.15)
        assert rep.bridged_s == pytest.approx(unseen, abs=0.15)
        assert rep.seen == pytest.approx(1 - unseen / 8.5, abs=0.05)
    else:
        assert judge.reps[0].cut == "gap"


@pytest.mark.parametrize(("unseen", "cut"), [(0.8, None), (1.4, "gap")])
def test_a_movement_that_was_not_seen_for_a_second_is_cut(unseen, cut):
    course = line((0, 0), (1, 0), (4, 10), (7, 0), (9, 0))
    judge, _ = run(course, gone=lambda t: 2 < t < 2 + unseen, rate=20)
    assert [r.cut for r in judge.reps] == ([cut] if cut is None else [r.cut for r in judge.reps])
    assert all(r.counted is (r.cut is None) or r.why == "short" for r in judge.reps)
    assert not any(r.counted for r in judge.reps) or cut is None


def test_a_hold_given_up_while_nothing_was_seen_is_cut_not_short():
    course = line((0, 0), (1, 0), (1.5, 10), (3, 10), (3.5, 0), (8, 0))
    judge, _ = run(course, gone=lambda t: 2.2 < t < 4.5, rate=20)
    (rep,) = judge.reps
    assert (rep.cut, rep.counted, rep.faults) == ("gap", False, ())


def test_view_problems_are_told_once_and_so_is_their_end():
    judge, events = run(
        reps(2, lead=2.0), problem=lambda t: ("bad view", "turn round") if 0.2 < t < 0.8 or 4.7 < t < 5.0 else None
    )
    assert kinds(events, ViewProblem, ViewGood) == [ViewProblem, ViewGood] * 2
    first = next(e for e in events if isinstance(e, ViewProblem))
    assert (first.reason, first.advice) == ("bad view", "turn round")
    assert judge.problems["bad view"] == pytest.approx(0.9, abs=0.25)
    assert len(judge.reps) == 2


def test_nothing_is_judged_while_the_view_is_bad():
    judge, events = run(reps(3), problem=lambda t: ("bad view", "turn"), lean=lambda t: 90.0)
    assert judge.reps == [] and judge.all_faults() == [] and kinds(events, FaultSeen, RepStarted) == []
    assert judge.seconds["judged"] == 0 and judge.seconds["pose"] > 0


def test_seconds_seen_posed_in_position_and_judged_nest():
    judge, _ = run(reps(3), gone=lambda t: 4 < t < 5, inside=lambda t: t > 0.5)
    s = judge.seconds
    assert s["seen"] >= s["pose"] >= s["in_position"] >= s["judged"] > 0
    assert s["seen"] - s["pose"] == pytest.approx(1.0, abs=0.15)


def test_a_measure_unknown_for_a_while_neither_ends_nor_starts_anything():
    f, end = reps(2)
    holes = (lambda t: float("nan") if 2.0 < t < 2.3 or 3.6 < t < 3.8 else float(f(t))), end
    judge, _ = run(holes, rate=30)
    assert [r.counted for r in judge.reps] == [True, True]


# ---- faults and scores -------------------------------------------------------------------------------------
def test_a_fault_is_booked_to_the_repetitions_it_was_seen_in():
    judge, events = run(reps(3), lean=lambda t: 25.0 if 4.6 < t < 6.5 else 0.0)
    assert summary(judge) == [(True, ()), (True, ("leaning",)), (True, ())]
    assert [r.verdict for r in judge.reps] == ["good", "fault", "good"]
    (span,) = judge.all_faults()
    assert span.worst == 25.0
    assert kinds(events, FaultSeen, FaultOver) == [FaultSeen, FaultOver]
    assert judge.reps[1].score < judge.reps[0].score == 100


@pytest.mark.parametrize(("until", "told"), [(6.4, ["leaning"]), (5.8, [])])
def test_a_fault_at_rest_is_one_if_it_lasts_until_the_next_repetition(until, told):
    # The second repetition begins at 6.5 s.
    judge, _ = run(reps(2, rest=3.0), lean=lambda t: 25.0 if 4.2 < t < until else 0.0, rate=30)
    assert summary(judge) == [(True, ()), (True, ())]
    assert [f.id for f in judge.all_faults()] == told


def test_a_fault_where_there_is_no_repetition_is_none():
    judge, events = run(line((0, 0), (8, 0)), lean=lambda t: 25.0)
    assert judge.all_faults() == []
    assert kinds(events, FaultSeen) == [FaultSeen]


def test_a_fault_of_the_end_position_names_its_value_and_limit():
    judge, _ = run(reps(1, hold=0.3))
    ((fault,),) = (r.faults for r in judge.reps)
    assert (fault.id, fault.limit, fault.unit) == ("short-hold", 1.0, "s")
    assert fault.worst == judge.reps[0].hold_s < 1.0
    assert judge.all_faults() == [fault]


@settings(max_examples=25)
@given(st.floats(0, 60), st.floats(0, 60))
def test_leaning_further_never_scores_higher(a, b):
    a, b = sorted((a, b))
    better, worse = (run(reps(1), lean=lambda t, v=v: v)[0].reps[0].score for v in (a, b))
    assert worse <= better


@settings(max_examples=25)
@given(st.floats(0.0, 2.0), st.floats(0.0, 2.0))
def test_holding_for_less_never_scores_higher(a, b):
    a, b = sorted((a, b))
    worse, better = (run(reps(1, hold=h), rate=30)[0].reps[0].score for h in (a, b))
    assert worse <= better


@settings(max_examples=20)
@given(st.floats(0, 40), st.floats(5, 12), st.floats(0.2, 2))
def test_a_lenient_coach_never_finds_more_than_a_strict_one(lean, top, hold):
    found = []
    for strictness in ("lenient", "normal", "strict"):
        judge, _ = run(
            reps(2, top=top, hold=hold), lean=lambda t: lean, limits=Limits("toy", LIMITS, strictness=strictness)
        )
        found.append((sum(r.counted for r in judge.reps), {f.id for f in judge.all_faults()}))
        assert {k for r in judge.reps for k in r.measures} <= {"top"}
        assert all(r.measures["top"] == pytest.approx(top, abs=1e-6) for r in judge.reps)
    counts = [n for n, _ in found]
    # The toy's end position lies lower for a lenient coach; leaning is allowed further.
    assert counts == sorted(counts, reverse=True)
    assert ("leaning" in found[0][1]) <= ("leaning" in found[1][1]) <= ("leaning" in found[2][1])


# ---- the end, and long sources -----------------------------------------------------------------------------
def test_the_end_of_the_source_in_mid_attempt_cuts_it():
    judge, events = run(line((0, 0), (1, 0), (1.5, 10), (4, 10)))
    assert [(r.counted, r.cut, r.faults, r.score) for r in judge.reps] == [(False, "end", (), None)]
    assert kinds(events, RepDone) == [RepDone]


def test_an_attempt_that_has_come_back_by_the_last_sample_is_whole():
    judge, _ = run(line((0, 0), (1, 0), (1.5, 10), (3, 10), (3.4, 1)))
    assert [(r.counted, r.cut) for r in judge.reps] == [(True, None)]


def test_the_beginning_of_the_source_in_mid_attempt_cuts_it():
    judge, _ = run(line((0, 5), (0.4, 10), (2, 10), (2.5, 0), (4, 0), (4.5, 10), (6, 10), (6.5, 0), (8, 0)), rate=20)
    assert [(r.counted, r.cut) for r in judge.reps] == [(False, "start"), (True, None)]


@pytest.mark.parametrize("low", [0.0, 1.5])
def test_no_stillness_is_asked_for_before_the_first_attempt(low):
    judge, _ = run(line((0, low), (0.5, 10), (2, 10), (2.5, 0), (3, 10), (4.5, 10), (5, 0)), rate=20)
    assert summary(judge) == [(True, ()), (True, ())]


def test_a_rest_that_drifts_spoils_nothing():
    f, end = reps(6, rest=0.3)
    drifting = (lambda t: float(f(t)) + 0.15 * t), end
    judge, _ = run(drifting, rate=20, exercise=Anywhere())
    assert [r.counted for r in judge.reps] == [True] * 6


def test_finishing_twice_or_before_anything_adds_nothing():
    judge, _ = run(reps(2))
    assert judge.finish() == [] and len(judge.reps) == 2
    assert engine.Judge(Toy()).finish() == []


def test_a_long_attempt_is_timed_right_in_bounded_memory(monkeypatch):
    monkeypatch.setattr(recall, "MAX_ROWS", 200)
    judge = engine.Judge(Toy())
    f, end = line((0, 0), (1, 0), (1.5, 10), (301.5, 10), (302, 0), (304, 0))
    most = 0
    for k in range(int(end * 15)):
        judge.update(k / 15, {"x": float(f(k / 15)), "lean": 0.0, "inside": 1.0})
        most = max(most, len(judge._trail.recall.rows))
    judge.finish()
    (rep,) = judge.reps
    assert most <= 201
    assert rep.hold_s == pytest.approx(300.0, abs=3.0)
    assert rep.end_s == pytest.approx(302.0, abs=0.2)
    # Thinned out: a sample every few seconds is left of the first minutes.
    assert rep.start_s == pytest.approx(1.0, abs=3.0)


def test_resting_for_long_keeps_bounded_memory():
    judge = engine.Judge(Toy())
    for k in range(60 * 60):
        judge.update(k / 60, {"x": 0.0, "lean": 0.0, "inside": 1.0})
    assert len(judge._trail.recall.rows) <= judge._trail.recall.seconds * 60 + 2


def test_an_attempt_that_stops_half_way_ends_only_where_no_hold_is_known():
    course = line((0, 0), (1, 0), (1.5, 9), (6, 9))
    assert run(course, finish=False)[0].reps == []
    (rep,) = run(course, exercise=Still(), finish=False)[0].reps
    # Within 2 of where it stays from 1.4 s on, and that for 1.6 s.
    assert rep.end_s == pytest.approx(3.0, abs=0.1)


class Unheld(Anywhere):
    """Knows no end position that is held."""

    hold = ()


@pytest.mark.parametrize(("top", "phase"), [(19.5, engine.START), (20.5, engine.MOVE)])
def test_a_small_rise_that_stays_is_the_new_rest_of_an_exercise_without_a_hold(top, phase):
    course = line((0, 0), (1, 0), (1.5, top), (5, top))
    assert run(course, exercise=Unheld(), finish=False)[0].phase == phase
    assert run(course, exercise=Toy(), finish=False)[0].phase == engine.HOLD
    # What comes next is measured from there.
    again = line((0, 0), (1, 0), (1.5, top), (5, top), (5.5, top + 10), (6, top), (7, top))
    judge, _ = run(again, exercise=Unheld(), finish=False)
    assert len(judge.reps) == (1 if phase == engine.START else 0)


@pytest.mark.parametrize(("speed", "judged"), [(7.8, True), (8.2, False)])
def test_at_rest_nothing_is_judged_of_a_body_that_moves_by_the_least_amplitude_in_half_a_second(speed, judged):
    judge, _ = run(line((0, 0), (0.5, 0), (3.5, -3 * speed)), exercise=Anywhere(), lean=lambda t: 25.0, rate=30)
    (watch,) = judge.watches
    # All of 3.5 s but the first moment; or until it was on its way.
    assert (watch.total.judged_s > 3.0) is judged
    assert judged or watch.total.judged_s < 1.0


def test_steps_longer_than_half_a_second_count_as_half_a_second():
    judge = engine.Judge(Toy())
    for t in (0.0, 0.4, 1.0, 9.0):
        judge.update(t, {"x": 0.0, "lean": 0.0, "inside": 1.0})
    assert judge.seconds["seen"] == pytest.approx(1.4)
    assert judge.seconds["pose"] == pytest.approx(1.4)


def test_seconds_are_booked_to_what_was_the_matter():
    judge = engine.Judge(Toy())
    nan = float("nan")
    steps = [
        ({"x": 0.0, "lean": 0.0, "inside": 1.0}, None, 10),
        ({"x": nan, "lean": 0.0, "inside": 1.0}, None, 3),
        (None, None, 2),
        ({"x": 0.0, "lean": 0.0, "inside": 1.0}, ("too dark", "light"), 4),
        ({"x": 0.0, "lean": 0.0, "inside": 0.0}, None, 15),
        ({"x": 0.0, "lean": 0.0, "inside": nan}, None, 5),
    ]
    k = 0
    for sample, problem, n in steps:
        for _ in range(n):
            judge.update(k / 10, None if sample is None else dict(sample), problem)
            k += 1
    s = {name: round(v, 6) for name, v in judge.seconds.items()}
    # The position is taken after 0.3 s, and lost a second after it was left.
    assert s == {
        "seen": 3.8,
        "pose": 3.6,
        "in_position": 1.2,
        "judged": 0.9,
        "unfollowed": 0.3,
        "withheld": 0.6,
        "unsure": 0.5,
    }
    assert dict(judge.problems) == {"too dark": pytest.approx(0.4)}


# ---- time --------------------------------------------------------------------------------------------------
def test_a_shift_of_the_clock_shifts_all_times_and_nothing_else():
    # Sixteenths of a second and a power of two: no rounding on the way.
    base, _ = run(reps(3), rate=16, lean=lambda t: 25.0 if 4.6 < t < 6.5 else 0.0)
    later, _ = run(reps(3), rate=16, lean=lambda t: 25.0 if 4.6 < t < 6.5 else 0.0, shift=4096.0)
    for a, b in zip(base.reps, later.reps, strict=True):
        assert (b.start_s - 4096, b.peak_s - 4096, b.end_s - 4096) == (a.start_s, a.peak_s, a.end_s)
        assert (b.hold_s, b.counted, b.score, b.measures) == (a.hold_s, a.counted, a.score, a.measures)
        assert [f.id for f in a.faults] == [f.id for f in b.faults]
    assert dict(later.seconds) == dict(base.seconds)


def test_slow_drift_of_the_rest_position_does_not_become_an_attempt():
    drift = lambda t: 8.0 * t / 60  # noqa: E731
    judge, _ = run((drift, 60.0), rate=15, exercise=Anywhere())
    assert judge.reps == []
