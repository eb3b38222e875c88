"""What is drawn on the pictures of a report: the body as judged, and of a fault its measure, value and limit."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np

from formcheck.judging.rules.checks import Check
from formcheck.judging.rules.drawing import Bend, Bow, Gap, Tilt
from formcheck.judging.rules.exercise import Exercise
from formcheck.judging.session.moment import Moment
from formcheck.sight.pose.landmarks import BONES

from ..draw.joints import Array, DrawnBody, Judged, joints_of
from ..draw.marks import BodyMarks
from ..draw.sprites import Picture, Sprite, blend, rounded_panel, text
from ..draw.states import States, judge_parts
from ..draw.strokes import arc_points, area, dashes, disc, stroke
from ..draw.style import BAD, FAULT, IDEAL, INK, STATE_COLOUR, WHITE, Colour, Sizes
from .placed import Placed, place


class Pen:
    """Draws on one picture of a body, in place.

    Parameters
    ----------
    picture : (h, w, 3) uint8 array
    figure : DrawnBody
        In pixels of the picture.
    exercise : Exercise
    moment : Moment
        What was measured there.
    faint : bool
        Draw the rest of the body faintly beside a fault; on a plain ground there is nothing else to see.
    font : str, optional
        Path of a font file, for languages whose letters the font that Pillow carries does not have.
    """

    def __init__(
        self,
        picture: Picture,
        figure: DrawnBody,
        exercise: Exercise,
        moment: Moment,
        *,
        faint: bool = True,
        font: str | None = None,
    ) -> None:
        self._picture, self._figure, self._exercise, self._moment = picture, figure, exercise, moment
        self._faint, self._font = faint, font
        self._sizes = sizes = Sizes(picture.shape[1], picture.shape[0])
        self._marks = BodyMarks(sizes, None)
        self._line, self._edge = sizes.px(0.014, 2), max(sizes.px(0.003), 1)
        self._dash_w, self._dash, self._space = sizes.px(0.009, 2), sizes.unit * 0.035, sizes.unit * 0.025

    def rep(self, words: Mapping[str, str], decided: tuple[Check, str] | None = None) -> None:
        """Draw the body as the annotated video shows it.

        Parameters
        ----------
        words : mapping
            Words of the angles drawn, by signal.
        decided : (Check, str), optional
            What decided on the repetition, and its words, if any: they stand instead, at the joint that it is about.
        """
        picture, figure, moment = self._picture, self._figure, self._moment
        states = judge_parts(self._exercise, moment, figure)
        self._marks.draw_bones(picture, figure, states)
        self._marks.draw_line(picture, figure, states)
        for signal, _, joints, state in states.angles:
            if decided is not None and state != BAD:
                continue
            points = tuple(np.asarray(figure.at(j)) for j in joints)
            at = self._sector(*points, colour=STATE_COLOUR[state])
            if decided is None and signal in words:
                self._say([words[signal]], at, points)
        if decided is not None:
            check, said = decided
            value = moment.sample.get(check.signal, math.nan)
            found = joints_of(figure, check, value, Judged((), states.line[0] if states.line is not None else None))
            mine = [p for j in states.marks.get(check.id, found) if (p := figure.at(j)) is not None]
            if mine and said:
                self._say([said], mine[0], (mine[0],))

    def fault(self, check: Check, words: Sequence[str]) -> None:
        """Draw a fault: what was measured and the words beside it; without a measure its joints.

        Parameters
        ----------
        check : Check
        words : sequence of str
            The value and its limit.
        """
        picture, figure, exercise = self._picture, self._figure, self._exercise
        bones = picture.copy()
        self._marks.draw_bones(bones, figure, States())
        picture[:] = (picture.astype(np.uint16) + bones) // 2 if self._faint else bones
        sketch = exercise.drawing.sketch_of(check)
        signal = (sketch.of if sketch is not None else "") or check.signal
        value = self._moment.sample.get(signal, math.nan)
        limit = exercise.limits.get(check.limit)
        of_angle = signal != check.signal or (limit is not None and limit.unit == "deg")
        angle = value if of_angle else math.nan
        placed = place(sketch, figure, angle) if sketch is not None else None
        if placed is not None:
            at, about = self._sketch(placed), placed.points
        else:
            joints = joints_of(figure, check, value, Judged())
            about = tuple(p for j in joints if (p := figure.at(j)) is not None)
            for p in about:
                self._ring(p)
            at = np.mean(about, axis=0) if about else np.zeros(2)
        if words:
            self._say(words, at, about)

    # ---- sketches --------------------------------------------------------------------
    def _sketch(self, placed: Placed) -> Array:
        """Draw a sketch; return the point that the words belong to."""
        p = placed.points
        if isinstance(placed.sketch, Bend):
            self._limbs(p)
            return self._sector(*p, colour=FAULT)
        if isinstance(placed.sketch, Tilt):
            assert placed.towards is not None
            reach = max(float(np.hypot(*(p[1] - p[0]))), 0.12 * self._sizes.unit)
            ideal = p[0] + placed.towards * reach * 1.1
            self._dashes(p[0], ideal)
            self._limbs(p)
            return self._sector(p[1], p[0], ideal, colour=FAULT)
        if isinstance(placed.sketch, Bow):
            area(self._picture, np.stack(p), FAULT, 0.35)
            self._dashes(p[0], p[2])
            self._limbs(p)
            return p[1]
        assert isinstance(placed.sketch, Gap)
        self._limbs(p)
        return np.asarray((p[0] + p[1]) / 2, np.float64)

    def _limbs(self, points: Sequence[Array]) -> None:
        stroke(self._picture, np.stack(points), INK, self._line + 2 * self._edge)
        stroke(self._picture, np.stack(points), FAULT, self._line)
        for p in points:
            disc(self._picture, p, 0.75 * self._line + self._edge, INK)
            disc(self._picture, p, 0.75 * self._line, WHITE)

    def _dashes(self, a: Array, b: Array) -> None:
        dashes(self._picture, a, b, IDEAL, self._dash_w, self._dash, self._space)

    def _ring(self, at: Array) -> None:
        r = 0.065 * self._sizes.unit
        disc(self._picture, at, r, INK, self._line + 2 * self._edge)
        disc(self._picture, at, r, FAULT, self._line)

    def _sector(self, *points: Array, colour: Colour) -> Array:
        """Draw the angle at the second of three points; return the point just outside its arc's middle."""
        a, b, c = points
        u, v = a - b, c - b
        reach = min(float(np.hypot(*u)), float(np.hypot(*v)))
        r = float(np.clip(0.4 * reach, 0.06 * self._sizes.unit, 0.16 * self._sizes.unit))
        start = math.atan2(u[1], u[0])
        sweep = (math.atan2(v[1], v[0]) - start + math.pi) % (2 * math.pi) - math.pi
        arc = arc_points(b, r, start, sweep)
        area(self._picture, np.vstack([b, arc]), colour, 0.5)
        stroke(self._picture, arc, INK, self._line // 2 + 2 * self._edge)
        stroke(self._picture, arc, colour, max(self._line // 2, 2))
        middle = start + sweep / 2
        return np.asarray(b + np.array([math.cos(middle), math.sin(middle)]) * (r + 3 * self._edge), np.float64)

    # ---- words -----------------------------------------------------------------------
    def _say(self, words: Sequence[str], at: Array, about: Sequence[Array]) -> None:
        """Set words, the first large, into a pill near a point, beside what they are about and off the body."""
        picture, pill = self._picture, self._pill(words)
        h, w = picture.shape[:2]
        size = np.array([pill.w, pill.h])
        x, y = (np.linspace(3, max(full - own - 3, 3), n) for full, own, n in ((w, pill.w, 24), (h, pill.h, 18)))
        corners = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
        ends = np.array([self._figure.xy[list(bone)] for bone in BONES])
        body = _along(ends[np.isfinite(ends).all(axis=(1, 2))])
        mine = _along(np.array(list(pairwise(about)))) if len(about) > 1 else np.array(about).reshape(-1, 2)
        margin = 0.02 * self._sizes.unit
        cost = 0.02 * _inside(body, corners, size, margin) + 0.3 * _inside(mine, corners, size, 2 * margin)
        off = np.maximum(np.maximum(corners - at, at - corners - size), 0)
        cost = cost + np.hypot(off[:, 0], off[:, 1]) / self._sizes.unit
        if about:
            # The arc itself, and the joint that it stands at.
            cost = cost + 2.0 * _inside(np.array([at]), corners, size, margin)
        best = corners[int(np.argmin(cost))]
        foot = np.clip(at, best, best + size)
        if about and float(np.hypot(*(foot - at))) > 2 * margin:
            stroke(picture, np.stack([foot, at]), INK, max(self._line // 2, 2) + self._edge)
            stroke(picture, np.stack([foot, at]), WHITE, max(self._line // 4, 1))
        blend(picture, pill, best[0], best[1])

    def _pill(self, words: Sequence[str]) -> Sprite:
        big, small = self._sizes.px(0.075, 13), self._sizes.px(0.058, 11)
        # The font has neither sign.
        plain = [w.replace("\N{NO-BREAK SPACE}", " ").replace("\N{MINUS SIGN}", "-") for w in words]
        lines = [text(w, small if i else big, WHITE, i == 0, self._font) for i, w in enumerate(plain)]
        pad = big // 3
        w, h = max(s.w for s in lines) + 2 * pad, sum(s.h for s in lines) + pad // 2
        pill = rounded_panel(w, h, min(h // 2, big // 2), INK, 0.8)
        y = pad // 4
        for s in lines:
            pill.put(s, (w - s.w) / 2, y)
            y += s.h
        return pill


def _along(ends: Array) -> Array:
    """(n, 2) points along lines given by (k, 2, 2) ends."""
    f = np.linspace(0, 1, 9)[:, None, None]
    return np.asarray((ends[:, 0] * (1 - f) + ends[:, 1] * f).reshape(-1, 2), np.float64)


def _inside(points: Array, corners: Array, size: Array, margin: float) -> Array:
    """(k,) how many points lie in boxes of a size at (k, 2) corners, or within a margin of them."""
    p = points[None]
    c = corners[:, None]
    inside = ((p >= c - margin) & (p <= c + size + margin)).all(axis=2)
    return np.asarray(inside.sum(axis=1), np.float64)
