/** Where the mail's link leads, signed in or not: one press and the new address holds (F18). */
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

const ConfirmEmailAddressMutation = graphql(
  `
    mutation ConfirmEmailAddress($input: ConfirmEmailAddressInput!) {
      confirmEmailAddress(input: $input) {
        __typename
        ... on EmailAddressChanged {
          emailAddress
        }
        ...Refusal
      }
    }
  `,
  [RefusalFragment],
);

export function ConfirmEmailAddressPage(): JSX.Element {
  const [{ fetching }, confirm] = useMutation(ConfirmEmailAddressMutation);
  // What follows # reaches no server and no log; the mutation takes it there, once.
  const [token] = useState(() => location.hash.slice(1));
  const [confirmed, setConfirmed] = useState<string | null>(null);
  const [refused, setRefused] = useState<Refused | null>(null);
  const [isUnreachable, setUnreachable] = useState(false);

  const press = async () => {
    setRefused(null);
    setUnreachable(false);
    const result = (await confirm({ input: { token } })).data?.confirmEmailAddress;
    if (result?.__typename === "EmailAddressChanged") setConfirmed(result.emailAddress);
    else if (result) setRefused(result);
    else setUnreachable(true);
  };

  if (confirmed) {
    return (
      <Page key="done" title={m.profile_confirm_email_done_title()}>
        <Message kind="success">
          <p>{m.profile_confirm_email_done_text({ email: confirmed })}</p>
        </Message>
        <div>
          <Button href={paths.overview}>{m.profile_to_overview()}</Button>
        </div>
      </Page>
    );
  }
  if (!token || refused) {
    return (
      <Page key="refused" title={m.profile_confirm_email_title()}>
        <RefusedState title={m.profile_confirm_email_refused()}>
          <p>{refused ? refusalText(refused) : m.profile_confirm_email_broken()}</p>
        </RefusedState>
        <div>
          <Button kind="secondary" href={paths.settings}>
            {m.profile_settings()}
          </Button>
        </div>
      </Page>
    );
  }
  return (
    <Page title={m.profile_confirm_email_title()} lead={m.profile_confirm_email_lead()}>
      {isUnreachable && (
        <Message kind="danger" isAlert>
          <p>{m.common_unreachable()}</p>
        </Message>
      )}
      <div>
        <Button isBusy={fetching} onClick={() => void press()}>
          {m.profile_confirm_email_action()}
        </Button>
      </div>
    </Page>
  );
}
