/** One voice: the newest utterance waits for the one before it, and is dropped when late. What is said is chosen before. */

import type { Lang, Say } from "../net/protocol";

/** What makes a sentence heard. */
export interface Mouth {
  /** Speak; resolves when it is over or was cut off. */
  speak(say: Say): Promise<void>;
  hush(): void;
}

export class Speaker {
  on = true;
  private now: Say | null = null;
  private waiting: Say | null = null;
  private lastId = -1;

  constructor(private readonly mouth: Mouth) {}

  get speaking(): boolean {
    return this.now !== null || this.waiting !== null;
  }

  /** Take utterances; t is the camera's clock (s). */
  take(says: readonly Say[], hush: boolean, t: number): void {
    if (hush) this.hush();
    for (const say of says) {
      if (say.id <= this.lastId) continue;
      this.lastId = say.id;
      if (this.on) this.waiting = say;
    }
    this.next(t);
  }

  hush(): void {
    this.waiting = null;
    if (this.now) this.mouth.hush();
  }

  /** A new session numbers its utterances anew. */
  forget(): void {
    this.lastId = -1;
    this.hush();
  }

  /** Begin with what waits, if nothing is spoken. */
  next(t: number): void {
    if (this.now || !this.waiting) return;
    const say = this.waiting;
    this.waiting = null;
    if (t > say.t + say.good_for_s) return;
    this.now = say;
    const began = performance.now();
    void this.mouth.speak(say).finally(() => {
      this.now = null;
      this.next(t + (performance.now() - began) / 1000);
    });
  }
}

/** Recorded sentences through the Web Audio API, the browser's own speech for what the bank lacks. */
export class BrowserMouth implements Mouth {
  private context: AudioContext | null = null;
  private readonly sounds = new Map<string, Promise<AudioBuffer>>();
  private playing: AudioBufferSourceNode[] = [];
  private cut: (() => void) | null = null;

  constructor(private lang: Lang) {}

  set language(lang: Lang) {
    this.lang = lang;
  }

  /** To be called from a tap: from then on iOS lets this page be heard. */
  prime(): void {
    try {
      this.context ??= new AudioContext();
      void this.context.resume();
      const silence = this.context.createBufferSource();
      silence.buffer = this.context.createBuffer(1, 1, 22050);
      silence.connect(this.context.destination);
      silence.start();
    } catch {
      this.context = null;
    }
    if ("speechSynthesis" in window) {
      const nothing = new SpeechSynthesisUtterance(" ");
      nothing.volume = 0;
      speechSynthesis.speak(nothing);
    }
  }

  get primed(): boolean {
    return this.context?.state === "running";
  }

  async speak(say: Say): Promise<void> {
    const cut = new Promise<void>((done) => (this.cut = done));
    if (say.clips.length && this.context) {
      try {
        const sounds = await Promise.all(say.clips.map((url) => this.sound(url)));
        await Promise.race([this.play(sounds), cut]);
        return;
      } catch {
        // A sentence that cannot be had is spoken by the browser.
      }
    }
    await Promise.race([this.synthesise(say.spoken || say.text), cut]);
  }

  hush(): void {
    for (const source of this.playing) source.stop();
    this.playing = [];
    if ("speechSynthesis" in window) speechSynthesis.cancel();
    this.cut?.();
    this.cut = null;
  }

  private sound(url: string): Promise<AudioBuffer> {
    let sound = this.sounds.get(url);
    if (!sound) {
      const context = this.context;
      sound = fetch(url)
        .then((r) => (r.ok ? r.arrayBuffer() : Promise.reject(new Error(String(r.status)))))
        .then((data) => (context ? context.decodeAudioData(data) : Promise.reject(new Error("no audio"))));
      sound.catch(() => this.sounds.delete(url));
      this.sounds.set(url, sound);
    }
    return sound;
  }

  private play(sounds: AudioBuffer[]): Promise<void> {
    const context = this.context;
    if (!context) return Promise.resolve();
    let at = context.currentTime;
    this.playing = sounds.map((buffer) => {
      const source = context.createBufferSource();
      source.buffer = buffer;
      source.connect(context.destination);
      source.start(at);
      at += buffer.duration;
      return source;
    });
    const last = this.playing[this.playing.length - 1];
    return new Promise((done) => {
      if (last) last.onended = () => done();
      // A context that stands still ends nothing: time goes on all the same.
      setTimeout(done, 1000 * (at - context.currentTime) + 500);
    });
  }

  private synthesise(text: string): Promise<void> {
    if (!("speechSynthesis" in window) || speechSynthesis.getVoices().length === 0) return Promise.resolve();
    return new Promise((done) => {
      const words = new SpeechSynthesisUtterance(text);
      words.lang = this.lang;
      const voice = speechSynthesis.getVoices().find((v) => v.lang.toLowerCase().startsWith(this.lang) && v.localService);
      if (!voice) {
        // Only voices of this device: others would send the words away.
        done();
        return;
      }
      words.voice = voice;
      words.onend = words.onerror = () => done();
      speechSynthesis.speak(words);
      setTimeout(done, 2000 + 120 * text.length);
    });
  }
}
