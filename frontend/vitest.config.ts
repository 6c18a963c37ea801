/** Unit tests; those that need a page say so in their first line. */
import { defineConfig } from "vitest/config";
import { messagesInOne } from "./build/messagesInOne";

export default defineConfig({
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  plugins: [messagesInOne()],
  test: {
    environment: "node",
    include: ["tests/**/*.test.{ts,tsx}", "src/**/*.test.{ts,tsx}"],
    // All cores: Vitest would leave one of two idle.
    maxWorkers: "100%",
    restoreMocks: true,
  },
});
