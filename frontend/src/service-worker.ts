/** Keeps the static shell for offline use. Answers of the server are never stored: they are personal. Sends claims that wait for a network. Shows that there is news. */

import { createClient, fetchExchange } from "@urql/core";
import { SYNC_TAG, sendWaiting } from "./graphql/claimOutbox";
import { claimSender } from "./graphql/claimTransfer";
import { ClaimDrafts } from "./lib/claimDrafts";
import { readNews } from "./lib/pushMessage";

interface ShellFile {
  readonly url: string;
  readonly revision: string | null;
}

declare const self: ServiceWorkerGlobalScope & { readonly __WB_MANIFEST: readonly ShellFile[] };

const files = self.__WB_MANIFEST;
const version = files.map((file) => file.revision ?? file.url).join();
const cacheName = `shell-${hash(version)}`;
const shellPaths = new Set(files.map((file) => new URL(file.url, self.location.origin).pathname));
const serverPaths =
  /^\/(?:graphql|graphiql|sandbox|documents|forms|savings-accounts|self-added-accounts|self-added-documents|claim-documents|receipts|postbox|quittung-pruefen|export\.zip|health)(?:\/|$)/;

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches.open(cacheName).then((cache) => cache.addAll([...shellPaths].map(freshRequest))),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(deleteOldShells().then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    if (!serverPaths.test(url.pathname)) event.respondWith(networkOrShell(request));
  } else if (shellPaths.has(url.pathname)) {
    event.respondWith(shellOrNetwork(request));
  }
});

/** Background sync, where there is one: a claim goes on with the page closed (F60). */
self.addEventListener("sync" as never, (event: ExtendableEvent & { readonly tag: string }) => {
  if (event.tag === SYNC_TAG) event.waitUntil(sendClaims());
});

self.addEventListener("push", (event) => {
  const { title, text, page, path } = readNews(event.data?.text() ?? null, location.hostname);
  const icon = "/icons/icon-192.png";
  event.waitUntil(
    self.registration.showNotification(title, { body: text, tag: page, icon, data: path }),
  );
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(show(String(event.notification.data)));
});

/** Never takes a window away from what somebody may be typing there. */
async function show(path: string): Promise<void> {
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const there = windows.find(({ url }) => new URL(url).pathname === path);
  await (there ? there.focus() : self.clients.openWindow(path));
}

async function sendClaims(): Promise<void> {
  const client = createClient({
    url: "/graphql",
    preferGetMethod: false,
    exchanges: [fetchExchange],
  });
  const account = await claimSender(client);
  // Without a session the page asks to sign in.
  if (account === null) return;
  const lacksNetwork = await sendWaiting({
    account,
    client,
    drafts: await ClaimDrafts.open(account),
  });
  // The browser tries again, with growing patience.
  if (lacksNetwork) throw new Error("No network yet");
}

function freshRequest(path: string): Request {
  return new Request(path, { cache: "reload", credentials: "omit" });
}

async function networkOrShell(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    const shell = await caches.match("/index.html", { cacheName });
    if (shell) return shell;
    throw error;
  }
}

async function shellOrNetwork(request: Request): Promise<Response> {
  return (await caches.match(new URL(request.url).pathname, { cacheName })) ?? fetch(request);
}

async function deleteOldShells(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== cacheName).map((name) => caches.delete(name)));
}

function hash(text: string): string {
  let value = 5381;
  for (const character of text) value = (value * 33 + character.charCodeAt(0)) >>> 0;
  return value.toString(36);
}
