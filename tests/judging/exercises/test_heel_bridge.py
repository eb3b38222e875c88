"""Heel bridge: what counts as a cycle, and every fault with a performance that shows it beside one that does not."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import pytest

from formcheck.judging.exercises.heel_bridge import HeelBridge
from formcheck.sight.pose.landmarks import JOINT
from formcheck.sight.pose.types import Track

from .cases import Effect, Scene, attempts, counted, fault_ids, gate_effects, reports
from .figures import FPS, FRONT, LEFT, RIGHT, Result, body, clock, film, path, result, supine, watch

LYING, LINE = 1.0, 22.0
#: Still a side view, and turned enough to see both feet.
TURNED = 64.0


@dataclass
class Cycle:
    """One cycle; degrees and seconds.

    *legs* are the legs lifted in turn; *half* is how high a leg stays that is lifted again at once, *bottom* how far
    the trunk comes down before the next cycle.
    """

    up: float = 3.4
    down: float = 3.4
    top: float = LINE
    legs: str = "LR"
    lift: float = 28.0
    sag: float = 0.0
    knee: float = 0.0
    feet: float = 0.12
    half: float = 0.0
    bottom: float = LYING
    lead: float = 1.5
    then: list[Cycle] = field(default_factory=list)

    def film(self, azimuth: float = RIGHT) -> Track:
        knots: dict[str, list[tuple[float, float]]] = {q: [(0.0, 0.0)] for q in ("sag", "left", "right", "knee")}
        knots["trunk"] = [(0.0, LYING)]

        def to(name: str, t: float, x: float, seconds: float) -> None:
            knots[name] += [(t, knots[name][-1][1]), (t + seconds, x)]

        t = self.lead
        for c in [self, *self.then]:
            to("trunk", t, c.top, c.up)
            to("knee", t, c.knee, c.up)
            t += c.up + 0.2
            to("sag", t, c.sag, 0.6)
            t += 0.6
            for leg, following in zip(c.legs, c.legs[1:] + "-", strict=False):
                side = {"L": "left", "R": "right"}[leg]
                to(side, t, c.lift, 0.7)
                to(side, t + 1.0, c.half if leg == following else 0.0, 0.7)
                t += 1.9
            t += 0.3
            to("sag", t, 0.0, 0.6)
            t += 0.6 if c.sag else 0.0
            to("trunk", t, c.bottom, c.down)
            to("knee", t, 0.0, c.down)
            t += c.down + 0.8
        times = clock(t + 0.6)
        pose = {q: path(times, k) for q, k in knots.items()}
        return film(times, supine(len(times), **pose, feet=self.feet), azimuth)


def _settling() -> Track:
    """The hips are shuffled into place on the floor."""
    t = clock(8.0)
    return film(t, supine(len(t), trunk=path(t, [(0, LYING), (2.0, LYING), (3.0, LYING + 5), (4.0, LYING)])))


def _feet_off(rolls: float = 0.0, rise: float = 28.0, known_from: float = 0.0) -> Track:
    """Both legs are lifted off the ball, held up and put down; *rolls* is how far the ball goes, in torso lengths."""
    t = clock(9.0)
    up = path(t, [(0, 0), (3.0, 0), (4.0, rise), (6.0, rise), (7.0, -34.0)])
    track = film(t, supine(len(t), trunk=np.full(len(t), LYING), left=up, right=up))
    ankle = track.image[0, [JOINT["ankle"][s] for s in ("left", "right")], :2].mean(axis=0)
    torso = float(np.hypot(*np.diff(track.image[0, [JOINT["shoulder"]["left"], JOINT["hip"]["left"]], :2], axis=0)[0]))
    ball = np.tile([ankle[0], ankle[1] + 0.55 * torso, 0.55 * torso, 1.0], (len(t), 1))
    way = np.sign(ankle[0] - track.image[0, JOINT["hip"]["left"], 0])
    ball[:, 0] += way * path(t, [(0, 0), (2.5, 0), (4.0, rolls * torso)])
    ball[t < known_from] = np.nan
    return replace(track, ball=ball)


def scene(cycle: Cycle, azimuth: float = RIGHT, **measured: float) -> Scene:
    return Scene("heel-bridge", lambda: cycle.film(azimuth), measured)


def done(cycle: Cycle, azimuth: float = RIGHT) -> Result:
    return result(scene(cycle, azimuth)())


GOOD = scene(Cycle())
SAGGING, ARCHED, KNEES_BENT = scene(Cycle(sag=24.0)), scene(Cycle(top=LINE + 13.0)), scene(Cycle(knee=45.0))
ONE_LEG, SAME_LEG = scene(Cycle(legs="L")), scene(Cycle(legs="RR"))
#: The left leg is lifted once more before it is quite down.
HALF_LOWERED = scene(Cycle(legs="LLR", half=6.0))
FAST_UP, FAST_DOWN = scene(Cycle(up=1.1)), scene(Cycle(down=1.1))
FEET_APART = scene(Cycle(feet=0.6), TURNED)
BALL_OFF, BALL_THERE = scene(Cycle(), ball_off=1.2), scene(Cycle(), ball_off=0.2)
#: Both feet are taken off a ball that stays where it is, or that rolls away by two torso lengths.
FEET_TAKEN_OFF, ROLLED_AWAY = (Scene("heel-bridge", lambda r=r: _feet_off(r)) for r in (0.0, 2.0))
SETTLING = Scene("heel-bridge", _settling)
#: The trunk is not quite down between two cycles.
NOT_QUITE_DOWN = scene(Cycle(bottom=LYING + 2.4, then=[Cycle()]))

CASES = {
    "hip-sag": (SAGGING, ARCHED),
    "hip-arch": (ARCHED, SAGGING),
    "knee-bent": (KNEES_BENT, scene(Cycle(knee=15.0))),
    "legs-apart": (FEET_APART, scene(Cycle(), TURNED)),
    "ball-lost": (BALL_OFF, BALL_THERE),
    "leg-skipped": (ONE_LEG, SAME_LEG),
    "same-side": (SAME_LEG, ONE_LEG),
    "too-fast-up": (FAST_UP, FAST_DOWN),
    "too-fast-down": (FAST_DOWN, FAST_UP),
}
EFFECTS = {
    **gate_effects(HeelBridge, GOOD, attempts),
    "least_effort": Effect(GOOD, 200.0, attempts),
    "hips_up_deg": Effect(GOOD, 90.0, attempts),
    "least_rise_deg": Effect(scene(Cycle(legs="")), 90.0, attempts),
    "line_deg": Effect(SAGGING, 30.0, reports("hip-sag")),
    "arch_deg": Effect(ARCHED, -50.0, reports("hip-arch")),
    "knee_deg": Effect(KNEES_BENT, 120.0, reports("knee-bent")),
    "lift_torso": Effect(GOOD, 1.5, counted),
    "lower_torso": Effect(HALF_LOWERED, 0.21, reports("same-side")),
    "fast_s": Effect(FAST_UP, 0.5, reports("too-fast-up")),
    "apart_m": Effect(FEET_APART, 2.0, reports("legs-apart")),
    "ball_gap_torso": Effect(BALL_OFF, 2.0, reports("ball-lost")),
}


@pytest.mark.parametrize("azimuth", [RIGHT, LEFT])
def test_correct_cycles_count_from_either_side_without_a_fault(azimuth: float) -> None:
    got = done(Cycle(then=[Cycle(legs="RL")]), azimuth)
    assert got.counted == [True, True]
    assert got.faults == set()
    assert [r.side for r in got.reps] == [None, None]


def test_times_bound_the_cycle() -> None:
    (rep,) = done(Cycle()).reps
    assert rep.start_s == pytest.approx(1.5, abs=0.8)  # a smooth start hides its first half second
    assert rep.end_s == pytest.approx(
        1.5 + 3.4 + 0.8 + 2 * 1.9 + 0.3 + 3.4, abs=1.0
    )  # nor does a smooth end show its last
    assert 4.0 < rep.hold_s < 9.0


FAULTS = [
    # what goes wrong, the fault, whether the cycle still counts
    (Cycle(sag=24.0), "hip-sag", True),
    (Cycle(top=LINE + 13.0), "hip-arch", True),
    (Cycle(knee=45.0), "knee-bent", True),
    (Cycle(legs="L"), "leg-skipped", False),
    (Cycle(legs=""), "leg-skipped", False),
    (Cycle(legs="RR"), "same-side", False),
    (Cycle(legs="LLR"), "same-side", True),
    (Cycle(up=1.1), "too-fast-up", True),
    (Cycle(down=1.1), "too-fast-down", True),
]


@pytest.mark.parametrize(("cycle", "fault", "counts"), FAULTS)
def test_each_fault_is_found_alone(cycle: Cycle, fault: str, counts: bool) -> None:
    got = done(cycle)
    assert got.faults == {fault}
    assert got.counted == [counts]


def test_a_line_never_reached_is_a_sag() -> None:
    got = done(Cycle(top=11.0))
    assert got.faults == {"hip-sag"}
    assert got.counted == [True]


def test_the_skipped_leg_is_named() -> None:
    assert "left" in (done(Cycle(legs="L")).reps[0].why or "")


def test_ball_lost_needs_a_ball() -> None:
    assert fault_ids(GOOD(None)) == set()  # none was seen
    assert fault_ids(BALL_THERE(None)) == set()
    assert fault_ids(BALL_OFF(None)) == {"ball-lost"}


def test_feet_taken_off_a_ball_that_stays_have_not_lost_it() -> None:
    """At the end of the set both legs go up, or over the ball's side, and down to the floor."""
    assert "ball-lost" not in fault_ids(FEET_TAKEN_OFF(None))
    # ... and where there is no cycle beside it nothing is a fault, though the ball rolls away.
    assert fault_ids(ROLLED_AWAY(None)) == set()


def test_legs_on_the_floor_beside_a_ball_that_was_not_seen_before_say_nothing_of_it() -> None:
    assert "ball-lost" not in fault_ids(Scene("heel-bridge", lambda: _feet_off(2.0, known_from=6.5))(None))


def test_legs_apart_are_called_where_the_view_can_tell() -> None:
    assert done(Cycle(feet=0.6), TURNED).faults == {"legs-apart"}
    assert done(Cycle(), TURNED).faults == set()
    assert done(Cycle(feet=0.6), RIGHT).faults == set()


def test_every_fault_id_is_tried() -> None:
    assert {f for _, f, _ in FAULTS} | {"ball-lost", "legs-apart"} == {c.id for c in HeelBridge.checks}


def test_the_far_foot_hidden_by_the_lifted_near_leg_does_not_end_the_hold() -> None:
    track = Cycle().film(RIGHT)
    image = track.image.copy()
    left, right = (JOINT["ankle"][s] for s in ("left", "right"))
    image[image[:, right, 1] < image[:, left, 1] - 10, left, 3] = 0.2
    assert (image[:, left, 3] < 0.3).sum() > FPS
    seen, hidden = (watch(HeelBridge(), t).reps[0] for t in (track, replace(track, image=image)))
    assert hidden.hold_s == pytest.approx(seen.hold_s, abs=0.1)
    assert hidden.faults == seen.faults == ()


def test_settling_on_the_floor_is_no_cycle() -> None:
    assert SETTLING().judge.reps == []


def test_starting_in_the_line_does_not_count() -> None:
    # Already up when the picture begins: down, and then one whole cycle.
    whole = Cycle(lead=6.0)
    track = whole.film()
    n = int(np.searchsorted(track.t, 6.0))
    t = track.t[:n]
    early = film(t, supine(n, trunk=path(t, [(0, LINE), (1.5, LINE), (4.0, LYING)])))
    track.image[:n], track.world[:n] = early.image, early.world
    got = watch(HeelBridge(), track)
    assert got.counted == [True]
    assert got.reps[0].start_s > 5.0


def test_trembling_does_not_count_twice() -> None:
    track = Cycle().film()
    track.image[..., 1] += 1.2 * np.sin(11.0 * track.t)[:, None] * np.linspace(0, 1, 33)
    assert len(watch(HeelBridge(), track).reps) == 1


def test_a_view_from_the_feet_is_not_judged() -> None:
    got = done(Cycle(sag=24.0), FRONT)
    assert got.reps == [] and got.faults == set()


def test_a_bent_far_knee_is_left_alone() -> None:
    # The far leg is guesswork to the camera.
    near, far = supine(2, trunk=np.full(2, LINE)), supine(2, trunk=np.full(2, LINE), knee=50.0)
    mixed = {k: (far if k.endswith("left") else near)[k] for k in near}
    signals = HeelBridge().signals(body(film(clock(2 / 15), mixed)))
    assert signals["leg_knee"] == pytest.approx([180.0, 180.0], abs=1.0)


def test_the_mirrored_picture_measures_the_same_but_for_the_legs_names() -> None:
    a = HeelBridge().signals(body(Cycle(legs="L").film(RIGHT)))
    b = HeelBridge().signals(body(replace(Cycle(), legs="R").film(LEFT)))
    for name, values in a.items():
        sign = -1.0 if name == "lift" else 1.0
        np.testing.assert_allclose(b[name], sign * values, atol=1e-6, err_msg=name)


def test_two_cycles_ask_for_every_limit() -> None:
    assert done(Cycle(then=[Cycle(legs="")])).limits_used == set(HeelBridge.limits)
