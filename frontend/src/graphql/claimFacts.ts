/** Asks what can be handed in, where and how; without a network, what was told last. */
import type { Client } from "@urql/core";
import type { ResultOf } from "gql.tada";
import { ClaimDrafts } from "../lib/claimDrafts";
import type { ClaimFacts, ClaimKind, ClaimPlace } from "../lib/claimFacts";
import { isDesktopBrowser } from "../lib/desktop";
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
  return opened.get(client) ?? null;
}

/** Throws `NoSecretStore` where nothing can be kept encrypted (F48). */
export async function openDesk(client: Client): Promise<DeskAnswer> {
  const { data, error } = await client
    .query(ClaimFactsQuery, {}, { requestPolicy: "network-only" })
    .toPromise();
  const known = opened.get(client);
  if (error && !error.response && known) return known;
  if (error || !data) return "failed";
  if (!data.viewer) return "signedOut";
  const account = data.viewer.id;
  const drafts = known?.drafts ?? (await ClaimDrafts.open(account));
  const desk = { account, drafts, facts: factsOf(data.viewer) };
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
