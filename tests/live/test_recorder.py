"""Recording beside the live loop."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import av
import numpy as np
import pytest

from formcheck.errors import UsageError
from formcheck.files import write_text
from formcheck.live import recorder as module
from formcheck.live.recorder import Recorder
from formcheck.sight.video.source import open_source

from ..commandline import ROOT

#: Records ten seconds and is killed as soon as the encoder has them.
KILLED = """
import os, signal, sys, time
import numpy as np
from formcheck.live.recorder import Recorder
video = Recorder(sys.argv[1], capacity=1000)
noise = np.random.default_rng(1).integers(0, 255, (48, 64, 3), dtype=np.uint8)
for i in range(101):
    video.write(i / 10, np.roll(noise, i, 1))
while video.frames < 101:
    time.sleep(0.001)
os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
"""


def picture(level: int, w: int = 64, h: int = 48) -> np.ndarray:
    return np.full((h, w, 3), level, np.uint8)


def read(path: Path) -> list[tuple[float, int]]:
    with open_source(path) as source:
        return [(f.t, int(f.image.mean())) for f in source]


def test_pictures_keep_their_uneven_times(tmp_path: Path):
    times = [7.0, 7.033, 7.1, 9.5, 9.52]
    with Recorder(tmp_path / "a.mp4") as video:
        for i, t in enumerate(times):
            image = picture(40 * i)
            video.write(t, image)
            image[:] = 255  # may be changed afterwards
    got = read(tmp_path / "a.mp4")
    assert [t for t, _ in got] == pytest.approx([t - 7.0 for t in times], abs=1e-4)
    assert [level for _, level in got] == pytest.approx([0, 40, 80, 120, 160], abs=4)
    assert (video.frames, video.dropped) == (5, 0)


def test_a_slow_encoder_never_holds_up_the_loop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    working, go_on = threading.Event(), threading.Event()
    write = module.VideoWriter.write

    def slow(self, t, rgb):
        working.set()
        assert go_on.wait(30)
        write(self, t, rgb)

    monkeypatch.setattr(module.VideoWriter, "write", slow)
    with Recorder(tmp_path / "a.mp4", capacity=3) as video:
        video.write(0.0, picture(0))
        assert working.wait(30)
        for i in range(1, 11):  # three may wait, the rest is left out
            video.write(i / 10, picture(i))
        assert video.dropped == 7
        go_on.set()
    assert [t for t, _ in read(tmp_path / "a.mp4")] == pytest.approx([0.0, 0.1, 0.2, 0.3], abs=1e-4)


def test_time_that_does_not_go_on_is_left_out(tmp_path: Path):
    with Recorder(tmp_path / "a.mp4") as video:
        for t in (0.0, 0.1, 0.1, 0.100004, 0.05, 0.2):
            video.write(t, picture(0))
    assert [t for t, _ in read(tmp_path / "a.mp4")] == pytest.approx([0.0, 0.1, 0.2], abs=1e-4)
    assert video.dropped == 3


def test_an_interrupted_session_leaves_a_playable_file(tmp_path: Path):
    with pytest.raises(KeyboardInterrupt), Recorder(tmp_path / "a.mp4") as video:
        for i in range(5):
            video.write(i / 30, picture(50 * i))
        raise KeyboardInterrupt
    assert len(read(tmp_path / "a.mp4")) == 5
    assert [p.name for p in tmp_path.iterdir()] == ["a.mp4"]


def test_there_is_no_file_without_pictures(tmp_path: Path):
    with Recorder(tmp_path / "b.mp4"):
        pass
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("suffix", ["mp4", "mov", "mkv"])
def test_what_a_killed_session_recorded_is_playable_up_to_the_last_second(tmp_path: Path, suffix: str):
    path = tmp_path / f"a.{suffix}"
    words = [sys.executable, "-c", KILLED, str(path)]
    done = subprocess.run(words, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False)
    assert done.returncode not in (0, 1)
    write_text(tmp_path / "next.txt", "what was left behind is swept now")
    assert sorted(p.name for p in tmp_path.iterdir()) == [path.name, "next.txt"]
    times = [t for t, _ in read(path)]
    assert times == pytest.approx([i / 10 for i in range(len(times))], abs=2e-3)
    assert times[-1] > 10.0 - 1.0


def test_a_finished_recording_is_a_plain_file(tmp_path: Path):
    with Recorder(tmp_path / "a.mp4", capacity=100) as video:
        for i in range(60):
            video.write(i / 20, picture(i))
    data = (tmp_path / "a.mp4").read_bytes()
    assert b"moov" in data
    assert b"moof" not in data[: data.index(b"mdat")]
    with av.open(str(tmp_path / "a.mp4")) as container:
        assert container.duration == pytest.approx(3e6, rel=0.01)
        assert container.streams.video[0].frames == 60


def test_an_existing_file_is_replaced_only_on_demand(tmp_path: Path):
    path = tmp_path / "a.mp4"
    path.write_bytes(b"mine")
    with pytest.raises(UsageError, match="exists.*--force"):
        Recorder(path)
    assert path.read_bytes() == b"mine"
    with Recorder(path, force=True) as video:
        assert path.read_bytes() == b"mine"  # until there is a picture
        video.write(0.0, picture(0))
    assert len(read(path)) == 1


@pytest.mark.parametrize("name", ["a.txt", "a", "folder.mp4", "file/a.mp4"])
def test_a_place_that_cannot_be_written_is_named_before_the_session(tmp_path: Path, name: str):
    (tmp_path / "folder.mp4").mkdir()
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(UsageError, match="cannot record to"):
        Recorder(tmp_path / name)


def test_missing_folders_are_made(tmp_path: Path):
    with Recorder(tmp_path / "new" / "folder" / "a.mp4") as video:
        video.write(0.0, picture(0))
    assert len(read(tmp_path / "new" / "folder" / "a.mp4")) == 1


def test_what_was_recorded_before_the_disk_was_full_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    write = module.VideoWriter.write

    def full(self, t, rgb):
        if self.frames == 30:
            raise OSError(28, "No space left on device")
        write(self, t, rgb)

    monkeypatch.setattr(module.VideoWriter, "write", full)
    video = Recorder(tmp_path / "a.mp4", capacity=100)
    for i in range(40):
        video.write(i / 10, picture(i))
    with pytest.raises(UsageError, match="no space left"):
        video.close()
    assert len(read(tmp_path / "a.mp4")) == 30


def test_a_full_disk_ends_the_recording_not_the_session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def full(self, t, rgb):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module.VideoWriter, "write", full)
    video = Recorder(tmp_path / "a.mp4")
    video.write(0.0, picture(0))
    video._thread.join(30)
    video.write(0.1, picture(0))  # goes nowhere, harmlessly
    assert video.error is not None
    with pytest.raises(UsageError, match="no space left"):
        video.close()
    video.close()
    assert list(tmp_path.iterdir()) == []


def test_a_picture_of_another_size_is_fitted(tmp_path: Path):
    with Recorder(tmp_path / "a.mp4", quality=10) as video:
        video.write(0.0, picture(200))
        video.write(0.1, picture(200, 48, 64))  # a camera turned upright: 36 x 48 in the middle
    with open_source(tmp_path / "a.mp4") as source:
        first, second = [f.image for f in source]
    assert first.shape == second.shape == (48, 64, 3)
    assert second[24, 32].min() > 180 and second[24, 2].max() < 30


def test_what_is_no_picture_is_refused(tmp_path: Path):
    with Recorder(tmp_path / "a.mp4") as video, pytest.raises(ValueError, match="rgb"):
        video.write(0.0, np.zeros((4, 4), np.uint8))
