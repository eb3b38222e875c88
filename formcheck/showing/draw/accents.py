"""Accents drawn on letters of a font that has only the plain ones, so that every language is set in one font."""

from __future__ import annotations

import math
import unicodedata
from functools import cache
from typing import Any

#: The accents that can be drawn, by the marks that Unicode puts together with a letter; a stroke has none.
ACUTE, DOT, OGONEK, STROKE = "\u0301", "\u0307", "\u0328", "/"
#: Letters with a stroke, which Unicode does not take apart.
STROKED = {"ł": "l", "Ł": "L"}
#: Width of what is drawn, share of the font's size; where it stands above a letter, and how far it reaches.
WEIGHT, ABOVE, REACH = 0.082, 0.075, 0.125


@cache
def taken_apart(letter: str) -> tuple[str, str] | None:
    """Return the plain letter and the accent of one that can be drawn so, None for others.

    >>> [taken_apart(c) for c in "ńŁx"] == [("n", ACUTE), ("L", STROKE), None]
    True
    """
    if letter in STROKED:
        return STROKED[letter], STROKE
    parts = unicodedata.normalize("NFD", letter)
    return (parts[0], parts[1]) if len(parts) == 2 and parts[1] in (ACUTE, DOT, OGONEK) else None


def draw_accent(draw: Any, face: Any, letter: str, accent: str, x: float, y: float, px: float, bold: float) -> None:
    """Draw an accent on a letter that stands at a place.

    Parameters
    ----------
    draw : PIL.ImageDraw.ImageDraw
        Of a picture of opacities.
    face : PIL font
    letter, accent : str
        As :func:`taken_apart` gives them.
    x, y : float
        Left end of the letter on its base line.
    px, bold : float
        Size of the font, and by how much its strokes are thickened on either side, pixels.
    """
    left, top, right, _ = face.getbbox(letter, anchor="ls")
    middle = x + (left + right) / 2
    wide = WEIGHT * px + 2 * bold

    def line(*points: tuple[float, float]) -> None:
        draw.line(points, fill=255, width=round(wide), joint="curve")
        for a, b in (points[0], points[-1]):
            draw.ellipse((a - wide / 2, b - wide / 2, a + wide / 2, b + wide / 2), fill=255)

    if accent == ACUTE:
        low = y + top - ABOVE * px - wide / 3
        line((middle - 0.03 * px, low), (middle + 0.07 * px, low - REACH * px + wide / 3))
    elif accent == DOT:
        r, at = 0.62 * wide, y + top - ABOVE * px - 0.6 * wide
        draw.ellipse((middle - r, at - r, middle + r, at + r), fill=255)
    elif accent == OGONEK:
        a = x + right - (0.1 if letter in "aA" else 0.16) * px
        ways = [math.radians(d) for d in range(-80, -271, -10)]
        line(*((a + 0.075 * px * math.cos(w), y + 0.075 * px + 0.085 * px * math.sin(w)) for w in ways))
    else:
        stem = x + left + 0.05 * px if letter == "L" else middle
        line(
            (stem - (0.07 if letter == "L" else 0.1) * px, y - 0.3 * px),
            (stem + (0.2 if letter == "L" else 0.1) * px, y - 0.44 * px),
        )
