/** The whole way in, as a person goes it: password, the TAN that really was sent, session. */
import { type Client, createClient, fetchExchange } from "@urql/core";
import { graphql } from "../graphql/graphql";
import { getLocale } from "../paraglide/runtime.js";
import { fetchMessages, type Persona } from "./sandboxApi";

const SandboxPasswordMutation = graphql(`
  mutation SandboxPassword($input: SignInWithPasswordInput!) {
    signInWithPassword(input: $input) {
      __typename
      ... on TanRequired {
        challenge
      }
      ... on Refusal {
        message
      }
    }
  }
`);

const SandboxConfirmMutation = graphql(`
  mutation SandboxConfirm($input: ConfirmSignInInput!) {
    confirmSignIn(input: $input) {
      __typename
      ... on Refusal {
        message
      }
    }
  }
`);

export type Step = "password" | "waiting" | "confirming" | "done";

/** `text` is the server's sentence if it has one. */
export interface Failure {
  readonly kind: "refused" | "tooMany" | "noSms" | "unreachable";
  readonly text?: string;
}

interface Waiting {
  readonly everyMs: number;
  readonly times: number;
}

/** Signs a persona in with this browser's cookie; null when that worked. */
export async function signInAs(
  persona: Persona,
  password: string,
  onStep: (step: Step) => void,
  waiting: Waiting = { everyMs: 400, times: 50 },
): Promise<Failure | null> {
  try {
    return await goIn(persona, password, onStep, waiting);
  } catch {
    return { kind: "unreachable" };
  }
}

async function goIn(
  persona: Persona,
  password: string,
  onStep: (step: Step) => void,
  waiting: Waiting,
): Promise<Failure | null> {
  const client = createSandboxClient();
  onStep("password");
  const [newest] = await fetchMessages();
  const first = await client
    .mutation(SandboxPasswordMutation, { input: { emailAddress: persona.email, password } })
    .toPromise();
  const required = first.data?.signInWithPassword;
  if (!required) return { kind: "unreachable" };
  if (required.__typename !== "TanRequired") return failureOf(required);

  onStep("waiting");
  const tan = await waitForTan(persona.phone, newest?.id ?? 0, waiting);
  if (tan === null) return { kind: "noSms" };

  onStep("confirming");
  const second = await client
    .mutation(SandboxConfirmMutation, { input: { challenge: required.challenge, tan } })
    .toPromise();
  const confirmed = second.data?.confirmSignIn;
  if (!confirmed) return { kind: "unreachable" };
  if (confirmed.__typename !== "SignedIn") return failureOf(confirmed);
  onStep("done");
  return null;
}

/** The six digits of a text message, if it has some. */
export function tanIn(text: string): string | null {
  return /\b\d{6}\b/.exec(text)?.[0] ?? null;
}

async function waitForTan(phone: string, after: number, waiting: Waiting): Promise<string | null> {
  for (let time = 0; time < waiting.times; time += 1) {
    const messages = await fetchMessages();
    const sms = messages.find(
      ({ id, channel, recipient }) => id > after && channel === "SMS" && recipient === phone,
    );
    const tan = sms && tanIn(sms.text);
    if (tan) return tan;
    await new Promise((resolve) => setTimeout(resolve, waiting.everyMs));
  }
  return null;
}

function failureOf(refusal: { readonly __typename: string; readonly message?: string }): Failure {
  const kind = refusal.__typename === "TooManyAttempts" ? "tooMany" : "refused";
  return { kind, text: refusal.message ?? "" };
}

function createSandboxClient(): Client {
  return createClient({
    url: "/graphql",
    preferGetMethod: false,
    fetchOptions: () => ({
      credentials: "same-origin",
      headers: { "Accept-Language": getLocale() },
    }),
    exchanges: [fetchExchange],
  });
}
