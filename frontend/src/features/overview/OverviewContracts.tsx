/** Contracts as grouped rows with the one figure that matters; the rest is one press away. */
import { type FragmentOf, readFragment } from "gql.tada";
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { formatCount } from "../../lib/format";
import { paths } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { AddContracts } from "../../ui/AddContracts";
import type { ContactFragment } from "../../ui/Contact";
import { ContractRow, ContractRowFragment } from "../../ui/ContractRow";
import { ContractRules } from "../../ui/ContractRules";
import { EmptyState } from "../../ui/EmptyState";
import { Rows } from "../../ui/Rows";
import { Section } from "../../ui/Section";
import { SelfAdded, SelfAddedFragment } from "../../ui/SelfAdded";
import styles from "./OverviewContracts.module.css";

export const OverviewContractsFragment = graphql(
  `
    fragment OverviewContracts on Viewer {
      contracts(first: 20) {
        totalCount
        nodes {
          id
          kind
          ...ContractRow
        }
      }
      selfAdded {
        contractCount
        accountCount
        ...SelfAdded
      }
    }
  `,
  [ContractRowFragment, SelfAddedFragment],
);

interface OverviewContractsProps {
  readonly viewer: FragmentOf<typeof OverviewContractsFragment>;
  readonly contact: FragmentOf<typeof ContactFragment>;
}

export function OverviewContracts({ viewer, contact }: OverviewContractsProps): JSX.Element {
  const { contracts, selfAdded } = readFragment(OverviewContractsFragment, viewer);
  const { totalCount, nodes } = contracts;
  const hasOwn = selfAdded.contractCount + selfAdded.accountCount > 0;
  const own = hasOwn && <SelfAdded data={selfAdded} />;
  if (totalCount === 0) {
    return (
      <>
        <Section title={m.overview_contracts()}>
          <EmptyState title={m.contracts_empty_title()}>
            <AddContracts />
            <ContractRules contact={contact} />
          </EmptyState>
        </Section>
        {own}
      </>
    );
  }
  const groups = [
    { title: m.contracts_group_savings(), items: nodes.filter((c) => c.kind !== "INSURANCE") },
    { title: m.contracts_group_insurance(), items: nodes.filter((c) => c.kind === "INSURANCE") },
  ].filter(({ items }) => items.length > 0);
  return (
    <>
      <Section
        title={m.overview_contracts()}
        more={{
          href: paths.contracts,
          label:
            totalCount === 1
              ? m.overview_contracts_one()
              : m.overview_contracts_all({ count: formatCount(totalCount) }),
        }}
      >
        {groups.map(({ title, items }) => (
          <div key={title} class={styles.group}>
            <h3>{title}</h3>
            <Rows>
              {items.map((contract) => (
                <ContractRow key={contract.id} contract={contract} />
              ))}
            </Rows>
          </div>
        ))}
      </Section>
      {own}
    </>
  );
}
