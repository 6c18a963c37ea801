/** "tel:" address of a phone number as people write it. */
export function telephoneHref(phone: string): string {
  return `tel:${phone.replaceAll(/\(0\)|[^+\d]/g, "")}`;
}
