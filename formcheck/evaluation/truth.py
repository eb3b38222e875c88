"""Truth files: what really happened in a clip, written by a studio or by hand.

A truth file is ``<clip>.json`` beside the clip. ``exercise`` and either ``reps`` or ``count`` are enough; whatever is
left out is not scored. Truth made by hand may leave open what a careful reader of the film cannot tell: see
:class:`TruthRep` and :class:`Truth`. ``<clip>.npz``, where there is one, holds the true joint angles and landmarks.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from ..errors import InputError
from .fields import HINT, Fields
from .series import TruthSeries, read_series

#: Where a truth comes from: ``real`` people, labelled by hand; ``natural`` and ``posed`` ones, rendered from a script.
Kind = Literal["real", "natural", "posed"]
KINDS: tuple[Kind, ...] = ("real", "natural", "posed")
#: Times of a truth made by hand are right to this much (s).
HAND_S = 0.2


@dataclass(frozen=True)
class TruthRep:
    """One attempt, counted or not. Times in seconds; ``None`` where the file does not say.

    Attributes
    ----------
    counted : bool or None
        None: either is right.
    faults : frozenset of str or None
        Shown without doubt; None if the file is silent about faults.
    maybe : frozenset of str
        May be reported or not.
    may_withhold : frozenset of str
        Right where reported; leaving them out is fair too.
    cut : "start", "end", "gap" or None
        Under way at the first or last frame or where the picture is missing: may be listed (not counted) or left out.
    optional : bool
        May be listed or left out.
    """

    side: str | None = None
    block: str | None = None
    start_s: float | None = None
    peak_s: float | None = None
    end_s: float | None = None
    hold_s: float | None = None
    counted: bool | None = True
    faults: frozenset[str] | None = None
    maybe: frozenset[str] = frozenset()
    may_withhold: frozenset[str] = frozenset()
    cut: str | None = None
    optional: bool = False

    @property
    def label(self) -> str | None:
        """The block of a warm-up cycle, otherwise the side."""
        return self.block or self.side

    @property
    def timed(self) -> bool:
        """True if both ends are known."""
        return self.start_s is not None and self.end_s is not None

    @property
    def free(self) -> bool:
        """True if the attempt may be listed or left out."""
        return self.optional or self.cut is not None

    @property
    def allowed(self) -> frozenset[str]:
        """Fault ids that may be reported of it."""
        return (self.faults or frozenset()) | self.maybe | self.may_withhold

    @property
    def at_s(self) -> float | None:
        """When it was, roughly: its start, else its peak, else its end."""
        return next((t for t in (self.start_s, self.peak_s, self.end_s) if t is not None), None)


@dataclass(frozen=True, eq=False)
class Truth:
    """What happened in one clip.

    Attributes
    ----------
    exercise : str or None
        None: a movement outside the routine, of which nothing may be counted.
    reps : tuple of TruthRep or None
        Attempts in the order of time, those that may be left out among them; None if only the count is known.
    count, most : int
        Fewest and most repetitions that may be counted.
    faults : frozenset of str or None
        Fault ids shown without doubt anywhere in the clip; None if the file is silent about faults.
    also_ok : frozenset of str
        Fault ids that may be reported anywhere in the clip.
    may_withhold : frozenset of str
        Ids of ``faults`` that may be left out.
    never : frozenset of str
        Ids of faults (of a movement outside the routine: of exercises too) that would clearly be wrong.
    tempting, attempts_ok : tuple of str
        Of a movement outside the routine: exercises most likely to be taken for it, and those as which an attempt that
        is not counted is acceptable.
    refusal : "fine", "wrong" or None
        Whether not judging the clip is as good as judging it; the reason expected then is ``refusal_reason``.
    holds : tuple of (start, end)
        Static holds without repetitions, seconds.
    sure : bool
        False: the reader was not sure, so the clip is shown but not scored.
    kind : "real", "natural" or "posed"
        Told by the file: ``acted`` says a script that behaves like people, ``variant`` a posed one; what has neither
        was written by hand.
    near_side : "left", "right" or None
        The side of the body nearer the camera.
    view : str or None
        How the camera looks at the person: ``"side"``, ``"front"`` ...
    duration_s : float or None
    """

    clip: str
    exercise: str | None
    count: int
    most: int = 0
    reps: tuple[TruthRep, ...] | None = None
    faults: frozenset[str] | None = None
    also_ok: frozenset[str] = frozenset()
    may_withhold: frozenset[str] = frozenset()
    never: frozenset[str] = frozenset()
    tempting: tuple[str, ...] = ()
    attempts_ok: tuple[str, ...] = ()
    refusal: str | None = None
    refusal_reason: str | None = None
    holds: tuple[tuple[float, float], ...] = ()
    sure: bool = True
    kind: Kind = "real"
    near_side: str | None = None
    view: str | None = None
    duration_s: float | None = None
    series: TruthSeries | None = field(default=None, repr=False)

    @property
    def needed(self) -> tuple[TruthRep, ...]:
        """The attempts that must be listed."""
        return tuple(r for r in self.reps or () if not r.free)

    @property
    def allowed_anywhere(self) -> frozenset[str]:
        """Fault ids that may be reported, whatever is made of attempts that may be left out."""
        told = (r.allowed for r in self.needed)
        return (self.faults or frozenset()).union(self.also_ok, self.may_withhold, *told)

    @property
    def allowed(self) -> frozenset[str]:
        """Fault ids that may be reported, those of attempts that may be left out among them."""
        return self.allowed_anywhere.union(*(r.allowed for r in self.reps or ()))

    @property
    def slack_s(self) -> float:
        """How far the times may be off."""
        return HAND_S if self.kind == "real" else 0.0


def _rep(data: Any, where: str, optional: bool) -> TruthRep:
    r = Fields(data, where)
    rep = TruthRep(
        side=r.side("side"),
        block=r.text("block"),
        start_s=r.number("start_s"),
        peak_s=r.number("peak_s"),
        end_s=r.number("end_s"),
        hold_s=r.number("hold_s"),
        counted=r.maybe_flag("counted", True),
        faults=r.ids("faults"),
        maybe=r.ids("maybe") or frozenset(),
        may_withhold=r.ids("may_withhold") or frozenset(),
        cut=r.one_of("cut", ("start", "end", "gap")),
        optional=optional,
    )
    if rep.start_s is not None and rep.end_s is not None and rep.end_s < rep.start_s:
        raise r.bad("`end_s` must not be before `start_s`", [rep.start_s, rep.end_s])
    return rep


def _reps(r: Fields) -> tuple[TruthRep, ...] | None:
    """Return all attempts in the order of time, as far as their times are known."""
    listed = r.items("reps")
    if listed is None:
        return None
    reps = [_rep(x, f"{r.where}, reps[{i}]", False) for i, x in enumerate(listed)]
    for i, x in enumerate(r.items("optional_reps") or ()):
        reps.append(_rep(x, f"{r.where}, optional_reps[{i}]", True))
    if all(rep.at_s is not None for rep in reps):
        reps.sort(key=lambda rep: rep.at_s or 0.0)
    return tuple(reps)


def span_of(rep: TruthRep, reps: Sequence[TruthRep]) -> tuple[float, float]:
    """Return from when to when an attempt may have been; an end that is not known is its neighbour's or the clip's.

    Parameters
    ----------
    rep : TruthRep
    reps : sequence of TruthRep
        All attempts of the clip.
    """
    lo, hi = rep.start_s, rep.end_s
    if lo is None:
        before = [r.end_s for r in reps if r is not rep and r.end_s is not None and r.end_s <= (rep.at_s or 0.0)]
        lo = max(before, default=0.0) if rep.cut != "start" else 0.0
    if hi is None:
        after = [r.start_s for r in reps if r is not rep and r.start_s is not None and r.start_s >= (rep.at_s or 0.0)]
        hi = min(after, default=math.inf) if rep.cut != "end" else math.inf
    return lo, hi


def parse_truth(data: Any, clip: str = "truth", series: TruthSeries | None = None) -> Truth:
    """Read a truth out of parsed JSON.

    Parameters
    ----------
    data : object
        The parsed JSON.
    clip : str
        Its name, for messages and where the file gives none.
    series : TruthSeries, optional
        True angles over time.

    Raises
    ------
    InputError
        If a field is missing or is not what it must be.

    Examples
    --------
    >>> parse_truth({"exercise": "swan", "count": 5}).count
    5
    """
    r = Fields(data, clip)
    exercise = r.text("exercise")
    if "exercise" not in r.data:
        raise r.bad("`exercise` is missing", sorted(map(str, r.data)))
    reps = _reps(r)
    least, most = _count(r, exercise, reps)
    faults, may_withhold = _faults(r, reps)
    camera = Fields(r.data.get("camera") or {}, f"{clip}, camera")
    truth = Truth(
        clip=r.text("clip") or clip,
        exercise=exercise,
        count=least,
        most=most,
        reps=reps,
        faults=faults,
        also_ok=r.ids("also_ok") or frozenset(),
        may_withhold=may_withhold,
        never=r.ids("never") or frozenset(),
        tempting=_exercises(r, "tempting"),
        attempts_ok=_exercises(r, "attempts_ok"),
        refusal=r.one_of("refusal", ("fine", "wrong")),
        refusal_reason=r.text("refusal_reason"),
        holds=r.spans("holds"),
        sure=r.flag("sure", True),
        kind="natural" if r.data.get("acted") is not None else "posed" if r.data.get("variant") is not None else "real",
        near_side=camera.side("near_side") or r.side("near_side"),
        view=camera.text("view") or r.text("view"),
        duration_s=r.number("duration_s"),
        series=series,
    )
    if both := truth.never & truth.allowed_anywhere:
        raise r.bad("ids both in `never` and among what may be reported", sorted(both))
    return truth


def _exercises(r: Fields, key: str) -> tuple[str, ...]:
    from ..exercises import exercises

    ids = r.items(key) or []
    for i in ids:
        if not isinstance(i, str) or i not in exercises():
            raise r.bad(f"`{key}` must list ids of exercises", i)
    return tuple(dict.fromkeys(ids))


def _count(r: Fields, exercise: str | None, reps: tuple[TruthRep, ...] | None) -> tuple[int, int]:
    """Return the fewest and the most repetitions that may be counted."""
    count = r.data.get("count")
    if count is not None and (isinstance(count, bool) or not isinstance(count, int) or count < 0):
        raise r.bad("`count` must be a whole number", count)
    if exercise is None:
        if reps or count:
            raise r.bad("a movement outside the routine (`exercise` null) has no repetitions", count or len(reps or ()))
        return 0, 0
    if reps is None:
        if count is None:
            raise r.bad("neither `reps` nor `count`", sorted(map(str, r.data)))
        return count, count
    least = sum(rep.counted is True and not rep.free for rep in reps)
    most = sum(rep.counted is not False for rep in reps)
    if count is not None and not least <= count <= most:
        raise r.bad(f"`count` disagrees with the {least} counted reps in `reps`", count)
    return (least, most) if count is None else (count, count)


def _faults(r: Fields, reps: tuple[TruthRep, ...] | None) -> tuple[frozenset[str] | None, frozenset[str]]:
    """Return the fault ids shown without doubt in the clip, and those of them that may be left out."""
    whole, withhold = r.ids("faults"), r.ids("may_withhold") or frozenset()
    told = [rep for rep in reps or () if rep.faults is not None and not rep.free]
    if whole is None and not any(rep.faults is not None for rep in reps or ()):
        return None, withhold
    firm = (whole or frozenset()).union(*((rep.faults or frozenset()) - rep.may_withhold for rep in told))
    loose = frozenset().union(*((rep.faults or frozenset()) & rep.may_withhold for rep in told))
    return firm | loose, withhold | (loose - firm)


def read_truth(path: str | Path) -> Truth:
    """Read ``<clip>.json`` and, where there is one, ``<clip>.npz``.

    Parameters
    ----------
    path : path
        The JSON file.

    Raises
    ------
    InputError
        If a file is missing, unreadable or not a truth.
    """
    path = Path(path)
    try:
        data = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as e:
        raise InputError(f"{path}: no truth file that can be read ({e.strerror or e})", HINT) from e
    except (ValueError, RecursionError) as e:
        raise InputError(f"{path}: not JSON ({e})", HINT) from e
    npz = path.with_suffix(".npz")
    series = read_series(npz) if npz.is_file() else None
    truth = parse_truth(data, str(path), series)
    return replace(truth, clip=path.stem) if truth.clip == str(path) else truth
