/** The thread that finds the body, so that the page stays quick. */

import { able, bestDelegate, Finder } from "./finder";
import { jpeg } from "./jpeg";
import { brightness } from "./light";
import type { FromWorker, ToWorker } from "./messages";

const scope = self as unknown as DedicatedWorkerGlobalScope;
/** Longer side of the picture in which the ball is looked for, px: about the scale at which the computer looks for it. */
const SMALL = 320;
let finder: Finder | null = null;

function answer(message: FromWorker, transfer: Transferable[] = []): void {
  scope.postMessage(message, transfer);
}

scope.onmessage = async (event: MessageEvent<ToWorker>) => {
  const message = event.data;
  try {
    if (message.kind === "open") {
      if (!(await able())) {
        answer({ kind: "unable", why: "no WebAssembly SIMD or WebGL" });
        return;
      }
      finder = await Finder.create({ wasm: message.wasm, model: message.model, delegate: message.delegate ?? bestDelegate() });
      answer({ kind: "ready", delegate: finder.delegate });
    } else if (finder) {
      const { picture, t } = message;
      const began = performance.now();
      const [w, h] = [picture.width, picture.height];
      const pose = await finder.find(picture, w, h);
      const luma = brightness(picture);
      const small = message.small ? await jpeg(picture, w, h, SMALL) : null;
      picture.close();
      answer({ kind: "found", t, w, h, pose, luma, small, took: performance.now() - began });
    }
  } catch (e) {
    answer({ kind: finder ? "failed" : "unable", why: e instanceof Error ? e.message : String(e) });
  }
};
