"""The screens of a live session: introduction, way into position, countdown, pause, rest, summary, no camera."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from formcheck.coaching.coach.framing import heading
from formcheck.coaching.coach.scene import COUNTDOWN, INTRO, NO_CAMERA, PAUSED, REST, SETUP, SUMMARY, Scene
from formcheck.coaching.coach.setup import Majority
from formcheck.judging.exercises import exercises
from formcheck.judging.session.moment import Moment

from .aside import Aside
from .fonts import find_font
from .ghost import Ghost, Whereabouts, demonstrated
from .joints import DrawnBody
from .layout import Array, Rect, body_parts
from .pages import ASIDE, EMPTY, TOP, Keys, Page, build, ring_width
from .sprites import Picture, blend, text
from .strokes import Point, disc
from .style import AMBER, INK, OK, WHITE, Colour, Sizes

#: How much of the camera's picture is left behind each kind of screen; 1 = all of it.
LIGHT = {INTRO: 0.3, COUNTDOWN: 0.85, PAUSED: 0.35, REST: 0.28, SUMMARY: 0.22}
#: Colour of the ground where there is no picture.
GROUND: Colour = (24, 30, 42)


class Screens:
    """Draws scenes over the camera's pictures.

    What does not move is rendered when the scene changes and laid on every picture after that.

    Parameters
    ----------
    size : (int, int)
        Width and height of the pictures to draw on, pixels.
    mirror : bool
        The pictures come flipped left to right. The ghost is flipped to fit; text is not.
    font : str, optional
        Path of a font file, for languages whose letters the font that Pillow carries does not have
        (``fonts.find_font``).
    scale : float or (float, float)
        Pixels of these pictures for one pixel of the picture in which the landmarks were measured.

    Raises
    ------
    ValueError
        If the size is not positive.
    """

    def __init__(
        self,
        size: tuple[int, int],
        *,
        mirror: bool = False,
        font: str | None = None,
        scale: float | tuple[float, float] = 1.0,
    ) -> None:
        w, h = int(size[0]), int(size[1])
        if w < 1 or h < 1:
            raise ValueError(f"size: expected at least 1 x 1 pixel, got {w} x {h}")
        self.size, self.mirror, self.font = (w, h), mirror, font
        self.scale = scale if isinstance(scale, tuple) else (scale, scale)
        self._sizes = Sizes(w, h)
        self._key: object = None
        self._page = Page()
        self._pages: dict[str, Page] = {}
        self._aside = Aside()
        #: Where the outline of the start position was drawn.
        self._outlined: Rect | None = None
        self._ghost: Ghost | None = None
        self._turned = Majority()
        self._ground: Picture | None = None
        #: What is demonstrated, and since when.
        self._demonstrates: tuple[object, float] = (None, 0.0)
        #: Most seconds of the scene on the screen, so that its ring begins full.
        self._whole_s = 0.0

    def draw(
        self,
        rgb: Picture | None,
        scene: Scene,
        moment: Moment | None = None,
        keys: Sequence[tuple[str, str]] = (),
        t: float | None = None,
    ) -> Picture:
        """Return a picture with a scene drawn on it.

        Parameters
        ----------
        rgb : (h, w, 3) uint8 array or None
            Red first; left as it is. None (and a scene without a camera): a plain ground.
        scene : Scene
        moment : Moment, optional
            The last judged one: the ghost comes to where the person is.
        keys : sequence of (key, what it does)
            The legend, as short as can be.
        t : float, optional
            Seconds, for the demonstration; None: it stands in the start position.

        Raises
        ------
        ValueError
            If the shape is not that of ``size`` or the type not uint8.
        """
        w, h = self.size
        if rgb is not None and (rgb.shape != (h, w, 3) or rgb.dtype != np.uint8):
            raise ValueError(f"rgb: expected a ({h}, {w}, 3) uint8 array, got {rgb.shape} {rgb.dtype}")
        self._lay_out(scene, tuple(keys), moment)
        out = self._backdrop(rgb, scene.kind)
        if scene.ghost and scene.kind in (SETUP, COUNTDOWN):
            self._draw_ghost(out, scene, moment, self._way(scene, t))
        if self._page.shown is not None:
            drawn, x, y = self._page.shown
            drawn.draw(out, x, y, self._way(scene, t))
        for sprite, x, y in self._page.placed:
            blend(out, sprite, x, y)
        self._draw_ring(out, scene)
        self._draw_bar(out, scene)
        return out

    def _way(self, scene: Scene, t: float | None) -> float:
        """Return how much of the way to the end position is shown: none where somebody holds the start position."""
        about = (scene.kind, scene.exercise, bool(scene.ok))
        if t is None or scene.ok or about != self._demonstrates[0] or t < self._demonstrates[1]:
            self._demonstrates = about, t if t is not None else 0.0
            return 0.0
        return demonstrated(scene.exercise, t - self._demonstrates[1])

    def _lay_out(self, scene: Scene, keys: Keys, moment: Moment | None) -> None:
        still = replace(
            scene, seconds=None if scene.seconds is None else 0.0, progress=None if scene.progress is None else 0.0
        )
        number = None
        if scene.kind == COUNTDOWN and not scene.headline and scene.seconds is not None:
            number = math.ceil(scene.seconds)
        key = (still, keys, number)
        if key != self._key:
            self._build(key, scene, keys)
        if scene.kind == SETUP:
            where = {at: page.panel for at, page in self._pages.items() if page.panel is not None}
            t = moment.t if moment is not None else 0.0
            self._page = self._pages[self._aside.choose(t, where, self._body(moment), self._outlined)]

    def _body(self, moment: Moment | None) -> Array | None:
        """Return what the body covers, where it is time to look at it."""
        if moment is None or not self._aside.due(moment.t):
            return None
        figure = DrawnBody.of(moment, self.size, self.scale, self.mirror)
        return body_parts(figure) if figure is not None else None

    def _build(self, key: Any, scene: Scene, keys: Keys) -> None:
        # A countdown's number is another text on the same screen.
        if self._key is None or not isinstance(self._key, tuple) or self._key[0].kind != scene.kind:
            self._whole_s = 0.0
            self._aside, self._outlined = Aside(), None
        self._key = key
        made = {at: build(scene, keys, self.size, self.font, at) for at in (ASIDE if scene.kind == SETUP else (TOP,))}
        self._pages = {at: page for at, page in made.items() if page is not None}
        self._page = self._pages[TOP]

    def _backdrop(self, rgb: Picture | None, kind: str) -> Picture:
        import cv2

        w, h = self.size
        if rgb is None or kind == NO_CAMERA:
            if self._ground is None:
                self._ground = np.full((h, w, 3), GROUND, np.uint8)
            return self._ground.copy()
        light = LIGHT.get(kind, 1.0)
        if light >= 1.0:
            return np.array(rgb, order="C")
        return np.asarray(cv2.convertScaleAbs(np.ascontiguousarray(rgb), alpha=light, beta=20 * (1 - light)), np.uint8)

    # ---- the ghost -------------------------------------------------------------------
    def _draw_ghost(self, out: Picture, scene: Scene, moment: Moment | None, way: float) -> None:
        if scene.exercise is None:
            return
        if self._ghost is None or self._ghost.exercise != scene.exercise:
            self._ghost, self._turned = Ghost(scene.exercise, self.size), Majority()
        turned, person = 0, None
        known = exercises().get(scene.exercise)
        if moment is not None and known is not None:
            turned = self._turned.update(moment.t, heading(moment, known.belly)) * (-1 if self.mirror else 1)
            person = self._whereabouts(moment)
        t = moment.t if moment is not None else None
        panel = self._pages[TOP].panel if self._page is self._pages.get(TOP) else None
        top = panel[1] + panel[3] if panel is not None else 0
        good = bool(scene.ok)
        self._outlined = self._ghost.draw(out, t, heading=turned, person=person, good=good, top=top, share=way)

    def _whereabouts(self, moment: Moment) -> Whereabouts | None:
        figure = DrawnBody.of(moment, self.size, self.scale, self.mirror)
        hips = figure.at(("hip", "mid")) if figure is not None else None
        if figure is None or hips is None or not figure.torso > 0:
            return None
        return Whereabouts(float(hips[0]), float(np.nanmax(figure.xy[:, 1])), float(figure.torso))

    # ---- what moves ------------------------------------------------------------------
    def _draw_ring(self, out: Picture, scene: Scene) -> None:
        if self._page.ring is None or (scene.seconds is None and scene.progress is None):
            return
        x, y, r = self._page.ring
        centre = np.array([x, y])
        seconds = scene.seconds if scene.seconds is not None else 0.0
        self._whole_s = max(self._whole_s, seconds)
        if scene.progress is not None:
            left = 1 - min(max(scene.progress, 0.0), 1.0)
        else:
            left = seconds / self._whole_s if self._whole_s > 0 else 0.0
        if left > 0:
            _band(out, centre, r, r - ring_width(r), left, OK if scene.kind == COUNTDOWN else AMBER)
        if scene.kind != COUNTDOWN and scene.seconds is not None:
            number = text(f"{math.ceil(max(seconds, 0.0))}", max(round(r * 0.85), 8), WHITE, True, self.font)
            blend(out, number, x - number.w / 2, y - number.h / 2)

    def _draw_bar(self, out: Picture, scene: Scene) -> None:
        if self._page.bar is None or scene.progress is None:
            return
        x, y, w, h = self._page.bar
        done = round(w * min(max(scene.progress, 0.0), 1.0))
        rows = slice(max(y, 0), y + h)
        out[rows, x : x + w] = EMPTY if scene.kind == SETUP else INK
        out[rows, x : x + done] = OK


def _band(picture: Picture, centre: Point, outer: float, inner: float, share: float, colour: Colour) -> None:
    """Draw a share of a ring, the part still to go, with round ends; one polygon is filled quickly."""
    import cv2

    sweep = -2 * math.pi * min(share, 1.0)
    start = -math.pi / 2
    n = max(round(abs(sweep) * outer / 6), 4)
    a = start + sweep * np.linspace(0, 1, n + 1)
    way = np.stack([np.cos(a), np.sin(a)], axis=1)
    corners = np.concatenate([centre + outer * way, (centre + inner * way)[::-1]])
    cv2.fillPoly(picture, [np.rint(corners * 16).astype(np.int32)], colour, cv2.LINE_AA, 4)
    if share < 1:
        for end in (way[0], way[-1]):
            disc(picture, centre + (outer + inner) / 2 * end, (outer - inner) / 2, colour)


__all__ = ["Screens", "find_font"]
