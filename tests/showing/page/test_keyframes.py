"""The pictures kept of a clip are those of the right moments, and few are kept at a time."""

from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from formcheck.judging.rules.checks import ALWAYS, Check, CheckWatch
from formcheck.judging.rules.records import FaultOver, FaultSpan, Rep, RepDone
from formcheck.showing.page.keyframes import (
    CANDIDATES,
    MAX_OF_FAULT,
    MAX_REPS,
    NEAR_S,
    STEP_S,
    KeyFrames,
    Shots,
    nearest,
)
from formcheck.sight.video.waiting import Waiting

from ..page_reports import fault, moment, rep

SIZE = (64, 36)
DT = 0.05


def watch(**changed):
    return CheckWatch(Check("off", "lim", "Do it right.", "it is wrong", "v", phases=ALWAYS, **changed), 10.0, "deg")


def picture(t):
    """A picture that tells its time: its grey is ten times the seconds."""
    return np.full((SIZE[1], SIZE[0], 3), round(10 * t) % 256, np.uint8)


def told(shot):
    from PIL import Image

    return float(np.asarray(Image.open(io.BytesIO(shot.jpeg)).convert("L")).mean()) / 10


def run(keys, seconds, *, start=0.0, under_way=True, events=(), values=None, dt=DT, pictures=True, **changed):
    """Feed frames; *events* are (time, event)."""
    events = sorted(events, key=lambda e: e[0])
    for k in range(round(seconds / dt)):
        t = round(start + k * dt, 3)
        now = []
        while events and events[0][0] <= t:
            now.append(events.pop(0)[1])
        more = {"sample": {"v": values(t)}} if values is not None else {}
        m = moment(t, SIZE, rep=1 if under_way else None, events=tuple(now), **{**more, **changed})
        keys.update(m, picture(t) if pictures else None, {})
    return keys


def done(index, start, peak, end, faults=()):
    return Rep(index, None, start, peak, end, 0.0, True, None, tuple(faults))


@given(st.floats(0.5, 5.5))
def test_the_picture_of_a_repetition_is_that_of_its_end_position(peak):
    keys = run(KeyFrames([], SIZE), 8, events=[(6.5, RepDone(6.5, done(1, 0.2, peak, 6.0)))])
    shot = keys.shots().reps[1]
    assert shot.t == pytest.approx(peak, abs=STEP_S)
    assert told(shot) == pytest.approx(shot.t, abs=0.25)
    assert shot.size == SIZE


@given(st.lists(st.floats(-20, 60), min_size=4, max_size=25), st.integers(5, 30))
def test_the_picture_of_a_fault_is_that_of_its_worst_value(points, stretch):
    """The judge is ahead of the pictures by many frames, as with a recorded clip."""
    w = watch(dwell_s=0.3)
    n = len(points) * stretch
    curve = np.interp(np.arange(n), np.arange(len(points)) * stretch, points)
    times = [round(k * DT, 3) for k in range(n)]
    found = [w.update(t, "hold", {"v": float(v)}, {}) for t, v in zip(times, curve, strict=True)]
    found[-1] += w.finish()
    keys = KeyFrames([w], SIZE)
    for t, v, events in zip(times, curve, found, strict=True):
        over = tuple(e for e in events if isinstance(e, FaultOver))
        keys.update(moment(t, SIZE, sample={"v": float(v)}, events=over), None, {})
    spans = sorted(w.spans, key=lambda s: -(s.worst or 0.0))[:MAX_OF_FAULT]
    kept = [s.t for s in keys.shots().faults.get("off", [])]
    assert len(kept) == len(spans)
    for span in spans:
        assert any(t == pytest.approx(span.worst_s, abs=1e-9) or abs(t - span.worst_s) < STEP_S for t in kept)
    if spans:
        assert curve[times.index(kept[0])] == pytest.approx(spans[0].worst)


def test_a_fault_that_is_on_when_the_repetition_ends_has_its_picture():
    span = FaultSpan("off", 2.0, 3.8, 29.0, 10.0, "deg", "major", 2.9)
    keys = KeyFrames([watch()], SIZE)
    run(
        keys,
        4,
        values=lambda t: 30.0 - 20 * abs(t - 2.9) if t >= 2 else 0.0,
        events=[(3.8, RepDone(3.8, done(1, 0, 3, 3.8, [span])))],
    )
    (shot,) = keys.shots().faults["off"]
    assert shot.t == pytest.approx(2.9)


def test_few_pictures_are_kept_however_long_an_attempt_lasts():
    keys, most = KeyFrames([watch()], SIZE), 0
    for k in range(300):
        run(keys, 1, start=float(k))
        most = max(most, keys.waiting)
    assert most <= CANDIDATES + 2
    run(keys, 0.1, start=300.0, events=[(300.0, RepDone(300.0, done(1, 0.0, 151.0, 299.0)))])
    assert keys.shots().reps[1].t == pytest.approx(151.0, abs=NEAR_S * 4)


def test_few_pictures_are_kept_while_nothing_happens():
    keys = run(KeyFrames([watch()], SIZE), 120, under_way=False)
    assert keys.waiting <= 4 / STEP_S + 2


def test_no_more_than_so_many_repetitions_have_a_picture():
    keys = KeyFrames([], SIZE)
    for k in range(MAX_REPS + 5):
        run(
            keys,
            0.5,
            start=k * 0.5,
            events=[(k * 0.5 + 0.3, RepDone(k, done(k + 1, k * 0.5, k * 0.5 + 0.2, k * 0.5 + 0.3)))],
        )
    assert list(keys.shots().reps) == list(range(1, MAX_REPS + 1))


def test_nobody_seen_gives_no_picture():
    keys = run(KeyFrames([], SIZE), 3, image=None, events=[(2.5, RepDone(2.5, done(1, 0, 1, 2)))])
    assert keys.shots() == Shots()


def test_a_track_has_moments_without_pictures():
    keys = run(KeyFrames([], SIZE), 3, pictures=False, events=[(2.5, RepDone(2.5, done(1, 0, 1, 2)))])
    shot = keys.shots().reps[1]
    assert shot.jpeg is None and shot.moment.image is not None


def test_large_pictures_are_kept_smaller():
    from PIL import Image

    keys = KeyFrames([], (2000, 1000))
    big = np.zeros((1000, 2000, 3), np.uint8)
    for k in range(3):
        keys.update(moment(k / 10, (2000, 1000), events=(RepDone(k, done(1, 0, 0.1, 0.2)),) if k == 2 else ()), big, {})
    assert max(Image.open(io.BytesIO(keys.shots().reps[1].jpeg)).size) <= 1000


def test_of_pictures_that_wait_only_those_kept_are_made_pictures_again():
    class Counted(Waiting):
        made = 0

        @property
        def image(self):
            Counted.made += 1
            return super().image

    keys = KeyFrames([], SIZE)
    for k in range(60):
        t = round(k * DT, 3)
        over = (RepDone(t, done(1, 0.2, 1.5, t)),) if k == 50 else ()
        keys.update(moment(t, SIZE, rep=1, events=over), Counted(picture(t)), {})
    assert told(keys.shots().reps[1]) == pytest.approx(1.5, abs=STEP_S)
    assert 60 * DT / STEP_S / 2 < Counted.made <= 60 * DT / STEP_S + 1 < 60


def test_spells_of_a_problem_are_joined_and_named():
    keys = KeyFrames([], SIZE)
    for k in range(60):
        t = k / 10
        why = ("cut off", "Step back.") if 1 <= t < 2 else ("too dark", "Light.") if 2 <= t < 3 or t >= 4 else None
        keys.update(moment(t, SIZE, problem=why), None, {})
    assert [(round(a, 1), round(b, 1), why) for a, b, why in keys.shots().problems] == [
        (1.0, 1.9, "cut off"),
        (2.0, 2.9, "too dark"),
        (4.0, 5.9, "too dark"),
    ]


def test_a_fault_that_the_end_decided_is_shown_by_its_repetition():
    keys = run(KeyFrames([], SIZE), 6, events=[(5.5, RepDone(5.5, done(2, 0.5, 3.0, 5.0)))])
    short = fault("short-hold", 0.5, 5.0, 1.1, 10.0, "s")
    reps = [rep(1, 0.0), rep(2, 0.5, faults=[short])]
    shot = keys.shots().of_fault(short, reps)
    assert shot is not None and shot.t == pytest.approx(3.0, abs=STEP_S)
    assert keys.shots().of_fault({**short, "worst": 4.4}, reps) is None
    assert keys.shots().of_fault(fault("hip-sag", 1, 2, 30, 22, "deg", 1.5), reps) is None


def test_a_moment_far_away_is_not_taken_for_another():
    class At:
        def __init__(self, t):
            self.t = t

    near = At(1.0)
    assert nearest([At(0.0), near], 1.2) is near
    assert nearest([near], 1.0 + NEAR_S + 0.1) is None
    assert nearest([], 1.0) is None
