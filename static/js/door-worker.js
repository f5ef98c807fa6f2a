"use strict";
// Opens the door page while there is no line. It keeps no names: those the page keeps itself, and takes away.
const PATIENCE = 4000;

const late = () => new Promise((resolve, reject) => { setTimeout(reject, PATIENCE); });
const answer = async (request) => {
  const kept = await caches.match(request.url, { ignoreVary: true });
  if (!kept) return fetch(request);
  try {
    return await Promise.race([fetch(request), late()]);
  } catch {
    return kept;
  }
};

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const isPart = request.mode === "navigate" || ["style", "script", "font", "image"].includes(request.destination);
  if (request.method === "GET" && isPart) event.respondWith(answer(request));
});
