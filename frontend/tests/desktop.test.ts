import { afterEach, expect, test, vi } from "vitest";
import { isDesktopBrowser } from "../src/lib/desktop";

afterEach(() => vi.unstubAllGlobals());

test.each([
  ["Mozilla/5.0 (Windows NT 10.0; Win64; x64)", 0, true],
  ["Mozilla/5.0 (Windows NT 10.0; Win64; x64)", 10, true],
  ["Mozilla/5.0 (X11; CrOS x86_64 14541.0.0)", 0, true],
  ["Mozilla/5.0 (X11; Linux x86_64; rv:150.0)", 0, true],
  ["Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)", 0, true],
  // An iPad as it comes.
  ["Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)", 5, false],
  ["Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X)", 5, false],
  ["Mozilla/5.0 (Linux; Android 16; K)", 5, false],
  ["something new", 0, false],
])("F49 a desktop is told from a phone: %s with %i touches is %s", (userAgent, touches, is) => {
  vi.stubGlobal("navigator", { userAgent, maxTouchPoints: touches });
  expect(isDesktopBrowser()).toBe(is);
});
