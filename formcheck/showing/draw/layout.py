"""Where the panels go: beside the body, and staying there."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from formcheck.sight.pose.landmarks import BONES

from .joints import DrawnBody

#: Left, top, width, height.
Rect = tuple[int, int, int, int]
#: Left, top, right, bottom.
Box = tuple[float, float, float, float]
Array = NDArray[np.float64]

#: Seconds over which the body's whereabouts are averaged before a panel moves out of its way.
CALM_S = 1.8
#: A panel moves only where that frees this much of a panel's area.
WORTH = 0.07
#: Seconds between two looks.
LOOK_S = 0.2
#: Margin around the landmarks, in torso lengths: flesh, hair and hands.
FLESH, HEAD = 0.18, 0.38
#: The banner is not always there, so what it covers weighs less.
BANNER_WEIGHT = 0.6
#: What covering a joint at fault costs: more than all else.
KEEP_WEIGHT = 10.0
#: A sentence stays for some seconds: what its room has covered of late counts this much of what it covers now.
LATELY = 0.5
#: What touching the body's box costs at the least: more than any preference among places.
TOUCH = 0.1
#: What lying over a joint costs besides: a hidden foot is little of the body and much of the exercise.
JOINT_WEIGHT = 0.4
#: A counter in the middle of an edge is liked less than one in a corner, where it is looked for.
MIDDLE = 0.05


def body_box(figure: DrawnBody) -> Box | None:
    """Return the box (left, top, right, bottom) of a body in pixels, with a margin, None where there is no body."""
    parts = body_parts(figure)
    if not len(parts):
        return None
    return _around(parts)


def _around(parts: Array) -> Box:
    return float(parts[:, 0].min()), float(parts[:, 1].min()), float(parts[:, 2].max()), float(parts[:, 3].max())


def body_parts(figure: DrawnBody) -> Array:
    """(n, 4) boxes (left, top, right, bottom) that together cover the body, in pixels."""
    torso = figure.torso
    size = (
        torso if math.isfinite(torso) else float(np.nanmax(np.ptp(figure.xy[np.isfinite(figure.xy[:, 0])], axis=0)) / 4)
    )
    points = []
    for a, b in BONES:
        p, q = figure.xy[a], figure.xy[b]
        points += [p, (2 * p + q) / 3, (p + 2 * q) / 3, q]
    limbs = np.array(points)
    hands = figure.xy[15:23]
    head = figure.xy[:11]
    boxes = [_boxes(p[np.isfinite(p[:, 0])], m * size) for p, m in ((limbs, FLESH), (hands, FLESH), (head, HEAD))]
    return np.concatenate(boxes)


def _boxes(points: Array, margin: float) -> Array:
    return np.concatenate([points - margin, points + margin], axis=1)


def covered(rects: ArrayLike, boxes: Array) -> Array:
    """(...) shares of rectangles (..., 4) that boxes (n, 4) cover, told by a grid of points, edges included."""
    x, y, w, h = np.moveaxis(np.asarray(rects, np.float64), -1, 0)
    gx, gy = np.linspace(x, x + w, 10, axis=-1)[..., None], np.linspace(y, y + h, 8, axis=-1)[..., None]
    inside_x = (gx >= boxes[:, 0]) & (gx <= boxes[:, 2])
    inside_y = (gy >= boxes[:, 1]) & (gy <= boxes[:, 3])
    inside = (inside_x[..., :, None, :] & inside_y[..., None, :, :]).any(axis=-1)
    return np.asarray(inside.mean(axis=(-2, -1)))


def shared(rect: Rect, box: Box) -> float:
    """Share of a rectangle that lies in a box."""
    x, y, w, h = rect
    across = min(x + w, box[2]) - max(x, box[0])
    down = min(y + h, box[3]) - max(y, box[1])
    return max(across, 0.0) * max(down, 0.0) / max(w * h, 1)


def _hides(rects: Array, figure: DrawnBody) -> NDArray[np.bool_]:
    """(n,) whether each of some rectangles (n, 4) lies over a joint, a hand, a foot or the face."""
    corner, size = rects[:, None, :2], rects[:, None, 2:]
    inside = ((figure.xy >= corner) & (figure.xy <= corner + size)).all(axis=-1)
    return np.asarray(inside.any(axis=-1))


@dataclass(frozen=True)
class Places:
    """Where things go.

    Attributes
    ----------
    panel : (x, y, w, h)
        Of the counter, in pixels.
    strip : (x, y, w, h)
        Room for the banner.
    top : bool
        Whether the banner hangs from the strip's upper edge rather than standing on its lower one.
    align : float
        0 = the banner at the strip's left, 0.5 in its middle, 1 at its right.
    penalty : float
        How much less it is liked than the best, in panel areas.
    """

    panel: Rect
    strip: Rect
    top: bool
    align: float
    penalty: float


def candidates(
    size: tuple[int, int], panel: tuple[int, int], banners: Sequence[tuple[int, int]], margin: int
) -> list[Places]:
    """Return the ways to place the counter in a corner or the middle of an edge, and the banner along an edge.

    Parameters
    ----------
    size, panel : (int, int)
        Width and height in pixels of the picture and of the counter.
    banners : sequence of (int, int)
        Width and height of the rooms for the banner, the one that is liked best first.
    margin : int
    """
    w, h = size
    pw, ph = panel
    free = w - pw - 3 * margin
    lefts = {0.0: margin, 1.0: w - margin - pw, 0.5: (w - pw) // 2}
    out: list[Places] = []
    for spot, (across, top_panel) in enumerate((a, t) for t in (True, False) for a in lefts):
        x, y = lefts[across], (margin if top_panel else h - margin - ph)
        middle = across == 0.5
        for k, (bw, bh) in enumerate((min(bw, w - 2 * margin), bh) for bw, bh in banners):
            for top in (False, True):
                for align in (0.5, 0.0, 1.0):
                    width, strip_y = bw, margin if top else h - margin - bh
                    if top == top_panel:
                        # Beside the counter, or along the edge next to it; there is nothing beside one in the middle.
                        if middle or align != 1.0 - across:
                            continue
                        if free >= 0.6 * bw:
                            width = min(bw, free)
                        else:
                            strip_y = y + ph + margin if top else y - margin - bh
                    strip_x = margin + round((w - 2 * margin - width) * align)
                    penalty = 0.004 * spot + (0.0 if top_panel else 0.02) + 0.03 * k + (MIDDLE if middle else 0.0)
                    penalty += (0.01 if top else 0.0) + (0.005 if align != 0.5 else 0.0)
                    out.append(Places((x, y, pw, ph), (strip_x, strip_y, width, bh), top, align, penalty))
    return sorted(out, key=lambda p: p.penalty)


class Placer:
    """Chooses where the panels go and moves them seldom.

    What each choice would cover of the body is averaged over some seconds; only where another choice is clearly better
    do the panels move. A body that goes to and fro therefore does not chase them. While a position is held nothing
    moves; a new sentence is put where it covers no joint at fault, and stays there until such a joint comes under it.
    """

    def __init__(self, choices: Sequence[Places]) -> None:
        self._choices = list(choices)
        self._penalties = np.array([c.penalty for c in choices])
        self.reset()

    def reset(self) -> None:
        """Forget the body: time has started again."""
        self._cost: Array | None = None
        self._at = 0
        self._t = 0.0
        self._still = False
        self._sentence: object = None

    @property
    def places(self) -> Places:
        """Where the panels are now."""
        return self._choices[self._at]

    def update(
        self,
        t: float,
        figure: DrawnBody | None,
        *,
        keep: Sequence[Box] = (),
        still: bool = False,
        sentence: object = None,
        takes: Callable[[Places], Rect] | None = None,
    ) -> Places:
        """Take the body at a time and return where the panels go.

        Parameters
        ----------
        t : float
            Seconds.
        figure : DrawnBody or None
            None: nobody.
        keep : sequence of (left, top, right, bottom)
            Where nothing may lie: the joints at fault.
        still : bool
            Whether a position is held.
        sentence : object, optional
            What the banner says; None: it says nothing.
        takes : callable, optional
            Gives what this sentence takes of a place; default: its whole strip.
        """
        begins, self._still = still and not self._still, still
        new, self._sentence = sentence is not None and sentence != self._sentence, sentence
        if figure is not None and (self._cost is None or begins or new or t - self._t >= LOOK_S):
            self._look(t, figure, keep, begins)
        in_the_way = not still and sentence is not None and _hit(self.places, keep, takes) > 0
        if (new or in_the_way) and self._cost is not None:
            # Where the body is now, and where it was of late: in a squat it will be up there again.
            cost = self._cost if figure is None else self._costs(figure, takes) + LATELY * self._cost
            self._at = self._best(cost + self._kept(keep, takes), self._beside_the_panel())
        return self.places

    def _look(self, t: float, figure: DrawnBody, keep: Sequence[Box], begins: bool) -> None:
        cost = self._costs(figure)
        if self._cost is None or begins:
            # What is held from now on is what counts, not what was before.
            moves = self._cost is None or cost[self._at] - cost.min() > WORTH
            self._cost = cost
            self._at = self._best(cost + self._kept(keep), range(len(cost))) if moves else self._at
        else:
            share = 1 - np.exp(-max(t - self._t, 0.0) / CALM_S)
            self._cost += share * (cost - self._cost)
            now = self._cost + self._kept(keep)
            free = range(len(now)) if self._sentence is None else self._beside_the_strip()
            best = self._best(now, free)
            if not self._still and now[self._at] - now[best] > WORTH:
                self._at = best
        self._t = t

    @staticmethod
    def _best(cost: Array, among: Sequence[int]) -> int:
        return min(among, key=lambda k: float(cost[k]))

    def _beside_the_panel(self) -> list[int]:
        """Return the choices that leave the counter where it is."""
        return [k for k, c in enumerate(self._choices) if c.panel == self.places.panel]

    def _beside_the_strip(self) -> list[int]:
        """Return the choices that leave the banner where it is."""
        here = self.places
        return [
            k for k, c in enumerate(self._choices) if (c.strip, c.top, c.align) == (here.strip, here.top, here.align)
        ]

    def _kept(self, keep: Sequence[Box], takes: Callable[[Places], Rect] | None = None) -> Array:
        """Return what it costs each choice to cover what nothing may lie over."""
        return np.array([KEEP_WEIGHT * _hit(c, keep, takes) if keep else 0.0 for c in self._choices])

    def _costs(self, figure: DrawnBody, takes: Callable[[Places], Rect] | None = None) -> Array:
        panels = [c.panel for c in self._choices]
        strips = [c.strip if takes is None else takes(c) for c in self._choices]
        parts = body_parts(figure)
        rects = list(dict.fromkeys([*panels, *strips]))
        share = np.array([shared(r, _around(parts)) for r in rects])
        cost = np.where(share > 0, covered(rects, parts) + 0.2 * share + TOUCH, 0.0)
        hides = JOINT_WEIGHT * _hides(np.array(rects, np.float64), figure)
        row = {r: k for k, r in enumerate(rects)}
        panel, strip = ([row[r] for r in which] for which in (panels, strips))
        return np.asarray(cost[panel] + hides[panel] + BANNER_WEIGHT * cost[strip] + self._penalties)


def _hit(places: Places, keep: Sequence[Box], takes: Callable[[Places], Rect] | None) -> int:
    """Return how many of the boxes that nothing may lie over are covered."""
    rects = (places.panel, places.strip if takes is None else takes(places))
    return sum(shared(r, k) > 0 for k in keep for r in rects)
