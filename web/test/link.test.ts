import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { Link, type LinkEvents, type LinkState, type Socket, UNDER_WAY } from "../src/net/link";
import type { Hello } from "../src/net/protocol";

class FakeSocket implements Socket {
  static made: FakeSocket[] = [];
  binaryType = "";
  readyState = 0;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;
  onerror: (() => void) | null = null;
  sent: Array<ArrayBuffer | string> = [];
  constructor() {
    FakeSocket.made.push(this);
  }
  send(data: ArrayBuffer | string): void {
    this.sent.push(data);
  }
  close(): void {
    this.readyState = 3;
  }
  opens(): void {
    this.readyState = 1;
    this.onopen?.();
  }
  says(message: object): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
  breaks(code = 1006): void {
    this.readyState = 3;
    this.onclose?.({ code, reason: "" });
  }
  /** Numbers of the frames that went over this connection. */
  get numbers(): number[] {
    return this.sent.filter((x) => x instanceof ArrayBuffer).map((x) => new DataView(x).getUint32(8, true));
  }
}

const hello: Hello = { type: "hello", protocol: 2, role: "camera", session: null, lang: "en", work: { exercise: "plane" } };
const welcome = { type: "welcome", protocol: 2, session: "s1", resumed: false, next: 0, role: "camera", lang: "en", plan: { name: "", steps: [] }, kept_s: 300 };
const frame = { t: 1, w: 640, h: 360, luma: 1, speaking: false, pose: null };
let states: LinkState[];

function linked(): { link: Link; socket: FakeSocket } {
  const events: LinkEvents = { state: (s) => states.push(s), welcome: () => {}, moment: () => {}, report: () => {}, over: () => {}, warning: () => {} };
  const link = new Link(hello, events, () => new FakeSocket(), () => 0);
  link.open();
  const socket = FakeSocket.made[0]!;
  socket.opens();
  socket.says(welcome);
  return { link, socket };
}

beforeEach(() => {
  vi.useFakeTimers();
  FakeSocket.made = [];
  states = [];
});
afterEach(() => vi.useRealTimers());

test("what was not acknowledged is sent again after a lost network, under the same numbers", () => {
  const { link, socket } = linked();
  for (let i = 0; i < 4; i++) link.frame(frame);
  expect(socket.numbers).toEqual([0, 1, 2, 3]);
  socket.says({ type: "moment", n: 1, say: [] });
  socket.breaks();
  link.frame(frame);
  expect(states.at(-1)).toBe("lost");
  vi.advanceTimersByTime(300);
  const again = FakeSocket.made[1]!;
  again.opens();
  expect(JSON.parse(String(again.sent[0])).session).toBe("s1");
  again.says({ ...welcome, resumed: true, next: 3 });
  expect(again.numbers).toEqual([3, 4]);
  expect(states.at(-1)).toBe("open");
});

test("a server that was started anew gets what it never acknowledged under new numbers", () => {
  const { link, socket } = linked();
  for (let i = 0; i < 3; i++) link.frame(frame);
  socket.says({ type: "moment", n: 0, say: [] });
  socket.breaks(1001);
  vi.advanceTimersByTime(300);
  const again = FakeSocket.made[1]!;
  again.opens();
  again.says({ ...welcome, session: "s2", resumed: false, next: 0 });
  expect(again.numbers).toEqual([0, 1]);
  link.frame(frame);
  expect(again.numbers).toEqual([0, 1, 2]);
  expect(link.id).toBe("s2");
});

test("frames are left out while too many are under way, commands never", () => {
  const { link, socket } = linked();
  for (let i = 0; i < UNDER_WAY + 5; i++) if (link.ready) link.frame(frame);
  link.do("pause");
  expect(socket.numbers).toHaveLength(UNDER_WAY);
  socket.says({ type: "moment", n: 3, say: [] });
  expect(JSON.parse(String(socket.sent.at(-1)))).toEqual({ type: "do", n: UNDER_WAY, what: "pause" });
});

test("a gap is closed when the server asks for it", () => {
  const { link, socket } = linked();
  for (let i = 0; i < 5; i++) link.frame(frame);
  socket.says({ type: "resend", next: 2 });
  expect(socket.numbers).toEqual([0, 1, 2, 3, 4, 2, 3, 4]);
});

test("another camera that goes on with the session ends this one: no reconnecting", () => {
  const { socket } = linked();
  socket.says({ type: "error", code: "taken", message: "elsewhere" });
  socket.breaks(4409);
  vi.advanceTimersByTime(60_000);
  expect(states.at(-1)).toBe("refused");
  expect(FakeSocket.made).toHaveLength(1);
});

test("a connection that nobody closed and that says nothing is given up", () => {
  const clock = { t: 0 };
  const events: LinkEvents = { state: (s) => states.push(s), welcome: () => {}, moment: () => {}, report: () => {}, over: () => {}, warning: () => {} };
  const link = new Link(hello, events, () => new FakeSocket(), () => clock.t);
  link.open();
  FakeSocket.made[0]!.opens();
  FakeSocket.made[0]!.says(welcome);
  clock.t = 30;
  vi.advanceTimersByTime(2500);
  expect(FakeSocket.made).toHaveLength(2);
  link.close();
});
