/** What this browser can do about notices, and its subscription at the push service of its maker. */
import { fromBase64Url, toBase64Url } from "./base64Url";
import { readStored, writeStored } from "./storage";

/** `needsInstalling`: iPhone and iPad show notices of installed apps only. */
export type PushAbility = "unsupported" | "needsInstalling" | "blocked" | "possible";

export interface PushTarget {
  readonly endpoint: string;
  readonly p256dh: string;
  readonly auth: string;
}

/** Whose notices this browser shows: nobody else's sign-in here turns them on. */
const ACCOUNT = "kundenportal.push";

export function pushAbility(): PushAbility {
  const canPush =
    "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
  if (!canPush) return isAppleTouch() ? "needsInstalling" : "unsupported";
  return Notification.permission === "denied" ? "blocked" : "possible";
}

/** Asks the person if need be, then subscribes; null if they said no, or nothing. */
export async function subscribeBrowser(key: string): Promise<PushTarget | null> {
  if ((await Notification.requestPermission()) !== "granted") return null;
  const manager = await pushManager();
  const present = await manager.getSubscription();
  // A portal that was set up anew has another key: the old subscription is of no use.
  const isOurs = present && sameKey(present, key);
  if (present && !isOurs) await present.unsubscribe();
  const subscription = isOurs
    ? present
    : await manager.subscribe({
        userVisibleOnly: true,
        applicationServerKey: fromBase64Url(key),
      });
  const { endpoint = "", keys = {} } = subscription.toJSON();
  return { endpoint, p256dh: keys.p256dh ?? "", auth: keys.auth ?? "" };
}

/** From here on nothing comes to this browser, whether or not the server learns of it. */
export async function unsubscribeBrowser(): Promise<void> {
  writeStored(ACCOUNT, null);
  await (await (await pushManager()).getSubscription())?.unsubscribe();
}

/** True if this account has turned notices on here and the browser would still show them. */
export async function isPushOn(account: string): Promise<boolean> {
  if (readStored(ACCOUNT) !== account || pushAbility() !== "possible") return false;
  if (Notification.permission !== "granted") return false;
  return (await (await pushManager()).getSubscription()) !== null;
}

export function rememberPush(account: string): void {
  writeStored(ACCOUNT, account);
}

/** Cheap enough to ask on every page. */
export function mayPushBeOn(account: string): boolean {
  return readStored(ACCOUNT) === account;
}

async function pushManager(): Promise<PushManager> {
  const worker = await navigator.serviceWorker.getRegistration();
  if (!worker) throw new Error("There is no service worker here.");
  return worker.pushManager;
}

function sameKey(subscription: PushSubscription, key: string): boolean {
  const { applicationServerKey } = subscription.options;
  return applicationServerKey !== null && toBase64Url(applicationServerKey) === key;
}

function isAppleTouch(): boolean {
  const isIpad = /Macintosh/.test(navigator.userAgent) && navigator.maxTouchPoints > 1;
  return isIpad || /iPhone|iPad|iPod/.test(navigator.userAgent);
}
