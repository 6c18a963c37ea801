/** All bank accounts ever on file, by contract; masked until a passkey shows them (F121–F124). */
import { useMutation } from "@urql/preact";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { AllPages } from "../../graphql/AllPages";
import { ApprovalFragment, useApproval } from "../../graphql/approvals";
import { graphql } from "../../graphql/graphql";
import { RefusalFragment, refusalText } from "../../graphql/refusal";
import { formatContractNumber, formatIban } from "../../lib/format";
import { paths } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { EmptyState } from "../../ui/EmptyState";
import { Message } from "../../ui/Message";
import { Page } from "../../ui/Page";
import { Rows } from "../../ui/Rows";
import { Section } from "../../ui/Section";
import { Skeleton } from "../../ui/Skeleton";
import { BankAccountRow, BankAccountRowFragment } from "./BankAccountRow";
import { ContractNameFragment, productOf } from "./contractName";

const BankAccountHistoryQuery = graphql(
  `
    query BankAccountHistory($after: String) {
      viewer {
        id
        contracts(first: 50, after: $after) {
          pageInfo {
            endCursor
            hasNextPage
          }
          nodes {
            id
            ...ContractName
            institution {
              id
              name
            }
            bankAccounts {
              id
              ...BankAccountRow
            }
          }
        }
      }
    }
  `,
  [BankAccountRowFragment, ContractNameFragment],
);

const ShowBankAccountsMutation = graphql(
  `
    mutation ShowBankAccounts {
      showBankAccounts {
        __typename
        ... on ApprovalRequired {
          approval {
            ...Approval
          }
        }
        ...Refusal
      }
    }
  `,
  [ApprovalFragment, RefusalFragment],
);

type Shown = ReadonlyMap<string, string>;

export function BankAccountHistoryPage(): JSX.Element {
  const [{ fetching }, show] = useMutation(ShowBankAccountsMutation);
  const approve = useApproval();
  const [problem, setProblem] = useState<string | null>(null);
  const [shown, setShown] = useState<{ readonly ibans: Shown; readonly hideAt: string } | null>(
    null,
  );
  useEffect(() => {
    if (!shown) return;
    const left = Math.max(0, Date.parse(shown.hideAt) - Date.now());
    const timer = setTimeout(() => setShown(null), Math.min(left, MOST_MS));
    return () => clearTimeout(timer);
  }, [shown]);

  const reveal = async () => {
    const result = (await show({})).data?.showBankAccounts;
    if (result?.__typename !== "ApprovalRequired") {
      setProblem(result ? refusalText(result) : m.common_unreachable());
      return;
    }
    setProblem(null);
    const outcome = await approve(result.approval, "BankAccountsShown");
    if (!outcome) return;
    const ibans = new Map(outcome.shownAccounts.map(({ account, iban }) => [account.id, iban]));
    setShown({ ibans, hideAt: outcome.hideAt });
  };
  return (
    <Page
      title={m.bank_accounts_history_title()}
      lead={m.bank_accounts_history_lead()}
      back={{ href: paths.services, label: m.services_title() }}
    >
      <AllPages
        query={BankAccountHistoryQuery}
        pageInfoOf={({ contracts }) => contracts.pageInfo}
        pending={<Skeleton rows={6} />}
      >
        {(pages) => {
          const contracts = pages.flatMap((page) => page.contracts.nodes);
          const filled = contracts.filter(({ bankAccounts }) => bankAccounts.length);
          if (filled.length === 0) return <EmptyState title={m.bank_accounts_history_empty()} />;
          return (
            <div class="sections">
              <div class="stack">
                {problem && (
                  <Message kind="warning" isAlert>
                    <p>{problem}</p>
                    <p>
                      <a href={paths.security}>{m.bank_accounts_add_passkey()}</a>
                    </p>
                  </Message>
                )}
                <div class="buttons">
                  {shown ? (
                    <Button kind="secondary" onClick={() => setShown(null)}>
                      {m.bank_accounts_hide()}
                    </Button>
                  ) : (
                    <Button kind="secondary" isBusy={fetching} onClick={() => void reveal()}>
                      {m.bank_accounts_show()}
                    </Button>
                  )}
                  <Button kind="quiet" href={paths.bankAccount}>
                    {m.bank_accounts_title()}
                  </Button>
                </div>
              </div>
              {filled.map((contract) => (
                <Section key={contract.id} title={productOf(contract)}>
                  <p class="muted small">
                    {contract.institution.name} ·{" "}
                    <span class="amount">{formatContractNumber(contract.number)}</span>
                  </p>
                  <Rows>
                    {contract.bankAccounts.map((account) => {
                      const iban = shown?.ibans.get(account.id);
                      return (
                        <BankAccountRow
                          key={account.id}
                          account={account}
                          iban={iban ? formatIban(iban) : null}
                        />
                      );
                    })}
                  </Rows>
                </Section>
              ))}
            </div>
          );
        }}
      </AllPages>
    </Page>
  );
}

/** A browser's clock may be wrong; the numbers go in any case. */
const MOST_MS = 5 * 60 * 1000;
