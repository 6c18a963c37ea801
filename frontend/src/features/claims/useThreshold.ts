/** From which sum on the customer wants to hand in on a contract (X10). */
import { useEffect, useState } from "preact/hooks";
import { keepThreshold, thresholdOf } from "../../lib/parkingThreshold";

export function useThreshold(
  account: string,
  contract: string,
): readonly [string | null, (amount: string | null) => Promise<void>] {
  const [threshold, setThreshold] = useState<string | null>(null);
  useEffect(() => {
    let isGone = false;
    void thresholdOf(account, contract).then((known) => {
      if (!isGone) setThreshold(known);
    });
    return () => {
      isGone = true;
    };
  }, [account, contract]);
  const change = async (amount: string | null) => {
    await keepThreshold(account, contract, amount);
    setThreshold(amount);
  };
  return [threshold, change];
}
