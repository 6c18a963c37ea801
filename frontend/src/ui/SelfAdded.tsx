/** What customers added of other companies, beside what the house has and plainly told apart (F9). */
import { type FragmentOf, type ResultOf, readFragment } from "gql.tada";
import type { JSX } from "preact";
import { graphql } from "../graphql/graphql";
import { lineOfBusinessName, paymentFrequencyName } from "../lib/contractWords";
import { formatDate } from "../lib/format";
import { paths, selfAddedPath } from "../lib/paths";
import { m } from "../paraglide/messages.js";
import { Button } from "./Button";
import { Money } from "./Money";
import { Row } from "./Row";
import { Rows } from "./Rows";
import { Section } from "./Section";

export const SelfAddedFragment = graphql(`
  fragment SelfAdded on SelfAddedData {
    contracts {
      id
      lineOfBusiness
      company
      number
      premium {
        amount
        currency
      }
      paymentFrequency
      nextDueDate
    }
  }
`);

type Contract = ResultOf<typeof SelfAddedFragment>["contracts"][number];

interface SelfAddedProps {
  readonly data: FragmentOf<typeof SelfAddedFragment>;
  /** What was searched for among all contracts. */
  readonly search?: string;
  /** Whether accounts alone are asked for: these are none. */
  readonly isHidden?: boolean;
}

export function SelfAdded({ data, search = "", isHidden = false }: SelfAddedProps): JSX.Element {
  const { contracts } = readFragment(SelfAddedFragment, data);
  const shown = isHidden ? [] : contracts.filter((contract) => matches(contract, search));
  return (
    <Section title={m.self_added_title()}>
      <div class="stack">
        {shown.length > 0 ? (
          <Rows>
            {shown.map((contract) => (
              <ContractRow key={contract.id} contract={contract} />
            ))}
          </Rows>
        ) : (
          <p class="muted">
            {contracts.length > 0 ? m.self_added_none_match() : m.self_added_text()}
          </p>
        )}
        <div class="no-print">
          <Button kind="secondary" href={paths.addSelfAdded}>
            {m.self_added_add()}
          </Button>
        </div>
      </div>
    </Section>
  );
}

function ContractRow({ contract }: { readonly contract: Contract }): JSX.Element {
  const { id, lineOfBusiness, company, number, premium, paymentFrequency, nextDueDate } = contract;
  const due = nextDueDate && m.contracts_due_on({ date: formatDate(nextDueDate) });
  return (
    <Row
      title={lineOfBusinessName(lineOfBusiness)}
      detail={[company, number, m.self_added_mark()].filter(Boolean).join(" · ")}
      href={selfAddedPath(id)}
      figure={premium && <Money {...premium} />}
      figureDetail={[premium && paymentFrequencyName(paymentFrequency), due]
        .filter(Boolean)
        .join(", ")}
    />
  );
}

function matches({ company, number, lineOfBusiness }: Contract, search: string): boolean {
  const text = [company, number, lineOfBusinessName(lineOfBusiness)].join(" ");
  return text.toLowerCase().includes(search.trim().toLowerCase());
}
