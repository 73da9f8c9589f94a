// What stays when the network goes: one page that says so, with its stylesheet. Nothing else is ever kept, least of all
// a page that somebody signed in could see. Its address carries the version of the static files and the language.
"use strict";

const wanted = new URL(self.location).searchParams;
const KEPT = `offline-${wanted.get("v")}-${wanted.get("lang")}`;
const OFFLINE = "/offline";
const STYLE = `/static/style.css?v=${wanted.get("v")}`;

async function keep() {
  const cache = await caches.open(KEPT);
  // Without cookies: the page of nobody in particular.
  const page = await fetch(OFFLINE, { credentials: "omit", headers: { "Accept-Language": wanted.get("lang") } });
  if (!page.ok) throw new Error(`${OFFLINE} answered ${page.status}`);
  await cache.put(OFFLINE, page);
  await cache.add(STYLE);
}

async function forgetOlder() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== KEPT).map((name) => caches.delete(name)));
  await self.registration.navigationPreload?.enable();
  await self.clients.claim();
}

async function open(event) {
  try {
    return (await event.preloadResponse) || (await fetch(event.request));
  } catch {
    return (await caches.match(OFFLINE)) || Response.error();
  }
}

async function style(request) {
  return (await caches.match(request)) || fetch(request);
}

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(keep());
});
self.addEventListener("activate", (event) => event.waitUntil(forgetOlder()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  // A form that is sent goes its own way, so that the server still sees from which site it came.
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(open(event));
  else if (request.url === new URL(STYLE, self.location).href) event.respondWith(style(request));
});
