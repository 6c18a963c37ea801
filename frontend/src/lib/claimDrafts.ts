/** Claims that are not sent yet, and what the customer alone knows of those that are; on this device only (F12, F47, F62). */
import { type ClaimDraft, isSealed, newDraft } from "./claimDraft";
import type { ClaimFacts } from "./claimFacts";
import { holderOf } from "./parkedInvoices";
import { type RecordName, SecretStore } from "./secretStore";

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
const DRAFT = "draft";
const SENT = "sent";
const DESK: RecordName = ["desk", "told"];

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
    return this.keep(newDraft(values));
  }

  async keep(draft: ClaimDraft, files: Files = {}): Promise<ClaimDraft> {
    await this.keepAll([[draft, files]]);
    return draft;
  }

  /**
   * Begins claims that are made of parked invoices, all of them or none; null if one of the invoices
   * is gone or part of a claim already: each is handed in once, from whichever tab.
   */
  beginTogether(
    claims: readonly (Partial<ClaimDraft> & { readonly file: BufferSource })[],
  ): Promise<ClaimDraft[] | null> {
    return navigator.locks.request("kundenportal-parked", async () => {
      const known = await this.all();
      const isFree = (id: string) => known.some((one) => one.id === id) && !holderOf(known, id);
      if (!claims.flatMap(({ invoices = [] }) => invoices).every(isFree)) return null;
      const drafts = claims.map(({ file, ...values }) => [newDraft(values), file] as const);
      await this.keepAll(
        drafts.map(([draft, file]) => [draft, { put: [[["pdf", draft.id], file]] }]),
      );
      return drafts.map(([draft]) => draft);
    });
  }

  private async keepAll(drafts: readonly (readonly [ClaimDraft, Files])[]): Promise<void> {
    await this.store.change({
      put: drafts.flatMap(([draft, { put = [] }]) => [
        [[DRAFT, draft.id], toJson(draft)] as const,
        ...put,
      ]),
      remove: drafts.flatMap(([, { remove = [] }]) => remove),
    });
    announce();
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

  /** Everything of a draft that was given up, or that the server has; its parked invoices, too. */
  async discard(draft: ClaimDraft, sent?: { readonly claim: string }): Promise<void> {
    const pages = draft.pages.flatMap(({ id }) => [photoName(draft, id), pageName(draft, id)]);
    const drafts = [draft.id, ...(draft.invoices ?? [])];
    await this.store.change({
      put: sent ? [[[SENT, draft.id], toJson({ claim: sent.claim, title: draft.title })]] : [],
      remove: [...drafts.flatMap(namesOf), ...pages],
    });
    announce();
  }

  /** Parked invoices lie beside each other again; only if nothing of them can be at the server. */
  async takeApart(draft: ClaimDraft): Promise<void> {
    const newest = await this.read(draft.id);
    if (!newest || isSealed(newest)) return;
    await this.store.change({ remove: namesOf(draft.id) });
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
  return ["photo", `${ownerOf(draft, page)} ${page}`];
}

export function pageName(draft: ClaimDraft, page: string): RecordName {
  return ["page", `${ownerOf(draft, page)} ${page}`];
}

function ownerOf(draft: ClaimDraft, page: string): string {
  return draft.pages.find(({ id }) => id === page)?.from ?? draft.id;
}

function namesOf(id: string): RecordName[] {
  return [
    [DRAFT, id],
    ["pdf", id],
    ["sealed", id],
  ];
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
