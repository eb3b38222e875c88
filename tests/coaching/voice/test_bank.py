"""The recorded cues: all that the coach can say in English is there, and sounds as it should."""

import json
import sys
from functools import cache

import numpy as np
import pytest

from formcheck.coaching.coach.phrases import Phrases
from formcheck.coaching.coach.spoken import recorded, sayable
from formcheck.coaching.voice import voice as voice_module
from formcheck.coaching.voice.bank import BANKS, BETWEEN_S, WITHIN_S, Bank, decoded, find_bank, missing, words_of
from formcheck.coaching.voice.engines import Silence
from formcheck.coaching.voice.recorded import Recorded
from formcheck.coaching.voice.utterances import COUNT, Utterance, speech_seconds
from formcheck.coaching.voice.voice import find_voice

#: Loudness (dB of full scale) that a clip may have, and the highest peak (share of full scale).
LOUD_DB, PEAK = (-23.0, -16.0), 0.97
EN = Phrases("en")


@cache
def bank() -> Bank:
    found = find_bank("en")
    assert found is not None
    return found


@cache
def whole() -> np.ndarray:
    return decoded(bank().sound, bank().rate)


def clip_of(clip) -> np.ndarray:
    rate = bank().rate
    first = round(clip.start_s * rate)
    return whole()[first : first + round(clip.length_s * rate)].astype(float) / 32768


def u(text):
    return Utterance(text, COUNT, 0.0, 1.0, text)


# ---- the words -----------------------------------------------------------------------------------------------
def test_every_sentence_the_coach_can_say_is_in_the_bank_or_put_together_from_it():
    assert missing(bank(), sayable(EN)) == []


def test_what_is_recorded_is_what_the_texts_say_today():
    assert set(bank().clips) == {" ".join(words_of(t)) for t in recorded(EN)}


def test_most_sentences_are_recorded_whole_and_only_those_with_numbers_are_put_together():
    together = {t for t in sayable(EN) for s in (bank().pieces(t) or []) if len(s) > 1}
    assert all(any(c.isdigit() for c in t) for t in together)
    cut = bank().pieces("Try 4: 12 seconds, your best today.")
    assert [[c.words for c in s] for s in cut] == [["try", "four", "twelve", "seconds your best today"]]


def test_a_hold_of_ones_own_can_be_said():
    text = "Raise your right arm forward and your left leg backwards, and hold for eight seconds, breathing evenly."
    assert bank().pieces(text) is not None


def test_what_is_not_there_is_not_made_up():
    assert bank().pieces("Lift your antlers.") is None
    assert bank().samples("Lift your antlers.") is None and bank().seconds("") is None
    assert missing(bank(), ["Lift your hips.", "Lift your antlers."]) == ["Lift your antlers."]


def test_words_are_told_by_what_is_heard():
    assert words_of("Let's go on.") == ("let's", "go", "on")
    assert words_of("One second") == words_of("1 SECOND!")


# ---- the sound -----------------------------------------------------------------------------------------------
def test_the_sound_is_small_and_the_index_says_where_it_comes_from():
    assert bank().sound.stat().st_size <= 4_000_000
    index = json.loads((BANKS / "en.json").read_text(encoding="utf-8"))
    assert "CC0" in index["voice"] and index["schema"] == "formcheck.voice/1"
    assert 300 <= len(index["clips"]) <= 600


def test_clips_lie_apart_and_within_the_file():
    clips = sorted(bank().clips.values(), key=lambda c: c.start_s)
    ends = [c.start_s + c.length_s for c in clips]
    assert all(b.start_s - a >= 0.1 for a, b in zip(ends, clips[1:], strict=False))
    assert ends[-1] <= len(whole()) / bank().rate


def test_no_clip_is_cut_off_at_full_scale_or_silent_and_all_are_equally_loud():
    for clip in bank().clips.values():
        sound = clip_of(clip)
        frames = sound[: len(sound) // 220 * 220].reshape(-1, 220)
        level = np.sqrt((frames**2).mean(axis=1))
        loud = level[level > 0.1 * level.max()]
        assert np.abs(sound).max() < PEAK, clip
        assert LOUD_DB[0] < 20 * np.log10(np.sqrt((loud**2).mean())) < LOUD_DB[1], clip
        assert len(loud) > 0.3 * len(level), clip


def test_a_clip_is_as_long_as_its_words():
    for clip in bank().clips.values():
        n = len(clip.words)
        assert 0.12 + 0.03 * n < clip.length_s < 0.95 + 0.11 * n, clip


def test_nothing_takes_longer_than_the_director_thinks():
    for text in sayable(EN):
        spelled = " ".join(words_of(text))
        assert bank().seconds(text) < 1.2 * speech_seconds(spelled) + 0.35, text


def test_a_clip_cut_out_of_the_file_is_the_clip():
    for words in ("lift your hips", "three", "move back a little"):
        clip = bank().clips[words]
        cut, there = bank().cut(clip).astype(float), clip_of(clip) * 32768
        assert len(cut) == len(there)
        assert np.abs(cut - there).max() < 400


def test_a_sentence_put_together_has_its_pauses():
    rate = bank().rate
    three, more = (bank().clips[w] for w in ("three", "one more"))
    sound = bank().samples("3. One more.")
    assert len(sound) == pytest.approx((three.length_s + BETWEEN_S + more.length_s) * rate, abs=3)
    assert bank().seconds("3. One more.") == pytest.approx(len(sound) / rate, abs=0.001)
    side = bank().samples("Left side, 14")
    both = sum(bank().clips[w].length_s for w in ("left side", "fourteen"))
    assert len(side) == pytest.approx((both + WITHIN_S) * rate, abs=3)


# ---- playing -------------------------------------------------------------------------------------------------
def player(out):
    code = f"import sys, wave; w = wave.open(sys.argv[1]); open({str(out)!r}, 'a').write(f'{{w.getnframes()}} ')"
    return [sys.executable, "-c", code]


class Other:
    name = "other"

    def __init__(self):
        self.said = []

    def start(self, utterance):
        self.said.append(utterance.text)
        return Silence().start(u(""))

    def close(self):
        raise AssertionError("it belongs to somebody else")


def test_a_cue_is_played_from_the_bank_and_what_is_not_there_by_the_other_engine(tmp_path):
    out, other = tmp_path / "played.txt", Other()
    engine = Recorded(bank(), player(out), other)
    assert engine.start(u("Lift your hips.")).wait()
    assert engine.start(u("Lift your hips.")).wait()
    engine.start(u("Lift your antlers.")).wait()
    frames = len(bank().samples("Lift your hips."))
    assert out.read_text().split() == [f"{frames}"] * 2
    assert other.said == ["Lift your antlers."]
    engine.close()


def test_english_has_a_recorded_voice_and_polish_the_computers_own(monkeypatch):
    monkeypatch.setattr(voice_module, "find_program", lambda lang: None)
    monkeypatch.setattr(voice_module, "find_player", lambda: ["play"])
    english, polish = find_voice("en"), find_voice("pl")
    assert (english.name, english.why_silent) == ("recorded voice", "")
    assert polish.name == "tones" and "'pl'" in polish.why_silent
    english.close()
    polish.close()
    monkeypatch.setattr(voice_module, "find_player", lambda: None)
    nothing = find_voice("en")
    assert nothing.name == "silence" and nothing.why_silent
    nothing.close()
