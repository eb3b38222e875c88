"""How the annotated picture looks: colours, sizes and words, in one place.

The colours are told apart by the common kinds of colour blindness (bluish green against orange-red, and the red is the
darker of the two; compare Okabe and Ito 2008, "Color Universal Design"), and none of them stands alone: a fault also
has a ring and a warning sign, what is unknown is dotted, what is not judged is thin.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

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

#: Height of the capitals of what must be read from three metres, share of the picture's height. Half a degree of
#: sight, seven times what good eyes need, on a laptop's screen 20 cm high.
READABLE = 0.064

#: Opacity of the panels behind text.
PANEL_ALPHA = 0.74


@dataclass(frozen=True)
class Labels:
    """The few words on the picture that are not the exercise's own.

    Attributes
    ----------
    position : str
        Advice before the start; ``{what}`` is the exercise's description of its position.
    seconds : str
        Unit of the seconds of a try.
    decided : str
        The angle that decided: ``{name}``, ``{value}`` and its ``{limit}``.
    measures : mapping
        Names of angles, by signal or by the fault that the end of an attempt tells.
    parts : mapping
        Names of sides and of an exercise's blocks.
    """

    position: str = "Get into position: {what}"
    seconds: str = "s"
    decided: str = "{name} {value} of {limit}"
    measures: Mapping[str, str] = field(default_factory=dict)
    parts: Mapping[str, str] = field(default_factory=dict)

    def measured(self, name: str, value: float, limit: float) -> str:
        """Return the words for an angle that decided; where both are below zero, how far below."""
        sign = -1 if value < 0 and limit <= 0 else 1
        known = self.measures.get(name, name.replace("_", " ").replace("-", " "))
        degrees = [f"{sign * x:.0f}\N{DEGREE SIGN}" for x in (value, limit)]
        return self.decided.format(name=known, value=degrees[0], limit=degrees[1])

    def angle(self, names: Sequence[str], value: str) -> str:
        """Return the words for an angle that is in order: its measure, if it has a name, and its degrees."""
        known = next((self.measures[n] for n in names if n in self.measures), "")
        return f"{known} {value}".strip()


@dataclass(frozen=True)
class Sizes:
    """Lengths in pixels for a picture of a given size.

    Everything is a share of one unit: the height of a landscape picture; four fifths of the width of a narrow one, so
    that the text of a portrait picture still fits. What must be read from three metres has a size by the height alone:
    pictures fill the height of their screen.
    """

    w: int
    h: int
    unit: float = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "unit", float(max(min(self.h, 0.8 * self.w), 48.0)))

    def px(self, share: float, least: float = 1.0) -> int:
        """Return a share of the unit in whole pixels."""
        return max(round(share * self.unit), round(least))

    def readable(self, cap_share: float, times: float = 1.0) -> int:
        """Return the size (px) of a font, whose capitals are this share of it, that can be read from three metres."""
        return math.ceil(READABLE * times * self.h / cap_share)
