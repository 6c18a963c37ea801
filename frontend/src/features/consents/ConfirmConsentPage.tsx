/** Where the mail's link leads, signed in or not: one press and the consent counts (F19). */
import { useMutation } from "@urql/preact";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { graphql } from "../../graphql/graphql";
import { RefusalFragment, type Refused, refusalText } from "../../graphql/refusal";
import { paths } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { Message } from "../../ui/Message";
import { Page } from "../../ui/Page";
import { RefusedState } from "../../ui/RefusedState";

const ConfirmConsentMutation = graphql(
  `
    mutation ConfirmConsent($input: ConfirmConsentInput!) {
      confirmConsent(input: $input) {
        __typename
        ... on ConsentConfirmed {
          purpose
        }
        ...Refusal
      }
    }
  `,
  [RefusalFragment],
);

const alsoChanged = { additionalTypenames: ["Consent", "SettingsDecisionConnection"] };

export function ConfirmConsentPage(): JSX.Element {
  const [{ fetching }, confirm] = useMutation(ConfirmConsentMutation);
  // What follows # reaches no server and no log; the mutation takes it there, once.
  const [token] = useState(() => location.hash.slice(1));
  const [isConfirmed, setConfirmed] = useState(false);
  const [refused, setRefused] = useState<Refused | null>(null);
  const [isUnreachable, setUnreachable] = useState(false);

  const press = async () => {
    setUnreachable(false);
    const result = (await confirm({ input: { token } }, alsoChanged)).data?.confirmConsent;
    if (result?.__typename === "ConsentConfirmed") setConfirmed(true);
    else if (result) setRefused(result);
    else setUnreachable(true);
  };

  if (isConfirmed) {
    return (
      <Page key="done" title={m.consents_confirmed_title()}>
        <Message kind="success">
          <p>{m.consents_confirmed_text()}</p>
        </Message>
        <div>
          <Button kind="secondary" href={paths.consents}>
            {m.consents_to_consents()}
          </Button>
        </div>
      </Page>
    );
  }
  if (!token || refused) {
    return (
      <Page key="refused" title={m.consents_confirm_title()}>
        <RefusedState title={m.consents_confirm_refused()}>
          <p>{refused ? refusalText(refused) : m.consents_confirm_broken()}</p>
        </RefusedState>
        <div>
          <Button kind="secondary" href={paths.consents}>
            {m.consents_to_consents()}
          </Button>
        </div>
      </Page>
    );
  }
  return (
    <Page title={m.consents_confirm_title()} lead={m.consents_confirm_lead()}>
      {isUnreachable && (
        <Message kind="danger" isAlert>
          <p>{m.common_unreachable()}</p>
        </Message>
      )}
      <div>
        <Button isBusy={fetching} onClick={() => void press()}>
          {m.consents_confirm_action()}
        </Button>
      </div>
    </Page>
  );
}
