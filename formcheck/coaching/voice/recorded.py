"""The recorded voice: cues of a bank, played by one of the system's players."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from .bank import Bank, write_wave
from .engines import HANGS, HANGS_S, Engine, Pause, Process, Speaking
from .utterances import Utterance, speech_seconds


class Recorded:
    """Plays recorded cues; what is not among them is left to another engine.

    Parameters
    ----------
    bank : Bank
    player : list of str
        A call that plays the file given behind it.
    other : Engine, optional
        Speaks what the bank does not hold; without it that takes its time in silence. It is not closed here.
    """

    name = "recorded voice"

    def __init__(self, bank: Bank, player: list[str], other: Engine | None = None) -> None:
        self._bank, self._player, self._other = bank, player, other
        self._folder = tempfile.TemporaryDirectory(prefix="formcheck-voice-")

    def start(self, utterance: Utterance) -> Speaking:
        """Begin to play an utterance."""
        text = utterance.text
        file = Path(self._folder.name) / f"{sha256(text.encode()).hexdigest()[:20]}.wav"
        if not file.is_file() and not self._write(text, file):
            if self._other is not None:
                return self._other.start(utterance)
            return Pause(speech_seconds(text))
        seconds = self._bank.seconds(text) or 0.0
        return Process([*self._player, str(file)], limit_s=HANGS_S + HANGS * seconds)

    def close(self) -> None:
        """Delete the sound files."""
        with suppress(OSError):
            self._folder.cleanup()

    def _write(self, text: str, file: Path) -> bool:
        """Write a text's sound as a WAV file; return False where the bank does not hold it."""
        samples = self._bank.samples(text)
        if samples is None:
            return False
        write_wave(str(file), samples, self._bank.rate)
        return True
