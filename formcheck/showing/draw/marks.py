"""What is drawn on the body: bones, the body line and the straight one, angles with their degrees, fault marks."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from formcheck.sight.pose.landmarks import BONES, JOINT, SIDES

from .joints import Array, DrawnBody, Joint
from .layout import Rect
from .sprites import Picture, Sprite, blend, icon, rounded_panel, text
from .states import Bone, States
from .strokes import arc_points, area, dashes, disc, segments, stroke
from .style import BAD, FAULT, FAULT_DARK, GOOD, IDEAL, INK, NOT_JUDGED, NOT_KNOWN, STATE_COLOUR, WHITE, Sizes

_NAME_OF = {i: (name, side) for name, sides in JOINT.items() for side, i in sides.items()}
_DOTS = ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")
#: Period of a fault mark's pulse (s) and by how much its radius swings.
PULSE_S, PULSE = 1.2, 0.14


#: Ways from a joint in which the angle that decided may be written.
WAYS = ((0.0, 1.0), (0.0, -1.0), (1.0, 0.0), (-1.0, 0.0))


@dataclass(frozen=True)
class Decided:
    """The angle that decided on the fault the banner speaks of: its words, and the joint they stand at."""

    joint: Joint
    words: str

    def at(self, joint: Joint) -> bool:
        """Return whether a joint is the one, or the middle of the two."""
        return joint[0] == self.joint[0] and (joint[1] == self.joint[1] or "mid" in (joint[1], self.joint[1]))


class BodyMarks:
    """Draws on the body.

    Parameters
    ----------
    sizes : Sizes
    font : str or None
        Path of a font file.
    """

    def __init__(self, sizes: Sizes, font: str | None) -> None:
        px = sizes.px
        self._font = font
        self._thin, self._bold, self._line = px(0.0055), px(0.0105, 2), px(0.0135, 2)
        self._edge = max(px(0.0028), 1)
        self._dot = sizes.unit * 0.0105
        self._dash_w = px(0.0062, 2)
        self._dash, self._gap = sizes.unit * 0.03, sizes.unit * 0.02
        self._arc = (sizes.unit * 0.045, sizes.unit * 0.1)
        self._ring = sizes.unit * 0.05
        self._ring_w = px(0.009, 2)
        self._text = px(0.046, 10)
        badge = px(0.062, 10)
        self._sign = ((round(badge * 1.22), (FAULT_DARK, FAULT_DARK)), (badge, (WHITE, FAULT_DARK)))
        self._labels: dict[str, Sprite] = {}

    # ---- skeleton ------------------------------------------------------------------
    def draw_bones(self, picture: Picture, figure: DrawnBody, states: States) -> None:
        """Draw every bone: judged ones bold in the colour of their state, the others thin."""
        rows: list[tuple[int, Array, Array, bool]] = []
        for i, j in BONES:
            (a, s), (b, r) = _NAME_OF[i], _NAME_OF[j]
            state = states.bones.get((a, b, s), NOT_JUDGED) if s == r else NOT_JUDGED
            if figure.known[i] and figure.known[j]:
                rows.append((state, figure.xy[i], figure.xy[j], bool(figure.seen[i] and figure.seen[j])))
        rows += self._neck(figure, states.bones)
        for state in (NOT_JUDGED, NOT_KNOWN, GOOD, BAD):
            for seen in (False, True):
                ends = [(p, q) for s, p, q, clear in rows if s == state and clear == seen]
                if ends:
                    self._bones(picture, state, np.array(ends), seen)
        for name in _DOTS:
            for side in SIDES:
                at = figure.at((name, side))
                if at is not None and figure.sees((name, side)):
                    disc(picture, at, self._dot + self._edge, INK)
                    disc(picture, at, self._dot, WHITE)

    def _neck(self, figure: DrawnBody, bones: dict[Bone, int]) -> Iterable[tuple[int, Array, Array, bool]]:
        """The head's bearing, from between the shoulders to the ear."""
        ear = ("ear", "mid" if figure.front else figure.near)
        state = max(bones.get(("ear", "shoulder", s), NOT_JUDGED) for s in (*SIDES, "mid"))
        p, q = figure.at(ear), figure.at(("shoulder", "mid"))
        if p is not None and q is not None:
            yield state, p, q, figure.sees(ear) and figure.sees(("shoulder", figure.near))

    def _bones(self, picture: Picture, state: int, ends: Array, seen: bool) -> None:
        if state == NOT_KNOWN:
            for p, q in ends:
                dashes(picture, p, q, STATE_COLOUR[NOT_KNOWN], self._thin, self._gap / 2, self._gap / 2)
            return
        colour, width = STATE_COLOUR[state], self._thin
        if state == NOT_JUDGED and not seen:
            segments(picture, ends, STATE_COLOUR[NOT_KNOWN], width)
            return
        if state != NOT_JUDGED:
            width = self._bold if seen else max(self._bold // 2, 1)
        segments(picture, ends, INK, width + 2 * self._edge)
        segments(picture, ends, colour, width)

    # ---- the line --------------------------------------------------------------------
    def draw_line(self, picture: Picture, figure: DrawnBody, states: States) -> None:
        """Draw the line the body makes, solid, beside the straight one it should make, dashed."""
        if states.line is None:
            return
        joints, state = states.line
        points = [p for j in joints if (p := figure.at(j)) is not None]
        if len(points) < 2:
            return
        if state == BAD and len(points) > 2:
            area(picture, np.stack(points), FAULT, 0.35)
        if state != NOT_KNOWN:
            width = self._thin if state == NOT_JUDGED else self._line
            stroke(picture, np.stack(points), INK, width + 2 * self._edge)
            stroke(picture, np.stack(points), STATE_COLOUR[state], width)
        if state != NOT_KNOWN:
            dashes(picture, points[0], points[-1], IDEAL, self._dash_w, self._dash, self._gap)
        if state in (GOOD, BAD):
            for p in points:
                disc(picture, p, self._dot * 1.15 + self._edge, INK)
                disc(picture, p, self._dot * 1.15, WHITE)

    # ---- angles -------------------------------------------------------------------------
    def draw_angles(
        self,
        picture: Picture,
        figure: DrawnBody,
        states: States,
        decided: Decided | None = None,
        words: Callable[[str, float], str] | None = None,
    ) -> None:
        """Draw each angle as a sector at its joint, with its words by signal and degrees, unless none are wanted.

        Where the angle that decided is written, a sector stands only if it is the one at fault.
        """
        for signal, value, joints, state in states.angles:
            if decided is not None and decided.at(joints[1]) and state != BAD:
                continue
            points = [figure.at(j) for j in joints]
            if any(p is None for p in points):
                continue
            a, b, c = (np.asarray(p) for p in points)
            self._angle(picture, a, b, c, words(signal, value) if words is not None else "", state)

    def _angle(self, picture: Picture, a: Array, b: Array, c: Array, words: str, state: int) -> None:
        u, v = a - b, c - b
        reach = min(float(np.hypot(*u)), float(np.hypot(*v)))
        if reach < 2:
            return
        r = float(np.clip(0.32 * reach, *self._arc))
        start = math.atan2(u[1], u[0])
        sweep = (math.atan2(v[1], v[0]) - start + math.pi) % (2 * math.pi) - math.pi
        arc = arc_points(b, r, start, sweep)
        colour = STATE_COLOUR[state]
        area(picture, np.vstack([b, arc]), colour, 0.4)
        stroke(picture, arc, INK, self._thin + 2 * self._edge)
        stroke(picture, arc, colour, self._thin + 1)
        if not words:
            return
        label = self._label(words)
        middle = start + sweep / 2
        way = np.array([math.cos(middle), math.sin(middle)])
        away = abs(way[0]) * label.w / 2 + abs(way[1]) * label.h / 2
        x, y = b + way * (r + away + 3 * self._edge) - (label.w / 2, label.h / 2)
        h, w = picture.shape[:2]
        blend(picture, label, min(max(x, 0), w - label.w), min(max(y, 0), h - label.h))

    def _label(self, words: str) -> Sprite:
        if words not in self._labels:
            line = text(words, self._text, WHITE, True, self._font)
            pad = self._text // 4
            pill = rounded_panel(line.w + 2 * pad, line.h, line.h // 2, INK, 0.72)
            pill.put(line, pad, 0)
            self._labels[words] = pill
        return self._labels[words]

    # ---- faults ----------------------------------------------------------------------------
    def draw_mark(self, picture: Picture, figure: DrawnBody, joint: Joint, t: float) -> None:
        """Draw a pulsing ring at a joint at fault."""
        at = figure.at(joint)
        if at is None:
            return
        r = self._ring * (1 + PULSE * math.sin(2 * math.pi * t / PULSE_S))
        disc(picture, at, r, INK, self._ring_w + 2 * self._edge)
        disc(picture, at, r, FAULT, self._ring_w)

    def around(self, at: Array) -> tuple[float, float, float, float]:
        """Return the box (left, top, right, bottom) that the ring at a joint takes at most."""
        r = self._ring * (1 + PULSE) + self._ring_w
        return float(at[0] - r), float(at[1] - r), float(at[0] + r), float(at[1] + r)

    def draw_sign(
        self,
        picture: Picture,
        figure: DrawnBody,
        joint: Joint,
        words: str | None,
        states: States,
        boxes: Sequence[Rect] = (),
    ) -> None:
        """Draw a warning sign at the ring of which the banner speaks, and the angle that decided across from it.

        The words stand beside the boxes, as far as there is room.
        """
        at = figure.at(joint)
        if at is None:
            return
        label = self._label(words) if words is not None else None
        way = self._free_way(picture, figure, at, label, states, boxes)
        rim, sign = (icon("warning", px, *ink) for px, ink in self._sign)
        x, y = at - way * (self._ring * 1.25)
        blend(picture, rim, x - rim.w / 2, y - rim.h / 2)
        blend(picture, sign, x - sign.w / 2, y - sign.h / 2)
        if label is not None:
            blend(picture, label, *self._beside(picture, at, way, label)[:2])

    def _free_way(
        self,
        picture: Picture,
        figure: DrawnBody,
        at: Array,
        label: Sprite | None,
        states: States,
        boxes: Sequence[Rect] = (),
    ) -> Array:
        """Return the way from a joint in which least of the body, and of its line, lies under its words."""
        if label is None:
            return np.array(WAYS[0])
        body = figure.xy[np.isfinite(figure.xy[:, 0])]
        ends = [(figure.xy[i], figure.xy[j]) for i, j in BONES]
        middles = np.array([(p + q) / 2 for p, q in ends if np.isfinite(p).all() and np.isfinite(q).all()])
        line = [p for j in (states.line[0] if states.line is not None else ()) if (p := figure.at(j)) is not None]
        along = [p + (q - p) * k / 8 for p, q in pairwise(line) for k in range(9)]
        points = np.concatenate([x for x in (body, middles, np.array(along)) if len(x)])

        def hidden(way: tuple[float, float]) -> float:
            x, y, shift = self._beside(picture, at, np.array(way), label)
            inside = (points > (x, y)) & (points < (x + label.w, y + label.h))
            under = any(
                x < r[0] + r[2] and r[0] < x + label.w and y < r[1] + r[3] and r[1] < y + label.h for r in boxes
            )
            return float(inside.all(axis=1).sum()) + 10 * shift / self._ring + 100 * under

        return np.array(min(WAYS, key=hidden))

    def _beside(self, picture: Picture, at: Array, way: Array, label: Sprite) -> tuple[float, float, float]:
        """Where a label stands in a way from a joint, and how far it was moved to be within the picture."""
        h, w = picture.shape[:2]
        reach = self._ring * (1 + PULSE) + 3 * self._edge
        x, y = at + way * (reach + np.array([label.w, label.h]) / 2) - np.array([label.w, label.h]) / 2
        fit_x, fit_y = min(max(x, 0.0), max(w - label.w, 0)), min(max(y, 0.0), max(h - label.h, 0))
        return fit_x, fit_y, abs(fit_x - x) + abs(fit_y - y)

    def draw_ball(self, picture: Picture, at: Array, radius: float) -> None:
        """Draw a thin circle around the ball."""
        disc(picture, at, radius, INK, self._thin + 2 * self._edge)
        disc(picture, at, radius, WHITE, self._thin)
