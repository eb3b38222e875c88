"""What a judged session is made of: faults, repetitions, and the events that tell of them as they happen."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class FaultSpan:
    """A fault seen from one time to another.

    Attributes
    ----------
    id : str
        Fault id, as in the exercise's list of checks.
    from_s, to_s : float
        Seconds.
    worst : float or None
        The value furthest beyond the limit; None where the fault is not a measured one.
    limit : float or None
    unit : str
    severity : str
        ``minor``, ``moderate`` or ``major``.
    worst_s : float or None
        When the worst value was measured, seconds; None where the end of a repetition decided.
    """

    id: str
    from_s: float
    to_s: float
    worst: float | None
    limit: float | None
    unit: str
    severity: str
    worst_s: float | None = None


@dataclass(frozen=True)
class Rep:
    """One attempt at a repetition, counted or not.

    Attributes
    ----------
    index : int
        From 1, in order of time, attempts that were not counted included.
    side : str or None
    start_s, peak_s, end_s : float
        Departure from the start position, middle of the end position, return.
    hold_s : float
        Seconds in the end position.
    counted : bool
    why : str or None
        Why it was not counted, in plain words.
    faults : tuple of FaultSpan
    measures : dict
        The values that decided it; None where one could not be judged.
    score : float or None
        0-100.
    block : str or None
        Part of the exercise (warm-up only).
    cut : str or None
        ``start``, ``end`` or ``gap`` where the attempt was under way at the first or last frame, or at a gap in what
        was seen: it is never counted, and that is no fault.
    seen : float or None
        0-1, share of its time in which the joints that decide it were seen.
    bridged_s : float
        Seconds of the hold that were not seen, between moments at which it was held.
    """

    index: int
    side: str | None
    start_s: float
    peak_s: float
    end_s: float
    hold_s: float
    counted: bool
    why: str | None
    faults: tuple[FaultSpan, ...] = ()
    measures: dict[str, float | None] = field(default_factory=dict)
    score: float | None = None
    block: str | None = None
    cut: str | None = None
    seen: float | None = None
    bridged_s: float = 0.0

    @property
    def verdict(self) -> str:
        """``good``, ``fault`` (counted with faults) or ``not-counted``."""
        if not self.counted:
            return "not-counted"
        return "fault" if self.faults else "good"


@dataclass(frozen=True)
class Event:
    """Something that happened at a time (seconds)."""

    t: float


@dataclass(frozen=True)
class PositionReady(Event):
    """The start position holds and the view is good: from now on movement counts."""


@dataclass(frozen=True)
class PositionLost(Event):
    """The person left the position of the exercise."""


@dataclass(frozen=True)
class RepStarted(Event):
    """The body has left the start position."""


@dataclass(frozen=True)
class RepDone(Event):
    """An attempt is over and judged."""

    rep: Rep


@dataclass(frozen=True)
class HoldTick(Event):
    """Another moment in the end position."""

    seconds: float


@dataclass(frozen=True)
class FaultSeen(Event):
    """A fault has lasted long enough to speak of."""

    id: str
    since: float
    value: float
    limit: float


@dataclass(frozen=True)
class FaultOver(Event):
    """A fault has been put right."""

    span: FaultSpan


@dataclass(frozen=True)
class ViewProblem(Event):
    """The picture cannot be judged; *advice* says what to change."""

    reason: str
    advice: str


@dataclass(frozen=True)
class ViewGood(Event):
    """The picture can be judged (again)."""
