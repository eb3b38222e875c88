"""The live coach: camera, judging thread, window and voice put together, and taken apart again whatever happens."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from formcheck.analysis.options import Options, check_overrides
from formcheck.coaching.coach.corrections import EVERY
from formcheck.coaching.coach.phrases import Phrases
from formcheck.coaching.coach.plan import Plan
from formcheck.coaching.coach.scene import NO_CAMERA, Scene
from formcheck.coaching.coach.sets import SetResult
from formcheck.coaching.coach.workout import Workout
from formcheck.errors import InputError
from formcheck.judging.exercises.plugins import isolated
from formcheck.judging.rules.exercise import Exercise
from formcheck.judging.rules.records import Rep
from formcheck.sight.ball import BallFinder
from formcheck.sight.camera.camera import FAILED, Camera, open_camera
from formcheck.turns import short_turns

from .judging import JudgeLoop, Shown
from .keeping import Keeper
from .led import begin_log, make_workout
from .timings import Timings

#: Longest wait for something new to show before the keys are looked at again (s).
KEYS_S = 0.02
#: Longest wait for the last report after a second Ctrl-C (s).
ENDING_S = 10.0


@dataclass(frozen=True)
class LiveOptions:
    """How to run a live workout.

    Attributes
    ----------
    plan : Plan
    camera : int or str
        Index, device path, URL, or a file played in real time.
    analysis : Options
        Model, limits and strictness.
    lang : str
    voice : bool
    mirror : bool or None
        Show the preview as a mirror; None: for a camera yes, for files and streams no.
    window, full_screen : bool
    record : path or None
        Video to write.
    record_plain : bool
        Record the camera's pictures as they are, not the annotated ones.
    out : path or None
        Folder of the reports; None writes none.
    introduce : bool
        Speak and show the introductions.
    history : bool
        Keep the session in the history.
    history_file : path or None
        The file of the history; None: the one of whoever uses the machine.
    force : bool
        Replace an existing recording.
    voice_log : path or None
        Where to write what was said and when.
    correct_every : int
        A correction is said in one of this many repetitions while its fault stays.
    hands : bool
        A raised arm pauses, goes on and answers.
    """

    plan: Plan
    camera: int | str = 0
    analysis: Options = field(default_factory=Options)
    lang: str = "en"
    voice: bool = True
    mirror: bool | None = None
    window: bool = True
    full_screen: bool = True
    record: Path | None = None
    record_plain: bool = False
    out: Path | None = None
    introduce: bool = True
    history: bool = True
    history_file: Path | None = None
    force: bool = False
    voice_log: Path | None = None
    correct_every: int = EVERY
    hands: bool = True


@dataclass
class LiveResult:
    """What became of a live workout.

    Attributes
    ----------
    results : list of SetResult
    reports : list of dict
    files : list of path
        Report pages and the recording.
    warnings : list of str
        What did not work but did not stop the workout.
    timings : Timings
    source_message : str
        Why the camera ended, where it did.
    """

    results: list[SetResult]
    reports: list[dict[str, Any]]
    files: list[Path]
    warnings: list[str]
    timings: Timings
    source_message: str = ""


class Live:
    """One live workout, from opening the camera to the summary.

    Parameters
    ----------
    options : LiveOptions
    say : callable
        Tells the person at the terminal something (one line).
    on_rep : callable, optional
        Called with each judged attempt, from the judging thread.
    """

    def __init__(
        self,
        options: LiveOptions,
        say: Callable[[str], None] = lambda _line: None,
        on_rep: Callable[[Exercise, Rep], None] | None = None,
    ) -> None:
        self.options = options
        self.phrases = Phrases(options.lang)
        self.warnings: list[str] = []
        self._tell, self._on_rep = say, on_rep
        self._keeper: Keeper | None = None
        self._loop: JudgeLoop | None = None
        self._workout: Workout | None = None
        self._recorder: Any = None
        self._message = ""
        self._shown_size: tuple[int, int] | None = None

    def run(self) -> None:
        """Run until the workout, the source or the person ends it.

        Raises
        ------
        FormcheckError
            If the camera, the model or the window cannot be had, or an output exists.
        KeyboardInterrupt
            On Ctrl-C or SIGTERM; all that was done is kept, see :attr:`result`.
        """
        o = self.options
        check_overrides(o.analysis)
        with ExitStack() as stack:
            camera = self._open_camera(stack)
            painter = self._painter()
            window = self._open_window(stack, painter)
            estimator = self._open_estimator(stack)
            voice = self._open_voice(stack)
            self._keeper = Keeper(
                o.out, self._open_log(stack), _described(camera), self._on_rep, self._warn, o.analysis.ball_cm, o.lang
            )
            self._workout = make_workout(
                o.plan,
                self.phrases,
                o.analysis,
                self._keeper,
                introduce=o.introduce,
                correct_every=o.correct_every,
                hands=o.hands,
            )
            self._recorder = self._open_recorder(stack)
            plain = self._recorder.write if self._recorder is not None and o.record_plain else None
            camera.start()
            loop = self._loop = JudgeLoop(
                camera, estimator, self._workout, voice, make_finder=BallFinder, on_picture=plain
            )
            stack.enter_context(short_turns())
            loop.start()
            # Last in, first out: the judging thread ends, and with it the set, before anything it uses is closed.
            stack.callback(self._end, loop, camera)
            self._show(loop, window, painter, voice)
        if loop.error is not None:
            with isolated(self._workout.exercise):
                raise loop.error
        if camera.state == FAILED:
            # A file that cannot be read to its end.
            if not loop.timings.judged:
                raise InputError(self._message)
            self._warn(self._message)

    def stop(self) -> None:
        """End it as the key for quitting does; may come from any thread."""
        if self._loop is not None:
            self._loop.stop()

    @property
    def result(self) -> LiveResult:
        """What there is so far; complete once :meth:`run` has ended, however it did."""
        keeper, loop, workout = self._keeper, self._loop, self._workout
        files = list(keeper.files) if keeper is not None else []
        if self.options.record is not None and self.options.record.exists() and self._recorder is not None:
            files.append(self.options.record)
        return LiveResult(
            workout.results if workout is not None else [],
            keeper.reports if keeper is not None else [],
            files,
            self.warnings,
            loop.timings if loop is not None else Timings(),
            self._message,
        )

    # ---- the loop on the main thread ---------------------------------------------------
    def _show(self, loop: JudgeLoop, window: Any, painter: Any, voice: Any) -> None:
        if painter is None:
            while not loop.over:
                loop.newer(1 << 60, 0.5)
                self._listen_to(voice)
            return
        from .keys import Keys

        assert self._workout is not None
        keys = Keys(loop, self._workout, window, painter, voice)
        version = 0
        while not loop.over:
            latest, shown = loop.newer(version, KEYS_S)
            if shown is not None and latest > version:
                version = latest
                self._draw(painter, shown, loop.timings, window)
            self._listen_to(voice)
            if window is not None:
                for key in window.poll():
                    keys.press(key)
                if window.closed:
                    return

    def _draw(self, painter: Any, shown: Shown, timings: Timings, window: Any) -> None:
        began = time.perf_counter()
        picture = painter.paint(shown)
        drawn = time.perf_counter()
        if self._recorder is not None and not self.options.record_plain and shown.fresh:
            self._recorder.write(shown.t, picture)
        if window is not None:
            self._fit(window, picture)
            window.show(picture)
        if shown.fresh:
            timings.drawing.append(drawn - began)
            delay = window.delay if window is not None else None
            timings.to_display.append(time.perf_counter() - shown.captured + (delay or 0.0))

    def _fit(self, window: Any, picture: Any) -> None:
        """Give the window the proportions of the pictures, once it is known what they are."""
        size = picture.shape[1], picture.shape[0]
        if size != self._shown_size:
            self._shown_size = size
            window.fit(*size)

    def _end(self, loop: JudgeLoop, camera: Camera) -> None:
        loop.stop()
        try:
            loop.wait()
        except KeyboardInterrupt:
            # Whoever presses Ctrl-C twice still wants what was done to be kept, but not to wait for ever.
            loop.wait(ENDING_S)
            raise
        finally:
            self._message = camera.message

    # ---- opening the parts ---------------------------------------------------------------
    def _open_camera(self, stack: ExitStack) -> Camera:
        camera = open_camera(self.options.camera)
        stack.callback(camera.close)
        return camera

    def _painter(self) -> Any:
        if not self.options.window and (self.options.record is None or self.options.record_plain):
            return None
        from formcheck.showing.draw.fonts import find_font

        from .painter import Painter

        mirror = _is_device(self.options.camera) if self.options.mirror is None else self.options.mirror
        return Painter(self.phrases, mirror=mirror, font=find_font(self.phrases.letters))

    def _open_window(self, stack: ExitStack, painter: Any) -> Any:
        if not self.options.window:
            return None
        from .window import Window

        window = Window("formcheck")
        stack.callback(window.close)
        window.show(painter.card(Scene(NO_CAMERA, headline=self.phrases.screen("starting"))))
        if self.options.full_screen:
            window.toggle_full_screen()
        return window

    def _open_estimator(self, stack: ExitStack) -> Any:
        from formcheck.sight.models.store import resolve_model
        from formcheck.sight.pose.estimator import MediaPipePose

        model = resolve_model(path=self.options.analysis.model, quiet=self.options.analysis.quiet)
        return stack.enter_context(MediaPipePose(model))

    def _open_voice(self, stack: ExitStack) -> Any:
        from formcheck.coaching.voice.voice import find_voice

        voice = find_voice(self.phrases.voice, on=self.options.voice, log=self.options.voice_log)
        stack.callback(voice.close)
        return voice

    def _listen_to(self, voice: Any) -> None:
        """Say once why nothing is spoken."""
        news = voice.news() if self.options.voice else None
        if news:
            self._warn(news)

    def _open_log(self, stack: ExitStack) -> Any:
        if not self.options.history:
            return None
        return begin_log(stack, self.options.plan, self._warn, self.options.history_file)

    def _open_recorder(self, stack: ExitStack) -> Any:
        if self.options.record is None:
            return None
        from .recorder import Recorder

        recorder = Recorder(self.options.record, force=self.options.force)
        stack.callback(recorder.close)
        return recorder

    def _warn(self, line: str) -> None:
        self.warnings.append(line)
        self._tell(line)


def _is_device(camera: int | str) -> bool:
    return isinstance(camera, int) or str(camera).isdigit() or str(camera).startswith("/dev/")


def _described(camera: Camera) -> dict[str, Any]:
    info = camera.info
    return {
        "path": info.path,
        "kind": info.kind,
        "duration_s": None,
        "fps": None,
        "width": info.width,
        "height": info.height,
        "frames": 0,
        "frames_used": 0,
        "rotation": 0,
    }
