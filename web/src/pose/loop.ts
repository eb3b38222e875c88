/** The loop from the camera's picture to a pose: the newest picture only, one at a time, at the camera's own times. */

import type { Delegate } from "./finder";
import type { Found, FromWorker, ToWorker } from "./messages";

export interface PoseLoopEvents {
  found(found: Found): void;
  failed(why: string): void;
  /** Whether the next picture is to come with a small one for the ball. */
  wantsSmall(t: number): boolean;
}

/** Seconds at which frames were taken, by a clock that goes on when the page is loaded again. */
export class CameraClock {
  private captured: boolean | null = null;

  at(now: number, metadata: VideoFrameCallbackMetadata | null): number {
    // The two clocks differ by the way from the camera to the screen: one of them, the same for all frames.
    this.captured ??= metadata?.captureTime !== undefined;
    return (performance.timeOrigin + ((this.captured ? metadata?.captureTime : undefined) ?? now)) / 1000;
  }
}

/** Call back with the time of the next new frame of a video; returns what takes that back. */
export function onNextFrame(video: HTMLVideoElement, clock: CameraClock, then: (t: number) => void): () => void {
  if ("requestVideoFrameCallback" in video) {
    const id = video.requestVideoFrameCallback((now, metadata) => then(clock.at(now, metadata)));
    return () => video.cancelVideoFrameCallback(id);
  }
  const id = requestAnimationFrame((now) => then(clock.at(now, null)));
  return () => cancelAnimationFrame(id);
}

/** Finds the body in the pictures of a video element, in a thread of its own. */
export class PoseLoop {
  private worker: Worker | null = null;
  /** Whether a picture is being looked at: it was taken before now, so time must not go on without it. */
  busy = false;
  private stopped = false;
  private last = -Infinity;
  private waiting: (() => void) | null = null;
  private readonly clock = new CameraClock();
  delegate: Delegate | null = null;

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly events: PoseLoopEvents,
  ) {}

  /** Load the model; resolves to false where this browser cannot find bodies. */
  async open(wasm: string, model: Uint8Array, delegate: Delegate | null = null): Promise<boolean> {
    if (typeof Worker === "undefined" || typeof OffscreenCanvas === "undefined") return false;
    const worker = new Worker(new URL("./worker.ts", import.meta.url));
    this.worker = worker;
    return new Promise((done) => {
      worker.onerror = (e) => {
        e.preventDefault();
        this.close();
        done(false);
      };
      worker.onmessage = (event: MessageEvent<FromWorker>) => {
        const message = event.data;
        if (message.kind === "ready") {
          this.delegate = message.delegate;
          this.look();
          done(true);
        } else if (message.kind === "unable") {
          this.close();
          done(false);
        } else if (message.kind === "failed") {
          this.busy = false;
          this.events.failed(message.why);
          this.look();
        } else {
          this.busy = false;
          this.events.found(message);
          this.look();
        }
      };
      const open: ToWorker = { kind: "open", wasm, model, delegate };
      worker.postMessage(open, [model.buffer]);
    });
  }

  close(): void {
    this.stopped = true;
    this.waiting?.();
    this.waiting = null;
    this.worker?.terminate();
    this.worker = null;
  }

  private look(): void {
    if (this.stopped || this.waiting) return;
    this.waiting = onNextFrame(this.video, this.clock, (t) => {
      this.waiting = null;
      void this.take(t);
    });
  }

  private async take(t: number): Promise<void> {
    if (this.stopped || this.busy) return;
    if (t <= this.last || this.video.videoWidth === 0) {
      this.look();
      return;
    }
    this.busy = true;
    try {
      const picture = await createImageBitmap(this.video);
      this.last = t;
      const message: ToWorker = { kind: "picture", picture, t, small: this.events.wantsSmall(t) };
      this.worker?.postMessage(message, [picture]);
    } catch {
      this.busy = false;
      this.look();
    }
  }
}
