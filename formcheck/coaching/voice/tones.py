"""Short tones where no speech can be had: rising for what counts, low for what is to be put right."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .utterances import ADVICE, ALERT, CORRECTION, COUNT, FLOW, PRAISE, TIMED, Utterance

RATE_HZ = 22050
#: Seconds of a note, and of its swelling and fading.
NOTE_S, EDGE_S = 0.11, 0.015
LOUDNESS = 0.35
#: Notes (Hz) of each tone.
NOTES: dict[str, tuple[float, ...]] = {
    "rep": (523.25, 783.99),
    "tick": (659.26,),
    "correction": (220.0, 196.0),
    "flow": (392.0, 523.25, 659.26),
    "alert": (293.66, 293.66),
    "praise": (659.26, 880.0),
}
#: ... and which of them stands for words of a level.
TONES = {CORRECTION: "correction", ADVICE: "alert", FLOW: "flow", TIMED: "tick", ALERT: "alert", PRAISE: "praise"}


def tone_for(utterance: Utterance) -> str | None:
    """Return the name of the tone that stands for an utterance; None for what no tone can say."""
    if utterance.key.startswith("not-counted"):
        return "correction"
    if utterance.priority == COUNT:
        return "rep" if utterance.key.startswith("rep") else "tick"
    return TONES.get(utterance.priority)


def samples(notes: tuple[float, ...]) -> NDArray[np.int16]:
    """Return the notes one after the other as 16-bit samples at ``RATE_HZ``; each swells and fades, lest it click."""
    t = np.arange(round(NOTE_S * RATE_HZ)) / RATE_HZ
    edge = np.minimum(1.0, np.minimum(t, NOTE_S - t) / EDGE_S)
    sound = np.concatenate([np.sin(2 * np.pi * hz * t) * edge for hz in notes])
    return np.asarray(np.round(32767 * LOUDNESS * sound), dtype=np.int16)


def write_tones(folder: Path) -> dict[str, Path]:
    """Write every tone as a WAV file into a folder; return the files by name."""
    out = {}
    for name, notes in NOTES.items():
        out[name] = folder / f"{name}.wav"
        with wave.open(str(out[name]), "wb") as w:
            w.setnchannels(1)
            w.setsampwidth(2)
            w.setframerate(RATE_HZ)
            w.writeframes(samples(notes).tobytes())
    return out
