"""Small pictures with opacity: text, rounded panels and signs.

A sprite is rendered once and blended many times; only the rectangle under it is touched. Text is set in the font that
Pillow carries (Aileron, CC0), so nothing depends on the fonts of a machine. It has the letters of English only: the
accents of Polish are drawn on them. For another language give the path of a font file that has its letters
(``fonts.find_font``); a letter that can be neither had nor drawn lacks its accent.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .accents import draw_accent
from .fonts import accents, legible
from .style import INK, Colour

Picture = NDArray[np.uint8]

#: Text and shapes are rendered this many times larger, then averaged down.
_OVER = 3


@dataclass(frozen=True)
class Sprite:
    """A small picture with opacity.

    Attributes
    ----------
    rgb : (h, w, 3) uint8 array
        Colour times opacity.
    clear : (h, w, 3) uint8 array
        255 where what lies beneath shows, 0 where it is hidden.
    """

    rgb: Picture
    clear: Picture

    @property
    def w(self) -> int:
        """Width, pixels."""
        return int(self.rgb.shape[1])

    @property
    def h(self) -> int:
        """Height, pixels."""
        return int(self.rgb.shape[0])

    @classmethod
    def tint(cls, mask: Picture, colour: Colour, alpha: float = 1.0) -> Sprite:
        """Return a sprite of one colour from its (h, w) opacity, 0-255."""
        a = (mask.astype(np.float32) * (alpha / 255.0))[..., None]
        rgb = np.rint(a * np.asarray(colour, np.float32)).astype(np.uint8)
        return cls(rgb, np.repeat(np.rint(255.0 - 255.0 * a).astype(np.uint8), 3, axis=2))

    def put(self, other: Sprite, x: float, y: float) -> None:
        """Lay another sprite on this one."""
        here = _overlap(self.rgb, other, round(x), round(y))
        if here is None:
            return
        under, over = here
        for below, above in ((self.rgb, other.rgb[over]), (self.clear, None)):
            part = _shade(below[under], other.clear[over])
            below[under] = part if above is None else _add(part, above)


def _overlap(under: Picture, sprite: Sprite, x: int, y: int) -> tuple[tuple[slice, slice], tuple[slice, slice]] | None:
    h, w = under.shape[:2]
    x0, y0, x1, y1 = max(x, 0), max(y, 0), min(x + sprite.w, w), min(y + sprite.h, h)
    if x0 >= x1 or y0 >= y1:
        return None
    return (slice(y0, y1), slice(x0, x1)), (slice(y0 - y, y1 - y), slice(x0 - x, x1 - x))


def _shade(a: Picture, clear: Picture) -> Any:
    import cv2

    return cv2.multiply(a, clear, scale=1 / 255)


def _add(a: Picture, b: Picture) -> Any:
    import cv2

    return cv2.add(a, b)


def blend(picture: Picture, sprite: Sprite, x: float, y: float, opacity: float = 1.0) -> None:
    """Lay a sprite on a picture, in place; what lies outside is left out."""
    here = _overlap(picture, sprite, round(x), round(y))
    if here is None or opacity <= 0:
        return
    under, over = here
    rgb, clear = sprite.rgb[over], sprite.clear[over]
    if opacity < 1:
        rgb = np.multiply(rgb, opacity, dtype=np.float32).astype(np.uint8)
        clear = (255.0 - np.multiply(255 - clear, opacity, dtype=np.float32)).astype(np.uint8)
    picture[under] = _add(_shade(picture[under], clear), rgb)


# ---- text --------------------------------------------------------------------------
@lru_cache(maxsize=64)
def load_font(path: str | None, px: int) -> Any:
    """Return a font of a size in pixels; *path* None = the one Pillow carries."""
    from PIL import ImageFont

    return ImageFont.load_default(px) if path is None else ImageFont.truetype(path, px)


@lru_cache(maxsize=1024)
def text_width(text: str, px: int, bold: bool = False, font: str | None = None) -> int:
    """Return the width of a line of text in pixels."""
    words = legible(text, font)
    return round(float(load_font(font, px * _OVER).getlength(words)) / _OVER) + 2 * _stroke(px, bold) // _OVER + 1


def _stroke(px: int, bold: bool) -> int:
    return max(round(px * _OVER * 0.018), 1) if bold else 0


@lru_cache(maxsize=512)
def text(line: str, px: int, colour: Colour, bold: bool = False, font: str | None = None) -> Sprite:
    """Return a line of text as a sprite.

    Its height is that of every line of this size (ascent and descent), so lines of one size share their base line.

    Parameters
    ----------
    line : str
    px : int
        Size of the font in pixels.
    colour : (int, int, int)
    bold : bool
        Thicken the strokes.
    font : str, optional
        Path of a font file.
    """
    import cv2
    from PIL import Image, ImageDraw

    marks = accents(line, font)
    line = legible(line, font)
    face = load_font(font, px * _OVER)
    ascent, descent = face.getmetrics()
    stroke = _stroke(px, bold)
    w = max(text_width(line, px, bold, font), 1) + 2
    h = -(-(ascent + descent) // _OVER) + 2
    image = Image.new("L", (w * _OVER, h * _OVER), 0)
    at = (_OVER + stroke, _OVER + ascent)
    draw = ImageDraw.Draw(image)
    draw.text(at, line, fill=255, font=face, anchor="ls", stroke_width=stroke, stroke_fill=255)
    for k, letter, accent in marks:
        draw_accent(draw, face, letter, accent, at[0] + face.getlength(line[:k]), at[1], px * _OVER, stroke)
    mask = cv2.resize(np.asarray(image), (w, h), interpolation=cv2.INTER_AREA)
    # Averaging thins the strokes of small letters; a little gain keeps them readable.
    return Sprite.tint(np.minimum(mask.astype(np.float32) * 1.15, 255).astype(np.uint8), colour)


def wrap(words: str, px: int, width: int, font: str | None = None, bold: bool = True) -> list[str]:
    """Break a text into lines no wider than *width* pixels (a single word may be wider), of about equal length."""
    lines = _greedy(words, px, width, font, bold)
    if len(lines) < 2:
        return lines
    lo, hi = width // 2, width
    while hi - lo > 4:
        mid = (lo + hi) // 2
        if len(_greedy(words, px, mid, font, bold)) <= len(lines):
            hi = mid
        else:
            lo = mid
    return _greedy(words, px, hi, font, bold)


def _greedy(words: str, px: int, width: int, font: str | None, bold: bool) -> list[str]:
    lines: list[str] = []
    for word in words.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, px, bold, font) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


# ---- shapes as sprites ----------------------------------------------------------------
@lru_cache(maxsize=64)
def _rounded(w: int, h: int, radius: int) -> Picture:
    import cv2

    k = _OVER
    big = np.zeros((h * k, w * k), np.uint8)
    r = min(radius * k, w * k // 2, h * k // 2)
    cv2.rectangle(big, (r, 0), (w * k - r - 1, h * k - 1), 255, -1)
    cv2.rectangle(big, (0, r), (w * k - 1, h * k - r - 1), 255, -1)
    for x in (r, w * k - r - 1):
        for y in (r, h * k - r - 1):
            cv2.circle(big, (x, y), r, 255, -1)
    return np.asarray(cv2.resize(big, (w, h), interpolation=cv2.INTER_AREA), np.uint8)


def rounded_panel(w: int, h: int, radius: int, colour: Colour = INK, alpha: float = 0.74, edge: float = 0.16) -> Sprite:
    """Return a new translucent panel with round corners and a faint light edge."""
    made = _panel(max(w, 4), max(h, 4), radius, colour, alpha, edge)
    return Sprite(made.rgb.copy(), made.clear.copy())


@lru_cache(maxsize=32)
def _panel(w: int, h: int, radius: int, colour: Colour, alpha: float, edge: float) -> Sprite:
    outer = _rounded(w, h, radius)
    panel = Sprite.tint(outer, colour, alpha)
    line = max(round(radius * 0.09), 1)
    if min(w, h) > 4 * line:
        inner = np.zeros_like(outer)
        inner[line:-line, line:-line] = _rounded(w - 2 * line, h - 2 * line, max(radius - line, 1))
        panel.put(Sprite.tint(outer - np.minimum(inner, outer), (255, 255, 255), edge), 0, 0)
    return panel


@lru_cache(maxsize=64)
def icon(name: str, px: int, colour: Colour, ink: Colour) -> Sprite:
    """Return a sign: ``warning`` (triangle with !), ``tick``, ``cross``, ``info`` (disc with i) or ``dot`` (a disc)."""
    import cv2

    n = px * 4

    def at(x: float, y: float) -> tuple[int, int]:
        return round(x * n), round(y * n)

    def polygon(*points: tuple[float, float]) -> NDArray[np.int32]:
        return np.array([at(*p) for p in points], np.int32)

    shape, sign = np.zeros((n, n), np.uint8), np.zeros((n, n), np.uint8)
    if name == "warning":
        corners = polygon((0.5, 0.14), (0.9, 0.84), (0.1, 0.84))
        cv2.fillPoly(shape, [corners], 255)
        cv2.polylines(shape, [corners], True, 255, round(0.16 * n), cv2.LINE_AA)
        cv2.line(sign, at(0.5, 0.35), at(0.5, 0.6), 255, round(0.11 * n), cv2.LINE_AA)
        cv2.circle(sign, at(0.5, 0.77), round(0.065 * n), 255, -1, cv2.LINE_AA)
    else:
        cv2.circle(shape, at(0.5, 0.5), round(0.48 * n), 255, -1, cv2.LINE_AA)
        if name == "tick":
            cv2.polylines(
                sign, [polygon((0.28, 0.52), (0.44, 0.68), (0.73, 0.35))], False, 255, round(0.12 * n), cv2.LINE_AA
            )
        elif name == "cross":
            cv2.line(sign, at(0.33, 0.33), at(0.67, 0.67), 255, round(0.12 * n), cv2.LINE_AA)
            cv2.line(sign, at(0.67, 0.33), at(0.33, 0.67), 255, round(0.12 * n), cv2.LINE_AA)
        elif name == "info":
            cv2.circle(sign, at(0.5, 0.27), round(0.075 * n), 255, -1, cv2.LINE_AA)
            cv2.line(sign, at(0.5, 0.48), at(0.5, 0.74), 255, round(0.12 * n), cv2.LINE_AA)

    def small(big: Picture) -> Picture:
        return np.asarray(cv2.resize(big, (px, px), interpolation=cv2.INTER_AREA), np.uint8)

    sprite = Sprite.tint(small(shape), colour)
    sprite.put(Sprite.tint(small(sign), ink), 0, 0)
    return sprite
