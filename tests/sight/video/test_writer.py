"""Written videos: times kept, playable, whole or not there."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest

from formcheck.errors import UsageError
from formcheck.sight.video.source import open_source
from formcheck.sight.video.writer import VideoWriter

from .clips import colour_at, corner_picture, moving

pytestmark = pytest.mark.smoke


def write(path: Path, times: list[float], size: tuple[int, int] = (64, 48), **options: int) -> Path:
    picture = corner_picture(*size)
    with VideoWriter(path, size, **options) as video:
        for t in times:
            video.write(t, picture)
    return path


@pytest.mark.parametrize("suffix", ["mp4", "mov", "mkv"])
def test_times_come_back(tmp_path: Path, suffix: str) -> None:
    times = [0.0, 0.033, 0.0401, 0.2, 0.9, 2.5, 2.51]
    write(tmp_path / f"a.{suffix}", times)
    with open_source(tmp_path / f"a.{suffix}") as source:
        tolerance = 1e-3 if suffix == "mkv" else 1 / 90_000  # Matroska counts milliseconds
        assert [f.t for f in source] == pytest.approx(times, abs=tolerance)


def test_many_random_times_come_back(tmp_path: Path) -> None:
    times = np.cumsum(np.random.default_rng(1).uniform(0.001, 0.4, 200)).tolist()
    write(tmp_path / "a.mp4", times, (32, 32))
    with open_source(tmp_path / "a.mp4") as source:
        got = [f.t for f in source]
    assert got == pytest.approx([t - times[0] for t in times], abs=1.01 / 90_000)


def test_the_file_is_plain_h264_that_players_start_at_once(tmp_path: Path) -> None:
    path = write(tmp_path / "a.mp4", [0.0, 0.04, 0.08])
    data = path.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")
    with av.open(str(path)) as container:
        (stream,) = container.streams
        context = stream.codec_context
        assert (context.name, context.pix_fmt) == ("h264", "yuv420p")
        assert (context.colorspace, context.color_primaries, context.color_trc, context.color_range) == (1, 1, 1, 1)
        assert len(list(container.decode(stream))) == 3


def test_the_last_picture_stays_as_long_as_the_one_before(tmp_path: Path) -> None:
    path = write(tmp_path / "a.mp4", [0.0, 0.1, 0.5])
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        assert float(stream.duration * stream.time_base) == pytest.approx(0.9, abs=1e-3)


def test_a_single_picture(tmp_path: Path) -> None:
    with open_source(write(tmp_path / "a.mp4", [12.0])) as source:
        assert [f.t for f in source] == [0.0]


@pytest.mark.parametrize("size", [(64, 48), (63, 48), (64, 47), (63, 47), (2, 2), (1, 1)])
def test_odd_sizes_are_padded(tmp_path: Path, size: tuple[int, int]) -> None:
    path = write(tmp_path / "a.mp4", [0.0, 0.1], size)
    even = (size[0] + size[0] % 2, size[1] + size[1] % 2)
    with av.open(str(path)) as container:
        assert (container.streams.video[0].width, container.streams.video[0].height) == even


@pytest.mark.parametrize("size", [(128, 96), (1280, 720)])
def test_colours_survive(tmp_path: Path, size: tuple[int, int]) -> None:
    with open_source(write(tmp_path / "a.mp4", [0.0, 0.1], size, quality=12), max_side=None) as source:
        image = next(iter(source)).image
    h, w = image.shape[:2]
    np.testing.assert_allclose(image[h // 4, w // 4].astype(int), (220, 20, 20), atol=6)
    np.testing.assert_allclose(image[h // 4, 3 * w // 4].astype(int), (20, 200, 20), atol=6)
    assert colour_at(image, "bottom left") == "blue"


def test_the_picture_may_be_changed_after_it_was_written(tmp_path: Path) -> None:
    picture = corner_picture()
    with VideoWriter(tmp_path / "a.mp4", (64, 48)) as video:
        video.write(0.0, picture)
        picture[:] = 0
        video.write(0.1, picture)
    with open_source(tmp_path / "a.mp4") as source:
        assert colour_at(next(iter(source)).image, "top left") == "red"


def test_lower_numbers_mean_more_quality(tmp_path: Path) -> None:
    pictures = moving(10)
    sizes = []
    for quality in (10, 35):
        with VideoWriter(tmp_path / f"{quality}.mp4", (160, 120), quality=quality) as video:
            for i, p in enumerate(pictures):
                video.write(i / 10, p)
        sizes.append((tmp_path / f"{quality}.mp4").stat().st_size)
    assert sizes[0] > 2 * sizes[1]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
@pytest.mark.parametrize("old", [None, b"what was there"])
def test_an_interrupted_video_leaves_nothing(tmp_path: Path, error: type[BaseException], old: bytes | None) -> None:
    target = tmp_path / "a.mp4"
    if old is not None:
        target.write_bytes(old)
    with pytest.raises(error), VideoWriter(target, (160, 120)) as video:
        for i, p in enumerate(moving(20)):
            video.write(i / 10, p)
        assert target.exists() == (old is not None)
        raise error
    assert [p.name for p in tmp_path.iterdir()] == ([] if old is None else ["a.mp4"])
    if old is not None:
        assert target.read_bytes() == old


def test_a_video_without_pictures_is_an_error_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no picture was written"), VideoWriter(tmp_path / "a.mp4", (64, 48)):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_name_that_is_no_video(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"name that ends in \.mp4"):
        write(tmp_path / "a.unknown", [0.0])
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="not a folder"):
        write(tmp_path / "file" / "a.mp4", [0.0])


@pytest.mark.parametrize(
    ("t", "picture", "said"),
    [
        (0.5, np.zeros((48, 64, 3), np.uint8), "t: expected seconds after 0.5"),  # the same time again
        (0.4, np.zeros((48, 64, 3), np.uint8), "t: expected seconds after 0.5"),
        (0.6, np.zeros((64, 48, 3), np.uint8), r"expected a \(48, 64, 3\) uint8 array, got \(64, 48, 3\)"),
        (0.6, np.zeros((48, 64, 3), np.float32), "got .* float32"),
    ],
)
def test_pictures_and_times_that_do_not_fit(tmp_path: Path, t: float, picture: np.ndarray, said: str) -> None:
    with VideoWriter(tmp_path / "a.mp4", (64, 48)) as video:
        video.write(0.0, corner_picture())
        video.write(0.5, corner_picture())
        with pytest.raises(ValueError, match=said):
            video.write(t, picture)
        video.write(0.7, corner_picture())
    with open_source(tmp_path / "a.mp4") as source:
        assert len(list(source)) == 3


def test_writing_outside_the_block(tmp_path: Path) -> None:
    video = VideoWriter(tmp_path / "a.mp4", (64, 48))
    with pytest.raises(ValueError, match="with block"):
        video.write(0.0, corner_picture())


@pytest.mark.parametrize(("size", "quality"), [((0, 48), 23), ((64, 20_000), 23), ((64, 48), 60)])
def test_sizes_and_qualities_out_of_range(tmp_path: Path, size: tuple[int, int], quality: int) -> None:
    with pytest.raises(ValueError, match="expected"):
        VideoWriter(tmp_path / "a.mp4", size, quality=quality)
