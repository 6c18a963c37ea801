/** What companies change themselves only: why, and a message to each that is begun already (F38). */
import type { JSX } from "preact";
import { Message } from "../../ui/Message";
import { WriteTo } from "../../ui/WriteTo";

interface NotChangeableProps {
  readonly refused: readonly {
    readonly institution: { readonly id: string; readonly name: string };
    /** null: it can be changed here. */
    readonly reason: string | null;
  }[];
  /** Of the message. */
  readonly subject: string;
}

export function NotChangeable({ refused, subject }: NotChangeableProps): JSX.Element {
  return (
    <>
      {refused.map(({ institution, reason }) =>
        reason ? (
          <Message key={institution.id} title={institution.name}>
            <p>{reason}</p>
            <p>
              <WriteTo institution={institution} subject={subject} />
            </p>
          </Message>
        ) : null,
      )}
    </>
  );
}
