/** The link or the registration is no longer good: why, and the two ways on. */
import type { JSX } from "preact";
import { paths } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { RefusedState } from "../../ui/RefusedState";

export function RegistrationRefused({ message }: { readonly message: string }): JSX.Element {
  return (
    <>
      <RefusedState title={m.registration_refused_title()}>
        <p>{message}</p>
      </RefusedState>
      <div class="buttons">
        <Button href={paths.register}>{m.registration_start_again()}</Button>
        <Button kind="secondary" href={paths.signIn}>
          {m.sign_in_title()}
        </Button>
      </div>
    </>
  );
}
