"""A stage with painted puppets, and a pose model that finds them by their colours: who is where is known exactly."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np

from formcheck.sight.pose.landmarks import BONES
from formcheck.sight.pose.types import Pose

from ...judging.exercises.stick import ALL_FOURS, STANDING, Motion, all_fours, film, standing

#: Width and height of the stage, px.
SIZE = (480, 270)
#: Share of the picture's height from which on the model finds a puppet that it does not follow yet.
LEAST = 0.25


def _figure(build, start):
    t = np.array([0.0])
    made = film(build, Motion(start).sample(t), t, azimuth=20.0)
    image = made.image[0].copy()
    image[:, 3] = 0.95
    low, high = image[:, :2].min(axis=0), image[:, :2].max(axis=0)
    image[:, :3] /= high[1] - low[1]
    image[:, :2] -= low / (high[1] - low[1])
    return image, made.world[0]


#: Landmarks with the top left of the body at 0, 0 and a height of 1; and in metres.
FIGURES = {"standing": _figure(standing, STANDING), "all fours": _figure(all_fours, ALL_FOURS)}


@dataclass
class Puppet:
    """Somebody on the stage.

    Attributes
    ----------
    colour : (int, int, int)
        Of no other puppet.
    x, y, height : float
        Left, top and height, px.
    figure : str
    face : float
        How gladly the model finds it.
    """

    colour: tuple[int, int, int]
    x: float
    y: float
    height: float
    figure: str = "standing"
    face: float = 1.0

    @property
    def pose(self) -> Pose:
        """Where it really is."""
        image, world = FIGURES[self.figure]
        image = image.copy()
        image[:, :3] *= self.height
        image[:, :2] += self.x, self.y
        return Pose(image, world)


def draw(puppets: list[Puppet], size=SIZE, seed=0) -> np.ndarray:
    """Return a picture of the puppets; the later ones stand in front."""
    rng = np.random.default_rng(seed)
    picture = rng.integers(108, 120, (size[1], size[0], 3), dtype=np.uint8)
    for p in puppets:
        points = [(int(a), int(b)) for a, b in p.pose.image[:, :2]]
        for a, b in (*BONES, (11, 24), (12, 23), (0, 11)):
            cv2.line(picture, points[a], points[b], p.colour, max(int(0.05 * p.height), 2))
    return picture


@cache
def _drawn(figure: str) -> tuple[float, float, float]:
    """Return left, top and height of what is drawn of a figure at 0, 0 of height 1."""
    red = (250, 0, 0)
    x, y, _, h = _box(draw([Puppet(red, 200, 200, 400, figure)], (1200, 900)), red)
    return (x - 200) / 400, (y - 200) / 400, h / 400


def _box(image: np.ndarray, colour: tuple[int, int, int]) -> tuple[int, int, int, int]:
    exact = np.array(colour)
    return cv2.boundingRect(cv2.inRange(image, exact - 6, exact + 6))


class Model:
    """In place of ``Landmarker``: finds one of the puppets it knows, by the box of its colour.

    One that follows goes on with what is nearest to where it last found something, whoever that is.
    """

    known: list[Puppet] = []
    looks = 0

    def __init__(self, model: Path, *, video: bool) -> None:
        self.video, self.last = video, None

    def find(self, image: np.ndarray, ms: int | None) -> Pose | None:
        Model.looks += ms is None
        best = None
        for p in self.known:
            x, y, w, h = _box(image, p.colour)
            if w * h < 40:
                continue
            box = np.array([x, y, x + w, y + h], float)
            middle = (box[:2] + box[2:]) / 2
            if self.last is not None:
                far = np.linalg.norm(middle - self.last[0])
                if far > self.last[1]:
                    continue
                rank = -far
            elif box[3] - box[1] < LEAST * image.shape[0]:
                continue
            else:
                rank = p.face
            if best is None or rank > best[0]:
                best = rank, p, box, middle
        if best is None:
            self.last = None
            return None
        _, p, box, middle = best
        if self.video:
            self.last = middle, (box[3] - box[1])
        x, y, h = _drawn(p.figure)
        scale = (box[3] - box[1]) / h
        return Puppet(p.colour, box[0] - scale * x, box[1] - scale * y, scale, p.figure).pose

    def close(self) -> None:
        """Nothing to free."""
