"""Which limb of a pair was raised in an attempt, how sure that is, and whether it could be followed.

The pose model takes one limb for the other, or draws both between the two, where one hides the other. What it says of
an attempt is believed where it says the same for most of it; else the limb that stayed on the floor may tell; else
nobody knows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from formcheck.sight.pose.landmarks import SIDES

from .exercise import SEEN_SHARE, Attempt
from .recall import BRIDGE_S, HOLD_GRACE_S, speeds
from .timing import Clock

#: Share of the time it was up in which the model must name the same limb as raised for its word to be taken.
SURE_SHARE = 0.85
#: A limb is up where it is raised by this share of what it is raised at the top.
UP_SHARE = 0.5
#: The near limb hides the far one and never is hidden by it. Where the one named near is seen worse (visibility less by
#: this much, median while it is up; rightly named ones differ by 0 to 0.9) the names are doubtful.
NEARER_SEEN = -0.03
#: Standing limbs of a pair tell which is which if they stand this far apart in the picture (shares of its height;
#: nearer ones are parted by the error of landmarks alone) ...
APART = 0.01
#: ... and one stands within this share of that of where the left or the right one stood.
WHERE = 0.15
#: ... and a name is doubtful where it stands further than this from where the one of that name stood.
MISPLACED = 0.65
#: Half the time over which is looked who began to rise (s).
BEGUN_S = 0.1
#: A limb held up wavers by up to 17 degrees a second (mean over a hold); one that reads more while the other limb is
#: still is drawn now here, now there (34 to 37).
BLURRED_DEG_S = 25.0
#: For a limb to be called blurred the other must be still for this long (s): raising takes 1 s.
BLURRED_S = 1.5


@dataclass(frozen=True)
class Raised:
    """A raised limb.

    Attributes
    ----------
    side : str or None
        Which it was; None where that cannot be told.
    up : float
        Degrees above the other one, which stands; NaN where that was not seen.
    """

    side: str | None
    up: float
    #: Whether the model drew it with the name of the other one for most of the time.
    exchanged: bool = False


def raised(a: Attempt, limb: str, contacts: tuple[str, ...]) -> Raised:
    """Tell which ``arm`` or ``leg`` was raised, and how far.

    Parameters
    ----------
    a : Attempt
        With the signals ``<limb>_up`` (degrees by which the higher one is above the other), ``<limb>_nearer_seen`` (by
        how much more the near one was seen than the far one), ``<limb>_right`` (1 where that is the right one) and
        ``<joint>_x_<side>``, ``<joint>_y_<side>`` of *contacts*.
    limb : str
    contacts : tuple of str
        The joints of the limb by which it stands on the floor.
    """
    up = a.at_peak(f"{limb}_up")
    if up != up:
        return Raised(None, _seen_up(a, limb))
    span = a.hold_span or (a.peak_s - 0.3, a.peak_s + 0.3)
    risen = (a.t >= a.start_s) & (a.t <= a.end_s) & (a.values[f"{limb}_up"] >= UP_SHARE * up)
    if not risen.any() or np.median(a.values[f"{limb}_nearer_seen"][risen]) < NEARER_SEEN:
        return Raised(None, up)
    share = float(np.mean(a.values[f"{limb}_right"][risen]))
    stands = [v for c in contacts if (v := _stands_right(a, limb, c, span)) == v]
    where = float(np.mean(stands)) if stands else 0.5
    if max(share, 1 - share) >= SURE_SHARE:
        return _named(share > 0.5, where, _began_right(a, limb, risen), up)
    if abs(where - 0.5) < 0.5 - WHERE:
        return Raised(None, up)
    return Raised("left" if where > 0.5 else "right", up)


def _named(right: bool, where: float, began_right: bool, up: float) -> Raised:
    """Return the limb of a name, unless where the other one stands and the raise began speak against it.

    Names of left and right may be exchanged while the limb goes up, and stay so until it is down.
    """
    misplaced = abs(where - (0.0 if right else 1.0)) > MISPLACED
    if not misplaced and began_right == right:
        return Raised("right" if right else "left", up)
    if misplaced and began_right != right:
        return Raised("left" if right else "right", up, exchanged=True)
    return Raised(None, up)


def _began_right(a: Attempt, limb: str, risen: NDArray[np.bool_]) -> bool:
    """Whether the right one of two limbs was the higher one when the raise was half way up."""
    first = int(np.flatnonzero(risen)[0])
    near = (np.abs(a.t - a.t[first]) <= BEGUN_S) & np.isfinite(a.values[f"{limb}_up"])
    return bool(np.median(a.values[f"{limb}_right"][near]) > 0.5)


def _seen_up(a: Attempt, limb: str) -> float:
    """Return how far a limb was raised that was hidden at the top: the upper quarter of what was seen of it."""
    if a.seen(f"{limb}_up") < SEEN_SHARE:
        return float("nan")
    return float(np.percentile(a.during(f"{limb}_up"), 75))


def _stands_right(a: Attempt, limb: str, joint: str, span: tuple[float, float]) -> float:
    """Return where the limb on the floor stands: 0 = where the left one stood at rest, 1 = where the right one did."""
    rest = {s: np.array([a.rest.get(f"{joint}_{c}_{s}", np.nan) for c in "xy"]) for s in SIDES}
    apart = rest["right"] - rest["left"]
    if not np.hypot(*apart) >= APART:
        return float("nan")
    m = (a.t >= span[0]) & (a.t <= span[1])
    raised_right = a.values[f"{limb}_right"][m] > 0.5
    where = np.stack(
        [np.where(raised_right, a.values[f"{joint}_{c}_left"][m], a.values[f"{joint}_{c}_right"][m]) for c in "xy"],
        axis=1,
    )
    along = (where - rest["left"]) @ apart / float(apart @ apart)
    return float(np.nanmedian(along)) if np.isfinite(along).any() else float("nan")


def held_up(a: Attempt, limbs: Sequence[str], least: float, still: float) -> tuple[float, float]:
    """Return when limbs came to rest up there, and when they last were: (s, s), equal where they never were.

    Between the two they may waver, as long as they stay up.

    Parameters
    ----------
    a : Attempt
    limbs : sequence of str
        ``arm``, ``leg`` or both; see :func:`raised` for their signals.
    least : float
        Degrees by which a raised limb is up.
    still : float
        Degrees a second below which it rests.
    """
    inside = (a.t >= a.start_s) & (a.t <= a.end_s)
    t = a.t[inside]
    ups = np.array([a.values[f"{limb}_up"][inside] for limb in limbs])
    speed = speeds(t, np.fmax.reduce([a.values[f"{limb}_higher"][inside] for limb in limbs]))
    known: NDArray[np.bool_] = np.isfinite(ups).any(axis=0)
    up: NDArray[np.bool_] = np.logical_not(np.any(ups < least, axis=0))
    clock = Clock(HOLD_GRACE_S, BRIDGE_S)
    rests: list[float] = []
    longest = (a.peak_s, a.peak_s)
    for k, moment in enumerate(t.tolist()):
        if not known[k]:
            continue
        if clock.ends(moment, bool(up[k])):
            rests = []
        clock.update(moment, bool(up[k]))
        if up[k] and abs(speed[k]) <= still:
            rests.append(moment)
        if rests and rests[-1] - rests[0] > longest[1] - longest[0]:
            longest = rests[0], rests[-1]
    return longest


def blurred(a: Attempt, limb: str, span: tuple[float, float], least: float) -> bool:
    """Return whether a limb, though up, was drawn now here, now there, while the other one was held still.

    Parameters
    ----------
    a : Attempt
    limb : str
    span : (float, float)
        When the other one was held (s).
    least : float
        Degrees by which a raised limb is up.
    """
    held = (a.t >= span[0]) & (a.t <= span[1])
    v = a.values[f"{limb}_up"]
    wavers = np.abs(speeds(a.t, v))[held]
    if span[1] - span[0] < BLURRED_S or not np.isfinite(wavers).any():
        return False
    return bool(np.nanmean(wavers) > BLURRED_DEG_S and np.nanmedian(v[held]) >= least)
