"""Train the net for circles (formcheck/sight/ball/weights.json) on rendered clips whose ball is known.

    python benchmarks/train_ball.py CLIPS [--every N] [--out formcheck/sight/ball/weights.json] [--cache FILE]

CLIPS is a folder of NAME.mp4 with NAME.npz beside it: ``ball_px`` (n, 3) centre and radius (half the width) in pixels,
NaN where there is no ball, and, if known, ``ball_k`` (n,) its height by its width, ``ball_visible`` (n,) the visible
share of its disc, and ``pose_image``, ``pose_world`` (n, 33, 4) the pose, as of bodies drawn by known ones; else every
frame goes through the pose model. Clips of one scene share the part of their name before the last dash. The circles
that the detector proposes become rows of features with a target: 1 where the circle is the ball within 10 % of its
radius and height, falling to 0 at 30 %. In a second pass over each frame the scale that the pose gives is varied, so
that the net does not lean on it, the colours change places, so that it knows balls and clothes of others, some
balls get stripes, some pictures are paled until all in them is nearly white, and some are drawn out in width, so that
it knows flattened balls. One frame of each clip is also shown as coarse or fine noise, in which there is no ball.

A net with one hidden layer is fitted by Adam (Kingma and Ba, 2015) to the cross-entropy, with noise on the standardised
features and weight decay against overfitting to the renderer. Reported are four-fold figures, whole scenes held out;
the weights written are then fitted to all clips. Same clips, same weights.
"""

from __future__ import annotations

import argparse
import json
import sys
import zlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from formcheck.errors import FormcheckError
from formcheck.files import write_text
from formcheck.sight.ball.body import BodyFrame
from formcheck.sight.ball.detect import LIKELY, hypotheses
from formcheck.sight.ball.features import FEATURES, measure
from formcheck.sight.ball.net import BallNet
from formcheck.sight.ball.picture import WORK_SCALE, WorkPicture, cut_out
from formcheck.sight.models.store import resolve_model
from formcheck.sight.pose.estimator import MediaPipePose
from formcheck.sight.pose.types import Pose
from formcheck.sight.video.source import open_source

Array = NDArray[np.float64]

HIDDEN, EPOCHS, BATCH, RATE, DECAY, NOISE = 12, 200, 512, 5e-3, 2e-3, 0.3
FOLDS = 4
#: Frames with less of the disc to be seen teach nothing sure.
LEAST_VISIBLE = 0.3
#: A circle that is the ball weighs this much more than one that is not.
POSITIVE = 3.0
#: Spread of the variation of the scale (log) and of the landmarks (m) in the second pass.
SCALE_JITTER, POINT_JITTER = 0.08, 0.01
#: Share of the second passes in which the body is left out.
ALONE = 0.15
#: Share of the second passes over a ball that are drawn out in width; the flattest and the widest (m) it gets by that.
DRAWN_OUT, FLATTEST, WIDEST = 0.6, 0.66, 0.45
#: Share of the second passes over a ball in which it gets stripes, and how near its usual colour (0-255) it gets them.
STRIPED, OWN_COLOUR = 0.15, 60
#: Share of the second passes that are paled, and how much of their contrast and colour is left then.
PALED, LEFT = 0.12, (0.1, 0.35)


@dataclass(frozen=True)
class Rows:
    """n circles of m pictures: features, error against the truth (in radii; 9: no ball), picture, scene, visible."""

    x: Array
    miss: Array
    picture: Array
    scene: Array
    visible: Array

    def of(self, mask: NDArray[np.bool_]) -> Rows:
        """Return some of the rows."""
        return Rows(self.x[mask], self.miss[mask], self.picture[mask], self.scene[mask], self.visible[mask])


def rows_of(folder: Path, model: Path, every: int) -> Rows:
    """Look at every clip of a folder."""
    parts: list[tuple[Array, Array, int, int, float]] = []
    for clip in sorted(folder.glob("*.mp4")):
        scene = zlib.crc32(clip.stem.rpartition("-")[0].encode()) % 100_000
        for x, miss, visible in clip_rows(clip, model, every):
            parts.append((x, miss, len(parts), scene, visible))
    if not parts:
        raise SystemExit(f"no NAME.mp4 with NAME.npz in {folder}")
    n = [len(p[1]) for p in parts]
    return Rows(
        np.concatenate([p[0] for p in parts]),
        np.concatenate([p[1] for p in parts]),
        *(np.repeat([float(p[i]) for p in parts], n) for i in (2, 3, 4)),
    )


def clip_rows(clip: Path, model: Path, every: int) -> Iterator[tuple[Array, Array, float]]:
    """Give features and errors of the circles in each frame of a clip, and how much of the ball is visible."""
    with np.load(clip.with_suffix(".npz")) as truth:
        ball = truth["ball_px"].astype(float)
        has = np.isfinite(ball[:, 0])
        flat = truth["ball_k"].astype(float) if "ball_k" in truth else np.ones(len(ball))
        ball = np.column_stack([ball, flat])
        visible = truth["ball_visible"] if "ball_visible" in truth else has.astype(float)
        poses = (truth["pose_image"], truth["pose_world"]) if "pose_image" in truth else None
    rng = np.random.default_rng(zlib.crc32(clip.stem.encode()))
    with ExitStack() as stack:
        source = stack.enter_context(open_source(clip, max_side=None))
        estimator = None if poses is not None else stack.enter_context(MediaPipePose(model))
        for i, frame in enumerate(source):
            if i >= len(ball) or i % every:
                continue
            if estimator is not None:
                pose = estimator.estimate(frame.t, frame.image)
            else:
                pose = Pose(poses[0][i], poses[1][i]) if poses is not None else None
            body = None if pose is None else BodyFrame.of(pose)
            if body is None or (has[i] and visible[i] < LEAST_VISIBLE):
                continue
            part = float(visible[i]) if has[i] else 0.0
            h, w = frame.image.shape[:2]
            picture = cut_out(frame.image, body.reach(w, h), WORK_SCALE / body.scale, body.scale, body)
            yield from looked_at(picture, ball[i], part)
            yield from looked_at(*varied(rng, frame.image, body, ball[i]), part)
            if i == 0:
                picture = cut_out(noise(rng, h, w), body.reach(w, h), WORK_SCALE / body.scale, body.scale, body)
                yield from looked_at(picture, np.full(4, np.nan), 0.0)


def varied(
    rng: np.random.Generator, image: NDArray[np.uint8], body: BodyFrame, ball: Array
) -> tuple[WorkPicture | None, Array]:
    """Return the working picture of a frame in other colours, perhaps drawn out in width, and the ball in it."""
    points, wider = body.points, 1.0
    if np.isfinite(ball[0]) and rng.random() < STRIPED:
        image = striped(rng, image, ball)
    if np.isfinite(ball[0]) and rng.random() < DRAWN_OUT:
        most = max(1.0, min(ball[3] / FLATTEST, WIDEST * body.scale / ball[2]))
        wider = float(rng.uniform(1.0, most))
    if wider > 1.0:
        size = (round(image.shape[1] * wider), image.shape[0])
        image = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)
        points, ball = points * (wider, 1.0), ball * (wider, 1.0, wider, 1 / wider)
    if rng.random() < PALED:
        left = rng.uniform(*LEFT)
        image = (240 - left * (240 - (0.3 * image + 0.7 * image.mean(axis=2, keepdims=True)))).astype(np.uint8)
    image = np.ascontiguousarray(image[..., rng.permutation(3)])
    h, w = image.shape[:2]
    scale = body.scale * float(np.exp(rng.normal(0, SCALE_JITTER)))
    moved = BodyFrame(points + rng.normal(0, POINT_JITTER * body.scale, (33, 2)), scale)
    seen = None if rng.random() < ALONE else moved
    return cut_out(image, BodyFrame(points, body.scale).reach(w, h), WORK_SCALE / scale, scale, seen), ball


def striped(rng: np.random.Generator, image: NDArray[np.uint8], ball: Array) -> NDArray[np.uint8]:
    """Paint stripes on the part of a ball that is seen: what has about its usual colour, shaded as it is."""
    x, y, r, flat = ball
    v, u = np.mgrid[: image.shape[0], : image.shape[1]].astype(np.float64)
    u, v = (u - x) / r, (v - y) / (r * flat)
    disc = u * u + v * v < 1
    usual = np.median(image[disc], axis=0) if disc.any() else np.zeros(3)
    turn, count = rng.uniform(0, np.pi), rng.uniform(1.5, 4.5)
    band = np.floor(count * (np.cos(turn) * u + np.sin(turn) * v)) % 2 == 0
    where = disc & band & (np.abs(image - usual).max(axis=2) < OWN_COLOUR)
    out = image.copy()
    shade = image[where].mean(axis=1, keepdims=True) / max(float(usual.mean()), 1.0)
    out[where] = np.clip(shade * rng.uniform(20, 240, 3), 0, 255)
    return out


def noise(rng: np.random.Generator, h: int, w: int) -> NDArray[np.uint8]:
    """(h, w, 3) random blots of a random size."""
    size = int(rng.choice([1, 1, 2, 4, 8]))
    blots = rng.integers(0, 256, (h // size + 1, w // size + 1, 3), dtype=np.uint8)
    return np.ascontiguousarray(blots.repeat(size, axis=0).repeat(size, axis=1)[:h, :w])


def looked_at(picture: WorkPicture | None, ball: Array, visible: float) -> Iterator[tuple[Array, Array, float]]:
    """Give the circles proposed in a working picture, if any, with their error against the *ball* (x, y, r, flat)."""
    circles, votes = (np.zeros((0, 4)), np.zeros(0)) if picture is None else hypotheses(picture)
    if picture is None or not len(circles):
        return
    x, miss = measure(picture, circles, votes), np.full(len(circles), 9.0)
    if np.isfinite(ball[0]):
        full = picture.to_full(circles)
        apart = np.hypot(full[:, 0] - ball[0], full[:, 1] - ball[1]) / ball[2]
        miss = np.maximum(apart, np.abs(full[:, 2:] / ball[2:] - 1).max(axis=1))
    yield x, miss, visible


def mirrored(x: Array) -> Array:
    """Return the features of the mirrored picture."""
    out = x.copy()
    i, j = FEATURES.index("rim_left"), FEATURES.index("rim_right")
    out[:, [i, j]] = out[:, [j, i]]
    return out


def fit(rows: Rows, seed: int = 0) -> dict[str, object]:
    """Fit the net and return its weights."""
    rng = np.random.default_rng(seed)
    target = np.tile(np.clip((0.3 - rows.miss) / 0.2, 0, 1), 2)
    x = np.concatenate([rows.x, mirrored(rows.x)])
    weight = np.where(target > 0.3, POSITIVE, 1.0)
    mean, spread = x.mean(axis=0), x.std(axis=0) + 1e-6
    z_all = np.clip((x - mean) / spread, -4, 4)
    n, f = z_all.shape
    values = [
        rng.normal(0, 1 / np.sqrt(f), (f, HIDDEN)),
        np.zeros(HIDDEN),
        rng.normal(0, 1 / np.sqrt(HIDDEN), HIDDEN),
        np.array(-2.0),
    ]
    first, second = [np.zeros_like(v) for v in values], [np.zeros_like(v) for v in values]
    step = 0
    for epoch in range(EPOCHS):
        rate = RATE * 0.5 * (1 + np.cos(np.pi * epoch / EPOCHS))
        order = rng.permutation(n)
        for start in range(0, n, BATCH):
            pick = order[start : start + BATCH]
            z = z_all[pick] + rng.normal(0, NOISE, (len(pick), f))
            hidden = np.tanh(z @ values[0] + values[1])
            likely = 1 / (1 + np.exp(-(hidden @ values[2] + values[3])))
            error = weight[pick] * (likely - target[pick]) / len(pick)
            back = np.outer(error, values[2]) * (1 - hidden * hidden)
            gradients = [
                z.T @ back + DECAY * values[0],
                back.sum(axis=0),
                hidden.T @ error + DECAY * values[2],
                np.asarray(error.sum()),
            ]
            step += 1
            for k, g in enumerate(gradients):
                first[k] = 0.9 * first[k] + 0.1 * g
                second[k] = 0.999 * second[k] + 0.001 * g * g
                size = np.sqrt(second[k] / (1 - 0.999**step)) + 1e-8
                values[k] = values[k] - rate * first[k] / (1 - 0.9**step) / size
    names = ("w1", "b1", "w2", "b2")
    return {
        "features": list(FEATURES),
        "mean": np.round(mean, 5).tolist(),
        "spread": np.round(spread, 5).tolist(),
        **{name: np.round(value, 4).tolist() for name, value in zip(names, values, strict=True)},
    }


def figures(rows: Rows, weights: dict[str, object]) -> dict[str, float]:
    """Count pictures in which the likeliest circle is the ball, and in which a ball is seen where there is none."""
    likely = BallNet(weights)(rows.x)
    counts = dict.fromkeys(("with_ball", "proposed", "likeliest", "found", "without_ball", "false"), 0.0)
    for picture in np.unique(rows.picture):
        m = rows.picture == picture
        best = int(np.argmax(likely[m]))
        visible, miss = rows.visible[m][0], rows.miss[m]
        if visible == 0:
            counts["without_ball"] += 1
            counts["false"] += likely[m][best] >= LIKELY
        elif visible >= 0.5:
            counts["with_ball"] += 1
            counts["proposed"] += miss.min() < 0.2
            counts["likeliest"] += miss[best] < 0.3
            counts["found"] += miss[best] < 0.3 and likely[m][best] >= LIKELY
    return {k: float(v) for k, v in counts.items()}


def held_out(rows: Rows) -> dict[str, float]:
    """Figures over folds of scenes that the net has not seen."""
    total: dict[str, float] = {}
    for fold in range(FOLDS):
        test = rows.scene % FOLDS == fold
        if not test.any() or test.all():
            continue
        for k, v in figures(rows.of(test), fit(rows.of(~test))).items():
            total[k] = total.get(k, 0.0) + v
    return total


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("clips", type=Path, help="folder of NAME.mp4 and NAME.npz")
    parser.add_argument("--every", type=int, default=1, help="take one frame in N")
    parser.add_argument("--out", type=Path, default=Path("formcheck/sight/ball/weights.json"))
    parser.add_argument("--cache", type=Path, help="keep the features here, and use them if they are there")
    parser.add_argument("--model", type=Path, help="a .task bundle (default: the package's own)")
    options = parser.parse_args(argv)
    try:
        if options.cache is not None and options.cache.exists():
            with np.load(options.cache) as kept:
                rows = Rows(*(kept[k] for k in ("x", "miss", "picture", "scene", "visible")))
        else:
            rows = rows_of(options.clips, options.model or resolve_model(quiet=True), options.every)
            if options.cache is not None:
                np.savez_compressed(options.cache, **vars(rows))
        record: dict[str, object] = {
            "script": "benchmarks/train_ball.py",
            "scenes": len(np.unique(rows.scene)),
            "pictures": len(np.unique(rows.picture)),
            "circles": len(rows.miss),
            "circles_on_the_ball": int((rows.miss < 0.2).sum()),
            "net": {"hidden": HIDDEN, "epochs": EPOCHS, "rate": RATE, "decay": DECAY, "noise": NOISE},
            "held_out_scenes": held_out(rows),
        }
        weights = fit(rows)
        weights["record"] = record
        write_text(options.out, json.dumps(weights, indent=None, separators=(",", ":")) + "\n")
    except FormcheckError as e:
        print(e, file=sys.stderr)
        return 1
    print(json.dumps(record, indent=1))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
