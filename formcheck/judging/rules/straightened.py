"""Which leg was straightened and raised from the bridge, and when: the hidden one is drawn half way to the other.

Seen from the side one leg hides the other. The pose model draws the hidden one where it should be, or on the raised
one, or both half way between the two, and gives them each other's names. What both have opened together is the same.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from formcheck.sight.pose.landmarks import SIDES

from ..measure import Body, elevation
from .exercise import SEEN_SHARE, Array, Attempt
from .recall import BRIDGE_S, HOLD_GRACE_S, speeds
from .timing import Clock

#: A leg stands that has opened by less than this share of what the other one has (0-0.14; blended legs 0.3-1) ...
STANDS_SHARE = 0.25
#: ... and of two that have, the far one was raised where it was seen by this much (0.71-0.87), and the near one, which
#: then hides it, where it was seen by that or less (0.33-0.46).
FAR_SEEN, FAR_HIDDEN = 0.6, 0.55
#: ... and by this much without a look at how steadily the near one is drawn: that one, if raised, is drawn whole, never
#: less open than this share of the far one (1.1-1.9; while the far one was raised 0-0.55, or as open as that).
WHOLE_SHARE = 0.7
#: The near leg hides the other one and is drawn steadily if it is raised (0.05-0.26 right angles and torso lengths a
#: second, median); if the far one is, both waver (0.38 and more).
STEADY = 0.3
#: The top of an attempt must last this long (s) for wavering to tell anything.
STEADY_S = 0.8


@dataclass(frozen=True)
class Legs:
    """Which leg was raised in an attempt.

    Attributes
    ----------
    side : str or None
        None where the legs cannot be told apart.
    clear : bool
        Whether one leg stood while the other was raised, as drawn, all the time.
    blended : bool
        Whether the two are drawn between each other: the raised one lower and less straight than it is.
    """

    side: str | None
    clear: bool
    blended: bool = False


def legs_of(body: Body, footward: Array) -> dict[str, dict[str, Array]]:
    """Return of both legs, by name and side: what is known of their shape.

    Returns
    -------
    dict of dict of (n,) arrays
        ``knee`` its angle; ``thigh``, ``leg`` and ``shank`` their elevation, all in degrees; ``height`` of the ankle in
        torso lengths; ``open``: right angles of the knee plus height of the ankle over the hips in torso lengths.
    """
    out: dict[str, dict[str, Array]] = {n: {} for n in ("knee", "thigh", "leg", "shank", "height", "open")}
    hip = body.mid("hip")[:, 1] / body.torso
    for s in SIDES:
        ankle = body.point("ankle", s, guess=True)
        out["height"][s] = -ankle[:, 1] / body.torso
        out["knee"][s] = body.joint_angle("hip", "knee", "ankle", s, guess=True)
        out["thigh"][s] = body.direction("hip", "knee", s, footward, guess=True)
        out["leg"][s] = body.direction("hip", "ankle", s, footward, guess=True)
        out["shank"][s] = elevation(ankle, body.point("knee", s, guess=True), footward)
        # The two together find a leg stretched low over the floor as well as one raised bent.
        out["open"][s] = out["knee"][s] / 90.0 + out["height"][s] + hip
    return out


def top_of(a: Attempt, share: float) -> tuple[float, float]:
    """Return from when to when (s) the effort was at least a share of its most, for the longest time at one stretch."""
    inside = (a.t >= a.start_s) & (a.t <= a.end_s) & np.isfinite(a.effort)
    effort = a.effort[inside]
    clock = Clock(HOLD_GRACE_S, BRIDGE_S)
    for t, high in zip(a.t[inside].tolist(), (effort >= share * np.percentile(effort, 95)).tolist(), strict=True):
        clock.update(t, high)
    return clock.span or (a.peak_s, a.peak_s)


def reached(a: Attempt, top: tuple[float, float], name: str, percent: float = 50.0) -> float:
    """Return what a measure of the working leg reached at the top, as a percentile; NaN where it was hardly seen."""
    if a.seen(name, lo=top[0], hi=top[1]) < SEEN_SHARE:
        return float("nan")
    return float(np.percentile(a.during(name, *top), percent))


def raised_leg(a: Attempt, top: tuple[float, float]) -> Legs:
    """Tell which leg was raised: the one that opened while the other stood; where both are drawn open, by how they are.

    The near leg, if raised, hides the far one: it is drawn steadily, and the far one is a guess.
    """
    inside = (a.t >= top[0]) & (a.t <= top[1])
    lifts: dict[str, Array] = {}
    for s in SIDES:
        rest = [v for r in (a.rest, a.after) if (v := r.get(f"open_{s}", np.nan)) == v]
        lifts[s] = a.values[f"open_{s}"][inside] - min(rest, default=np.nan)
    both = np.stack([lifts[s] for s in SIDES])
    both = both[:, np.isfinite(both).all(axis=0)]
    if not both.size:
        return Legs(None, False)
    lift = {s: max(float(np.median(v)), 0.0) for s, v in zip(SIDES, both, strict=True)}
    blended = float(np.median(both.min(axis=0))) >= STANDS_SHARE * float(np.median(both.max(axis=0)))
    near_right = float(np.mean(a.during("near_right", *top))) > 0.5
    near, far = ("right", "left") if near_right else ("left", "right")
    if lift[far] < STANDS_SHARE * lift[near]:
        return Legs(near, True)
    if lift[near] < STANDS_SHARE * lift[far]:
        return Legs(far, True)
    seen = float(np.median(a.during("far_seen", *top)))
    wavers = float(np.nanmedian(np.abs(speeds(a.t, a.values[f"open_{near}"]))[inside]))
    told = top[1] - top[0] >= STEADY_S
    whole = lift[near] >= WHOLE_SHARE * lift[far]
    if seen >= FAR_SEEN and not (told and whole and wavers < STEADY):
        return Legs(far, False, blended)
    if seen <= FAR_HIDDEN and not (told and wavers > STEADY):
        return Legs(near, False, blended)
    return Legs(None, False, blended)
