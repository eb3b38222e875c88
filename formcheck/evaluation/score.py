"""How one report compares with its truth."""

from __future__ import annotations

from dataclasses import dataclass, field

from .angles import AngleErrors
from .hits import Hits
from .labels import Kind


@dataclass(frozen=True)
class Taken:
    """What became of a clip judged as an exercise that it does not show, or by ``auto`` as whatever it was taken for.

    Attributes
    ----------
    as_ : str
        The exercise asked for, or ``auto``.
    tempting : bool
        One of those most likely to be taken for it.
    named : str or None
        The exercise of the report.
    counted, listed : int
        Repetitions counted; attempts listed though that is not acceptable.
    faults, never : tuple of str
        Faults reported, and those of them that the truth says would clearly be wrong.
    failed : str or None
        Why there is no report.
    """

    as_: str
    tempting: bool = False
    named: str | None = None
    counted: int = 0
    listed: int = 0
    faults: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    failed: str | None = None

    @property
    def quiet(self) -> bool:
        """True if nothing was counted."""
        return self.counted == 0


@dataclass(frozen=True, eq=False)
class ClipScore:
    """How one report compares with its truth. ``None`` = the truth does not say, so it is not scored.

    Attributes
    ----------
    kind : "real", "natural" or "posed"
    sure : bool
        False: the clip is shown, but enters no figure.
    outside : bool
        A movement outside the routine: nothing but ``taken`` and ``auto`` is scored.
    failed : str or None
        Why there is no report. A failed clip is scored as a report without reps and faults, and never as exact.
    got_total, true_total, true_most : int or None
        Counted reps; the fewest and the most that may be counted.
    got_reps, true_reps : int or None
        Attempts listed, counted or not.
    total_exact, sides_exact, flags_exact, list_exact : bool or None
        The total is one that may be counted; no side (warm-up: block) is wrong; no flag of counted is; the whole list
        is right: every attempt that must be listed is, once, and nothing else, each counted as it must be.
    missed, extra_reps : tuple of float
        Start (s) of attempts that are not listed; of those listed that are none.
    needed, off : int or None
        Attempts that must be listed; by how many the list is longer or shorter than it may be.
    blocks : dict
        Warm-up block -> (counted by the report, true).
    matched : Hits or None
        Attempts matched by time.
    start_errors, end_errors : tuple of float
        Reported minus true, seconds, matched attempts.
    sides : (int, int)
        Matched attempts whose side (or block) is right, and of how many.
    named : int
        How many of these have a side in the report.
    hold_errors : tuple of float
        Seconds outside the allowance, matched attempts with a true hold.
    holds_unmeasured : int
        Matched attempts with a true hold for which the report gives none.
    faults, rep_faults : dict of Hits by fault id, or None
        For the clip as a whole, and for matched attempts one by one.
    held : tuple of (float, float) or None
        Errors in seconds of start and end of each static hold, None for one that was not found.
    missing, extra, tolerated : tuple of str
        Fault ids missed, reported wrongly, and reported where that does no harm.
    never : tuple of str
        Reported ids that would clearly be wrong.
    correct : bool
        The truth knows of no fault.
    view : str or None
        How the camera looks at the person, by the truth.
    angles : dict
        Errors by joint on the near side.
    frames, seconds, inference_seconds
        Frames judged, seconds of the whole analysis and of the bare pose inference in it.
    unjudged : float or None
        Share of the time in position that was not judged, 0-1.
    may_refuse : bool
        Declining to judge is as good as judging.
    refused : "fine", "wrong" or None
        The report declines to judge; where that is fine, nothing else is scored but faults reported all the same.
    refusal, refusal_expected : str or None
        The reason it gives, and the one expected.
    taken : tuple of Taken
        What the clip was taken for when judged as exercises that it does not show.
    auto : Taken or None
        What ``auto`` made of it.
    ways : dict
        Way of watching -> True where the list was the same, else what was different.
    why : tuple of str
        What is wrong, a line each.
    notes : tuple of str
        What the scoring noticed (a report that contradicts itself, another exercise).
    """

    clip: str
    exercise: str | None
    kind: Kind = "real"
    sure: bool = True
    outside: bool = False
    failed: str | None = None
    got_total: int | None = None
    true_total: int | None = None
    true_most: int | None = None
    got_reps: int | None = None
    true_reps: int | None = None
    total_exact: bool | None = None
    sides_exact: bool | None = None
    flags_exact: bool | None = None
    list_exact: bool | None = None
    missed: tuple[float, ...] = ()
    extra_reps: tuple[float, ...] = ()
    needed: int | None = None
    off: int | None = None
    blocks: dict[str, tuple[int, int]] = field(default_factory=dict)
    matched: Hits | None = None
    start_errors: tuple[float, ...] = ()
    end_errors: tuple[float, ...] = ()
    sides: tuple[int, int] = (0, 0)
    named: int = 0
    hold_errors: tuple[float, ...] = ()
    holds_unmeasured: int = 0
    held: tuple[tuple[float, float] | None, ...] = ()
    faults: dict[str, Hits] | None = None
    rep_faults: dict[str, Hits] | None = None
    missing: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    tolerated: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    correct: bool = False
    view: str | None = None
    angles: dict[str, AngleErrors] = field(default_factory=dict)
    frames: int | None = None
    seconds: float | None = None
    inference_seconds: float | None = None
    unjudged: float | None = None
    may_refuse: bool = False
    refused: str | None = None
    refusal: str | None = None
    refusal_expected: str | None = None
    taken: tuple[Taken, ...] = ()
    auto: Taken | None = None
    ways: dict[str, bool | str] = field(default_factory=dict)
    why: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """True if the reps (or, where only that is known, the total) and the faults are all right."""
        if self.failed is not None or self.missing or self.extra or None in self.held:
            return False
        if self.outside:
            return all(t.quiet for t in self.taken) and (self.auto is None or self.auto.quiet)
        if self.refused is not None:
            return self.refused == "fine"
        reps = self.total_exact and self.list_exact is not False and all(g == t for g, t in self.blocks.values())
        return bool(reps)

    @property
    def scored(self) -> bool:
        """True if the list of attempts enters the figures."""
        return self.sure and not self.outside and self.refused != "fine"
