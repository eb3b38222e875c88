"""The recorded voice as the page gets it."""

from __future__ import annotations

import io
import wave

import numpy as np
import pytest

from formcheck.coaching.voice.bank import find_bank
from formcheck.coaching.voice.utterances import Utterance
from formcheck.serve.spoken import clip_paths, clip_sound

from .client import Client


def said(text: str) -> Utterance:
    return Utterance(text, 1, 0.0)


def test_a_sentence_is_made_of_clips_that_are_those_of_the_bank() -> None:
    bank = find_bank("en")
    assert bank is not None
    paths = clip_paths(said("3. Change sides."), "en")
    assert paths
    words = []
    for path in paths:
        _, _, lang, name = path.split("/")
        number = int(name.removesuffix(".wav"))
        clip = list(bank.clips.values())[number]
        words += clip.words.split()
        sound = clip_sound(lang, number)
        assert sound is not None
        with wave.open(io.BytesIO(sound)) as w:
            assert (w.getnchannels(), w.getsampwidth(), w.getframerate()) == (1, 2, bank.rate)
            samples = np.frombuffer(w.readframes(w.getnframes()), np.int16)
        np.testing.assert_array_equal(samples, bank.cut(clip))
    assert words == ["three", "change", "sides"]


@pytest.mark.parametrize(("text", "lang"), [("Xylophones everywhere.", "en"), ("Zmień stronę.", "pl"), ("", "en")])
def test_what_the_bank_lacks_is_left_to_the_browser(text: str, lang: str) -> None:
    assert clip_paths(said(text), lang) == []


def test_the_page_gets_clips_and_no_other_files(client: Client) -> None:
    bank = find_bank("en")
    assert bank is not None
    answer = client.ask("GET", f"/voice/en/{len(bank.clips) - 1}.wav")
    assert (answer.status, answer.headers["content-type"]) == (200, "audio/wav")
    for path in (f"/voice/en/{len(bank.clips)}.wav", "/voice/pl/0.wav", "/voice/../0.wav", "/voice/en/-1.wav"):
        assert client.ask("GET", path).status == 404, path
