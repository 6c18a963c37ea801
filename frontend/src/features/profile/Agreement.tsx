/** "Nutzungsvertrag": withdrawing while the two weeks last, and deleting the account (F5, F6). */
import { type FragmentOf, readFragment } from "gql.tada";
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { formatDate } from "../../lib/format";
import { paths } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { Row } from "../../ui/Row";
import { Rows } from "../../ui/Rows";
import { Section } from "../../ui/Section";

export const AgreementFragment = graphql(`
  fragment Agreement on Viewer {
    userAgreement {
      concludedAt
      lastWithdrawalDate
    }
  }
`);

export function Agreement({
  viewer,
}: {
  readonly viewer: FragmentOf<typeof AgreementFragment>;
}): JSX.Element {
  const { concludedAt, lastWithdrawalDate } = readFragment(AgreementFragment, viewer).userAgreement;
  return (
    <Section title={m.leaving_agreement_title()}>
      <p>{m.leaving_agreement_text({ date: formatDate(concludedAt) })}</p>
      <Rows>
        {lastWithdrawalDate && (
          <Row
            href={paths.withdraw}
            title={m.leaving_withdraw_title()}
            detail={m.leaving_withdraw_until({ date: formatDate(lastWithdrawalDate) })}
          />
        )}
        <Row
          href={paths.deleteAccount}
          title={m.leaving_delete_title()}
          detail={m.leaving_delete_detail()}
        />
      </Rows>
    </Section>
  );
}
