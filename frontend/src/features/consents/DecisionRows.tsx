/** Decisions in words: what, when, and to which version of a text. */
import { type FragmentOf, type ResultOf, readFragment } from "gql.tada";
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { formatDate, formatDateTime } from "../../lib/format";
import { m } from "../../paraglide/messages.js";
import { Row } from "../../ui/Row";
import { Rows } from "../../ui/Rows";
import { decisions as decided, purposes } from "./consentWords";

export const DecisionRowsFragment = graphql(`
  fragment DecisionRows on SettingsDecisionConnection {
    edges {
      cursor
      node {
        __typename
        ... on ConsentDecision {
          purpose
          state
          decidedThrough
          decidedAt
          agreedText {
            version
          }
        }
        ... on DeliveryDecision {
          institution {
            id
            name
          }
          channel
          decidedAt
          agreedText {
            version
          }
        }
      }
    }
  }
`);

type Decision = ResultOf<typeof DecisionRowsFragment>["edges"][number]["node"];

export function DecisionRows({
  decisions,
}: {
  readonly decisions: FragmentOf<typeof DecisionRowsFragment>;
}): JSX.Element {
  const { edges } = readFragment(DecisionRowsFragment, decisions);
  return (
    <Rows label={m.consents_history_title()}>
      {edges.map(({ cursor, node }) => (
        <Row key={cursor} title={titleOf(node)} detail={detailOf(node)} />
      ))}
    </Rows>
  );
}

function titleOf(node: Decision): string {
  if (node.__typename === "DeliveryDecision") {
    const channel = { POSTBOX: m.profile_delivery_postbox, PAPER: m.consents_decision_paper };
    return `${node.institution.name}: ${channel[node.channel]()}`;
  }
  return `${purposes[node.purpose]()}: ${decided[node.state]()}`;
}

function detailOf(node: Decision): string {
  const isByLink = node.__typename === "ConsentDecision" && node.decidedThrough === "EMAIL_LINK";
  const version = node.agreedText?.version;
  return [
    formatDateTime(node.decidedAt),
    isByLink && m.consents_by_link(),
    version && m.consents_text_version({ date: formatDate(version) }),
  ]
    .filter(Boolean)
    .join(" · ");
}
