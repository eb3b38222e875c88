"""The hold that an exercise asks for: whether it was long enough, and what is said where it was not.

Its length is the limit ``hold_s``, less ``hold_tolerance_s`` for how surely it is timed.
"""

from __future__ import annotations

from collections.abc import Mapping

#: The fault of a hold that was too short, and what its check says where it keeps a repetition from counting.
SHORT_HOLD = "short-hold"
WHY_SHORT = "held {value:.1f} s of {limit:g} s"


def too_short(hold_s: float, limits: Mapping[str, float]) -> bool:
    """Return whether a hold (s) is shorter than asked for.

    >>> asked = {"hold_s": 10.0, "hold_tolerance_s": 0.25}
    >>> too_short(9.75, asked), too_short(9.74, asked)
    (False, True)
    """
    return hold_s < limits["hold_s"] - limits["hold_tolerance_s"]


def why_short(hold_s: float, limits: Mapping[str, float]) -> str:
    """Return in words how long was held of what is asked for.

    >>> why_short(7.31, {"hold_s": 10.0})
    'held 7.3 s of 10 s'
    """
    return WHY_SHORT.format(value=hold_s, limit=limits["hold_s"])
