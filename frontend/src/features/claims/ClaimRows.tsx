/** Claims with what they are, when they were sent, and how far they have come. */
import { type FragmentOf, readFragment } from "gql.tada";
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { claimKindName, claimStatusName } from "../../lib/claimWords";
import { formatDate } from "../../lib/format";
import { claimPath } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { Money } from "../../ui/Money";
import { Row } from "../../ui/Row";
import { Rows } from "../../ui/Rows";
import { useTitles } from "./useTitles";

export const ClaimRowsFragment = graphql(`
  fragment ClaimRows on ClaimConnection {
    nodes {
      id
      kind
      status
      submittedAt
      amountReimbursed {
        amount
        currency
      }
      institution {
        id
        name
      }
    }
  }
`);

interface ClaimRowsProps {
  readonly account: string;
  readonly claims: FragmentOf<typeof ClaimRowsFragment>;
}

export function ClaimRows({ account, claims }: ClaimRowsProps): JSX.Element {
  const { nodes } = readFragment(ClaimRowsFragment, claims);
  const titles = useTitles(account);
  return (
    <Rows label={m.claims_sent()}>
      {nodes.map(({ id, kind, status, submittedAt, amountReimbursed, institution }) => (
        <Row
          key={id}
          title={titles.get(id) || claimKindName(kind)}
          detail={[
            titles.get(id) && claimKindName(kind),
            institution.name,
            m.claims_sent_on({ date: formatDate(submittedAt) }),
          ]
            .filter(Boolean)
            .join(" · ")}
          figure={amountReimbursed && <Money {...amountReimbursed} />}
          figureDetail={claimStatusName(status)}
          href={claimPath(id)}
        />
      ))}
    </Rows>
  );
}
