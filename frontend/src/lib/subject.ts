/** Subjects of messages as the server takes them: one line, and not too long. */

/** The server's own bound (services/messages.py). */
export const LONGEST_SUBJECT = 120;

/** Anybody can write an address: what is proposed in one becomes a subject that can be sent. */
export function singleLine(subject: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be in it.
  const line = subject.replace(/[\s\u0000-\u001f\u007f-\u009f]+/g, " ").trim();
  return [...line].slice(0, LONGEST_SUBJECT).join("").trimEnd();
}
