/** What is changed elsewhere: how the customer is reached, and bank accounts. */
import { type FragmentOf, readFragment } from "gql.tada";
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { paths } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { Row } from "../../ui/Row";
import { Rows } from "../../ui/Rows";
import { Section } from "../../ui/Section";

export const OtherDetailsFragment = graphql(`
  fragment OtherDetails on Viewer {
    emailAddress
    maskedPhoneNumber
  }
`);

export function OtherDetails({
  viewer,
}: {
  readonly viewer: FragmentOf<typeof OtherDetailsFragment>;
}): JSX.Element {
  const { emailAddress, maskedPhoneNumber } = readFragment(OtherDetailsFragment, viewer);
  return (
    <Section title={m.personal_details_contact()}>
      <Rows>
        <Row
          href={paths.changePhoneNumber}
          title={m.personal_details_phone()}
          detail={maskedPhoneNumber}
        />
        <Row
          href={paths.changeEmailAddress}
          title={m.personal_details_email()}
          detail={emailAddress}
        />
        <Row
          href={paths.bankAccount}
          title={m.bank_accounts_title()}
          detail={m.services_bank_account_detail()}
        />
      </Rows>
    </Section>
  );
}
