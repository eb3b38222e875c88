"""Opening media whatever the version of PyAV, and turning what phones and cameras store sideways."""

from __future__ import annotations

import gc
import io
import re
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image

import formcheck
from formcheck.sight.camera.camera import open_camera
from formcheck.sight.video.media import open_media
from formcheck.sight.video.orientation import Orientation, orientation_of
from formcheck.sight.video.source import open_source

from ..camera.mjpeg_server import MjpegServer
from .clips import colour_at, corner_picture, write_clip

pytestmark = pytest.mark.smoke

#: The value of EXIF's Orientation tag, and where the stored top left (red) and top right (green) corners belong
#: (Exif 2.32, table 6: which sides of the scene the stored row 0 and column 0 are).
EXIF = [
    (1, "top left", "top right"),
    (2, "top right", "top left"),
    (3, "bottom right", "bottom left"),
    (4, "bottom left", "bottom right"),
    (5, "top left", "bottom left"),
    (6, "top right", "bottom right"),
    (7, "bottom right", "top right"),
    (8, "bottom left", "top left"),
]


def photo(orientation: int | None) -> bytes:
    """Return a JPEG of the coloured corners with EXIF, which says how to turn it or only when it was taken."""
    exif = Image.Exif()
    exif[0x0132] = "2024:05:01 10:00:00"
    if orientation is not None:
        exif[0x0112] = orientation
    out = io.BytesIO()
    Image.fromarray(corner_picture()).save(out, "JPEG", quality=95, subsampling=0, exif=exif)
    return out.getvalue()


def check_upright(image: np.ndarray, red: str, green: str) -> None:
    assert (colour_at(image, red), colour_at(image, green)) == ("red", "green")


@pytest.mark.parametrize(("value", "red", "green"), EXIF)
def test_photos_are_turned_as_their_exif_says(tmp_path: Path, value: int, red: str, green: str) -> None:
    for i in range(3):
        (tmp_path / f"p{i}.jpg").write_bytes(photo(value))
    with open_source(tmp_path) as source:
        frames = list(source)
    assert (len(frames), source.damaged) == (3, 0)
    upright = (48, 64) if value >= 5 else (64, 48)
    assert (source.info.width, source.info.height) == upright == source.info.frame_size
    for frame in frames:
        check_upright(frame.image, red, green)


@pytest.mark.parametrize("value", [None, 0, 9])
def test_exif_that_says_nothing_of_turning_leaves_a_photo_as_it_is(tmp_path: Path, value: int | None) -> None:
    (tmp_path / "p.jpg").write_bytes(photo(value))
    with open_source(tmp_path) as source:
        check_upright(next(iter(source)).image, "top left", "top right")
    assert source.info.rotation == 0


def mjpeg_avi(path: Path, pictures: list[bytes]) -> Path:
    """Put JPEG files, as they are, into an AVI: what small cameras write."""
    with av.open(str(path), "w") as out:
        stream: Any = out.add_stream("mjpeg", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuvj444p"
        for i, picture in enumerate(pictures):
            packet = av.Packet(picture)
            packet.stream, packet.pts, packet.dts, packet.is_keyframe = stream, i, i, True
            out.mux(packet)
    return path


@pytest.mark.parametrize(("value", "red", "green"), [EXIF[0], EXIF[4], EXIF[5]])
def test_an_mjpeg_video_of_photos_with_exif(tmp_path: Path, value: int, red: str, green: str) -> None:
    with open_source(mjpeg_avi(tmp_path / "a.avi", [photo(value)] * 4)) as source:
        frames = list(source)
    assert (len(frames), source.damaged) == (4, 0)
    for frame in frames:
        check_upright(frame.image, red, green)


def test_a_network_camera_whose_pictures_carry_exif() -> None:
    with MjpegServer(photo(6)) as server, open_camera(server.url) as camera:
        frame = camera.newest(timeout=10)
        assert frame is not None
        check_upright(frame.image, "top right", "bottom right")
        assert (camera.info.width, camera.info.height) == (48, 64)


def test_kinds_of_side_data_unknown_to_pyav_do_not_hide_the_others(tmp_path: Path) -> None:
    path = tmp_path / "p.jpg"
    path.write_bytes(photo(5))  # mirrored: PyAV's own number of degrees could not say so
    with open_media(path) as container:
        frame = next(container.decode(video=0))
        assert orientation_of(frame) == orientation_of(frame) == Orientation(transposed=True)


def test_decoded_pictures_do_not_wait_for_the_garbage_collector(tmp_path: Path) -> None:
    def decoded() -> int:
        return sum(isinstance(o, av.VideoFrame) for o in gc.get_objects())

    path = write_clip(tmp_path / "a.mp4", [np.full((48, 64, 3), k, np.uint8) for k in range(40)])
    gc.collect()
    before = decoded()
    gc.disable()
    try:
        with open_source(path) as source:
            most = max(decoded() for frame in source if frame.image is not None)
    finally:
        gc.enable()
    assert most - before <= 15  # those in the decoder, as many as it has threads; not all 40


def test_a_title_that_is_no_text_does_not_keep_anybody_from_the_pictures(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "a.mkv", setup=lambda stream: stream.metadata.update(title="Uebung"))
    data = path.read_bytes()
    assert data.count(b"Uebung") == 1
    path.write_bytes(data.replace(b"Uebung", b"\xdcbung "))  # Latin-1
    with open_source(path) as source:
        assert len(list(source)) == 5


def test_media_are_opened_in_one_place_and_turned_in_one() -> None:
    package = Path(formcheck.__file__).parent
    texts = {p.relative_to(package).as_posix(): p.read_text(encoding="utf-8") for p in package.rglob("*.py")}

    def those_with(pattern: str) -> set[str]:
        return {name for name, text in texts.items() if re.search(pattern, text)}

    assert those_with(r"\bav\.open\b") == {"sight/video/media.py"}
    assert those_with(r"\bside_data\b|DISPLAYMATRIX") == {"sight/video/orientation.py"}
