// Keeps the app's own files on the phone, so that a driver's page opens without a network. The API is never kept here, nor a page
// with somebody's data in it: pages keep what they show, and acts wait in the outbox.
const KEEP = 'jishi-1';

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(KEEP).then((cache) => cache.addAll([new Request('/', { credentials: 'omit' }), ...ASSETS])).then(() => self.skipWaiting()));
});

self.addEventListener('activate', (event) => {
  event.waitUntil(forget().then(() => self.clients.claim()));
});

/** Files of older builds go when a newer build has come. */
async function forget() {
  const cache = await caches.open(KEEP);
  const now = new Set(['/', ...ASSETS]);
  for (const request of await cache.keys()) if (!now.has(new URL(request.url).pathname)) await cache.delete(request);
}

self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== 'GET' || url.origin !== location.origin || url.pathname.startsWith('/api/')) return;
  if (url.pathname.startsWith('/assets/')) event.respondWith(file(event.request));
  else if (event.request.mode === 'navigate') event.respondWith(page(event.request));
});

/** A file with its hash in its name never changes. */
async function file(request) {
  const cache = await caches.open(KEEP);
  const kept = await cache.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) await cache.put(request, answer.clone());
  return answer;
}

/** The page itself comes from the network when that answers within 3 s. */
async function page(request) {
  const cache = await caches.open(KEEP);
  const kept = await cache.match('/');
  const fresh = fetch(request);
  if (!kept) return fresh;
  const late = new Promise((resolve) => setTimeout(() => resolve(kept), 3000));
  return Promise.race([fresh.catch(() => kept), late]);
}

/* The build writes here what a driver or a receiver needs. */
const ASSETS = [];
