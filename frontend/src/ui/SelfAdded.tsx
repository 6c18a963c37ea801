/** What customers added of other companies, beside what the house has and plainly told apart (F9). */
import { type FragmentOf, type ResultOf, readFragment } from "gql.tada";
import type { JSX } from "preact";
import { graphql } from "../graphql/graphql";
import { lineOfBusinessName, paymentFrequencyName } from "../lib/contractWords";
import { formatContractNumber, formatDate } from "../lib/format";
import { paths, selfAddedAccountPath, selfAddedPath } from "../lib/paths";
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
    accounts {
      id
      iban
      bankName
      label
      balance {
        amount
        currency
      }
      balanceOn
    }
  }
`);

type Contract = ResultOf<typeof SelfAddedFragment>["contracts"][number];
type Account = ResultOf<typeof SelfAddedFragment>["accounts"][number];

interface SelfAddedProps {
  readonly data: FragmentOf<typeof SelfAddedFragment>;
  /** What was searched for among all contracts. */
  readonly search?: string;
  /** As the list of all contracts is filtered: "versicherungen", "konten" or "" for both. */
  readonly kind?: string;
}

export function SelfAdded({ data, search = "", kind = "" }: SelfAddedProps): JSX.Element {
  const read = readFragment(SelfAddedFragment, data);
  const contracts = kind === "konten" ? [] : read.contracts.filter((one) => matches(one, search));
  const accounts =
    kind === "versicherungen" ? [] : read.accounts.filter((one) => isFound(one, search));
  const hasSome = read.contracts.length + read.accounts.length > 0;
  return (
    <Section title={m.self_added_title()}>
      <div class="stack">
        {contracts.length + accounts.length > 0 ? (
          <Rows>
            {accounts.map((account) => (
              <AccountRow key={account.id} account={account} />
            ))}
            {contracts.map((contract) => (
              <ContractRow key={contract.id} contract={contract} />
            ))}
          </Rows>
        ) : (
          <p class="muted">{hasSome ? m.self_added_none_match() : m.self_added_text()}</p>
        )}
        <div class="buttons no-print">
          <Button kind="secondary" href={paths.addSelfAdded}>
            {m.self_added_add()}
          </Button>
          <Button kind="secondary" href={paths.addSelfAddedAccount}>
            {m.self_added_account_add()}
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

function AccountRow({ account }: { readonly account: Account }): JSX.Element {
  const { id, iban, bankName, label, balance, balanceOn } = account;
  return (
    <Row
      title={label ?? bankName ?? m.self_added_account()}
      detail={[formatContractNumber(iban), m.self_added_mark()].join(" · ")}
      href={selfAddedAccountPath(id)}
      figure={balance && <Money {...balance} />}
      figureDetail={balanceOn && m.savings_balance_on({ date: formatDate(balanceOn) })}
    />
  );
}

function matches({ company, number, lineOfBusiness }: Contract, search: string): boolean {
  const text = [company, number, lineOfBusinessName(lineOfBusiness)].join(" ");
  return text.toLowerCase().includes(search.trim().toLowerCase());
}

function isFound({ iban, bankName, label }: Account, search: string): boolean {
  const text = [label, bankName, m.self_added_account(), iban].join(" ").toLowerCase();
  const wanted = search.trim().toLowerCase();
  return text.includes(wanted) || iban.toLowerCase().includes(wanted.replaceAll(/\s/g, ""));
}
