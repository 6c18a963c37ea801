/** Ends the session here and on the server. */
import { useMutation } from "@urql/preact";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { SignOutMutation } from "../../graphql/signOut";
import { paths } from "../../lib/paths";
import { useSession } from "../../lib/session";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { Message } from "../../ui/Message";

export function SignOut(): JSX.Element {
  const [{ fetching }, signOut] = useMutation(SignOutMutation);
  const [hasFailed, setFailed] = useState(false);
  const { end } = useSession();
  const { route } = useLocation();
  const press = async () => {
    const { data } = await signOut({});
    if (!data) {
      setFailed(true);
      return;
    }
    route(paths.signIn, true);
    end("left");
  };
  return (
    <div class="stack">
      {hasFailed && (
        <Message kind="danger" isAlert>
          <p>{m.profile_sign_out_failed()}</p>
        </Message>
      )}
      <div>
        <Button kind="secondary" isBusy={fetching} onClick={() => void press()}>
          {m.profile_sign_out()}
        </Button>
      </div>
    </div>
  );
}
