"""The ghost: a translucent outline of the start position, standing where the person should be."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from .silhouette import extent, masks, start_position
from .sprites import Picture, Sprite, blend
from .style import AMBER, INK, OK, WHITE, Colour, Sizes

#: Share of the picture's width or height that a ghost fills: that of a body as far away as the exercises ask for.
FILLS = 0.64
#: Where the floor lies, share of the picture's height.
FLOOR = 0.87
#: How much larger or smaller than this the ghost gets to fit the person.
STRETCH = 1.3
#: How much smaller it may get to stay clear of the advice.
SHRINKS = 0.8
#: Seconds in which the ghost goes most of its way to the person.
GO_S = 0.6
#: It sets off only for more than this share of its size.
WORTH = 0.06
#: Ghosts are rendered in sizes this factor apart.
STEP = 1.04
#: Opacities.
FILL, BALL_FILL, LINE = 0.3, 0.26, 0.92


@dataclass(frozen=True)
class Whereabouts:
    """Where a person is, in pixels of the picture that is drawn on.

    Attributes
    ----------
    x : float
        Middle of the hips.
    floor : float
        Lowest joint.
    torso : float
        Length of the trunk.
    """

    x: float
    floor: float
    torso: float


@dataclass(frozen=True)
class _Place:
    """Middle of the ghost's box, its floor, and pixels of its torso."""

    x: float
    floor: float
    torso: float


class Ghost:
    """The start position of one exercise on pictures of one size.

    Parameters
    ----------
    exercise : str
        Id; an exercise whose start position is not known has no ghost and nothing is drawn.
    size : (int, int)
        Width and height of the picture, pixels.
    """

    def __init__(self, exercise: str, size: tuple[int, int]) -> None:
        self.exercise, self.size = exercise, size
        self._sizes = Sizes(*size)
        self.outline = start_position(exercise)
        self._t: float | None = None
        self._heading = self.outline.heading if self.outline is not None else 1
        if self.outline is not None:
            left, top, right, bottom = extent(self.outline)
            self._box = (right - left, bottom - top)
            self._own = self._place = self._aim = self._alone(0.0)

    def draw(
        self,
        picture: Picture,
        t: float | None = None,
        *,
        heading: int = 0,
        person: Whereabouts | None = None,
        good: bool = False,
        top: float = 0.0,
    ) -> tuple[int, int, int, int] | None:
        """Draw the ghost, in place.

        Parameters
        ----------
        picture : (h, w, 3) uint8 array
        t : float, optional
            Seconds, for its way to the person; None or a step back in time: it is there at once.
        heading : int
            +1 where the head (lying) or the face (upright) is to point to the right of this picture, -1 to the left;
            0 leaves it as it was.
        person : Whereabouts, optional
        good : bool
            Colour it as reached.
        top : float
            Pixels from above that something else covers: a tall ghost shrinks a little to stay clear of it.

        Returns
        -------
        (x, y, w, h) or None
            The rectangle it takes, in pixels.
        """
        if self.outline is None:
            return None
        if heading:
            self._heading = heading
        self._own = self._alone(top)
        self._move(t, person)
        mirror = self._heading != self.outline.heading
        torso = STEP ** round(math.log(max(self._aim.torso, 1.0)) / math.log(STEP))
        sprite, floor = _sprite(self.exercise, torso, mirror, OK if good else WHITE, max(self._sizes.px(0.006, 2), 2))
        sprite, floor = _scaled(sprite, floor, self._place.torso / torso)
        x, y = round(self._place.x - sprite.w / 2), round(self._place.floor - floor)
        blend(picture, sprite, x, y)
        return x, y, sprite.w, sprite.h

    def _alone(self, top: float) -> _Place:
        """Stand in the middle."""
        w, h = self.size
        torso = min(FILLS * w / self._box[0], FILLS * h / self._box[1])
        room = (FLOOR * h - top) / self._box[1]
        return _Place(w / 2, FLOOR * h, max(min(torso, room), SHRINKS * torso))

    def _move(self, t: float | None, person: Whereabouts | None) -> None:
        aim = self._own if person is None else self._fitted(person)
        a = self._aim
        far = max(abs(aim.x - a.x) / self.size[0], abs(aim.floor - a.floor) / self.size[1])
        if far > WORTH or abs(math.log(aim.torso / a.torso)) > WORTH:
            self._aim = aim
        dt = math.inf if t is None or self._t is None or t < self._t else t - self._t
        self._t = t
        share = 1.0 - math.exp(-dt / GO_S)
        now = (getattr(self._place, n) for n in ("x", "floor", "torso"))
        there = (getattr(self._aim, n) for n in ("x", "floor", "torso"))
        self._place = _Place(*(p + (q - p) * share for p, q in zip(now, there, strict=True)))

    def _fitted(self, person: Whereabouts) -> _Place:
        """Stand where the person is, but whole in the picture and not much larger or smaller than it should be."""
        assert self.outline is not None
        w, h = self.size
        most = min(0.94 * w / self._box[0], 0.86 * h / self._box[1])
        torso = float(np.clip(person.torso, self._own.torso / STRETCH, min(self._own.torso * STRETCH, most)))
        left, _, right, _ = extent(self.outline)
        offset = (left + right) / 2 * torso * (1 if self._heading == self.outline.heading else -1)
        half = self._box[0] * torso / 2
        x = float(np.clip(person.x + offset, half + 0.02 * w, w - half - 0.02 * w))
        low = float(np.clip(person.floor + 0.1 * torso, self._box[1] * torso + 0.08 * h, 0.96 * h))
        return _Place(x, low, torso)


def _scaled(sprite: Sprite, floor: int, factor: float) -> tuple[Sprite, int]:
    """Return a ghost on its way to another size: rendering is for where it stays."""
    import cv2

    if abs(factor - 1) < STEP - 1:
        return sprite, floor
    to = (max(round(sprite.w * factor), 1), max(round(sprite.h * factor), 1))
    rgb, clear = (
        np.asarray(cv2.resize(part, to, interpolation=cv2.INTER_LINEAR), np.uint8)
        for part in (sprite.rgb, sprite.clear)
    )
    return Sprite(rgb, clear), round(floor * factor)


@lru_cache(maxsize=24)
def _sprite(exercise: str, torso: float, mirror: bool, colour: Colour, line: int) -> tuple[Sprite, int]:
    """Return the ghost and how far below its top the floor is."""
    import cv2

    outline = start_position(exercise)
    assert outline is not None
    m = masks(outline, torso, mirror, edge=3 * line)
    out = Sprite(np.zeros((*m.body.shape, 3), np.uint8), np.full((*m.body.shape, 3), 255, np.uint8))

    def rim(mask: Picture, inner: int, outer: int) -> Picture:
        def disc(n: int) -> Picture:
            return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * n + 1, 2 * n + 1)), np.uint8)

        grown = cv2.dilate(mask, disc(outer)) if outer else mask
        return np.asarray(cv2.subtract(grown, cv2.erode(mask, disc(inner))), np.uint8)

    _, w = m.body.shape
    floor = np.zeros_like(m.body)
    y = min(round(m.floor), m.body.shape[0] - 1)
    cv2.line(floor, (2 * line, y), (w - 2 * line, y), 255, max(line // 2, 1), cv2.LINE_AA)
    hidden = np.asarray(cv2.max(m.body, m.ball), np.uint8)
    out.put(Sprite.tint(np.asarray(cv2.subtract(floor, hidden), np.uint8), WHITE, 0.6), 0, 0)
    # A dark rim outside keeps the light one visible on a bright wall.
    out.put(Sprite.tint(rim(hidden, 0, 2 * line), INK, 0.35), 0, 0)
    out.put(Sprite.tint(m.ball, AMBER, BALL_FILL), 0, 0)
    out.put(Sprite.tint(rim(m.ball, line // 2, line - line // 2), AMBER, LINE), 0, 0)
    out.put(Sprite.tint(m.body, colour, FILL), 0, 0)
    out.put(Sprite.tint(rim(m.body, line // 2, line - line // 2), colour, LINE), 0, 0)
    return out, y


def illustration(exercise: str | None, width: int, height: int) -> Sprite | None:
    """Return the start position as a picture no larger than a box, None for an exercise without a ghost."""
    outline = start_position(exercise)
    if outline is None or width < 40 or height < 30:
        return None
    left, top, right, bottom = extent(outline)
    line = max(round(min(width, height) * 0.012), 2)
    room = 6 * line + 4
    torso = min((width - room) / (right - left), (height - room) / (bottom - top))
    if torso < 8:
        return None
    return _sprite(exercise or "", torso, False, WHITE, line)[0]
