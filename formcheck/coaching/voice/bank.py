"""Recorded cues: one sound file of many clips, an index by text, and sentences put together from clips.

A bank is two files beside this module, ``en.mp3`` and ``en.json``. The index names the words of each clip, its start
and its length in seconds; a page in a browser plays the same files. A sentence is looked up whole, else it is put
together from the longest clips that make up its words, numbers among them; what cannot be put together is not in the
bank. ``benchmarks/render_voice.py`` makes it.
"""

from __future__ import annotations

import json
import re
import wave
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from formcheck.judging.rules.said import number_in_words

BANKS = Path(__file__).parent / "bank"
SCHEMA = "formcheck.voice/1"
#: Silence (s) between two clips of one sentence: within it, and where a new sentence begins.
WITHIN_S, BETWEEN_S = 0.03, 0.22
#: Sound before a place that is decoded and thrown away, lest the decoder begin in the middle of something (s).
RUN_UP_S = 0.3

Samples = NDArray[np.int16]
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_SENTENCE = re.compile(r"(?<=[.!?])\s+")


def words_of(text: str, lang: str = "en") -> tuple[str, ...]:
    """Return the words of a text as an index spells them: small letters, numbers in words, no marks.

    >>> words_of("Left side, 12")
    ('left', 'side', 'twelve')
    >>> words_of("42. Change sides.")
    ('forty', 'two', 'change', 'sides')
    """
    said = re.sub(r"\d+", lambda m: f" {number_in_words(int(m[0]), lang)} ", text)
    return tuple(_WORD.findall(said.lower()))


def sentences_of(text: str) -> list[str]:
    """Return the sentences of a text.

    >>> sentences_of("3. One more.")
    ['3.', 'One more.']
    """
    return [s for s in _SENTENCE.split(text.strip()) if s]


@dataclass(frozen=True)
class Clip:
    """A place in the sound file.

    Attributes
    ----------
    words : str
    start_s, length_s : float
    """

    words: str
    start_s: float
    length_s: float


class Bank:
    """The recorded cues of one language.

    Parameters
    ----------
    index : Mapping
        What stands in the index file.
    sound : path
        The sound file.
    """

    def __init__(self, index: Mapping[str, Any], sound: Path) -> None:
        self.lang: str = index["language"]
        self.rate: int = index["rate_hz"]
        self.sound = sound
        self.clips = {words: Clip(words, start, length) for words, (start, length) in index["clips"].items()}
        self._longest = max((len(w.split()) for w in self.clips), default=0)

    def pieces(self, text: str) -> list[list[Clip]] | None:
        """Return the clips of a text, sentence by sentence; None where a word of it is not in the bank."""
        out = []
        for sentence in sentences_of(text):
            words = words_of(sentence, self.lang)
            clips = self._fit(words)
            if clips is None:
                return None
            out.append(clips)
        return out

    def seconds(self, text: str) -> float | None:
        """Return how long a text takes (s); None where it is not in the bank."""
        pieces = self.pieces(text)
        if not pieces:
            return None
        gaps = sum(WITHIN_S * (len(p) - 1) for p in pieces) + BETWEEN_S * (len(pieces) - 1)
        return sum(c.length_s for p in pieces for c in p) + gaps

    def samples(self, text: str) -> Samples | None:
        """Return the sound of a text, 16 bit at ``rate``; None where it is not in the bank."""
        pieces = self.pieces(text)
        if not pieces:
            return None
        within, between = (np.zeros(round(s * self.rate), np.int16) for s in (WITHIN_S, BETWEEN_S))
        parts: list[Samples] = []
        for k, sentence in enumerate(pieces):
            parts += [between] if k else []
            for i, clip in enumerate(sentence):
                parts += [within] if i else []
                parts.append(self.cut(clip))
        return np.concatenate(parts)

    def cut(self, clip: Clip) -> Samples:
        """Return the samples of one clip."""
        return decoded(self.sound, self.rate, clip.start_s, clip.length_s)

    def _fit(self, words: tuple[str, ...]) -> list[Clip] | None:
        """Return the fewest clips that make up the words in order, None where there are none."""
        best: list[list[Clip] | None] = [[], *[None] * len(words)]
        for end in range(1, len(words) + 1):
            for at in range(max(end - self._longest, 0), end):
                before, clip = best[at], self.clips.get(" ".join(words[at:end]))
                if before is None or clip is None:
                    continue
                now = best[end]
                if now is None or len(before) + 1 < len(now):
                    best[end] = [*before, clip]
        return best[-1] or None


def decoded(path: Path, rate: int, start_s: float = 0.0, length_s: float | None = None) -> Samples:
    """Return a part of a sound file as 16-bit samples, one channel.

    Parameters
    ----------
    path : path
    rate : int
        Samples a second of the file.
    start_s : float
    length_s : float, optional
        Default: to the end.
    """
    import av

    from formcheck.sight.video.media import open_media

    first = round(start_s * rate)
    last = None if length_s is None else first + round(length_s * rate)
    parts: list[tuple[int, Samples]] = []
    with open_media(path) as sound:
        stream = sound.streams.audio[0]
        # The encoder's own run-up is left out by the decoder, but not in the times it tells.
        begun, tick = stream.start_time or 0, float(stream.time_base or 0) or 1.0 / rate
        if start_s > RUN_UP_S:
            sound.seek(begun + int((start_s - RUN_UP_S) / tick), stream=stream)
        mono = av.AudioResampler("s16", "mono", rate)
        for frame in sound.decode(stream):
            at = round(((frame.pts or 0) - begun) * tick * rate)
            parts += [(at, np.asarray(made.to_ndarray().reshape(-1), np.int16)) for made in mono.resample(frame)]
            if last is not None and at > last:
                break
    end = last if last is not None else max((at + len(s) for at, s in parts), default=first)
    out = np.zeros(max(end - first, 0), np.int16)
    for at, samples in parts:
        lo, hi = max(at, first), min(at + len(samples), end)
        if lo < hi:
            out[lo - first : hi - first] = samples[lo - at : hi - at]
    return out


def write_wave(sink: str | IO[bytes], samples: Samples, rate: int) -> None:
    """Write samples, one channel, as a WAV file.

    Parameters
    ----------
    sink : str or binary file
    samples : (n,) array of int16
    rate : int
        Samples a second.
    """
    with wave.open(sink, "wb") as w:
        w.setnchannels(1)
        w.setsampwidth(2)
        w.setframerate(rate)
        w.writeframes(samples.tobytes())


@cache
def find_bank(lang: str) -> Bank | None:
    """Return the bank of a language, None where there is none."""
    index = BANKS / f"{lang}.json"
    if not index.is_file():
        return None
    data = json.loads(index.read_text(encoding="utf-8"))
    sound = BANKS / data["sound"]
    return Bank(data, sound) if data["schema"] == SCHEMA and sound.is_file() else None


def missing(bank: Bank, texts: Iterable[str]) -> list[str]:
    """Return the texts that a bank does not hold and cannot put together."""
    return [t for t in texts if bank.pieces(t) is None]
