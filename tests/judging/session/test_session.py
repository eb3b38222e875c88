"""Sessions: observations in, moments and repetitions out, the same live and recorded, from either side, at any rate."""

import numpy as np
import pytest

from formcheck.judging.exercises import get_exercise
from formcheck.judging.rules.limits import Limits
from formcheck.judging.rules.records import FaultSeen, PositionReady, Rep, RepDone
from formcheck.judging.session.moment import count
from formcheck.judging.session.session import Session
from formcheck.judging.session.view_watch import ViewWatch
from formcheck.sight.pose.landmarks import PAIRS
from formcheck.sight.pose.types import Observation, Pose, Track

from ..exercises.cases import fault_ids
from ..exercises.stick import (
    SIDE_SUPPORT,
    SIZE,
    STANDING,
    Motion,
    all_fours,
    bridge,
    bridge_set,
    dips,
    joined,
    judge,
    plane_set,
    shoot,
    side_support,
    standing,
    without,
)  # fmt: skip

#: The numbers stand here a second time, on purpose: one that is moved parts other values than these.
DARK_LUMA, SMALL_TORSO_PX, VIEW_MEMORY_S, NOBODY_S = 35.0, 30.0, 2.0, 1.5
SETS = {
    "plane": (all_fours, lambda: plane_set("right", "left", hold=10.6)),
    "shoulder-bridge": (bridge, lambda: bridge_set("right", "left", "right")),
    "side-plank": (side_support, lambda: dips(3)),
}
names = pytest.mark.parametrize("name", SETS)


def track(name, **how):
    build, motion = SETS[name]
    return shoot(build, motion(), **how)


def moments(name, track, *, live=False):
    session = Session(get_exercise(name), live=live)
    out = []
    for o in track:
        out += session.update(o)
    return session, out + session.finish()


def mirrored(t):
    """The track that the mirrored picture would have given: the figure's left is found as its right."""
    swap = np.arange(33)
    for a, b in PAIRS:
        swap[a], swap[b] = b, a
    image, world = t.image[:, swap].copy(), t.world[:, swap].copy()
    image[..., 0] = t.size[0] - image[..., 0]
    world[..., 0] *= -1
    return t.with_poses(image, world)


def summary(session):
    return [(r.side, r.counted, tuple(f.id for f in r.faults)) for r in session.judge.reps]


# ---- moments -----------------------------------------------------------------------------------------------
@names
@pytest.mark.parametrize("live", [True, False])
def test_every_observation_becomes_one_moment_in_order(name, live):
    t = without(track(name), 2.0, 2.4)
    session, out = moments(name, t, live=live)
    assert [m.t for m in out] == t.t.tolist()
    assert session.frames == len(t) and session.found == int(t.found.sum())
    assert [bool(m.sample) for m in out] == t.found.tolist()
    if not live:  # live the landmarks are those of the newest frame
        assert [m.image is not None for m in out] == t.found.tolist()
    assert {m.phase for m in out} <= {"away", "start", "move", "hold"}


def test_live_answers_a_quarter_of_a_second_later_and_recorded_within_a_chunk():
    t = track("side-plank")
    live, recorded = Session(get_exercise("side-plank"), live=True), Session(get_exercise("side-plank"))
    waiting = most = 0
    for o in t:
        judged = live.update(o)
        assert all(0.2 < o.t - m.t < 0.3 for m in judged)
        assert o.t < 0.3 or len(judged) == 1
        waiting += 1 - len(recorded.update(o))
        most = max(most, waiting)
    # A chunk of frames, and the smoothing window.
    assert most < 45


@names
def test_live_and_recorded_agree_on_the_repetitions(name):
    t = track(name, noise_px=0.7, seed=2)
    live, recorded = judge(name, t, live=True), judge(name, t)
    assert summary(live) == summary(recorded)
    for a, b in zip(live.judge.reps, recorded.judge.reps, strict=True):
        assert a.start_s == pytest.approx(b.start_s, abs=0.4) and a.end_s == pytest.approx(b.end_s, abs=0.4)


def test_a_moment_tells_phase_repetition_hold_and_counts():
    session, out = moments("plane", track("plane"))
    held = [m for m in out if m.phase == "hold"]
    assert {m.rep for m in held} == {1, 2}
    assert max(m.hold_s for m in held) == pytest.approx(session.judge.reps[0].hold_s, abs=0.2)
    assert all(m.rep is None and m.hold_s == 0 for m in out if m.phase in ("away", "start"))
    totals = [m.counts["total"] for m in out]
    assert totals == sorted(totals) and totals[-1] == 2
    assert out[-1].counts == count(session.judge.reps) == {"total": 2, "left": 1, "right": 1}
    events = [e for m in out for e in m.events]
    assert [type(e) for e in events if isinstance(e, PositionReady | RepDone)] == [PositionReady, RepDone, RepDone]
    assert all(e.t <= m.t for m in out for e in m.events)


def test_a_fault_is_told_while_it_is_on():
    t = shoot(all_fours, plane_set("right", arm=-25.0))
    _, out = moments("plane", t, live=True)
    seen = [e.t for m in out for e in m.events if isinstance(e, FaultSeen)]
    on = [m.t for m in out if "arm-low" in m.faults]
    assert seen and on and on[0] == pytest.approx(seen[0], abs=0.01)
    # A hold from 3 to 13.6 s: told in its first two seconds, not at its end.
    assert seen[0] < 5.5


def test_an_attempt_open_at_the_end_is_judged_and_told_in_the_last_moment():
    t = shoot(all_fours, plane_set("right"))
    cut = Track(t.t[:200], t.image[:200], t.world[:200], t.ball[:200], t.size)
    session, out = moments("plane", cut)
    assert any(isinstance(e, RepDone) for e in out[-1].events)
    assert [(r.counted, r.cut) for r in session.judge.reps] == [(False, "end")]
    assert out[-1].counts["total"] == 0


# ---- what must not matter ----------------------------------------------------------------------------------
@names
def test_the_frame_rate_changes_no_verdict(name):
    base = judge(name, track(name, fps=15))
    for fps in (8, 24, 30, 60):
        other = judge(name, track(name, fps=fps))
        assert summary(other) == summary(base), fps
        for a, b in zip(other.judge.reps, base.judge.reps, strict=True):
            assert a.start_s == pytest.approx(b.start_s, abs=0.3) and a.end_s == pytest.approx(b.end_s, abs=0.3)
            assert a.hold_s == pytest.approx(b.hold_s, abs=0.35)


@names
def test_uneven_frame_times_change_no_verdict(name):
    even, uneven = judge(name, track(name, fps=20)), judge(name, track(name, fps=20, jitter=1.0, seed=7))
    assert summary(uneven) == summary(even)
    for a, b in zip(uneven.judge.reps, even.judge.reps, strict=True):
        assert a.hold_s == pytest.approx(b.hold_s, abs=0.3)


@names
def test_a_shift_of_the_clock_shifts_times_only(name):
    # Sixteenths of a second and a power of two add without rounding.
    base, later = judge(name, track(name, fps=16)), judge(name, track(name, fps=16, shift=1024.0))
    assert summary(later) == summary(base)
    for a, b in zip(later.judge.reps, base.judge.reps, strict=True):
        assert (a.start_s - 1024, a.end_s - 1024) == (b.start_s, b.end_s)
        assert a.peak_s - 1024 == pytest.approx(b.peak_s)
        assert (a.hold_s, a.score, a.measures) == (b.hold_s, pytest.approx(b.score), b.measures)


@names
def test_the_mirrored_figure_is_told_the_same_with_sides_exchanged(name):
    t = track(name, noise_px=0.7, seed=11)
    here, there = judge(name, t), judge(name, mirrored(t))
    flip = {"left": "right", "right": "left", None: None}
    assert [(flip[s], c, f) for s, c, f in summary(here)] == summary(there)
    assert len(here.judge.reps) > 1
    for a, b in zip(here.judge.reps, there.judge.reps, strict=True):
        assert (a.start_s, a.end_s, a.hold_s) == (b.start_s, b.end_s, b.hold_s)
        assert a.score == pytest.approx(b.score)
        assert {k: v for k, v in a.measures.items() if v is not None} == pytest.approx(
            {k: v for k, v in b.measures.items() if v is not None}, abs=1e-6
        )
    assert {flip[k]: v for k, v in here.near.items()} == dict(there.near)


@names
def test_size_in_the_picture_changes_no_verdict(name):
    assert summary(judge(name, track(name, zoom=0.6))) == summary(judge(name, track(name)))


@names
def test_a_few_lost_frames_change_no_verdict(name):
    t = track(name, fps=20)
    image, world = t.image.copy(), t.world.copy()
    gone = np.random.default_rng(3).random(len(t)) < 0.15
    image[gone], world[gone] = np.nan, np.nan
    assert summary(judge(name, t.with_poses(image, world))) == summary(judge(name, t))


@names
def test_walking_on_and_off_counts_nothing(name):
    walk = shoot(standing, Motion(STANDING).wait(3))
    first = track(name)
    # The view is that of the last two seconds: stay for as long in position before moving.
    still = Track(first.t[:2], first.image[:2], first.world[:2], first.ball[:2], first.size)
    session = judge(name, joined(walk, *[still] * 20, first, walk))
    assert summary(session) == summary(judge(name, track(name)))


@names
def test_another_exercise_is_not_judged(name):
    for other in SETS:
        if other != name:
            session = judge(name, track(other))
            assert session.judge.reps == [] and fault_ids(session) == set(), other


def test_worse_execution_never_scores_higher():
    scores = []
    for arm in range(0, -41, -5):
        (rep,) = judge("plane", shoot(all_fours, plane_set("right", arm=float(arm)))).judge.reps
        scores.append(rep.score)
    assert scores == sorted(scores, reverse=True)
    assert scores[0] == 100 and scores[-1] < 80


@pytest.mark.parametrize(("strict", "lenient"), [("strict", "normal"), ("normal", "lenient")])
def test_a_more_lenient_coach_finds_no_more_and_measures_the_same(strict, lenient):
    t = shoot(all_fours, plane_set("right", arm=-13.0, leg=-24.0, knee=148.0, head=36.0))

    def run(strictness):
        e = get_exercise("plane")
        return judge("plane", t, Limits("plane", e.limits, strictness=strictness))

    a, b = run(strict), run(lenient)
    assert fault_ids(b) < fault_ids(a)
    assert a.judge.reps[0].measures == b.judge.reps[0].measures
    assert a.judge.reps[0].score <= b.judge.reps[0].score


# ---- the picture -------------------------------------------------------------------------------------------
def test_the_view_lost_in_the_middle_is_no_fault():
    session = judge("plane", without(track("plane"), 6.0, 99.0))
    (rep,) = session.judge.reps
    assert (rep.counted, rep.faults, rep.score) == (False, (), None)
    assert rep.cut == "gap" and "could not be seen" in rep.why
    assert fault_ids(session) == set()


def test_a_body_seen_from_the_front_is_told_to_turn_and_not_judged():
    session, out = moments("plane", track("plane", azimuth=60.0))
    assert session.judge.reps == [] and fault_ids(session) == set()
    reason, advice = out[-1].problem
    assert reason == "front view" and "side to the camera" in advice
    assert session.advice[reason] == advice


def test_time_must_rise():
    session = Session(get_exercise("plane"))
    session.update(Observation(1.0, None, SIZE))
    with pytest.raises(ValueError, match="expected a time after 1.000 s, got 1.000 s"):
        session.update(Observation(1.0, None, SIZE))


def test_an_empty_session_ends_with_nothing():
    assert Session(get_exercise("plane")).finish() == []


def test_frames_without_anybody_make_moments_without_measures():
    session, out = moments("plane", without(track("plane"), 0.0, 99.0))
    assert session.found == 0 and len(out) == session.frames > 0
    assert all(m.image is None and m.sample == {} and m.phase == "away" and m.confidence == 0 for m in out)
    assert out[-1].problem[0] == "nobody seen"


def test_a_ball_and_its_moment_stay_together():
    t = track("side-plank")
    ball = np.stack([t.t, t.t, np.full(len(t), 30.0), np.ones(len(t))], axis=1)
    _, out = moments("side-plank", Track(t.t, t.image, t.world, ball, t.size))
    seen = [m for m in out if m.ball is not None]
    assert [m.ball.x for m in seen] == [m.t for m in seen]
    assert [m.t for m in seen] == [m.t for m in out if m.t >= seen[0].t]


def test_an_implausible_body_is_not_measured():
    t = track("plane")
    image = t.image.copy()
    image[30:60, 27, 0] += 3000
    _, out = moments("plane", t.with_poses(image, t.world))
    assert all(m.image is None for m in out[34:56])


def test_limits_in_force_reach_the_measures():
    e = get_exercise("shoulder-bridge")
    session = Session(e, Limits(e.id, e.limits, {"knee_bias_deg": 40.0}))
    assert session.exercise.limits["knee_bias_deg"].value == 40.0
    assert get_exercise("shoulder-bridge").limits["knee_bias_deg"].value != 40.0


# ---- the view watch ----------------------------------------------------------------------------------------
def watch(name="plane"):
    return ViewWatch(get_exercise(name))


def test_somebody_missing_is_told_after_a_while_and_darkness_as_the_reason():
    for luma, reason in ((None, "nobody seen"), (DARK_LUMA + 50, "nobody seen"), (DARK_LUMA - 10, "too dark")):
        w = watch()
        assert w.update(0.0, None, np.nan, 0, luma) is None
        assert w.update(NOBODY_S - 0.1, None, np.nan, 0, luma) is None
        assert w.update(NOBODY_S + 0.1, None, np.nan, 0, luma)[0] == reason


@pytest.mark.parametrize(
    ("torso", "cut", "yaw", "reason"),
    [
        (SMALL_TORSO_PX - 1, 0, 80, "too far away"),
        (100, 3, 80, "cut off"),
        (100, 0, 45, "oblique view"),
        (100, 0, 0, "front view"),
        (100, 2, 80, None),
    ],
)
def test_what_makes_a_picture_useless_is_named_with_what_to_do(torso, cut, yaw, reason):
    problem = watch().update(0.0, float(yaw), float(torso), float(cut), 120.0)
    assert (problem[0] if problem else None) == reason
    assert problem is None or problem[1].endswith(".")


def test_the_view_is_that_of_the_median_turn_of_the_last_seconds():
    rng = np.random.default_rng(3)
    w, seen = watch(), []
    for k in range(200):
        t, yaw = k * 0.07, float(np.round(rng.normal(50, 20)))
        seen.append((t, yaw))
        w.update(t, yaw, 100.0, 0.0, None)
        assert w.view.yaw == np.median([y for u, y in seen if t - u <= VIEW_MEMORY_S])


def test_one_bad_frame_turns_no_view_and_a_lasting_turn_does():
    w = watch()
    for k in range(30):
        assert w.update(k / 15, 80.0 if k != 20 else 0.0, 100.0, 0.0, None) is None
    problems = [w.update(2 + k / 15, 0.0, 100.0, 0.0, None) for k in range(int(VIEW_MEMORY_S * 15) + 2)]
    assert problems[0] is None and problems[-1][0] == "front view"


@pytest.mark.parametrize(("name", "word"), [("plane", "side"), ("side-plank", "front")])
def test_the_advice_names_the_view_wanted(name, word):
    w = watch(name)
    wrong = 0.0 if word == "side" else 80.0
    assert f"your {word}" in w.update(0.0, wrong, 100.0, 0.0, None)[1]


def test_counts_are_of_counted_repetitions_by_side():
    def rep(side, counted):
        return Rep(1, side, 0.0, 1.0, 2.0, 0.0, counted, None if counted else "x")

    assert count([rep("left", True), rep("left", False), rep("right", True), rep(None, True)]) == {
        "total": 3,
        "left": 1,
        "right": 1,
    }
    assert count([]) == {"total": 0, "left": 0, "right": 0}


def test_holding_still_in_side_support_is_one_span():
    session = judge("side-plank", shoot(side_support, Motion(SIDE_SUPPORT).wait(5)))
    ((a, b),) = session.holds
    assert 4.0 < b - a <= 5.0


def test_a_pose_of_numbers_out_of_nowhere_does_not_break_a_session():
    rng = np.random.default_rng(0)
    session = Session(get_exercise("plane"))
    for k in range(60):
        pose = Pose(
            np.c_[rng.normal(300, 500, (33, 3)), rng.random(33)], np.c_[rng.normal(size=(33, 3)), rng.random(33)]
        )
        session.update(Observation(k / 15, pose, SIZE))
    session.finish()
    assert session.frames == 60 and session.judge.reps == []
