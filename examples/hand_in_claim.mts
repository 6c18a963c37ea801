/**
 * Hand in a claim from Node: `node examples/hand_in_claim.mts invoice.pdf`.
 *
 * KUNDENPORTAL_URL is the portal's address, KUNDENPORTAL_TOKEN a bearer token. The file is a PDF made
 * of photos. What was sealed lies beside it until the claim is there: after a cut, the same command
 * goes on where it was and hands in nothing twice.
 */
import { existsSync } from "node:fs";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import {
  type Claim,
  type ClaimDocument,
  followClaim,
  type Portal,
  type SealedClaim,
  sealClaim,
  sendClaim,
} from "./claims_client.mts";

interface Note {
  readonly input: SealedClaim["input"];
  readonly document: ClaimDocument | null;
}

async function handIn(portal: Portal, file: string): Promise<Claim> {
  const [sealedFile, noteFile] = [`${file}.sealed`, `${file}.claim.json`];
  if (!existsSync(noteFile)) {
    const about = {
      kind: "MEDICAL_INVOICE",
      format: "PHOTOS",
      idempotencyKey: crypto.randomUUID(),
    };
    const made = await sealClaim(portal, Uint8Array.from(await readFile(file)), about);
    await writeWhole(sealedFile, made.sealed);
    await writeWhole(noteFile, JSON.stringify({ input: made.input, document: null }));
  }
  const { input, document } = JSON.parse(await readFile(noteFile, "utf8")) as Note;
  const sealed = Uint8Array.from(await readFile(sealedFile));
  const claim = await sendClaim(portal, { input, sealed }, document, (begun) =>
    writeWhole(noteFile, JSON.stringify({ input, document: begun })),
  );
  await rm(noteFile);
  await rm(sealedFile);
  return claim;
}

/** A cut leaves the file as it was or as it is to be, never half of it. */
async function writeWhole(file: string, content: string | Uint8Array): Promise<void> {
  await writeFile(`${file}.new`, content, { flush: true });
  await rename(`${file}.new`, file);
}

const { KUNDENPORTAL_URL: url, KUNDENPORTAL_TOKEN: token } = process.env;
const [file] = process.argv.slice(2);
if (!url || !token || !file) throw new Error("set KUNDENPORTAL_URL and _TOKEN and name a file");
const portal = { url, token };
const handedIn = await handIn(portal, file);
await followClaim(portal, handedIn.id, ({ id, status, idempotencyKey, refusalMessage }) => {
  process.stdout.write(`${JSON.stringify({ id, status, idempotencyKey, refusalMessage })}\n`);
});
