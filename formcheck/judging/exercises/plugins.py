"""Exercises of other packages: each is checked when it is loaded and kept apart while it runs.

Whatever one of them does, raising, leaving the program or giving something of another kind, ends in one line that names
its package; the other exercises go on.
"""

from __future__ import annotations

import math
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from importlib.metadata import EntryPoint, entry_points
from io import StringIO
from typing import Any

from formcheck.errors import FormcheckError, PluginError
from formcheck.shown import brief, printable
from formcheck.sight.pose.landmarks import JOINT

from ..rules import beside
from ..rules.checks import ALWAYS, Check
from ..rules.drawing import Bend, Bow, Drawing, Gap, Tilt
from ..rules.exercise import Exercise, Prescription
from ..rules.facts import BallPlace, Breathing, Followed
from ..rules.gates import Gate
from ..rules.judge import Judge
from ..rules.limits import Limit, Limits
from ..rules.score import WEIGHTS
from .chosen import RESERVED

GROUP = "formcheck.exercises"
VIEWS = ("side", "front", "oblique", "unknown")
HINT = "update or remove the package"
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+){0,9}")
_LONGEST_ID = 60
_CANNOT = " cannot be used"
#: Package by class of the exercises that came from one.
_packages: dict[type, str] = {}
#: Why exercises cannot be used, by the name of their entry point and, where it is known, by id.
_broken: dict[str, PluginError] = {}
#: What is to be said, one line an exercise.
_left_out: dict[str, str] = {}


def load(taken: Mapping[str, Exercise]) -> dict[str, Exercise]:
    """Load what installed packages add; what cannot be used is left out.

    Parameters
    ----------
    taken : mapping
        Exercises by id that are there already.

    Returns
    -------
    dict
        Sound ones by id, in the order of their entry points' names.
    """
    found: dict[str, Exercise] = {}
    _broken.clear()
    _left_out.clear()
    for point in sorted(entry_points(group=GROUP), key=lambda p: (p.name, p.value)):
        package = point.dist.name if point.dist is not None else point.value
        made: Any = None
        try:
            made = _made(point)
            check(made)
            if made.id in taken or made.id in found:
                raise ValueError(f"another exercise has the id {made.id}")
        except KeyboardInterrupt:
            raise
        except BaseException as e:  # noqa: BLE001 -- a package may even leave the program
            error = _error(point.name, package, e)
            leave_out(error)
            for name in {point.name, str(getattr(made, "id", ""))} - {*taken, *found}:
                _broken[name] = error
            continue
        _packages[type(made)] = package
        found[made.id] = made
    return found


def check_usable(name: str) -> None:
    """Raise PluginError if an exercise of this name is there and cannot be used."""
    if (error := _broken.get(name)) is not None:
        raise PluginError(error.message, error.hint)


def left_out() -> list[str]:
    """Return a line for each exercise that was left out since they were loaded: its package, and why."""
    return list(_left_out.values())


def left_out_elsewhere(lines: Iterable[str]) -> None:
    """Take over what :func:`left_out` said in another process."""
    for line in lines:
        _left_out.setdefault(line.partition(_CANNOT)[0], line)


def _made(point: EntryPoint) -> Any:
    """Return what an entry point leads to, made; what it prints and warns of meanwhile is nobody's business."""
    with redirect_stdout(StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return point.load()()


def _error(name: str, package: str, cause: BaseException) -> PluginError:
    first = next(iter(str(cause).splitlines()), "")
    said = f"{type(cause).__name__}: {first}" if first else type(cause).__name__
    return PluginError(f"the exercise {brief(name)} of the package {package}{_CANNOT} ({said})", HINT)


def leave_out(error: PluginError) -> None:
    """Remember that an exercise was left out, and why the first time."""
    _left_out.setdefault(error.message.partition(_CANNOT)[0], str(error))


@contextmanager
def isolated(exercise: Exercise) -> Iterator[None]:
    """Turn whatever an exercise of another package raises in the block into a :class:`PluginError`.

    Errors of the machine (files, memory) and those that are meant for the user pass, as do all of our own exercises.
    """
    try:
        yield
    except (FormcheckError, OSError, MemoryError):
        raise
    except (Exception, SystemExit) as e:
        package = _packages.get(type(exercise))
        if package is None:
            raise
        raise _error(exercise.id, package, e) from e


@contextmanager
def kept_apart(exercise: Exercise, failed: dict[str, str]) -> Iterator[None]:
    """Let the others go on where an exercise of another package fails in the block; put down why in *failed*, by id."""
    try:
        with isolated(exercise):
            yield
    except PluginError as e:
        leave_out(e)
        failed[exercise.id] = str(e)


def described(exercise: Exercise) -> str:
    """Return what an exercise says its position looks like; its summary where it cannot."""
    said: list[str] = []
    with kept_apart(exercise, {}):
        text = exercise.describe()
        _check_text("describe", text)
        said.append(text)
    return said[0] if said else exercise.summary


def check(e: Any) -> None:
    """Raise TypeError or ValueError if something is no exercise, or says of itself what cannot be."""
    if not isinstance(e, Exercise):
        raise TypeError(f"expected an Exercise, got a {type(e).__name__}")
    name = _typed(e, "id", str)
    if not _ID.fullmatch(name) or len(name) > _LONGEST_ID or name in RESERVED:
        raise ValueError(f"id: expected a name such as knee-lift, got {brief(name)}")
    for text in ("title", "summary", "camera", "belly"):
        _check_text(text, getattr(e, text, None))
    _check_texts("intro", e.intro)
    _check_texts("views", _typed(e, "views", tuple, list), VIEWS)
    if not e.views:
        raise ValueError("views: expected at least one")
    prescription = _typed(e, "prescription", Prescription)
    _check_number("prescription.reps", prescription.reps, 1, 1000)
    _check_number("prescription.hold_s", prescription.hold_s, 0, 3600)
    _check_texts("prescription.blocks", prescription.blocks)
    limits = _typed(e, "limits", Mapping)
    for key, limit in limits.items():
        _check_text("limits", key)
        if not isinstance(limit, Limit):
            raise TypeError(f"limits.{key}: expected a Limit, got {brief(limit)}")
        for number in (limit.value, limit.slack):
            _check_number(f"limits.{key}", number, -1e9, 1e9)
        _check_text(f"limits.{key}.unit", limit.unit)
        _check_text(f"limits.{key}.why", limit.why)
    for one in _typed(e, "checks", tuple, list):
        _check_check(one, limits)
    drawing = _typed(e, "drawing", Drawing)
    _check_texts("drawing", [n.partition(":")[0] for _, *names in drawing.angles for n in names], JOINT)
    _check_texts("drawing.line", [n.partition(":")[0] for n in drawing.line], JOINT)
    for gate in (
        *_typed(e, "position", tuple, list),
        *_typed(e, "start", tuple, list),
        *_typed(e, "hold", tuple, list),
    ):
        _check_gate(gate, limits)
    _check_facts(e)
    for lang in beside.languages(type(e)):
        beside.texts(type(e), lang)
    beside.outline(type(e))
    fit_together(e, Limits(name, limits))


def fit_together(e: Exercise, limits: Limits) -> None:
    """Raise ValueError or KeyError if nothing could be judged under these limits, as two of them exclude each other."""
    values = limits.as_dict()
    for gate in (*e.position, *e.start, *e.hold):
        if gate.low and gate.high and values[gate.low] > values[gate.high]:
            raise ValueError(f"{gate.low} ({values[gate.low]:g}) is above {gate.high} ({values[gate.high]:g})")
    if values.get(e.least, 1.0) <= 0:
        raise ValueError(f"{e.least} ({values[e.least]:g}) is not above 0: without a rise there is no attempt")
    Judge(e.under(limits))


def _check_gate(gate: Any, limits: Mapping[str, Limit]) -> None:
    if not isinstance(gate, Gate):
        raise TypeError(f"gates: expected a Gate, got {brief(gate)}")
    for name in (gate.low, gate.high):
        if name and name not in limits:
            raise ValueError(f"gates: there is no limit {brief(name)}")


def _check_check(one: Any, limits: Mapping[str, Limit]) -> None:
    if not isinstance(one, Check):
        raise TypeError(f"checks: expected a Check, got {brief(one)}")
    for text in (one.id, one.cue, one.why, one.limit):
        _check_text("checks", text)
    if one.limit not in limits and (one.limit or one.signal):
        raise ValueError(f"checks.{one.id}: there is no limit {brief(one.limit)}")
    if one.severity not in WEIGHTS or one.sense not in ("above", "below") or not set(one.phases) <= ALWAYS:
        raise ValueError(f"checks.{one.id}: severity, sense or phases are none")
    _check_texts(f"checks.{one.id}.joints", one.joints, JOINT)
    if one.slack and one.slack not in limits:
        raise ValueError(f"checks.{one.id}.slack: there is no limit {brief(one.slack)}")
    _check_number(f"checks.{one.id}.dwell_s", one.dwell_s, 0, 3600)
    _check_number(f"checks.{one.id}.span", one.span, 1e-9, 1e9)


def _check_facts(e: Exercise) -> None:
    """Check what an exercise says of itself for those who speak, draw and keep figures."""
    for what in ("measures", "decided"):
        for measure, words in _typed(e, what, Mapping).items():
            _check_text(what, measure)
            if not isinstance(words, tuple) or len(words) != 2:
                raise TypeError(f"{what}.{measure}: expected (unit, meaning), got {brief(words)}")
            _check_texts(f"{what}.{measure}", words)
    for one in _typed(e, "followed", tuple, list):
        if not isinstance(one, Followed) or one.measure not in e.decided or one.better not in (-1, 0, 1):
            raise ValueError(f"followed: expected a Followed of what decides a repetition, got {brief(one)}")
        _check_text("followed", one.label)
    for check in e.checks:
        _check_text(f"checks.{check.id}.uncounts", check.uncounts)
        try:
            check.uncounts.format(**dict.fromkeys((*e.decided, "value", "limit"), 0.0))
        except (LookupError, ValueError, AttributeError):
            raise ValueError(f"checks.{check.id}.uncounts: cannot fill in {brief(check.uncounts)}") from None
    _check_texts("uncounting", _typed(e, "uncounting", tuple, list), {c.id for c in e.checks})
    _typed(e, "breathing", Breathing)
    if e.ball is not None:
        _check_texts("ball", (_typed(e, "ball", BallPlace).joint,), JOINT)
        _check_number("ball.below", e.ball.below, -5, 5)
        _check_number("ball.radius", e.ball.radius, 0, 5)
    for key, sketch in _typed(e, "drawing", Drawing).sketches.items():
        if not isinstance(sketch, Bend | Tilt | Bow | Gap):
            raise TypeError(f"drawing.sketches.{key}: expected a Bend, Tilt, Bow or Gap, got {brief(sketch)}")
        joints = (sketch.a, sketch.b, *([sketch.c] if isinstance(sketch, Bend | Bow) else []))
        towards = sketch.to if isinstance(sketch, Tilt) and isinstance(sketch.to, tuple) else ()
        _check_texts(f"drawing.sketches.{key}", [n.partition(":")[0] for n in (*joints, *towards)], JOINT)


def _typed(e: Exercise, name: str, *kinds: type) -> Any:
    value = getattr(e, name, None)
    if not isinstance(value, kinds):
        raise TypeError(f"{name}: expected a {kinds[0].__name__}, got {brief(value)}")
    return value


def _check_text(name: str, value: Any) -> None:
    if not isinstance(value, str):
        raise TypeError(f"{name}: expected a text, got {brief(value)}")
    if printable(value) != value:
        raise ValueError(f"{name}: expected one line, got {brief(value)}")


def _check_texts(name: str, values: Any, known: Any = None) -> None:
    for value in values:
        _check_text(name, value)
        if known is not None and value not in known:
            raise ValueError(f"{name}: expected of {', '.join(known)}, got {brief(value)}")


def _check_number(name: str, value: Any, least: float, most: float) -> None:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or math.isnan(value):
        raise TypeError(f"{name}: expected a number, got {brief(value)}")
    if not least <= value <= most:
        raise ValueError(f"{name}: expected a number from {least:g} to {most:g}, got {brief(value)}")
