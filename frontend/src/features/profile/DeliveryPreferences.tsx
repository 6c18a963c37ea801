/** How letters reach the customer, institution by institution (F27–F31). */
import { type FragmentOf, readFragment } from "gql.tada";
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { formatDate } from "../../lib/format";
import { paths } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { Row } from "../../ui/Row";
import { Rows } from "../../ui/Rows";
import { Section } from "../../ui/Section";

export const DeliveryPreferencesFragment = graphql(`
  fragment DeliveryPreferences on Viewer {
    deliveryPreferences {
      institution {
        id
        name
      }
      channel
      since
      isOptIn
    }
  }
`);

const channels = {
  POSTBOX: m.profile_delivery_postbox,
  PAPER: m.profile_delivery_paper,
};

export function DeliveryPreferences({
  viewer,
}: {
  readonly viewer: FragmentOf<typeof DeliveryPreferencesFragment>;
}): JSX.Element {
  const { deliveryPreferences } = readFragment(DeliveryPreferencesFragment, viewer);
  return (
    <Section
      title={m.profile_delivery_title()}
      more={{ href: paths.deliveryChannels, label: m.common_change() }}
    >
      {deliveryPreferences.length === 0 ? (
        <p class="muted">{m.profile_delivery_none()}</p>
      ) : (
        <Rows>
          {deliveryPreferences.map(({ institution, channel, since, isOptIn }) => (
            <Row
              key={institution.id}
              title={institution.name}
              detail={[
                isOptIn && channel === "PAPER"
                  ? m.profile_delivery_paper_only()
                  : channels[channel](),
                since && m.profile_consent_since({ date: formatDate(since) }),
              ]
                .filter(Boolean)
                .join(" · ")}
            />
          ))}
        </Rows>
      )}
      <p class="muted small">{m.profile_delivery_text()}</p>
    </Section>
  );
}
