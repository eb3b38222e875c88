"""The counter: how many are done, of what, and in a hold or a try the seconds, larger than all else."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from .boxes import cap_share
from .layout import Rect
from .sprites import Picture, Sprite, blend, icon, rounded_panel, text, text_width
from .strokes import arc_points, stroke
from .style import AMBER, FAULT, INK, MUTED, OK, PANEL_ALPHA, WHITE, Colour, Labels, Sizes

#: How much larger than what can just be read the count is between attempts, and the seconds in a hold.
COUNT, SECONDS = 1.35, 1.75
#: A title smaller than this share of what a name is written in is left out.
TITLE_FROM = 0.7
#: Colour of the part of the ring that is yet to be filled.
GROUND: Colour = (86, 95, 110)


@dataclass(frozen=True)
class Count:
    """What the counter shows.

    Attributes
    ----------
    done, of : int
        Repetitions of the part under way, and how many are asked for; 0 = not said.
    name : str
        Of that part; the exercise's where it has none.
    flash : bool or None
        Whether one has just counted, or not counted.
    seconds : int or None
        In a hold: seconds to go, 0 = held long enough. In a try: seconds so far. None: neither.
    """

    done: int
    of: int
    name: str
    flash: bool | None = None
    seconds: int | None = None


class CounterPanel:
    """The name of what is counted and the count; while a position is held, a ring that fills round its seconds.

    Its size never changes, so that nothing else has to move.

    Parameters
    ----------
    title : str
        Of the exercise; left out where it would be too small to read.
    parts : sequence of str
        Names of the parts that are counted apart.
    target : int
        Repetitions of a part that are asked for; 0 = not said.
    hold_s : float
        Seconds asked for; 0 = no ring.
    tries : bool
        Whether the seconds of a try are counted.
    sizes : Sizes
    labels : Labels
    font : str or None
        Path of a font file.
    """

    def __init__(
        self,
        title: str,
        parts: tuple[str, ...],
        target: int,
        hold_s: float,
        tries: bool,
        sizes: Sizes,
        labels: Labels,
        font: str | None,
    ) -> None:
        self._hold_s, self._labels, self._font = hold_s, labels, font
        px, cap = sizes.px, cap_share(font)
        self._mid, self._big, self._huge = (max(sizes.readable(cap, k), 9) for k in (1.0, COUNT, SECONDS))
        self._name, self._widest = px(0.055, 9), px(0.62)
        self._pad = px(0.024, 3)
        self._sign = round(self._mid * 0.9)
        self._radius = px(0.028, 3)
        digits = "0" * len(str(max(target, 10)))
        count = self._count_width(digits, target, self._big) + self._pad // 2 + self._sign
        high = self._high(self._big)
        for name in parts:
            self._name = max(self._name, self._fitting(name, self._mid))
        self._row = text("0", self._name, WHITE, False, font).h
        body = self._row + self._pad + high
        seconds = 0
        if hold_s > 0:
            wide = text_width("0" * len(str(math.ceil(hold_s))), self._huge, True, font)
            self._ring_w = px(0.02, 3)
            inner = math.hypot(wide, self._high(self._huge)) / 2 + 0.5 * self._ring_w
            self._ring_r = round(max(inner, self._high(self._huge)) + self._ring_w / 2)
            seconds = 2 * self._ring_r + self._ring_w
            body = max(body, seconds)
        elif tries:
            unit = text_width(labels.seconds, self._mid, True, font)
            seconds = text_width("000", self._huge, True, font) + self._pad // 3 + unit
            body = max(body, self._high(self._huge))
        self._in_hold = seconds
        held = seconds + (self._pad + self._count_width(digits, target, self._mid) if seconds else 0)
        named = max((min(text_width(n, self._name, True, font), self._widest) for n in parts), default=0)
        self._title = title
        self.w = min(max(count, held, named) + 2 * self._pad, sizes.w)
        self.h = body + 2 * self._pad
        self._cached: tuple[Count, Sprite] | None = None

    def draw(self, picture: Picture, rect: Rect, count: Count, held_s: float) -> None:
        """Draw the panel into its rectangle, in place."""
        if self._cached is None or self._cached[0] != count:
            self._cached = count, self._in_a_hold(count) if count.seconds is not None else self._between(count)
        blend(picture, self._cached[1], rect[0], rect[1])
        if count.seconds is not None and self._hold_s > 0:
            self._draw_ring(picture, rect, held_s)

    # ---- sizes ---------------------------------------------------------------------
    def _high(self, px: int) -> int:
        """Return the height of digits: they reach neither as high nor as low as a line of text."""
        top, foot = _digits(px, self._font)
        return foot - top

    def _count_width(self, digits: str, target: int, px: int) -> int:
        of = self._pad // 4 + text_width(f"/{target}", self._mid, False, self._font) if target else 0
        return text_width(digits, px, True, self._font) + of

    def _put_digits(self, panel: Sprite, words: str, px: int, x: float, low: float, colour: Colour, bold: bool) -> int:
        """Write digits with their feet at a height; return the width."""
        line = text(words, px, colour, bold, self._font)
        panel.put(line, x, low - _digits(px, self._font)[1])
        return line.w

    # ---- the two faces ----------------------------------------------------------------
    def _between(self, c: Count) -> Sprite:
        panel, pad = rounded_panel(self.w, self.h, self._radius, INK, PANEL_ALPHA), self._pad
        size = self._name
        while size > 8 and text_width(c.name, size, True, self._font) > self.w - 2 * pad:
            size -= 1
        if size >= TITLE_FROM * self._name or c.name != self._title:
            panel.put(text(c.name, size, WHITE, True, self._font), pad, pad)
        self._put_count(panel, c, self._big, pad, self.h - pad - max(self.h - 2 * pad - self._least_body(), 0) / 2)
        return panel

    def _least_body(self) -> int:
        return self._row + self._pad + self._high(self._big)

    def _in_a_hold(self, c: Count) -> Sprite:
        panel, pad = rounded_panel(self.w, self.h, self._radius, INK, PANEL_ALPHA), self._pad
        middle = self.h / 2
        if self._hold_s > 0:
            if c.seconds:
                number = text(f"{c.seconds}", self._huge, WHITE, True, self._font)
                x = pad + (self._in_hold - number.w) / 2
                self._put_digits(panel, f"{c.seconds}", self._huge, x, middle + self._high(self._huge) / 2, WHITE, True)
            else:
                sign = icon("tick", round(self._huge * 0.9), OK, INK)
                panel.put(sign, pad + (self._in_hold - sign.w) / 2, middle - sign.h / 2)
        else:
            low = middle + self._high(self._huge) / 2
            w = self._put_digits(panel, f"{c.seconds}", self._huge, pad, low, WHITE, True)
            self._put_digits(panel, self._labels.seconds, self._mid, pad + w + pad // 3, low, MUTED, True)
        x = self.w - pad - self._count_width(f"{c.done}", c.of, self._mid)
        self._put_count(panel, replace(c, flash=None), self._mid, x, middle + self._high(self._mid) / 2)
        return panel

    def _put_count(self, panel: Sprite, c: Count, px: int, x: float, low: float) -> None:
        colour = WHITE if c.flash is None else OK if c.flash else FAULT
        x += self._put_digits(panel, f"{c.done}", px, x, low, colour, True)
        if c.of:
            x += self._pad // 4
            x += self._put_digits(panel, f"/{c.of}", self._mid, x, low, MUTED, False)
        if c.flash is not None:
            sign = icon("tick" if c.flash else "cross", self._sign, OK if c.flash else FAULT, INK)
            panel.put(sign, x + self._pad // 2, low - (self._high(px) + sign.h) / 2)

    def _fitting(self, words: str, size: int) -> int:
        """Return the size, or less, at which a line fits into the widest panel."""
        while size > 8 and text_width(words, size, True, self._font) > self._widest:
            size -= 1
        return size

    def _draw_ring(self, picture: Picture, rect: Rect, held_s: float) -> None:
        r = self._ring_r
        centre = np.array([rect[0] + self._pad + self._in_hold / 2, rect[1] + self.h / 2])
        share = min(held_s / self._hold_s, 1.0)
        done = share >= 1.0
        if not done:
            stroke(picture, arc_points(centre, r, 0, 2 * math.pi), GROUND, self._ring_w, closed=True)
        if share > 0:
            colour = OK if done else AMBER
            stroke(picture, arc_points(centre, r, -math.pi / 2, 2 * math.pi * share), colour, self._ring_w, closed=done)


@lru_cache(maxsize=64)
def _digits(px: int, font: str | None) -> tuple[int, int]:
    """Return how far below the top of a line of text its digits begin and stand."""
    inked = np.nonzero((text("0", px, WHITE, True, font).clear[..., 0] < 128).any(axis=1))[0]
    return (int(inked.min()), int(inked.max()) + 1) if len(inked) else (0, px)
