"""A closer look at circles: colours along their rays, and the circle that the edges on these rays really bound.

A ball that somebody sits on is flattened. So a circle is four numbers here: x and y of its middle, half its width, and
its height as a share of its width (1: round). Rays, depths and moves are those of a round one, squeezed with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from .picture import WorkPicture

Array = NDArray[np.float64]
Array32 = NDArray[np.float32]

#: Rays around a circle, and where on a ray (in radii) it is sampled.
N_RAYS = 48
STEP = 0.05
DEPTHS = np.arange(0.15, 1.5001, STEP)
_ANGLES = np.arange(N_RAYS) * (2 * np.pi / N_RAYS)
#: (rays, 2) unit vectors, x right and y down; ray N_RAYS / 4 points down.
RAYS = np.stack([np.cos(_ANGLES), np.sin(_ANGLES)], axis=1)
#: An edge on a ray is the difference of the mean colours of this many samples before and after.
SPAN = 2
#: The flattest ball, height by width.
FLATTEST = 0.6
#: What holds the height back while a circle is moved onto its edges: as so many rays that found nothing to change.
HEIGHT_HELD = 2.0
#: A shift along a ray is linear in the circle's shift (x, y), growth and gain in height: its design matrix and the
#: products for it.
_DESIGN = np.concatenate([RAYS, np.ones((N_RAYS, 1)), RAYS[:, 1:] ** 2], axis=1)
_PRODUCTS = (_DESIGN[:, :, None] * _DESIGN[:, None, :]).reshape(N_RAYS, 16)
_HELD = np.diag([0.3, 0.3, 0.3, HEIGHT_HELD])


@dataclass(frozen=True)
class Rings:
    """k circles sampled along their rays.

    Attributes
    ----------
    circles : (k, 4) array
        x, y, half the width in px of the working picture, height by width.
    lab : (k, rays, depths, 3) float32 array
        Colours.
    inside : (k, rays, depths) array
        1 inside the picture, else 0.
    cover : (k, rays, depths) array
        0-1, how far the body may cover it.
    """

    circles: Array
    lab: Array32
    inside: Array32
    cover: Array32


def sample(picture: WorkPicture, circles: Array, depths: Array = DEPTHS, every: int = 1) -> Rings:
    """Sample k circles (k, 4) along their rays, or along one ray in *every*."""
    import cv2

    k, rays, c = len(circles), RAYS[::every], circles.astype(np.float32)
    ways = (rays[:, None] * depths[:, None]).astype(np.float32)
    size = np.stack([c[:, 2], c[:, 2] * c[:, 3]], axis=1)
    flat = (c[:, None, None, :2] + size[:, None, None] * ways).reshape(k * len(rays), len(depths), 2)
    # Beyond the picture the fourth number reads 2.
    beyond = (0.0, 0.0, 0.0, 2.0)
    read = cv2.remap(
        picture.lab, flat, cast("Any", None), cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=beyond
    )
    out = np.asarray(read, np.float32).reshape(k, len(rays), len(depths), 4)
    cover = out[..., 3]
    return Rings(circles, out[..., :3], (cover < 1.01).astype(np.float32), np.minimum(cover, np.float32(1)))


def steps(rings: Rings) -> Array32:
    """(k, rays, depths - 3, 3) colour after minus colour before each boundary that has two samples either side."""
    pairs = rings.lab[:, :, 1:] + rings.lab[:, :, :-1]
    return np.asarray((pairs[:, :, SPAN:] - pairs[:, :, :-SPAN]) / np.float32(SPAN))


def boundaries(depths: Array = DEPTHS) -> Array:
    """Where on a ray (in radii) the boundaries of :func:`steps` lie."""
    return np.asarray((depths[SPAN - 1 : len(depths) - SPAN] + depths[SPAN : len(depths) - SPAN + 1]) / 2)


def refine(picture: WorkPicture, circles: Array, windows: tuple[float, ...] = (0.22, 0.13, 0.08)) -> Array:
    """Return (k, 4) circles moved onto the edges that bound them.

    On each ray the strongest edge near the circle is taken, nearer ones first; then centre, width and height follow
    from the rays' shifts by weighted least squares, twice reweighted (Tukey's biweight) so that rays that found
    something else (the body, the floor's pattern, a highlight) drop out. Each window is a fresh sampling with a
    smaller search range.

    Parameters
    ----------
    windows : tuple of float
        Search range either side of the circle, in radii, one a pass.
    """
    circles = np.array(circles, np.float64)
    if not len(circles):
        return circles
    for window in windows:
        reach = window + (SPAN + 0.5) * STEP
        depths = np.arange(1 - reach, 1 + reach + 1e-6, STEP)
        rings = sample(picture, circles, depths)
        where = boundaries(depths)
        jump = steps(rings)
        size = np.sqrt(np.einsum("krdc,krdc->krd", jump, jump))
        seen = rings.inside[:, :, SPAN - 1 : len(depths) - SPAN] * rings.inside[:, :, SPAN : len(depths) - SPAN + 1]
        hidden = rings.cover[:, :, SPAN - 1 : len(depths) - SPAN]
        prior = np.exp(-0.5 * ((where - 1) / (0.6 * window)) ** 2)
        score = size * seen * (1 - 0.7 * hidden) * prior
        best = np.argmax(score, axis=2)
        strength = np.take_along_axis(score, best[..., None], 2)[..., 0]
        shift = where[best] - 1
        weight = strength / (strength + 4.0)
        solution = np.zeros((len(circles), 4))
        robust = np.ones_like(weight)
        for _ in range(3):
            v = weight * robust
            a = (v @ _PRODUCTS).reshape(-1, 4, 4) + _HELD
            b = (v * shift) @ _DESIGN
            solution = np.linalg.solve(a, b[..., None])[..., 0]
            miss = shift - solution @ _DESIGN.T
            robust = np.clip(1 - (miss / (1.2 * window)) ** 2, 0, 1) ** 2
        moved = np.clip(solution, -1.2 * window, 1.2 * window)
        circles[:, 0] += circles[:, 2] * moved[:, 0]
        circles[:, 1] += circles[:, 2] * circles[:, 3] * moved[:, 1]
        circles[:, 2] *= 1 + moved[:, 2]
        circles[:, 3] = np.clip(circles[:, 3] * (1 + moved[:, 3]), FLATTEST, 1.0)
    return circles


#: Moves tried around a circle: shifts of the centre and changes of the radius, in radii; and changes of the height by
#: the width, about the middle or with the lowest point where it was.
_SHIFTS = np.array([(x, y, r, 0) for x in (-1, 0, 1) for y in (-1, 0, 1) for r in (-1, 0, 1)], dtype=float)
_HEIGHTS = np.array([(0, 0, 0, -0.5), (0, 0.5, 0, -0.5), (0, 0, 0, 0.5), (0, -0.5, 0, 0.5)])
#: Where the rim's contrast is measured: just inside and just outside.
_RIM = np.array([0.90, 0.95, 1.05, 1.10])
#: A contrast of this many Lab steps counts half.
HALF_CONTRAST = 4.0
#: A ray that the body covers at the rim counts this much.
COVERED = 0.25


def rim(picture: WorkPicture, circles: Array, every: int = 1) -> Array:
    """(k,) how much of each circle's seen rim separates two colours, 0-1."""
    rings = sample(picture, circles, _RIM, every)
    lab = rings.lab
    jump = lab[:, :, 2] + lab[:, :, 3] - lab[:, :, 0] - lab[:, :, 1]
    contrast = 0.5 * np.sqrt(np.einsum("krc,krc->kr", jump, jump))
    inside, cover = rings.inside, rings.cover
    weight = np.minimum(inside[:, :, 0], inside[:, :, 3]) * (
        1 - (1 - COVERED) * np.maximum(cover[:, :, 1], cover[:, :, 2])
    )
    total = weight.sum(axis=1)
    # A circle that is hardly seen at all proves nothing: as if a quarter of its rays were seen and empty.
    return np.asarray(
        (weight * contrast / (contrast + HALF_CONTRAST)).sum(axis=1) / np.maximum(total, N_RAYS / every / 4)
    )


def climb(
    picture: WorkPicture,
    circles: Array,
    path: tuple[float, ...] = (0.2, 0.2, 0.1, 0.1, 0.05),
    way_cost: float = 0.0,
    heights: bool = True,
) -> Array:
    """Return (k, 4) circles moved, step by step, to where the contrast along their seen rim is greatest.

    Parameters
    ----------
    path : tuple of float
        How far a step goes, in radii.
    way_cost : float
        How much contrast (0-1) a step of one radius must gain.
    heights : bool
        Try other heights too.
    """
    circles = np.array(circles, np.float64)
    if not len(circles):
        return circles
    ways = np.concatenate([_SHIFTS, _HEIGHTS]) if heights else _SHIFTS
    cost = np.abs(ways).sum(axis=1)
    for step in path:
        moves = np.repeat(circles[:, None], len(ways), axis=1)
        moves[..., :3] += ways[:, :3] * step * circles[:, None, 2:3]
        moves[..., 3] = np.clip(moves[..., 3] + ways[:, 3] * step, FLATTEST, 1.0)
        value = rim(picture, moves.reshape(-1, 4), 2).reshape(len(circles), -1)
        circles = moves[np.arange(len(circles)), np.argmax(value - (1e-6 + way_cost * step) * cost, axis=1)]
    return circles


_DISC = np.array([0.2, 0.4, 0.55, 0.7, 0.82])


def rim_and_colour(picture: WorkPicture, circles: Array) -> tuple[Array, Array]:
    """(k,) rim contrast and (k, 4) the mean colour of each disc's seen part (Lab) with its spread."""
    rings = sample(picture, circles, _DISC, 2)
    weight = (rings.inside * (1 - 0.9 * rings.cover) * _DISC + 1e-6)[..., None]
    total = weight.sum(axis=(1, 2))
    mean = (rings.lab * weight).sum(axis=(1, 2)) / total
    spread = np.sqrt(
        (((rings.lab - mean[:, None, None]) ** 2).sum(axis=3, keepdims=True) * weight).sum(axis=(1, 2)) / total
    )
    return rim(picture, circles), np.concatenate([mean, spread], axis=1)
