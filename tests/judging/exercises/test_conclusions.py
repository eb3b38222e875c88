"""What an exercise says of a finished attempt, just on either side of each limit that its conclusion hangs on.

A good attempt is filmed and measured; then one thing about it is set to a value just within the limit, and to one just
beyond.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from math import cos, nan, radians
from typing import Any

import numpy as np
import pytest

from formcheck.judging.exercises import get_exercise
from formcheck.judging.exercises.toe_squat import _bend, _drop
from formcheck.judging.rules.exercise import Attempt
from formcheck.judging.rules.limits import Limits
from formcheck.judging.rules.records import Rep

from . import test_ball_kneel as ball_kneel
from . import test_ball_warmup as ball_warmup
from . import test_heel_bridge as heel_bridge
from . import test_plane as plane
from . import test_shoulder_bridge as shoulder_bridge
from . import test_side_lift as side_lift
from . import test_side_plank as side_plank
from . import test_swan as swan
from . import test_toe_squat as toe_squat
from .cases import attempt_of

GOOD = {
    m.GOOD.exercise: m.GOOD
    for m in (
        ball_kneel,
        ball_warmup,
        heel_bridge,
        plane,
        shoulder_bridge,
        side_lift,
        side_plank,
        swan,
        toe_squat,
    )
}
IGNORED = "ignored"


@cache
def good(name) -> Attempt:
    return attempt_of(GOOD[name])[0]


def having(a: Attempt, *, rest=None, after=None, fields=None, **signals) -> Attempt:
    """The attempt with some signals at one value (or an array) all along, and at rest before and after."""
    values = {k: np.broadcast_to(np.asarray(v, float), a.t.shape).copy() for k, v in signals.items()}
    return replace(
        a,
        values={**a.values, **values},
        rest={**a.rest, **(rest or {})},
        after={**a.after, **(after or {})},
        **(fields or {}),
    )


def lasting(a: Attempt, factor) -> Attempt:
    """The attempt made slower by a factor: nothing else of it changes."""
    times = {k: getattr(a, k) * factor for k in ("t", "start_s", "peak_s", "end_s", "hold_s")}
    span = a.hold_span and (a.hold_span[0] * factor, a.hold_span[1] * factor)
    return replace(a, **times, hold_span=span)


def dipping(a: Attempt, dip, beside=None) -> Attempt:
    """The attempt with an effort of *dip* at its top, and *beside* before and after it."""
    inside = (a.t >= a.start_s) & (a.t <= a.end_s)
    effort = a.effort * dip / float(np.percentile(a.effort[inside], 97))
    return replace(a, effort=effort if beside is None else np.where(inside, effort, beside))


def outcome(name, a: Attempt, before=()):
    exercise = get_exercise(name)
    return exercise.judged(a, Limits(exercise.id, exercise.limits), before)


def said(name, a: Attempt, before=()) -> Any:
    """Whether it counts, and the faults; ``ignored`` where it is no attempt."""
    out = outcome(name, a, before)
    return IGNORED if out.ignore else (out.counted, {fault for fault, _ in out.faults})


def rep(index, side=None, counted=True, **more) -> Rep:
    return Rep(index, side, 0.0, 1.0, 2.0, 1.0, counted, None if counted else "not", **more)


def measured(name, key, index=0):
    return outcome(name, attempt_of(GOOD[name], index)[0]).measures[key]


@dataclass(frozen=True)
class Pair:
    """An attempt within a limit and one beyond it, and what tells the second: a fault, ``not counted``, ``ignored``."""

    exercise: str
    name: str
    within: Any
    beyond: Any
    tells: str
    before: tuple[Rep, ...] = ()


def pairs(exercise, *rows):
    """Rows: name, how it is set to a value, the value within, the value beyond, what tells that, repetitions before."""
    return [Pair(exercise, name, lambda m=make, v=lo: m(v), lambda m=make, v=hi: m(v), tells, *before)
            for name, make, lo, hi, tells, *before in rows]  # fmt: skip


# ---- swan -----------------------------------------------------------------------------------------------------------
def lifted(rise, arms):
    a = good("swan")
    return having(a, trunk_pitch=a.rest["trunk_pitch"] + rise, arms_up=a.rest["arms_up"] + arms)


def slow(name, keys, seconds):
    """The good attempt made so slow, or so quick, that the least of some measures of it takes so many seconds."""
    low, high = 0.02, 5.0
    for _ in range(30):
        middle = (low + high) / 2
        measures = outcome(name, lasting(good(name), middle)).measures
        low, high = (middle, high) if min(measures[k] for k in keys) < seconds else (low, middle)
    return lasting(good(name), high)


TEN_EACH = (rep(1, measures={"rise": 10.0}), rep(2, measures={"rise": 10.0}), rep(3, measures={"rise": 90.0}))
SWAN = pairs(
    "swan",
    ("hold", lambda v: replace(good("swan"), hold_s=v), 1.91, 1.89, "short-hold"),
    ("hold-not-counted", lambda v: replace(good("swan"), hold_s=v), 1.91, 1.89, "not counted"),
    ("getting-up", lambda v: replace(good("swan"), hold_s=v, returned=False), 1.91, 1.89, IGNORED),
    ("arms", lambda v: lifted(16.0, v), 0.16, 0.14, "arms-low"),
    ("arms-of-a-low-lift", lambda v: lifted(v, 0.0), 5.9, 6.1, "arms-low"),
    ("jerky", lambda v: slow("swan", ("up", "down"), v), 0.96, 0.94, "jerky"),
    ("fading", lambda v: lifted(v, 1.0), 7.1, 6.9, "fading", TEN_EACH),
)


# ---- toe-squat ------------------------------------------------------------------------------------------------------
def squat(**signals):
    return having(good("toe-squat"), **signals)


def standing_at(knee):
    a = good("toe-squat")
    return squat(side_knee=np.where(a.t <= a.start_s + 0.11, knee, a.values["side_knee"]))


def sunk_only(knee):
    """A squat seen from the front: how deep, only the sunken hips and waist tell."""
    a = good("toe-squat")
    bend = 180.0 - 6.0 - knee
    drop = (1.0 - cos(radians((bend + 6.0) / 2)) / cos(radians(3.0))) * a.rest["hip_height"]
    rest = a.rest
    return squat(
        side_knee=nan,
        hip_height=rest["hip_height"] - drop,
        waist_height=rest["waist_height"] - drop,
        knee_picture=rest["knee_picture"],
    )


def bowing(trunk_up):
    a = good("toe-squat")
    return squat(trunk_up=trunk_up, hip_height=a.rest["hip_height"], knee_picture=a.rest["knee_picture"])


def sinking(share):
    """The hips sink by a share of what the bend of the knee would have."""
    a = good("toe-squat")
    sunk = (_bend(_drop(a, "waist_height")) + _bend(_drop(a, "hip_height"))) / 2
    return squat(knee_picture=a.rest["knee_picture"] - sunk / share)


def foot_moved(torsos):
    a = good("toe-squat")
    x = a.values["foot_x_left"]
    return squat(foot_x_left=np.where(a.t > a.peak_s, x[0] + torsos * 110.0, x[0]))


def sitting_for(seconds, arms=-51.0, rest=-51.0):
    a = good("toe-squat")
    low = a.t[(a.t >= a.start_s) & (a.t <= a.end_s) & (a.effort >= 0.5 * np.nanmax(a.effort))]
    return lasting(squat(arm_pitch=arms, rest={"arm_pitch": rest}), seconds / (low[-1] - low[0]))


TOE_SQUAT = pairs(
    "toe-squat",
    ("counts", lambda v: squat(side_knee=v), 133.8, 134.2, "not counted"),
    ("full-depth", lambda v: squat(side_knee=v), 104.8, 105.2, "shallow"),
    ("attempt", lambda v: squat(side_knee=v), 149.8, 150.2, IGNORED),
    ("attempt-from-the-front", sunk_only, 164.5, 165.5, IGNORED),
    ("counts-from-the-front", sunk_only, 133.5, 134.5, "not counted"),
    ("heel", lambda v: squat(deep_heel=v), 18.1, 17.9, "heels-drop"),
    ("heel-never-risen", lambda v: squat(deep_heel=20.0, rest={"heel_pitch": v}), 20.6, 20.4, "heels-drop"),
    ("heel-stays-low", lambda v: squat(deep_heel=v, rest={"heel_pitch": 10.0}), 20.6, 20.4, "heels-drop"),
    ("tilt", lambda v: squat(deep_heel=16.0, rest={"stance": v}), -3.1, -2.9, "heels-drop"),
    ("upright", standing_at, 160.2, 159.8, "not-upright"),
    ("jerky", lambda v: slow("toe-squat", ("up", "down"), v), 0.71, 0.69, "jerky"),
    ("step", foot_moved, 0.34, 0.36, "step"),
    ("walk", foot_moved, 0.69, 0.71, IGNORED),
    ("stride", lambda v: squat(fore_aft=v), 0.54, 0.56, IGNORED),
    ("lunge", lambda v: squat(aside=v), 0.17, 0.19, IGNORED),
    ("bow", bowing, 0.65, 0.63, IGNORED),
    ("sinks", sinking, 0.46, 0.44, IGNORED),
    ("sits", sitting_for, 2.95, 3.05, IGNORED),
    ("arms-hang", lambda v: sitting_for(4.0, arms=v), -49.0, -51.0, IGNORED),
    ("arms-hung", lambda v: sitting_for(4.0, rest=v), -49.0, -51.0, IGNORED),
    ("never-back", lambda v: replace(good("toe-squat"), returned=v), True, False, IGNORED),
)


# ---- side-lift ------------------------------------------------------------------------------------------------------
def legs(lower, upper=None, **more):
    a = good("side-lift")
    upper = lower if upper is None else upper
    ankles = {"lower_ankle": a.rest["lower_ankle"] + lower, "upper_ankle": a.rest["upper_ankle"] + upper}
    return having(a, **ankles, **more)


def lie(name, by):
    return having(good("side-lift"), **{name: good("side-lift").rest[name] + by})


def parted(ratio, by):
    return legs(0.1, 0.1 + by, ankle_gap=good("side-lift").rest["ankle_gap"] * ratio)


def told(share):
    """Legs parted, in an attempt in whose time the sides are told apart for a share."""
    a = parted(1.6, 0.2)
    upto = a.t <= a.end_s + 1e-9
    n = int(upto.sum())
    return having(a, sides_told=np.where(np.arange(len(a.t)) < share * n, 1.0, 0.0))


SIDE_LIFT = pairs(
    "side-lift",
    ("lower-leg", lambda v: legs(v, 0.2), 0.026, 0.024, "not counted"),
    ("upper-leg", lambda v: legs(0.2, v), 0.026, 0.024, "not counted"),
    ("both-legs", legs, 0.0455, 0.0445, "not counted"),
    ("too-high", legs, 0.349, 0.351, "too-high"),
    ("shoulders-rise", lambda v: lie("shoulder_rise", v), 0.099, 0.101, "trunk-lifts"),
    ("hips-rise", lambda v: lie("hip_height", v), 0.099, 0.101, "trunk-lifts"),
    ("gap", lambda v: parted(v, 0.1), 1.29, 1.31, "legs-apart"),
    ("lifted-alike", lambda v: parted(1.6, v), 0.049, 0.051, "legs-apart"),
    ("sides-unclear", told, 0.75, 0.85, "legs-apart"),
    ("line", lambda v: having(good("side-lift"), rest={"line_dev": v}), -6.9, -7.1, "line-bent"),
    ("jerky", lambda v: slow("side-lift", ("quickest_s",), v), 0.34, 0.32, "jerky"),
    ("legs-exchanged", lambda v: legs(v, 0.0, shoulder_rise=9.0), 0.31, 0.29, "trunk-lifts"),
)


# ---- heel-bridge ----------------------------------------------------------------------------------------------------
def heels(at=None, **more):
    """The good cycle with the heights of the ankles at moments (share of the attempt, torso lengths)."""
    a = good("heel-bridge")
    if at is not None:
        u = (a.t - a.start_s) / (a.end_s - a.start_s)
        more["lift"] = np.interp(u, *zip(*at, strict=True))
    return having(a, **more)


def lifting(right, left=-0.5, between=0.0):
    """The right leg, the right leg again from *between*, then the left one."""
    peaks = [(0.3, right), (0.36, right), (0.42, between), (0.46, between), (0.52, right), (0.58, right)]
    return heels([(0.2, 0.0), *peaks, (0.64, 0.0), (0.7, 0.0), (0.76, left), (0.82, left), (0.88, 0.0)])


def rolled_up(by):
    return heels([(0.0, 0.0), (1.0, 0.0)], trunk_pitch=good("heel-bridge").rest["trunk_pitch"] + by)


HEEL_BRIDGE = pairs(
    "heel-bridge",
    ("lifted", lifting, 0.23, 0.21, "leg-skipped"),
    ("other-leg-lifted", lambda v: lifting(0.5, v, 0.3), -0.23, -0.21, "leg-skipped"),
    ("lowered", lambda v: lifting(0.5, -0.5, v), 0.15, 0.13, "same-side"),
    ("line", lambda v: heels(line_dev=v, fields={"hold_s": 0.0}), 13.4, 13.6, "hip-sag"),
    ("line-held", lambda v: heels(line_dev=20.0, fields={"hold_s": v}), 0.1, 0.0, "hip-sag"),
    ("rolled", rolled_up, 8.1, 7.9, IGNORED),
    ("hips-up", lambda v: heels(hold_line=good("heel-bridge").rest["hold_line"] - v), 4.1, 3.9, IGNORED),
    ("up", lambda v: slow("heel-bridge", ("up",), v), 2.03, 1.97, "too-fast-up"),
    ("down", lambda v: slow("heel-bridge", ("down",), v), 2.03, 1.97, "too-fast-down"),
    ("rolled-down", lambda v: heels(fields={"returned": v}), True, False, "not counted"),
)


@pytest.mark.parametrize(
    ("lift", "why", "fault"),
    [(float("nan"), "the lifted legs could not be seen", None), (0.0, "no leg was lifted", "leg-skipped")],
)
def test_in_a_heel_bridge_a_leg_that_was_not_lifted_is_told_where_the_legs_were_seen(lift, why, fault):
    out = outcome("heel-bridge", having(good("heel-bridge"), lift=lift))
    assert (out.counted, out.why) == (False, why)
    assert [f for f, _ in out.faults] == ([fault] if fault else [])


def test_in_a_heel_bridge_legs_that_were_lifted_and_hardly_seen_meanwhile_were_lifted():
    a = good("heel-bridge")
    lift = a.values["lift"].copy()
    lift[(np.abs(lift) < 0.3) & (a.t > a.start_s) & (a.t < a.end_s)] = np.nan
    out = outcome("heel-bridge", having(a, lift=lift))
    assert (out.counted, out.measures["legs"]) == (True, 2.0)


# ---- ball-kneel -----------------------------------------------------------------------------------------------------
def hands(free_s=3.0, by=1.0, **more):
    """The hands free for so long about the peak, so much higher than they rested."""
    a = good("ball-kneel")
    on, off = a.rest["hands"], a.rest["hands"] + by
    k = int(np.argmin(np.abs(a.t - a.peak_s)))
    half = round(free_s * 15 / 2)
    free = np.abs(np.arange(len(a.t)) - k) < half
    return having(a, hands=np.where(free, off, on), after={"hands": on}, **more)


BALL_KNEEL = pairs(
    "ball-kneel",
    ("try", hands, 16 / 15, 14 / 15, IGNORED),
    ("hands-off", lambda v: hands(by=v), 0.11, 0.09, IGNORED),
    ("hands-low", lambda v: having(good("ball-kneel"), rest={"hands": v}, after={"hands": v}), 0.24, 0.26, IGNORED),
    ("hip", lambda v: hands(hip=v), 150.2, 149.8, "hip-bent"),
    ("lean", lambda v: hands(lean=v), 14.9, 15.1, "trunk-lean"),
    ("foot", lambda v: hands(lower_foot=v), 0.39, 0.41, "feet-down"),
    ("foot-not-counted", lambda v: hands(lower_foot=v), 0.39, 0.41, "not counted"),
)


# ---- side-plank -----------------------------------------------------------------------------------------------------
def dip(depth, *, seconds=None, beside=None):
    a = dipping(good("side-plank"), depth, beside)
    return a if seconds is None else lasting(a, seconds / (a.end_s - a.start_s))


def at_top(line, after=None):
    return having(good("side-plank"), line_dev=line, after={} if after is None else {"line_dev": after})


def rested(seconds):
    """A small dip in a body that moves but for so long before and after it."""
    a = dipping(good("side-plank"), 0.0195)
    away = np.maximum(a.start_s - a.t, a.t - a.end_s) >= seconds - 1e-6
    return replace(a, effort=np.where(away, 0.0195, np.where((a.t < a.start_s) | (a.t > a.end_s), 0.0, a.effort)))


SIDE_PLANK = pairs(
    "side-plank",
    ("small", dip, 0.0267, 0.0263, "small-dip"),
    ("small-not-counted", dip, 0.0267, 0.0263, "not counted"),
    ("deep", dip, 0.149, 0.151, "deep-dip"),
    ("slow-sway", lambda v: dip(0.024, seconds=v), 2.95, 3.05, IGNORED),
    ("slow-dip-counts", lambda v: dip(v, seconds=3.5), 0.0267, 0.0263, IGNORED),
    ("sway", lambda v: dip(v, seconds=1.9, beside=1.0), 0.0202, 0.0198, IGNORED),
    ("quick", lambda v: dip(0.0195, seconds=v, beside=1.0), 1.55, 1.65, IGNORED),
    ("quick-but-tiny", lambda v: dip(v, seconds=1.5, beside=1.0), 0.0122, 0.0118, IGNORED),
    ("rested", rested, 14 / 15, 13 / 15, IGNORED),
    ("sags", at_top, 11.9, 12.1, "hip-sag"),
    ("piked", at_top, -11.9, -12.1, "hip-pike"),
    ("rests-piked", lambda v: at_top(0.0, v), -16.9, -17.1, "hip-pike"),
    ("left", lambda v: replace(good("side-plank"), lost=v), False, True, IGNORED),
)


# ---- plane, shoulder-bridge -----------------------------------------------------------------------------------------
def brief(name, seconds, **more):
    a = having(good(name), **more)
    return lasting(a, seconds / (a.end_s - a.start_s))


PLANE = pairs(
    "plane",
    ("one-limb", lambda v: brief("plane", v, leg_up=0.0), 2.05, 1.95, IGNORED),
    ("both", lambda v: brief("plane", v), 0.93, 0.87, IGNORED),
    ("scratching", lambda v: having(good("plane"), leg_up=0.0, raised_elbow=v), 111.0, 109.0, IGNORED),
    ("left", lambda v: having(good("plane"), fields={"lost": True, "hold_s": v}), 1.05, 0.95, IGNORED),
    ("arm-up", lambda v: having(good("plane"), leg_up=0.0, arm_up=v), 35.2, 34.8, IGNORED),
)


def shoulder_drop(by):
    a = good("shoulder-bridge")
    up = (a.t > a.start_s + 0.15) & (a.t < a.end_s - 0.15)
    return having(a, hip_y=np.where(up, 300.0 + by * a.rest["torso_px"], 300.0))


SHOULDER_BRIDGE = pairs(
    "shoulder-bridge",
    ("brief", lambda v: brief("shoulder-bridge", v), 0.63, 0.57, IGNORED),
    ("hip-drop", shoulder_drop, 0.127, 0.133, "hip-drop"),
)


# ---- ball-warmup ----------------------------------------------------------------------------------------------------
ACROSS = ("hip_across", "knee_across", "shoulder_across")


def rolling(hips=1.0, shoulders=None, **more):
    """The good tilt with all its ways across the picture made larger, the shoulders by another factor of the hips'."""
    a = good("ball-warmup")
    ways = {k: a.values[k] * hips for k in ACROSS}
    if shoulders is not None:
        ways["shoulder_across"] = a.values["hip_across"] * hips * shoulders
    return having(a, **ways, **more)


def tilt_of(travel):
    return rolling(travel / measured("ball-warmup", "travel"))


def shoulders_of(ratio, hips=1.0):
    return rolling(hips, ratio / outcome("ball-warmup", rolling(1.0, 1.0)).measures["shoulder_ratio"])


def shoulders_way(torsos):
    """Shoulders that travel as the hips do, so far in the picture."""
    a = good("ball-warmup")
    v = a.values["hip_across"][(a.t >= a.start_s) & (a.t <= a.end_s)]
    shown = float(np.percentile(v, 97) - np.percentile(v, 3))
    return rolling(torsos / shown, 1.0)


def foot_of(torsos):
    a = good("ball-warmup")
    x = a.values["foot_x_px_left"]
    return rolling(foot_x_px_left=np.where(a.t > a.peak_s, x[0] + torsos * 110.0, x[0]))


BALL_WARMUP = pairs(
    "ball-warmup",
    ("small", tilt_of, 0.102, 0.098, "small-range"),
    ("shoulders", shoulders_of, 0.64, 0.66, "shoulders-move"),
    ("still-shoulders", shoulders_way, 0.059, 0.061, "shoulders-move"),
    ("feet", foot_of, 0.21, 0.23, "feet-move"),
    ("too-far-front", lambda v: rolling(yaw=v, fields={"returned": False}), 18.2, 17.8, IGNORED),
    ("too-far-side", lambda v: rolling(yaw=v, fields={"returned": False}), 71.8, 72.2, IGNORED),
)

ALL = [
    *SWAN, *TOE_SQUAT, *SIDE_LIFT, *HEEL_BRIDGE, *BALL_KNEEL, *SIDE_PLANK, *PLANE, *SHOULDER_BRIDGE, *BALL_WARMUP
]  # fmt: skip


@pytest.mark.parametrize("pair", ALL, ids=lambda p: f"{p.exercise}-{p.name}")
def test_a_conclusion_differs_just_on_either_side_of_its_limit(pair):
    within, beyond = (said(pair.exercise, make(), pair.before) for make in (pair.within, pair.beyond))
    if pair.tells == IGNORED:
        assert within != IGNORED
        assert beyond == IGNORED
        return
    assert IGNORED not in (within, beyond)
    if pair.tells == "not counted":
        assert (within[0], beyond[0]) == (True, False)
    else:
        assert (pair.tells in within[1], pair.tells in beyond[1]) == (False, True)


@pytest.mark.parametrize(
    ("name", "key", "figure"),
    [
        ("swan", "up", 1.5),
        ("swan", "down", 1.6),
        ("toe-squat", "down", 1.5),
        ("toe-squat", "up", 1.4),
    ],
)
def test_a_way_takes_as_long_as_the_figure_took(name, key, figure):
    assert measured(name, key) == pytest.approx(figure, rel=0.12)


def test_height_is_compared_with_the_first_two_repetitions_that_counted():
    low = lifted(6.5, 1.0)
    assert said("swan", low, TEN_EACH[:1])[1] == set()
    assert said("swan", low, (rep(1, counted=False, measures={"rise": 99.0}), *TEN_EACH))[1] == {"fading"}
    assert outcome("swan", low, TEN_EACH).measures["height"] == pytest.approx(0.65, abs=0.001)


PAIRED = {"pair": 1.0}


@pytest.mark.parametrize(
    ("before", "follows", "told"),
    [
        (rep(1, "right", measures=PAIRED), True, True),
        (rep(1, "left", measures=PAIRED), True, False),
        (rep(1, "right", measures={"pair": 0.0}), True, False),
        (rep(1, "right", measures=PAIRED), False, False),
        (rep(1, "right", measures=PAIRED, cut="gap"), True, False),
        # Done again because it did not count: that is no repeated pair.
        (rep(1, "right", counted=False, measures=PAIRED), True, False),
    ],
    ids=["same", "other", "same-limbs-not-a-pair", "one-unseen-between", "cut", "done-again"],
)
def test_a_pair_is_repeated_where_the_one_before_was_the_same_pair(before, follows, told):
    out = said("plane", replace(good("plane"), follows=follows), (before,))
    assert out == (True, {"repeated-pair"} if told else set())


def test_a_pair_that_does_not_count_and_repeats_one_that_did_not_is_told():
    """Twice too short on the same side: the second is no better than the first, and the side was due to change."""
    short = brief("plane", 9.0)
    assert said("plane", short, (rep(1, "right", counted=False, measures=PAIRED),))[1] == {
        "short-hold",
        "repeated-pair",
    }


@pytest.mark.parametrize("direction", ["left", "right"])
def test_a_broken_circle_has_the_direction_in_which_it_was_begun(direction):
    for turns in ((0.6,), (0.5, -0.5)):
        session = ball_warmup.scene(ball_warmup.circles, *turns, direction=direction)()
        first = next(r for r in session.judge.reps if "broken-circle" in {f.id for f in r.faults})
        assert (first.block, first.counted) == (f"circle-{direction}", False)


@pytest.mark.parametrize("yaw", [5.0, 85.0])
def test_straight_towards_the_camera_it_is_not_told_how_far(yaw):
    def travel(depth):
        a = good("ball-warmup")
        return outcome("ball-warmup", rolling(yaw=yaw, hip_depth=depth * a.values["hip_across"])).measures["travel"]

    assert travel(1.25) > 0.0
    assert np.isnan(travel(1.35))


@pytest.mark.parametrize("direction", ["left", "right"])
def test_a_circle_turned_back_half_way_has_the_direction_of_its_first_half(direction):
    a, _ = attempt_of(ball_warmup.scene(ball_warmup.circles, direction=direction))
    lo, hi = (int(np.argmin(np.abs(a.t - s))) for s in (a.start_s, a.end_s))
    k = np.arange(len(a.t))
    # Half way round, and the same way back.
    back = np.where((k > (lo + hi) // 2) & (k <= hi), np.clip(lo + hi - k, lo, hi), k)
    out = outcome("ball-warmup", replace(a, values={name: v[back] for name, v in a.values.items()}))
    assert (out.block, out.counted, out.why) == (f"circle-{direction}", False, "the circle was turned back")
    assert abs(out.measures["roundness"]) < 0.05


@pytest.mark.parametrize(("turned", "knee"), [(52.0, 100.0), (63.5, 110.0), (75.0, 120.0), (85.0, 120.0)])
def test_from_half_the_side_the_sunken_hips_tell_as_much_of_the_bend_as_the_knee(turned, knee):
    a = sunk_only(100.0)
    got = outcome("toe-squat", having(a, side_knee=120.0, turned=turned)).measures["knee"]
    assert got == pytest.approx(knee, abs=0.5)


def test_a_try_that_the_film_ends_is_as_long_as_it_was_seen():
    a = good("ball-kneel")
    on = a.rest["hands"]
    end = float(a.t[-1])
    free = np.where(a.t > 2.0, on + 1.0, on)
    out = outcome("ball-kneel", having(a, hands=free, lean=3.0, hip=170.0, after={"hands": on}, fields={"end_s": end}))
    assert out.hold_s == pytest.approx(end - 2.0, abs=0.1)


def test_in_a_shoulder_bridge_both_legs_tell_a_hold_unless_the_working_one_was_seen_out_of_its_place():
    exercise, a = get_exercise("shoulder-bridge"), good("shoulder-bridge")
    assert exercise._held_by_both(a, exercise.in_force, 0.0) == pytest.approx(a.hold_s, abs=0.4)
    inside = a.t[a.effort >= 0.8 * np.nanmax(a.effort)]
    for share, held in ((0.3, True), (0.4, False)):
        low = a.t < inside[0] + share * (inside[-1] - inside[0])
        seen = having(a, working_level=np.where(low, -40.0, 0.0), working_knee=170.0)
        assert (exercise._held_by_both(seen, exercise.in_force, 0.0) > 0.0) is held
