/** What can be shown beside the mailbox: the quick way first, the letter for those who have nothing else. */
import type { JSX } from "preact";
import { formatDate } from "../../lib/format";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { Section } from "../../ui/Section";
import { LetterRequest } from "./LetterRequest";
import { NoWay } from "./NoWay";
import type { SentLetter } from "./openRecovery";

interface WaysProps {
  readonly recovery: string;
  readonly ways: readonly string[];
  readonly letter: SentLetter | null;
  /** Whether this browser is one that the account remembers. */
  readonly isDevice: boolean;
  readonly onPassword: () => void;
  readonly onDevice: () => void;
  readonly onCode: () => void;
  readonly onLetter: (letter: SentLetter) => void;
  readonly onRefused: (message: string) => void;
}

export function Ways({
  recovery,
  ways,
  letter,
  isDevice,
  onPassword,
  onDevice,
  onCode,
  onLetter,
  onRefused,
}: WaysProps): JSX.Element {
  const hasPasskey = ways.includes("PASSKEY");
  const hasDevice = ways.includes("DEVICE");
  const letterKind = hasPasskey || (hasDevice && isDevice) ? "secondary" : "primary";
  if (ways.length === 0) return <NoWay />;
  return (
    <>
      {hasPasskey && (
        <Section title={m.recovery_way_passkey()}>
          <p>{m.recovery_way_passkey_text()}</p>
          <div>
            <Button onClick={onPassword}>{m.recovery_way_passkey_action()}</Button>
          </div>
        </Section>
      )}
      {hasDevice && (
        <Section title={m.recovery_way_device()}>
          <p>{isDevice ? m.recovery_way_device_text() : m.recovery_way_device_elsewhere()}</p>
          {isDevice && (
            <div>
              <Button kind={hasPasskey ? "secondary" : "primary"} onClick={onDevice}>
                {m.recovery_way_device_action()}
              </Button>
            </div>
          )}
        </Section>
      )}
      {ways.includes("LETTER") && (
        <Section title={m.recovery_way_letter()}>
          {letter ? (
            <>
              <p>
                {m.recovery_letter_sent({
                  date: formatDate(letter.requestedAt),
                  until: formatDate(letter.expiresAt),
                })}
              </p>
              <div>
                <Button kind={letterKind} onClick={onCode}>
                  {m.recovery_letter_have()}
                </Button>
              </div>
            </>
          ) : (
            <LetterRequest
              recovery={recovery}
              kind={letterKind}
              onSent={onLetter}
              onRefused={onRefused}
            />
          )}
        </Section>
      )}
    </>
  );
}
