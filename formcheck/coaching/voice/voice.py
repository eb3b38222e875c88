"""The voice: says one thing at a time off the frame loop, and never late.

A worker thread speaks what lies in a mailbox that holds one utterance, the newest; what has become too old is dropped.
What is said at all, and what may cut off what, is decided before (``coaching.coach.director``).
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from formcheck.errors import OutputError

from .bank import find_bank
from .engines import Engine, Silence, Speaking, Tones, find_player, find_program
from .recorded import Recorded
from .utterances import Utterance

#: Seconds in which the worker must have ended.
CLOSE_S = 1.0
TONES_INSTEAD, SILENCE_INSTEAD = "short tones stand for words", "the session goes on in silence"


class VoiceLog:
    """Writes what became of every utterance, one JSON object a line: ``t``, ``key``, ``text``, ``what``, ``late_s``.

    ``what`` is ``began`` (or ``muted``: begun in silence), ``dropped`` (replaced or too old), ``cut`` or ``failed``.

    Raises
    ------
    UsageError
        If the file cannot be written.
    """

    def __init__(self, path: str | Path | None) -> None:
        self._file: TextIO | None = None
        if path is None:
            return
        try:
            # A log is read while it grows: every line is written at once.
            self._file = Path(path).open("w", encoding="utf-8", buffering=1)  # noqa: SIM115
        except OSError as e:
            raise OutputError(f"cannot write {path} ({e.strerror or e})", "choose another file for --voice-log") from e

    def write(self, utterance: Utterance, what: str, late_s: float = 0.0) -> None:
        """Add a line; a full disk does not stop the session."""
        if self._file is None:
            return
        line = {"t": round(utterance.t, 3), "key": utterance.key, "text": utterance.text, "what": what}
        with suppress(OSError, ValueError):
            self._file.write(json.dumps({**line, "late_s": round(late_s, 3)}, ensure_ascii=False) + "\n")

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            with suppress(OSError):
                self._file.close()


class Voice:
    """Speaks utterances, one at a time.

    Parameters
    ----------
    engines : sequence of Engine
        The best first; where one fails the next takes its place, and behind the last there is silence.
    why_silent : str
        Why there are no words, where the first engine does not speak.
    log : str or Path, optional
        File for what became of every utterance, see :class:`VoiceLog`.
    clock : callable
        Seconds that go on while the voice is busy.

    Attributes
    ----------
    why_silent : str
        In one sentence, why nothing is spoken; empty while it is. May change after the first utterance.
    """

    def __init__(
        self,
        engines: Sequence[Engine],
        *,
        why_silent: str = "",
        log: str | Path | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._engines: list[Engine] = [*engines, Silence()]
        self.why_silent = why_silent
        self._muted = False
        self._told = ""
        self._log, self._clock = VoiceLog(log), clock
        self._changed = threading.Condition()
        #: The mailbox: an utterance, when it became true and until when it may begin, by the clock.
        self._waiting: tuple[Utterance, float, float] | None = None
        self._now: Utterance | None = None
        self._job: Speaking | None = None
        self._cut = self._closed = False
        self._worker = threading.Thread(target=self._work, name="voice", daemon=True)
        self._worker.start()

    # ---- what the session calls -----------------------------------------------------
    @property
    def name(self) -> str:
        """What makes the utterances heard: a speech program, ``tones`` or ``silence``."""
        return self._engines[0].name

    @property
    def muted(self) -> bool:
        """While True nothing is heard; utterances take their time in silence, so that captions can be read."""
        return self._muted

    @muted.setter
    def muted(self, muted: bool) -> None:
        with self._changed:
            self._muted = muted
            if muted:
                self._forget()
                self._stop()

    @property
    def speaking(self) -> bool:
        """True while something is spoken, or about to be."""
        with self._changed:
            return self._now is not None or self._waiting is not None

    def say(self, utterance: Utterance, now: float) -> None:
        """Say something as soon as the voice is free, or not at all.

        Parameters
        ----------
        utterance : Utterance
        now : float
            The current time, on the clock of ``utterance.t`` (s).
        """
        true_at = self._clock() - (now - utterance.t)
        with self._changed:
            late = now - utterance.t
            if self._closed or late > utterance.good_for_s:
                self._log.write(utterance, "dropped", late)
                return
            if self._waiting is not None:
                self._log.write(self._waiting[0], "dropped")
            self._waiting = utterance, true_at, true_at + utterance.good_for_s
            self._changed.notify_all()

    def hush(self) -> None:
        """Stop what is being spoken, and forget what waits."""
        with self._changed:
            self._forget()
            self._stop()

    def news(self) -> str | None:
        """Return :attr:`why_silent` the first time that it is asked for after it changed, else None."""
        with self._changed:
            if not self.why_silent or self.why_silent == self._told:
                return None
            self._told = self.why_silent
            return self._told

    def wait(self, timeout_s: float) -> bool:
        """Wait until nothing is spoken any more; return False where that takes longer than *timeout_s*."""
        with self._changed:
            return self._changed.wait_for(lambda: self._now is None and self._waiting is None, timeout_s)

    def close(self) -> None:
        """Stop speaking and end the worker. May be called twice."""
        with self._changed:
            self._closed = True
            self._forget()
            self._stop()
            self._changed.notify_all()
        self._worker.join(CLOSE_S)
        for engine in self._engines:
            engine.close()
        self._log.close()

    # ---- inside -----------------------------------------------------------------
    def _forget(self) -> None:
        if self._waiting is not None:
            self._log.write(self._waiting[0], "dropped")
            self._waiting = None
            self._changed.notify_all()

    def _stop(self) -> None:
        if self._now is not None and not self._cut:
            self._cut = True
            self._log.write(self._now, "cut")
            if self._job is not None:
                self._job.kill()

    def _work(self) -> None:
        while (taken := self._take()) is not None:
            utterance, until = taken
            heard = self._speak(utterance)
            while not heard and self._fall_back(utterance) and self._clock() <= until:
                heard = self._speak(utterance)
            with self._changed:
                self._now = None
                self._changed.notify_all()

    def _take(self) -> tuple[Utterance, float] | None:
        """Wait for an utterance that may still begin; return it and until when it may, or None when all is over."""
        with self._changed:
            while True:
                self._changed.wait_for(lambda: self._closed or self._waiting is not None)
                if self._closed or self._waiting is None:
                    return None
                (utterance, true_at, until), self._waiting = self._waiting, None
                late = self._clock() - true_at
                if true_at + late <= until:
                    self._now, self._cut = utterance, False
                    self._log.write(utterance, "muted" if self._muted else "began", late)
                    return utterance, until
                self._log.write(utterance, "dropped", late)
                self._changed.notify_all()

    def _speak(self, utterance: Utterance) -> bool:
        """Make an utterance heard; return False if that failed, True also where it was cut off."""
        engine = Silence() if self._muted else self._engines[0]
        heard = False
        try:
            job = engine.start(utterance)
            with self._changed:
                self._job = job
                if self._cut:
                    job.kill()
            heard = job.wait()
        except (OSError, ValueError):
            heard = False
        with self._changed:
            self._job = None
            return heard or self._cut

    def _fall_back(self, utterance: Utterance) -> bool:
        """Give up the engine in use for the next one; return whether there is one."""
        with self._changed:
            self._log.write(utterance, "failed")
            if len(self._engines) < 2:
                return False
            failed = self._engines.pop(0)
            failed.close()
            instead = TONES_INSTEAD if self.name == Tones.name else SILENCE_INSTEAD
            self.why_silent = f"{failed.name} cannot be heard here (is there a sound device?): {instead}"
            return True


def find_voice(lang: str, *, log: str | Path | None = None, on: bool = True) -> Voice:
    """Return the best voice for a language: recorded cues, the computer's own speech, tones, else silence.

    Parameters
    ----------
    lang : str
        Language to speak: ``en``, ``pl`` ...
    log : str or Path, optional
        File for what became of every utterance.
    on : bool
        False: muted to begin with.

    Raises
    ------
    UsageError
        If the log cannot be written.
    """
    program, player, bank = find_program(lang), find_player(), find_bank(lang)
    engines: list[Engine] = []
    if program is not None:
        engines.append(program)
    if player is not None:
        engines.append(Tones(player))
    why = ""
    if bank is not None and player is not None:
        engines.insert(0, Recorded(bank, player, engines[0]))
    elif program is None:
        instead = TONES_INSTEAD if player else SILENCE_INSTEAD
        why = f"no speech program for '{lang}' is installed (espeak-ng would do): {instead}"
    voice = Voice(engines, why_silent=why, log=log)
    voice.muted = not on
    return voice
