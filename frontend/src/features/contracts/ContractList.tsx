/** The contracts of one search: groups of rows, page by page. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { graphql } from "../../graphql/graphql";
import { ViewerQuery } from "../../graphql/ViewerQuery";
import { m } from "../../paraglide/messages.js";
import { AddContracts } from "../../ui/AddContracts";
import { Button } from "../../ui/Button";
import { ContactFragment } from "../../ui/Contact";
import { ContractRules } from "../../ui/ContractRules";
import { EmptyState } from "../../ui/EmptyState";
import { LoadMore } from "../../ui/LoadMore";
import { ResultCount } from "../../ui/ResultCount";
import { Section } from "../../ui/Section";
import { SelfAdded, SelfAddedFragment } from "../../ui/SelfAdded";
import { Skeleton } from "../../ui/Skeleton";
import { ContractGroups, ContractGroupsFragment } from "./ContractGroups";

const ContractsQuery = graphql(
  `
    query Contracts($filter: ContractFilter, $after: String) {
      portal {
        customerService {
          ...Contact
        }
      }
      viewer {
        id
        contracts(filter: $filter, first: 100, after: $after) {
          totalCount
          pageInfo {
            hasNextPage
            endCursor
          }
          nodes {
            id
            ...ContractGroups
          }
        }
        selfAdded {
          ...SelfAdded
        }
      }
    }
  `,
  [ContactFragment, ContractGroupsFragment, SelfAddedFragment],
);

const kinds = {
  versicherungen: ["INSURANCE"],
  konten: ["SAVINGS_ACCOUNT", "FIXED_TERM_DEPOSIT"],
} as const;

interface ContractListProps {
  readonly search: string;
  readonly kind: string;
  readonly onReset: () => void;
}

export function ContractList({ search, kind, onReset }: ContractListProps): JSX.Element {
  const [cursors, setCursors] = useState<(string | null)[]>([null]);
  const isFiltered = search !== "" || kind !== "";
  const filter = {
    search: search || null,
    kinds: kind in kinds ? [...kinds[kind as keyof typeof kinds]] : null,
  };
  return (
    <>
      {cursors.map((after, index) => (
        <ViewerQuery
          key={after}
          query={ContractsQuery}
          variables={{ filter: isFiltered ? filter : null, after }}
          pending={<Skeleton rows={6} />}
        >
          {({ contracts, selfAdded }, { data }) => {
            const isFirst = index === 0;
            const { endCursor, hasNextPage } = contracts.pageInfo;
            const contact = data.portal.customerService;
            const own = <SelfAdded data={selfAdded} search={search} kind={kind} />;
            if (contracts.totalCount === 0)
              return (
                <>
                  <Nothing isFiltered={isFiltered} contact={contact} onReset={onReset} />
                  {own}
                </>
              );
            return (
              <>
                {isFirst && (
                  <ResultCount
                    count={contracts.totalCount}
                    text={countText(contracts.totalCount)}
                  />
                )}
                <ContractGroups contracts={contracts.nodes} />
                {hasNextPage && index === cursors.length - 1 && (
                  <LoadMore
                    shown={100 * cursors.length}
                    total={contracts.totalCount}
                    hasMore
                    isBusy={false}
                    onMore={() => setCursors([...cursors, endCursor ?? null])}
                  />
                )}
                {!hasNextPage && (
                  <>
                    {own}
                    <Section title={m.contracts_rules_toggle()}>
                      <ContractRules contact={contact} />
                    </Section>
                  </>
                )}
              </>
            );
          }}
        </ViewerQuery>
      ))}
    </>
  );
}

interface NothingProps {
  readonly isFiltered: boolean;
  readonly contact: Parameters<typeof ContractRules>[0]["contact"];
  readonly onReset: () => void;
}

function Nothing({ isFiltered, contact, onReset }: NothingProps): JSX.Element {
  if (isFiltered) {
    return (
      <>
        <ResultCount count={0} text={countText(0)} />
        <EmptyState title={m.contracts_no_match_title()}>
          <p>{m.contracts_no_match_text()}</p>
          <p>
            <Button kind="secondary" onClick={onReset}>
              {m.common_reset_filter()}
            </Button>
          </p>
        </EmptyState>
      </>
    );
  }
  return (
    <EmptyState title={m.contracts_empty_title()}>
      <AddContracts />
      <ContractRules contact={contact} />
    </EmptyState>
  );
}

function countText(count: number): string {
  const shown = String(count);
  return count === 1
    ? m.contracts_count_one({ count: shown })
    : m.contracts_count_other({ count: shown });
}
