/** Asks again for what the postbox shows, without that counting as use of the session. */
import {
  type Client,
  type Exchange,
  makeOperation,
  mapExchange,
  type Operation,
  type OperationResult,
} from "@urql/core";

const refreshers = new WeakMap<Client, Refresher>();
const ofThePostbox = new Set(["Postbox", "Conversation", "ConversationConnection"]);

/** Asks again for all that is on the screen and comes from the postbox. */
export function refreshPostbox(client: Client): void {
  refreshers.get(client)?.refresh(client);
}

/** True if nobody asked for this answer: the page keeps itself up to date. */
export function isUnattended(result: OperationResult): boolean {
  return result.operation.context.isUnattended === true;
}

/** The queries on the screen and their last answers; belongs between the cache and the network. */
export class Refresher {
  readonly #queries = new Map<number, Operation>();
  readonly #answers = new Map<number, OperationResult>();
  readonly #unattended = new Set<number>();
  readonly #askedTooEarly = new Set<number>();

  readonly exchange: Exchange = (input) => {
    refreshers.set(input.client, this);
    return mapExchange({
      onOperation: (operation) => this.#sent(operation),
      onResult: (result) => this.#answered(result, input.client),
    })(input);
  };

  refresh(client: Client): void {
    for (const [key, operation] of this.#queries) {
      const answer = this.#answers.get(key);
      // What is under way may have been read before the change.
      if (!answer) this.#askedTooEarly.add(key);
      else if (showsPostbox(answer.data)) this.#askAgain(operation, client);
    }
  }

  #askAgain(operation: Operation, client: Client): void {
    this.#unattended.add(operation.key);
    const context = { ...operation.context, requestPolicy: "network-only" as const };
    client.reexecuteOperation(makeOperation("query", operation, context));
  }

  #sent(operation: Operation): Operation | undefined {
    const { key, kind } = operation;
    if (kind === "teardown") {
      this.#queries.delete(key);
      this.#answers.delete(key);
      this.#unattended.delete(key);
      this.#askedTooEarly.delete(key);
    }
    if (kind !== "query") return undefined;
    this.#queries.set(key, operation);
    return this.#unattended.delete(key) ? unattended(operation) : undefined;
  }

  #answered(result: OperationResult, client: Client): OperationResult {
    const { key } = result.operation;
    const query = this.#queries.get(key);
    if (!query) return result;
    // A page that could not be brought up to date stays as it is.
    const last = this.#answers.get(key);
    if (result.error) {
      return isUnattended(result) && last
        ? { ...last, operation: result.operation, stale: false }
        : result;
    }
    this.#answers.set(key, result);
    if (this.#askedTooEarly.delete(key) && showsPostbox(result.data)) this.#askAgain(query, client);
    return result;
  }
}

function unattended(operation: Operation): Operation {
  const { fetchOptions } = operation.context;
  const usual = typeof fetchOptions === "function" ? fetchOptions() : (fetchOptions ?? {});
  const headers = { ...(usual.headers as Record<string, string>), "Kundenportal-Unattended": "1" };
  const context = {
    ...operation.context,
    isUnattended: true,
    fetchOptions: { ...usual, headers },
  };
  return makeOperation(operation.kind, operation, context);
}

function showsPostbox(data: unknown): boolean {
  if (typeof data !== "object" || data === null) return false;
  if ("__typename" in data && ofThePostbox.has(String(data.__typename))) return true;
  return Object.values(data).some(showsPostbox);
}
