/** The loop for browsers that cannot find bodies: small pictures, fifteen a second, for the computer to look at. */

import { jpeg } from "./jpeg";
import { brightness } from "./light";
import { CameraClock, onNextFrame } from "./loop";

const LONGER_SIDE = 640;
const EVERY_S = 1 / 15;

export interface Taken {
  t: number;
  w: number;
  h: number;
  luma: number;
  jpeg: Uint8Array;
}

export class PictureLoop {
  private stopped = false;
  private cancel: (() => void) | null = null;
  private last = -Infinity;
  private readonly clock = new CameraClock();

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly taken: (taken: Taken) => void,
  ) {}

  start(): void {
    if (this.stopped) return;
    this.cancel = onNextFrame(this.video, this.clock, (t) => void this.take(t));
  }

  close(): void {
    this.stopped = true;
    this.cancel?.();
  }

  private async take(t: number): Promise<void> {
    const [w, h] = [this.video.videoWidth, this.video.videoHeight];
    // A little early is early enough, or every second frame of a slow camera would be missed.
    if (w > 0 && t - this.last > 0.9 * EVERY_S) {
      this.last = t;
      const luma = brightness(this.video);
      const data = await jpeg(this.video, w, h, LONGER_SIDE);
      if (data && !this.stopped) this.taken({ t, w, h, luma, jpeg: data });
    }
    this.start();
  }
}
