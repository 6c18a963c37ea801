/** Claims that are not sent yet, and what the customer alone knows of those that are; on this device only (F12, F47, F62). */
import type { ClaimFacts, ClaimKind } from "./claimFacts";
import type { SealBinding } from "./claimSeal";
import { type RecordName, SecretStore } from "./secretStore";

/** Edits as the capturing feature knows them; here they are only kept. */
export interface DraftPage {
  readonly id: string;
  readonly turns: number;
  readonly crop: {
    readonly top: number;
    readonly right: number;
    readonly bottom: number;
    readonly left: number;
  };
  readonly hasContrast: boolean;
}

interface DraftContract {
  readonly id: string;
  readonly number: string;
  readonly productName: string;
}

/** Told apart in words: F58 F59. */
export type SendingProblem =
  | { readonly kind: "network" | "signedOut" | "keyExpired" | "failed" }
  | { readonly kind: "refused"; readonly message: string };

/** What an e-invoice says of itself (X9). */
export interface Invoice {
  readonly issuer: string | null;
  /** "2026-11-02". */
  readonly issuedOn: string | null;
  readonly amount: { readonly amount: string; readonly currency: string } | null;
}

/** A file that is sent as it came. */
export interface ChosenFile {
  readonly format: "PDF" | "E_INVOICE";
  /** Never sent beside it. */
  readonly invoice: Invoice | null;
}

/** Where the parts of a sealed file go. */
export interface ClaimUpload {
  readonly document: string;
  readonly url: string;
  readonly partSize: number;
}

export interface ClaimDraft {
  readonly id: string;
  readonly startedAt: string;
  readonly kind: ClaimKind | null;
  readonly contract: DraftContract | null;
  /** For the customer alone, never sent. */
  readonly title: string;
  readonly pages: readonly DraftPage[];
  /** "Ihr gespeichertes PDF" is there, made of these pages or chosen as it is. */
  readonly hasPdf: boolean;
  readonly chosen?: ChosenFile | null;
  /** What the sealed bytes are bound to: the same bytes under the same key on every try (F60). */
  readonly sending: SealBinding | null;
  readonly upload: ClaimUpload | null;
  /** Why the last try failed. */
  readonly problem: SendingProblem | null;
}

/** A draft whose sealed bytes, if any, count no more. */
export const UNSEALED = { sending: null, upload: null, problem: null } as const;

/** What the server told about handing in, and when. */
export interface KeptDesk {
  readonly facts: ClaimFacts;
  readonly toldAt: string;
}

interface SentDraft {
  readonly claim: string;
  readonly title: string;
}

const CHANNEL = "kundenportal-claims";
const GOES_ON: ReadonlySet<SendingProblem["kind"]> = new Set(["network", "signedOut"]);
const DRAFT = "draft";
const SENT = "sent";
const DESK: RecordName = ["desk", "told"];

/** Once sealed it may be at the server, unless that refused: then nothing may be changed any more. */
export function isSealed({ sending, problem }: ClaimDraft): boolean {
  return sending !== null && problem?.kind !== "refused";
}

/** Does it go on by itself, once there is a network and a session? */
export function isWaiting({ sending, problem }: ClaimDraft): boolean {
  return sending !== null && (problem === null || GOES_ON.has(problem.kind));
}

/** The drafts of one account; every change is told to all tabs and to the service worker. */
export class ClaimDrafts {
  private constructor(private readonly store: SecretStore) {}

  static async open(account: string): Promise<ClaimDrafts> {
    return new ClaimDrafts(await SecretStore.open(account));
  }

  /** null if this account has kept nothing in this browser, or nothing can be read. */
  static async find(account: string): Promise<ClaimDrafts | null> {
    const store = await SecretStore.find(account).catch(() => null);
    return store && new ClaimDrafts(store);
  }

  /** Oldest first. */
  async all(): Promise<ClaimDraft[]> {
    const drafts = [...(await this.store.readAll(DRAFT)).values()].map(fromJson<ClaimDraft>);
    return drafts.sort((one, other) => one.startedAt.localeCompare(other.startedAt));
  }

  async read(id: string): Promise<ClaimDraft | null> {
    const kept = await this.store.read([DRAFT, id]);
    return kept && fromJson<ClaimDraft>(kept);
  }

  begin(values: Partial<ClaimDraft>): Promise<ClaimDraft> {
    return this.keep({
      kind: null,
      contract: null,
      title: "",
      pages: [],
      hasPdf: false,
      ...UNSEALED,
      ...values,
      id: crypto.randomUUID(),
      startedAt: new Date().toISOString(),
    });
  }

  async keep(draft: ClaimDraft, files: Files = {}): Promise<ClaimDraft> {
    const { put = [], remove = [] } = files;
    await this.store.change({ put: [[[DRAFT, draft.id], toJson(draft)], ...put], remove });
    announce();
    return draft;
  }

  /** A photo as it came, small and without the camera's facts. */
  photo(draft: ClaimDraft, page: string): Promise<Blob> {
    return this.jpeg(photoName(draft, page));
  }

  /** The page as it will be sent: edited, or the photo itself. */
  async page(draft: ClaimDraft, page: string): Promise<Blob> {
    const edited = await this.store.read(pageName(draft, page));
    return edited ? new Blob([edited], { type: "image/jpeg" }) : this.photo(draft, page);
  }

  file(draft: ClaimDraft, kind: "pdf" | "sealed"): Promise<ArrayBuffer | null> {
    return this.store.read([kind, draft.id]);
  }

  /** Everything of a draft that was given up, or that the server has. */
  async discard(draft: ClaimDraft, sent?: { readonly claim: string }): Promise<void> {
    const pages = draft.pages.flatMap(({ id }) => [photoName(draft, id), pageName(draft, id)]);
    const files: RecordName[] = [
      ["pdf", draft.id],
      ["sealed", draft.id],
    ];
    await this.store.change({
      put: sent ? [[[SENT, draft.id], toJson({ claim: sent.claim, title: draft.title })]] : [],
      remove: [[DRAFT, draft.id], ...pages, ...files],
    });
    announce();
  }

  /** What became of a draft that was sent from this device, with the customer's own title. */
  async sent(id: string): Promise<SentDraft | null> {
    const kept = await this.store.read([SENT, id]);
    return kept && fromJson<SentDraft>(kept);
  }

  /** The customer's own titles of claims that were sent from this device, by the claims' ids. */
  async titles(): Promise<ReadonlyMap<string, string>> {
    const kept = [...(await this.store.readAll(SENT)).values()].map(fromJson<SentDraft>);
    return new Map(kept.map(({ claim, title }) => [claim, title]));
  }

  /** Keeps what the server told, to go on with after a reload without a network. */
  async keepDesk(facts: ClaimFacts): Promise<void> {
    const desk: KeptDesk = { facts, toldAt: new Date().toISOString() };
    await this.store.change({ put: [[DESK, toJson(desk)]] });
  }

  async keptDesk(): Promise<KeptDesk | null> {
    const kept = await this.store.read(DESK);
    return kept && fromJson<KeptDesk>(kept);
  }

  /** With the session goes what the server told in it. */
  static async forgetDesk(account: string): Promise<void> {
    const store = await SecretStore.find(account).catch(() => null);
    await store?.change({ remove: [DESK] });
  }

  /** With the account goes what this device alone holds for it; a device that can't delete stops nobody. */
  static async destroyOf(account: string): Promise<void> {
    const store = await SecretStore.find(account).catch(() => null);
    await store?.destroy().catch(() => undefined);
    announce();
  }

  private async jpeg(name: RecordName): Promise<Blob> {
    const kept = await this.store.read(name);
    if (!kept) throw new Error(`Not kept: ${name.join(" ")}`);
    return new Blob([kept], { type: "image/jpeg" });
  }
}

export interface Files {
  readonly put?: readonly (readonly [name: RecordName, content: BufferSource])[];
  readonly remove?: readonly RecordName[];
}

export function photoName(draft: ClaimDraft, page: string): RecordName {
  return ["photo", `${draft.id} ${page}`];
}

export function pageName(draft: ClaimDraft, page: string): RecordName {
  return ["page", `${draft.id} ${page}`];
}

/** Calls back whenever a draft of this browser changed, in whichever tab; returns how to stop. */
export function onDraftsChanged(changed: () => void): () => void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = changed;
  return () => channel.close();
}

function announce(): void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage("changed");
  channel.close();
}

function toJson(value: unknown): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify(value));
}

function fromJson<Value>(kept: ArrayBuffer): Value {
  return JSON.parse(new TextDecoder().decode(kept));
}
