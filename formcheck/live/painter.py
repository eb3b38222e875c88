"""The picture in the window: mirrored if wanted, the verdict drawn on it, and the scene beside it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ..coach.phrases import Phrases
from ..coach.scene import COUNTDOWN, SETUP, WORK, Scene
from ..outputs.overlay import Overlay
from ..outputs.overlay.screens import Screens
from ..outputs.overlay.style import Labels
from .judging import Shown
from .keys import LEGEND

Image = NDArray[np.uint8]

#: Size of the picture before the camera has given one.
EMPTY = (960, 540)


class Painter:
    """Draws what is to be shown.

    Parameters
    ----------
    phrases : Phrases
    mirror : bool
        Show the picture as a mirror would; texts stay readable, left stays left.
    font : str, optional
        Font file with the letters of the language.
    """

    def __init__(self, phrases: Phrases, *, mirror: bool, font: str | None = None) -> None:
        self.mirror = mirror
        self._phrases, self._font = phrases, font
        self._overlay: Overlay | None = None
        self._screens: Screens | None = None
        self._of: tuple[object, ...] = ()
        self._legend = [
            (phrases.screen("key-space") if key == "space" else key, phrases.screen(f"key-{action}"))
            for key, action in LEGEND.items()
        ]

    def paint(self, shown: Shown) -> Image:
        """Return the picture for the window, (h, w, 3) uint8 RGB."""
        image = shown.image
        if image is None:
            image = np.zeros((EMPTY[1], EMPTY[0], 3), np.uint8)
        h, w = image.shape[:2]
        picture: Image = np.ascontiguousarray(image[:, ::-1]) if self.mirror else image
        self._make_ready((w, h), shown)
        assert self._overlay is not None
        assert self._screens is not None
        scene, moment = shown.scene, shown.moment
        if moment is not None and moment.problem is not None:
            reason = moment.problem[0]
            moment = replace(moment, problem=(reason, self._phrases.advice(reason, shown.exercise)))
        if scene.kind == WORK:
            # What is said of the exercise lies above all else.
            picture = self._screens.draw(picture, scene, moment, self._legend)
            return picture if moment is None else self._overlay.draw(picture, moment)
        if moment is not None and scene.kind in (SETUP, COUNTDOWN):
            picture = self._overlay.draw(picture, moment, panels=False)
        return self._screens.draw(picture, scene, moment, self._legend)

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
            self._phrases.localise(shown.exercise),
            size,
            target_reps=shown.target.total,
            mirror=self.mirror,
            labels=Labels(**self._phrases.labels(shown.exercise)),
            font=self._font,
        )
