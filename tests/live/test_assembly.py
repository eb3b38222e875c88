"""How the live coach is put together: what each option makes of it, and what goes wrong without ending it."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from formcheck.analysis.options import Options
from formcheck.coaching.coach.phrases import Phrases
from formcheck.coaching.coach.plan import Plan, Step, single_plan
from formcheck.coaching.history import History
from formcheck.errors import FormcheckError
from formcheck.live import app
from formcheck.live.app import Live, LiveOptions, _described, _is_device
from formcheck.live.led import make_workout, routine_name
from formcheck.live.timings import Timings
from formcheck.sight.camera.camera import CameraInfo


def live(said: list[str] | None = None, **options: Any) -> Live:
    return Live(LiveOptions(single_plan("plane"), **options), (said if said is not None else []).append)


@pytest.mark.parametrize(
    ("camera", "device"),
    [(0, True), ("2", True), ("/dev/video0", True), ("a.mp4", False), ("http://camera/mjpeg", False)],
)
def test_a_preview_is_a_mirror_for_a_camera_and_not_for_files_unless_said_otherwise(camera, device) -> None:
    assert _is_device(camera) is device
    assert live(camera=camera)._painter().mirror is device
    for asked in (True, False):
        assert live(camera=camera, mirror=asked)._painter().mirror is asked


@pytest.mark.parametrize(
    ("window", "record", "plain", "painted"),
    [
        (True, None, False, True),
        (False, None, False, False),
        (False, Path("a.mp4"), False, True),
        (False, Path("a.mp4"), True, False),
        (True, Path("a.mp4"), True, True),
    ],
)
def test_pictures_are_painted_where_somebody_sees_them(window, record, plain, painted) -> None:
    it = live(window=window, record=record, record_plain=plain)
    assert (it._painter() is not None) == painted


def test_a_routine_has_a_name_and_an_exercise_alone_has_none() -> None:
    assert routine_name(single_plan("plane")) is None
    assert routine_name(Plan("evening", (Step("plane", 1), Step("swan", 1)))) == "evening"
    assert routine_name(Plan("evening", (Step("plane", 1),))) == "evening"


class Drawn:
    """Paints, records and shows: remembers what it was given."""

    delay: float | None = 0.25

    def __init__(self) -> None:
        self.painted, self.recorded, self.on_screen, self.proportions = [], [], [], []
        self.picture = np.zeros((2, 2, 3), np.uint8)

    def paint(self, shown):
        self.painted.append(shown.t)
        return self.picture

    def write(self, t, picture):
        self.recorded.append((t, picture is self.picture))

    def show(self, picture):
        self.on_screen.append(picture is self.picture)

    def fit(self, *size):
        self.proportions.append(size)


def shown(t: float, *, fresh: bool) -> Any:
    return SimpleNamespace(t=t, captured=0.0, fresh=fresh)


@pytest.mark.parametrize("plain", [False, True])
def test_a_picture_is_recorded_once_however_often_it_is_shown(plain, monkeypatch) -> None:
    reads = iter([500.0, 500.25, 501.0, 500.0, 500.25, 500.0, 500.25, 501.0])
    monkeypatch.setattr(app.time, "perf_counter", lambda: next(reads))
    it, drawn, timings = live(record=Path("a.mp4"), record_plain=plain), Drawn(), Timings()
    it._recorder = drawn
    for fresh in (True, False):
        it._draw(drawn, shown(1.5, fresh=fresh), timings, drawn)
    assert drawn.painted == [1.5, 1.5]
    assert drawn.on_screen == [True, True]
    assert drawn.recorded == ([] if plain else [(1.5, True)])
    # Of what is not new nothing is measured.
    assert (list(timings.drawing), list(timings.to_display)) == ([0.25], [501.25])
    # What the window takes to show it is part of the delay.
    bare = Timings()
    it._draw(drawn, shown(1.5, fresh=True), bare, None)
    assert list(bare.to_display) == [501.0]


def test_without_a_history_training_goes_on(monkeypatch) -> None:
    def broken(_file: Path | None = None) -> History:
        raise FormcheckError("the disk is full", "make room")

    monkeypatch.setattr(History, "open", staticmethod(broken))
    said: list[str] = []
    from contextlib import ExitStack

    with ExitStack() as stack:
        it = live(said)
        assert it._open_log(stack) is None
        assert said == it.warnings == ["this session is not kept in the history: the disk is full: make room"]
        quiet = live(history=False)
        assert quiet._open_log(stack) is None
        assert quiet.warnings == []


@pytest.mark.parametrize(("voice", "told"), [(True, ["no voice here"]), (False, [])])
def test_why_nothing_is_spoken_is_told_to_whoever_wanted_a_voice(voice, told) -> None:
    said: list[str] = []
    it = live(said, voice=voice)
    it._listen_to(SimpleNamespace(news=lambda: "no voice here"))
    it._listen_to(SimpleNamespace(news=lambda: None))
    assert said == it.warnings == told


def test_before_it_has_run_there_is_no_result_and_stopping_does_nothing() -> None:
    it = live()
    it.stop()
    got = it.result
    assert (got.results, got.reports, got.files, got.warnings, got.source_message) == ([], [], [], [], "")
    assert got.timings.judged == 0


def test_a_recording_is_among_the_files_where_one_was_made(tmp_path) -> None:
    it = live(record=tmp_path / "a.mp4")
    (tmp_path / "a.mp4").touch()
    assert it.result.files == [], "one that was there before is not ours"
    it._recorder = object()
    assert it.result.files == [tmp_path / "a.mp4"]


@pytest.mark.parametrize("interrupted", [False, True])
def test_the_end_waits_for_the_loop_and_keeps_why_the_camera_ended(interrupted) -> None:
    waited: list[float | None] = []
    stopped: list[bool] = []

    class Loop:
        def stop(self) -> None:
            stopped.append(True)

        def wait(self, timeout: float | None = None) -> None:
            waited.append(timeout)
            if interrupted and len(waited) == 1:
                raise KeyboardInterrupt

    it = live()
    if interrupted:
        with pytest.raises(KeyboardInterrupt):
            it._end(Loop(), SimpleNamespace(message="unplugged"))
    else:
        it._end(Loop(), SimpleNamespace(message="unplugged"))
    assert stopped == [True]
    assert waited == ([None, 10.0] if interrupted else [None])
    assert it.result.source_message == "unplugged"


def test_what_is_known_of_a_camera_goes_into_its_reports() -> None:
    got = _described(SimpleNamespace(info=CameraInfo("/dev/video0", "camera", 640, 360, (640, 360))))
    assert (got["path"], got["kind"], got["width"], got["height"]) == ("/dev/video0", "camera", 640, 360)
    assert (got["duration_s"], got["fps"], got["frames"], got["frames_used"], got["rotation"]) == (None, None, 0, 0, 0)


class Pictures:
    """A loop that has something newer to show a few times, and then is over."""

    def __init__(self, *versions: int) -> None:
        self.versions, self.timings, self.keys = list(versions), Timings(), 0
        self.asked: list[tuple[int, float]] = []

    @property
    def over(self) -> bool:
        return not self.versions

    def newer(self, version: int, timeout: float) -> tuple[int, Any]:
        self.asked.append((version, timeout))
        new = self.versions.pop(0)
        return new, shown(float(new), fresh=True)

    def stop(self) -> None:
        self.versions.clear()


class Glass(Drawn):
    """A window whose keys come in turn."""

    closed = False

    def __init__(self, *keys: list[str]) -> None:
        super().__init__()
        self.keys = list(keys)

    def poll(self) -> list[str]:
        return self.keys.pop(0) if self.keys else []


VOICE = SimpleNamespace(news=lambda: None)


def showing(loop: Pictures, glass: Glass) -> Drawn:
    it, painter = live(), Drawn()
    it._workout = SimpleNamespace()
    it._show(loop, glass, painter, VOICE)
    return painter


def test_each_picture_is_drawn_once_until_the_loop_is_over() -> None:
    glass, loop = Glass(), Pictures(1, 1, 2, 2, 3)
    assert showing(loop, glass).painted == [1.0, 2.0, 3.0]
    assert len(glass.on_screen) == 3
    # Something newer than what was drawn is waited for, and between that the keys are looked at fifty times a second.
    assert loop.asked == [(0, 0.02), (1, 0.02), (1, 0.02), (2, 0.02), (2, 0.02)]


def test_before_anything_is_judged_nothing_is_drawn() -> None:
    loop = Pictures(0, 1)
    loop.newer = lambda version, timeout: (loop.versions.pop(0), None)
    assert showing(loop, Glass()).painted == []


def test_the_window_takes_the_proportions_of_the_pictures_once() -> None:
    glass = Glass()
    showing(Pictures(1, 2, 3), glass)
    assert glass.proportions == [(2, 2)]


def test_a_window_that_was_closed_ends_it() -> None:
    glass = Glass()
    glass.closed = True
    assert showing(Pictures(1, 2, 3), glass).painted == [1.0]


def test_keys_are_listened_to_between_pictures() -> None:
    assert showing(Pictures(1, 2, 3), Glass([], ["q"])).painted == [1.0, 2.0]


def test_without_a_picture_to_paint_it_waits_for_the_end_and_tells_of_the_voice() -> None:
    said: list[str] = []
    loop = Pictures(1, 2)
    live(said)._show(loop, None, None, SimpleNamespace(news=lambda: "no voice here"))
    assert loop.over
    assert {timeout for _, timeout in loop.asked} == {0.5}
    assert said == ["no voice here"] * 2


def test_unless_told_otherwise_it_shows_speaks_and_keeps_history_and_records_nothing() -> None:
    o = LiveOptions(single_plan("plane"))
    assert (o.window, o.voice, o.introduce, o.history) == (True, True, True, True)
    assert (o.full_screen, o.record_plain, o.force) == (True, False, False)
    assert (o.record, o.out, o.voice_log, o.mirror, o.camera, o.lang) == (None, None, None, None, 0, "en")


@pytest.mark.parametrize(("sought", "strictness", "limit"), [(True, "normal", 15.0), (False, "lenient", 20.0)])
def test_a_workout_is_judged_live_under_the_limits_of_the_options(sought, strictness, limit) -> None:
    options = Options(ball=sought, strictness=strictness)
    listener = SimpleNamespace(set_begun=lambda _session, _target: None)
    workout = make_workout(single_plan("shoulder-bridge"), Phrases("en"), options, listener, introduce=False)
    workout.tick(0.0)
    session = workout.session
    assert session.ball.sought is sought
    assert session.limits["level_deg"] == limit
    assert session._newest is not None, "live"
