/** An IBAN while it is typed; the server judges it and knows the bank. */

/** Without blanks and in capitals, as it is compared and sent. */
export function compactIban(typed: string): string {
  return typed.replace(/\s+/g, "").toUpperCase();
}

/** Whether the check digits fit (ISO 13616, mod 97), so that the server is worth asking. */
export function hasCheckDigits(typed: string): boolean {
  const iban = compactIban(typed);
  if (!/^[A-Z]{2}\d{2}[A-Z\d]{11,30}$/.test(iban)) return false;
  let rest = 0;
  for (const character of iban.slice(4) + iban.slice(0, 4)) {
    for (const digit of Number.parseInt(character, 36).toString()) {
      rest = (rest * 10 + Number(digit)) % 97;
    }
  }
  return rest === 1;
}
