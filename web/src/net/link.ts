/** A connection that outlives a lost network: what was not acknowledged is kept, and sent again. */

import { frameItem, pictureItem, type Frame } from "./items";
import { PROTOCOL, SUBPROTOCOL, type Command, type FromServer, type Hello, type Moment, type Over, type SetReport, type Welcome } from "./protocol";

/** Items under way that are not acknowledged; beyond that frames are left out. */
export const UNDER_WAY = 30;
/** Items kept while the network is away: five minutes at thirty a second, about 10 MB. */
export const KEPT = 9000;
/** Of pictures, which are larger: a minute. */
export const KEPT_PICTURES = 600;
/** Seconds between tries to connect again. */
const AGAIN_S = [0.3, 0.6, 1, 2, 3, 5];
/** Seconds without any message after which a connection is taken for dead. */
const DEAD_S = 10;

export type LinkState = "connecting" | "open" | "lost" | "over" | "refused";

export interface LinkEvents {
  state(state: LinkState, why?: { code: string; message: string; hint: string }): void;
  welcome(welcome: Welcome): void;
  moment(moment: Moment): void;
  report(report: SetReport): void;
  over(over: Over): void;
  warning(text: string): void;
  camera?(here: boolean): void;
}

interface Item {
  n: number;
  make(n: number): ArrayBuffer | string;
}

/** What a socket looks like to a link; tests put another in its place. */
export interface Socket {
  binaryType: string;
  readyState: number;
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number; reason: string }) => void) | null;
  onerror: (() => void) | null;
  send(data: ArrayBuffer | string): void;
  close(code?: number): void;
}

export class Link {
  private socket: Socket | null = null;
  private session: string | null;
  private kept: Item[] = [];
  private n = 0;
  /** Number of the first item that has not gone over the present connection. */
  private toSend = 0;
  private welcomed = false;
  private tries = 0;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private watch: ReturnType<typeof setInterval> | null = null;
  private heard = 0;
  private refusal: { code: string; message: string; hint: string } | null = null;
  private ended = false;
  private pings = 0;
  /** The newest moment that has come. */
  private seen: number | null = null;
  /** Items of a camera that were left out, because too many were kept. */
  dropped = 0;

  constructor(
    private readonly hello: Hello,
    private readonly events: LinkEvents,
    private readonly connect: () => Socket = webSocket,
    private readonly clock: () => number = () => Date.now() / 1000,
  ) {
    this.session = hello.session;
  }

  open(): void {
    this.events.state(this.tries === 0 ? "connecting" : "lost");
    const socket = this.connect();
    this.socket = socket;
    this.welcomed = false;
    this.refusal = null;
    this.heard = this.clock();
    socket.binaryType = "arraybuffer";
    socket.onopen = () => socket.send(JSON.stringify({ ...this.hello, session: this.session, seen: this.seen }));
    socket.onmessage = (event) => this.take(JSON.parse(String(event.data)) as FromServer);
    socket.onclose = (event) => this.closed(socket, event.code);
    socket.onerror = () => undefined;
    this.watch ??= setInterval(() => this.look(), 2000);
  }

  /** Whether another frame may be sent now, or has to be left out. */
  get ready(): boolean {
    if (this.welcomed && this.socket?.readyState === 1) return this.kept.length < UNDER_WAY;
    return this.kept.length < KEPT;
  }

  /** How many items have not been acknowledged. */
  get waiting(): number {
    return this.kept.length;
  }

  get id(): string | null {
    return this.session;
  }

  frame(frame: Frame): void {
    if (this.mayAdd()) this.add((n) => frameItem(n, frame));
  }

  picture(frame: Omit<Frame, "pose" | "small">, jpeg: Uint8Array): void {
    if (this.kept.length < KEPT_PICTURES && this.mayAdd()) this.add((n) => pictureItem(n, frame, jpeg));
  }

  tick(t: number, speaking: boolean): void {
    this.add((n) => JSON.stringify({ type: "tick", n, t, speaking }));
  }

  do(what: Command): void {
    if (this.hello.role === "camera") this.add((n) => JSON.stringify({ type: "do", n, what }));
    else this.put(JSON.stringify({ type: "do", what }));
  }

  close(): void {
    this.ended = true;
    if (this.timer !== null) clearTimeout(this.timer);
    if (this.watch !== null) clearInterval(this.watch);
    this.watch = null;
    this.socket?.close(1000);
    this.socket = null;
  }

  /** Try again at once: the network is back. */
  hurry(): void {
    if (this.timer === null || this.ended) return;
    clearTimeout(this.timer);
    this.timer = null;
    this.open();
  }

  private mayAdd(): boolean {
    if (this.ready && !this.ended) return true;
    this.dropped += 1;
    return false;
  }

  private add(make: Item["make"]): void {
    this.kept.push({ n: this.n, make });
    this.n += 1;
    this.flush();
  }

  private flush(): void {
    const first = this.kept[0]?.n ?? this.n;
    while (this.welcomed && this.toSend < this.n && this.toSend < first + UNDER_WAY) {
      const item = this.kept[this.toSend - first];
      if (!item || !this.put(item.make(item.n))) return;
      this.toSend += 1;
    }
  }

  private put(data: ArrayBuffer | string): boolean {
    if (this.socket?.readyState !== 1) return false;
    this.socket.send(data);
    return true;
  }

  private take(message: FromServer): void {
    this.heard = this.clock();
    switch (message.type) {
      case "welcome":
        this.welcome(message);
        break;
      case "moment":
        this.acknowledged(message.n);
        this.seen = Math.max(this.seen ?? -1, message.n);
        this.events.moment(message);
        this.flush();
        break;
      case "resend":
        this.toSend = Math.max(message.next, this.kept[0]?.n ?? message.next);
        this.flush();
        break;
      case "report":
        this.acknowledged(message.n);
        this.events.report(message);
        break;
      case "over":
        this.ended = true;
        this.events.over(message);
        this.events.state("over");
        break;
      case "warning":
        this.events.warning(message.text);
        break;
      case "camera":
        this.events.camera?.(message.here);
        break;
      case "error":
        if (message.code !== "bad-item") this.refusal = { code: message.code, message: message.message, hint: message.hint ?? "" };
        break;
      case "pong":
        break;
    }
  }

  private acknowledged(n: number | undefined): void {
    while (n !== undefined && this.kept[0] && this.kept[0].n <= n) this.kept.shift();
  }

  private welcome(message: Welcome): void {
    if (message.protocol !== PROTOCOL) {
      this.refusal = { code: "protocol", message: "", hint: "" };
      this.socket?.close(1000);
      return;
    }
    if (message.resumed) {
      while (this.kept[0] && this.kept[0].n < message.next) this.kept.shift();
    } else {
      this.seen = null;
      // A new session: what was not acknowledged is sent again under new numbers.
      this.kept.forEach((item, i) => (item.n = message.next + i));
      this.n = message.next + this.kept.length;
    }
    this.session = message.session;
    this.toSend = this.kept[0]?.n ?? this.n;
    this.welcomed = true;
    this.tries = 0;
    this.events.state("open");
    this.events.welcome(message);
    this.flush();
  }

  private closed(socket: Socket, code: number): void {
    if (socket !== this.socket) return;
    this.socket = null;
    this.welcomed = false;
    if (this.ended) return;
    if (code === 1000) {
      // The session ended while this page was away.
      this.ended = true;
      if (this.watch !== null) clearInterval(this.watch);
      this.events.state("over");
      return;
    }
    if (code >= 4400 && code < 4600) {
      this.ended = true;
      if (this.watch !== null) clearInterval(this.watch);
      this.events.state("refused", this.refusal ?? { code: String(code), message: "", hint: "" });
      return;
    }
    this.events.state("lost");
    const wait = AGAIN_S[Math.min(this.tries, AGAIN_S.length - 1)]!;
    this.tries += 1;
    this.timer = setTimeout(() => {
      this.timer = null;
      this.open();
    }, 1000 * wait);
  }

  /** Notice a connection that is dead though nobody said so. */
  private look(): void {
    const socket = this.socket;
    if (!socket) return;
    if (this.clock() - this.heard > DEAD_S) {
      socket.close();
      this.closed(socket, 1006);
    } else if (socket.readyState === 1 && this.welcomed) {
      this.pings += 1;
      this.put(JSON.stringify({ type: "ping", id: this.pings }));
    }
  }
}

function webSocket(): Socket {
  const url = new URL("/ws/coach", location.href);
  url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  return new WebSocket(url, SUBPROTOCOL) as unknown as Socket;
}
