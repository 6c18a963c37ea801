/** Verifies a receipt without the house: the same rules and names as `backend/services/receipt_verification.py`. */
import { fromHex, isSigned, joined, sha256, toHex } from "./bytes";
import { hasGrown, hashLeaf, isIncluded } from "./merkle";
import {
  type IncludingHead,
  type PublishedHead,
  type ReceiptFile,
  type ReceiptStatement,
  readPublicKey,
  readReceipt,
  readTreeHeads,
  type TreeHeadStatement,
  type TreeHeadsFile,
} from "./receiptFile";

/** What is wrong with a receipt. */
export type Problem =
  | "UNREADABLE"
  | "KEY"
  | "FOREIGN_KEY"
  | "SIGNATURE"
  | "INCLUSION"
  | "CONTENT"
  | "TREE_HEAD_SIGNATURE"
  | "TREE_HEAD_INCLUSION"
  | "TREE_HEADS_UNREADABLE"
  | "TREE_HEAD_UNPUBLISHED"
  | "LOG_REWRITTEN"
  | "PUBLIC_KEY_UNREADABLE";

/** What could not be checked with what was given. */
export type Left = "PUBLIC_KEY" | "CONTENT" | "TREE_HEAD" | "PUBLISHED";

export interface Verification {
  readonly receipt: ReceiptFile | null;
  readonly problems: readonly Problem[];
  readonly left: readonly Left[];
}

/** Files as text; null for what is not at hand. */
export interface Given {
  readonly publicKey: string | null;
  readonly treeHeads: string | null;
  /** SHA-256 of the file that was submitted. */
  readonly contentSha256: string | null;
}

const LEAF = ["kind", "sha256", "issuedAt", "salt"] as const;
const RECEIPT = ["issuer", ...LEAF, "position", "rootHash", "keyId"] as const;
const TREE_HEAD = ["issuer", "day", "treeSize", "rootHash", "signedAt", "keyId"] as const;
const encoder = new TextEncoder();

export async function verifyReceipt(file: string, given: Given): Promise<Verification> {
  const receipt = readReceipt(file);
  if (!receipt) return { receipt, problems: ["UNREADABLE"], left: [] };
  const published = given.treeHeads === null ? null : readTreeHeads(given.treeHeads);
  const problems = [
    ...(await problemsOfKey(receipt, given.publicKey)),
    ...(await problemsOfStatement(receipt)),
    ...(await problemsOfContent(receipt, given.contentSha256)),
    ...(await problemsOfHead(receipt)),
    ...(published ? await problemsOfPublished(receipt, published) : []),
  ];
  if (given.treeHeads !== null && !published) problems.push("TREE_HEADS_UNREADABLE");
  const left: Left[] = [];
  if (given.publicKey === null) left.push("PUBLIC_KEY");
  if (receipt.content === null && given.contentSha256 === null) left.push("CONTENT");
  if (receipt.treeHead === null) left.push("TREE_HEAD");
  else if (!reachesBack(published, receipt.treeHead)) left.push("PUBLISHED");
  return { receipt, problems: [...new Set(problems)], left };
}

async function problemsOfKey(receipt: ReceiptFile, file: string | null): Promise<Problem[]> {
  const problems: Problem[] = [];
  if ((await keyIdOf(receipt.publicKey)) !== receipt.statement.keyId) problems.push("KEY");
  if (file === null) return problems;
  const given = readPublicKey(file);
  if (!given) problems.push("PUBLIC_KEY_UNREADABLE");
  else if (given.publicKey !== receipt.publicKey) problems.push("FOREIGN_KEY");
  return problems;
}

async function problemsOfStatement(receipt: ReceiptFile): Promise<Problem[]> {
  const { statement, publicKey, signature, inclusionProof } = receipt;
  const problems: Problem[] = [];
  const text = signedText("kundenportal receipt v1", statement, RECEIPT);
  if (!(await isSigned(fromHex(publicKey), text, fromHex(signature)))) problems.push("SIGNATURE");
  const isInLog = await isIncluded({
    leaf: await leafOf(statement),
    position: statement.position,
    size: statement.position + 1,
    proof: inclusionProof.map(fromHex),
    root: fromHex(statement.rootHash),
  });
  if (!isInLog) problems.push("INCLUSION");
  return problems;
}

async function problemsOfContent(
  { content, statement }: ReceiptFile,
  contentSha256: string | null,
): Promise<Problem[]> {
  const hashes = [contentSha256];
  if (content !== null) hashes.push(toHex(await sha256(encoder.encode(content))));
  return hashes.every((hash) => hash === null || hash === statement.sha256) ? [] : ["CONTENT"];
}

async function problemsOfHead(receipt: ReceiptFile): Promise<Problem[]> {
  const head = receipt.treeHead;
  if (!head) return [];
  const problems: Problem[] = [];
  if (!(await isSignedHead(head.statement, head.signature, receipt.publicKey)))
    problems.push("TREE_HEAD_SIGNATURE");
  const isUnderHead = await isIncluded({
    leaf: await leafOf(receipt.statement),
    position: receipt.statement.position,
    size: head.statement.treeSize,
    proof: head.inclusionProof.map(fromHex),
    root: fromHex(head.statement.rootHash),
  });
  if (!isUnderHead) problems.push("TREE_HEAD_INCLUSION");
  return problems;
}

async function problemsOfPublished(
  receipt: ReceiptFile,
  published: TreeHeadsFile,
): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const [index, head] of published.heads.entries()) {
    if (!(await isSignedHead(head.statement, head.signature, receipt.publicKey)))
      problems.push("TREE_HEAD_SIGNATURE");
    const before = published.heads[index - 1];
    if (before && !(await grew(before, head))) problems.push("LOG_REWRITTEN");
  }
  const own = receipt.treeHead;
  const isPublished = published.heads.some(
    ({ statement }) => own && isSame(statement, own.statement),
  );
  if (own && !isPublished && reachesBack(published, own)) problems.push("TREE_HEAD_UNPUBLISHED");
  return problems;
}

/** Whether a receipt's head would be among those published. */
function reachesBack(published: TreeHeadsFile | null, own: IncludingHead): boolean {
  const first = published?.heads[0];
  return published !== null && (!first || first.statement.day <= own.statement.day);
}

function grew(before: PublishedHead, head: PublishedHead): Promise<boolean> {
  return hasGrown({
    old: before.statement.treeSize,
    new: head.statement.treeSize,
    oldRoot: fromHex(before.statement.rootHash),
    newRoot: fromHex(head.statement.rootHash),
    proof: head.consistencyProof.map(fromHex),
  });
}

async function isSignedHead(
  statement: TreeHeadStatement,
  signature: string,
  publicKey: string,
): Promise<boolean> {
  const text = signedText("kundenportal tree head v1", statement, TREE_HEAD);
  return (
    (await keyIdOf(publicKey)) === statement.keyId &&
    (await isSigned(fromHex(publicKey), text, fromHex(signature)))
  );
}

function isSame(one: TreeHeadStatement, other: TreeHeadStatement): boolean {
  return TREE_HEAD.every((name) => one[name] === other[name]);
}

function leafOf(statement: ReceiptStatement): Promise<Uint8Array> {
  return hashLeaf(signedText("kundenportal receipt leaf v1", statement, LEAF));
}

/** Named values, one per line, under a line that says what the text is for. */
function signedText<Name extends string>(
  purpose: string,
  values: Readonly<Record<Name, string | number>>,
  names: readonly Name[],
): Uint8Array<ArrayBuffer> {
  const lines = [purpose, ...names.map((name) => `${name}: ${values[name]}`)];
  return joined(encoder.encode(`${lines.join("\n")}\n`));
}

async function keyIdOf(publicKey: string): Promise<string> {
  return toHex(await sha256(fromHex(publicKey)));
}
