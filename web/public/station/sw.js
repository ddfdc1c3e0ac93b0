// Opens a station without a network. It keeps the page and its code, never an answer of a service: what passes through
// it is left alone unless it is a page of /console/station/ or a file of /console/assets/, whose names change with their
// content.
const CACHE = "maillage-station-1";
const PAGE = "/console/";
const isAsset = (url) => url.origin === self.location.origin && url.pathname.startsWith("/console/assets/");

self.addEventListener("install", (event) => {
  event.waitUntil(keepPage().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const others = caches
    .keys()
    .then((names) => names.filter((name) => name.startsWith("maillage-station-") && name !== CACHE))
    .then((names) => Promise.all(names.map((name) => caches.delete(name))));
  event.waitUntil(others.then(() => self.clients.claim()));
});

// What the page was made of before the worker was there.
self.addEventListener("message", (event) => {
  const urls = (event.data?.keep ?? []).filter((url) => isAsset(new URL(url)));
  event.waitUntil(
    caches.open(CACHE).then(async (cache) => {
      const kept = new Set((await cache.keys()).map((request) => request.url));
      await cache.addAll(urls.filter((url) => !kept.has(url)));
      await keepPage();
    }),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET") return;
  if (request.mode === "navigate" && url.pathname.startsWith("/console/station/")) {
    event.respondWith(fetch(request).catch(() => caches.match(PAGE)));
  } else if (isAsset(url)) {
    event.respondWith(caches.match(request).then((kept) => kept ?? fetched(request)));
  }
});

async function keepPage() {
  const answer = await fetch(PAGE, { cache: "no-cache" });
  if (answer.ok) await (await caches.open(CACHE)).put(PAGE, answer);
}

async function fetched(request) {
  const answer = await fetch(request);
  if (answer.ok) await (await caches.open(CACHE)).put(request, answer.clone());
  return answer;
}
