/** Why a claim is not sent yet: no network, or another reason, told apart (F58 F59). */
import type { JSX } from "preact";
import { useLocation } from "preact-iso";
import type { SendingProblem } from "../lib/claimDraft";
import { signInPath } from "../lib/paths";
import { m } from "../paraglide/messages.js";
import { Button } from "./Button";
import { Message } from "./Message";

export function SendingMessage({ problem }: { readonly problem: SendingProblem }): JSX.Element {
  const { url } = useLocation();
  return (
    <Message
      kind={problem.kind === "network" ? "warning" : "danger"}
      isAlert
      title={problem.kind === "network" ? m.claims_no_network_title() : m.claims_failed_title()}
    >
      <p>{sendingText(problem)}</p>
      {problem.kind === "signedOut" && (
        <p>
          <Button kind="secondary" href={signInPath(url)}>
            {m.claims_sign_in()}
          </Button>
        </p>
      )}
    </Message>
  );
}

function sendingText(problem: SendingProblem): string {
  switch (problem.kind) {
    case "network":
      return m.claims_no_network_text();
    case "signedOut":
      return m.claims_signed_out_text();
    case "keyExpired":
      return m.claims_key_expired_text();
    case "failed":
      return m.claims_failed_text();
    case "refused":
      return problem.message;
  }
}
