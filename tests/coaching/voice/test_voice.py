"""The voice: a mailbox of one, nothing late, nothing that cannot be stopped, a way on where nothing can be heard."""

import json
import shutil
import sys
import threading
import wave
from pathlib import Path

import numpy as np
import pytest

from formcheck.coaching.coach.phrases import Phrases, languages
from formcheck.coaching.voice import engines as voice_engines
from formcheck.coaching.voice import voice as voice_module
from formcheck.coaching.voice.engines import Process, Program, Silence, Tones, find_player, find_program
from formcheck.coaching.voice.tones import NOTES, RATE_HZ, samples, tone_for, write_tones
from formcheck.coaching.voice.utterances import (
    ADVICE,
    ALERT,
    BREATH,
    CHAT,
    CORRECTION,
    COUNT,
    FLOW,
    PRAISE,
    TIMED,
    Utterance,
    speech_seconds,
)
from formcheck.coaching.voice.voice import Voice, find_voice
from formcheck.errors import UsageError
from formcheck.judging.exercises import ROUTINE

#: Seconds after which a test gives up waiting for the other thread.
PATIENCE_S = 20.0


def u(text, priority=COUNT, t=0.0, good_for=1.0):
    return Utterance(text, priority, t, good_for, f"key-{text}")


class Job:
    """An utterance that ends when the test says so."""

    def __init__(self, works):
        self.over, self.killed, self.works = threading.Event(), False, works

    def wait(self):
        assert self.over.wait(PATIENCE_S)
        return self.works or self.killed

    def kill(self):
        self.killed = True
        self.over.set()


class Engine:
    """An engine under the test's control."""

    def __init__(self, name="fake", *, works=True, patient=True):
        self.name, self.works, self.patient = name, works, patient
        self.started, self.jobs, self.closed = [], [], False
        self.new = threading.Semaphore(0)

    def start(self, utterance):
        job = Job(self.works)
        if not self.patient:
            job.over.set()
        self.started.append(utterance.text)
        self.jobs.append(job)
        self.new.release()
        return job

    def close(self):
        self.closed = True

    def wait_for_next(self):
        assert self.new.acquire(timeout=PATIENCE_S)
        return self.jobs[-1]


class Clock:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def engine():
    return Engine()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def voice(engine, clock, tmp_path):
    v = Voice([engine], clock=clock, log=tmp_path / "voice.jsonl")
    yield v
    v.close()


@pytest.fixture
def swift(monkeypatch):
    """Silence that takes no time."""
    monkeypatch.setattr(voice_engines, "speech_seconds", lambda text: 0.0)


def log(tmp_path):
    lines = (tmp_path / "voice.jsonl").read_text(encoding="utf-8").splitlines()
    return [(x["text"], x["what"]) for x in map(json.loads, lines)]


# ---- the mailbox ---------------------------------------------------------------------------------------------
def test_an_utterance_is_spoken_and_speaking_says_so_from_the_call_on(voice, engine):
    assert not voice.speaking
    voice.say(u("one"), 0.0)
    assert voice.speaking
    job = engine.wait_for_next()
    assert voice.speaking
    job.over.set()
    assert voice.wait(PATIENCE_S)
    assert not voice.speaking and engine.started == ["one"]


def test_only_one_waits_the_newest(voice, engine, tmp_path):
    voice.say(u("now"), 0.0)
    first = engine.wait_for_next()
    voice.say(u("2", ALERT), 0.0)
    voice.say(u("3"), 0.0)
    assert not first.killed
    first.over.set()
    engine.wait_for_next().over.set()
    assert voice.wait(PATIENCE_S)
    assert engine.started == ["now", "3"]
    assert log(tmp_path) == [("now", "began"), ("2", "dropped"), ("3", "began")]


def test_what_has_become_too_old_while_waiting_is_dropped(voice, engine, clock, tmp_path):
    voice.say(u("now"), 0.0)
    first = engine.wait_for_next()
    voice.say(u("2", good_for=0.5), 0.0)
    clock.now += 0.6
    first.over.set()
    assert voice.wait(PATIENCE_S)
    assert engine.started == ["now"]
    assert log(tmp_path)[-1] == ("2", "dropped")


def test_what_is_too_old_when_it_comes_is_dropped(voice, engine):
    voice.say(u("2", t=10.0, good_for=0.5), 10.6)
    assert not voice.speaking
    voice.say(u("3", t=10.0, good_for=0.5), 10.4)
    engine.wait_for_next().over.set()
    assert voice.wait(PATIENCE_S)
    assert engine.started == ["3"]


def test_age_before_the_mailbox_counts(voice, engine, clock):
    voice.say(u("now"), 0.0)
    first = engine.wait_for_next()
    voice.say(u("2", t=0.0, good_for=0.5), 0.4)
    clock.now += 0.2
    first.over.set()
    assert voice.wait(PATIENCE_S)
    assert engine.started == ["now"]


def test_hush_stops_and_forgets(voice, engine, tmp_path):
    voice.say(u("first"), 0.0)
    job = engine.wait_for_next()
    voice.say(u("second"), 0.0)
    voice.hush()
    assert job.killed and voice.wait(PATIENCE_S)
    assert engine.started == ["first"]
    assert log(tmp_path) == [("first", "began"), ("second", "dropped"), ("first", "cut")]


def test_close_while_speaking_ends_the_job_and_the_thread(engine, clock):
    voice = Voice([engine], clock=clock)
    voice.say(u("a long story"), 0.0)
    job = engine.wait_for_next()
    voice.close()
    voice.close()
    assert job.killed and engine.closed
    assert not any(t.name == "voice" and t.is_alive() for t in threading.enumerate())
    voice.say(u("too late"), 0.0)
    assert engine.started == ["a long story"] and not voice.speaking


@pytest.mark.usefixtures("swift")
def test_muted_means_unheard_but_paced(voice, engine, tmp_path):
    voice.say(u("first"), 0.0)
    job = engine.wait_for_next()
    voice.muted = True
    assert job.killed and voice.wait(PATIENCE_S)
    voice.say(u("unheard"), 0.0)
    assert voice.wait(PATIENCE_S)
    assert engine.started == ["first"] and log(tmp_path)[-1] == ("unheard", "muted")
    voice.muted = False
    voice.say(u("again"), 0.0)
    engine.wait_for_next().over.set()
    assert voice.wait(PATIENCE_S)


# ---- where nothing can be heard ------------------------------------------------------------------------------
def test_an_engine_that_fails_is_given_up_for_the_next_and_that_is_said_once(clock, tmp_path):
    broken, tones = Engine("espeak-ng", works=False, patient=False), Engine("tones", patient=False)
    voice = Voice([broken, tones], clock=clock, log=tmp_path / "voice.jsonl")
    assert (voice.name, voice.why_silent, voice.news()) == ("espeak-ng", "", None)
    voice.say(u("one"), 0.0)
    assert voice.wait(PATIENCE_S)
    voice.say(u("two"), 0.0)
    assert voice.wait(PATIENCE_S)
    assert (broken.started, tones.started) == (["one"], ["one", "two"])
    assert broken.closed and voice.name == "tones"
    assert voice.news() == "espeak-ng cannot be heard here (is there a sound device?): short tones stand for words"
    assert voice.news() is None and voice.why_silent
    voice.close()
    assert log(tmp_path) == [("one", "began"), ("one", "failed"), ("two", "began")]


@pytest.mark.usefixtures("swift")
def test_behind_the_last_engine_is_silence(clock):
    voice = Voice([Engine("a", works=False, patient=False)], clock=clock)
    voice.say(u("one"), 0.0)
    assert voice.wait(PATIENCE_S)
    assert voice.name == "silence" and "in silence" in voice.why_silent
    voice.close()


def test_an_engine_cut_off_has_not_failed(voice, engine):
    engine.works = False
    voice.say(u("chat", CHAT), 0.0)
    engine.wait_for_next()
    voice.hush()
    assert voice.wait(PATIENCE_S)
    assert voice.name == "fake" and voice.why_silent == ""


@pytest.mark.usefixtures("swift")
def test_a_program_that_is_gone_is_a_failure_not_a_crash(clock):
    voice = Voice([Program("gone", ("/nowhere/espeak-ng", "--"))], clock=clock)
    voice.say(u("one"), 0.0)
    assert voice.wait(PATIENCE_S)
    assert voice.name == "silence"
    voice.close()


def test_silence_takes_its_time_and_can_be_ended():
    job = Silence().start(u("a" * 10_000))
    job.kill()
    assert job.wait()


@pytest.mark.parametrize("player", [None, ["play"]])
def test_without_a_speech_program_there_are_tones_or_silence_and_a_reason(monkeypatch, player):
    monkeypatch.setattr(voice_module, "find_program", lambda lang: None)
    monkeypatch.setattr(voice_module, "find_player", lambda: player)
    voice = find_voice("pl")
    assert voice.name == ("tones" if player else "silence")
    assert "'pl'" in voice.why_silent and "espeak-ng" in voice.why_silent
    assert voice.news() == voice.why_silent
    voice.close()


def test_a_voice_may_be_found_muted(monkeypatch):
    monkeypatch.setattr(voice_module, "find_program", lambda lang: Engine("fake"))
    monkeypatch.setattr(voice_module, "find_player", lambda: None)
    voice = find_voice("en", on=False)
    assert voice.muted and voice.name == "fake" and voice.why_silent == ""
    voice.close()


def test_an_impossible_log_is_an_error(tmp_path):
    with pytest.raises(UsageError, match="cannot write"):
        find_voice("en", log=tmp_path / "no" / "folder.jsonl")


# ---- programs ------------------------------------------------------------------------------------------------
def python(code):
    return (sys.executable, "-c", code)


def test_a_text_reaches_the_program_as_it_is(tmp_path):
    out = tmp_path / "said.txt"
    nasty = "-w x; $(rm) `ls` \"'&| Łabędź %s\n"
    behind = f"import sys; open({str(out)!r}, 'w', encoding='utf-8').write(sys.argv[-1])"
    assert Program("argv", (*python(behind), "--")).start(u(nasty)).wait()
    assert out.read_text(encoding="utf-8") == nasty
    standard = f"import sys; open({str(out)!r}, 'wb').write(sys.stdin.buffer.read())"
    assert Program("stdin", python(standard)).start(u(nasty + "x")).wait()
    assert out.read_bytes().decode() == nasty + "x"


@pytest.mark.parametrize(
    ("code", "heard"),
    [
        ("", True),
        ("import sys; sys.stderr.write('ALSA lib: something\\n')", True),
        ("import sys; sys.stderr.write('ALSA lib: something\\nerror: No such file\\n')", False),
        ("raise SystemExit(3)", False),
    ],
)
def test_a_program_that_fails_or_says_so_was_not_heard(code, heard, capfd):
    assert Process(list(python(code))).wait() == heard
    assert capfd.readouterr() == ("", "")


def test_a_program_that_hangs_is_ended_and_was_not_heard():
    assert not Process(list(python("import time; time.sleep(600)")), limit_s=0.05).wait()


def test_a_program_is_killed_while_it_speaks():
    voice = Voice([Program("slow", python("import time; time.sleep(600)"))])
    voice.say(u("a long story"), 0.0)
    voice.hush()
    assert voice.wait(PATIENCE_S)
    assert voice.name == "slow" and voice.why_silent == ""
    voice.close()


def answers(**known):
    """What a computer with some programs answers: by the program and its arguments."""
    return lambda argv: known.get(Path(argv[0]).name.replace("-", "_"), "")


def computer(*programs):
    return lambda name: f"/bin/{name}" if name in programs else None


TWO_LINES = "Pty Language Age/Gender VoiceName File\n 5  pl  --/M  Polish  zlw/pl\n"


def test_the_program_is_one_that_is_installed_and_speaks_the_language():
    both = computer("espeak-ng", "spd-say")
    found = find_program("pl", which=both, ask=answers(espeak_ng=TWO_LINES), platform="linux")
    assert found.argv == ("/bin/espeak-ng", "-v", "pl", "-s", "150", "--")
    found = find_program("pl", which=both, ask=answers(spd_say="en\npl\n"), platform="linux")
    assert found.name == "spd-say" and found.stop == ("/bin/spd-say", "-S")
    assert find_program("pl", which=both, ask=answers(spd_say="en\n"), platform="linux") is None
    assert find_program("pl", which=computer(), ask=answers(), platform="linux") is None


def test_a_mac_says_it_in_a_voice_of_the_language():
    voices = "Alex                en_US    # Most people\nZosia (Enhanced)    pl_PL    # Witaj\n"
    found = find_program("pl", which=computer("say"), ask=answers(say=voices), platform="darwin")
    assert found.argv == ("/bin/say", "-v", "Zosia (Enhanced)", "-r", "150", "-f", "-")
    assert find_program("de", which=computer("say"), ask=answers(say=voices), platform="darwin") is None


def test_windows_speaks_by_its_own_voices():
    shell = computer("powershell")
    found = find_program("pl", which=shell, ask=answers(powershell="yes\r\n"), platform="win32")
    assert found.argv[:3] == ("/bin/powershell", "-NoProfile", "-Command")
    assert "-eq 'pl'" in found.argv[3] and "ReadToEnd" in found.argv[3]
    assert find_program("pl", which=shell, ask=answers(), platform="win32") is None


def test_players_by_system():
    assert find_player(which=computer("aplay"), platform="linux") == ["/bin/aplay", "-q"]
    assert find_player(which=computer("aplay", "paplay"), platform="linux") == ["/bin/paplay"]
    assert find_player(which=computer(), platform="linux") is None
    assert find_player(which=computer(), platform="win32")[-1].endswith("play_wav.py")


# ---- tones ---------------------------------------------------------------------------------------------------
def pitch(sound):
    """The loudest frequency, Hz."""
    spectrum = np.abs(np.fft.rfft(sound.astype(float), 8 * len(sound)))
    return np.fft.rfftfreq(8 * len(sound), 1 / RATE_HZ)[spectrum.argmax()]


def test_tones_rise_for_what_counts_and_are_low_for_what_does_not():
    note = len(samples(NOTES["rep"])) // 2
    rep, low = samples(NOTES["rep"]), samples(NOTES["correction"])
    assert pitch(rep[:note]) == pytest.approx(NOTES["rep"][0], abs=10)
    assert pitch(rep[note:]) == pytest.approx(NOTES["rep"][1], abs=10)
    assert pitch(low[:note]) < pitch(rep[:note]) / 2


def test_tones_do_not_click():
    for notes in NOTES.values():
        sound = samples(notes).astype(float)
        assert abs(sound[0]) < 50 and abs(sound[-1]) < 700
        assert 8_000 < np.abs(sound).max() < 20_000


def test_every_utterance_has_its_tone_or_none():
    assert tone_for(Utterance("3", COUNT, 0.0, key="rep")) == "rep"
    assert tone_for(Utterance("3", COUNT, 0.0, key="hold:3")) == "tick"
    assert tone_for(Utterance("Not counted.", COUNT, 0.0, key="not-counted:short-hold")) == "correction"
    levels = (CORRECTION, ADVICE, FLOW, TIMED, ALERT, PRAISE)
    assert [tone_for(u("x", p)) for p in levels] == ["correction", "alert", "flow", "tick", "alert", "praise"]
    assert tone_for(u("x", CHAT)) is tone_for(u("x", BREATH)) is None


def test_tones_are_files_that_are_played_and_deleted(tmp_path):
    out = tmp_path / "played.txt"
    code = f"import sys, wave; w = wave.open(sys.argv[1]); open({str(out)!r}, 'w').write(str(w.getnframes()))"
    tones = Tones(list(python(code)))
    assert tones.start(u("3", COUNT)).wait()
    assert int(out.read_text()) == len(samples(NOTES["tick"]))
    assert tones.start(u("navel", CHAT)).wait()
    folder = Path(tones._folder.name)
    tones.close()
    assert not folder.exists()
    files = write_tones(tmp_path)
    assert set(files) == set(NOTES) and all(f.is_file() for f in files.values())


# ---- real speech ---------------------------------------------------------------------------------------------
def spoken(text, lang, path):
    """Let espeak-ng write a text to a file; return its length (s) and loudness."""
    program = find_program(lang)
    argv = [*program.argv[:-1], "-w", str(path), "--", text]
    assert Process(argv).wait()
    with wave.open(str(path)) as w:
        sound = np.frombuffer(w.readframes(w.getnframes()), np.int16)
        return w.getnframes() / w.getframerate(), float(np.abs(sound.astype(float)).max())


needs_espeak = pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="needs espeak-ng")


@needs_espeak
@pytest.mark.parametrize("lang", languages())
def test_espeak_speaks_the_language_at_a_calm_rate(lang, tmp_path):
    phrases = Phrases(lang)
    short, long = "3", " ".join(phrases.intro("plane"))
    seconds = {}
    for text in (short, phrases.cue("plane", "hip-sag"), long):
        seconds[text], loudness = spoken(text, phrases.voice, tmp_path / "v.wav")
        assert loudness > 1000
        assert 0.6 < seconds[text] / speech_seconds(text) < 1.5
    assert list(seconds.values()) == sorted(seconds.values())


@needs_espeak
@pytest.mark.parametrize("lang", languages())
def test_corrections_are_over_within_three_and_a_half_seconds(lang, tmp_path):
    phrases = Phrases(lang)
    cues = {phrases.cue(cls.id, c.id) for cls in ROUTINE for c in cls.checks}
    longest = sorted(cues, key=len)[-3:]
    assert max(spoken(text, phrases.voice, tmp_path / "v.wav")[0] for text in longest) < 3.5


@needs_espeak
def test_a_text_like_an_option_is_spoken_not_obeyed(tmp_path):
    assert spoken("--version", "en", tmp_path / "v.wav")[1] > 1000
