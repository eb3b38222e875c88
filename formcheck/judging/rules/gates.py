"""Gates: where a body is, as data. A gate is a range of a signal; what is not known neither passes nor fails it.

A gate never says how well an exercise is done: hanging arms or bent knees are faults to be told, not a reason to look
away. Several gates together hold when none of those known fails and enough of them are known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .limits import Limits

Sample = Mapping[str, float]

#: Share of the gates that must be known for them to hold: of two, one may be hidden.
KNOWN_SHARE = 0.5


@dataclass(frozen=True)
class Gate:
    """A range of a named signal.

    Parameters
    ----------
    signal : str
        Name of the measure.
    low, high : str
        Names of the limits between which it lies; empty = no limit on that side.
    relative : bool
        Look at the change since the rest before instead of the value itself; unknown where there was no rest.
    size : bool
        Look at the value without its sign.

    Examples
    --------
    >>> from .limits import Limit
    >>> limits = Limits("toy", {"lying_deg": Limit(20.0, "deg", "lies")})
    >>> gate = Gate("slope", high="lying_deg", size=True)
    >>> gate.holds({"slope": -12.0}, {}, limits), gate.holds({"slope": 31.0}, {}, limits), gate.holds({}, {}, limits)
    (True, False, None)
    """

    signal: str
    low: str = ""
    high: str = ""
    relative: bool = False
    size: bool = False

    def holds(self, s: Sample, rest: Sample, limits: Limits) -> bool | None:
        """Return whether the signal lies in the range; None where it is unknown."""
        v = s.get(self.signal, float("nan"))
        if self.relative:
            v -= rest.get(self.signal, float("nan")) * self._unit_then(s, rest, limits)
        if v != v:
            return None
        if self.size:
            v = abs(v)
        return not ((self.low and v < limits[self.low]) or (self.high and v > limits[self.high]))

    def _unit_then(self, s: Sample, rest: Sample, limits: Limits) -> float:
        """Return the length of the torso in the rest, in that of now: the rest was measured in that of then.

        It settles in the first seconds, most of all where the person has just walked in: by up to a fifth, in which
        hips that lie still seem to rise.
        """
        if limits.defaults[self.high or self.low].unit != "torso":
            return 1.0
        then, now = (x.get("torso_px", float("nan")) for x in (rest, s))
        return then / now if then > 0 and now > 0 else 1.0


def risen(limit: str) -> Gate:
    """Return the gate of a body that is further out than at rest, by a limit in the effort's unit."""
    return Gate("effort", limit, relative=True)


def slow(limit: str) -> Gate:
    """Return the gate of a body that moves slower than a limit (effort a second): what is held is still."""
    return Gate("effort_speed", high=limit, size=True)


def all_hold(gates: Sequence[Gate], s: Sample, rest: Sample, limits: Limits) -> bool | None:
    """Return whether a body is where all gates say: False as soon as one fails, None where too few are known.

    Parameters
    ----------
    gates : sequence of Gate
        None at all always hold.
    s, rest : mapping
        Signals by name, now and in the rest before.
    limits : Limits
    """
    known = 0
    for gate in gates:
        held = gate.holds(s, rest, limits)
        if held is False:
            return False
        known += held is True
    return True if known >= KNOWN_SHARE * len(gates) else None
