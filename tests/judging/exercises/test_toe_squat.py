"""Toe squat: what counts, and every fault with a performance that shows it beside the correct one that does not."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formcheck.judging.exercises.toe_squat import ToeSquat, _bend
from formcheck.sight.pose.landmarks import JOINT
from formcheck.sight.pose.types import Track

from .cases import Effect, Scene, attempts, counted, gate_effects, reports
from .figures import (
    FRONT,
    HALF_HIPS,
    LEFT,
    OBLIQUE,
    RIGHT,
    Result,
    body,
    clock,
    film,
    path,
    result,
    standing,
    watch,
)
from .stick import rolled

STAND = {"knee": 174.0, "lean": 3.0, "arms": 0.0, "sole": 32.0, "knees_apart": HALF_HIPS, "step": 0.0}


@dataclass
class Squat:
    """One squat; what the body does at the bottom, degrees and seconds."""

    knee: float = 90.0
    lean: float = 25.0
    arms: float = 0.0
    sole: float = 32.0
    knees_apart: float = HALF_HIPS * 1.1
    step: float = 0.0
    down: float = 1.5
    up: float = 1.4
    bottom: float = 0.3
    top: float = 174.0


@dataclass
class Set:
    squats: list[Squat] = field(default_factory=lambda: [Squat(), Squat(), Squat()])
    stand: dict[str, float] = field(default_factory=dict)
    pause: float = 0.5

    def film(self, azimuth: float = RIGHT) -> Track:
        rest = {**STAND, **self.stand}
        knots: dict[str, list[tuple[float, float]]] = {q: [(0.0, x)] for q, x in rest.items()}
        t = 1.5
        for s in self.squats:
            for q in STAND:
                low = getattr(s, q)
                back = s.top if q == "knee" else low if q == "step" else rest[q]
                rising = t + s.down + s.bottom
                knots[q] += [(t, knots[q][-1][1]), (t + s.down, low), (rising, low), (rising + s.up, back)]
            t += s.down + s.bottom + s.up + self.pause
        times = clock(t + 0.9)
        return film(times, standing(len(times), **{q: path(times, k) for q, k in knots.items()}), azimuth)


def _stride() -> Track:
    """Arms up, then the near leg swings: its knee bends, the hips stay up."""
    t = clock(6.0)
    points = standing(len(t), knee=np.full(len(t), 172.0))
    swing = path(t, [(0, 0.0), (2.0, 0.0), (2.6, 0.75), (3.2, 0.0)])
    points["ankle_right"][:, 0] -= swing
    points["ankle_right"][:, 1] += 0.5 * swing
    points["knee_right"][:, 0] += 0.3 * swing
    return film(t, points)


def _wide() -> Track:
    """From the front, the feet wide apart."""
    track = Set([Squat()]).film(FRONT)
    image = track.image.copy()
    for side, sign in (("left", 1.0), ("right", -1.0)):
        for joint in ("ankle", "heel", "foot_index"):
            image[:, JOINT[joint][side], 0] += 60.0 * sign
    return track.with_poses(image, track.world)


def scene(*squats: Squat, azimuth: float = RIGHT, **stand: float) -> Scene:
    return Scene("toe-squat", lambda: Set(list(squats), stand).film(azimuth))


def done(*squats: Squat, azimuth: float = RIGHT, **stand: float) -> Result:
    return result(scene(*squats, azimuth=azimuth, **stand)())


GOOD, AHEAD = scene(Squat()), scene(Squat(), azimuth=FRONT)
#: The heels come down; they are low all along; they come down a little and stay off the floor.
HEELS_DROP, FLAT, HEELS_SINK = scene(Squat(sole=2.0)), scene(Squat(sole=7.0), sole=8.0), scene(Squat(sole=15.0))
SHALLOW, HALF = scene(Squat(knee=120.0)), scene(Squat(knee=140.0, lean=10.0))
ARMS_DROP, LEANING = scene(Squat(arms=-45.0)), scene(Squat(lean=62.0))
CAVING = scene(Squat(knees_apart=0.08), azimuth=FRONT)
KNEES_STAY_BENT = scene(Squat(top=156.0), Squat())
JERKY, STEPPED = scene(Squat(down=0.45)), scene(Squat(step=0.45))
#: The knees open to 22 degrees less than standing and bend again.
NOT_QUITE_UP = scene(Squat(top=152.0), Squat())
#: Down for long with the arms hanging: somebody sits.
SITTING = scene(Squat(arms=-78.0, bottom=5.0), arms=-78.0)
STRIDE = Scene("toe-squat", _stride)
WIDE = Scene("toe-squat", _wide)

CASES = {
    "heels-drop": (HEELS_DROP, GOOD),
    "shallow": (SHALLOW, GOOD),
    "arms-drop": (ARMS_DROP, LEANING),
    "trunk-lean": (LEANING, ARMS_DROP),
    "knees-cave": (CAVING, AHEAD),
    "not-upright": (KNEES_STAY_BENT, scene(Squat(top=168.0), Squat())),
    "jerky": (JERKY, GOOD),
    "step": (STEPPED, scene(Squat(step=0.1))),
}
EFFECTS = {
    **gate_effects(ToeSquat, GOOD, attempts),
    "sit_s": Effect(SITTING, 90.0, attempts),
    "hanging_deg": Effect(SITTING, -120.0, attempts),
    "least_effort": Effect(GOOD, 900.0, attempts),
    "attempt_knee_deg": Effect(HALF, 130.0, attempts),
    "stride_torso": Effect(STEPPED, 0.3, attempts),
    "walk_torso": Effect(STEPPED, 0.3, attempts),
    "aside": Effect(WIDE, -1.0, attempts),
    "bow_torso": Effect(HALF, 2.0, attempts),
    "heel_risen_deg": Effect(GOOD, 90.0, reports("heels-drop")),
    "rep_knee_deg": Effect(HALF, 150.0, counted),
    "full_knee_deg": Effect(SHALLOW, 130.0, reports("shallow")),
    "heel_flat_deg": Effect(GOOD, 60.0, reports("heels-drop")),
    "heel_deg": Effect(HEELS_SINK, 13.0, reports("heels-drop")),
    "arm_deg": Effect(ARMS_DROP, -60.0, reports("arms-drop")),
    "lean_deg": Effect(LEANING, 80.0, reports("trunk-lean")),
    "cave_ratio": Effect(CAVING, 0.2, reports("knees-cave")),
    "upright_deg": Effect(KNEES_STAY_BENT, 140.0, reports("not-upright")),
    "jerky_s": Effect(JERKY, 0.2, reports("jerky")),
    "step_torso": Effect(STEPPED, 1.5, reports("step")),
    "least_drop": Effect(GOOD, 9.0, attempts),
}


@pytest.mark.parametrize("azimuth", [RIGHT, LEFT, OBLIQUE, FRONT])
def test_correct_squats_count_in_every_view_without_a_fault(azimuth: float) -> None:
    got = done(Squat(), Squat(), Squat(), azimuth=azimuth)
    assert got.counted == [True, True, True]
    assert got.faults == set()


def test_times_bound_the_squat() -> None:
    (rep,) = done(Squat()).reps
    assert rep.start_s == pytest.approx(1.5, abs=0.4)
    assert rep.peak_s == pytest.approx(3.15, abs=0.2)
    assert rep.end_s == pytest.approx(4.7, abs=0.4)
    assert rep.measures["knee"] == pytest.approx(90.0, abs=3.0)


FAULTS = [
    # what goes wrong, the fault, the camera
    (Squat(sole=2.0), "heels-drop", RIGHT),
    (Squat(sole=15.0), "heels-drop", LEFT),
    (Squat(knee=120.0), "shallow", RIGHT),
    (Squat(knee=120.0), "shallow", FRONT),
    (Squat(arms=-45.0), "arms-drop", RIGHT),
    (Squat(arms=-50.0), "arms-drop", OBLIQUE),
    (Squat(lean=62.0), "trunk-lean", RIGHT),
    (Squat(knees_apart=0.08), "knees-cave", FRONT),
    (Squat(knees_apart=0.08), "knees-cave", OBLIQUE),
    (Squat(down=0.45), "jerky", RIGHT),
    (Squat(step=0.45), "step", RIGHT),
]


@pytest.mark.parametrize(("squat", "fault", "azimuth"), FAULTS)
def test_each_fault_is_found_alone_and_the_squat_counts(squat: Squat, fault: str, azimuth: float) -> None:
    got = done(squat, azimuth=azimuth)
    assert got.faults == {fault}
    assert got.counted == [True]


def test_bent_knees_between_squats_are_called() -> None:
    got = done(Squat(top=156.0), Squat())
    assert got.faults == {"not-upright"}
    assert got.counted == [True, True]


def test_every_fault_id_is_tried() -> None:
    assert {f for _, f, _ in FAULTS} | {"not-upright"} == {c.id for c in ToeSquat.checks}


UNSEEN = [
    # a fault that the view cannot show is unknown, neither called nor cleared
    (Squat(knees_apart=0.08), RIGHT),
    (Squat(lean=62.0), FRONT),
    (Squat(sole=2.0), FRONT),
]


@pytest.mark.parametrize(("squat", "azimuth"), UNSEEN)
def test_what_a_view_cannot_show_is_not_called(squat: Squat, azimuth: float) -> None:
    got = done(squat, azimuth=azimuth)
    assert got.faults == set()
    assert got.counted == [True]


def test_a_view_that_shows_no_trunk_says_so() -> None:
    (rep,) = done(Squat(), azimuth=FRONT).reps
    assert rep.measures["trunk_lean"] is None and rep.measures["heel"] is None
    assert rep.measures["knee"] == pytest.approx(90.0, abs=8.0)


def test_half_a_squat_is_listed_and_not_counted() -> None:
    got = done(Squat(knee=140.0, lean=10.0), Squat())
    assert got.counted == [False, True]
    assert [f.id for f in got.reps[0].faults] == ["shallow"]


def test_a_dip_of_the_knees_is_no_attempt() -> None:
    assert done(Squat(knee=152.0, lean=5.0)).reps == []


def test_a_stop_on_the_way_up_does_not_count_twice() -> None:
    t = clock(8.0)
    knee = path(t, [(0, 174), (1.5, 174), (3.0, 90), (3.8, 125), (4.4, 122), (5.5, 174)])
    assert len(watch(ToeSquat(), film(t, standing(len(t), knee=knee))).reps) == 1


@pytest.mark.parametrize("azimuth", [RIGHT, FRONT])
def test_slow_squats_count_the_same(azimuth: float) -> None:
    got = done(*[Squat(down=3.5, up=3.5)] * 2, azimuth=azimuth)
    assert got.counted == [True, True] and got.faults == set()


def test_rising_on_the_toes_is_no_squat() -> None:
    t = clock(6.0)
    sole = path(t, [(0, 2), (2, 2), (3.3, 35)])
    assert watch(ToeSquat(), film(t, standing(len(t), knee=np.full(len(t), 174.0), sole=sole))).reps == []


def test_squats_with_hanging_arms_count_and_are_told() -> None:
    got = done(Squat(arms=-80.0), arms=-80.0)
    assert (got.counted, got.faults) == ([True], {"arms-drop"})


def test_bowing_over_legs_that_hardly_bend_is_no_squat() -> None:
    assert done(Squat(knee=150.0, lean=75.0)).reps == []
    assert done(Squat(knee=150.0, lean=75.0), lean=50.0).reps == []


def test_a_stride_is_no_squat() -> None:
    assert STRIDE().judge.reps == []


@settings(max_examples=60)
@given(knee=st.floats(85.0, 160.0))
def test_the_hips_height_tells_the_knees_bend(knee: float) -> None:
    height, tall = (np.sin(np.radians(k) / 2) for k in (knee, 174.0))
    assert _bend(float(1 - height / tall)) == pytest.approx(174.0 - knee, abs=0.01)


def test_the_mirrored_picture_measures_the_same() -> None:
    a = ToeSquat().signals(body(Set([Squat(lean=40.0, arms=-30.0)]).film(RIGHT)))
    b = ToeSquat().signals(body(Set([Squat(lean=40.0, arms=-30.0)]).film(LEFT)))
    for name in set(a) - {n for n in a if n.startswith("foot_")}:
        np.testing.assert_allclose(b[name], a[name], atol=1e-6, err_msg=name)


def test_a_set_asks_for_every_limit() -> None:
    assert done(Squat(), Squat(sole=15.0)).limits_used == set(ToeSquat.limits)


@pytest.mark.parametrize(("hidden_s", "told"), [(0.0, True), (0.6, False)])
def test_a_foot_that_comes_and_goes_makes_no_step(hidden_s: float, told: bool) -> None:
    track = Set([Squat()]).film(RIGHT)
    image = track.image.copy()
    torso = np.linalg.norm(image[0, 11, :2] - image[0, 23, :2])
    for joint in ("ankle", "heel", "foot_index"):
        image[(track.t > 2.4) & (track.t < 3.6), JOINT[joint]["left"], 0] += 0.6 * torso
        image[(track.t > 1.9) & (track.t < 1.9 + hidden_s), JOINT[joint]["left"], 3] = 0.05
    seen = watch(ToeSquat(), track.with_poses(image, track.world))
    assert ("step" in {f.id for r in seen.reps for f in r.faults}) is told


def _turned(squat, roll):
    """A set of squats by a camera rolled so far; clockwise leans forward whoever faces right."""
    return watch(ToeSquat(), rolled(Set([Squat(), squat, squat]).film(RIGHT), roll))


@pytest.mark.parametrize(
    ("squat", "roll"),
    [(Squat(lean=40.0), 12.0), (Squat(arms=-13.0), 12.0), (Squat(sole=33.0), 12.0), (Squat(), -12.0), (Squat(), 8.0)],
)
def test_a_rolled_camera_is_told_by_who_stands_and_changes_no_verdict(squat, roll):
    usual, turned = _turned(squat, 0.0), _turned(squat, roll)
    assert [r.counted for r in turned.reps] == [r.counted for r in usual.reps] == [True] * 3
    assert usual.rep_faults == turned.rep_faults == set()
    for a, b in zip(usual.reps, turned.reps, strict=True):
        assert b.measures["foot_moved"] == pytest.approx(a.measures["foot_moved"], abs=0.02)


@pytest.mark.parametrize("roll", [-12.0, 12.0])
def test_faults_that_are_plain_are_told_whatever_the_roll(roll):
    assert "trunk-lean" in _turned(Squat(lean=66.0), roll).rep_faults
    assert "heels-drop" in _turned(Squat(sole=2.0), roll).rep_faults
    assert "arms-drop" in _turned(Squat(arms=-45.0), roll).faults


def _unseen_at_the_bottom(squat, seconds):
    track = Set([squat]).film(RIGHT)
    gone = np.abs(track.t - (1.5 + squat.down + squat.bottom / 2)) < seconds / 2
    image, world = track.image.copy(), track.world.copy()
    image[gone], world[gone] = np.nan, np.nan
    return watch(ToeSquat(), track.with_poses(image, world))


@pytest.mark.parametrize(("seconds", "told"), [(0.0, True), (0.35, False)])
def test_a_squat_whose_bottom_was_not_seen_is_not_called_shallow_nor_jerky(seconds, told):
    (rep,) = _unseen_at_the_bottom(Squat(knee=120.0), seconds).reps
    assert rep.counted and ("shallow" in {f.id for f in rep.faults}) == told
    (rep,) = _unseen_at_the_bottom(Squat(down=0.45), seconds).reps
    assert ("jerky" in {f.id for f in rep.faults}) == told


@pytest.mark.parametrize(("seconds", "why"), [(0.1, "degrees only"), (0.35, "could not be seen")])
def test_a_squat_too_high_to_count_is_so_only_where_its_bottom_was_seen(seconds, why):
    (rep,) = _unseen_at_the_bottom(Squat(knee=140.0, lean=10.0), seconds).reps
    assert not rep.counted and why in rep.why
    assert ("shallow" in {f.id for f in rep.faults}) == (seconds < 0.2)
