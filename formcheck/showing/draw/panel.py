"""The counter panel with its hold ring, and the banner with the cue."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from .cues import Cue
from .layout import Places, Rect
from .sprites import Picture, Sprite, blend, icon, rounded_panel, text, text_width, wrap
from .strokes import arc_points, stroke
from .style import AMBER, FAULT, FAULT_DARK, INK, MUTED, OK, PANEL_ALPHA, UNKNOWN, WHITE, Colour, Labels, Sizes

#: Colour of the dot before a phase's name.
PHASE_COLOUR: dict[str, Colour] = {"away": UNKNOWN, "start": WHITE, "move": AMBER, "hold": OK}


@dataclass(frozen=True)
class Count:
    """What the counter shows: repetitions, in all and by side, the phase, and whether one has just counted."""

    total: int
    sides: tuple[int, int] | None
    phase: str
    flash: bool | None = None


class CounterPanel:
    """Title, repetitions, sides, phase, and a ring that fills while a position is held.

    Parameters
    ----------
    title : str
    target : int
        Repetitions asked for; 0 = not said.
    hold_s : float
        Seconds asked for; 0 = no ring.
    sided : bool
        Whether repetitions are counted by side.
    sizes : Sizes
    labels : Labels
    font : str or None
        Path of a font file.
    """

    def __init__(
        self, title: str, target: int, hold_s: float, sided: bool, sizes: Sizes, labels: Labels, font: str | None
    ) -> None:
        self._title, self._target, self._hold_s, self._labels, self._font = title, target, hold_s, labels, font
        px = sizes.px
        self._small, self._big, self._mid = px(0.04, 10), px(0.125, 16), px(0.06, 10)
        self._pad = px(0.022, 3)
        self._ring_r = px(0.06, 8)
        self._ring_w = px(0.015, 3)
        self._row = text("0", self._small, WHITE, False, font).h
        self._big_h = round(self._big * 0.92)
        self._sign = round(self._small * 1.3)
        digits = "0" * len(str(max(target, 10)))
        number = text_width(digits, self._big, True, font) + self._sign + self._pad // 2
        number += text_width(f"/{target}", self._mid, False, font) if target else 0
        status = max(text_width(labels.phase(p), self._small, False, font) for p in PHASE_COLOUR) + 2 * self._pad
        by_side = (
            0 if not sided else sum(text_width(f"{s} 0", self._small, False, font) for s in (labels.left, labels.right))
        )
        ring = 2 * self._ring_r + 2 * self._pad if hold_s > 0 else 0
        wide = min(text_width(title, self._small, True, font), px(0.46))
        inner = max(number + ring, status + by_side + 2 * self._pad, wide)
        self.w = inner + 2 * self._pad
        self.h = 2 * self._pad + 2 * self._row + self._big_h + 2 * (self._pad // 2)
        self._radius = px(0.028, 3)
        self._cached: tuple[Count, Sprite] | None = None

    def draw(self, picture: Picture, rect: Rect, count: Count, held_s: float) -> None:
        """Draw the panel into its rectangle, in place."""
        if self._cached is None or self._cached[0] != count:
            self._cached = count, self._static(count)
        blend(picture, self._cached[1], rect[0], rect[1])
        if self._hold_s > 0:
            self._draw_ring(picture, rect, held_s)

    def _static(self, c: Count) -> Sprite:
        pad, font = self._pad, self._font
        panel = rounded_panel(self.w, self.h, self._radius, INK, PANEL_ALPHA)
        panel.put(self._fitted(self._title), pad, pad)
        y = pad + self._row + pad // 2
        colour = WHITE if c.flash is None else OK if c.flash else FAULT
        number = text(str(c.total), self._big, colour, True, font)
        # The line box of a big number has much air above its digits: let it rise into it.
        top = y - (number.h - self._big_h) // 2 - round(self._big * 0.02)
        panel.put(number, pad - 1, top)
        x = pad + number.w
        if self._target:
            of = text(f"/{self._target}", self._mid, MUTED, False, font)
            base = text("0", self._big, WHITE, True, font)
            panel.put(of, x + pad // 4, top + round(base.h * 0.775) - round(of.h * 0.775))
            x += of.w + pad // 4
        if c.flash is not None:
            sign = icon("tick" if c.flash else "cross", self._sign, OK if c.flash else FAULT, INK)
            panel.put(sign, x + pad // 2, y + (self._big_h - sign.h) / 2)
        y = self.h - pad - self._row
        dot = icon(
            "dot", max(round(self._small * 0.5), 4), PHASE_COLOUR.get(c.phase, WHITE), PHASE_COLOUR.get(c.phase, WHITE)
        )
        panel.put(dot, pad, y + (self._row - dot.h) / 2)
        panel.put(text(self._labels.phase(c.phase), self._small, WHITE, False, font), pad + dot.w + pad // 2, y)
        if c.sides is not None:
            x = self.w - pad
            for name, n in ((self._labels.right, c.sides[1]), (self._labels.left, c.sides[0])):
                for line in (
                    text(str(n), self._small, WHITE, False, font),
                    text(name, self._small, MUTED, False, font),
                ):
                    x -= line.w
                    panel.put(line, x, y)
                    x -= pad // 3
                x -= pad // 2
        return panel

    def _fitted(self, title: str) -> Sprite:
        size, width = self._small, self.w - 2 * self._pad
        while size > 8 and text_width(title, size, True, self._font) > width:
            size -= 1
        return text(title, size, WHITE, True, self._font)

    def _draw_ring(self, picture: Picture, rect: Rect, held_s: float) -> None:
        r, pad = self._ring_r, self._pad
        centre = np.array(
            [rect[0] + self.w - pad - r - self._ring_w / 2, rect[1] + pad + self._row + pad // 2 + self._big_h / 2]
        )
        share = min(held_s / self._hold_s, 1.0)
        done = share >= 1.0
        ground: Colour = (86, 95, 110)
        stroke(picture, arc_points(centre, r, 0, 2 * math.pi), ground, self._ring_w, closed=True)
        if share > 0:
            colour = OK if done else AMBER
            stroke(picture, arc_points(centre, r, -math.pi / 2, 2 * math.pi * share), colour, self._ring_w, closed=done)
        if held_s > 0:
            seconds = f"{held_s:.1f}" if held_s < 9.95 else f"{held_s:.0f}"
            number = text(seconds, round(self._small * 1.12), OK if done else WHITE, True, self._font)
        else:
            number = text(f"{self._hold_s:g} {self._labels.seconds}", self._small, MUTED, False, self._font)
        blend(picture, number, centre[0] - number.w / 2, centre[1] - number.h / 2)


class Banner:
    """One sentence, large, with a sign for its kind.

    Parameters
    ----------
    sizes : Sizes
    font : str or None
    """

    def __init__(self, sizes: Sizes, font: str | None) -> None:
        px = sizes.px
        self._font = font
        self._px = (px(0.066, 11), px(0.056, 10), px(0.047, 9), px(0.04, 8))
        self._pad = px(0.024, 3)
        self._radius = px(0.028, 3)
        #: Room to keep free for it: two lines.
        self.w = px(1.12)
        self.h = 2 * self._pad + 2 * text("0", self._px[0], WHITE, True, font).h
        self._cue: Cue | None = None
        self._by_width: dict[int, Sprite] = {}

    def draw(self, picture: Picture, places: Places, cue: Cue, opacity: float) -> Rect:
        """Draw a cue into its strip, in place, and return the rectangle it takes."""
        rect = self.takes(places, cue)
        blend(picture, self._sprite(cue, places.strip[2]), rect[0], rect[1], opacity)
        return rect

    def takes(self, places: Places, cue: Cue) -> Rect:
        """Return the rectangle that a cue takes of its strip."""
        strip, sprite = places.strip, self._sprite(cue, places.strip[2])
        x = strip[0] + round((strip[2] - sprite.w) * places.align)
        y = strip[1] if places.top else strip[1] + strip[3] - sprite.h
        return x, y, sprite.w, sprite.h

    def _sprite(self, cue: Cue, width: int) -> Sprite:
        if self._cue != cue:
            self._cue, self._by_width = cue, {}
        if width not in self._by_width:
            self._by_width[width] = self._render(cue, width)
        return self._by_width[width]

    def _render(self, cue: Cue, width: int) -> Sprite:
        pad = self._pad
        fault = cue.kind == "fault"
        sign_px = round(self._px[0] * 1.35)
        room = max(width - 3 * pad - sign_px, 8 * self._px[-1])
        for size in self._px:
            lines = wrap(cue.text, size, room, self._font)
            if len(lines) <= 2 and max(text_width(line, size, True, self._font) for line in lines or [""]) <= room:
                break
        sprites = [text(line, size, WHITE, True, self._font) for line in lines]
        height = sum(s.h for s in sprites)
        h = max(height, sign_px) + 2 * pad
        w = sign_px + 3 * pad + max((s.w for s in sprites), default=0)
        panel = rounded_panel(w, h, self._radius, FAULT_DARK if fault else INK, 0.9 if fault else 0.8)
        name, colour, ink = ("warning", WHITE, FAULT_DARK) if fault else ("info", AMBER, INK)
        panel.put(icon(name, sign_px, colour, ink), pad, (h - sign_px) / 2)
        y = (h - height) / 2
        for s in sprites:
            panel.put(s, 2 * pad + sign_px, y)
            y += s.h
        return panel
