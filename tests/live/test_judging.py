"""The judging loop fed by hand, picture by picture, on the test's own thread: who is asked for what, and when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from formcheck.coaching.coach.phrases import Phrases
from formcheck.coaching.coach.plan import Plan, Step, single_plan
from formcheck.coaching.coach.scene import NO_CAMERA
from formcheck.coaching.coach.workout import Workout
from formcheck.coaching.voice.utterances import ALERT, Utterance
from formcheck.judging.session.session import Session
from formcheck.live import judging
from formcheck.live.judging import JudgeLoop
from formcheck.sight.camera.camera import CameraFrame
from formcheck.sight.pose.types import Ball

IMAGE = np.full((48, 64, 3), 128, np.uint8)


def frame(k: int, t: float | None = None) -> CameraFrame:
    return CameraFrame(k / 15 if t is None else t, IMAGE, 100.0 + k / 15, k)


@dataclass
class Cam:
    """A camera that hands out what it is told to: a picture, None for none, or something to do before the next."""

    script: list[CameraFrame | Callable[[], None] | None]
    state: str = "live"
    message: str = "the cable"
    retry_in: float | None = None
    dropped: int = 7
    asked: list[int] = field(default_factory=list)
    waits: set[float] = field(default_factory=set)

    def newest(self, after: int, timeout: float) -> CameraFrame | None:
        while self.script and callable(self.script[0]):
            self.script.pop(0)()
        self.asked.append(after)
        self.waits.add(timeout)
        if not self.script:
            self.state = "ended"
            return None
        return self.script.pop(0)


class Nobody:
    persons = 1

    def __init__(self) -> None:
        self.times: list[float] = []

    def estimate(self, t: float, image: Any) -> None:
        self.times.append(t)


@dataclass
class Ears:
    """Hears what is said, in order, and each hush as ``-hush-``."""

    speaking: bool = False
    heard: list[str] = field(default_factory=list)
    said: list[Utterance] = field(default_factory=list)

    def say(self, utterance: Utterance, now: float) -> None:
        self.heard.append(utterance.key)
        self.said.append(utterance)

    def hush(self) -> None:
        self.heard.append("-hush-")


class Finder:
    """Finds a ball; remembers when it was asked."""

    made: list[Finder] = []

    def __init__(self) -> None:
        self.asked: list[float] = []
        Finder.made.append(self)

    def update(self, t: float, image: Any, pose: Any) -> Ball:
        self.asked.append(t)
        return Ball(1.0, 2.0, 3.0, 1.0)


@pytest.fixture(autouse=True)
def afresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Finder, "made", [])


def loop_of(script: list[Any], plan: Plan | None = None, *, exercise: str = "heel-bridge", **how: Any) -> JudgeLoop:
    workout = Workout(
        plan or single_plan(exercise), Phrases("en"), session_of=lambda e: Session(e, live=True), introduce=False
    )
    camera = Cam(script, **{k: how.pop(k) for k in ("state", "retry_in") if k in how})
    return JudgeLoop(camera, Nobody(), workout, how.pop("ears", Ears()), **how)


def frames(n: int, start: int = 0) -> list[CameraFrame]:
    return [frame(k) for k in range(start, start + n)]


# ---- pictures -------------------------------------------------------------------------------------------------------
def test_each_picture_is_judged_once_and_the_next_is_asked_for_by_its_number() -> None:
    written: list[float] = []
    loop = loop_of(frames(3), on_picture=lambda t, image: written.append(t))
    loop.run()
    assert loop._camera.asked == [-1, 0, 1, 2]
    assert loop._camera.waits == {0.1}, "a tenth of a second, then time goes on without a picture"
    assert loop._estimator.times == written == [0.0, 1 / 15, 2 / 15]
    assert (loop.timings.judged, loop.timings.dropped) == (3, 7)
    assert len(loop.timings.inference) == len(loop.timings.judging) == 3
    assert loop.error is None
    assert loop.over
    assert loop.wait(0.0)
    assert loop._workout.done


def test_what_each_part_took_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    # Began, inferred, judged, and once for each cue said of the picture.
    reads = iter([500.0, 500.25, 500.75, *[501.0] * 50])
    monkeypatch.setattr(judging.time, "perf_counter", lambda: next(reads))
    loop = loop_of(frames(1))
    loop._judge(frame(0))
    assert (list(loop.timings.inference), list(loop.timings.judging)) == ([0.25], [0.5])
    assert set(loop.timings.to_cue) <= {401.0}, "from the capture at 100 s"


def test_what_is_shown_is_the_picture_judged_last() -> None:
    loop = loop_of(frames(2))
    assert loop.newer(0, 0.0) == (0, None)
    loop.run()
    version, shown = loop.newer(0, 0.0)
    assert (version, shown.t, shown.captured, shown.fresh) == (2, 1 / 15, 100.0 + 1 / 15, True)
    assert shown.image is IMAGE
    assert shown.exercise.id == "heel-bridge"


def test_what_was_seen_goes_to_the_workout_with_the_number_of_people_and_whether_the_voice_is_busy() -> None:
    seen: list[Any] = []
    loop = loop_of(frames(2), ears=Ears(speaking=True), make_finder=Finder)
    observe = loop._workout.observe
    loop._workout.observe = lambda o, *, speaking: (seen.append((o, speaking)), observe(o, speaking=speaking))[1]
    loop.run()
    # The workout begins with the first picture: from the second on a ball is looked for.
    assert [o.ball for o, _ in seen] == [None, Ball(1.0, 2.0, 3.0, 1.0)]
    observation, speaking = seen[-1]
    assert speaking
    assert (observation.persons, observation.size, observation.luma) == (1, (64, 48), 128.0)


# ---- the ball -------------------------------------------------------------------------------------------------------
def test_in_a_pause_no_ball_is_looked_for() -> None:
    loop = loop_of([], make_finder=Finder)
    pause = loop._workout.pause
    loop._camera.script = [*frames(2), pause, *frames(2, 2), pause, *frames(2, 4)]
    loop.run()
    (finder,) = Finder.made
    assert finder.asked == [1 / 15, 4 / 15, 5 / 15]
    # The body is looked for all the time: somebody must be seen to come back.
    assert len(loop._estimator.times) == 6


def test_for_an_exercise_without_a_ball_none_is_looked_for() -> None:
    loop = loop_of(frames(2), exercise="plane", make_finder=Finder)
    loop.run()
    assert Finder.made == []


def test_without_a_finder_no_ball_is_seen() -> None:
    loop = loop_of(frames(2))
    loop.run()
    assert loop.error is None


def test_each_exercise_has_a_finder_of_its_own() -> None:
    plan = Plan("mine", (Step("heel-bridge", 1), Step("side-lift", 1)))
    loop = loop_of([], plan, make_finder=Finder)
    loop._camera.script = [*frames(2), loop._workout.skip, *frames(2, 2)]
    loop.run()
    assert [f.asked for f in Finder.made] == [[1 / 15], [2 / 15, 3 / 15]]


# ---- the voice ------------------------------------------------------------------------------------------------------
def test_what_events_have_overtaken_is_hushed_before_anything_new_is_said() -> None:
    plan = Plan("mine", (Step("heel-bridge", 1), Step("side-lift", 1)))
    ears = Ears()
    loop = loop_of([], plan, ears=ears)
    loop._camera.script = [*frames(2), loop._workout.skip, *frames(1, 2)]
    loop.run()
    assert "-hush-" in ears.heard
    assert ears.heard.count("-hush-") == 1
    assert ears.heard[ears.heard.index("-hush-") + 1] == "next"
    assert "-hush-" not in ears.heard[: ears.heard.index("next")]


def test_how_long_a_cue_took_is_measured_from_the_capture() -> None:
    loop = loop_of(frames(2))
    loop.run()
    assert len(loop.timings.to_cue) == len(loop._speaker.said)


# ---- commands -------------------------------------------------------------------------------------------------------
def test_commands_are_done_before_the_next_picture_all_of_them_in_order() -> None:
    done: list[Any] = []
    loop = loop_of([])
    loop._camera.script = [
        frame(0),
        lambda: [loop.command(lambda k=k: done.append((k, len(loop._estimator.times)))) for k in (1, 2)],
        frame(1),
        frame(2),
    ]
    loop.run()
    # Put in while the loop waited for the second picture: done before the third is waited for.
    assert done == [(1, 2), (2, 2)]


def test_stopped_it_judges_no_further_picture_and_finishes_the_workout() -> None:
    loop = loop_of([])
    loop._camera.script = [frame(0), loop.stop, frame(1), frame(2)]
    loop.run()
    assert loop._estimator.times == [0.0, 1 / 15]
    assert loop._workout.done


def test_a_workout_that_is_done_ends_the_loop() -> None:
    loop = loop_of([])
    loop._camera.script = [frame(0), lambda: loop.command(loop._workout.finish), frame(1), *frames(3, 2)]
    loop.run()
    assert loop._estimator.times == [0.0, 1 / 15, 2 / 15]


def test_an_error_is_kept_and_the_workout_finished() -> None:
    loop = loop_of(frames(1))

    def breaks(t: float, image: Any) -> None:
        raise RuntimeError("broke")

    loop._estimator.estimate = breaks
    loop.run()
    assert isinstance(loop.error, RuntimeError)
    assert loop._workout.done
    assert loop.wait(0.0)
    assert loop.timings.dropped == 7


# ---- without pictures -----------------------------------------------------------------------------------------------
@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Set the clock of captures."""
    now = {"t": 100.0}
    monkeypatch.setattr(judging.time, "perf_counter", lambda: now["t"])
    return lambda t: now.update(t=t)


def test_before_the_first_picture_it_is_said_that_the_camera_is_opened() -> None:
    loop = loop_of([None], state="opening")
    loop.run()
    _, shown = loop.newer(0, 0.0)
    assert (shown.image, shown.moment, shown.t, shown.fresh) == (None, None, 0.0, False)
    assert shown.scene.kind == NO_CAMERA
    assert shown.scene.headline == Phrases("en").screen("starting")
    assert loop._workout._t is None, "the workout begins with the first picture"


@pytest.mark.parametrize(("gone", "lost"), [(1.95, False), (2.05, True)])
def test_a_camera_is_lost_after_two_seconds_without_a_picture(gone: float, lost: bool, clock: Any) -> None:
    ears = Ears()
    loop = loop_of([frame(0), lambda: clock(100.0 + gone), None], ears=ears)
    loop.run()
    _, shown = loop.newer(0, 0.0)
    assert (shown.scene.kind == NO_CAMERA) == lost
    assert ("camera-lost" in ears.heard) == lost
    assert (shown.image is IMAGE, shown.fresh, shown.moment) == (True, False, None)
    assert loop._workout._t == pytest.approx(gone), "time goes on without pictures"


def test_a_camera_that_says_it_is_lost_is_believed_at_once(clock: Any) -> None:
    ears = Ears()
    loop = loop_of([], ears=ears, retry_in=0.4)

    def lose() -> None:
        loop._camera.state = "lost"

    loop._camera.script = [frame(0), lose, None, None]
    loop.run()
    _, shown = loop.newer(0, 0.0)
    assert shown.scene.kind == NO_CAMERA
    assert (shown.scene.detail, shown.scene.ok) == ("the cable", False)
    assert shown.scene.lines == (Phrases("en").screen("reconnecting", n=1),)
    assert shown.scene.headline == Phrases("en").advice("camera-lost")
    assert ears.heard.count("camera-lost") == 1


@pytest.mark.parametrize(("retry_in", "n"), [(0.4, 1), (1.4, 1), (1.6, 2), (5.2, 5)])
def test_it_is_shown_in_how_many_seconds_the_camera_is_tried_again(retry_in: float, n: int) -> None:
    loop = loop_of([], state="lost", retry_in=retry_in)
    assert loop._no_camera().lines == (Phrases("en").screen("reconnecting", n=n),)
    loop._camera.retry_in = None
    assert loop._no_camera().lines == ()


def test_a_camera_that_failed_ends_the_loop_and_one_that_is_lost_does_not(clock: Any) -> None:
    for state, asked in (("failed", 2), ("lost", 4)):
        loop = loop_of([], state="live")

        def lose(state: str = state, loop: JudgeLoop = loop) -> None:
            loop._camera.state = state

        loop._camera.script = [frame(0), lose, None, None]
        loop.run()
        assert len(loop._camera.asked) == asked
        assert loop.error is None


def test_it_is_told_once_that_a_camera_is_gone_and_once_that_it_is_back() -> None:
    ears = Ears()
    loop = loop_of([], ears=ears)

    def told(key: str, t: float) -> list[str]:
        loop._tell_camera(key, t)
        loop._workout.tick(t, speaking=False)
        before = len(ears.heard)
        loop._speak(t, None)
        return [k for k in ears.heard[before:] if k.startswith("camera")]

    heard = [told(*x) for x in (("camera-back", 1.0), ("camera-lost", 2.0), ("camera-lost", 90.0))]
    assert heard == [[], ["camera-lost"], []]
    assert [told("camera-back", 91.0), told("camera-back", 92.0)] == [["camera-back"], []]
    assert {(u.priority, u.good_for_s) for u in ears.said if u.key.startswith("camera")} == {(ALERT, 3.0)}
    loop._told_at = 2.0
    assert [told("camera-lost", 21.9), told("camera-lost", 22.1)] == [[], ["camera-lost"]]


def test_the_voice_is_heard_out_before_a_summary_goes_away_while_no_picture_comes(clock: Any) -> None:
    ears = Ears(speaking=True)
    loop = loop_of([], ears=ears)
    busy: list[bool] = []
    tick = loop._workout.tick
    loop._workout.tick = lambda t, *, speaking: (busy.append(speaking), tick(t, speaking=speaking))[1]
    loop._camera.script = [frame(0), lambda: clock(100.5), None]
    loop.run()
    assert busy == [True]


# ---- whoever shows it ----------------------------------------------------------------------------------------------
def test_whoever_waits_for_news_is_woken_by_a_newer_picture_or_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    loop = loop_of([])
    woken: list[tuple[bool, float]] = []
    monkeypatch.setattr(loop._news, "wait_for", lambda fact, timeout: woken.append((fact(), timeout)))
    loop._judge(frame(0))
    loop.newer(0, 0.5)
    loop.newer(1, 0.5)
    loop.stop()
    loop.newer(1, 0.5)
    assert woken == [(True, 0.5), (False, 0.5), (True, 0.5)]
