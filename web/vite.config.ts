import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

import { defineConfig, type Plugin } from "vite";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const MEDIAPIPE = join(HERE, "node_modules/@mediapipe/tasks-vision");
/** The build for browsers with SIMD is all that is needed: others send pictures. */
const WASM = ["vision_wasm_internal.js", "vision_wasm_internal.wasm"];

function files(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((f) => (f.isDirectory() ? files(join(folder, f.name)) : [join(folder, f.name)]))
    .sort();
}

/** What is built in from others, and on which terms. */
function licences(): string {
  const preact = readFileSync(join(HERE, "node_modules/preact/LICENSE"), "utf8");
  return [
    "These pages are part of formcheck, Apache-2.0. Built into them are:",
    "",
    "MediaPipe Tasks Vision (@mediapipe/tasks-vision 0.10.33; assets/worker-*.js and wasm/), Copyright The MediaPipe",
    "Authors, Apache-2.0: https://www.apache.org/licenses/LICENSE-2.0. Unchanged but for being bundled.",
    "",
    `Preact, MIT:`,
    "",
    preact,
  ].join("\n");
}

/** Puts MediaPipe's files beside the pages, and tells the service worker what the shell consists of. */
function shell(): Plugin {
  return {
    name: "formcheck-shell",
    apply: "build",
    writeBundle(options) {
      const out = options.dir ?? "";
      mkdirSync(join(out, "wasm"), { recursive: true });
      for (const name of WASM) copyFileSync(join(MEDIAPIPE, "wasm", name), join(out, "wasm", name));
      writeFileSync(join(out, "licences.txt"), licences());
      const listed = files(out).map((f) => relative(out, f)).filter((f) => f !== "sw.js" && f !== "index.html");
      const hash = createHash("sha256");
      for (const f of listed) hash.update(f).update(readFileSync(join(out, f)));
      const script = readFileSync(join(HERE, "src/sw.js"), "utf8")
        .replace("__VERSION__", hash.digest("hex").slice(0, 16))
        .replace('"__FILES__"', JSON.stringify(listed));
      writeFileSync(join(out, "sw.js"), script);
    },
  };
}

export default defineConfig({
  base: "./",
  // The package's own table of exports mixes names and conditions, which no resolver accepts.
  resolve: { alias: { "@mediapipe/tasks-vision": join(MEDIAPIPE, "vision_bundle.mjs") } },
  plugins: [shell()],
  worker: { format: "iife", rollupOptions: { output: { entryFileNames: "assets/[name]-[hash].js" } } },
  build: {
    outDir: process.env.FORMCHECK_WEB_OUT ?? join(HERE, "../formcheck/serve/static"),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: false,
    target: "es2021",
    rollupOptions: {
      output: {
        entryFileNames: "assets/[name]-[hash].js",
        chunkFileNames: "assets/[name]-[hash].js",
        assetFileNames: "assets/[name]-[hash][extname]",
      },
    },
  },
});
