/** Queries that were on their way while an approval renewed the session's token ask once more. */
import { hasNoViewer } from "./signedIn";

const underWay = new Set<Promise<unknown>>();
let renewals = 0;

/** Marks a request that gives the session a new token, which ends the old one. */
export async function renewing<Answer>(request: Promise<Answer>): Promise<Answer> {
  underWay.add(request);
  try {
    return await request;
  } finally {
    renewals += 1;
    underWay.delete(request);
  }
}

/**
 * `fetch` for the client. A query that left with the old token and came too late finds no viewer:
 * that is no end of the session, so it is sent again, with the new token.
 */
export async function fetchAcrossRenewals(...request: Parameters<typeof fetch>): Promise<Response> {
  const before = renewals;
  const response = await fetch(...request);
  if (underWay.size === 0 && renewals === before) return response;
  const answer: unknown = await response
    .clone()
    .json()
    .catch(() => null);
  if (!hasNoViewer(answer)) return response;
  await Promise.allSettled(underWay);
  return fetch(...request);
}
