import { expect, test } from "vitest";

import type { Say } from "../src/net/protocol";
import { type Mouth, Speaker } from "../src/voice/speaker";

class FakeMouth implements Mouth {
  spoken: string[] = [];
  private end: (() => void) | null = null;
  speak(say: Say): Promise<void> {
    this.spoken.push(say.text);
    return new Promise((done) => (this.end = done));
  }
  hush(): void {
    this.over();
  }
  over(): void {
    this.end?.();
    this.end = null;
  }
}

let id = 0;
const say = (text: string, level: number, t = 0, good_for_s = 2): Say => ({ id: id++, text, spoken: text, key: text, level, t, good_for_s, clips: [] });
const settled = (): Promise<void> => new Promise((done) => setTimeout(done));

test("one waits, the newest: the computer has chosen it", async () => {
  const mouth = new FakeMouth();
  const speaker = new Speaker(mouth);
  speaker.take([say("three", 5)], false, 0);
  speaker.take([say("hips up", 4), say("breathe", 2)], false, 0);
  expect(mouth.spoken).toEqual(["three"]);
  mouth.over();
  await settled();
  expect(mouth.spoken).toEqual(["three", "breathe"]);
});

test("only a hush cuts off what is spoken", async () => {
  const mouth = new FakeMouth();
  const speaker = new Speaker(mouth);
  speaker.take([say("three", 3)], false, 0);
  speaker.take([say("where are you?", 8)], false, 0);
  await settled();
  expect(mouth.spoken).toEqual(["three"]);
  speaker.take([say("rest", 6)], true, 0);
  await settled();
  expect(mouth.spoken).toEqual(["three", "rest"]);
});

test("what is late is dropped, what was heard is not said again", () => {
  const mouth = new FakeMouth();
  const speaker = new Speaker(mouth);
  const late = say("late", 3, 0, 1);
  speaker.take([late], false, 1.5);
  speaker.take([late], false, 0.5);
  expect(mouth.spoken).toEqual([]);
  expect(speaker.speaking).toBe(false);
});

test("a voice that is off says nothing", () => {
  const mouth = new FakeMouth();
  const speaker = new Speaker(mouth);
  speaker.on = false;
  speaker.take([say("three", 3)], false, 0);
  expect(mouth.spoken).toEqual([]);
});
