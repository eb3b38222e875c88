"""Video files: times, turning, colours, sizes, parts."""

from __future__ import annotations

import inspect
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from formcheck.errors import UsageError
from formcheck.sight.video.frame import Frame, VideoSource
from formcheck.sight.video.source import open_source

from .clips import colour_at, corner_picture, moving, write_clip

pytestmark = pytest.mark.smoke


def test_times_of_a_variable_frame_rate_are_kept(tmp_path: Path) -> None:
    ticks = [0, 40, 73, 200, 201, 950, 1000]
    write_clip(tmp_path / "a.mp4", moving(7), ticks=ticks)
    with open_source(tmp_path / "a.mp4") as source:
        frames = list(source)
    assert [f.t for f in frames] == pytest.approx([t / 1000 for t in ticks], abs=1e-6)
    assert [f.index for f in frames] == list(range(7))


def test_time_starts_at_the_first_frame(tmp_path: Path) -> None:
    write_clip(tmp_path / "a.mkv", ticks=[5000, 5040, 5100, 5140, 5200])
    with open_source(tmp_path / "a.mkv") as source:
        assert [f.t for f in source] == pytest.approx([0, 0.04, 0.1, 0.14, 0.2], abs=2e-3)


def test_info_says_what_the_file_is(tmp_path: Path) -> None:
    write_clip(tmp_path / "a.mp4", audio=True)
    with open_source(tmp_path / "a.mp4") as source:
        assert isinstance(source, VideoSource)
        info = source.info
    assert (info.kind, info.width, info.height, info.frames, info.rotation) == ("video", 64, 48, 5, 0)
    assert info.path == str(tmp_path / "a.mp4")
    assert info.fps == pytest.approx(25, rel=0.3)
    assert info.duration_s == pytest.approx(0.2, abs=0.05)


@pytest.mark.parametrize(
    ("turn", "clockwise", "red", "green"),
    [
        # turn is how FFmpeg counts: counter-clockwise
        (0, 0, "top left", "top right"),
        (90, 270, "bottom left", "top left"),
        (180, 180, "bottom right", "bottom left"),
        (-90, 90, "top right", "bottom right"),
    ],
)
def test_rotation_metadata_is_applied(tmp_path: Path, turn: int, clockwise: int, red: str, green: str) -> None:
    write_clip(tmp_path / "a.mp4", setup=lambda s: s.set_display_rotation(turn))
    with open_source(tmp_path / "a.mp4") as source:
        frames = list(source)
    assert source.info.rotation == clockwise
    upright = (48, 64) if clockwise in (90, 270) else (64, 48)
    assert (source.info.width, source.info.height) == upright == source.info.frame_size
    for f in frames:
        assert f.image.shape == (upright[1], upright[0], 3)
        assert f.image.flags.c_contiguous
        assert colour_at(f.image, red) == "red"
        assert colour_at(f.image, green) == "green"


@pytest.mark.parametrize(
    ("flip", "red", "blue"),
    [({"hflip": True}, "top right", "bottom right"), ({"vflip": True}, "bottom left", "top left")],
)
def test_flip_metadata_is_applied(tmp_path: Path, flip: dict[str, bool], red: str, blue: str) -> None:
    write_clip(tmp_path / "a.mp4", setup=lambda s: s.set_display_rotation(0, **flip))
    with open_source(tmp_path / "a.mp4") as source:
        image = next(iter(source)).image
    assert (colour_at(image, red), colour_at(image, blue)) == ("red", "blue")


@pytest.mark.parametrize("turn", [0, 90])
def test_mirror_exchanges_left_and_right_of_the_upright_picture(tmp_path: Path, turn: int) -> None:
    write_clip(tmp_path / "a.mp4", setup=lambda s: s.set_display_rotation(turn))
    with open_source(tmp_path / "a.mp4") as plain, open_source(tmp_path / "a.mp4", mirror=True) as mirrored:
        np.testing.assert_array_equal(next(iter(mirrored)).image, next(iter(plain)).image[:, ::-1])


@pytest.mark.parametrize("turn", [0, 90, 180, -90])
@pytest.mark.parametrize("rotate", [90, 180, 270])
@pytest.mark.parametrize("mirror", [False, True])
def test_rotate_turns_the_upright_picture_further(tmp_path: Path, turn: int, rotate: int, mirror: bool) -> None:
    write_clip(tmp_path / "a.mp4", setup=lambda s: s.set_display_rotation(turn))
    with (
        open_source(tmp_path / "a.mp4") as plain,
        open_source(tmp_path / "a.mp4", rotate=rotate, mirror=mirror) as turned,
    ):
        expected = np.rot90(next(iter(plain)).image, -rotate // 90)
        got = next(iter(turned)).image
    np.testing.assert_array_equal(got, expected[:, ::-1] if mirror else expected)
    assert turned.info.frame_size == (got.shape[1], got.shape[0]) == (turned.info.width, turned.info.height)
    assert turned.info.rotation == (plain.info.rotation + rotate) % 360


@pytest.mark.parametrize("rotate", [-90, 45, 360])
def test_a_turn_that_is_none_is_refused(tmp_path: Path, rotate: int) -> None:
    write_clip(tmp_path / "a.mp4")
    with pytest.raises(UsageError, match="90, 180 or 270"):
        open_source(tmp_path / "a.mp4", rotate=rotate)


@pytest.mark.parametrize("size", [(63, 47), (64, 47), (33, 48)])
def test_odd_sizes(tmp_path: Path, size: tuple[int, int]) -> None:
    write_clip(tmp_path / "a.mkv", [corner_picture(*size)] * 3, codec="ffv1", pix_fmt="yuv444p")
    with open_source(tmp_path / "a.mkv") as source:
        frames = list(source)
    assert source.info.frame_size == size
    assert [f.image.shape for f in frames] == [(size[1], size[0], 3)] * 3


@pytest.mark.parametrize(
    ("codec", "pix_fmt"),
    [
        ("libx264", "yuv420p"),
        ("libx264", "yuvj420p"),  # full range, as phones write
        ("libx264", "yuv420p10le"),
        ("libx264", "yuv422p"),
        ("libx264", "yuv422p10le"),
        ("libx264", "yuv444p"),
        ("ffv1", "yuva420p"),
        ("ffv1", "bgra"),
        ("libx264rgb", "bgr24"),
    ],
)
@pytest.mark.parametrize("max_side", [None, 32])
def test_colours_are_right_in_any_pixel_format(tmp_path: Path, codec: str, pix_fmt: str, max_side: int | None) -> None:
    write_clip(tmp_path / "a.mkv", codec=codec, pix_fmt=pix_fmt)
    with open_source(tmp_path / "a.mkv", max_side=max_side) as source:
        image = next(iter(source)).image
    assert image.dtype == np.uint8
    for corner, value in (("top left", (220, 20, 20)), ("top right", (20, 200, 20)), ("bottom left", (20, 20, 220))):
        h, w = image.shape[:2]
        y = h // 4 if "top" in corner else 3 * h // 4
        x = w // 4 if "left" in corner else 3 * w // 4
        np.testing.assert_allclose(image[y, x].astype(int), value, atol=14)


@pytest.mark.parametrize(("codec", "pix_fmt"), [("libx264", "gray"), ("ffv1", "gray16le")])
def test_gray_becomes_three_equal_channels(tmp_path: Path, codec: str, pix_fmt: str) -> None:
    ramp = np.repeat(np.linspace(20, 230, 64).astype(np.uint8)[None, :, None], 48, 0).repeat(3, 2)
    write_clip(tmp_path / "a.mkv", [ramp] * 3, codec=codec, pix_fmt=pix_fmt)
    with open_source(tmp_path / "a.mkv") as source:
        image = next(iter(source)).image.astype(int)
    assert np.ptp(image, axis=2).max() <= 2
    np.testing.assert_allclose(image[24, 4:60, 0], ramp[24, 4:60, 0], atol=25)


@pytest.mark.parametrize(("aspect", "size"), [(Fraction(4, 3), (85, 48)), (Fraction(8, 9), (57, 48))])
def test_pixels_become_square(tmp_path: Path, aspect: Fraction, size: tuple[int, int]) -> None:
    def setup(stream: Any) -> None:
        stream.codec_context.sample_aspect_ratio = aspect

    write_clip(tmp_path / "a.mp4", setup=setup)
    with open_source(tmp_path / "a.mp4") as source:
        assert source.info.frame_size == size == (source.info.width, source.info.height)
        assert next(iter(source)).image.shape == (size[1], size[0], 3)


def test_square_pixels_and_a_quarter_turn_together(tmp_path: Path) -> None:
    def setup(stream: Any) -> None:
        stream.codec_context.sample_aspect_ratio = Fraction(2, 1)
        stream.set_display_rotation(-90)

    write_clip(tmp_path / "a.mp4", setup=setup)
    with open_source(tmp_path / "a.mp4") as source:
        image = next(iter(source)).image
    assert image.shape == (128, 48, 3)
    assert colour_at(image, "top right") == "red"


@pytest.mark.parametrize(
    ("max_side", "size"),
    [(32, (32, 24)), (64, (64, 48)), (960, (64, 48)), (None, (64, 48))],  # smaller, equal, never enlarged, as it is
)
def test_the_longer_side_is_limited(tmp_path: Path, max_side: int | None, size: tuple[int, int]) -> None:
    write_clip(tmp_path / "a.mp4")
    with open_source(tmp_path / "a.mp4", max_side=max_side) as source:
        assert source.info.frame_size == size
        assert (source.info.width, source.info.height) == (64, 48)
        assert next(iter(source)).image.shape == (size[1], size[0], 3)


@pytest.mark.parametrize(
    ("start", "end", "kept"),
    [
        (None, 0.2, range(5)),  # the end is not included
        (0.2, None, range(5, 100)),
        (3.0, 3.2, range(75, 80)),  # far enough in for a seek
        (3.21, 3.29, range(81, 83)),
        (0.0, 99.0, range(100)),
    ],
)
def test_a_part_keeps_the_times_and_pictures_of_the_whole(
    tmp_path: Path, start: float | None, end: float | None, kept: range
) -> None:
    write_clip(tmp_path / "a.mp4", moving(100, 32, 32), options={"g": "20"})
    with open_source(tmp_path / "a.mp4") as source:
        whole = [(f.t, f.image) for f in source]
    with open_source(tmp_path / "a.mp4", start=start, end=end) as source:
        part = [(f.t, f.image) for f in source]
    assert [t for t, _ in part] == pytest.approx([whole[i][0] for i in kept])
    for (_, got), i in zip(part, kept, strict=True):
        np.testing.assert_array_equal(got, whole[i][1])


def test_a_part_of_a_file_without_an_index(tmp_path: Path) -> None:
    write_clip(tmp_path / "a.h264", moving(100, 32, 32), options={"g": "20"})
    with open_source(tmp_path / "a.h264") as source:
        whole = [f.t for f in source]
    with open_source(tmp_path / "a.h264", start=whole[75]) as source:
        assert [f.t for f in source] == pytest.approx(whole[75:])


def test_frames_come_one_at_a_time_and_again_on_a_second_pass(tmp_path: Path) -> None:
    write_clip(tmp_path / "a.mp4", moving(30))
    with open_source(tmp_path / "a.mp4") as source:
        frames = iter(source)
        assert inspect.isgenerator(frames)
        first = [next(frames).t for _ in range(3)]
        again = [f.t for f in source]
    assert again[:3] == first
    assert len(again) == 30


def test_a_closed_source_gives_no_frames(tmp_path: Path) -> None:
    source = open_source(write_clip(tmp_path / "a.mp4"))
    source.close()
    source.close()
    with pytest.raises(ValueError, match="closed"):
        next(iter(source))


def test_a_colon_or_percent_in_a_name_is_part_of_the_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("set:1.mp4", "set %02d.mp4", "set [1].mp4"):
        write_clip(tmp_path / "a.mp4").rename(tmp_path / name)
        with open_source(name) as source:
            assert len(list(source)) == 5


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"start": -1.0}, "start: expected seconds from 0"),
        ({"start": float("nan")}, "start: expected"),
        ({"start": 2.0, "end": 1.0}, r"end: expected seconds after the start \(2\), got 1"),
        ({"max_side": 4}, "max_side: expected at least 16"),
        ({"fps": 0.0}, "fps: expected"),
        ({"start": 5.0}, "start: 5 s lies behind the end"),
    ],
)
def test_options_that_do_not_fit(tmp_path: Path, options: dict[str, Any], said: str) -> None:
    write_clip(tmp_path / "a.mp4")
    with pytest.raises(UsageError, match=said):
        open_source(tmp_path / "a.mp4", **options)


def test_a_picture_is_made_when_it_is_asked_for_and_once() -> None:
    made: list[int] = []

    def make() -> np.ndarray:
        made.append(1)
        return np.zeros((2, 3, 3), np.uint8)

    frame = Frame(0.5, make, 0)
    assert not made
    assert frame.image is frame.image
    assert made == [1]
