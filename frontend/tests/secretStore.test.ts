import { IDBFactory, IDBKeyRange, IDBObjectStore } from "fake-indexeddb";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { NoSecretStore, SecretStore, StoreFull } from "../src/lib/secretStore";

const secret = new TextEncoder().encode("Rechnung Dr. Beispiel");

beforeEach(() => {
  vi.stubGlobal("indexedDB", new IDBFactory());
  vi.stubGlobal("IDBKeyRange", IDBKeyRange);
  vi.stubGlobal("isSecureContext", true);
});
afterEach(() => vi.unstubAllGlobals());

function text(content: ArrayBuffer | null): string | null {
  return content && new TextDecoder().decode(content);
}

/** Everything in the browser's storage, as somebody who looks into it finds it. */
async function stored(name: "keys" | "records"): Promise<[IDBValidKey, unknown][]> {
  const opening = indexedDB.open("kundenportal-claims");
  await new Promise((resolve) => {
    opening.onsuccess = resolve;
  });
  const store = opening.result.transaction(name, "readwrite").objectStore(name);
  const [keys, values] = [store.getAllKeys(), store.getAll()];
  await new Promise((resolve) => {
    values.onsuccess = resolve;
  });
  opening.result.close();
  return keys.result.map((key, index) => [key, values.result[index]]);
}

async function replace(name: "records", key: IDBValidKey, value: unknown): Promise<void> {
  const opening = indexedDB.open("kundenportal-claims");
  await new Promise((resolve) => {
    opening.onsuccess = resolve;
  });
  const transaction = opening.result.transaction(name, "readwrite");
  transaction.objectStore(name).put(value, key);
  await new Promise((resolve) => {
    transaction.oncomplete = resolve;
  });
  opening.result.close();
}

test("F63 what is kept is read again, and lies encrypted under a key that nobody can read out", async () => {
  const store = await SecretStore.open("account-1");
  await store.change({ put: [[["draft", "d1"], secret]] });
  expect(text(await (await SecretStore.open("account-1")).read(["draft", "d1"]))).toBe(
    "Rechnung Dr. Beispiel",
  );

  const [[, key]] = (await stored("keys")) as [[IDBValidKey, CryptoKey]];
  expect(key.extractable).toBe(false);
  expect(key.algorithm).toMatchObject({ name: "AES-GCM", length: 256 });
  const [[name, kept]] = (await stored("records")) as [[string[], { content: ArrayBuffer }]];
  expect(text(kept.content)).not.toContain("Rechnung");
  expect(kept.content.byteLength).toBe(secret.byteLength + 16);
  expect(name.join()).not.toContain("account-1");
});

test("F47 another account on the same browser finds nothing", async () => {
  const store = await SecretStore.open("account-1");
  await store.change({ put: [[["draft", "d1"], secret]] });
  const other = await SecretStore.open("account-2");
  expect(await other.read(["draft", "d1"])).toBe(null);
  expect(await other.idsOf("draft")).toEqual([]);
  expect((await other.readAll("draft")).size).toBe(0);
  expect(await store.idsOf("draft")).toEqual(["d1"]);
});

test("F63 a record moved to another place or changed by one bit is refused", async () => {
  const store = await SecretStore.open("account-1");
  await store.change({ put: [[["draft", "d1"], secret]] });
  const [[name, kept]] = (await stored("records")) as [
    [string[], { iv: Uint8Array; content: ArrayBuffer }],
  ];
  await replace("records", [name[0] ?? "", "draft", "d2"], kept);
  await expect(store.read(["draft", "d2"])).rejects.toThrow();
  const changed = new Uint8Array(kept.content.slice(0));
  changed[0] = (changed[0] ?? 0) ^ 1;
  await replace("records", name, { ...kept, content: changed.buffer });
  await expect(store.read(["draft", "d1"])).rejects.toThrow();
});

test("destroying removes one account's records and key and leaves another's", async () => {
  const store = await SecretStore.open("account-1");
  const other = await SecretStore.open("account-2");
  await store.change({ put: [[["draft", "d1"], secret]] });
  await other.change({ put: [[["draft", "d1"], secret]] });
  await store.destroy();
  expect(await stored("keys")).toHaveLength(1);
  expect(await stored("records")).toHaveLength(1);
  expect(text(await other.read(["draft", "d1"]))).toBe("Rechnung Dr. Beispiel");
});

test("a change is kept whole or not at all: no room leaves what was there", async () => {
  const store = await SecretStore.open("account-1");
  await store.change({ put: [[["draft", "d1"], secret]] });
  const put = IDBObjectStore.prototype.put;
  let writes = 0;
  vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(function (
    this: IDBObjectStore,
    ...values
  ) {
    writes += 1;
    if (writes < 2) return put.apply(this, values);
    throw new DOMException("full", "QuotaExceededError");
  });
  const changed = new TextEncoder().encode("changed");
  await expect(
    store.change({
      put: [
        [["draft", "d1"], changed],
        [["photo", "p1"], changed],
      ],
      remove: [["pdf", "d1"]],
    }),
  ).rejects.toThrow(StoreFull);
  vi.restoreAllMocks();
  expect(text(await store.read(["draft", "d1"]))).toBe("Rechnung Dr. Beispiel");
  expect(await store.idsOf("photo")).toEqual([]);
});

test.each([
  ["no secure context", "isSecureContext", false, "insecure"],
  ["no WebCrypto", "crypto", {}, "unable"],
  ["no IndexedDB", "indexedDB", undefined, "unable"],
])("F48 %s: nothing is kept, and the reason is told", async (_what, name, value, reason) => {
  vi.stubGlobal(name, value);
  const opening = SecretStore.open("account-1");
  await expect(opening).rejects.toThrow(NoSecretStore);
  await expect(opening).rejects.toMatchObject({ reason });
});
