"""The judging thread: newest picture in; pose, verdict, scene and speech out. It waits for no screen and no voice."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from queue import Empty, SimpleQueue

import numpy as np
from numpy.typing import NDArray

from formcheck.coaching.coach.gestures import Gesture
from formcheck.coaching.coach.plan import Target
from formcheck.coaching.coach.scene import NO_CAMERA, Scene
from formcheck.coaching.coach.setup import Setup
from formcheck.coaching.coach.workout import Workout
from formcheck.coaching.voice.utterances import ALERT, Utterance
from formcheck.judging.rules.exercise import Exercise
from formcheck.judging.session.moment import Moment
from formcheck.sight.camera.camera import Camera, CameraFrame
from formcheck.sight.pose.types import Observation

from .led import BallSearch, Estimator, Finder, Speaker, speak
from .timings import Timings

Image = NDArray[np.uint8]

#: Seconds to wait for a picture before time goes on without one.
WAIT_S = 0.1
#: Seconds without a picture before the screen says so.
MISSING_S = 2.0
#: A camera that comes and goes is spoken of no more often than this (s).
CAMERA_AGAIN_S = 20.0


@dataclass(frozen=True)
class Shown:
    """What there is to show: the newest judged picture.

    Attributes
    ----------
    image : (h, w, 3) uint8 array or None
        RGB, not mirrored; None before the first picture.
    t, captured : float
        Seconds of the stream, and ``time.perf_counter()`` of the capture.
    moment : Moment or None
    scene : Scene
    setup : Setup or None
    exercise : Exercise
    target : Target
    fresh : bool
        False where the picture has been shown before.
    gesture : Gesture or None
        An arm that is being held up.
    """

    image: Image | None
    t: float
    captured: float
    moment: Moment | None
    scene: Scene
    setup: Setup | None
    exercise: Exercise
    target: Target
    fresh: bool
    gesture: Gesture | None = None


class JudgeLoop(threading.Thread):
    """Judge the newest picture, again and again, until stopped or the source ends.

    Parameters
    ----------
    camera : Camera
    make_estimator : callable
        Gives the pose estimator and closes over its end: a context manager's result.
    workout : Workout
        Used by this thread alone, its listener included.
    speaker : Speaker
    make_finder : callable, optional
        Gives what looks for the ball, a new one for each exercise that uses one.
    on_picture : callable, optional
        Called with each picture judged and its time (recording).
    """

    def __init__(
        self,
        camera: Camera,
        estimator: Estimator,
        workout: Workout,
        speaker: Speaker,
        *,
        make_finder: Callable[[], Finder] | None = None,
        on_picture: Callable[[float, Image], None] | None = None,
    ) -> None:
        super().__init__(name="judge", daemon=True)
        self.timings = Timings()
        self.error: BaseException | None = None
        self._camera, self._estimator, self._workout, self._speaker = camera, estimator, workout, speaker
        self._ball, self._on_picture = BallSearch(workout, make_finder), on_picture
        self._commands: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._stopping, self._ended = threading.Event(), threading.Event()
        self._news = threading.Condition()
        self._shown: Shown | None = None
        self._version = 0
        self._frame: CameraFrame | None = None
        self._told, self._told_at = False, -1e9

    # ---- for other threads ---------------------------------------------------------
    def newer(self, version: int, timeout: float) -> tuple[int, Shown | None]:
        """Wait for something newer than *version*; return the newest version and what it shows."""
        with self._news:
            self._news.wait_for(lambda: self._version > version or self.over, timeout)
            return self._version, self._shown

    def command(self, action: Callable[[], None]) -> None:
        """Let the judging thread do something (pause, skip ...) before the next picture."""
        self._commands.put(action)

    @property
    def over(self) -> bool:
        """Whether the thread has ended or is about to."""
        return self._stopping.is_set()

    def stop(self) -> None:
        """Ask the thread to end; :meth:`wait` for it then."""
        self._stopping.set()
        with self._news:
            self._news.notify_all()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for the end of the thread; return whether it has ended.

        Unlike with ``join``, which up to Python 3.12 takes a thread for ended when Ctrl-C interrupts it, one may wait
        again.
        """
        return self._ended.wait(timeout)

    # ---- the thread ------------------------------------------------------------------
    def run(self) -> None:
        """Judge until stopped; what is under way is then judged as far as it got."""
        try:
            try:
                while not self._stopping.is_set() and not self._workout.done:
                    self._do_commands()
                    if not self._step():
                        break
            finally:
                self._workout.finish()
        except BaseException as e:  # noqa: BLE001 - handed to the main thread, which raises it
            self.error = e
        finally:
            self.timings.dropped = self._camera.dropped
            self.stop()
            self._ended.set()

    def _do_commands(self) -> None:
        while True:
            try:
                action = self._commands.get_nowait()
            except Empty:
                return
            action()

    def _step(self) -> bool:
        """Judge one picture, or let a moment pass; return False at the end of the source."""
        after = -1 if self._frame is None else self._frame.index
        frame = self._camera.newest(after, WAIT_S)
        if frame is None:
            if self._camera.state in ("ended", "failed"):
                return False
            self._without_picture()
            return True
        self._frame = frame
        self._tell_camera("camera-back", frame.t)
        self._judge(frame)
        return True

    def _judge(self, frame: CameraFrame) -> None:
        began = time.perf_counter()
        pose = self._estimator.estimate(frame.t, frame.image)
        ball = self._ball.find(frame.t, frame.image, pose)
        inferred = time.perf_counter()
        seen = Observation.of(frame.t, frame.image, pose, ball, self._estimator.persons)
        moment = self._workout.observe(seen, speaking=self._speaker.speaking)
        scene = self._workout.scene
        judged = time.perf_counter()
        self._speak(frame.t, frame.captured)
        self.timings.inference.append(inferred - began)
        self.timings.judging.append(judged - inferred)
        self.timings.judged += 1
        if self._on_picture is not None:
            self._on_picture(frame.t, frame.image)
        self._publish(frame, moment, scene, fresh=True)

    def _without_picture(self) -> None:
        frame = self._frame
        if frame is None:
            # Nothing has been seen yet: the workout begins with the first picture.
            self._publish(None, None, self._no_camera(), fresh=False)
            return
        gone = time.perf_counter() - frame.captured
        t = frame.t + gone
        lost = self._camera.state == "lost" or gone > MISSING_S
        if lost:
            self._tell_camera("camera-lost", t)
        self._workout.tick(t, speaking=self._speaker.speaking)
        self._speak(t, None)
        self._publish(frame, None, self._no_camera() if lost else self._workout.scene, fresh=False)

    def _no_camera(self) -> Scene:
        phrases, camera = self._workout.phrases, self._camera
        if camera.state == "opening":
            return Scene(NO_CAMERA, headline=phrases.screen("starting"))
        again = camera.retry_in
        lines = (phrases.screen("reconnecting", n=max(round(again), 1)),) if again is not None else ()
        return Scene(NO_CAMERA, headline=phrases.advice("camera-lost"), detail=camera.message, lines=lines, ok=False)

    def _tell_camera(self, key: str, t: float) -> None:
        """Say once that the camera is gone, and once that it is back; of one that comes and goes, only now and then."""
        if key == "camera-lost":
            if self._told or t - self._told_at < CAMERA_AGAIN_S:
                return
            self._told, self._told_at = True, t
        elif self._told:
            self._told = False
        else:
            return
        self._workout.tell(Utterance(self._workout.phrases.advice(key), ALERT, t, 3.0, key))

    def _speak(self, t: float, captured: float | None) -> None:
        for _ in range(speak(self._workout, self._speaker, t)):
            if captured is not None:
                self.timings.to_cue.append(time.perf_counter() - captured)

    def _publish(self, frame: CameraFrame | None, moment: Moment | None, scene: Scene, *, fresh: bool) -> None:
        w = self._workout
        shown = Shown(
            frame.image if frame is not None else None,
            frame.t if frame is not None else 0.0,
            frame.captured if frame is not None else 0.0,
            moment,
            scene,
            w.setup,
            w.exercise,
            w.target,
            fresh,
            w.gesture if fresh else None,
        )
        with self._news:
            self._shown = shown
            self._version += 1
            self._news.notify_all()
