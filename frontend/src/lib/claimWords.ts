/** Names of the kinds of claims (F50) and of the steps they take (X1). */
import { m } from "../paraglide/messages.js";
import type { ClaimKind } from "./claimFacts";

export type ClaimStatus =
  | "RECEIVED"
  | "HANDED_OVER"
  | "IN_REVIEW"
  | "DECIDED"
  | "PAID"
  | "FILE_REFUSED";

const kinds: Readonly<Record<ClaimKind, readonly [name: () => string, hint: () => string]>> = {
  MEDICAL_INVOICE: [m.claims_kind_medical_invoice, m.claims_kind_medical_invoice_hint],
  THERAPY_OR_AID: [m.claims_kind_therapy_or_aid, m.claims_kind_therapy_or_aid_hint],
  PRESCRIPTION: [m.claims_kind_prescription, m.claims_kind_prescription_hint],
  REFERRAL: [m.claims_kind_referral, m.claims_kind_referral_hint],
  TREATMENT_PLAN: [m.claims_kind_treatment_plan, m.claims_kind_treatment_plan_hint],
  FOREIGN_INVOICE: [m.claims_kind_foreign_invoice, m.claims_kind_foreign_invoice_hint],
};

const steps: Readonly<Record<ClaimStatus, () => string>> = {
  RECEIVED: m.claims_step_received,
  HANDED_OVER: m.claims_step_handed_over,
  IN_REVIEW: m.claims_step_in_review,
  DECIDED: m.claims_step_decided,
  PAID: m.claims_step_paid,
  FILE_REFUSED: m.claims_step_file_refused,
};

export function claimKindName(kind: ClaimKind): string {
  return kinds[kind][0]();
}

export function claimKindHint(kind: ClaimKind): string {
  return kinds[kind][1]();
}

export function claimStatusName(status: ClaimStatus): string {
  return steps[status]();
}
