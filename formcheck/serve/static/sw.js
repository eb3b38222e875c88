/* The shell of the pages, kept on the device: it opens at once, and says so where the computer cannot be reached. */
const VERSION = "3321e6348de4f8f5";
const FILES = ["assets/index-Bh574ZhU.css","assets/index-XI9MLbtX.js","assets/worker-DkyoOfWv.js","icon-180.png","icon-192.png","icon-512.png","icon-maskable-512.png","icon.svg","licences.txt","manifest.webmanifest","wasm/vision_wasm_internal.js","wasm/vision_wasm_internal.wasm"];
const CACHE = `formcheck-${VERSION}`;

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(CACHE)
      .then((cache) => cache.addAll(["./", ...FILES].map((file) => new Request(file, { cache: "reload" }))))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((n) => n.startsWith("formcheck-") && n !== CACHE).map((n) => caches.delete(n))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin) return;
  const name = url.pathname.replace(/^\//, "");
  // The page itself comes from the computer where it can be reached, so that a new version is used at once.
  if (event.request.mode === "navigate" && name === "") {
    event.respondWith(fetch(event.request).catch(() => caches.match("./")));
  } else if (FILES.includes(name)) {
    event.respondWith(caches.match(event.request, { ignoreSearch: true }).then((kept) => kept ?? fetch(event.request)));
  }
});
