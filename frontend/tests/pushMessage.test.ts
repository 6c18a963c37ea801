import { expect, test } from "vitest";
import { readNews } from "../src/lib/pushMessage";

const portal = "portal.example";

test.each([
  ["postbox", "/postfach"],
  ["messages", "/postfach/nachrichten"],
  ["overview", "/"],
])("X3: news about %s open %s", (page, path) => {
  const message = JSON.stringify({ title: "Neu", text: "Kundenportal", page });
  expect(readNews(message, portal)).toEqual({ title: "Neu", text: "Kundenportal", page, path });
});

test.each([
  null,
  "",
  "no json",
  "[]",
  "null",
  '{"title": 1, "page": "https://evil.example"}',
  '{"page": "__proto__"}',
])("X3: a message that is none is shown without words of its own: %s", (message) => {
  expect(readNews(message, portal)).toEqual({
    title: portal,
    text: "",
    page: "overview",
    path: "/",
  });
});
