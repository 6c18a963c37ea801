/** From which sum on a customer wants to hand in, by contract; theirs alone, kept encrypted on this device (X10). */
import { type RecordName, SecretStore } from "./secretStore";

/** Decimal text in euro; null if none was set. */
export async function thresholdOf(account: string, contract: string): Promise<string | null> {
  const store = await SecretStore.find(account).catch(() => null);
  const kept = await store?.read(nameOf(contract)).catch(() => null);
  return kept ? new TextDecoder().decode(kept) : null;
}

/** null takes it back. */
export async function keepThreshold(
  account: string,
  contract: string,
  amount: string | null,
): Promise<void> {
  const store = await SecretStore.open(account);
  const name = nameOf(contract);
  await store.change(
    amount === null ? { remove: [name] } : { put: [[name, new TextEncoder().encode(amount)]] },
  );
}

function nameOf(contract: string): RecordName {
  return ["threshold", contract];
}
