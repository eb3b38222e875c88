"""Truth files: what really happened in a clip, written by a studio or by hand.

A truth file is ``<clip>.json`` beside the clip. ``exercise`` and either ``reps`` or ``count`` are enough; whatever is
left out is not scored. Truth made by hand may leave open what a careful reader of the film cannot tell: see
:mod:`formcheck.evaluation.labels`. ``<clip>.npz``, where there is one, holds the true joint angles and landmarks.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from formcheck.errors import InputError

from .fields import HINT, Fields
from .labels import Truth, TruthRep
from .series import TruthSeries, read_series


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
    from formcheck.judging.exercises import exercises

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
