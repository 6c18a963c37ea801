/** The steps of a change, one small group at a time; what was typed stays when one goes back. */
import { type FragmentOf, readFragment } from "gql.tada";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import type { ContactFragment } from "../../ui/Contact";
import { AccountStep } from "./AccountStep";
import { ChangeableContractFragment, ContractsStep } from "./ContractsStep";
import { type Changed, DoneStep } from "./DoneStep";
import { type Review, ReviewStep, type TypedAccount } from "./ReviewStep";

interface BankDetailsStepsProps {
  readonly name: string;
  readonly today: string;
  readonly contracts: readonly FragmentOf<typeof ChangeableContractFragment>[];
  readonly contact: FragmentOf<typeof ContactFragment>;
}

export function BankDetailsSteps({
  name,
  today,
  contracts,
  contact,
}: BankDetailsStepsProps): JSX.Element {
  const { query } = useLocation();
  const known = contracts.map((contract) => readFragment(ChangeableContractFragment, contract));
  const open = known.filter(({ status }) => status !== "ENDED" && status !== "CANCELLED");
  const [chosen, setChosen] = useState<readonly string[]>(() =>
    open.flatMap(({ id }) => (id === query.vertrag || open.length === 1 ? [id] : [])),
  );
  const [isChosen, setIsChosen] = useState(false);
  const [account, setAccount] = useState<TypedAccount>({ iban: "", holder: null, from: today });
  const [review, setReview] = useState<Review | null>(null);
  const [changed, setChanged] = useState<Changed | null>(null);

  if (changed) return <DoneStep key="done" changed={changed} />;
  if (review) {
    return (
      <ReviewStep
        key="review"
        review={review}
        account={account}
        onBack={() => setReview(null)}
        onChanged={setChanged}
      />
    );
  }
  if (isChosen) {
    return (
      <AccountStep
        key="account"
        name={name}
        today={today}
        contracts={chosen}
        account={account}
        onInput={setAccount}
        onBack={() => setIsChosen(false)}
        onReviewed={setReview}
      />
    );
  }
  return (
    <ContractsStep
      key="contracts"
      contracts={open}
      chosen={chosen}
      contact={contact}
      onChoose={setChosen}
      onNext={() => setIsChosen(true)}
    />
  );
}
