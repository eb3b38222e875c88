"""Image sequences."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest

from formcheck.errors import InputError, UsageError
from formcheck.sight.video.source import open_source

from .clips import colour_at, corner_picture

pytestmark = pytest.mark.smoke


def write_image(path: Path, image: np.ndarray) -> None:
    frame = av.VideoFrame.from_ndarray(image, format="rgb24")
    if path.suffix == ".jpg":
        with av.open(str(path), "w", format="image2", options={"update": "1"}) as out:
            stream = out.add_stream("mjpeg", rate=1)
            stream.height, stream.width = image.shape[:2]
            stream.pix_fmt = "yuvj420p"
            out.mux(stream.encode(frame.reformat(format="yuvj420p")))
            out.mux(stream.encode(None))
    else:
        frame.save(str(path))


@pytest.fixture
def shots(tmp_path: Path) -> Path:
    """Twelve images whose brightness is ten times their number, without leading zeros in their names."""
    for i in range(12):
        write_image(tmp_path / f"shot-{i}.png", np.full((48, 64, 3), 10 * i, np.uint8))
    (tmp_path / "notes.txt").write_text("not an image")
    return tmp_path


@pytest.mark.parametrize("name", ["", "shot-%d.png", "shot-*.png", "shot-?*.png"])
def test_images_come_in_the_order_of_their_numbers(shots: Path, name: str) -> None:
    with open_source(shots / name, fps=10) as source:
        frames = list(source)
    assert [int(f.image[0, 0, 0]) for f in frames] == [10 * i for i in range(12)]
    assert [f.t for f in frames] == pytest.approx([i / 10 for i in range(12)])
    info = source.info
    assert (info.kind, info.frames, info.fps, info.duration_s, info.width) == ("images", 12, 10, 1.2, 64)


def test_a_numbered_pattern_takes_only_what_fits(shots: Path) -> None:
    write_image(shots / "shot-0007.png", np.zeros((48, 64, 3), np.uint8))
    with open_source(shots / "shot-%04d.png") as source:
        assert source.info.frames == 1


def test_the_default_rate_is_30(shots: Path) -> None:
    with open_source(shots) as source:
        assert [f.t for f in source][1] == pytest.approx(1 / 30)


def test_a_part(shots: Path) -> None:
    with open_source(shots, fps=10, start=0.3, end=0.6) as source:
        assert [(round(f.t, 6), f.index) for f in source] == [(0.3, 0), (0.4, 1), (0.5, 2)]
    with pytest.raises(UsageError, match="behind the end"):
        open_source(shots, fps=10, start=1.2)


def test_a_broken_image_keeps_its_place_in_time(shots: Path) -> None:
    (shots / "shot-3.png").write_bytes(b"broken")
    with open_source(shots, fps=10) as source:
        times = [round(f.t, 6) for f in source]
    assert source.damaged == 1
    assert 0.3 not in times
    assert len(times) == 11


def test_only_broken_images(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"broken")
    with pytest.raises(InputError, match="none of the 1 images"):
        open_source(tmp_path)


def test_alpha_and_jpeg(tmp_path: Path) -> None:
    write_image(tmp_path / "a.jpg", corner_picture())
    rgba = np.dstack([corner_picture(), np.full((48, 64), 255, np.uint8)])
    av.VideoFrame.from_ndarray(rgba, format="rgba").save(str(tmp_path / "b.png"))
    with open_source(tmp_path) as source:
        for frame in source:
            assert frame.image.shape == (48, 64, 3)
            assert colour_at(frame.image, "top left") == "red"


def test_an_image_of_another_shape_is_fitted_in(tmp_path: Path) -> None:
    write_image(tmp_path / "a.png", np.full((48, 64, 3), 200, np.uint8))
    write_image(tmp_path / "b.png", np.full((64, 48, 3), 200, np.uint8))
    with open_source(tmp_path) as source:
        second = list(source)[1].image
    assert second.shape == (48, 64, 3)
    assert second[24, 2].max() == 0
    np.testing.assert_array_equal(second[24, 32], 200)
