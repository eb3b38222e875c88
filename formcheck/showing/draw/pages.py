"""What stands where on each kind of screen; the parts that move with time are left out."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np

from formcheck.coaching.coach.scene import COUNTDOWN, INTRO, NO_CAMERA, PAUSED, REST, SETUP, SUMMARY, WORK, Scene

from .boxes import Block, Placed, TableBlock, TextBlock, cap_share, clear_sprite, column, fits, legend
from .ghost import Demonstration, demonstration
from .layout import Rect
from .sprites import Sprite, icon, rounded_panel
from .style import AMBER, INK, MUTED, OK, WHITE, Colour, Sizes

Keys = tuple[tuple[str, str], ...]

#: Colour of rings and bars yet to be filled.
EMPTY: Colour = (86, 95, 110)


def ring_width(radius: float) -> float:
    """Return the width of a ring's band, pixels."""
    return max(0.13 * radius, 2.0)


@dataclass
class Page:
    """A laid out screen.

    Attributes
    ----------
    placed : list of (Sprite, x, y)
    ring : (x, y, radius) or None
        Where the seconds go round.
    bar : (x, y, w, h) or None
        Where the progress is shown.
    panel : (x, y, w, h) or None
        Of the advice on the way into position.
    shown : (Demonstration, x, y) or None
        What demonstrates the exercise, and where.
    """

    placed: list[Placed] = field(default_factory=list)
    ring: tuple[float, float, float] | None = None
    bar: Rect | None = None
    panel: Rect | None = None
    shown: tuple[Demonstration, float, float] | None = None

    def put_ring(self, x: float, y: float, radius: float) -> None:
        """Place an empty ring; the seconds are drawn on it."""
        self.ring = (x, y, radius)
        n = 2 * math.ceil(radius) + 2
        self.put(_ring(n, radius), x - n / 2, y - n / 2)

    def put(self, sprite: Sprite | None, x: float, y: float) -> None:
        """Place a sprite, if there is one."""
        if sprite is not None:
            self.placed.append((sprite, round(x), round(y)))


@dataclass(frozen=True)
class Room:
    """The part of the picture that is left beside the margins and the keys' legend."""

    x: int
    y: int
    w: int
    h: int
    sizes: Sizes
    font: str | None

    @property
    def wide(self) -> bool:
        """Whether it is broader than high."""
        return self.w > 1.1 * self.h


#: Where the advice on the way into position may stand, the place that is liked best first.
TOP, BOTTOM, LEFT, RIGHT = "top", "bottom", "left", "right"
ASIDE = (TOP, BOTTOM, LEFT, RIGHT)
#: Share of the picture's width that it takes at the side.
ASIDE_SHARE = 0.4


def build(scene: Scene, keys: Keys, size: tuple[int, int], font: str | None, at: str = TOP) -> Page | None:
    """Lay out a scene.

    Parameters
    ----------
    scene : Scene
    keys : tuple of (key, what it does)
    size : (int, int)
        Width and height of the picture, pixels.
    font : str or None
        Path of a font file.
    at : str
        Where the advice on the way into position stands, one of :data:`ASIDE`.

    Returns
    -------
    Page or None
        None where that advice does not fit there at a size that can be read from afar; it always stands at the top.
    """
    w, h = size
    sizes = Sizes(w, h)
    page = Page()
    m = sizes.px(0.045)
    bottom, low = m, m // 2
    shown = legend(keys, w - 3 * m, sizes.px(0.036, 8), font, 0.5)
    if shown is not None:
        page.put(shown, (w - shown.w) / 2, h - low - shown.h)
        bottom = low + shown.h + m // 2
    room = Room(m, m, w - 2 * m, max(h - m - bottom, 8), sizes, font)
    maker: dict[str, Callable[[Page, Scene, Room], None]] = {
        INTRO: _intro,
        COUNTDOWN: _countdown,
        WORK: _work,
        PAUSED: _paused,
        REST: _rest,
        SUMMARY: _summary,
        NO_CAMERA: _no_camera,
    }
    if scene.kind == SETUP:
        return page if _setup(page, scene, room, at) else None
    maker.get(scene.kind, _plain)(page, scene, room)
    return page


def _head(scene: Scene, s: Sizes, *, big: float = 0.1, colour: Colour = WHITE) -> list[Block]:
    out: list[Block] = []
    if scene.title:
        out.append(TextBlock(scene.title, s.px(0.045, 9), MUTED, True))
    if scene.headline:
        out.append(TextBlock(scene.headline, s.px(big, 12), colour, True, s.px(0.01)))
    if scene.detail:
        out.append(TextBlock(scene.detail, s.px(0.055, 9), WHITE, False, s.px(0.02)))
    return out


def _steps(lines: Sequence[str], s: Sizes) -> list[Block]:
    return [TextBlock(line, s.px(0.058, 9), WHITE, False, s.px(0.03), str(k)) for k, line in enumerate(lines, 1)]


def _middle(page: Page, room: Room, sprite: Sprite, *, centre: bool = False) -> None:
    x = room.x + (room.w - sprite.w) / 2 if centre else room.x
    page.put(sprite, x, room.y + max((room.h - sprite.h) / 2, 0))


def _corner_ring(page: Page, room: Room) -> int:
    """Put the ring for the seconds into the right upper corner; return the width it takes."""
    r = room.sizes.px(0.075, 9)
    page.put_ring(room.x + room.w - r, room.y + r, r)
    return 2 * r + room.sizes.px(0.03)


def _intro(page: Page, scene: Scene, room: Room) -> None:
    s, font = room.sizes, room.font
    if scene.note:
        note = column((TextBlock(scene.note, s.px(0.03, 8), MUTED),), room.w, round(0.3 * room.h), font)
        page.put(note, room.x, room.y + room.h - note.h)
        room = replace(room, h=max(room.h - note.h - s.px(0.03), 8))
    ring = _corner_ring(page, room) if scene.seconds is not None else 0
    head = column(tuple(_head(scene, s)), room.w - ring, round(room.h * 0.42), font)
    top = room.y + max(head.h, 2 * s.px(0.075, 9) if ring else 0) + s.px(0.045)
    left = room.y + room.h - top
    beside = room.wide
    drawn = None
    if scene.ghost:
        drawn = demonstration(
            scene.exercise, *((round(room.w * 0.4), left) if beside else (room.w, round(left * 0.42)))
        )
    width, height = room.w, left
    if drawn is not None:
        width, height = (room.w - drawn.w - s.px(0.05), left) if beside else (room.w, left - drawn.h - s.px(0.03))
    body = column(tuple(_steps(scene.lines, s)), width, max(height, 8), font) if scene.lines else None
    rest = left - (body.h if body is not None else 0) - (0 if beside or drawn is None else drawn.h + s.px(0.03))
    # A short introduction stands in the middle, with a little more room below it.
    down = max(rest, 0) * 0.4
    page.put(head, room.x, room.y + down * 0.5)
    page.put(body, room.x, top + down)
    if drawn is not None and beside:
        page.shown = drawn, room.x + room.w - drawn.w, top + (left - drawn.h) * 0.6
    elif drawn is not None:
        page.shown = drawn, room.x + (room.w - drawn.w) / 2, room.y + room.h - drawn.h


def _setup(page: Page, scene: Scene, room: Room, at: str) -> bool:
    """Lay out the advice; return whether there is room for it."""
    s, font = room.sizes, room.font
    aside = at in (LEFT, RIGHT)
    if aside and not room.wide:
        return False
    pad = s.px(0.03, 3)
    bar = s.px(0.026, 4) if scene.progress is not None else 0
    big = s.readable(cap_share(font))
    sign = {True: ("tick", OK, INK), False: ("info", AMBER, INK), None: None}[scene.ok]
    sign_px = round(big * 1.25) if sign is not None and room.wide else 0
    # At the side the sign stands above the words.
    above = sign_px + pad if aside and sign_px else 0
    taken = round(ASIDE_SHARE * room.w) if aside else room.w
    width = taken - 2 * pad - (sign_px + pad if sign_px and not aside else 0)
    blocks: list[Block] = [TextBlock(scene.title, s.px(0.042, 9), MUTED, True)] if scene.title else []
    blocks.append(TextBlock(scene.headline, big, OK if scene.ok else WHITE, True))
    if scene.detail:
        blocks.append(TextBlock(scene.detail, s.px(0.05, 9), WHITE, False, s.px(0.008)))
    height = room.h - 2 * pad - above - bar - pad if aside else round(room.h * 0.52)
    if at != TOP and not fits(tuple(blocks), width, height, font):
        return False
    words = column(tuple(blocks), width, height, font)
    beside = 0 if aside else sign_px
    h = max(words.h, beside) + above + 2 * pad + (bar + pad // 2 if bar else 0)
    panel = rounded_panel(taken, h, s.px(0.03, 3), INK, 0.8)
    x = pad
    if sign is not None and sign_px:
        panel.put(icon(sign[0], sign_px, sign[1], sign[2]), pad, pad + max(words.h - beside, 0) / 2 * (not aside))
        x += 0 if aside else sign_px + pad
    panel.put(words, x, pad + above + max(beside - words.h, 0) / 2)
    left = room.x + (room.w - taken if at == RIGHT else 0)
    top = {TOP: room.y, BOTTOM: room.y + room.h - h}.get(at, room.y + (room.h - h) // 2)
    page.put(panel, left, top)
    page.panel = left, top, taken, h
    if bar:
        page.bar = (left + pad, top + h - pad - bar + pad // 4, taken - 2 * pad, bar)
    return True


def _countdown(page: Page, scene: Scene, room: Room) -> None:
    s, font = room.sizes, room.font
    r = round(min(0.3 * s.unit, 0.34 * room.h, 0.44 * room.w))
    cx, cy = room.x + room.w / 2, room.y + room.h / 2 + (s.px(0.03) if scene.title else 0)
    page.put(_disc(2 * r + s.px(0.1), INK, 0.66), cx - r - s.px(0.1) / 2, cy - r - s.px(0.1) / 2)
    number = scene.headline or (f"{math.ceil(scene.seconds)}" if scene.seconds is not None else "")
    if number:
        words = column((TextBlock(number, 1.3 * r, WHITE, True),), round(1.7 * r), round(1.9 * r), font, centre=True)
        page.put(words, cx - words.w / 2, cy - words.h / 2)
    page.put_ring(cx, cy, r)
    if scene.title:
        _pill(page, scene.title, room, room.y)
    if scene.detail:
        _pill(page, scene.detail, room, cy + r + s.px(0.07), MUTED)


def _disc(px: int, colour: Colour, alpha: float) -> Sprite:
    return rounded_panel(px, px, px // 2, colour, alpha, 0.0)


@lru_cache(maxsize=8)
def _ring(px: int, radius: float) -> Sprite:
    import cv2

    mask = np.zeros((px * 3, px * 3), np.uint8)
    middle, width = (px * 3 - 1) / 2, ring_width(radius)
    at = round(middle * 16)
    cv2.circle(mask, (at, at), round(radius * 48), 255, -1, cv2.LINE_AA, 4)
    cv2.circle(mask, (at, at), max(round((radius - width) * 48), 0), 0, -1, cv2.LINE_AA, 4)
    return Sprite.tint(np.asarray(cv2.resize(mask, (px, px), interpolation=cv2.INTER_AREA), np.uint8), EMPTY)


def _pill(page: Page, words: str, room: Room, y: float, colour: Colour = WHITE) -> None:
    s = room.sizes
    pad = s.px(0.022, 3)
    line = column(
        (TextBlock(words, s.px(0.046, 9), colour, True),), room.w - 2 * pad, s.px(0.2), room.font, centre=True
    )
    panel = rounded_panel(line.w + 2 * pad, line.h + pad, (line.h + pad) // 2, INK, 0.72, 0.0)
    panel.put(line, pad, pad // 2)
    y = min(y, room.y + room.h - panel.h)
    page.put(panel, room.x + (room.w - panel.w) / 2, y)


def _work(page: Page, scene: Scene, room: Room) -> None:
    if scene.progress is not None:
        page.bar = (0, 0, room.sizes.w, room.sizes.px(0.008, 2))


def _paused(page: Page, scene: Scene, room: Room) -> None:
    s = room.sizes
    n = s.px(0.2, 16)
    sign = clear_sprite(n, n)
    for x in (0.16, 0.58):
        sign.put(rounded_panel(round(0.26 * n), n, round(0.07 * n), WHITE, 0.95, 0.0), x * n, 0)
    blocks = _head(scene, s, big=0.14) + _steps(scene.lines, s)
    words = column(tuple(blocks), room.w, max(room.h - n - s.px(0.05), 8), room.font, centre=not scene.lines)
    y = room.y + max(room.h - n - s.px(0.05) - words.h, 0) / 2
    page.put(sign, room.x + (room.w - n) / 2, y)
    page.put(words, room.x + (room.w - words.w) / 2, y + n + s.px(0.05))


def _rest(page: Page, scene: Scene, room: Room) -> None:
    s, font = room.sizes, room.font
    gap = s.px(0.06)
    blocks = tuple(_head(scene, s, big=0.12) + _steps(scene.lines, s))
    if room.wide:
        r = round(min(0.17 * room.w, 0.3 * room.h))
        page.put_ring(room.x + r + s.px(0.02), room.y + room.h / 2, r)
        x, y = room.x + 2 * r + s.px(0.02) + gap, float(room.y)
        width, height = room.x + room.w - x, room.h
    else:
        r = round(min(0.32 * room.w, 0.17 * room.h))
        page.put_ring(room.x + room.w / 2, room.y + r + s.px(0.03), r)
        x, y = room.x, float(room.y + 2 * r + s.px(0.03) + gap)
        width, height = room.w, room.y + room.h - round(y)
    words = column(blocks, width, max(height, 8), font, centre=not room.wide and not scene.lines)
    drawn = demonstration(
        scene.exercise, round(min(width, 1.1 * height)), round(min(height - words.h - gap, 0.5 * height))
    )
    high = words.h + (drawn.h + gap / 2 if drawn is not None else 0)
    y += max(height - high, 0) / 2
    page.put(words, x if room.wide else room.x + (room.w - words.w) / 2, y)
    if drawn is not None:
        page.shown = drawn, x if room.wide else room.x + (room.w - drawn.w) / 2, y + words.h + gap / 2


def _summary(page: Page, scene: Scene, room: Room) -> None:
    s, font = room.sizes, room.font
    head: list[Block] = []
    if scene.title:
        head.append(TextBlock(scene.title, s.px(0.045, 9), MUTED, True))
    head.append(TextBlock(scene.headline, s.px(0.085, 12), OK if scene.ok else WHITE, True))
    blocks = [*head, *_rows(scene.lines, s)]
    if scene.detail:
        blocks.append(TextBlock(scene.detail, s.px(0.055, 9), AMBER, True, s.px(0.04)))
    pad = s.px(0.035, 3)
    words = column(tuple(blocks), room.w - 2 * pad, max(room.h - 2 * pad, 8), font)
    panel = rounded_panel(words.w + 2 * pad, words.h + 2 * pad, s.px(0.03, 3), INK, 0.8)
    panel.put(words, pad, pad)
    _middle(page, room, panel, centre=True)


def _rows(lines: Sequence[str], s: Sizes) -> list[Block]:
    """Make a table of lines with tabs (the first then names the columns), else a paragraph of each."""
    if any("\t" in line for line in lines):
        cells = tuple(tuple(line.split("\t")) for line in lines)
        return [TableBlock(cells, s.px(0.05, 9), True, s.px(0.03))]
    return [TextBlock(line, s.px(0.055, 9), WHITE, False, s.px(0.025 if k else 0.035)) for k, line in enumerate(lines)]


def _no_camera(page: Page, scene: Scene, room: Room) -> None:
    s = room.sizes
    n = s.px(0.22, 16)
    sign = clear_sprite(n, n)
    sign.put(rounded_panel(round(0.64 * n), round(0.5 * n), round(0.1 * n), MUTED, 1.0, 0.0), 0, 0.25 * n)
    sign.put(rounded_panel(round(0.28 * n), round(0.3 * n), round(0.06 * n), MUTED, 1.0, 0.0), 0.7 * n, 0.35 * n)
    if scene.ok is False:  # not while it is being opened
        sign.put(icon("cross", round(0.4 * n), AMBER, INK), 0.12 * n, 0.3 * n)
    blocks = [*_head(scene, s, big=0.095), *_rows(scene.lines, s)]
    words = column(tuple(blocks), room.w, max(room.h - n - s.px(0.05), 8), room.font, centre=True)
    y = room.y + max(room.h - n - s.px(0.05) - words.h, 0) / 2
    page.put(sign, room.x + (room.w - n) / 2, y)
    page.put(words, room.x + (room.w - words.w) / 2, y + n + s.px(0.05))


def _plain(page: Page, scene: Scene, room: Room) -> None:
    blocks = _head(scene, room.sizes) + _steps(scene.lines, room.sizes)
    _middle(page, room, column(tuple(blocks), room.w, room.h, room.font))
