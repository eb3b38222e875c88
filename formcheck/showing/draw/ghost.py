"""The ghost: a translucent outline of the start position, standing where the person should be, that shows the way."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from .silhouette import Array, Traced, extent, start_position, trace
from .sprites import Picture
from .strokes import fill, stroke
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
#: Opacity of a body and its ball.
FILL = 0.3
#: A demonstration: seconds in the start position, of the way there (a round trip), and in the end position.
START_S, WAY_S, ROUND_S, END_S = 1.6, 1.3, 5.0, 0.8


def demonstrated(exercise: str | None, t: float) -> float:
    """Return how much of the way to the end position (0-1) a demonstration has gone after some seconds.

    It stands in the start position, goes to the end position, stays a moment and goes back, again and again.
    """
    shape = start_position(exercise)
    if shape is None or not len(shape.moves):
        return 0.0
    way = WAY_S if shape.back else ROUND_S
    t %= START_S + (2 * way + END_S if shape.back else way)
    if t < START_S:
        return 0.0
    t -= START_S
    if not shape.back:
        return t / way
    share = min(t, 2 * way + END_S - t) / way
    return 1.0 if share >= 1 else 0.5 - 0.5 * math.cos(math.pi * share)


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
        share: float = 0.0,
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
        share : float
            0-1, how much of the way to the end position it has gone.

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
        body = trace(self.exercise, self._place.torso, share, mirror)
        left, _, right, _ = extent(self.outline)
        offset = (left + right) / 2 * self._place.torso * (-1 if mirror else 1)
        hips = np.array([self._place.x - offset, self._place.floor - self.outline.floor * self._place.torso])
        return _draw(picture, body, hips, OK if good else WHITE, max(self._sizes.px(0.006, 2), 2))

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


def _draw(picture: Picture, body: Traced, hips: Array, colour: Colour, line: int) -> tuple[int, int, int, int]:
    """Draw an outline and return the rectangle it takes."""
    thin = max(line // 2, 1)
    edge = 2 * thin
    ring = None
    if body.ball is not None:
        x, y, r = body.ball
        a = np.linspace(0.0, 2 * np.pi, max(int(r), 12) + 1)
        ring = np.array([x, y]) + r * np.stack([np.cos(a), np.sin(a)], axis=1)
        fill(picture, [ring + hips], AMBER, FILL)
    rims = [r + hips for r in body.body]
    fill(picture, rims, colour, FILL)
    (x0, low), (x1, _) = body.floor
    floor = np.stack([np.linspace(x0, x1, 60), np.full(60, low)], axis=1)
    under = body.hides(floor)
    if body.ball is not None:
        under |= np.hypot(*(floor - np.array(body.ball[:2])).T) < body.ball[2]
    for part in _runs(floor, ~under):
        stroke(picture, part + hips, WHITE, thin)
    # A dark edge keeps the light line visible on a bright wall.
    for ink, width in ((INK, line + edge), (None, line)):
        if ring is not None:
            for part in _runs(ring, ~body.hides(ring)):
                stroke(picture, part + hips, ink or AMBER, width)
        for rim in rims:
            stroke(picture, rim, ink or colour, width, closed=True)
    left, top, right, bottom = body.box
    grown = line + edge
    x, y = math.floor(hips[0] + left) - grown, math.floor(hips[1] + top) - grown
    return x, y, math.ceil(hips[0] + right) + grown - x, math.ceil(hips[1] + bottom) + grown - y


def _runs(points: Array, wanted: np.ndarray) -> list[Array]:
    """Return the stretches of a way of which every point is wanted."""
    cuts = np.flatnonzero(np.diff(wanted.astype(int))) + 1
    return [p for p, w in zip(np.split(points, cuts), np.split(wanted, cuts), strict=True) if w[0] and len(p) > 1]


@dataclass(frozen=True)
class Demonstration:
    """A ghost that fits a box on all of its way.

    Attributes
    ----------
    exercise : str
    w, h : int
        Of what it takes, pixels.
    torso : float
    line : int
    """

    exercise: str
    w: int
    h: int
    torso: float
    line: int

    def draw(self, picture: Picture, x: float, y: float, share: float) -> None:
        """Draw it with its left upper corner at a place and a share of the way gone, in place."""
        shape = start_position(self.exercise)
        assert shape is not None
        left, top, _, _ = extent(shape, moving=True)
        room = 3 * self.line + 2
        hips = np.array([x + room - left * self.torso, y + room - top * self.torso])
        _draw(picture, trace(self.exercise, self.torso, share), hips, WHITE, self.line)


def demonstration(exercise: str | None, width: int, height: int) -> Demonstration | None:
    """Return the demonstration of an exercise in a box, None for an exercise without a ghost."""
    shape = start_position(exercise)
    if shape is None or width < 40 or height < 30:
        return None
    left, top, right, bottom = extent(shape, moving=True)
    line = max(round(min(width, height) * 0.012), 2)
    room = 6 * line + 4
    torso = min((width - room) / (right - left), (height - room) / (bottom - top))
    if torso < 8:
        return None
    w, h = (math.floor(v * torso) + room for v in (right - left, bottom - top))
    return Demonstration(exercise or "", w, h, torso, line)
