/** The files of receipts, read strictly: nothing is missing in them and nothing unknown. The same as `backend/services/receipt_format.py`. */

export interface ReceiptStatement {
  readonly issuer: string;
  readonly kind: string;
  readonly sha256: string;
  readonly issuedAt: string;
  readonly salt: string;
  readonly position: number;
  readonly rootHash: string;
  readonly keyId: string;
}

export interface TreeHeadStatement {
  readonly issuer: string;
  readonly day: string;
  readonly treeSize: number;
  readonly rootHash: string;
  readonly signedAt: string;
  readonly keyId: string;
}

export interface IncludingHead {
  readonly statement: TreeHeadStatement;
  readonly signature: string;
  readonly inclusionProof: readonly string[];
}

export interface ReceiptFile {
  readonly statement: ReceiptStatement;
  readonly signature: string;
  readonly publicKey: string;
  readonly inclusionProof: readonly string[];
  readonly treeHead: IncludingHead | null;
  readonly content: string | null;
}

export interface PublishedHead {
  readonly statement: TreeHeadStatement;
  readonly signature: string;
  readonly consistencyProof: readonly string[];
}

export interface TreeHeadsFile {
  readonly publicKey: string;
  readonly heads: readonly PublishedHead[];
}

export interface PublicKeyFile {
  readonly publicKey: string;
}

type Check = (value: unknown) => boolean;

const MOST_HASHES = 128;
const LONGEST_CONTENT = 100_000;

const text =
  (pattern: RegExp): Check =>
  (value) =>
    typeof value === "string" && pattern.test(value);
const exactly =
  (expected: string): Check =>
  (value) =>
    value === expected;
const count =
  (least: number): Check =>
  (value) =>
    Number.isSafeInteger(value) && Number(value) >= least;
const listOf =
  (item: Check, most = Number.POSITIVE_INFINITY): Check =>
  (value) =>
    Array.isArray(value) && value.length <= most && value.every(item);
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);
const record =
  (fields: Readonly<Record<string, Check>>): Check =>
  (value) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
    const names = Object.keys(value);
    const values = value as Readonly<Record<string, unknown>>;
    return (
      names.length === Object.keys(fields).length &&
      Object.entries(fields).every(([name, check]) => names.includes(name) && check(values[name]))
    );
  };

const hash = text(/^[0-9a-f]{64}$/);
const signature = text(/^[0-9a-f]{128}$/);
const instant = text(/^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z$/);
// biome-ignore lint/suspicious/noControlCharactersInRegex: they would forge another line
const line = text(/^[^\u0000-\u001f\u007f]{1,200}$/u);
const proof = listOf(hash, MOST_HASHES);
const isWellFormed: Check = (value) =>
  typeof value === "string" && value.isWellFormed() && [...value].length <= LONGEST_CONTENT;

const treeHead = record({
  issuer: line,
  day: text(/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/),
  treeSize: count(1),
  rootHash: hash,
  signedAt: instant,
  keyId: hash,
});
const receiptFile = record({
  format: exactly("kundenportal-receipt/1"),
  statement: record({
    issuer: line,
    kind: text(/^[A-Z_]{1,60}$/),
    sha256: hash,
    issuedAt: instant,
    salt: hash,
    position: count(0),
    rootHash: hash,
    keyId: hash,
  }),
  signature,
  publicKey: hash,
  inclusionProof: proof,
  treeHead: orNull(record({ statement: treeHead, signature, inclusionProof: proof })),
  content: orNull(isWellFormed),
});
const treeHeadsFile = record({
  format: exactly("kundenportal-tree-heads/1"),
  publicKey: hash,
  heads: listOf(record({ statement: treeHead, signature, consistencyProof: proof })),
});
const publicKeyFile = record({
  format: exactly("kundenportal-receipt-key/1"),
  algorithm: exactly("Ed25519"),
  issuer: line,
  keyId: hash,
  publicKey: hash,
});

/** A receipt; null for anything else. */
export function readReceipt(file: string): ReceiptFile | null {
  return read(file, receiptFile);
}

/** What the house publishes of its log; null for anything else. */
export function readTreeHeads(file: string): TreeHeadsFile | null {
  return read(file, treeHeadsFile);
}

/** The key that the house publishes; null for anything else. */
export function readPublicKey(file: string): PublicKeyFile | null {
  return read(file, publicKeyFile);
}

function read<File>(file: string, check: Check): File | null {
  try {
    const value: unknown = JSON.parse(file);
    return check(value) ? (value as File) : null;
  } catch {
    return null;
  }
}
