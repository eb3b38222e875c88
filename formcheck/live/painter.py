"""The picture in the window: mirrored if wanted, the verdict drawn on it, and the scene beside it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from formcheck.coaching.coach.phrases import Phrases
from formcheck.coaching.coach.scene import COUNTDOWN, PAUSED, SETUP, WORK, Scene
from formcheck.showing.draw import Overlay
from formcheck.showing.draw.raised import draw_raised
from formcheck.showing.draw.screens import Screens
from formcheck.showing.draw.sprites import blend, rounded_panel, text
from formcheck.showing.draw.style import INK, WHITE, Labels

from .judging import Shown
from .keys import LEGEND

Image = NDArray[np.uint8]

#: Size of the picture before the camera has given one.
EMPTY = (960, 540)
#: Seconds for which the answer to a key is shown.
NOTICE_S = 2.0


class Painter:
    """Draws what is to be shown.

    Parameters
    ----------
    phrases : Phrases
    mirror : bool
        Show the picture as a mirror would; texts stay readable, left stays left.
    font : str, optional
        Font file with the letters of the language.
    clock : callable
        Seconds, for what is shown for a while only.
    """

    def __init__(
        self,
        phrases: Phrases,
        *,
        mirror: bool,
        font: str | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.mirror, self._clock = mirror, clock
        self._phrases, self._font = phrases, font
        self._overlay: Overlay | None = None
        self._screens: Screens | None = None
        self._of: tuple[object, ...] = ()
        self._notice, self._notice_until = "", 0.0
        self._legend = self._keys(LEGEND)
        self._legend_paused = self._keys({**LEGEND, "space": "resume"})

    def tell(self, words: str) -> None:
        """Show a few words for a moment, as an answer to a key."""
        self._notice, self._notice_until = words, self._clock() + NOTICE_S

    def paint(self, shown: Shown) -> Image:
        """Return the picture for the window, (h, w, 3) uint8 RGB."""
        picture = self._scene(shown)
        if shown.gesture is not None:
            draw_raised(picture, shown.gesture, mirror=self.mirror)
        if self._clock() < self._notice_until:
            h, w = picture.shape[:2]
            px = max(round(0.05 * min(w, h)), 9)
            words = text(self._notice, px, WHITE, True, self._font)
            panel = rounded_panel(words.w + 2 * px, words.h + px, px, INK, 0.8)
            panel.put(words, px, px / 2)
            blend(picture, panel, (w - panel.w) / 2, 0.72 * h)
        return picture

    def _scene(self, shown: Shown) -> Image:
        image = shown.image
        if image is None:
            image = np.zeros((EMPTY[1], EMPTY[0], 3), np.uint8)
        h, w = image.shape[:2]
        picture: Image = _mirrored(image) if self.mirror else image
        self._make_ready((w, h), shown)
        assert self._overlay is not None
        assert self._screens is not None
        scene, moment = shown.scene, shown.moment
        if moment is not None and moment.problem is not None:
            reason = moment.problem[0]
            # The words that are spoken: the set-up knows which side is the nearer one.
            said = shown.setup.text if shown.setup is not None else ""
            moment = replace(moment, problem=(reason, said or self._phrases.advice(reason, shown.exercise)))
        if scene.kind == WORK:
            # What is said of the exercise lies above all else.
            picture = self._screens.draw(picture, scene, moment)
            return picture if moment is None else self._overlay.draw(picture, moment, copy=False)
        if moment is not None and scene.kind in (SETUP, COUNTDOWN):
            picture = self._overlay.draw(picture, moment, panels=False)
        legend = self._legend_paused if scene.kind == PAUSED else self._legend
        return self._screens.draw(picture, scene, moment, legend, shown.t)

    def _keys(self, keys: dict[str, str]) -> list[tuple[str, str]]:
        words = self._phrases.screen
        return [(words("key-space") if key == "space" else key, words(f"key-{what}")) for key, what in keys.items()]

    def card(self, scene: Scene) -> Image:
        """Return a scene on a plain ground, before there is any picture."""
        return Screens(EMPTY, font=self._font).draw(None, scene)

    def _make_ready(self, size: tuple[int, int], shown: Shown) -> None:
        of = (size, self.mirror, shown.exercise.id, shown.target)
        if of == self._of:
            return
        self._of = of
        self._screens = Screens(size, mirror=self.mirror, font=self._font)
        self._overlay = Overlay(
            self._phrases.localise(shown.exercise, "spoken"),
            size,
            target=shown.target,
            mirror=self.mirror,
            labels=Labels(**self._phrases.labels(shown.exercise)),
            font=self._font,
            degrees=False,
        )


def _mirrored(image: Image) -> Image:
    """Return a picture flipped left to right, ten times as fast as by its strides."""
    import cv2

    return np.asarray(cv2.flip(image, 1), np.uint8)
