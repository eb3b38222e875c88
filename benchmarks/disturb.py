"""Disturbances of what was seen, none of them the person's doing: pure functions from observations to observations.

Each takes the observations of a clip and the :class:`Scene` (where a hold and a movement are, what else might have been
filmed) and returns a :class:`Disturbed`: the observations, and what should change with them in the report.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from formcheck.evaluation.ways import seen_in
from formcheck.sight.pose.landmarks import PAIRS
from formcheck.sight.pose.types import Ball, Observation, Pose

Array = NDArray[np.float64]
Seen: TypeAlias = Sequence[Observation]

SAMPLES = Path(__file__).resolve().parents[1] / "sample_videos"
#: Somebody walks in, stands about, walks off; walks in again, sits down, stands up, walks off: clip, from, to (s).
ACTIVITY = (
    ("natural/toe-squat-natural-arms", 0.0, 4.2),
    ("natural/toe-squat-natural-arms", 4.2, 2.8),
    ("natural/toe-squat-natural-arms", 2.8, 4.2),
    ("natural/toe-squat-natural-arms", 14.6, 18.5),
    ("natural/ball-warmup-natural-visitor", 1.2, 4.6),
    ("natural/ball-warmup-natural-visitor", 12.2, 14.2),
    ("natural/ball-warmup-natural-visitor", 4.6, 2.4),
)
ACTIVITY_S = 20.0
#: Visibility of what is guessed behind something or outside the picture.
GUESSED = 0.08
#: How far off such a guess is (torso lengths, standard deviation) and for how long one lasts (s).
GUESS_OFF, GUESS_S = 0.12, 0.5
#: Poses further apart than this (s) are not joined by one between.
MAX_STEP_S = 0.35
HANDS = tuple(range(15, 23))
FEET = tuple(range(27, 33))
LEGS = tuple(range(25, 33))


@dataclass(frozen=True)
class Scene:
    """What a disturbance needs to know of a clip.

    Attributes
    ----------
    hold_s, move_s : float
        The middle of the end position of an attempt, and a moment on the way to it (s).
    other : sequence of Observation
        Somebody who does something else: walks, stands about, sits down. From 0 s on.
    """

    hold_s: float
    move_s: float
    other: Seen = ()


@dataclass(frozen=True)
class Disturbed:
    """What is seen, and what should be different in the report.

    Attributes
    ----------
    seen : list of Observation
    mirrored : bool
        Left and right are exchanged.
    later_s : float
        All times are later by so much.
    """

    seen: list[Observation]
    mirrored: bool = False
    later_s: float = 0.0


@dataclass(frozen=True)
class Disturbance:
    """A disturbance by its name."""

    name: str
    what: str
    make: Callable[[Seen, Scene], Disturbed] = field(repr=False)


# ---- poses -----------------------------------------------------------------------------------------------------------
#: Seconds at the end of a clip that no gap takes: a clip that only ends sooner has no gap.
LAST_S = 0.5


def _at(o: Observation, image: Array, world: Array) -> Observation:
    return replace(o, pose=Pose(image, world))


def _posed(seen: Seen, change: Callable[[Observation, Array, Array], None]) -> list[Observation]:
    """Return the observations with poses changed in place by *change* (observation, image, world)."""
    out = []
    for o in seen:
        if o.pose is None:
            out.append(o)
            continue
        image, world = o.pose.image.copy(), o.pose.world.copy()
        change(o, image, world)
        out.append(_at(o, image, world))
    return out


def _torso_m(world: Array) -> float:
    return float(np.linalg.norm(world[[11, 12], :3].mean(0) - world[[23, 24], :3].mean(0)))


def _within(o: Observation, middle: float, length: float) -> bool:
    return abs(o.t - middle) <= length / 2


def mirrored(seen: Seen) -> list[Observation]:
    """Return what a mirrored picture shows."""
    return [o.mirrored() for o in seen]


def rolled(seen: Seen, degrees: float) -> list[Observation]:
    """Return what a camera rolled counter-clockwise shows: the picture turned clockwise by *degrees*."""
    a = np.radians(degrees)
    turn = np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]])
    out = []
    for o in seen:
        middle = np.array(o.size) / 2
        ball, pose = o.ball, o.pose
        if ball is not None:
            x, y = turn @ (np.array([ball.x, ball.y]) - middle) + middle
            ball = replace(ball, x=float(x), y=float(y))
        if pose is not None:
            image, world = pose.image.copy(), pose.world.copy()
            image[:, :2] = (image[:, :2] - middle) @ turn.T + middle
            world[:, :2] = world[:, :2] @ turn.T
            pose = Pose(image, world)
        out.append(replace(o, pose=pose, ball=ball))
    return out


def moved(o: Observation, by: Array) -> Observation:
    """Return an observation with everything in the picture moved by *by* (px)."""
    ball, pose = o.ball, o.pose
    if ball is not None:
        ball = replace(ball, x=ball.x + float(by[0]), y=ball.y + float(by[1]))
    if pose is not None:
        image = pose.image.copy()
        image[:, :2] += by
        pose = Pose(image, pose.world)
    return replace(o, pose=pose, ball=ball)


def at_rate(seen: Seen, rate: float) -> list[Observation]:
    """Return what is seen at a rate (1/s): the nearest frames, or, of a slower source, what lies between them too."""
    chosen = seen_in(f"{rate:g}", seen)
    return chosen if chosen is not None else between(seen, rate)


def between(seen: Seen, rate: float) -> list[Observation]:
    """Return poses drawn between those seen, at a higher rate (1/s)."""
    t = np.array([o.t for o in seen])
    out = []
    for u in np.arange(t[0], t[-1] + 1e-9, 1 / rate):
        k = int(np.clip(np.searchsorted(t, u), 1, len(t) - 1))
        a, b = seen[k - 1], seen[k]
        f = float((u - a.t) / (b.t - a.t))
        near = a if f < 0.5 else b
        if a.pose is None or b.pose is None or b.t - a.t > MAX_STEP_S:
            out.append(replace(near, t=float(u)))
            continue
        pose = Pose((1 - f) * a.pose.image + f * b.pose.image, (1 - f) * a.pose.world + f * b.pose.world)
        ball = near.ball
        if a.ball is not None and b.ball is not None:
            x, y, r, c = ((1 - f) * p + f * q for p, q in zip(_numbers(a.ball), _numbers(b.ball), strict=True))
            ball = Ball(x, y, r, c)
        out.append(replace(near, t=float(u), pose=pose, ball=ball))
    return out


def _numbers(ball: Ball) -> tuple[float, float, float, float]:
    return ball.x, ball.y, ball.r, ball.confidence


def at_varying_rate(seen: Seen) -> list[Observation]:
    """Return what a busy phone films: frames come 0.03 to 0.2 s apart, the lengths changing slowly."""
    rng = np.random.default_rng(3)
    out, due, step = [], -np.inf, 0.1
    for o in seen:
        if o.t < due:
            continue
        out.append(o)
        step = float(np.clip(step * rng.lognormal(0.0, 0.25), 0.03, 0.2))
        due = o.t + step
    return out


def small(seen: Seen, share: float = 0.5, grid: float = 1.5) -> list[Observation]:
    """Return a person of half the size, drawn on the grid of a picture of 240 lines."""

    def change(o: Observation, image: Array, world: Array) -> None:
        middle = np.array(o.size) / 2
        px = float(np.hypot(*(image[[11, 12], :2].mean(0) - image[[23, 24], :2].mean(0)))) * share
        image[:, :2] = np.round(((image[:, :2] - middle) * share + middle) / grid) * grid
        step = _torso_m(world) / max(px / grid, 5.0)
        world[:, :3] = np.round(world[:, :3] / step) * step

    out = _posed(seen, change)
    return [
        o if o.ball is None else replace(o, ball=_smaller(o.ball, np.array(o.size) / 2, share))
        for o in out
    ]  # fmt: skip


def _smaller(ball: Ball, middle: Array, share: float) -> Ball:
    x, y = (np.array([ball.x, ball.y]) - middle) * share + middle
    return replace(ball, x=float(x), y=float(y), r=ball.r * share)


def jittered(seen: Seen, sd: float = 0.005) -> list[Observation]:
    """Return poses whose joints tremble by some thousandths of the torso's length, each frame anew."""
    rng = np.random.default_rng(4)

    def change(o: Observation, image: Array, world: Array) -> None:
        assert o.pose is not None
        image[:, :2] += rng.normal(0, sd * o.pose.torso_px, (33, 2))
        world[:, :3] += rng.normal(0, sd * _torso_m(world), (33, 3))

    return _posed(seen, change)


def lost(seen: Seen, share: float = 0.1) -> list[Observation]:
    """Return the observations with some poses, chosen at random, not found."""
    rng = np.random.default_rng(5)
    return [replace(o, pose=None) if rng.random() < share else o for o in seen]


def black(seen: Seen, middle: float, length: float = 1.0) -> list[Observation]:
    """Return the observations with nothing seen for a time."""
    return [replace(o, pose=None, ball=None, luma=2.0) if _within(o, middle, length) else o for o in seen]


def frozen(seen: Seen, begin: float, length: float = 3.0) -> list[Observation]:
    """Return what a camera shows that hangs for a time: the same picture again and again, then what is there by now."""
    out, still = [], None
    for o in seen:
        if o.t < begin or o.t > begin + length:
            out.append(o)
            continue
        still = still or o
        out.append(replace(still, t=o.t))
    return out


def without(seen: Seen, begin: float, length: float = 3.0) -> list[Observation]:
    """Return the observations with a piece missing: no frames for a time, but for the last ones of all."""
    end = min(begin + length, seen[-1].t - LAST_S)
    return [o for o in seen if not begin <= o.t < end]


def swapped(seen: Seen, middle: float, length: float = 0.5) -> list[Observation]:
    """Return poses whose left and right bear each other's names for a time."""
    swap = np.arange(33)
    for a, b in PAIRS:
        swap[a], swap[b] = b, a

    def change(o: Observation, image: Array, world: Array) -> None:
        if _within(o, middle, length):
            image[:], world[:] = image[swap].copy(), world[swap].copy()

    return _posed(seen, change)


def jumped(seen: Seen, other: Seen, middle: float, length: float = 0.3) -> list[Observation]:
    """Return poses of which those of a moment are somebody else's, beside the person."""
    k, out = len(other) // 2, []
    for o in seen:
        there = other[k % len(other)] if other else None
        if not _within(o, middle, length) or there is None or there.pose is None:
            out.append(o)
            continue
        image = there.pose.image.copy()
        image[:, 0] += 0.8 * o.size[0] - float(np.nanmean(image[:, 0]))
        out.append(_at(o, image, there.pose.world))
        k += 1
    return out


def guessed(
    seen: Seen, joints: Sequence[int], middle: float | None = None, length: float = np.inf
) -> list[Observation]:
    """Return poses of which some joints are hidden: of little visibility, and guessed about where they are.

    The guesses wander slowly, as a pose model's do.
    """
    rng = np.random.default_rng(6)
    rows = list(joints)
    now, aim, until = np.zeros((len(rows), 3)), np.zeros((len(rows), 3)), -np.inf

    def change(o: Observation, image: Array, world: Array) -> None:
        nonlocal now, aim, until
        if middle is not None and not _within(o, middle, length):
            return
        assert o.pose is not None
        if o.t >= until:
            aim, until = rng.normal(0, GUESS_OFF, aim.shape), o.t + GUESS_S
        now = now + 0.2 * (aim - now)
        image[rows, :2] += now[:, :2] * o.pose.torso_px
        world[rows, :3] += now * _torso_m(world)
        image[rows, 3] = world[rows, 3] = GUESSED

    return _posed(seen, change)


def bumped(seen: Seen, at: float) -> list[Observation]:
    """Return what a camera sees that is knocked at a time: shifted from then on, and turned a little."""
    turned = rolled([o for o in seen if o.t >= at], 2.0)
    return [o for o in seen if o.t < at] + [moved(o, np.array([0.06, 0.04]) * o.size) for o in turned]


def shaken(seen: Seen) -> list[Observation]:
    """Return what a camera held in the hand sees: it sways slowly, trembles, and turns by a degree either way."""
    out = []
    for o in seen:
        h = o.size[1]
        sway = 0.02 * h * np.array([np.sin(2 * np.pi * 0.4 * o.t), np.sin(2 * np.pi * 0.55 * o.t + 1)])
        tremble = 0.004 * h * np.array([np.sin(2 * np.pi * 6 * o.t), np.cos(2 * np.pi * 7 * o.t)])
        out.append(moved(rolled([o], float(np.sin(2 * np.pi * 0.3 * o.t)))[0], sway + tremble))
    return out


def activity(pieces: Sequence[tuple[Seen, float, float]], length: float, step: float = 1 / 15) -> list[Observation]:
    """Join pieces of clips, each from one time to another (backwards where the second is earlier), from 0 s on."""
    out: list[Observation] = []
    for seen, a, b in pieces:
        piece = [o for o in seen if min(a, b) <= o.t <= max(a, b)]
        out += piece if b >= a else piece[::-1]
    return [replace(o, t=i * step) for i, o in enumerate(out) if i * step < length]


def before(seen: Seen, other: Seen) -> list[Observation]:
    """Return the observations after those of something else; later by :func:`lead_s`."""
    return [*other, *(replace(o, t=o.t - seen[0].t + lead_s(other)) for o in seen)]


def lead_s(other: Seen) -> float:
    """Return for how long something else goes on before (s): to its last frame and one step."""
    return other[-1].t + 0.1 if other else 0.0


def after(seen: Seen, other: Seen) -> list[Observation]:
    """Return the observations before those of something else."""
    return [*seen, *(replace(o, t=o.t + seen[-1].t + 0.1) for o in other)]


def _plain(change: Callable[[Seen, Scene], list[Observation]]) -> Callable[[Seen, Scene], Disturbed]:
    return lambda seen, scene: Disturbed(change(seen, scene))


def _roll(degrees: float) -> Callable[[Seen, Scene], Disturbed]:
    return _plain(lambda seen, _: rolled(seen, degrees))


def _rate(rate: float) -> Callable[[Seen, Scene], Disturbed]:
    return _plain(lambda seen, _: at_rate(seen, rate))


#: All disturbances of poses.
DISTURBANCES = (
    Disturbance("mirror", "mirrored", lambda s, _: Disturbed(mirrored(s), mirrored=True)),
    Disturbance("roll-10", "camera rolled by 10 degrees", _roll(-10.0)),
    Disturbance("roll-5", "camera rolled by 5 degrees", _roll(-5.0)),
    Disturbance("roll+5", "camera rolled by 5 degrees the other way", _roll(5.0)),
    Disturbance("roll+10", "camera rolled by 10 degrees the other way", _roll(10.0)),
    Disturbance("rate-8", "8 frames a second", _rate(8.0)),
    Disturbance("rate-12", "12 frames a second", _rate(12.0)),
    Disturbance("rate-60", "60 frames a second", _plain(lambda s, _: between(s, 60.0))),
    Disturbance("rate-varies", "frames 0.03 to 0.2 s apart", _plain(lambda s, _: at_varying_rate(s))),
    Disturbance("small", "half as large, in 240 lines", _plain(lambda s, _: small(s))),
    Disturbance("jitter", "joints tremble by 0.005 of the torso", _plain(lambda s, _: jittered(s))),
    Disturbance("lost-10%", "a tenth of the poses not found", _plain(lambda s, _: lost(s))),
    Disturbance("black-hold", "1 s black in the end position", _plain(lambda s, c: black(s, c.hold_s))),
    Disturbance("black-move", "1 s black in a movement", _plain(lambda s, c: black(s, c.move_s))),
    Disturbance("freeze-hold", "the camera hangs for 3 s of a hold", _plain(lambda s, c: frozen(s, c.hold_s))),
    Disturbance("freeze-move", "the camera hangs for 3 s of a movement", _plain(lambda s, c: frozen(s, c.move_s))),
    Disturbance("gap-hold", "3 s missing, from a hold on", _plain(lambda s, c: without(s, c.hold_s))),
    Disturbance("gap-move", "3 s missing, from a movement on", _plain(lambda s, c: without(s, c.move_s))),
    Disturbance("swap-hold", "left for right for 0.5 s of a hold", _plain(lambda s, c: swapped(s, c.hold_s))),
    Disturbance("swap-move", "left for right for 0.5 s of a movement", _plain(lambda s, c: swapped(s, c.move_s))),
    Disturbance("jump-hold", "0.3 s of somebody else in a hold", _plain(lambda s, c: jumped(s, c.other, c.hold_s))),
    Disturbance("jump-move", "0.3 s of somebody else in a movement", _plain(lambda s, c: jumped(s, c.other, c.move_s))),
    Disturbance("no-hands", "hands out of the picture", _plain(lambda s, _: guessed(s, HANDS))),
    Disturbance("no-feet", "feet out of the picture", _plain(lambda s, _: guessed(s, FEET))),
    Disturbance("occluder", "legs hidden for 1 s of a movement", _plain(lambda s, c: guessed(s, LEGS, c.move_s, 1.0))),
    Disturbance("bump", "camera knocked once, in a hold", _plain(lambda s, c: bumped(s, c.hold_s))),
    Disturbance("shake", "camera held in the hand", _plain(lambda s, _: shaken(s))),
    Disturbance("before", "20 s of something else before", lambda s, c: Disturbed(
        before(s, c.other), later_s=lead_s(c.other) - s[0].t)),
    Disturbance("after", "20 s of something else after", _plain(lambda s, c: after(s, c.other))),
)  # fmt: skip
