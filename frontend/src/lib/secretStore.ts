/** Records kept on this device, encrypted per user account by a key that nobody can read out (F47, F63). */
import { toBase64Url } from "./base64Url";

/** What is kept: a name for its kind, and one for itself. */
export type RecordName = readonly [kind: string, id: string];

export interface Changes {
  readonly put?: readonly (readonly [name: RecordName, content: BufferSource])[];
  readonly remove?: readonly RecordName[];
}

/** This browser can't keep secrets; `reason` says what it lacks. */
export class NoSecretStore extends Error {
  constructor(readonly reason: "insecure" | "unable") {
    super(`No secret store: ${reason}`);
  }
}

/** The device has no room left. */
export class StoreFull extends Error {}

interface Kept {
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly content: ArrayBuffer;
}

const DATABASE = "kundenportal-claims";
const KEYS = "keys";
const RECORDS = "records";
const IV_BYTES = 12;

/** The records of one account. Another account on the same browser finds none of them. */
export class SecretStore {
  private constructor(
    private readonly account: string,
    private readonly owner: string,
    private readonly key: CryptoKey,
  ) {}

  /** Opens an account's store; throws `NoSecretStore` where nothing can be kept encrypted. */
  static async open(account: string): Promise<SecretStore> {
    if (!globalThis.isSecureContext) throw new NoSecretStore("insecure");
    if (!globalThis.crypto?.subtle || !globalThis.indexedDB) throw new NoSecretStore("unable");
    try {
      const owner = await ownerOf(account);
      return new SecretStore(account, owner, await keyOf(owner));
    } catch (error) {
      throw isFull(error) ? new StoreFull() : new NoSecretStore("unable");
    }
  }

  /** The store of an account that has kept something in this browser; null for anybody else. */
  static async find(account: string): Promise<SecretStore | null> {
    if (!(await hasDatabase())) return null;
    const owner = await ownerOf(account);
    const key = await knownKeyOf(owner);
    return key && new SecretStore(account, owner, key);
  }

  async read(name: RecordName): Promise<ArrayBuffer | null> {
    const kept: Kept | undefined = await inRecords("readonly", (records) =>
      resultOf(records.get(this.keyOf(name))),
    );
    return kept ? this.decrypt(name, kept) : null;
  }

  /** All records of a kind, by their ids. */
  async readAll(kind: string): Promise<Map<string, ArrayBuffer>> {
    const ids = await this.idsOf(kind);
    const found = await Promise.all(
      ids.map(async (id) => [id, await this.read([kind, id])] as const),
    );
    return new Map(found.filter((one): one is [string, ArrayBuffer] => one[1] !== null));
  }

  async idsOf(kind: string): Promise<string[]> {
    const range = IDBKeyRange.bound([this.owner, kind], [this.owner, kind, []]);
    const keys = await inRecords("readonly", (records) => resultOf(records.getAllKeys(range)));
    return keys.map((key) => (key as string[])[2] ?? "");
  }

  /** All of it or nothing; throws `StoreFull` if there is no room. */
  async change({ put = [], remove = [] }: Changes): Promise<void> {
    // Encrypted first: a transaction does not wait for anything but its own requests.
    const kept = await Promise.all(
      put.map(async ([name, content]) => [name, await this.encrypt(name, content)] as const),
    );
    await inRecords("readwrite", async (records) => {
      for (const name of remove) records.delete(this.keyOf(name));
      for (const [name, one] of kept) records.put(one, this.keyOf(name));
    });
  }

  /** Removes the records and the key: what was kept can never be read again. */
  async destroy(): Promise<void> {
    const database = await openDatabase();
    try {
      const transaction = database.transaction([KEYS, RECORDS], "readwrite");
      transaction.objectStore(KEYS).delete(this.owner);
      transaction.objectStore(RECORDS).delete(IDBKeyRange.bound([this.owner], [this.owner, []]));
      await endOf(transaction);
    } finally {
      database.close();
    }
  }

  private keyOf([kind, id]: RecordName): string[] {
    return [this.owner, kind, id];
  }

  private async encrypt(name: RecordName, content: BufferSource): Promise<Kept> {
    const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
    const algorithm = { name: "AES-GCM", iv, additionalData: this.contextOf(name) };
    return { iv, content: await crypto.subtle.encrypt(algorithm, this.key, content) };
  }

  private decrypt(name: RecordName, { iv, content }: Kept): Promise<ArrayBuffer> {
    const algorithm = { name: "AES-GCM", iv, additionalData: this.contextOf(name) };
    return crypto.subtle.decrypt(algorithm, this.key, content);
  }

  /** Binds a record to its account and place: nobody can move it elsewhere. */
  private contextOf([kind, id]: RecordName): Uint8Array<ArrayBuffer> {
    return new TextEncoder().encode(["kundenportal", this.account, kind, id].join("\n"));
  }
}

/**
 * Asks the browser to spare it when the device runs out of room. Nobody waits for the answer: Firefox
 * asks the customer in turn, who may overlook it.
 */
export function askToPersist(): void {
  navigator.storage?.persist?.().catch(() => undefined);
}

/** Whoever looks into the browser's storage reads no account there. */
async function ownerOf(account: string): Promise<string> {
  const text = new TextEncoder().encode(`claims:${account}`);
  return toBase64Url(await crypto.subtle.digest("SHA-256", text));
}

/** False if nobody has kept anything in this browser. */
async function hasDatabase(): Promise<boolean> {
  if (!globalThis.isSecureContext || !globalThis.crypto?.subtle || !globalThis.indexedDB) {
    return false;
  }
  // Firefox before 126 does not tell: then it is opened.
  const databases = await indexedDB.databases?.();
  return databases?.some(({ name }) => name === DATABASE) ?? true;
}

async function knownKeyOf(owner: string): Promise<CryptoKey | null> {
  const database = await openDatabase();
  try {
    const keys = database.transaction(KEYS, "readonly").objectStore(KEYS);
    return (await resultOf(keys.get(owner))) ?? null;
  } finally {
    database.close();
  }
}

async function keyOf(owner: string): Promise<CryptoKey> {
  const algorithm = { name: "AES-GCM", length: 256 } as const;
  const fresh = await crypto.subtle.generateKey(algorithm, false, ["encrypt", "decrypt"]);
  const database = await openDatabase();
  try {
    // One transaction: of two tabs that start at once, both end with the same key.
    const transaction = database.transaction(KEYS, "readwrite", { durability: "strict" });
    const keys = transaction.objectStore(KEYS);
    const known: CryptoKey | undefined = await resultOf(keys.get(owner));
    if (!known) keys.put(fresh, owner);
    await endOf(transaction);
    return known ?? fresh;
  } finally {
    database.close();
  }
}

async function inRecords<Result>(
  mode: IDBTransactionMode,
  use: (records: IDBObjectStore) => Promise<Result>,
): Promise<Result> {
  const database = await openDatabase();
  try {
    const transaction = database.transaction(RECORDS, mode, { durability: "strict" });
    const ended = endOf(transaction);
    const used = use(transaction.objectStore(RECORDS)).catch((error: unknown) => {
      // Otherwise what was asked before it would stay.
      transaction.abort();
      throw error;
    });
    const [result] = await Promise.all([used, ended]);
    return result;
  } catch (error) {
    throw isFull(error) ? new StoreFull() : error;
  } finally {
    database.close();
  }
}

function openDatabase(): Promise<IDBDatabase> {
  const opening = indexedDB.open(DATABASE, 1);
  opening.onupgradeneeded = () => {
    opening.result.createObjectStore(KEYS);
    opening.result.createObjectStore(RECORDS);
  };
  return resultOf(opening);
}

function resultOf<Result>(request: IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function endOf(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });
}

function isFull(error: unknown): boolean {
  return error instanceof DOMException && error.name === "QuotaExceededError";
}
