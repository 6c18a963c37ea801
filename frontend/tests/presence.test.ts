// @vitest-environment happy-dom
import { beforeEach, expect, test } from "vitest";
import { forgetPresence, notePresence, presence } from "../src/lib/presence";

beforeEach(() => sessionStorage.clear());

test("F47 without a network this tab is still its account's, until the session would end", () => {
  notePresence("A1", 2_000);
  expect(presence(1_999)).toEqual({ account: "A1", until: 2_000 });
  expect(presence(2_000)).toBe(null);
});

test("F47 signing out tells whose it was, once, also when the time is over", () => {
  notePresence("A1", 2_000);
  expect(forgetPresence()).toBe("A1");
  expect(forgetPresence()).toBe(null);
  expect(presence(0)).toBe(null);
});

test("what somebody else wrote there is nobody's session", () => {
  sessionStorage.setItem("kundenportal.presence", "{");
  expect(presence(0)).toBe(null);
  expect(forgetPresence()).toBe(null);
});
