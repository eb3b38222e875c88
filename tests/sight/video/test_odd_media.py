"""Files as telephones, editors and bad copies leave them: wide range, no times, slow motion, several videos, no end."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image

from formcheck.errors import InputError, UsageError
from formcheck.sight.video.frame import Frame, VideoSource
from formcheck.sight.video.images import ImageSource
from formcheck.sight.video.source import open_source
from formcheck.sight.video.wide_range import HLG, PQ, is_wide, to_ordinary

from .clips import corner_picture, moving, silence, write_clip


def read(path: Path, **how: Any) -> tuple[list[Frame], VideoSource]:
    with open_source(path, **how) as source:
        return list(source), source


# ---- wide range ---------------------------------------------------------------------
@pytest.mark.parametrize(
    ("transfer", "signal", "low", "high"),
    [
        (HLG, 0.0, 0, 0),
        (HLG, 0.38, 100, 122),  # a grey card of 18 % (BT.2408)
        (HLG, 0.75, 245, 252),  # white paper
        (HLG, 1.0, 254, 255),
        (PQ, 0.0, 0, 0),
        (PQ, 0.38, 100, 122),
        (PQ, 0.58, 245, 252),
        (PQ, 0.75, 254, 255),
    ],
)
def test_levels_of_wide_range_become_ordinary_ones(transfer: int, signal: float, low: int, high: int) -> None:
    grey = np.full((1, 2, 3), round(signal * 65535), np.uint16)
    out = to_ordinary(grey, transfer)
    assert out.shape == (1, 2, 3)
    assert out.dtype == np.uint8
    assert low <= out.min() <= out.max() <= high
    assert int(out.max()) - int(out.min()) <= 2, "grey stays grey"


def test_colours_of_wide_gamut_are_those_of_the_narrow_one() -> None:
    # BT.709 red of half the light of white, as HLG with BT.2020 primaries: 0.627, 0.069, 0.016 of it.
    light = np.array([0.627, 0.069, 0.016]) * 0.5 * 203 / 1000
    scene = light * (light @ [0.2627, 0.678, 0.0593]) ** (1 / 1.2 - 1)
    high = 0.17883277 * np.log(np.maximum(12 * scene - 0.28466892, 1e-9)) + 0.55991073
    signal = np.where(scene <= 1 / 12, np.sqrt(3 * scene), high)
    r, g, b = (int(v) for v in to_ordinary(np.round(signal * 65535).astype(np.uint16)[None, None], HLG)[0, 0])
    assert abs(r - 191) <= 8
    assert max(g, b) <= 45


def test_ordinary_pictures_are_no_wide_ones() -> None:
    assert [t for t in range(19) if is_wide(t)] == [PQ, HLG]


@pytest.mark.parametrize("transfer", [HLG, PQ])
def test_a_file_of_wide_range_is_turned_into_ordinary_pictures(tmp_path: Path, transfer: int) -> None:
    def setup(stream: Any) -> None:
        stream.codec_context.color_trc = transfer
        stream.codec_context.colorspace = 9
        stream.codec_context.color_primaries = 9

    flat = [np.full((48, 64, 3), 191, np.uint8)] * 3  # three quarters of the signal
    plain = write_clip(tmp_path / "plain.mp4", flat)
    wide = write_clip(tmp_path / "wide.mp4", flat, setup=setup)
    assert abs(int(np.median(read(plain)[0][1].image)) - 191) <= 4
    assert int(np.median(read(wide)[0][1].image)) >= 244


# ---- times ------------------------------------------------------------------------
def bare(path: Path, rate: int) -> Path:
    """Write pictures without a container."""
    with av.open(str(path), "w", format="h264") as out:
        stream: Any = out.add_stream("libx264", rate=rate)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for k, picture in enumerate(moving(12)):
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts, frame.time_base = k, Fraction(1, rate)
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return path


def test_the_rate_of_a_bare_stream_is_its_own(tmp_path: Path) -> None:
    frames, source = read(bare(tmp_path / "a.h264", 12))
    assert [f.t for f in frames] == pytest.approx([k / 12 for k in range(12)], abs=1e-6)
    assert source.info.fps == pytest.approx(12)
    assert source.length_s == pytest.approx(1.0, abs=1e-6)
    assert source.notes == []


def test_the_rate_of_a_bare_stream_can_be_given(tmp_path: Path) -> None:
    frames, _ = read(bare(tmp_path / "a.h264", 12), fps=10)
    assert [f.t for f in frames] == pytest.approx([k / 10 for k in range(12)])


def test_a_rate_given_for_a_file_with_times_is_said_not_to_be_used(tmp_path: Path) -> None:
    frames, source = read(write_clip(tmp_path / "a.mp4"), fps=10)
    assert frames[1].t == pytest.approx(0.04)
    assert source.notes == ["--fps was not used: the file carries its own times."]


def test_the_rate_of_images_can_be_given(tmp_path: Path) -> None:
    for k in range(3):
        Image.fromarray(corner_picture()).save(tmp_path / f"{k}.png")
    assert [f.t for f in read(tmp_path)[0]] == pytest.approx([0, 1 / 30, 2 / 30])
    frames, source = read(tmp_path, fps=4)
    assert isinstance(source, ImageSource)
    assert [f.t for f in frames] == [0, 0.25, 0.5]
    assert source.notes == []


def slow(path: Path, captured: str) -> Path:
    """Write a clip of 25 frames a second that a telephone says to have filmed faster."""
    with av.open(str(path), "w", options={"movflags": "use_metadata_tags"}) as out:
        out.metadata["com.android.capture.fps"] = captured
        stream: Any = out.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for k, picture in enumerate(moving(50)):
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts, frame.time_base = k, Fraction(1, 25)
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return path


def test_slow_motion_is_told_in_seconds_of_life(tmp_path: Path) -> None:
    frames, source = read(slow(tmp_path / "a.mp4", "200.0"))
    assert [f.t for f in frames] == pytest.approx([k / 200 for k in range(50)])
    assert source.info.fps == pytest.approx(200)
    assert source.info.duration_s == source.length_s == pytest.approx(0.25)
    assert len(source.notes) == 1
    assert "filmed at 200 pictures a second, played at 25" in source.notes[0]
    frames, source = read(tmp_path / "a.mp4", start=0.1, end=0.2)
    assert (frames[0].t, len(frames)) == (pytest.approx(0.1), 20)
    assert source.length_s is None, "only a part was read"


def test_slow_motion_can_be_said_and_unsaid(tmp_path: Path) -> None:
    frames, source = read(slow(tmp_path / "a.mp4", "200"), speed=1)
    assert frames[-1].t == pytest.approx(49 / 25)
    assert source.notes == []
    assert read(tmp_path / "a.mp4", speed=2)[0][-1].t == pytest.approx(49 / 50)


@pytest.mark.parametrize("captured", ["25", "30", "nonsense", "0"])
def test_a_rate_of_capture_like_that_of_the_file_is_no_slow_motion(tmp_path: Path, captured: str) -> None:
    frames, source = read(slow(tmp_path / "a.mp4", captured))
    assert frames[-1].t == pytest.approx(49 / 25)
    assert source.notes == []


# ---- length ------------------------------------------------------------------------
@pytest.mark.parametrize(("name", "fast"), [("a.mp4", True), ("a.mkv", False)])
def test_a_file_that_breaks_off_is_said_to(tmp_path: Path, name: str, fast: bool) -> None:
    rng = np.random.default_rng(0)
    noise = [rng.integers(0, 255, (48, 64, 3), dtype=np.uint8) for _ in range(100)]
    whole = write_clip(tmp_path / name, noise, container={"movflags": "faststart"} if fast else None)
    assert not any("breaks off" in n for n in read(whole)[1].notes)
    assert read(whole)[1].length_s == pytest.approx(4.0, abs=0.05)
    data = whole.read_bytes()
    cut = tmp_path / f"cut-{name}"
    cut.write_bytes(data[: round(0.6 * len(data))])
    frames, source = read(cut)
    assert 40 < len(frames) < 75
    note = next(n for n in source.notes if "breaks off" in n)
    assert f"breaks off at {source.length_s:.1f} of 4.0 s" in note
    part = read(cut, end=0.5)[1]
    assert part.notes == []
    assert part.length_s is None


def test_the_length_is_that_of_the_pictures_not_of_the_sound(tmp_path: Path) -> None:
    path = tmp_path / "a.mkv"
    with av.open(str(path), "w") as out:
        stream: Any = out.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        sound: Any = out.add_stream("aac", rate=8000)
        for k, picture in enumerate(moving(25)):
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts, frame.time_base = k, Fraction(1, 25)
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
        for k in range(40):
            quiet = silence()
            quiet.pts = 1024 * k
            out.mux(sound.encode(quiet))
        out.mux(sound.encode(None))
    source = read(path)[1]
    assert source.info.duration_s == pytest.approx(1.0, abs=0.1)
    assert source.length_s == pytest.approx(1.0, abs=0.05)
    assert source.notes == []


def test_the_length_counts_from_the_first_picture(tmp_path: Path) -> None:
    source = read(write_clip(tmp_path / "a.mkv", ticks=[7000 + 40 * k for k in range(5)]))[1]
    assert source.info.duration_s == pytest.approx(0.2, abs=0.05)
    assert source.length_s == pytest.approx(0.2, abs=0.01)


def test_a_clock_that_starts_anew_in_the_middle_does_not_shorten_the_film(tmp_path: Path) -> None:
    parts = [write_clip(tmp_path / f"{k}.ts", moving(25)).read_bytes() for k in range(2)]
    (tmp_path / "a.ts").write_bytes(b"".join(parts))
    frames, source = read(tmp_path / "a.ts")
    assert len(frames) >= 48
    assert source.length_s == pytest.approx(len(frames) / 25, abs=0.1)


# ---- several videos, and none -------------------------------------------------------
def two(path: Path) -> Path:
    """Write a file with a small grey video and a larger blue one."""
    with av.open(str(path), "w") as out:
        streams: list[Any] = []
        for w, h in ((32, 24), (64, 48)):
            s: Any = out.add_stream("libx264", rate=25)
            s.width, s.height, s.pix_fmt = w, h, "yuv420p"
            streams.append(s)
        for k in range(5):
            for s, value in zip(streams, (128, 30), strict=True):
                picture = np.full((s.height, s.width, 3), value, np.uint8)
                picture[..., 2] = 128
                frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
                frame.pts, frame.time_base = k, Fraction(1, 25)
                out.mux(s.encode(frame))
        for s in streams:
            out.mux(s.encode(None))
    return path


def test_of_several_videos_the_largest_is_taken_or_the_one_asked_for(tmp_path: Path) -> None:
    frames, source = read(two(tmp_path / "a.mp4"))
    assert frames[0].image.shape == (48, 64, 3)
    assert source.notes == ["The file holds 2 videos (1: 32 x 24, 2: 64 x 48): 2 was taken; --stream N for another."]
    frames, source = read(tmp_path / "a.mp4", stream=1)
    assert frames[0].image.shape == (24, 32, 3)
    assert source.notes == []
    with pytest.raises(UsageError, match="holds 2 videos, not 3"):
        open_source(tmp_path / "a.mp4", stream=3)


def test_a_moving_webp_is_read_or_named(tmp_path: Path) -> None:
    pictures = [Image.fromarray(p) for p in moving(4)]
    pictures[0].save(tmp_path / "a.webp", save_all=True, append_images=pictures[1:], duration=40)
    if int(av.__version__.split(".")[0]) >= 19:  # its FFmpeg reads them
        assert [f.t for f in read(tmp_path / "a.webp")[0]] == pytest.approx([0.0, 0.04, 0.08, 0.12])
        return
    with pytest.raises(InputError, match="is a moving WebP") as e:
        open_source(tmp_path / "a.webp")
    assert "MP4" in str(e.value)


@pytest.mark.parametrize("wrong", [{"fps": 0}, {"speed": 0}, {"speed": 1000}, {"stream": 0}])
def test_numbers_that_make_no_sense_are_refused(tmp_path: Path, wrong: dict[str, float]) -> None:
    with pytest.raises(UsageError, match=f"^{next(iter(wrong))}: expected"):
        open_source(write_clip(tmp_path / "a.mp4"), **wrong)  # type: ignore[arg-type]
