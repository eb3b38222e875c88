"""Where circles may be: every edge votes for the centres that it would bound.

The form of the Hough transform that uses gradients:
Kimme, Ballard and Sklansky, "Finding circles by an array of accumulators", CACM 18(2), 1975.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .picture import WorkPicture

Array = NDArray[np.float64]

#: Radii tried, metres: balls of 45-85 cm, with room for perspective and for the scale's error; and half widths of balls
#: that are flattened by somebody's weight, with their height by width.
RADII_M = np.geomspace(0.17, 0.46, 12)
FLAT_RADII_M, FLAT = np.geomspace(0.25, 0.47, 6), 0.78
#: Accumulator cells are this wide, px.
CELL = 2
#: Edges in what the body covers count this much.
COVERED = 0.35
#: Gradients are measured against their surroundings of this many px, so that a faint rim on a plain wall counts too.
AROUND = 21
#: A gradient below this (Lab steps a pixel) is noise.
FLOOR = 1.2


def edges(picture: WorkPicture) -> tuple[Array, Array, Array]:
    """Return (k, 2) edge points, (k, 2) unit gradients and (k,) weights 0-1."""
    import cv2

    lab = np.ascontiguousarray(picture.lab[..., :3])
    gx = cv2.Sobel(lab, cv2.CV_32F, 1, 0, ksize=3, scale=0.125)
    gy = cv2.Sobel(lab, cv2.CV_32F, 0, 1, ksize=3, scale=0.125)
    square = cv2.multiply(gx, gx) + cv2.multiply(gy, gy)
    l, a, b = cv2.split(square)
    take_a, take_b = (a > l) & (a >= b), (b > l) & (b > a)
    gx = np.where(take_b, gx[..., 2], np.where(take_a, gx[..., 1], gx[..., 0]))
    gy = np.where(take_b, gy[..., 2], np.where(take_a, gy[..., 1], gy[..., 0]))
    size = np.sqrt(np.maximum(np.maximum(l, a), b))
    around = cv2.blur(size, (AROUND, AROUND)) + np.float32(0.6 * FLOOR)
    even = 200.0 / around
    thin = cv2.Canny((gx * even).astype(np.int16), (gy * even).astype(np.int16), 150, 320, L2gradient=True)
    ys, xs = np.nonzero(thin)
    g = np.stack([gx[ys, xs], gy[ys, xs]], axis=1).astype(np.float64)
    length = np.maximum(size[ys, xs].astype(np.float64), 1e-6)
    weight = np.clip(length / (2.5 * FLOOR), 0.1, 1.0)
    weight *= np.where(picture.lab[ys, xs, 3] > 0, COVERED, 1.0)
    return np.stack([xs, ys], axis=1).astype(np.float64), g / length[:, None], weight


def candidates(picture: WorkPicture, count: int) -> tuple[Array, Array]:
    """Return (k, 4) circles (x, y, r in px of *picture*, flatness) that most edges bound, and (k,) their votes 0-1.

    The vote is the share of the circle that has an edge looking at its centre; on a flattened circle of height by
    width f, an edge of normal (u, v) lies at (u, f f v) / |(u, f v)| from the centre, in half widths. Circles that
    overlap almost fully count once.
    """
    import cv2

    points, normals, weight = edges(picture)
    h, w = picture.lab.shape[:2]
    radii = np.concatenate([RADII_M, FLAT_RADII_M]) * picture.scale
    flats = np.repeat([1.0, FLAT], [len(RADII_M), len(FLAT_RADII_M)])
    # Centres may lie a little outside the picture: a ball cut by its border.
    pad = int(radii.max() * 0.5) // CELL + 1
    gh, gw = h // CELL + 2 * pad + 1, w // CELL + 2 * pad + 1
    squeezed = normals * (1.0, FLAT)
    ways = np.stack([normals, squeezed * (1.0, FLAT) / np.linalg.norm(squeezed, axis=1, keepdims=True)])
    reach = (radii[:, None, None] * ways[(flats < 1).astype(int)]).astype(np.float32)
    reach = np.concatenate([reach, -reach])
    cells = np.floor((points.astype(np.float32) + reach) / np.float32(CELL)).astype(np.int32) + pad
    x, y = cells[..., 0], cells[..., 1]
    layer = np.tile(np.arange(len(radii), dtype=np.int32), 2)[:, None]
    inside = (x >= 0) & (x < gw) & (y >= 0) & (y < gh)
    at = ((layer * gh + y) * gw + x)[inside]
    shares = np.broadcast_to(weight, inside.shape)[inside]
    votes = np.bincount(at, shares, len(radii) * gh * gw).astype(np.float32).reshape(len(radii), gh, gw)
    for k, r in enumerate(radii):
        blur = 0.06 * r / CELL + 0.5
        votes[k] = cv2.GaussianBlur(votes[k], (0, 0), blur) * np.float32(blur * blur / r)
    both = votes.copy()
    for part in (slice(0, len(RADII_M)), slice(len(RADII_M), None)):
        both[part][1:] += 0.5 * votes[part][:-1]
        both[part][:-1] += 0.5 * votes[part][1:]
    flat_best = both.max(axis=0)
    found: list[tuple[float, float, float, float]] = []
    strengths: list[float] = []
    peaks = (flat_best >= cv2.dilate(flat_best, np.ones((5, 5), np.uint8))) & (flat_best > 0.05)
    ys, xs = np.nonzero(peaks)
    for i in np.argsort(-flat_best[ys, xs])[: 4 * count]:
        column = both[:, ys[i], xs[i]]
        k = int(np.argmax(column))
        tops = [k]
        # A second radius about the same centre: a cushion on a ball, a rim in a rim.
        rest = column.copy()
        rest[max(0, k - 2) : k + 3] = 0.0
        if rest.max() > 0.75 * column[k]:
            tops.append(int(np.argmax(rest)))
        for top in tops:
            x, y, r = (xs[i] - pad + 0.5) * CELL, (ys[i] - pad + 0.5) * CELL, radii[top]
            if all((x - a) ** 2 + (y - b) ** 2 > (0.25 * r) ** 2 or abs(r / c - 1) > 0.2 for a, b, c, _ in found):
                found.append((float(x), float(y), float(r), float(flats[top])))
                strengths.append(float(column[top]))
        if len(found) >= count:
            break
    return np.array(found[:count]).reshape(-1, 4), np.array(strengths[:count])
