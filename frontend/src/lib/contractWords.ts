/** Names of the kinds, lines and states of contracts. */
import { m } from "../paraglide/messages.js";

type LineOfBusiness =
  | "LIFE"
  | "PENSION"
  | "HEALTH"
  | "TRAVEL_HEALTH"
  | "ACCIDENT"
  | "LIABILITY"
  | "MOTOR"
  | "LEGAL_PROTECTION"
  | "HOUSEHOLD"
  | "RESIDENTIAL_BUILDING"
  | "TRAVEL"
  | "OTHER";

type PaymentFrequency =
  | "MONTHLY"
  | "QUARTERLY"
  | "HALF_YEARLY"
  | "YEARLY"
  | "SINGLE"
  | "NONE"
  | "OTHER";

const lines: Record<LineOfBusiness, () => string> = {
  LIFE: m.contracts_line_life,
  PENSION: m.contracts_line_pension,
  HEALTH: m.contracts_line_health,
  TRAVEL_HEALTH: m.contracts_line_travel_health,
  ACCIDENT: m.contracts_line_accident,
  LIABILITY: m.contracts_line_liability,
  MOTOR: m.contracts_line_motor,
  LEGAL_PROTECTION: m.contracts_line_legal_protection,
  HOUSEHOLD: m.contracts_line_household,
  RESIDENTIAL_BUILDING: m.contracts_line_residential_building,
  TRAVEL: m.contracts_line_travel,
  OTHER: m.contracts_line_other,
};

const frequencies: Record<PaymentFrequency, () => string> = {
  MONTHLY: m.contracts_frequency_monthly,
  QUARTERLY: m.contracts_frequency_quarterly,
  HALF_YEARLY: m.contracts_frequency_half_yearly,
  YEARLY: m.contracts_frequency_yearly,
  SINGLE: m.contracts_frequency_single,
  NONE: m.contracts_frequency_none,
  OTHER: m.contracts_frequency_other,
};

const statuses = {
  ACTIVE: m.contracts_status_active,
  ENDED: m.contracts_status_ended,
  CANCELLED: m.contracts_status_cancelled,
  SUSPENDED: m.contracts_status_suspended,
};

const savingsKinds = {
  SavingsAccount: m.contracts_savings_account,
  FixedTermDeposit: m.contracts_fixed_term_deposit,
};

export const lineOfBusinessName = (line: LineOfBusiness): string => lines[line]();
export const paymentFrequencyName = (frequency: PaymentFrequency): string =>
  frequencies[frequency]();
export const contractStatusName = (status: keyof typeof statuses): string => statuses[status]();
export const savingsKindName = (typename: keyof typeof savingsKinds): string =>
  savingsKinds[typename]();
