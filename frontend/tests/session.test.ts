// @vitest-environment happy-dom
import { beforeEach, expect, test } from "vitest";
import { saysNotSignedIn, saysSignedIn, sessionIn } from "../src/graphql/signedIn";
import { SessionClock } from "../src/lib/sessionClock";

const MINUTE = 60_000;
const session = (idleExpiresAt: string) => ({
  signedInAt: "2026-11-21T08:00:00Z",
  expiresAt: "2026-11-21T20:00:00Z",
  idleExpiresAt,
});

beforeEach(() => localStorage.clear());

test("the idle limit is told in the device's clock even if the server's clock travels", () => {
  const clock = new SessionClock(15 * MINUTE);
  clock.signedIn(1_000_000, session("2026-11-21T08:15:00Z"));
  expect(clock.left(1_000_000 + 10 * MINUTE)).toEqual({
    ms: 5 * MINUTE,
    limit: "idle",
    idleWindow: 15 * MINUTE,
  });
});

test("every answer renews the idle limit", () => {
  const clock = new SessionClock(15 * MINUTE);
  clock.signedIn(1_000_000, session("2026-11-21T08:15:00Z"));
  clock.answered(1_000_000 + 10 * MINUTE);
  expect(clock.left(1_000_000 + 10 * MINUTE).ms).toBe(15 * MINUTE);
});

test("the shorter limit after opening bank data is taken over from the answer", () => {
  const clock = new SessionClock(15 * MINUTE);
  clock.signedIn(1_000_000, session("2026-11-21T08:15:00Z"));
  clock.answered(1_000_000 + 2 * MINUTE, session("2026-11-21T08:07:00Z"));
  expect(clock.left(1_000_000 + 2 * MINUTE)).toEqual({
    ms: 5 * MINUTE,
    limit: "idle",
    idleWindow: 5 * MINUTE,
  });
});

test("the absolute limit wins when it is nearer", () => {
  const clock = new SessionClock(15 * MINUTE);
  clock.signedIn(0, session("2026-11-21T08:15:00Z"));
  const late = 12 * 60 * MINUTE - 3 * MINUTE;
  clock.answered(late);
  expect(clock.left(late)).toEqual({ ms: 3 * MINUTE, limit: "absolute", idleWindow: 15 * MINUTE });
});

test("a reloaded page knows the clock of its session again", () => {
  new SessionClock(15 * MINUTE).signedIn(1_000_000, session("2026-11-21T08:15:00Z"));
  const reloaded = new SessionClock(15 * MINUTE);
  reloaded.answered(1_000_000 + 4 * MINUTE, session("2026-11-21T08:09:00Z"));
  expect(reloaded.left(1_000_000 + 4 * MINUTE).ms).toBe(5 * MINUTE);
});

test("without a memory of signing in the assumed idle limit is taken", () => {
  const clock = new SessionClock(15 * MINUTE);
  clock.answered(5_000_000, session("2026-11-21T09:00:00Z"));
  expect(clock.left(5_000_000).ms).toBe(15 * MINUTE);
});

test("a stopped clock does not run", () => {
  const clock = new SessionClock(15 * MINUTE);
  clock.signedIn(1_000_000, session("2026-11-21T08:15:00Z"));
  clock.stop();
  expect(clock.isRunning).toBe(false);
});

test("an answer without a viewer says that nobody is signed in", () => {
  expect(saysNotSignedIn({ viewer: null })).toBe(true);
  expect(saysNotSignedIn({ openDocument: { __typename: "NotSignedIn" } })).toBe(true);
  expect(saysNotSignedIn({ portal: {} })).toBe(false);
  expect(saysSignedIn({ viewer: { id: "1" } })).toBe(true);
});

test("the limits of a session are read only when they are whole", () => {
  const whole = session("2026-11-21T08:15:00Z");
  expect(sessionIn({ viewer: { session: whole } })).toBe(whole);
  expect(sessionIn({ viewer: { session: { idleExpiresAt: "x" } } })).toBeUndefined();
});
