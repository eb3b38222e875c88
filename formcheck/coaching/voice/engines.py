"""What can make a sentence heard: the system's own speech programs, short tones, or nothing at all.

Each utterance is a child process of its own, so that it can be ended at any moment. Texts are handed over on standard
input or behind ``--``, never through a shell.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from formcheck.children import child, environment_of_others

from .tones import tone_for, write_tones
from .utterances import Utterance, speech_seconds

#: A calm rate of speech, in words a minute.
WORDS_PER_MIN = 150
#: Seconds in which a program must answer which voices it has.
ASK_S = 10.0
#: An utterance that takes this many times as long as it should, and some seconds, hangs.
HANGS, HANGS_S = 4.0, 5.0

_WINDOWS = """
[Console]::InputEncoding = [System.Text.Encoding]::UTF8
Add-Type -AssemblyName System.Speech
$s = New-Object System.Speech.Synthesis.SpeechSynthesizer
$v = $s.GetInstalledVoices() | Where-Object { $_.VoiceInfo.Culture.TwoLetterISOLanguageName -eq 'LANG' }
if (-not $v) { exit 3 }
$s.SelectVoice(@($v)[0].VoiceInfo.Name)
$s.Rate = -1
$s.Speak([Console]::In.ReadToEnd())
"""


class Speaking(Protocol):
    """An utterance being made heard."""

    def wait(self) -> bool:
        """Wait for its end; return False if it could not be heard."""

    def kill(self) -> None:
        """End it at once; :meth:`wait` then returns True."""


class Engine(Protocol):
    """Something that makes utterances heard."""

    @property
    def name(self) -> str:
        """What to call it."""

    def start(self, utterance: Utterance) -> Speaking:
        """Begin to make an utterance heard."""

    def close(self) -> None:
        """Give back what it holds."""


class Process:
    """A program under way.

    Parameters
    ----------
    argv : list of str
    text : str
        Written to its standard input.
    limit_s : float
        Seconds after which it is ended as hanging.
    """

    def __init__(self, argv: list[str], text: str = "", limit_s: float = 60.0) -> None:
        # In a process group of its own, so that Ctrl-C in the terminal is ours to answer.
        flags = getattr(subprocess, "CREATE_NO_WINDOW", 0)
        self._child = subprocess.Popen(
            argv,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=environment_of_others(),
            start_new_session=os.name == "posix",
            creationflags=flags,
        )
        self._text, self._limit_s, self._killed = text, limit_s, False

    def wait(self) -> bool:
        """Wait for the program's end; False where it failed, said so on standard error, or hung."""
        try:
            _, err = self._child.communicate(self._text.encode(), timeout=self._limit_s)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.communicate()
            return self._killed
        if self._killed:
            return True
        # espeak-ng ends with 0 even where there is no sound device, but says "error: ...".
        return self._child.returncode == 0 and not any(line.startswith(b"error:") for line in err.splitlines())

    def kill(self) -> None:
        """End the program."""
        self._killed = True
        with suppress(OSError):
            self._child.kill()


class Pause:
    """As long as an utterance would take, in silence."""

    def __init__(self, seconds: float) -> None:
        self._seconds, self._over = seconds, threading.Event()

    def wait(self) -> bool:
        """Wait for its end."""
        self._over.wait(self._seconds)
        return True

    def kill(self) -> None:
        """End it."""
        self._over.set()


@dataclass(frozen=True)
class Program:
    """A speech program.

    Attributes
    ----------
    name : str
    argv : tuple of str
        Its call; the text goes to standard input, or behind it where it ends with ``--``.
    stop : tuple of str
        What else to call to end an utterance, where it is not the program itself that speaks.
    """

    name: str
    argv: tuple[str, ...]
    stop: tuple[str, ...] = ()

    def start(self, utterance: Utterance) -> Speaking:
        """Begin to speak."""
        behind = self.argv[-1] == "--"
        text = utterance.text.replace("\0", " ")
        limit_s = HANGS_S + HANGS * speech_seconds(text)
        argv = [*self.argv, text] if behind else list(self.argv)
        job = Process(argv, "" if behind else text, limit_s)
        return _Stopped(job, list(self.stop)) if self.stop else job

    def close(self) -> None:
        """Nothing is held."""


class _Stopped:
    """A job whose program only hands the text to a server, which must be told to stop."""

    def __init__(self, job: Process, stop: list[str]) -> None:
        self._job, self._stop = job, stop

    def wait(self) -> bool:
        return self._job.wait()

    def kill(self) -> None:
        self._job.kill()
        with suppress(OSError):
            Process(self._stop, limit_s=1.0).wait()


class Tones:
    """Short tones, played by one of the system's players.

    Parameters
    ----------
    player : list of str
        A call that plays the file given behind it.
    """

    name = "tones"

    def __init__(self, player: list[str]) -> None:
        self._player = player
        self._folder = tempfile.TemporaryDirectory(prefix="formcheck-tones-")
        self._files = write_tones(Path(self._folder.name))

    def start(self, utterance: Utterance) -> Speaking:
        """Begin to play what stands for an utterance; silence where nothing does."""
        tone = tone_for(utterance)
        if tone is None:
            return Pause(0.0)
        return Process([*self._player, str(self._files[tone])], limit_s=HANGS_S)

    def close(self) -> None:
        """Delete the sound files."""
        with suppress(OSError):
            self._folder.cleanup()


class Silence:
    """Nobody hears anything; every utterance takes its time all the same, so that captions can be read."""

    name = "silence"

    def start(self, utterance: Utterance) -> Speaking:
        """Begin to wait."""
        return Pause(speech_seconds(utterance.text))

    def close(self) -> None:
        """Nothing is held."""


Which = Callable[[str], "str | None"]
Ask = Callable[[list[str]], str]


def ask(argv: list[str]) -> str:
    """Return what a program prints; empty where it cannot be run, fails or takes too long."""
    try:
        done = subprocess.run(
            argv,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=ASK_S,
            check=False,
            text=True,
            errors="replace",
            env=environment_of_others(),
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout if done.returncode == 0 else ""


def find_program(
    lang: str, *, which: Which = shutil.which, ask: Ask = ask, platform: str = sys.platform
) -> Program | None:
    """Return the installed speech program that speaks a language, or None.

    Parameters
    ----------
    lang : str
        ``en``, ``pl`` ...
    which : callable
        Finds a program.
    ask : callable
        Returns what a call prints.
    platform : str
    """
    if platform == "darwin" and (say := which("say")):
        lines = [line.partition(f" {lang}_") for line in ask([say, "-v", "?"]).splitlines()]
        voices = [name.strip() for name, found, _ in lines if found]
        if voices:
            return Program("say", (say, "-v", voices[0], "-r", f"{WORDS_PER_MIN}", "-f", "-"))
    if platform == "win32" and (shell := which("powershell") or which("pwsh")):
        program = Program("speech of Windows", (shell, "-NoProfile", "-Command", _WINDOWS.replace("LANG", lang)))
        # Nothing to say: tells whether there is a voice.
        if ask([*program.argv[:-1], program.argv[-1].replace("$s.Speak", "Write-Output 'yes' #")]).strip():
            return program
    for name in ("espeak-ng", "espeak"):
        path = which(name)
        if path and len(ask([path, f"--voices={lang}"]).strip().splitlines()) > 1:
            return Program(name, (path, "-v", lang, "-s", f"{WORDS_PER_MIN}", "--"))
    if path := which("spd-say"):
        languages = ask([path, "-L"]).split()
        if not languages or lang in languages or any(x.startswith(f"{lang}-") for x in languages):
            return Program("spd-say", (path, "--wait", "-l", lang, "-r", "-15", "--"), (path, "-S"))
    return None


def find_player(*, which: Which = shutil.which, platform: str = sys.platform) -> list[str] | None:
    """Return the call of a program that plays a WAV file given behind it, or None."""
    if platform == "win32":
        return child("formcheck.coaching.voice.play_wav")
    for name, options in (("afplay", []), ("pw-play", []), ("paplay", []), ("aplay", ["-q"])):
        if path := which(name):
            return [path, *options]
    return None
