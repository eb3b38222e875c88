/** From pictures to poses, in the browser: MediaPipe's pose landmarker; its types stop here. */

import { FilesetResolver, PoseLandmarker, type PoseLandmarkerResult } from "@mediapipe/tasks-vision";

import { N_LANDMARKS, type Pose } from "./landmarks";
import { MIN_PLAUSIBILITY, plausibility } from "./plausibility";
import { drawTurned, type Turn, turnedBack } from "./turns";

export type Delegate = "CPU" | "GPU";
export type Picture = ImageBitmap | HTMLVideoElement;

/** Timestamps this far apart (ms) leave MediaPipe's own smoothing nothing to do; the computer smooths by real time. */
const RAW_STEP_MS = 1_000_000;
/** Frames without a believable body before the search through turned pictures starts, and between searches. */
const SEARCH_AFTER = 2;
const SEARCH_EVERY = 8;

export interface FinderOptions {
  /** Folder of the WebAssembly files, ending in a slash. */
  wasm: string;
  model: Uint8Array;
  delegate: Delegate;
}

/** Whether this browser can find bodies by itself. */
export async function able(): Promise<boolean> {
  if (typeof WebAssembly !== "object" || !(await FilesetResolver.isSimdSupported())) return false;
  return webgl() !== null;
}

/** The delegate to use: a graphics card that is only simulated is slower than the processor. */
export function bestDelegate(): Delegate {
  const gl = webgl();
  if (!gl) return "CPU";
  const info = gl.getExtension("WEBGL_debug_renderer_info");
  const name = info ? String(gl.getParameter(info.UNMASKED_RENDERER_WEBGL)) : "";
  return /swiftshader|llvmpipe|software|basic render/i.test(name) ? "CPU" : "GPU";
}

function webgl(): WebGL2RenderingContext | null {
  try {
    const canvas = typeof OffscreenCanvas === "undefined" ? document.createElement("canvas") : new OffscreenCanvas(1, 1);
    return canvas.getContext("webgl2") as WebGL2RenderingContext | null;
  } catch {
    return null;
  }
}

/** Follows one body from picture to picture; one that lies, which the detector misses, is sought in turned pictures. */
export class Finder {
  private turn: Turn = 0;
  private misses = 0;
  private searchAt = SEARCH_AFTER;
  private n = 0;
  private still: PoseLandmarker | null = null;
  private canvas: OffscreenCanvas | HTMLCanvasElement | null = null;

  private constructor(
    private readonly track: PoseLandmarker,
    private readonly make: (mode: "VIDEO" | "IMAGE") => Promise<PoseLandmarker>,
    readonly delegate: Delegate,
  ) {}

  static async create(options: FinderOptions): Promise<Finder> {
    const files = {
      wasmLoaderPath: `${options.wasm}vision_wasm_internal.js`,
      wasmBinaryPath: `${options.wasm}vision_wasm_internal.wasm`,
    };
    const make = (delegate: Delegate) => (runningMode: "VIDEO" | "IMAGE") =>
      PoseLandmarker.createFromOptions(files, {
        baseOptions: { modelAssetBuffer: options.model, delegate },
        runningMode,
        numPoses: 1,
      });
    try {
      return new Finder(await make(options.delegate)("VIDEO"), make(options.delegate), options.delegate);
    } catch (e) {
      if (options.delegate === "CPU") throw e;
      return new Finder(await make("CPU")("VIDEO"), make("CPU"), "CPU");
    }
  }

  /** Return the body in a picture, or null. */
  async find(picture: Picture, w: number, h: number): Promise<Pose | null> {
    const pose = this.next(picture, w, h);
    if (pose && plausibility(pose) >= MIN_PLAUSIBILITY) {
      this.misses = 0;
      this.searchAt = SEARCH_AFTER;
      return pose;
    }
    this.misses += 1;
    if (this.misses < this.searchAt) return null;
    this.searchAt = this.misses + SEARCH_EVERY;
    return this.search(picture, w, h);
  }

  close(): void {
    this.track.close();
    this.still?.close();
  }

  private next(picture: Picture, w: number, h: number): Pose | null {
    this.n += 1;
    const shown = this.turned(picture, w, h, this.turn);
    return read(this.track.detectForVideo(shown, this.n * RAW_STEP_MS), w, h, this.turn);
  }

  private async search(picture: Picture, w: number, h: number): Promise<Pose | null> {
    this.still ??= await this.make("IMAGE");
    let best: { p: number; turn: Turn; pose: Pose } | null = null;
    for (const turn of [0, 1, 3, 2] as const) {
      const pose = read(this.still.detect(this.turned(picture, w, h, turn)), w, h, turn);
      if (!pose) continue;
      const p = plausibility(pose) - (turn === 2 ? 0.05 : 0);
      if (p >= MIN_PLAUSIBILITY && (!best || p > best.p)) best = { p, turn, pose };
      if (best && best.p > 0.85) break;
    }
    if (!best) return null;
    this.turn = best.turn;
    return best.pose;
  }

  private turned(picture: Picture, w: number, h: number, turn: Turn): Picture | OffscreenCanvas | HTMLCanvasElement {
    if (turn === 0) return picture;
    this.canvas ??=
      typeof OffscreenCanvas === "undefined" ? document.createElement("canvas") : new OffscreenCanvas(w, h);
    drawTurned(this.canvas, picture, w, h, turn);
    return this.canvas;
  }
}

function read(result: PoseLandmarkerResult, w: number, h: number, turn: Turn): Pose | null {
  const [image, world] = [result.landmarks[0], result.worldLandmarks[0]];
  if (!image || !world || image.length !== N_LANDMARKS) return null;
  const [tw, th] = turn % 2 === 1 ? [h, w] : [w, h];
  const pose = { image: new Float32Array(4 * N_LANDMARKS), world: new Float32Array(4 * N_LANDMARKS) };
  image.forEach((p, i) => pose.image.set([p.x * tw, p.y * th, p.z * tw, p.visibility ?? 0], 4 * i));
  world.forEach((p, i) => pose.world.set([p.x, p.y, p.z, p.visibility ?? 0], 4 * i));
  return turnedBack(pose, turn, w, h);
}
