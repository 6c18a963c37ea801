/** The activation code of the letter: 16 characters in four groups, however they are typed. */
const LENGTH = 16;

/** Could it be a code? Blanks and dashes don't count; no attempt is wasted on what can't be one. */
export function isActivationCode(text: string): boolean {
  return new RegExp(`^[0-9A-Za-z]{${LENGTH}}$`).test(text.replaceAll(/[\s–-]/g, ""));
}
