/** A contract with the one figure that matters: the balance of an account, the premium of an insurance. */
import { type FragmentOf, readFragment } from "gql.tada";
import type { JSX } from "preact";
import { graphql } from "../graphql/graphql";
import {
  contractStatusName,
  lineOfBusinessName,
  paymentFrequencyName,
  savingsKindName,
} from "../lib/contractWords";
import { formatContractNumber, formatDate } from "../lib/format";
import { contractPath, savingsPath } from "../lib/paths";
import { m } from "../paraglide/messages.js";
import { Money } from "./Money";
import { Row } from "./Row";

export const ContractRowFragment = graphql(`
  fragment ContractRow on Contract {
    __typename
    id
    number
    productName
    status
    institution {
      id
      name
    }
    ... on InsuranceContract {
      lineOfBusiness
      premium {
        amount
        currency
      }
      paymentFrequency
      nextDueDate
    }
    ... on SavingsAccount {
      balance {
        amount
        currency
      }
      balanceOn
    }
    ... on FixedTermDeposit {
      balance {
        amount
        currency
      }
      balanceOn
    }
  }
`);

export function ContractRow({
  contract,
}: {
  readonly contract: FragmentOf<typeof ContractRowFragment>;
}): JSX.Element {
  const read = readFragment(ContractRowFragment, contract);
  const status = read.status === "ACTIVE" ? null : contractStatusName(read.status);
  const detail = (
    <>
      {read.institution.name} · <span class="amount">{formatContractNumber(read.number)}</span>
      {status && ` · ${status}`}
    </>
  );
  if (read.__typename !== "InsuranceContract") {
    return (
      <Row
        title={read.productName ?? savingsKindName(read.__typename)}
        detail={detail}
        href={savingsPath(read.id)}
        figure={<Money {...read.balance} />}
        figureDetail={
          read.balanceOn && m.contracts_balance_on({ date: formatDate(read.balanceOn) })
        }
      />
    );
  }
  const frequency = paymentFrequencyName(read.paymentFrequency);
  const due = read.nextDueDate && m.contracts_due_on({ date: formatDate(read.nextDueDate) });
  return (
    <Row
      title={read.productName ?? lineOfBusinessName(read.lineOfBusiness)}
      detail={detail}
      href={contractPath(read.id)}
      figure={read.premium && <Money {...read.premium} />}
      figureDetail={[read.premium && frequency, due].filter(Boolean).join(", ")}
    />
  );
}
