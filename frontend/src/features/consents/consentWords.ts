/** Consents in words. */
import { formatDate } from "../../lib/format";
import { m } from "../../paraglide/messages.js";

export type ConsentState = "GRANTED" | "NOT_GRANTED" | "PENDING";

export const purposes = {
  PRODUCT_INFORMATION_BY_EMAIL: m.profile_consent_email,
  PRODUCT_INFORMATION_BY_PHONE: m.profile_consent_phone,
  TRANSACTION_ANALYSIS: m.profile_consent_analysis,
};

/** What was decided once. */
export const decisions = {
  GRANTED: m.consents_decision_granted,
  NOT_GRANTED: m.consents_decision_withdrawn,
  PENDING: m.consents_decision_pending,
};

/** Where the customer stands today. */
export function consentState(state: ConsentState, decidedAt: string | null): string {
  if (!decidedAt) return m.consents_state_never();
  const date = formatDate(decidedAt);
  if (state === "GRANTED") return m.consents_state_granted({ date });
  if (state === "PENDING") return m.consents_state_pending({ date });
  return m.consents_state_withdrawn({ date });
}
