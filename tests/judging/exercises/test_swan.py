"""Swan: what counts, and every fault with a performance that shows it beside the correct one that does not."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest

from formcheck.judging.exercises.swan import Swan
from formcheck.sight.pose.types import Track

from .cases import Effect, Scene, attempts, counted, gate_effects, holds, reports
from .figures import LEFT, OBLIQUE, RIGHT, Result, body, clock, film, path, prone, result, watch
from .stick import rolled


@dataclass
class Lift:
    """One lift: how high, how long, and what goes wrong; degrees and seconds. *bottom* is what it comes back to."""

    height: float = 18.0
    hold: float = 2.6
    up: float = 1.5
    down: float = 1.6
    arms: float = 12.0
    elbow: float = 0.0
    neck: float = 5.0
    legs: float = 0.0
    returns: bool = True
    bottom: float = 2.0


@dataclass
class Set:
    lifts: list[Lift] = field(default_factory=lambda: [Lift(), Lift(), Lift()])
    lead: float = 1.5
    pause: float = 1.0
    rest: dict[str, float] = field(default_factory=dict)

    def film(self, azimuth: float = RIGHT) -> Track:
        rest = {**REST, **self.rest}
        knots: dict[str, list[tuple[float, float]]] = {q: [(0.0, x)] for q, x in rest.items()}
        t = self.lead
        for n in self.lifts:
            top = {"lift": n.height, "arms": n.arms, "elbow": n.elbow, "neck": n.neck, "legs": n.legs}
            for q, x in top.items():
                back = x if not n.returns else n.bottom if q == "lift" else rest[q]
                still = t + n.up + n.hold
                knots[q] += [(t, knots[q][-1][1]), (t + n.up, x), (still, x), (still + n.down, back)]
            t += n.up + n.hold + n.down + self.pause
        times = clock(t + 0.8)
        pose = {q: path(times, k) for q, k in knots.items()}
        return film(times, prone(len(times), **pose), azimuth)


REST = {"lift": 2.0, "arms": -10.0, "elbow": 0.0, "neck": 0.0, "legs": -3.0}


def scene(*lifts: Lift, azimuth: float = RIGHT, **rest: float) -> Scene:
    """Lifts from a rest position."""
    return Scene("swan", lambda: Set(list(lifts), rest=rest).film(azimuth))


def done(*lifts: Lift, azimuth: float = RIGHT) -> Result:
    return result(scene(*lifts, azimuth=azimuth)())


GOOD = scene(Lift())
SHORT, ARMS_LOW, ARMS_BENT = scene(Lift(hold=0.6)), scene(Lift(arms=-35.0)), scene(Lift(elbow=60.0))
NECK_BACK, LEGS_UP = scene(Lift(neck=50.0)), scene(Lift(legs=12.0))
#: The legs never lie on the floor.
LEGS_ALWAYS_UP = scene(Lift(legs=15.0), legs=15.0)
#: From a bowed head to a raised one, and from a raised one a little further.
NECK_TURNED, NECK_UP = scene(Lift(neck=24.0), neck=-15.0), scene(Lift(neck=42.0), neck=25.0)
JERKY = scene(Lift(up=0.5))
FADING, LOW = scene(Lift(), Lift(), Lift(height=9.0)), scene(*[Lift(height=9.0)] * 3)
#: The trunk is not quite down between two lifts.
NOT_QUITE_DOWN = scene(Lift(bottom=6.0), Lift())

CASES = {
    "short-hold": (SHORT, GOOD),
    "arms-low": (ARMS_LOW, ARMS_BENT),
    "arms-bent": (ARMS_BENT, ARMS_LOW),
    "neck-back": (NECK_BACK, scene(Lift(neck=15.0))),
    "legs-lift": (LEGS_UP, scene(Lift(legs=1.0))),
    "jerky": (JERKY, GOOD),
    "fading": (FADING, LOW),
}
EFFECTS = {
    **gate_effects(Swan, GOOD, attempts),
    "least_effort": Effect(GOOD, 60.0, attempts),
    "arms_torso": Effect(ARMS_LOW, -1.5, reports("arms-low")),
    "arms_rise_deg": Effect(ARMS_LOW, 60.0, counted),
    "still_deg_s": Effect(GOOD, 5000.0, holds),
    "hold_s": Effect(SHORT, 0.3, counted),
    "hold_tolerance_s": Effect(SHORT, 1.8, counted),
    "elbow_deg": Effect(ARMS_BENT, 100.0, reports("arms-bent")),
    "neck_turn_deg": Effect(NECK_TURNED, 60.0, reports("neck-back")),
    "neck_deg": Effect(NECK_UP, 60.0, reports("neck-back")),
    "legs_deg": Effect(LEGS_UP, 25.0, reports("legs-lift")),
    "legs_lying_deg": Effect(LEGS_ALWAYS_UP, 25.0, reports("legs-lift")),
    "jerky_s": Effect(JERKY, 0.2, reports("jerky")),
    "fading_fraction": Effect(FADING, 0.3, reports("fading")),
}


@pytest.mark.parametrize("azimuth", [RIGHT, LEFT])
def test_correct_lifts_count_from_either_side_without_a_fault(azimuth: float) -> None:
    got = done(Lift(), Lift(), Lift(), azimuth=azimuth)
    assert got.counted == [True, True, True]
    assert got.faults == set()
    assert all(2.4 < r.hold_s < 3.4 for r in got.reps)


def test_times_bound_the_lift() -> None:
    (rep,) = done(Lift()).reps
    assert rep.start_s == pytest.approx(1.5, abs=0.4)
    assert rep.end_s == pytest.approx(1.5 + 1.5 + 2.6 + 1.6, abs=0.4)
    assert rep.peak_s == pytest.approx(1.5 + 1.5 + 1.3, abs=0.3)


FAULTS = [
    # what goes wrong, the fault, whether the attempt still counts
    (Lift(hold=0.6), "short-hold", False),
    (Lift(arms=-35.0), "arms-low", False),
    (Lift(elbow=60.0), "arms-bent", True),
    (Lift(neck=50.0), "neck-back", True),
    (Lift(legs=12.0), "legs-lift", True),
    (Lift(up=0.5), "jerky", True),
    (Lift(down=0.5), "jerky", True),
]


@pytest.mark.parametrize(("lift", "fault", "counts"), FAULTS)
def test_each_fault_is_found_alone(lift: Lift, fault: str, counts: bool) -> None:
    got = done(lift)
    assert got.faults == {fault}
    assert got.rep_faults == {fault}
    assert got.counted == [counts]


def test_only_the_fading_lifts_are_called_fading() -> None:
    got = done(Lift(), Lift(), Lift(height=9.0))
    assert [{f.id for f in r.faults} for r in got.reps] == [set(), set(), {"fading"}]
    assert got.counted == [True, True, True]


def test_a_low_set_is_not_fading() -> None:
    assert done(*[Lift(height=9.0)] * 3).faults == set()


def test_every_fault_id_is_tried() -> None:
    assert {f for _, f, _ in FAULTS} | {"fading"} == {c.id for c in Swan.checks}


@pytest.mark.parametrize("degrees", [-5.0, 8.0])
@pytest.mark.parametrize(("legs", "told"), [(-3.0, set()), (20.0, {"legs-lift"})])
def test_a_camera_that_is_rolled_lifts_no_legs(degrees: float, legs: float, told: set[str]) -> None:
    track = Set([Lift(legs=legs), Lift(legs=legs)], rest={"legs": legs}).film()
    got = watch(Swan(), rolled(track, degrees))
    assert (got.counted, got.faults) == ([True, True], told)


def test_a_trunk_that_does_not_come_quite_down_lifts_no_legs() -> None:
    assert NOT_QUITE_DOWN().judge.reps and "legs-lift" not in done(Lift(bottom=12.0), Lift(bottom=12.0)).faults


def test_a_twitch_is_no_attempt() -> None:
    assert done(Lift(height=5.0, arms=-9.0)).reps == []


def test_trembling_about_the_threshold_does_not_count_twice() -> None:
    t = clock(10.0)
    lift = path(t, [(0, 2.0), (1.5, 2.0), (3.0, 18.0), (5.8, 18.0), (7.4, 2.0)]) + 1.2 * np.sin(9.0 * t)
    arms = path(t, [(0, -10.0), (1.5, -10.0), (3.0, 12.0), (5.8, 12.0), (7.4, -10.0)])
    got = watch(Swan(), film(t, prone(len(t), lift=lift, arms=arms)))
    assert len(got.reps) == 1


def test_lying_down_does_not_count() -> None:
    # From propped on straight arms down to the floor, and then one lift.
    t = clock(12.0)
    lift = path(t, [(0, 35.0), (2.0, 2.0), (4.5, 2.0), (6.0, 18.0), (8.6, 18.0), (10.0, 2.0)])
    arms = path(t, [(0, -80.0), (2.0, -10.0), (4.5, -10.0), (6.0, 12.0), (8.6, 12.0), (10.0, -10.0)])
    got = watch(Swan(), film(t, prone(len(t), lift=lift, arms=arms)))
    assert got.counted == [True]
    assert got.reps[0].start_s > 4.0


def test_getting_up_at_the_end_is_no_attempt() -> None:
    t = clock(12.0)
    lift = path(t, [(0, 2.0), (1.5, 2.0), (3.0, 18.0), (5.6, 18.0), (7.0, 2.0), (8.5, 2.0), (9.5, 40.0), (10.5, 75.0)])
    arms = path(t, [(0, -10.0), (1.5, -10.0), (3.0, 12.0), (5.6, 12.0), (7.0, -10.0), (8.5, -10.0), (9.5, -80.0)])
    got = watch(Swan(), film(t, prone(len(t), lift=lift, arms=arms)))
    assert got.counted == [True]
    assert got.faults == set()


def test_an_oblique_view_is_not_judged() -> None:
    got = done(Lift(neck=60.0), azimuth=OBLIQUE)
    assert got.reps == [] and got.faults == set()


def test_hidden_arms_are_unknown_not_low() -> None:
    track = Set([Lift()]).film()
    for joint in (13, 14, 15, 16):
        track.image[track.t > 2.0, joint, 3] = 0.1
    got = watch(Swan(), track)
    assert got.faults == set()
    assert [r.measures["wrist_rise"] for r in got.reps] == [None]


def test_the_mirrored_picture_measures_the_same() -> None:
    a = Swan().signals(body(Set().film(RIGHT)))
    b = Swan().signals(body(Set().film(LEFT)))
    for name, values in a.items():
        np.testing.assert_allclose(b[name], values, atol=1e-6, err_msg=name)


def test_a_set_asks_for_every_limit() -> None:
    assert done(Lift(), Lift(), Lift()).limits_used == set(Swan.limits)
