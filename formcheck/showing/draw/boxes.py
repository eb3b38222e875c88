"""Columns of text that fit their box: lines wrap, and everything shrinks together until nothing is cut off."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from .sprites import Sprite, icon, load_font, rounded_panel, text, text_width, wrap
from .style import INK, MUTED, WHITE, Colour

#: Sizes that are tried, as shares of the size asked for.
SHARES = tuple(0.955**k for k in range(40))
#: Smallest letters, pixels.
LEAST_PX = 7


@dataclass(frozen=True)
class TextBlock:
    """A paragraph.

    Attributes
    ----------
    words : str
    px : float
        Size of the letters asked for.
    colour : (int, int, int)
    bold : bool
    before : float
        Room above it, pixels.
    mark : str
        A number or a sign in a disc before it; empty for none.
    """

    words: str
    px: float
    colour: Colour = WHITE
    bold: bool = False
    before: float = 0.0
    mark: str = ""


@dataclass(frozen=True)
class TableBlock:
    """Rows of cells: the first column is text on the left, the others are set to the right.

    Attributes
    ----------
    rows : tuple of tuples of str
        Rows may be of different lengths.
    px : float
    head : bool
        Whether the first row names the columns.
    before : float
    """

    rows: tuple[tuple[str, ...], ...]
    px: float
    head: bool = False
    before: float = 0.0


#: How much smaller the keys' legend may get to fit into one line.
LEGEND_SHRINKS = 0.76

Block = TextBlock | TableBlock
#: A sprite and where its left upper corner goes.
Placed = tuple[Sprite, int, int]


@dataclass(frozen=True)
class _Piece:
    """A line or a mark that is measured now and rendered once its size is settled."""

    words: str
    px: int
    colour: Colour
    bold: bool
    font: str | None
    mark: bool = False

    @property
    def w(self) -> int:
        return round(self.px * 1.3) if self.mark else text_width(self.words, self.px, self.bold, self.font) + 2

    @property
    def h(self) -> int:
        return round(self.px * 1.3) if self.mark else line_height(self.px, self.font)

    def sprite(self) -> Sprite:
        if not self.mark:
            return text(self.words, self.px, self.colour, self.bold, self.font)
        out = clear_sprite(self.w, self.h)
        out.put(icon("dot", self.w, self.colour, self.colour), 0, 0)
        number = text(self.words, round(self.px * 0.82), INK, True, self.font)
        out.put(number, (self.w - number.w) / 2, (self.h - number.h) / 2)
        return out


_Set = list[tuple[_Piece, int, int]]


def clear_sprite(w: int, h: int) -> Sprite:
    """Return a new sprite through which everything shows."""
    return Sprite(np.zeros((max(h, 1), max(w, 1), 3), np.uint8), np.full((max(h, 1), max(w, 1), 3), 255, np.uint8))


@lru_cache(maxsize=64)
def cap_share(font: str | None) -> float:
    """Return the height of a capital letter as a share of a font's size."""
    _, top, _, bottom = load_font(font, 200).getbbox("H", anchor="ls")
    return float(bottom - top) / 200


@lru_cache(maxsize=256)
def line_height(px: int, font: str | None) -> int:
    """Return the height of a line of text, that of its sprite, pixels."""
    return text("x", px, WHITE, False, font).h


@lru_cache(maxsize=24)
def column(blocks: tuple[Block, ...], width: int, height: int, font: str | None, centre: bool = False) -> Sprite:
    """Set blocks one below another.

    Parameters
    ----------
    blocks : tuple of TextBlock or TableBlock
    width, height : int
        Room, pixels: the column is never larger.
    font : str or None
        Path of a font file.
    centre : bool
        Centre the lines.

    Returns
    -------
    Sprite
        As large as what is in it.
    """
    lo, hi = 0, len(SHARES)
    best: _Set | None = None
    while lo < hi:
        mid = (lo + hi) // 2
        made = _set(blocks, SHARES[mid], width, font, centre)
        if made is not None and _size(made)[1] <= height:
            best, hi = made, mid
        else:
            lo = mid + 1
    if best is None:
        best = _set(blocks, SHARES[-1], width, font, centre, force=True) or []
    w, h = _size(best)
    out = clear_sprite(min(w, width), min(h, height))
    for piece, x, y in best:
        out.put(piece.sprite(), x, y)
    return out


def fits(blocks: tuple[Block, ...], width: int, height: int, font: str | None) -> bool:
    """Return whether blocks, set at their full size, fit into a room; parameters as :func:`column`."""
    made = _set(blocks, 1.0, width, font, False)
    return made is not None and _size(made)[1] <= height


def _size(placed: _Set) -> tuple[int, int]:
    return max((x + s.w for s, x, _ in placed), default=1), max((y + s.h for s, _, y in placed), default=1)


def _set(
    blocks: Sequence[Block], share: float, width: int, font: str | None, centre: bool, *, force: bool = False
) -> _Set | None:
    """Place the lines of all blocks at one size; None where a word or a row is wider than the room."""
    out: _Set = []
    y = 0.0
    for i, block in enumerate(blocks):
        y += block.before * share if i else 0.0
        setter: Callable[..., _Set | None] = _paragraph if isinstance(block, TextBlock) else _table
        made = setter(block, max(round(block.px * share), LEAST_PX), width, font, force)
        if made is None:
            return None
        out += [(s, x, round(y) + dy) for s, x, dy in made]
        y += _size(made)[1] if made else 0
    if centre:
        widest = _size(out)[0]
        rows: dict[int, int] = {}
        for s, x, at in out:
            rows[at] = max(rows.get(at, 0), x + s.w)
        out = [(s, x + (widest - rows[at]) // 2, at) for s, x, at in out]
    return out


def _lines(words: str, px: int, width: int, font: str | None, bold: bool, force: bool) -> list[str] | None:
    lines = wrap(words, px, width, font, bold)
    if all(text_width(line, px, bold, font) <= width for line in lines):
        return lines
    if not force:
        return None
    short = []
    for word in words.split():
        rest = word
        while rest:
            n = next((n for n in range(len(rest), 1, -1) if text_width(rest[:n], px, bold, font) <= width), 1)
            short.append(rest[:n])
            rest = rest[n:]
    return wrap(" ".join(short), px, width, font, bold)


def _paragraph(block: TextBlock, px: int, width: int, font: str | None, force: bool) -> _Set | None:
    indent = round(px * 1.75) if block.mark else 0
    lines = _lines(block.words, px, width - indent - 2, font, block.bold, force)
    if lines is None:
        return None
    out: _Set = []
    h = line_height(px, font)
    for k, line in enumerate(lines):
        out.append((_Piece(line, px, block.colour, block.bold, font), indent, k * h))
    if block.mark and out:
        mark = _Piece(block.mark, px, WHITE, True, font, mark=True)
        out.append((mark, 0, max((h - mark.h) // 2, 0)))
    return out


def _table(block: TableBlock, px: int, width: int, font: str | None, force: bool) -> _Set | None:
    gap = round(px * 0.9)
    columns = max((len(r) for r in block.rows), default=0)
    if not columns:
        return []
    wide = [
        max((text_width(r[k], px, False, font) + 2 for r in block.rows if len(r) > k), default=0)
        for k in range(1, columns)
    ]
    room = width - sum(wide) - gap * len(wide)
    if room < px * 6 and not force:
        return None
    room = max(room, px * 3)
    first = []
    for k, row in enumerate(block.rows):
        lines = _lines(row[0] if row else "", px, room - 2, font, bold=k > 0 or not block.head, force=force)
        if lines is None or (len(lines) > 2 and not force):
            return None
        first.append(lines)
    used = max(
        (text_width(line, px, True, font) + 2 for lines in first for line in lines),
        default=0,
    )
    out: _Set = []
    y = 0
    for k, row in enumerate(block.rows):
        head = block.head and k == 0
        line_h = line_height(px, font)
        for i, line in enumerate(first[k]):
            out.append((_Piece(line, px, MUTED if head else WHITE, not head, font), 0, y + i * line_h))
        x = used
        for cell, w in zip(row[1:], wide, strict=False):
            x += gap + w
            piece = _Piece(cell, px, MUTED if head else WHITE, False, font)
            out.append((piece, x - piece.w, y))
        y += line_h * max(len(first[k]), 1) + round(px * 0.22)
    return out


@lru_cache(maxsize=32)
def legend(
    keys: tuple[tuple[str, str], ...], width: int, px: int, font: str | None, alpha: float = 0.6
) -> Sprite | None:
    """Return the keys that can be pressed and what they do, in as few lines as the width allows; None without keys."""
    if not keys:
        return None
    made = _legend_rows(keys, width, px, font)
    pad, gap = round(px * 0.4), round(px * 0.18)
    line = made[0][0].h
    h = len(made) * line + (len(made) - 1) * gap
    widths = [_row_width(row, px) for row in made]
    w = min(max(widths), width)
    out = rounded_panel(w + 2 * pad, h + 2 * (pad // 2), round(px * 0.6), INK, alpha, 0.0)
    y = pad // 2
    for row, wide in zip(made, widths, strict=True):
        x = pad + max(w - wide, 0) // 2
        for sprite in row:
            out.put(sprite, x, y)
            x += sprite.w + round(px * 1.1)
        y += line + gap
    return out


def _legend_rows(keys: Sequence[tuple[str, str]], width: int, px: int, font: str | None) -> list[list[Sprite]]:
    """One row where a little smaller letters make that possible, else rows of about equal length."""
    tries = [(size, 1) for size in range(px, max(round(px * LEGEND_SHRINKS), LEAST_PX) - 1, -1)]
    tries += [(size, n) for size in range(px, LEAST_PX - 1, -1) for n in range(2, len(keys) + 1)]
    tries += [(LEAST_PX, len(keys))]
    for size, n in tries:
        each = -(-len(keys) // n)
        rows = [keys[i : i + each] for i in range(0, len(keys), each)]
        wide = [sum(_key_width(*k, size, font)[1] for k in row) + round(px * 1.1) * (len(row) - 1) for row in rows]
        if max(wide) <= width:
            break
    return [[_key(key, what, size, font) for key, what in row] for row in rows]


def _row_width(row: Sequence[Sprite], px: int) -> int:
    return sum(s.w for s in row) + round(px * 1.1) * (len(row) - 1)


def _key_width(key: str, what: str, px: int, font: str | None) -> tuple[int, int]:
    """Width of a key's cap, and of the cap with its word."""
    pad = round(px * 0.32)
    cap = max(text_width(key, px, True, font) + 2 + 2 * pad, line_height(px, font))
    return cap, cap + pad + text_width(what, px, False, font) + 2


def _key(key: str, what: str, px: int, font: str | None) -> Sprite:
    name, word = text(key, px, INK, True, font), text(what, px, WHITE, False, font)
    cap, whole = _key_width(key, what, px, font)
    h = name.h + 2
    out = clear_sprite(whole, h)
    out.put(rounded_panel(cap, h - 2, round(px * 0.28), MUTED, 0.95, 0.0), 0, 1)
    out.put(name, (cap - name.w) / 2, 1)
    out.put(word, whole - word.w, 1)
    return out
