"""The parts of a report as typed objects: its source, view and counts, its repetitions, faults and holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .schema import OPTIONAL


@dataclass(frozen=True)
class Source:
    """The video (or track) that was judged.

    Attributes
    ----------
    path : str
    kind : str
        ``video``, ``images``, ``stream``, ``camera`` or ``track``.
    duration_s, fps : float or None
        Seconds, and frames a second on average; None where the source does not tell.
    width, height : int or None
        Of the upright picture, px.
    frames, frames_used : int
    rotation : int
        Degrees by which the pictures were turned upright.
    recorded : str or None
        When it was recorded (ISO 8601), as the file says itself; None where it does not.
    note : str or None
        What was assumed of rate, speed and which video of the file it is; None where nothing had to be.
    """

    path: str
    kind: str
    duration_s: float | None
    fps: float | None
    width: int | None
    height: int | None
    frames: int
    frames_used: int
    rotation: int
    recorded: str | None = field(default=None, metadata=OPTIONAL)
    note: str | None = field(default=None, metadata=OPTIONAL)
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Recognised:
    """Which exercise was recognised (None: none of them), and how surely (0-1)."""

    exercise: str | None
    confidence: float | None
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ViewRow:
    """From where the camera looked: ``side``, ``front``, ``oblique`` or ``unknown``, and what to change."""

    kind: str
    near_side: str | None
    ok: bool
    advice: tuple[str, ...]
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Coverage:
    """Shares (0-1) of the time with a body seen, in position and judged; of that in position, withheld."""

    pose: float | None
    in_position: float | None
    judged: float | None
    withheld: float | None = field(default=None, metadata=OPTIONAL)
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class BallRow:
    """What was seen of the ball: share of frames, lengths in torso lengths, px and cm."""

    seen: float
    diameter_torso: float | None
    travel_torso: float | None
    floor_y_px: float | None
    diameter_cm: float | None
    torso_cm: float | None
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Counts:
    """Counted repetitions, in all, by side and (warm-up only) by block."""

    total: int
    left: int
    right: int
    blocks: Mapping[str, int] | None = field(default=None, metadata=OPTIONAL)
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class RepFault:
    """A fault within one repetition.

    Attributes
    ----------
    id : str
    from_s, to_s : float
        Seconds of the source.
    worst, limit : float or None
        In *unit*; None where the fault is not a measured one.
    unit : str
    worst_s : float or None
        When the worst value was measured; None where the end of the repetition decided.
    """

    id: str
    from_s: float
    to_s: float
    worst: float | None
    limit: float | None
    unit: str
    worst_s: float | None = field(default=None, metadata=OPTIONAL)
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class RepRow:
    """One attempt at a repetition, counted or not.

    Attributes
    ----------
    index : int
        From 1, in order of time.
    side : str or None
        ``left``, ``right``; None where the exercise has none.
    start_s, peak_s, end_s : float
        Seconds of the source: leaving the start position, middle of the end position, return.
    hold_s : float or None
        Seconds in the end position.
    counted : bool
    verdict : str
        ``good``, ``fault`` (counted, with faults) or ``not-counted``.
    why : str or None
        Why it was not counted.
    faults : tuple of RepFault
    measures : mapping
        The values that decided it; None = could not be judged.
    score : float or None
        0-100.
    block : str or None
        Part of the warm-up.
    cut : str or None
        ``start``, ``end`` or ``gap`` where it was not seen whole: never counted, no fault; None where it was.
    seen : float or None
        0-1, share of its time in which the joints that decide it were seen.
    """

    index: int
    side: str | None
    start_s: float
    peak_s: float
    end_s: float
    hold_s: float | None
    counted: bool
    verdict: str
    why: str | None
    faults: tuple[RepFault, ...]
    measures: Mapping[str, float | None]
    score: float | None
    block: str | None = field(default=None, metadata=OPTIONAL)
    cut: str | None = field(default=None, metadata=OPTIONAL)
    seen: float | None = field(default=None, metadata=OPTIONAL)
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class FaultRow:
    """A fault over the whole session.

    Attributes
    ----------
    id : str
    severity : str
        ``minor``, ``moderate`` or ``major``.
    reps : tuple of int
        Numbers of the repetitions that had it; empty where it was seen between repetitions only.
    seconds : float or None
        How long it was on, in all.
    worst, limit : float or None
        In *unit*.
    unit : str
    cue : str
        What to do about it.
    from_s, to_s : float
        First seen, last seen.
    worst_s : float or None
        When the worst value was measured.
    """

    id: str
    severity: str
    reps: tuple[int, ...]
    seconds: float | None
    worst: float | None
    limit: float | None
    unit: str
    cue: str
    from_s: float
    to_s: float
    worst_s: float | None = field(default=None, metadata=OPTIONAL)
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class HoldRow:
    """A stretch of time in the exercise's position."""

    from_s: float
    to_s: float
    seconds: float | None
    extra: Mapping[str, Any] = field(default_factory=dict)
