"""Truth files: what really happened in a clip, written by a studio or by hand.

A truth file is ``<clip>.json`` beside the clip. ``exercise`` and either ``reps`` or ``count`` are enough; whatever is
left out is not scored. ``<clip>.npz``, where there is one, holds the true joint angles and landmarks over time.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError

Array = NDArray[np.float64]

HINT = "a truth file is a JSON object with at least `exercise` and `reps` (a list) or `count` (a number)"


@dataclass(frozen=True)
class TruthRep:
    """One attempt, counted or not. Times in seconds; ``None`` where the file does not say."""

    side: str | None = None
    block: str | None = None
    start_s: float | None = None
    end_s: float | None = None
    hold_s: float | None = None
    counted: bool = True
    faults: frozenset[str] | None = None

    @property
    def label(self) -> str | None:
        """The block of a warm-up cycle, otherwise the side."""
        return self.block or self.side

    @property
    def timed(self) -> bool:
        """True if both ends are known."""
        return self.start_s is not None and self.end_s is not None


@dataclass(frozen=True, eq=False)
class TruthSeries:
    """True angles over time.

    Attributes
    ----------
    t : (n,) array
        Seconds.
    angles : dict of (n,) arrays
        Joint angles in space by name (``knee_left``), degrees.
    px : (n, 33, 2) array or None
        True landmarks in pixels.
    """

    t: Array
    angles: dict[str, Array]
    px: Array | None = None


@dataclass(frozen=True, eq=False)
class Truth:
    """What happened in one clip.

    Attributes
    ----------
    reps : tuple of TruthRep or None
        Attempts in the order of time; None if only the count is known.
    count : int
        Counted reps.
    faults : frozenset of str or None
        Fault ids shown anywhere in the clip; None if the file is silent about faults.
    also_ok : frozenset of str
        Fault ids that may be reported without being wrong.
    near_side : "left", "right" or None
        The side of the body nearer the camera.
    view : str or None
        How the camera looks at the person: ``"side"``, ``"front"`` ...
    """

    clip: str
    exercise: str
    count: int
    reps: tuple[TruthRep, ...] | None = None
    faults: frozenset[str] | None = None
    also_ok: frozenset[str] = frozenset()
    near_side: str | None = None
    view: str | None = None
    series: TruthSeries | None = field(default=None, repr=False)


class _Reader:
    """Typed access to a JSON object; every complaint names the file and the field."""

    def __init__(self, data: Any, where: str) -> None:
        self.where = where
        if not isinstance(data, dict):
            raise self.bad("expected an object", data)
        self.data = data

    def bad(self, what: str, got: Any) -> InputError:
        shown = json.dumps(got, default=str)
        return InputError(f"{self.where}: {what}, got {shown if len(shown) <= 40 else shown[:37] + '...'}", HINT)

    def text(self, key: str) -> str | None:
        v = self.data.get(key)
        if v is not None and (not isinstance(v, str) or not v.strip()):
            raise self.bad(f"`{key}` must be a word", v)
        return v

    def side(self, key: str) -> str | None:
        v = self.data.get(key)
        if v not in ("left", "right", None):
            raise self.bad(f"`{key}` must be left, right or null", v)
        return v

    def number(self, key: str) -> float | None:
        v = self.data.get(key)
        if v is None:
            return None
        if isinstance(v, bool) or not isinstance(v, (int, float)) or not math.isfinite(v) or v < 0:
            raise self.bad(f"`{key}` must be a number of seconds", v)
        return float(v)

    def items(self, key: str) -> list[Any] | None:
        v = self.data.get(key)
        if v is not None and not isinstance(v, list):
            raise self.bad(f"`{key}` must be a list", v)
        return v

    def ids(self, key: str) -> frozenset[str] | None:
        """Fault ids, as plain strings or as objects with an ``id``."""
        v = self.items(key)
        if v is None:
            return None
        out: list[Any] = [x.get("id") if isinstance(x, dict) else x for x in v]
        for x in out:
            if not isinstance(x, str) or not x:
                raise self.bad(f"`{key}` must list fault ids", v)
        return frozenset(out)


def _rep(data: Any, where: str) -> TruthRep:
    r = _Reader(data, where)
    counted = r.data.get("counted", True)
    if not isinstance(counted, bool):
        raise r.bad("`counted` must be true or false", counted)
    start, end = r.number("start_s"), r.number("end_s")
    if start is not None and end is not None and end < start:
        raise r.bad("`end_s` must not be before `start_s`", [start, end])
    return TruthRep(r.side("side"), r.text("block"), start, end, r.number("hold_s"), counted, r.ids("faults"))


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
    r = _Reader(data, clip)
    exercise = r.text("exercise")
    if exercise is None:
        raise r.bad("`exercise` is missing", sorted(map(str, r.data)))
    listed = r.items("reps")
    count = r.data.get("count")
    if count is not None and (isinstance(count, bool) or not isinstance(count, int) or count < 0):
        raise r.bad("`count` must be a whole number", count)
    if listed is None and count is None:
        raise r.bad("neither `reps` nor `count`", sorted(map(str, r.data)))

    reps = None if listed is None else tuple(_rep(x, f"{clip}, reps[{i}]") for i, x in enumerate(listed))
    faults = r.ids("faults")
    if reps is not None:
        if all(rep.start_s is not None for rep in reps):
            reps = tuple(sorted(reps, key=lambda rep: rep.start_s or 0.0))
        total = sum(rep.counted for rep in reps)
        if count is not None and count != total:
            raise r.bad(f"`count` disagrees with the {total} counted reps in `reps`", count)
        count = total
        by_rep = [rep.faults for rep in reps if rep.faults is not None]
        if by_rep:
            faults = frozenset().union(faults or frozenset(), *by_rep)
    camera = _Reader(r.data.get("camera") or {}, f"{clip}, camera")
    assert count is not None
    return Truth(
        clip=r.text("clip") or clip,
        exercise=exercise,
        count=count,
        reps=reps,
        faults=faults,
        also_ok=r.ids("also_ok") or frozenset(),
        near_side=camera.side("near_side"),
        view=camera.text("view"),
        series=series,
    )


def read_series(path: Path) -> TruthSeries:
    """Read the true angles and landmarks in a ``.npz``.

    Raises
    ------
    InputError
        If the file cannot be read or its arrays do not fit together.
    """
    hint = "it must hold `t` (n), `angle_<joint>_<side>` (n) in degrees and may hold `px` (n, 33, 2)"
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as z:
            t = np.asarray(z["t"], dtype=np.float64)
            angles = {k[6:]: np.asarray(z[k], dtype=np.float64) for k in z.files if k.startswith("angle_")}
            px = np.asarray(z["px"], dtype=np.float64) if "px" in z.files else None
    except Exception as e:  # numpy and zipfile raise many kinds on a damaged archive
        raise InputError(f"{path}: not a readable truth series ({type(e).__name__}: {e})", hint) from e
    n = len(t) if t.ndim == 1 else -1
    fits = n > 0 and bool(np.all(np.isfinite(t))) and bool(np.all(np.diff(t) > 0))
    if not fits or any(a.shape != (n,) for a in angles.values()) or (px is not None and px.shape != (n, 33, 2)):
        raise InputError(f"{path}: the arrays of the truth series do not fit together", hint)
    return TruthSeries(t, angles, px)


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
    except ValueError as e:
        raise InputError(f"{path}: not JSON ({e})", HINT) from e
    npz = path.with_suffix(".npz")
    series = read_series(npz) if npz.is_file() else None
    truth = parse_truth(data, str(path), series)
    return replace(truth, clip=path.stem) if truth.clip == str(path) else truth
