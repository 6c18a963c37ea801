/** First step: for which contracts, all of one institution. */
import type { FragmentOf, ResultOf } from "gql.tada";
import type { JSX } from "preact";
import { graphql } from "../../graphql/graphql";
import { formatIban } from "../../lib/format";
import { useFormProblems } from "../../lib/formProblems";
import { paths } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { AddContracts } from "../../ui/AddContracts";
import { Button } from "../../ui/Button";
import { CheckField } from "../../ui/CheckField";
import { Contact, type ContactFragment } from "../../ui/Contact";
import { EmptyState } from "../../ui/EmptyState";
import { Form } from "../../ui/Form";
import { Page } from "../../ui/Page";
import { Section } from "../../ui/Section";
import { ContractNameFragment, contractName } from "./contractName";

export const ChangeableContractFragment = graphql(
  `
    fragment ChangeableContract on Contract {
      __typename
      id
      status
      institution {
        id
        name
      }
      ...ContractName
      ... on InsuranceContract {
        account: premiumBankAccount {
          maskedIban
        }
      }
      ... on SavingsAccount {
        account: payoutAccount {
          maskedIban
        }
      }
      ... on FixedTermDeposit {
        account: payoutAccount {
          maskedIban
        }
      }
    }
  `,
  [ContractNameFragment],
);

type Contract = ResultOf<typeof ChangeableContractFragment>;

interface ContractsStepProps {
  readonly contracts: readonly Contract[];
  readonly chosen: readonly string[];
  readonly contact: FragmentOf<typeof ContactFragment>;
  readonly onChoose: (ids: readonly string[]) => void;
  readonly onNext: () => void;
}

export function ContractsStep({
  contracts,
  chosen,
  contact,
  onChoose,
  onNext,
}: ContractsStepProps): JSX.Element {
  const problems = useFormProblems();
  const picked = contracts.filter(({ id }) => chosen.includes(id));
  const submit = () => {
    const message = wrongChoice(picked);
    problems.refuse(message ? [{ field: `contract-${contracts[0]?.id}`, message }] : []);
    if (!message) onNext();
  };
  const institutions = [
    ...new Map(contracts.map((c) => [c.institution.id, c.institution])).values(),
  ];
  return (
    <Page
      title={m.bank_accounts_title()}
      lead={m.bank_accounts_contracts_lead()}
      back={{ href: paths.services, label: m.services_title() }}
    >
      {contracts.length === 0 ? (
        <EmptyState title={m.bank_accounts_none_title()}>
          <AddContracts />
          <Contact contact={contact} />
        </EmptyState>
      ) : (
        <Form errors={problems.summary} isBusy={false} onSubmit={submit} layout="sections">
          {institutions.map(({ id, name }) => (
            <Section key={id} title={name}>
              {contracts
                .filter(({ institution }) => institution.id === id)
                .map((contract) => (
                  <CheckField
                    key={contract.id}
                    name={`contract-${contract.id}`}
                    label={contractName(contract)}
                    isChecked={chosen.includes(contract.id)}
                    onChange={(isChecked) =>
                      onChoose(
                        isChecked
                          ? [...chosen, contract.id]
                          : chosen.filter((one) => one !== contract.id),
                      )
                    }
                  >
                    <p class="muted small">
                      {contract.account
                        ? m.bank_accounts_present({ iban: formatIban(contract.account.maskedIban) })
                        : m.bank_accounts_present_none()}
                    </p>
                  </CheckField>
                ))}
            </Section>
          ))}
          <div class="buttons">
            <Button type="submit">{m.bank_accounts_next()}</Button>
            <Button kind="quiet" href={paths.bankAccountHistory}>
              {m.bank_accounts_history_title()}
            </Button>
          </div>
        </Form>
      )}
    </Page>
  );
}

function wrongChoice(picked: readonly Contract[]): string | null {
  if (picked.length === 0) return m.bank_accounts_choose_one();
  const institutions = new Set(picked.map(({ institution }) => institution.id));
  return institutions.size > 1 ? m.bank_accounts_one_institution() : null;
}
