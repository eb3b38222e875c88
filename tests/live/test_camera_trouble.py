"""A camera that goes away in the middle of a workout and comes back."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import numpy as np
import pytest

from formcheck.coaching.coach.phrases import Phrases
from formcheck.coaching.coach.plan import single_plan
from formcheck.coaching.coach.scene import NO_CAMERA
from formcheck.coaching.coach.workout import Workout
from formcheck.coaching.voice.utterances import Utterance
from formcheck.errors import InputError
from formcheck.judging.session.session import Session
from formcheck.live import app
from formcheck.live.judging import CAMERA_AGAIN_S, JudgeLoop, Shown
from formcheck.sight.camera.camera import Camera, CameraInfo, Patience, open_camera
from formcheck.sight.camera.feed import Shot

from ..sight.camera.mjpeg_server import MjpegServer, encode_jpeg

#: How long a step of the story may take before the test gives up (s).
PATIENCE_S = 20.0


class Ears:
    """Hears what is said."""

    speaking = False

    def __init__(self) -> None:
        self.keys: list[str] = []
        self.news = threading.Condition()

    def say(self, utterance: Utterance, now: float) -> None:
        with self.news:
            self.keys.append(utterance.key)
            self.news.notify_all()

    def hush(self) -> None:
        pass

    @property
    def of_camera(self) -> list[str]:
        return [key for key in self.keys if key.startswith("camera-")]

    def wait_for(self, key: str) -> None:
        with self.news:
            assert self.news.wait_for(lambda: key in self.keys, PATIENCE_S), f"never said: {key} ({self.keys})"


class Nobody:
    """Finds nobody in any picture."""

    persons = None

    def estimate(self, t: float, image: object) -> None:
        return None


@pytest.fixture
def jpeg() -> bytes:
    return encode_jpeg(np.full((120, 160, 3), 128, np.uint8))


@pytest.fixture
def server(jpeg: bytes) -> Iterator[MjpegServer]:
    with MjpegServer(jpeg) as s:
        yield s


def loop_on(camera: Camera, ears: Ears) -> JudgeLoop:
    workout = Workout(single_plan("plane"), Phrases("en"), session_of=lambda e: Session(e, live=True), introduce=False)
    return JudgeLoop(camera, Nobody(), workout, ears)


def wait_for_scene(loop: JudgeLoop, kind: str, *, wanted: bool) -> Shown:
    """Wait until a scene of that kind is (or is no longer) shown."""
    version = 0
    for _ in range(int(PATIENCE_S / 0.05)):
        version, shown = loop.newer(version, 0.05)
        if shown is not None and (shown.scene.kind == kind) == wanted:
            return shown
    pytest.fail(f"scene {kind} {'never came' if wanted else 'never went'}")


def test_gone_is_shown_and_said_and_so_is_back(server: MjpegServer, jpeg: bytes) -> None:
    camera = open_camera(server.url, patience=Patience(retry=(0.05,)))
    ears = Ears()
    loop = loop_on(camera, ears)
    with camera:
        loop.start()
        first = wait_for_scene(loop, NO_CAMERA, wanted=False)
        server.refuse()
        gone = wait_for_scene(loop, NO_CAMERA, wanted=True)
        ears.wait_for("camera-lost")
        assert gone.scene.detail, "it says where to look"
        assert gone.image is not None, "the last picture stays"
        server.accept()
        back = wait_for_scene(loop, NO_CAMERA, wanted=False)
        ears.wait_for("camera-back")
        assert back.t > first.t
        loop.stop()
        loop.join(PATIENCE_S)
    assert loop.error is None
    assert ears.keys.count("camera-lost") == ears.keys.count("camera-back") == 1


def tell(loop: JudgeLoop, key: str, t: float) -> None:
    """Let the loop tell of its camera, and time go on to the moment at which that is said."""
    loop._tell_camera(key, t)
    loop._workout.tick(t, speaking=False)
    loop._speak(t, None)


def test_a_camera_that_comes_and_goes_is_spoken_of_now_and_then(server: MjpegServer) -> None:
    ears = Ears()
    loop = loop_on(open_camera(server.url), ears)
    try:
        for t in np.arange(0.0, 2.5 * CAMERA_AGAIN_S, 1.0):
            tell(loop, "camera-lost", t)
            tell(loop, "camera-back", t + 0.5)
        assert ears.of_camera == ["camera-lost", "camera-back"] * 3
        for t in (100.0, 101.0, 102.0):
            tell(loop, "camera-lost", t)
        assert ears.of_camera[6:] == ["camera-lost"], "once, however long it is gone"
    finally:
        loop._camera.close()


def test_a_file_that_ends_ends_the_workout(tmp_path: Path) -> None:
    from formcheck.sight.video.writer import VideoWriter

    with VideoWriter(tmp_path / "short.mp4", (160, 120)) as video:
        for k in range(5):
            video.write(k / 15, np.full((120, 160, 3), 128, np.uint8))
    ears = Ears()
    with open_camera(str(tmp_path / "short.mp4")) as camera:
        loop = loop_on(camera, ears)
        loop.start()
        loop.join(PATIENCE_S)
    assert not loop.is_alive()
    assert loop.error is None


def test_an_error_in_the_judging_thread_reaches_whoever_waits(server: MjpegServer) -> None:
    class Broken:
        persons = None

        def estimate(self, t: float, image: object) -> None:
            raise RuntimeError("the model broke")

    ears = Ears()
    with open_camera(server.url) as camera:
        workout = Workout(single_plan("plane"), Phrases("en"), session_of=lambda e: Session(e, live=True))
        loop = JudgeLoop(camera, Broken(), workout, ears)
        loop.start()
        loop.join(PATIENCE_S)
    assert loop.over
    assert isinstance(loop.error, RuntimeError)
    assert workout.done


class Torn:
    """A file that cannot be read to its end."""

    finite = True
    info = CameraInfo("torn.mp4", "file", 160, 120, (160, 120))

    def __init__(self, pictures: int) -> None:
        self._pictures = pictures

    def shots(self, stop: threading.Event) -> Iterator[Shot]:
        for k in range(self._pictures):
            yield Shot(perf_counter(), lambda: np.full((120, 160, 3), 128, np.uint8), k / 15)
            stop.wait(0.3)
        raise InputError("torn.mp4 cannot be read on", "copy it again")

    def abort(self) -> None:
        pass

    def close(self) -> None:
        pass


@pytest.mark.parametrize("pictures", [0, 2])
def test_a_file_that_cannot_be_read_on_is_told(pictures: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "open_camera", lambda _spec: Camera(lambda: Torn(pictures)))
    monkeypatch.setattr(app.Live, "_open_estimator", lambda _self, _stack: Nobody())
    said: list[str] = []
    plan = single_plan("plane")
    live = app.Live(app.LiveOptions(plan, voice=False, window=False, introduce=False, history=False), said.append)
    if pictures:
        live.run()
        assert said == ["torn.mp4 cannot be read on: copy it again"]
    else:
        with pytest.raises(InputError, match="copy it again"):
            live.run()
