"""The banner: one sentence, large, with a sign for its kind."""

from __future__ import annotations

from collections.abc import Sequence

from .boxes import cap_share
from .cues import Cue
from .layout import Places, Rect
from .sprites import Picture, Sprite, blend, icon, rounded_panel, text, text_width, wrap
from .style import AMBER, FAULT_DARK, INK, WHITE, Sizes

#: How much smaller letters may get, step by step, where a word or the whole would not fit.
SHRINKS = tuple(0.94**k for k in range(12))
#: Sizes of a banner, the first one that covers no joint at fault; only the first can be read from three metres.
SHARES = (1.0, 0.8, 0.64, 0.5)
#: Strips narrower than this share of the unit have no room for a sign beside the text.
SIGN_FROM = 0.85


class Banner:
    """Draws cues into strips.

    Parameters
    ----------
    sizes : Sizes
    font : str or None
    """

    def __init__(self, sizes: Sizes, font: str | None) -> None:
        px = sizes.px
        self._sizes, self._font = sizes, font
        self._most = max(sizes.readable(cap_share(font)), 9)
        self._pad = px(0.024, 3)
        self._radius = px(0.028, 3)
        line = text("0", self._most, WHITE, True, font).h
        #: Rooms to keep free for it, the widest first: two lines along an edge, four in a column.
        wide = min(px(1.4), sizes.w - 2 * px(0.025, 2))
        self.rooms: Sequence[tuple[int, int]] = ((wide, 2 * line + 2 * self._pad), (px(0.64), 4 * line + 2 * self._pad))
        #: Share of its size at which the cue is drawn now.
        self.share = SHARES[0]
        self._cue: Cue | None = None
        self._made: dict[tuple[int, float], Sprite] = {}

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
            self._cue, self._made = cue, {}
        key = width, self.share
        if key not in self._made:
            self._made[key] = self._render(cue, width)
        return self._made[key]

    def _lines(self, words: str, room: int, height: int) -> tuple[list[str], int]:
        """Return a sentence in lines, and their size: as large as it is to be, unless that takes too much room."""
        for share in SHRINKS:
            size = max(round(self._most * self.share * share), 8)
            lines = wrap(words, size, room, self._font)
            widest = max((text_width(line, size, True, self._font) for line in lines), default=0)
            if widest <= room and len(lines) * text("0", size, WHITE, True, self._font).h <= height:
                break
        return lines, size

    def _render(self, cue: Cue, width: int) -> Sprite:
        pad = self._pad
        fault = cue.kind == "fault"
        sign_px = round(self._most * self.share * 1.3) if width >= SIGN_FROM * self._sizes.unit else 0
        beside = sign_px + pad if sign_px else 0
        room = max(width - 2 * pad - beside, self._most)
        lines, size = self._lines(cue.text, room, round(0.5 * self._sizes.h))
        sprites = [text(line, size, WHITE, True, self._font) for line in lines]
        height = sum(s.h for s in sprites)
        h = max(height, sign_px) + 2 * pad
        w = beside + 2 * pad + max((s.w for s in sprites), default=0)
        panel = rounded_panel(w, h, self._radius, FAULT_DARK if fault else INK, 0.9 if fault else 0.8)
        if sign_px:
            name, colour, ink = ("warning", WHITE, FAULT_DARK) if fault else ("info", AMBER, INK)
            panel.put(icon(name, sign_px, colour, ink), pad, (h - sign_px) / 2)
        y = (h - height) / 2
        for s in sprites:
            panel.put(s, pad + beside, y)
            y += s.h
        return panel
