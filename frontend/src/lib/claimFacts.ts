/** What the server tells about handing in claims; kept encrypted on the device, for the time without a network. */

export type ClaimKind =
  | "MEDICAL_INVOICE"
  | "THERAPY_OR_AID"
  | "PRESCRIPTION"
  | "REFERRAL"
  | "TREATMENT_PLAN"
  | "FOREIGN_INVOICE";

export type ClaimFormat = "PHOTOS" | "PDF" | "IMAGE" | "E_INVOICE";

export interface ClaimableContract {
  readonly id: string;
  readonly number: string;
  readonly productName: string;
  readonly institution: string;
}

/** Where a kind can be handed in, and how. */
export interface ClaimPlace {
  readonly contract: ClaimableContract;
  /** F57 X9: `PHOTOS`, and `PDF` or `E_INVOICE` where the institution takes one. */
  readonly formats: readonly ClaimFormat[];
  readonly largestBytes: number;
  readonly mostPages: number;
}

/** The claims department's key of today (M5). */
export interface ClaimsKey {
  readonly id: string;
  readonly publicKey: string;
  readonly algorithm: ClaimsKeyAlgorithm;
}

export type ClaimsKeyAlgorithm = "X25519" | "MLKEM768_X25519";

export interface ClaimFacts {
  readonly key: ClaimsKey | null;
  /** By kind (F50 F51); a kind without a place can't be handed in. */
  readonly places: Readonly<Record<ClaimKind, readonly ClaimPlace[]>>;
  /** F49: institutions that would take something, but not from this desktop. */
  readonly phoneOnly: readonly string[];
}

export function kindsOf({ places }: ClaimFacts): ClaimKind[] {
  return (Object.keys(places) as ClaimKind[]).filter((kind) => places[kind].length > 0);
}

/** null: this kind can't be handed in on this contract. */
export function placeFor(
  { places }: ClaimFacts,
  kind: ClaimKind | null,
  contract: { readonly id: string } | null,
): ClaimPlace | null {
  const ofKind = kind ? places[kind] : [];
  return ofKind.find((place) => place.contract.id === contract?.id) ?? null;
}
