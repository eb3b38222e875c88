"""Disturbances of the pictures of a clip, written as a video: the same as :mod:`disturb` does to poses, and more.

Each is a change of pictures in time, ``(frames, scene) -> frames`` with frames ``(t, rgb)``, or a way to write them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import TypeAlias

import av
import cv2
import numpy as np
from disturb import ACTIVITY, ACTIVITY_S, SAMPLES, Disturbed, Scene
from numpy.typing import NDArray

from formcheck.sight.video.source import open_source

Image: TypeAlias = NDArray[np.uint8]
Frames: TypeAlias = Iterable[tuple[float, Image]]
Change: TypeAlias = Callable[[Frames, Scene], Iterator[tuple[float, Image]]]

TICKS = 90_000
#: Frames a second of the sample clips.
RATE = 15
GREY = (110, 110, 110)


@dataclass(frozen=True)
class Written:
    """How a disturbed clip is written."""

    codec: str = "libx264"
    options: dict[str, str] = field(default_factory=lambda: {"crf": "18", "preset": "veryfast", "bf": "0"})
    rotation: int = 0
    bit_rate: int | None = None


@dataclass(frozen=True)
class PixelDisturbance:
    """A disturbance by its name."""

    name: str
    what: str
    change: Change = field(repr=False)
    written: Written = field(default_factory=Written, repr=False)
    mirrored: bool = False
    #: 20 s of something else are put before, and the report is later by so much.
    later: bool = False


def frames_of(path: Path) -> Iterator[tuple[float, Image]]:
    """Yield the pictures of a video with their times."""
    with open_source(path) as source:
        for frame in source:
            yield frame.t, frame.image


def each(change: Callable[[float, Image], Image]) -> Change:
    """Return a change of each picture by itself."""
    return lambda frames, _: ((t, change(t, image)) for t, image in frames)


def turned(image: Image, degrees: float, scale: float = 1.0, by: tuple[float, float] = (0.0, 0.0)) -> Image:
    """Return a picture turned clockwise about its middle, scaled and moved, its edges drawn on."""
    h, w = image.shape[:2]
    m = cv2.getRotationMatrix2D((w / 2, h / 2), -degrees, scale)
    m[:, 2] += by
    return cv2.warpAffine(image, m, (w, h), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def small(image: Image, share: float = 0.5) -> Image:
    """Return a picture shrunk, on a grey ground of the size it had."""
    h, w = image.shape[:2]
    out = np.full_like(image, GREY[0])
    part = cv2.resize(image, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
    y, x = (h - part.shape[0]) // 2, (w - part.shape[1]) // 2
    out[y : y + part.shape[0], x : x + part.shape[1]] = part
    return out


def sized(height: int) -> Change:
    """Return a change of the height of the pictures (px)."""

    def change(_: float, image: Image) -> Image:
        width = round(image.shape[1] * height / image.shape[0] / 2) * 2
        return cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA)

    return each(change)


def dark(t: float, image: Image) -> Image:
    """Return a dark picture with the noise of a sensor."""
    noise = np.random.default_rng(round(t * 1000)).normal(0, 8, image.shape)
    return np.clip(image * 0.25 + noise, 0, 255).astype(np.uint8)


def flicker(t: float, image: Image) -> Image:
    """Return a picture by the light of a lamp that flickers."""
    return np.clip(image * (1 + 0.3 * np.sin(2 * np.pi * 3.1 * t)), 0, 255).astype(np.uint8)


def at_rate(rate: float) -> Change:
    """Return a change of the rate: the last picture at each tick."""

    def change(frames: Frames, _: Scene) -> Iterator[tuple[float, Image]]:
        due = 0.0
        for t, image in frames:
            if t >= due - 1e-6:
                yield t, image
                due += 1 / rate

    return change


def at_varying_rate(frames: Frames, _: Scene) -> Iterator[tuple[float, Image]]:
    """Yield pictures 0.03 to 0.2 s apart."""
    rng, due, step = np.random.default_rng(3), -np.inf, 0.1
    for t, image in frames:
        if t >= due:
            yield t, image
            step = float(np.clip(step * rng.lognormal(0.0, 0.25), 0.03, 0.2))
            due = t + step


def between(
    frames: Frames, from_s: float, to_s: float, change: Callable[[Image], Image]
) -> Iterator[tuple[float, Image]]:
    """Yield the pictures, those between two times changed."""
    for t, image in frames:
        yield t, change(image) if from_s <= t <= to_s else image


def frozen(frames: Frames, scene: Scene) -> Iterator[tuple[float, Image]]:
    """Yield the pictures of a camera that hangs for 3 s from a hold on."""
    still: Image | None = None
    for t, image in frames:
        if scene.hold_s <= t <= scene.hold_s + 3.0:
            still = image if still is None else still
            yield t, still
        else:
            yield t, image


def black(frames: Frames, scene: Scene) -> Iterator[tuple[float, Image]]:
    """Yield the pictures with 1 s of black in a movement."""
    return between(frames, scene.move_s - 0.5, scene.move_s + 0.5, np.zeros_like)


def occluded(frames: Frames, scene: Scene) -> Iterator[tuple[float, Image]]:
    """Yield the pictures with something in front of a third of them for 1 s of a movement."""

    def cover(image: Image) -> Image:
        out = image.copy()
        w = out.shape[1]
        out[:, w // 4 : w // 4 + w // 5] = GREY
        return out

    return between(frames, scene.move_s - 0.5, scene.move_s + 0.5, cover)


def bumped(frames: Frames, scene: Scene) -> Iterator[tuple[float, Image]]:
    """Yield the pictures of a camera that is knocked once, in a hold."""
    for t, image in frames:
        h, w = image.shape[:2]
        yield t, image if t < scene.hold_s else turned(image, 2.0, by=(0.06 * w, 0.04 * h))


def shaken(t: float, image: Image) -> Image:
    """Return a picture of a camera held in the hand."""
    h = image.shape[0]
    by = [0.02 * h * np.sin(2 * np.pi * f * t + p) + 0.004 * h * np.sin(2 * np.pi * 15 * f * t) for f, p in
          ((0.4, 0.0), (0.55, 1.0))]  # fmt: skip
    return turned(image, float(np.sin(2 * np.pi * 0.3 * t)), by=(float(by[0]), float(by[1])))


def cropped(left: float, right: float) -> Change:
    """Return a cut of shares of the width off the pictures."""

    def change(_: float, image: Image) -> Image:
        w = image.shape[1]
        return np.ascontiguousarray(image[:, round(left * w) // 2 * 2 : w - round(right * w) // 2 * 2])

    return each(change)


def activity(size: tuple[int, int]) -> list[tuple[float, Image]]:
    """Return the pictures of somebody who does nothing of the routine, at the size (width, height) of a clip."""
    out: list[Image] = []
    for name, a, b in ACTIVITY:
        piece = [image for t, image in frames_of(SAMPLES / f"{name}.mp4") if min(a, b) <= t <= max(a, b)]
        out += piece if b >= a else piece[::-1]
    return [(k / RATE, cv2.resize(image, size)) for k, image in enumerate(out) if k / RATE < ACTIVITY_S]


def after(frames: Frames, _: Scene) -> Iterator[tuple[float, Image]]:
    """Yield the pictures, and after them those of something else."""
    t, image = 0.0, None
    for t, image in frames:
        yield t, image
    if image is not None:
        for u, other in activity((image.shape[1], image.shape[0])):
            yield t + 0.1 + u, other


def before(frames: Frames, _: Scene) -> Iterator[tuple[float, Image]]:
    """Yield the pictures :data:`ACTIVITY_S` later, and before them those of something else."""
    for k, (t, image) in enumerate(frames):
        if k == 0:
            yield from activity((image.shape[1], image.shape[0]))
        yield t + ACTIVITY_S, image


def beside(frames: Frames, _: Scene) -> Iterator[tuple[float, Image]]:
    """Yield the pictures, wider, with somebody beside who stands about and does nothing of the routine."""
    others: list[Image] = []
    for k, (t, image) in enumerate(frames):
        h, w = image.shape[:2]
        if not others:
            others = [np.ascontiguousarray(i[:, i.shape[1] // 3 : i.shape[1] * 2 // 3]) for _, i in activity((w, h))]
        # To the end and back again, so that nobody jumps.
        n = len(others) - 1
        yield t, np.concatenate([image, others[n - abs(k % (2 * n) - n)]], axis=1)


def lain(frames: Frames, _: Scene) -> Iterator[tuple[float, Image]]:
    """Yield the pictures on their side; the file says so."""
    for t, image in frames:
        yield t, np.ascontiguousarray(np.rot90(image, 1))


def write(frames: Frames, path: Path, how: Written) -> None:
    """Write pictures with their times as a video."""
    with av.open(str(path), "w") as container:
        stream = None
        for t, image in frames:
            even = np.ascontiguousarray(image[: image.shape[0] // 2 * 2, : image.shape[1] // 2 * 2])
            if stream is None:
                stream = container.add_stream(how.codec, rate=30, options=how.options)
                stream.width, stream.height = even.shape[1], even.shape[0]
                stream.pix_fmt, stream.codec_context.time_base = "yuv420p", Fraction(1, TICKS)
                if how.rotation:
                    stream.set_display_rotation(how.rotation)
                if how.bit_rate:
                    stream.bit_rate = how.bit_rate
            frame = av.VideoFrame.from_ndarray(even, format="rgb24")
            frame.pts, frame.time_base = round(t * TICKS), Fraction(1, TICKS)
            container.mux(stream.encode(frame))
        if stream is not None:
            container.mux(stream.encode())


_SAME: Change = each(lambda _, image: image)


def _roll(degrees: float) -> Change:
    return each(lambda _, image: turned(image, degrees))


DISTURBANCES = (
    PixelDisturbance("mirror", "mirrored", each(lambda _, i: np.ascontiguousarray(i[:, ::-1])), mirrored=True),
    PixelDisturbance("rotation", "on its side, which the file says", lain, Written(rotation=-90)),
    PixelDisturbance("roll-10", "camera rolled by 10 degrees", _roll(-10.0)),
    PixelDisturbance("roll-5", "camera rolled by 5 degrees", _roll(-5.0)),
    PixelDisturbance("roll+5", "camera rolled by 5 degrees the other way", _roll(5.0)),
    PixelDisturbance("roll+10", "camera rolled by 10 degrees the other way", _roll(10.0)),
    PixelDisturbance("rate-8", "8 frames a second", at_rate(8.0)),
    PixelDisturbance("rate-12", "12 frames a second", at_rate(12.0)),
    PixelDisturbance("rate-varies", "frames 0.03 to 0.2 s apart", at_varying_rate),
    PixelDisturbance("blur", "out of focus", each(lambda _, i: cv2.GaussianBlur(i, (0, 0), 3.0))),
    PixelDisturbance("dark", "dark, with noise", each(dark)),
    PixelDisturbance("flicker", "light that flickers", each(flicker)),
    PixelDisturbance("low-bits", "60 kbit/s", _SAME, Written(options={"preset": "veryfast"}, bit_rate=60_000)),
    PixelDisturbance("240p", "240 lines", sized(240)),
    PixelDisturbance("4K", "2160 lines", sized(2160), Written(options={"crf": "23", "preset": "ultrafast"})),
    PixelDisturbance("mpeg4", "written anew as MPEG-4", _SAME, Written("mpeg4", {"q:v": "4"}, bit_rate=1_500_000)),
    PixelDisturbance("hevc", "written anew as HEVC", _SAME, Written("libx265", {"crf": "26", "preset": "ultrafast"})),
    PixelDisturbance("vp9", "written anew as VP9", _SAME, Written("libvpx-vp9", {"crf": "34", "cpu-used": "8"})),
    PixelDisturbance("cut-left", "a fifth off the left", cropped(0.2, 0.0)),
    PixelDisturbance("cut-right", "a fifth off the right", cropped(0.0, 0.2)),
    PixelDisturbance("small", "half as large", each(lambda _, i: small(i))),
    PixelDisturbance("occluder", "something in front for 1 s of a movement", occluded),
    PixelDisturbance("bystander", "somebody stands beside", beside),
    PixelDisturbance("bump", "camera knocked once, in a hold", bumped),
    PixelDisturbance("shake", "camera held in the hand", each(shaken)),
    PixelDisturbance("freeze", "the camera hangs for 3 s of a hold", frozen),
    PixelDisturbance("black", "1 s black in a movement", black),
    PixelDisturbance("before", "20 s of something else before", before, later=True),
    PixelDisturbance("after", "20 s of something else after", after),
)


def disturbed(clip: Path, out: Path, disturbance: PixelDisturbance, scene: Scene) -> Disturbed:
    """Write a clip disturbed; return what should be different in the report (no observations)."""
    write(disturbance.change(frames_of(clip), scene), out, disturbance.written)
    return Disturbed([], mirrored=disturbance.mirrored, later_s=ACTIVITY_S * disturbance.later)
