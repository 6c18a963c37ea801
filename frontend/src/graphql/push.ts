/** Tells the server which browser shows notices, and takes the browser's part along. */
import type { Client } from "@urql/core";
import {
  isPushOn,
  mayPushBeOn,
  type PushTarget,
  rememberPush,
  subscribeBrowser,
  unsubscribeBrowser,
} from "../lib/push";
import { graphql } from "./graphql";
import { problemText, RefusalFragment } from "./refusal";

const PushKeyQuery = graphql(`
  query PushKey {
    portal {
      pushKey
    }
  }
`);

const SubscribeToPushMutation = graphql(
  `
    mutation SubscribeToPush($input: SubscribeToPushInput!) {
      subscribeToPush(input: $input) {
        __typename
        ... on PushSubscription {
          id
        }
        ...Refusal
      }
    }
  `,
  [RefusalFragment],
);

const UnsubscribeFromPushMutation = graphql(
  `
    mutation UnsubscribeFromPush($input: UnsubscribeFromPushInput!) {
      unsubscribeFromPush(input: $input) {
        __typename
        ...Refusal
      }
    }
  `,
  [RefusalFragment],
);

/** `dismissed`: the browser asked, and the person did not say yes. */
export type Outcome = { readonly kind: "done" | "dismissed" } | Failure;
interface Failure {
  readonly kind: "failed";
  /** The server's own words, if it refused. */
  readonly text: string | null;
}

export async function turnPushOn(client: Client, account: string, key: string): Promise<Outcome> {
  const target = await subscribeBrowser(key).catch(() => undefined);
  if (target === null) return { kind: "dismissed" };
  if (!target) return { kind: "failed", text: null };
  const outcome = await tell(client, target);
  if (outcome.kind === "done") rememberPush(account);
  return outcome;
}

export async function turnPushOff(client: Client, subscription: string | undefined): Promise<void> {
  await unsubscribeBrowser();
  if (subscription) await endPush(client, subscription);
}

/** Ends the notices in any of the customer's browsers; returns what went wrong, in words. */
export async function endPush(client: Client, subscription: string): Promise<string | null> {
  const { data } = await client.mutation(UnsubscribeFromPushMutation, { input: { subscription } });
  const result = data?.unsubscribeFromPush;
  if (result?.__typename === "PushUnsubscribed") return null;
  return problemText(result);
}

/** After signing in anew the new session keeps this browser's notices alive. */
export async function renewPush(client: Client, account: string): Promise<void> {
  if (!mayPushBeOn(account) || !(await isPushOn(account))) return;
  const { data } = await client.query(PushKeyQuery, {});
  if (data?.portal.pushKey) await turnPushOn(client, account, data.portal.pushKey);
}

async function tell(client: Client, { endpoint, p256dh, auth }: PushTarget): Promise<Outcome> {
  const input = { endpoint, p256dh, auth };
  const { data } = await client.mutation(SubscribeToPushMutation, { input });
  const result = data?.subscribeToPush;
  if (result?.__typename === "PushSubscription") return { kind: "done" };
  return { kind: "failed", text: problemText(result) };
}
