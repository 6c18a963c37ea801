/** What the browser says of itself, its device and its connection; read only when somebody looks. */

export interface DeviceFacts {
  /** The file of the app that runs here: tells which state of it. */
  readonly appFile: string | null;
  readonly isInstalled: boolean;
  readonly userAgent: string;
  readonly languages: string;
  readonly timeZone: string;
  readonly screen: string;
  readonly window: string;
  readonly cores: number | null;
  readonly hasTouch: boolean;
  readonly isDark: boolean;
  readonly address: string;
  readonly isOnline: boolean;
  /** How fast the browser takes the connection for; null where it doesn't say. */
  readonly speed: string | null;
  readonly protocol: string | null;
  readonly loadedIn: number | null;
  /** An instant, by the device's clock. */
  readonly readAt: string;
}

export function readDevice(): DeviceFacts {
  const [loading] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  const app = document.querySelector<HTMLScriptElement>('script[type="module"][src]');
  return {
    appFile: app ? (new URL(app.src).pathname.split("/").at(-1) ?? null) : null,
    isInstalled: matchMedia("(display-mode: standalone)").matches,
    userAgent: navigator.userAgent,
    languages: navigator.languages.join(", "),
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    screen: `${screen.width} × ${screen.height} (${devicePixelRatio}×)`,
    window: `${innerWidth} × ${innerHeight}`,
    cores: navigator.hardwareConcurrency || null,
    hasTouch: navigator.maxTouchPoints > 0,
    isDark: matchMedia("(prefers-color-scheme: dark)").matches,
    address: location.origin,
    isOnline: navigator.onLine,
    speed: (navigator as NetworkNavigator).connection?.effectiveType ?? null,
    protocol: loading?.nextHopProtocol || null,
    loadedIn: loading ? Math.round(loading.duration) : null,
    readAt: new Date().toISOString(),
  };
}

/** Not every browser has it. */
interface NetworkNavigator extends Navigator {
  readonly connection?: { readonly effectiveType?: string };
}
