/** One coaching session on this device: camera, pose, connection and voice put together, and taken apart again. */

import { Awake } from "../camera/awake";
import { CameraError, type CameraTrouble, type Choice, closeCamera, openCamera } from "../camera/camera";
import { ApiError, get } from "../net/api";
import { Link, type LinkState } from "../net/link";
import { type Command, type Lang, type Moment, type Over, PROTOCOL, type Rep, type SetReport, type Welcome, type Work } from "../net/protocol";
import type { Pose } from "../pose/landmarks";
import { PoseLoop } from "../pose/loop";
import type { Found } from "../pose/messages";
import { PictureLoop } from "../pose/picture_loop";
import { BrowserMouth, Speaker } from "../voice/speaker";

/** Seconds between the small pictures for the ball. */
const BALL_EVERY_S = 0.16;
/** Seconds without a frame after which time goes on without one, and how often then. */
const TICK_AFTER_S = 1.5;
const TICK_EVERY_MS = 500;
/** Fewer pictures a second than this make the coach late. */
const SLOW_FPS = 12;
/** Addresses of this very device. */
const HERE = /^(localhost|127\.|\[::1\])/;
/** Unacknowledged items from which the page says that it is catching up. */
const BEHIND = 60;

export type Stage = "camera" | "model" | "running" | "over" | "trouble";
export type Trouble = { kind: "camera"; trouble: CameraTrouble } | { kind: "server"; code: string; message: string; hint: string };

export interface EngineOptions {
  role: "camera" | "screen";
  lang: Lang;
  work: Work | null;
  session: string | null;
  introduce: boolean;
  ball: boolean;
  /** The computer is to find the body, in small pictures. */
  pictures: boolean;
  voice: boolean;
  camera: Choice;
  /** What speaks; primed by the tap that began all this. */
  mouth: BrowserMouth;
}

/** A body as it is to be drawn: landmarks in pixels of a picture of w x h. */
export interface Body {
  points: Float32Array;
  w: number;
  h: number;
  t: number;
}

export class Engine {
  stage: Stage = "camera";
  trouble: Trouble | null = null;
  link: LinkState = "connecting";
  moment: Moment | null = null;
  /** The newest attempt that is over: moments may come faster than they are shown. */
  done: Rep | null = null;
  body: Body | null = null;
  reports: SetReport[] = [];
  over: Over | null = null;
  warnings: string[] = [];
  /** The computer finds the body in pictures. */
  pictures = false;
  mirror = false;
  cameraHere = true;
  /** What had counted of the exercise when the computer was started anew in the middle of it. */
  before = 0;
  cameraId: string | null = null;
  /** Frames judged in the last seconds, a second. */
  fps = 0;
  readonly speaker: Speaker;
  readonly mouth: BrowserMouth;

  private connection: Link | null = null;
  private stream: MediaStream | null = null;
  private loop: PoseLoop | null = null;
  private pictureLoop: PictureLoop | null = null;
  private model: ArrayBuffer | null = null;
  private readonly awake = new Awake();
  private ticker: ReturnType<typeof setInterval> | null = null;
  private last = { t: 0, at: 0 };
  private ballAt = -Infinity;
  private stopped = false;
  private seen: number[] = [];
  private readonly online = (): void => this.connection?.hurry();

  constructor(
    readonly options: EngineOptions,
    private readonly changed: () => void,
  ) {
    this.mouth = options.mouth;
    this.speaker = new Speaker(this.mouth);
    this.speaker.on = options.voice;
  }

  /** Begin. */
  async start(video: HTMLVideoElement | null): Promise<void> {
    void this.awake.hold();
    window.addEventListener("online", this.online);
    if (this.options.role === "screen" || !video) {
      this.stage = "running";
      this.join();
      return;
    }
    try {
      // The model comes while the person looks for the button that allows the camera.
      const model = this.loadModel();
      await this.openCamera(video, this.options.camera);
      this.stage = "model";
      this.changed();
      await this.openPose(video, await model);
    } catch (e) {
      this.fail(e);
      return;
    }
    if (this.stopped) return;
    this.stage = "running";
    this.join();
    this.ticker = setInterval(() => this.tick(), TICK_EVERY_MS);
    this.changed();
  }

  /** Go over to another camera. */
  async switchCamera(video: HTMLVideoElement, choice: Choice): Promise<void> {
    closeCamera(this.stream);
    this.stream = null;
    try {
      await this.openCamera(video, choice);
    } catch (e) {
      this.fail(e);
    }
    this.changed();
  }

  do(what: Command): void {
    this.connection?.do(what);
  }

  setVoice(on: boolean): void {
    this.speaker.on = on;
    if (!on) this.speaker.hush();
    this.changed();
  }

  /** Seconds of the camera, now. */
  get now(): number {
    return this.last.t + (performance.now() - this.last.at) / 1000;
  }

  /** Whether this device finds the body too seldom, and the computer is another one. */
  get slow(): boolean {
    return !HERE.test(location.hostname) && !this.pictures && this.seen.length > SLOW_FPS && this.fps < SLOW_FPS;
  }

  get behind(): boolean {
    return this.link === "open" && (this.connection?.waiting ?? 0) > BEHIND;
  }

  close(): void {
    this.stopped = true;
    this.loop?.close();
    this.pictureLoop?.close();
    closeCamera(this.stream);
    this.stream = null;
    this.awake.release();
    this.speaker.hush();
    this.connection?.close();
    if (this.ticker !== null) clearInterval(this.ticker);
    window.removeEventListener("online", this.online);
  }

  private async loadModel(): Promise<ArrayBuffer | null> {
    if (this.model || this.options.pictures) return this.model;
    const { url } = await get<{ url: string }>("/api/model");
    const response = await fetch(url);
    if (!response.ok) throw new ApiError(response.status, response.statusText, "", "model");
    this.model = await response.arrayBuffer();
    return this.model;
  }

  private async openCamera(video: HTMLVideoElement, choice: Choice): Promise<void> {
    const opened = await openCamera(choice);
    if (this.stopped) {
      closeCamera(opened.stream);
      return;
    }
    this.stream = opened.stream;
    this.mirror = opened.mirror;
    this.cameraId = opened.id;
    opened.stream.getVideoTracks()[0]?.addEventListener("ended", () => void this.reopen(video, choice));
    video.srcObject = opened.stream;
    await video.play();
  }

  /** A camera that was taken away is asked for again, until it is back. */
  private async reopen(video: HTMLVideoElement, choice: Choice): Promise<void> {
    while (!this.stopped && this.stage === "running") {
      try {
        await this.openCamera(video, choice);
        this.changed();
        return;
      } catch {
        await new Promise((done) => setTimeout(done, 2000));
      }
    }
  }

  private async openPose(video: HTMLVideoElement, model: ArrayBuffer | null): Promise<void> {
    if (model) {
      const loop = new PoseLoop(video, {
        found: (found) => this.found(found),
        failed: () => undefined,
        wantsSmall: (t) => this.wantsSmall(t),
      });
      this.loop = loop;
      if (await loop.open(new URL("wasm/", location.origin + location.pathname).href, new Uint8Array(model.slice(0)))) return;
    }
    this.loop = null;
    this.pictures = true;
    this.pictureLoop = new PictureLoop(video, (taken) => {
      this.clock(taken.t);
      this.connection?.picture({ t: taken.t, w: taken.w, h: taken.h, luma: taken.luma, speaking: this.speaker.speaking }, taken.jpeg);
    });
    this.pictureLoop.start();
  }

  private join(): void {
    const o = this.options;
    this.connection = new Link(
      {
        type: "hello",
        protocol: PROTOCOL,
        role: o.role,
        session: o.session,
        lang: o.lang,
        work: o.work,
        introduce: o.introduce,
        ball: o.ball,
        camera: this.stream?.getVideoTracks()[0]?.label ?? "",
      },
      {
        state: (state, why) => this.linked(state, why),
        welcome: (welcome) => this.welcomed(welcome),
        moment: (moment) => this.judged(moment),
        report: (report) => {
          this.reports.push(report);
          this.changed();
        },
        over: (over) => {
          this.over = over;
          this.stage = "over";
          this.end();
        },
        warning: (text) => {
          this.warnings.push(text);
          this.changed();
        },
        camera: (here) => {
          this.cameraHere = here;
          this.changed();
        },
      },
    );
    this.connection.open();
  }

  private linked(state: LinkState, why?: { code: string; message: string; hint: string }): void {
    this.link = state;
    if (state === "over" && this.stage === "running") {
      this.stage = "over";
      this.end();
    }
    if (state === "refused") {
      this.trouble = { kind: "server", ...(why ?? { code: "", message: "", hint: "" }) };
      this.stage = "trouble";
      this.end();
    }
    this.changed();
  }

  private welcomed(welcome: Welcome): void {
    if (!welcome.resumed) {
      this.speaker.forget();
      this.before += this.moment?.judged?.counts.total ?? 0;
      this.moment = null;
    }
    this.changed();
  }

  private judged(moment: Moment): void {
    if (this.options.role === "screen") {
      this.clock(moment.t);
    }
    if (this.options.role === "screen" || this.pictures) {
      this.body = moment.body && moment.size ? onScreen(moment.body, moment.size, moment.t) : null;
    }
    this.moment = moment;
    for (const event of moment.events) this.done = event.rep ?? this.done;
    this.speaker.take(moment.say, moment.hush, this.now);
    this.changed();
  }

  private found(found: Found): void {
    this.clock(found.t);
    this.seen.push(found.t);
    while (this.seen.length > 2 && found.t - this.seen[0]! > 3) this.seen.shift();
    const span = found.t - this.seen[0]!;
    this.fps = span > 0 ? (this.seen.length - 1) / span : 0;
    this.body = found.pose ? { points: found.pose.image, w: found.w, h: found.h, t: found.t } : null;
    const pose: Pose | null = found.pose;
    this.connection?.frame({ t: found.t, w: found.w, h: found.h, luma: found.luma, pose, speaking: this.speaker.speaking, small: found.small });
  }

  private wantsSmall(t: number): boolean {
    if (!this.moment?.ball || t - this.ballAt < BALL_EVERY_S) return false;
    this.ballAt = t;
    return true;
  }

  private tick(): void {
    if (this.loop?.busy || this.last.at === 0 || (performance.now() - this.last.at) / 1000 < TICK_AFTER_S) return;
    this.connection?.tick(this.now, this.speaker.speaking);
  }

  private clock(t: number): void {
    this.last = { t, at: performance.now() };
  }

  private end(): void {
    this.loop?.close();
    this.pictureLoop?.close();
    closeCamera(this.stream);
    this.stream = null;
    this.awake.release();
    if (this.ticker !== null) clearInterval(this.ticker);
    this.ticker = null;
    this.changed();
  }

  private fail(e: unknown): void {
    this.trouble =
      e instanceof CameraError
        ? { kind: "camera", trouble: e.trouble }
        : e instanceof ApiError
          ? { kind: "server", code: e.code, message: e.message, hint: e.hint }
          : { kind: "server", code: "", message: e instanceof Error ? e.message : String(e), hint: "" };
    this.stage = "trouble";
    this.end();
  }
}

function onScreen(body: Array<[number, number, number]>, [w, h]: [number, number], t: number): Body {
  const points = new Float32Array(4 * body.length);
  body.forEach(([x, y, v], i) => points.set([x * w, y * h, 0, v], 4 * i));
  return { points, w, h, t };
}
