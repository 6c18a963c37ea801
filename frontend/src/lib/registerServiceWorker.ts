/** Registers the worker that keeps the static shell; the address passes a Trusted Types policy that knows only it. */

const SCRIPT = "/service-worker.js";

interface TrustedTypesFactory {
  createPolicy(
    name: string,
    rules: { createScriptURL: (url: string) => string },
  ): { createScriptURL: (url: string) => string };
}

declare global {
  interface Window {
    readonly trustedTypes?: TrustedTypesFactory;
  }
}

export function registerServiceWorker(): void {
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
  const policy = window.trustedTypes?.createPolicy("kundenportal", { createScriptURL: onlyOurs });
  const url = policy ? policy.createScriptURL(SCRIPT) : SCRIPT;
  addEventListener("load", () => {
    navigator.serviceWorker.register(url).catch((error: unknown) => {
      console.warn("The offline shell is not available.", error);
    });
  });
}

function onlyOurs(url: string): string {
  if (url !== SCRIPT) throw new TypeError(`Not a script of this portal: ${url}`);
  return url;
}
