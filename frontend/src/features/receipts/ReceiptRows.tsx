/** Receipts with what they are about, when it was, and the file to keep. */
import { type FragmentOf, readFragment } from "gql.tada";
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { formatDateTime } from "../../lib/format";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { Row } from "../../ui/Row";
import { Rows } from "../../ui/Rows";

export const ReceiptRowsFragment = graphql(`
  fragment ReceiptRows on ReceiptConnection {
    nodes {
      id
      subject
      issuedAt
      position
      downloadUrl
    }
  }
`);

interface ReceiptRowsProps {
  readonly receipts: FragmentOf<typeof ReceiptRowsFragment>;
}

export function ReceiptRows({ receipts }: ReceiptRowsProps): JSX.Element {
  const { nodes } = readFragment(ReceiptRowsFragment, receipts);
  return (
    <Rows label={m.receipts_title()}>
      {nodes.map(({ id, subject, issuedAt, position, downloadUrl }) => (
        <Row
          key={id}
          title={capitalised(subject)}
          detail={[
            formatDateTime(issuedAt),
            m.receipts_number({ position: String(position) }),
          ].join(" · ")}
          action={
            <Button kind="quiet" href={downloadUrl} download="">
              {m.receipts_download()}
              <span class="visually-hidden">
                {" "}
                {m.receipts_download_of({ position: String(position) })}
              </span>
            </Button>
          }
        />
      ))}
    </Rows>
  );
}

/** The server's sentence goes on after "Damit geben Sie frei:"; here it begins. */
function capitalised(subject: string): string {
  return subject.charAt(0).toLocaleUpperCase() + subject.slice(1);
}
