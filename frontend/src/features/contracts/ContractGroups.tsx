/** Insurance first, then accounts. */
import { type FragmentOf, readFragment } from "gql.tada";
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { m } from "../../paraglide/messages.js";
import { ContractRow, ContractRowFragment } from "../../ui/ContractRow";
import { Rows } from "../../ui/Rows";
import { Section } from "../../ui/Section";

export const ContractGroupsFragment = graphql(
  `
    fragment ContractGroups on Contract {
      id
      kind
      ...ContractRow
    }
  `,
  [ContractRowFragment],
);

export function ContractGroups({
  contracts,
}: {
  readonly contracts: readonly FragmentOf<typeof ContractGroupsFragment>[];
}): JSX.Element {
  const read = contracts.map((contract) => readFragment(ContractGroupsFragment, contract));
  const groups = [
    { title: m.contracts_group_insurance(), items: read.filter((c) => c.kind === "INSURANCE") },
    { title: m.contracts_group_savings(), items: read.filter((c) => c.kind !== "INSURANCE") },
  ];
  return (
    <>
      {groups
        .filter(({ items }) => items.length > 0)
        .map(({ title, items }) => (
          <Section key={title} title={title}>
            <Rows>
              {items.map((contract) => (
                <ContractRow key={contract.id} contract={contract} />
              ))}
            </Rows>
          </Section>
        ))}
    </>
  );
}
