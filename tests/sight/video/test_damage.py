"""Inputs that are damaged or no video at all: what can be read is read, the rest is said in one line."""

from __future__ import annotations

import os
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import av
import pytest

from formcheck.errors import InputError
from formcheck.sight.video.source import open_source

from .clips import corner_picture, moving, silence, write_clip, write_sound

pytestmark = pytest.mark.smoke


def _mp4_header_only(path: Path) -> None:
    path.write_bytes(write_clip(path.with_name("whole.mp4"), moving(10)).read_bytes()[:600])


def _no_frames(path: Path) -> None:
    """Keep the header of an mp4 that has its index first, and blank the pictures."""
    data = write_clip(path.with_name("whole.mp4"), moving(10), container={"movflags": "+faststart"}).read_bytes()
    start = data.index(b"mdat") + 4
    path.write_bytes(data[:start] + bytes(len(data) - start))


@pytest.mark.parametrize(
    ("name", "make", "said"),
    [
        ("missing.mp4", lambda p: None, "no such file: .*missing.mp4"),
        ("shots", lambda p: p.mkdir(), "no images in the folder"),
        ("text.mp4", lambda p: p.write_text("this is not a video\n" * 50), "is text, not a video"),
        ("text.txt", lambda p: p.write_text("this is not a video\n" * 50), "is text, not a video"),
        ("umlaut.mp4", lambda p: p.write_text("ä" * 3000), "is text, not a video"),
        ("noise.mp4", lambda p: p.write_bytes(bytes(range(256)) * 40), "not a video that FFmpeg can read"),
        ("empty.mp4", lambda p: p.write_bytes(b""), r"is empty \(0 bytes\)"),
        ("sound.m4a", write_sound, "holds sound only"),
        ("sound.mp4", write_sound, "holds sound only"),
        ("cut.mp4", _mp4_header_only, "cut off: its index is missing"),
        ("blank.mp4", _no_frames, "no picture in .* can be decoded"),
        ("shot-%03d.png", lambda p: None, "no image fits the pattern"),
        ("*.png", lambda p: None, "no image fits the pattern"),
        ("nowhere/*.png", lambda p: None, "no such folder"),
    ],
)
def test_each_gets_its_own_line(tmp_path: Path, name: str, make: Callable[[Path], object], said: str) -> None:
    make(tmp_path / name)
    with pytest.raises(InputError, match=said) as e:
        open_source(tmp_path / name)
    assert e.value.exit_code == 3
    assert e.value.hint
    assert "\n" not in str(e.value)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read anything")
def test_no_permission(tmp_path: Path) -> None:
    write_clip(tmp_path / "a.mp4").chmod(0)
    with pytest.raises(InputError, match="no permission to read"):
        open_source(tmp_path / "a.mp4")


def test_permission_refused_by_the_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_clip(tmp_path / "a.mp4")
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(InputError, match="no permission to read"):
        open_source(tmp_path / "a.mp4")


def test_a_stream_that_cannot_be_reached() -> None:
    with pytest.raises(InputError, match=r"cannot open the stream http://127\.0\.0\.1:9/live") as e:
        open_source("http://me:secret@127.0.0.1:9/live")
    assert "secret" not in str(e.value)


def test_a_cover_picture_is_not_a_video(tmp_path: Path) -> None:
    path = tmp_path / "song.mp4"
    with av.open(str(path), "w") as out:
        sound = out.add_stream("aac", rate=8000)
        cover = out.add_stream("png", rate=1)
        cover.width, cover.height, cover.pix_fmt = 64, 48, "rgb24"
        cover.disposition = av.stream.Disposition.attached_pic
        picture = [*cover.encode(av.VideoFrame.from_ndarray(corner_picture(), format="rgb24")), *cover.encode(None)]
        out.start_encoding()
        out.mux(picture)
        out.mux(sound.encode(silence()))
        out.mux(sound.encode(None))
    with pytest.raises(InputError, match="holds sound only"):
        open_source(path)


def test_a_file_cut_off_gives_the_frames_it_has(tmp_path: Path) -> None:
    whole = write_clip(tmp_path / "a.mp4", moving(60), container={"movflags": "+faststart"}).read_bytes()
    (tmp_path / "b.mp4").write_bytes(whole[: int(len(whole) * 0.6)])
    with open_source(tmp_path / "b.mp4") as source:
        n = sum(1 for _ in source)
    assert 20 < n < 60


def test_damage_in_the_middle_is_skipped_and_counted(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "a.mp4", moving(60), options={"g": "10", "bf": "0"})
    with av.open(str(path)) as container:
        places = [(p.pos, p.size) for p in container.demux(video=0) if p.size]
    data = bytearray(path.read_bytes())
    for pos, size in places[20:25]:
        data[pos : pos + size] = bytes([0xFF]) * size
    path.write_bytes(data)
    with open_source(path) as source:
        times = [f.t for f in source]
    assert source.damaged >= 1
    assert len(times) >= 50
    assert times[-1] == pytest.approx(59 * 0.04, abs=1e-6)
    assert all(a < b for a, b in pairwise(times))


def test_a_whole_file_counts_no_damage(tmp_path: Path) -> None:
    with open_source(write_clip(tmp_path / "a.mp4", moving(30))) as source:
        assert len(list(source)) == 30
    assert source.damaged == 0
