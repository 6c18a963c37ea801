/** What a form can tell about account data before the server judges it; null: nothing is wrong. */
import { m } from "../paraglide/messages.js";

/** Characters of a new password, as the server counts them (policy, registration). */
export const PASSWORD_LENGTH = { shortest: 12, longest: 128 } as const;

/** Digits of a TAN. */
const TAN = /^\d{6}$/;

export function emailAddressProblem(text: string): string | null {
  const address = text.trim();
  if (!address) return m.account_email_needed();
  return /^[^\s@]+@[^\s@.]+(?:\.[^\s@.]+)+$/.test(address) ? null : m.account_email_wrong();
}

/** National or international, written as people do; the server knows which countries it may be. */
export function phoneNumberProblem(text: string): string | null {
  const number = text.replaceAll(/[\s()./-]/g, "");
  if (!number) return m.account_phone_needed();
  return /^\+?\d{7,17}$/.test(number) ? null : m.account_phone_wrong();
}

export function newPasswordProblem(password: string): string | null {
  const length = [...password.normalize("NFKC")].length;
  if (length === 0) return m.account_password_needed();
  if (length < PASSWORD_LENGTH.shortest) {
    return m.account_password_short({
      shortest: String(PASSWORD_LENGTH.shortest),
      length: String(length),
    });
  }
  if (length <= PASSWORD_LENGTH.longest) return null;
  return m.account_password_long({ longest: String(PASSWORD_LENGTH.longest) });
}

/** The digits of a TAN as typed or pasted, or null if it can't be one: no attempt is wasted on it. */
export function tanDigits(text: string): string | null {
  const digits = text.replaceAll(/[\s-]/g, "");
  return TAN.test(digits) ? digits : null;
}
