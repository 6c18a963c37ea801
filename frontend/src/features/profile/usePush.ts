/** Whether this browser shows notices, and turning that on and off. */
import { useClient } from "@urql/preact";
import { useEffect, useState } from "preact/hooks";
import { turnPushOff, turnPushOn } from "../../graphql/push";
import { isPushOn, type PushAbility, pushAbility } from "../../lib/push";
import { m } from "../../paraglide/messages.js";
import type { Outcome } from "../../ui/OutcomeMessage";

export type Here = Exclude<PushAbility, "possible"> | "off" | "on";

interface PushHere {
  /** null until the browser has said. */
  readonly here: Here | null;
  readonly isBusy: boolean;
  readonly outcome: Outcome | null;
  readonly turnOn: (key: string) => Promise<void>;
  readonly turnOff: (subscription: string | undefined) => Promise<void>;
}

export function usePush(account: string, onChanged: () => void): PushHere {
  const client = useClient();
  const [here, setHere] = useState<Here | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  useEffect(() => {
    void lookHere(account).then(setHere);
  }, [account]);

  const change = async (make: () => Promise<Outcome>) => {
    setOutcome(null);
    setBusy(true);
    setOutcome(await make().catch(() => failed(null)));
    setHere(await lookHere(account));
    setBusy(false);
    onChanged();
  };
  return {
    here,
    isBusy,
    outcome,
    turnOn: (key) => change(() => turnOn(key)),
    turnOff: (subscription) =>
      change(async () => {
        await turnPushOff(client, subscription);
        return { kind: "success", text: m.push_turned_off() };
      }),
  };

  async function turnOn(key: string): Promise<Outcome> {
    const turned = await turnPushOn(client, account, key);
    switch (turned.kind) {
      case "done":
        return { kind: "success", text: m.push_turned_on() };
      case "dismissed":
        return { kind: "warning", text: m.push_dismissed() };
      case "failed":
        return failed(turned.text);
    }
  }
}

function failed(text: string | null): Outcome {
  return { kind: "danger", text: text ?? m.push_failed() };
}

async function lookHere(account: string): Promise<Here> {
  const ability = pushAbility();
  if (ability !== "possible") return ability;
  return (await isPushOn(account).catch(() => false)) ? "on" : "off";
}
