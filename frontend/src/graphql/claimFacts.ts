/** Asks what can be handed in, where and how; without a network, what was told last. */
import type { Client } from "@urql/core";
import type { ResultOf } from "gql.tada";
import { ClaimDrafts } from "../lib/claimDrafts";
import type { ClaimFacts, ClaimKind, ClaimPlace } from "../lib/claimFacts";
import { isDesktopBrowser } from "../lib/desktop";
import { presence } from "../lib/presence";
import { graphql } from "./graphql";

const ClaimPlaceFragment = graphql(`
  fragment ClaimPlace on ClaimableContract @_unmask {
    contract {
      id
      number
      productName
      institution {
        id
        name
      }
    }
    formats
    largestBytes
    mostPages
    isOpenToDesktops
  }
`);

const ClaimFactsQuery = graphql(
  `
    query ClaimFacts {
      viewer {
        id
        claimsKey {
          id
          publicKey
          algorithm
        }
        MEDICAL_INVOICE: claimableContracts(kind: MEDICAL_INVOICE) {
          ...ClaimPlace
        }
        THERAPY_OR_AID: claimableContracts(kind: THERAPY_OR_AID) {
          ...ClaimPlace
        }
        PRESCRIPTION: claimableContracts(kind: PRESCRIPTION) {
          ...ClaimPlace
        }
        REFERRAL: claimableContracts(kind: REFERRAL) {
          ...ClaimPlace
        }
        TREATMENT_PLAN: claimableContracts(kind: TREATMENT_PLAN) {
          ...ClaimPlace
        }
        FOREIGN_INVOICE: claimableContracts(kind: FOREIGN_INVOICE) {
          ...ClaimPlace
        }
      }
    }
  `,
  [ClaimPlaceFragment],
);

type Viewer = NonNullable<ResultOf<typeof ClaimFactsQuery>["viewer"]>;
type Place = Viewer[ClaimKind][number];

/** What the pages of claims work with. */
export interface ClaimDesk {
  readonly account: string;
  readonly drafts: ClaimDrafts;
  readonly facts: ClaimFacts;
  /** null if the server told the facts just now; else this device remembers them, as long as the session would last. */
  readonly remembered: { readonly toldAt: string; readonly until: number } | null;
}

export type DeskAnswer = ClaimDesk | "signedOut" | "failed";

const KINDS = [
  "MEDICAL_INVOICE",
  "THERAPY_OR_AID",
  "PRESCRIPTION",
  "REFERRAL",
  "TREATMENT_PLAN",
  "FOREIGN_INVOICE",
] as const satisfies readonly ClaimKind[];

/** Without a network nobody tells whose desk this is, so the client remembers; signing out makes a new one. */
const opened = new WeakMap<Client, ClaimDesk>();

/** The desk as it was last opened in this page. */
export function knownDesk(client: Client): ClaimDesk | null {
  const desk = opened.get(client);
  if (!desk || (desk.remembered && desk.remembered.until <= Date.now())) return null;
  return desk;
}

/** Throws `NoSecretStore` where nothing can be kept encrypted (F48). */
export async function openDesk(client: Client): Promise<DeskAnswer> {
  const { data, error } = await client
    .query(ClaimFactsQuery, {}, { requestPolicy: "network-only" })
    .toPromise();
  const known = knownDesk(client);
  if (error && !error.response) return known ?? (await rememberedDesk(client)) ?? "failed";
  if (error || !data) return "failed";
  if (!data.viewer) return "signedOut";
  const account = data.viewer.id;
  const drafts = known?.account === account ? known.drafts : await ClaimDrafts.open(account);
  const desk = { account, drafts, facts: factsOf(data.viewer), remembered: null };
  // A device without room for it needs a network after a reload.
  await drafts.keepDesk(desk.facts).catch(() => undefined);
  opened.set(client, desk);
  return desk;
}

/** After a reload without a network: what was kept, for as long as the session would last. */
async function rememberedDesk(client: Client): Promise<ClaimDesk | null> {
  const here = presence(Date.now());
  const drafts = here && (await ClaimDrafts.find(here.account));
  const kept = await drafts?.keptDesk().catch(() => null);
  if (!here || !drafts || !kept) return null;
  const remembered = { toldAt: kept.toldAt, until: here.until };
  const desk = { account: here.account, drafts, facts: kept.facts, remembered };
  opened.set(client, desk);
  return desk;
}

function factsOf({ claimsKey, ...viewer }: Viewer): ClaimFacts {
  const isDesktop = isDesktopBrowser();
  const isOpen = ({ isOpenToDesktops }: Place) => isOpenToDesktops || !isDesktop;
  const closed = KINDS.flatMap((kind) => viewer[kind].filter((place) => !isOpen(place)));
  const places = (kind: ClaimKind): ClaimPlace[] =>
    viewer[kind].filter(isOpen).map(({ contract, isOpenToDesktops: _, ...limits }) => ({
      ...limits,
      contract: {
        id: contract.id,
        number: contract.number,
        productName: contract.productName ?? contract.institution.name,
        institution: contract.institution.name,
      },
    }));
  return {
    key: claimsKey,
    places: {
      MEDICAL_INVOICE: places("MEDICAL_INVOICE"),
      THERAPY_OR_AID: places("THERAPY_OR_AID"),
      PRESCRIPTION: places("PRESCRIPTION"),
      REFERRAL: places("REFERRAL"),
      TREATMENT_PLAN: places("TREATMENT_PLAN"),
      FOREIGN_INVOICE: places("FOREIGN_INVOICE"),
    },
    phoneOnly: [...new Set(closed.map(({ contract }) => contract.institution.name))],
  };
}
