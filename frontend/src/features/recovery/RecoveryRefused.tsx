/** The link or the recovery is no longer good: why, and the two ways on. */
import type { JSX } from "preact";
import { paths } from "../../lib/paths";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { RefusedState } from "../../ui/RefusedState";

export function RecoveryRefused({ message }: { readonly message: string }): JSX.Element {
  return (
    <>
      <RefusedState title={m.recovery_refused_title()}>
        <p>{message}</p>
      </RefusedState>
      <div class="buttons">
        <Button href={paths.lostAccess}>{m.recovery_new_link()}</Button>
        <Button kind="secondary" href={paths.signIn}>
          {m.sign_in_title()}
        </Button>
      </div>
    </>
  );
}
