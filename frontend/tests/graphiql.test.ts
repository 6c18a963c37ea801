import { readFileSync } from "node:fs";
import { buildSchema, parse, validate } from "graphql";
import { afterEach, expect, test, vi } from "vitest";
import { examples } from "../src/graphiql/examples";
import { askPortal } from "../src/graphiql/fetcher";

const schema = buildSchema(readFileSync("../backend/schema/schema.graphql", "utf8"));

afterEach(() => {
  vi.unstubAllGlobals();
});

test.each(
  examples.map(({ query, variables }) => [query.match(/query (\w+)/)?.[1], query, variables]),
)("the example %s fits the schema", (_name, query, variables) => {
  expect(validate(schema, parse(query ?? "")).map(({ message }) => message)).toEqual([]);
  expect(() => JSON.parse(variables ?? "{}")).not.toThrow();
});

test("a query goes to this portal only, with the session's cookie and the headers of the editor", async () => {
  const ask = vi.fn(async () => Response.json({ data: { viewer: null } }));
  vi.stubGlobal("fetch", ask);
  const operation = { query: "query A { viewer { id } }", operationName: "A", variables: {} };
  expect(await askPortal(operation, { Authorization: "Bearer t" })).toEqual({
    data: { viewer: null },
  });
  expect(ask).toHaveBeenCalledWith("/graphql", {
    method: "POST",
    credentials: "same-origin",
    headers: {
      "Accept-Language": "de",
      Authorization: "Bearer t",
      "Content-Type": "application/json",
    },
    body: JSON.stringify(operation),
  });
});

test("the name of another tab's operation is left out", async () => {
  const ask = vi.fn(async (_url: string, _init: RequestInit) => Response.json({ data: {} }));
  vi.stubGlobal("fetch", ask);
  await askPortal({ query: "query Help { policy { idleMinutes } }", operationName: "Postbox" });
  expect(ask.mock.calls[0]?.[1].body).toBe('{"query":"query Help { policy { idleMinutes } }"}');
});

test("an answer that is no JSON is shown as an error", async () => {
  vi.stubGlobal("fetch", async () => new Response("", { status: 502, statusText: "Bad Gateway" }));
  expect(await askPortal({ query: "{ viewer { id } }" })).toEqual({
    errors: [{ message: "502 Bad Gateway" }],
  });
});
