"""What a picture shows of an exercise, as data: the angles and lines drawn all along, and what each measure looks like.

Joints are named as in :class:`Drawing`; whoever draws finds them on the body.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from .checks import Check

#: What an inclination is measured against, besides another line of the body.
LEVEL, PLUMB = "level", "plumb"


@dataclass(frozen=True)
class Bend:
    """The angle at joint b; *of* names a signal that is this angle, where the checked one only follows from it."""

    a: str
    b: str
    c: str
    of: str = ""


@dataclass(frozen=True)
class Tilt:
    """How far the line from a to b is off the horizontal, the vertical, or the direction between two joints."""

    a: str
    b: str
    to: str | tuple[str, str] = LEVEL
    of: str = ""


@dataclass(frozen=True)
class Bow:
    """How far the line a-b-c is from straight."""

    a: str
    b: str
    c: str
    of: str = ""


@dataclass(frozen=True)
class Gap:
    """How far a and b are apart."""

    a: str
    b: str
    of: str = ""


#: What one measure looks like on a body.
Sketch = Bend | Tilt | Bow | Gap

#: Such as several exercises have.
KNEE = Bend("hip", "knee", "ankle")
HIP = Bend("shoulder", "hip", "knee")
BODY_LINE = Bow("shoulder", "hip", "ankle")
TRUNK = Tilt("hip:mid", "shoulder:mid", PLUMB)
ARM = Tilt("shoulder", "wrist")
HEAD = Tilt("shoulder:mid", "ear", ("hip:mid", "shoulder:mid"))
ANKLES = Gap("ankle:left", "ankle:right")
SHOULDERS = Gap("shoulder:left", "shoulder:right")
HIPS = Gap("hip:left", "hip:right")


@dataclass(frozen=True)
class Drawing:
    """What the picture should show for this exercise, by joint names of the judged side.

    Attributes
    ----------
    angles : tuple of (signal, a, b, c)
        Angle to draw at joint b; joints are ``name`` (judged side), ``name:other`` or ``name:left``/``name:right``.
    line : tuple of joint names
        The body line drawn beside the straight one it should make.
    shows : tuple of (what is drawn, names)
        Which measures, or faults told at the end, an angle (by its signal) or the line (``line``) is the picture of:
        those alone colour it. An angle shows its own signal without being told so.
    sketches : mapping
        What each checked measure, by its signal, or fault that the end of an attempt tells, by its id, looks like on
        the body. A checked signal of ``angles`` is that angle without being told so.
    """

    angles: tuple[tuple[str, str, str, str], ...] = ()
    line: tuple[str, ...] = ()
    shows: tuple[tuple[str, tuple[str, ...]], ...] = ()
    sketches: Mapping[str, Sketch] = field(default_factory=dict, hash=False)

    def shown_by(self, drawn: str, checks: Sequence[Check]) -> list[Check]:
        """Return those of the checks whose verdict an angle or the line shows."""
        names = {drawn, *(n for what, found in self.shows if what == drawn for n in found)}
        ids = {c.id for c in checks if c.signal in names} | names
        return [c for c in checks if c.signal in names or (not c.signal and c.id in ids)]

    def names_of(self, drawn: str, checks: Sequence[Check]) -> list[str]:
        """Return the measures, or faults told at the end, that an angle or the line shows, its own signal first."""
        return list(dict.fromkeys([drawn, *(c.signal or c.id for c in self.shown_by(drawn, checks))]))

    def sketch_of(self, check: Check) -> Sketch | None:
        """Return what a check looks like on the body, None where there is nothing but its joints."""
        known = self.sketches.get(check.signal or check.id)
        if known is not None or not check.signal:
            return known
        return next((Bend(a, b, c) for signal, a, b, c in self.angles if signal == check.signal), None)
