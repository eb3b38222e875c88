"""The recorded voice for the page: which clips make up what is said, and the sound of each."""

from __future__ import annotations

import io
from functools import lru_cache

from formcheck.coaching.voice.bank import find_bank, write_wave
from formcheck.coaching.voice.utterances import Utterance


def clip_paths(utterance: Utterance, lang: str) -> list[str]:
    """Return the paths of the clips that make up an utterance, in order; none where the bank lacks a word of it."""
    bank = find_bank(lang)
    pieces = bank.pieces(utterance.text) if bank is not None else None
    if bank is None or not pieces:
        return []
    numbers = {words: k for k, words in enumerate(bank.clips)}
    return [f"/voice/{lang}/{numbers[clip.words]}.wav" for sentence in pieces for clip in sentence]


@lru_cache(maxsize=1024)
def clip_sound(lang: str, number: int) -> bytes | None:
    """Return a clip as a WAV file, None where there is none of that language and number."""
    bank = find_bank(lang)
    clips = list(bank.clips.values()) if bank is not None else []
    if bank is None or not 0 <= number < len(clips):
        return None
    sink = io.BytesIO()
    write_wave(sink, bank.cut(clips[number]), bank.rate)
    return sink.getvalue()
