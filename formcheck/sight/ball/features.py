"""What tells a ball from another round thing: some two dozen numbers for each circle."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .picture import WorkPicture
from .rings import DEPTHS, N_RAYS, RAYS, sample

Array = NDArray[np.float64]

#: Names of the numbers, in order.
FEATURES: tuple[str, ...] = (
    "votes",
    "votes_of_best",
    "rim",
    "rim_low",
    "rim_top",
    "rim_left",
    "rim_right",
    "rim_weakest",
    "rim_sharp",
    "rim_ragged",
    "gap",
    "contrast",
    "contrast_one_way",
    "colour_contrast",
    "outside_spread",
    "inside_colour_spread",
    "inside_light_spread",
    "inside_texture",
    "texture_ratio",
    "unlike_outside",
    "found_outside",
    "shade_fit",
    "covered",
    "covered_rim",
    "limb_beside",
    "in_picture",
    "too_small",
    "too_big",
    "has_body",
    "touch",
    "limb_over",
    "floor_gap",
    "head_gap",
    "flattened",
)
#: A contrast of this many Lab steps counts half.
HALF = 4.0

_IN = (DEPTHS > 0.79) & (DEPTHS < 0.96)
_OUT = (DEPTHS > 1.04) & (DEPTHS < 1.21)
_DISC = DEPTHS < 0.9
_AREA = DEPTHS[_DISC]
#: Where the disc and what surrounds it are compared: every third ray at some depths.
_HERE = np.searchsorted(DEPTHS, (0.299, 0.499, 0.699, 0.849))
_AROUND = np.searchsorted(DEPTHS, (1.099, 1.199, 1.349, 1.499))
#: Colours this near each other (Lab steps) are of one surface; beyond FAR they are all as different.
ALIKE, FAR = 4.0, 25.0
_DOWN = np.clip(RAYS[:, 1], 0, None)
_UP = np.clip(-RAYS[:, 1], 0, None)
_LEFT = np.clip(-RAYS[:, 0], 0, None)
_RIGHT = np.clip(RAYS[:, 0], 0, None)


def _mean(value: Array, weight: NDArray[np.floating], axis: int | tuple[int, ...], prior: float = 1e-6) -> Array:
    return np.asarray(np.sum(value * weight, axis=axis) / (np.sum(weight, axis=axis) + prior))


def measure(picture: WorkPicture, circles: Array, votes: Array) -> Array:
    """(k, len(FEATURES)) numbers of k circles (k, 4) with their (k,) votes."""
    k = len(circles)
    if not k:
        return np.zeros((0, len(FEATURES)))
    rings = sample(picture, circles)
    lab = rings.lab.astype(np.float64)
    known = (rings.inside * (1 - 0.85 * rings.cover)).astype(np.float64)

    # The rim: colours just inside against colours just outside, ray by ray.
    inner, outer = lab[:, :, _IN].mean(axis=2), lab[:, :, _OUT].mean(axis=2)
    weight = np.minimum(known[:, :, _IN].min(axis=2), rings.inside[:, :, _OUT].min(axis=2))
    weight *= 1 - 0.7 * rings.cover[:, :, _OUT].max(axis=2)
    jump = outer - inner
    contrast = np.linalg.norm(jump, axis=2)
    support = contrast / (contrast + HALF)
    quarter = np.stack([_mean(support, weight * w, 1, 0.05 * N_RAYS) for w in (_DOWN, _UP, _LEFT, _RIGHT)], axis=1)
    rim = _mean(support, weight, 1, 0.05 * N_RAYS)
    order = np.sort(np.where(weight > 0.3, support, np.nan), axis=1)
    seen = np.sum(np.isfinite(order), axis=1)
    weakest = np.where(seen > 3, order[np.arange(k), np.clip(seen // 5, 0, N_RAYS - 1)], 0.0)
    # Is the step at the rim, or are there as strong ones beside it?
    step = np.linalg.norm(np.diff(lab, axis=2), axis=3)
    at = (DEPTHS[1:] + DEPTHS[:-1]) / 2
    near = np.abs(at - 1) < 0.09
    beside = (np.abs(at - 1) < 0.4) & ~near
    peak = step[:, :, near].max(axis=2)
    sharp = _mean(peak / (peak + step[:, :, beside].max(axis=2) + 1.0), weight, 1)
    # Does the strongest step of each ray lie on the circle, or wander about it as along a box?
    around = np.abs(at - 1) < 0.27
    wander = np.abs(at[around][np.argmax(step[:, :, around], axis=2)] - 1)
    ragged = _mean(wander, weight, 1)
    weak = (support < 0.4) & (weight > 0.3)
    gap = _longest(weak) / N_RAYS
    mean_jump = _mean(jump, weight[..., None], 1)
    one_way = np.linalg.norm(mean_jump, axis=1) / (_mean(contrast, weight, 1) + 1.0)
    colour = np.linalg.norm(jump[..., 1:], axis=2)
    outside_mean = _mean(outer, weight[..., None], 1)
    outside_spread = np.sqrt(_mean(np.sum((outer - outside_mean[:, None]) ** 2, axis=2), weight, 1))

    # The disc: its colours, its shading, its texture.
    disc = lab[:, :, _DISC]
    dw = known[:, :, _DISC] * _AREA
    own = _mean(disc, dw[..., None], (1, 2))
    away = disc - own[:, None, None]
    colour_spread = np.sqrt(_mean(np.sum(away[..., 1:] ** 2, axis=3), dw, (1, 2)))
    light_spread, fit = _shading(away[..., 0], dw)
    inside_texture = _mean(step[:, :, at < 0.85], known[:, :, 1:][:, :, at < 0.85], (1, 2))
    outside_texture = _mean(step[:, :, at > 1.12], rings.inside[:, :, 1:][:, :, at > 1.12], (1, 2))

    unlike, elsewhere = _surroundings(lab, known, np.asarray(rings.inside * (1 - rings.cover), np.float64))
    geometry = _geometry(picture, circles)
    best = max(float(votes.max()), 1e-6)
    columns = [
        votes,
        votes / best,
        rim,
        *quarter.T,
        weakest,
        sharp,
        10 * ragged,
        gap,
        np.log1p(_mean(contrast, weight, 1)),
        one_way,
        np.log1p(_mean(colour, weight, 1)),
        np.log1p(outside_spread),
        np.log1p(colour_spread),
        np.log1p(light_spread),
        np.log1p(inside_texture),
        np.log((inside_texture + 0.3) / (outside_texture + 0.3)),
        unlike,
        elsewhere,
        fit,
        _mean(rings.cover[:, :, _DISC].astype(float), rings.inside[:, :, _DISC] * _AREA, (1, 2)),
        rings.cover[:, :, _IN].max(axis=2).mean(axis=1),
        rings.cover[:, :, _OUT].max(axis=2).mean(axis=1),
        _mean(rings.inside[:, :, _DISC].astype(float), np.broadcast_to(_AREA, dw.shape), (1, 2)),
        *geometry.T,
        1 - circles[:, 3],
    ]
    return np.stack(columns, axis=1)


def _surroundings(lab: Array, known: Array, free: Array) -> tuple[Array, Array]:
    """How unlike its surroundings (that no limb covers) each disc is, and the share of it that is also found there.

    A gap that limbs close to a round has a rim as good as a ball's, but what is seen in it goes on outside.
    """
    here = lab[:, ::3, _HERE].reshape(len(lab), -1, 3)
    around = lab[:, ::3, _AROUND].reshape(len(lab), -1, 3)
    weight = (known[:, ::3, _HERE] * DEPTHS[_HERE]).reshape(len(lab), -1)
    hidden = (free[:, ::3, _AROUND] < 0.5).reshape(len(lab), 1, -1)
    square = np.sum(here**2, axis=2)[:, :, None] + np.sum(around**2, axis=2)[:, None] - 2 * here @ around.swapaxes(1, 2)
    nearest = np.sqrt(np.clip(np.min(np.where(hidden, FAR**2, square), axis=2), 0, FAR**2))
    return np.log1p(_mean(nearest, weight, 1)), _mean(nearest < ALIKE, weight, 1)


def _longest(flags: NDArray[np.bool_]) -> Array:
    """(k,) longest run of True in each row, round the end."""
    twice = np.concatenate([flags, flags], axis=1)
    n = np.arange(1, twice.shape[1] + 1)
    last_false = np.maximum.accumulate(np.where(twice, 0, n), axis=1)
    return np.asarray(np.minimum((n - last_false).max(axis=1), flags.shape[1]), float)


_RX = RAYS[:, None, 0] * _AREA
_RY = RAYS[:, None, 1] * _AREA
_BASIS = np.stack([np.ones_like(_RX), _RX, _RY, _RX**2, _RY**2, _RX * _RY], axis=-1).reshape(-1, 6)
_PRODUCTS = _BASIS[:, :, None] * _BASIS[:, None, :]


def _shading(light: Array, weight: Array) -> tuple[Array, Array]:
    """What smooth shading leaves unexplained of the lightness (its spread), and the share of it that it explains."""
    k = len(light)
    y, w = light.reshape(k, -1), weight.reshape(k, -1)
    a = np.tensordot(w, _PRODUCTS, axes=(1, 0)) + 1e-3 * np.eye(_BASIS.shape[1])
    b = (w * y) @ _BASIS
    c = np.linalg.solve(a, b[..., None])[..., 0]
    rest = y - c @ _BASIS.T
    total, left = np.sum(w * y * y, axis=1), np.sum(w * rest * rest, axis=1)
    amount = np.sum(w, axis=1) + 1e-6
    return np.sqrt(left / amount), 1 - left / (total + 1e-3 * amount)


#: Balls have radii within these, metres (45-85 cm across, with room for perspective and for the scale's error).
SMALLEST, LARGEST = 0.20, 0.45


def _geometry(picture: WorkPicture, circles: Array) -> Array:
    """(k, 7) how the circles lie against the body, deliberately coarse: a ball may be under any part of it."""
    x, y, r, flat = circles.T
    metres = r / picture.scale
    out = np.zeros((len(circles), 7))
    out[:, 0] = np.clip(np.log(SMALLEST / metres), 0, 1)
    out[:, 1] = np.clip(np.log(metres / LARGEST), 0, 1)
    body = picture.body
    if body is None:
        return out
    touch = (body.distances(circles[:, :2]) - r[:, None]) / r[:, None]
    out[:, 2] = 1.0
    out[:, 3] = np.clip(touch.min(axis=1), -1, 1)
    out[:, 4] = np.mean(touch < 0, axis=1)
    out[:, 5] = np.clip((body.lowest - (y + flat * r)) / r, -1.5, 2)
    out[:, 6] = np.clip(np.hypot(x - body.head[0], y - body.head[1]) / r, 0, 1.5)
    return out
