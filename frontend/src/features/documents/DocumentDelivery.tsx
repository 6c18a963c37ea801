/** How a letter reached the customer: in the postbox, announced, on paper, read (X6). */
import { type FragmentOf, readFragment } from "gql.tada";
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { formatDate, formatDateTime } from "../../lib/format";
import { m } from "../../paraglide/messages.js";
import { DataList } from "../../ui/DataList";
import { Section } from "../../ui/Section";

export const DocumentDeliveryFragment = graphql(`
  fragment DocumentDelivery on Document {
    receivedAt
    firstOpenedAt
    firstDownloadedAt
    paperOrderedAt
    notices {
      channel
      state
      emailAddress
      announcedAt
      failedAt
    }
    decisionDates {
      deemedAnnouncedOn
    }
  }
`);

export function DocumentDelivery({
  document,
}: {
  readonly document: FragmentOf<typeof DocumentDeliveryFragment>;
}): JSX.Element {
  const letter = readFragment(DocumentDeliveryFragment, document);
  const { decisionDates } = letter;
  return (
    <Section title={m.documents_delivery()}>
      <DataList
        items={[
          [m.documents_received_at(), formatDateTime(letter.receivedAt)],
          [m.documents_delivery_mail(), told(letter.notices, "MAIL")],
          [m.documents_delivery_push(), told(letter.notices, "PUSH")],
          [
            m.documents_delivery_paper(),
            letter.paperOrderedAt &&
              m.documents_delivery_paper_ordered({ at: formatDateTime(letter.paperOrderedAt) }),
          ],
          [m.documents_delivery_opened(), instant(letter.firstOpenedAt)],
          [m.documents_delivery_downloaded(), instant(letter.firstDownloadedAt)],
          [
            m.documents_delivery_announced_on(),
            decisionDates &&
              (decisionDates.deemedAnnouncedOn
                ? formatDate(decisionDates.deemedAnnouncedOn)
                : m.documents_delivery_unknown()),
          ],
        ]}
      />
    </Section>
  );
}

function instant(at: string | null): string {
  return at ? formatDateTime(at) : m.documents_delivery_not_yet();
}

interface Notice {
  readonly channel: "MAIL" | "PUSH";
  readonly state: "PENDING" | "ANNOUNCED" | "FAILED";
  readonly emailAddress: string | null;
  readonly announcedAt: string | null;
  readonly failedAt: string | null;
}

/** What became of the notices of a channel: one that got through is enough. */
function told(notices: readonly Notice[], channel: Notice["channel"]): string | null {
  const sent = notices.filter((notice) => notice.channel === channel);
  const best =
    sent.find(({ state }) => state === "ANNOUNCED") ??
    sent.find(({ state }) => state === "PENDING") ??
    sent.at(-1);
  if (!best) return null;
  const at = formatDateTime(best.failedAt ?? best.announcedAt ?? "1970-01-01T00:00:00Z");
  const address = best.emailAddress;
  switch (best.state) {
    case "PENDING":
      return m.documents_delivery_pending();
    case "ANNOUNCED":
      return address
        ? m.documents_delivery_announced_to({ at, address })
        : m.documents_delivery_announced({ at });
    case "FAILED":
      return address
        ? m.documents_delivery_failed_to({ at, address })
        : m.documents_delivery_failed({ at });
  }
}
