"""Poses in time: what the estimator gives and everything after it takes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import isfinite
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from .landmarks import MAIN_JOINTS, N_LANDMARKS, PAIRS

Array = NDArray[np.float64]
_MAIN = np.array(MAIN_JOINTS)


def _shaped(name: str, value: Any, shape: tuple[int | None, ...]) -> Array:
    a = np.asarray(value, dtype=np.float64)
    if a.shape == shape:
        return a
    if a.ndim != len(shape) or any(want is not None and got != want for got, want in zip(a.shape, shape, strict=True)):
        want = "(" + ", ".join("n" if s is None else str(s) for s in shape) + ")"
        raise ValueError(f"{name}: expected shape {want}, got {a.shape}")
    return a


@dataclass(frozen=True)
class Pose:
    """One body in one frame.

    Attributes
    ----------
    image : (33, 4) array
        x, y, z in pixels of the upright picture (x right, y down, z away from the camera, 0 at the hips) and
        visibility 0-1.
    world : (33, 4) array
        x, y, z in metres about the middle of the hips (same axes) and visibility 0-1.

    Raises
    ------
    ValueError
        If a shape is wrong.
    """

    image: Array
    world: Array

    def __post_init__(self) -> None:
        object.__setattr__(self, "image", _shaped("image", self.image, (N_LANDMARKS, 4)))
        object.__setattr__(self, "world", _shaped("world", self.world, (N_LANDMARKS, 4)))

    @cached_property
    def torso_px(self) -> float:
        """Length of the trunk in the picture, from between the shoulders to between the hips (px)."""
        p = self.image
        return float(np.hypot(*(p[11, :2] + p[12, :2] - p[23, :2] - p[24, :2]))) / 2

    @cached_property
    def span_px(self) -> float:
        """The longer side of the box around the main joints in the picture (px)."""
        at = self.image[_MAIN, :2]
        return float((at.max(axis=0) - at.min(axis=0)).max())


@dataclass(frozen=True)
class Ball:
    """A gym ball in one frame: centre and radius in pixels, confidence 0-1."""

    x: float
    y: float
    r: float
    confidence: float


@dataclass(frozen=True)
class Observation:
    """What was seen at one moment.

    Attributes
    ----------
    t : float
        Seconds since the start of the source.
    pose : Pose or None
        None where nobody was found.
    size : (int, int)
        Width and height of the upright picture in pixels.
    ball : Ball or None
    luma : float or None
        Mean brightness of the picture, 0-255; None where unknown.
    persons : int or None
        How many people were in the picture; None where nobody counted.
    """

    t: float
    pose: Pose | None
    size: tuple[int, int]
    ball: Ball | None = None
    luma: float | None = None
    persons: int | None = None

    @classmethod
    def of(
        cls,
        t: float,
        image: NDArray[np.uint8],
        pose: Pose | None,
        ball: Ball | None = None,
        persons: int | None = None,
    ) -> Self:
        """Return what was seen in an (h, w, 3) uint8 picture: its size and brightness go with it."""
        h, w = image.shape[:2]
        return cls(t, pose, (w, h), ball, brightness(image), persons)

    def mirrored(self) -> Observation:
        """Return the observation as the mirrored picture would have given it."""
        ball = replace(self.ball, x=self.size[0] - self.ball.x) if self.ball is not None else None
        if self.pose is None:
            return replace(self, ball=ball)
        swap = np.arange(len(self.pose.image))
        for a, b in PAIRS:
            swap[a], swap[b] = b, a
        image, world = self.pose.image[swap], self.pose.world[swap]
        image[:, 0] = self.size[0] - image[:, 0]
        world[:, 0] = -world[:, 0]
        return replace(self, pose=Pose(image, world), ball=ball)


def brightness(image: NDArray[np.uint8]) -> float:
    """Return about the mean brightness of an (h, w, 3) picture, 0-255."""
    return float(image[::16, ::16].mean())


@dataclass(frozen=True)
class Track:
    """The poses of a whole source, NaN where nobody was found.

    Attributes
    ----------
    t : (n,) array
        Seconds, strictly increasing.
    image, world : (n, 33, 4) arrays
        As in :class:`Pose`.
    ball : (n, 4) array
        x, y, radius in pixels, confidence; NaN where no ball was seen.
    size : (int, int)
        Width and height in pixels.
    meta : dict
        Where the track comes from (source, model, versions).
    persons : (n,) integer array or None
        How many people were in the picture, -1 where nobody counted; None where nobody ever did.

    Raises
    ------
    ValueError
        If shapes do not agree or time does not increase.
    """

    t: Array
    image: Array
    world: Array
    ball: Array
    size: tuple[int, int]
    meta: dict[str, Any] = field(default_factory=dict)
    persons: NDArray[np.int64] | None = None

    def __post_init__(self) -> None:
        t = _shaped("t", self.t, (None,))
        n = len(t)
        if not np.all(np.isfinite(t)) or (n > 1 and not np.all(np.diff(t) > 0)):
            raise ValueError("t: expected finite, strictly increasing seconds")
        object.__setattr__(self, "t", t)
        object.__setattr__(self, "image", _shaped("image", self.image, (n, N_LANDMARKS, 4)))
        object.__setattr__(self, "world", _shaped("world", self.world, (n, N_LANDMARKS, 4)))
        object.__setattr__(self, "ball", _shaped("ball", self.ball, (n, 4)))
        if self.persons is not None:
            object.__setattr__(self, "persons", _shaped("persons", self.persons, (n,)).astype(np.int64))

    def __len__(self) -> int:
        return len(self.t)

    @property
    def found(self) -> NDArray[np.bool_]:
        """(n,) True where a pose was found."""
        return np.isfinite(self.image[:, 0, 0])

    @classmethod
    def from_observations(cls, observations: list[Observation], meta: dict[str, Any] | None = None) -> Track:
        """Stack observations of one source into a track.

        Raises
        ------
        ValueError
            If there is none.
        """
        if not observations:
            raise ValueError("expected at least one observation, got none")
        n = len(observations)
        image = np.full((n, N_LANDMARKS, 4), np.nan)
        world = np.full((n, N_LANDMARKS, 4), np.nan)
        ball = np.full((n, 4), np.nan)
        for i, o in enumerate(observations):
            if o.pose is not None:
                image[i], world[i] = o.pose.image, o.pose.world
            if o.ball is not None:
                ball[i] = o.ball.x, o.ball.y, o.ball.r, o.ball.confidence
        t = np.array([o.t for o in observations])
        counted = [-1 if o.persons is None else o.persons for o in observations]
        persons = np.array(counted, dtype=np.int64) if max(counted) >= 0 else None
        return cls(t, image, world, ball, observations[0].size, dict(meta or {}), persons)

    def __iter__(self) -> Iterator[Observation]:
        rows = zip(self.t.tolist(), self.found.tolist(), self.ball.tolist(), strict=True)
        counted = None if self.persons is None else self.persons.tolist()
        for i, (t, found, ball) in enumerate(rows):
            pose = Pose(self.image[i], self.world[i]) if found else None
            persons = counted[i] if counted is not None and counted[i] >= 0 else None
            yield Observation(t, pose, self.size, Ball(*ball) if isfinite(ball[0]) else None, persons=persons)

    def turned(self, degrees: int) -> Track:
        """Return the track as the picture turned by *degrees* clockwise, a multiple of 90, shows it."""
        image, world, ball, size = self.image.copy(), self.world.copy(), self.ball.copy(), self.size
        for _ in range(degrees // 90 % 4):
            for points, height in ((image, size[1]), (world, 0.0), (ball, size[1])):
                x, y = points[..., 0].copy(), points[..., 1].copy()
                points[..., 0], points[..., 1] = height - y, x
            size = (size[1], size[0])
        return replace(self, image=image, world=world, ball=ball, size=size)

    def with_poses(self, image: Array, world: Array) -> Track:
        """Return the same track with other landmarks."""
        return replace(self, image=image, world=world)
