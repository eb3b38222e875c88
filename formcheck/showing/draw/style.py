"""How the annotated picture looks: colours, sizes and words, in one place.

The colours are told apart by the common kinds of colour blindness (bluish green against orange-red, and the red is the
darker of the two; compare Okabe and Ito 2008, "Color Universal Design"), and none of them stands alone: a fault also
has a ring and a warning sign, what is unknown is dotted, what is not judged is thin.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields

Colour = tuple[int, int, int]

WHITE: Colour = (246, 248, 251)
MUTED: Colour = (178, 187, 200)
INK: Colour = (15, 20, 30)
OK: Colour = (58, 219, 170)
FAULT: Colour = (255, 86, 48)
FAULT_DARK: Colour = (186, 40, 18)
UNKNOWN: Colour = (156, 164, 178)
NEUTRAL: Colour = (222, 228, 236)
AMBER: Colour = (255, 196, 61)
IDEAL: Colour = (255, 255, 255)

#: States of what is drawn on the body, the one that matters most last.
NOT_JUDGED, NOT_KNOWN, GOOD, BAD = range(4)
STATE_COLOUR: dict[int, Colour] = {NOT_JUDGED: NEUTRAL, NOT_KNOWN: UNKNOWN, GOOD: OK, BAD: FAULT}

#: Opacity of the panels behind text.
PANEL_ALPHA = 0.74


@dataclass(frozen=True)
class Labels:
    """The few words on the picture that are not the exercise's own.

    Attributes
    ----------
    position : str
        Advice before the start; ``{what}`` is the exercise's description of its position.
    away, start, move, hold : str
        Names of the phases.
    left, right : str
        Abbreviations for the counts of the sides.
    seconds : str
        Unit of the hold.
    decided : str
        The angle that decided: ``{name}``, ``{value}`` and its ``{limit}``.
    measures : mapping
        Names of angles, by signal or by the fault that the end of an attempt tells.
    """

    position: str = "Get into position: {what}"
    away: str = "Not ready"
    start: str = "Ready"
    move: str = "Moving"
    hold: str = "Hold"
    left: str = "L"
    right: str = "R"
    seconds: str = "s"
    decided: str = "{name} {value} of {limit}"
    measures: Mapping[str, str] = field(default_factory=dict)

    def measured(self, name: str, value: float, limit: float) -> str:
        """Return the words for an angle that decided; where both are below zero, how far below."""
        sign = -1 if value < 0 and limit <= 0 else 1
        known = self.measures.get(name, name.replace("_", " ").replace("-", " "))
        degrees = [f"{sign * x:.0f}\N{DEGREE SIGN}" for x in (value, limit)]
        return self.decided.format(name=known, value=degrees[0], limit=degrees[1])

    def phase(self, name: str) -> str:
        """Return the word for a phase, the phase's own name where there is none."""
        return str(getattr(self, name)) if name in _PHASES else name


_PHASES = frozenset(f.name for f in fields(Labels)) & {"away", "start", "move", "hold"}


@dataclass(frozen=True)
class Sizes:
    """Lengths in pixels for a picture of a given size.

    Everything is a share of one unit: the height of a landscape picture; four fifths of the width of a narrow one, so
    that the text of a portrait picture still fits.
    """

    w: int
    h: int
    unit: float = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "unit", float(max(min(self.h, 0.8 * self.w), 48.0)))

    def px(self, share: float, least: float = 1.0) -> int:
        """Return a share of the unit in whole pixels."""
        return max(round(share * self.unit), round(least))
