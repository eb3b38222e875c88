"""Files that lie beside the module of an exercise, named by its id: its texts by language, its start position.

``knee-lift.en.toml`` and ``knee-lift.pl.toml`` are its texts, ``knee-lift.ghost.json`` the outline of its start
position. An exercise without them speaks the words of its class in every language, and has no outline.
"""

from __future__ import annotations

import json
import math
import string
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from formcheck.shown import brief, printable
from formcheck.sight.pose.landmarks import N_LANDMARKS, Landmark

from .exercise import Exercise
from .said import HOLD, HOLD_OR_MORE

#: What the texts of an exercise may hold: single texts, lists of them, and texts by name.
SINGLE, LISTS = ("title", "position", "camera", "ball"), ("intro",)
BY_NAME = ("blocks", "measures", "faults", "cues", "mended")
#: How pages show its measures.
CURVES = "curves"
#: The forms of a text: said to somebody who moves, and written where there is time to read.
FORMS = ("spoken", "written")
#: What a text may have filled in.
FILLED = frozenset({HOLD.strip("{}"), HOLD_OR_MORE.strip("{}")})
#: No outline reaches further (torso lengths).
FARTHEST = 20.0


def folder(kind: type[Exercise]) -> Path | None:
    """Return where the files of an exercise lie, None for one without a module in a file."""
    file = getattr(sys.modules.get(kind.__module__), "__file__", None)
    return Path(file).parent if file else None


def languages(kind: type[Exercise]) -> list[str]:
    """Return the languages in which an exercise has texts, by their codes."""
    where = folder(kind)
    if where is None:
        return []
    return sorted(p.name.split(".")[1] for p in where.glob(f"{kind.id}.*.toml") if p.name.count(".") == 2)


# ---- texts -----------------------------------------------------------------------------
@dataclass(frozen=True)
class Text:
    """One text in both forms."""

    spoken: str
    written: str


@dataclass(frozen=True)
class Curve:
    """How a page shows a measure: what it is called, and a sentence on how to read it."""

    name: str
    reading: str


@dataclass(frozen=True)
class Texts:
    """What an exercise says in one language; what its file leaves out is missing here.

    Attributes
    ----------
    single : mapping
        ``title``, ``position`` (the start position in a few words), ``camera`` (how to place it) and ``ball`` (where it
        belongs).
    intro : tuple of Text
    blocks, measures, faults, cues, mended : mapping
        Names of its parts; of its measures, by signal, or by fault where the end of an attempt tells it; of its faults;
        corrections and praise by fault.
    curves : mapping
        How pages show its measures, by signal, or by the name of what decides a repetition.
    """

    single: Mapping[str, Text]
    intro: tuple[Text, ...]
    blocks: Mapping[str, Text]
    measures: Mapping[str, Text]
    faults: Mapping[str, Text]
    cues: Mapping[str, Text]
    mended: Mapping[str, Text]
    curves: Mapping[str, Curve]


NO_TEXTS = Texts({}, (), {}, {}, {}, {}, {}, {})


@cache
def texts(kind: type[Exercise], lang: str) -> Texts:
    """Return what an exercise says in a language, from the file beside its module.

    Raises
    ------
    ValueError, TypeError
        If there is something else in the file.
    """
    where = folder(kind)
    file = where / f"{kind.id}.{lang}.toml" if where is not None else None
    if file is None or not file.is_file():
        return NO_TEXTS
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as e:
        raise ValueError(f"{file.name}: {e}") from e
    unknown = [k for k in data if k not in (*SINGLE, *LISTS, *BY_NAME, CURVES)]
    if unknown:
        raise ValueError(f"{file.name}: there is no text called {brief(unknown[0])}")
    single = {k: _text(data[k], f"{file.name}: {k}") for k in SINGLE if k in data}
    intro = data.get("intro", [])
    if not isinstance(intro, list):
        raise TypeError(f"{file.name}: intro: expected a list of sentences, got {brief(intro)}")
    named = {}
    for table in BY_NAME:
        found = data.get(table, {})
        if not isinstance(found, dict):
            raise TypeError(f"{file.name}: {table}: expected texts by name, got {brief(found)}")
        named[table] = {k: _text(v, f"{file.name}: {table}.{k}") for k, v in found.items()}
    faults = {c.id for c in kind.checks}
    strange = [f for table in ("faults", "cues", "mended") for f in named[table] if f not in faults]
    if strange:
        raise ValueError(f"{file.name}: the exercise has no fault {brief(strange[0])}")
    said = tuple(_text(line, f"{file.name}: intro") for line in intro)
    return Texts(single, said, **named, curves=_curves(data.get(CURVES, {}), f"{file.name}: {CURVES}"))


def _curves(found: Any, what: str) -> dict[str, Curve]:
    if not isinstance(found, dict):
        raise TypeError(f"{what}: expected texts by name, got {brief(found)}")
    out = {}
    for name, pair in found.items():
        if not isinstance(pair, list) or len(pair) != 2:
            raise TypeError(f"{what}.{name}: expected a name and a sentence, got {brief(pair)}")
        out[name] = Curve(*(_text(part, f"{what}.{name}").written for part in pair))
    return out


def _text(value: Any, what: str) -> Text:
    forms = value if isinstance(value, dict) else dict.fromkeys(FORMS, value)
    if set(forms) != set(FORMS) or not all(isinstance(v, str) for v in forms.values()):
        raise ValueError(f"{what}: expected a text, or both spoken and written, got {brief(value)}")
    for text in forms.values():
        if not text or printable(text) != text:
            raise ValueError(f"{what}: expected one line, got {brief(text)}")
        try:
            filled = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
        except ValueError:
            filled = {text}
        if not filled <= FILLED:
            raise ValueError(f"{what}: only {{hold}} and {{hold_or_more}} are filled in, got {brief(text)}")
    return Text(forms["spoken"], forms["written"])


# ---- the start position ----------------------------------------------------------------
@dataclass(frozen=True)
class Outline:
    """A start position and the way to the end position: hips at first at the origin, the trunk of length 1, y down.

    Attributes
    ----------
    heading : int
        +1 where the head (lying) or the face (upright) points to the right, -1 to the left.
    floor : float
        Height of the floor, below the hips.
    points : (33, 2) array
        Landmarks of the start position, NaN where there is none.
    ball : (3,) array or None
        Centre and radius.
    moves : (k, 33, 2) array
        Landmarks on the way, as far apart as they move; of an exercise whose way is not known there are none.
    balls : (k, 2) array or None
        Centres of the ball on the way.
    back : bool
        Whether the way back is the same one; if not, the way comes back by itself.
    """

    heading: int
    floor: float
    points: NDArray[np.float64]
    ball: NDArray[np.float64] | None
    moves: NDArray[np.float64]
    balls: NDArray[np.float64] | None = None
    back: bool = True

    def at(self, share: float) -> tuple[NDArray[np.float64], NDArray[np.float64] | None]:
        """Return the landmarks, and the ball, at a share (0-1) of the way."""
        if share <= 0 or not len(self.moves):
            return self.points, self.ball
        whole, rest = divmod(min(share, 1.0) * (len(self.moves) - 1), 1.0)
        k, n = int(whole), min(int(whole) + 1, len(self.moves) - 1)
        points = (1 - rest) * self.moves[k] + rest * self.moves[n]
        if self.ball is None or self.balls is None:
            return points, self.ball
        return points, np.array([*((1 - rest) * self.balls[k] + rest * self.balls[n]), self.ball[2]])


@cache
def outline(kind: type[Exercise]) -> Outline | None:
    """Return the start position of an exercise from the file beside its module, None where it has none.

    Raises
    ------
    ValueError
        If the file is damaged.
    """
    where = folder(kind)
    file = where / f"{kind.id}.ghost.json" if where is not None else None
    if file is None or not file.is_file():
        return None
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
        points = np.full((N_LANDMARKS, 2), np.nan)
        for joint, at in data["points"].items():
            points[Landmark[joint.upper()]] = _numbers(at, 2)
        ball = None if data["ball"] is None else _numbers(data["ball"], 3)
        known = [Landmark[joint.upper()] for joint in data["points"]]
        steps, centres = data.get("moves", []), data.get("balls")
        moves = np.full((len(steps), N_LANDMARKS, 2), np.nan)
        for k, step in enumerate(steps):
            moves[k, known] = _numbers(step, 2 * len(known)).reshape(-1, 2)
        balls = None if centres is None else np.array([_numbers(at, 2) for at in centres])
        if balls is not None and len(balls) != len(moves):
            raise ValueError(f"expected {len(moves)} places of the ball, got {len(balls)}")
        heading, (floor,) = data["heading"], _numbers([data["floor"]], 1)
        hips = points[[Landmark.LEFT_HIP, Landmark.RIGHT_HIP, Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER]]
    except (KeyError, TypeError, AttributeError, UnicodeDecodeError, RecursionError) as e:
        raise ValueError(f"{file.name}: {type(e).__name__}: {e}") from e
    except ValueError as e:
        raise ValueError(f"{file.name}: {e}") from e
    if heading not in (1, -1) or not np.isfinite(hips).all():
        raise ValueError(f"{file.name}: expected a heading of 1 or -1, hips and shoulders")
    return Outline(heading, float(floor), points, ball, moves, balls, bool(data.get("back", True)))


def _numbers(values: Any, n: int) -> NDArray[np.float64]:
    known = [float(v) for v in values]
    if len(known) != n or not all(math.isfinite(v) and abs(v) <= FARTHEST for v in known):
        raise ValueError(f"expected {n} numbers up to {FARTHEST:g}, got {brief(values)}")
    return np.array(known, np.float64)
