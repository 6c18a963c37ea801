import { afterEach, expect, test, vi } from "vitest";
import { fetchAcrossRenewals, renewing } from "../src/graphql/tokenRenewal";

afterEach(() => vi.unstubAllGlobals());

const said = (viewer: unknown) => new Response(JSON.stringify({ data: { viewer } }));
const nameIn = async (response: Response) => (await response.json()).data.viewer?.name ?? null;

/** A promise and what keeps it (Promise.withResolvers needs a newer Node). */
function later<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((keep) => {
    resolve = keep;
  });
  return { promise, resolve };
}

/** A server that answers the requests one after the other; each answer comes when it is told to. */
function serverOf(...answers: Promise<Response>[]): ReturnType<typeof vi.fn> {
  const fetching = vi.fn(() => answers.shift());
  vi.stubGlobal("fetch", fetching);
  return fetching;
}

test("a query that an approval overtook is asked again with the new token", async () => {
  const late = later<Response>();
  const fetching = serverOf(late.promise, Promise.resolve(said({ name: "Anna" })));
  const query = fetchAcrossRenewals("/graphql", { method: "POST" });
  await renewing(Promise.resolve("approved"));
  late.resolve(said(null));
  expect(await nameIn(await query)).toBe("Anna");
  expect(fetching).toHaveBeenCalledTimes(2);
});

test("it waits for an approval that is still under way", async () => {
  const approval = later<string>();
  const fetching = serverOf(Promise.resolve(said(null)), Promise.resolve(said({ name: "Anna" })));
  const approving = renewing(approval.promise);
  const query = fetchAcrossRenewals("/graphql");
  await vi.waitFor(() => expect(fetching).toHaveBeenCalledTimes(1));
  await new Promise((resolve) => setTimeout(resolve));
  expect(fetching).toHaveBeenCalledTimes(1);
  approval.resolve("approved");
  await approving;
  expect(await nameIn(await query)).toBe("Anna");
});

test("without an approval nobody signed in stays nobody", async () => {
  const fetching = serverOf(Promise.resolve(said(null)));
  expect(await nameIn(await fetchAcrossRenewals("/graphql"))).toBeNull();
  expect(fetching).toHaveBeenCalledTimes(1);
});

test("whose session has really ended is asked about no more than twice", async () => {
  const late = later<Response>();
  const fetching = serverOf(late.promise, Promise.resolve(said(null)));
  const query = fetchAcrossRenewals("/graphql");
  await renewing(Promise.resolve("approved"));
  late.resolve(said(null));
  expect(await nameIn(await query)).toBeNull();
  expect(fetching).toHaveBeenCalledTimes(2);
});
