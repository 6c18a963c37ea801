/** The customer's consents as they stand (F19). */
import { type FragmentOf, readFragment } from "gql.tada";
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { formatDate } from "../../lib/format";
import { paths } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { Row } from "../../ui/Row";
import { Rows } from "../../ui/Rows";
import { Section } from "../../ui/Section";

export const ConsentsFragment = graphql(`
  fragment Consents on Viewer {
    consents {
      id
      purpose
      state
      decidedAt
    }
  }
`);

const purposes = {
  PRODUCT_INFORMATION_BY_EMAIL: m.profile_consent_email,
  PRODUCT_INFORMATION_BY_PHONE: m.profile_consent_phone,
  TRANSACTION_ANALYSIS: m.profile_consent_analysis,
};

const states = {
  GRANTED: m.profile_consent_granted,
  NOT_GRANTED: m.profile_consent_not_granted,
  PENDING: m.profile_consent_pending,
};

export function Consents({
  viewer,
}: {
  readonly viewer: FragmentOf<typeof ConsentsFragment>;
}): JSX.Element {
  const { consents } = readFragment(ConsentsFragment, viewer);
  return (
    <Section
      title={m.profile_consents_title()}
      more={{ href: paths.consents, label: m.consents_edit() }}
    >
      <Rows>
        {consents.map(({ id, purpose, state, decidedAt }) => (
          <Row
            key={id}
            title={purposes[purpose]()}
            figure={states[state]()}
            figureDetail={decidedAt && m.profile_consent_since({ date: formatDate(decidedAt) })}
          />
        ))}
      </Rows>
    </Section>
  );
}
